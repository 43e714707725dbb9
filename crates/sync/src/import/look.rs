//! What Odoo knows of orders before they go in: read in bulk, for the preflight.

use std::collections::HashMap;
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _, stream};
use tandem_contract::{Error, Sales};
use tandem_domain::{
    Known, ListingKey, Order, OrderKey, Partner, PartnerKey, Reference, Sale, SaleHead, SaleKey,
    SaleState, StoreUid, normal_email,
};
use tandem_store::{Import, Stage};

use super::once::passing;
use super::steps::waits;
use crate::Patience;

/// Orders asked about in one call.
const AT_ONCE: usize = 500;
/// Such calls at the same time.
const CALLS_AT_ONCE: usize = 3;

/// Orders read in full in one call.
const READ_AT_ONCE: usize = 50;

/// What Odoo said of orders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Of each order, in the order asked.
    pub known: Vec<(OrderKey, Known)>,
    /// The customers with their e-mails.
    pub customers: Vec<Partner>,
}

/// What Odoo said of orders, held against what the cache knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// What it said.
    pub said: Said,
    /// Imports that are not what the cache thinks: made by somebody else, or gone.
    pub imports: Vec<Import>,
}

/// A read, asked again while that can help.
pub async fn read_again<T, F, P>(
    ask: impl Fn() -> F,
    pause: impl Fn(Duration) -> P,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
    P: Future<Output = ()>,
{
    let mut patience = Patience::default();
    loop {
        match ask().await {
            Ok(read) => return Ok(read),
            Err(error) => match patience.wait_after(&passing(error.clone())) {
                Some(wait) => pause(wait).await,
                None => return Err(error),
            },
        }
    }
}

/// Asks Odoo about orders, and compares with what the cache knows of their imports: another
/// machine, or an earlier cache, may have imported them, and somebody may have deleted them.
///
/// Orders that this cache saw in Odoo, and orders that bear our mark, are asked for by their
/// reference: that one of them is not there means something. All others are found by their
/// number. One whose number somebody changed is not seen here, and does no harm: its creation
/// answers with the order that bears the reference.
pub async fn look_at<S: std::hash::BuildHasher + Sync>(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
    imports: &HashMap<OrderKey, Import, S>,
) -> Result<Looked, Error> {
    let seen = |order: &OrderKey| imports.get(order).is_some_and(|i| i.sale.is_some());
    let exactly = |order: &Order<ListingKey>| seen(&order.key) || order.stamp.is_some();
    let said = look_up(sales, uid, orders, &exactly).await?;
    let known = &said.known;
    let strange = known.iter().filter(|(order, _)| !seen(order));
    let strange: Vec<SaleKey> = strange.filter_map(|(_, known)| known.sale).collect();
    let mut found: Vec<Sale> = Vec::new();
    for some in strange.chunks(READ_AT_ONCE) {
        let read = read_again(|| sales.look(some), tokio::time::sleep).await?;
        found.extend(read.into_iter().flatten());
    }
    let mut moved = Vec::new();
    for (order, (_, known)) in orders.iter().zip(known) {
        let import = imports.get(&order.key);
        let sale = found.iter().find(|sale| Some(sale.head.key) == known.sale);
        moved.extend(match (import, sale) {
            (Some(import), _) if is_gone(import, known) => Some(Import {
                stage: Stage::Gone,
                ..import.clone()
            }),
            (import, Some(sale)) => Some(adopted(uid, order, (import, sale))),
            (import, None) => {
                let vanished = known.sale.filter(|_| !seen(&order.key));
                vanished.map(|key| vanishing(uid, order, (import, key)))
            }
        });
    }
    Ok(Looked {
        said,
        imports: moved,
    })
}

/// Whether Odoo had it and has it no more.
fn is_gone(import: &Import, known: &Known) -> bool {
    known.sale.is_none() && import.sale.is_some() && import.stage != Stage::Gone
}

/// An order that was found, and was gone a moment later when it was read. It takes up its road as
/// one that was made, and is looked for on it: made anew it would come back to whoever deleted it.
fn vanishing(
    uid: &StoreUid,
    order: &Order<ListingKey>,
    (import, key): (Option<&Import>, SaleKey),
) -> Import {
    Import {
        order: order.key.clone(),
        reference: Reference::order(uid, &order.key),
        stage: Stage::Created,
        sale: Some(key),
        sale_name: order.stamp.as_ref().map(|stamp| stamp.name.clone()),
        difference: None,
        record: import.and_then(|import| import.record.clone()),
        stamped_at: None,
        error: None,
    }
}

/// An order that somebody else imported under our reference. With the store's mark on it nothing
/// is left to do, unless its invoice is still to come; without, it goes on where the other one
/// stopped. A mark that names another order is of one that was deleted, and made again.
fn adopted(
    uid: &StoreUid,
    order: &Order<ListingKey>,
    (import, sale): (Option<&Import>, &Sale),
) -> Import {
    let reference = Reference::order(uid, &order.key);
    let off = sale
        .head
        .total
        .amount()
        .saturating_sub(order.total.amount());
    let marked = order.stamp.as_ref();
    let marked =
        marked.is_some_and(|stamp| stamp.reference == reference && stamp.name == sale.head.name);
    let confirmed = sale.head.state == SaleState::Confirmed;
    Import {
        order: order.key.clone(),
        stage: match marked {
            false => Stage::Created,
            true if confirmed && waits(sale) => Stage::Uninvoiced,
            true => Stage::Done,
        },
        sale: Some(sale.head.key),
        sale_name: Some(sale.head.name.clone()),
        difference: marked.then_some(off),
        record: import.and_then(|import| import.record.clone()),
        stamped_at: None,
        error: None,
        reference,
    }
}

/// Asks Odoo about orders: whether they are there, who else bears their numbers, and whose
/// e-mails they carry. They are found by their numbers, many in one call; by the reference, which
/// is a call each, where `exactly` says so or where the number leads to an order that is not ours.
pub async fn look_up(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
    exactly: &(dyn Fn(&Order<ListingKey>) -> bool + Sync),
) -> Result<Said, Error> {
    let mut all = Said::default();
    let asked = orders.chunks(AT_ONCE);
    let asked = asked.map(|some| look_up_some(sales, uid, some, exactly).boxed());
    let asked: Vec<_> = asked.collect();
    let mut answered = stream::iter(asked).buffered(CALLS_AT_ONCE);
    while let Some(said) = answered.next().await {
        let said = said?;
        all.known.extend(said.known);
        all.customers.extend(said.customers);
    }
    Ok(all)
}

async fn look_up_some(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
    exactly: &(dyn Fn(&Order<ListingKey>) -> bool + Sync),
) -> Result<Said, Error> {
    let pause = tokio::time::sleep;
    let numbers: Vec<String> = orders.iter().map(|order| order.number.clone()).collect();
    let heads = read_again(|| sales.by_number(&numbers), pause).await?;
    let mut by_number: HashMap<&str, Vec<&SaleHead>> = HashMap::new();
    for head in &heads {
        if let Some(number) = &head.number {
            by_number.entry(number).or_default().push(head);
        }
    }
    let bearing = |order: &Order<ListingKey>| by_number.get(order.number.as_str());
    let mut found: HashMap<&OrderKey, i64> = HashMap::new();
    let mut asked = Vec::new();
    for order in orders {
        let reference = Reference::order(uid, &order.key);
        let bearing = bearing(order).map_or(&[][..], Vec::as_slice);
        let ours = bearing.iter().find(|h| h.references.contains(&reference));
        if let Some(ours) = ours {
            found.insert(&order.key, ours.key.0);
        } else if !bearing.is_empty() || exactly(order) {
            asked.push((&order.key, reference));
        }
    }
    if !asked.is_empty() {
        let references: Vec<Reference> = asked.iter().map(|(_, r)| r.clone()).collect();
        let there = read_again(|| sales.find(&references), pause).await?;
        let there = asked.iter().zip(there);
        found.extend(there.filter_map(|((order, _), key)| Some((*order, key?))));
    }
    let customers = customers_of(sales, orders).await?;
    let by_email = by_email(&customers);
    let known = orders.iter().map(|order| {
        let found = found.get(&order.key).copied();
        let of_email = email_of(order).and_then(|email| by_email.get(&email).cloned());
        let others = bearing(order).into_iter().flatten();
        let others = others.filter(|head| Some(head.key.0) != found);
        let known = Known {
            customers: of_email.unwrap_or_default(),
            same_number: others.map(|head| (*head).clone()).collect(),
            sale: found.map(SaleKey),
        };
        (order.key.clone(), known)
    });
    Ok(Said {
        known: known.collect(),
        customers,
    })
}

async fn customers_of(
    sales: &dyn Sales,
    orders: &[Order<ListingKey>],
) -> Result<Vec<Partner>, Error> {
    let mut emails: Vec<String> = orders.iter().filter_map(email_of).collect();
    emails.sort_unstable();
    emails.dedup();
    if emails.is_empty() {
        return Ok(Vec::new());
    }
    read_again(|| sales.customers(&emails), tokio::time::sleep).await
}

fn by_email(customers: &[Partner]) -> HashMap<String, Vec<PartnerKey>> {
    let mut by_email: HashMap<String, Vec<PartnerKey>> = HashMap::new();
    for customer in customers {
        if let Some(email) = &customer.email {
            let named = by_email.entry(normal_email(email)).or_default();
            named.push(customer.key);
        }
    }
    by_email
}

/// The customer's e-mail as it is compared, where there is one.
pub(super) fn email_of<K>(order: &Order<K>) -> Option<String> {
    let email = order.customer.email.as_deref().map(normal_email);
    email.filter(|email| !email.is_empty())
}
