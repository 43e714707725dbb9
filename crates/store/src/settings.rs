//! Settings of the profile: JSON by key. What a key means is the caller's matter.

use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::convert::{ReadColumn, to_json};
use crate::db::Store;
use crate::error::Result;

impl Store {
    /// The value of a setting, if it was ever saved. Fails when it has another shape than `T`.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
            Ok(statement
                .query_row([key], |row| row.json("value"))
                .optional()?)
        })
    }

    /// Saves a setting over whatever it was.
    pub fn save_setting<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<()> {
        let value = to_json("setting", value)?;
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute([key, &value])?;
            Ok(())
        })
    }
}
