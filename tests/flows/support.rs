//! What several flows need: a profile of one's own beside the stand-ins, and drafts to them.

use std::sync::Arc;

use tandem_app::view::{ConnectionDraft, SecretText, VaultState};
use tandem_app::{App, Outside, Profile, Sandbox, SandboxPlan, memory_vault};
use tandem_domain::ManualClock;
use tandem_tests::Desk;

/// A connection to the stand-in of a kind, as a person would type it.
pub(crate) fn draft(sandbox: &Sandbox, kind: &str) -> ConnectionDraft {
    let account = sandbox
        .accounts()
        .into_iter()
        .find(|account| account.kind == kind)
        .expect("a stand-in of this kind");
    ConnectionDraft {
        slug: None,
        name: account.name,
        kind: account.kind,
        url: account.url,
        login: account.login,
        secret: Some(SecretText::new(account.secret)),
        database: account.database,
        certificate: None,
    }
}

/// A small shop and a profile in memory, both by a clock that stands still until it is moved.
pub(crate) struct StillDesk {
    pub(crate) app: App,
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Arc<ManualClock>,
}

impl StillDesk {
    pub(crate) async fn open() -> Self {
        let now = "2026-11-21T08:00:00Z".parse().expect("an instant");
        let clock = Arc::new(ManualClock::at(now));
        let plan = SandboxPlan {
            seed: Some(Desk::SEED),
            listings: Some(300),
            ..SandboxPlan::default()
        };
        let sandbox = Sandbox::start(&plan, Arc::clone(&clock) as _)
            .await
            .expect("loopback has free ports");
        let real = Outside::real(memory_vault(), VaultState::Memory).expect("a TLS stack");
        let outside = Outside {
            clock: Arc::clone(&clock) as _,
            ..real
        };
        let profile = Profile {
            folder: None,
            sandbox: true,
        };
        let app = App::open(profile, outside).expect("memory is enough");
        Self {
            app,
            sandbox,
            clock,
        }
    }

    /// Joined to both stand-ins; returns the short names of store and Odoo.
    pub(crate) async fn join(&self) -> (String, String) {
        self.app.join_sandbox(&self.sandbox).await.expect("joined");
        let connections = self.app.connections().await.expect("read");
        let slug_of = |kind: &str| {
            let found = connections.iter().find(|known| known.kind == kind);
            found.expect("joined to both").slug.clone()
        };
        (slug_of("woocommerce"), slug_of("odoo"))
    }
}
