//! The steps after an order is proved: confirm, invoice, post. Each is read, done, read again.

use tandem_contract::{Kind, Retry, SaleStep};
use tandem_domain::{Invoice, Invoicing, Sale, SaleState, Until};
use tandem_store::{Import, Phase, Stage, Step};

use super::engine::{Importer, StoppedBy};
use super::plan::PlannedOrder;
use crate::Patience;

/// A step on the way to an invoice, and how it is known to be taken.
struct Taking<'a> {
    step: Step,
    act: SaleStep,
    reached: &'a (dyn Fn(&Sale) -> bool + Sync),
}

/// An order after its steps.
pub(super) struct Stepped {
    pub(super) sale: Sale,
    /// Whether its invoice is still to come: not all of it can be invoiced yet.
    pub(super) invoice_waits: bool,
}

impl From<Sale> for Stepped {
    fn from(sale: Sale) -> Self {
        Self {
            sale,
            invoice_waits: false,
        }
    }
}

impl Importer<'_> {
    /// As far as the plan goes. A cancelled order was cancelled by somebody: it is left alone.
    pub(super) async fn steps(
        &self,
        plan: &PlannedOrder,
        mut sale: Sale,
        import: &mut Import,
    ) -> Result<Stepped, StoppedBy> {
        if sale.head.state == SaleState::Cancelled {
            return Ok(sale.into());
        }
        if plan.goes(Until::Confirmed) {
            let placed_at = plan.order.placed_at;
            let dated = |sale: &Sale| sale.head.placed_at.as_second() == placed_at.as_second();
            let taking = Taking {
                step: Step::Confirm,
                act: SaleStep::Confirm { placed_at },
                reached: &move |sale| sale.head.state != SaleState::Draft && dated(sale),
            };
            sale = self.take(taking, plan, sale, import).await?;
        }
        if plan.goes(Until::Invoiced) {
            let stepped = self.invoice(plan, sale, import).await?;
            if stepped.invoice_waits {
                return Ok(stepped);
            }
            sale = stepped.sale;
        }
        if plan.goes(Until::Posted)
            && let Some(invoice) = bill(&sale).map(|invoice| invoice.key)
        {
            let taking = Taking {
                step: Step::Post,
                act: SaleStep::PostInvoice { invoice },
                reached: &|sale| bill(sale).is_none_or(|bill| bill.state != "draft"),
            };
            sale = self.take(taking, plan, sale, import).await?;
        }
        Ok(sale.into())
    }

    /// A draft invoice, unless some of it cannot be invoiced yet, as goods that are invoiced once
    /// they are delivered: an invoice of the rest would not be the order's. Odoo refuses what has
    /// nothing to invoice in a sentence of the user's language, so that what it says of the lines
    /// counts; any other refusal stops the order.
    async fn invoice(
        &self,
        plan: &PlannedOrder,
        sale: Sale,
        import: &mut Import,
    ) -> Result<Stepped, StoppedBy> {
        if waits(&sale) {
            return Ok(Stepped {
                sale,
                invoice_waits: true,
            });
        }
        let key = sale.head.key;
        let taking = Taking {
            step: Step::Invoice,
            act: SaleStep::DraftInvoice,
            // Who may not read invoices sees none of an order that is invoiced whole.
            reached: &|sale| bill(sale).is_some() || sale.invoicing == Invoicing::Done,
        };
        let refused = match self.take(taking, plan, sale, import).await {
            Err(StoppedBy::Server(error)) if error.kind() == Kind::Refused => error,
            taken => return taken.map(Stepped::from),
        };
        // Somebody may have taken the delivery back a moment ago.
        match self.look(key).await? {
            Some(sale) if waits(&sale) => Ok(Stepped {
                sale,
                invoice_waits: true,
            }),
            Some(_) | None => Err(refused.into()),
        }
    }

    /// Takes a step, unless somebody changed the order since it was compared: nothing is
    /// confirmed or invoiced whose total is not the store's.
    async fn take(
        &self,
        taking: Taking<'_>,
        plan: &PlannedOrder,
        sale: Sale,
        import: &mut Import,
    ) -> Result<Sale, StoppedBy> {
        let off = plan.difference(&sale);
        if !(taking.reached)(&sale) && !off.amount().is_zero() {
            let told = format!("{} {}", sale.head.name, sale.head.total);
            let reference = Some(plan.reference.to_string());
            self.note(Step::Verify, Phase::Mismatch, (reference, None, told))?;
            self.advance(import, Stage::Created, |import| {
                import.difference = Some(off.amount());
            })?;
            return Err(StoppedBy::Differs(off));
        }
        self.reach(taking.step, &taking.act, sale, taking.reached)
            .await
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

/// Whether an invoice is to come once all of the order can be invoiced.
pub fn waits(sale: &Sale) -> bool {
    bill(sale).is_none() && sale.invoicing == Invoicing::Waits
}

/// The order's invoices that are in force.
pub(super) fn bills(sale: &Sale) -> impl Iterator<Item = &Invoice> {
    let bills = sale.invoices.iter().filter(|invoice| !invoice.credit_note);
    bills.filter(|invoice| invoice.state != "cancel")
}

/// The first of them.
pub(super) fn bill(sale: &Sale) -> Option<&Invoice> {
    bills(sale).next()
}
