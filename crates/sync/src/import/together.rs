//! Many orders on their roads at the same time, with what they have in common read in common.
//!
//! Each is still made by a call of its own, behind its own line in the journal, and fails alone.
//! What is shared are reads: what Odoo knows of the next orders while these are made, and the
//! quotations that nothing more happens to, read back some at a time. An order that goes further
//! is read by itself, right before each of its steps.

use std::sync::Arc;

use futures::{FutureExt as _, StreamExt as _, stream};
use tandem_contract::{Error, Retry};
use tandem_domain::{ListingKey, Order, OrderKey, Sale, SaleKey, Until};
use tokio::sync::mpsc;

use super::engine::{Imported, Importer, Made, Stopped, StoppedBy};
use super::gathered::Gathered;
use super::look::read_again;
use super::plan::PlannedOrder;

/// Orders that are looked up together. What was read of the last of them is as old as the others
/// take.
const LOOKED_UP: usize = 40;
/// Quotations that are read back in one call.
const READ_BACK: usize = 20;
/// Such calls, with what follows from them, at the same time.
const READ_BACK_AT_ONCE: usize = 2;
/// Quotations of one such call that are marked in the store at the same time.
const MARKED_AT_ONCE: usize = 2;

/// Orders that can go in, and what was read for all of them.
#[derive(Debug, Default)]
pub struct Batch {
    /// The orders.
    pub plans: Vec<PlannedOrder>,
    /// What was read.
    pub gathered: Gathered,
}

/// What became of one order.
#[derive(Debug)]
pub struct Outcome {
    /// The order.
    pub plan: PlannedOrder,
    /// How far it is.
    pub result: Result<Imported, Stopped>,
}

/// Whoever has many orders imported.
pub trait Together: Sync {
    /// Why no further orders begin.
    type Stop: Send;

    /// Asks Odoo about some orders, and plans those that can go in.
    fn gather(
        &self,
        orders: &[Order<ListingKey>],
    ) -> impl Future<Output = Result<Batch, Self::Stop>> + Send;

    /// What one order is imported with.
    fn importer(&self, order: &OrderKey, gathered: &Arc<Gathered>) -> Importer<'_>;

    /// Hears what became of orders.
    fn told(&self, outcomes: Vec<Outcome>) -> impl Future<Output = ()> + Send;
}

/// Imports orders, so many at once. The next ones are looked up while these are at work; after
/// a reason to stop, those at work come to their end.
pub async fn import_all<T: Together>(
    work: &T,
    orders: &[Order<ListingKey>],
    at_once: usize,
) -> Result<(), T::Stop> {
    let (batches, planned) = mpsc::channel(1);
    let (quotations, there) = mpsc::channel(READ_BACK * READ_BACK_AT_ONCE);
    let gather = async move {
        for some in orders.chunks(LOOKED_UP) {
            // There is room once the batch before is at work: no more than one waits.
            let Ok(room) = batches.reserve().await else {
                break;
            };
            room.send(work.gather(some).await?);
        }
        Ok(())
    };
    let planned = received(planned).flat_map(|batch: Batch| {
        let gathered = Arc::new(batch.gathered);
        let shared = move |plan| (plan, Arc::clone(&gathered));
        stream::iter(batch.plans).map(shared)
    });
    let make = planned.for_each_concurrent(at_once, move |planned| {
        begin(work, planned, quotations.clone())
    });
    let read_back = received(there)
        .chunks(READ_BACK)
        .for_each_concurrent(READ_BACK_AT_ONCE, |some| read_back(work, some));
    // Boxed, because the compiler cannot yet see for all lifetimes that these may move to
    // another thread.
    let (make, read_back) = (make.boxed(), read_back.boxed());
    let (gathered, (), ()) = tokio::join!(gather, make, read_back);
    gathered
}

/// A quotation that is there, and was not read back yet.
struct Quotation<'a> {
    importer: Importer<'a>,
    plan: PlannedOrder,
    made: Made,
}

fn received<T>(channel: mpsc::Receiver<T>) -> impl futures::Stream<Item = T> {
    stream::unfold(channel, |mut channel| async {
        Some((channel.recv().await?, channel))
    })
}

/// Makes a quotation, or brings an order that goes further to its end.
async fn begin<'a, T: Together>(
    work: &'a T,
    (plan, gathered): (PlannedOrder, Arc<Gathered>),
    quotations: mpsc::Sender<Quotation<'a>>,
) {
    let importer = work.importer(&plan.order.key, &gathered);
    let result = if plan.goes(Until::Confirmed) {
        importer.import(&plan).await
    } else {
        match importer.make(&plan).await {
            Ok(made) => {
                let quotation = Quotation {
                    importer,
                    plan,
                    made,
                };
                let sent = quotations.send(quotation).await;
                debug_assert!(sent.is_ok(), "they are read back to the last");
                return;
            }
            Err(stopped) => Err(stopped),
        }
    };
    work.told(vec![Outcome { plan, result }]).await;
}

/// Reads quotations back in one call, and brings each to its end.
async fn read_back<T: Together>(work: &T, quotations: Vec<Quotation<'_>>) {
    let keys: Vec<SaleKey> = quotations.iter().map(|one| one.made.key).collect();
    let Some(first) = quotations.first() else {
        return;
    };
    let (sales, pause) = (first.importer.sales, |wait| first.importer.pause(wait));
    let read: Vec<Result<Option<Sale>, Error>> = match read_again(|| sales.look(&keys), pause).await
    {
        Ok(sales) => sales.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error); keys.len()],
    };
    let finished = stream::iter(quotations.into_iter().zip(read))
        .map(|(quotation, sale)| finish(quotation, sale))
        .buffer_unordered(MARKED_AT_ONCE)
        .collect()
        .boxed();
    work.told(finished.await).await;
}

/// What could not be read among others may be one of them: each is then read by itself.
async fn finish(quotation: Quotation<'_>, read: Result<Option<Sale>, Error>) -> Outcome {
    let Quotation {
        importer,
        plan,
        made,
    } = quotation;
    let sale = match read {
        Ok(sale) => Ok(sale),
        Err(error) if error.retry == Retry::Never => importer.look(made.key).await,
        Err(error) => Err(StoppedBy::Server(error)),
    };
    let result = importer.finish(&plan, made, sale).await;
    Outcome { plan, result }
}
