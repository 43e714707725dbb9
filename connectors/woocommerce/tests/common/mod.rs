//! A small shop, built by hand, and ways to reach it.

#![expect(unreachable_pub, reason = "several test binaries share this module")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use rust_decimal::Decimal;
use tandem_connector_woocommerce::{Hosting, fake, fake_on, normalise_url, storefront};
use tandem_contract::http::{
    Fingerprint, InProcess, Network, Request, Response, Transport, TransportError,
};
use tandem_contract::suite::read_all;
use tandem_contract::{Account, Cause, Query, StepName, StepOutcome, Storefront, Way, Wire};
use tandem_domain::{Address, Clock, Customer, Listing, ManualClock, Secret, Timestamp};
use tandem_sandbox::{
    ErpSales, ErpWorld, Fault, Faults, Rule, SharedWorld, ShopAccount, ShopAttribute, ShopCharge,
    ShopKind, ShopLine, ShopListing, ShopOrder, ShopRefund, ShopRefundLine, ShopRights, ShopStaff,
    ShopStock, ShopTax, ShopWorld, TaxRate, World,
};

pub const PASSWORD: (&str, &str) = ("owner", "abcd efgh ijkl mnop qrst uvwx");
pub const CUSTOMER: (&str, &str) = ("shopper", "cust cust cust cust cust cust");
pub const KEY: (&str, &str) = ("ck_rw", "cs_rw");
pub const READ_KEY: (&str, &str) = ("ck_r", "cs_r");
pub const WRITE_KEY: (&str, &str) = ("ck_w", "cs_w");
pub const CUSTOMER_KEY: (&str, &str) = ("ck_none", "cs_none");

pub const MUG: u64 = 3_145;
pub const SHIRT: u64 = 3_101;
pub const SHIRT_RED: u64 = 3_117;
pub const SHIRT_BLUE: u64 = 3_124;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(at("2026-11-21T01:00:00Z")))
}

/// An Italian shop, one hour east of UTC.
pub fn world() -> World {
    let currency = "EUR".parse().expect("a currency");
    World {
        clock: clock(),
        shop: ShopWorld {
            name: "Lamps & More".to_owned(),
            home_url: "https://shop.example".to_owned(),
            time_zone: "Europe/Rome".to_owned(),
            utc_offset_s: 3_600,
            currency,
            prices_include_tax: true,
            round_at_subtotal: false,
            float_noise: None,
            roles: BTreeMap::new(),
            customers: BTreeMap::new(),
            tax_rates: BTreeMap::from([(
                1,
                TaxRate {
                    label: "IVA 22%".to_owned(),
                    percent: decimal("22"),
                    country: "IT".to_owned(),
                },
            )]),
            listings: listings(),
            orders: BTreeMap::from([(7_438, order("2026-11-21T00:07:10Z"))]),
            accounts: accounts(),
            staff: ShopStaff::Administrator,
            maintenance: false,
        },
        erp: ErpWorld {
            version: "18.0".to_owned(),
            database: String::new(),
            lists_databases: false,
            companies: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            currencies: Vec::new(),
            variants: BTreeMap::new(),
            accounts: Vec::new(),
            modules: Vec::new(),
            failed_logins: 0,
            sales: ErpSales::default(),
        },
    }
}

fn accounts() -> Vec<ShopAccount> {
    [
        (PASSWORD, ShopRights::ReadWrite),
        (CUSTOMER, ShopRights::None),
        (KEY, ShopRights::ReadWrite),
        (READ_KEY, ShopRights::Read),
        (WRITE_KEY, ShopRights::Write),
        (CUSTOMER_KEY, ShopRights::None),
    ]
    .map(|((login, secret), rights)| ShopAccount {
        login: login.to_owned(),
        secret: secret.to_owned(),
        rights,
    })
    .to_vec()
}

pub fn listing(kind: ShopKind, name: &str, sku: &str, price: Option<&str>) -> ShopListing {
    ShopListing {
        kind,
        name: name.to_owned(),
        sku: sku.to_owned(),
        gtin: String::new(),
        attributes: Vec::new(),
        regular_price: price.map(decimal),
        sale_price: None,
        stock: ShopStock::NotManaged,
        status: "publish".to_owned(),
        trashed: false,
        image: String::new(),
        categories: vec!["Lamps".to_owned()],
        created: at("2026-11-20T10:00:00Z"),
        modified: at("2026-11-21T00:04:46Z"),
    }
}

fn listings() -> BTreeMap<u64, ShopListing> {
    let mug = ShopListing {
        gtin: "8001234567890".to_owned(),
        stock: ShopStock::Own(12),
        sale_price: Some(decimal("9.99")),
        image: "mug.jpg".to_owned(),
        ..listing(
            ShopKind::Simple,
            "Tom & Jerry \"5€\" mug",
            "FX-MUG",
            Some("11.00"),
        )
    };
    let shirt = ShopListing {
        stock: ShopStock::Own(100),
        ..listing(ShopKind::Variable, "Fixture shirt", "FX-SHIRT", None)
    };
    let red = ShopListing {
        stock: ShopStock::Own(10),
        gtin: "800000000101".to_owned(),
        image: "red.jpg".to_owned(),
        ..member("FX-SHIRT-M-R", "Red & white")
    };
    let blue = ShopListing {
        stock: ShopStock::OnParent,
        ..member("FX-SHIRT-M-B", "Blue")
    };
    let draft = ShopListing {
        status: "draft".to_owned(),
        ..listing(ShopKind::Simple, "Not yet", "", None)
    };
    let trashed = ShopListing {
        trashed: true,
        ..listing(ShopKind::Simple, "Old", "FX-OLD", Some("1"))
    };
    BTreeMap::from([
        (MUG, mug),
        (SHIRT, shirt),
        (SHIRT_RED, red),
        (SHIRT_BLUE, blue),
        (3_200, draft),
        (3_201, trashed),
    ])
}

fn member(sku: &str, color: &str) -> ShopListing {
    let attribute = |(name, value): (&str, &str)| ShopAttribute {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    ShopListing {
        attributes: [("Size", "M"), ("Color", color)].map(attribute).to_vec(),
        ..listing(
            ShopKind::VariationOf(SHIRT),
            "Fixture shirt",
            sku,
            Some("24.90"),
        )
    }
}

fn tax(amount: &str, before_discount: &str) -> Vec<ShopTax> {
    vec![ShopTax {
        rate: 1,
        amount: decimal(amount),
        before_discount: decimal(before_discount),
    }]
}

fn lines() -> Vec<ShopLine> {
    vec![
        ShopLine {
            id: 33,
            listing: Some(MUG),
            name: "Tom & Jerry mug".to_owned(),
            sku: "FX-MUG".to_owned(),
            quantity: decimal("3"),
            subtotal: decimal("24.565574"),
            total: decimal("21.491804"),
            taxes: tax("4.728197", "5.404426"),
        },
        ShopLine {
            id: 34,
            listing: Some(SHIRT_RED),
            name: "Fixture shirt - M, Red".to_owned(),
            sku: "FX-SHIRT-M-R".to_owned(),
            quantity: decimal("1"),
            subtotal: decimal("20.409836"),
            total: decimal("19.385246"),
            taxes: tax("4.264754", "4.490164"),
        },
    ]
}

/// The recorded order 7438 (prices with tax, a fixed coupon), with a fee of nothing added.
pub fn order(modified: &str) -> ShopOrder {
    let home = Address {
        name: "Anna Rossi".to_owned(),
        company: None,
        street: vec!["Via Verdi 2".to_owned()],
        postcode: Some("20121".to_owned()),
        city: Some("Milano".to_owned()),
        state: Some("MI".to_owned()),
        country: Some("IT".to_owned()),
        phone: Some("+390200000".to_owned()),
    };
    ShopOrder {
        number: "7438".to_owned(),
        status: "processing".to_owned(),
        currency: "EUR".parse().expect("a currency"),
        customer: Customer {
            external_id: None,
            name: "Anna Rossi".to_owned(),
            email: Some("anna@example.com".to_owned()),
            phone: Some("+390200000".to_owned()),
            role: None,
        },
        billing: home.clone(),
        shipping: home,
        lines: lines(),
        shipping_lines: vec![ShopCharge {
            id: 35,
            name: "Flat rate".to_owned(),
            method: "flat_rate".to_owned(),
            total: decimal("7.50"),
            taxes: tax("1.65", "1.65"),
        }],
        fees: vec![ShopCharge {
            id: 38,
            name: "Gift wrap".to_owned(),
            method: String::new(),
            total: Decimal::ZERO,
            taxes: tax("0", "0"),
        }],
        coupons: vec![("five".to_owned(), decimal("4.09"))],
        discount_total: decimal("4.10"),
        total_tax: decimal("10.64"),
        total: decimal("59.02"),
        refunds: vec![refund()],
        payment_method: "bacs".to_owned(),
        payment_title: "Bank transfer".to_owned(),
        customer_note: String::new(),
        meta: Vec::new(),
        paid: Some(at("2026-11-21T00:07:12Z")),
        created: at("2026-11-21T00:07:10Z"),
        modified: at(modified),
    }
}

/// One of the three mugs, with its tax, an hour after the order.
pub fn refund() -> ShopRefund {
    ShopRefund {
        id: 9_001,
        reason: "Damaged".to_owned(),
        amount: decimal("12.19"),
        created: at("2026-11-21T00:20:00Z"),
        lines: vec![ShopRefundLine {
            id: 117,
            of: 33,
            quantity: decimal("1"),
            total: decimal("9.99"),
            taxes: tax("2.20", "2.20"),
        }],
    }
}

/// A connector on a transport.
pub fn connect(
    url: &str,
    login: (&str, &str),
    transport: impl Transport + 'static,
    clock: Arc<dyn Clock>,
) -> Box<dyn Storefront> {
    let transport = Arc::new(transport);
    storefront(account(url, login, None), Wire { transport, clock })
}

/// An account, with the way in that an earlier test found.
pub fn account(url: &str, (login, secret): (&str, &str), way: Option<&str>) -> Account {
    Account {
        url: normalise_url(url).expect("an address"),
        login: login.to_owned(),
        secret: Secret::new(secret.to_owned()),
        database: None,
        company: None,
        warehouses: Vec::new(),
        way: way.map(|code| Way(code.to_owned())),
        key_ends: None,
    }
}

/// A connector that calls the stand-in in this process, over what it takes for HTTPS.
pub fn in_process(world: World, login: (&str, &str)) -> Box<dyn Storefront> {
    hosted(world, Hosting::default(), login)
}

/// The same, in other circumstances.
pub fn hosted(world: World, hosting: Hosting, login: (&str, &str)) -> Box<dyn Storefront> {
    let router = fake_on(SharedWorld::new(world), hosting);
    connect(
        "https://shop.example",
        login,
        InProcess::new(router),
        clock(),
    )
}

/// Stands between a connector and a stand-in, and keeps what was sent.
#[derive(Debug, Clone)]
pub struct Watched {
    inner: Arc<dyn Transport>,
    sent: Arc<Mutex<Vec<Request>>>,
}

impl Watched {
    pub fn new(inner: impl Transport + 'static) -> Self {
        Self {
            inner: Arc::new(inner),
            sent: Arc::default(),
        }
    }

    /// What was sent since the last time this was asked.
    pub fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.sent.lock().expect("unpoisoned"))
    }
}

#[async_trait]
impl Transport for Watched {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.sent.lock().expect("unpoisoned").push(request.clone());
        self.inner.send(request).await
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}

pub async fn listings_of(shop: &dyn Storefront, query: &Query) -> Vec<Listing> {
    let source = shop.listings().expect("a shop has listings");
    read_all(source, query).await.expect("readable").0
}

pub async fn orders_of(shop: &dyn Storefront, query: &Query) -> Vec<String> {
    let source = shop.orders().expect("a shop has orders");
    let orders = read_all(source, query).await.expect("readable").0;
    orders
        .into_iter()
        .map(|order| order.key.to_string())
        .collect()
}

pub fn network() -> Network {
    Network::new("0.0.0").expect("a client")
}

/// The step that failed, its cause, and what was added to it.
pub async fn diagnosis(shop: Box<dyn Storefront>) -> (StepName, Cause, Vec<(String, String)>) {
    let report = shop.check().await;
    let failed = report
        .steps
        .iter()
        .find(|step| step.outcome == StepOutcome::Failed);
    let failure = report.failure.clone().expect("a diagnosis");
    (
        failed.expect("a failed step").name,
        failure.cause,
        failure.context,
    )
}

pub fn faulty(world: World, fault: Fault) -> Router {
    let rule = Rule {
        path: String::new(),
        skip: 0,
        times: None,
        fault,
    };
    Faults::new(vec![rule]).wrap(fake(SharedWorld::new(world)))
}

/// 250 products, and a family of 120.
pub fn large() -> World {
    let mut world = world();
    for number in 0..250 {
        let simple = listing(
            ShopKind::Simple,
            "Bulk",
            &format!("BULK-{number}"),
            Some("5"),
        );
        world.shop.listings.insert(10_000 + number, simple);
    }
    for number in 0..120 {
        let member = listing(
            ShopKind::VariationOf(SHIRT),
            "",
            &format!("V-{number}"),
            Some("5"),
        );
        world.shop.listings.insert(20_000 + number, member);
    }
    world
}
