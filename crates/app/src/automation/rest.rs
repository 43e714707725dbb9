//! Memory is given back when nobody asks for anything: what is kept to be quick is read again when
//! it is wanted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::App;
use crate::context::Inner;

/// As long as nothing is asked for, nothing that is kept is needed.
const IDLE: Duration = Duration::from_secs(15);

/// How often something was asked for.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    count: AtomicU64,
    used: Notify,
}

impl Uses {
    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

impl App {
    /// Gives memory back whenever nothing was asked for a while, for as long as it is awaited.
    /// While nobody asks, it sleeps. `pause` is the timer.
    pub async fn rest_when_idle<P: Future<Output = ()> + Send>(
        &self,
        pause: impl Fn(Duration) -> P + Send,
    ) {
        loop {
            self.inner.uses.used.notified().await;
            let mut seen = 0;
            while seen != self.inner.uses.count() {
                seen = self.inner.uses.count();
                pause(IDLE).await;
            }
            self.inner.rest();
        }
    }
}

impl Inner {
    /// Something is asked for that is quick by what is kept.
    pub(crate) fn in_use(&self) {
        self.uses.count.fetch_add(1, Ordering::Relaxed);
        self.uses.used.notify_one();
    }

    fn rest(&self) {
        self.models.forget();
        self.store.rest();
    }
}
