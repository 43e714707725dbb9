//! Changes first, then a slice of a slow sweep that finds what dates missed and what is gone.

use std::sync::Arc;

use tandem_contract::Cause;
use tandem_domain::ManualClock;
use tandem_store::Stream;
use tandem_sync::{FetchStopped, Fetching, fetch};

use crate::shelf::{Shelf, at, fetching, levels, slug};

fn rolling(fetching: &Fetching, minutes: i64) -> Fetching {
    Fetching {
        full: false,
        sweep_pages: 2,
        server_now: at(minutes),
        clock: Arc::new(ManualClock::at(at(minutes))),
        ..fetching.clone()
    }
}

/// Minutes of a day, after which a sweep begins again.
const DAY: i64 = 24 * 60;

/// A fetch just before a sweep is due, so that little time has passed when it is.
async fn shortly_before(shelf: &Shelf, first: &Fetching, minutes: i64) {
    let fetched = fetch(shelf, &rolling(first, minutes), &|_| {}).await;
    assert!(!fetched.expect("nothing fails").swept);
    let asked = shelf.take_asked();
    assert!(
        asked.iter().all(|(_, since)| *since),
        "no sweep is due: {asked:?}"
    );
}

fn everything(cursors: &[&str]) -> Vec<(String, bool)> {
    cursors
        .iter()
        .map(|text| ((*text).to_owned(), false))
        .collect()
}

fn changes(cursors: &[&str]) -> Vec<(String, bool)> {
    cursors
        .iter()
        .map(|text| ((*text).to_owned(), true))
        .collect()
}

#[tokio::test]
async fn each_fetch_reads_changes_and_a_slice_and_what_two_sweeps_miss_is_gone() {
    let (shelf, first) = (Shelf::of(7), fetching());
    fetch(&shelf, &rolling(&first, 0), &|_| {})
        .await
        .expect("nothing fails");
    assert_eq!(
        shelf.take_asked(),
        everything(&["", "2", "4", "6"]),
        "the first time everything is read"
    );

    shortly_before(&shelf, &first, DAY - 1).await;

    shelf.put(3, 11, at(DAY)); // A change.
    shelf.put(5, 12, at(-60)); // A change that no date tells of.
    shelf.remove(2); // A deletion.
    let second = fetch(&shelf, &rolling(&first, DAY), &|_| {}).await;
    assert!(!second.expect("nothing fails").swept);
    let asked = shelf.take_asked();
    assert_eq!(asked, [changes(&[""]), everything(&["", "3"])].concat());
    assert_eq!(
        levels(&first),
        [
            (1, 10),
            (2, 10),
            (3, 11),
            (4, 10),
            (5, 12),
            (6, 10),
            (7, 10)
        ]
    );

    let third = fetch(&shelf, &rolling(&first, DAY + 1), &|_| {}).await;
    let third = third.expect("nothing fails");
    assert_eq!((third.swept, third.gone), (true, 0));
    let asked = shelf.take_asked();
    assert_eq!(asked, [changes(&[""]), everything(&["5", "7"])].concat());
    assert_eq!(levels(&first).len(), 7, "missed once is not gone yet");

    shortly_before(&shelf, &first, 2 * DAY).await;
    for (minutes, end) in [(2 * DAY + 1, (false, 0)), (2 * DAY + 2, (true, 1))] {
        let fetched = fetch(&shelf, &rolling(&first, minutes), &|_| {}).await;
        let fetched = fetched.expect("nothing fails");
        assert_eq!((fetched.swept, fetched.gone), end);
    }
    assert_eq!(levels(&first), shelf.levels());
}

#[tokio::test]
async fn a_first_fetch_that_was_cut_off_asks_for_what_changed_since_it_began() {
    let (shelf, first) = (Shelf::of(7), rolling(&fetching(), 0));
    let cancel = first.cancel.clone();
    let stopped = fetch(&shelf, &first, &|progress| {
        if progress.done == 4 {
            cancel.cancel();
        }
    })
    .await;
    assert!(matches!(stopped, Err(FetchStopped::Cancelled)));
    shelf.take_asked();
    shelf.put(1, 99, at(600));

    let again = Fetching {
        cancel: fetching().cancel,
        ..rolling(&first, 700)
    };
    let done = fetch(&shelf, &again, &|_| {}).await.expect("it goes on");
    let asked = shelf.take_asked();
    assert_eq!(asked[..2], everything(&["4", "6"]));
    assert!(asked[2..].iter().all(|(_, since)| *since), "{asked:?}");
    assert_eq!(levels(&first), shelf.levels());
    assert!(done.progress.done >= 7, "what was read before counts");
}

#[tokio::test]
async fn a_mark_in_the_future_hides_nothing() {
    let (shelf, first) = (Shelf::of(3), fetching());
    *shelf.now.lock().expect("no holder panics") = Some(at(9_999));
    fetch(&shelf, &rolling(&first, 0), &|_| {})
        .await
        .expect("nothing fails");
    *shelf.now.lock().expect("no holder panics") = Some(at(61));
    shelf.put(2, 5, at(60));
    let changes_only = Fetching {
        sweep_pages: 0,
        ..rolling(&first, 61)
    };
    fetch(&shelf, &changes_only, &|_| {})
        .await
        .expect("nothing fails");
    assert_eq!(levels(&first), shelf.levels());
    let state = first.store.fetch_state(&slug(), Stream::Stock);
    let state = state.expect("readable").expect("fetched");
    assert_eq!(state.watermark, Some(at(61)), "the clock was set right");
}

#[tokio::test]
async fn a_cursor_of_another_version_begins_the_sweep_again() {
    let (old, first) = (Shelf::of(9), fetching());
    fetch(&old, &rolling(&first, 0), &|_| {})
        .await
        .expect("nothing fails");
    old.take_asked();
    shortly_before(&old, &first, DAY - 1).await;
    fetch(&old, &rolling(&first, DAY), &|_| {})
        .await
        .expect("nothing fails");
    let newer = Shelf {
        prefix: "v2:",
        ..Shelf::of(9)
    };
    newer.remove(4);
    fetch(&newer, &rolling(&first, DAY + 1), &|_| {})
        .await
        .expect("it begins again");
    let asked = newer.take_asked();
    assert_eq!(asked[1..], everything(&["4", "", "v2:2"]));
    for days in 2..4 {
        fetch(&newer, &rolling(&first, days * (DAY + 60)), &|_| {})
            .await
            .expect("nothing fails");
    }
    assert_eq!(levels(&first), newer.levels());
}

#[tokio::test]
async fn a_sweep_that_is_refused_again_says_so() {
    let (old, first) = (Shelf::of(9), fetching());
    for minutes in [0, DAY - 1, DAY] {
        fetch(&old, &rolling(&first, minutes), &|_| {})
            .await
            .expect("nothing fails");
    }
    for (prefix, ends_well) in [("v2:", true), ("v3:", false)] {
        let other = Shelf {
            prefix,
            ..Shelf::of(9)
        };
        let fetched = fetch(&other, &rolling(&first, DAY + 1), &|_| {}).await;
        match fetched {
            Ok(_) => assert!(ends_well),
            Err(FetchStopped::Source(error)) => {
                assert_eq!((error.cause, ends_well), (Cause::Invalid, false));
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn who_fetches_once_a_day_reads_a_whole_sweep_and_what_it_misses_is_gone_at_once() {
    let (shelf, first) = (Shelf::of(7), fetching());
    fetch(&shelf, &rolling(&first, 0), &|_| {})
        .await
        .expect("nothing fails");
    shelf.take_asked();
    shelf.remove(2);
    let fetched = fetch(&shelf, &rolling(&first, DAY), &|_| {}).await;
    let fetched = fetched.expect("nothing fails");
    assert_eq!((fetched.swept, fetched.gone), (true, 1));
    let asked = shelf.take_asked();
    assert_eq!(asked[1..], everything(&["", "3", "5", "7"]));
}

#[tokio::test]
async fn the_longer_ago_the_last_fetch_was_the_more_of_a_sweep_is_read() {
    let (shelf, first) = (Shelf::of(24), fetching());
    for minutes in [0, DAY / 2] {
        fetch(&shelf, &rolling(&first, minutes), &|_| {})
            .await
            .expect("nothing fails");
    }
    shelf.take_asked();
    fetch(&shelf, &rolling(&first, DAY), &|_| {})
        .await
        .expect("nothing fails");
    let asked = shelf.take_asked();
    let pages = asked.iter().filter(|(_, since)| !since).count();
    assert_eq!(pages, 6, "half a day, so half of twelve pages");
}
