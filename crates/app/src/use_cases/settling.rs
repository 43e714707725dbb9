//! What follows decisions without anybody waiting for it: orders are judged again, and the queue
//! gets its new order. Decisions that come meanwhile are followed by one more turn, not by one each.
//! In the window the queue's order waits for a pause between decisions, so that computing it takes
//! nothing from whoever decides pair after pair.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tandem_domain::Slug;
use tokio::sync::Notify;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::view::{FollowUp, Stale};
use crate::{App, Result};

/// How often it is looked whether somebody still decides.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// As many looks without a decision are a pause.
const CALM_LOOKS: u32 = 3;
/// After as many looks at most, the queue gets its order though nobody paused.
const LOOKS_MAX: u32 = 60;

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
    /// Whether turns wait for pauses.
    in_pauses: AtomicBool,
    /// Steps since the program began.
    steps: AtomicU64,
    stepped: Notify,
    /// What follows steps over many pairs, and how far it is.
    follow_ups: Mutex<BTreeMap<Slug, FollowUp>>,
}

impl Settling {
    fn follow_ups(&self) -> MutexGuard<'_, BTreeMap<Slug, FollowUp>> {
        self.follow_ups
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all orders are to be judged once more.
    fn judges_again(&self, store: &Slug) -> bool {
        self.open().get(store) == Some(&Next::QueueAndOrders)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Slug, Next>> {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a step, and then for a pause; what orders wait for is not put off.
    async fn pause<P: Future<Output = ()>>(&self, sleep: impl Fn(Duration) -> P) {
        self.stepped.notified().await;
        let (mut seen, mut calm) = (self.steps.load(Ordering::Relaxed), 0);
        for _ in 0..LOOKS_MAX {
            if calm >= CALM_LOOKS
                || self
                    .open()
                    .values()
                    .any(|next| *next == Next::QueueAndOrders)
            {
                return;
            }
            sleep(LOOK_EVERY).await;
            let now = self.steps.load(Ordering::Relaxed);
            calm = if now == seen { calm + 1 } else { 0 };
            seen = now;
        }
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
                drop(stores);
                self.end(store);
                None
            }
        }
    }

    /// The store is settled, unless something was decided since.
    fn end(&self, store: &Slug) {
        let mut stores = self.open();
        if stores.get(store).is_none_or(|next| *next == Next::Nothing) {
            stores.remove(store);
            drop(stores);
            self.done.notify_waiters();
        }
    }
}

impl App {
    /// From now on, what follows a decision waits for a pause between decisions. `sleep` is the
    /// timer.
    pub async fn settle_in_pauses<P: Future<Output = ()> + Send>(
        &self,
        sleep: impl Fn(Duration) -> P + Send + Sync,
    ) {
        let settling = &self.inner.settling;
        settling.in_pauses.store(true, Ordering::Relaxed);
        loop {
            settling.pause(&sleep).await;
            let stores: Vec<_> = settling.open().keys().cloned().collect();
            for store in stores {
                let inner = Arc::clone(&self.inner);
                // One turn: what was decided meanwhile waits for the next pause. What went wrong
                // is in the log.
                let turn = move || {
                    inner.settle_once(&store);
                    inner.settling.end(&store);
                    Ok(())
                };
                drop(blocking(turn).await);
            }
        }
    }

    /// What follows steps over many pairs, store by store, while it is at work.
    pub fn follow_ups(&self) -> Vec<FollowUp> {
        self.inner.settling.follow_ups().values().cloned().collect()
    }

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
        let first = self.settling.begin(store, next);
        if orders {
            self.tell_follow_up(store, (0, None));
        }
        self.settling.steps.fetch_add(1, Ordering::Relaxed);
        self.settling.stepped.notify_one();
        if !first || self.settling.in_pauses.load(Ordering::Relaxed) {
            return;
        }
        let (inner, store) = (Arc::clone(self), store.clone());
        tokio::task::spawn_blocking(move || while inner.settle_once(&store) {});
    }

    /// One turn; answers whether there was one.
    fn settle_once(&self, store: &Slug) -> bool {
        let next = self.settling.turn(store);
        if let Some(next) = next {
            self.settle(store, next == Next::QueueAndOrders);
        }
        next.is_some()
    }

    fn settle(&self, store: &Slug, orders: bool) {
        let judged = if orders {
            self.judge_and_tell(store)
        } else {
            Ok(())
        };
        for outcome in [judged, self.rerank(store)] {
            if let Err(error) = outcome {
                // The decisions are saved; the next one, or the next match, makes up for this.
                tracing::warn!(code = error.code.as_str(), %store, "decisions were not followed up");
            }
        }
        if !orders {
            return self.stale(&[Stale::Review]);
        }
        if !self.settling.judges_again(store) {
            self.settling.follow_ups().remove(store);
        }
        self.stale(&[Stale::Review, Stale::Orders, Stale::FollowUps]);
    }

    /// Judges all orders, and tells how far that is.
    fn judge_and_tell(&self, store: &Slug) -> Result<()> {
        self.store.tidy()?;
        let orders = self.store.order_counts(store)?.all;
        self.tell_follow_up(store, (0, Some(orders)));
        self.judge_all_orders(store, |judged| {
            self.tell_follow_up(store, (judged, Some(orders)));
        })
    }

    fn tell_follow_up(&self, store: &Slug, (judged, orders): (u32, Option<u32>)) {
        let follow_up = FollowUp {
            store: store.to_string(),
            judged,
            orders,
        };
        self.settling.follow_ups().insert(store.clone(), follow_up);
        self.stale(&[Stale::FollowUps]);
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
