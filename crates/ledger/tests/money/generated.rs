//! Orders by the thousand: each reaches the store's total, or is refused by name.

use std::collections::BTreeMap;

use tandem_domain::{ListingKey, Order};
use tandem_ledger::{Fit, PartError, Rendering, Unrenderable, render};

use crate::made_up::{Case, Flaw, case};
use crate::sound::sound;

const ORDERS: u64 = 24_000;

/// How often what came out, for orders without a flaw.
#[derive(Default)]
struct Shares(BTreeMap<String, u32>);

impl Shares {
    fn count(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    fn of(&self, what: &str) -> u32 {
        self.0.get(what).copied().unwrap_or_default()
    }

    fn rendered(&mut self, case: &Case, rendering: &Rendering) {
        let Case { how, map, .. } = case;
        let both = map.all().any(|tax| tax.included) && map.all().any(|tax| !tax.included);
        let kind = match (both, map.all().next()) {
            (true, _) => "both kinds",
            (false, Some(tax)) if tax.included => "included only",
            (false, Some(_)) => "excluded only",
            (false, None) => "no tax",
        };
        let fit = match rendering.fit {
            Fit::Exact => "total and tax",
            Fit::TotalOnly => "total only",
            Fit::Rounded => "rounding line",
        };
        let arithmetic = &how.arithmetic;
        self.count(fit);
        self.count(format!("{kind}: {fit}"));
        self.count(format!(
            "{:?} {:?}: {fit}",
            arithmetic.series, arithmetic.rounding
        ));
        self.count(format!("by {:?}", rendering.recipe));
    }

    #[expect(
        clippy::print_stdout,
        reason = "what a person asks for with --nocapture"
    )]
    fn print(&self) {
        for (what, count) in &self.0 {
            println!("{count:6}  {what}");
        }
    }
}

#[test]
fn every_order_reaches_its_total_or_is_refused_by_name() {
    let mut shares = Shares::default();
    for seed in 0..ORDERS {
        let case = case(seed);
        match render(&case.order, &case.how, &case.map) {
            Ok(rendering) => {
                assert_eq!(case.flaw, Flaw::None, "{seed} must be refused");
                sound(&case.order, &case.how, &case.map, &rendering);
                shares.rendered(&case, &rendering);
            }
            Err(reason) => {
                assert!(deserved(&case, &reason), "{seed}: {reason:?}");
                if case.flaw == Flaw::None {
                    shares.count(format!("refused: {}", name(&reason)));
                    shares.count("refused");
                }
            }
        }
    }
    shares.print();
    let [exact, total, rounded, refused] =
        ["total and tax", "total only", "rounding line", "refused"].map(|what| shares.of(what));
    let sound = exact + total + rounded + refused;
    assert!(sound > 20_000, "orders without a flaw: {sound}");
    assert!(
        100 * exact > 79 * sound,
        "total and tax: {exact} of {sound}"
    );
    assert!(
        100 * rounded < 8 * sound,
        "rounding lines: {rounded} of {sound}"
    );
    assert!(100 * refused < 4 * sound, "refused: {refused} of {sound}");
}

fn name(reason: &Unrenderable) -> &'static str {
    match reason {
        Unrenderable::Parts {
            reason: PartError::DoesNotAddUp { .. },
        } => "does not add up",
        Unrenderable::PriceTooCoarse { .. } => "price too coarse",
        _ => "otherwise",
    }
}

/// Whether the order, or the Odoo that it is meant for, is as the reason says.
fn deserved(case: &Case, reason: &Unrenderable) -> bool {
    match reason {
        Unrenderable::TaxNotMapped { .. } => case.flaw == Flaw::UnmappedRate,
        Unrenderable::MixedTaxes { .. } => case.flaw == Flaw::MixedKinds,
        Unrenderable::QuantityTooFine { line, .. } => case.flaw == Flaw::FinePieces && line == "0",
        Unrenderable::PriceTooCoarse { .. } => case.coarse(),
        Unrenderable::Parts { reason } => match reason {
            PartError::DoesNotAddUp { difference, .. } => match case.flaw {
                Flaw::WrongTotal | Flaw::WrongTax => true,
                // A shop that adds up what it does not show in full.
                _ => {
                    let units = difference.amount() * case.units();
                    units.abs() <= (case.order.lines.len() + case.order.charges.len()).into()
                }
            },
            PartError::TaxDoesNotAddUp { line, .. } => {
                case.flaw == Flaw::WrongTax && line.as_deref() == taxed(&case.order)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The line whose tax was made wrong.
fn taxed(order: &Order<ListingKey>) -> Option<&str> {
    let taxed = order
        .lines
        .iter()
        .find(|line| line.taxes.iter().any(|tax| !tax.amount.is_zero()));
    taxed.map(|line| line.id.as_str())
}
