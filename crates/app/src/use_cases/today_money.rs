//! The money of a month: how much of what goes to Odoo is there, to the minor unit.

use std::collections::BTreeMap;

use jiff::tz::{Offset, TimeZone};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use tandem_domain::{Currency, Timestamp};
use tandem_store::{OrderState, OrderWorth};

use crate::use_cases::today::StoreDay;
use crate::view::{MoneyHeld, MoneyToday};

/// When the month began in which a person is whose day is so far ahead of UTC.
pub(super) fn month_began(now: Timestamp, utc_offset_minutes: i32) -> Timestamp {
    let seconds = utc_offset_minutes.saturating_mul(60);
    let zone = TimeZone::fixed(Offset::from_seconds(seconds).unwrap_or(Offset::UTC));
    let first = now.to_zoned(zone).first_of_month();
    first
        .and_then(|day| day.start_of_day())
        .map_or(now, |day| day.timestamp())
}

/// What the orders of one currency are worth: all, reconciled, held back, different.
#[derive(Default)]
struct Sums {
    all: (u32, Decimal),
    reconciled: (u32, Decimal),
    blocked: (u32, Decimal),
    differs: (u32, Decimal),
}

impl Sums {
    /// Orders that never go to Odoo, or not yet, are not part of it.
    fn add(&mut self, state: OrderState, worth: &OrderWorth) {
        let part = match state {
            OrderState::NotYet | OrderState::Closed => return,
            OrderState::Waiting | OrderState::Failed => None,
            OrderState::Imported => Some(&mut self.reconciled),
            OrderState::Blocked => Some(&mut self.blocked),
            OrderState::Differs => Some(&mut self.differs),
        };
        for (orders, amount) in [Some(&mut self.all), part].into_iter().flatten() {
            *orders += worth.orders;
            *amount += worth.amount;
        }
    }

    fn view(&self, currency: Currency) -> MoneyToday {
        let held = |(orders, amount): (u32, Decimal)| MoneyHeld {
            amount: tandem_domain::Money::rounded(amount, currency)
                .amount()
                .to_string(),
            currency: currency.code().to_owned(),
            orders,
        };
        let share = |part: Decimal| {
            let parts = (part * Decimal::from(10_000)).checked_div(self.all.1);
            parts.and_then(|parts| parts.floor().to_u32()).unwrap_or(0)
        };
        MoneyToday {
            currency: currency.code().to_owned(),
            total: held(self.all),
            reconciled: held(self.reconciled),
            blocked: held(self.blocked),
            differs: held(self.differs),
            reconciled_bp: share(self.reconciled.1),
            held_bp: share(self.blocked.1 + self.differs.1),
        }
    }
}

/// The money of all stores together, the currency of the most orders first.
pub(super) fn money(days: &[&StoreDay]) -> Vec<MoneyToday> {
    let mut sums: BTreeMap<&str, (Currency, Sums)> = BTreeMap::new();
    for (state, worth) in days.iter().flat_map(|day| &day.this_month) {
        let (_, sum) = sums
            .entry(worth.currency.code())
            .or_insert_with(|| (worth.currency, Sums::default()));
        sum.add(*state, worth);
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    sums.retain(|(_, sum)| sum.all.0 > 0);
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.all.0));
    sums.iter()
        .map(|(currency, sum)| sum.view(*currency))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Sums, month_began};
    use rust_decimal::Decimal;
    use tandem_domain::Currency;
    use tandem_store::{OrderState, OrderWorth};

    #[test]
    fn a_month_begins_where_the_person_is() {
        let began = |now: &str, minutes| {
            let now = now.parse().expect("an instant");
            month_began(now, minutes).to_string()
        };
        assert_eq!(began("2026-11-21T10:00:00Z", 0), "2026-11-01T00:00:00Z");
        assert_eq!(began("2026-11-30T22:00:00Z", 180), "2026-11-30T21:00:00Z");
        assert_eq!(began("2026-11-01T02:00:00Z", -300), "2026-10-01T05:00:00Z");
    }

    #[test]
    fn what_does_not_go_to_odoo_is_no_part_of_the_money() {
        let currency: Currency = "KWD".parse().expect("a currency");
        let mut sums = Sums::default();
        for (state, fils) in [
            (OrderState::Imported, 18_000),
            (OrderState::Blocked, 1_500),
            (OrderState::Differs, 500),
            (OrderState::Waiting, 4_000),
            (OrderState::Closed, 99_000),
            (OrderState::NotYet, 99_000),
        ] {
            let worth = OrderWorth {
                currency,
                orders: 1,
                amount: Decimal::new(fils, 3),
            };
            sums.add(state, &worth);
        }
        let shown = sums.view(currency);
        assert_eq!(
            (shown.total.amount.as_str(), shown.total.orders),
            ("24.000", 4)
        );
        assert_eq!(shown.reconciled.amount, "18.000");
        assert_eq!((shown.reconciled_bp, shown.held_bp), (7_500, 833));
    }
}
