//! An import at work: one order after another, a few at a time, with progress and cancel.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt as _;
use tandem_domain::{ListingKey, Order, OrderKey};
use tandem_sync::Progress;
use tandem_sync::import::{Importer, PlannedOrder, Stopped, StoppedBy};
use tokio_util::sync::CancellationToken;

use super::Sides;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::runs::{Tracker, new_run};
use crate::view::{LogLevel, Params, RunKind, RunStepName, RunView, Stale};
use crate::{App, Result};

/// Orders at work at the same time. Odoo answers best with at most four connections.
const AT_ONCE: usize = 3;
/// Orders that are looked up together before they go in.
const LOOKED_UP: usize = 100;

impl App {
    /// Begins to bring orders into Odoo, and returns at once: these, or all that wait. Orders
    /// that stopped on their road go on there.
    pub async fn start_import(&self, store: &str, keys: Vec<String>) -> Result<RunView> {
        let (run, work) = self.prepare_import(store, keys).await?;
        tokio::spawn(work);
        Ok(run)
    }

    /// Brings orders into Odoo and waits until it is done.
    pub async fn import_orders(&self, store: &str, keys: Vec<String>) -> Result<RunView> {
        let (_, work) = self.prepare_import(store, keys).await?;
        Ok(work.await)
    }

    async fn prepare_import(
        &self,
        store: &str,
        keys: Vec<String>,
    ) -> Result<(RunView, impl Future<Output = RunView> + Send + 'static)> {
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let sides = self.sides(store).await?;
        sides.sales()?;
        let orders = self.wanted(&sides.slug, keys).await?;
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
    done: AtomicU64,
    failed: AtomicU64,
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
        Ok(Self {
            app,
            sides,
            orders,
            run,
            tracker,
            cancel,
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    async fn run(self) -> RunView {
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
        ended
    }

    async fn all(&self) -> Result<()> {
        for some in self.orders.chunks(LOOKED_UP) {
            self.app.look_at(&self.sides, some).await?;
            let (inner, slug) = (Arc::clone(&self.app.inner), self.sides.slug.clone());
            let orders = some.to_vec();
            let (_, sorted) = blocking(move || inner.sort(&slug, &orders)).await?;
            let skipped = some.len() - sorted.ready.len();
            self.done.fetch_add(skipped as u64, Ordering::Relaxed);
            self.report();
            let mut at_work = futures::stream::iter(sorted.ready)
                .map(|plan| async move { self.one(&plan).await })
                .buffer_unordered(AT_ONCE);
            let mut stopped = None;
            while let Some(outcome) = at_work.next().await {
                self.done.fetch_add(1, Ordering::Relaxed);
                self.report();
                // Orders at work come to the end of their step; then the run stops.
                if let Err(error) = outcome {
                    self.cancel.cancel();
                    stopped = stopped.or(Some(error));
                }
            }
            if let Some(error) = stopped {
                return Err(error);
            }
        }
        Ok(())
    }

    /// One order. Its own failure is kept with it; what stops the run is returned.
    async fn one(&self, plan: &PlannedOrder) -> Result<()> {
        let order = plan.order.key.clone();
        let importer = self.importer(order.clone())?;
        let outcome = importer.import(plan).await;
        let stops = match outcome {
            Ok(_) => None,
            Err(stopped) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                let error = told(&stopped);
                let fatal = is_fatal(&stopped);
                self.keep_failure(&order, &plan.order.number, error.clone())
                    .await?;
                fatal.then_some(error)
            }
        };
        let (inner, slug) = (Arc::clone(&self.app.inner), self.sides.slug.clone());
        let judged = plan.order.clone();
        blocking(move || inner.judge_orders(&slug, &[judged])).await?;
        self.app.inner.stale(&[Stale::Orders]);
        stops.map_or(Ok(()), Err)
    }

    fn importer(&self, order: OrderKey) -> Result<Importer<'_>> {
        let inner = &self.app.inner;
        Ok(Importer {
            store: Arc::clone(&inner.store),
            slug: self.sides.slug.clone(),
            sales: self.sides.sales()?,
            stamps: self.sides.shop.stamps(),
            clock: Arc::clone(&inner.clock),
            jitter: &jitter,
            database: inner.database_of(&self.sides.odoo)?,
            run: Some(i64::from(self.run.id)),
            order,
            cancel: self.cancel.clone(),
        })
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
fn jitter(below: u64) -> u64 {
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

pub(super) fn told_by(by: &StoppedBy) -> AppError {
    match by {
        StoppedBy::Cancelled => AppError::new(Code::Cancelled),
        StoppedBy::Server(error) => error.clone().into(),
        StoppedBy::Store(error) => AppError::new(Code::StoreFailed).details(error),
        StoppedBy::Blocked(_) => AppError::new(Code::OrderHeldBack),
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
fn is_fatal(stopped: &Stopped) -> bool {
    use tandem_contract::Kind;
    match &stopped.by {
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
        StoppedBy::Blocked(_) | StoppedBy::Differs(_) | StoppedBy::NoEffect(_) => false,
    }
}
