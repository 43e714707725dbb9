//! Runs: how they ended, and how long they are remembered.

use serde_json::json;
use tandem_domain::{Decision, Slug, VariantKey};
use tandem_store::{HistoryEntry, HistoryFilter, RunOutcome, Store};

use crate::samples::{at, connected, fetch_listings, key, listing, shop, slug};

#[test]
fn a_run_keeps_its_end() {
    let store = connected();
    let run = store.begin_run("fetch", Some(&shop()), at(1)).unwrap();
    let found = |store: &Store| store.runs(Some(&shop()), 1).unwrap().remove(0);
    assert_eq!((found(&store).id, found(&store).outcome), (run, None));
    store
        .end_run(run, RunOutcome::Failed, &json!({ "listings": 40 }), at(9))
        .unwrap();
    let ended = found(&store);
    assert_eq!(
        (ended.outcome, ended.ended_at),
        (Some(RunOutcome::Failed), Some(at(9)))
    );
    assert_eq!(ended.counts, json!({ "listings": 40 }));
}

fn ids(store: &Store, connection: Option<&Slug>) -> Vec<i64> {
    let runs = store.runs(connection, 9).unwrap();
    runs.into_iter().map(|run| run.id).collect()
}

#[test]
fn runs_are_listed_newest_first_and_go_with_their_connection() {
    let store = connected();
    let first = store.begin_run("fetch", Some(&shop()), at(1)).unwrap();
    let second = store.begin_run("backup", None, at(2)).unwrap();
    assert_eq!(ids(&store, None), [second, first]);
    assert_eq!(ids(&store, Some(&shop())), [first]);
    store.remove_connection(&shop()).unwrap();
    assert_eq!(ids(&store, None), [second]);
}

#[test]
fn failures_are_remembered_longer() {
    const DAY: i64 = 24 * 60 * 60;
    let store = connected();
    for outcome in [RunOutcome::Done, RunOutcome::Stopped, RunOutcome::Failed] {
        let run = store.begin_run("fetch", None, at(1)).unwrap();
        store.end_run(run, outcome, &json!({}), at(5)).unwrap();
    }
    let killed = store.begin_run("fetch", None, at(1)).unwrap();
    assert_eq!(store.prune(at(90 * DAY)).unwrap(), 0);
    assert_eq!(store.prune(at(90 * DAY + 6)).unwrap(), 2);
    assert_eq!(ids(&store, None), [killed, killed - 1]);
    assert_eq!(store.prune(at(180 * DAY + 6)).unwrap(), 2);
}

fn lines(store: &Store, filter: &HistoryFilter) -> Vec<String> {
    let part = store.history(filter, 0, 9).unwrap();
    assert_eq!(part.total as usize, part.entries.len());
    let words = part.entries.into_iter().map(|entry| match entry {
        HistoryEntry::Run(run) => format!("{} {:?}", run.kind, run.outcome),
        HistoryEntry::Decisions(day) => {
            format!(
                "{}+{}-{}~{}",
                day.from, day.accepted, day.rejected, day.undone
            )
        }
    });
    words.collect()
}

/// Two runs that ended, one that was killed, and decisions on two days of a person in Kuwait.
fn chronicle() -> Store {
    let store = connected();
    fetch_listings(&store, vec![listing("1", "Cup"), listing("2", "Plate")]);
    for (outcome, began) in [(RunOutcome::Done, 1), (RunOutcome::Failed, 2)] {
        let run = store.begin_run("fetch", Some(&shop()), at(began)).unwrap();
        let counts = json!({ "error": { "code": "connection.tls" } });
        store.end_run(run, outcome, &counts, at(began)).unwrap();
    }
    store.begin_run("match", Some(&shop()), at(3)).unwrap();
    // 22:13:20 UTC, and 01:13:20 of the next day in Kuwait.
    let reject = Decision::Reject(VariantKey(7));
    store
        .decide(
            &shop(),
            &key("1"),
            &Decision::Accept(VariantKey(7)),
            at(-9 * 3_600),
        )
        .unwrap();
    store.decide(&shop(), &key("2"), &reject, at(4)).unwrap();
    store
        .decide(&shop(), &key("2"), &Decision::Accept(VariantKey(8)), at(5))
        .unwrap();
    store.undo(&shop(), at(6)).unwrap();
    store
}

#[test]
fn the_history_has_runs_and_decisions_by_the_days_of_the_person() {
    let store = chronicle();
    let kuwait = HistoryFilter {
        utc_offset_minutes: 180,
        ..Default::default()
    };
    assert_eq!(
        lines(&store, &kuwait),
        [
            "2023-11-14T21:00:00Z+0-1~1",
            "match None",
            "fetch Some(Failed)",
            "fetch Some(Done)",
            "2023-11-13T21:00:00Z+1-0~0",
        ]
    );
    assert_eq!(
        lines(&store, &HistoryFilter::default())[0],
        "2023-11-14T00:00:00Z+1-1~1"
    );
    let counts = store.history_counts(&kuwait).unwrap();
    assert_eq!((counts.all, counts.failed, counts.stopped), (5, 1, 1));
}

#[test]
fn the_history_can_be_narrowed() {
    let store = chronicle();
    let narrowed = |filter: HistoryFilter| lines(&store, &filter).len();
    let base = HistoryFilter::default;
    let kinds = |kind: &str| vec![kind.to_owned()];
    for (filter, expected) in [
        (
            HistoryFilter {
                kinds: kinds("decisions"),
                ..base()
            },
            1,
        ),
        (
            HistoryFilter {
                kinds: kinds("match"),
                ..base()
            },
            1,
        ),
        (
            HistoryFilter {
                outcome: Some(RunOutcome::Failed),
                ..base()
            },
            1,
        ),
        (
            HistoryFilter {
                outcome: Some(RunOutcome::Stopped),
                ..base()
            },
            1,
        ),
        (
            HistoryFilter {
                text: "connection.tls".to_owned(),
                ..base()
            },
            2,
        ),
        (
            HistoryFilter {
                connection: Some(slug("odoo")),
                ..base()
            },
            0,
        ),
    ] {
        assert_eq!(narrowed(filter.clone()), expected, "{filter:?}");
    }
    let day = (at(0), at(10));
    let made = store.decisions_between(&shop(), day, 9).unwrap();
    let told: Vec<_> = made
        .iter()
        .map(|(record, name)| (name.as_deref(), record.undone_at.is_some()))
        .collect();
    assert_eq!(told, [(Some("Plate"), true), (Some("Plate"), false)]);
}
