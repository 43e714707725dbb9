//! Query parameters: read, checked by the rules of the routes, and applied to lists.

use std::cmp::Reverse;

use axum::http::Uri;
use tandem_domain::Timestamp;
use url::form_urlencoded;

use super::answer::{Answer, Paging, invalid_param};

/// The parameters of a call. Unknown ones are ignored, as WordPress does.
pub(super) struct Params(Vec<(String, String)>);

/// Which way a list is sorted when `order` is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// What a list is sorted and filtered by.
pub(super) struct Record<T> {
    pub(super) id: u64,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) what: T,
}

impl Params {
    pub(super) fn parse(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.collect())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A list, as `a,b` or as `name[]=a&name[]=b`.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let listed = format!("{name}[]");
        self.0
            .iter()
            .filter(|(key, _)| key == name || *key == listed)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// A whole number between bounds; otherwise WordPress's own words for it (recorded: 37).
    fn number(&self, name: &str, or: u64, most: u64) -> Result<u64, Answer> {
        let Some(text) = self.get(name) else {
            return Ok(or);
        };
        let Ok(number) = text.parse::<u64>() else {
            let why = format!("{name} is not of type integer.");
            return Err(invalid_param(name, "rest_invalid_type", &why));
        };
        if (1..=most).contains(&number) {
            return Ok(number);
        }
        let why = if most == u64::MAX {
            format!("{name} must be greater than or equal to 1")
        } else {
            format!("{name} must be between 1 (inclusive) and {most} (inclusive)")
        };
        Err(invalid_param(name, "rest_out_of_bounds", &why))
    }

    /// One of a few words, the first when none is given.
    pub(super) fn word<'a>(&'a self, name: &str, words: &[&'a str]) -> Result<&'a str, Answer> {
        let word = self
            .get(name)
            .or(words.first().copied())
            .unwrap_or_default();
        if words.contains(&word) {
            return Ok(word);
        }
        let why = format!("{name} is not one of {}.", words.join(", "));
        Err(invalid_param(name, "rest_not_in_enum", &why))
    }

    /// After which instant records must have changed. Without a zone it is the site's own time,
    /// with `dates_are_gmt` it is UTC; and `Z` together with `dates_are_gmt` is shifted twice.
    pub(super) fn modified_after(&self, utc_offset_s: i32) -> Result<Option<Timestamp>, Answer> {
        let Some(text) = self.get("modified_after") else {
            return Ok(None);
        };
        let invalid = || {
            let why = "modified_after is not a valid date.";
            invalid_param("modified_after", "rest_invalid_date", why)
        };
        let in_utc = self
            .get("dates_are_gmt")
            .is_some_and(|flag| matches!(flag, "true" | "1"));
        let (bare, zulu) = match text.strip_suffix('Z') {
            Some(bare) => (bare, true),
            None => (text, false),
        };
        let instant: Timestamp = format!("{bare}Z").parse().map_err(|_| invalid())?;
        let east = match (zulu, in_utc) {
            (true, true) => utc_offset_s,
            (true, false) | (false, true) => 0,
            (false, false) => -utc_offset_s,
        };
        let shift = jiff::SignedDuration::from_secs(i64::from(east));
        instant.checked_add(shift).map(Some).map_err(|_| invalid())
    }

    /// Sorts and cuts a list to the page that is asked for.
    pub(super) fn page<T>(
        &self,
        mut records: Vec<Record<T>>,
        orders: &[&str],
        direction: Direction,
    ) -> Result<(Vec<Record<T>>, Paging), Answer> {
        let per_page = self.number("per_page", 10, 100)?;
        let page = self.number("page", 1, u64::MAX)?;
        let by = self.word("orderby", orders)?;
        let directions = match direction {
            Direction::Up => ["asc", "desc"],
            Direction::Down => ["desc", "asc"],
        };
        let descending = self.word("order", &directions)? == "desc";
        let key = |record: &Record<T>| {
            let instant = match by {
                "date" => record.created,
                "modified" => record.modified,
                _ => Timestamp::UNIX_EPOCH,
            };
            (instant, record.id)
        };
        if descending {
            records.sort_by_key(|record| Reverse(key(record)));
        } else {
            records.sort_by_key(key);
        }
        let total = records.len() as u64;
        let skipped = usize::try_from((page - 1).saturating_mul(per_page)).unwrap_or(usize::MAX);
        let taken = usize::try_from(per_page).unwrap_or(usize::MAX);
        let records = records.into_iter().skip(skipped).take(taken).collect();
        let pages = total.div_ceil(per_page);
        let query = self.without_page();
        Ok((
            records,
            Paging {
                page,
                pages,
                total,
                query,
            },
        ))
    }

    fn without_page(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.0.iter().filter(|(key, _)| key != "page"));
        query.finish()
    }
}

/// What changed strictly after an instant, to the second.
pub(super) fn changed_after<T>(
    records: Vec<Record<T>>,
    after: Option<Timestamp>,
) -> Vec<Record<T>> {
    let Some(after) = after else {
        return records;
    };
    let changed = |record: &Record<T>| record.modified.as_second() > after.as_second();
    records.into_iter().filter(changed).collect()
}
