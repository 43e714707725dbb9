//! Records to save, each as small as its type allows.

use std::path::Path;

use serde_json::json;
use tandem_domain::{
    Address, ConnectionKind, Currency, Customer, Evidence, Listing, ListingKey, ListingKind,
    ListingStatus, ListingStock, Method, Money, Order, OrderKey, OrderLine, Payment, Sku, Slug,
    StatusCode, StockLevel, TemplateKey, Timestamp, UnitPrice, Variant, VariantKey, VariantKind,
    WarehouseKey,
};
use tandem_store::{
    EngineLock, Matched, Opened, PageSaved, PageToSave, Proposal, Remarks, SavedConnection, Store,
    StoreError, Stream, SweepScope, Verdict,
};

/// Opens a profile as its engine.
pub(crate) fn open(folder: &Path) -> Result<Opened, StoreError> {
    Store::open(folder, &EngineLock::acquire(folder)?)
}

/// The instant `seconds` after the tests' beginning of time.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

pub(crate) fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

pub(crate) fn key(text: &str) -> ListingKey {
    ListingKey::new(text)
}

pub(crate) fn euro() -> Currency {
    "EUR".parse().unwrap()
}

pub(crate) fn odoo() -> Slug {
    slug("odoo")
}

pub(crate) fn shop() -> Slug {
    slug("shop")
}

pub(crate) fn connection(name: &str, kind: &str) -> SavedConnection {
    SavedConnection {
        slug: slug(name),
        name: name.to_uppercase(),
        kind: ConnectionKind::new(kind),
        url: format!("https://{name}.example"),
        settings: json!({ "login": "admin", "warehouses": [1] }),
        bound_odoo: None,
        facts: None,
        check: None,
        created_at: at(0),
    }
}

/// Puts an Odoo and a store that belongs to it into a database.
pub(crate) fn connect(store: &Store) {
    store.save_connection(&connection("odoo", "odoo")).unwrap();
    let bound = SavedConnection {
        bound_odoo: Some(odoo()),
        ..connection("shop", "woocommerce")
    };
    store.save_connection(&bound).unwrap();
}

/// A database in memory with an Odoo and a store that belongs to it.
pub(crate) fn connected() -> Store {
    let store = Store::in_memory().unwrap();
    connect(&store);
    store
}

pub(crate) fn listing(id: &str, name: &str) -> Listing {
    Listing {
        key: key(id),
        parent: None,
        kind: ListingKind::Simple,
        name: name.to_owned(),
        sku: Sku::parse(&format!("SKU-{id}")),
        barcode: None,
        attributes: Vec::new(),
        status: ListingStatus::Published,
        price: Some(UnitPrice {
            amount: "9.750".parse().unwrap(),
            currency: euro(),
        }),
        stock: ListingStock::Own("3.5".parse().unwrap()),
        image_url: None,
        page_url: Some(format!("https://shop.example/{id}")),
        modified_at: Some(at(5)),
    }
}

pub(crate) fn variant(id: i64, name: &str) -> Variant {
    Variant {
        key: VariantKey(id),
        template: TemplateKey(id * 10),
        name: name.to_owned(),
        sku: Sku::parse(&format!("SKU-{id}")),
        barcode: None,
        attributes: Vec::new(),
        kind: VariantKind::Storable,
        active: true,
        sale_ok: true,
        price: None,
        unit: Some("Units".to_owned()),
        modified_at: None,
    }
}

pub(crate) fn level(variant: i64, on_hand: &str) -> StockLevel<VariantKey> {
    StockLevel {
        key: VariantKey(variant),
        warehouse: WarehouseKey(1),
        on_hand: on_hand.parse().unwrap(),
        reserved: "1".parse().unwrap(),
    }
}

/// An order of one piece of each listing, placed `seconds` after the beginning of time.
pub(crate) fn order(id: &str, status: &str, seconds: i64, listings: &[&str]) -> Order<ListingKey> {
    let zero = Money::zero(euro());
    let lines = listings.iter().map(|listing| OrderLine {
        id: format!("{id}-{listing}"),
        product: Some(key(listing)),
        name: format!("Product {listing}"),
        sku: Sku::parse(&format!("SKU-{listing}")),
        quantity: 1.into(),
        subtotal: 2.into(),
        total: 2.into(),
        taxes: Vec::new(),
    });
    Order {
        key: OrderKey::new(id),
        number: format!("10{id}"),
        status: StatusCode::new(status),
        placed_at: at(seconds),
        modified_at: at(seconds),
        currency: euro(),
        prices_include_tax: false,
        customer: Customer {
            name: format!("Customer {id}"),
            email: Some(format!("buyer{id}@example.com")),
            ..Customer::default()
        },
        billing: Address::default(),
        shipping: Address::default(),
        lines: lines.collect(),
        charges: Vec::new(),
        tax_lines: Vec::new(),
        coupons: Vec::new(),
        discount_total: zero,
        total_tax: zero,
        total: Money::parse("2", euro()).unwrap(),
        refunded: zero,
        payment: Payment::default(),
        customer_note: None,
        admin_url: None,
        stamp: None,
    }
}

/// Pairs each record with a text it might have been made from.
pub(crate) fn received<T>(records: Vec<T>) -> Vec<(T, String)> {
    records
        .into_iter()
        .map(|record| (record, r#"{"raw":true}"#.to_owned()))
        .collect()
}

pub(crate) fn page<T>(sweep: i64, items: &[(T, String)]) -> PageToSave<'_, T> {
    PageToSave {
        sweep,
        items,
        rejected: &[],
        next: None,
        total: None,
        server_time: None,
        now: at(1),
    }
}

/// A whole fetch of listings in one page.
pub(crate) fn fetch_listings(store: &Store, listings: Vec<Listing>) -> PageSaved {
    let sweep = store
        .begin_sweep(&shop(), Stream::Listings, SweepScope::WHOLE, at(1))
        .unwrap();
    let items = received(listings);
    let saved = store
        .save_listings_page(&shop(), &page(sweep.id, &items))
        .unwrap();
    store
        .finish_sweep(&shop(), Stream::Listings, &sweep, at(2))
        .unwrap();
    saved
}

/// A whole fetch of variants in one page.
pub(crate) fn fetch_variants(store: &Store, variants: Vec<Variant>) {
    let sweep = store
        .begin_sweep(&odoo(), Stream::Variants, SweepScope::WHOLE, at(1))
        .unwrap();
    let items = received(variants);
    store
        .save_variants_page(&odoo(), &page(sweep.id, &items))
        .unwrap();
    store
        .finish_sweep(&odoo(), Stream::Variants, &sweep, at(2))
        .unwrap();
}

/// A fetch of orders in one page.
pub(crate) fn fetch_orders(store: &Store, orders: Vec<Order<ListingKey>>) -> PageSaved {
    let sweep = store
        .begin_sweep(&shop(), Stream::Orders, SweepScope::WHOLE, at(1))
        .unwrap();
    let items = received(orders);
    let saved = store
        .save_orders_page(&shop(), &page(sweep.id, &items))
        .unwrap();
    store
        .finish_sweep(&shop(), Stream::Orders, &sweep, at(2))
        .unwrap();
    saved
}

pub(crate) fn proposal(variant: i64, score_bp: u16, evidence: Vec<Evidence>) -> Proposal {
    Proposal {
        variant: VariantKey(variant),
        score_bp,
        method: Method::Sku,
        evidence,
        matched_bp: None,
    }
}

pub(crate) fn matched(listing: &str, verdict: Verdict, candidates: Vec<Proposal>) -> Matched {
    Matched {
        listing: key(listing),
        verdict,
        candidates,
        reasons: Vec::new(),
        remarks: Remarks::default(),
        held: None,
    }
}
