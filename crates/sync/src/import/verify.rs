//! Reading back: whether Odoo holds what was sent, and the store's total.

use rust_decimal::Decimal;
use tandem_contract::{Error, SaleStep, ServiceDraft};
use tandem_domain::{Blocker, Reference, Sale, SaleLine, SaleLineDraft, Service, VariantKey};
use tandem_store::{Import, Phase, Stage, Step};

use super::engine::{Importer, StoppedBy, open, payload};
use super::once::Making;
use super::plan::{PlannedOrder, provisional, service_name};

impl Importer<'_> {
    /// The lines with the products that charges are booked on, made where they are not there.
    pub(super) async fn lines(&self, plan: &PlannedOrder) -> Result<Vec<SaleLineDraft>, StoppedBy> {
        let mut lines = plan.lines.clone();
        // One that another order found to be deleted was made again meanwhile.
        for (service, gone) in &plan.made {
            if let Some(made) = self.gathered.service(*service) {
                put_in_place(&mut lines, *gone, made);
            }
        }
        let products = lines.iter_mut().map(|line| &mut line.product);
        self.make_products(products).await?;
        Ok(lines)
    }

    /// Puts the products that charges are booked on in the place of their stand-ins.
    pub(super) async fn make_products<'l>(
        &self,
        products: impl Iterator<Item = &'l mut VariantKey>,
    ) -> Result<(), StoppedBy> {
        let mut products: Vec<&mut VariantKey> = products.collect();
        for service in Service::ALL {
            let stand_in = provisional(service);
            if products.iter().any(|product| **product == stand_in) {
                let made = self.service(service).await?;
                for product in products.iter_mut().filter(|product| ***product == stand_in) {
                    **product = made;
                }
            }
        }
        Ok(())
    }

    /// After an order was refused: the lines with those of our products made again that somebody
    /// deleted since they were read. Where that was not the reason, or the product is not ours to
    /// make, the order stops and says so.
    pub(super) async fn without_gone(
        &self,
        plan: &PlannedOrder,
        mut lines: Vec<SaleLineDraft>,
        refused: Error,
    ) -> Result<Vec<SaleLineDraft>, StoppedBy> {
        let mut products: Vec<VariantKey> = lines.iter().map(|line| line.product).collect();
        products.sort_unstable();
        products.dedup();
        let all_gone = self.read(|| self.sales.gone(&products)).await?;
        if all_gone.is_empty() {
            return Err(refused.into());
        }
        for gone in all_gone {
            let ours = |service: &Service| {
                let known = [
                    plan.made.get(service).copied(),
                    self.gathered.service(*service),
                ];
                known.contains(&Some(gone))
            };
            let made = match Service::ALL.into_iter().find(ours) {
                // One that was archived still answers for its reference.
                Some(service) => (service, self.service_made(service).await?),
                None => return Err(product_gone(&lines, gone)),
            };
            let (service, product) = made;
            if product == gone {
                return Err(product_gone(&lines, gone));
            }
            self.gathered.note_service(service, product);
            self.store.note_service(&self.slug, service, product)?;
            put_in_place(&mut lines, gone, product);
        }
        Ok(lines)
    }

    async fn service(&self, service: Service) -> Result<VariantKey, StoppedBy> {
        if let Some(key) = self.gathered.service(service) {
            return Ok(key);
        }
        let key = self.service_made(service).await?;
        self.gathered.note_service(service, key);
        Ok(key)
    }

    async fn service_made(&self, service: Service) -> Result<VariantKey, StoppedBy> {
        let reference = Reference::service(service.key());
        let asked = std::slice::from_ref(&reference);
        let found = self.read(|| self.sales.find(asked)).await?;
        if let Some(key) = found.into_iter().next().flatten() {
            return Ok(VariantKey(key));
        }
        let draft = ServiceDraft {
            name: service_name(service),
            reference: reference.clone(),
        };
        let making = Making {
            step: Step::Service,
            reference: &reference,
            payload: payload(&draft),
        };
        let made = self.make_once(making, || async {
            self.sales.create_service(&draft).await.map(|key| key.0)
        });
        Ok(VariantKey(made.await?))
    }

    /// Compares what was read back with what was sent. Where Odoo added the very lines up to
    /// another total within the bound, the rounding line takes the rest.
    pub(super) async fn verify(
        &self,
        plan: &PlannedOrder,
        sent: &[SaleLineDraft],
        mut sale: Sale,
        import: &mut Import,
    ) -> Result<Sale, StoppedBy> {
        self.same_currency(plan, &sale, import)?;
        let mut off = plan.difference(&sale);
        if !off.amount().is_zero() && may_round(plan, sent, &sale) {
            sale = self.round(plan, sent, sale).await?;
            off = plan.difference(&sale);
        }
        let equal = off.amount().is_zero();
        let phase = if equal {
            Phase::Confirmed
        } else {
            Phase::Mismatch
        };
        let told = format!("{} {}", sale.head.name, sale.head.total);
        self.note(
            Step::Verify,
            phase,
            (Some(plan.reference.to_string()), None, told),
        )?;
        let stage = if equal {
            Stage::Verified
        } else {
            Stage::Created
        };
        self.advance(import, stage, |import| {
            import.sale_name = Some(sale.head.name.clone());
            import.difference = Some(off.amount());
        })?;
        if equal {
            Ok(sale)
        } else {
            Err(StoppedBy::Differs(off))
        }
    }

    /// The same number in another currency is another amount: a pricelist was changed in Odoo, or
    /// the customer's own took the place of the company's.
    fn same_currency(
        &self,
        plan: &PlannedOrder,
        sale: &Sale,
        import: &mut Import,
    ) -> Result<(), StoppedBy> {
        let currency = plan.order.currency;
        if sale.head.total.currency() == currency {
            return Ok(());
        }
        let told = format!("{} {}", sale.head.name, sale.head.total);
        let reference = Some(plan.reference.to_string());
        self.note(Step::Verify, Phase::Mismatch, (reference, None, told))?;
        self.advance(import, Stage::Created, |import| {
            import.sale_name = Some(sale.head.name.clone());
        })?;
        let (map, key, name) = plan.pricelist_row.clone();
        Err(StoppedBy::Blocked(Box::new(Blocker::NotMapped {
            map,
            key,
            name,
            moved: true,
        })))
    }

    /// Sends all lines anew, with a rounding line. Adding just that line could be done twice, by
    /// two machines or after a lost answer; lines that are replaced are there once.
    async fn round(
        &self,
        plan: &PlannedOrder,
        sent: &[SaleLineDraft],
        sale: Sale,
    ) -> Result<Sale, StoppedBy> {
        let product = match plan.services.rounding {
            Some(product) => product,
            None => self.service(Service::Rounding).await?,
        };
        let rest = -plan.difference(&sale).amount();
        let mut lines = sent.to_vec();
        match lines.iter_mut().find(|line| line.product == product) {
            Some(line) => line.unit_price += rest,
            None => lines.push(SaleLineDraft {
                product,
                name: service_name(Service::Rounding),
                quantity: Decimal::ONE,
                unit_price: rest,
                taxes: Vec::new(),
                delivery: false,
            }),
        }
        lines.retain(|line| line.product != product || !line.unit_price.is_zero());
        let act = SaleStep::ReplaceLines { lines };
        let reached = |sale: &Sale| plan.difference(sale).amount().is_zero();
        match self
            .reach(Step::Rounding, &act, sale.clone(), &reached)
            .await
        {
            // Shown as a difference, with what is there now.
            Err(StoppedBy::NoEffect(_)) => Ok(self.look(sale.head.key).await?.unwrap_or(sale)),
            other => other,
        }
    }
}

fn put_in_place(lines: &mut [SaleLineDraft], gone: VariantKey, made: VariantKey) {
    for line in lines.iter_mut().filter(|line| line.product == gone) {
        line.product = made;
    }
}

fn product_gone(lines: &[SaleLineDraft], gone: VariantKey) -> StoppedBy {
    let line = lines.iter().find(|line| line.product == gone);
    StoppedBy::ProductGone(line.map(|line| line.name.clone()).unwrap_or_default())
}

/// Only a rest of rounding is rounded away, and only on lines that nobody changed.
fn may_round(plan: &PlannedOrder, sent: &[SaleLineDraft], sale: &Sale) -> bool {
    let off = plan.difference(sale).amount().abs();
    open(sale) && off <= plan.bound(sent.len()) && same_lines(sent, &sale.lines)
}

/// Whether the lines are those that were sent, but for the decimals that Odoo cuts off prices.
fn same_lines(sent: &[SaleLineDraft], there: &[SaleLine]) -> bool {
    let there: Vec<&SaleLine> = there.iter().filter(|line| line.product.is_some()).collect();
    sent.len() == there.len()
        && sent.iter().zip(there).all(|(sent, there)| {
            Some(sent.product) == there.product
                && sent.quantity == there.quantity
                && same_price(sent.unit_price, there.unit_price)
        })
}

/// Half of what the last decimal is worth that Odoo keeps of a price where it keeps fewest.
const CUT_MAX: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// Whether a price is one that was sent, but for the decimals that Odoo cuts off.
pub(super) fn same_price(sent: Decimal, there: Decimal) -> bool {
    (sent - there).abs() <= CUT_MAX
}
