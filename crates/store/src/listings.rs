//! A store's listings: lean rows for lists and matching, the text as received apart.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use tandem_domain::{Listing, ListingKey, Sku, Slug};

use crate::convert::{ReadColumn, content_hash, deflate, micros, to_json, to_word};
use crate::cursors::Stream;
use crate::db::Store;
use crate::error::Result;
use crate::page::{Cached, Place, Saved, look_up};
use crate::texts::Searched;

impl Store {
    /// Every listing that is still in the store, in the order in which they were first seen.
    pub fn listings(&self, connection: &Slug) -> Result<Vec<Listing>> {
        let mut all = Vec::new();
        self.each_listing(connection, |listing| all.push(listing))?;
        Ok(all)
    }

    /// Hands over every listing that is still in the store, one after the other.
    pub fn each_listing(&self, connection: &Slug, mut each: impl FnMut(Listing)) -> Result<()> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM listings WHERE connection = ?1 AND gone_at IS NULL ORDER BY id",
            )?;
            for listing in statement.query_map([connection.as_str()], listing_from)? {
                each(listing?);
            }
            Ok(())
        })
    }

    /// How many listings are still in the store, parents not counted.
    pub fn count_listings(&self, connection: &Slug) -> Result<u32> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT count(*) FROM listings
                 WHERE connection = ?1 AND gone_at IS NULL AND kind <> 'parent'",
            )?;
            Ok(statement.query_row([connection.as_str()], |row| row.get(0))?)
        })
    }

    /// One listing, also when it is gone from the store since.
    pub fn listing(&self, connection: &Slug, key: &ListingKey) -> Result<Option<Listing>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM listings WHERE connection = ?1 AND key = ?2")?;
            Ok(statement
                .query_row([connection.as_str(), key.as_str()], listing_from)
                .optional()?)
        })
    }

    /// The JSON of a listing as received when its content last changed.
    pub fn listing_raw(&self, connection: &Slug, key: &ListingKey) -> Result<Option<String>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT r.raw FROM listings l JOIN listing_raw r ON r.id = l.id
                 WHERE l.connection = ?1 AND l.key = ?2",
            )?;
            Ok(statement
                .query_row([connection.as_str(), key.as_str()], |row| {
                    row.inflated("raw")
                })
                .optional()?)
        })
    }

    /// Listings in whose name, SKU or barcode every typed term occurs; with nothing typed, the
    /// first ones. Parents are left out.
    pub fn search_listings(
        &self,
        connection: &Slug,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Listing>> {
        let table = (Searched::Listings, connection);
        let only = "gone_at IS NULL AND kind <> 'parent'";
        self.search(table, text, (only, limit), listing_from)
    }
}

impl Cached for Listing {
    const STREAM: Stream = Stream::Listings;
    const TOUCH: &'static str =
        "UPDATE listings SET seen_sweep = ?3 WHERE connection = ?1 AND key = ?2";

    fn external_id(&self) -> String {
        self.key.as_str().to_owned()
    }

    fn save(&self, db: &Transaction<'_>, place: &Place<'_>, raw: &str) -> Result<Saved> {
        let hash = content_hash(&to_json("listing", self)?);
        let known = look_up(
            db,
            "SELECT id, content_hash, gone_at FROM listings WHERE connection = ?1 AND key = ?2",
            (place.connection, &self.key.as_str()),
            &hash,
        )?;
        match known {
            Some(known) if known.same => {
                db.prepare_cached("UPDATE listings SET seen_sweep = ?2 WHERE id = ?1")?
                    .execute([known.id, place.mark])?;
                Ok(Saved::Unchanged)
            }
            Some(known) => {
                write(db, UPDATE, place, (self, &hash))?;
                db.prepare_cached("UPDATE listing_raw SET raw = ?2 WHERE id = ?1")?
                    .execute(params![known.id, deflate(raw)?])?;
                Ok(Saved::Changed)
            }
            None => {
                write(db, INSERT, place, (self, &hash))?;
                db.prepare_cached("INSERT INTO listing_raw (id, raw) VALUES (?1, ?2)")?
                    .execute(params![db.last_insert_rowid(), deflate(raw)?])?;
                Ok(Saved::New)
            }
        }
    }
}

const INSERT: &str = "INSERT INTO listings (connection, key, parent, kind, name, sku, barcode,
        attributes, status, price, currency, stock, image_url, page_url, modified_at, content_hash,
        seen_sweep)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
const UPDATE: &str =
    "UPDATE listings SET parent = ?3, kind = ?4, name = ?5, sku = ?6, barcode = ?7,
        attributes = ?8, status = ?9, price = ?10, currency = ?11, stock = ?12, image_url = ?13,
        page_url = ?14, modified_at = ?15, content_hash = ?16, seen_sweep = ?17, gone_at = NULL
    WHERE connection = ?1 AND key = ?2";

/// All columns of a row, new or known. Apart, because an upsert that returns its id costs twice as
/// much.
fn write(
    db: &Transaction<'_>,
    sql: &str,
    place: &Place<'_>,
    (listing, hash): (&Listing, &[u8; 32]),
) -> Result<()> {
    db.prepare_cached(sql)?.execute(params![
        place.connection,
        listing.key.as_str(),
        listing.parent.as_ref().map(ListingKey::as_str),
        to_word("kind of a listing", &listing.kind)?,
        listing.name,
        listing.sku.as_ref().map(Sku::as_str),
        listing.barcode,
        to_json("attributes", &listing.attributes)?,
        to_word("status of a listing", &listing.status)?,
        listing.price.map(|price| price.amount.to_string()),
        listing.price.map(|price| price.currency.code()),
        to_json("stock of a listing", &listing.stock)?,
        listing.image_url,
        listing.page_url,
        listing.modified_at.map(micros),
        hash,
        place.mark,
    ])?;
    Ok(())
}

/// Reads a listing from a row that has all columns of the table.
pub(crate) fn listing_from(row: &Row<'_>) -> rusqlite::Result<Listing> {
    Ok(Listing {
        key: ListingKey::new(row.get::<_, String>("key")?),
        parent: row.get::<_, Option<String>>("parent")?.map(ListingKey::new),
        kind: row.word("kind")?,
        name: row.get("name")?,
        sku: row
            .get::<_, Option<String>>("sku")?
            .as_deref()
            .and_then(Sku::parse),
        barcode: row.get("barcode")?,
        attributes: row.json("attributes")?,
        status: row.word("status")?,
        price: row.price("price", "currency")?,
        stock: row.json("stock")?,
        image_url: row.get("image_url")?,
        page_url: row.get("page_url")?,
        modified_at: row.instant_opt("modified_at")?,
    })
}
