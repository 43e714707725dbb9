//! Why an order cannot go into Odoo as it stands.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    AddressRole, Currency, Links, ListingKey, MapKind, Maps, Money, Order, PartnerKey, Reference,
    SaleHead, SaleKey, SaleState, SaleTerms, StoreUid, UnlinkedLine, VariantKey, normal_email,
};

/// A named reason, with the record it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Blocker {
    /// No Odoo product is linked to this line's listing.
    UnlinkedLine(UnlinkedLine<ListingKey>),
    /// The store deleted the product of this line for good; only its name is left.
    DeletedProduct(UnlinkedLine<ListingKey>),
    /// The Odoo product that is linked to this line was archived or deleted.
    ArchivedProduct(UnlinkedLine<ListingKey>),
    /// The order has no lines at all.
    NoLines,
    /// A line of no pieces, of fewer than none, or of a negative price.
    AbsurdLine {
        /// The store's id of the line.
        line: String,
        /// Its name.
        name: String,
    },
    /// The parts do not add up to the stated total.
    TotalDoesNotAddUp {
        /// Stated minus added up.
        difference: Money,
        /// What the store states.
        stated: Money,
        /// What its parts add up to.
        added_up: Money,
    },
    /// Odoo does not have this currency switched on.
    CurrencyNotInOdoo {
        /// The order's currency.
        currency: Currency,
    },
    /// A map has no answer for something on the order, or its Odoo side changed since.
    NotMapped {
        /// Which map.
        map: MapKind,
        /// The store's key of it.
        key: String,
        /// As the customer saw it.
        name: String,
        /// Whether it was mapped, and Odoo's side is not what it was.
        moved: bool,
    },
    /// A field that Odoo needs is empty.
    AddressIncomplete {
        /// Of which address.
        role: AddressRole,
        /// `name`, `country`.
        field: String,
    },
    /// Odoo does not know this country.
    CountryUnknown {
        /// As the store gives it.
        country: String,
    },
    /// An order that is not ours bears this number in Odoo.
    NumberTaken {
        /// `S00042`.
        sale: String,
        /// Its total.
        total: Money,
    },
    /// Another tool imported the order.
    ImportedElsewhere {
        /// What made its external id, or the database that the store's mark names.
        tool: String,
        /// `S00042`.
        sale: String,
    },
    /// Another store's mark is on the same order: one of the two is a copy.
    LooksLikeCopy {
        /// The other one.
        uid: String,
    },
    /// Several customers in Odoo have this e-mail.
    CustomerAmbiguous {
        /// The e-mail.
        email: String,
        /// Who could be meant.
        candidates: Vec<PartnerKey>,
    },
    /// It was imported, and somebody deleted it in Odoo.
    DeletedInOdoo {
        /// `S00042`.
        sale: String,
    },
    /// Odoo cannot hold the order so that its total is the store's.
    CannotBeExpressed {
        /// Why, as a word that does not change: `price_too_coarse`, `total_too_far`, …
        why: String,
        /// The line that stands out, where there is one.
        name: String,
        /// Odoo's total minus the store's, as near as it gets.
        difference: Option<Money>,
    },
}

/// What Odoo said of one order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Customers with its e-mail.
    pub customers: Vec<PartnerKey>,
    /// Orders with its number.
    pub same_number: Vec<SaleHead>,
    /// The order itself.
    pub sale: Option<SaleKey>,
}

/// What orders of a store are judged by. What is not known is not "none": it blocks nothing.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The links in force.
    pub links: &'a Links,
    /// Odoo products that are archived or deleted, among those that are linked.
    pub unusable: &'a BTreeSet<VariantKey>,
    /// Currencies that Odoo has switched on.
    pub currencies: Option<&'a [Currency]>,
    /// What the maps choose from.
    pub terms: Option<&'a SaleTerms>,
    /// What was settled.
    pub maps: &'a Maps,
    /// The store.
    pub uid: Option<&'a StoreUid>,
    /// Odoo's database.
    pub database: Option<&'a str>,
}

/// Every reason that holds an order back, in the order a person would clear them.
pub fn judge(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    known: Option<&Known>,
) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    lines(order, grounds, &mut blockers);
    if let Some(terms) = grounds.terms {
        mapped(order, grounds.maps, &mut blockers);
        addresses(order, terms, &mut blockers);
    }
    let known_currency = |known: &[Currency]| known.contains(&order.currency);
    if grounds
        .currencies
        .is_some_and(|known| !known_currency(known))
    {
        blockers.push(Blocker::CurrencyNotInOdoo {
            currency: order.currency,
        });
    }
    let difference = order.unexplained();
    if !difference.amount().is_zero() {
        blockers.push(Blocker::TotalDoesNotAddUp {
            difference,
            stated: order.total,
            added_up: order.sum_of_parts(),
        });
    }
    if let Some(known) = known {
        in_odoo(order, grounds, known, &mut blockers);
    }
    blockers
}

fn lines(order: &Order<ListingKey>, grounds: &Grounds<'_>, blockers: &mut Vec<Blocker>) {
    if order.lines.is_empty() {
        blockers.push(Blocker::NoLines);
    }
    for line in grounds.links.resolve(order).err().into_iter().flatten() {
        blockers.push(match line.product {
            Some(_) => Blocker::UnlinkedLine(line),
            None => Blocker::DeletedProduct(line),
        });
    }
    for line in &order.lines {
        let variant = line.product.as_ref().and_then(|key| grounds.links.get(key));
        if variant.is_some_and(|variant| grounds.unusable.contains(&variant)) {
            blockers.push(Blocker::ArchivedProduct(UnlinkedLine {
                line: line.id.clone(),
                product: line.product.clone(),
                name: line.name.clone(),
                sku: line.sku.clone(),
            }));
        }
        if line.quantity <= Decimal::ZERO || line.total < Decimal::ZERO {
            blockers.push(Blocker::AbsurdLine {
                line: line.id.clone(),
                name: line.name.clone(),
            });
        }
    }
}

fn mapped(order: &Order<ListingKey>, maps: &Maps, blockers: &mut Vec<Blocker>) {
    let mut need = |map: MapKind, key: &str, name: &str| {
        let blocker = Blocker::NotMapped {
            map,
            key: key.to_owned(),
            name: name.to_owned(),
            moved: maps.moved(map, key),
        };
        if maps.get(map, key).is_none() && !blockers.contains(&blocker) {
            blockers.push(blocker);
        }
    };
    need(
        MapKind::Status,
        order.status.as_str(),
        order.status.as_str(),
    );
    for rate in order.rates_used() {
        let label = order.tax_lines.iter().find(|line| line.rate == rate);
        need(MapKind::Tax, rate, label.map_or(rate, |line| &line.label));
    }
    if !order.payment.method.is_empty() {
        need(
            MapKind::Payment,
            &order.payment.method,
            &order.payment.title,
        );
    }
    if let Some((method, name)) = order.delivery_method() {
        need(MapKind::Carrier, method, name);
    }
    let (map, key, name) = maps.pricelist_row(order);
    need(map, &key, &name);
}

fn addresses(order: &Order<ListingKey>, terms: &SaleTerms, blockers: &mut Vec<Blocker>) {
    let mut missing = |role, field: &str| {
        blockers.push(Blocker::AddressIncomplete {
            role,
            field: field.to_owned(),
        });
    };
    let named = [&order.billing.name, &order.customer.name];
    let company = order.billing.company.as_ref();
    if named
        .into_iter()
        .chain(company)
        .all(|name| name.trim().is_empty())
    {
        missing(AddressRole::Invoice, "name");
    }
    let countries = [&order.billing.country, &order.shipping.country];
    let unknown: BTreeSet<&String> = countries
        .into_iter()
        .flatten()
        .filter(|code| !code.is_empty())
        .filter(|code| !terms.countries.is_empty() && !terms.countries.contains(*code))
        .collect();
    blockers.extend(unknown.into_iter().map(|country| Blocker::CountryUnknown {
        country: country.clone(),
    }));
}

fn in_odoo(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    known: &Known,
    blockers: &mut Vec<Blocker>,
) {
    let Some(uid) = grounds.uid else { return };
    if known.sale.is_none() && !grounds.maps.agreed(MapKind::Anyway, order.key.as_str()) {
        marks(order, grounds, uid, known, blockers);
    }
    let Some(email) = order.customer.email.as_deref().map(normal_email) else {
        return;
    };
    if known.sale.is_none() && known.customers.len() > 1 && grounds.maps.customer(&email).is_none()
    {
        blockers.push(Blocker::CustomerAmbiguous {
            email,
            candidates: known.customers.clone(),
        });
    }
}

/// What the store's own mark and orders of the same number say.
fn marks(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    uid: &StoreUid,
    known: &Known,
    blockers: &mut Vec<Blocker>,
) {
    let mut found = Vec::new();
    if let Some(stamp) = &order.stamp {
        let other = stamp.reference.as_order().filter(|(other, _)| other != uid);
        found.push(match other {
            Some((other, _)) => Blocker::LooksLikeCopy {
                uid: other.to_string(),
            },
            None if grounds.database.is_some_and(|ours| ours != stamp.database) => {
                Blocker::ImportedElsewhere {
                    tool: stamp.database.clone(),
                    sale: stamp.name.clone(),
                }
            }
            None => Blocker::DeletedInOdoo {
                sale: stamp.name.clone(),
            },
        });
    }
    let others = known.same_number.iter();
    found.extend(
        others
            .filter(|head| head.state != SaleState::Cancelled)
            .filter_map(|head| of_number(head, uid)),
    );
    for blocker in found {
        let same = match &blocker {
            Blocker::LooksLikeCopy { uid } => grounds.maps.agreed(MapKind::SameStore, uid),
            _ => false,
        };
        if !same && !blockers.contains(&blocker) {
            blockers.push(blocker);
        }
    }
}

/// What an order of the same number means; nothing where it is another of this store's.
fn of_number(head: &SaleHead, uid: &StoreUid) -> Option<Blocker> {
    let ours = head.references.iter().find_map(Reference::as_order);
    match ours {
        Some((of, _)) if of == *uid => None,
        Some((of, _)) => Some(Blocker::LooksLikeCopy {
            uid: of.to_string(),
        }),
        None => {
            let made = head.references.iter().map(Reference::prefix);
            let tool = made.into_iter().find(|prefix| !prefix.starts_with("__"));
            Some(match tool {
                Some(tool) => Blocker::ImportedElsewhere {
                    tool: tool.to_owned(),
                    sale: head.name.clone(),
                },
                None => Blocker::NumberTaken {
                    sale: head.name.clone(),
                    total: head.total,
                },
            })
        }
    }
}
