//! Time: UTC inside, and passed in, so that a test decides what "now" is.

use std::fmt;
use std::sync::Mutex;

pub use jiff::Timestamp;

/// Where "now" comes from. Only [`SystemClock`] reads the machine's clock.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// Starts at the given instant.
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves forward (or back, with a negative number).
    pub fn advance_seconds(&self, seconds: i64) {
        let mut now = self.0.lock().expect("no holder of this lock can panic");
        *now += jiff::SignedDuration::from_secs(seconds);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of this lock can panic")
    }
}
