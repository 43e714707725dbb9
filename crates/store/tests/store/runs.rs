//! Runs: how they ended, and how long they are remembered.

use serde_json::json;
use tandem_domain::Slug;
use tandem_store::{RunOutcome, Store};

use crate::samples::{at, connected, shop};

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
