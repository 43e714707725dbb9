//! After an import: what the store's changes ask for, and doing what was chosen.

use std::collections::BTreeSet;

use tandem_contract::{CreditNoteDraft, SaleStep};
use tandem_domain::{
    Grounds, Invoice, InvoiceKey, ListingKey, Money, Order, Refund, RefundKey, Sale, SaleState,
    StoreUid,
};
use tandem_store::{Import, Phase, Step};

use super::changes::{Change, Changed, cancel, changes, update};
use super::engine::{Importer, StoppedBy, payload};
use super::once::Making;
use super::plan::{PlannedOrder, Settled};

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
    /// Those of them that have their credit note. It is known by its reference: one that takes
    /// back no line of the order does not stand among the order's invoices.
    pub credited: &'a BTreeSet<RefundKey>,
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
        let credits = self.credits(grounds, services).into_iter();
        proposals.extend(credits.map(|(refund, note)| match note {
            Ok(note) => Change::Credit {
                refund: Box::new(refund),
                note: Box::new(note),
            },
            Err(why) => Change::NotCredited {
                refund: Box::new(refund),
                why,
            },
        }));
        proposals
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
                let mut lines = lines.clone();
                let products = lines.iter_mut().map(|line| &mut line.product);
                self.make_products(products).await?;
                let act = SaleStep::ReplaceLines { lines };
                let total = now.total;
                let reached = move |sale: &Sale| sale.head.total == total;
                self.reach(Step::Update, &act, sale, &reached).await?
            }
            Change::Cancel => {
                let reached = |sale: &Sale| sale.head.state == SaleState::Cancelled;
                self.reach(Step::Cancel, &SaleStep::Cancel, sale, &reached)
                    .await?
            }
            Change::Credit { refund, note } => self.credit(refund, note, sale).await?,
            Change::NotCredited { .. } | Change::ByHand(_) => sale,
        };
        let off = sale.head.total.amount().saturating_sub(now.total.amount());
        let stage = import.stage;
        self.advance(import, stage, |import| {
            import.record = Some(now.clone());
            import.difference = Some(off);
        })?;
        Ok(sale)
    }

    /// Makes the credit note once, and compares what it came to with what was paid back.
    async fn credit(
        &self,
        refund: &Refund,
        note: &CreditNoteDraft,
        sale: Sale,
    ) -> Result<Sale, StoppedBy> {
        let mut note = note.clone();
        let products = note.lines.iter_mut().map(|line| &mut line.product);
        self.make_products(products).await?;
        let making = Making {
            step: Step::CreditNote,
            reference: &note.reference,
            payload: payload(&note),
        };
        let made = self.make_once(making, || async {
            self.sales.create_credit_note(&note).await.map(|key| key.0)
        });
        let made = InvoiceKey(made.await?);
        let sale = self.look(sale.head.key).await?.unwrap_or(sale);
        let Some(there) = self.credit_note(&sale, made).await? else {
            return Err(StoppedBy::NoEffect(Step::CreditNote));
        };
        let off = there.total.amount() - refund.amount.amount();
        if off.is_zero() && there.total.currency() == refund.amount.currency() {
            return Ok(sale);
        }
        let told = format!("{} {}", there.name.unwrap_or_default(), there.total);
        let reference = Some(note.reference.to_string());
        self.note(
            Step::CreditNote,
            Phase::Mismatch,
            (reference, None, told.trim().to_owned()),
        )?;
        let currency = refund.amount.currency();
        Err(StoppedBy::Differs(Money::rounded(off, currency)))
    }

    /// A note as Odoo holds it. One that takes back no line of the order, only money, does not
    /// stand among the order's invoices, and is read by itself.
    async fn credit_note(
        &self,
        sale: &Sale,
        key: InvoiceKey,
    ) -> Result<Option<Invoice>, StoppedBy> {
        let mut notes = sale.invoices.iter();
        if let Some(there) = notes.find(|invoice| invoice.key == key) {
            return Ok(Some(there.clone()));
        }
        let asked = [key];
        let mut found = self.read(|| self.sales.invoices(&asked)).await?;
        Ok(found.pop().flatten())
    }
}
