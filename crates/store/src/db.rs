//! The handle to a profile's database: one writer, one reader, shared by all callers.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Result, StoreError};
use crate::file::{self, FILE_NAME};
use crate::kept::Kept;
use crate::lock::{EngineLock, create_private_folder};
use crate::schema;
use crate::touched::Notes;

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENTS_KEPT: usize = 96;
/// Pages in the log above which a write moves them into the file.
const PAGES_IN_LOG: i64 = 1_000;
/// Pages of the file that a connection keeps at most, in KiB. What is read often is in memory
/// already, and what a fetch writes comes by once.
const WRITER_CACHE_KIB: i64 = 32_768;
const READER_CACHE_KIB: i64 = 4_096;
/// Connections that wait for the next read; more are opened while more is read at once.
const READERS_KEPT: usize = 3;

/// A profile's database. Its calls block, so async callers go through their blocking pool.
///
/// Each read has a connection of its own (except in memory), so that neither pages being written
/// nor a long read hold up the screen.
pub struct Store {
    file: PathBuf,
    writer: Mutex<Connection>,
    /// Idle ones; `None` where the writer reads too.
    readers: Option<Mutex<Vec<Connection>>>,
    pub(crate) notes: Notes,
    pub(crate) kept: Kept,
    who: OnceLock<String>,
}

/// What opening a profile led to.
#[derive(Debug)]
pub struct Opened {
    /// The database, in the format of this program.
    pub store: Store,
    /// Where a damaged file was put. The database is then empty and everything must be fetched
    /// again; tell the manager.
    pub set_aside: Option<PathBuf>,
    /// The copy that was made before the format was changed.
    pub backup: Option<PathBuf>,
}

impl Store {
    /// Opens a profile as its engine: creates it, brings an older format up to date after a
    /// backup copy, sets a damaged file aside. A newer file is refused and left alone.
    pub fn open(folder: &Path, _engine: &EngineLock) -> Result<Opened> {
        create_private_folder(folder)?;
        let file = folder.join(FILE_NAME);
        let set_aside = match file::check(&file) {
            Ok(()) => None,
            Err(StoreError::Damaged { source, .. }) => Some(file::put_aside(&file, &source)?),
            Err(other) => return Err(other),
        };
        file::create_private(&file)?;
        let mut writer = connect(&file).map_err(|e| e.in_file(&file))?;
        let backup = file::update(&mut writer, &file).map_err(|e| e.in_file(&file))?;
        let store = Self::from_file(file, writer)?;
        Ok(Opened {
            store,
            set_aside,
            backup,
        })
    }

    /// Opens a profile beside its engine, to read and to put down decisions. Never changes the
    /// format: a file of another one is refused.
    pub fn attach(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE_NAME);
        if !file.exists() {
            return Err(StoreError::Older {
                file,
                found: 0,
                known: schema::KNOWN,
            });
        }
        let found = open(&file)
            .and_then(|connection| Ok(schema::version(&connection)?))
            .map_err(|e| e.in_file(&file))?;
        if found > schema::KNOWN {
            return Err(file::newer(&file, found));
        }
        if found < schema::KNOWN {
            return Err(StoreError::Older {
                file,
                found,
                known: schema::KNOWN,
            });
        }
        let writer = connect(&file).map_err(|e| e.in_file(&file))?;
        Self::from_file(file, writer)
    }

    /// An empty database that lives as long as this value: for tests and simulations.
    pub fn in_memory() -> Result<Self> {
        let mut writer = Connection::open_in_memory()?;
        prepare(&writer)?;
        schema::migrate(&mut writer)?;
        Self::of(PathBuf::from(":memory:"), writer, None)
    }

    /// Whether the file is still in the format of this program.
    pub fn is_current(&self) -> Result<bool> {
        self.read(|db| Ok(schema::version(db)? == schema::KNOWN))
    }

    /// Says who decides from now on; the first answer stands.
    pub fn sign(&self, who: &str) {
        // Only the first one is kept, and that is meant.
        drop(self.who.set(who.to_owned()));
    }

    pub(crate) fn who(&self) -> Option<&str> {
        self.who.get().map(String::as_str)
    }

    /// Where the database lies.
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn from_file(file: PathBuf, writer: Connection) -> Result<Self> {
        let reader = reader(&file).map_err(|e| e.in_file(&file))?;
        Self::of(file, writer, Some(Mutex::new(vec![reader])))
    }

    fn of(
        file: PathBuf,
        mut writer: Connection,
        readers: Option<Mutex<Vec<Connection>>>,
    ) -> Result<Self> {
        let notes = Notes::default();
        notes.watch(&mut writer)?;
        Ok(Self {
            file,
            writer: Mutex::new(writer),
            readers,
            notes,
            kept: Kept::default(),
            who: OnceLock::new(),
        })
    }

    /// Lets go of what is only kept to be quick: nothing was asked for a while.
    pub fn rest(&self) {
        self.kept.let_go();
        if let Some(readers) = &self.readers {
            held(readers).clear();
        }
        if let Ok(writer) = self.writer.try_lock() {
            // It costs nothing but time if that does not work.
            drop(writer.execute_batch("PRAGMA shrink_memory"));
        }
    }

    /// Rises when another process wrote to the file; `None` while this one writes.
    pub(crate) fn written_elsewhere(&self) -> Result<Option<i64>> {
        let Ok(writer) = self.writer.try_lock() else {
            return Ok(None);
        };
        let version = writer.pragma_query_value(None, "data_version", |row| row.get(0));
        Ok(Some(
            version.map_err(|e| StoreError::from(e).in_file(&self.file))?,
        ))
    }

    /// Reads from one state of the database, however many statements the closure runs.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let run = |connection: &Connection| {
            let transaction = connection.unchecked_transaction()?;
            work(&transaction)
        };
        let Some(readers) = &self.readers else {
            return run(&held(&self.writer)).map_err(|e| e.in_file(&self.file));
        };
        let idle = held(readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => reader(&self.file).map_err(|e| e.in_file(&self.file))?,
        };
        let outcome = run(&connection);
        let mut readers = held(readers);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        outcome.map_err(|e| e.in_file(&self.file))
    }

    /// As [`Store::write`], for many rows at once: what they leave in the log is not moved into
    /// the file before the answer, [`Store::tidy`] does it after.
    pub(crate) fn write_much<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut connection = held(&self.writer);
        let moves = |connection: &Connection, pages: i64| {
            let set = connection.pragma_update(None, "wal_autocheckpoint", pages);
            set.map_err(|e| StoreError::from(e).in_file(&self.file))
        };
        moves(&connection, 0)?;
        let outcome = self.write_on(&mut connection, work);
        moves(&connection, PAGES_IN_LOG)?;
        outcome
    }

    /// Works with another file beside this one, under the name `backup`.
    pub(crate) fn beside<T>(
        &self,
        file: &Path,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let told = |e: rusqlite::Error| StoreError::from(e).in_file(file);
        let mut connection = held(&self.writer);
        let name = file.to_string_lossy();
        connection
            .execute("ATTACH ?1 AS backup", [&name])
            .map_err(told)?;
        let outcome = self.write_on(&mut connection, work);
        connection.flush_prepared_statement_cache();
        connection.execute("DETACH backup", []).map_err(told)?;
        outcome
    }

    /// Moves what was written from the log into the file, beside whoever reads and writes.
    pub fn tidy(&self) -> Result<()> {
        if self.readers.is_none() {
            return Ok(());
        }
        let moved = || {
            let connection = open(&self.file)?;
            Ok(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
        };
        moved().map_err(|e: StoreError| e.in_file(&self.file))
    }

    /// Moves everything from the log into the file, so that the next start need not look through it:
    /// the last thing that a process does. Where somebody still reads or writes, some may stay.
    pub fn close(&self) -> Result<()> {
        let Some(readers) = &self.readers else {
            return Ok(());
        };
        held(readers).clear();
        let moved = held(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        moved.map_err(|e| StoreError::from(e).in_file(&self.file))
    }

    /// Writes all or nothing: the closure's error rolls everything back.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_on(&mut held(&self.writer), work)
    }

    fn write_on<T>(
        &self,
        connection: &mut Connection,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let run = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = work(&transaction)?;
            transaction.commit()?;
            Ok(outcome)
        };
        let outcome = run();
        self.notes.ended(outcome.is_ok());
        outcome.map_err(|e: StoreError| e.in_file(&self.file))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// A thread that panicked while it held the connection left no half-made transaction behind:
/// dropping it rolled back. So the lock stays usable.
fn held<T>(connection: &Mutex<T>) -> MutexGuard<'_, T> {
    connection
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Opens the file as it is, without a change to it.
pub(crate) fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(connection)
}

fn connect(file: &Path) -> Result<Connection> {
    let connection = open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    prepare(&connection)?;
    Ok(connection)
}

fn reader(file: &Path) -> Result<Connection> {
    let connection = connect(file)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}
