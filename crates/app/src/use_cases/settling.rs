//! What follows decisions without anybody waiting for it: orders are judged again, and the queue
//! gets its new order. Decisions that come meanwhile are followed by one more turn, not by one each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tandem_domain::Slug;
use tokio::sync::Notify;

use crate::App;
use crate::context::Inner;
use crate::view::Stale;

/// Whether all orders are to be judged in the next turn; the queue gets a new order in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    Queue,
    QueueAndOrders,
}

impl Next {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::QueueAndOrders, _) | (_, Self::QueueAndOrders) => Self::QueueAndOrders,
            (Self::Queue, _) | (_, Self::Queue) => Self::Queue,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}

/// Stores at which a turn is under way, and what follows it.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    stores: Mutex<HashMap<Slug, Next>>,
    done: Notify,
}

impl Settling {
    fn open(&self) -> MutexGuard<'_, HashMap<Slug, Next>> {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers whether nobody is at it already.
    fn begin(&self, store: &Slug, next: Next) -> bool {
        let mut stores = self.open();
        let begun = stores.get(store).copied();
        stores.insert(store.clone(), begun.map_or(next, |then| then.and(next)));
        begun.is_none()
    }

    /// What is to be done now; with nothing left, the store is settled.
    fn turn(&self, store: &Slug) -> Option<Next> {
        let mut stores = self.open();
        match stores.get(store).copied() {
            Some(next @ (Next::Queue | Next::QueueAndOrders)) => {
                stores.insert(store.clone(), Next::Nothing);
                Some(next)
            }
            Some(Next::Nothing) | None => {
                stores.remove(store);
                drop(stores);
                self.done.notify_waiters();
                None
            }
        }
    }
}

impl App {
    /// Waits until nothing follows the decisions any more.
    pub async fn settled(&self) {
        loop {
            let done = self.inner.settling.done.notified();
            if self.inner.settling.open().is_empty() {
                return;
            }
            done.await;
        }
    }
}

impl Inner {
    /// Gives the queue its new order soon, and judges all orders where many may be freed.
    pub(crate) fn settle_later(self: &Arc<Self>, store: &Slug, orders: bool) {
        let next = if orders {
            Next::QueueAndOrders
        } else {
            Next::Queue
        };
        if !self.settling.begin(store, next) {
            return;
        }
        let (inner, store) = (Arc::clone(self), store.clone());
        tokio::task::spawn_blocking(move || {
            while let Some(next) = inner.settling.turn(&store) {
                inner.settle(&store, next == Next::QueueAndOrders);
            }
        });
    }

    fn settle(&self, store: &Slug, orders: bool) {
        let judged = if orders {
            self.judge_all_orders(store)
        } else {
            Ok(())
        };
        for outcome in [judged, self.rerank(store)] {
            if let Err(error) = outcome {
                // The decisions are saved; the next one, or the next match, makes up for this.
                tracing::warn!(code = error.code.as_str(), %store, "decisions were not followed up");
            }
        }
        self.stale(&[Stale::Review, Stale::Orders]);
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, Settling};
    use tandem_domain::Slug;

    #[test]
    fn one_turn_follows_however_many_decisions() {
        let store = Slug::from_name("shop");
        let settling = Settling::default();
        assert!(settling.begin(&store, Next::Queue));
        assert!(!settling.begin(&store, Next::QueueAndOrders), "it is begun");
        assert_eq!(settling.turn(&store), Some(Next::QueueAndOrders));
        assert!(!settling.begin(&store, Next::Queue), "still under way");
        assert_eq!(settling.turn(&store), Some(Next::Queue));
        assert_eq!(settling.turn(&store), None);
        assert!(settling.begin(&store, Next::Queue), "and begins anew");
    }
}
