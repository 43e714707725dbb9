//! Reading both sides into the cache, in the background, with progress and cancel.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::ToSpan as _;
use tandem_contract::{Erp, Source, Storefront};
use tandem_domain::{Slug, Timestamp};
use tandem_store::SavedConnection;
use tandem_sync::{FetchDone, FetchStopped, Fetching, Pace, Progress, Streamed, fetch};
use tokio_util::sync::CancellationToken;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, CONNECTION};
use crate::runs::{Tracker, new_run};
use crate::use_cases::connections::{Connected, found_of, parse_slug};
use crate::use_cases::matching::Learning;
use crate::view::{LogLevel, Params, RunKind, RunStepName, RunView, Stale};
use crate::{App, Result};

/// How far back the first fetch of orders, and of what was paid back, reaches.
const ORDER_DAYS: i64 = 30;
/// Pages of the slow sweep over everything that each fetch reads of a stream. It finds what was
/// deleted, and what changed without a date saying so.
const SWEEP_PAGES: u32 = 10;

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
        self.inner.refuse_beside_engine()?;
        self.prove_sides(&slug).await?;
        let inner = Arc::clone(&self.inner);
        let job = blocking(move || Job::prepare(inner, &slug, full)).await?;
        Ok((job.run.clone(), job.work()))
    }

    /// Behind an address that was changed may be another shop: it is tested first, and refused
    /// where decisions would be applied to what they were not taken for.
    async fn prove_sides(&self, store: &Slug) -> Result<()> {
        let (inner, name) = (Arc::clone(&self.inner), store.clone());
        let unproven = blocking(move || {
            let sides = [Some(name.clone()), inner.saved_store(&name)?.bound_odoo];
            let sides = sides.into_iter().flatten();
            let mut unproven = Vec::new();
            for side in sides {
                inner.refuse_another_shop(&side)?;
                if inner.is_unproven(&side)? {
                    unproven.push(side);
                }
            }
            Ok(unproven)
        });
        for side in unproven.await? {
            if let Some(failure) = self.inner.test_and_keep(&side).await?.failure {
                return Err(failure);
            }
        }
        Ok(())
    }
}

/// A fetch that is entered and may begin.
struct Job {
    inner: Arc<Inner>,
    run: RunView,
    cancel: CancellationToken,
    store: Place,
    odoo: Place,
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
        let steps = steps(shop.as_ref(), erp.as_ref());
        let run = new_run(id, RunKind::Fetch, slug.as_str(), &steps, now);
        let cancel = inner.runs.enter(run.clone(), [slug, &odoo], now)?;
        let odoo = inner.store.connection(&odoo)?;
        let tracker = Tracker::new(Arc::clone(&inner), id);
        let pace = |readers_max| Pace::new(readers_max, Arc::clone(&inner.clock));
        let (store, odoo) = (
            Place::new(store, pace(shop.readers_max())),
            Place::new(odoo, pace(erp.readers_max())),
        );
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
            Ok(_) => match self.match_all().await {
                Ok(()) => self.look_at_sales().await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        self.finish(outcome.err()).await
    }

    async fn read_store(&self) -> Result<()> {
        let earliest = self.server_now(&self.store)? - (ORDER_DAYS * 24).hours();
        if let Some(source) = self.shop.listings() {
            let whole = Reach::all(self.full);
            self.step(RunStepName::StoreListings, &self.store, source, whole)
                .await?;
        }
        if let Some(source) = self.shop.orders() {
            let reach = Reach::from(self.full, earliest);
            self.step(RunStepName::StoreOrders, &self.store, source, reach)
                .await?;
        }
        if let Some(source) = self.shop.refunds() {
            let reach = Reach::from(self.full, earliest);
            self.step(RunStepName::StoreRefunds, &self.store, source, reach)
                .await?;
        }
        Ok(())
    }

    async fn read_odoo(&self) -> Result<()> {
        if let Some(source) = self.erp.variants() {
            let whole = Reach::all(self.full);
            self.step(RunStepName::OdooVariants, &self.odoo, source, whole)
                .await?;
        }
        if let Some(source) = self.erp.stock() {
            // Stock is read whole: a sale elsewhere moves quants that no date of ours knows.
            let whole = Reach::all(true);
            self.step(RunStepName::OdooStock, &self.odoo, source, whole)
                .await?;
        }
        Ok(())
    }

    /// Reads one stream. A failure of one side cancels nothing that is already saved.
    async fn step<T: Streamed>(
        &self,
        name: RunStepName,
        place: &Place,
        source: &dyn Source<T>,
        reach: Reach,
    ) -> Result<()> {
        self.tracker.begin(name);
        let fetching = Fetching {
            store: Arc::clone(&self.inner.store),
            clock: Arc::clone(&self.inner.clock),
            connection: place.saved.slug.clone(),
            pace: Arc::clone(&place.pace),
            full: reach.full,
            sweep_pages: SWEEP_PAGES,
            earliest: reach.earliest,
            server_now: self.server_now(place)?,
            cancel: self.cancel.clone(),
        };
        let paused = AtomicBool::new(false);
        let report = |progress: Progress| {
            let was_paused = paused.swap(progress.paused, Ordering::Relaxed);
            self.log_pause(place, &progress, was_paused);
            self.tracker.progress(name, progress);
        };
        let fetched = fetch(source, &fetching, &report).await;
        self.tracker.end(name, fetched.is_ok());
        match fetched {
            Ok(done) => {
                self.log_done(name, &done);
                Ok(())
            }
            Err(FetchStopped::Source(error)) => {
                self.note_failure(place, error.clone()).await;
                Err(AppError::from(error).with(CONNECTION, &place.saved.name))
            }
            Err(stopped) => Err(stopped.into()),
        }
    }

    /// What the failure says about the connection is kept with it. That this cannot be kept must
    /// not hide the failure itself.
    async fn note_failure(&self, place: &Place, error: tandem_contract::Error) {
        let (inner, slug) = (Arc::clone(&self.inner), place.saved.slug.clone());
        let kept = blocking(move || inner.note_failure(&slug, &error)).await;
        if let Err(error) = kept {
            tracing::warn!(code = error.code.as_str(), "a failure could not be kept");
        }
    }

    /// The server's clock, as far as the last test showed that it is behind. One that was ahead
    /// does not count: this machine's clock may have been set right since, and a watermark in the
    /// future would hide what changes until then; one too early only reads a little twice.
    fn server_now(&self, place: &Place) -> Result<Timestamp> {
        let skew = found_of(&place.saved)?.skew.map_or(0, |skew| skew.seconds);
        Ok(self.inner.clock.now() + skew.min(0).seconds())
    }

    async fn match_all(&self) -> Result<()> {
        self.tracker.begin(RunStepName::Match);
        let (inner, slug) = (Arc::clone(&self.inner), self.store.saved.slug.clone());
        let (tracker, cancel) = (self.tracker.clone(), self.cancel.clone());
        let matched = blocking(move || {
            inner.match_store(&slug, Learning::Kept, &cancel, &|done, total| {
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

    /// What Odoo has to choose from, and what it knows of the orders that wait. What is not
    /// known yet holds nothing up: an Odoo that does not answer here is asked again by the import.
    async fn look_at_sales(&self) -> Result<()> {
        if self.erp.sales().is_none() {
            return Ok(());
        }
        self.tracker.begin(RunStepName::OdooSales);
        let app = App {
            inner: Arc::clone(&self.inner),
        };
        let looked = app.look_after_fetch(&self.store.saved.slug).await;
        if let Ok(orders) = &looked {
            let progress = Progress {
                done: u64::from(*orders),
                ..Progress::default()
            };
            self.tracker.progress(RunStepName::OdooSales, progress);
        }
        self.tracker.end(RunStepName::OdooSales, looked.is_ok());
        if let Err(error) = looked {
            let mut params = error.params;
            params.insert("why".to_owned(), error.code.as_str().to_owned());
            self.tracker.log(LogLevel::Warning, "sales_unread", params);
        }
        Ok(())
    }

    async fn finish(self, error: Option<AppError>) -> RunView {
        if let Some(error) = &error {
            tracing::warn!(code = error.code.as_str(), store = %self.store.saved.slug, "a fetch stopped");
            self.tracker
                .log(LogLevel::Error, error.code.as_str(), error.params.clone());
        }
        let ended = self.tracker.finish(error).unwrap_or(self.run);
        let (inner, kept) = (Arc::clone(&self.inner), ended.clone());
        let saved = blocking(move || {
            inner.end_run(&kept)?;
            inner.store.prune(inner.clock.now())?;
            Ok(())
        })
        .await;
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

    /// A pause is told when it begins and when it ends, a wait each time.
    fn log_pause(&self, place: &Place, progress: &Progress, was_paused: bool) {
        let mut params = Params::from([("name".to_owned(), place.saved.name.clone())]);
        match (was_paused, progress.paused, progress.waiting_s) {
            (false, true, _) => self.tracker.log(LogLevel::Warning, "paused", params),
            (true, false, None) => self.tracker.log(LogLevel::Info, "resumed", params),
            (_, false, Some(seconds)) => {
                params.insert("seconds".to_owned(), seconds.to_string());
                self.tracker.log(LogLevel::Warning, "waiting", params);
            }
            _ => {}
        }
    }
}

/// One side, and how fast it may be read; all its streams share that.
struct Place {
    saved: SavedConnection,
    pace: Arc<Pace>,
}

impl Place {
    fn new(saved: SavedConnection, pace: Arc<Pace>) -> Self {
        Self { saved, pace }
    }
}

/// How much of a stream is wanted.
#[derive(Clone, Copy)]
struct Reach {
    full: bool,
    earliest: Option<Timestamp>,
}

impl Reach {
    fn all(full: bool) -> Self {
        let earliest = None;
        Self { full, earliest }
    }

    fn from(full: bool, earliest: Timestamp) -> Self {
        let earliest = Some(earliest);
        Self { full, earliest }
    }
}

/// The steps that these two sides make a fetch of, in order.
fn steps(shop: &dyn Storefront, erp: &dyn Erp) -> Vec<RunStepName> {
    [
        (RunStepName::StoreListings, shop.listings().is_some()),
        (RunStepName::StoreOrders, shop.orders().is_some()),
        (RunStepName::StoreRefunds, shop.refunds().is_some()),
        (RunStepName::OdooVariants, erp.variants().is_some()),
        (RunStepName::OdooStock, erp.stock().is_some()),
        (RunStepName::Match, true),
        (RunStepName::OdooSales, erp.sales().is_some()),
    ]
    .into_iter()
    .filter_map(|(step, has)| has.then_some(step))
    .collect()
}

/// The name of a step in the word catalogue.
pub fn step_key(name: RunStepName) -> &'static str {
    match name {
        RunStepName::StoreListings => "store_listings",
        RunStepName::OdooVariants => "odoo_variants",
        RunStepName::OdooStock => "odoo_stock",
        RunStepName::StoreOrders => "store_orders",
        RunStepName::StoreRefunds => "store_refunds",
        RunStepName::Match => "match",
        RunStepName::OdooSales => "odoo_sales",
        RunStepName::Import => "import",
        RunStepName::Customers => "customers",
    }
}
