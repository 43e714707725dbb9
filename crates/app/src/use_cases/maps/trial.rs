//! What a row of the maps would make of a real order, choice by choice: planned in memory by the
//! rules of an import, and nothing is written.

use std::collections::HashSet;
use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_domain::{
    Blocker, ListingKey, MapKind, MapRow, MapValue, Maps, Money, Order, SaleTerms, Slug, sum,
};
use tandem_store::{OrderState, SavedOrder, Store};
use tandem_sync::import::PlannedOrder;

use super::propose::propose;
use super::uses::of_order;
use super::values::{choice, choices, parse};
use super::{row, status_row};
use crate::blocking::blocking;
use crate::context::Inner;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::imports::{About, Judging, kind_of};
use crate::view::{MapChoice, MapTrial, TrialSums, Tried, TriedOrder, count};
use crate::{App, Result};

/// Choices that are tried at most: as many as have a key.
const CHOICES_MAX: usize = 3;
/// Orders to try on, one after the other.
const ORDERS_MAX: usize = 9;

impl App {
    /// What a row would make of a real order that uses it, one that waits for it if there is one;
    /// `turn` goes on to the next order, and begins again after the last.
    pub async fn try_map(
        &self,
        store: &str,
        (kind, key): (MapKind, &str),
        turn: u32,
    ) -> Result<MapTrial> {
        let (slug, key) = (parse_slug(store)?, key.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.try_map(&slug, (kind, &key), turn)).await
    }
}

impl Inner {
    fn try_map(&self, store: &Slug, place: (MapKind, &str), turn: u32) -> Result<MapTrial> {
        let terms = self.terms_of(store)?;
        let orders = orders_with(&self.store, store, place)?;
        if orders.is_empty() {
            return Ok(MapTrial { order: None });
        }
        let saved = &orders[turn as usize % orders.len()];
        let order = &saved.order;
        let desk = Desk {
            judging: self.judging_of(store, About::Orders(std::slice::from_ref(order)))?,
            settled: self.settled_beside(store, order, &terms)?,
            terms,
        };
        let tried = desk.candidates(order, place);
        let tried: Vec<Tried> = tried
            .into_iter()
            .map(|(value, shown)| desk.tried(order, place, value, shown))
            .collect();
        let others = saved.blockers.iter();
        let others = others.filter(|blocker| !waits_for(blocker, place));
        Ok(MapTrial {
            order: Some(TriedOrder {
                key: order.key.to_string(),
                number: order.number.clone(),
                currency: order.currency.code().to_owned(),
                goods: count(order.lines.len()),
                store: sums_of_store(order),
                waits: matches!(saved.state, Some(OrderState::Waiting | OrderState::Blocked)),
                others: count(others.count()),
                orders: count(orders.len()),
                tried,
            }),
        })
    }

    /// Rows in force, and for whatever else the order uses its proposal: what is not settled
    /// beside the row must not hide what the row does.
    fn settled_beside(
        &self,
        store: &Slug,
        order: &Order<ListingKey>,
        terms: &SaleTerms,
    ) -> Result<Vec<MapRow>> {
        let maps = self.maps_of(store)?;
        let statuses = self.statuses_of(store)?;
        let mut rows = self.store.map_rows(store)?;
        for mut used in of_order(order) {
            if maps.get(used.kind, &used.key).is_some() {
                continue;
            }
            used.currencies.push(order.currency);
            used.usual = statuses.usual(&order.status);
            if let Some((value, _)) = propose(&used, terms) {
                rows.retain(|row| (row.kind, &row.key) != (used.kind, &used.key));
                rows.push(row(used.kind, &used.key, value, terms));
            }
        }
        let usual = statuses.known().filter_map(|(status, rule)| {
            let said = |row: &MapRow| row.kind == MapKind::Status && row.key == status;
            (!rows.iter().any(said)).then(|| status_row(status, rule))
        });
        let usual: Vec<MapRow> = usual.collect();
        rows.extend(usual);
        Ok(rows)
    }
}

/// What one order is tried by.
struct Desk {
    judging: Judging,
    settled: Vec<MapRow>,
    terms: SaleTerms,
}

impl Desk {
    /// What is in force or proposed, then what is most like it.
    fn candidates(
        &self,
        order: &Order<ListingKey>,
        (kind, key): (MapKind, &str),
    ) -> Vec<(MapValue, MapChoice)> {
        let settled = self.settled.iter();
        let own = settled.filter(|row| row.kind == kind && row.key == key);
        let own = own.map(|row| choice(&row.value, Some(&self.terms)));
        let percent = of_order(order)
            .into_iter()
            .find(|used| used.kind == kind && used.key == key)
            .and_then(|used| used.percent);
        let alike = |shown: &MapChoice| {
            percent.is_some_and(|percent| shown.detail == super::propose::percent(percent))
        };
        let (near, far): (Vec<_>, Vec<_>) = choices(kind, &self.terms).into_iter().partition(alike);
        let mut seen = HashSet::new();
        let all = own.chain(near).chain(far);
        let parsed = all.filter_map(|shown| {
            let value = parse(kind, &shown.value, None, &self.terms)?;
            // One of several taxes that are chosen together is no other choice.
            let parts: Vec<String> = shown.value.split(',').map(str::to_owned).collect();
            let new = parts.iter().any(|part| !seen.contains(part));
            seen.extend(parts);
            (new && value.fits(key, &self.terms)).then_some((value, shown))
        });
        parsed.take(CHOICES_MAX).collect()
    }

    fn tried(
        &self,
        order: &Order<ListingKey>,
        (kind, key): (MapKind, &str),
        value: MapValue,
        shown: MapChoice,
    ) -> Tried {
        let others = self.settled.iter();
        let others = others.filter(|row| row.kind != kind || row.key != key);
        let rows = others.cloned().chain([row(kind, key, value, &self.terms)]);
        let maps = Maps::new(rows, Some(&self.terms));
        let planned = self.judging.planned_by(order, &maps);
        let (sums, held) = match &planned {
            Ok(plan) => (Some(sums_of_plan(plan)), None),
            Err(blockers) => (None, blockers.first().map(kind_of)),
        };
        let difference = planned.as_ref().ok().map(|plan| {
            let off = plan.rendering.expected.total - order.total.amount();
            money(off, order)
        });
        Tried {
            choice: shown,
            sums,
            difference,
            goes: maps
                .status(order.status.as_str())
                .map(super::values::rule_word),
            held,
        }
    }
}

/// Orders that use a row: those that wait for it first, then the newest; last those that could
/// not be planned whatever the maps say.
fn orders_with(
    store: &Store,
    slug: &Slug,
    (kind, key): (MapKind, &str),
) -> Result<Vec<SavedOrder>> {
    let uses = |order: &Order<ListingKey>| {
        let mut used = of_order(order).into_iter();
        used.any(|used| used.kind == kind && used.key == key)
    };
    let mut orders = store.orders_to_try(slug, (kind, key), ORDERS_MAX, uses)?;
    let stuck = |blocker: &Blocker| !matches!(blocker, Blocker::NotMapped { .. });
    orders.sort_by_key(|saved| saved.blockers.iter().any(stuck));
    Ok(orders)
}

fn waits_for(blocker: &Blocker, (kind, of): (MapKind, &str)) -> bool {
    matches!(blocker, Blocker::NotMapped { map, key, .. } if *map == kind && key == of)
}

fn sums_of_store(order: &Order<ListingKey>) -> TrialSums {
    let shown = |amount: Decimal| Money::rounded(amount, order.currency).amount();
    let goods = sum(order.lines.iter().map(|line| shown(line.total)));
    let charges = sum(order.charges.iter().map(|charge| shown(charge.total)));
    let tax = order.total_tax.amount();
    let total = order.total.amount();
    TrialSums {
        goods: money(goods, order),
        charges: money(charges, order),
        tax: money(tax, order),
        total: money(total, order),
    }
}

/// A rounding line is a charge.
fn sums_of_plan(plan: &PlannedOrder) -> TrialSums {
    let order = &plan.order;
    let goods: HashSet<&str> = order.lines.iter().map(|line| line.id.as_str()).collect();
    let lines = plan
        .rendering
        .lines
        .iter()
        .zip(&plan.rendering.expected.lines);
    let of_goods =
        lines.filter(|(line, _)| line.origin.line().is_some_and(|id| goods.contains(id)));
    let goods = sum(of_goods.map(|(_, totals)| totals.untaxed));
    let expected = &plan.rendering.expected;
    TrialSums {
        goods: money(goods, order),
        charges: money(expected.untaxed - goods, order),
        tax: money(expected.tax, order),
        total: money(expected.total, order),
    }
}

fn money(amount: Decimal, order: &Order<ListingKey>) -> String {
    Money::rounded(amount, order.currency).amount().to_string()
}
