//! Prices side by side.

use super::field_rows;
use crate::view::{FieldName, ListingCard, PairRow, Relation, VariantCard, VerdictTag};

fn pair(store: (&str, &str), odoo: (&str, &str)) -> PairRow {
    PairRow {
        listing: ListingCard {
            key: "1".to_owned(),
            name: "Balloon".to_owned(),
            variation: String::new(),
            kind: "simple".to_owned(),
            sku: None,
            barcode: None,
            price: Some(store.0.to_owned()),
            currency: Some(store.1.to_owned()),
            stock: None,
            published: true,
            page_url: None,
        },
        variant: Some(VariantCard {
            key: 1,
            template: 1,
            name: "Balloon".to_owned(),
            variation: String::new(),
            sku: None,
            barcode: None,
            price: Some(odoo.0.to_owned()),
            currency: Some(odoo.1.to_owned()),
            on_hand: None,
            reserved: None,
            unit: None,
            active: true,
        }),
        verdict: VerdictTag::Likely,
        linked: false,
        score_bp: None,
        confidence: None,
        group: None,
        evidence: Vec::new(),
        guarded: false,
        other_candidates: 0,
        store_name_marks: Vec::new(),
        odoo_name_marks: Vec::new(),
        store_sku_marks: Vec::new(),
        odoo_sku_marks: Vec::new(),
    }
}

#[test]
fn prices_are_compared_as_amounts_and_only_in_one_currency() {
    for (store, odoo, relation) in [
        (("1.500", "KWD"), ("1.5", "KWD"), Relation::Same),
        (("1.500", "KWD"), ("1.600", "KWD"), Relation::Differs),
        (("1.500", "KWD"), ("18.000", "KWD"), Relation::Multiple),
        (("1.50", "EUR"), ("1.50", "USD"), Relation::NotCompared),
        (("1.50", "EUR"), ("150.00", "USD"), Relation::NotCompared),
    ] {
        let rows = field_rows(&pair(store, odoo));
        let price = rows.iter().find(|row| row.field == FieldName::Price);
        assert_eq!(
            price.map(|row| row.relation),
            Some(relation),
            "{store:?} {odoo:?}"
        );
    }
}
