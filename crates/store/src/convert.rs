//! Between the types of the domain and the five types of `SQLite`.

use std::cell::RefCell;
use std::io::{self, Read as _};

use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use rusqlite::types::Type;
use rusqlite::{Row, RowIndex};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer};
use sha2::{Digest, Sha256};
use tandem_domain::{Slug, Timestamp, UnitPrice};

use crate::error::{Result, StoreError};

/// Instants are stored as microseconds, the finest that any system of ours sends.
pub(crate) fn micros(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

/// A count as the database keeps it.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// JSON text of a record or a part of one.
pub(crate) fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Unstorable {
        what,
        detail: e.to_string(),
    })
}

/// Reads what [`to_json`] wrote, outside of the row that it was in.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    let read = serde_json::from_str(text);
    read.map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(e)).into())
}

/// The word by which serde spells a fieldless enum, so that there is one spelling only.
pub(crate) fn to_word<T: Serialize>(what: &'static str, value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::Unstorable {
            what,
            detail: format!("{other} is no word"),
        }),
        Err(e) => Err(StoreError::Unstorable {
            what,
            detail: e.to_string(),
        }),
    }
}

/// SHA-256 over the record's JSON; the order of its fields is fixed by the type.
pub(crate) fn content_hash(json: &str) -> [u8; 32] {
    Sha256::digest(json.as_bytes()).into()
}

thread_local! {
    /// A compressor is a third of a megabyte: made anew for each record it would cost more than
    /// everything else that saving a record takes.
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

/// Shorter texts are kept as they are: to wipe the compressor's memory for each costs more than
/// they could be made smaller.
const DEFLATE_BYTES_MIN: usize = 1_024;

/// Stands before a text that is kept as it is. No deflated text begins with it: its lowest bits
/// name a kind of block that does not exist (RFC 1951, 3.2.3).
const PLAIN: u8 = 0b111;

/// Deflates a text as received, where that is worth it.
pub(crate) fn deflate(text: &str) -> Result<Vec<u8>> {
    if text.len() < DEFLATE_BYTES_MIN {
        return Ok([&[PLAIN], text.as_bytes()].concat());
    }
    let unstorable = |detail: String| StoreError::Unstorable {
        what: "text as received",
        detail,
    };
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // A text that cannot be made smaller grows by five bytes for each 32 kB at most.
        let mut deflated = Vec::with_capacity(text.len() + text.len() / 1_000 + 64);
        let status = compressor
            .compress_vec(text.as_bytes(), &mut deflated, FlushCompress::Finish)
            .map_err(|error| unstorable(error.to_string()))?;
        if status != Status::StreamEnd {
            return Err(unstorable(format!("{status:?} before its end")));
        }
        deflated.shrink_to_fit();
        Ok(deflated)
    })
}

/// The text that [`deflate`] was given.
fn inflate(kept: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    match kept {
        [PLAIN, plain @ ..] => (&mut &*plain).read_to_string(&mut text)?,
        deflated => DeflateDecoder::new(deflated).read_to_string(&mut text)?,
    };
    Ok(text)
}

/// Takes typed values out of a row; a value that does not fit names its column.
pub(crate) trait ReadColumn {
    /// A text that parses.
    fn parsed<T>(&self, column: &str) -> rusqlite::Result<T>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>;
    /// A column of JSON.
    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    /// A column of JSON that may be null.
    fn json_opt<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>>;
    /// A word of a fieldless enum.
    fn word<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T>;
    /// An instant.
    fn instant(&self, column: &str) -> rusqlite::Result<Timestamp>;
    /// An instant that may be null.
    fn instant_opt(&self, column: &str) -> rusqlite::Result<Option<Timestamp>>;
    /// `price` and `currency`, both or neither.
    fn price(&self, price: &str, currency: &str) -> rusqlite::Result<Option<UnitPrice>>;
    /// A deflated text.
    fn inflated(&self, column: &str) -> rusqlite::Result<String>;
}

impl ReadColumn for Row<'_> {
    fn parsed<T>(&self, column: &str) -> rusqlite::Result<T>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        let text: String = self.get(column)?;
        text.parse().map_err(|e| unreadable(self, column, e))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        let text = self.get_ref(column)?.as_str()?;
        serde_json::from_str(text).map_err(|e| unreadable(self, column, e))
    }

    fn json_opt<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<Option<T>> {
        match self.get_ref(column)?.as_str_or_null()? {
            Some(text) => serde_json::from_str(text)
                .map(Some)
                .map_err(|e| unreadable(self, column, e)),
            None => Ok(None),
        }
    }

    fn word<T: DeserializeOwned>(&self, column: &str) -> rusqlite::Result<T> {
        let word = self.get_ref(column)?.as_str()?;
        T::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(word))
            .map_err(|e| unreadable(self, column, e))
    }

    fn instant(&self, column: &str) -> rusqlite::Result<Timestamp> {
        Timestamp::from_microsecond(self.get(column)?).map_err(|e| unreadable(self, column, e))
    }

    fn instant_opt(&self, column: &str) -> rusqlite::Result<Option<Timestamp>> {
        match self.get::<_, Option<i64>>(column)? {
            Some(_) => self.instant(column).map(Some),
            None => Ok(None),
        }
    }

    fn price(&self, price: &str, currency: &str) -> rusqlite::Result<Option<UnitPrice>> {
        match self.get::<_, Option<String>>(price)? {
            Some(_) => Ok(Some(UnitPrice {
                amount: self.parsed::<Decimal>(price)?,
                currency: self.parsed(currency)?,
            })),
            None => Ok(None),
        }
    }

    fn inflated(&self, column: &str) -> rusqlite::Result<String> {
        let kept = self.get_ref(column)?.as_blob()?;
        inflate(kept).map_err(|e| unreadable(self, column, e))
    }
}

/// A short name that was checked when it was saved.
pub(crate) fn slug(row: &Row<'_>, column: &str) -> rusqlite::Result<Slug> {
    row.parsed(column)
}

fn unreadable(
    row: &Row<'_>,
    column: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    let index = RowIndex::idx(&column, row.as_ref()).unwrap_or_default();
    rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::{DEFLATE_BYTES_MIN, deflate, inflate};

    #[test]
    fn texts_come_back_whatever_they_are_and_whatever_was_before_them() {
        let noise: String = (0_u32..200_000)
            .map(|n| char::from_u32(n.wrapping_mul(2_654_435_761) % 0xd000).unwrap_or('x'))
            .collect();
        let (short, long) = (
            "x".repeat(DEFLATE_BYTES_MIN - 1),
            "x".repeat(DEFLATE_BYTES_MIN),
        );
        for text in [
            "",
            "{}",
            &"a".repeat(1_000_000),
            &noise,
            &short,
            &long,
            "بالون",
        ] {
            let kept = deflate(text).expect("any text can be kept");
            let back = inflate(&kept).expect("it was kept");
            assert!(back == text, "{} bytes", text.len());
        }
    }
}
