//! Blockers as doors see them: which, the values of their words, and what clears them.

use tandem_domain::{AddressRole, Blocker, Currency, Sku, UnlinkedLine};

use crate::view::{BlockerKind, Params};

/// Which one.
pub(crate) fn kind_of(blocker: &Blocker) -> BlockerKind {
    match blocker {
        Blocker::UnlinkedLine(_) => BlockerKind::UnlinkedLine,
        Blocker::DeletedProduct(_) => BlockerKind::DeletedProduct,
        Blocker::ArchivedProduct(_) => BlockerKind::ArchivedProduct,
        Blocker::NoLines => BlockerKind::NoLines,
        Blocker::AbsurdLine { .. } => BlockerKind::AbsurdLine,
        Blocker::TotalDoesNotAddUp { .. } => BlockerKind::TotalDoesNotAddUp,
        Blocker::CurrencyNotInOdoo { .. } => BlockerKind::CurrencyNotInOdoo,
        Blocker::NotMapped { moved: false, .. } => BlockerKind::NotMapped,
        Blocker::NotMapped { moved: true, .. } => BlockerKind::MapMoved,
        Blocker::AddressIncomplete { .. } => BlockerKind::AddressIncomplete,
        Blocker::CountryUnknown { .. } => BlockerKind::CountryUnknown,
        Blocker::NumberTaken { .. } => BlockerKind::NumberTaken,
        Blocker::ImportedElsewhere { .. } => BlockerKind::ImportedElsewhere,
        Blocker::LooksLikeCopy { .. } => BlockerKind::LooksLikeCopy,
        Blocker::CustomerAmbiguous { .. } => BlockerKind::CustomerAmbiguous,
        Blocker::DeletedInOdoo { .. } => BlockerKind::DeletedInOdoo,
        Blocker::CannotBeExpressed { .. } => BlockerKind::CannotBeExpressed,
    }
}

/// The line that it is about, by the store's id.
pub(crate) fn line_of(blocker: &Blocker) -> Option<&str> {
    match blocker {
        Blocker::UnlinkedLine(line)
        | Blocker::DeletedProduct(line)
        | Blocker::ArchivedProduct(line) => Some(&line.line),
        Blocker::AbsurdLine { line, .. } => Some(line),
        Blocker::NoLines
        | Blocker::TotalDoesNotAddUp { .. }
        | Blocker::CurrencyNotInOdoo { .. }
        | Blocker::NotMapped { .. }
        | Blocker::AddressIncomplete { .. }
        | Blocker::CountryUnknown { .. }
        | Blocker::NumberTaken { .. }
        | Blocker::ImportedElsewhere { .. }
        | Blocker::LooksLikeCopy { .. }
        | Blocker::CustomerAmbiguous { .. }
        | Blocker::DeletedInOdoo { .. }
        | Blocker::CannotBeExpressed { .. } => None,
    }
}

/// The values of its words.
pub(crate) fn params_of(blocker: &Blocker, currency: Currency) -> Params {
    let pairs: Vec<(&str, String)> = match blocker {
        Blocker::UnlinkedLine(line)
        | Blocker::DeletedProduct(line)
        | Blocker::ArchivedProduct(line) => of_line(line),
        Blocker::AbsurdLine { name, .. } => vec![("name", name.clone())],
        Blocker::TotalDoesNotAddUp {
            difference,
            stated,
            added_up,
        } => vec![
            ("difference", difference.amount().to_string()),
            ("stated", stated.amount().to_string()),
            ("added_up", added_up.amount().to_string()),
        ],
        Blocker::CurrencyNotInOdoo { currency } => vec![("currency", currency.code().to_owned())],
        Blocker::NotMapped { map, key, name, .. } => vec![
            ("map", word(*map)),
            ("key", key.clone()),
            ("name", name.clone()),
        ],
        Blocker::AddressIncomplete { role, field } => {
            let role = match role {
                AddressRole::Invoice => "invoice",
                AddressRole::Delivery => "delivery",
            };
            vec![("role", role.to_owned()), ("field", field.clone())]
        }
        Blocker::CountryUnknown { country } => vec![("country", country.clone())],
        Blocker::NumberTaken { sale, total } => vec![
            ("sale", sale.clone()),
            ("total", total.amount().to_string()),
            ("currency", total.currency().code().to_owned()),
        ],
        Blocker::ImportedElsewhere { tool, sale } => {
            vec![("tool", tool.clone()), ("sale", sale.clone())]
        }
        Blocker::LooksLikeCopy { uid } => vec![("uid", uid.clone())],
        Blocker::CustomerAmbiguous { email, candidates } => {
            let keys: Vec<String> = candidates.iter().map(ToString::to_string).collect();
            vec![
                ("email", email.clone()),
                ("count", keys.len().to_string()),
                ("candidates", keys.join(",")),
            ]
        }
        Blocker::DeletedInOdoo { sale } => vec![("sale", sale.clone())],
        Blocker::CannotBeExpressed {
            why,
            name,
            difference,
        } => {
            let off = difference.map(|off| off.amount().to_string());
            vec![
                ("why", why.clone()),
                ("name", name.clone()),
                ("difference", off.unwrap_or_default()),
            ]
        }
        Blocker::NoLines => Vec::new(),
    };
    let currency = ("currency".to_owned(), currency.code().to_owned());
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    std::iter::once(currency).chain(pairs).collect()
}

fn of_line<K>(line: &UnlinkedLine<K>) -> Vec<(&'static str, String)> {
    let sku = line.sku.as_ref().map(Sku::to_string);
    vec![
        ("name", line.name.clone()),
        ("sku", sku.unwrap_or_default()),
    ]
}

fn word(map: tandem_domain::MapKind) -> String {
    let word = serde_json::to_value(map).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
}
