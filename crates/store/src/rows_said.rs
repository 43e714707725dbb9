//! What every row of a catalogue says, in a few bytes: by it one knows which rows changed since.

use tandem_domain::{ListingKey, Slug, VariantKey};

use crate::db::Store;
use crate::error::Result;

/// The start of the hash over all that a row says.
pub type RowHash = [u8; 8];

impl Store {
    /// All listings that are still in a store, by key, and what each says.
    pub fn listings_said(&self, connection: &Slug) -> Result<Vec<(ListingKey, RowHash)>> {
        let mut said = self.said(
            "SELECT key, content_hash FROM listings WHERE connection = ?1 AND gone_at IS NULL",
            connection,
            |row| Ok(ListingKey::new(row.get::<_, String>(0)?)),
        )?;
        said.sort_unstable();
        Ok(said)
    }

    /// All variants that are still in an Odoo, by key, and what each says.
    pub fn variants_said(&self, connection: &Slug) -> Result<Vec<(VariantKey, RowHash)>> {
        let mut said = self.said(
            "SELECT key, content_hash FROM variants WHERE connection = ?1 AND gone_at IS NULL",
            connection,
            |row| row.get(0).map(VariantKey),
        )?;
        said.sort_unstable();
        Ok(said)
    }

    fn said<K>(
        &self,
        sql: &str,
        connection: &Slug,
        key: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<K>,
    ) -> Result<Vec<(K, RowHash)>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([connection.as_str()], |row| {
                let hash = row.get_ref(1)?.as_blob()?;
                let start = hash.first_chunk().copied().unwrap_or_default();
                Ok((key(row)?, start))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
