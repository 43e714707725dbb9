//! What is kept in memory so that lists and searches answer at once: the overview of one review,
//! and the texts of one catalogue on each side. Every look first follows what was written since.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tandem_domain::Slug;

use crate::connections::bound_odoo;
use crate::db::Store;
use crate::error::Result;
use crate::order_list::{Group, OrderFilter};
use crate::overview::{Narrowed, Overview};
use crate::review::{GroupKind, ReviewFilter};
use crate::search::Searched;
use crate::texts::{Found, Texts};
use crate::touched::{Rows, Touched};

/// Read when it is asked for, and let go of when nothing is asked for a while.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    overview: Mutex<Option<Slot<Overview>>>,
    listings: Mutex<Option<Slot<Texts>>>,
    variants: Mutex<Option<Slot<Texts>>>,
    /// Variants of a store's Odoo without a listing, as of so many commits.
    only_in_odoo: Mutex<Option<(Slug, Written, u32)>>,
    /// Orders counted for one question, as of so many commits.
    orders: Mutex<Option<CountedOrders>>,
}

/// Whose orders, narrowed to what, as of when.
type CountedOrders = ((Slug, OrderFilter), Written, Arc<Vec<Group>>);

/// How far this process and others had written.
type Written = (u64, Option<i64>);

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
            let found = self.found(Searched::Listings, store, &filter.store_text)?;
            narrowed.listings.push(found);
        }
        if !filter.odoo_text.trim().is_empty() {
            narrowed
                .variants
                .push(match self.read(|db| bound_odoo(db, store))? {
                    Some(odoo) => self.found(Searched::Variants, &odoo, &filter.odoo_text)?,
                    None => Found::of(&[]),
                });
        }
        Ok(narrowed)
    }

    /// Reads the texts that the search boxes of a review look through, so that the first letter
    /// does not wait for it.
    pub fn prepare_search(&self, store: &Slug) -> Result<()> {
        self.found(Searched::Listings, store, "")?;
        if let Some(odoo) = self.read(|db| bound_odoo(db, store))? {
            self.found(Searched::Variants, &odoo, "")?;
        }
        Ok(())
    }

    fn found(&self, table: Searched, connection: &Slug, text: &str) -> Result<Found> {
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
        Ok(texts.find(text))
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

    /// Counts variants without a listing, once for each state of the database.
    pub(crate) fn count_only_in_odoo(
        &self,
        store: &Slug,
        count: impl FnOnce(&Connection) -> Result<u32>,
    ) -> Result<u32> {
        let mut kept = open(&self.kept.only_in_odoo);
        let written = (self.notes.commits(), self.written_elsewhere()?);
        if let Some((of, when, variants)) = &*kept
            && of == store
            && *when == written
        {
            return Ok(*variants);
        }
        let variants = self.read(count)?;
        *kept = Some((store.clone(), written, variants));
        Ok(variants)
    }
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
