//! CSV as RFC 4180 has it, read generously and written strictly.

use std::fmt::Write as _;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvError {
    /// There is no header.
    Empty,
    /// A column that is needed is not in the header.
    NoColumn(String),
    /// A row has another number of cells than the header.
    Cells {
        /// The number of the row, the header being 1.
        row: usize,
        /// How many cells it has.
        found: usize,
        /// How many it should have.
        wanted: usize,
    },
    /// The file ends inside quotes.
    Unclosed,
    /// Two rows have one id.
    TwoOfOne(String),
}

impl std::fmt::Display for CsvError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::NoColumn(name) => write!(f, "there is no column `{name}`"),
            Self::Cells { row, found, wanted } => {
                write!(f, "row {row} has {found} cells, not {wanted}")
            }
            Self::Unclosed => f.write_str("the file ends inside quotes"),
            Self::TwoOfOne(id) => write!(f, "two rows have the id `{id}`"),
        }
    }
}

impl std::error::Error for CsvError {}

/// A table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a whole text. A byte order mark, empty lines and lines that end in `\r\n` are fine.
    pub fn read(text: &str) -> Result<Self, CsvError> {
        let mut rows = cells(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let header = rows.next().ok_or(CsvError::Empty)?;
        let rows: Vec<_> = rows.collect();
        for (place, row) in rows.iter().enumerate() {
            if row.len() != header.len() {
                return Err(CsvError::Cells {
                    row: place + 2,
                    found: row.len(),
                    wanted: header.len(),
                });
            }
        }
        Ok(Self { header, rows })
    }

    /// The place of a column that must be there.
    pub fn column(&self, name: &str) -> Result<usize, CsvError> {
        let place = self.find(name);
        place.ok_or_else(|| CsvError::NoColumn(name.to_owned()))
    }

    /// The place of a column, if it is there.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column.trim() == name)
    }

    /// All rows, each as long as the header.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }
}

fn cells(text: &str) -> Result<Vec<Vec<String>>, CsvError> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut rest = text;
    while let Some(c) = rest.bytes().next() {
        let length = plain_bytes(rest);
        if length > 0 {
            cell.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        rest = &rest[1..];
        match c {
            b'"' if quoted && rest.starts_with('"') => {
                rest = &rest[1..];
                cell.push('"');
            }
            b'"' if quoted => quoted = false,
            b'"' if cell.is_empty() => quoted = true,
            b',' if !quoted => row.push(std::mem::take(&mut cell)),
            b'\r' if !quoted && (rest.is_empty() || rest.starts_with('\n')) => {}
            b'\n' if !quoted => end_row(&mut rows, &mut row, &mut cell),
            sign => cell.push(char::from(sign)),
        }
    }
    if quoted {
        return Err(CsvError::Unclosed);
    }
    end_row(&mut rows, &mut row, &mut cell);
    Ok(rows)
}

/// How much of a text has no meaning of its own.
fn plain_bytes(text: &str) -> usize {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    text.bytes().position(special).unwrap_or(text.len())
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, cell: &mut String) {
    if row.is_empty() && cell.is_empty() {
        return;
    }
    row.push(std::mem::take(cell));
    let width = row.len();
    rows.push(std::mem::replace(row, Vec::with_capacity(width)));
}

/// Appends one row; cells are quoted where they must be.
pub fn write_row<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let only = place == 0 && cell.is_empty();
        if only || cell.contains([',', '"', '\n', '\r']) {
            let _ = write!(out, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{CsvError, Table, write_row};
    use proptest::prelude::*;

    #[test]
    fn quotes_breaks_and_marks_are_read() {
        let table = Table::read("\u{feff}id,name\r\n1,\"a \"\"b\"\", c\nd\"\r\n\r\n2,5\" tv\n");
        let table = table.expect("a sound file");
        assert_eq!(table.rows()[0], ["1", "a \"b\", c\nd"]);
        assert_eq!(table.rows()[1], ["2", "5\" tv"]);
        assert_eq!(table.column("name"), Ok(1));
        assert_eq!(table.column("sku"), Err(CsvError::NoColumn("sku".into())));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Table::read(""), Err(CsvError::Empty));
        assert_eq!(Table::read("a,b\n\"1,2"), Err(CsvError::Unclosed));
        let (row, found, wanted) = (2, 1, 2);
        assert_eq!(
            Table::read("a,b\n1\n"),
            Err(CsvError::Cells { row, found, wanted })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            cases: 1_000,
            ..ProptestConfig::default()
        })]

        #[test]
        fn any_text_is_read_or_refused(text in "[a\",\r\n\u{feff}é]{0,40}") {
            let _ = Table::read(&text);
        }

        #[test]
        fn what_is_written_is_read_again(
            rows in prop::collection::vec(prop::collection::vec("[a\",\r\n é]{0,6}", 3), 1..5),
        ) {
            let mut text = String::new();
            for row in &rows {
                write_row(&mut text, row.iter().map(String::as_str));
            }
            let table = Table::read(&text).expect("written by ourselves");
            prop_assert_eq!(&table.header, &rows[0]);
            prop_assert_eq!(table.rows(), &rows[1..]);
        }
    }
}
