//! Files for people: under a name that is free, whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::error::AppError;

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

/// A place that cannot be written to.
pub(crate) fn unusable(path: &Path) -> AppError {
    AppError::bad_input("file", path.display())
}
