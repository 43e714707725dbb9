//! Registered customers: where they live, and our mark on them.
//!
//! Written one at a time. `customers/batch` asks for the right to promote users, which a shop
//! manager does not have, and does not check what it is sent; a single `PUT` does, and answers
//! with the customer as they then are. A shop manager may write plain customers only.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use tandem_contract::{Cause, Customers, Error, Result};
use tandem_domain::{CustomerChange, CustomerKey, Place, Province, StoreCustomer};

use crate::client::{Client, PER_PAGE};
use crate::row::{Bad, Row};
use crate::stamps;

/// Our field of a customer. Unlike an order's it has no underscore before it: such fields are
/// protected, and the shop neither takes nor shows them here (seen on WooCommerce 11).
const MARK: &str = "tandem";
const FIELDS: &str = "id,billing,shipping,meta_data";

/// The shop's registered customers.
#[derive(Debug)]
pub(crate) struct Buyers {
    client: Arc<Client>,
}

impl Buyers {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Customers for Buyers {
    /// Without `role=all` the shop lists plain customers only.
    async fn look(&self, customers: &[CustomerKey]) -> Result<Vec<Option<StoreCustomer>>> {
        let mut found = HashMap::new();
        for some in customers.chunks(PER_PAGE) {
            let ids: Vec<&str> = some.iter().map(CustomerKey::as_str).collect();
            let params = [
                ("include", ids.join(",")),
                ("role", "all".to_owned()),
                ("per_page", PER_PAGE.to_string()),
                ("_fields", FIELDS.to_owned()),
            ];
            let (_, rows) = self.client.list("customers", &params).await?;
            for row in rows {
                let customer = Row::parse(row.get()).and_then(|row| read(&row));
                let customer = customer.map_err(|bad| unreadable("GET customers", &bad))?;
                found.insert(customer.key.clone(), customer);
            }
        }
        Ok(customers.iter().map(|key| found.remove(key)).collect())
    }

    async fn provinces(&self, country: &str) -> Result<Vec<Province>> {
        let path = format!("data/countries/{country}");
        let answer = match self.client.get(&path, &[]).await {
            // A country that this shop does not know has no list either.
            Err(error) if error.cause == Cause::NotFound => return Ok(Vec::new()),
            answer => answer?,
        };
        let states = Row::parse(&answer.json).and_then(|row| row.rows("states"));
        let read = states.and_then(|rows| rows.iter().map(province).collect());
        read.map_err(|bad| unreadable(&format!("GET {path}"), &bad))
    }

    async fn put(&self, change: &CustomerChange) -> Result<StoreCustomer> {
        let path = format!("customers/{}", change.key);
        let fields = [("_fields", FIELDS.to_owned())];
        let answer = self.client.put(&path, &fields, &body(change)).await?;
        let customer = Row::parse(&answer.json).and_then(|row| read(&row));
        customer.map_err(|bad| unreadable(&format!("PUT {path}"), &bad))
    }
}

fn unreadable(operation: &str, bad: &Bad) -> Error {
    Error::new(Cause::Unreadable, operation).detail(&bad.to_string())
}

/// Nothing but what is to change: an e-mail or a password in it would mail the customer.
fn body(change: &CustomerChange) -> Value {
    let places = [("billing", &change.billing), ("shipping", &change.shipping)];
    let places = places.into_iter().filter_map(|(name, place)| {
        let place = place.as_ref()?;
        Some((name.to_owned(), sent(place)))
    });
    let mark = change.mark.as_ref().map(|mark| {
        let field = json!([{"key": MARK, "value": mark}]);
        ("meta_data".to_owned(), field)
    });
    Value::Object(places.chain(mark).collect::<Map<_, _>>())
}

/// An empty text takes away what was there. A third line of a street goes behind the second.
fn sent(place: &Place) -> Value {
    let first = place.street.first().map_or("", String::as_str);
    let rest = place.street.get(1..).unwrap_or_default().join(", ");
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    json!({
        "address_1": first,
        "address_2": rest,
        "city": text(&place.city),
        "state": text(&place.state),
        "postcode": text(&place.postcode),
        "country": text(&place.country),
    })
}

pub(crate) fn read(row: &Row) -> std::result::Result<StoreCustomer, Bad> {
    Ok(StoreCustomer {
        key: CustomerKey::new(row.id("id")?.to_string()),
        billing: place(&row.row("billing")?)?,
        shipping: place(&row.row("shipping")?)?,
        mark: stamps::ours_in(row, MARK),
        // Fields are shown to administrators alone (seen on WooCommerce 11).
        mark_shown: row.get("meta_data").is_array(),
    })
}

fn place(row: &Row) -> std::result::Result<Place, Bad> {
    let text = |field: &str| {
        let text = row.text(field)?;
        let text = text.trim();
        Ok::<_, Bad>((!text.is_empty()).then(|| text.to_owned()))
    };
    let street = [text("address_1")?, text("address_2")?];
    Ok(Place {
        street: street.into_iter().flatten().collect(),
        postcode: text("postcode")?,
        city: text("city")?,
        state: text("state")?,
        country: text("country")?,
    })
}

fn province(row: &Row) -> std::result::Result<Province, Bad> {
    Ok(Province {
        code: row.text("code")?,
        name: row.text("name")?,
    })
}
