//! One order on its road: made, proved, stepped, marked. It goes on where it stopped.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use tandem_contract::{Error, Kind, Sales, Stamps};
use tandem_domain::{
    Blocker, Clock, Money, OrderKey, Sale, SaleDraft, SaleKey, SaleLineDraft, SaleState, Slug,
    Stamp, Timestamp, Until,
};
use tandem_store::{Entry, Import, Phase, Stage, Step, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::gathered::Gathered;
use super::once::Making;
use super::plan::PlannedOrder;
use super::steps::Stepped;

/// What an order is imported with.
pub struct Importer<'a> {
    /// The cache.
    pub store: Arc<Store>,
    /// Whose orders.
    pub slug: Slug,
    /// Odoo.
    pub sales: &'a dyn Sales,
    /// The store's marks, where it has them.
    pub stamps: Option<&'a dyn Stamps>,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
    /// A number below its argument, or zero, another one on every machine.
    pub jitter: &'a (dyn Fn(u64) -> u64 + Sync),
    /// Odoo's database.
    pub database: String,
    /// The run that this belongs to.
    pub run: Option<i64>,
    /// The order at hand.
    pub order: OrderKey,
    /// What was read for it and others together.
    pub gathered: Arc<Gathered>,
    /// Stops between two steps.
    pub cancel: CancellationToken,
}

impl std::fmt::Debug for Importer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer")
            .field("slug", &self.slug)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

/// An order that is in Odoo.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// As read back last.
    pub sale: Sale,
    /// Odoo's total minus the store's.
    pub difference: Money,
    /// Whether its invoice is still to come: not all of it can be invoiced yet.
    pub invoice_waits: bool,
}

/// An order that stopped on its road. What was done stays done; the next try goes on there.
#[derive(Debug, thiserror::Error)]
#[error("{by}")]
pub struct Stopped {
    /// How far it is.
    pub stage: Stage,
    /// Why.
    pub by: StoppedBy,
}

/// Why an order stopped.
#[derive(Debug, thiserror::Error)]
pub enum StoppedBy {
    /// The person said so.
    #[error("cancelled")]
    Cancelled,
    /// A server failed, or refused.
    #[error(transparent)]
    Server(#[from] Error),
    /// The cache failed; without a journal nothing is sent.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something holds it back that only the calls could show.
    #[error("held back")]
    Blocked(Box<Blocker>),
    /// The product of a line was deleted or archived in Odoo; the line's text.
    #[error("the product of {0} is gone")]
    ProductGone(String),
    /// Odoo's total is not the store's.
    #[error("the totals differ")]
    Differs(Money),
    /// A step was answered well, and did not have its effect.
    #[error("{0:?} had no effect")]
    NoEffect(Step),
}

/// An order that is in Odoo, and was not read back yet.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) key: SaleKey,
    pub(super) import: Import,
    /// What was sent.
    lines: Vec<SaleLineDraft>,
}

impl Importer<'_> {
    /// Brings one order into Odoo as far as its plan says.
    pub async fn import(&self, plan: &PlannedOrder) -> Result<Imported, Stopped> {
        let made = self.make(plan).await?;
        let sale = self.look(made.key).await;
        self.finish(plan, made, sale).await
    }

    /// The first half of the road: the order is in Odoo, where it was not before.
    pub(super) async fn make(&self, plan: &PlannedOrder) -> Result<Made, Stopped> {
        let stage = Stage::Sent;
        let import = self.begin(plan);
        let mut import = import.map_err(|by| Stopped { stage, by })?;
        match self.made(plan, &mut import).await {
            Ok((key, lines)) => Ok(Made { key, import, lines }),
            Err(by) => Err(Stopped {
                stage: import.stage,
                by,
            }),
        }
    }

    async fn made(
        &self,
        plan: &PlannedOrder,
        import: &mut Import,
    ) -> Result<(SaleKey, Vec<SaleLineDraft>), StoppedBy> {
        let lines = self.lines(plan).await?;
        if let Some(key) = import.sale {
            return Ok((key, lines));
        }
        let (key, lines) = match self.create(plan, lines.clone()).await {
            Ok(key) => (key, lines),
            Err(StoppedBy::Server(error)) if error.kind() == Kind::Refused => {
                let lines = self.without_gone(plan, lines, error).await?;
                (self.create(plan, lines.clone()).await?, lines)
            }
            Err(by) => return Err(by),
        };
        self.advance(import, Stage::Created, |import| import.sale = Some(key))?;
        Ok((key, lines))
    }

    /// The second half: what was read back is compared, and the rest is done.
    pub(super) async fn finish(
        &self,
        plan: &PlannedOrder,
        mut made: Made,
        sale: Result<Option<Sale>, StoppedBy>,
    ) -> Result<Imported, Stopped> {
        let finished = match sale {
            Ok(sale) => self.finished(plan, &mut made, sale).await,
            Err(by) => Err(by),
        };
        finished.map_err(|by| Stopped {
            stage: made.import.stage,
            by,
        })
    }

    async fn finished(
        &self,
        plan: &PlannedOrder,
        Made { key, import, lines }: &mut Made,
        sale: Option<Sale>,
    ) -> Result<Imported, StoppedBy> {
        let mut sale = match sale {
            Some(sale) => sale,
            None => self.missing(*key, import).await?,
        };
        if import.stage < Stage::Verified {
            sale = self.verify(plan, lines, sale, import).await?;
        }
        if import.stage >= Stage::Stepped {
            return self.mark(plan, sale.into(), import).await;
        }
        let marked = import.stage == Stage::Uninvoiced;
        let stepped = self.steps(plan, sale, import).await?;
        let stage = match (marked, stepped.invoice_waits) {
            (true, true) => Stage::Uninvoiced,
            (true, false) => Stage::Done,
            // The mark is not set yet.
            (false, true) => Stage::Verified,
            (false, false) => Stage::Stepped,
        };
        let off = plan.difference(&stepped.sale).amount();
        self.advance(import, stage, |import| import.difference = Some(off))?;
        self.mark(plan, stepped, import).await
    }

    /// Sets the store's mark where it is still to be set, which ends the road for now.
    async fn mark(
        &self,
        plan: &PlannedOrder,
        stepped: Stepped,
        import: &mut Import,
    ) -> Result<Imported, StoppedBy> {
        let Stepped {
            sale,
            invoice_waits,
        } = stepped;
        if !matches!(import.stage, Stage::Uninvoiced | Stage::Done) {
            let stamped_at = self.stamp(plan, &sale).await?;
            let stage = if invoice_waits {
                Stage::Uninvoiced
            } else {
                Stage::Done
            };
            self.advance(import, stage, |import| import.stamped_at = stamped_at)?;
        }
        Ok(Imported {
            difference: plan.difference(&sale),
            invoice_waits,
            sale,
        })
    }

    fn begin(&self, plan: &PlannedOrder) -> Result<Import, StoppedBy> {
        if let Some(known) = self.store.import(&self.slug, &self.order)?
            && known.stage != Stage::Gone
        {
            return Ok(known);
        }
        let import = Import {
            order: self.order.clone(),
            reference: plan.reference.clone(),
            stage: Stage::Sent,
            sale: None,
            sale_name: None,
            difference: None,
            record: Some(plan.order.clone()),
            stamped_at: None,
            error: None,
        };
        self.store
            .save_import(&self.slug, &import, self.clock.now())?;
        Ok(import)
    }

    /// Saves how far the order is, with what was learned on the way.
    pub(super) fn advance(
        &self,
        import: &mut Import,
        stage: Stage,
        learn: impl FnOnce(&mut Import),
    ) -> Result<(), StoppedBy> {
        import.stage = stage;
        import.error = None;
        learn(import);
        Ok(self
            .store
            .save_import(&self.slug, import, self.clock.now())?)
    }

    async fn create(
        &self,
        plan: &PlannedOrder,
        lines: Vec<SaleLineDraft>,
    ) -> Result<SaleKey, StoppedBy> {
        let parties = self.parties(plan).await?;
        let draft = SaleDraft {
            reference: plan.reference.clone(),
            partner: parties.customer,
            invoice_to: parties.invoice_to,
            deliver_to: parties.deliver_to,
            number: plan.order.number.clone(),
            origin: plan.origin.clone(),
            placed_at: plan.order.placed_at,
            pricelist: plan.pricelist,
            currency: plan.order.currency,
            carrier: plan.carrier,
            note: plan.order.customer_note.clone(),
            lines,
        };
        let making = Making {
            step: Step::Order,
            reference: &draft.reference,
            payload: payload(&draft),
        };
        let made = self.make_once(making, || async {
            self.sales.create_order(&draft).await.map(|key| key.0)
        });
        Ok(SaleKey(made.await?))
    }

    /// The order as it is now.
    pub(super) async fn look(&self, key: SaleKey) -> Result<Option<Sale>, StoppedBy> {
        let asked = [key];
        let mut found = self.read(|| self.sales.look(&asked)).await?;
        Ok(found.pop().flatten())
    }

    /// An order that is not read under its key. Only a reference that leads nowhere says that it
    /// was deleted: one that this user may not see is an error, and one that was deleted and made
    /// again has another key.
    async fn missing(&self, key: SaleKey, import: &mut Import) -> Result<Sale, StoppedBy> {
        let asked = std::slice::from_ref(&import.reference);
        let found = self.read(|| self.sales.find(asked)).await?;
        if let Some(other) = found.into_iter().next().flatten().map(SaleKey)
            && other != key
            && let Some(sale) = self.look(other).await?
        {
            self.advance(import, Stage::Created, |import| import.sale = Some(other))?;
            return Ok(sale);
        }
        self.advance(import, Stage::Gone, |_| {})?;
        let sale = import.sale_name.clone().unwrap_or_default();
        Err(StoppedBy::Blocked(Box::new(Blocker::DeletedInOdoo {
            sale,
        })))
    }

    /// Sets the mark on the store's order. Setting it again replaces it by the same.
    async fn stamp(
        &self,
        plan: &PlannedOrder,
        sale: &Sale,
    ) -> Result<Option<Timestamp>, StoppedBy> {
        let Some(stamps) = self.stamps else {
            return Ok(None);
        };
        let stamp = Stamp {
            reference: plan.reference.clone(),
            database: self.database.clone(),
            name: sale.head.name.clone(),
        };
        if plan.order.stamp.as_ref() == Some(&stamp) {
            return Ok(None);
        }
        self.go_on()?;
        let said = (None, None, stamp.name.clone());
        self.note(Step::Stamp, Phase::Intent, said.clone())?;
        let mut patience = crate::Patience::default();
        loop {
            let error = match stamps.stamp(&self.order, &stamp).await {
                Ok(modified_at) => {
                    self.note(Step::Stamp, Phase::Confirmed, said)?;
                    return Ok(Some(modified_at));
                }
                Err(error) => error,
            };
            let code = error.cause.code().to_owned();
            self.note(Step::Stamp, Phase::Failed, (None, None, code))?;
            let there = stamps.stamped(&self.order).await;
            if there.is_ok_and(|there| there.as_ref() == Some(&stamp)) {
                self.note(Step::Stamp, Phase::Found, said)?;
                return Ok(None);
            }
            self.wait_after(&mut patience, error).await?;
        }
    }

    /// Writes a line into the journal: reference, payload and detail.
    pub(super) fn note(
        &self,
        step: Step,
        phase: Phase,
        (reference, payload, detail): (Option<String>, Option<String>, String),
    ) -> Result<(), StoppedBy> {
        let entry = Entry {
            order: self.order.clone(),
            run: self.run,
            at: self.clock.now(),
            step,
            phase,
            reference,
            payload,
            detail,
        };
        Ok(self.store.write_journal(&self.slug, &entry)?)
    }

    /// Between two steps: whether to go on.
    pub(super) fn go_on(&self) -> Result<(), StoppedBy> {
        if self.cancel.is_cancelled() {
            Err(StoppedBy::Cancelled)
        } else {
            Ok(())
        }
    }
}

impl PlannedOrder {
    /// Odoo's total minus the store's.
    pub fn difference(&self, sale: &Sale) -> Money {
        let odoo = sale.head.total.amount();
        let off = odoo.saturating_sub(self.order.total.amount());
        Money::rounded(off, self.order.currency)
    }

    /// Whether this order is to be confirmed at least.
    pub fn goes(&self, until: Until) -> bool {
        self.until >= until
    }
}

/// SHA-256 of what is sent, as the journal keeps it.
pub(super) fn payload(sent: &impl serde::Serialize) -> String {
    let json = serde_json::to_vec(sent).unwrap_or_default();
    let digest = Sha256::digest(&json);
    digest.iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether an order can still be changed line by line.
pub(super) fn open(sale: &Sale) -> bool {
    sale.head.state == SaleState::Draft && !sale.locked
}
