//! Saving a fetched page and the cursor behind it, all or nothing.

use rusqlite::{OptionalExtension, Transaction, params};
use tandem_domain::{
    Listing, ListingKey, Order, Refund, Slug, StockLevel, Timestamp, Variant, VariantKey,
};

use crate::convert::{deflate, micros};
use crate::cursors::{Step, Stream, advance};
use crate::db::Store;
use crate::error::Result;

/// A page of records as fetched, with the place where the next one begins.
#[derive(Debug, Clone, Copy)]
pub struct PageToSave<'a, T> {
    /// The sweep it belongs to, from [`Store::begin_sweep`].
    pub sweep: i64,
    /// The records, each with the JSON that it was made from.
    pub items: &'a [(T, String)],
    /// What could not be understood.
    pub rejected: &'a [RejectedRecord],
    /// Where the next page begins; `None` after the last.
    pub next: Option<&'a str>,
    /// How many records the whole answer has, where the server says so.
    pub total: Option<u64>,
    /// The server's clock when it answered: that of a sweep's first page becomes the watermark
    /// once the sweep is finished.
    pub server_time: Option<Timestamp>,
    /// When it arrived, UTC.
    pub now: Timestamp,
}

/// A record that could not be understood: kept and shown, never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRecord {
    /// Its id, empty when not even that could be read.
    pub external_id: String,
    /// Which field, and why.
    pub reason: String,
    /// As received.
    pub raw: String,
}

/// What a page brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageSaved {
    /// Never seen before.
    pub new: usize,
    /// Other content than before, or back after it was gone.
    pub changed: usize,
    /// As before.
    pub unchanged: usize,
}

impl Store {
    /// Saves a page of listings with its cursor in one transaction. Fails with
    /// [`crate::StoreError::SweepOver`] when another sweep was begun since.
    pub fn save_listings_page(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, Listing>,
    ) -> Result<PageSaved> {
        self.save_page(connection, page)
    }

    /// As [`Store::save_listings_page`], for Odoo's variants.
    pub fn save_variants_page(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, Variant>,
    ) -> Result<PageSaved> {
        self.save_page(connection, page)
    }

    /// As [`Store::save_listings_page`], for Odoo's stock. The text as received is not kept.
    pub fn save_stock_page(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, StockLevel<VariantKey>>,
    ) -> Result<PageSaved> {
        self.save_page(connection, page)
    }

    /// As [`Store::save_listings_page`], for orders. A changed text as received counts as a
    /// change even where the record is the same.
    pub fn save_orders_page(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, Order<ListingKey>>,
    ) -> Result<PageSaved> {
        self.save_page(connection, page)
    }

    /// As [`Store::save_orders_page`], for refunds.
    pub fn save_refunds_page(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, Refund>,
    ) -> Result<PageSaved> {
        self.save_page(connection, page)
    }

    fn save_page<T: Cached>(
        &self,
        connection: &Slug,
        page: &PageToSave<'_, T>,
    ) -> Result<PageSaved> {
        let step = Step {
            sweep: page.sweep,
            next: page.next,
            records: (page.items.len() + page.rejected.len()) as u64,
            total: page.total,
            server_time: page.server_time,
            now: page.now,
        };
        self.write(|db| {
            let place = Place {
                connection: connection.as_str(),
                mark: advance(db, (connection, T::STREAM), &step)?,
                now: page.now,
            };
            let has_problems = has_problems::<T>(db, &place)?;
            let mut saved = PageSaved::default();
            for (record, raw) in page.items {
                match record.save(db, &place, raw)? {
                    Saved::New => saved.new += 1,
                    Saved::Changed => saved.changed += 1,
                    Saved::Unchanged => saved.unchanged += 1,
                }
                if has_problems {
                    understood::<T>(db, &place, &record.external_id())?;
                }
            }
            for record in page.rejected {
                note::<T>(db, &place, record, page.now)?;
            }
            Ok(saved)
        })
    }
}

/// Whose rows a page touches, the number of a sweep that they are marked with, and when it came.
pub(crate) struct Place<'a> {
    pub(crate) connection: &'a str,
    pub(crate) mark: i64,
    pub(crate) now: Timestamp,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saved {
    New,
    Changed,
    Unchanged,
}

/// A kind of record that is fetched page by page.
pub(crate) trait Cached {
    const STREAM: Stream;
    /// Marks a row as seen by id, without knowing its content. Takes connection, id, number.
    const TOUCH: &'static str;

    /// Its id as the outside system spells it.
    fn external_id(&self) -> String;

    /// Inserts, updates or only marks as seen.
    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, raw: &str) -> Result<Saved>;
}

/// What is known of a record before it is saved again.
pub(crate) struct Known {
    pub(crate) id: i64,
    pub(crate) same: bool,
}

/// Looks a record up by its key and compares content; `sql` selects id, content hash and
/// `gone_at`.
pub(crate) fn look_up(
    db: &Transaction<'_>,
    sql: &str,
    (connection, key): (&str, &dyn rusqlite::ToSql),
    hash: &[u8; 32],
) -> Result<Option<Known>> {
    let found = db
        .prepare_cached(sql)?
        .query_row(params![connection, key], |row| {
            let present = row.get::<_, Option<i64>>(2)?.is_none();
            Ok(Known {
                id: row.get(0)?,
                same: present && row.get_ref(1)?.as_blob()? == hash,
            })
        })
        .optional()?;
    Ok(found)
}

/// Whether there is anything that may be understood now; mostly there is not.
fn has_problems<T: Cached>(db: &Transaction<'_>, place: &Place<'_>) -> Result<bool> {
    let mut statement = db.prepare_cached(
        "SELECT 1 FROM fetch_problems
         WHERE connection = ?1 AND stream = ?2 AND external_id <> ''",
    )?;
    Ok(statement.exists([place.connection, T::STREAM.as_str()])?)
}

fn understood<T: Cached>(db: &Transaction<'_>, place: &Place<'_>, id: &str) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM fetch_problems
         WHERE connection = ?1 AND stream = ?2 AND external_id = ?3 AND external_id <> ''",
    )?
    .execute(params![place.connection, T::STREAM.as_str(), id])?;
    Ok(())
}

/// A record that arrived but was not understood exists all the same, so its row counts as seen.
fn note<T: Cached>(
    db: &Transaction<'_>,
    place: &Place<'_>,
    record: &RejectedRecord,
    now: Timestamp,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO fetch_problems (connection, stream, external_id, reason, raw, sweep, noted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (connection, stream, external_id) WHERE external_id <> ''
         DO UPDATE SET reason = ?4, raw = ?5, sweep = ?6, noted_at = ?7",
    )?
    .execute(params![
        place.connection,
        T::STREAM.as_str(),
        record.external_id,
        record.reason,
        deflate(&record.raw)?,
        place.mark,
        micros(now),
    ])?;
    db.prepare_cached(T::TOUCH)?.execute(params![
        place.connection,
        record.external_id,
        place.mark
    ])?;
    Ok(())
}
