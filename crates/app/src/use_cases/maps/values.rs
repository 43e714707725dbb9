//! Values of maps as doors spell them: ids, or one of a few words.

use std::fmt::Display;

use tandem_domain::{
    CarrierKey, JournalKey, MapKind, MapValue, PartnerKey, PricelistKey, SaleTerms, StatusRule,
    TaxKey, Until, VariantKey,
};

use super::propose::percent;
use crate::view::MapChoice;

const NONE: &str = "none";
const OWN: &str = "own";
const YES: &str = "yes";

/// What becomes of a status, as doors spell it.
const RULES: &[(&str, StatusRule)] = &[
    ("later", StatusRule::Later),
    ("never", StatusRule::Never),
    ("draft", StatusRule::Import(Until::Draft)),
    ("confirmed", StatusRule::Import(Until::Confirmed)),
    ("invoiced", StatusRule::Import(Until::Invoiced)),
    ("posted", StatusRule::Import(Until::Posted)),
];

/// A rule, as doors spell it.
pub(super) fn rule_word(rule: StatusRule) -> String {
    let found = RULES.iter().find(|(_, known)| *known == rule);
    found.map_or(NONE, |(word, _)| word).to_owned()
}

/// Reads a value; `None` where it is none of its kind, or not there in Odoo.
pub(super) fn parse(
    kind: MapKind,
    text: &str,
    tracking: Option<String>,
    terms: &SaleTerms,
) -> Option<MapValue> {
    let id = || text.parse::<i64>().ok();
    let one = |there: &dyn Fn(i64) -> bool| match text {
        NONE => Some(None),
        _ => id().filter(|id| there(*id)).map(Some),
    };
    Some(match kind {
        MapKind::Tax => MapValue::Taxes {
            keys: taxes(text, terms)?,
        },
        MapKind::Payment => MapValue::Journal {
            key: one(&|id| terms.journals.iter().flatten().any(|j| j.key.0 == id))?.map(JournalKey),
        },
        MapKind::Carrier => MapValue::Carrier {
            key: one(&|id| terms.carriers.iter().flatten().any(|c| c.key.0 == id))?.map(CarrierKey),
            tracking: tracking.filter(|address| !address.trim().is_empty()),
        },
        MapKind::Pricelist | MapKind::Role => MapValue::Pricelist {
            key: one(&|id| terms.pricelists.iter().any(|p| p.key.0 == id))?.map(PricelistKey),
        },
        MapKind::Status => {
            let found = RULES.iter().find(|(word, _)| *word == text);
            MapValue::Status(found?.1)
        }
        MapKind::Service if text == OWN => MapValue::Product { key: None },
        MapKind::Service => MapValue::Product {
            key: Some(VariantKey(id()?)),
        },
        MapKind::Customer => MapValue::Customer {
            key: PartnerKey(id()?),
        },
        MapKind::Anyway | MapKind::SameStore => (text == YES).then_some(MapValue::Agreed)?,
    })
}

fn taxes(text: &str, terms: &SaleTerms) -> Option<Vec<TaxKey>> {
    if text == NONE {
        return Some(Vec::new());
    }
    let known = |id: &i64| terms.taxes.iter().any(|tax| tax.plain && tax.key.0 == *id);
    text.split(',')
        .map(|id| id.trim().parse::<i64>().ok().filter(known).map(TaxKey))
        .collect()
}

/// As it is spelled, with what Odoo calls it.
pub(super) fn choice(value: &MapValue, terms: Option<&SaleTerms>) -> MapChoice {
    let (label, detail) = terms.map(|terms| face(value, terms)).unwrap_or_default();
    MapChoice {
        value: spelled(value),
        label,
        detail,
    }
}

fn spelled(value: &MapValue) -> String {
    fn or<T: Display>(key: Option<T>, word: &str) -> String {
        key.map_or_else(|| word.to_owned(), |key| key.to_string())
    }
    match value {
        MapValue::Taxes { keys } if keys.is_empty() => NONE.to_owned(),
        MapValue::Taxes { keys } => {
            let ids: Vec<String> = keys.iter().map(ToString::to_string).collect();
            ids.join(",")
        }
        MapValue::Journal { key } => or(*key, NONE),
        MapValue::Carrier { key, .. } => or(*key, NONE),
        MapValue::Pricelist { key } => or(*key, NONE),
        MapValue::Product { key } => or(*key, OWN),
        MapValue::Customer { key } => key.to_string(),
        MapValue::Agreed => YES.to_owned(),
        MapValue::Status(rule) => rule_word(*rule),
    }
}

fn face(value: &MapValue, terms: &SaleTerms) -> (String, String) {
    let code = |currency: tandem_domain::Currency| currency.code().to_owned();
    let found = match value {
        MapValue::Taxes { keys } => {
            let chosen = terms.taxes.iter().filter(|tax| keys.contains(&tax.key));
            let (names, rates): (Vec<_>, Vec<_>) = chosen
                .map(|tax| (tax.name.clone(), percent(tax.percent)))
                .unzip();
            Some((
                names.join(" / "),
                rates.first().cloned().unwrap_or_default(),
            ))
        }
        MapValue::Journal { key: Some(key) } => {
            let mut journals = terms.journals.iter().flatten();
            let found = journals.find(|journal| journal.key == *key);
            found.map(|journal| (journal.name.clone(), journal.code.clone()))
        }
        MapValue::Carrier { key: Some(key), .. } => {
            let mut carriers = terms.carriers.iter().flatten();
            let found = carriers.find(|carrier| carrier.key == *key);
            found.map(|carrier| (carrier.name.clone(), String::new()))
        }
        MapValue::Pricelist { key: Some(key) } => {
            let found = terms.pricelists.iter().find(|list| list.key == *key);
            found.map(|list| (list.name.clone(), code(list.currency)))
        }
        MapValue::Journal { key: None }
        | MapValue::Carrier { key: None, .. }
        | MapValue::Pricelist { key: None }
        | MapValue::Status(_)
        | MapValue::Product { .. }
        | MapValue::Customer { .. }
        | MapValue::Agreed => None,
    };
    found.unwrap_or_default()
}

/// Everything that can be chosen for a kind.
pub(super) fn choices(kind: MapKind, terms: &SaleTerms) -> Vec<MapChoice> {
    let none = match kind {
        MapKind::Tax => Some(MapValue::Taxes { keys: Vec::new() }),
        MapKind::Payment => Some(MapValue::Journal { key: None }),
        MapKind::Carrier => Some(MapValue::Carrier {
            key: None,
            tracking: None,
        }),
        MapKind::Pricelist | MapKind::Role => Some(MapValue::Pricelist { key: None }),
        MapKind::Service => Some(MapValue::Product { key: None }),
        MapKind::Status | MapKind::Customer | MapKind::Anyway | MapKind::SameStore => None,
    };
    let values: Vec<MapValue> = match kind {
        MapKind::Tax => {
            let plain = terms.taxes.iter().filter(|tax| tax.plain);
            plain
                .map(|tax| MapValue::Taxes {
                    keys: vec![tax.key],
                })
                .collect()
        }
        MapKind::Payment => {
            let journals = terms.journals.iter().flatten();
            journals
                .map(|journal| MapValue::Journal {
                    key: Some(journal.key),
                })
                .collect()
        }
        MapKind::Carrier => {
            let carriers = terms.carriers.iter().flatten();
            carriers
                .map(|carrier| MapValue::Carrier {
                    key: Some(carrier.key),
                    tracking: None,
                })
                .collect()
        }
        MapKind::Pricelist | MapKind::Role => {
            let lists = terms.pricelists.iter();
            lists
                .map(|list| MapValue::Pricelist {
                    key: Some(list.key),
                })
                .collect()
        }
        MapKind::Status => RULES
            .iter()
            .map(|(_, rule)| MapValue::Status(*rule))
            .collect(),
        MapKind::Service | MapKind::Customer | MapKind::Anyway | MapKind::SameStore => Vec::new(),
    };
    let values = none.into_iter().chain(values);
    values.map(|value| choice(&value, Some(terms))).collect()
}
