//! Our mark on an order: one field of its meta data, which says where the order went.

use std::sync::Arc;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Result, Stamps};
use tandem_domain::{OrderKey, Stamp, Timestamp};

use crate::answer::Answer;
use crate::client::Client;
use crate::row::Row;

/// The field. The underscore keeps it out of the box of custom fields in the back office; other
/// importers have fields of their own (`_odoo_order_id` and the like), which are theirs.
pub(crate) const KEY: &str = "_tandem";

/// Marks on the shop's orders.
#[derive(Debug)]
pub(crate) struct OrderStamps {
    client: Arc<Client>,
}

impl OrderStamps {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

/// What is wanted of the answer: an order has up to 400 KB of other meta data.
fn slim() -> [(&'static str, String); 2] {
    [
        ("_fields", "id,date_modified_gmt,meta_data".to_owned()),
        ("include_meta", KEY.to_owned()),
    ]
}

#[async_trait]
impl Stamps for OrderStamps {
    /// Nothing but meta data is sent: any status, even the one that the order has, could set off
    /// what plugins do at a change. The same key again replaces the value.
    async fn stamp(&self, order: &OrderKey, stamp: &Stamp) -> Result<Timestamp> {
        let path = format!("orders/{order}");
        let body = json!({"meta_data": [{"key": KEY, "value": stamp}]});
        let answer = self.client.put(&path, &slim(), &body).await?;
        let row = row_of(&answer, "PUT", &path)?;
        // A redirect turns a PUT into a read, and shops ignore what they do not know: only the
        // answer proves that the mark is there.
        if stamp_in(&row).as_ref() != Some(stamp) {
            return Err(Error::new(Cause::Unreadable, format!("PUT {path}")).with("field", KEY));
        }
        row.instant("date_modified_gmt").map_err(|bad| {
            Error::new(Cause::Unreadable, format!("PUT {path}")).detail(&bad.to_string())
        })
    }

    async fn stamped(&self, order: &OrderKey) -> Result<Option<Stamp>> {
        let path = format!("orders/{order}");
        let answer = self.client.get(&path, &slim()).await?;
        Ok(stamp_in(&row_of(&answer, "GET", &path)?))
    }
}

fn row_of(answer: &Answer, method: &str, path: &str) -> Result<Row> {
    Row::parse(&answer.json).map_err(|bad| {
        Error::new(Cause::Unreadable, format!("{method} {path}")).detail(&bad.to_string())
    })
}

/// Our mark among the meta data of an order. What cannot be read is no mark: a reference in Odoo tells the same, and is looked for before anything is made.
pub(crate) fn stamp_in(row: &Row) -> Option<Stamp> {
    ours_in(row, KEY)
}

/// The value of our field among the meta data of a record; the last one, should there be several.
pub(crate) fn ours_in<T: DeserializeOwned>(row: &Row, key: &str) -> Option<T> {
    let fields = row.get("meta_data").as_array()?;
    let ours = fields.iter().rfind(|field| field["key"] == key)?;
    match &ours["value"] {
        // Some shops give objects back as the text that they keep.
        Value::String(text) => serde_json::from_str(text).ok(),
        value => serde_json::from_value(value.clone()).ok(),
    }
}
