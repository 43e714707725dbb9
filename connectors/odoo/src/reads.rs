//! Reading records: keyset pages of chosen columns, counts, and what the server's models have.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tandem_contract::{Cause, Error, Kind, Result};
use tandem_domain::Timestamp;
use tokio::sync::OnceCell;

use crate::client::Client;
use crate::wire;

/// Records a page. Lean columns come at 11,300 rows a second with 1,000 and 10,200 with 5,000;
/// smaller pages are slower, larger ones only hold more memory.
pub(crate) const PAGE_ROWS: usize = 1_000;

/// A `search_read`, archived records included.
#[derive(Debug, Clone)]
pub(crate) struct Search<'a> {
    pub(crate) model: &'a str,
    pub(crate) domain: Value,
    pub(crate) fields: &'a [&'a str],
    pub(crate) order: &'a str,
    /// `None` only where the domain itself bounds the answer.
    pub(crate) limit: Option<usize>,
    /// Whether a many2one comes as `[id, "name"]` instead of the bare id. Without names Odoo
    /// gives 3,100 rows a second instead of 2,300.
    pub(crate) names: bool,
}

impl<'a> Search<'a> {
    /// All records that a domain finds, by id; for domains that find few.
    pub(crate) fn all(model: &'a str, domain: Value, fields: &'a [&'a str]) -> Self {
        Self {
            model,
            domain,
            fields,
            order: "id",
            limit: None,
            names: false,
        }
    }
}

/// A record as received.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) raw: Box<RawValue>,
}

impl Row {
    /// The columns of it that a shape names.
    pub(crate) fn read<'de, T: Deserialize<'de>>(&'de self) -> serde_json::Result<T> {
        serde_json::from_str(self.raw.get())
    }
}

/// Records, and the server's clock when it gave them.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Row>,
    pub(crate) server_time: Option<Timestamp>,
    operation: String,
}

impl Found {
    /// The id of the last record.
    pub(crate) fn last_id(&self) -> Option<i64> {
        self.rows.last().map(|row| row.id)
    }

    /// All records in one shape; for reads where one that does not fit spoils the whole.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>> {
        let read: serde_json::Result<Vec<T>> = self.rows.iter().map(Row::read).collect();
        read.map_err(|error| {
            Error::new(Cause::Unreadable, &self.operation).detail(&error.to_string())
        })
    }
}

/// The client, and what of the server is asked for once.
#[derive(Debug)]
pub(crate) struct Reads {
    pub(crate) client: Client,
    user: OnceCell<wire::User>,
}

impl Reads {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            user: OnceCell::new(),
        }
    }

    /// Our own user: name, zone and companies. Every user may read that of himself.
    pub(crate) async fn user(&self) -> Result<&wire::User> {
        self.user.get_or_try_init(|| self.read_user()).await
    }

    async fn read_user(&self) -> Result<wire::User> {
        let uid = self.client.session().await?.uid;
        let fields = ["login", "name", "lang", "tz", "company_id", "company_ids"];
        let kwargs = json!({"load": null});
        let args = json!([[uid], fields]);
        let answer = self.client.call("res.users", "read", args, kwargs).await?;
        let user = answer.read::<Vec<wire::User>>()?.pop();
        user.ok_or_else(|| Error::new(Cause::NotFound, "res.users.read").with("id", uid))
    }

    /// The company whose data is meant: the one that was chosen, or the user's own. Without a
    /// company in the context Odoo answers for all of the user's companies at once.
    pub(crate) async fn company(&self) -> Result<i64> {
        match self.client.config.company {
            Some(company) => Ok(company),
            None => Ok(self.user().await?.company_id),
        }
    }

    /// Reads records of the company.
    pub(crate) async fn search(&self, search: Search<'_>) -> Result<Found> {
        let company = self.company().await?;
        self.search_in(search, &[company]).await
    }

    /// Reads records of these companies.
    pub(crate) async fn search_in(&self, search: Search<'_>, companies: &[i64]) -> Result<Found> {
        let mut kwargs = Map::new();
        kwargs.insert("order".to_owned(), json!(search.order));
        if let Some(limit) = search.limit {
            kwargs.insert("limit".to_owned(), json!(limit));
        }
        if !search.names {
            kwargs.insert("load".to_owned(), Value::Null);
        }
        kwargs.insert("context".to_owned(), context(companies, self.user().await?));
        let args = json!([search.domain, search.fields]);
        let answer = self
            .client
            .call(search.model, "search_read", args, Value::Object(kwargs))
            .await?;
        let operation = format!("{}.search_read", search.model);
        let rows = answer.read::<Vec<Box<RawValue>>>()?;
        let rows = rows.into_iter().map(|raw| row(&operation, raw));
        Ok(Found {
            rows: rows.collect::<Result<_>>()?,
            server_time: answer.server_time,
            operation,
        })
    }

    /// How many records of the company a domain finds.
    pub(crate) async fn count(&self, model: &str, domain: &Value) -> Result<u64> {
        let kwargs = json!({"context": context(&[self.company().await?], self.user().await?)});
        let args = json!([domain]);
        let answer = self
            .client
            .call(model, "search_count", args, kwargs)
            .await?;
        answer.read()
    }

    /// Which of these columns the server's model has: versions differ, and unknown names are
    /// left out of the answer instead of failing it.
    pub(crate) async fn fields(&self, model: &str, names: &[&str]) -> Result<HashSet<String>> {
        let answer = self.field_attributes(model, names, &["type"]).await?;
        Ok(answer.into_keys().collect())
    }

    /// Attributes of columns; unknown columns and attributes are absent.
    pub(crate) async fn field_attributes(
        &self,
        model: &str,
        names: &[&str],
        attributes: &[&str],
    ) -> Result<HashMap<String, Value>> {
        let args = json!([names, attributes]);
        let answer = self
            .client
            .call(model, "fields_get", args, json!({}))
            .await?;
        answer.read()
    }

    /// Whether the user may do something (`read`, `write`, `create`) with records of a model.
    /// `check_access_rights` is the only question of its kind that 17, 18 and 19 all answer; it
    /// is deprecated, so that a version without it is asked by `has_access`.
    pub(crate) async fn may(&self, model: &str, operation: &str) -> Result<bool> {
        let kwargs = json!({"raise_exception": false});
        let args = json!([operation]);
        let asked = self
            .client
            .call(model, CHECK_RIGHTS, args, kwargs)
            .await
            .and_then(|answer| answer.read());
        match asked {
            // `016-v18-unknown-method`: the message names the method that is not there.
            Err(error) if error.kind() == Kind::Refused && error.detail.contains(CHECK_RIGHTS) => {
                let args = json!([[], operation]);
                let answer = self
                    .client
                    .call(model, "has_access", args, json!({}))
                    .await?;
                answer.read()
            }
            outcome => outcome,
        }
    }
}

const CHECK_RIGHTS: &str = "check_access_rights";

/// Names are read in the user's own language: without one Odoo answers in English.
fn context(companies: &[i64], user: &wire::User) -> Value {
    let mut context = json!({"active_test": false, "allowed_company_ids": companies});
    if let Some(language) = &user.lang {
        context["lang"] = json!(language);
    }
    context
}

/// Every record that Odoo sends has an id; without it a page has no end to go on from.
fn row(operation: &str, raw: Box<RawValue>) -> Result<Row> {
    #[derive(Deserialize)]
    struct Head {
        id: i64,
    }
    let head: Head = serde_json::from_str(raw.get())
        .map_err(|error| Error::new(Cause::Unreadable, operation).detail(&error.to_string()))?;
    Ok(Row { id: head.id, raw })
}
