//! The steps after an order is proved: confirm, invoice, post. Each is read, done, read again.

use tandem_contract::{Kind, Retry, SaleStep};
use tandem_domain::{Invoice, Sale, SaleState, Until};
use tandem_store::{Phase, Step};

use super::engine::{Importer, StoppedBy};
use super::plan::PlannedOrder;
use crate::Patience;

impl Importer<'_> {
    /// As far as the plan goes. A cancelled order was cancelled by somebody: it is left alone.
    pub(super) async fn steps(
        &self,
        plan: &PlannedOrder,
        mut sale: Sale,
    ) -> Result<Sale, StoppedBy> {
        if sale.head.state == SaleState::Cancelled {
            return Ok(sale);
        }
        if plan.goes(Until::Confirmed) {
            let placed_at = plan.order.placed_at;
            let act = SaleStep::Confirm { placed_at };
            let dated = |sale: &Sale| sale.head.placed_at.as_second() == placed_at.as_second();
            let reached = move |sale: &Sale| sale.head.state != SaleState::Draft && dated(sale);
            sale = self.reach(Step::Confirm, &act, sale, &reached).await?;
        }
        if plan.goes(Until::Invoiced) {
            match self.invoice(sale.clone()).await? {
                Some(invoiced) => sale = invoiced,
                None => return Ok(sale),
            }
        }
        if plan.goes(Until::Posted)
            && let Some(invoice) = bill(&sale).map(|invoice| invoice.key)
        {
            let act = SaleStep::PostInvoice { invoice };
            let reached = |sale: &Sale| bill(sale).is_none_or(|bill| bill.state != "draft");
            sale = self.reach(Step::Post, &act, sale, &reached).await?;
        }
        Ok(sale)
    }

    /// A draft invoice; `None` where Odoo says that nothing is to be invoiced yet, as for goods
    /// that are invoiced once they are delivered.
    async fn invoice(&self, sale: Sale) -> Result<Option<Sale>, StoppedBy> {
        let reached = |sale: &Sale| bill(sale).is_some();
        let made = self
            .reach(Step::Invoice, &SaleStep::DraftInvoice, sale, &reached)
            .await;
        match made {
            Ok(sale) => Ok(Some(sale)),
            Err(StoppedBy::Server(error)) if error.kind() == Kind::Refused => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Brings an order to a state. An odd error often means that somebody else was quicker, so
    /// what counts is what is read afterwards.
    pub(super) async fn reach(
        &self,
        step: Step,
        act: &SaleStep,
        mut sale: Sale,
        reached: &(dyn Fn(&Sale) -> bool + Sync),
    ) -> Result<Sale, StoppedBy> {
        let key = sale.head.key;
        if reached(&sale) {
            return Ok(sale);
        }
        self.go_on()?;
        let said = (None, None, sale.head.name.clone());
        self.note(step, Phase::Intent, said.clone())?;
        let mut patience = Patience::default();
        loop {
            let failed = self.sales.step(key, act).await.err();
            if let Some(error) = &failed {
                let code = error.cause.code().to_owned();
                self.note(step, Phase::Failed, (None, None, code))?;
            }
            let before = sale.clone();
            sale = match self.look(key).await? {
                Some(sale) => sale,
                None => return Err(deleted(&sale)),
            };
            if reached(&sale) {
                let phase = if failed.is_some() {
                    Phase::Found
                } else {
                    Phase::Confirmed
                };
                self.note(step, phase, said)?;
                return Ok(sale);
            }
            match failed {
                // Somebody else is at it, and not at the end yet: one has confirmed, and writes
                // the date back next.
                Some(mut error) => {
                    if sale != before && error.retry == Retry::Never {
                        error.retry = Retry::AfterLooking;
                    }
                    self.wait_after(&mut patience, error).await?;
                }
                None => return Err(StoppedBy::NoEffect(step)),
            }
        }
    }
}

fn deleted(sale: &Sale) -> StoppedBy {
    StoppedBy::Blocked(Box::new(tandem_domain::Blocker::DeletedInOdoo {
        sale: sale.head.name.clone(),
    }))
}

/// The order's invoice that is in force.
pub(super) fn bill(sale: &Sale) -> Option<&Invoice> {
    let mut bills = sale.invoices.iter().filter(|i| !i.credit_note);
    bills.find(|invoice| invoice.state != "cancel")
}
