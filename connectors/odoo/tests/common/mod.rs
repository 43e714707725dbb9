//! A small Odoo, built by hand from the recorded one, and ways to reach it.

#![expect(unreachable_pub, reason = "several test binaries share this module")]

pub mod trade;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use rust_decimal::Decimal;
use serde_json::Value;
use tandem_connector_odoo::{erp, fake};
use tandem_contract::http::{Fingerprint, InProcess, Request, Response, Transport, TransportError};
use tandem_contract::{Account, Erp, Wire};
use tandem_domain::{ManualClock, Secret, Timestamp, WarehouseKey};
use tandem_sandbox::{
    Company, ErpAccount, ErpRights, ErpSales, ErpVariant, ErpWorld, Levels, SharedWorld, ShopStaff,
    ShopWorld, Warehouse, World,
};

/// As in the recorded requests, so that they can be sent to the stand-in as they are.
pub const KEY: (&str, &str) = ("connector", "<API_KEY>");
pub const PASSWORD: (&str, &str) = ("connector", "<PASSWORD>");
/// As Odoo writes them; the only kind that JSON-2 takes.
pub const HEX_KEY: (&str, &str) = ("connector", "0123456789abcdef0123456789abcdef01234567");
pub const BARE: (&str, &str) = ("bare", "<BARE_PASSWORD>");
pub const TWO_FACTOR: (&str, &str) = ("careful", "<CAREFUL_PASSWORD>");
pub const TWO_FACTOR_KEY: (&str, &str) = ("careful", "<CAREFUL_KEY>");

pub const TEE: i64 = 3;
pub const POLO_M: i64 = 100_019;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(at("2026-11-21T02:00:00Z")))
}

/// Two companies, three warehouses, and the recorded products.
pub fn world() -> World {
    let company = |name: &str, currency: &str| Company {
        name: name.to_owned(),
        currency: currency.parse().expect("a currency"),
        tax_rounding: "round_per_line".to_owned(),
    };
    let warehouse = |name: &str, code: &str, company, stock_location| Warehouse {
        name: name.to_owned(),
        code: code.to_owned(),
        company,
        stock_location,
    };
    World {
        clock: clock(),
        shop: shop(),
        erp: ErpWorld {
            version: "18.0".to_owned(),
            database: "prod".to_owned(),
            lists_databases: true,
            companies: BTreeMap::from([
                (1, company("My Company", "USD")),
                (2, company("Kuwait branch", "KWD")),
            ]),
            warehouses: BTreeMap::from([
                (1, warehouse("My Company", "WH", 1, 8)),
                (2, warehouse("Second", "WH2", 1, 28)),
                (3, warehouse("Kuwait", "KW", 2, 38)),
            ]),
            currencies: ["EGP", "EUR", "KWD", "SAR", "USD"]
                .map(|code| code.parse().expect("a currency"))
                .to_vec(),
            variants: variants(),
            accounts: accounts(),
            modules: ["account", "sale_management", "sale_stock", "stock"]
                .map(str::to_owned)
                .to_vec(),
            failed_logins: 0,
            sales: ErpSales::default(),
        },
    }
}

fn shop() -> ShopWorld {
    ShopWorld {
        name: String::new(),
        home_url: String::new(),
        time_zone: "Asia/Kuwait".to_owned(),
        utc_offset_s: 10_800,
        currency: "USD".parse().expect("a currency"),
        prices_include_tax: false,
        round_at_subtotal: false,
        float_noise: None,
        roles: BTreeMap::new(),
        customers: BTreeMap::new(),
        tax_rates: BTreeMap::new(),
        listings: BTreeMap::new(),
        orders: BTreeMap::new(),
        accounts: Vec::new(),
        staff: ShopStaff::Administrator,
        maintenance: false,
    }
}

fn accounts() -> Vec<ErpAccount> {
    let account = |uid, (login, password): (&str, &str)| ErpAccount {
        uid,
        login: login.to_owned(),
        name: "Connector".to_owned(),
        password: password.to_owned(),
        api_keys: Vec::new(),
        two_factor: false,
        rights: ErpRights::Sales,
    };
    vec![
        ErpAccount {
            api_keys: vec![KEY.1.to_owned(), HEX_KEY.1.to_owned()],
            ..account(8, PASSWORD)
        },
        ErpAccount {
            rights: ErpRights::Bare,
            ..account(9, BARE)
        },
        ErpAccount {
            api_keys: vec![TWO_FACTOR_KEY.1.to_owned()],
            two_factor: true,
            ..account(10, TWO_FACTOR)
        },
    ]
}

/// A variant that nobody counted yet.
pub fn variant(name: &str, sku: &str, modified: &str) -> ErpVariant {
    ErpVariant {
        template: 0,
        name: name.to_owned(),
        sku: sku.to_owned(),
        barcode: String::new(),
        attributes: Vec::new(),
        list_price: decimal("12.5"),
        kind: "consu".to_owned(),
        storable: true,
        active: true,
        sale_ok: true,
        unit: "Units".to_owned(),
        category: "All".to_owned(),
        levels: BTreeMap::new(),
        modified: at(modified),
    }
}

fn level(on_hand: &str, reserved: &str, modified: &str) -> Levels {
    Levels {
        on_hand: decimal(on_hand),
        reserved: decimal(reserved),
        modified: Some(at(modified)),
    }
}

/// Products 1 to 6 are those of `120-v18-products-page-1` and `121-v18-products-page-2`; the
/// shirts are those of `191-variants-read`; the last one is archived.
fn variants() -> BTreeMap<i64, ErpVariant> {
    let service = |name: &str, sku: &str, modified: &str| ErpVariant {
        kind: "service".to_owned(),
        storable: false,
        list_price: Decimal::ZERO,
        ..variant(name, sku, modified)
    };
    let polo = |size: &str, value: i64| ErpVariant {
        attributes: vec![("Size L".to_owned(), size.to_owned(), value)],
        template: 100_018,
        list_price: decimal("30"),
        ..variant("Polo", "", "2026-11-21T00:40:00.25Z")
    };
    let mut variants = BTreeMap::from([
        (
            1,
            service("Standard delivery", "Delivery_007", "2026-11-21T00:01:49Z"),
        ),
        (2, variant("Mug Blue", "MUG-B", "2026-11-21T00:06:51.1Z")),
        (
            TEE,
            ErpVariant {
                barcode: "111222333".to_owned(),
                list_price: decimal("21"),
                ..variant("Tee Small", "TEE-S", "2026-11-21T00:21:37.9Z")
            },
        ),
        (4, variant("Cap", "CAP-1", "2026-11-21T00:13:39.7Z")),
        (5, service("Discount", "DISC", "2026-11-21T00:13:39.2Z")),
        (6, service("Shipping", "SHIP", "2026-11-21T00:13:39.2Z")),
        (100_018, polo("S", 1)),
        (POLO_M, polo("M", 2)),
        (100_020, polo("L", 3)),
        (
            100_030,
            ErpVariant {
                active: false,
                sale_ok: false,
                storable: false,
                unit: "Dozens".to_owned(),
                list_price: decimal("0.125"),
                ..variant("Old mug", "MUG-OLD", "2026-11-20T10:00:00Z")
            },
        ),
    ]);
    for (id, variant) in &mut variants {
        if variant.template == 0 {
            variant.template = *id;
        }
    }
    stock(&mut variants);
    variants
}

/// As in `124-v18-quants-page`: 55 tees with 9 promised, 17 caps, 3 mugs too few.
fn stock(variants: &mut BTreeMap<i64, ErpVariant>) {
    let counted = "2026-11-21T00:45:24.5Z";
    let mut put = |variant: i64, warehouse: i64, level: Levels| {
        let variant = variants.get_mut(&variant).expect("a variant");
        variant.levels.insert(warehouse, level);
    };
    put(TEE, 1, level("55", "9", counted));
    put(TEE, 2, level("2.5", "0", "2026-11-21T01:30:00Z"));
    put(TEE, 3, level("7", "1", counted));
    put(4, 1, level("17", "0", counted));
    put(2, 1, level("-3", "0", counted));
    put(POLO_M, 1, level("0", "1", counted));
}

/// An account at an address.
pub fn account(url: &str, (login, secret): (&str, &str)) -> Account {
    Account {
        url: url.parse().expect("an address"),
        login: login.to_owned(),
        secret: Secret::new(secret.to_owned()),
        database: Some("prod".to_owned()),
        company: None,
        warehouses: Vec::<WarehouseKey>::new(),
        way: None,
        key_ends: None,
    }
}

/// Connects through a transport.
pub fn connect(account: Account, transport: Arc<dyn Transport>) -> Box<dyn Erp> {
    let clock = clock();
    erp(account, Wire { transport, clock })
}

/// An account at the stand-in in this process.
pub fn here(login: (&str, &str)) -> Account {
    account("https://odoo.example", login)
}

/// A transport to the stand-in of a world.
pub fn to(world: World) -> Arc<dyn Transport> {
    Arc::new(InProcess::new(router(world)))
}

pub fn router(world: World) -> Router {
    fake(SharedWorld::new(world))
}

/// An answer as it was recorded.
#[derive(Debug, Clone)]
pub struct Canned {
    pub status: u16,
    pub content_type: String,
    pub body: String,
    pub location: Option<String>,
}

impl Canned {
    pub fn json(body: &Value) -> Self {
        Self {
            status: 200,
            content_type: "application/json; charset=utf-8".to_owned(),
            body: body.to_string(),
            location: None,
        }
    }

    pub fn html(status: u16, body: &str) -> Self {
        Self {
            status,
            content_type: "text/html; charset=utf-8".to_owned(),
            body: body.to_owned(),
            location: None,
        }
    }

    /// The answer in a recorded exchange.
    pub fn recorded(exchange: &Value) -> Self {
        let response = &exchange["response"];
        let status = response["status"].as_u64().expect("a status");
        let kind = response["headers"]["Content-Type"].as_str();
        let body = &response["body"];
        Self {
            status: u16::try_from(status).expect("a status"),
            content_type: kind.expect("a content type").to_owned(),
            body: body
                .as_str()
                .map_or_else(|| body.to_string(), str::to_owned),
            location: None,
        }
    }
}

/// The stand-in, with other answers to some calls; keeps the calls that it saw.
#[derive(Debug)]
pub struct Patched {
    inner: Arc<dyn Transport>,
    answers: Vec<(&'static str, Canned)>,
    calls: Mutex<Vec<String>>,
    bodies: Mutex<Vec<Value>>,
}

impl Patched {
    pub fn new(world: World, answers: Vec<(&'static str, Canned)>) -> Arc<Self> {
        Self::over(router(world), answers)
    }

    /// The same over a router of one's own.
    pub fn over(router: Router, answers: Vec<(&'static str, Canned)>) -> Arc<Self> {
        Arc::new(Self {
            inner: Arc::new(InProcess::new(router)),
            answers,
            calls: Mutex::default(),
            bodies: Mutex::default(),
        })
    }

    /// The calls so far: `common.authenticate`, `product.product.search_read`.
    pub fn calls(&self) -> Vec<String> {
        self.calls
            .lock()
            .expect("no holder of this lock can panic")
            .clone()
    }

    /// How often a call was made.
    pub fn count(&self, call: &str) -> usize {
        self.calls().iter().filter(|made| *made == call).count()
    }

    /// The bodies of the calls of this name.
    pub fn bodies_of(&self, call: &str) -> Vec<Value> {
        let bodies = self
            .bodies
            .lock()
            .expect("no holder of this lock can panic");
        let made = self.calls().into_iter().zip(bodies.iter());
        made.filter(|(name, _)| name == call)
            .map(|(_, body)| body.clone())
            .collect()
    }

    /// The arguments of the last call of this name, after model and method.
    pub fn last_arguments(&self, call: &str) -> Value {
        let calls = self.calls();
        let place = calls.iter().rposition(|made| made == call);
        let bodies = self
            .bodies
            .lock()
            .expect("no holder of this lock can panic");
        let args = &bodies[place.expect("the call was made")]["params"]["args"];
        Value::Array(args.as_array().map_or(&[][..], Vec::as_slice)[5..].to_vec())
    }
}

/// What a request calls, in the vendor's words; over XML-RPC just the service.
fn call_of(request: &Request, body: &Value) -> String {
    let params = &body["params"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = request.url.path().trim_start_matches('/');
    if let Some(call) = path.strip_prefix("json/2/") {
        return call.replace('/', ".");
    }
    if path.starts_with("web/dataset/call_kw") {
        return format!("{}.{}", text(&params["model"]), text(&params["method"]));
    }
    match params["service"].as_str() {
        Some("object") => format!("{}.{}", text(&params["args"][3]), text(&params["args"][4])),
        Some(service) => format!("{service}.{}", text(&params["method"])),
        None => path.to_owned(),
    }
}

/// A proxy that lets only some paths through, and answers the others with a page of its own.
pub fn only(router: Router, open: &'static [&'static str]) -> Router {
    let keep = move |request: axum::extract::Request, next: axum::middleware::Next| async move {
        let path = request.uri().path();
        if open.iter().any(|prefix| path.starts_with(prefix)) {
            return next.run(request).await;
        }
        let page = "<html><head><title>403 Forbidden</title></head><body>nginx</body></html>";
        let status = axum::http::StatusCode::FORBIDDEN;
        (status, [("content-type", "text/html")], page).into_response()
    };
    router.layer(axum::middleware::from_fn(keep))
}

/// A proxy that takes the header with the key away.
pub fn stripping(router: Router) -> Router {
    let strip = |mut request: axum::extract::Request, next: axum::middleware::Next| async move {
        request.headers_mut().remove("authorization");
        next.run(request).await
    };
    router.layer(axum::middleware::from_fn(strip))
}

/// The stand-in's version as a world.
pub fn of_version(version: &str) -> World {
    let mut world = world();
    version.clone_into(&mut world.erp.version);
    world
}

#[async_trait]
impl Transport for Patched {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        // A body of XML is kept as none.
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let call = call_of(request, &body);
        let answer = self.answers.iter().find(|(name, _)| *name == call);
        self.calls
            .lock()
            .expect("no holder of this lock can panic")
            .push(call);
        self.bodies
            .lock()
            .expect("no holder of this lock can panic")
            .push(body);
        let Some((_, canned)) = answer else {
            return self.inner.send(request).await;
        };
        let mut response = self.inner.send(request).await?;
        response.headers.remove("set-cookie");
        response.status = canned.status;
        response.headers.remove("content-type");
        let kind = canned.content_type.parse().expect("a header value");
        response.headers.insert("content-type", kind);
        if let Some(location) = &canned.location {
            let location = location.parse().expect("a header value");
            response.headers.insert("location", location);
        }
        response.body = Bytes::from(canned.body.clone());
        Ok(response)
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
