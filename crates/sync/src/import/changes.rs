//! What happened to an order in the store after it went into Odoo, and what there is to do.

use std::collections::BTreeSet;

use tandem_contract::CreditNoteDraft;
use tandem_domain::{ListingKey, Order, Refund, Sale, SaleLineDraft, SaleState};

use super::engine::open;

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// Lines, charges or totals.
    Money,
    /// A bill or delivery address.
    Address,
    /// The status.
    Status,
    /// Money was paid back.
    Refund,
}

impl Changed {
    /// Whether Odoo's side has to follow for the books to be right.
    pub fn is_about_money(self) -> bool {
        matches!(self, Self::Money | Self::Refund)
    }
}

/// What can be done about it. Nothing is done unless it is chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The lines of the unconfirmed order become those of the store's.
    Update {
        /// All lines.
        lines: Vec<SaleLineDraft>,
    },
    /// The order is cancelled, as the store's was.
    Cancel,
    /// A draft credit note is made for a refund, once.
    Credit {
        /// The refund.
        refund: Box<Refund>,
        /// The note.
        note: Box<CreditNoteDraft>,
    },
    /// A refund that Tandem cannot credit.
    NotCredited {
        /// The refund.
        refund: Box<Refund>,
        /// Why.
        why: NotCredited,
    },
    /// A person has to see to it in Odoo: it went too far for Tandem to change it.
    ByHand(Changed),
}

/// Why a refund is not credited by Tandem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotCredited {
    /// The store gave back an amount, and does not say what for.
    AmountOnly,
    /// The invoice is a draft: what it comes to may still be changed in it.
    NotPosted,
    /// The refund contradicts the order, or Odoo's arithmetic cannot reach its amount.
    CannotBeExpressed,
}

/// What changed in the store since an order went in.
pub fn changes(then: &Order<ListingKey>, now: &Order<ListingKey>) -> BTreeSet<Changed> {
    let mut changed = BTreeSet::new();
    let same_money = then.lines == now.lines
        && then.charges == now.charges
        && then.total == now.total
        && then.total_tax == now.total_tax
        && then.currency == now.currency;
    if !same_money {
        changed.insert(Changed::Money);
    }
    if then.billing != now.billing || then.shipping != now.shipping {
        changed.insert(Changed::Address);
    }
    if then.status != now.status {
        changed.insert(Changed::Status);
    }
    if then.refunded != now.refunded {
        changed.insert(Changed::Refund);
    }
    changed
}

/// What there is to do about an order whose lines changed.
pub(super) fn update(sale: &Sale, lines: Vec<SaleLineDraft>) -> Change {
    if open(sale) {
        Change::Update { lines }
    } else {
        Change::ByHand(Changed::Money)
    }
}

/// What there is to do about an order that the store cancelled.
pub(super) fn cancel(sale: &Sale) -> Option<Change> {
    let shipped = sale
        .deliveries
        .iter()
        .any(|delivery| delivery.state == "done");
    let posted = sale
        .invoices
        .iter()
        .any(|invoice| invoice.state == "posted");
    match sale.head.state {
        SaleState::Cancelled => None,
        _ if shipped || posted || sale.locked => Some(Change::ByHand(Changed::Status)),
        SaleState::Draft | SaleState::Confirmed => Some(Change::Cancel),
    }
}
