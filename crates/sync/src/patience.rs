//! How long to wait before asking again, and when to stop asking.

use std::time::Duration;

use tandem_contract::{Error, Retry};

/// Counts the failures in a row of one call. Any success starts it anew.
#[derive(Debug, Clone, Copy, Default)]
pub struct Patience {
    failures: u32,
}

impl Patience {
    /// Tries of one call, the first included.
    pub const TRIES_MAX: u32 = 6;
    const WAIT_FIRST_MS: u64 = 1_000;
    pub(crate) const WAIT_SECONDS_MAX: u64 = 120;

    /// How long to wait before the same read is made again; `None` when it should not be.
    ///
    /// What the server asks for is obeyed up to two minutes; else the wait doubles from one
    /// second. Reads have no effect, so a lost answer is simply asked for again.
    pub fn wait_after(&mut self, error: &Error) -> Option<Duration> {
        self.failures += 1;
        if self.failures >= Self::TRIES_MAX {
            return None;
        }
        let doubling = Duration::from_millis(Self::WAIT_FIRST_MS << (self.failures - 1));
        match error.retry {
            Retry::Never => None,
            Retry::AfterLooking => Some(doubling),
            Retry::Later(seconds) => {
                let asked = Duration::from_secs(u64::from(seconds).min(Self::WAIT_SECONDS_MAX));
                Some(asked.max(doubling))
            }
        }
    }
}

/// Counts the pauses while the network is gone. There is no last one: a laptop's lid is closed
/// for as long as it is closed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline {
    pauses: u32,
}

impl Offline {
    const PAUSE_SECONDS_MAX: u64 = 30;

    /// How long to wait before looking again: doubling from one second to thirty.
    pub fn pause(&mut self) -> Duration {
        let seconds = (1_u64 << self.pauses.min(5)).min(Self::PAUSE_SECONDS_MAX);
        self.pauses += 1;
        Duration::from_secs(seconds)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Offline, Patience};
    use tandem_contract::{Cause, Error};

    fn waits(error: &Error) -> Vec<u64> {
        let mut patience = Patience::default();
        std::iter::from_fn(|| patience.wait_after(error))
            .map(|wait| wait.as_secs())
            .collect()
    }

    #[test]
    fn a_refused_key_is_never_tried_twice() {
        assert_eq!(
            waits(&Error::new(Cause::CredentialsRefused, "GET /products")),
            Vec::<u64>::new()
        );
    }

    #[test]
    fn a_failing_server_is_asked_with_growing_pauses_and_then_left_alone() {
        assert_eq!(
            waits(&Error::new(Cause::ServerFailed, "GET /products")),
            [1, 2, 4, 8, 16]
        );
    }

    #[test]
    fn a_pause_that_the_server_asks_for_is_obeyed_within_reason() {
        let polite = Error::new(Cause::TooManyRequests, "GET /products").retry_after(5);
        assert_eq!(waits(&polite), [5, 5, 5, 8, 16]);
        let absurd = Error::new(Cause::Maintenance, "GET /products").retry_after(86_400);
        assert_eq!(
            Patience::default().wait_after(&absurd),
            Some(Duration::from_secs(120))
        );
    }

    #[test]
    fn a_network_that_is_gone_is_looked_for_at_growing_pauses_without_end() {
        let mut offline = Offline::default();
        let pauses: Vec<u64> = (0..8).map(|_| offline.pause().as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
    }
}
