//! Stock by value: shelves, warehouses, changes, and sums that no page may split.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::json;
use tandem_contract::suite::read_all;
use tandem_contract::{Account, Cause, Query};
use tandem_domain::{StockLevel, VariantKey, WarehouseKey};
use tandem_sandbox::{Levels, World};

use crate::common::{
    Canned, KEY, POLO_M, Patched, TEE, at, connect, decimal, here, to, variant, world,
};

type Level = StockLevel<VariantKey>;

async fn read(account: Account, world: World, query: &Query) -> Vec<Level> {
    let odoo = connect(account, to(world));
    let source = odoo.stock().expect("a source");
    let (levels, rejected) = read_all(source, query).await.expect("pages");
    assert_eq!(rejected, 0);
    levels
}

fn chosen(warehouses: &[i64]) -> Account {
    Account {
        warehouses: warehouses.iter().copied().map(WarehouseKey).collect(),
        ..here(KEY)
    }
}

fn shown(levels: &[Level]) -> Vec<(i64, i64, String, String)> {
    let mut shown: Vec<_> = levels
        .iter()
        .map(|level| {
            let (on_hand, reserved) = (level.on_hand.to_string(), level.reserved.to_string());
            (level.warehouse.0, level.key.0, on_hand, reserved)
        })
        .collect();
    shown.sort();
    shown
}

fn level(
    warehouse: i64,
    variant: i64,
    on_hand: &str,
    reserved: &str,
) -> (i64, i64, String, String) {
    (warehouse, variant, on_hand.to_owned(), reserved.to_owned())
}

#[tokio::test]
async fn the_warehouses_of_the_company_are_read_and_no_others() {
    let levels = read(here(KEY), world(), &Query::all()).await;
    let company = [
        level(1, 2, "-3", "0"),
        // On two shelves, and mirrored in the location that it was counted from.
        level(1, TEE, "55", "9"),
        level(1, 4, "17", "0"),
        level(1, POLO_M, "0", "1"),
        level(2, TEE, "2.5", "0"),
    ];
    assert_eq!(shown(&levels), company);
    let tee = levels
        .iter()
        .find(|level| level.key.0 == TEE)
        .expect("it is there");
    assert_eq!(tee.free(), decimal("46"));
    let branch = Account {
        company: Some(2),
        ..here(KEY)
    };
    let levels = read(branch, world(), &Query::all()).await;
    assert_eq!(shown(&levels), [level(3, TEE, "7", "1")]);
}

#[tokio::test]
async fn chosen_warehouses_alone_count() {
    let levels = read(chosen(&[2]), world(), &Query::all()).await;
    assert_eq!(shown(&levels), [level(2, TEE, "2.5", "0")]);
}

#[tokio::test]
async fn a_warehouse_that_is_gone_is_an_error_and_not_nothing() {
    let odoo = connect(chosen(&[1, 9]), to(world()));
    let source = odoo.stock().expect("a source");
    let error = source
        .page(&Query::all(), None)
        .await
        .expect_err("one is missing");
    assert_eq!(error.cause, Cause::NotFound);
    assert!(
        error.context.contains(&("id".to_owned(), "9".to_owned())),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_change_on_one_shelf_brings_the_whole_sum() {
    let since = Query::since(at("2026-11-21T01:30:00Z"));
    let levels = read(here(KEY), world(), &since).await;
    assert_eq!(
        shown(&levels),
        [level(2, TEE, "2.5", "0")],
        "only what changed"
    );
    let earlier = Query::since(at("2026-11-21T00:45:24.9Z"));
    let levels = read(here(KEY), world(), &earlier).await;
    assert_eq!(
        levels.len(),
        5,
        "the second of 00:45:24.5 is asked for again"
    );
    assert!(
        shown(&levels).contains(&level(1, TEE, "55", "9")),
        "both shelves"
    );
}

/// So many products in stock that the two shelves of one are pages apart.
fn large() -> World {
    let mut world = world();
    for place in 0..2_500_i64 {
        let id = 300_000 + place;
        let mut made = variant(&format!("Item {place}"), "", "2026-11-21T01:00:00Z");
        made.template = id;
        let level = Levels {
            on_hand: Decimal::from(place % 40),
            reserved: Decimal::from(place % 3),
            modified: Some(at("2026-11-21T01:00:00Z")),
        };
        made.levels = BTreeMap::from([
            (1, level),
            (
                2,
                Levels {
                    on_hand: Decimal::ONE,
                    ..level
                },
            ),
        ]);
        world.erp.variants.insert(id, made);
    }
    world
}

#[tokio::test]
async fn sums_are_whole_across_pages() {
    let expected = large();
    let levels = read(here(KEY), large(), &Query::all()).await;
    assert_eq!(levels.len(), 2 * 2_500 + 5, "each product once a warehouse");
    for level in &levels {
        let truth = expected.erp.variants[&level.key.0].levels[&level.warehouse.0];
        assert_eq!(
            (level.on_hand, level.reserved),
            (truth.on_hand, truth.reserved),
            "{level:?}"
        );
    }
}

#[tokio::test]
async fn what_is_not_internal_is_left_out_even_below_the_stock_location() {
    let transport = Patched::new(world(), Vec::new());
    let odoo = connect(chosen(&[1]), transport.clone());
    let source = odoo.stock().expect("a source");
    source.page(&Query::all(), None).await.expect("a page");
    let domain = transport.last_arguments("stock.quant.search_read")[0][0].clone();
    assert_eq!(domain[0], json!(["location_id", "child_of", 8]));
    assert_eq!(domain[1], json!(["location_id.usage", "=", "internal"]));
}

#[tokio::test]
async fn a_quant_that_makes_no_sense_rejects_its_product_only() {
    let rows = json!({"jsonrpc": "2.0", "id": 1, "result": [
        {"id": 1, "product_id": 3, "quantity": 1.5, "reserved_quantity": 0.0,
         "write_date": "2026-11-21 00:45:24"},
        {"id": 2, "product_id": 4, "quantity": "?", "reserved_quantity": 0.0,
         "write_date": "2026-11-21 00:45:24"},
    ]});
    let transport = Patched::new(
        world(),
        vec![("stock.quant.search_read", Canned::json(&rows))],
    );
    let odoo = connect(chosen(&[1]), transport);
    let source = odoo.stock().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].record.on_hand, decimal("1.5"));
    assert!(
        page.items[0].raw.contains(r#""quantity":1.5"#),
        "{}",
        page.items[0].raw
    );
    let rejected = &page.rejected[0];
    assert_eq!(rejected.external_id, "4");
    assert!(
        rejected.reason.starts_with("stock.quant 2: "),
        "{}",
        rejected.reason
    );
}
