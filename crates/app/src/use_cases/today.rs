//! The day as it stands: what needs a person, and the numbers of all stores together.

use std::sync::Arc;

use jiff::ToSpan as _;
use tandem_domain::{Slug, Timestamp};
use tandem_store::{
    HistoryFilter, OrderState, OrderWorth, ReviewFilter, ReviewTab, SavedConnection,
};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::AppError;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::today_money::{money, month_began};
use crate::use_cases::today_needs::{needs_of_connection, needs_of_store};
use crate::view::{
    BlockerKind, ConnectionToday, ConnectionView, ErrorsToday, HealthState, MappingToday,
    MoneyHeld, Need, OrdersToday, ReasonCount, RunView, Side, StoreProblem, TodayQuery, TodayView,
    count,
};
use crate::{App, Result};

/// Days of orders that are shown.
const DAYS: usize = 14;
/// Hours of orders that are read for them: one day more, because days begin elsewhere at other hours.
const ORDER_HOURS: i64 = 15 * 24;
/// Hours of errors that are shown.
const HOURS: usize = 24;
/// Lines of the history that are shown.
const RUNS: u32 = 10;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
const SECONDS_AN_HOUR: i64 = 60 * 60;

impl App {
    /// The day as it stands, of one store or of all. A store that cannot be read is named, and
    /// the others are shown without it.
    pub async fn today(&self, query: TodayQuery) -> Result<TodayView> {
        let store = query.store.as_deref().map(parse_slug).transpose()?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.today(store.as_ref(), query.utc_offset_minutes)).await
    }
}

/// The numbers of one store.
pub(super) struct StoreDay {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) fetched: bool,
    pub(super) last_run: Option<RunView>,
    pub(super) waiting: u32,
    pub(super) blocked: u32,
    not_yet: u32,
    waiting_worth: Vec<OrderWorth>,
    pub(super) blocked_worth: Vec<OrderWorth>,
    pub(super) reasons: Vec<ReasonCount>,
    placed: Vec<Timestamp>,
    pub(super) this_month: Vec<(OrderState, OrderWorth)>,
    listings: u32,
    mapped: u32,
    pub(super) to_review: u32,
    unmatched: u32,
    pub(super) conflicts: u32,
    pub(super) problems: u32,
    failures: Vec<Timestamp>,
}

impl Inner {
    fn today(&self, only: Option<&Slug>, utc_offset_minutes: i32) -> Result<TodayView> {
        let now = self.clock.now();
        let month = month_began(now, utc_offset_minutes);
        let shown = self.connections_of(only)?;
        let mut connections = Vec::new();
        let mut days = Vec::new();
        let mut not_read = Vec::new();
        for saved in &shown {
            let view = self.connection_view(saved)?;
            if view.side == Side::Store && view.bound.is_some() {
                match self.store_day(saved, (now, month)) {
                    Ok(day) => days.push(day),
                    Err(error) => not_read.push(StoreProblem {
                        name: saved.name.clone(),
                        error,
                    }),
                }
            }
            connections.push(view);
        }
        let fetched: Vec<&StoreDay> = days.iter().filter(|day| day.fetched).collect();
        let filter = HistoryFilter {
            connection: only.cloned(),
            utc_offset_minutes,
            ..HistoryFilter::default()
        };
        Ok(TodayView {
            at: now.to_string(),
            stores: count(fetched.len()),
            not_read,
            needs: needs(&connections, &days),
            orders: (!fetched.is_empty()).then(|| orders(&fetched, (now, utc_offset_minutes))),
            money: money(&fetched),
            mapping: (!fetched.is_empty()).then(|| mapping(&fetched)),
            errors: errors(&days, now),
            connections: by_need(connections),
            runs: self.history_rows(&filter, 0, RUNS)?.1,
        })
    }

    /// A store with its Odoo, or all connections.
    fn connections_of(&self, only: Option<&Slug>) -> Result<Vec<SavedConnection>> {
        self.in_use();
        let Some(slug) = only else {
            return Ok(self.store.connections()?);
        };
        let store = self.saved_store(slug)?;
        let odoo = store.bound_odoo.clone();
        let odoo = odoo.map(|odoo| self.store.connection(&odoo)).transpose()?;
        Ok([Some(store), odoo].into_iter().flatten().collect())
    }

    fn store_day(
        &self,
        saved: &SavedConnection,
        (now, month): (Timestamp, Timestamp),
    ) -> Result<StoreDay> {
        let slug = &saved.slug;
        let counts = self.store.order_counts(slug)?;
        let tabs = self
            .store
            .review_counts(slug, &ReviewFilter::of(ReviewTab::ToReview))?
            .tabs;
        let sides: Vec<Slug> = [Some(slug.clone()), saved.bound_odoo.clone()]
            .into_iter()
            .flatten()
            .collect();
        let reasons = self.store.order_reasons(slug)?.into_iter();
        let last_run = match self.runs.of(slug.as_str()).pop() {
            Some(live) => Some(live),
            None => self.ended_runs(slug)?.into_iter().next(),
        };
        Ok(StoreDay {
            name: saved.name.clone(),
            slug: slug.to_string(),
            fetched: self.was_fetched(slug)?,
            last_run,
            waiting: counts.waiting,
            blocked: counts.blocked,
            not_yet: counts.not_yet,
            waiting_worth: self.store.order_worth(slug, OrderState::Waiting)?,
            blocked_worth: self.store.order_worth(slug, OrderState::Blocked)?,
            reasons: reasons.filter_map(reason_count).collect(),
            placed: self
                .store
                .orders_placed_since(slug, now - ORDER_HOURS.hours())?,
            this_month: self.store.worth_since(slug, month)?,
            listings: tabs.mapped + tabs.to_review + tabs.unmatched,
            mapped: tabs.mapped,
            to_review: tabs.to_review,
            unmatched: tabs.unmatched,
            conflicts: tabs.conflicts,
            problems: self.store.fetch_problems(&sides, 0, 0)?.total,
            failures: self.store.failures_since(slug, now - 24.hours())?,
        })
    }

    /// Whether both sides were ever read to their end.
    fn was_fetched(&self, store: &Slug) -> Result<bool> {
        let listings = self
            .store
            .fetch_state(store, tandem_store::Stream::Listings)?;
        Ok(listings.is_some_and(|state| state.watermark.is_some()))
    }
}

/// A reason that this version does not know is left out; its orders are counted all the same.
fn reason_count((reason, orders): (String, u32)) -> Option<ReasonCount> {
    let kind: BlockerKind = serde_json::from_value(reason.into()).ok()?;
    Some(ReasonCount { kind, orders })
}

fn needs(connections: &[ConnectionView], days: &[StoreDay]) -> Vec<Need> {
    let mut needs: Vec<Need> = connections.iter().flat_map(needs_of_connection).collect();
    needs.extend(days.iter().flat_map(needs_of_store));
    needs.sort_by(|a, b| (a.kind, b.count).cmp(&(b.kind, a.count)));
    needs
}

fn orders(days: &[&StoreDay], (now, offset_minutes): (Timestamp, i32)) -> OrdersToday {
    let sum = |of: fn(&StoreDay) -> u32| days.iter().map(|day| of(day)).sum();
    let day_of =
        |at: Timestamp| (at.as_second() + i64::from(offset_minutes) * 60).div_euclid(SECONDS_A_DAY);
    let placed = days.iter().flat_map(|day| &day.placed);
    OrdersToday {
        waiting: sum(|day| day.waiting),
        blocked: sum(|day| day.blocked),
        not_yet: sum(|day| day.not_yet),
        waiting_worth: worth(days.iter().flat_map(|day| &day.waiting_worth)),
        blocked_worth: worth(days.iter().flat_map(|day| &day.blocked_worth)),
        a_day: spread::<DAYS>(placed.map(|at| day_of(now) - day_of(*at))),
    }
}

fn mapping(days: &[&StoreDay]) -> MappingToday {
    let sum = |of: fn(&StoreDay) -> u32| days.iter().map(|day| of(day)).sum::<u32>();
    let (listings, mapped) = (sum(|day| day.listings), sum(|day| day.mapped));
    let share = u64::from(mapped) * 10_000;
    MappingToday {
        listings,
        mapped,
        to_review: sum(|day| day.to_review),
        unmatched: sum(|day| day.unmatched),
        // Whole only when it is whole.
        share_bp: share
            .checked_div(listings.into())
            .and_then(|share| u32::try_from(share).ok()),
    }
}

fn errors(days: &[StoreDay], now: Timestamp) -> ErrorsToday {
    let failures: Vec<&Timestamp> = days.iter().flat_map(|day| &day.failures).collect();
    let hours_ago = |at: &Timestamp| (now.as_second() - at.as_second()).div_euclid(SECONDS_AN_HOUR);
    ErrorsToday {
        count: count(failures.len()),
        by_hour: spread::<HOURS>(failures.into_iter().map(hours_ago)),
    }
}

/// How many fall on each place, the furthest ago first.
fn spread<const PLACES: usize>(ago: impl Iterator<Item = i64>) -> Vec<u32> {
    let mut counts = vec![0; PLACES];
    for place in ago.filter_map(|ago| usize::try_from(ago).ok()) {
        if let Some(count) = counts.iter_mut().rev().nth(place) {
            *count += 1;
        }
    }
    counts
}

/// Amounts by currency, those of the most orders first.
pub(super) fn worth<'a>(all: impl Iterator<Item = &'a OrderWorth>) -> Vec<MoneyHeld> {
    let mut sums: Vec<OrderWorth> = Vec::new();
    for worth in all {
        match sums.iter_mut().find(|sum| sum.currency == worth.currency) {
            Some(sum) => {
                sum.orders += worth.orders;
                sum.amount = sum.amount.saturating_add(worth.amount);
            }
            None => sums.push(*worth),
        }
    }
    sums.sort_by(|a, b| (b.orders, a.currency.code()).cmp(&(a.orders, b.currency.code())));
    let shown = sums.into_iter().map(|sum| MoneyHeld {
        amount: sum.amount.to_string(),
        currency: sum.currency.code().to_owned(),
        orders: sum.orders,
    });
    shown.collect()
}

/// Those that need somebody first; in each group by name.
fn by_need(connections: Vec<ConnectionView>) -> Vec<ConnectionToday> {
    let rank = |state: HealthState| match state {
        HealthState::Stopped => 0,
        HealthState::WaitingForKeychain => 1,
        HealthState::Warning => 2,
        HealthState::Untested => 3,
        HealthState::Healthy => 4,
    };
    let mut shown: Vec<ConnectionToday> = connections
        .into_iter()
        .map(|view| ConnectionToday {
            slug: view.slug,
            name: view.name,
            side: view.side,
            health: view.health,
            fetched_at: view.fetched_at,
        })
        .collect();
    shown.sort_by(|a, b| (rank(a.health.state), &a.name).cmp(&(rank(b.health.state), &b.name)));
    shown
}

/// The error that a test of a connection ended with.
pub(super) fn failure_of(view: &ConnectionView) -> Option<AppError> {
    view.check.as_ref().and_then(|check| check.failure.clone())
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn what_is_older_than_the_first_place_or_still_to_come_counts_nowhere() {
        assert_eq!(spread::<3>([0, 0, 2, 3, -1].into_iter()), [1, 0, 2]);
    }
}
