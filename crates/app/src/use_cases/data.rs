//! What Tandem keeps on this computer: how much room it takes, and how much is left.

use std::path::Path;
use std::sync::Arc;

use crate::blocking::blocking;
use crate::error::{AppError, Code};
use crate::view::{KeptData, kilobytes};
use crate::{App, Result};

impl App {
    /// How much room the folder of the profile takes; a profile in memory takes none.
    pub async fn kept_data(&self) -> Result<KeptData> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let Some(folder) = &inner.profile.folder else {
                return Ok(KeptData::default());
            };
            let bytes = size_of(folder);
            let bytes = bytes.map_err(|error| AppError::new(Code::Internal).details(error))?;
            Ok(KeptData {
                kilobytes: kilobytes(bytes),
                kilobytes_free: free_beside(folder).map(kilobytes),
            })
        })
        .await
    }
}

/// All files under a folder. One that goes away meanwhile takes no room.
fn size_of(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += match entry.metadata() {
            Ok(found) if found.is_dir() => size_of(&entry.path())?,
            Ok(found) => found.len(),
            Err(_) => 0,
        };
    }
    Ok(bytes)
}

#[cfg(unix)]
fn free_beside(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

#[cfg(not(unix))]
fn free_beside(_folder: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::size_of;

    #[test]
    fn files_of_folders_within_are_counted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let within = folder.path().join("pictures");
        std::fs::create_dir(&within).expect("creatable");
        for (file, bytes) in [(folder.path().join("a"), 700), (within.join("b"), 41)] {
            std::fs::write(file, vec![0; bytes]).expect("writable");
        }
        assert_eq!(size_of(folder.path()).expect("readable"), 741);
    }
}
