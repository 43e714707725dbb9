//! The fields of a pair, side by side, and how they stand to each other.

use rust_decimal::Decimal;
use tandem_domain::Gtin;

use crate::use_cases::cards::{factor_text, marks};
use crate::view::{EvidenceTag, FieldName, FieldRow, PairRow, Params, Relation};

/// Every field that a person compares, in the order of the screen.
pub(crate) fn field_rows(pair: &PairRow) -> Vec<FieldRow> {
    let Some(variant) = &pair.variant else {
        return Vec::new();
    };
    let listing = &pair.listing;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (sku, barcode) = (text(&variant.sku), text(&variant.barcode));
    let mut rows = vec![
        compared(FieldName::Sku, text(&listing.sku), sku, same_sku(pair)),
        compared(
            FieldName::Barcode,
            text(&listing.barcode),
            barcode.clone(),
            same_gtin(&text(&listing.barcode), &barcode),
        ),
        price_row(pair),
        compared(
            FieldName::Variation,
            listing.variation.clone(),
            variant.variation.clone(),
            str::eq_ignore_ascii_case,
        ),
    ];
    rows.push(shown(FieldName::Unit, String::new(), text(&variant.unit)));
    let reserved = variant.reserved.as_deref().unwrap_or("0").to_owned();
    let mut stock = shown(
        FieldName::Stock,
        text(&listing.stock),
        text(&variant.on_hand),
    );
    stock.params.insert("reserved".to_owned(), reserved);
    rows.push(stock);
    rows.retain(|row| !row.store.is_empty() || !row.odoo.is_empty());
    rows
}

/// The matching found the SKUs equal but for spelling.
fn same_sku(pair: &PairRow) -> impl Fn(&str, &str) -> bool + use<> {
    let alike = pair
        .evidence
        .iter()
        .any(|seen| seen.tag == EvidenceTag::SameCanonicalSku);
    move |_, _| alike
}

fn same_gtin(store: &str, odoo: &str) -> impl Fn(&str, &str) -> bool + use<> {
    let same = matches!((Gtin::parse(store), Gtin::parse(odoo)), (Ok(a), Ok(b)) if a == b);
    move |_, _| same
}

/// Two texts: same, alike by the rule of the field, or different.
fn compared(
    field: FieldName,
    store: String,
    odoo: String,
    alike: impl Fn(&str, &str) -> bool,
) -> FieldRow {
    let relation = match (store.is_empty(), odoo.is_empty()) {
        (true, _) | (_, true) => Relation::Missing,
        _ if store == odoo => Relation::Same,
        _ if alike(&store, &odoo) => Relation::Alike,
        _ => Relation::Differs,
    };
    let (store_marks, odoo_marks) = match relation {
        Relation::Alike | Relation::Differs => marks(&store, &odoo),
        _ => (Vec::new(), Vec::new()),
    };
    FieldRow {
        field,
        store,
        odoo,
        relation,
        params: Params::new(),
        store_marks,
        odoo_marks,
    }
}

/// Shown for the eye; no reason for or against.
fn shown(field: FieldName, store: String, odoo: String) -> FieldRow {
    FieldRow {
        field,
        store,
        odoo,
        relation: Relation::NotCompared,
        params: Params::new(),
        store_marks: Vec::new(),
        odoo_marks: Vec::new(),
    }
}

fn price_row(pair: &PairRow) -> FieldRow {
    let variant = pair.variant.as_ref();
    let store = pair.listing.price.clone().unwrap_or_default();
    let odoo = variant
        .and_then(|variant| variant.price.clone())
        .unwrap_or_default();
    let mut row = compared(FieldName::Price, store, odoo, |_, _| false);
    row.store_marks.clear();
    row.odoo_marks.clear();
    let currency = |code: &Option<String>| code.clone().unwrap_or_default();
    row.params.insert(
        "store_currency".to_owned(),
        currency(&pair.listing.currency),
    );
    row.params.insert(
        "odoo_currency".to_owned(),
        variant
            .map(|variant| currency(&variant.currency))
            .unwrap_or_default(),
    );
    if row.params["store_currency"] != row.params["odoo_currency"] {
        if row.relation != Relation::Missing {
            row.relation = Relation::NotCompared;
        }
        return row;
    }
    let amount = |text: &str| text.parse::<Decimal>().ok();
    let (Some(store), Some(odoo)) = (amount(&row.store), amount(&row.odoo)) else {
        return row;
    };
    if store == odoo {
        row.relation = Relation::Same;
    } else if let Some(factor) = factor_hundredths(store, odoo) {
        row.relation = Relation::Multiple;
        row.params.insert("factor".to_owned(), factor_text(factor));
        let higher = if odoo > store { "odoo" } else { "store" };
        row.params.insert("higher".to_owned(), higher.to_owned());
    }
    row
}

/// The larger over the smaller in hundredths, when it is half as much again or more.
fn factor_hundredths(a: Decimal, b: Decimal) -> Option<u32> {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let factor = high.checked_div(low)?.checked_mul(Decimal::ONE_HUNDRED)?;
    let hundredths = u32::try_from(factor.round().mantissa()).ok()?;
    (low > Decimal::ZERO && hundredths >= 150).then_some(hundredths)
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
