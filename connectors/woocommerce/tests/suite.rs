//! The connector suite against the stand-in, what it reads by value, and how it fails.

mod common;

#[path = "suite/check.rs"]
mod check;
#[path = "suite/faults.rs"]
mod faults;
#[path = "suite/listings.rs"]
mod listings;
#[path = "suite/orders.rs"]
mod orders;

use common::{PASSWORD, clock, connect, in_process, network, world};
use tandem_connector_woocommerce::fake;
use tandem_contract::suite;
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
