//! An import at work: one order after another, a few at a time, with progress and cancel.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tandem_contract::Sales;
use tandem_domain::{ListingKey, Order, OrderKey};
use tandem_sync::Progress;
use tandem_sync::import::{
    Batch, Gathered, Imported, Importer, Outcome, PlannedOrder, Stopped, StoppedBy, Together,
    import_all,
};
use tokio_util::sync::CancellationToken;

use super::Sides;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::runs::{Tracker, new_run};
use crate::view::{ImportEnd, LogLevel, OrderEnd, Params, RunKind, RunStepName, RunView, Stale};
use crate::{App, Result};

/// Orders at work at the same time. Odoo answers best with four connections; a read of what many
/// have in common comes on top now and then.
const AT_ONCE: usize = 4;

impl App {
    /// Begins to bring orders into Odoo, and returns at once: these, or all that wait. Orders
    /// that stopped on their road go on there.
    pub async fn start_import(&self, store: &str, keys: Vec<String>) -> Result<RunView> {
        let (run, work) = self.prepare_import(store, keys).await?;
        tokio::spawn(work);
        Ok(run)
    }

    /// Brings orders into Odoo and waits until it is done.
    pub async fn import_orders(&self, store: &str, keys: Vec<String>) -> Result<ImportEnd> {
        let (_, work) = self.prepare_import(store, keys).await?;
        Ok(work.await)
    }

    async fn prepare_import(
        &self,
        store: &str,
        keys: Vec<String>,
    ) -> Result<(RunView, impl Future<Output = ImportEnd> + Send + 'static)> {
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let sides = self.sides(store).await?;
        sides.sales()?;
        let orders = self.wanted(&sides, keys).await?;
        let app = self.clone();
        let work = blocking(move || Work::enter(app, sides, orders)).await?;
        Ok((work.run.clone(), work.run()))
    }
}

/// An import that is entered and may begin.
struct Work {
    app: App,
    sides: Sides,
    orders: Vec<Order<ListingKey>>,
    run: RunView,
    tracker: Tracker,
    cancel: CancellationToken,
    database: String,
    done: AtomicU64,
    failed: AtomicU64,
    /// What stops the run.
    stopped: Mutex<Option<AppError>>,
    /// What came of the orders that were at work.
    begun: Mutex<Vec<OrderEnd>>,
}

impl Work {
    fn enter(app: App, sides: Sides, orders: Vec<Order<ListingKey>>) -> Result<Self> {
        let inner = &app.inner;
        inner.refuse_another_shop(&sides.slug)?;
        inner.runs.refuse_busy(&[&sides.slug, &sides.odoo])?;
        let now = inner.clock.now();
        let id = inner.begin_run(&sides.slug, RunKind::Import, now)?;
        let steps = [RunStepName::Import];
        let run = new_run(id, RunKind::Import, sides.slug.as_str(), &steps, now);
        let cancel = inner
            .runs
            .enter(run.clone(), [&sides.slug, &sides.odoo], now)?;
        let tracker = Tracker::new(Arc::clone(inner), id);
        let database = inner.database_of(&sides.odoo)?;
        Ok(Self {
            app,
            sides,
            orders,
            run,
            tracker,
            cancel,
            database,
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            stopped: Mutex::default(),
            begun: Mutex::default(),
        })
    }

    async fn run(self) -> ImportEnd {
        self.tracker.begin(RunStepName::Import);
        self.report();
        let outcome = self.all().await;
        self.tracker.end(RunStepName::Import, outcome.is_ok());
        if let Err(error) = &outcome {
            let params = error.params.clone();
            self.tracker
                .log(LogLevel::Error, error.code.as_str(), params);
        }
        let ended = self
            .tracker
            .finish(outcome.err())
            .unwrap_or_else(|| self.run.clone());
        let (inner, kept) = (Arc::clone(&self.app.inner), ended.clone());
        let saved = blocking(move || inner.end_run(&kept)).await;
        if let Err(error) = saved {
            let code = error.code.as_str();
            tracing::error!(code, "the end of a run could not be saved");
        }
        self.app
            .inner
            .stale(&[Stale::Orders, Stale::Runs, Stale::Maps]);
        ImportEnd {
            run: ended,
            orders: self.begun.into_inner().unwrap_or_default(),
        }
    }

    async fn all(&self) -> Result<()> {
        let sales = self.sides.sales()?;
        let road = Road { work: self, sales };
        let done = import_all(&road, &self.orders, AT_ONCE).await;
        // What stopped the first order is also why no further ones were looked up.
        match self.stopped().take() {
            Some(error) => Err(error),
            None => done,
        }
    }

    fn stopped(&self) -> MutexGuard<'_, Option<AppError>> {
        let stopped = self.stopped.lock();
        stopped.expect("no holder of this lock can panic")
    }

    /// Orders at work come to the end of their step; then the run stops.
    fn stop(&self, error: AppError) {
        self.cancel.cancel();
        self.stopped().get_or_insert(error);
    }

    /// What was found out about orders is kept with them.
    async fn keep(&self, outcomes: Vec<Outcome>) -> Result<()> {
        for Outcome { plan, result } in &outcomes {
            match result {
                Ok(imported) if imported.invoice_waits => self.note_waiting(plan, imported),
                Ok(_) => {}
                Err(stopped) => {
                    self.failed.fetch_add(1, Ordering::Relaxed);
                    let error = told(stopped);
                    self.keep_failure(&plan.order.key, &plan.order.number, error.clone())
                        .await?;
                    if is_fatal(&stopped.by) {
                        self.stop(error);
                    }
                }
            }
        }
        let (inner, slug) = (Arc::clone(&self.app.inner), self.sides.slug.clone());
        let orders: Vec<_> = outcomes.into_iter().map(|done| done.plan.order).collect();
        let imported = orders.len() as u64;
        let ends = blocking(move || {
            let end = |order: &Order<ListingKey>| {
                Ok(OrderEnd {
                    key: order.key.to_string(),
                    number: order.number.clone(),
                    import: inner.import_view(&slug, &order.key)?,
                })
            };
            let ends = orders.iter().map(end).collect::<Result<Vec<_>>>()?;
            inner.judge_orders(&slug, &orders)?;
            Ok(ends)
        })
        .await?;
        if let Ok(mut begun) = self.begun.lock() {
            begun.extend(ends);
        }
        self.done.fetch_add(imported, Ordering::Relaxed);
        self.app.inner.stale(&[Stale::Orders]);
        Ok(())
    }

    fn note_waiting(&self, plan: &PlannedOrder, imported: &Imported) {
        let number = ("number".to_owned(), plan.order.number.clone());
        let sale = ("sale".to_owned(), imported.sale.head.name.clone());
        let params = Params::from([number, sale]);
        self.tracker.log(LogLevel::Warning, "invoice_waits", params);
    }

    async fn keep_failure(&self, order: &OrderKey, number: &str, error: AppError) -> Result<()> {
        if error.code != Code::Cancelled {
            let mut params: Params = error.params.clone();
            params.insert("number".to_owned(), number.to_owned());
            self.tracker
                .log(LogLevel::Error, error.code.as_str(), params);
        }
        let (inner, slug) = (Arc::clone(&self.app.inner), self.sides.slug.clone());
        let order = order.clone();
        blocking(move || inner.keep_failure(&slug, &order, &error)).await
    }

    fn report(&self) {
        let progress = Progress {
            done: self.done.load(Ordering::Relaxed),
            total: Some(self.orders.len() as u64),
            problems: self.failed.load(Ordering::Relaxed),
            ..Progress::default()
        };
        self.tracker.progress(RunStepName::Import, progress);
    }
}

/// An import on the road into this Odoo.
struct Road<'a> {
    work: &'a Work,
    sales: &'a dyn Sales,
}

impl Together for Road<'_> {
    type Stop = AppError;

    async fn gather(&self, orders: &[Order<ListingKey>]) -> Result<Batch> {
        let work = self.work;
        if work.cancel.is_cancelled() {
            return Err(AppError::new(Code::Cancelled));
        }
        let looked = work.app.look_at(&work.sides, orders).await?;
        let (inner, slug) = (Arc::clone(&work.app.inner), work.sides.slug.clone());
        let sorting = orders.to_vec();
        let (_, sorted) = blocking(move || inner.sort(&slug, &sorting)).await?;
        let skipped = orders.len() - sorted.ready.len();
        work.done.fetch_add(skipped as u64, Ordering::Relaxed);
        work.report();
        let plans = sorted.ready;
        let gathered = Gathered::read(self.sales, &plans, looked.customers).await?;
        Ok(Batch { plans, gathered })
    }

    fn importer(&self, order: &OrderKey, gathered: &Arc<Gathered>) -> Importer<'_> {
        let work = self.work;
        let inner = &work.app.inner;
        Importer {
            store: Arc::clone(&inner.store),
            slug: work.sides.slug.clone(),
            sales: self.sales,
            stamps: work.sides.shop.stamps(),
            clock: Arc::clone(&inner.clock),
            jitter: &jitter,
            database: work.database.clone(),
            run: Some(i64::from(work.run.id)),
            order: order.clone(),
            gathered: Arc::clone(gathered),
            cancel: work.cancel.clone(),
        }
    }

    async fn told(&self, outcomes: Vec<Outcome>) {
        if let Err(error) = self.work.keep(outcomes).await {
            self.work.stop(error);
        }
        self.work.report();
    }
}

impl Inner {
    /// The name of the database behind a connection to Odoo.
    pub(crate) fn database_of(&self, odoo: &tandem_domain::Slug) -> Result<String> {
        let saved = self.store.connection(odoo)?;
        let found = crate::use_cases::connections::found_of(&saved)?;
        Ok(found.database.unwrap_or_default())
    }

    pub(crate) fn keep_failure(
        &self,
        store: &tandem_domain::Slug,
        order: &OrderKey,
        error: &AppError,
    ) -> Result<()> {
        let Some(mut import) = self.store.import(store, order)? else {
            return Ok(());
        };
        let kept = serde_json::to_value(error);
        let kept = kept.map_err(|error| AppError::new(Code::Internal).details(error))?;
        import.error = (error.code != Code::Cancelled).then_some(kept);
        Ok(self.store.save_import(store, &import, self.clock.now())?)
    }
}

/// A number below its argument that nobody can guess, so that two machines do not meet again.
pub(crate) fn jitter(below: u64) -> u64 {
    let mut bytes = [0; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) if below > 0 => u64::from_be_bytes(bytes) % below,
        _ => 0,
    }
}

/// What stopped an order, for doors.
pub(super) fn told(stopped: &Stopped) -> AppError {
    told_by(&stopped.by)
}

pub(crate) fn told_by(by: &StoppedBy) -> AppError {
    match by {
        StoppedBy::Cancelled => AppError::new(Code::Cancelled),
        StoppedBy::Server(error) => error.clone().into(),
        StoppedBy::Store(error) => AppError::new(Code::StoreFailed).details(error),
        StoppedBy::Blocked(_) => AppError::new(Code::OrderHeldBack),
        StoppedBy::ProductGone(name) => AppError::new(Code::ProductGone).with("name", name),
        StoppedBy::Differs(off) => AppError::new(Code::TotalsDiffer)
            .with("difference", off.amount())
            .with("currency", off.currency().code()),
        StoppedBy::NoEffect(step) => AppError::new(Code::NoEffect).with("step", word(*step)),
    }
}

fn word(step: tandem_store::Step) -> String {
    let word = serde_json::to_value(step).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
}

/// Whether what stopped this order would stop every other one too.
pub(crate) fn is_fatal(by: &StoppedBy) -> bool {
    use tandem_contract::Kind;
    match by {
        StoppedBy::Cancelled | StoppedBy::Store(_) => true,
        StoppedBy::Server(error) => matches!(
            error.kind(),
            Kind::Unreachable
                | Kind::Insecure
                | Kind::WrongAddress
                | Kind::Credentials
                | Kind::Throttled
                | Kind::Unavailable
        ),
        StoppedBy::Blocked(_)
        | StoppedBy::ProductGone(_)
        | StoppedBy::Differs(_)
        | StoppedBy::NoEffect(_) => false,
    }
}
