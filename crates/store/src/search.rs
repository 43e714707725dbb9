//! What a person types, as conditions in SQL.

use rusqlite::types::Value;

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

/// The long terms as a query to the index.
pub(crate) fn match_of(text: &str) -> Option<String> {
    let terms: Vec<String> = text
        .split_whitespace()
        .filter(|term| is_long(term))
        .map(quoted)
        .collect();
    (!terms.is_empty()).then(|| terms.join(" "))
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
    use super::{escaped, match_of};

    #[test]
    fn quotes_and_wildcards_stand_for_themselves_and_the_index_gets_what_it_can_see() {
        assert_eq!(match_of("  "), None);
        assert_eq!(match_of("no 11\" ka"), Some("\"11\"\"\"".to_owned()));
        assert_eq!(escaped("5%_\\"), "5\\%\\_\\\\");
    }
}
