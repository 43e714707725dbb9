//! One stream of one connection, from where it was cut off to its end.

use std::sync::Arc;

use tandem_contract::{Cause, Cursor, Error, Page, Query, Scope, Source};
use tandem_domain::{Clock, Slug, StatusCode, Timestamp};
use tandem_store::{PageToSave, Position, RejectedRecord, Store, StoreError, Sweep, SweepScope};
use tokio_util::sync::CancellationToken;

use crate::{Patience, Streamed};

/// What is fetched, and with what.
#[derive(Debug, Clone)]
pub struct Fetching {
    /// The cache.
    pub store: Arc<Store>,
    /// The machine's clock, for the cache's own notes.
    pub clock: Arc<dyn Clock>,
    /// Whose records.
    pub connection: Slug,
    /// Everything, or what changed.
    pub scope: SweepScope,
    /// The server's clock at the beginning: what changed before it is in the cache afterwards.
    pub server_now: Timestamp,
    /// Only orders in these statuses; empty means all.
    pub statuses: Vec<StatusCode>,
    /// Stops between two pages, and cuts pauses short.
    pub cancel: CancellationToken,
}

/// How far a fetch is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records read in this sweep, since it was begun or resumed.
    pub done: u64,
    /// Records that the whole answer has, where the server says so.
    pub total: Option<u64>,
    /// New or changed ones among them.
    pub changed: u64,
    /// Records that could not be understood.
    pub problems: u64,
    /// Set while waiting before a call is made again.
    pub waiting_s: Option<u64>,
}

/// A fetch that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchDone {
    /// The last progress.
    pub progress: Progress,
    /// Records that are no longer there, noticed by a sweep over everything.
    pub gone: usize,
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

/// Reads a source to its end into the cache, page by page, each saved together with the cursor
/// that follows it. Resumes a sweep that was cut off. `report` hears of every page and pause.
pub async fn fetch<T>(
    source: &dyn Source<T>,
    fetching: &Fetching,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<FetchDone, FetchStopped>
where
    T: Streamed,
{
    let sweep = begin::<T>(fetching).await?;
    let query = Query {
        scope: match sweep.scope {
            SweepScope::All => Scope::All,
            SweepScope::Since(instant) => Scope::Since(instant),
        },
        statuses: fetching.statuses.clone(),
    };
    let mut progress = Progress::default();
    let mut position = sweep.position.clone();
    while position != Position::End {
        let after = match &position {
            Position::At(cursor) => Some(Cursor(cursor.clone())),
            Position::Start | Position::End => None,
        };
        let page = patient_page(source, &query, after.as_ref(), fetching, |waiting_s| {
            report(Progress {
                waiting_s,
                ..progress
            });
        })
        .await?;
        if after.is_some() && page.next == after {
            // The next question would be this one again, for ever.
            let error = Error::new(Cause::Unreadable, T::STREAM.as_str());
            return Err(error
                .detail("the next page begins where this one did")
                .into());
        }
        position = match &page.next {
            Some(cursor) => Position::At(cursor.0.clone()),
            None => Position::End,
        };
        progress = save(fetching, sweep.id, page, progress).await?;
        report(progress);
    }
    let gone = finish::<T>(fetching, sweep.id).await?;
    Ok(FetchDone { progress, gone })
}

async fn begin<T: Streamed>(fetching: &Fetching) -> Result<Sweep, FetchStopped> {
    let Fetching {
        connection,
        scope,
        server_now,
        ..
    } = fetching.clone();
    in_store(fetching, move |store| {
        store.begin_sweep(&connection, T::STREAM, scope, server_now)
    })
    .await
}

async fn finish<T: Streamed>(fetching: &Fetching, sweep: i64) -> Result<usize, FetchStopped> {
    let Fetching { connection, .. } = fetching.clone();
    let now = fetching.clock.now();
    in_store(fetching, move |store| {
        store.finish_sweep(&connection, T::STREAM, sweep, now)
    })
    .await
}

async fn save<T>(
    fetching: &Fetching,
    sweep: i64,
    page: Page<T>,
    before: Progress,
) -> Result<Progress, FetchStopped>
where
    T: Streamed,
{
    let Fetching { connection, .. } = fetching.clone();
    let now = fetching.clock.now();
    let (records, problems) = (page.items.len() as u64, page.rejected.len() as u64);
    let total = page.total.or(before.total);
    let saved = in_store(fetching, move |store| {
        let items: Vec<(T, String)> = page
            .items
            .into_iter()
            .map(|item| (item.record, item.raw))
            .collect();
        let rejected: Vec<RejectedRecord> = page
            .rejected
            .into_iter()
            .map(|record| RejectedRecord {
                external_id: record.external_id,
                reason: record.reason,
                raw: record.raw,
            })
            .collect();
        let next = page.next.map(|cursor| cursor.0);
        let page = PageToSave {
            sweep,
            items: &items,
            rejected: &rejected,
            next: next.as_deref(),
            now,
        };
        T::save(store, &connection, &page)
    })
    .await?;
    Ok(Progress {
        done: before.done + records,
        total,
        changed: before.changed + (saved.new + saved.changed) as u64,
        problems: before.problems + problems,
        waiting_s: None,
    })
}

/// Asks until there is an answer, a failure for good, or a person who no longer wants it.
async fn patient_page<T: Streamed>(
    source: &dyn Source<T>,
    query: &Query,
    after: Option<&Cursor>,
    fetching: &Fetching,
    report: impl Fn(Option<u64>),
) -> Result<Page<T>, FetchStopped> {
    let mut patience = Patience::default();
    loop {
        let asked = tokio::select! {
            biased;
            () = fetching.cancel.cancelled() => return Err(FetchStopped::Cancelled),
            asked = source.page(query, after) => asked,
        };
        let error = match asked {
            Ok(page) => return Ok(page),
            Err(error) => error,
        };
        let Some(wait) = patience.wait_after(&error) else {
            return Err(error.into());
        };
        tracing::warn!(%error, wait_s = wait.as_secs(), stream = %T::STREAM, "asking again");
        report(Some(wait.as_secs()));
        tokio::select! {
            () = fetching.cancel.cancelled() => return Err(FetchStopped::Cancelled),
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// The cache blocks, so its work runs on a thread that may.
async fn in_store<R: Send + 'static>(
    fetching: &Fetching,
    work: impl FnOnce(&Store) -> Result<R, StoreError> + Send + 'static,
) -> Result<R, FetchStopped> {
    let store = Arc::clone(&fetching.store);
    let done = tokio::task::spawn_blocking(move || work(&store)).await;
    Ok(done.expect("the cache returns its failures and does not panic")?)
}
