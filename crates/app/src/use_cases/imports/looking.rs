//! Asking Odoo what it knows of orders, and keeping the answer.

use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_domain::{Known, ListingKey, Order, OrderKey, Reference, Sale, SaleKey, Slug};
use tandem_store::{Import, Stage};
use tandem_sync::import::{look_up, read_again};

use super::Sides;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::{App, Result};

/// Orders read in full in one call.
const AT_ONCE: usize = 50;

impl App {
    /// Asks Odoo about orders that are not in yet, as far as this cache knows, and keeps what it
    /// says. Returns how many turned out to be there: another machine, or an earlier cache,
    /// imported them.
    pub(crate) async fn look_at(&self, sides: &Sides, orders: &[Order<ListingKey>]) -> Result<u32> {
        let sales = sides.sales()?;
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let (uid, imports) = blocking(move || {
            let judging = inner.judging_of(&slug, tandem_domain::Links::default())?;
            Ok((judging.uid, judging.imports))
        })
        .await?;
        let answers = look_up(sales, &uid, orders).await?;
        let strange: Vec<SaleKey> = answers
            .iter()
            .filter(|(order, _)| imports.get(order).is_none_or(|i| i.sale.is_none()))
            .filter_map(|(_, known)| known.sale)
            .collect();
        let mut sales_found: Vec<Sale> = Vec::new();
        for some in strange.chunks(AT_ONCE) {
            let read = read_again(|| sales.look(some), tokio::time::sleep).await?;
            sales_found.extend(read.into_iter().flatten());
        }
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let orders = orders.to_vec();
        blocking(move || {
            let now = inner.clock.now();
            inner.store.save_known(&slug, &answers, now)?;
            let mut found = 0;
            for (order, (_, known)) in orders.iter().zip(&answers) {
                let reference = Reference::order(&uid, &order.key);
                let import = imports.get(&order.key);
                let sale = sales_found
                    .iter()
                    .find(|sale| Some(sale.head.key) == known.sale);
                let noted = match (import, sale) {
                    (Some(import), _) if is_gone(import, known) => Some(Import {
                        stage: Stage::Gone,
                        ..import.clone()
                    }),
                    (import, Some(sale)) => Some(adopted(order, reference, (import, sale))),
                    _ => None,
                };
                if let Some(noted) = noted {
                    found += u32::from(noted.stage != Stage::Gone);
                    inner.store.save_import(&slug, &noted, now)?;
                }
            }
            inner.judge_orders(&slug, &orders)?;
            Ok(found)
        })
        .await
    }

    /// After a fetch: what there is to choose from, and what Odoo knows of the orders that wait.
    /// An Odoo that cannot sell is passed over.
    pub(crate) async fn look_after_fetch(&self, slug: &Slug) -> Result<u32> {
        let sides = self.sides(slug.as_str()).await?;
        let Some(sales) = sides.erp.sales() else {
            return Ok(0);
        };
        let terms = read_again(|| sales.terms(), tokio::time::sleep).await?;
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        blocking(move || {
            inner
                .store
                .save_sale_terms(&name, &terms, inner.clock.now())?;
            inner.settle_sandbox(&name)?;
            inner.judge_all_orders(&name)
        })
        .await?;
        let waiting = self.wanted(slug, Vec::new()).await?;
        self.look_at(&sides, &waiting).await?;
        Ok(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
    }
}

/// Whether Odoo had it and has it no more.
fn is_gone(import: &Import, known: &Known) -> bool {
    known.sale.is_none() && import.sale.is_some() && import.stage != Stage::Gone
}

/// An order that somebody else imported under our reference. With the store's mark on it nothing
/// is left to do; without, it goes on where the other one stopped.
fn adopted(
    order: &Order<ListingKey>,
    reference: Reference,
    (import, sale): (Option<&Import>, &Sale),
) -> Import {
    let off: Decimal = sale.head.total.amount() - order.total.amount();
    let marked = order.stamp.as_ref();
    let marked = marked.is_some_and(|stamp| stamp.reference == reference);
    Import {
        order: OrderKey::new(order.key.as_str()),
        stage: if marked { Stage::Done } else { Stage::Created },
        sale: Some(sale.head.key),
        sale_name: Some(sale.head.name.clone()),
        difference: marked.then_some(off),
        record: import.and_then(|import| import.record.clone()),
        stamped_at: None,
        error: None,
        reference,
    }
}

impl Inner {
    /// How far an order is in Odoo, for doors.
    pub(crate) fn import_view(
        &self,
        store: &Slug,
        key: &OrderKey,
    ) -> Result<Option<crate::view::ImportView>> {
        let import = self.store.import(store, key)?;
        Ok(import.map(|import| crate::view::ImportView {
            stage: import.stage,
            reference: import.reference.to_string(),
            sale: import.sale_name,
            difference: import.difference.map(|off| off.to_string()),
            error: import
                .error
                .and_then(|error| serde_json::from_value(error).ok()),
        }))
    }
}
