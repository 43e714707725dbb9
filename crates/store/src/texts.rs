//! What people search by, of one catalogue, in memory: a look through all of it takes
//! milliseconds from the first letter on, whatever is typed.

use std::collections::HashMap;

use memchr::memmem::Finder;
use rusqlite::{Connection, OptionalExtension, params};
use tandem_domain::Slug;

use crate::error::Result;
use crate::fold::{fold, terms};
use crate::touched::Rows;

/// Above this many changed rows the texts are read anew.
const CHANGED_MAX: usize = 2_000;
/// Numbers up to this have a place in a bit field of 8 MB at most.
const DENSE_MAX: i64 = 1 << 26;

/// A table that is searched by name, SKU and barcode.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Searched {
    Listings,
    Variants,
}

impl Searched {
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Variants => "variants",
        }
    }
}

/// The texts of one catalogue: name, SKU and barcode of each row, folded.
#[derive(Debug)]
pub(crate) struct Texts {
    table: Searched,
    connection: Slug,
    ids: Vec<i64>,
    /// By what a row is named elsewhere: a listing by its id, a variant by its key in Odoo.
    names: Vec<i64>,
    /// Where each row's text ends.
    ends: Vec<u32>,
    all: String,
    /// Rows that say something else since; `None` for those that are gone.
    changed: HashMap<i64, Option<(i64, String)>>,
}

/// Rows that were found, by what they are named elsewhere.
#[derive(Debug)]
pub(crate) enum Found {
    Bits(Vec<u64>),
    Names(std::collections::HashSet<i64>),
}

impl Found {
    fn up_to(highest: i64) -> Self {
        match usize::try_from(highest) {
            Ok(most) if highest < DENSE_MAX => Self::Bits(vec![0; most / 64 + 1]),
            _ => Self::Names(std::collections::HashSet::new()),
        }
    }

    /// These rows.
    pub(crate) fn of(names: &[i64]) -> Self {
        let mut found = Self::up_to(names.iter().copied().max().unwrap_or(0));
        for name in names {
            found.add(*name);
        }
        found
    }

    fn add(&mut self, name: i64) {
        match self {
            Self::Bits(bits) => {
                if let Some((place, bit)) = place_of(name)
                    && let Some(word) = bits.get_mut(place)
                {
                    *word |= bit;
                }
            }
            Self::Names(names) => {
                names.insert(name);
            }
        }
    }

    /// Whether the row of this name is among them.
    pub(crate) fn has(&self, name: i64) -> bool {
        match self {
            Self::Bits(bits) => place_of(name)
                .and_then(|(place, bit)| Some(bits.get(place)? & bit != 0))
                .unwrap_or(false),
            Self::Names(names) => names.contains(&name),
        }
    }
}

fn place_of(name: i64) -> Option<(usize, u64)> {
    let name = usize::try_from(name).ok()?;
    Some((name / 64, 1 << (name % 64)))
}

impl Texts {
    /// Reads the texts of a catalogue.
    pub(crate) fn read(db: &Connection, table: Searched, connection: &Slug) -> Result<Self> {
        let mut texts = Self {
            table,
            connection: connection.clone(),
            ids: Vec::new(),
            names: Vec::new(),
            ends: Vec::new(),
            all: String::new(),
            changed: HashMap::new(),
        };
        // The plus keeps the planner from an index by connection, which jumps about the table.
        let mut statement = db.prepare_cached(&format!(
            "SELECT {} FROM {} WHERE +connection = ?1 AND gone_at IS NULL ORDER BY id",
            columns(table),
            table.table()
        ))?;
        let mut rows = statement.query([connection.as_str()])?;
        while let Some(row) = rows.next()? {
            texts.ids.push(row.get(0)?);
            texts.names.push(row.get(1)?);
            fold_row(row, &mut texts.all)?;
            texts
                .ends
                .push(u32::try_from(texts.all.len()).unwrap_or(u32::MAX));
        }
        texts.all.shrink_to_fit();
        Ok(texts)
    }

    /// Whether these are the texts of that catalogue.
    pub(crate) fn are_of(&self, connection: &Slug) -> bool {
        self.connection == *connection
    }

    /// Follows what was written since. False when it is quicker to read all anew.
    pub(crate) fn follow(&mut self, db: &Connection, rows: &Rows) -> Result<bool> {
        let Rows::Few(ids) = rows else {
            return Ok(false);
        };
        let mut statement = db.prepare_cached(&format!(
            "SELECT {} FROM {} WHERE id = ?1 AND connection = ?2 AND gone_at IS NULL",
            columns(self.table),
            self.table.table()
        ))?;
        for id in ids {
            let now = statement
                .query_row(params![id, self.connection.as_str()], |row| {
                    let mut text = String::new();
                    fold_row(row, &mut text)?;
                    Ok((row.get::<_, i64>(1)?, text))
                })
                .optional()?;
            let before = self.ids.binary_search(id).ok();
            if before.map(|at| self.row(at)) == now.as_ref().map(|(_, text)| text.as_str()) {
                self.changed.remove(id);
            } else {
                self.changed.insert(*id, now);
            }
        }
        Ok(self.changed.len() <= CHANGED_MAX)
    }

    /// The rows in which every term occurs; with nothing typed, all of them.
    pub(crate) fn find(&self, text: &str) -> Found {
        let terms = terms(text);
        let changed = self.changed.values().flatten();
        let highest = self.names.iter().copied();
        let highest = highest.chain(changed.map(|(name, _)| *name));
        let mut found = Found::up_to(highest.max().unwrap_or(0));
        self.each(&terms, |at| found.add(self.names[at]));
        self.each_changed(&terms, |_, name| found.add(name));
        found
    }

    /// The ids of the same rows, in the order in which they were first seen.
    pub(crate) fn ids(&self, text: &str) -> Vec<i64> {
        let terms = terms(text);
        let mut ids = Vec::new();
        self.each(&terms, |at| ids.push(self.ids[at]));
        self.each_changed(&terms, |id, _| ids.push(id));
        ids.sort_unstable();
        ids
    }

    fn each_changed(&self, terms: &[String], mut each: impl FnMut(i64, i64)) {
        for (id, now) in &self.changed {
            if let Some((name, text)) = now
                && terms.iter().all(|term| text.contains(term.as_str()))
            {
                each(*id, *name);
            }
        }
    }

    /// Hands over the places of the rows in which every term occurs and that did not change. The
    /// longest term leads: it is the rarest as a rule.
    fn each(&self, terms: &[String], mut each: impl FnMut(usize)) {
        let is_as_read = |at: &usize| !self.changed.contains_key(&self.ids[*at]);
        let Some(lead) = terms.iter().max_by_key(|term| term.len()) else {
            (0..self.ids.len()).filter(is_as_read).for_each(each);
            return;
        };
        let finder = Finder::new(lead.as_bytes());
        let others: Vec<_> = terms.iter().filter(|term| *term != lead).collect();
        let (mut at, mut from) = (0, 0);
        while let Some(hit) = self
            .all
            .as_bytes()
            .get(from..)
            .and_then(|rest| finder.find(rest))
        {
            let hit = from + hit;
            while self.ends[at] as usize <= hit {
                at += 1;
            }
            let text = self.row(at);
            let is_it = others.iter().all(|term| text.contains(term.as_str()));
            if is_it && is_as_read(&at) {
                each(at);
            }
            from = self.ends[at] as usize;
        }
    }

    fn row(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from as usize..self.ends[at] as usize]
    }
}

fn columns(table: Searched) -> &'static str {
    match table {
        Searched::Listings => "id, id, name, sku, barcode",
        Searched::Variants => "id, key, name, sku, barcode",
    }
}

fn fold_row(row: &rusqlite::Row<'_>, into: &mut String) -> rusqlite::Result<()> {
    for column in 2..5 {
        if let Some(text) = row.get_ref(column)?.as_str_or_null()? {
            fold(text, into);
        }
        // No term has a line end in it, so none is found across two fields or rows.
        into.push('\n');
    }
    Ok(())
}
