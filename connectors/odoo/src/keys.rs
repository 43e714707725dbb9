//! API keys: made from a password as Odoo's own screen does it, or from the key before.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Keys, Kind, NewKey, Result};
use tandem_domain::{Secret, Timestamp};

use crate::entry::SESSION_ONLY;
use crate::facts::OUR_KEYS;
use crate::reads::{Reads, Search};
use crate::wire::{KeyRow, instant_text};

const DESCRIPTION: &str = "res.users.apikeys.description";
const IDENTITY: &str = "res.users.identitycheck";
const KEYS: &str = "res.users.apikeys";

/// The longest life that a key is given. Ordinary users may not have keys for longer, and one
/// that is renewed in time needs no more.
const DAYS_MAX: i64 = 90;
/// What is asked of 19 in a renewal: a little less, because the two clocks differ.
const DAYS_RENEWED: i64 = DAYS_MAX - 1;

/// The maker of keys.
#[derive(Debug)]
pub(crate) struct KeyDesk {
    reads: Arc<Reads>,
}

/// What a button of Odoo's screen answers: the next screen.
#[derive(Deserialize)]
struct Screen {
    #[serde(default)]
    res_model: String,
    #[serde(default)]
    res_id: Option<i64>,
    #[serde(default)]
    context: Option<Shown>,
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    default_key: Option<String>,
}

impl KeyDesk {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }

    /// Name it, ask for it, prove that one knows the password, and be shown it
    /// (`024-apikey-make-needs-identity`, `025-apikey-made`). In a session: the services refuse
    /// it (`202-v18-make-key-over-jsonrpc`).
    async fn mint(&self, name: &str) -> Result<NewKey> {
        let client = &self.reads.client;
        client.open_session().await?;
        if !client.takes_keys().await {
            // It would open nothing, and stay in Odoo for nobody.
            return Err(Error::new(Cause::PasswordNeeded, "make_key").with("reason", SESSION_ONLY));
        }
        let days = self.days().await?;
        let mut wanted = json!({"name": name});
        if let Some(days) = days {
            wanted["duration"] = json!(days.to_string());
        }
        let id: i64 = self.ask(DESCRIPTION, "create", json!([wanted])).await?;
        let first: Screen = self.ask(DESCRIPTION, "make_key", json!([[id]])).await?;
        let shown = match (first.res_model.as_str(), first.res_id) {
            (IDENTITY, Some(wizard)) => self.prove(wizard).await?,
            // Somebody who proved it a moment ago is not asked again.
            _ => first,
        };
        let key = shown.context.and_then(|context| context.default_key);
        let secret = Secret::new(key.ok_or_else(no_key)?);
        let planned = days.map(|days| self.days_from_now(days));
        Ok(NewKey {
            secret,
            expires: self.ends(name).await.or(planned),
        })
    }

    /// From 19 on a key can make the next one, where the administrator allows it. The one before
    /// stays good until its own end.
    async fn renew(&self, name: &str) -> Result<NewKey> {
        let ends = self.days_from_now(DAYS_RENEWED);
        let key = self.reads.client.config.secret.expose();
        let args = json!([key, "rpc", name, instant_text(ends)]);
        let answer = self.reads.client.call(KEYS, "generate", args, json!({}));
        match answer.await.and_then(|answer| answer.read::<String>()) {
            Ok(key) => Ok(NewKey {
                secret: Secret::new(key),
                expires: self.ends(name).await.or(Some(ends)),
            }),
            // No such method before 19, or not allowed: the password still does it.
            Err(error) if matches!(error.kind(), Kind::Refused | Kind::Rights) => {
                let needed = Error::new(Cause::PasswordNeeded, &error.operation);
                Err(needed.detail(&error.detail))
            }
            Err(error) => Err(error),
        }
    }

    /// Until 18 the check reads the password from its record, from 19 on from its context, and
    /// the record forgets it (`203-v19-run-check-without-context`).
    async fn prove(&self, wizard: i64) -> Result<Screen> {
        let password = json!({"password": self.reads.client.config.secret.expose()});
        let _: Value = self
            .ask(IDENTITY, "write", json!([[wizard], password]))
            .await?;
        let answer = self.reads.client.call_as_page(
            IDENTITY,
            "run_check",
            json!([[wizard]]),
            json!({"context": password}),
        );
        answer.await?.read()
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        model: &str,
        method: &str,
        args: Value,
    ) -> Result<T> {
        let client = &self.reads.client;
        let answer = client.call_as_page(model, method, args, json!({}));
        answer.await?.read()
    }

    /// The longest life up to ours that this user may give a key; `None` where keys have no end
    /// (17). Odoo offers each user those that his groups allow.
    async fn days(&self) -> Result<Option<i64>> {
        let fields = self
            .reads
            .field_attributes(DESCRIPTION, &["duration"], &["selection"])
            .await?;
        let Some(duration) = fields.get("duration") else {
            return Ok(None);
        };
        let offered = duration["selection"].as_array();
        let days = offered
            .into_iter()
            .flatten()
            .filter_map(|choice| choice[0].as_str()?.parse::<i64>().ok());
        // 0 is for ever, and -1 a date of one's own.
        Ok(days.filter(|days| (1..=DAYS_MAX).contains(days)).max())
    }

    fn days_from_now(&self, days: i64) -> Timestamp {
        self.reads.client.clock().now() + SignedDuration::from_hours(24 * days)
    }

    /// When the newest key of this name ends, as the server keeps it; `None` where it may not be
    /// read. The key itself is there, whatever this says.
    async fn ends(&self, name: &str) -> Option<Timestamp> {
        let own = self.reads.client.session().await.ok()?.uid;
        let domain = json!([["user_id", "=", own], ["name", "=", name]]);
        let search = Search {
            order: "id desc",
            limit: Some(1),
            ..Search::all(KEYS, domain, &["name", "expiration_date"])
        };
        let rows: Vec<KeyRow> = self.reads.search(search).await.ok()?.read().ok()?;
        rows.into_iter().next()?.expiration_date
    }
}

fn no_key() -> Error {
    Error::new(Cause::Unreadable, format!("{IDENTITY}.run_check"))
}

/// The name to give a key: ours in it, by which it is known again among the user's others.
fn named(name: &str) -> String {
    if name.contains(OUR_KEYS) {
        name.to_owned()
    } else {
        format!("{OUR_KEYS} {name}").trim_end().to_owned()
    }
}

#[async_trait]
impl Keys for KeyDesk {
    async fn make(&self, name: &str) -> Result<NewKey> {
        let name = named(name);
        if self.reads.client.config.has_key() {
            self.renew(&name).await
        } else {
            self.mint(&name).await
        }
    }
}
