//! The folder of pictures: a file each, so many and so large at most. What was not looked at for
//! the longest time goes first. Losing it costs nothing but asking again.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use jiff::ToSpan as _;
use sha2::{Digest as _, Sha256};
use tandem_domain::Timestamp;

use super::PictureFile;

/// Files at most.
const FILES_MAX: usize = 5_000;
/// Bytes at most.
const BYTES_MAX: u64 = 200_000_000;
/// One picture at most.
const PICTURE_BYTES_MAX: usize = 4_000_000;
/// What a picture is, is asked again after so long.
const GOOD_DAYS: i64 = 14;
/// That there is none, is asked again after so long.
const NONE_DAYS: i64 = 1;

/// The name of a picture's file: nothing of the shop can be read from it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Name(String);

impl Name {
    /// Of everything that makes it another picture.
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hex = |mut text: String, byte: &u8| {
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
            text.extend([digit(byte >> 4), digit(byte & 15)]);
            text
        };
        Self(hash.finalize().iter().fold(String::new(), hex))
    }
}

/// What is known of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// This is it.
    Picture(PictureFile),
    /// There is none.
    Nothing,
}

impl Known {
    /// The picture, if there is one.
    pub(super) fn picture(self) -> Option<PictureFile> {
        match self {
            Self::Picture(picture) => Some(picture),
            Self::Nothing => None,
        }
    }
}

/// The folder.
#[derive(Debug)]
pub(super) struct Kept {
    folder: PathBuf,
    bounds: (usize, u64),
    index: Mutex<Option<Index>>,
}

/// What is in the folder.
#[derive(Debug, Default)]
struct Index {
    files: HashMap<Name, Entry>,
    bytes: u64,
    uses: u64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    size: u64,
    /// Counts up: the smallest was not used for the longest time.
    used: u64,
}

impl Kept {
    /// A folder that need not be there yet.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self::bounded(folder, (FILES_MAX, BYTES_MAX))
    }

    fn bounded(folder: &Path, bounds: (usize, u64)) -> Self {
        Self {
            folder: folder.to_owned(),
            bounds,
            index: Mutex::default(),
        }
    }

    /// How many files there are, how many bytes, and how many bytes there may be.
    pub(super) fn held(&self) -> (usize, u64, u64) {
        self.with_index(|index| (index.files.len(), index.bytes, self.bounds.1))
    }

    /// Removes all of them. What cannot be removed now is written over later.
    pub(super) fn clear(&self) {
        let names = self.with_index(|index| {
            let names: Vec<Name> = index.files.keys().cloned().collect();
            *index = Index::default();
            names
        });
        for name in names {
            drop(fs::remove_file(self.path(&name)));
        }
    }

    /// What is kept of a picture.
    pub(super) fn read(&self, name: &Name, now: Timestamp) -> Option<Known> {
        if !self.with_index(|index| index.touch(name)) {
            return None;
        }
        let file = fs::read(self.path(name)).ok();
        let read = file.as_deref().and_then(|file| parse(file, now));
        if read.is_none() {
            self.with_index(|index| index.remove(name));
            // A file that cannot be removed is written over later.
            drop(fs::remove_file(self.path(name)));
        }
        read
    }

    /// Keeps a picture, or that there is none. A disk that is full keeps nothing, and that is no
    /// failure.
    pub(super) fn write(&self, name: &Name, picture: Option<&PictureFile>, now: Timestamp) {
        if picture.is_some_and(|picture| picture.bytes.len() > PICTURE_BYTES_MAX) {
            return;
        }
        let Ok(size) = self.write_file(name, picture, now) else {
            return;
        };
        let surplus = self.with_index(|index| {
            index.insert(name, size);
            index.surplus(self.bounds)
        });
        for old in surplus {
            drop(fs::remove_file(self.path(&old)));
        }
    }

    /// Beside its place first, so that nobody reads half a picture.
    fn write_file(
        &self,
        name: &Name,
        picture: Option<&PictureFile>,
        now: Timestamp,
    ) -> std::io::Result<u64> {
        fs::create_dir_all(&self.folder)?;
        let beside = self.folder.join(format!("{}.part", name.0));
        let mut file = fs::File::create(&beside)?;
        let media_type = picture.map_or("", |picture| picture.media_type.as_str());
        writeln!(file, "{} {media_type}", now.as_second())?;
        if let Some(picture) = picture {
            file.write_all(&picture.bytes)?;
        }
        let size = file.metadata()?.len();
        drop(file);
        fs::rename(&beside, self.path(name))?;
        Ok(size)
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.folder.join(&name.0)
    }

    fn with_index<R>(&self, work: impl FnOnce(&mut Index) -> R) -> R {
        let mut index: MutexGuard<'_, Option<Index>> =
            self.index.lock().unwrap_or_else(PoisonError::into_inner);
        work(index.get_or_insert_with(|| Index::of(&self.folder)))
    }
}

impl Index {
    /// What an earlier process left, oldest first; what it left half-written is removed.
    fn of(folder: &Path) -> Self {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.len() != 64 {
                drop(fs::remove_file(entry.path()));
            } else if let Ok(data) = entry.metadata() {
                let written = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((written, Name(name), data.len()));
            }
        }
        files.sort_by_key(|(written, ..)| *written);
        let mut index = Self::default();
        for (_, name, size) in files {
            index.insert(&name, size);
        }
        index
    }

    fn insert(&mut self, name: &Name, size: u64) {
        self.remove(name);
        self.uses += 1;
        self.bytes += size;
        let used = self.uses;
        self.files.insert(name.clone(), Entry { size, used });
    }

    fn touch(&mut self, name: &Name) -> bool {
        self.uses += 1;
        let used = self.uses;
        let known = self.files.get_mut(name);
        known.map(|entry| entry.used = used).is_some()
    }

    fn remove(&mut self, name: &Name) {
        if let Some(entry) = self.files.remove(name) {
            self.bytes -= entry.size;
        }
    }

    /// Takes out what is too much, and a tenth more, so that this is not done each time.
    fn surplus(&mut self, (files_max, bytes_max): (usize, u64)) -> Vec<Name> {
        if self.files.len() <= files_max && self.bytes <= bytes_max {
            return Vec::new();
        }
        let mut oldest: Vec<(u64, Name)> = self
            .files
            .iter()
            .map(|(name, entry)| (entry.used, name.clone()))
            .collect();
        oldest.sort_unstable_by_key(|(used, _)| *used);
        let (files_max, bytes_max) = (files_max - files_max / 10, bytes_max - bytes_max / 10);
        let mut gone = Vec::new();
        for (_, name) in oldest {
            if self.files.len() <= files_max && self.bytes <= bytes_max {
                break;
            }
            self.remove(&name);
            gone.push(name);
        }
        gone
    }
}

/// Reads a file of ours; one that is too old, or not one of ours, is none.
fn parse(file: &[u8], now: Timestamp) -> Option<Known> {
    let end = file.iter().position(|byte| *byte == b'\n')?;
    let (written, media_type) = std::str::from_utf8(&file[..end]).ok()?.split_once(' ')?;
    let written = Timestamp::from_second(written.parse().ok()?).ok()?;
    let days = if media_type.is_empty() {
        NONE_DAYS
    } else {
        GOOD_DAYS
    };
    if now >= written + (days * 24).hours() {
        return None;
    }
    if media_type.is_empty() {
        return Some(Known::Nothing);
    }
    Some(Known::Picture(PictureFile {
        media_type: media_type.to_owned(),
        bytes: file[end + 1..].to_vec().into(),
    }))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use tandem_domain::Timestamp;

    use super::{Kept, Known, Name, PictureFile};

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).expect("an instant")
    }

    fn png(size: usize) -> PictureFile {
        PictureFile {
            media_type: "image/png".to_owned(),
            bytes: vec![7; size].into(),
        }
    }

    fn name(of: usize) -> Name {
        Name::of(&["shop", &of.to_string()])
    }

    #[test]
    fn a_picture_outlives_the_process_and_none_is_asked_again_after_a_day() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::in_folder(folder.path());
        assert_eq!(kept.read(&name(1), now()), None);
        kept.write(&name(1), Some(&png(10)), now());
        kept.write(&name(2), None, now());
        let later = Kept::in_folder(folder.path());
        assert_eq!(later.read(&name(1), now()), Some(Known::Picture(png(10))));
        assert_eq!(later.read(&name(2), now()), Some(Known::Nothing));
        assert_eq!(later.read(&name(2), now() + 25.hours()), None);
        assert_eq!(
            later.read(&name(1), now() + 25.hours()),
            Some(Known::Picture(png(10)))
        );
        assert_eq!(later.read(&name(1), now() + 360.hours()), None);
        assert_eq!(later.read(&name(1), now()), None, "an old one is removed");
    }

    #[test]
    fn what_is_kept_is_counted_and_can_be_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::bounded(folder.path(), (10, 1_000_000));
        for of in 0..3 {
            kept.write(&name(of), Some(&png(10)), now());
        }
        let (files, bytes, most) = Kept::bounded(folder.path(), (10, 1_000_000)).held();
        assert!((files, most) == (3, 1_000_000) && bytes >= 30, "{bytes}");
        kept.clear();
        assert_eq!(kept.held(), (0, 0, 1_000_000));
        assert_eq!(kept.read(&name(1), now()), None);
        let left = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 0, "no file is left behind");
    }

    #[test]
    fn what_was_not_looked_at_for_the_longest_time_goes_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::bounded(folder.path(), (10, 1_000_000));
        for of in 0..10 {
            kept.write(&name(of), Some(&png(10)), now());
        }
        assert!(kept.read(&name(0), now()).is_some(), "looked at again");
        kept.write(&name(10), Some(&png(10)), now());
        let here = |of| kept.read(&name(of), now()).is_some();
        assert!(here(0) && here(10) && !here(1) && !here(2));
        let files = std::fs::read_dir(folder.path()).expect("there").count();
        assert_eq!(
            files, 9,
            "a tenth more goes, so that it is not done each time"
        );
    }

    #[test]
    fn the_folder_is_bounded_in_bytes_and_a_damaged_file_is_no_picture() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kept = Kept::bounded(folder.path(), (1_000, 1_000));
        for of in 0..20 {
            kept.write(&name(of), Some(&png(200)), now());
        }
        let bytes: u64 = std::fs::read_dir(folder.path())
            .expect("there")
            .map(|file| file.expect("a file").metadata().expect("known").len())
            .sum();
        assert!(bytes <= 1_000, "{bytes}");
        std::fs::write(folder.path().join(&name(19).0), "rubbish").expect("writable");
        assert_eq!(kept.read(&name(19), now()), None);
        assert_ne!(Name::of(&["a", "bc"]), Name::of(&["ab", "c"]));
    }
}
