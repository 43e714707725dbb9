//! Where the next page of variants begins: by id, or in the order of change.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tandem_contract::{Cursor, Query, Scope};

use crate::reads::Row;
use crate::wire::{Changed, instant_text, parse_instant};

/// Where the next page begins.
///
/// `write_date` has microseconds in the database and seconds on the wire, so that a wire date
/// names a whole second. Pages in the order of change therefore end between two seconds; a
/// second with more changes than a page holds (one import writes thousands of records with the
/// same instant) is read by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// Everything, by id, after this one.
    After { id: i64 },
    /// What changed in this second or later.
    From { second: String },
    /// What changed in this very second, by id, after this one.
    Within { second: String, id: i64 },
}

impl Place {
    /// The place that a cursor names, or the first one. A cursor that cannot be read (of another
    /// version of this program) begins anew: reading again is harmless, missing pages is not.
    pub(crate) fn of(query: &Query, after: Option<&Cursor>) -> Self {
        let named = after.and_then(|cursor| serde_json::from_str(&cursor.0).ok());
        named.unwrap_or_else(|| match &query.scope {
            Scope::All => Self::After { id: 0 },
            Scope::Since(instant) => Self::From {
                second: instant_text(*instant),
            },
        })
    }

    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(json!(self).to_string())
    }

    pub(crate) fn domain(&self) -> Value {
        match self {
            Self::After { id } => json!([["id", ">", id]]),
            Self::From { second } => json!([["write_date", ">=", second]]),
            Self::Within { second, id } => json!([
                ["write_date", ">=", second],
                ["write_date", "<", second_after(second)],
                ["id", ">", id]
            ]),
        }
    }

    pub(crate) fn order(&self) -> &'static str {
        match self {
            Self::After { .. } | Self::Within { .. } => "id",
            Self::From { .. } => "write_date,id",
        }
    }

    /// How many of these rows belong before the next place, and that place; `None` after the
    /// last page. A page that holds fewer rows than it may is the last of its kind.
    pub(crate) fn advance(&self, rows: &[Row], page_rows: usize) -> (usize, Option<Self>) {
        let full = rows.len() >= page_rows;
        let id = rows.last().map_or(0, |row| row.id);
        match self {
            Self::After { .. } => (rows.len(), full.then_some(Self::After { id })),
            Self::Within { second, .. } if full => {
                let second = second.clone();
                (rows.len(), Some(Self::Within { second, id }))
            }
            Self::Within { second, .. } => {
                let second = second_after(second);
                (rows.len(), Some(Self::From { second }))
            }
            Self::From { .. } if !full => (rows.len(), None),
            Self::From { .. } => {
                let second = rows.last().map(second_of).unwrap_or_default();
                match rows.partition_point(|row| second_of(row) < second) {
                    0 => (0, Some(Self::Within { second, id: 0 })),
                    complete => (complete, Some(Self::From { second })),
                }
            }
        }
    }
}

fn second_of(row: &Row) -> String {
    let changed: Changed = row.read().unwrap_or_default();
    changed.write_date.unwrap_or_default()
}

/// A second that cannot be read (a cursor that was tampered with) is followed by itself, which
/// the server then refuses.
fn second_after(second: &str) -> String {
    match parse_instant(second) {
        Ok(instant) => instant_text(instant + jiff::SignedDuration::from_secs(1)),
        Err(_) => second.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::Place;
    use crate::reads::Row;

    /// Records with the microsecond in which they changed; the wire shows the second.
    fn table() -> Vec<(i64, u32)> {
        let import = (100..112).map(|id| (id, 3_000_000));
        let edits = [
            (7, 1_900_000),
            (3, 1_100_000),
            (9, 4_000_001),
            (1, 4_000_000),
            (5, 2_500_000),
        ];
        edits.into_iter().chain(import).collect()
    }

    fn second(micros: u32) -> String {
        format!("2026-11-21 00:00:{:02}", micros / 1_000_000)
    }

    /// What a server with this table answers.
    fn answer(place: &Place, page_rows: usize) -> Vec<Row> {
        let mut found: Vec<(i64, u32)> = table()
            .into_iter()
            .filter(|(id, micros)| match place {
                Place::After { id: after } => id > after,
                Place::From { second: from } => second(*micros) >= *from,
                Place::Within {
                    second: at,
                    id: after,
                } => second(*micros) == *at && id > after,
            })
            .collect();
        match place.order() {
            "id" => found.sort_unstable(),
            _ => found.sort_by_key(|(id, micros)| (*micros, *id)),
        }
        found.truncate(page_rows);
        let row = |(id, micros): (i64, u32)| Row {
            id,
            raw: to_raw_value(&json!({"id": id, "write_date": second(micros)})).expect("JSON"),
        };
        found.into_iter().map(row).collect()
    }

    fn read(first: Place, page_rows: usize) -> Vec<i64> {
        let (mut ids, mut next) = (Vec::new(), Some(first));
        for _ in 0..100 {
            let Some(place) = next else { return ids };
            let rows = answer(&place, page_rows);
            let (complete, after) = place.advance(&rows, page_rows);
            ids.extend(rows.iter().take(complete).map(|row| row.id));
            next = after;
        }
        panic!("paging does not end with {page_rows} rows a page: {ids:?}");
    }

    #[test]
    fn every_change_is_read_once_whatever_the_page_size() {
        let all: BTreeSet<i64> = table().into_iter().map(|(id, _)| id).collect();
        for page_rows in 1..20 {
            for first in [Place::From { second: second(0) }, Place::After { id: 0 }] {
                let ids = read(first, page_rows);
                let unique: BTreeSet<i64> = ids.iter().copied().collect();
                assert_eq!(unique, all, "nothing is skipped, {page_rows} rows a page");
                assert_eq!(
                    ids.len(),
                    all.len(),
                    "nothing comes twice, {page_rows} rows a page"
                );
            }
        }
    }

    #[test]
    fn a_change_in_the_second_asked_for_is_among_them() {
        let ids = read(
            Place::From {
                second: second(4_000_000),
            },
            3,
        );
        assert_eq!(ids, [1, 9], "in the order of their microseconds");
    }
}
