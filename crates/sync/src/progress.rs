//! How far a fetch is, how fast it goes, and how long the rest takes.

use std::collections::VecDeque;

use tandem_domain::Timestamp;

/// How far a fetch is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records read, those of a part that was cut off before included.
    pub done: u64,
    /// Records that the whole answer has, where the server says so.
    pub total: Option<u64>,
    /// New or changed ones among those read now.
    pub changed: u64,
    /// Records that could not be understood.
    pub problems: u64,
    /// Set while waiting before a call is made again.
    pub waiting_s: Option<u64>,
    /// Nothing can be reached at the moment; it goes on by itself when it can.
    pub paused: bool,
    /// When this run of it began.
    pub started_at: Timestamp,
    /// Records a second, over the last pages.
    pub rate: u64,
    /// Seconds until it ends, where a total is known.
    pub left_s: Option<u64>,
}

/// Measures over the last pages, so that it follows a server that slows down.
#[derive(Debug, Clone, Default)]
pub struct Gauge(VecDeque<(Timestamp, u64)>);

impl Gauge {
    /// Pages over which is measured.
    const PAGES: usize = 10;

    /// Begins to measure, with so many records read already.
    pub fn new(now: Timestamp, done: u64) -> Self {
        Self(VecDeque::from([(now, done)]))
    }

    /// A page came: fills in rate and time left.
    pub fn measure(&mut self, now: Timestamp, progress: &mut Progress) {
        self.0.push_back((now, progress.done));
        while self.0.len() > Self::PAGES + 1 {
            self.0.pop_front();
        }
        let (first_at, first_done) = self.0.front().copied().unwrap_or((now, progress.done));
        let span_ms = u64::try_from(now.duration_since(first_at).as_millis()).unwrap_or(0);
        let records = progress.done.saturating_sub(first_done);
        progress.rate = (records * 1_000).checked_div(span_ms).unwrap_or(0);
        progress.left_s = progress.total.and_then(|total| {
            let left = total.saturating_sub(progress.done);
            (span_ms > 0)
                .then_some(left * span_ms)?
                .checked_div(records * 1_000)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Gauge, Progress};
    use tandem_domain::Timestamp;

    fn at_ms(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + ms).expect("an instant")
    }

    /// Rate and time left after pages of 100 records that came at these times.
    fn measured(times_ms: &[i64], before: u64, total: Option<u64>) -> (u64, Option<u64>) {
        let mut gauge = Gauge::new(at_ms(0), before);
        let mut progress = Progress {
            done: before,
            total,
            ..Progress::default()
        };
        for ms in times_ms {
            progress.done += 100;
            gauge.measure(at_ms(*ms), &mut progress);
        }
        (progress.rate, progress.left_s)
    }

    #[test]
    fn rate_and_time_left_come_from_what_was_read() {
        assert_eq!(measured(&[500, 1_000], 0, Some(1_000)), (200, Some(4)));
        assert_eq!(measured(&[500, 1_000], 0, None), (200, None));
        assert_eq!(
            measured(&[500, 1_000], 600, Some(1_000)),
            (200, Some(1)),
            "what an earlier run read does not count as speed"
        );
        assert_eq!(measured(&[1_000], 950, Some(1_000)), (100, Some(0)));
    }

    #[test]
    fn a_server_that_slows_down_is_believed_after_ten_pages() {
        let quick = (1..=20).map(|page| page * 100);
        let slow = (1..=10).map(|page| 2_000 + page * 1_000);
        let times: Vec<i64> = quick.chain(slow).collect();
        assert_eq!(measured(&times, 0, Some(4_000)), (100, Some(10)));
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_divides_nothing_by_zero() {
        assert_eq!(measured(&[0, 0], 0, Some(1_000)), (0, None));
        assert_eq!(measured(&[-500], 0, Some(1_000)), (0, None));
    }
}
