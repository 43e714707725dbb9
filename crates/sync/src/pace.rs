//! How fast one connection may be read: how many requests at a time, and when to hold still.
//!
//! More readers are tried one by one, as long as answers come as quickly as before; half of them
//! stop at once when the server is strained (429, 5xx, no answer in time, answers that take
//! clearly longer than they used to). The streams of one connection share one [`Pace`], because
//! it is one server that has to bear them all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tandem_contract::{Error, Kind, Retry};
use tandem_domain::{Clock, Timestamp};
use tandem_store::Stream;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::Patience;

/// How many readers a server is believed to bear. Pure: it is told what happened.
#[derive(Debug, Clone)]
pub struct Tempo {
    readers: usize,
    readers_max: usize,
    /// Counts the times that readers were taken away: what was asked before says nothing more.
    era: u32,
    /// Answers of this round; after as many as there are readers the round is judged.
    answers: usize,
    slow: usize,
    /// Answers to wait for before one more reader is tried again.
    hold: usize,
    usual_ms: BTreeMap<Stream, u64>,
}

impl Tempo {
    /// An answer that takes this many times as long as usual is slow. Two readers at a
    /// `WooCommerce` page take 1.3 times as long as one, and four take 4.2 times.
    const SLOW_FACTOR: u64 = 3;
    /// Quicker answers than this are alike: their times are noise.
    const USUAL_MS_MIN: u64 = 200;
    /// Answers between taking readers away and trying one more.
    const HOLD_ANSWERS: usize = 16;
    /// What is usual follows slower answers by this part of the difference.
    const USUAL_PART: u64 = 32;

    /// Begins with one reader, and never has more than `readers_max`.
    pub fn new(readers_max: usize) -> Self {
        Self {
            readers: 1,
            readers_max: readers_max.max(1),
            era: 0,
            answers: 0,
            slow: 0,
            hold: 0,
            usual_ms: BTreeMap::new(),
        }
    }

    /// How many may read now.
    pub fn readers(&self) -> usize {
        self.readers
    }

    /// The present era, to be handed back with what becomes of a request that begins now.
    pub fn era(&self) -> u32 {
        self.era
    }

    /// A page came. `took_ms` is known for pages that are like their neighbours; the last page of
    /// a stream is shorter than the others and says nothing.
    pub fn answered(&mut self, era: u32, stream: Stream, took_ms: Option<u64>) {
        let slow = took_ms.is_some_and(|took_ms| self.is_slow(stream, took_ms));
        if era != self.era {
            return;
        }
        self.answers += 1;
        self.slow += usize::from(slow);
        self.hold = self.hold.saturating_sub(1);
        if self.answers < self.readers {
            return;
        }
        let strained = self.slow * 2 > self.answers;
        (self.answers, self.slow) = (0, 0);
        if strained {
            self.strained(era);
        } else if self.hold == 0 {
            self.readers = (self.readers + 1).min(self.readers_max);
        }
    }

    /// The server could not keep up with a request of this era.
    pub fn strained(&mut self, era: u32) {
        if era != self.era {
            return;
        }
        self.era += 1;
        self.readers = (self.readers / 2).max(1);
        (self.answers, self.slow) = (0, 0);
        self.hold = Self::HOLD_ANSWERS;
    }

    fn is_slow(&mut self, stream: Stream, took_ms: u64) -> bool {
        let usual_ms = self.usual_ms.entry(stream).or_insert(took_ms);
        let slow = took_ms > (*usual_ms).max(Self::USUAL_MS_MIN) * Self::SLOW_FACTOR;
        *usual_ms = if took_ms < *usual_ms {
            took_ms
        } else {
            *usual_ms + (took_ms - *usual_ms) / Self::USUAL_PART
        };
        slow
    }
}

/// The pace of one connection during one run, shared by all that read from it.
#[derive(Debug)]
pub struct Pace {
    clock: Arc<dyn Clock>,
    seats: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    tempo: Tempo,
    /// Seats to be taken away as soon as they are free.
    owed: usize,
    /// Nobody asks before this.
    still_until: Option<Instant>,
    answered: bool,
}

impl Pace {
    /// A pace of at most `readers_max` requests at a time, what the connector says its server
    /// bears. Make one for each connection and run.
    pub fn new(readers_max: usize, clock: Arc<dyn Clock>) -> Arc<Self> {
        let tempo = Tempo::new(readers_max);
        Arc::new(Self {
            clock,
            seats: Semaphore::new(tempo.readers()),
            state: Mutex::new(State {
                tempo,
                owed: 0,
                still_until: None,
                answered: false,
            }),
        })
    }

    /// How many may read at the same time now.
    pub fn readers(&self) -> usize {
        self.state().tempo.readers()
    }

    /// Whether the server answered since this run began.
    pub fn has_answered(&self) -> bool {
        self.state().answered
    }

    /// Waits for a seat, and until the server may be asked again.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        let seat = self.seats.acquire().await;
        let seat = seat.expect("the seats are never closed");
        loop {
            let still_until = self.state().still_until;
            match still_until.filter(|until| *until > Instant::now()) {
                Some(until) => tokio::time::sleep_until(until).await,
                None => break,
            }
        }
        Turn {
            pace: self,
            seat: Some(seat),
            era: self.state().tempo.era(),
            began: self.clock.now(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, what: impl FnOnce(&mut State)) {
        let mut state = self.state();
        let before = state.tempo.readers();
        what(&mut state);
        let after = state.tempo.readers();
        if after < before {
            state.owed += before - after;
        }
        let more = after.saturating_sub(before);
        let kept = more.min(state.owed);
        state.owed -= kept;
        self.seats.add_permits(more - kept);
    }
}

/// The right to make one request.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pace: &'a Pace,
    seat: Option<SemaphorePermit<'a>>,
    era: u32,
    began: Timestamp,
}

impl Turn<'_> {
    /// A page came; `whole` unless it was the last one.
    pub(crate) fn answered(self, stream: Stream, whole: bool) {
        let took = self.pace.clock.now().duration_since(self.began).as_millis();
        let took_ms = whole.then(|| u64::try_from(took).unwrap_or(0));
        self.pace.change(|state| {
            state.answered = true;
            state.tempo.answered(self.era, stream, took_ms);
        });
    }

    /// The request failed. What the server asks for holds for everybody who reads from it.
    pub(crate) fn failed(self, error: &Error) {
        let strained = match error.kind() {
            Kind::Throttled | Kind::Unavailable | Kind::UnknownOutcome | Kind::Unreachable => true,
            Kind::Insecure
            | Kind::WrongAddress
            | Kind::Credentials
            | Kind::Rights
            | Kind::Refused
            | Kind::Malformed => false,
        };
        let still = match error.retry {
            Retry::Later(seconds) => u64::from(seconds).min(Patience::WAIT_SECONDS_MAX),
            Retry::Never | Retry::AfterLooking => 0,
        };
        self.pace.change(|state| {
            if strained {
                state.tempo.strained(self.era);
            }
            if still > 0 {
                let until = Instant::now() + Duration::from_secs(still);
                state.still_until = state.still_until.max(Some(until));
            }
        });
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pace.state();
        if let Some(seat) = self.seat.take().filter(|_| state.owed > 0) {
            state.owed -= 1;
            seat.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Pace, Tempo};
    use tandem_contract::{Cause, Error};
    use tandem_domain::ManualClock;
    use tandem_store::Stream;
    use tokio::time::Instant;

    /// Lets so many pages come, each after so many milliseconds.
    fn pages(tempo: &mut Tempo, count: usize, took_ms: u64) {
        for _ in 0..count {
            tempo.answered(tempo.era(), Stream::Listings, Some(took_ms));
        }
    }

    #[test]
    fn readers_are_added_one_by_one_up_to_what_the_server_bears() {
        let mut tempo = Tempo::new(4);
        let mut seen = vec![tempo.readers()];
        for _ in 0..12 {
            pages(&mut tempo, 1, 300);
            seen.push(tempo.readers());
        }
        assert_eq!(
            seen,
            [1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4],
            "each step after a whole round at the one before"
        );
        let mut alone = Tempo::new(0);
        pages(&mut alone, 9, 300);
        assert_eq!(alone.readers(), 1, "somebody has to read");
    }

    #[test]
    fn a_strained_server_gets_half_the_readers_at_once_and_more_only_later() {
        let mut tempo = Tempo::new(4);
        pages(&mut tempo, 6, 300);
        let era = tempo.era();
        for _ in 0..4 {
            tempo.strained(era);
        }
        assert_eq!(tempo.readers(), 2, "four refusals at once are one event");
        pages(&mut tempo, 15, 300);
        assert_eq!(tempo.readers(), 2);
        pages(&mut tempo, 3, 300);
        assert_eq!(tempo.readers(), 3, "tried again after a while");
        tempo.strained(tempo.era());
        assert_eq!(tempo.readers(), 1);
        tempo.strained(tempo.era());
        assert_eq!(tempo.readers(), 1);
    }

    #[test]
    fn answers_that_take_clearly_longer_than_usual_take_readers_away() {
        let mut tempo = Tempo::new(4);
        pages(&mut tempo, 6, 600);
        assert_eq!(tempo.readers(), 4);
        pages(&mut tempo, 4, 1_100);
        assert_eq!(
            tempo.readers(),
            4,
            "somewhat longer is the price of company"
        );
        pages(&mut tempo, 4, 2_800);
        assert_eq!(tempo.readers(), 2);
    }

    #[test]
    fn one_slow_page_among_good_ones_and_quick_noise_say_nothing() {
        let mut tempo = Tempo::new(3);
        pages(&mut tempo, 3, 5);
        pages(&mut tempo, 30, 150);
        assert_eq!(tempo.readers(), 3);
        for took_ms in [400, 5_000, 400, 400, 400, 5_000] {
            pages(&mut tempo, 1, took_ms);
        }
        assert_eq!(tempo.readers(), 3);
    }

    #[test]
    fn a_server_that_stays_slower_is_the_new_usual() {
        let mut tempo = Tempo::new(2);
        pages(&mut tempo, 1, 300);
        pages(&mut tempo, 60, 1_500);
        assert_eq!(tempo.readers(), 2);
    }

    #[test]
    fn streams_are_compared_with_themselves() {
        let mut tempo = Tempo::new(2);
        for _ in 0..20 {
            tempo.answered(tempo.era(), Stream::Stock, Some(210));
            tempo.answered(tempo.era(), Stream::Orders, Some(3_000));
        }
        assert_eq!(tempo.readers(), 2, "orders always take long");
    }

    fn pace(readers_max: usize) -> Arc<Pace> {
        let now = "2026-11-21T08:00:00Z".parse().expect("an instant");
        Pace::new(readers_max, Arc::new(ManualClock::at(now)))
    }

    async fn has_seat(pace: &Pace) -> bool {
        let short = Duration::from_millis(1);
        tokio::time::timeout(short, pace.turn()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn seats_follow_the_tempo() {
        let pace = pace(2);
        let only = pace.turn().await;
        assert!(!has_seat(&pace).await, "one reader at first");
        only.answered(Stream::Listings, true);
        assert_eq!(pace.readers(), 2);
        let (first, second) = (pace.turn().await, pace.turn().await);
        assert!(!has_seat(&pace).await);
        first.failed(&Error::new(Cause::ServerFailed, "read"));
        assert!(!has_seat(&pace).await, "that seat is gone");
        drop(second);
        let only = pace.turn().await;
        assert!(!has_seat(&pace).await);
        drop(only);
        assert!(has_seat(&pace).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_the_server_asks_for_holds_for_every_stream() {
        let pace = pace(2);
        assert!(!pace.has_answered());
        pace.turn().await.answered(Stream::Orders, true);
        assert!(pace.has_answered());
        let busy = Error::new(Cause::TooManyRequests, "read").retry_after(7);
        pace.turn().await.failed(&busy);
        let began = Instant::now();
        drop(pace.turn().await);
        assert_eq!(began.elapsed().as_secs(), 7);
    }
}
