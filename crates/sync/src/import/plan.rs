//! What an order would be in Odoo: a pure function of the order and of what was settled. What is
//! shown before an import is what runs.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{
    Blocker, CarrierKey, Grounds, Known, ListingKey, MapKind, Order, PartnerKey, PricelistKey,
    Reference, SaleLineDraft, Service, StatusRule, Until, VariantKey, judge,
};
use tandem_ledger::Rendering;

use super::customers::partner_reference;
use super::look::email_of;
use super::rendering::{Rendered, render};

/// How the customer is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerPlan {
    /// By e-mail; else made once.
    ByEmail {
        /// As it is compared.
        email: String,
        /// The one that a person chose among several.
        chosen: Option<PartnerKey>,
    },
    /// Nobody in Odoo can be this guest: made once, for this order.
    Guest,
}

/// What charges are booked on; `None` for a product that is made when it is first needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Delivery.
    pub delivery: Option<VariantKey>,
    /// Fees and rebates.
    pub fee: Option<VariantKey>,
    /// The rounding line.
    pub rounding: Option<VariantKey>,
}

/// An order as it would go into Odoo.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedOrder {
    /// The store's order.
    pub order: Order<ListingKey>,
    /// By which Odoo will know it.
    pub reference: Reference,
    /// By which Odoo will know the customer, if they are made.
    pub partner: Reference,
    /// How the customer is found.
    pub customer: CustomerPlan,
    /// Where it comes from, as people read it.
    pub origin: String,
    /// Decides the currency.
    pub pricelist: Option<PricelistKey>,
    /// The row of the maps that says so: map, key and name.
    pub pricelist_row: (MapKind, String, String),
    /// Who delivers.
    pub carrier: Option<CarrierKey>,
    /// How far it goes.
    pub until: Until,
    /// Its lines. A product that is not made yet stands as [`provisional`].
    pub lines: Vec<SaleLineDraft>,
    /// What each line stands for, and what Odoo will compute.
    pub rendering: Rendering,
    /// What charges are booked on.
    pub services: Settled,
    /// Products that were made by us, as far as it was known.
    pub made: BTreeMap<Service, VariantKey>,
}

/// Stands for a product that is made when it is first needed. Odoo numbers from one.
pub(super) fn provisional(service: Service) -> VariantKey {
    VariantKey(match service {
        Service::Delivery => -1,
        Service::Fee => -2,
        Service::Rounding => -3,
    })
}

impl PlannedOrder {
    /// The largest difference that a rounding line may take: a minor unit for each line.
    pub(super) fn bound(&self, lines: usize) -> Decimal {
        let unit = Decimal::new(1, self.order.currency.decimals());
        unit * Decimal::from(lines)
    }

    /// Whether a service product has to be made for it.
    pub fn makes(&self, service: Service) -> bool {
        let stand_in = provisional(service);
        self.lines.iter().any(|line| line.product == stand_in)
    }
}

/// The name of a service product that is made.
pub(super) fn service_name(service: Service) -> String {
    match service {
        Service::Delivery => "Delivery",
        Service::Fee => "Fee",
        Service::Rounding => "Rounding",
    }
    .to_owned()
}

/// What an order would be in Odoo, or every reason why it cannot go in.
pub fn prepare(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    known: Option<&Known>,
    origin: &str,
) -> Result<PlannedOrder, Vec<Blocker>> {
    let blockers = judge(order, grounds, known);
    if !blockers.is_empty() {
        return Err(blockers);
    }
    let (Some(terms), Some(uid)) = (grounds.terms, grounds.uid) else {
        return Err(Vec::new());
    };
    let maps = grounds.maps;
    let services = Settled {
        delivery: maps.service(Service::Delivery),
        fee: maps.service(Service::Fee),
        rounding: maps.service(Service::Rounding),
    };
    let Rendered { lines, rendering } =
        render(order, grounds, terms, services).map_err(|blocker| vec![blocker])?;
    let until = match maps.status(order.status.as_str()) {
        Some(StatusRule::Import(until)) => until,
        Some(StatusRule::Later | StatusRule::Never) | None => Until::Draft,
    };
    let method = order.delivery_method();
    Ok(PlannedOrder {
        reference: Reference::order(uid, &order.key),
        partner: partner_reference(uid, order),
        customer: customer(order, grounds),
        origin: format!("{origin} {}", order.number),
        pricelist: maps.pricelist_of(order).flatten(),
        pricelist_row: maps.pricelist_row(order),
        carrier: method
            .and_then(|(method, _)| maps.carrier(method))
            .flatten(),
        until,
        lines,
        rendering,
        services,
        made: terms.services.clone(),
        order: order.clone(),
    })
}

fn customer(order: &Order<ListingKey>, grounds: &Grounds<'_>) -> CustomerPlan {
    match email_of(order) {
        Some(email) => CustomerPlan::ByEmail {
            chosen: grounds.maps.customer(&email),
            email,
        },
        None => CustomerPlan::Guest,
    }
}
