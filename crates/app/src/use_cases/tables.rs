//! Tables in files: comma-separated values and workbooks, read and written by line.

use std::io::{Cursor, Write};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::Result;
use crate::error::{AppError, Code};
use crate::view::{FileFormat, count};

/// Larger files are not decisions of a person.
const BYTES_MAX: usize = 64 << 20;
/// What a sheet holds, its head included.
const SHEET_ROWS_MAX: u32 = 1_048_576;
const SHEET_NAME: &str = "Tandem";

/// One line of a table, with its number in the file; the head is line 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

/// A table as read: its head in small letters, and the lines that have something in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

/// What a file is, by its name.
pub(crate) fn format_of(name: &str) -> Option<FileFormat> {
    let ending = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "csv" | "txt" | "tsv" => Some(FileFormat::Csv),
        "xlsx" => Some(FileFormat::Xlsx),
        _ => None,
    }
}

impl Table {
    /// Reads a file. Nothing of it is used when a part cannot be read.
    pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let unreadable = |what: String| {
            AppError::new(Code::FileUnreadable)
                .with("file", name)
                .details(what)
        };
        if bytes.len() > BYTES_MAX {
            return Err(unreadable(format!("{} bytes", bytes.len())));
        }
        let rows = match format_of(name) {
            Some(FileFormat::Csv) => csv_rows(bytes),
            Some(FileFormat::Xlsx) => sheet_rows(bytes),
            None => Err("neither .csv nor .xlsx".to_owned()),
        };
        let mut lines = rows.map_err(unreadable)?.into_iter();
        let head = lines
            .next()
            .ok_or_else(|| unreadable("it is empty".to_owned()))?;
        let head = head.cells.iter().map(|cell| cell.trim().to_lowercase());
        let written = |line: &Line| line.cells.iter().any(|cell| !cell.trim().is_empty());
        Ok(Self {
            head: head.collect(),
            lines: lines.filter(written).collect(),
        })
    }

    /// The place of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|column| column == name)
    }
}

fn csv_rows(bytes: &[u8]) -> std::result::Result<Vec<Line>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter_of(text))
        .from_reader(text.as_bytes());
    let (mut number, mut counted) = (1, 0);
    let lines = reader.records().map(|record| {
        let record = record.map_err(|error| error.to_string())?;
        let begin = record.position().map_or(0, csv::Position::byte);
        let begin = usize::try_from(begin).unwrap_or(usize::MAX);
        // The reader stands before line ends that it is still to pass over.
        let rest = bytes.get(begin..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let begin = begin + ends.count();
        let passed = text.get(counted..begin).unwrap_or_default();
        number += passed.matches('\n').count();
        counted = begin;
        Ok(Line {
            number: count(number),
            cells: record.iter().map(unguarded).map(str::to_owned).collect(),
        })
    });
    lines.collect()
}

/// Spreadsheets of some countries part cells by semicolons: what the head has most of.
fn delimiter_of(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let most = [b',', b';', b'\t'].into_iter().rev();
    most.max_by_key(|mark| head.bytes().filter(|byte| byte == mark).count())
        .unwrap_or(b',')
}

fn sheet_rows(bytes: &[u8]) -> std::result::Result<Vec<Line>, String> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| format!("{e}"))?;
    let sheet = book.worksheet_range_at(0).ok_or("it has no sheet")?;
    let sheet = sheet.map_err(|e| format!("{e}"))?;
    let first = sheet.start().map_or(0, |(row, _)| row) + 1;
    let lines = (first..).zip(sheet.rows()).map(|(number, cells)| Line {
        number,
        cells: cells.iter().map(cell_text).collect(),
    });
    Ok(lines.collect())
}

/// Numbers without a fraction are keys, and have no point.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// Writes a table, head first.
pub(crate) enum Writer<W: Write> {
    /// Comma-separated values.
    Csv(Box<csv::Writer<W>>),
    /// A workbook, which is written at its end.
    Xlsx(Box<(Workbook, W, u32)>),
}

impl<W: Write + std::io::Seek + Send> Writer<W> {
    /// Begins a file with its head.
    pub(crate) fn begin(format: FileFormat, mut out: W, head: &[&str]) -> Result<Self> {
        match format {
            FileFormat::Csv => {
                // Without the mark, spreadsheets read another alphabet as rubbish.
                out.write_all(b"\xef\xbb\xbf").map_err(failed)?;
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(out);
                writer.write_record(head).map_err(failed)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            FileFormat::Xlsx => {
                let mut book = Workbook::new();
                let sheet = book.add_worksheet_with_low_memory().map_err(failed)?;
                begin_sheet(sheet, head).map_err(failed)?;
                Ok(Self::Xlsx(Box::new((book, out, 1))))
            }
        }
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, cells: &[String]) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                for cell in cells {
                    writer
                        .write_field(guarded(cell).as_bytes())
                        .map_err(failed)?;
                }
                writer.write_record(None::<&[u8]>).map_err(failed)
            }
            Self::Xlsx(parts) => {
                let (book, _, row) = &mut **parts;
                if *row >= SHEET_ROWS_MAX {
                    return Err(failed("a sheet holds no more rows"));
                }
                let sheet = book.worksheet_from_index(0).map_err(failed)?;
                for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(*row, column, cell).map_err(failed)?;
                }
                *row += 1;
                Ok(())
            }
        }
    }

    /// Writes what is left.
    pub(crate) fn end(self) -> Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush().map_err(failed),
            Self::Xlsx(parts) => {
                let (mut book, mut out, _) = *parts;
                book.save_to_writer(&mut out).map_err(failed)?;
                out.flush().map_err(failed)
            }
        }
    }
}

fn begin_sheet(sheet: &mut Worksheet, head: &[&str]) -> std::result::Result<(), XlsxError> {
    sheet.set_name(SHEET_NAME)?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(head) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> AppError {
    AppError::new(Code::Internal).details(error)
}

/// A spreadsheet takes what begins like this for a formula, and would carry it out.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn guarded(cell: &str) -> std::borrow::Cow<'_, str> {
    // An amount below nothing is a number to be added up, not a formula.
    if is_amount(cell) {
        return cell.into();
    }
    if cell.starts_with(FORMULA) || cell.starts_with('\'') {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

fn is_amount(cell: &str) -> bool {
    cell.contains('.') && cell.parse::<rust_decimal::Decimal>().is_ok()
}

/// The cell without the guard that was put before it.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Table, Writer};
    use crate::view::FileFormat;

    fn written(format: FileFormat, lines: &[[&str; 2]]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut writer =
            Writer::begin(format, Cursor::new(&mut file), &["Listing", "name"]).expect("begun");
        for line in lines {
            writer.line(&line.map(str::to_owned)).expect("written");
        }
        writer.end().expect("ended");
        file
    }

    #[test]
    fn what_is_written_is_read_again_to_the_letter() {
        let lines = [
            ["007", "=1+1"],
            ["'x", "a \"b\", c"],
            ["-11", "two\nlines; بالون"],
        ];
        for (name, format) in [("m.csv", FileFormat::Csv), ("m.XLSX", FileFormat::Xlsx)] {
            let table = Table::read(name, &written(format, &lines)).expect("read");
            assert_eq!(table.head, ["listing", "name"]);
            let cells: Vec<_> = table.lines.iter().map(|line| line.cells.clone()).collect();
            assert_eq!(cells, lines.map(|line| line.to_vec()), "{name}");
            assert_eq!(table.lines[1].number, 3, "{name}");
        }
    }

    #[test]
    fn a_formula_does_not_reach_a_spreadsheet() {
        let lines = [["=cmd()", "-0.001"], ["-1+cmd()", "x"]];
        let file = String::from_utf8(written(FileFormat::Csv, &lines)).expect("text");
        assert!(file.contains("'=cmd(),-0.001\r\n'-1+cmd()"), "{file}");
    }

    #[test]
    fn semicolons_and_empty_lines_are_fine_and_other_files_are_not() {
        let table =
            Table::read("a.csv", b"listing;decision\n1;accept\n;\n\n2;ignore\n").expect("read");
        let numbers: Vec<_> = table.lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [2, 5]);
        for (name, bytes) in [
            ("a.csv", b"\xff\xfe".as_slice()),
            ("a.csv", b""),
            ("a.xlsx", b"PK no"),
            ("a.pdf", b"x"),
        ] {
            assert!(Table::read(name, bytes).is_err(), "{name}");
        }
    }
}
