//! A manager's desk for tests: a sandbox, a profile joined to it, and what a person would look at.

pub mod measuring;
pub mod rig;
pub mod sim;

use std::path::PathBuf;
use std::sync::Arc;

use tandem_app::view::{
    OrderRow, OrderState, OrdersPage, OrdersQuery, PairRow, ReviewCounts, ReviewQuery, RunState,
    RunView, Side, Tab, VaultState,
};
use tandem_app::{App, FaultRule, Outside, Profile, Sandbox, SandboxPlan, memory_vault};

/// The sandbox of a small shop, and a profile that is joined to it.
#[derive(Debug)]
pub struct Desk {
    /// The application.
    pub app: App,
    /// The stand-ins.
    pub sandbox: Sandbox,
    /// Short name of the store.
    pub store: String,
    /// Short name of the Odoo.
    pub odoo: String,
}

impl Desk {
    /// The seed of every desk's shop.
    pub const SEED: u64 = 7;

    /// A shop of a few hundred listings, everything in memory.
    pub async fn small() -> Self {
        Self::open(300, None).await
    }

    /// A shop of so many listings; its cache in a folder, or in memory.
    pub async fn open(listings: usize, folder: Option<PathBuf>) -> Self {
        let plan = SandboxPlan {
            seed: Some(Self::SEED),
            listings: Some(listings),
            ..SandboxPlan::default()
        };
        let outside = outside();
        let sandbox = Sandbox::start(&plan, Arc::clone(&outside.clock))
            .await
            .expect("loopback has free ports");
        Self::join(sandbox, folder).await
    }

    /// A new profile beside a sandbox that runs already.
    pub async fn join(sandbox: Sandbox, folder: Option<PathBuf>) -> Self {
        Self::beside(sandbox, open_as_engine(folder).await).await
    }

    /// A new profile beside a sandbox, with a way out of its own.
    pub async fn joined(sandbox: Sandbox, (profile, outside): (Profile, Outside)) -> Self {
        let app = App::open(profile, outside).expect("the folder can be opened");
        Self::beside(sandbox, app).await
    }

    async fn beside(sandbox: Sandbox, app: App) -> Self {
        app.join_sandbox(&sandbox)
            .await
            .expect("the stand-ins pass their tests");
        let connections = app.connections().await.expect("the cache can be read");
        let slug_of = |side| {
            let found = connections
                .iter()
                .find(|connection| connection.side == side);
            found.expect("the sandbox has both sides").slug.clone()
        };
        Self {
            store: slug_of(Side::Store),
            odoo: slug_of(Side::Odoo),
            app,
            sandbox,
        }
    }

    /// Closes the profile as a crash would, and leaves the stand-ins running, behaving again.
    pub fn crash(self) -> Sandbox {
        for account in self.sandbox.accounts() {
            self.misbehave(&account.kind, Vec::new());
        }
        self.sandbox
    }

    /// Reads both sides and matches; must end well.
    pub async fn fetch(&self) -> RunView {
        let run = self
            .app
            .fetch(&self.store, false)
            .await
            .expect("the run can begin");
        assert_eq!(run.state, RunState::Done, "{:?}", run.error);
        run
    }

    /// Makes a stand-in misbehave from now on.
    pub fn misbehave(&self, kind: &str, rules: Vec<FaultRule>) {
        self.sandbox
            .set_faults(kind, rules)
            .expect("a stand-in of this kind");
    }

    /// The numbers beside the review.
    pub async fn counts(&self) -> ReviewCounts {
        self.app
            .review_counts(&self.store, ReviewQuery::default())
            .await
            .expect("the review can be counted")
    }

    /// All rows of one of the review's lists.
    pub async fn rows(&self, tab: Tab) -> Vec<PairRow> {
        let mut rows = Vec::new();
        loop {
            let offset = u32::try_from(rows.len()).expect("a small shop");
            let query = ReviewQuery {
                tab,
                offset,
                limit: 500,
                ..ReviewQuery::default()
            };
            let page = self
                .app
                .review_page(&self.store, query)
                .await
                .expect("the list can be read");
            if page.rows.is_empty() {
                return rows;
            }
            rows.extend(page.rows);
        }
    }

    /// The orders of these states, as far as one page holds them.
    pub async fn orders_that(&self, states: &[OrderState]) -> Vec<OrderRow> {
        let query = OrdersQuery {
            states: states.to_vec(),
            limit: 500,
            ..OrdersQuery::default()
        };
        self.orders(query).await.rows
    }

    /// The first orders that fit.
    pub async fn orders(&self, query: OrdersQuery) -> OrdersPage {
        self.app
            .orders_page(&self.store, query)
            .await
            .expect("the orders can be read")
    }
}

/// Opens a profile that may run jobs. One that was closed a moment ago gives its lock back when
/// its last task is dropped.
async fn open_as_engine(folder: Option<PathBuf>) -> App {
    loop {
        let profile = Profile {
            folder: folder.clone(),
            sandbox: true,
        };
        let app = App::open(profile, outside()).expect("the folder can be opened");
        if !app.info().read_only {
            return app;
        }
        tokio::task::yield_now().await;
    }
}

/// A network, a clock, and secrets in memory.
pub fn outside() -> Outside {
    Outside::real(memory_vault(), VaultState::Memory).expect("a TLS stack")
}
