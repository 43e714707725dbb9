//! From Odoo's rows to domain records: pure, and total but for what is named.

use std::collections::HashMap;

use tandem_domain::{
    Attribute, Currency, Sku, TemplateKey, UnitPrice, Variant, VariantKey, VariantKind,
};

use crate::wire::{TemplateRow, ValueRow, VariantRow};

/// What rows refer to by id.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) values: HashMap<i64, ValueRow>,
    pub(crate) units: HashMap<i64, String>,
    pub(crate) currencies: HashMap<i64, String>,
}

/// A variant, or which column cannot be understood and why.
pub(crate) fn variant(
    row: &VariantRow,
    template: &TemplateRow,
    known: &Known,
) -> Result<Variant, String> {
    Ok(Variant {
        key: VariantKey(row.id),
        template: TemplateKey(template.id),
        name: row.name.clone().unwrap_or_default(),
        sku: row.default_code.as_deref().and_then(Sku::parse),
        barcode: row
            .barcode
            .as_deref()
            .map(str::trim)
            .filter(|b| !b.is_empty())
            .map(str::to_owned),
        attributes: attributes(&row.product_template_variant_value_ids, known)?,
        kind: kind(template)?,
        active: row.active,
        sale_ok: template.sale_ok,
        price: price(template, known),
        unit: template.uom_id.and_then(|id| known.units.get(&id).cloned()),
        modified_at: row.write_date,
    })
}

fn attributes(ids: &[i64], known: &Known) -> Result<Vec<Attribute>, String> {
    ids.iter()
        .map(|id| match known.values.get(id) {
            Some(value) => Ok(Attribute {
                name: value.attribute_id.1.clone(),
                value: value.name.clone(),
            }),
            None => Err(format!(
                "product_template_variant_value_ids: value {id} is not readable"
            )),
        })
        .collect()
}

/// 17 says `product` for what is counted; from 18 on it is `consu` with `is_storable`. 17's
/// `detailed_type` is not read: apps add kinds of their own to it, `type` says what they are.
fn kind(template: &TemplateRow) -> Result<VariantKind, String> {
    match (template.kind.as_str(), template.is_storable) {
        ("product", _) | ("consu", true) => Ok(VariantKind::Storable),
        ("consu", false) => Ok(VariantKind::Consumable),
        ("service", _) => Ok(VariantKind::Service),
        ("combo", _) => Ok(VariantKind::Combo),
        (other, _) => Err(format!("type: `{other}` is not a kind of product")),
    }
}

/// A price without a currency of ISO 4217 is no price: better none than a wrong one.
fn price(template: &TemplateRow, known: &Known) -> Option<UnitPrice> {
    let code = known.currencies.get(&template.currency_id?)?;
    let currency: Currency = code.parse().ok()?;
    Some(UnitPrice {
        amount: template.list_price,
        currency,
    })
}

#[cfg(test)]
mod tests {
    use super::{Known, kind, variant};
    use crate::wire::{TemplateRow, VariantRow};
    use serde_json::json;
    use tandem_domain::VariantKind;

    fn template(kind: &str, storable: Option<bool>) -> TemplateRow {
        let mut row = json!({"id": 9, "type": kind, "sale_ok": true, "list_price": 12.5,
            "currency_id": 1, "uom_id": 1});
        if let Some(storable) = storable {
            row["is_storable"] = json!(storable);
        }
        serde_json::from_str(&row.to_string()).expect("a row")
    }

    #[test]
    fn what_is_counted_is_known_on_17_and_from_18_on() {
        for (name, storable, expected) in [
            ("product", None, VariantKind::Storable),
            ("consu", None, VariantKind::Consumable),
            ("consu", Some(true), VariantKind::Storable),
            ("consu", Some(false), VariantKind::Consumable),
            ("service", Some(false), VariantKind::Service),
            ("combo", Some(false), VariantKind::Combo),
        ] {
            assert_eq!(
                kind(&template(name, storable)),
                Ok(expected),
                "{name} {storable:?}"
            );
        }
        assert!(
            kind(&template("event", None)).is_err(),
            "unknown kinds are shown, not guessed"
        );
    }

    #[test]
    fn a_variant_whose_values_are_missing_is_not_taken_for_one_without() {
        let row = json!({"id": 1, "product_tmpl_id": 9, "name": "Polo", "default_code": " P-1 ",
            "barcode": " ", "active": true, "write_date": "2026-11-21 00:01:49",
            "product_template_variant_value_ids": [4]});
        let row: VariantRow = serde_json::from_value(row).expect("a row");
        let (template, mut known) = (template("consu", Some(true)), Known::default());
        let reason = variant(&row, &template, &known).expect_err("no value");
        assert!(reason.contains("value 4"), "{reason}");
        let value = json!({"id": 4, "name": "M", "attribute_id": [1, "Size"]});
        known
            .values
            .insert(4, serde_json::from_value(value).expect("a row"));
        let variant = variant(&row, &template, &known).expect("complete");
        assert_eq!(
            variant.sku.as_ref().map(tandem_domain::Sku::as_str),
            Some("P-1")
        );
        assert_eq!((variant.barcode, variant.attributes.len()), (None, 1));
        assert_eq!(
            variant.price, None,
            "a price without a known currency is none"
        );
    }
}
