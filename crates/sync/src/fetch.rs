//! One stream of one connection: what changed, and a part of a slow sweep over everything.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;
use tandem_contract::{Cursor, Error, Kind, Page, Query, Source};
use tandem_domain::{Clock, Slug, Timestamp};
use tandem_store::{FetchState, Store, StoreError, SweepScope};
use tokio_util::sync::CancellationToken;

use crate::pace::Pace;
use crate::progress::{Gauge, Progress};
use crate::sweep::{Slice, Swept};
use crate::{Offline, Patience, Streamed};

/// What changed shortly before the last fetch is read again: servers stamp the beginning of a
/// transaction, so that a long one shows up late with an early date.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// A slow sweep over everything begins again this long after the last one ended, and takes at
/// most about as long: what was deleted is noticed within a day or two of ordinary use.
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// What is fetched, and with what.
#[derive(Debug, Clone)]
pub struct Fetching {
    /// The cache.
    pub store: Arc<Store>,
    /// The machine's clock, for the cache's own notes and for the pace.
    pub clock: Arc<dyn Clock>,
    /// Whose records.
    pub connection: Slug,
    /// Shared by all streams of the connection in this run.
    pub pace: Arc<Pace>,
    /// Reads everything in one go, even when changes would do.
    pub full: bool,
    /// Pages of a slow sweep over everything that are read after the changes at least, while one
    /// is due; it goes on there the next time. More are read where the last fetch was long ago.
    /// The first fetch reads everything whatever this says.
    pub sweep_pages: u32,
    /// For records with a history: how far back the first fetch reaches. Later ones reach as far
    /// back as any earlier one did.
    pub earliest: Option<Timestamp>,
    /// The server's clock at the beginning, as far as it is known, for servers whose answers do
    /// not tell it: what changed before it is in the cache afterwards.
    pub server_now: Timestamp,
    /// Stops between two pages, and cuts pauses short.
    pub cancel: CancellationToken,
}

/// A fetch that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchDone {
    /// The last progress.
    pub progress: Progress,
    /// Records that are no longer there, noticed by a sweep over everything that ended.
    pub gone: usize,
    /// Whether a sweep over everything ended.
    pub swept: bool,
}

/// Why a fetch stopped early. Every saved page stays saved, and the next fetch goes on there.
#[derive(Debug, thiserror::Error)]
pub enum FetchStopped {
    /// The person said so.
    #[error("cancelled")]
    Cancelled,
    /// The other side failed for good.
    #[error(transparent)]
    Source(#[from] Error),
    /// The cache failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Brings the cache up to date with a source, page by page, each saved together with the cursor
/// that follows it. `report` hears of every page and pause.
///
/// The first time everything is read; later what changed, and then, once a day has passed since
/// the last one, some pages of a slow sweep over everything. Goes on where it was cut off. A network that is gone after the server
/// answered in this run is waited for until it is back or somebody cancels.
pub async fn fetch<T>(
    source: &dyn Source<T>,
    fetching: &Fetching,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<FetchDone, FetchStopped>
where
    T: Streamed,
{
    let reading = Reading::new(source, fetching, report);
    let connection = fetching.connection.clone();
    let state = in_store(fetching, move |store| {
        store.fetch_state(&connection, T::STREAM)
    })
    .await?;
    let from = fetching.earliest;
    let everything = |at_once| SweepScope::Everything { from, at_once };
    let slice = state.as_ref().and_then(|state| slice(state, fetching));
    let swept = match state.and_then(|state| state.watermark) {
        Some(watermark) if !fetching.full => {
            // A mark in the future, set by a clock that was wrong, must not hide anything.
            let since = watermark.min(fetching.server_now) - OVERLAP;
            let changes = reading.sweep(SweepScope::Changes { since }, None).await?;
            match slice {
                Some(slice) => reading.sweep(everything(false), Some(slice)).await?,
                None => Swept {
                    gone: None,
                    ..changes
                },
            }
        }
        _ => {
            let swept = reading.sweep(everything(true), None).await?;
            if swept.resumed {
                // Its first pages may be from days ago.
                let since = swept.started_at - OVERLAP;
                reading.sweep(SweepScope::Changes { since }, None).await?;
            }
            swept
        }
    };
    Ok(FetchDone {
        progress: reading.live().progress,
        gone: swept.gone.unwrap_or(0),
        swept: swept.gone.is_some(),
    })
}

/// How much of a slow sweep is to be read now; `None` while none is due. As large a part of
/// everything as the time since the last fetch is of a day.
fn slice(state: &FetchState, fetching: &Fetching) -> Option<Slice> {
    let now = fetching.clock.now();
    let since = |instant: Timestamp| now.duration_since(instant);
    // An end in the future was set by a clock that was wrong.
    let rests = |ended: Timestamp| ended <= now && since(ended) < SWEEP_EVERY;
    if !state.half_read && state.full_at.is_some_and(rests) {
        return None;
    }
    let elapsed = since(state.updated_at);
    let records = if elapsed < SWEEP_EVERY {
        let seconds = |span: SignedDuration| u128::from(span.as_secs().max(0).unsigned_abs());
        let part = seconds(elapsed) * u128::from(state.records);
        u64::try_from(part.div_ceil(seconds(SWEEP_EVERY))).unwrap_or(u64::MAX)
    } else {
        u64::MAX
    };
    Some(Slice {
        pages: fetching.sweep_pages,
        records,
    })
}

impl Live {
    fn count(&mut self, total: Option<u64>) {
        if let Some(total) = total.filter(|_| self.whole) {
            self.progress.total = Some(self.base + total);
        }
    }
}

/// A fetch at work.
pub(crate) struct Reading<'a, T> {
    pub(crate) source: &'a dyn Source<T>,
    pub(crate) fetching: &'a Fetching,
    report: &'a (dyn Fn(Progress) + Send + Sync),
    live: Mutex<Live>,
}

/// What moves while it works.
pub(crate) struct Live {
    pub(crate) progress: Progress,
    gauge: Gauge,
    /// Records of the parts that are over.
    base: u64,
    /// Whether the total of this part is how much is going to be read.
    whole: bool,
    /// Readers that wait before they ask again.
    waiting: usize,
}

impl<'a, T: Streamed> Reading<'a, T> {
    fn new(
        source: &'a dyn Source<T>,
        fetching: &'a Fetching,
        report: &'a (dyn Fn(Progress) + Send + Sync),
    ) -> Self {
        let started_at = fetching.clock.now();
        let progress = Progress {
            started_at,
            ..Progress::default()
        };
        Self {
            source,
            fetching,
            report,
            live: Mutex::new(Live {
                progress,
                gauge: Gauge::new(started_at, 0),
                base: 0,
                whole: true,
                waiting: 0,
            }),
        }
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another part begins, or goes on: so much of it was read before, of so many. Of a slice
    /// nobody says how many records it will have.
    pub(crate) fn begin(&self, done: u64, total: Option<u64>, whole: bool) {
        let live = &mut *self.live();
        live.base = live.progress.done;
        live.whole = whole;
        live.progress.done += done;
        live.progress.total = None;
        live.count(total);
        live.gauge = Gauge::new(self.fetching.clock.now(), live.progress.done);
    }

    /// This part begins again from its first page.
    pub(crate) fn begin_again(&self) {
        let live = &mut *self.live();
        live.progress.done = live.base;
    }

    /// A page is saved.
    pub(crate) fn saved(&self, total: Option<u64>, change: impl FnOnce(&mut Progress)) {
        let progress = {
            let live = &mut *self.live();
            change(&mut live.progress);
            live.count(total);
            live.gauge
                .measure(self.fetching.clock.now(), &mut live.progress);
            live.progress
        };
        (self.report)(progress);
    }

    /// Says that a reader waits, for as long as what it returns is kept.
    fn waits(&self, seconds: u64, paused: bool) -> Waiting<'_> {
        let progress = {
            let mut live = self.live();
            live.waiting += 1;
            live.progress.waiting_s = Some(seconds);
            live.progress.paused = paused;
            live.progress
        };
        (self.report)(progress);
        Waiting(&self.live)
    }

    /// Asks until there is an answer, a failure for good, or a person who no longer wants it.
    pub(crate) async fn ask(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> Result<Page<T>, FetchStopped> {
        let cancel = &self.fetching.cancel;
        let (mut patience, mut offline) = (Patience::default(), Offline::default());
        loop {
            let question = async {
                let turn = self.fetching.pace.turn().await;
                (self.source.page(query, after).await, turn)
            };
            let (asked, turn) = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(FetchStopped::Cancelled),
                answered = question => answered,
            };
            let error = match asked {
                Ok(page) => {
                    turn.answered(T::STREAM, page.next.is_some());
                    return Ok(page);
                }
                Err(error) => error,
            };
            turn.failed(&error);
            let gone = error.kind() == Kind::Unreachable && self.fetching.pace.has_answered();
            let wait = if gone {
                patience = Patience::default();
                offline.pause()
            } else {
                match patience.wait_after(&error) {
                    Some(wait) => wait,
                    None => return Err(error.into()),
                }
            };
            tracing::warn!(%error, wait_s = wait.as_secs(), stream = %T::STREAM, "asking again");
            let _told = self.waits(wait.as_secs(), gone);
            tokio::select! {
                () = cancel.cancelled() => return Err(FetchStopped::Cancelled),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

/// A reader that waits. Other readers may save pages meanwhile; the wait is over with the last.
struct Waiting<'a>(&'a Mutex<Live>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut live = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        live.waiting -= 1;
        if live.waiting == 0 {
            (live.progress.waiting_s, live.progress.paused) = (None, false);
        }
    }
}

/// The cache blocks, so its work runs on a thread that may.
pub(crate) async fn in_store<R: Send + 'static>(
    fetching: &Fetching,
    work: impl FnOnce(&Store) -> Result<R, StoreError> + Send + 'static,
) -> Result<R, FetchStopped> {
    let store = Arc::clone(&fetching.store);
    let done = tokio::task::spawn_blocking(move || work(&store)).await;
    Ok(done.expect("the cache returns its failures and does not panic")?)
}
