//! After an import: what the store's changes ask for, and doing what was chosen.

use rust_decimal::Decimal;
use tandem_contract::{CreditLine, CreditNoteDraft, SaleStep};
use tandem_domain::{
    Charge, Grounds, ListingKey, Money, Order, OrderLine, Reference, Refund, Sale, SaleLineKey,
    SaleState, SaleTerms, StoreUid, VariantKey,
};
use tandem_store::{Import, Step};

use super::changes::{Change, Changed, cancel, changes, credited, update};
use super::engine::{Importer, StoppedBy, payload};
use super::once::Making;
use super::plan::{PlannedOrder, Settled};
use super::rendering::render;
use super::steps::bill;

/// An imported order, with all that decides what there is to do about it.
#[derive(Debug)]
pub struct FollowUp<'a> {
    /// The store.
    pub uid: &'a StoreUid,
    /// The order as it went in.
    pub then: &'a Order<ListingKey>,
    /// The order as it is.
    pub now: &'a Order<ListingKey>,
    /// The order in Odoo.
    pub sale: &'a Sale,
    /// What was paid back.
    pub refunds: &'a [Refund],
    /// Whether the store's status says cancelled.
    pub cancelled: bool,
    /// What it would be if it went in now; `None` where something holds that back.
    pub plan: Option<&'a PlannedOrder>,
}

impl FollowUp<'_> {
    /// What there is to do, in the order to do it.
    pub fn proposals(&self, grounds: &Grounds<'_>, services: Settled) -> Vec<Change> {
        let mut proposals = Vec::new();
        if self.cancelled {
            proposals.extend(cancel(self.sale));
        } else if changes(self.then, self.now).contains(&Changed::Money)
            && self.sale.head.total != self.now.total
            && self.sale.head.state != SaleState::Cancelled
        {
            proposals.push(match self.plan {
                Some(plan) => update(self.sale, plan.lines.clone()),
                None => Change::ByHand(Changed::Money),
            });
        }
        let open = self.refunds.iter();
        let open = open.filter(|refund| !credited(self.sale, self.uid, refund));
        for refund in open.filter(|_| bill(self.sale).is_some()) {
            let note = grounds
                .terms
                .and_then(|terms| self.credit_note(refund, grounds, terms, services));
            proposals.push(match note {
                Some(note) => Change::Credit {
                    refund: Box::new(refund.clone()),
                    note: Box::new(note),
                },
                None => Change::ByHand(Changed::Refund),
            });
        }
        proposals
    }

    /// The note for a refund: its lines are found as an order's are. `None` where the store does
    /// not say what the money was for.
    fn credit_note(
        &self,
        refund: &Refund,
        grounds: &Grounds<'_>,
        terms: &SaleTerms,
        services: Settled,
    ) -> Option<CreditNoteDraft> {
        let invoice = bill(self.sale)?;
        let order = self.as_order(refund)?;
        let rendered = render(&order, grounds, terms, services).ok()?;
        let mut taken = Vec::new();
        let lines = rendered.lines.into_iter().map(|line| CreditLine {
            of: self.line_of(line.product, &mut taken),
            product: line.product,
            name: line.name,
            quantity: line.quantity,
            unit_price: line.unit_price,
            taxes: line.taxes,
        });
        Some(CreditNoteDraft {
            reference: Reference::refund(self.uid, &refund.key),
            invoice: invoice.key,
            partner: self.sale.invoice_to,
            note: format!("{} {}", self.now.number, refund.key),
            refunded_at: refund.refunded_at,
            lines: lines.collect(),
        })
    }

    fn line_of(&self, product: VariantKey, taken: &mut Vec<SaleLineKey>) -> Option<SaleLineKey> {
        let mut lines = self.sale.lines.iter();
        let line =
            lines.find(|line| line.product == Some(product) && !taken.contains(&line.key))?;
        taken.push(line.key);
        Some(line.key)
    }

    /// A refund as if it were an order of just what was taken back.
    fn as_order(&self, refund: &Refund) -> Option<Order<ListingKey>> {
        let (mut lines, mut charges) = (Vec::new(), Vec::new());
        for part in refund.lines.iter().filter(|part| !part.total.is_zero()) {
            let id = part.line.as_ref()?;
            if let Some(line) = self.then.lines.iter().find(|line| line.id == *id) {
                let pieces = part.quantity > Decimal::ZERO;
                lines.push(OrderLine {
                    quantity: if pieces { part.quantity } else { Decimal::ONE },
                    subtotal: part.total,
                    total: part.total,
                    taxes: part.taxes.clone(),
                    ..line.clone()
                });
            } else {
                let charge = self.then.charges.iter().find(|charge| charge.id == *id)?;
                charges.push(Charge {
                    total: part.total,
                    taxes: part.taxes.clone(),
                    ..charge.clone()
                });
            }
        }
        if lines.is_empty() && charges.is_empty() {
            return None;
        }
        let taxes = lines.iter().flat_map(|line| &line.taxes);
        let taxes = taxes.chain(charges.iter().flat_map(|charge| &charge.taxes));
        let tax: Decimal = taxes.map(|tax| tax.amount).sum();
        Some(Order {
            total_tax: Money::rounded(tax, self.then.currency),
            total: refund.amount,
            lines,
            charges,
            ..self.then.clone()
        })
    }
}

impl Importer<'_> {
    /// Does what was chosen for an imported order.
    pub async fn follow_up(
        &self,
        (now, import): (&Order<ListingKey>, &mut Import),
        sale: Sale,
        change: &Change,
    ) -> Result<Sale, StoppedBy> {
        let sale = match change {
            Change::Update { lines } => {
                let act = SaleStep::ReplaceLines {
                    lines: lines.clone(),
                };
                let total = now.total;
                let reached = move |sale: &Sale| sale.head.total == total;
                self.reach(Step::Update, &act, sale, &reached).await?
            }
            Change::Cancel => {
                let reached = |sale: &Sale| sale.head.state == SaleState::Cancelled;
                self.reach(Step::Cancel, &SaleStep::Cancel, sale, &reached)
                    .await?
            }
            Change::Credit { note, .. } => {
                let making = Making {
                    step: Step::CreditNote,
                    reference: &note.reference,
                    payload: payload(note),
                };
                self.make_once(making, || async {
                    self.sales.create_credit_note(note).await.map(|key| key.0)
                })
                .await?;
                self.look(sale.head.key).await?.unwrap_or(sale)
            }
            Change::ByHand(_) => sale,
        };
        let off = sale.head.total.amount() - now.total.amount();
        let stage = import.stage;
        self.advance(import, stage, |import| {
            import.record = Some(now.clone());
            import.difference = Some(off);
        })?;
        Ok(sale)
    }
}
