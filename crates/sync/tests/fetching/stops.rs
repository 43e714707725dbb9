//! A stream is read to its end whatever fails between, against a source that keeps a script.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use tandem_contract::{Cause, Cursor, Error, Page, Query, Result, Source};
use tandem_sync::{FetchStopped, Progress, fetch};

use crate::shelf::{Level, fetching, received, saved};

/// Three pages of two records; each call may fail first, as the script says.
struct Scripted {
    failures: Mutex<VecDeque<Option<Error>>>,
    asked: Mutex<Vec<Option<String>>>,
}

impl Scripted {
    fn failing(failures: impl IntoIterator<Item = Option<Error>>) -> Self {
        Self {
            failures: Mutex::new(failures.into_iter().collect()),
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> Vec<Option<String>> {
        self.asked.lock().expect("no holder panics").clone()
    }
}

#[async_trait]
impl Source<Level> for Scripted {
    async fn page(&self, _: &Query, after: Option<&Cursor>) -> Result<Page<Level>> {
        self.asked
            .lock()
            .expect("no holder panics")
            .push(after.map(|cursor| cursor.0.clone()));
        let failure = self.failures.lock().expect("no holder panics").pop_front();
        if let Some(Some(error)) = failure {
            return Err(error);
        }
        let first: i64 = after.map_or(1, |cursor| cursor.0.parse().expect("our own cursor"));
        Ok(Page {
            items: vec![received(first, 5), received(first + 1, 5)],
            rejected: Vec::new(),
            next: (first < 5).then(|| Cursor((first + 2).to_string())),
            total: Some(6),
            server_time: None,
        })
    }
}

#[tokio::test]
async fn pages_are_read_in_order_to_the_last() {
    let (source, fetching) = (Scripted::failing([]), fetching());
    let done = fetch(&source, &fetching, &|_| {})
        .await
        .expect("nothing fails");
    assert_eq!(
        (done.progress.done, done.progress.total, done.gone),
        (6, Some(6), 0)
    );
    assert_eq!(
        source.asked(),
        [None, Some("3".to_owned()), Some("5".to_owned())]
    );
    assert_eq!(saved(&fetching), 6);
}

/// The waits that were told, each when it began: a page that is saved meanwhile repeats the last.
#[derive(Default)]
struct Pauses {
    told: Mutex<Vec<(u64, bool)>>,
    done: AtomicU64,
}

impl Pauses {
    fn hear(&self, progress: Progress) {
        let saved = self.done.swap(progress.done, Ordering::Relaxed) != progress.done;
        let told = progress.waiting_s.map(|seconds| (seconds, progress.paused));
        assert!(told.is_some() || !progress.paused, "it is back");
        if !saved {
            self.told.lock().expect("no holder panics").extend(told);
        }
    }

    fn told(&self) -> Vec<(u64, bool)> {
        self.told.lock().expect("no holder panics").clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_costs_a_pause_and_nothing_else() {
    let lost = Error::new(Cause::AnswerLost, "read");
    let busy = Error::new(Cause::TooManyRequests, "read").retry_after(7);
    let (source, fetching) = (
        Scripted::failing([None, Some(lost), Some(busy)]),
        fetching(),
    );
    let pauses = Pauses::default();
    let began = tokio::time::Instant::now();
    fetch(&source, &fetching, &|progress| pauses.hear(progress))
        .await
        .expect("it passes");
    assert_eq!(pauses.told(), [(1, false), (7, false)]);
    assert_eq!(began.elapsed().as_secs(), 8, "the pauses were kept");
    assert_eq!(saved(&fetching), 6);
}

#[tokio::test]
async fn a_refusal_stops_at_once_and_the_next_fetch_goes_on_there() {
    let refused = Error::new(Cause::CredentialsRefused, "read");
    let (source, fetching) = (Scripted::failing([None, Some(refused)]), fetching());
    let stopped = fetch(&source, &fetching, &|_| {})
        .await
        .expect_err("refused");
    assert!(
        matches!(stopped, FetchStopped::Source(error) if error.cause == Cause::CredentialsRefused)
    );
    assert_eq!(
        (source.asked().len(), saved(&fetching)),
        (2, 2),
        "asked once, kept the first page"
    );

    let again = Scripted::failing([]);
    fetch(&again, &fetching, &|_| {})
        .await
        .expect("it answers now");
    assert_eq!(
        again.asked().first(),
        Some(&Some("3".to_owned())),
        "the first page is not read twice"
    );
    assert_eq!(saved(&fetching), 6);
}

#[tokio::test]
async fn a_cancelled_fetch_asks_for_nothing_more() {
    let (source, fetching) = (Scripted::failing([]), fetching());
    let cancel = fetching.cancel.clone();
    let stopped = fetch(&source, &fetching, &|progress| {
        if progress.done == 4 {
            cancel.cancel();
        }
    })
    .await
    .expect_err("cancelled");
    assert!(matches!(stopped, FetchStopped::Cancelled));
    assert_eq!(saved(&fetching), 4);
    assert_eq!(
        source.asked().len(),
        3,
        "the third was under way while the second was saved"
    );
}

/// Gives the same next place again and again.
struct Circle;

#[async_trait]
impl Source<Level> for Circle {
    async fn page(&self, _: &Query, _: Option<&Cursor>) -> Result<Page<Level>> {
        Ok(Page {
            items: Vec::new(),
            rejected: Vec::new(),
            next: Some(Cursor("7".to_owned())),
            total: None,
            server_time: None,
        })
    }
}

#[tokio::test]
async fn a_server_that_leads_in_a_circle_is_left() {
    let stopped = fetch(&Circle, &fetching(), &|_| {})
        .await
        .expect_err("it would never end");
    assert!(matches!(stopped, FetchStopped::Source(error) if error.cause == Cause::Unreadable));
}

fn gone(times: usize) -> Vec<Option<Error>> {
    vec![Some(Error::new(Cause::HostUnknown, "read")); times]
}

#[tokio::test(start_paused = true)]
async fn a_network_that_is_gone_pauses_the_fetch_until_it_is_back() {
    let mut script = vec![None];
    script.extend(gone(8));
    let (source, fetching) = (Scripted::failing(script), fetching());
    let pauses = Pauses::default();
    fetch(&source, &fetching, &|progress| pauses.hear(progress))
        .await
        .expect("it is back in the end");
    let expected = [1, 2, 4, 8, 16, 30, 30, 30].map(|seconds| (seconds, true));
    assert_eq!(pauses.told(), expected);
    assert_eq!(saved(&fetching), 6);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answered_is_not_waited_for() {
    let (source, fetching) = (Scripted::failing(gone(99)), fetching());
    let stopped = fetch(&source, &fetching, &|progress| assert!(!progress.paused))
        .await
        .expect_err("the address may be wrong");
    assert!(matches!(stopped, FetchStopped::Source(error) if error.cause == Cause::HostUnknown));
    assert_eq!(source.asked().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_waits_for_the_network_can_be_cancelled() {
    let mut script = vec![None];
    script.extend(gone(99));
    let (source, fetching) = (Scripted::failing(script), fetching());
    let cancel = fetching.cancel.clone();
    let stopped = fetch(&source, &fetching, &|progress| {
        if progress.waiting_s == Some(30) {
            cancel.cancel();
        }
    })
    .await
    .expect_err("cancelled");
    assert!(matches!(stopped, FetchStopped::Cancelled));
    assert_eq!(saved(&fetching), 2, "what was read is kept");
}
