//! What the store's side of a map looks like in Odoo: proposals, never in force by themselves.

use rust_decimal::Decimal;
use tandem_domain::{Currency, JournalKey, MapKind, MapValue, SaleTerms, Tax};

use super::uses::Use;
use crate::view::MapWhy;

/// A value with what speaks for it.
pub(super) type Proposal = (MapValue, Vec<MapWhy>);

/// What speaks for one value of a row; `None` where a person has to choose.
pub(super) fn propose(used: &Use, terms: &SaleTerms) -> Option<Proposal> {
    match used.kind {
        MapKind::Tax => tax(used, terms),
        MapKind::Payment => Some(payment(used, terms)),
        MapKind::Carrier => carrier(used, terms),
        MapKind::Pricelist => pricelist(used, terms),
        MapKind::Role => role(used, terms),
        MapKind::Service => Some((MapValue::Product { key: None }, vec![MapWhy::Usual])),
        MapKind::Status => {
            let rule = used.usual?;
            Some((MapValue::Status(rule), vec![MapWhy::Usual]))
        }
        MapKind::Customer | MapKind::Anyway | MapKind::SameStore => None,
    }
}

/// Taxes of the same percentage; where several are alike, the one of the same name.
fn tax(used: &Use, terms: &SaleTerms) -> Option<Proposal> {
    let percent = used.percent?;
    let alike = |tax: &&Tax| tax.plain && tax.percent == percent;
    let alike: Vec<&Tax> = terms.taxes.iter().filter(alike).collect();
    if alike.is_empty() {
        let none = MapValue::Taxes { keys: Vec::new() };
        return percent.is_zero().then(|| (none, vec![MapWhy::ZeroRate]));
    }
    let mut why = vec![MapWhy::Rate];
    let mut keys = Vec::new();
    for included in [true, false] {
        let of_kind: Vec<&&Tax> = alike
            .iter()
            .filter(|tax| tax.included == included)
            .collect();
        match of_kind.as_slice() {
            [] => {}
            [only] => keys.push(only.key),
            several => {
                let named = |tax: &&&&Tax| shares_words(&tax.name, &used.name);
                let named: Vec<_> = several.iter().filter(named).collect();
                let [only] = named.as_slice() else {
                    continue;
                };
                why.push(MapWhy::Name);
                keys.push(only.key);
            }
        }
    }
    why.dedup();
    (!keys.is_empty()).then_some((MapValue::Taxes { keys }, why))
}

fn payment(used: &Use, terms: &SaleTerms) -> Proposal {
    let value = |key: Option<JournalKey>| MapValue::Journal { key };
    let Some(journals) = &terms.journals else {
        return (value(None), vec![MapWhy::NoneThere]);
    };
    let fits = |journal: &&tandem_domain::Journal| {
        let currency = journal.currency.unwrap_or(terms.company_currency);
        used.currencies.is_empty() || used.currencies.contains(&currency)
    };
    let named = journals.iter().filter(fits).find(|journal| {
        shares_words(&journal.name, &used.name) || shares_words(&journal.name, &used.key)
    });
    // Where no journal speaks for itself the invoice stays unpaid: nothing is booked wrongly.
    named.map_or_else(
        || (value(None), vec![MapWhy::Usual]),
        |journal| {
            let why = vec![MapWhy::Name, MapWhy::Currency];
            (value(Some(journal.key)), why)
        },
    )
}

fn carrier(used: &Use, terms: &SaleTerms) -> Option<Proposal> {
    let value = |key| MapValue::Carrier {
        key,
        tracking: tracking(&used.name).or_else(|| tracking(&used.key)),
    };
    match terms.carriers.as_deref() {
        None | Some([]) => Some((value(None), vec![MapWhy::NoneThere])),
        Some(carriers) => {
            let mut named = carriers.iter().filter(|carrier| {
                shares_words(&carrier.name, &used.name) || shares_words(&carrier.name, &used.key)
            });
            let only = named.next()?;
            Some((value(Some(only.key)), vec![MapWhy::Name]))
        }
    }
}

fn pricelist(used: &Use, terms: &SaleTerms) -> Option<Proposal> {
    let currency: Currency = used.key.parse().ok()?;
    let of_currency = terms
        .pricelists
        .iter()
        .filter(|list| list.currency == currency);
    let of_currency: Vec<_> = of_currency.collect();
    match of_currency.as_slice() {
        [] if currency == terms.company_currency => {
            let none = MapValue::Pricelist { key: None };
            Some((none, vec![MapWhy::NoneThere]))
        }
        [only] => {
            let value = MapValue::Pricelist {
                key: Some(only.key),
            };
            Some((value, vec![MapWhy::Currency, MapWhy::OnlyOne]))
        }
        _ => None,
    }
}

/// The one pricelist of the currency that bears the role's name; without one, what the currency
/// has for everybody.
fn role(used: &Use, terms: &SaleTerms) -> Option<Proposal> {
    let (role, code) = used.key.rsplit_once('/')?;
    let currency: Currency = code.parse().ok()?;
    let named = terms
        .pricelists
        .iter()
        .filter(|list| list.currency == currency && shares_words(&list.name, role));
    let named: Vec<_> = named.collect();
    let [only] = named.as_slice() else {
        let plain = Use {
            key: code.to_owned(),
            ..used.clone()
        };
        return pricelist(&plain, terms);
    };
    let key = Some(only.key);
    let value = MapValue::Pricelist { key };
    Some((value, vec![MapWhy::Name, MapWhy::Currency]))
}

/// Where a parcel of a well-known carrier can be followed.
fn tracking(name: &str) -> Option<String> {
    const KNOWN: &[(&str, &str)] = &[
        (
            "canada post",
            "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
        ),
        ("ups", "https://www.ups.com/track?tracknum={number}"),
        ("fedex", "https://www.fedex.com/fedextrack/?trknbr={number}"),
        (
            "purolator",
            "https://www.purolator.com/en/shipping/tracker?pin={number}",
        ),
        (
            "dhl",
            "https://www.dhl.com/en/express/tracking.html?AWB={number}",
        ),
    ];
    let words = format!(" {} ", words_of(name).join(" "));
    let known = KNOWN
        .iter()
        .find(|(carrier, _)| words.contains(&format!(" {carrier} ")));
    known.map(|(_, address)| (*address).to_owned())
}

/// Whether two names have a word of weight in common.
fn shares_words(one: &str, other: &str) -> bool {
    let other = words_of(other);
    words_of(one)
        .iter()
        .any(|word| word.chars().count() > 2 && other.contains(word))
}

fn words_of(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// In percent, without trailing zeros.
pub(super) fn percent(percent: Decimal) -> String {
    format!("{}%", percent.normalize())
}
