//! A keychain that does not open: a state of its own, and no reason to ask a server anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tandem_domain::{Secret, Slug};
use tandem_secrets::{MemoryVault, Vault, VaultError};

use crate::view::{ConnectionDraft, HealthFact, HealthState, SecretText, VaultState};
use crate::{App, Outside, Profile};

/// A keychain that can be locked.
#[derive(Debug, Default)]
struct Lockable {
    secrets: MemoryVault,
    locked: AtomicBool,
}

impl Vault for Lockable {
    fn put(&self, of: &Slug, field: &str, secret: Secret) -> Result<(), VaultError> {
        self.secrets.put(of, field, secret)
    }

    fn get(&self, of: &Slug, field: &str) -> Result<Option<Secret>, VaultError> {
        if self.locked.load(Ordering::Relaxed) {
            // What some keychains answer instead of saying that they are locked.
            return Ok(None);
        }
        self.secrets.get(of, field)
    }

    fn remove(&self, of: &Slug, field: &str) -> Result<(), VaultError> {
        self.secrets.remove(of, field)
    }

    fn probe(&self) -> Result<(), VaultError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_locked_keychain_is_waited_for_and_no_server_is_asked() {
    let vault = Arc::new(Lockable::default());
    let outside = Outside::real(Arc::clone(&vault) as _, VaultState::Memory);
    let profile = Profile {
        folder: None,
        sandbox: true,
    };
    let app = App::open(profile, outside.expect("a TLS stack")).expect("memory is enough");
    let draft = ConnectionDraft {
        slug: None,
        name: "Odoo".to_owned(),
        kind: "odoo".to_owned(),
        url: "http://127.0.0.1:9".to_owned(),
        login: "admin".to_owned(),
        secret: Some(SecretText::new("secret".to_owned())),
        database: None,
        certificate: None,
    };
    let slug = app.save_connection(draft).await.expect("saved").slug;

    vault.locked.store(true, Ordering::Relaxed);
    let view = app.check_now(&slug).await.expect("a state, not an error");
    assert_eq!(view.health.state, HealthState::WaitingForKeychain);
    assert_eq!(view.health.last_checked, None, "nobody was asked");
    assert_eq!(app.check_due().await, Ok(Vec::new()), "it is still locked");

    vault.locked.store(false, Ordering::Relaxed);
    let tested = app.check_due().await.expect("looked after");
    assert_eq!(tested, std::slice::from_ref(&slug), "as soon as it opens");
    let view = app.connections().await.expect("read").remove(0);
    assert_eq!(
        view.health.state,
        HealthState::Stopped,
        "nothing listens there"
    );
    let history = app.health_history(&slug).await.expect("read");
    let states: Vec<_> = history
        .into_iter()
        .filter(|change| change.fact == HealthFact::State)
        .filter_map(|change| change.is)
        .collect();
    assert_eq!(states, ["stopped", "waiting_for_keychain"]);
}
