//! What a person types into a search box, as conditions on a catalogue table.
//!
//! Terms of three characters and more go to the trigram index (any place in a word, case and
//! accents ignored); shorter ones, which it cannot see, to `LIKE`.

use std::cell::Cell;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use tandem_domain::Slug;

use crate::error::Result;

/// A table with a trigram index over name, SKU and barcode.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Searched {
    Listings,
    Variants,
}

impl Searched {
    fn index(self) -> &'static str {
        match self {
            Self::Listings => "listings_fts",
            Self::Variants => "variants_fts",
        }
    }

    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Variants => "variants",
        }
    }
}

/// Rows that are in their table and not yet in its index: those above a mark, since ids grow.
///
/// They enter the index together, in one statement. Row by row, between other statements, each
/// would close the batch that FTS5 keeps in memory, and become a segment of its own.
#[derive(Debug)]
pub(crate) struct Fresh {
    table: Searched,
    indexed: Cell<i64>,
}

impl Fresh {
    /// All rows that are there now are in the index.
    pub(crate) fn begin(db: &Connection, table: Searched) -> Result<Self> {
        Ok(Self {
            table,
            indexed: Cell::new(last_id(db, table)?),
        })
    }

    /// Puts the others into it.
    pub(crate) fn index(&self, db: &Connection) -> Result<()> {
        let last = last_id(db, self.table)?;
        let (index, table) = (self.table.index(), self.table.table());
        db.prepare_cached(&format!(
            "INSERT INTO {index} (rowid, name, sku, barcode)
             SELECT id, name, sku, barcode FROM {table} WHERE id > ?1 AND id <= ?2"
        ))?
        .execute([self.indexed.replace(last), last])?;
        Ok(())
    }

    /// A row is about to be changed; the trigger that then takes its old words out of the index
    /// needs them to be there.
    pub(crate) fn before_change(&self, db: &Connection, id: i64) -> Result<()> {
        if id > self.indexed.get() {
            self.index(db)?;
        }
        Ok(())
    }
}

fn last_id(db: &Connection, table: Searched) -> Result<i64> {
    let sql = format!("SELECT coalesce(max(id), 0) FROM {}", table.table());
    Ok(db.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// An SQL condition with its parameters in order, for `?` placeholders.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Condition {
    /// Adds another condition that must hold as well.
    pub(crate) fn and(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(sql);
        self.values.extend(values);
    }
}

/// Terms that the trigram index can see.
pub(crate) fn is_long(term: &str) -> bool {
    term.chars().count() >= 3
}

/// Every long term must occur in name, SKU or barcode of the row with this id.
pub(crate) fn long_terms(table: Searched, id: &str, text: &str) -> Option<Condition> {
    let terms = match_of(text)?;
    let index = table.index();
    let mut condition = Condition::default();
    condition.and(
        &format!("{id} IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"),
        [Value::Text(terms)],
    );
    Some(condition)
}

/// Every short term must occur in name, SKU or barcode of the row that `alias` names.
pub(crate) fn short_terms(alias: &str, text: &str) -> Option<Condition> {
    let mut condition = Condition::default();
    for term in text.split_whitespace().filter(|term| !is_long(term)) {
        let pattern = Value::Text(format!("%{}%", escaped(term)));
        condition.and(
            &format!(
                "({alias}.name LIKE ? ESCAPE '\\' OR {alias}.sku LIKE ? ESCAPE '\\' \
                 OR {alias}.barcode LIKE ? ESCAPE '\\')"
            ),
            [pattern.clone(), pattern.clone(), pattern],
        );
    }
    (!condition.sql.is_empty()).then_some(condition)
}

/// A search of one connection's rows in the order in which they were first seen, that stops at
/// the limit: the index hands out its hits in that order, and without long terms the table does.
pub(crate) struct Search<'a> {
    pub(crate) table: Searched,
    /// What must hold of the row `c` beside what was typed.
    pub(crate) rows: &'a str,
    pub(crate) connection: &'a Slug,
    pub(crate) text: &'a str,
    pub(crate) limit: u32,
}

impl Search<'_> {
    /// Runs it and reads every hit.
    pub(crate) fn run<T>(
        &self,
        db: &Connection,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let (index, table) = (self.table.index(), self.table.table());
        let mut condition = Condition::default();
        let (from, order) = match match_of(self.text) {
            Some(terms) => {
                condition.and(&format!("{index} MATCH ?"), [Value::Text(terms)]);
                (
                    format!("{index} f CROSS JOIN {table} c ON c.id = f.rowid"),
                    "f.rowid",
                )
            }
            None => (format!("{table} c"), "c.id"),
        };
        // The plus keeps the planner from an index by connection, which would need a sort.
        condition.and(
            "+c.connection = ?",
            [Value::Text(self.connection.to_string())],
        );
        condition.and(self.rows, []);
        if let Some(short) = short_terms("c", self.text) {
            condition.and(&short.sql, short.values);
        }
        condition.values.push(Value::Integer(self.limit.into()));
        let mut statement = db.prepare_cached(&format!(
            "SELECT c.* FROM {from} WHERE {} ORDER BY {order} LIMIT ?",
            condition.sql
        ))?;
        let rows = statement.query_map(params_from_iter(condition.values), read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// The long terms as a query to the index.
pub(crate) fn match_of(text: &str) -> Option<String> {
    let terms: Vec<String> = text
        .split_whitespace()
        .filter(|term| is_long(term))
        .map(quoted)
        .collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

/// Both kinds of terms on the row that `alias` names; `None` when nothing was typed.
pub(crate) fn matching(table: Searched, alias: &str, text: &str) -> Option<Condition> {
    let long = long_terms(table, &format!("{alias}.id"), text);
    match (long, short_terms(alias, text)) {
        (Some(mut long), Some(short)) => {
            long.and(&short.sql, short.values);
            Some(long)
        }
        (long, short) => long.or(short),
    }
}

/// A term as an FTS5 string, in which only the quote is special.
fn quoted(term: &str) -> String {
    format!("\"{}\"", term.replace('"', "\"\""))
}

/// A term whose wildcards stand for themselves.
pub(crate) fn escaped(term: &str) -> String {
    term.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::{Searched, matching};

    #[test]
    fn nothing_typed_is_no_condition() {
        assert!(matching(Searched::Listings, "l", "  ").is_none());
    }

    #[test]
    fn quotes_and_wildcards_stand_for_themselves() {
        let found = matching(Searched::Listings, "l", "11\" 5%").expect("terms");
        assert!(found.sql.contains("MATCH") && found.sql.contains("LIKE"));
        let values: Vec<String> = found.values.iter().map(|v| format!("{v:?}")).collect();
        assert!(values[0].contains("11"), "{values:?}");
        assert!(values[1].contains("5\\\\%"), "{values:?}");
    }
}
