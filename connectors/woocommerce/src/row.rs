//! One JSON object of the shop, read field by field.
//!
//! PHP is loose about types: numbers as text, `"1"` for true, `{}` for an empty list, null for
//! anything. What cannot be read names its field and value, so that a rejected row explains itself.

use std::fmt;

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use tandem_domain::Timestamp;

/// A field that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    field: String,
    value: String,
    why: String,
}

impl Bad {
    pub(crate) fn new(field: &str, value: &str, why: impl fmt::Display) -> Self {
        Self {
            field: field.to_owned(),
            value: value.chars().take(80).collect(),
            why: why.to_string(),
        }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` {}", self.field, self.value, self.why)
    }
}

/// One JSON object, and how to read its fields.
#[derive(Debug, Clone)]
pub(crate) struct Row(Map<String, Value>);

impl Row {
    /// Reads the row of a list, or an answer that is one object.
    pub(crate) fn parse(json: &str) -> Result<Self, Bad> {
        match serde_json::from_str(json) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(Bad::new("row", json, "is not an object")),
        }
    }

    /// Whether a field is a list.
    pub(crate) fn has_list(&self, field: &str) -> bool {
        self.get(field).is_array()
    }

    /// A field as it is.
    pub(crate) fn get(&self, field: &str) -> &Value {
        self.0.get(field).unwrap_or(&Value::Null)
    }

    fn bad(&self, field: &str, why: impl fmt::Display) -> Bad {
        let value = match self.get(field) {
            Value::String(text) => text.clone(),
            Value::Null => "nothing".to_owned(),
            other => other.to_string(),
        };
        Bad::new(field, &value, why)
    }

    /// The id in whatever type it comes, for naming a row that cannot be read.
    pub(crate) fn any_id(&self) -> String {
        self.text("id").unwrap_or_default()
    }

    /// An id; 0 where the shop knows none.
    pub(crate) fn id_or_zero(&self, field: &str) -> Result<u64, Bad> {
        match self.get(field) {
            Value::Null => Some(0),
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.is_empty() => Some(0),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| self.bad(field, "is not an id"))
    }

    /// An id that must be there.
    pub(crate) fn id(&self, field: &str) -> Result<u64, Bad> {
        match self.id_or_zero(field)? {
            0 => Err(self.bad(field, "is not an id")),
            id => Ok(id),
        }
    }

    /// A text; empty when there is none.
    pub(crate) fn text(&self, field: &str) -> Result<String, Bad> {
        match self.get(field) {
            Value::Null => Ok(String::new()),
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Array(_) | Value::Object(_) => Err(self.bad(field, "is not a text")),
        }
    }

    pub(crate) fn decimal(&self, field: &str) -> Result<Decimal, Bad> {
        self.decimal_if_any(field)?
            .ok_or_else(|| self.bad(field, "is not a decimal number"))
    }

    /// A number; `None` when there is none or an empty text.
    pub(crate) fn decimal_if_any(&self, field: &str) -> Result<Option<Decimal>, Bad> {
        let text = self.text(field)?;
        let number = match self.get(field) {
            Value::Number(_) if text.contains(['e', 'E']) => Decimal::from_scientific(&text).ok(),
            Value::Bool(_) => None,
            _ if text.is_empty() => return Ok(None),
            _ if !is_plain(&text) => None,
            _ => text.parse().ok(),
        };
        number
            .map(Some)
            .ok_or_else(|| self.bad(field, "is not a decimal number"))
    }

    pub(crate) fn flag(&self, field: &str) -> bool {
        match self.get(field) {
            Value::Bool(flag) => *flag,
            Value::String(text) => matches!(text.as_str(), "1" | "true" | "yes"),
            Value::Number(number) => number.as_u64() == Some(1),
            _ => false,
        }
    }

    /// A UTC date without zone, as all `*_gmt` fields are; `None` when there is none.
    pub(crate) fn instant_if_any(&self, field: &str) -> Result<Option<Timestamp>, Bad> {
        let text = self.text(field)?;
        if text.is_empty() {
            return Ok(None);
        }
        // WordPress shows its zero date as a day of the year -1.
        let date = text.parse::<jiff::civil::DateTime>().ok();
        date.filter(|date| (1990..2200).contains(&date.year()))
            .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|zoned| Some(zoned.timestamp()))
            .ok_or_else(|| self.bad(field, "is not a date"))
    }

    pub(crate) fn instant(&self, field: &str) -> Result<Timestamp, Bad> {
        self.instant_if_any(field)?
            .ok_or_else(|| self.bad(field, "is not a date"))
    }

    pub(crate) fn row(&self, field: &str) -> Result<Self, Bad> {
        match self.get(field) {
            Value::Object(fields) => Ok(Self(fields.clone())),
            // PHP's empty object is an empty list.
            Value::Null => Ok(Self(Map::new())),
            Value::Array(items) if items.is_empty() => Ok(Self(Map::new())),
            _ => Err(self.bad(field, "is not an object")),
        }
    }

    /// An object, or PHP's empty one; `None` when there is none.
    pub(crate) fn row_if_any(&self, field: &str) -> Option<Self> {
        match self.get(field) {
            Value::Null => None,
            _ => self.row(field).ok(),
        }
    }

    /// The objects in a list; a PHP list with gaps in its numbering comes as an object.
    pub(crate) fn rows(&self, field: &str) -> Result<Vec<Self>, Bad> {
        self.values(field)?
            .into_iter()
            .map(|item| match item {
                Value::Object(fields) => Ok(Self(fields.clone())),
                _ => Err(self.bad(field, "is not a list of objects")),
            })
            .collect()
    }

    /// The ids in a list.
    pub(crate) fn ids(&self, field: &str) -> Result<Vec<u64>, Bad> {
        let values = self.values(field)?;
        let id = |value: &Value| match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        };
        Ok(values.into_iter().filter_map(id).collect())
    }

    pub(crate) fn texts(&self, field: &str) -> Result<Vec<String>, Bad> {
        let values = self.values(field)?;
        Ok(values
            .into_iter()
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect())
    }

    fn values(&self, field: &str) -> Result<Vec<&Value>, Bad> {
        match self.get(field) {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => Ok(items.iter().collect()),
            Value::Object(fields) => Ok(fields.values().collect()),
            _ => Err(self.bad(field, "is not a list")),
        }
    }
}

/// No thousands separators, no exponent: `Decimal` itself would take `1_000`.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
}
