//! What no fetch brings back, in one file: written, looked at, taken over.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tandem_store::Backup;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::saving::free_name;
use crate::view::{BackupView, Restored, Stale, kilobytes};
use crate::{App, Result};

/// How backups are named.
const STEM: &str = "tandem-backup-";
const ENDING: &str = "db";
/// Where what a restore replaces is kept.
const ASIDE: &str = "before-restore";

impl App {
    /// Writes a backup of this day into a folder, under a name that is free.
    pub async fn back_up_into(&self, folder: &Path) -> Result<BackupView> {
        let (inner, folder) = (Arc::clone(&self.inner), folder.to_owned());
        blocking(move || {
            let day = inner.clock.now().strftime("%Y-%m-%d").to_string();
            inner.back_up(&free_name(&folder, &format!("{STEM}{day}"), ENDING)?)
        })
        .await
    }

    /// Writes a backup into a file; one that is there is left alone.
    pub async fn back_up(&self, file: &Path) -> Result<BackupView> {
        let (inner, file) = (Arc::clone(&self.inner), file.to_owned());
        blocking(move || inner.back_up(&file)).await
    }

    /// The backups that lie in a folder, the latest first.
    pub async fn backups(&self, folder: &Path) -> Result<Vec<String>> {
        let folder = folder.to_owned();
        blocking(move || {
            // A folder that is not there has none.
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            let paths = entries.map(|entry| entry.path()).filter(|path| {
                let name = path.file_name().and_then(|name| name.to_str());
                name.is_some_and(|name| name.starts_with(STEM) && name.ends_with(ENDING))
            });
            let mut dated: Vec<_> = paths
                .map(|path| {
                    (
                        path.metadata().and_then(|found| found.modified()).ok(),
                        path,
                    )
                })
                .collect();
            dated.sort_by(|one, other| other.cmp(one));
            let shown = dated
                .into_iter()
                .map(|(_, path)| path.display().to_string());
            Ok(shown.collect())
        })
        .await
    }

    /// What would be taken over from a backup.
    pub async fn look_at_backup(&self, file: &Path) -> Result<BackupView> {
        let (inner, file) = (Arc::clone(&self.inner), file.to_owned());
        blocking(move || {
            let seen = inner.store.look_at_backup(&file);
            Ok(view(&file, seen.map_err(|error| refused(&file, error))?))
        })
        .await
    }

    /// Takes over what a backup has, and matches its stores anew. What it replaces is kept beside,
    /// as a backup of its own.
    pub async fn restore(&self, file: &Path) -> Result<Restored> {
        let (inner, from) = (Arc::clone(&self.inner), file.to_owned());
        let (taken, aside) = blocking(move || inner.restore(&from)).await?;
        for slug in &taken.slugs {
            // What was never fetched is matched after its first fetch.
            if let Err(error) = self.match_again(slug.as_str()).await {
                tracing::info!(code = error.code.as_str(), store = %slug, "not matched after a restore");
            }
        }
        self.inner.stale(&Stale::ALL);
        Ok(Restored {
            taken: view(file, taken),
            aside: aside.map(|aside| aside.display().to_string()),
        })
    }
}

impl Inner {
    fn back_up(&self, file: &Path) -> Result<BackupView> {
        if file.exists() {
            return Err(AppError::new(Code::FileExists).with("file", file.display()));
        }
        let written = self.store.back_up(file);
        if written.is_err() {
            // Half a backup is none.
            drop(fs::remove_file(file));
        }
        Ok(view(file, written?))
    }

    fn restore(&self, from: &Path) -> Result<(Backup, Option<PathBuf>)> {
        self.refuse_beside_engine()?;
        if !self.runs.at_work().is_empty() {
            return Err(AppError::new(Code::RunBusy));
        }
        let seen = self.store.look_at_backup(from);
        seen.map_err(|error| refused(from, error))?;
        let aside = match &self.profile.folder {
            None => None,
            Some(folder) => {
                let day = self.clock.now().strftime("%Y-%m-%d").to_string();
                let aside = free_name(folder, &format!("{ASIDE}-{day}"), ENDING)?;
                self.back_up(&aside)?;
                Some(aside)
            }
        };
        Ok((self.store.restore(from)?, aside))
    }
}

/// A file that is no backup is a wrong choice; nothing here is damaged.
fn refused(file: &Path, error: tandem_store::StoreError) -> AppError {
    match AppError::from(error) {
        error if error.code == Code::StoreFailed => {
            AppError::bad_input("file", file.display()).details(error.details)
        }
        error => error,
    }
}

fn view(file: &Path, backup: Backup) -> BackupView {
    let bytes = file.metadata().map_or(0, |found| found.len());
    BackupView {
        path: file.display().to_string(),
        kilobytes: kilobytes(bytes),
        stores: backup.stores,
        left_out: backup.left_out,
        links: backup.links,
        decisions: backup.decisions,
        maps: backup.maps,
    }
}
