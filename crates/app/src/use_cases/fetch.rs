//! Reading both sides into the cache, in the background, with progress and cancel.

use std::sync::Arc;

use jiff::ToSpan as _;
use tandem_contract::{Erp, Source, Storefront};
use tandem_domain::{Slug, Timestamp};
use tandem_store::{SavedConnection, Stream, SweepScope};
use tandem_sync::{FetchDone, Fetching, Progress, Streamed, fetch};
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::runs::{Tracker, new_run};
use crate::use_cases::connections::{Connected, found_of, parse_slug};
use crate::view::{LogLevel, Params, RunKind, RunStepName, RunView, Stale};
use crate::{App, Result};

/// How far back the first fetch of orders reaches.
const ORDER_DAYS: i64 = 30;
/// What changed shortly before the last fetch is read again: servers stamp the beginning of a
/// transaction, and their clocks are off by some seconds.
const OVERLAP_MINUTES: i64 = 10;
/// After a day everything is read again, which finds what was deleted and what dates missed.
const FULL_EVERY_HOURS: i64 = 24;

const FETCH_STEPS: &[RunStepName] = &[
    RunStepName::StoreListings,
    RunStepName::StoreOrders,
    RunStepName::OdooVariants,
    RunStepName::OdooStock,
    RunStepName::Match,
];

impl App {
    /// Begins to read both sides of a store, and returns at once. What was cut off before goes
    /// on where it stopped; `full` reads everything even when only changes would do.
    pub async fn start_fetch(&self, store: &str, full: bool) -> Result<RunView> {
        let (run, work) = self.prepare_fetch(store, full).await?;
        tokio::spawn(work);
        Ok(run)
    }

    /// Reads both sides of a store and waits until it is done.
    pub async fn fetch(&self, store: &str, full: bool) -> Result<RunView> {
        let (_, work) = self.prepare_fetch(store, full).await?;
        Ok(work.await)
    }

    /// Asks a run to stop; what it read is kept.
    pub fn cancel_run(&self, id: u32) {
        self.inner.runs.cancel(id);
    }

    /// Asks every run to stop; what they read is kept.
    pub fn cancel_all(&self) {
        self.inner.runs.cancel_all();
    }

    /// Runs of a store, newest first; the one at work included.
    pub async fn runs(&self, store: &str) -> Result<Vec<RunView>> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.store.connection(&slug)?;
            let live = inner.runs.of(slug.as_str());
            let mut runs = inner.ended_runs(&slug)?;
            runs.retain(|ended| live.iter().all(|live| live.id != ended.id));
            runs.extend(live);
            runs.sort_by_key(|run| std::cmp::Reverse(run.id));
            Ok(runs)
        })
        .await
    }

    async fn prepare_fetch(
        &self,
        store: &str,
        full: bool,
    ) -> Result<(RunView, impl Future<Output = RunView> + Send + 'static)> {
        let slug = parse_slug(store)?;
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let inner = Arc::clone(&self.inner);
        let job = blocking(move || Job::prepare(inner, &slug, full)).await?;
        Ok((job.run.clone(), job.work()))
    }
}

/// A fetch that is entered and may begin.
struct Job {
    inner: Arc<Inner>,
    run: RunView,
    cancel: CancellationToken,
    store: SavedConnection,
    odoo: SavedConnection,
    shop: Box<dyn Storefront>,
    erp: Box<dyn Erp>,
    full: bool,
    tracker: Tracker,
}

impl Job {
    /// Opens both sides first, so that a missing secret is an answer and not a failed run.
    fn prepare(inner: Arc<Inner>, slug: &Slug, full: bool) -> Result<Self> {
        let store = inner.saved_store(slug)?;
        let (odoo, erp) = inner.open_odoo_of(&store)?;
        let Connected::Store(shop) = inner.open_side(slug)? else {
            return Err(AppError::bad_input("store", slug));
        };
        // Before the run is entered in the cache, where it would stay as one that was killed.
        inner.runs.refuse_busy(&[slug, &odoo])?;
        let now = inner.clock.now();
        let id = inner.begin_run(slug, RunKind::Fetch, now)?;
        let run = new_run(id, RunKind::Fetch, slug.as_str(), FETCH_STEPS, now);
        let cancel = inner.runs.enter(run.clone(), [slug, &odoo], now)?;
        let odoo = inner.store.connection(&odoo)?;
        let tracker = Tracker::new(Arc::clone(&inner), id);
        Ok(Self {
            inner,
            run,
            cancel,
            store,
            odoo,
            shop,
            erp,
            full,
            tracker,
        })
    }

    /// Both servers work at the same time; matching waits for both.
    async fn work(self) -> RunView {
        let read = async { tokio::try_join!(self.read_store(), self.read_odoo()) };
        let outcome = match read.await {
            Ok(_) => self.match_all().await,
            Err(error) => Err(error),
        };
        self.finish(outcome.err()).await
    }

    async fn read_store(&self) -> Result<()> {
        if let Some(source) = self.shop.listings() {
            let scope = self.catalogue_scope(&self.store, Stream::Listings)?;
            self.step(RunStepName::StoreListings, &self.store, source, scope)
                .await?;
        }
        if let Some(source) = self.shop.orders() {
            let scope = self.order_scope()?;
            self.step(RunStepName::StoreOrders, &self.store, source, scope)
                .await?;
        }
        Ok(())
    }

    async fn read_odoo(&self) -> Result<()> {
        if let Some(source) = self.erp.variants() {
            let scope = self.catalogue_scope(&self.odoo, Stream::Variants)?;
            self.step(RunStepName::OdooVariants, &self.odoo, source, scope)
                .await?;
        }
        if let Some(source) = self.erp.stock() {
            // Stock is read whole: a sale elsewhere moves quants that no date of ours knows.
            self.step(RunStepName::OdooStock, &self.odoo, source, SweepScope::All)
                .await?;
        }
        Ok(())
    }

    /// Reads one stream. A failure of one side cancels nothing that is already saved.
    async fn step<T: Streamed>(
        &self,
        name: RunStepName,
        connection: &SavedConnection,
        source: &dyn Source<T>,
        scope: SweepScope,
    ) -> Result<()> {
        self.tracker.begin(name);
        let fetching = Fetching {
            store: Arc::clone(&self.inner.store),
            clock: Arc::clone(&self.inner.clock),
            connection: connection.slug.clone(),
            scope,
            server_now: self.server_now(connection)?,
            statuses: Vec::new(),
            cancel: self.cancel.clone(),
        };
        let report = |progress: Progress| {
            if let Some(seconds) = progress.waiting_s {
                self.log_waiting(connection, seconds);
            }
            self.tracker.progress(name, progress);
        };
        let fetched = fetch(source, &fetching, &report).await;
        self.tracker.end(name, fetched.is_ok());
        self.log_done(name, &fetched?);
        Ok(())
    }

    fn catalogue_scope(&self, connection: &SavedConnection, stream: Stream) -> Result<SweepScope> {
        let state = self.inner.store.fetch_state(&connection.slug, stream)?;
        let now = self.inner.clock.now();
        let recent = state.filter(|state| {
            state
                .full_at
                .is_some_and(|at| now.duration_since(at).as_hours() < FULL_EVERY_HOURS)
        });
        Ok(match recent.and_then(|state| state.watermark) {
            Some(watermark) if !self.full => SweepScope::Since(earlier(watermark)),
            _ => SweepScope::All,
        })
    }

    fn order_scope(&self) -> Result<SweepScope> {
        let state = self
            .inner
            .store
            .fetch_state(&self.store.slug, Stream::Orders)?;
        let first = self.server_now(&self.store)? - (ORDER_DAYS * 24).hours();
        Ok(SweepScope::Since(
            match state.and_then(|state| state.watermark) {
                Some(watermark) if !self.full => earlier(watermark),
                _ => first,
            },
        ))
    }

    /// The server's clock, as far as the last test showed that it is behind. One that was ahead
    /// does not count: this machine's clock may have been set right since, and a watermark in the
    /// future would hide what changes until then; one too early only reads a little twice.
    fn server_now(&self, connection: &SavedConnection) -> Result<Timestamp> {
        let skew = found_of(connection)?.skew.map_or(0, |skew| skew.seconds);
        Ok(self.inner.clock.now() + skew.min(0).seconds())
    }

    async fn match_all(&self) -> Result<()> {
        self.tracker.begin(RunStepName::Match);
        let (inner, slug) = (Arc::clone(&self.inner), self.store.slug.clone());
        let (tracker, cancel) = (self.tracker.clone(), self.cancel.clone());
        let matched = blocking(move || {
            inner.match_store(&slug, &cancel, &|done, total| {
                let total = Some(total as u64);
                let progress = Progress {
                    done: done as u64,
                    total,
                    ..Progress::default()
                };
                tracker.progress(RunStepName::Match, progress);
            })
        })
        .await;
        self.tracker.end(RunStepName::Match, matched.is_ok());
        let counts = matched?;
        self.tracker.log(LogLevel::Info, "matched", counts);
        Ok(())
    }

    async fn finish(self, error: Option<AppError>) -> RunView {
        if let Some(error) = &error {
            tracing::warn!(code = error.code.as_str(), store = %self.store.slug, "a fetch stopped");
            self.tracker
                .log(LogLevel::Error, error.code.as_str(), error.params.clone());
        }
        let ended = self.tracker.finish(error).unwrap_or(self.run);
        let (inner, kept) = (Arc::clone(&self.inner), ended.clone());
        let saved = blocking(move || inner.end_run(&kept)).await;
        if let Err(error) = saved {
            tracing::error!(
                code = error.code.as_str(),
                "the end of a run could not be saved"
            );
        }
        self.inner.stale(&[
            Stale::Review,
            Stale::Orders,
            Stale::Runs,
            Stale::Connections,
        ]);
        ended
    }

    fn log_done(&self, name: RunStepName, done: &FetchDone) {
        let mut params = Params::new();
        params.insert("step".to_owned(), step_key(name).to_owned());
        params.insert("count".to_owned(), done.progress.done.to_string());
        params.insert("changed".to_owned(), done.progress.changed.to_string());
        params.insert("gone".to_owned(), done.gone.to_string());
        self.tracker.log(LogLevel::Info, "fetched", params);
        if done.progress.problems > 0 {
            let count = done.progress.problems.to_string();
            let params = Params::from([
                ("step".to_owned(), step_key(name).to_owned()),
                ("count".to_owned(), count),
            ]);
            self.tracker.log(LogLevel::Warning, "problems", params);
        }
    }

    fn log_waiting(&self, connection: &SavedConnection, seconds: u64) {
        let params = Params::from([
            ("name".to_owned(), connection.name.clone()),
            ("seconds".to_owned(), seconds.to_string()),
        ]);
        self.tracker.log(LogLevel::Warning, "waiting", params);
    }
}

fn earlier(watermark: Timestamp) -> Timestamp {
    watermark - OVERLAP_MINUTES.minutes()
}

/// The name of a step in the word catalogue.
pub fn step_key(name: RunStepName) -> &'static str {
    match name {
        RunStepName::StoreListings => "store_listings",
        RunStepName::OdooVariants => "odoo_variants",
        RunStepName::OdooStock => "odoo_stock",
        RunStepName::StoreOrders => "store_orders",
        RunStepName::Match => "match",
    }
}
