//! Odoo 17, 18 and 19: connection test, variants and stock, over its JSON-RPC endpoint.
//!
//! Reads only. What leaves this folder are domain records and contract errors; the vendor's
//! words stay in `wire.rs`. Keeps no data, repeats no call and never repeats a failed login.

mod check;
mod client;
mod config;
mod failure;
#[cfg(feature = "fake")]
mod fake;
mod map;
mod place;
mod reads;
mod stock;
mod variants;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::{Account, CheckReport, Erp, Source, Wire};
use tandem_domain::{StockLevel, Variant, VariantKey};

#[cfg(feature = "fake")]
pub use crate::fake::fake;

use crate::client::Client;
use crate::config::Config;
use crate::reads::Reads;
use crate::stock::Stock;
use crate::variants::Variants;

/// What a connection of this kind is called everywhere.
pub const KIND: &str = "odoo";

/// One Odoo database, company and set of warehouses.
///
/// Nothing is sent before the first call. A login that was refused is remembered for as long as
/// the value lives, and every later call fails with the same error without asking again.
pub fn erp(account: Account, wire: Wire) -> Box<dyn Erp> {
    let reads = Arc::new(Reads::new(Client::new(Config::from(account), wire)));
    Box::new(Odoo {
        variants: Variants::new(Arc::clone(&reads)),
        stock: Stock::new(Arc::clone(&reads)),
        reads,
    })
}

#[derive(Debug)]
struct Odoo {
    reads: Arc<Reads>,
    variants: Variants,
    stock: Stock,
}

#[async_trait]
impl Erp for Odoo {
    async fn check(&self) -> CheckReport {
        check::check(&self.reads).await
    }

    fn variants(&self) -> Option<&dyn Source<Variant>> {
        Some(&self.variants)
    }

    fn stock(&self) -> Option<&dyn Source<StockLevel<VariantKey>>> {
        Some(&self.stock)
    }
}
