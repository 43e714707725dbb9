//! Odoo 17, 18 and 19 (and 16, read only): connection test, variants, stock, pictures, sales and
//! API keys, through whichever of its four doors is open.
//!
//! What leaves this folder are domain records and contract errors; the vendor's words stay in
//! `wire.rs` and `sales/rows.rs`. Keeps no data, repeats no call and never repeats a failed login.

mod check;
mod client;
mod config;
mod cookie;
mod door;
mod entry;
mod facts;
mod failure;
#[cfg(feature = "fake")]
mod fake;
mod file;
mod json2;
mod keys;
mod map;
mod pictures;
mod place;
mod reads;
mod sales;
mod stock;
mod variants;
mod wire;
mod xmlrpc;

use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::{Account, CheckReport, Erp, Keys, Pictures, Sales, Source, Wire};
use tandem_domain::{StockLevel, Variant, VariantKey};

#[cfg(feature = "fake")]
pub use crate::fake::fake;

use crate::client::Client;
use crate::config::Config;
use crate::keys::KeyDesk;
use crate::pictures::Shelf;
use crate::reads::Reads;
use crate::sales::Desk;
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
        pictures: Shelf::new(Arc::clone(&reads)),
        keys: KeyDesk::new(Arc::clone(&reads)),
        sales: Desk::new(Arc::clone(&reads)),
        reads,
    })
}

#[derive(Debug)]
struct Odoo {
    reads: Arc<Reads>,
    variants: Variants,
    stock: Stock,
    pictures: Shelf,
    keys: KeyDesk,
    sales: Desk,
}

/// Answered well at the same time: more than four requests only wait for each other (77 a second
/// with two, 105 with four, 118 with eight that each wait twice as long).
const READERS_MAX: usize = 4;

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

    fn pictures(&self) -> Option<&dyn Pictures<VariantKey>> {
        Some(&self.pictures)
    }

    fn sales(&self) -> Option<&dyn Sales> {
        Some(&self.sales)
    }

    fn keys(&self) -> Option<&dyn Keys> {
        Some(&self.keys)
    }

    fn readers_max(&self) -> usize {
        READERS_MAX
    }
}
