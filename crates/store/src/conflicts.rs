//! Keys that prove nothing because several records carry them.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use serde::{Deserialize, Serialize};
use tandem_domain::Slug;

use crate::connections::bound_odoo;
use crate::error::Result;

/// A field that should tell records apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyField {
    /// The SKU, in Odoo the internal reference.
    Sku,
    /// The barcode.
    Barcode,
}

/// Where a key is carried more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// By several listings of the store.
    Store,
    /// By several variants in Odoo.
    Odoo,
}

/// A key of a listing that several records carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedKey {
    /// Which field.
    pub field: KeyField,
    /// On which side.
    pub side: Side,
    /// What stands in it.
    pub value: String,
    /// How many records carry it there.
    pub count: u32,
}

/// Marks the listings of a store whose key is shared, and unmarks those whose key no longer is.
/// To be called when either catalogue may have changed.
pub(crate) fn mark_shared(db: &Transaction<'_>, store: &Slug) -> Result<()> {
    let odoo = bound_odoo(db, store)?;
    db.prepare_cached(&format!(
        "WITH sharing (id) AS MATERIALIZED ({SHARING})
         UPDATE review SET shared = 1 - shared
         WHERE store = :store AND shared <> (listing_id IN sharing)"
    ))?
    .execute(named_params! {
        ":store": store.as_str(),
        ":odoo": odoo.as_ref().map(Slug::as_str),
    })?;
    Ok(())
}

/// Selects the ids of a store's listings with a shared key. The four inner queries read nothing
/// but the partial indexes on keys.
const SHARING: &str = "
    SELECT id FROM listings
    WHERE connection = :store AND gone_at IS NULL AND kind <> 'parent' AND sku IS NOT NULL
      AND sku IN (
        SELECT sku FROM listings
        WHERE connection = :store AND sku IS NOT NULL AND gone_at IS NULL AND kind <> 'parent'
        GROUP BY sku HAVING count(*) > 1
        UNION ALL
        SELECT sku FROM variants
        WHERE connection = :odoo AND sku IS NOT NULL AND gone_at IS NULL AND active = 1
        GROUP BY sku HAVING count(*) > 1)
    UNION
    SELECT id FROM listings
    WHERE connection = :store AND gone_at IS NULL AND kind <> 'parent' AND barcode IS NOT NULL
      AND barcode IN (
        SELECT barcode FROM listings
        WHERE connection = :store AND barcode IS NOT NULL AND gone_at IS NULL
          AND kind <> 'parent'
        GROUP BY barcode HAVING count(*) > 1
        UNION ALL
        SELECT barcode FROM variants
        WHERE connection = :odoo AND barcode IS NOT NULL AND gone_at IS NULL AND active = 1
        GROUP BY barcode HAVING count(*) > 1)";

const COUNTS: [(KeyField, Side, &str); 4] = [
    (
        KeyField::Sku,
        Side::Store,
        "SELECT count(*) FROM listings WHERE connection = ?1 AND sku = ?2
            AND sku IS NOT NULL AND gone_at IS NULL AND kind <> 'parent'",
    ),
    (
        KeyField::Sku,
        Side::Odoo,
        "SELECT count(*) FROM variants WHERE connection = ?1 AND sku = ?2
            AND sku IS NOT NULL AND gone_at IS NULL AND active = 1",
    ),
    (
        KeyField::Barcode,
        Side::Store,
        "SELECT count(*) FROM listings WHERE connection = ?1 AND barcode = ?2
            AND barcode IS NOT NULL AND gone_at IS NULL AND kind <> 'parent'",
    ),
    (
        KeyField::Barcode,
        Side::Odoo,
        "SELECT count(*) FROM variants WHERE connection = ?1 AND barcode = ?2
            AND barcode IS NOT NULL AND gone_at IS NULL AND active = 1",
    ),
];

/// Which keys of a listing are shared, and by how many.
pub(crate) fn shared_keys(
    db: &Connection,
    (store, odoo): (&Slug, Option<&Slug>),
    sku: Option<&str>,
    barcode: Option<&str>,
) -> Result<Vec<SharedKey>> {
    let mut shared = Vec::new();
    for (field, side, sql) in COUNTS {
        let value = match field {
            KeyField::Sku => sku,
            KeyField::Barcode => barcode,
        };
        let connection = match side {
            Side::Store => Some(store),
            Side::Odoo => odoo,
        };
        let (Some(value), Some(connection)) = (value, connection) else {
            continue;
        };
        let count: Option<u32> = db
            .prepare_cached(sql)?
            .query_row([connection.as_str(), value], |row| row.get(0))
            .optional()?;
        let count = count.unwrap_or(0);
        if count > 1 {
            shared.push(SharedKey {
                field,
                side,
                value: value.to_owned(),
                count,
            });
        }
    }
    Ok(shared)
}
