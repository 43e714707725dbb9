//! Listings: by value, by page, by change, in new shops and old ones.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use tandem_connector_woocommerce::{Hosting, fake, fake_on, storefront};
use tandem_contract::http::InProcess;
use tandem_contract::{Cursor, Query, Wire, suite};
use tandem_domain::{Listing, ListingKind, ListingStatus, ListingStock};
use tandem_sandbox::{SharedWorld, ShopKind, ShopListing, World};

use crate::common::{
    MUG, PASSWORD, SHIRT, SHIRT_BLUE, SHIRT_RED, Watched, account, at, clock, connect, decimal,
    in_process, large, listing, listings_of, order, orders_of, world,
};

#[tokio::test]
async fn listings_are_read_by_value() {
    let shop = in_process(world(), PASSWORD);
    let all = listings_of(shop.as_ref(), &Query::all()).await;
    let keys: Vec<&str> = all.iter().map(|listing| listing.key.as_str()).collect();
    assert_eq!(
        keys,
        ["3101", "3145", "3200", "3101/3117", "3101/3124"],
        "by id, drafts too, variations after products, nothing from the trash"
    );
    let find = |key: &str| all.iter().find(|one| one.key.as_str() == key).expect(key);
    let mug = find(&MUG.to_string());
    assert_eq!(mug.name, "Tom & Jerry \"5€\" mug", "decoded");
    assert_eq!(
        mug.price.map(|price| price.amount),
        Some(decimal("9.99")),
        "the sale price"
    );
    assert_eq!(mug.stock, ListingStock::Own(decimal("12")));
    assert_eq!(mug.barcode.as_deref(), Some("8001234567890"));
    let shirt = find(&SHIRT.to_string());
    assert_eq!((shirt.kind, shirt.price), (ListingKind::Parent, None));
    assert_eq!(find("3200").status, ListingStatus::Hidden);
    let red = find(&format!("{SHIRT}/{SHIRT_RED}"));
    assert_eq!(red.name, "Fixture shirt", "the parent's");
    assert_eq!(red.attributes[1].value, "Red & white");
    assert_eq!(red.price.map(|price| price.amount), Some(decimal("24.90")));
    let blue = find(&format!("{SHIRT}/{SHIRT_BLUE}"));
    assert_eq!(
        blue.stock,
        ListingStock::OnParent,
        "whatever quantity it shows"
    );
}

#[tokio::test]
async fn a_variation_without_a_sku_has_not_that_of_its_parent() {
    let mut bare = world();
    let blue = bare.shop.listings.get_mut(&SHIRT_BLUE).expect("the blue");
    blue.sku.clear();
    let hosting = |older| Hosting {
        older,
        ..Hosting::default()
    };
    let since = Query::since(at("2026-11-01T00:00:00Z"));
    let bare = SharedWorld::new(bare);
    for (older, query) in [
        (false, Query::all()),
        (true, Query::all()),
        (false, since.clone()),
        (true, since),
    ] {
        let router = InProcess::new(fake_on(bare.clone(), hosting(older)));
        let shop = connect("https://shop.example", PASSWORD, router, clock());
        let all = listings_of(shop.as_ref(), &query).await;
        let sku = |key: &str| {
            let found = all.iter().find(|one| one.key.as_str() == key);
            let sku = found.expect("it is read").sku.clone();
            sku.map(|sku| sku.as_str().to_owned())
        };
        assert_eq!(sku("3101").as_deref(), Some("FX-SHIRT"));
        assert_eq!(sku("3101/3117").as_deref(), Some("FX-SHIRT-M-R"));
        assert_eq!(sku("3101/3124"), None, "older: {older}");
    }

    // Resumed among the variations, the parent is looked up with its SKU, in one request.
    let transport = Watched::new(InProcess::new(fake(bare)));
    let shop = connect("https://shop.example", PASSWORD, transport.clone(), clock());
    let source = shop.listings().expect("a source");
    let resumed = Cursor("v:1:3:2".to_owned());
    let page = source.page(&Query::all(), Some(&resumed)).await;
    let items = page.expect("a page").items;
    let bare = items.iter().filter(|item| item.record.sku.is_none());
    assert_eq!((items.len(), bare.count()), (2, 1));
    let sent = transport.take();
    let asks = |path: &str| {
        let paths = sent.iter().map(|request| request.url.path());
        paths.filter(|asked| asked.ends_with(path)).count()
    };
    assert_eq!((asks("/v3/variations"), asks("/v3/products")), (1, 1));
}

#[tokio::test]
async fn an_older_shop_is_read_family_by_family() {
    let older = Hosting {
        older: true,
        ..Hosting::default()
    };
    let newer = in_process(large(), PASSWORD);
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(fake_on(SharedWorld::new(large()), older)),
        clock(),
    );
    let mut expected = listings_of(newer.as_ref(), &Query::all()).await;
    let mut read = listings_of(shop.as_ref(), &Query::all()).await;
    expected.sort_by(|a, b| a.key.cmp(&b.key));
    read.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(read, expected, "the same listings by the other way");
    suite::storefront(shop.as_ref())
        .await
        .expect("every promise holds there too");
}

#[tokio::test]
async fn changes_are_found_in_utc_whatever_the_zone_of_the_shop() {
    for utc_offset_s in [-5 * 3_600, 0, 3 * 3_600] {
        let mut changed = world();
        changed.shop.utc_offset_s = utc_offset_s;
        for (id, listing) in &mut changed.shop.listings {
            let recent = [MUG, SHIRT_RED].contains(id);
            listing.modified = at(if recent {
                "2026-11-21T00:30:00Z"
            } else {
                "2026-11-20T00:00:00Z"
            });
        }
        changed.shop.orders.insert(1, order("2026-11-20T23:00:00Z"));
        changed.shop.orders.insert(2, order("2026-11-21T00:30:00Z"));
        let shop = in_process(changed, PASSWORD);
        let since = Query::since(at("2026-11-21T00:30:00Z"));
        let keys: Vec<String> = listings_of(shop.as_ref(), &since)
            .await
            .into_iter()
            .map(|listing| listing.key.to_string())
            .collect();
        assert_eq!(keys, ["3145", "3101/3117"], "offset {utc_offset_s}");
        assert_eq!(
            orders_of(shop.as_ref(), &since).await,
            ["2"],
            "offset {utc_offset_s}"
        );
    }
}

#[tokio::test]
async fn an_orphan_is_rejected_by_name_and_not_lost() {
    let mut orphaned = world();
    let orphan = ShopListing {
        attributes: Vec::new(),
        ..listing(ShopKind::VariationOf(SHIRT), "", "ORPHAN", Some("1"))
    };
    orphaned.shop.listings.insert(9_000, orphan);
    let router = fake(SharedWorld::new(orphaned));
    // The one way in which such a row shows: the parent is not among the products.
    let hide = Router::new()
        .route(
            "/wp-json/wc/v3/products",
            get(async || ([(header::CONTENT_TYPE, "application/json")], "[]")),
        )
        .fallback_service(router);
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(hide),
        clock(),
    );
    let source = shop.listings().expect("a source");
    let page = source
        .page(&Query::all(), Some(&Cursor("v:1:-:-".to_owned())))
        .await
        .expect("a page");
    assert!(page.items.is_empty());
    assert_eq!(page.rejected.len(), 3);
    assert_eq!(page.rejected[0].external_id, "3101/3117");
    assert_eq!(
        page.rejected[0].reason,
        "parent_id: `3101` is not among the shop's products"
    );
}

#[tokio::test]
async fn bad_rows_are_rejected_by_field_and_the_page_goes_on() {
    let rows = r#"[{"id":1,"name":"Good","type":"simple","price":"1","status":"publish"},
        {"id":2,"price":"abc"}, {"name":"no id"}, {"id":4,"date_modified_gmt":"0000-00-00T00:00:00"}, 5]"#;
    let router = Router::new()
        .route(
            "/wp-json/wc/v3/products",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], rows)),
        )
        .fallback_service(fake(SharedWorld::new(world())));
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(router),
        clock(),
    );
    let source = shop.listings().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    assert_eq!(page.items.len(), 1);
    assert!(
        page.items[0].raw.starts_with(r#"{"id":1,"name":"Good""#),
        "as received"
    );
    let reasons: Vec<(&str, &str)> = page
        .rejected
        .iter()
        .map(|one| (one.external_id.as_str(), one.reason.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("2", "price: `abc` is not a decimal number"),
            ("", "id: `nothing` is not an id"),
            (
                "4",
                "date_modified_gmt: `0000-00-00T00:00:00` is not a date"
            ),
            ("", "row: `5` is not an object"),
        ]
    );
}

/// So many products, of which every fifth has 4 variations.
fn with_families(products: u64) -> World {
    let mut world = world();
    world.shop.listings.clear();
    for number in 0..products {
        let id = 100_000 + number * 10;
        let sku = format!("P-{number}");
        if number % 5 != 0 {
            let simple = listing(ShopKind::Simple, "Bulk", &sku, Some("5"));
            world.shop.listings.insert(id, simple);
            continue;
        }
        let parent = listing(ShopKind::Variable, "Family", &sku, None);
        world.shop.listings.insert(id, parent);
        for member in 1..=4 {
            let sku = format!("V-{number}-{member}");
            let member_of = listing(ShopKind::VariationOf(id), "", &sku, Some("5"));
            world.shop.listings.insert(id + member, member_of);
        }
    }
    world
}

#[tokio::test]
async fn a_first_fetch_and_an_empty_question_for_changes_cost_few_requests() {
    let transport = Watched::new(InProcess::new(fake(SharedWorld::new(with_families(
        10_000,
    )))));
    let wire = Wire {
        transport: Arc::new(transport.clone()),
        clock: clock(),
    };
    let kept = || {
        account(
            "https://shop.example",
            PASSWORD,
            Some("application_password"),
        )
    };
    let shop = storefront(kept(), wire.clone());
    let all = listings_of(shop.as_ref(), &Query::all()).await;
    assert_eq!(all.len(), 18_000);
    let first = transport.take().len();
    assert_eq!(
        first, 182,
        "one count, one for the currency, 100 and 80 pages"
    );

    // Another program, which knows nothing but the way in.
    let shop = storefront(kept(), wire);
    let since = Query::since(at("2026-11-21T00:59:00Z"));
    assert!(listings_of(shop.as_ref(), &since).await.is_empty());
    assert!(orders_of(shop.as_ref(), &since).await.is_empty());
    let refunds = shop.refunds().expect("a source");
    let (refunds, _) = suite::read_all(refunds, &since).await.expect("readable");
    assert!(refunds.is_empty());
    let empty = transport.take().len();
    assert_eq!(
        empty, 5,
        "two counts of listings, the currency, orders, refunds"
    );
}

#[tokio::test]
async fn a_renamed_parent_renames_its_variations_with_few_requests() {
    let world = SharedWorld::new(with_families(500));
    let transport = Watched::new(InProcess::new(fake(world.clone())));
    let shop = connect("https://shop.example", PASSWORD, transport.clone(), clock());
    {
        let mut world = world.lock();
        let now = at("2026-11-21T00:59:30Z");
        let parents = world.shop.listings.values_mut();
        let parents = parents.filter(|one| one.kind == ShopKind::Variable);
        for parent in parents.take(50) {
            "Renamed & hidden".clone_into(&mut parent.name);
            "draft".clone_into(&mut parent.status);
            parent.modified = now;
        }
    }
    let since = Query::since(at("2026-11-21T00:59:00Z"));
    let read = listings_of(shop.as_ref(), &since).await;
    assert_eq!(read.len(), 250, "parents and their variations");
    let right = |listing: &&Listing| {
        listing.status == ListingStatus::Hidden && listing.name.starts_with("Renamed")
    };
    assert_eq!(read.iter().filter(right).count(), 250);
    assert_eq!(
        transport.take().len(),
        5,
        "200 variations by their ids, 100 a call"
    );

    let older = Hosting {
        older: true,
        ..Hosting::default()
    };
    let router = fake_on(world, older);
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(router),
        clock(),
    );
    let families = listings_of(shop.as_ref(), &since).await;
    assert_eq!(
        families.iter().filter(right).count(),
        250,
        "by the other way"
    );
}

#[tokio::test]
async fn rows_that_plugins_spoil_are_read_or_named() {
    let name = "م".repeat(10_000);
    let rows = format!(
        r#"[{{"id":"7","name":"{name}","type":"simple","sku":null,"price":5,"status":"publish",
        "manage_stock":"yes","stock_quantity":"12"}},
        {{"id":7,"name":"again","type":"simple","sku":"00/7 \"x\" 🙂","price":"1e3","status":"publish"}},
        {{"id":8,"name":"<b>&lt;S&gt;</b>","type":"simple","sku":"  ","price":"","date_modified_gmt":null}},
        {{"id":9,"date_modified_gmt":"0001-01-01T00:00:00"}}]"#
    );
    let router = Router::new()
        .route(
            "/wp-json/wc/v3/products",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], rows)),
        )
        .fallback_service(fake(SharedWorld::new(world())));
    let shop = connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(router),
        clock(),
    );
    let source = shop.listings().expect("a source");
    let page = source.page(&Query::all(), None).await.expect("a page");
    let read: Vec<(&str, Option<&str>)> = page
        .items
        .iter()
        .map(|item| {
            let record = &item.record;
            (
                record.key.as_str(),
                record.sku.as_ref().map(tandem_domain::Sku::as_str),
            )
        })
        .collect();
    assert_eq!(read, [("7", None), ("8", None)]);
    assert_eq!(page.items[0].record.name.chars().count(), 10_000);
    assert_eq!(page.items[0].record.stock, ListingStock::Own(decimal("12")));
    assert_eq!(page.items[1].record.name, "<S>");
    let named: Vec<(&str, &str)> = page
        .rejected
        .iter()
        .map(|one| (one.external_id.as_str(), one.reason.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            ("7", "price: `1e3` is not a decimal number"),
            (
                "9",
                "date_modified_gmt: `0001-01-01T00:00:00` is not a date"
            ),
        ]
    );
}

/// A shop whose only families are of a plugin's type, and that asked for its own knows of none.
fn with_subscriptions(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        let query = request.uri().query().unwrap_or_default();
        let own_families = query.contains("type=variable");
        let answer = next.run(request).await;
        let (mut head, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body");
        let body = String::from_utf8_lossy(&body);
        let body = if own_families {
            "[]".to_owned()
        } else {
            body.replace("\"variable\"", "\"variable-subscription\"")
        };
        head.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(head, Body::from(body))
    }))
}

#[tokio::test]
async fn an_older_shop_gives_the_families_of_plugins_too() {
    let older = Hosting {
        older: true,
        ..Hosting::default()
    };
    let router = with_subscriptions(fake_on(SharedWorld::new(world()), older));
    let transport = InProcess::new(router);
    let shop = connect("https://shop.example", PASSWORD, transport, clock());
    let all = listings_of(shop.as_ref(), &Query::all()).await;
    let keys: Vec<&str> = all.iter().map(|listing| listing.key.as_str()).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    let expected = ["3101", "3101/3117", "3101/3124", "3145", "3200"];
    assert_eq!(sorted, expected, "each once");
}
