//! The database as a file: one engine, older, newer and damaged formats.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use tandem_store::{EngineLock, Store, StoreError};

use crate::samples::{connect, connection, fetch_listings, listing, open, shop};

fn set_version(folder: &Path, version: u32) {
    let file = rusqlite::Connection::open(folder.join("tandem.db")).unwrap();
    file.pragma_update(None, "user_version", version).unwrap();
}

#[test]
fn what_was_saved_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path()).unwrap();
    assert_eq!((first.set_aside, first.backup), (None, None));
    connect(&first.store);
    fetch_listings(&first.store, vec![listing("1", "Chair")]);
    drop(first.store);
    let second = open(folder.path()).unwrap();
    assert_eq!(
        (second.set_aside, second.backup),
        (None, None),
        "nothing to migrate"
    );
    assert_eq!(second.store.listings(&shop()).unwrap().len(), 1);
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    set_version(folder.path(), 999);
    for outcome in [
        open(folder.path()).map(|o| o.store),
        Store::attach(folder.path()),
    ] {
        assert!(
            matches!(outcome, Err(StoreError::Newer { found: 999, .. })),
            "{outcome:?}"
        );
    }
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .collect();
    assert!(
        !names
            .iter()
            .any(|f| f.file_name().to_string_lossy().contains("damaged"))
    );
}

#[test]
fn an_older_file_is_copied_before_it_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = rusqlite::Connection::open(folder.path().join("tandem.db")).unwrap();
    file.execute_batch(include_str!("../../src/migrations/0001_connections.sql"))
        .unwrap();
    file.execute("INSERT INTO settings VALUES ('theme', '\"dark\"')", [])
        .unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    // What was written last is in the log as long as this connection is open.
    file.pragma_update(None, "journal_mode", "wal").unwrap();
    file.execute("INSERT INTO settings VALUES ('density', '\"compact\"')", [])
        .unwrap();

    let beside = Store::attach(folder.path());
    assert!(
        matches!(beside, Err(StoreError::Older { found: 1, .. })),
        "{beside:?}"
    );
    let opened = open(folder.path()).unwrap();
    let backup = opened.backup.expect("there was something to lose");
    assert!(backup.ends_with("tandem.db.bak-1"));
    #[cfg(unix)]
    assert_eq!(mode(&backup), 0o600);
    assert_eq!(
        opened.store.setting::<String>("theme").unwrap().as_deref(),
        Some("dark")
    );
    let copy = rusqlite::Connection::open(backup).unwrap();
    let kept: u32 = copy
        .query_row("SELECT count(*) FROM settings", [], |r| r.get(0))
        .unwrap();
    assert_eq!(kept, 2);
    drop(opened.store);
    assert_eq!(
        open(folder.path()).unwrap().backup,
        None,
        "migrating twice changes nothing"
    );
}

#[test]
fn a_damaged_file_is_set_aside_and_the_caller_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for n in 1..=2 {
        std::fs::write(folder.path().join("tandem.db"), "x".repeat(8192)).unwrap();
        let opened = open(folder.path()).unwrap();
        let aside = opened.set_aside.expect("it was no database");
        assert!(
            aside.ends_with(format!("tandem.db.damaged-{n}")),
            "{aside:?}"
        );
        assert_eq!(std::fs::read(&aside).unwrap(), "x".repeat(8192).as_bytes());
        assert!(opened.store.connections().unwrap().is_empty());
    }
}

#[test]
fn a_file_torn_in_the_middle_is_found_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path()).unwrap();
    connect(&opened.store);
    fetch_listings(
        &opened.store,
        (0..500).map(|n| listing(&n.to_string(), "Chair")).collect(),
    );
    drop(opened.store);
    let path = folder.path().join("tandem.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40_000].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    // What a process leaves behind that did not close the file.
    std::fs::write(folder.path().join("tandem.db-wal"), "torn").unwrap();
    assert!(open(folder.path()).unwrap().set_aside.is_some());
}

#[test]
fn a_file_that_was_closed_has_nothing_left_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap().store;
    connect(&store);
    let log = folder.path().join("tandem.db-wal");
    assert!(log.metadata().unwrap().len() > 0);
    store.close().unwrap();
    assert_eq!(log.metadata().unwrap().len(), 0);
    assert_eq!(store.connections().unwrap().len(), 2, "it is still there");
}

#[test]
fn reading_goes_on_while_pages_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()).unwrap().store);
    connect(&store);
    let beside = Store::attach(folder.path()).unwrap();
    fetch_listings(&store, vec![listing("1", "Chair")]);
    assert_eq!(
        beside.listings(&shop()).unwrap().len(),
        1,
        "another process sees it"
    );
    beside
        .save_connection(&connection("third", "odoo"))
        .unwrap();
    assert_eq!(store.connections().unwrap().len(), 3);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("profile");
    let _opened = open(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("tandem.db")), 0o600);
}

const FOLDER: &str = "TANDEM_TEST_FOLDER";

#[test]
fn a_second_process_is_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "file::holds_the_lock",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let held = lines
        .map_while(Result::ok)
        .any(|line| line.contains("held"));
    assert!(held, "the other process has the lock");
    let refused = EngineLock::acquire(folder.path());
    assert!(
        matches!(refused, Err(StoreError::EngineRunning { .. })),
        "{refused:?}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
    EngineLock::acquire(folder.path()).expect("a killed process leaves no lock behind");
}

/// The other process of the test above; not a test of its own.
#[test]
#[ignore = "run by a_second_process_is_refused_until_the_first_is_gone"]
#[expect(
    clippy::print_stdout,
    reason = "tells the parent process that the lock is held"
)]
fn holds_the_lock() {
    let folder = std::env::var_os(FOLDER).expect("set by the parent");
    let _lock = EngineLock::acquire(Path::new(&folder)).unwrap();
    println!("held");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}
