//! Files for people: under a name that is free, whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::context::Inner;
use crate::error::AppError;
use crate::use_cases::tables::Writer;
use crate::view::{Exported, FileFormat};

/// Names that are tried for a file before giving up.
const NAMES_MAX: u32 = 1_000;

/// A name in a folder that no file has: the stem, or the stem with a number behind it.
pub(crate) fn free_name(folder: &Path, stem: &str, ending: &str) -> Result<PathBuf> {
    let names = (1..NAMES_MAX).map(|n| match n {
        1 => format!("{stem}.{ending}"),
        n => format!("{stem}-{n}.{ending}"),
    });
    let mut paths = names.map(|name| folder.join(name));
    let free = paths.find(|path| !path.exists());
    free.ok_or_else(|| unusable(folder))
}

/// Writes a file beside its name first, so that nobody opens half of it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written.map_err(|error: io::Error| {
        // What is left of it is of no use; that it cannot be removed changes nothing.
        drop(fs::remove_file(&part));
        unusable(path).details(error)
    })
}

impl Inner {
    /// A name of this day for a table, which nothing in the folder has.
    pub(crate) fn new_name(
        &self,
        what: &str,
        folder: &Path,
        format: FileFormat,
    ) -> Result<PathBuf> {
        let ending = match format {
            FileFormat::Csv => "csv",
            FileFormat::Xlsx => "xlsx",
        };
        let day = self.clock.now().strftime("%Y-%m-%d").to_string();
        free_name(folder, &format!("tandem-{what}-{day}"), ending)
    }
}

/// Writes a table into a file of this name, over whatever is there. `lines` answers how many.
pub(crate) fn write_table(
    (path, format): (&Path, FileFormat),
    head: &[&str],
    lines: impl FnOnce(&mut Writer<BufWriter<File>>) -> Result<u32>,
) -> Result<Exported> {
    // Somebody may open the file while it grows, and half of it looks like all of it.
    let part = path.with_extension("part");
    let no_file = |error: io::Error| unusable(path).details(error);
    let file = BufWriter::new(File::create(&part).map_err(no_file)?);
    let write = || {
        let mut writer = Writer::begin(format, file, head)?;
        let rows = lines(&mut writer)?;
        writer.end()?;
        fs::rename(&part, path).map_err(no_file)?;
        Ok(rows)
    };
    let done: Result<u32> = write();
    if done.is_err() {
        // What is left of it is of no use; that it cannot be removed changes nothing.
        drop(fs::remove_file(&part));
    }
    Ok(Exported {
        path: path.display().to_string(),
        rows: done?,
    })
}

/// A place that cannot be written to.
pub(crate) fn unusable(path: &Path) -> AppError {
    AppError::bad_input("file", path.display())
}
