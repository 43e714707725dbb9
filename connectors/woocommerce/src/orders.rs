//! Orders, oldest change first.
//!
//! An order that changes while it is read moves to the end of the list and shifts every page
//! behind its old place. So page numbers are not followed: each page is a new question for what
//! changed since the last second that was read.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::value::RawValue;
use tandem_contract::{Cause, Cursor, Error, Fetched, Page, Query, Rejected, Result, Source};
use tandem_domain::{ListingKey, Order, StatusCode, Timestamp};

use crate::answer::Answer;
use crate::client::{Client, PER_PAGE};
use crate::listings::{modified_after, since_params, wire_time};
use crate::roles::Roles;
use crate::row::Row;
use crate::{map, wire};

/// Ids kept of one second. More orders than that in one second come twice, which is harmless.
const SEEN_MAX: usize = 1_000;

/// The shop's orders.
#[derive(Debug)]
pub(crate) struct Orders {
    client: Arc<Client>,
    roles: Roles,
}

impl Orders {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            roles: Roles::default(),
        }
    }

    /// Puts the roles of the customers into their orders.
    async fn tell_roles(&self, orders: &mut [Fetched<Order<ListingKey>>]) -> Result<()> {
        let buyers = orders.iter().filter_map(|order| {
            let buyer = &order.record.customer;
            buyer.external_id.as_deref()
        });
        self.roles.ask(&self.client, buyers.collect()).await?;
        for order in orders {
            let buyer = &mut order.record.customer;
            buyer.role = buyer
                .external_id
                .as_deref()
                .and_then(|id| self.roles.of(id));
        }
        Ok(())
    }
}

#[async_trait]
impl Source<Order<ListingKey>> for Orders {
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Order<ListingKey>>> {
        let place = after.and_then(Place::parse);
        let mut params = match &place {
            // The shop compares strictly greater, and more orders may share this second.
            Some(place) => modified_after(second_before(place.second)?),
            None => since_params(&query.scope)?,
        };
        let number = place.as_ref().map_or(1, |place| place.page);
        params.extend(fixed_params(query, number));
        let (answer, rows) = self.client.list("orders", &params).await?;
        let base = self.client.base();
        let mut page = Page {
            items: Vec::with_capacity(rows.len()),
            rejected: Vec::new(),
            next: next_place(place.as_ref(), number, &answer, &rows).map(|next| next.cursor()),
            total: place.as_ref().map_or(answer.total, |place| place.total),
            server_time: answer.server_time,
        };
        for raw in &rows {
            let row = Row::parse(raw.get());
            if place
                .as_ref()
                .is_some_and(|place| place.has_seen(row.as_ref().ok()))
            {
                continue;
            }
            let record = row
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|row| map::order(&wire::Order::read(row)?, &base));
            let raw = raw.get().to_owned();
            match record {
                Ok(record) => page.items.push(Fetched { record, raw }),
                Err(bad) => page.rejected.push(Rejected {
                    external_id: row.map(|row| row.any_id()).unwrap_or_default(),
                    reason: bad.to_string(),
                    raw,
                }),
            }
        }
        self.tell_roles(&mut page.items).await?;
        Ok(page)
    }
}

/// What every question for orders says. All fields are asked for: an order is kept as received,
/// and what plugins wrote on it is part of it. `dp=6` shows net amounts and taxes as the shop
/// holds them, unrounded; totals stay rounded.
fn fixed_params(query: &Query, page: u64) -> Vec<(&'static str, String)> {
    let mut params = vec![
        ("orderby", "modified".to_owned()),
        ("order", "asc".to_owned()),
        ("per_page", PER_PAGE.to_string()),
        ("page", page.to_string()),
        ("dp", "6".to_owned()),
    ];
    if !query.statuses.is_empty() {
        let statuses: Vec<&str> = query.statuses.iter().map(StatusCode::as_str).collect();
        params.push(("status", statuses.join(",")));
    }
    params
}

fn second_before(second: Timestamp) -> Result<Timestamp> {
    second
        .checked_sub(jiff::SignedDuration::from_secs(1))
        .map_err(|error| Error::new(Cause::Invalid, "modified_after").detail(&error.to_string()))
}

/// Where the next question begins: at the last second of this page, with the orders of that
/// second which are known already; or, when the whole page fell into one second, a page further.
fn next_place(
    place: Option<&Place>,
    number: u64,
    answer: &Answer,
    rows: &[Box<RawValue>],
) -> Option<Place> {
    let more = match answer.pages {
        Some(pages) => number < pages,
        None => rows.len() >= PER_PAGE,
    };
    if !more {
        return None;
    }
    let seconds: Vec<(String, Timestamp)> = rows
        .iter()
        .filter_map(|raw| Row::parse(raw.get()).ok())
        .filter_map(|row| Some((row.any_id(), wire::Order::modified(&row)?)))
        .collect();
    let total = place.map_or(answer.total, |place| place.total);
    let Some(second) = seconds.iter().map(|(_, second)| *second).max() else {
        // No row has a date that can be read: there is only the page number to go by.
        let second = place.map_or(Timestamp::UNIX_EPOCH, |place| place.second);
        let seen = place.map(|place| place.seen.clone()).unwrap_or_default();
        return Some(Place {
            second,
            page: number + 1,
            total,
            seen,
        });
    };
    let same = place.filter(|place| place.second == second);
    let mut seen = same.map(|place| place.seen.clone()).unwrap_or_default();
    for (id, at) in seconds {
        if at == second && !seen.contains(&id) {
            seen.push(id);
        }
    }
    let surplus = seen.len().saturating_sub(SEEN_MAX);
    seen.drain(..surplus);
    Some(Place {
        second,
        page: same.map_or(1, |_| number + 1),
        total,
        seen,
    })
}

/// How far the orders are read, as text: `2026-11-21T00:07:20|1|4210|7378,7379` is the first page
/// of what changed in that second or later, of 4,210 orders, two of that second known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    second: Timestamp,
    page: u64,
    total: Option<u64>,
    seen: Vec<String>,
}

impl Place {
    /// `None` for a cursor that another version or another program wrote: then the reading starts
    /// over, since a cursor that is refused for ever would end it for good.
    fn parse(cursor: &Cursor) -> Option<Self> {
        let place = Self::read(&cursor.0);
        if place.is_none() {
            tracing::warn!("a cursor could not be read, the reading starts over");
        }
        place
    }

    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('|').collect();
        let [second, page, total, seen] = parts.as_slice() else {
            return None;
        };
        Some(Self {
            second: format!("{second}Z").parse().ok()?,
            page: page.parse().ok().filter(|page| *page > 0)?,
            total: match *total {
                "-" => None,
                number => Some(number.parse().ok()?),
            },
            seen: seen
                .split(',')
                .filter(|id| !id.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        })
    }

    fn cursor(&self) -> Cursor {
        let total = self.total.map_or("-".to_owned(), |total| total.to_string());
        let (second, page) = (wire_time(self.second), self.page);
        Cursor(format!("{second}|{page}|{total}|{}", self.seen.join(",")))
    }

    /// Whether a row came with an earlier page already, unchanged since.
    fn has_seen(&self, row: Option<&Row>) -> bool {
        row.is_some_and(|row| {
            wire::Order::modified(row) == Some(self.second) && self.seen.contains(&row.any_id())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, next_place};
    use crate::answer::Answer;
    use serde_json::value::RawValue;
    use tandem_contract::Cursor;

    fn rows(orders: &[(u64, &str)]) -> Vec<Box<RawValue>> {
        let row = |(id, time): &(u64, &str)| {
            let json = format!(r#"{{"id":{id},"date_modified_gmt":"2026-11-21T00:{time}"}}"#);
            RawValue::from_string(json).expect("JSON")
        };
        orders.iter().map(row).collect()
    }

    fn next(from: Option<&str>, pages: u64, orders: &[(u64, &str)]) -> Option<String> {
        let place = from.map(|text| Place::read(text).expect("a cursor"));
        let number = place.as_ref().map_or(1, |place| place.page);
        let answer = Answer {
            json: String::new(),
            noise: None,
            total: Some(9),
            pages: Some(pages),
            server_time: None,
        };
        next_place(place.as_ref(), number, &answer, &rows(orders)).map(|place| place.cursor().0)
    }

    #[test]
    fn the_next_question_begins_at_the_last_second_with_what_is_known_of_it() {
        let first = next(None, 3, &[(1, "00:01"), (2, "00:05"), (3, "00:05")]);
        assert_eq!(first.as_deref(), Some("2026-11-21T00:00:05|1|9|2,3"));
        let second = next(
            first.as_deref(),
            2,
            &[(2, "00:05"), (3, "00:05"), (4, "00:06")],
        );
        assert_eq!(second.as_deref(), Some("2026-11-21T00:00:06|1|9|4"));
        assert_eq!(
            next(second.as_deref(), 1, &[(4, "00:06")]),
            None,
            "the last page"
        );
    }

    #[test]
    fn a_second_that_fills_a_page_is_read_by_page_number() {
        let from = Some("2026-11-21T00:00:05|1|9|2,3");
        let further = next(from, 2, &[(2, "00:05"), (3, "00:05"), (4, "00:05")]);
        assert_eq!(further.as_deref(), Some("2026-11-21T00:00:05|2|9|2,3,4"));
        let out_of_it = next(further.as_deref(), 3, &[(5, "00:05"), (6, "00:09")]);
        assert_eq!(out_of_it.as_deref(), Some("2026-11-21T00:00:09|1|9|6"));
    }

    #[test]
    fn rows_without_a_date_do_not_stop_the_reading() {
        let undated = next(None, 2, &[(1, "nonsense")]);
        assert_eq!(undated.as_deref(), Some("1970-01-01T00:00:00|2|9|"));
    }

    #[test]
    fn a_cursor_that_is_not_ours_is_told_from_one_that_is() {
        for text in ["", "p:1:2:3", "2026-11-21T00:00:05|0|1|", "soon|1|-|"] {
            assert_eq!(Place::parse(&Cursor(text.to_owned())), None, "{text:?}");
        }
    }
}
