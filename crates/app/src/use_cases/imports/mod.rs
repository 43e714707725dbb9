//! Orders into Odoo: what would be done, doing it, and what it led to.

mod after;
mod judging;
mod looking;
mod papers;
mod reasons;
mod running;
mod shown;

use std::sync::Arc;

use tandem_contract::{Erp, Storefront};
use tandem_domain::{Blocker, ListingKey, Order, OrderKey, Service, Slug};
use tandem_store::{OrderFilter, OrderState, Stage};
use tandem_sync::import::PlannedOrder;

pub(crate) use judging::{About, Judging};
pub(crate) use reasons::{kind_of, line_of, params_of};
pub(crate) use running::{is_fatal, jitter, told_by};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::cards::VariantCards;
use crate::use_cases::connections::{Connected, parse_slug};
use crate::view::{BlockedOrder, OrderPlan};
use crate::{App, Result};

/// Both sides of a store, ready to be called.
pub(crate) struct Sides {
    pub(crate) slug: Slug,
    pub(crate) odoo: Slug,
    pub(crate) shop: Box<dyn Storefront>,
    pub(crate) erp: Box<dyn Erp>,
}

impl Sides {
    /// Selling in Odoo; refused where this Odoo cannot.
    pub(crate) fn sales(&self) -> Result<&dyn tandem_contract::Sales> {
        let sales = self.erp.sales();
        sales.ok_or_else(|| AppError::new(Code::NoSales).with("name", &self.odoo))
    }
}

/// Orders that can go in, and those that cannot with their reasons.
pub(crate) struct Sorted {
    pub(crate) ready: Vec<PlannedOrder>,
    pub(crate) blocked: Vec<(Order<ListingKey>, Vec<Blocker>)>,
}

impl App {
    /// What an import of these orders would do; of all that wait, when none is named. Asks Odoo
    /// what it knows of them, and writes nothing there.
    pub async fn order_plan(&self, store: &str, keys: Vec<String>) -> Result<OrderPlan> {
        let sides = self.sides(store).await?;
        let wanted = self.wanted(&sides, keys).await?;
        let found = self.look_at(&sides, &wanted).await?.found;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let (judging, sorted) = inner.sort(&sides.slug, &wanted)?;
            let cards = VariantCards::of(&inner, &sides.slug)?;
            let views = |(order, blockers): &(Order<ListingKey>, Vec<Blocker>)| {
                let views = blockers
                    .iter()
                    .map(|blocker| inner.blocker_view(&sides.slug, &cards, order, blocker));
                Ok(BlockedOrder {
                    key: order.key.to_string(),
                    number: order.number.clone(),
                    blockers: views.collect::<Result<_>>()?,
                })
            };
            let made = |service: &Service| sorted.ready.iter().any(|plan| plan.makes(*service));
            let makes = Service::ALL.into_iter().filter(made);
            Ok(OrderPlan {
                orders: sorted
                    .ready
                    .iter()
                    .map(|plan| judging.planned_view(plan))
                    .collect(),
                blocked: sorted.blocked.iter().map(views).collect::<Result<_>>()?,
                found,
                makes: makes.map(|service| service.key().to_owned()).collect(),
            })
        })
        .await
    }

    /// Both sides of a store; refused where one cannot be had.
    pub(crate) async fn sides(&self, store: &str) -> Result<Sides> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.sides_of(slug)).await
    }

    /// The orders with these keys, or all that wait; oldest first, those last whose invoice has
    /// something to bill by now.
    async fn wanted(&self, sides: &Sides, keys: Vec<String>) -> Result<Vec<Order<ListingKey>>> {
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        if keys.is_empty() {
            let mut orders = blocking(move || inner.waiting(&slug)).await?;
            orders.extend(self.to_be_invoiced(sides).await?);
            return Ok(orders);
        }
        blocking(move || {
            let one = |key: &String| {
                let saved = inner.store.order(&slug, &OrderKey::new(key.clone()))?;
                let saved = saved.ok_or_else(|| {
                    AppError::new(Code::RecordUnknown)
                        .with("record", key)
                        .with("store", &slug)
                })?;
                Ok(saved.order)
            };
            keys.iter().map(one).collect()
        })
        .await
    }
}

impl Inner {
    pub(crate) fn sides_of(&self, slug: Slug) -> Result<Sides> {
        let saved = self.saved_store(&slug)?;
        let (odoo, erp) = self.open_odoo_of(&saved)?;
        let Connected::Store(shop) = self.open_side(&slug)? else {
            return Err(AppError::bad_input("store", slug));
        };
        Ok(Sides {
            slug,
            odoo,
            shop,
            erp,
        })
    }

    /// Orders that wait or are held back, and those that stopped on their road.
    fn waiting(&self, store: &Slug) -> Result<Vec<Order<ListingKey>>> {
        let filter = OrderFilter {
            states: vec![OrderState::Waiting, OrderState::Blocked, OrderState::Failed],
            ..OrderFilter::default()
        };
        let page = self.store.orders_page(store, &filter, 0, u32::MAX)?;
        let mut orders: Vec<_> = page.orders.into_iter().map(|saved| saved.order).collect();
        orders.reverse();
        Ok(orders)
    }

    /// Sorts orders by whether they can go in now, and saves what was found.
    pub(crate) fn sort(
        &self,
        store: &Slug,
        orders: &[Order<ListingKey>],
    ) -> Result<(Judging, Sorted)> {
        if self.store.sale_terms(store)?.is_none() {
            return Err(AppError::new(Code::TermsUnknown).with("store", store));
        }
        let _one_at_a_time = self.judging();
        let judging = self.judging_of(store, About::Orders(orders))?;
        let mut sorted = Sorted {
            ready: Vec::new(),
            blocked: Vec::new(),
        };
        let mut judged = Vec::with_capacity(orders.len());
        for order in orders {
            if !judging.is_open(order) {
                judged.push(judging.judge(order));
                continue;
            }
            let plan = judging.plan(order);
            judged.push(judging.judge_by(order, || plan.as_ref().err().cloned()));
            match plan {
                Ok(plan) => sorted.ready.push(plan),
                Err(blockers) => sorted.blocked.push((order.clone(), blockers)),
            }
        }
        self.save_judgements(store, &judged)?;
        Ok((judging, sorted))
    }
}

impl Judging {
    /// Whether an import has anything left to do for an order: it is not in Odoo as far as it
    /// goes, and the store did not change it on its road.
    fn is_open(&self, order: &Order<ListingKey>) -> bool {
        let import = self.imports.get(&order.key);
        import.is_none_or(|import| import.stage != Stage::Done && !self.moved(order, import))
    }
}
