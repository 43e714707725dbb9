//! The text of a record as it was received, without what must not be seen.

use std::sync::Arc;

use serde_json::Value;
use tandem_domain::OrderKey;

use crate::blocking::blocking;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::view::RawRecord;
use crate::{App, Result};

/// Stands for a value that is left out.
const LEFT_OUT: &str = "••••••";

/// A name with one of these in it holds what opens something: a door, an account, a payment.
const SECRETS: &[&str] = &[
    "secret",
    "password",
    "passwd",
    "token",
    "api_key",
    "apikey",
    "authorization",
    "credential",
    "order_key",
    "payment_url",
    "card",
    "iban",
    "cvc",
    "nonce",
    "signature",
    "session",
];

/// A name with one of these in it holds what is about a person.
const PERSONAL: &[&str] = &[
    "first_name",
    "last_name",
    "full_name",
    "company",
    "address",
    "street",
    "city",
    "postcode",
    "email",
    "phone",
    "customer_note",
    "customer_ip",
    "user_agent",
    "username",
    "birth",
    "vat_number",
];

impl App {
    /// An order as the store sent it. What opens something is always left out; what is about a
    /// person only where `hide_personal` asks for it.
    pub async fn order_raw(
        &self,
        store: &str,
        key: &str,
        hide_personal: bool,
    ) -> Result<RawRecord> {
        let (slug, key) = (parse_slug(store)?, OrderKey::new(key));
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let unknown = || {
                AppError::new(Code::RecordUnknown)
                    .with("record", &key)
                    .with("store", &slug)
            };
            let saved = inner.store.order(&slug, &key)?.ok_or_else(unknown)?;
            let raw = inner.store.order_raw(&slug, &key)?.ok_or_else(unknown)?;
            let shown = Shown::of(&raw, hide_personal)?;
            Ok(RawRecord {
                text: shown.text,
                fetched_at: saved.saved_at.map(|at| at.to_string()),
                secrets: shown.secrets,
                personal: shown.personal,
            })
        })
        .await
    }
}

struct Shown {
    text: String,
    secrets: u32,
    personal: u32,
}

impl Shown {
    fn of(raw: &str, hide_personal: bool) -> Result<Self> {
        let unreadable = |error: serde_json::Error| AppError::new(Code::Unreadable).details(error);
        let mut json: Value = serde_json::from_str(raw).map_err(unreadable)?;
        let mut mask = Mask {
            hide_personal,
            secrets: 0,
            personal: 0,
        };
        mask.clean(&mut json);
        Ok(Self {
            text: serde_json::to_string_pretty(&json).map_err(unreadable)?,
            secrets: mask.secrets,
            personal: mask.personal,
        })
    }
}

struct Mask {
    hide_personal: bool,
    secrets: u32,
    personal: u32,
}

impl Mask {
    fn clean(&mut self, json: &mut Value) {
        match json {
            Value::Array(items) => items.iter_mut().for_each(|item| self.clean(item)),
            Value::Object(fields) => {
                // Stores keep what plugins add as pairs of `key` and `value`.
                let key = fields.get("key").and_then(Value::as_str).map(str::to_owned);
                for (name, value) in fields {
                    let named = match &key {
                        Some(key) if name.ends_with("value") => key,
                        _ => name,
                    };
                    if !self.leave_out(named, value) {
                        self.clean(value);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Puts dots in the place of a value whose name says that it must not be seen.
    fn leave_out(&mut self, name: &str, value: &mut Value) -> bool {
        let name = name.to_lowercase();
        let holds = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let count = if holds(SECRETS) {
            &mut self.secrets
        } else if self.hide_personal && holds(PERSONAL) {
            &mut self.personal
        } else {
            return false;
        };
        match value {
            // A group of fields is gone through by their own names.
            Value::Object(_) | Value::Array(_) => return false,
            Value::String(text) if text.is_empty() => {}
            Value::Null | Value::Bool(_) => {}
            Value::String(_) | Value::Number(_) => {
                *value = Value::String(LEFT_OUT.to_owned());
                *count += 1;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Shown;

    const RAW: &str = r#"{"number":"10482","order_key":"wc_order_abc","billing":{"first_name":"Noura",
        "email":"n@example.com","country":"KW"},"meta_data":[{"id":1,"key":"_stripe_token","value":"tok_1"},
        {"id":2,"key":"gift","value":"yes"}],"total":"36.182","id":7}"#;

    #[test]
    fn what_opens_something_is_never_shown_and_the_rest_is() {
        let shown = Shown::of(RAW, false).expect("JSON");
        assert_eq!((shown.secrets, shown.personal), (2, 0));
        assert!(!shown.text.contains("wc_order_abc") && !shown.text.contains("tok_1"));
        for words in ["10482", "Noura", "n@example.com", "gift", "yes", "36.182"] {
            assert!(shown.text.contains(words), "{words}");
        }
    }

    #[test]
    fn a_person_is_left_out_where_that_is_asked_for() {
        let shown = Shown::of(RAW, true).expect("JSON");
        assert_eq!((shown.secrets, shown.personal), (2, 2));
        assert!(!shown.text.contains("Noura") && !shown.text.contains("n@example.com"));
        assert!(shown.text.contains("KW"), "a country is not a person");
    }
}
