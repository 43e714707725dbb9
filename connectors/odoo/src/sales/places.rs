//! Countries and states: ISO codes outside, row ids in Odoo.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use tandem_contract::Result;
use tokio::sync::{Mutex, OnceCell};

use crate::reads::{Reads, Search};

/// What is known of Odoo's countries, and of the states of those that were asked for.
#[derive(Debug)]
pub(super) struct Places {
    reads: Arc<Reads>,
    countries: OnceCell<Countries>,
    states: Mutex<HashMap<i64, Arc<Vec<StateRow>>>>,
}

/// Countries in both directions.
#[derive(Debug, Default)]
pub(super) struct Countries {
    by_code: HashMap<String, i64>,
    by_id: HashMap<i64, String>,
}

#[derive(Debug, Deserialize)]
struct CountryRow {
    id: i64,
    code: String,
}

/// `res.country.state`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StateRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) code: String,
}

impl Countries {
    pub(super) fn id(&self, code: &str) -> Option<i64> {
        self.by_code.get(&code.trim().to_uppercase()).copied()
    }

    pub(super) fn code(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    /// All codes, in order.
    pub(super) fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.by_code.keys().cloned().collect();
        codes.sort_unstable();
        codes
    }
}

impl Places {
    pub(super) fn new(reads: Arc<Reads>) -> Self {
        Self {
            reads,
            countries: OnceCell::new(),
            states: Mutex::default(),
        }
    }

    pub(super) async fn countries(&self) -> Result<&Countries> {
        let read = || async {
            // Those without a code are nobody's address.
            let domain = json!([["code", "!=", false]]);
            let search = Search::all("res.country", domain, &["code"]);
            let rows: Vec<CountryRow> = self.reads.search(search).await?.read()?;
            let by_code = rows.iter().map(|row| (row.code.to_uppercase(), row.id));
            let by_id = rows.iter().map(|row| (row.id, row.code.to_uppercase()));
            Ok(Countries {
                by_code: by_code.collect(),
                by_id: by_id.collect(),
            })
        };
        self.countries.get_or_try_init(read).await
    }

    /// The states of a country, asked for once.
    pub(super) async fn states(&self, country: i64) -> Result<Arc<Vec<StateRow>>> {
        let mut known = self.states.lock().await;
        if let Some(states) = known.get(&country) {
            return Ok(Arc::clone(states));
        }
        let domain = json!([["country_id", "=", country]]);
        let search = Search::all("res.country.state", domain, &["name", "code"]);
        let states = Arc::new(self.reads.search(search).await?.read::<StateRow>()?);
        known.insert(country, Arc::clone(&states));
        Ok(states)
    }
}

/// The state that a store means by its code: `CA`, `US-CA` or the name.
pub(super) fn state_of<'a>(
    states: &'a [StateRow],
    country: &str,
    said: &str,
) -> Option<&'a StateRow> {
    let said = said.trim();
    let bare = said
        .split_once('-')
        .filter(|(prefix, _)| prefix.eq_ignore_ascii_case(country))
        .map_or(said, |(_, rest)| rest);
    let by_code = |code: &str| {
        states
            .iter()
            .find(|state| state.code.eq_ignore_ascii_case(code))
    };
    by_code(bare).or_else(|| by_code(said)).or_else(|| {
        let lower = said.to_lowercase();
        states
            .iter()
            .find(|state| state.name.to_lowercase() == lower)
    })
}

#[cfg(test)]
mod tests {
    use super::{StateRow, state_of};

    #[test]
    fn a_state_is_found_by_code_with_and_without_its_country_and_by_name() {
        let state = |id, name: &str, code: &str| StateRow {
            id,
            name: name.to_owned(),
            code: code.to_owned(),
        };
        let states = [state(1, "Québec", "QC"), state(2, "Ontario", "ON")];
        for (said, id) in [
            ("QC", Some(1)),
            ("ca-on", Some(2)),
            ("ontario", Some(2)),
            ("QUÉBEC", Some(1)),
            ("US-ON", None),
            ("", None),
        ] {
            assert_eq!(state_of(&states, "CA", said).map(|s| s.id), id, "{said}");
        }
    }
}
