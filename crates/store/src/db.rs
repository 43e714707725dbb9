//! The handle to a profile's database: one writer, one reader, shared by all callers.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Result, StoreError};
use crate::file::{self, FILE_NAME};
use crate::lock::{EngineLock, create_private_folder};
use crate::schema;

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENTS_KEPT: usize = 96;
/// Lists are read from the mapped file. Not so what is written: a fetch would map the whole file
/// by and by, and its memory would grow with the catalogue.
const READER_BYTES_MAPPED: i64 = 256 * 1024 * 1024;

/// A profile's database. Its calls block, so async callers go through their blocking pool.
///
/// Reads have a connection of their own (except in memory), so that pages being written do not
/// hold up the screen.
pub struct Store {
    file: PathBuf,
    writer: Mutex<Connection>,
    reader: Option<Mutex<Connection>>,
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
        Ok(Self {
            file: PathBuf::from(":memory:"),
            writer: Mutex::new(writer),
            reader: None,
        })
    }

    /// Whether the file is still in the format of this program.
    pub fn is_current(&self) -> Result<bool> {
        self.read(|db| Ok(schema::version(db)? == schema::KNOWN))
    }

    /// Where the database lies.
    pub fn file(&self) -> &Path {
        &self.file
    }

    fn from_file(file: PathBuf, writer: Connection) -> Result<Self> {
        let reader = connect(&file)
            .and_then(|reader| {
                reader.pragma_update(None, "query_only", true)?;
                reader.pragma_update(None, "mmap_size", READER_BYTES_MAPPED)?;
                Ok(reader)
            })
            .map_err(|e| e.in_file(&file))?;
        Ok(Self {
            file,
            writer: Mutex::new(writer),
            reader: Some(Mutex::new(reader)),
        })
    }

    /// Reads from one state of the database, however many statements the closure runs.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = held(self.reader.as_ref().unwrap_or(&self.writer));
        let run = || {
            let transaction = connection.unchecked_transaction()?;
            work(&transaction)
        };
        run().map_err(|e| e.in_file(&self.file))
    }

    /// Writes all or nothing: the closure's error rolls everything back.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut connection = held(&self.writer);
        let run = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = work(&transaction)?;
            transaction.commit()?;
            Ok(outcome)
        };
        run().map_err(|e: StoreError| e.in_file(&self.file))
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
fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
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

fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}
