//! Matching two files instead of two servers: to try the matching, and to measure it.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde::Serialize;
use tandem_matching::files::{self, CsvError, Files, Table};
use tandem_matching::{Verdict, Watch, learn};

use crate::Result;
use crate::error::{AppError, Code};
use crate::view::count;

/// The files to match, and where the predictions go.
#[derive(Debug, Clone, Copy)]
pub struct MatchFiles<'a> {
    /// The store's listings.
    pub left: &'a Path,
    /// Odoo's variants.
    pub right: &'a Path,
    /// Decisions that were taken before.
    pub decisions: Option<&'a Path>,
    /// Where the predictions are written, over whatever is there.
    pub out: &'a Path,
}

/// What came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FilesMatched {
    /// Listings, parents included.
    pub listings: u32,
    /// Variants.
    pub variants: u32,
    /// Listings that were linked by themselves.
    pub linked: u32,
    /// Listings with proposals for a person.
    pub proposed: u32,
    /// Listings without any.
    pub unmatched: u32,
    /// Pairs that a key proved.
    pub proven: u32,
    /// Words that these pairs taught.
    pub words: u32,
}

/// Matches two CSV files, and writes `left_id,right_id,score,decision` and more, one row for each
/// candidate. Nothing is written when a file cannot be understood.
pub fn match_files(wanted: MatchFiles<'_>) -> Result<FilesMatched> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| no_file(path, &error));
    let (left, right) = (read(wanted.left)?, read(wanted.right)?);
    let decisions = wanted.decisions.map(read).transpose()?;
    let files = files::read(&left, &right, decisions.as_deref())
        .map_err(|error| unsound(wanted, (&left, &right), &error))?;
    if let (Some(path), Some(text)) = (wanted.decisions, &decisions) {
        check_decisions(text, &files)
            .map_err(|(row, what)| at_fault(path, &format!("row {row}: {what}")))?;
    }
    drop((left, right, decisions));
    let mut done = FilesMatched {
        listings: count(files.catalogues.left.len()),
        variants: count(files.variants.len()),
        ..FilesMatched::default()
    };
    let mut out = Out::create(wanted.out)?;
    let model = learn(&files.catalogues, Watch::NOBODY, &mut |found| {
        match (found.verdict, found.candidates.is_empty()) {
            (Verdict::Linked(_), _) => done.linked += 1,
            (Verdict::Parent | Verdict::Decided, _) => {}
            (Verdict::Likely | Verdict::Ambiguous, false) => done.proposed += 1,
            _ => done.unmatched += 1,
        }
        files::write(&mut out.text, &found, &files.variants);
        out.flush_when_full();
    });
    let model = model.ok_or_else(|| AppError::new(Code::Cancelled))?;
    done.proven = count(model.proven());
    done.words = count(model.learned().len());
    out.finish(wanted.out)?;
    Ok(done)
}

/// Bytes between two writes.
const WRITTEN_AT_ONCE: usize = 1 << 16;

/// The predictions on their way into a file, a part at a time.
struct Out {
    file: fs::File,
    text: String,
    failed: Option<std::io::Error>,
}

impl Out {
    fn create(path: &Path) -> Result<Self> {
        Ok(Self {
            file: fs::File::create(path).map_err(|error| no_file(path, &error))?,
            text: files::HEADER.to_owned(),
            failed: None,
        })
    }

    fn flush_when_full(&mut self) {
        if self.text.len() >= WRITTEN_AT_ONCE && self.failed.is_none() {
            self.failed = self.file.write_all(self.text.as_bytes()).err();
            self.text.clear();
        }
    }

    fn finish(mut self, path: &Path) -> Result<()> {
        let written = match self.failed.take() {
            Some(error) => Err(error),
            None => self.file.write_all(self.text.as_bytes()),
        };
        written.map_err(|error| no_file(path, &error))
    }
}

fn no_file(path: &Path, error: &std::io::Error) -> AppError {
    at_fault(path, error)
}

fn at_fault(path: &Path, what: &dyn std::fmt::Display) -> AppError {
    let file = path.display();
    AppError::bad_input("file", &file).details(format!("{file}: {what}"))
}

/// A decision that names what is not there would be passed over in silence: the first such row,
/// the header being 1, and what is wrong with it.
fn check_decisions(text: &str, files: &Files) -> std::result::Result<(), (usize, String)> {
    let unsound = |error: CsvError| (1, error.to_string());
    let table = Table::read(text).map_err(unsound)?;
    let column = |name| table.column(name).map_err(unsound);
    let (left, right, decision) = (column("left_id")?, column("right_id")?, column("decision")?);
    let listings: HashSet<&str> = files
        .catalogues
        .left
        .iter()
        .map(|l| l.key.as_str())
        .collect();
    let variants: HashSet<&str> = files.variants.iter().map(String::as_str).collect();
    for (row, cells) in (2..).zip(table.rows()) {
        let cell = |place: usize| cells[place].trim();
        let (listing, variant) = (cell(left), cell(right));
        let fault = match cell(decision) {
            "accept" | "reject" if !variants.contains(variant) => {
                format!("there is no right_id `{variant}`")
            }
            "accept" | "reject" | "ignore" if listings.contains(listing) => continue,
            "accept" | "reject" | "ignore" => format!("there is no left_id `{listing}`"),
            other => format!("`{other}` is none of accept, reject, ignore"),
        };
        return Err((row, fault));
    }
    Ok(())
}

/// Says in which file the fault is, and in which row of it where that is known.
fn unsound(wanted: MatchFiles<'_>, (left, right): (&str, &str), error: &CsvError) -> AppError {
    let nothing = "id,name\n";
    let path = if files::read(left, nothing, None).is_err() {
        wanted.left
    } else if files::read(nothing, right, None).is_err() {
        wanted.right
    } else {
        wanted.decisions.unwrap_or(wanted.left)
    };
    at_fault(path, error)
}
