//! `WooCommerce` as a storefront over REST v3: its connection test, its listings, orders, refunds
//! and pictures.
//!
//! Writes nothing but a mark on orders that were imported and on their customers, and customers'
//! addresses. Knows no store, no engine and no window; the stand-in behind the feature `fake` is
//! the one part that knows the sandbox.

mod answer;
mod check;
mod client;
mod config;
mod consent;
mod customers;
#[cfg(feature = "fake")]
pub mod fake;
mod listings;
mod map;
mod oauth;
mod orders;
mod pictures;
mod place;
mod refunds;
mod roles;
mod row;
mod stamps;
mod text;
mod way;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::{
    Account, CheckReport, Customers, Pictures, Source, Stamps, Storefront, Wire,
};
use tandem_domain::{Listing, ListingKey, Order, Refund};

use client::Client;
pub use config::normalise_url;
pub use consent::{Consent, consent_answer, consent_offered, consent_url};
use customers::Buyers;
#[cfg(feature = "fake")]
pub use fake::{Hosting, fake, fake_on};
use listings::Listings;
use orders::Orders;
use pictures::ProductPictures;
use refunds::Refunds;
use stamps::OrderStamps;

/// How connections of this kind are named.
pub const KIND: &str = "woocommerce";

/// A shop that runs `WooCommerce`.
///
/// `account.login` is a WordPress user name, and the secret one of its application passwords;
/// or a consumer key (`ck_…`) with its consumer secret. `account.way` is the way in that the last
/// connection test found; without it the first question finds one. Does nothing until it is asked.
pub fn storefront(account: Account, wire: Wire) -> Box<dyn Storefront> {
    let client = Arc::new(Client::new(account, wire));
    Box::new(WooCommerce {
        listings: Listings::new(Arc::clone(&client)),
        orders: Orders::new(Arc::clone(&client)),
        refunds: Refunds::new(Arc::clone(&client)),
        stamps: OrderStamps::new(Arc::clone(&client)),
        customers: Buyers::new(Arc::clone(&client)),
        pictures: ProductPictures::new(Arc::clone(&client)),
        client,
    })
}

struct WooCommerce {
    client: Arc<Client>,
    listings: Listings,
    orders: Orders,
    refunds: Refunds,
    stamps: OrderStamps,
    customers: Buyers,
    pictures: ProductPictures,
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

    fn refunds(&self) -> Option<&dyn Source<Refund>> {
        Some(&self.refunds)
    }

    fn stamps(&self) -> Option<&dyn Stamps> {
        Some(&self.stamps)
    }

    fn customers(&self) -> Option<&dyn Customers> {
        Some(&self.customers)
    }

    fn pictures(&self) -> Option<&dyn Pictures<ListingKey>> {
        Some(&self.pictures)
    }

    /// Measured on 11.0.1: two readers get 204 rows a second, one 143, and four 140 again.
    fn readers_max(&self) -> usize {
        2
    }
}
