//! Small catalogues, written by hand.
#![allow(dead_code, reason = "each test binary uses its own part")]

use tandem_domain::{ListingKey, Sku, UnitPrice, VariantKey};
use tandem_matching::{Catalogues, LeftItem, Match, Outcome, RightItem, run};

/// A listing with a name only.
pub(crate) fn listing(id: &str, name: &str) -> LeftItem {
    LeftItem {
        key: ListingKey::new(id),
        parent: false,
        bundle: false,
        name: name.into(),
        sku: None,
        barcode: None,
        attributes: Vec::new(),
        brand: None,
        model: None,
        description: None,
        price: None,
    }
}

/// A listing with a name and a SKU.
pub(crate) fn listed(id: &str, sku: &str, name: &str) -> LeftItem {
    LeftItem {
        sku: Sku::parse(sku),
        ..listing(id, name)
    }
}

/// A variant with a name and an internal reference.
pub(crate) fn variant(id: i64, sku: &str, name: &str) -> RightItem {
    RightItem {
        key: VariantKey(id),
        kit: false,
        name: name.into(),
        sku: Sku::parse(sku),
        barcode: None,
        attributes: Vec::new(),
        brand: None,
        model: None,
        description: None,
        price: None,
    }
}

/// A price in a currency.
pub(crate) fn price(amount: &str, currency: &str) -> UnitPrice {
    let currency = currency.parse().expect("an ISO code");
    UnitPrice::parse(amount, currency).expect("a decimal")
}

/// Both catalogues without decisions.
pub(crate) fn catalogues(left: Vec<LeftItem>, right: Vec<RightItem>) -> Catalogues {
    Catalogues {
        left,
        right,
        ..Catalogues::default()
    }
}

/// The outcome of a run that nobody cancels.
pub(crate) fn outcome(input: &Catalogues) -> Outcome {
    run(input, &|| false, &|_, _| {}).expect("nobody cancels")
}

/// The match of the first listing.
pub(crate) fn only(left: Vec<LeftItem>, right: Vec<RightItem>) -> Match {
    of(&catalogues(left, right), "a")
}

/// The match of one listing.
pub(crate) fn of(input: &Catalogues, id: &str) -> Match {
    let found = outcome(input).matches.into_iter();
    found
        .into_iter()
        .find(|m| m.listing.as_str() == id)
        .expect("every listing has a match")
}

/// The ids of the candidates, best first.
pub(crate) fn candidates(found: &Match) -> Vec<i64> {
    found.candidates.iter().map(|c| c.variant.0).collect()
}
