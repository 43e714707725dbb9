//! The two sides: a shop and Odoo, each by what it can do.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tandem_domain::{
    Clock, CustomerChange, CustomerKey, Listing, ListingKey, Order, OrderKey, Province, Refund,
    Secret, Stamp, StockLevel, StoreCustomer, Timestamp, Variant, VariantKey, WarehouseKey,
};
use url::Url;

use crate::http::Transport;
use crate::{CheckReport, Cursor, Page, Query, Result, Sales, Way};

/// What a connection is made of. The secret comes from the keychain for as long as a call needs it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The address as the manager gave it.
    pub url: Url,
    /// User name, login or consumer key.
    pub login: String,
    /// Password, application password, API key or consumer secret.
    pub secret: Secret,
    /// Odoo's database; `None` lets the connector find the only one.
    pub database: Option<String>,
    /// Odoo's company; `None` means the user's own.
    pub company: Option<i64>,
    /// Warehouses whose stock counts; empty means all of the company.
    pub warehouses: Vec<WarehouseKey>,
    /// How the last test got in; `None` lets the connector find out.
    pub way: Option<Way>,
    /// When the key ends, where the server said so when it made it; `None` when it is not known.
    pub key_ends: Option<Timestamp>,
}

/// What a connector is handed from outside: the network and the clock.
#[derive(Debug, Clone)]
pub struct Wire {
    /// All HTTP goes through it.
    pub transport: Arc<dyn Transport>,
    /// The machine's clock.
    pub clock: Arc<dyn Clock>,
}

/// Records of one kind, page by page.
#[async_trait]
pub trait Source<T: Send>: Send + Sync {
    /// The page after a cursor, or the first. Asking twice with one cursor is harmless.
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<T>>;

    /// The cursor that will follow a page, where it can be told before that page is there: then
    /// the next one may be asked for at the same time. A guess that turns out wrong costs a
    /// request and nothing else.
    fn ahead(&self, _query: &Query, _after: &Cursor) -> Option<Cursor> {
        None
    }
}

/// A product's picture, small enough for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg`, `image/png`, `image/webp`, …
    pub media_type: String,
    /// The file.
    pub bytes: Bytes,
}

/// Pictures, one at a time and only when somebody looks.
#[async_trait]
pub trait Pictures<K: Send + Sync>: Send + Sync {
    /// The picture of a record; `None` when it has none.
    async fn picture(&self, of: &K) -> Result<Option<Picture>>;
}

/// A key that the server just made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The key; the server shows it once.
    pub secret: Secret,
    /// When it ends, where the server says so.
    pub expires: Option<Timestamp>,
}

/// Keys that the server makes on request, so that no password has to be kept.
#[async_trait]
pub trait Keys: Send + Sync {
    /// Makes a key for the account's user, with what the account holds: a password always does,
    /// a key only where the server allows it ([`crate::Cause::PasswordNeeded`] otherwise). The key
    /// that was used stays good until it ends by itself.
    async fn make(&self, name: &str) -> Result<NewKey>;
}

/// Marks on the store's orders that say where they went. Setting one again replaces it.
#[async_trait]
pub trait Stamps: Send + Sync {
    /// Sets the mark. Mails nobody and changes no status. Returns when the store then says that
    /// the order changed last, by which our own echo is known in the next read.
    async fn stamp(&self, order: &OrderKey, stamp: &Stamp) -> Result<Timestamp>;

    /// The mark of an order, read fresh.
    async fn stamped(&self, order: &OrderKey) -> Result<Option<Stamp>>;
}

/// The store's registered customers: their addresses, and our mark on them.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Customers as the store has them now, whatever their role, in the order asked; `None` where
    /// one was deleted.
    async fn look(&self, customers: &[CustomerKey]) -> Result<Vec<Option<StoreCustomer>>>;

    /// The states of a country, as the store spells them; none where it has no list.
    async fn provinces(&self, country: &str) -> Result<Vec<Province>>;

    /// Writes what a change names, and nothing else of the customer. Doing it again has the same
    /// effect; mails nobody. Returns the customer as the store then says that they are.
    async fn put(&self, change: &CustomerChange) -> Result<StoreCustomer>;
}

/// A shop. What it lacks is `None`, so capability and code cannot disagree.
#[async_trait]
pub trait Storefront: Send + Sync {
    /// The connection test. Never writes; never repeats a failed login.
    async fn check(&self) -> CheckReport;

    /// What it sells, variations and parents included.
    fn listings(&self) -> Option<&dyn Source<Listing>> {
        None
    }

    /// Its orders.
    fn orders(&self) -> Option<&dyn Source<Order<ListingKey>>> {
        None
    }

    /// What was paid back, of all orders, where the shop lists it apart from them.
    fn refunds(&self) -> Option<&dyn Source<Refund>> {
        None
    }

    /// Marks on its orders.
    fn stamps(&self) -> Option<&dyn Stamps> {
        None
    }

    /// Its registered customers.
    fn customers(&self) -> Option<&dyn Customers> {
        None
    }

    /// Pictures of what it sells.
    fn pictures(&self) -> Option<&dyn Pictures<ListingKey>> {
        None
    }

    /// Requests that it answers well at the same time.
    fn readers_max(&self) -> usize {
        1
    }
}

/// Odoo, the mirror of a shop.
#[async_trait]
pub trait Erp: Send + Sync {
    /// The connection test. Never writes; never repeats a failed login.
    async fn check(&self) -> CheckReport;

    /// What it sells.
    fn variants(&self) -> Option<&dyn Source<Variant>> {
        None
    }

    /// What lies in its warehouses.
    fn stock(&self) -> Option<&dyn Source<StockLevel<VariantKey>>> {
        None
    }

    /// Pictures of what it sells.
    fn pictures(&self) -> Option<&dyn Pictures<VariantKey>> {
        None
    }

    /// Orders, customers and credit notes.
    fn sales(&self) -> Option<&dyn Sales> {
        None
    }

    /// Keys that it makes for us.
    fn keys(&self) -> Option<&dyn Keys> {
        None
    }

    /// Requests that it answers well at the same time.
    fn readers_max(&self) -> usize {
        1
    }
}
