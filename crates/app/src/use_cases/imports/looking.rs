//! Asking Odoo what it knows of orders, and keeping the answer.

use std::sync::Arc;

use tandem_domain::{ListingKey, Order, OrderKey, Partner, Slug};
use tandem_store::Stage;
use tandem_sync::import::{look_at, read_again};

use super::Sides;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::{App, Result};

/// What Odoo said of orders.
pub(crate) struct Found {
    /// How many turned out to be there: another machine, or an earlier cache, imported them.
    pub(crate) found: u32,
    /// The customers with their e-mails.
    pub(crate) customers: Vec<Partner>,
}

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
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        blocking(move || {
            let now = inner.clock.now();
            inner.store.save_known(&slug, &looked.said.known, now)?;
            let mut found = 0;
            for import in &looked.imports {
                found += u32::from(import.stage != Stage::Gone);
                inner.store.save_import(&slug, import, now)?;
            }
            let customers = looked.said.customers;
            Ok(Found { found, customers })
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
        let waits = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        blocking(move || inner.judge_orders(&name, &waiting)).await?;
        Ok(waits)
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
