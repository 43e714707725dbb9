//! Variants by value: columns, prices, attributes, changes, and rows that make no sense.

use serde_json::json;
use tandem_contract::suite::read_all;
use tandem_contract::{Account, Query};
use tandem_domain::{Attribute, Variant, VariantKind};
use tandem_sandbox::World;

use crate::common::{
    Canned, HEX_KEY, KEY, POLO_M, Patched, TEE, at, connect, here, of_version, only, router, to,
    variant, world,
};

async fn read(account: Account, world: World, query: &Query) -> Vec<Variant> {
    let odoo = connect(account, to(world));
    let source = odoo.variants().expect("a source");
    let (variants, rejected) = read_all(source, query).await.expect("pages");
    assert_eq!(rejected, 0);
    variants
}

fn by_id(variants: &[Variant], id: i64) -> &Variant {
    variants
        .iter()
        .find(|variant| variant.key.0 == id)
        .expect("it is there")
}

#[tokio::test]
async fn what_odoo_says_is_what_is_read() {
    for version in ["17.0", "18.0", "19.0"] {
        let mut world = world();
        world.erp.version = version.to_owned();
        let variants = read(here(KEY), world, &Query::all()).await;
        let tee = by_id(&variants, TEE);
        assert_eq!(tee.name, "Tee Small");
        assert_eq!(
            tee.sku.as_ref().map(tandem_domain::Sku::as_str),
            Some("TEE-S")
        );
        assert_eq!(tee.barcode.as_deref(), Some("111222333"));
        assert_eq!(tee.kind, VariantKind::Storable, "{version}");
        assert_eq!(
            tee.modified_at,
            Some(at("2026-11-21T00:21:37Z")),
            "to the second"
        );
        let price = tee.price.expect("a price");
        assert_eq!(
            (price.amount.to_string(), price.currency.code()),
            ("21".to_owned(), "USD")
        );
        let delivery = by_id(&variants, 1);
        assert_eq!(
            (delivery.kind, &delivery.barcode),
            (VariantKind::Service, &None)
        );
        let old = by_id(&variants, 100_030);
        assert!(!old.active && !old.sale_ok, "archived ones are known");
        assert_eq!(old.kind, VariantKind::Consumable, "{version}");
        assert_eq!(old.unit.as_deref(), Some("Dozens"));
        assert_eq!(old.price.expect("a price").amount.to_string(), "0.125");
    }
}

#[tokio::test]
async fn siblings_share_a_template_and_differ_by_their_values() {
    let variants = read(here(KEY), world(), &Query::all()).await;
    let polo = by_id(&variants, POLO_M);
    assert_eq!(polo.template.0, 100_018);
    assert_eq!(polo.sku, None);
    let size = Attribute {
        name: "Size L".to_owned(),
        value: "M".to_owned(),
    };
    assert_eq!(polo.attributes, [size]);
    assert!(by_id(&variants, TEE).attributes.is_empty());
}

#[tokio::test]
async fn prices_are_in_the_currency_of_the_chosen_company() {
    let chosen = Account {
        company: Some(2),
        ..here(KEY)
    };
    let variants = read(chosen, world(), &Query::all()).await;
    let price = by_id(&variants, TEE).price.expect("a price");
    assert_eq!(price.currency.code(), "KWD");
}

#[tokio::test]
async fn only_lean_columns_are_asked_of_the_variants() {
    let transport = Patched::new(world(), Vec::new());
    let odoo = connect(here(KEY), transport.clone());
    let source = odoo.variants().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!((page.total, page.items.len()), (Some(10), 10));
    assert_eq!(
        page.server_time,
        Some(at("2026-11-21T02:00:00Z")),
        "from the Date header"
    );
    let sent = transport.last_arguments("product.product.search_read");
    assert_eq!(sent[0][0], json!([["id", ">", 0]]));
    let kwargs = &sent[1];
    assert_eq!(kwargs["load"], json!(null));
    assert_eq!(kwargs["order"], json!("id"));
    assert_eq!(kwargs["limit"], json!(1000));
    // In the user's language: without it, names come in the database's own.
    let context = json!({"active_test": false, "allowed_company_ids": [1], "lang": "en_US"});
    assert_eq!(kwargs["context"], context);
    let columns = sent[0][1].to_string();
    assert!(
        !columns.contains("list_price"),
        "prices come from templates: {columns}"
    );
    for (call, times) in [
        ("product.template.search_read", 1),
        ("product.template.attribute.value.search_read", 1),
        ("uom.uom.search_read", 1),
        ("common.authenticate", 1),
    ] {
        assert_eq!(transport.count(call), times, "{call}");
    }
    source.page(&Query::all(), None).await.expect("a page");
    assert_eq!(
        transport.count("uom.uom.search_read"),
        1,
        "units are known by now"
    );
    assert_eq!(transport.count("product.product.fields_get"), 1);
}

#[tokio::test]
async fn changes_are_found_within_the_second_asked_for() {
    // The tee changed at 00:21:37.9.
    for (since, found) in [
        ("2026-11-21T00:21:37Z", vec![TEE, 100_018, POLO_M, 100_020]),
        (
            "2026-11-21T00:21:37.95Z",
            vec![TEE, 100_018, POLO_M, 100_020],
        ),
        ("2026-11-21T00:21:38Z", vec![100_018, POLO_M, 100_020]),
        ("2026-11-21T00:40:01Z", vec![]),
    ] {
        let changed = read(here(KEY), world(), &Query::since(at(since))).await;
        let ids: Vec<i64> = changed.iter().map(|variant| variant.key.0).collect();
        assert_eq!(ids, found, "{since}");
    }
}

/// A catalogue of several pages, most of which was changed by one import.
fn large() -> World {
    let mut world = world();
    for place in 0..2_600_i64 {
        let modified = match place {
            0..200 => format!("2026-11-21T01:00:00.{place:03}Z"),
            200..2_400 => "2026-11-21T01:00:05.123456Z".to_owned(),
            _ => format!("2026-11-21T01:00:07.{place}Z"),
        };
        let id = 200_000 + (place * 7) % 2_600;
        let mut made = variant(&format!("Item {place}"), &format!("IT-{place}"), &modified);
        made.template = id;
        world.erp.variants.insert(id, made);
    }
    world
}

#[tokio::test]
async fn many_pages_and_one_import_lose_nothing() {
    let all = read(here(KEY), large(), &Query::all()).await;
    assert_eq!(all.len(), 2_610);
    let since = Query::since(at("2026-11-21T01:00:00Z"));
    let mut changed: Vec<i64> = read(here(KEY), large(), &since)
        .await
        .iter()
        .map(|variant| variant.key.0)
        .collect();
    assert_eq!(changed.len(), 2_600, "each once");
    changed.sort_unstable();
    changed.dedup();
    assert_eq!(changed.len(), 2_600);
}

#[tokio::test]
async fn a_page_can_be_read_again_by_another_connection() {
    let first = connect(here(KEY), to(large()));
    let source = first.variants().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    let cursor = page.next.expect("there is more");
    let other = connect(here(KEY), to(large()));
    let other = other.variants().expect("a source");
    let mut pages = Vec::new();
    for source in [source, other, other] {
        let page = source
            .page(&Query::all(), Some(&cursor))
            .await
            .expect("a page");
        assert_eq!(page.total, None, "counted once");
        pages.push(
            page.items
                .iter()
                .map(|item| item.record.key)
                .collect::<Vec<_>>(),
        );
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]));
}

#[tokio::test]
async fn a_bad_row_does_not_sink_its_page() {
    let rows = json!({"jsonrpc": "2.0", "id": 1, "result": [
        {"id": 2, "product_tmpl_id": 2, "name": "Mug Blue", "default_code": "MUG-B",
         "barcode": false, "active": true, "write_date": "2026-11-21 00:06:51"},
        {"id": 3, "product_tmpl_id": 3, "name": "Tee", "default_code": false,
         "barcode": false, "active": "maybe", "write_date": "2026-11-21 00:06:51"},
        {"id": 4, "product_tmpl_id": 77, "name": "Ghost", "default_code": false,
         "barcode": false, "active": true, "write_date": "2026-11-21 00:06:51"},
    ]});
    let transport = Patched::new(
        world(),
        vec![("product.product.search_read", Canned::json(&rows))],
    );
    let odoo = connect(here(KEY), transport);
    let source = odoo.variants().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    let shown: Vec<(&str, &str)> = page
        .rejected
        .iter()
        .map(|row| (row.external_id.as_str(), row.reason.as_str()))
        .collect();
    assert_eq!(
        shown[1],
        ("4", "product_tmpl_id: template 77 is not readable")
    );
    assert!(
        shown[0].0 == "3" && shown[0].1.contains("maybe"),
        "{shown:?}"
    );
    assert!(page.rejected[0].raw.contains("maybe"), "kept as received");
}

#[tokio::test]
async fn names_come_in_the_users_own_language() {
    for (language, unit) in [
        (json!("fr_FR"), "Douzaines"),
        (json!("ar_001"), "دزينات"),
        (json!(false), "Dozens"),
    ] {
        let user = json!({"jsonrpc": "2.0", "id": 1, "result": [{"id": 8, "name": "Connector",
            "login": "connector", "lang": language, "tz": false, "company_id": 1, "company_ids": [1]}]});
        let transport = Patched::new(world(), vec![("res.users.read", Canned::json(&user))]);
        let odoo = connect(here(KEY), transport);
        let source = odoo.variants().expect("a source");
        let (variants, _) = read_all(source, &Query::all()).await.expect("pages");
        assert_eq!(by_id(&variants, 100_030).unit.as_deref(), Some(unit));
    }
}

#[tokio::test]
async fn a_cursor_that_cannot_be_read_begins_anew() {
    let odoo = connect(here(KEY), to(world()));
    let cursor = tandem_contract::Cursor("p:3:2001".to_owned());
    let variants = odoo.variants().expect("a source");
    let page = variants.page(&Query::all(), Some(&cursor)).await;
    assert_eq!(page.expect("a page").items.len(), 10);
    let stock = odoo.stock().expect("a source");
    let page = stock.page(&Query::all(), Some(&cursor)).await;
    assert!(!page.expect("a page").items.is_empty());
}

#[tokio::test]
async fn strange_texts_arrive_as_they_are_through_every_spelling() {
    let long = "م".repeat(10_000);
    let strange = [
        ("A/B\\C", "Slashes"),
        ("7\" \"quoted\" <&> 'x'", "Quotes & <b>tags</b>"),
        ("قبعة-٧", "قبعة حمراء"),
        ("🎈-1", "Balloon 🎈 \u{200f}"),
        ("000123", " leading zeros "),
        ("X-LONG", long.as_str()),
    ];
    for (version, login) in [("18.0", KEY), ("19.0", HEX_KEY)] {
        for open in [&["/"][..], &["/xmlrpc"]] {
            let mut world = of_version(version);
            for (id, (sku, name)) in (200_000..).zip(strange) {
                let mut odd = variant(name, sku, "2026-11-21T00:00:00Z");
                odd.template = id;
                world.erp.variants.insert(id, odd);
            }
            let transport = Patched::over(only(router(world), open), Vec::new());
            let odoo = connect(here(login), transport);
            let source = odoo.variants().expect("a source");
            let (variants, rejected) = read_all(source, &Query::all()).await.expect("pages");
            assert_eq!(rejected, 0);
            for (id, (sku, name)) in (200_000..).zip(strange) {
                let read = by_id(&variants, id);
                assert_eq!(read.name, name);
                assert_eq!(read.sku.as_ref().map(tandem_domain::Sku::as_str), Some(sku));
            }
        }
    }
}
