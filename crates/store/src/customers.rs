//! A store's customers: by which order Odoo knows them, and what both sides last agreed on.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, params};
use tandem_domain::{CustomerKey, ListingKey, Order, OrderKey, Place, SaleKey, Slug, Timestamp};

use crate::convert::{ReadColumn, micros, to_json};
use crate::db::Store;
use crate::error::Result;

/// What a store wants told about its customers. All of it is off until somebody asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CustomerWays {
    /// Addresses that were changed in Odoo.
    pub address: bool,
    /// Who the customer is in Odoo, as a mark.
    pub mark: bool,
}

/// A registered customer whom Odoo knows, by their newest order there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedCustomer {
    /// The store's id.
    pub key: CustomerKey,
    /// Their name on that order.
    pub name: String,
    /// The order.
    pub order: OrderKey,
    /// What people call it.
    pub number: String,
    /// Where its bill went, when it went in.
    pub billing: Place,
    /// Where its goods went.
    pub shipping: Place,
    /// The same in Odoo.
    pub sale: SaleKey,
}

/// What store and Odoo last agreed on, as the store spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreedCustomer {
    /// Whose.
    pub key: CustomerKey,
    /// The order by which they were known.
    pub order: OrderKey,
    /// Bill to.
    pub billing: Place,
    /// Ship to.
    pub shipping: Place,
}

impl Store {
    /// What a store wants told.
    pub fn customer_ways(&self, store: &Slug) -> Result<CustomerWays> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT address, mark FROM customer_ways WHERE store = ?1")?;
            let ways = statement.query_row([store.as_str()], |row| {
                Ok(CustomerWays {
                    address: row.get("address")?,
                    mark: row.get("mark")?,
                })
            });
            Ok(ways.optional()?.unwrap_or_default())
        })
    }

    /// Saves what a store wants told.
    pub fn save_customer_ways(&self, store: &Slug, ways: CustomerWays) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO customer_ways (store, address, mark) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![store.as_str(), ways.address, ways.mark])?;
            Ok(())
        })
    }

    /// The registered customers of a store with an order in Odoo, newest order first.
    pub fn linked_customers(&self, store: &Slug) -> Result<Vec<LinkedCustomer>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT json_extract(o.record, '$.customer.external_id') AS customer, i.sale,
                    coalesce(i.record, o.record) AS record
                 FROM orders o JOIN imports i ON i.store = o.connection AND i.order_key = o.key
                 WHERE o.connection = ?1 AND o.gone_at IS NULL
                    AND i.sale IS NOT NULL AND i.stage NOT IN ('gone', 'sent')
                    AND customer IS NOT NULL
                 ORDER BY o.placed_at DESC, o.id DESC",
            )?;
            let mut rows = statement.query([store.as_str()])?;
            let (mut seen, mut linked) = (HashSet::new(), Vec::new());
            while let Some(row) = rows.next()? {
                let customer: String = row.get("customer")?;
                if seen.insert(customer.clone()) {
                    let order: Order<ListingKey> = row.json("record")?;
                    linked.push(LinkedCustomer {
                        key: CustomerKey::new(customer),
                        name: order.customer.name,
                        order: order.key,
                        number: order.number,
                        billing: Place::from(&order.billing),
                        shipping: Place::from(&order.shipping),
                        sale: SaleKey(row.get("sale")?),
                    });
                }
            }
            Ok(linked)
        })
    }

    /// What was agreed on about a store's customers.
    pub fn agreed_customers(&self, store: &Slug) -> Result<HashMap<CustomerKey, AgreedCustomer>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM customers_agreed WHERE store = ?1")?;
            let rows = statement.query_map([store.as_str()], |row| {
                let key = CustomerKey::new(row.get::<_, String>("customer")?);
                let agreed = AgreedCustomer {
                    key: key.clone(),
                    order: OrderKey::new(row.get::<_, String>("order_key")?),
                    billing: row.json("billing")?,
                    shipping: row.json("shipping")?,
                };
                Ok((key, agreed))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps what was agreed on, over what was agreed on before.
    pub fn save_agreed_customer(
        &self,
        store: &Slug,
        agreed: &AgreedCustomer,
        now: Timestamp,
    ) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO customers_agreed
                    (store, customer, order_key, billing, shipping, agreed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                store.as_str(),
                agreed.key.as_str(),
                agreed.order.as_str(),
                to_json("billing address", &agreed.billing)?,
                to_json("shipping address", &agreed.shipping)?,
                micros(now),
            ])?;
            Ok(())
        })
    }
}
