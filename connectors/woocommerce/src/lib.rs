//! `WooCommerce` as a storefront: its connection test, its listings and its orders, over REST v3.
//!
//! Reads only. Knows no store, no engine and no window; the stand-in behind the feature `fake`
//! is the one part that knows the sandbox.

mod answer;
mod check;
mod client;
mod config;
#[cfg(feature = "fake")]
pub mod fake;
mod listings;
mod map;
mod oauth;
mod orders;
mod row;
mod text;
mod way;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::{Account, CheckReport, Source, Storefront, Wire};
use tandem_domain::{Listing, ListingKey, Order};

use client::Client;
pub use config::normalise_url;
#[cfg(feature = "fake")]
pub use fake::{Hosting, fake, fake_on};
use listings::Listings;
use orders::Orders;

/// How connections of this kind are named.
pub const KIND: &str = "woocommerce";

/// A shop that runs `WooCommerce`.
///
/// `account.login` is a WordPress user name, and the secret one of its application passwords;
/// or a consumer key (`ck_…`) with its consumer secret, which `WooCommerce` accepts over HTTPS
/// only. Does nothing until it is asked.
pub fn storefront(account: Account, wire: Wire) -> Box<dyn Storefront> {
    let client = Arc::new(Client::new(account, wire));
    Box::new(WooCommerce {
        listings: Listings::new(Arc::clone(&client)),
        orders: Orders::new(Arc::clone(&client)),
        client,
    })
}

struct WooCommerce {
    client: Arc<Client>,
    listings: Listings,
    orders: Orders,
}

#[async_trait]
impl Storefront for WooCommerce {
    async fn check(&self) -> CheckReport {
        check::check(&self.client).await
    }

    fn listings(&self) -> Option<&dyn Source<Listing>> {
        Some(&self.listings)
    }

    fn orders(&self) -> Option<&dyn Source<Order<ListingKey>>> {
        Some(&self.orders)
    }
}
