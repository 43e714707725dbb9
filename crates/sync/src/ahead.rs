//! Pages asked for before their turn: the next ones are under way while the last one is saved.
//!
//! They come out in the order of their cursors, whatever the order in which they arrive. Where
//! the source's guess at a cursor turns out wrong, what was asked for by it is thrown away.

use std::collections::VecDeque;
use std::pin::pin;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use tandem_contract::{Cursor, Page};

use crate::FetchStopped;

type Asked<T> = Result<Page<T>, FetchStopped>;

/// Pages under way and pages that arrived, in the order of their cursors.
pub(crate) struct Ahead<'a, T> {
    /// Of all that are under way or here; the first is the next to be saved.
    cursors: VecDeque<Option<Cursor>>,
    arrived: VecDeque<Asked<T>>,
    asking: FuturesOrdered<BoxFuture<'a, Asked<T>>>,
}

impl<'a, T: Send + 'a> Ahead<'a, T> {
    pub(crate) fn new() -> Self {
        Self {
            cursors: VecDeque::new(),
            arrived: VecDeque::new(),
            asking: FuturesOrdered::new(),
        }
    }

    /// Pages under way or here.
    pub(crate) fn len(&self) -> usize {
        self.cursors.len()
    }

    /// The cursor behind which the queue goes on.
    pub(crate) fn last(&self) -> Option<&Cursor> {
        self.cursors.back()?.as_ref()
    }

    /// Adds a page at the end of the queue. It is asked for when the queue is next waited for.
    pub(crate) fn push(&mut self, cursor: Option<Cursor>, page: BoxFuture<'a, Asked<T>>) {
        self.cursors.push_back(cursor);
        self.asking.push_back(page);
    }

    /// Whether the next page of the queue is the one at this cursor; else the queue is emptied.
    pub(crate) fn leads_to(&mut self, cursor: &Cursor) -> bool {
        let right = self
            .cursors
            .front()
            .is_some_and(|next| next.as_ref() == Some(cursor));
        if !right {
            *self = Self::new();
        }
        right
    }

    /// The next page of the queue; `None` when the queue is empty.
    pub(crate) async fn next(&mut self) -> Option<(Option<Cursor>, Asked<T>)> {
        let page = match self.arrived.pop_front() {
            Some(page) => page,
            None => self.asking.next().await?,
        };
        let cursor = self.cursors.pop_front()?;
        Some((cursor, page))
    }

    /// Does something else while pages arrive.
    pub(crate) async fn meanwhile<R>(&mut self, work: impl Future<Output = R>) -> R {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                Some(page) = self.asking.next(), if !self.asking.is_empty() => {
                    self.arrived.push_back(page);
                }
                done = &mut work => return done,
            }
        }
    }
}
