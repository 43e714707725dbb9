//! Audit: every order of a period on both sides, counted and compared. Reads, never writes to
//! either side, and needs nothing that an earlier import left in the cache.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use tandem_contract::{SalePeriod, Sales};
use tandem_domain::{ListingKey, Order, OrderKey, SaleHead, SaleState, StatusRule, Timestamp};
use tandem_store::{OrderFilter, SavedOrder};
use tandem_sync::import::{look_up, read_again};

use crate::blocking::blocking;
use crate::error::AppError;
use crate::use_cases::cards::VariantCards;
use crate::use_cases::imports::{About, Judging, Sides};
use crate::view::{AuditFinding, AuditKind, AuditRow, AuditView, count};
use crate::{App, Result};

impl App {
    /// Holds every order that the store has of a period against Odoo. Days are days of UTC:
    /// `from` is the first, `to` the last.
    pub async fn audit(&self, store: &str, from: &str, to: &str) -> Result<AuditView> {
        let (from, to) = (day("from", from)?, day("to", to)?);
        let period = SalePeriod {
            from: start_of(from)?,
            to: start_of(to.tomorrow().map_err(|_| AppError::bad_input("to", to))?)?,
        };
        let sides = self.sides(store).await?;
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let (orders, judging) = blocking(move || {
            let filter = OrderFilter::default();
            let mut orders = inner.store.orders_page(&slug, &filter, 0, u32::MAX)?.orders;
            let within = |saved: &SavedOrder| {
                saved.order.placed_at >= period.from && saved.order.placed_at < period.to
            };
            orders.retain(within);
            let judging = inner.judging_of(&slug, About::All)?;
            Ok((orders, judging))
        })
        .await?;
        let odoo = Odoo::read(&sides, &judging, &orders, period).await?;
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        blocking(move || {
            let cards = VariantCards::of(&inner, &slug)?;
            let mut rows = Vec::new();
            let mut counts: BTreeMap<AuditKind, u32> = BTreeMap::new();
            for saved in &orders {
                let (kind, heads) = odoo.found(saved, &judging);
                *counts.entry(kind).or_default() += 1;
                if !matches!(kind, AuditKind::Equal | AuditKind::NotDue) {
                    let order = &saved.order;
                    let blockers = saved.blockers.iter();
                    let blockers = blockers
                        .map(|blocker| inner.blocker_view(&slug, &cards, order, blocker))
                        .collect::<Result<_>>()?;
                    rows.push(AuditRow {
                        blockers,
                        ..row(order, kind, &heads)
                    });
                }
            }
            rows.sort_by_key(|row| row.kind);
            Ok(AuditView {
                from: period.from.to_string(),
                to: period.to.to_string(),
                store_orders: count(orders.len()),
                odoo_orders: count(odoo.in_period),
                accounted: counts.values().sum(),
                findings: counts
                    .into_iter()
                    .map(|(kind, orders)| AuditFinding { kind, orders })
                    .collect(),
                rows,
            })
        })
        .await
    }
}

/// What Odoo has of the store's orders, by the store's id.
struct Odoo {
    ours: HashMap<OrderKey, Vec<SaleHead>>,
    in_period: usize,
}

impl Odoo {
    /// Looked for in three ways: all orders of the period, the references of the store's orders,
    /// and their numbers.
    async fn read(
        sides: &Sides,
        judging: &Judging,
        saved: &[SavedOrder],
        period: SalePeriod,
    ) -> Result<Self> {
        let sales = sides.sales()?;
        let heads = of_period(sales, period).await?;
        let mut odoo = Self {
            ours: HashMap::new(),
            in_period: 0,
        };
        for head in heads {
            if let Some(key) = judging.is_ours(&head) {
                odoo.in_period += 1;
                odoo.note(key, head);
            }
        }
        let orders: Vec<Order<ListingKey>> =
            saved.iter().map(|saved| saved.order.clone()).collect();
        // One that bears our reference within the period was found by it.
        let unseen = |order: &Order<ListingKey>| !odoo.ours.contains_key(&order.key);
        let said = look_up(sales, judging.uid(), &orders, &unseen).await?;
        for (key, known) in said.known {
            if let Some(sale) = known.sale {
                let asked = [sale];
                let there = odoo
                    .ours
                    .get(&key)
                    .is_some_and(|heads| heads.iter().any(|head| head.key == sale));
                if !there {
                    let read = read_again(|| sales.look(&asked), tokio::time::sleep).await?;
                    for sale in read.into_iter().flatten() {
                        odoo.note(key.clone(), sale.head);
                    }
                }
            }
            for head in known.same_number {
                odoo.note(key.clone(), head);
            }
        }
        Ok(odoo)
    }

    fn note(&mut self, key: OrderKey, head: SaleHead) {
        let heads = self.ours.entry(key).or_default();
        if heads.iter().all(|known| known.key != head.key) {
            heads.push(head);
        }
    }

    /// What there is to say of an order, and the orders in Odoo that it is.
    fn found(&self, saved: &SavedOrder, judging: &Judging) -> (AuditKind, Vec<SaleHead>) {
        let order = &saved.order;
        let heads = self.ours.get(&order.key).cloned().unwrap_or_default();
        let alive = |head: &&SaleHead| head.state != SaleState::Cancelled;
        let living: Vec<&SaleHead> = heads.iter().filter(alive).collect();
        let cancelled = judging.is_cancelled(order);
        let kind = match living.as_slice() {
            [] if cancelled && heads.is_empty() => AuditKind::NotDue,
            [] if cancelled => AuditKind::Equal,
            [] if !heads.is_empty() => AuditKind::StateDiffers,
            [] => match judging.rule(order) {
                Some(StatusRule::Later | StatusRule::Never) => AuditKind::NotDue,
                _ if saved.blockers.is_empty() => AuditKind::Missing,
                _ => AuditKind::Blocked,
            },
            [one] if judging.is_ours(one).is_none() => AuditKind::Blocked,
            [_] if cancelled => AuditKind::StateDiffers,
            [one] if one.total == order.total => AuditKind::Equal,
            [_] => AuditKind::TotalDiffers,
            _ => AuditKind::Duplicate,
        };
        (kind, heads)
    }
}

async fn of_period(sales: &dyn Sales, period: SalePeriod) -> Result<Vec<SaleHead>> {
    let (mut heads, mut after) = (Vec::new(), None);
    loop {
        let page = read_again(|| sales.period(period, after.as_ref()), tokio::time::sleep).await?;
        heads.extend(page.items.into_iter().map(|item| item.record));
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(heads),
        }
    }
}

fn row(order: &Order<ListingKey>, kind: AuditKind, heads: &[SaleHead]) -> AuditRow {
    let alive = heads.iter().find(|head| head.state != SaleState::Cancelled);
    let total: Option<Decimal> = alive.map(|head| head.total.amount());
    AuditRow {
        key: order.key.to_string(),
        number: order.number.clone(),
        customer: order.customer.name.clone(),
        placed_at: order.placed_at.to_string(),
        status: order.status.to_string(),
        kind,
        total: order.total.amount().to_string(),
        currency: order.currency.code().to_owned(),
        sales: heads.iter().map(|head| head.name.clone()).collect(),
        odoo_total: total.map(|total| total.to_string()),
        difference: total.map(|total| total.saturating_sub(order.total.amount()).to_string()),
        blockers: Vec::new(),
    }
}

fn day(field: &str, text: &str) -> Result<Date> {
    text.parse().map_err(|_| AppError::bad_input(field, text))
}

fn start_of(day: Date) -> Result<Timestamp> {
    let start = day.to_zoned(TimeZone::UTC);
    let start = start.map_err(|_| AppError::bad_input("day", day))?;
    Ok(start.timestamp())
}
