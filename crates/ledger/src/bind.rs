//! Binding rendered lines to what Odoo has: products, and the lines of an order that a credit note
//! takes back.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{ChargeKind, Order, SaleLineDraft, SaleLineKey, Tax, VariantKey};

use crate::parts::Origin;
use crate::recipe::RenderedLine;
use crate::render::Rendering;
use crate::taxes::TaxMap;
use crate::totals::{CannotCompute, Computing, PricedLine, totals};

/// The products that stand for what is no goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Services {
    /// For the price of the delivery: the carrier's own product, where it has one.
    pub shipping: VariantKey,
    /// For fees and rebates, and for money given back without pieces.
    pub fee: VariantKey,
    /// For the rounding line.
    pub rounding: VariantKey,
    /// What the rounding line says.
    pub rounding_name: String,
    /// What a line says that was given no name.
    pub other_name: String,
}

/// A line of goods for which no variant is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no variant is known for the line {0}")]
pub struct NoVariant(pub String);

/// A line of an order in Odoo, with what may still be credited of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// What it stands for.
    pub origin: Origin,
    /// The line.
    pub key: SaleLineKey,
    /// As saved.
    pub unit_price: Decimal,
    /// Pieces that were invoiced and not yet credited.
    pub left: Decimal,
}

impl Rendering {
    /// The lines as they are sent.
    pub fn drafts(
        &self,
        order: &Order<VariantKey>,
        services: &Services,
    ) -> Result<Vec<SaleLineDraft>, NoVariant> {
        let draft = |line: &RenderedLine| {
            Ok(SaleLineDraft {
                product: product(&line.origin, order, services)?,
                name: match line.origin {
                    Origin::Rounding => services.rounding_name.clone(),
                    _ if line.name.is_empty() => services.other_name.clone(),
                    _ => line.name.clone(),
                },
                quantity: line.quantity,
                unit_price: line.unit_price,
                taxes: line.taxes.clone(),
                delivery: matches!(line.origin, Origin::Shipping(_)),
            })
        };
        self.lines.iter().map(draft).collect()
    }

    /// The lines of a credit note, each with the line of the order that it takes back. A line that
    /// takes back several is cut, unless cutting it would change the total: then it takes back the
    /// one of which most is left.
    pub fn taking_back(
        self,
        sold: &[Sold],
        (how, taxes): (&Computing, &TaxMap),
    ) -> Result<(Self, Vec<Option<SaleLineKey>>), CannotCompute> {
        let of_store = sold.iter().filter(|sold| sold.origin.is_sold());
        let mut sold: Vec<Sold> = of_store.cloned().collect();
        let mut cut = self.clone();
        cut.lines.clear();
        let mut of = Vec::with_capacity(self.lines.len());
        let mut of_whole = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let own = sold.iter().filter(|sold| sold.origin == line.origin);
            let most = own.max_by_key(|sold| sold.left);
            of_whole.push(most.map(|sold| sold.key));
            for (quantity, key) in take(line, &mut sold) {
                of.push(key);
                let line = line.clone();
                cut.lines.push(RenderedLine { quantity, ..line });
            }
        }
        cut.expected = computed(how, taxes, &cut.lines)?;
        let same =
            (cut.expected.total, cut.expected.tax) == (self.expected.total, self.expected.tax);
        Ok(if same { (cut, of) } else { (self, of_whole) })
    }
}

fn product(
    origin: &Origin,
    order: &Order<VariantKey>,
    services: &Services,
) -> Result<VariantKey, NoVariant> {
    Ok(match origin {
        Origin::Goods(id) => {
            let line = order.lines.iter().find(|line| line.id == *id);
            let product = line.and_then(|line| line.product);
            product.ok_or_else(|| NoVariant(id.clone()))?
        }
        Origin::Shipping(_) => services.shipping,
        Origin::Fee(_) | Origin::Amount => services.fee,
        Origin::Allowance(id) => {
            let charge = order.charges.iter().find(|charge| charge.id == *id);
            match charge.map(|charge| charge.kind) {
                Some(ChargeKind::Shipping) => services.shipping,
                Some(ChargeKind::Fee) | None => services.fee,
            }
        }
        Origin::Rounding => services.rounding,
    })
}

/// The pieces of a line by the order's line that they are taken from, those of the same price
/// first; what is taken from none comes last.
fn take(line: &RenderedLine, sold: &mut [Sold]) -> Vec<(Decimal, Option<SaleLineKey>)> {
    let mut wanted = line.quantity;
    let mut taken = Vec::new();
    for same_price in [true, false] {
        for sold in &mut *sold {
            let fits = sold.origin == line.origin
                && (sold.unit_price == line.unit_price) == same_price
                && sold.left > Decimal::ZERO
                && wanted > Decimal::ZERO;
            if fits {
                let pieces = wanted.min(sold.left);
                sold.left -= pieces;
                wanted -= pieces;
                taken.push((pieces, Some(sold.key)));
            }
        }
    }
    if wanted > Decimal::ZERO || taken.is_empty() {
        taken.push((wanted, None));
    }
    taken
}

fn computed(
    how: &Computing,
    taxes: &TaxMap,
    lines: &[RenderedLine],
) -> Result<crate::totals::Totals, CannotCompute> {
    let allowed: Vec<&Tax> = taxes.all().collect();
    let priced: Vec<PricedLine> = lines
        .iter()
        .map(|line| {
            let own = allowed.iter().filter(|tax| line.taxes.contains(&tax.key));
            let mut own: Vec<&Tax> = own.copied().collect();
            own.sort_by_key(|tax| tax.key);
            own.dedup_by_key(|tax| tax.key);
            PricedLine {
                quantity: line.quantity,
                unit_price: line.unit_price,
                discount: Decimal::ZERO,
                taxes: own.into(),
            }
        })
        .collect();
    totals(how, &priced)
}
