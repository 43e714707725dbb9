//! One sweep, or a slice of one: pages are asked for ahead and saved strictly in their order.

use tandem_contract::{Cause, Cursor, Error, Page, Query, Scope};
use tandem_domain::Timestamp;
use tandem_store::{PageToSave, Position, RejectedRecord, Sweep, SweepScope};

use crate::ahead::Ahead;
use crate::fetch::{Reading, in_store};
use crate::{FetchStopped, Streamed};

/// What became of a sweep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Swept {
    /// It went on where an earlier run had stopped.
    pub(crate) resumed: bool,
    /// When it began, by the server's clock.
    pub(crate) started_at: Timestamp,
    /// Records that are gone; `None` while pages are left for later.
    pub(crate) gone: Option<usize>,
}

/// How much of a sweep is read in one run: at least so many pages, and at least so many records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slice {
    pub(crate) pages: u32,
    pub(crate) records: u64,
}

impl Slice {
    /// What is left after a page of so many records.
    fn less(self, records: u64) -> Self {
        Self {
            pages: self.pages.saturating_sub(1),
            records: self.records.saturating_sub(records),
        }
    }

    /// Pages that are still wanted, as far as that can be told before they are there.
    fn wanted(self) -> usize {
        match self {
            Self { pages, records: 0 } => usize::try_from(pages).unwrap_or(usize::MAX),
            Self { .. } => usize::MAX,
        }
    }
}

impl<T: Streamed> Reading<'_, T> {
    /// Reads a sweep to its end, or a slice of it.
    pub(crate) async fn sweep(
        &self,
        scope: SweepScope,
        slice: Option<Slice>,
    ) -> Result<Swept, FetchStopped> {
        let mut sweep = self.begin_sweep(scope).await?;
        self.begin(sweep.done, sweep.total, slice.is_none());
        let end = match self.pages(&sweep, slice).await {
            Err(FetchStopped::Source(error)) if is_lost(&sweep, &error) => {
                if !self.restart(sweep.id).await? {
                    return Err(error.into());
                }
                tracing::warn!(%error, stream = %T::STREAM, "begun again from the first page");
                self.begin_again();
                sweep.position = Position::Start;
                self.pages(&sweep, slice).await?
            }
            other => other?,
        };
        let gone = if end {
            Some(self.finish(&sweep).await?)
        } else {
            None
        };
        Ok(Swept {
            resumed: sweep.resumed,
            started_at: sweep.started_at,
            gone,
        })
    }

    /// Reads and saves pages; returns whether the last one is saved.
    async fn pages(&self, sweep: &Sweep, slice: Option<Slice>) -> Result<bool, FetchStopped> {
        let query = Query {
            scope: sweep.scope.since().map_or(Scope::All, Scope::Since),
            statuses: Vec::new(),
        };
        let first = match &sweep.position {
            Position::End => return Ok(true),
            Position::At(cursor) => Some(Cursor(cursor.clone())),
            Position::Start => None,
        };
        let mut slice = slice;
        let wanted = |slice: Option<Slice>| slice.map_or(usize::MAX, Slice::wanted);
        if wanted(slice) == 0 {
            return Ok(false);
        }
        let mut ahead = Ahead::new();
        self.push(&mut ahead, &query, first);
        self.guess(&mut ahead, &query, wanted(slice));
        while let Some((after, page)) = ahead.next().await {
            let page = page?;
            check_circle::<T>(after.as_ref(), &page)?;
            let records = (page.items.len() + page.rejected.len()) as u64;
            slice = slice.map(|slice| slice.less(records));
            let next = page.next.clone();
            match &next {
                Some(cursor) if wanted(slice) > 0 => {
                    if !ahead.leads_to(cursor) {
                        self.push(&mut ahead, &query, Some(cursor.clone()));
                    }
                    self.guess(&mut ahead, &query, wanted(slice));
                }
                _ => ahead = Ahead::new(),
            }
            if self.fetching.cancel.is_cancelled() {
                return Err(FetchStopped::Cancelled);
            }
            ahead.meanwhile(self.save(sweep.id, page)).await?;
            if next.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn push<'b>(&'b self, ahead: &mut Ahead<'b, T>, query: &'b Query, cursor: Option<Cursor>) {
        let after = cursor.clone();
        let page = async move { self.ask(query, after.as_ref()).await };
        ahead.push(cursor, Box::pin(page));
    }

    /// Adds the pages that the source can foretell: one for each reader, and one more that is
    /// ready to go; never more than are wanted.
    fn guess<'b>(&'b self, ahead: &mut Ahead<'b, T>, query: &'b Query, wanted: usize) {
        let depth = wanted.min(self.fetching.pace.readers() + 1);
        while ahead.len() < depth {
            let last = ahead.last();
            let Some(cursor) = last.and_then(|last| self.source.ahead(query, last)) else {
                return;
            };
            self.push(ahead, query, Some(cursor));
        }
    }

    async fn begin_sweep(&self, scope: SweepScope) -> Result<Sweep, FetchStopped> {
        let connection = self.fetching.connection.clone();
        let now = self.fetching.server_now;
        in_store(self.fetching, move |store| {
            store.begin_sweep(&connection, T::STREAM, scope, now)
        })
        .await
    }

    async fn restart(&self, sweep: i64) -> Result<bool, FetchStopped> {
        let connection = self.fetching.connection.clone();
        in_store(self.fetching, move |store| {
            store.restart_sweep(&connection, T::STREAM, sweep)
        })
        .await
    }

    async fn finish(&self, sweep: &Sweep) -> Result<usize, FetchStopped> {
        let (connection, sweep) = (self.fetching.connection.clone(), sweep.clone());
        let now = self.fetching.clock.now();
        in_store(self.fetching, move |store| {
            store.finish_sweep(&connection, T::STREAM, &sweep, now)
        })
        .await
    }

    async fn save(&self, sweep: i64, page: Page<T>) -> Result<(), FetchStopped> {
        let connection = self.fetching.connection.clone();
        let now = self.fetching.clock.now();
        let (records, problems) = (page.items.len() as u64, page.rejected.len() as u64);
        let total = page.total;
        let saved = in_store(self.fetching, move |store| {
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
                total: page.total,
                server_time: page.server_time,
                now,
            };
            T::save(store, &connection, &page)
        })
        .await?;
        self.saved(total, |progress| {
            progress.done += records + problems;
            progress.changed += (saved.new + saved.changed) as u64;
            progress.problems += problems;
        });
        Ok(())
    }
}

/// Whether the connector does not know the cursor with which a sweep was to go on: another
/// version of it wrote that.
fn is_lost(sweep: &Sweep, error: &Error) -> bool {
    error.cause == Cause::Invalid && matches!(sweep.position, Position::At(_))
}

/// The next question would be this one again, for ever.
fn check_circle<T: Streamed>(after: Option<&Cursor>, page: &Page<T>) -> Result<(), FetchStopped> {
    if after.is_some() && page.next.as_ref() == after {
        let error = Error::new(Cause::Unreadable, T::STREAM.as_str());
        return Err(error
            .detail("the next page begins where this one did")
            .into());
    }
    Ok(())
}
