//! The shape of the database: numbered scripts over `PRAGMA user_version`.
//!
//! Scripts are added, never edited: a profile may be at any of them.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::error::Result;
use crate::fold::folded;

const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("migrations/0001_connections.sql")),
    (2, include_str!("migrations/0002_catalogue.sql")),
    (3, include_str!("migrations/0003_orders.sql")),
    (4, include_str!("migrations/0004_matching.sql")),
    (5, include_str!("migrations/0005_runs.sql")),
    (6, include_str!("migrations/0006_fetching.sql")),
    (7, include_str!("migrations/0007_learning.sql")),
    (8, include_str!("migrations/0008_matched.sql")),
    (9, include_str!("migrations/0009_search_by_page.sql")),
    (10, include_str!("migrations/0010_screens.sql")),
    (11, include_str!("migrations/0011_who_decided.sql")),
    (12, include_str!("migrations/0012_maps.sql")),
    (13, include_str!("migrations/0013_imports.sql")),
    (14, include_str!("migrations/0014_absurd_totals.sql")),
    (15, include_str!("migrations/0015_fewer_indexes.sql")),
    (16, include_str!("migrations/0016_customers.sql")),
    (17, include_str!("migrations/0017_folded_orders.sql")),
    (18, include_str!("migrations/0018_search_in_memory.sql")),
];

/// The format that this program reads and writes.
pub(crate) const KNOWN: u32 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The format that a file is in; 0 for an empty one.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Runs the scripts that the file has not seen yet, each with its number in one transaction. They
/// may use `folded(text)`: a text as it is searched.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    let found = version(connection)?;
    let alone = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("folded", 1, alone, |row| {
        let text = row.get_raw(0).as_str_or_null()?;
        Ok(text.map(folded))
    })?;
    for (number, script) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}
