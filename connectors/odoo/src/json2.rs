//! JSON-2, from 19 on: a call by the names of its arguments, and what the statuses mean.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tandem_contract::http::Response;
use tandem_contract::{Cause, Error, Result};

use crate::failure::{Asked, is_cut, named_error, page_error};

/// What the methods that we call name the arguments that other doors take by place. Every other
/// method is one on records, with nothing but their ids.
const NAMES: &[(&str, &[&str])] = &[
    ("search_read", &["domain", "fields"]),
    ("search_count", &["domain"]),
    ("read", &["ids", "fields"]),
    ("fields_get", &["allfields", "attributes"]),
    ("check_access_rights", &["operation"]),
    ("has_access", &["ids", "operation"]),
    ("context_get", &[]),
    ("create", &["vals_list"]),
    ("write", &["ids", "vals"]),
    ("load", &["fields", "data"]),
    ("check_object_reference", &["module", "xml_id"]),
    ("generate", &["key", "scope", "name", "expiration_date"]),
];

/// The body of a call: all arguments by name. A misspelt one would be swallowed by a method that
/// takes any, and `search_read` would run without its domain; so the names stand in one table.
pub(crate) fn body(method: &str, args: Value, kwargs: Value) -> Value {
    let known = NAMES.iter().find(|(name, _)| *name == method);
    let names = known.map_or(&["ids"][..], |(_, names)| names);
    let mut body = match kwargs {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let values = match args {
        Value::Array(values) => values,
        _ => Vec::new(),
    };
    for (name, value) in names.iter().zip(values) {
        body.insert((*name).to_owned(), value);
    }
    Value::Object(body)
}

/// The body of every answer that is no success.
#[derive(Debug, Deserialize)]
struct Refusal {
    name: String,
    #[serde(default)]
    message: String,
}

/// The result of a call: the bare JSON that was asked for.
pub(crate) fn parse(asked: Asked<'_>, response: &Response) -> Result<Box<RawValue>> {
    if response.status != 200 {
        return Err(refusal(asked, response));
    }
    serde_json::from_slice(&response.body).map_err(|error| {
        if is_cut(&error, response) {
            asked.failed(Cause::AnswerCut, &error.to_string())
        } else {
            page_error(asked, response)
        }
    })
}

/// Odoo names the exception under every status; without that name the answer is somebody else's,
/// or the page by which Odoo says that no database was chosen (`014-v19-wrong-db`).
fn refusal(asked: Asked<'_>, response: &Response) -> Error {
    match serde_json::from_slice::<Refusal>(&response.body) {
        Ok(refusal) => {
            named_error(asked, &refusal.name, &refusal.message).with("status", response.status)
        }
        Err(_) => page_error(asked, response),
    }
}

#[cfg(test)]
mod tests {
    use super::body;
    use serde_json::json;

    #[test]
    fn places_become_names() {
        let search = body(
            "search_read",
            json!([[["id", ">", 7]], ["name"]]),
            json!({"limit": 2, "context": {"lang": "fr_FR"}}),
        );
        let expected = json!({"domain": [["id", ">", 7]], "fields": ["name"], "limit": 2,
            "context": {"lang": "fr_FR"}});
        assert_eq!(search, expected);
        assert_eq!(
            body("action_confirm", json!([[7]]), json!({})),
            json!({"ids": [7]})
        );
        assert_eq!(body("context_get", json!([]), json!({})), json!({}));
    }
}
