//! The engine without the application: both connectors, called in this process, and the cache.
//!
//! No sockets and no clock of its own, so that what happens between two requests is decided by
//! the test.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tandem_contract::http::{Fingerprint, InProcess, Request, Response, Transport, TransportError};
use tandem_contract::{Account, Erp, Storefront, Wire};
use tandem_domain::{Clock, ConnectionKind, ManualClock, Secret, Slug, Timestamp};
use tandem_sandbox::{Faults, SharedWorld, World, seed};
use tandem_store::{EngineLock, SavedConnection, Store};
use tandem_sync::{Fetching, Pace};
use tokio_util::sync::CancellationToken;

/// A shop, its Odoo, and the ways to both.
#[derive(Debug)]
pub struct Rig {
    /// What is true.
    pub world: SharedWorld,
    /// Everybody's clock.
    pub clock: Arc<ManualClock>,
    /// Makes the shop misbehave.
    pub shop_faults: Faults,
    /// Makes Odoo misbehave.
    pub erp_faults: Faults,
    shop: Arc<dyn Transport>,
    erp: Arc<dyn Transport>,
}

impl Rig {
    /// When everything begins.
    pub fn start() -> Timestamp {
        "2026-11-21T08:00:00Z".parse().expect("an instant")
    }

    /// A world of so many listings and orders.
    pub fn new(listings: usize, orders: usize) -> Self {
        let plan = seed::Plan {
            seed: 7,
            listings,
            orders,
            now: Self::start(),
        };
        Self::serving(|clock| seed::world(&plan, clock))
    }

    /// A world that is made by this clock.
    pub fn serving(world: impl FnOnce(Arc<dyn Clock>) -> World) -> Self {
        let clock = Arc::new(ManualClock::at(Self::start()));
        let world = SharedWorld::new(world(Arc::clone(&clock) as _));
        let (shop_faults, erp_faults) = (Faults::default(), Faults::default());
        let shop = shop_faults.wrap(tandem_connector_woocommerce::fake(world.clone()));
        let erp = erp_faults.wrap(tandem_connector_odoo::fake(world.clone()));
        Self {
            world,
            clock,
            shop_faults,
            erp_faults,
            shop: Arc::new(InProcess::new(shop)),
            erp: Arc::new(InProcess::new(erp)),
        }
    }

    /// The same, for a world that never changes: what was answered once is answered again
    /// without the stand-ins.
    #[must_use]
    pub fn remembering(mut self) -> Self {
        self.shop = Arc::new(Remembering::before(self.shop));
        self.erp = Arc::new(Remembering::before(self.erp));
        self
    }

    /// A connector for the shop that knows nothing yet, as after a start.
    pub fn storefront(&self) -> Box<dyn Storefront> {
        self.storefront_over(self.shop())
    }

    /// The same, over a way of the caller's that leads to [`Rig::shop`].
    pub fn storefront_over(&self, transport: Arc<dyn Transport>) -> Box<dyn Storefront> {
        let account = shop_account("https://shop.example");
        tandem_connector_woocommerce::storefront(account, self.wire(transport))
    }

    /// The way to the shop.
    pub fn shop(&self) -> Arc<dyn Transport> {
        Arc::clone(&self.shop)
    }

    /// A connector for Odoo that knows nothing yet.
    pub fn erp(&self) -> Box<dyn Erp> {
        let account = erp_account("https://odoo.example");
        tandem_connector_odoo::erp(account, self.wire(Arc::clone(&self.erp)))
    }

    fn wire(&self, transport: Arc<dyn Transport>) -> Wire {
        Wire {
            transport,
            clock: Arc::clone(&self.clock) as _,
        }
    }

    /// A fetch of one side, as the application would begin it.
    pub fn fetching(&self, store: &Arc<Store>, connection: Slug, readers_max: usize) -> Fetching {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
        Fetching {
            store: Arc::clone(store),
            pace: Pace::new(readers_max, Arc::clone(&clock)),
            server_now: clock.now(),
            clock,
            connection,
            full: false,
            sweep_pages: 2,
            earliest: None,
            cancel: CancellationToken::new(),
        }
    }
}

/// How to connect to the stand-in of the shop.
pub fn shop_account(url: &str) -> Account {
    account(url, seed::SHOP_LOGIN, seed::SHOP_SECRET)
}

/// How to connect to the stand-in of Odoo.
pub fn erp_account(url: &str) -> Account {
    Account {
        database: Some(seed::ERP_DATABASE.to_owned()),
        ..account(url, seed::ERP_LOGIN, seed::ERP_API_KEY)
    }
}

fn account(url: &str, login: &str, secret: &str) -> Account {
    Account {
        url: url.parse().expect("an address"),
        login: login.to_owned(),
        secret: Secret::new(secret.to_owned()),
        database: None,
        company: None,
        warehouses: Vec::new(),
        way: None,
        key_ends: None,
    }
}

/// The shop's short name in the cache.
pub fn shop_slug() -> Slug {
    Slug::from_name("shop")
}

/// Odoo's short name in the cache.
pub fn erp_slug() -> Slug {
    Slug::from_name("odoo")
}

/// Puts both connections into a cache that may have them already.
pub fn connect(store: &Store) {
    let connection = |slug: Slug, kind: &str, bound_odoo| SavedConnection {
        name: slug.to_string(),
        kind: ConnectionKind::new(kind),
        url: format!("https://{slug}.example"),
        settings: serde_json::json!({}),
        bound_odoo,
        facts: None,
        check: None,
        created_at: Rig::start(),
        slug,
    };
    for saved in [
        connection(erp_slug(), "odoo", None),
        connection(shop_slug(), "woocommerce", Some(erp_slug())),
    ] {
        store.save_connection(&saved).expect("the cache takes it");
    }
}

/// Opens the cache in a folder as the only engine there; a crash before does not matter.
pub fn open(folder: &Path) -> (Arc<Store>, EngineLock) {
    let lock = EngineLock::acquire(folder).expect("nobody else works here");
    let opened = Store::open(folder, &lock).expect("the cache is sound");
    assert!(opened.set_aside.is_none(), "a crash damages nothing");
    connect(&opened.store);
    (Arc::new(opened.store), lock)
}

/// Answers from memory what it was asked before.
#[derive(Debug)]
struct Remembering {
    inner: Arc<dyn Transport>,
    answers: Mutex<HashMap<String, Response>>,
}

impl Remembering {
    fn before(inner: Arc<dyn Transport>) -> Self {
        Self {
            inner,
            answers: Mutex::default(),
        }
    }
}

#[async_trait]
impl Transport for Remembering {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let body = String::from_utf8_lossy(&request.body);
        let question = format!("{} {} {body}", request.method, request.url);
        let known = |answers: &Mutex<HashMap<String, Response>>| {
            let answers = answers.lock().expect("no holder panics");
            answers.get(&question).cloned()
        };
        if let Some(answer) = known(&self.answers) {
            return Ok(answer);
        }
        let answer = self.inner.send(request).await?;
        let mut answers = self.answers.lock().expect("no holder panics");
        answers.insert(question, answer.clone());
        Ok(answer)
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
