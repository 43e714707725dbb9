//! What the last match found, kept beside the database, so that a small change costs a small
//! match.
//!
//! A kept match is only ever a shorter way to the same outcome: when it is missing, of another
//! version or in doubt, everything is looked at again.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tandem_domain::{ListingKey, Slug, Variant, VariantKey, VariantKind};
use tandem_matching::{Catalogues, Changes, LeftItem, RightItem, Session};
use tandem_store::RowHash;

use crate::Result;
use crate::context::{Inner, VERSION};
use crate::use_cases::learning::{RowPrint, changed_rows, left_print, print_of_words, right_print};
use crate::use_cases::matching::Standing;

/// Bytes before the content, by which a damaged file is noticed.
const CHECK_BYTES: usize = 8;

/// Where matches are kept: in files of the profile, or in memory with it.
#[derive(Debug, Default)]
pub(crate) struct KeptMatches {
    folder: Option<PathBuf>,
    in_memory: Mutex<HashMap<Slug, Vec<u8>>>,
}

impl KeptMatches {
    pub(crate) fn in_folder(profile: Option<&Path>) -> Self {
        Self {
            folder: profile.map(|folder| folder.join("matching")),
            in_memory: Mutex::default(),
        }
    }

    fn in_memory(&self) -> MutexGuard<'_, HashMap<Slug, Vec<u8>>> {
        self.in_memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, store: &Slug) -> Option<Vec<u8>> {
        match &self.folder {
            Some(folder) => fs::read(file(folder, store)).ok(),
            None => self.in_memory().get(store).cloned(),
        }
    }

    /// All of it or nothing.
    fn write(&self, store: &Slug, bytes: Vec<u8>) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            self.in_memory().insert(store.clone(), bytes);
            return Ok(());
        };
        fs::create_dir_all(folder)?;
        let new = folder.join(format!("{store}.new"));
        fs::write(&new, bytes)?;
        fs::rename(new, file(folder, store))
    }

    /// Forgets the match of a store that is gone. A file that cannot be removed is never read.
    pub(crate) fn forget(&self, store: &Slug) {
        self.in_memory().remove(store);
        if let Some(folder) = &self.folder {
            drop(fs::remove_file(file(folder, store)));
        }
    }
}

fn file(folder: &Path, store: &Slug) -> PathBuf {
    folder.join(format!("{store}.kept"))
}

/// What every row of both catalogues said, and what of it the matching knows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rows {
    listings: Vec<(ListingKey, RowHash, RowPrint)>,
    /// Variants that are not for sale are not matched.
    variants: Vec<(VariantKey, RowHash, Option<RowPrint>)>,
}

/// What the rows of both sides say, as the database knows it.
pub(crate) type Hashes = (Vec<(ListingKey, RowHash)>, Vec<(VariantKey, RowHash)>);

impl Rows {
    /// Of catalogues that were just read; what is new since the hashes were is left out, and so
    /// found next time.
    pub(crate) fn of((listings, variants): Hashes, catalogues: &Catalogues) -> Self {
        let left = catalogues.left.iter();
        let left: HashMap<_, _> = left.map(|item| (&item.key, left_print(item))).collect();
        let right = catalogues.right.iter();
        let right: HashMap<_, _> = right.map(|item| (item.key, right_print(item))).collect();
        let listings = listings.into_iter();
        let variants = variants.into_iter();
        Self {
            listings: listings
                .filter_map(|(key, hash)| {
                    let print = *left.get(&key)?;
                    Some((key, hash, print))
                })
                .collect(),
            variants: variants
                .map(|(key, hash)| (key, hash, right.get(&key).copied()))
                .collect(),
        }
    }

    /// How many listings and variants are matched.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let matched = self.variants.iter().filter(|row| row.2.is_some());
        (self.listings.len(), matched.count())
    }

    /// What all matched rows say, rising.
    pub(crate) fn prints(&self) -> Vec<u8> {
        let right = self.variants.iter().filter_map(|row| row.2);
        let mut prints: Vec<_> = self.listings.iter().map(|row| row.2).chain(right).collect();
        prints.sort_unstable();
        prints.concat()
    }
}

/// Everything that is kept but the session.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// The stamp in the database.
    stamp: String,
    program: String,
    odoo: Slug,
    /// The decisions that were in force, by number, rising.
    decisions: Vec<i64>,
    rows: Rows,
}

/// A kept match, and what changed since.
pub(crate) struct Before {
    pub(crate) session: Session,
    pub(crate) changes: Changes,
    /// The rows as they are now.
    pub(crate) rows: Rows,
}

impl Inner {
    /// The last match of a store, where it and its model still hold.
    pub(crate) fn match_before(
        &self,
        (store, odoo): (&Slug, &Slug),
        standing: &Standing,
    ) -> Result<Option<Before>> {
        let Some(stamp) = self.store.matched(store)? else {
            return Ok(None);
        };
        let words = self.word_lists(store)?;
        let words = print_of_words(words.0.into_iter(), words.1.into_iter());
        let Some((model, before)) = self.model_in_force((store, odoo), &words)? else {
            return Ok(None);
        };
        let Some(bytes) = self.kept_matches.read(store) else {
            return Ok(None);
        };
        let found =
            unsealed(&bytes).and_then(|bytes| postcard::take_from_bytes::<Kept>(bytes).ok());
        let Some((kept, session)) = found else {
            return Ok(None);
        };
        if kept.stamp != stamp || kept.program != VERSION || kept.odoo != *odoo {
            return Ok(None);
        }
        let (rows, mut changes) = self.changed_since((store, odoo), kept.rows)?;
        if model.is_stale(changed_rows(&before, &rows.prints())) {
            return Ok(None);
        }
        changes.wanted = self.touched(store, standing, &kept.decisions)?;
        (changes.rejected, changes.decided) = standing.said();
        let session = Session::from_bytes(model, session);
        Ok(session.map(|session| Before {
            session,
            changes,
            rows,
        }))
    }

    /// Reads the rows that are not what they were.
    fn changed_since(
        &self,
        (store, odoo): (&Slug, &Slug),
        before: Rows,
    ) -> Result<(Rows, Changes)> {
        let mut changes = Changes::default();
        let mut rows = Rows::default();
        let mut old: HashMap<_, _> = before
            .listings
            .into_iter()
            .map(|row| (row.0, (row.1, row.2)))
            .collect();
        for (key, hash) in self.store.listings_said(store)? {
            let known = old.remove(&key);
            if let Some((_, print)) = known.filter(|known| known.0 == hash) {
                rows.listings.push((key, hash, print));
            } else if let Some(listing) = self.store.listing(store, &key)? {
                let item: LeftItem = tandem_matching::left(&listing);
                let print = left_print(&item);
                if known.is_none_or(|known| known.1 != print) {
                    changes.left.push(item);
                }
                rows.listings.push((key, hash, print));
            }
        }
        changes.left_gone = old.into_keys().collect();
        let mut old: HashMap<_, _> = before
            .variants
            .into_iter()
            .map(|row| (row.0, (row.1, row.2)))
            .collect();
        for (key, hash) in self.store.variants_said(odoo)? {
            let known = old.remove(&key);
            if let Some((_, print)) = known.filter(|known| known.0 == hash) {
                rows.variants.push((key, hash, print));
            } else if let Some(variant) = self.store.variant(odoo, key)? {
                let item: Option<RightItem> =
                    matched(&variant).then(|| tandem_matching::right(&variant));
                let print = item.as_ref().map(right_print);
                let was = known.and_then(|known| known.1);
                if print.is_none() && was.is_some() {
                    changes.right_gone.insert(key);
                }
                changes.right.extend(item.filter(|_| print != was));
                rows.variants.push((key, hash, print));
            }
        }
        let gone = old.into_iter().filter(|(_, (_, print))| print.is_some());
        changes.right_gone.extend(gone.map(|(key, _)| key));
        Ok((rows, changes))
    }

    /// Listings that somebody decided on or took a decision back on since the last match, and
    /// those that such decisions moved in the queue.
    fn touched(
        &self,
        store: &Slug,
        standing: &Standing,
        before: &[i64],
    ) -> Result<HashSet<ListingKey>> {
        let mut touched: HashSet<_> = standing.another_than(before).cloned().collect();
        if !touched.is_empty() || !standing.is_empty() {
            touched.extend(self.store.listings_moved(store)?);
        }
        Ok(touched)
    }

    /// Keeps a match that was saved. One that cannot be kept costs time at the next match, no more.
    pub(crate) fn keep_match(
        &self,
        (store, odoo): (&Slug, &Slug),
        (session, rows): (&Session, Rows),
        standing: &Standing,
    ) -> Result<()> {
        let kept = Kept {
            stamp: self.random.token()?,
            program: VERSION.to_owned(),
            odoo: odoo.clone(),
            decisions: standing.numbers(),
            rows,
        };
        let bytes = postcard::to_extend(&kept, vec![0; CHECK_BYTES]);
        let bytes = bytes.map(|head| sealed(head, session));
        let written = bytes
            .map_err(io::Error::other)
            .and_then(|bytes| self.kept_matches.write(store, bytes));
        match written {
            Ok(()) => Ok(self.store.set_matched(store, Some(&kept.stamp))?),
            Err(error) => {
                tracing::warn!(%error, "a match could not be kept");
                Ok(())
            }
        }
    }
}

/// Whether Odoo sells a variant as a thing, so that a listing can be one.
pub(crate) fn matched(variant: &Variant) -> bool {
    variant.active && variant.sale_ok && variant.kind != VariantKind::Service
}

fn check(content: &[u8]) -> [u8; CHECK_BYTES] {
    let all: [u8; 32] = Sha256::digest(content).into();
    std::array::from_fn(|place| all[place])
}

/// What is kept, with the session behind its head, and a check in front.
fn sealed(head: Vec<u8>, session: &Session) -> Vec<u8> {
    let mut bytes = session.append_to(head);
    let check = check(&bytes[CHECK_BYTES..]);
    bytes[..CHECK_BYTES].copy_from_slice(&check);
    bytes
}

/// What is behind the check; nothing when a byte of it changed.
fn unsealed(bytes: &[u8]) -> Option<&[u8]> {
    let (sealed, content) = bytes.split_at_checked(CHECK_BYTES)?;
    (sealed == check(content)).then_some(content)
}
