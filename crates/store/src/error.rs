//! What can go wrong with the local database, each with the file and the next step.

use std::path::PathBuf;

use tandem_domain::Slug;

use crate::cursors::Stream;

/// A failure of the local database. [`StoreError::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process works on this profile.
    #[error("another Tandem is at work on this profile ({})", file.display())]
    EngineRunning {
        /// The lock file that it holds.
        file: PathBuf,
    },
    /// The file comes from a newer version; it was not touched.
    #[error("{} was written by a newer Tandem (format {found}, this one knows {known})", file.display())]
    Newer {
        /// The database.
        file: PathBuf,
        /// The format of the file.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The file is of an older version and may only be brought up to date under the engine lock.
    #[error("{} is of an older format ({found}, this one needs {known})", file.display())]
    Older {
        /// The database.
        file: PathBuf,
        /// The format of the file.
        found: u32,
        /// The format that this program needs.
        known: u32,
    },
    /// `SQLite` found the file malformed while it was in use.
    #[error("{} is damaged: {source}", file.display())]
    Damaged {
        /// The database.
        file: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// Another process kept the database to itself for longer than the busy timeout.
    #[error("{} is in use by another program", file.display())]
    Busy {
        /// The database.
        file: PathBuf,
    },
    /// Any other refusal of `SQLite`.
    #[error("{} cannot be used: {source}", file.display())]
    Database {
        /// The database.
        file: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// The folder or a file in it cannot be used.
    #[error("cannot {doing} {}: {source}", file.display())]
    File {
        /// What was tried, as a verb.
        doing: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A record could not be turned into its stored form; a limit of the format, not of the disk.
    #[error("{what} cannot be stored: {detail}")]
    Unstorable {
        /// Which record.
        what: &'static str,
        /// Why.
        detail: String,
    },
    /// No connection has this short name.
    #[error("there is no connection `{0}`")]
    UnknownConnection(Slug),
    /// Stores are bound to this Odoo, so it cannot go first.
    #[error("`{odoo}` is still used by {}", stores.iter().map(Slug::as_str).collect::<Vec<_>>().join(", "))]
    StillBound {
        /// The Odoo connection.
        odoo: Slug,
        /// The stores bound to it.
        stores: Vec<Slug>,
    },
    /// A page of a sweep that is no longer the running one; nothing was saved.
    #[error(
        "the fetch of {stream} from `{connection}` was restarted elsewhere (sweep {sweep} is over)"
    )]
    SweepOver {
        /// Whose records.
        connection: Slug,
        /// Which kind.
        stream: Stream,
        /// The sweep that the page belongs to.
        sweep: i64,
    },
}

impl StoreError {
    /// What to do about it, as a sentence without a full stop.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::EngineRunning { .. } => "use the window that is open, or close it first",
            Self::Newer { .. } => "install the newer Tandem, or choose another data folder",
            Self::Older { .. } => "start Tandem once, so that it can bring its files up to date",
            Self::Damaged { .. } => {
                "quit Tandem and move the file away: everything but your own decisions is fetched again"
            }
            Self::Busy { .. } => "wait a moment and try again",
            Self::Database { .. } | Self::File { .. } => {
                "check that the disk has room and that the folder belongs to you"
            }
            Self::Unstorable { .. } => "report this record: its shape is not foreseen",
            Self::UnknownConnection(_) => "list the connections to see their short names",
            Self::StillBound { .. } => "remove these stores first, or bind them to another Odoo",
            Self::SweepOver { .. } => "fetch again",
        }
    }

    /// Says which file an error of `SQLite` is about. Errors inside a transaction are made
    /// without it, because only [`crate::Store`] knows the file.
    pub(crate) fn in_file(self, path: &std::path::Path) -> Self {
        match self {
            Self::Database { source, .. } => {
                let file = path.to_owned();
                match source.sqlite_error_code() {
                    Some(
                        rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked,
                    ) => Self::Busy { file },
                    Some(
                        rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase,
                    ) => Self::Damaged { file, source },
                    _ => Self::Database { file, source },
                }
            }
            other => other,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Database {
            file: PathBuf::new(),
            source,
        }
    }
}

/// The outcome of everything that the store does.
pub type Result<T> = std::result::Result<T, StoreError>;
