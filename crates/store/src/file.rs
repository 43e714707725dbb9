//! The database as a file: found damaged, set aside, copied, kept from other people's eyes.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::db::open;
use crate::error::{Result, StoreError};
use crate::schema;

pub(crate) const FILE_NAME: &str = "tandem.db";

/// Between two tries to copy a file in which somebody writes.
const WHILE_LOCKED: Duration = Duration::from_millis(50);

/// Creates the file so that only its owner may read it; `SQLite` gives its log the same rights.
pub(crate) fn create_private(file: &Path) -> Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .map(drop)
        .map_err(|source| StoreError::File {
            doing: "create",
            file: file.to_owned(),
            source,
        })
}

/// Refuses a newer file and finds a damaged one, before anything is written to it.
///
/// A write-ahead log that is still there means that the last process did not close the file, so
/// then it is checked page by page; a file that was closed is trusted, to start without delay.
pub(crate) fn check(file: &Path) -> Result<()> {
    if !file.exists() {
        return Ok(());
    }
    let torn = log_of(file).metadata().is_ok_and(|log| log.len() > 0);
    let inspect = || {
        let connection = open(file)?;
        let found = schema::version(&connection)?;
        if found > schema::KNOWN {
            return Err(newer(file, found));
        }
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        if torn {
            read_through(file);
            let verdict: String =
                connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if verdict != "ok" {
                return Err(malformed(verdict).into());
            }
        }
        Ok(())
    };
    inspect().map_err(|e| e.in_file(file))
}

/// What was read in order is in the system's memory when the check looks for it out of order: a large
/// file on a slow disk takes a tenth of the time. What cannot be read is the check's to tell.
fn read_through(file: &Path) {
    let read = std::fs::File::open(file)
        .and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
    drop(read);
}

pub(crate) fn malformed(message: String) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some(message))
}

pub(crate) fn newer(file: &Path, found: u32) -> StoreError {
    StoreError::Newer {
        file: file.to_owned(),
        found,
        known: schema::KNOWN,
    }
}

fn log_of(file: &Path) -> PathBuf {
    with_ending(file, "-wal")
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Moves a damaged file, and what belongs to it, to the first free name.
pub(crate) fn put_aside(file: &Path, why: &rusqlite::Error) -> Result<PathBuf> {
    let aside = (1..=u16::MAX)
        .map(|n| file.with_extension(format!("db.damaged-{n}")))
        .find(|name| !name.exists())
        .expect("a folder does not hold that many files");
    tracing::warn!(error = %why, aside = %aside.display(), "the local database is damaged; set aside");
    std::fs::rename(file, &aside).map_err(|source| StoreError::File {
        doing: "move away",
        file: file.to_owned(),
        source,
    })?;
    // The log may hold the latest decisions, so it goes along under the name that it needs there.
    for ending in ["-wal", "-shm"] {
        let (from, to) = (with_ending(file, ending), with_ending(&aside, ending));
        match std::fs::rename(&from, &to) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::File {
                    doing: "move away",
                    file: from,
                    source,
                });
            }
            _ => {}
        }
    }
    Ok(aside)
}

/// Migrates, after a copy when there is something to lose.
pub(crate) fn update(writer: &mut Connection, file: &Path) -> Result<Option<PathBuf>> {
    let found = schema::version(writer)?;
    if found == schema::KNOWN {
        return Ok(None);
    }
    let backup = if found == 0 {
        None
    } else {
        Some(back_up(writer, file, found)?)
    };
    schema::migrate(writer)?;
    Ok(backup)
}

/// Copies page by page, what is still in the log included: less than half the work of `VACUUM INTO`.
fn back_up(writer: &Connection, file: &Path, version: u32) -> Result<PathBuf> {
    let backup = file.with_extension(format!("db.bak-{version}"));
    // Half a copy of an earlier try is of no use.
    if backup.exists() {
        std::fs::remove_file(&backup).map_err(|source| StoreError::File {
            doing: "replace",
            file: backup.clone(),
            source,
        })?;
    }
    create_private(&backup)?;
    let mut copy = open(&backup)?;
    // Nothing of it is wanted unless it is whole.
    copy.pragma_update(None, "journal_mode", "off")?;
    rusqlite::backup::Backup::new(writer, &mut copy)?.run_to_completion(
        c_int::MAX,
        WHILE_LOCKED,
        None,
    )?;
    Ok(backup)
}

#[cfg(test)]
mod tests {
    use super::put_aside;

    #[test]
    fn the_log_of_a_damaged_file_goes_aside_with_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("tandem.db");
        std::fs::write(&file, "damaged").expect("writable");
        std::fs::write(folder.path().join("tandem.db-wal"), "decisions").expect("writable");
        let aside = put_aside(&file, &rusqlite::Error::InvalidQuery).expect("moved");
        let log = std::fs::read(aside.with_file_name("tandem.db.damaged-1-wal"));
        assert_eq!(log.expect("moved too"), b"decisions");
        assert!(!folder.path().join("tandem.db-wal").exists());
    }
}
