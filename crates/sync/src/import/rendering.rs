//! Lines for Odoo that make the store's total, by the ledger's arithmetic.

use tandem_domain::{
    Blocker, Grounds, ListingKey, Order, SaleLineDraft, SaleTerms, Service, VariantKey,
};
use tandem_ledger::{
    CannotCompute, Computing, PartError, Rendering, Services, TaxMap, Unrenderable,
};

use super::plan::{Settled, provisional};

/// What an order is in Odoo.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rendered {
    /// As they are sent.
    pub(super) lines: Vec<SaleLineDraft>,
    /// What each line stands for, in the same order.
    pub(super) rendering: Rendering,
}

/// Lines that make the order's total in Odoo, or the reason why there are none.
pub(super) fn render(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    terms: &SaleTerms,
    services: Settled,
) -> Result<Rendered, Blocker> {
    let Some(how) = Computing::of(terms, order.currency) else {
        let currency = order.currency;
        return Err(Blocker::CurrencyNotInOdoo { currency });
    };
    let resolved = grounds.links.resolve(order).map_err(|mut unlinked| {
        unlinked
            .pop()
            .map_or(Blocker::NoLines, Blocker::UnlinkedLine)
    })?;
    let taxes = tax_map(order, grounds, terms);
    let rendering =
        tandem_ledger::render(&resolved, &how, &taxes).map_err(|reason| blocker(order, &reason))?;
    let bound = bound(order, grounds, terms, services);
    let lines = rendering
        .drafts(&resolved, &bound)
        .map_err(|_| Blocker::NoLines)?;
    Ok(Rendered { lines, rendering })
}

pub(super) fn tax_map(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    terms: &SaleTerms,
) -> TaxMap {
    let mut map = TaxMap::new();
    for rate in order.rates_used() {
        for key in grounds.maps.taxes(rate).unwrap_or_default() {
            let tax = terms.taxes.iter().find(|tax| tax.key == *key);
            if let Some(tax) = tax {
                map.allow(rate, tax.clone());
            }
        }
    }
    map
}

/// The products of what is no goods: those that were chosen, the carrier's own, those that were
/// made, or stand-ins for those that are.
pub(super) fn bound(
    order: &Order<ListingKey>,
    grounds: &Grounds<'_>,
    terms: &SaleTerms,
    services: Settled,
) -> Services {
    let or_made = |chosen: Option<VariantKey>, service| {
        let made = terms.services.get(&service).copied();
        chosen.or(made).unwrap_or(provisional(service))
    };
    let method = order.delivery_method();
    let carrier = method
        .and_then(|(method, _)| grounds.maps.carrier(method))
        .flatten();
    let own = carrier.and_then(|key| {
        let mut carriers = terms.carriers.iter().flatten();
        carriers.find(|carrier| carrier.key == key)?.product
    });
    Services {
        shipping: or_made(services.delivery.or(own), Service::Delivery),
        fee: or_made(services.fee, Service::Fee),
        rounding: or_made(services.rounding, Service::Rounding),
        rounding_name: "Rounding".to_owned(),
        other_name: "Fee".to_owned(),
    }
}

/// The reason in a form that does not change, with the line that stands out.
fn blocker(order: &Order<ListingKey>, reason: &Unrenderable) -> Blocker {
    let (word, line, difference) = match reason {
        Unrenderable::Parts { reason } => return parts(order, reason),
        Unrenderable::TaxNotMapped { line, .. } => ("no_tax", Some(line), None),
        Unrenderable::RateDiffers { .. } => ("rate_differs", None, None),
        Unrenderable::MixedTaxes { line } => ("mixed_taxes", Some(line), None),
        Unrenderable::QuantityTooFine { line, .. } => ("quantity_too_fine", Some(line), None),
        Unrenderable::CurrencyTooCoarse { .. } => ("currency_too_coarse", None, None),
        Unrenderable::PriceTooCoarse { line, .. } => ("price_too_coarse", line.as_ref(), None),
        Unrenderable::TotalTooFar {
            difference, line, ..
        } => ("total_too_far", line.as_ref(), Some(*difference)),
        Unrenderable::TaxTooFar {
            difference, line, ..
        } => ("tax_too_far", line.as_ref(), Some(*difference)),
        Unrenderable::CannotCompute {
            reason: CannotCompute::NotAPercentage { .. },
        } => ("not_a_percentage", None, None),
        Unrenderable::CannotCompute {
            reason: CannotCompute::TooLarge,
        } => ("too_large", None, None),
    };
    Blocker::CannotBeExpressed {
        why: word.to_owned(),
        name: line.map(|line| named(order, line)).unwrap_or_default(),
        difference,
    }
}

fn parts(order: &Order<ListingKey>, reason: &PartError) -> Blocker {
    let (why, line, difference) = match reason {
        PartError::DoesNotAddUp { difference, line } => {
            ("does_not_add_up", line.as_ref(), Some(*difference))
        }
        PartError::TaxDoesNotAddUp { difference, line } => {
            ("tax_does_not_add_up", line.as_ref(), Some(*difference))
        }
        PartError::UnknownRate { line, .. } => ("unknown_rate", Some(line), None),
        PartError::TaxDoesNotFit { line } => ("tax_does_not_fit", Some(line), None),
        PartError::Absurd { line: None } => ("absurd", None, None),
        PartError::Absurd { line: Some(line) } | PartError::Quantity { line, .. } => {
            return Blocker::AbsurdLine {
                line: line.clone(),
                name: named(order, line),
            };
        }
    };
    Blocker::CannotBeExpressed {
        why: why.to_owned(),
        name: line.map(|line| named(order, line)).unwrap_or_default(),
        difference,
    }
}

/// What the customer saw of a line or charge.
fn named(order: &Order<ListingKey>, id: &str) -> String {
    let line = order.lines.iter().find(|line| line.id == id);
    let charge = order.charges.iter().find(|charge| charge.id == id);
    let name = line.map(|line| &line.name);
    let name = name.or(charge.map(|charge| &charge.name));
    name.cloned().unwrap_or_default()
}
