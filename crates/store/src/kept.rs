//! What is kept in memory so that lists and searches answer at once: the overview of one review,
//! and the texts of one catalogue on each side. Every look first follows what was written since.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row};
use tandem_domain::Slug;

use crate::connections::bound_odoo;
use crate::db::Store;
use crate::error::Result;
use crate::judged::Judgements;
use crate::order_list::{Group, OrderFilter};
use crate::overview::{Narrowed, Overview};
use crate::patterns::{Judged, Pattern};
use crate::review::{GroupKind, ReviewFilter};
use crate::texts::{Found, Searched, Texts};
use crate::touched::{Rows, Touched};

/// Read when it is asked for, and let go of when nothing is asked for a while.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    overview: Mutex<Option<Slot<Overview>>>,
    listings: Mutex<Option<Slot<Texts>>>,
    variants: Mutex<Option<Slot<Texts>>>,
    /// What single decisions said of each pattern.
    judgements: Mutex<Option<Slot<Judgements>>>,
    /// Variants that a store's listings are linked to, as of so many commits.
    linked: KeptAsOf<Found>,
    /// Variants of an Odoo that are sold, as of so many commits that wrote variants.
    sold: KeptAsOf<Vec<i64>>,
    /// Orders counted for one question, as of so many commits.
    orders: Mutex<Option<CountedOrders>>,
}

/// Whose orders, narrowed to what, as of when.
type CountedOrders = ((Slug, OrderFilter), Written, Arc<Vec<Group>>);

/// How far this process and others had written.
type Written = (u64, Option<i64>);

/// Of which connection, as of when.
type KeptAsOf<T> = Mutex<Option<(Slug, Written, Arc<T>)>>;

#[derive(Debug)]
struct Slot<T> {
    value: T,
    /// How far other processes had written when it was read.
    elsewhere: Option<i64>,
}

impl Kept {
    /// Lets go of all of it.
    pub(crate) fn let_go(&self) {
        *open(&self.overview) = None;
        *open(&self.listings) = None;
        *open(&self.variants) = None;
        *open(&self.linked) = None;
        *open(&self.sold) = None;
    }
}

impl Store {
    /// Looks at the overview of a store's review, and at what a filter's search boxes leave.
    pub(crate) fn look<T>(
        &self,
        store: &Slug,
        filter: &ReviewFilter,
        look: impl FnOnce(&Overview, &Narrowed) -> T,
    ) -> Result<T> {
        let narrowed = self.narrowed(store, filter)?;
        let mut slot = open(&self.kept.overview);
        let overview = self.followed(
            &mut slot,
            |touched| &mut touched.review,
            &Following {
                fits: |overview: &Overview| overview.is_of(store),
                read: |db: &Connection| Overview::read(db, store),
                follow: |overview: &mut Overview, db: &Connection, rows: &Rows| {
                    overview.follow(db, rows)
                },
            },
        )?;
        Ok(look(overview, &narrowed))
    }

    /// What was typed into the search boxes, and the group that is asked for, as sets of rows.
    fn narrowed(&self, store: &Slug, filter: &ReviewFilter) -> Result<Narrowed> {
        let mut narrowed = Narrowed::default();
        if let Some((kind, key)) = &filter.group {
            let ids = self.read(|db| group_ids(db, store, (*kind, key)))?;
            narrowed.listings.push(Found::of(&ids));
        }
        if !filter.store_text.trim().is_empty() {
            let listings = (Searched::Listings, store);
            let found = self.texts(listings, |texts| texts.find(&filter.store_text))?;
            narrowed.listings.push(found);
        }
        if !filter.odoo_text.trim().is_empty() {
            narrowed
                .variants
                .push(match self.read(|db| bound_odoo(db, store))? {
                    Some(odoo) => {
                        let variants = (Searched::Variants, &odoo);
                        self.texts(variants, |texts| texts.find(&filter.odoo_text))?
                    }
                    None => Found::of(&[]),
                });
        }
        Ok(narrowed)
    }

    /// Reads the texts that the products of both sides are searched by, so that the first letter
    /// does not wait for it.
    pub fn prepare_search(&self, store: &Slug) -> Result<()> {
        self.texts((Searched::Listings, store), |_| ())?;
        if let Some(odoo) = self.read(|db| bound_odoo(db, store))? {
            self.texts((Searched::Variants, &odoo), |_| ())?;
        }
        Ok(())
    }

    /// The rows of a catalogue in whose name, SKU or barcode every term occurs, in the order in
    /// which they were first seen; with nothing typed, the first ones. `only` is a condition on
    /// them.
    pub(crate) fn search<T>(
        &self,
        (table, connection): (Searched, &Slug),
        text: &str,
        (only, limit): (&str, u32),
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let ids = self.texts((table, connection), |texts| texts.ids(text))?;
        let sql = format!("SELECT * FROM {} WHERE id = ?1 AND {only}", table.table());
        self.read(|db| {
            let mut statement = db.prepare_cached(&sql)?;
            let rows = ids
                .iter()
                .filter_map(|id| statement.query_row([id], &read).optional().transpose());
            Ok(rows.take(limit as usize).collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Looks at the texts of a catalogue.
    fn texts<T>(
        &self,
        (table, connection): (Searched, &Slug),
        look: impl FnOnce(&Texts) -> T,
    ) -> Result<T> {
        let mut slot = open(match table {
            Searched::Listings => &self.kept.listings,
            Searched::Variants => &self.kept.variants,
        });
        let texts = self.followed(
            &mut slot,
            |touched| match table {
                Searched::Listings => &mut touched.listings,
                Searched::Variants => &mut touched.variants,
            },
            &Following {
                fits: |texts: &Texts| texts.are_of(connection),
                read: |db: &Connection| Texts::read(db, table, connection),
                follow: |texts: &mut Texts, db: &Connection, rows: &Rows| texts.follow(db, rows),
            },
        )?;
        Ok(look(texts))
    }

    /// What is kept, brought up to date: by the rows written since where that is quicker.
    fn followed<'a, T>(
        &self,
        slot: &'a mut Option<Slot<T>>,
        table: impl FnOnce(&mut Touched) -> &mut Rows,
        how: &Following<
            impl Fn(&T) -> bool,
            impl Fn(&Connection) -> Result<T>,
            impl Fn(&mut T, &Connection, &Rows) -> Result<bool>,
        >,
    ) -> Result<&'a T> {
        let elsewhere = self.written_elsewhere()?;
        // Taken before anything is read: what is written from now on is followed the next time.
        let rows = self.notes.take(table);
        let kept = slot.take().filter(|kept| {
            let untouched = elsewhere.is_none() || kept.elsewhere == elsewhere;
            untouched && (how.fits)(&kept.value)
        });
        let kept = self.read(|db| {
            if let Some(mut kept) = kept
                && (how.follow)(&mut kept.value, db, &rows)?
            {
                return Ok(kept);
            }
            Ok(Slot {
                value: (how.read)(db)?,
                elsewhere,
            })
        })?;
        Ok(&slot.insert(kept).value)
    }

    /// Counts orders, once for each question and each state of the database.
    pub(crate) fn counted_orders(
        &self,
        (store, filter): (&Slug, OrderFilter),
        count: CountOrders,
    ) -> Result<Arc<Vec<Group>>> {
        let asked = (store.clone(), filter);
        let written = (self.notes.commits(), self.written_elsewhere()?);
        if let Some((of, when, counted)) = &*open(&self.kept.orders)
            && *of == asked
            && *when == written
        {
            return Ok(Arc::clone(counted));
        }
        let counted = Arc::new(self.read(|db| count(db, &asked.0, &asked.1))?);
        *open(&self.kept.orders) = Some((asked, written, Arc::clone(&counted)));
        Ok(counted)
    }

    /// The variants that a store's listings are linked to.
    pub(crate) fn linked(&self, store: &Slug) -> Result<Arc<Found>> {
        let written = (self.notes.commits(), self.written_elsewhere()?);
        kept_as_of(&self.kept.linked, (store, written), || {
            let linked = self.read(|db| numbers(db, LINKED, store))?;
            Ok(Found::of(&linked))
        })
    }

    /// How many variants of an Odoo are sold and linked to no listing of the store.
    pub(crate) fn count_only_in_odoo(&self, store: &Slug) -> Result<u32> {
        let Some(odoo) = self.read(|db| bound_odoo(db, store))? else {
            return Ok(0);
        };
        let written = (self.notes.commits_of_variants(), self.written_elsewhere()?);
        let sold = kept_as_of(&self.kept.sold, (&odoo, written), || {
            self.read(|db| numbers(db, SOLD, &odoo))
        })?;
        let linked = self.linked(store)?;
        let alone = sold.iter().filter(|variant| !linked.has(**variant));
        Ok(u32::try_from(alone.count()).unwrap_or(u32::MAX))
    }

    /// What single decisions said of each pattern of a store.
    pub fn patterns_judged(&self, store: &Slug) -> Result<BTreeMap<Pattern, Judged>> {
        let mut slot = open(&self.kept.judgements);
        let judgements = self.followed(
            &mut slot,
            |touched| &mut touched.decisions,
            &Following {
                fits: |judgements: &Judgements| judgements.are_of(store),
                read: |db: &Connection| Judgements::read(db, store),
                follow: |judgements: &mut Judgements, db: &Connection, rows: &Rows| {
                    judgements.follow(db, rows)
                },
            },
        )?;
        Ok(judgements.by_pattern().clone())
    }
}

const LINKED: &str = "SELECT variant FROM links WHERE store = ?1";

/// The plus keeps the planner from an index, which jumps about the table.
const SOLD: &str = "SELECT key FROM variants WHERE +connection = ?1 AND gone_at IS NULL
    AND active = 1 AND sale_ok = 1 AND kind <> 'service'";

fn numbers(db: &Connection, sql: &str, of: &Slug) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(sql)?;
    let numbers = statement.query_map([of.as_str()], |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// What is kept, if it is of that connection and as of that state; else read, and kept.
fn kept_as_of<T>(
    kept: &KeptAsOf<T>,
    (of, written): (&Slug, Written),
    read: impl FnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    if let Some((is_of, when, value)) = &*open(kept)
        && is_of == of
        && *when == written
    {
        return Ok(Arc::clone(value));
    }
    let value = Arc::new(read()?);
    *open(kept) = Some((of.clone(), written, Arc::clone(&value)));
    Ok(value)
}

/// Counts the orders of a question, for [`Store::counted_orders`].
type CountOrders = fn(&Connection, &Slug, &OrderFilter) -> Result<Vec<Group>>;

/// Whether something kept is what is asked for, how it is read, and how it follows changes.
struct Following<F, R, C> {
    fits: F,
    read: R,
    follow: C,
}

fn group_ids(db: &Connection, store: &Slug, group: (GroupKind, &str)) -> Result<Vec<i64>> {
    let column = match group.0 {
        GroupKind::SameSku => "l.kind <> 'parent' AND l.sku",
        GroupKind::Parent => "l.parent",
    };
    let mut statement = db.prepare_cached(&format!(
        "SELECT l.id FROM listings l
         WHERE l.connection = ?1 AND l.gone_at IS NULL AND {column} = ?2"
    ))?;
    let ids = statement.query_map([store.as_str(), group.1], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn open<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
