//! One engine per profile: an operating-system lock that dies with the process.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{Result, StoreError};

/// Who holds the lock.
const OWNER: &str = "engine.pid";

/// Proof that this process, and no other, runs jobs and migrations on a data folder.
///
/// Held by the window or the daemon for as long as it lives; dropped, or killed, the lock is free.
#[derive(Debug)]
pub struct EngineLock {
    _file: File,
}

impl EngineLock {
    /// Takes the lock on a data folder, creating the folder if need be. Fails at once, without
    /// waiting, with [`StoreError::EngineRunning`] when another process holds it.
    pub fn acquire(folder: &Path) -> Result<Self> {
        create_private_folder(folder)?;
        let path = folder.join("engine.lock");
        let failed = |doing, source| StoreError::File {
            doing,
            file: path.clone(),
            source,
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|e| failed("open", e))?;
        match file.try_lock() {
            Ok(()) => {
                // Beside the lock: where locks are mandatory, what is locked cannot be read.
                let number = std::process::id().to_string();
                std::fs::write(folder.join(OWNER), number)
                    .map_err(|e| failed("note the owner of", e))?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::EngineRunning { file: path }),
            Err(TryLockError::Error(e)) => Err(failed("lock", e)),
        }
    }

    /// The number of the process that last took the lock on a data folder, to be told to whoever
    /// finds it taken.
    pub fn owner(folder: &Path) -> Option<u32> {
        let number = std::fs::read_to_string(folder.join(OWNER)).ok()?;
        number.trim().parse().ok()
    }
}

/// Customers' names and addresses lie in this folder, so nobody else may read it.
pub(crate) fn create_private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| StoreError::File {
        doing: "create",
        file: folder.to_owned(),
        source,
    })
}
