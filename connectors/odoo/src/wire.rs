//! Odoo's words: rows as they arrive, with only the columns that are used.

use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tandem_domain::Timestamp;

/// `product.product`.
#[derive(Debug, Deserialize)]
pub(crate) struct VariantRow {
    pub(crate) id: i64,
    pub(crate) product_tmpl_id: i64,
    #[serde(deserialize_with = "or_false")]
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "or_false")]
    pub(crate) default_code: Option<String>,
    #[serde(deserialize_with = "or_false")]
    pub(crate) barcode: Option<String>,
    pub(crate) active: bool,
    #[serde(deserialize_with = "instant")]
    pub(crate) write_date: Option<Timestamp>,
    #[serde(default)]
    pub(crate) product_template_variant_value_ids: Vec<i64>,
}

/// `product.template`: what all its variants share.
#[derive(Debug, Deserialize)]
pub(crate) struct TemplateRow {
    pub(crate) id: i64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// From 18 on; on 17 `type` itself says `product`.
    #[serde(default)]
    pub(crate) is_storable: bool,
    pub(crate) sale_ok: bool,
    #[serde(deserialize_with = "decimal")]
    pub(crate) list_price: Decimal,
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) currency_id: Option<i64>,
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) uom_id: Option<i64>,
}

/// `product.template.attribute.value`, its attribute with the name.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ValueRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) attribute_id: (i64, String),
}

/// When a record changed, in the wire's spelling, which sorts as instants do.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Changed {
    #[serde(deserialize_with = "or_false")]
    pub(crate) write_date: Option<String>,
}

/// What a `product.product` refers to, read ahead of the rest of it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct References {
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) product_tmpl_id: Option<i64>,
    #[serde(default)]
    pub(crate) product_template_variant_value_ids: Vec<i64>,
}

/// What a `product.template` refers to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct UnitOf {
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) uom_id: Option<i64>,
}

/// `res.currency`, switched on.
#[derive(Debug, Deserialize)]
pub(crate) struct CurrencyRow {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) decimal_places: Option<u32>,
}

/// `res.users.apikeys`: one's own keys, without the keys.
#[derive(Debug, Deserialize)]
pub(crate) struct KeyRow {
    #[serde(deserialize_with = "or_false")]
    pub(crate) name: Option<String>,
    /// From 18 on.
    #[serde(default, deserialize_with = "instant")]
    pub(crate) expiration_date: Option<Timestamp>,
}

/// `product.product`, its picture: `false` when it has none.
#[derive(Debug, Deserialize)]
pub(crate) struct PictureRow {
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) image_128: Option<String>,
}

/// A record of which only the name is wanted.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Whose a `stock.quant` is: all that the walk over them asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct QuantOf {
    pub(crate) product_id: i64,
}

/// `stock.quant`.
#[derive(Debug, Deserialize)]
pub(crate) struct QuantRow {
    #[serde(deserialize_with = "decimal")]
    pub(crate) quantity: Decimal,
    #[serde(deserialize_with = "decimal")]
    pub(crate) reserved_quantity: Decimal,
    #[serde(deserialize_with = "instant")]
    pub(crate) write_date: Option<Timestamp>,
}

/// `stock.warehouse`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WarehouseRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) company_id: i64,
    pub(crate) lot_stock_id: i64,
}

/// `res.users`.
#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) login: String,
    pub(crate) name: String,
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) lang: Option<String>,
    #[serde(deserialize_with = "or_false")]
    pub(crate) tz: Option<String>,
    pub(crate) company_id: i64,
    pub(crate) company_ids: Vec<i64>,
}

/// `res.company`; the last two belong to the app Invoicing, the last one from 18 on.
#[derive(Debug, Deserialize)]
pub(crate) struct CompanyRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) currency_id: i64,
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) tax_calculation_rounding_method: Option<String>,
    #[serde(default, deserialize_with = "or_false")]
    pub(crate) account_price_include: Option<String>,
}

/// `version_info` and `common.version`.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Version {
    pub(crate) server_version: String,
    pub(crate) server_serie: String,
}

/// `/json/version`, which 19 has beside them (`002-v19-web-version`).
#[derive(Debug, Deserialize)]
pub(crate) struct JsonVersion {
    pub(crate) version: String,
    /// Looked for and not at: a bare `version` could be anybody's.
    #[serde(rename = "version_info")]
    _info: Vec<Value>,
}

/// `18.0` is 18; `saas~18.2`, a version between two that only Odoo's own cloud runs, is too.
pub(crate) fn major(serie: &str) -> Option<u32> {
    serie
        .trim_start_matches("saas~")
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// Odoo spells every empty value `false`, whatever the column's type.
pub(crate) fn or_false<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Bool(false) | Value::Null => Ok(None),
        value => T::deserialize(value).map(Some).map_err(D::Error::custom),
    }
}

/// `2026-11-21 00:21:37`: UTC, to the second, though the database holds microseconds.
pub(crate) fn instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = or_false(deserializer)?;
    text.map(|text| parse_instant(&text).map_err(D::Error::custom))
        .transpose()
}

/// Reads Odoo's spelling of an instant.
pub(crate) fn parse_instant(text: &str) -> Result<Timestamp, jiff::Error> {
    text.parse::<jiff::civil::DateTime>()
        .and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC))
        .map(|time| time.timestamp())
}

/// Odoo's spelling of an instant; what is finer than a second is cut off.
pub(crate) fn instant_text(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A JSON number as the decimal that its text is: `12.1` is 12.1 and not the nearest binary
/// fraction. Works on JSON text only, not on a parsed tree, in which numbers are floats already.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let number = <&RawValue>::deserialize(deserializer)?.get();
    parse_decimal(number).ok_or_else(|| D::Error::custom(format!("`{number}` is not a number")))
}

fn parse_decimal(number: &str) -> Option<Decimal> {
    let decimal = number
        .parse()
        .or_else(|_| Decimal::from_scientific(number))
        .ok()?;
    Some(Decimal::normalize(&decimal))
}

#[cfg(test)]
mod tests {
    use super::{QuantRow, VariantRow, instant_text, major, parse_decimal, parse_instant};

    #[test]
    fn a_number_keeps_the_digits_that_the_server_sent() {
        for (sent, read) in [
            ("12.1", Some("12.1")),
            ("60.0", Some("60")),
            ("-3.0", Some("-3")),
            ("1.125", Some("1.125")),
            ("1e-05", Some("0.00001")),
            ("0.30000000000000004", Some("0.30000000000000004")),
            ("7", Some("7")),
            ("1e300", None),
            ("false", None),
            ("\"7\"", None),
        ] {
            let decimal = parse_decimal(sent).map(|decimal| decimal.to_string());
            assert_eq!(decimal.as_deref(), read, "{sent}");
        }
    }

    #[test]
    fn false_is_nothing_and_not_an_error() {
        let row = r#"{"id": 1, "product_tmpl_id": 1, "name": "Cap", "default_code": false,
            "barcode": false, "active": false, "write_date": false}"#;
        let row: VariantRow = serde_json::from_str(row).expect("a row");
        assert_eq!(
            (row.default_code, row.barcode, row.write_date),
            (None, None, None)
        );
    }

    #[test]
    fn a_quantity_that_is_no_number_is_refused() {
        let row = r#"{"id": 1, "product_id": 3, "quantity": "many", "reserved_quantity": 0.0,
            "write_date": "2026-11-21 00:45:24"}"#;
        assert!(serde_json::from_str::<QuantRow>(row).is_err());
    }

    #[test]
    fn instants_are_utc_to_the_second() {
        let instant = parse_instant("2026-11-21 00:21:37").expect("an instant");
        assert_eq!(instant.to_string(), "2026-11-21T00:21:37Z");
        let finer = "2026-11-21T00:21:37.9Z".parse().expect("an instant");
        assert_eq!(instant_text(finer), "2026-11-21 00:21:37");
    }

    #[test]
    fn a_version_is_its_major_number() {
        for (serie, number) in [
            ("18.0", Some(18)),
            ("saas~18.2", Some(18)),
            ("19.0", Some(19)),
            ("master", None),
            ("", None),
        ] {
            assert_eq!(major(serie), number, "{serie}");
        }
    }
}
