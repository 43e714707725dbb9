//! Asking Odoo what it knows of orders, and keeping the answer.

use std::sync::Arc;

use tandem_domain::{ListingKey, Maps, Order, OrderKey, Partner, SaleKey, Slug, StatusRule, Until};
use tandem_store::{Import, OrderState, Stage};
use tandem_sync::import::{look_at, read_again, waits};

use super::Sides;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::view::count;
use crate::{App, Result};

/// What Odoo said of orders.
pub(crate) struct Found {
    /// How many turned out to be there: another machine, or an earlier cache, imported them.
    pub(crate) found: u32,
    /// The customers with their e-mails.
    pub(crate) customers: Vec<Partner>,
}
/// Orders read in full in one call.
const READ_AT_ONCE: usize = 50;

impl App {
    /// Asks Odoo about orders that are not in yet, as far as this cache knows, and keeps what it
    /// says; where they stand by that is for the caller to judge.
    pub(crate) async fn look_at(
        &self,
        sides: &Sides,
        orders: &[Order<ListingKey>],
    ) -> Result<Found> {
        let sales = sides.sales()?;
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let asked: Vec<OrderKey> = orders.iter().map(|order| order.key.clone()).collect();
        let (uid, imports) = blocking(move || {
            let uid = inner.uid_of(&slug)?;
            Ok((uid, inner.store.imports_of(&slug, &asked)?))
        })
        .await?;
        let looked = look_at(sales, &uid, orders, &imports).await?;
        let uninvoiced = |order: &&Order<ListingKey>| {
            let mut imports = looked.imports.iter();
            imports.any(|found| found.order == order.key && found.stage == Stage::Uninvoiced)
        };
        let adopted: Vec<_> = orders.iter().filter(uninvoiced).cloned().collect();
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        blocking(move || {
            let now = inner.clock.now();
            // Another machine's order is invoiced by this one only where its status says so.
            let maps = inner.maps_of(&slug)?;
            let ends = |import: &Import| {
                let order = adopted.iter().find(|order| order.key == import.order);
                order.is_some_and(|order| until(&maps, order) < Until::Invoiced)
            };
            inner.store.save_known(&slug, &looked.said.known, now)?;
            let mut found = 0;
            for mut import in looked.imports {
                found += u32::from(import.stage != Stage::Gone);
                if import.stage == Stage::Uninvoiced && ends(&import) {
                    import.stage = Stage::Done;
                }
                inner.store.save_import(&slug, &import, now)?;
            }
            let customers = looked.said.customers;
            Ok(Found { found, customers })
        })
        .await
    }

    /// Orders whose invoice is still to come, and that Odoo has something to invoice of by now.
    pub(super) async fn to_be_invoiced(&self, sides: &Sides) -> Result<Vec<Order<ListingKey>>> {
        let sales = sides.sales()?;
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let orders = blocking(move || inner.uninvoiced(&slug)).await?;
        let mut due = Vec::new();
        for some in orders.chunks(READ_AT_ONCE) {
            let keys: Vec<SaleKey> = some.iter().map(|(_, key)| *key).collect();
            let found = read_again(|| sales.look(&keys), tokio::time::sleep).await?;
            let some = some.iter().zip(found);
            // One that is gone is found out by its import.
            let go_on = some.filter(|(_, sale)| sale.as_ref().is_none_or(|sale| !waits(sale)));
            due.extend(go_on.map(|((order, _), _)| order.clone()));
        }
        Ok(due)
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
            inner.judge_all_orders(&name, |_| {})
        })
        .await?;
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        let waiting = blocking(move || inner.waiting(&name)).await?;
        self.look_at(&sides, &waiting).await?;
        let waits = count(waiting.len());
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        blocking(move || inner.judge_orders(&name, &waiting)).await?;
        Ok(waits)
    }
}

/// How far the orders of a status go.
pub(super) fn until(maps: &Maps, order: &Order<ListingKey>) -> Until {
    match maps.status(order.status.as_str()) {
        Some(StatusRule::Import(until)) => until,
        Some(StatusRule::Later | StatusRule::Never) | None => Until::Draft,
    }
}

/// An invoice that comes once there is something to invoice, in words of an error's shape: what
/// it is, why, and what to do.
pub(crate) fn invoice_waits(import: &Import) -> Option<AppError> {
    let sale = import.sale_name.clone().unwrap_or_default();
    (import.stage == Stage::Uninvoiced)
        .then(|| AppError::new(Code::NothingToInvoice).with("sale", sale))
}

impl Inner {
    /// Orders whose invoice is still to come, unless they changed in the store since.
    fn uninvoiced(&self, store: &Slug) -> Result<Vec<(Order<ListingKey>, SaleKey)>> {
        let mut orders = Vec::new();
        for import in self.store.imports_at(store, Stage::Uninvoiced)? {
            let saved = self.store.order(store, &import.order)?;
            let saved = saved.filter(|saved| saved.state == Some(OrderState::Imported));
            orders.extend(saved.and_then(|saved| Some((saved.order, import.sale?))));
        }
        Ok(orders)
    }

    /// How far an order is in Odoo, for doors.
    pub(crate) fn import_view(
        &self,
        store: &Slug,
        key: &OrderKey,
    ) -> Result<Option<crate::view::ImportView>> {
        let import = self.store.import(store, key)?;
        Ok(import.map(|import| crate::view::ImportView {
            waits: invoice_waits(&import),
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
