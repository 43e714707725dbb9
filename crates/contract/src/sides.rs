//! The two sides: a shop and Odoo, each by what it can do.

use std::sync::Arc;

use async_trait::async_trait;
use tandem_domain::{
    Clock, Listing, ListingKey, Order, Secret, StockLevel, Variant, VariantKey, WarehouseKey,
};
use url::Url;

use crate::http::Transport;
use crate::{CheckReport, Cursor, Page, Query, Result};

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
}
