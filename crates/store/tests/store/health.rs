//! How connections stood over time.

use serde_json::json;

use crate::samples::{at, connected, odoo, shop};

#[test]
fn only_a_change_leaves_a_line() {
    let store = connected();
    let note = |code, value, seconds| {
        let value = json!(value);
        store
            .note_health(&shop(), code, &value, at(seconds))
            .unwrap()
    };
    assert!(note("version", "10.3", 1), "the first value is news");
    assert!(!note("version", "10.3", 2));
    assert!(note("state", "healthy", 2), "facts are told apart");
    assert!(note("version", "11.0", 3));
    assert!(!note("state", "healthy", 4));
    assert!(note("version", "10.3", 5), "back is a change as well");

    let lines = store.health_history(&shop(), 3).unwrap();
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (line.code.as_str(), line.before.clone(), line.params.clone()))
        .collect();
    assert_eq!(
        shown,
        [
            ("version", Some(json!("11.0")), json!("10.3")),
            ("version", Some(json!("10.3")), json!("11.0")),
            ("state", None, json!("healthy")),
        ],
        "newest first, as many as asked for"
    );
    assert_eq!(lines[0].at, at(5));
    assert!(store.health_history(&odoo(), 9).unwrap().is_empty());
    store.remove_connection(&shop()).unwrap();
    assert!(store.health_history(&shop(), 9).unwrap().is_empty());
}
