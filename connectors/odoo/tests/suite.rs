//! The connector suite against the stand-in, what it reads by value, and how it fails.

#[expect(dead_code, reason = "each test binary needs a part of it")]
mod common;

#[path = "suite/check.rs"]
mod check;
#[path = "suite/diagnoses.rs"]
mod diagnoses;
#[path = "suite/faults.rs"]
mod faults;
#[path = "suite/keys.rs"]
mod keys;
#[path = "suite/notices.rs"]
mod notices;
#[path = "suite/pictures.rs"]
mod pictures;
#[path = "suite/sales.rs"]
mod sales;
#[path = "suite/shipping.rs"]
mod shipping;
#[path = "suite/steps.rs"]
mod steps;
#[path = "suite/stock.rs"]
mod stock;
#[path = "suite/variants.rs"]
mod variants;
#[path = "suite/ways.rs"]
mod ways;

use std::sync::Arc;

use common::{KEY, PASSWORD, account, at, clock, connect, here, router, to, world};
use tandem_contract::http::Network;
use tandem_contract::{Account, suite};
use tandem_sandbox::seed::{self, Plan};
use tandem_sandbox::serve;

/// The network of the product.
fn network() -> Arc<Network> {
    Arc::new(Network::new("0.1.0").expect("a TLS library"))
}

#[tokio::test]
async fn the_suite_holds_in_process_and_over_loopback() {
    let seen = suite::erp(connect(here(KEY), to(world())).as_ref()).await;
    let seen = seen.expect("every promise holds");
    // Ten variants; five of them counted in the two warehouses of the user's company.
    assert_eq!(
        (seen.products, seen.stock_levels, seen.rejected),
        (10, 5, 0)
    );
    let served = serve(router(world()), None).await.expect("a free port");
    let odoo = connect(account(&served.url(), PASSWORD), network());
    assert_eq!(
        suite::erp(odoo.as_ref()).await,
        Ok(seen),
        "the network changes nothing"
    );
}

#[tokio::test]
async fn the_demo_database_is_read_whole() {
    let demo = seed::world(&Plan::demo(at("2026-11-21T01:00:00Z")), clock());
    let variants = demo.erp.variants.len();
    let account = Account {
        database: Some(seed::ERP_DATABASE.to_owned()),
        ..here((seed::ERP_LOGIN, seed::ERP_API_KEY))
    };
    let seen = suite::erp(connect(account, to(demo)).as_ref()).await;
    let seen = seen.expect("every promise holds");
    assert_eq!((seen.products, seen.rejected), (variants, 0));
    assert!(seen.stock_levels > 0);
}
