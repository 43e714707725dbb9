//! Runs and their logs.

use serde_json::json;
use tandem_domain::Slug;
use tandem_store::{LogLevel, LogLine, RunOutcome, Store};

use crate::samples::{at, connected, shop};

fn line(level: LogLevel, message: &str) -> LogLine {
    LogLine {
        at: at(2),
        level,
        code: "fetch.page".to_owned(),
        message: message.to_owned(),
        context: json!({ "page": 2 }),
    }
}

#[test]
fn a_run_keeps_its_log_and_its_end() {
    let store = connected();
    let run = store.begin_run("fetch", Some(&shop()), at(1)).unwrap();
    let lines = [
        line(LogLevel::Info, "page saved"),
        line(LogLevel::Error, "the server stopped"),
    ];
    store.add_log(run, &lines[..1]).unwrap();
    store.add_log(run, &lines[1..]).unwrap();
    assert_eq!(store.run(run).unwrap().unwrap().outcome, None, "it runs");
    store
        .end_run(run, RunOutcome::Failed, &json!({ "listings": 40 }), at(9))
        .unwrap();
    let ended = store.run(run).unwrap().unwrap();
    assert_eq!(
        (ended.outcome, ended.ended_at),
        (Some(RunOutcome::Failed), Some(at(9)))
    );
    assert_eq!(ended.counts, json!({ "listings": 40 }));
    assert_eq!(store.log_of(run).unwrap(), lines);
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
    let store = connected();
    for outcome in [RunOutcome::Done, RunOutcome::Failed] {
        let run = store.begin_run("fetch", None, at(1)).unwrap();
        store.add_log(run, &[line(LogLevel::Info, "x")]).unwrap();
        store.end_run(run, outcome, &json!({}), at(5)).unwrap();
    }
    assert_eq!(store.forget_runs(at(6), at(5)).unwrap(), 1);
    let left = store.runs(None, 9).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].outcome, Some(RunOutcome::Failed));
}
