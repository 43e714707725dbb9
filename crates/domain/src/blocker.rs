//! Why an order cannot go into Odoo as it stands.

use serde::{Deserialize, Serialize};

use crate::{Currency, Links, ListingKey, Money, Order, UnlinkedLine};

/// A named reason, with the record it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Blocker {
    /// No Odoo product is linked to this line's listing.
    UnlinkedLine(UnlinkedLine<ListingKey>),
    /// The store deleted the product of this line for good; only its name is left.
    DeletedProduct(UnlinkedLine<ListingKey>),
    /// The order has no lines at all.
    NoLines,
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
}

/// Every reason that holds an order back, in the order a person would clear them.
///
/// `odoo_currencies` are the active currencies of the Odoo database. While they are not known, no
/// order is held back for its currency: what is not known is not "none".
pub fn judge(
    order: &Order<ListingKey>,
    links: &Links,
    odoo_currencies: Option<&[Currency]>,
) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    if order.lines.is_empty() {
        blockers.push(Blocker::NoLines);
    }
    for line in links.resolve(order).err().into_iter().flatten() {
        blockers.push(match line.product {
            Some(_) => Blocker::UnlinkedLine(line),
            None => Blocker::DeletedProduct(line),
        });
    }
    if odoo_currencies.is_some_and(|known| !known.contains(&order.currency)) {
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
    blockers
}
