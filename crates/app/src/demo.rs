//! The sandbox: stand-ins of every connector on loopback, and a profile that is joined to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tandem_domain::Clock;
use tandem_sandbox::{Faults, Rule, Served, SharedWorld, seed, serve};

use crate::error::{AppError, Code};
use crate::registry::{Build, ENTRIES};
use crate::view::{ConnectionDraft, SecretText, StoreBinding};
use crate::{App, Result};

/// The names that the sandbox's connections get.
const NAMES: [(&str, &str); 2] = [
    ("woocommerce", "Party Centre Kuwait"),
    ("odoo", "party-prod"),
];

/// What kind of sandbox is wanted.
#[derive(Debug, Clone, Default)]
pub struct SandboxPlan {
    /// The same seed gives the same shop; `None` takes the one of the demonstration.
    pub seed: Option<u64>,
    /// Sellable listings, 200 to 200,000.
    pub listings: Option<usize>,
    /// Orders of the last month; at least those of the story.
    pub orders: Option<usize>,
    /// Faults by kind of stand-in.
    pub faults: BTreeMap<String, Vec<Rule>>,
}

/// How to connect to one stand-in. The secret is made up, and public by nature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SandboxAccount {
    /// `woocommerce`, `odoo`.
    pub kind: String,
    /// The name to give it.
    pub name: String,
    /// Address on loopback.
    pub url: String,
    /// Login.
    pub login: String,
    /// Password or key, made up.
    pub secret: String,
    /// Odoo's database.
    pub database: Option<String>,
}

/// Stand-ins that run until this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    world: SharedWorld,
    served: Vec<(&'static str, Served)>,
    faults: BTreeMap<&'static str, Faults>,
}

impl Sandbox {
    /// Makes a world and serves it, one stand-in per connector, on free ports of loopback.
    pub async fn start(plan: &SandboxPlan, clock: Arc<dyn Clock>) -> Result<Self> {
        let mut wanted = seed::Plan::demo(clock.now());
        wanted.seed = plan.seed.unwrap_or(wanted.seed);
        wanted.listings = plan.listings.unwrap_or(wanted.listings);
        wanted.orders = plan.orders.unwrap_or(wanted.orders);
        let world = SharedWorld::new(seed::world(&wanted, clock));
        let mut sandbox = Self {
            world,
            served: Vec::new(),
            faults: BTreeMap::new(),
        };
        for entry in ENTRIES {
            let faults = Faults::new(plan.faults.get(entry.kind).cloned().unwrap_or_default());
            let router = faults.wrap((entry.fake)(sandbox.world.clone()));
            let served = serve(router, None)
                .await
                .map_err(|error| AppError::new(Code::Internal).details(error))?;
            sandbox.served.push((entry.kind, served));
            sandbox.faults.insert(entry.kind, faults);
        }
        Ok(sandbox)
    }

    /// How to connect to each stand-in.
    pub fn accounts(&self) -> Vec<SandboxAccount> {
        self.served
            .iter()
            .map(|(kind, served)| account(kind, served.url()))
            .collect()
    }

    /// The world behind the stand-ins, to change it while they run.
    pub fn world(&self) -> &SharedWorld {
        &self.world
    }

    /// Makes the stand-in of a kind misbehave from now on; unknown kinds are refused.
    pub fn set_faults(&self, kind: &str, rules: Vec<Rule>) -> Result<()> {
        let faults = self
            .faults
            .get(kind)
            .ok_or_else(|| AppError::bad_input("kind", kind))?;
        faults.set(rules);
        Ok(())
    }
}

/// Stand-ins are served nowhere else.
fn is_loopback(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.host_str() == Some("127.0.0.1"))
}

fn account(kind: &str, url: String) -> SandboxAccount {
    let name = NAMES
        .iter()
        .find(|(of, _)| *of == kind)
        .map_or(kind, |(_, name)| name);
    let is_odoo = ENTRIES
        .iter()
        .any(|e| e.kind == kind && matches!(e.build, Build::Odoo(_)));
    let (login, secret) = if is_odoo {
        (seed::ERP_LOGIN, seed::ERP_API_KEY)
    } else {
        (seed::SHOP_LOGIN, seed::SHOP_SECRET)
    };
    SandboxAccount {
        kind: kind.to_owned(),
        name: name.to_owned(),
        url,
        login: login.to_owned(),
        secret: secret.to_owned(),
        database: is_odoo.then(|| seed::ERP_DATABASE.to_owned()),
    }
}

impl App {
    /// Joins this profile to a sandbox: both connections made and tested, every store bound to
    /// Odoo's first company. Harmless to repeat: a restarted sandbox has new ports.
    ///
    /// Refused where another process works on this profile, which would lose its own stand-ins,
    /// and where a connection leads out of this computer: that is somebody's real profile.
    pub async fn join_sandbox(&self, sandbox: &Sandbox) -> Result<()> {
        self.inner.refuse_beside_engine()?;
        let connections = self.connections().await?;
        if let Some(real) = connections.iter().find(|known| !is_loopback(&known.url)) {
            return Err(AppError::bad_input("data-dir", &real.url));
        }
        let mut stores = Vec::new();
        let mut odoo = None;
        for account in sandbox.accounts() {
            let is_odoo = account.database.is_some();
            let slug = self.save_sandbox_connection(account).await?;
            let check = self.test_saved(&slug).await?;
            if let Some(failure) = check.failure {
                return Err(failure);
            }
            if is_odoo {
                odoo = check
                    .facts
                    .companies
                    .into_iter()
                    .next()
                    .map(|company| (slug, company));
            } else {
                stores.push(slug);
            }
        }
        let Some((odoo, company)) = odoo else {
            return Err(AppError::new(Code::Internal).details("the sandbox has no Odoo company"));
        };
        for store in stores {
            let warehouses = company
                .warehouses
                .iter()
                .map(|warehouse| warehouse.id)
                .collect();
            let binding = StoreBinding {
                odoo: odoo.clone(),
                company: company.id,
                warehouses,
            };
            self.bind_store(&store, binding).await?;
        }
        Ok(())
    }

    async fn save_sandbox_connection(&self, account: SandboxAccount) -> Result<String> {
        let known = self
            .connections()
            .await?
            .into_iter()
            .find(|known| known.kind == account.kind);
        let draft = ConnectionDraft {
            slug: known.map(|known| known.slug),
            name: account.name,
            kind: account.kind,
            url: account.url,
            login: account.login,
            secret: Some(SecretText::new(account.secret)),
            database: account.database,
            certificate: None,
        };
        Ok(self.save_connection(draft).await?.slug)
    }
}
