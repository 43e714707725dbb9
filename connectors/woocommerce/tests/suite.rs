//! The connector suite against the stand-in, what it reads by value, and how it fails.

mod common;

#[path = "suite/check.rs"]
mod check;
#[path = "suite/consent.rs"]
mod consent;
#[path = "suite/customers.rs"]
mod customers;
#[path = "suite/faults.rs"]
mod faults;
#[path = "suite/listings.rs"]
mod listings;
#[path = "suite/orders.rs"]
mod orders;
#[path = "suite/paging.rs"]
mod paging;
#[path = "suite/pictures.rs"]
mod pictures;
#[path = "suite/refunds.rs"]
mod refunds;
#[path = "suite/stamps.rs"]
mod stamps;
#[path = "suite/ways.rs"]
mod ways;

use common::{PASSWORD, at, clock, connect, in_process, network, world};
use tandem_connector_woocommerce::fake;
use tandem_contract::suite;
use tandem_sandbox::seed::{self, Plan};
use tandem_sandbox::{SharedWorld, serve};

#[tokio::test]
async fn the_suite_holds_in_process_and_over_loopback() {
    let seen = suite::storefront(in_process(world(), PASSWORD).as_ref()).await;
    let seen = seen.expect("every promise holds");
    assert_eq!((seen.products, seen.orders, seen.rejected), (5, 1, 0));
    let served = serve(fake(SharedWorld::new(world())), None)
        .await
        .expect("a free port");
    let shop = connect(&served.url(), PASSWORD, network(), clock());
    assert_eq!(
        suite::storefront(shop.as_ref()).await,
        Ok(seen),
        "the network changes nothing"
    );
}

#[tokio::test]
async fn the_demo_shop_is_read_whole() {
    let now = at("2026-11-21T01:00:00Z");
    let demo = seed::world(&Plan::demo(now), clock());
    let here = |id: &u64| !demo.shop.listings[id].trashed;
    let listings = demo.shop.listings.keys().filter(|id| here(id)).count();
    let orders = demo.shop.orders.len();
    let shop = in_process(demo, (seed::SHOP_LOGIN, seed::SHOP_SECRET));
    let seen = suite::storefront(shop.as_ref())
        .await
        .expect("every promise holds");
    assert_eq!(
        (seen.products, seen.orders, seen.rejected),
        (listings, orders, 0)
    );
}
