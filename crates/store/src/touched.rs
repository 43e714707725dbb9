//! Which rows were written since somebody last asked: what is kept in memory follows by it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::Result;

/// Above this it is quicker to read a table anew.
const ROWS_MAX: usize = 20_000;

/// Rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rows {
    /// These.
    Few(BTreeSet<i64>),
    /// Too many to name.
    Many,
}

impl Default for Rows {
    fn default() -> Self {
        Self::Few(BTreeSet::new())
    }
}

impl Rows {
    fn add(&mut self, id: i64) {
        match self {
            Self::Few(ids) if ids.len() < ROWS_MAX => {
                ids.insert(id);
            }
            Self::Few(_) => *self = Self::Many,
            Self::Many => {}
        }
    }

    fn add_all(&mut self, more: Self) {
        match more {
            Self::Few(ids) => ids.into_iter().for_each(|id| self.add(id)),
            Self::Many => *self = Self::Many,
        }
    }
}

/// Rows of the tables of which something is kept in memory.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) review: Rows,
    pub(crate) listings: Rows,
    pub(crate) variants: Rows,
    pub(crate) decisions: Rows,
}

impl Touched {
    fn table(&mut self, name: &str) -> Option<&mut Rows> {
        match name {
            "review" => Some(&mut self.review),
            "listings" => Some(&mut self.listings),
            "variants" => Some(&mut self.variants),
            "decisions" => Some(&mut self.decisions),
            _ => None,
        }
    }
}

/// Takes note of what one connection writes, and shows it once it is committed: whoever asks
/// earlier would read the old rows and believe them new.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    written: Arc<Mutex<Touched>>,
    committed: Mutex<Committed>,
}

#[derive(Debug, Default)]
struct Committed {
    touched: Touched,
    commits: u64,
    /// Those that wrote variants.
    of_variants: u64,
}

impl Notes {
    /// From now on, what this connection writes is noted.
    pub(crate) fn watch(&self, connection: &mut Connection) -> Result<()> {
        let written = Arc::clone(&self.written);
        connection.update_hook(Some(move |_, _: &str, table: &str, id| {
            if let Some(rows) = open(&written).table(table) {
                rows.add(id);
            }
        }))?;
        Ok(())
    }

    /// The connection committed, or it rolled back.
    pub(crate) fn ended(&self, committed: bool) {
        let written = std::mem::take(&mut *open(&self.written));
        if committed {
            let mut all = open(&self.committed);
            all.commits += 1;
            all.of_variants += u64::from(written.variants != Rows::default());
            all.touched.review.add_all(written.review);
            all.touched.listings.add_all(written.listings);
            all.touched.variants.add_all(written.variants);
            all.touched.decisions.add_all(written.decisions);
        }
    }

    /// How often something was committed.
    pub(crate) fn commits(&self) -> u64 {
        open(&self.committed).commits
    }

    /// How often variants were among it.
    pub(crate) fn commits_of_variants(&self) -> u64 {
        open(&self.committed).of_variants
    }

    /// Rows of one table that were written since this was asked last.
    pub(crate) fn take(&self, table: impl FnOnce(&mut Touched) -> &mut Rows) -> Rows {
        std::mem::take(table(&mut open(&self.committed).touched))
    }
}

fn open<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
