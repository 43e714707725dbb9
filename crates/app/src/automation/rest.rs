//! Memory is given back when nobody asks for anything: what is kept to be quick is read again when
//! it is wanted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::App;
use crate::context::Inner;

/// As long as nothing is asked for, nothing that is kept is needed.
const IDLE: Duration = Duration::from_secs(15);

/// How often something was asked for, or worked at.
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
    /// Gives memory back whenever nothing was asked for or worked at for a while, for as long as it
    /// is awaited; until something is, it sleeps. `pause` is the timer. `give_back` is called when memory
    /// may have been freed: by this, and now and then meanwhile, by work that took more than it left.
    pub async fn rest_when_idle<P: Future<Output = ()> + Send>(
        &self,
        pause: impl Fn(Duration) -> P + Send,
        give_back: impl Fn() + Send,
    ) {
        loop {
            self.inner.uses.used.notified().await;
            let mut seen = 0;
            while seen != self.inner.uses.count() {
                seen = self.inner.uses.count();
                pause(IDLE).await;
                give_back();
            }
            self.inner.rest();
            give_back();
        }
    }
}

impl Inner {
    /// Something is asked for that is quick by what is kept, or was worked at.
    pub(crate) fn in_use(&self) {
        self.uses.count.fetch_add(1, Ordering::Relaxed);
        self.uses.used.notify_one();
    }

    fn rest(&self) {
        self.models.forget();
        self.store.rest();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use crate::context::memory_vault;
    use crate::view::{Stale, VaultState};
    use crate::{App, Outside, Profile};

    fn app() -> App {
        let profile = Profile {
            folder: None,
            sandbox: true,
        };
        let outside = Outside::real(memory_vault(), VaultState::Memory).expect("a TLS stack");
        App::open(profile, outside).expect("memory is enough")
    }

    #[tokio::test]
    async fn memory_is_given_back_while_somebody_works_and_when_nobody_does() {
        let app = app();
        let (done, settled) = (Mutex::new(Vec::new()), Notify::new());
        let note = |what| {
            let mut done = done.lock().expect("nothing panics while it holds this");
            done.push(what);
            done.len()
        };
        // Something is asked for in the first two pauses, and nothing in the third.
        let pause = |_| {
            if note("pause") <= 3 {
                app.inner.in_use();
            }
            std::future::ready(())
        };
        let give_back = || {
            if note("given back") == 7 {
                settled.notify_one();
            }
        };
        app.inner.in_use();
        tokio::select! {
            () = app.rest_when_idle(pause, give_back) => unreachable!("it goes on for ever"),
            () = settled.notified() => {}
        }
        let done = done.into_inner().expect("nothing panicked");
        let (pause, given) = ("pause", "given back");
        assert_eq!(done[..7], [pause, given, pause, given, pause, given, given]);
    }

    #[tokio::test]
    async fn memory_is_given_back_after_work_that_nobody_asked_for() {
        let (app, given) = (app(), AtomicU32::new(0));
        let rested = async || {
            let pause = |_| std::future::ready(());
            let give_back = || {
                given.fetch_add(1, Ordering::Relaxed);
            };
            let rest = pin!(app.rest_when_idle(pause, give_back));
            assert!(futures::poll!(rest).is_pending(), "it goes on for ever");
            given.swap(0, Ordering::Relaxed)
        };
        rested().await;
        assert_eq!(rested().await, 0);
        app.inner.stale(&[Stale::Review]);
        assert_eq!(rested().await, 2, "after a pause, and at rest");
    }
}
