//! A keychain that does not open: a state of its own, and no reason to ask a server anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tandem_domain::{Secret, Slug};
use tandem_secrets::{MemoryVault, Vault, VaultError};

use crate::error::Code;
use crate::view::{
    ConnectionDraft, ConnectionState, HealthFact, HealthState, SecretText, VaultState,
};
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
            let detail = "it is closed".to_owned();
            return Err(VaultError::Locked { detail });
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

/// A connection to where nothing listens, and the keychain of its secret.
async fn connected() -> (App, Arc<Lockable>, String) {
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
    (app, vault, slug)
}

#[tokio::test]
async fn a_locked_keychain_is_waited_for_and_no_server_is_asked() {
    let (app, vault, slug) = connected().await;

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

#[tokio::test]
async fn a_secret_that_is_not_there_is_not_waited_for_but_said() {
    let (app, vault, slug) = connected().await;
    let of: Slug = slug.parse().expect("a short name");
    vault.remove(&of, "secret").expect("removed");
    let view = app.check_now(&slug).await.expect("a state, not an error");
    assert_eq!(view.health.state, HealthState::Stopped);
    assert_eq!(view.state, ConnectionState::Stopped);
    let told = view.check.and_then(|check| check.failure);
    assert_eq!(told.map(|error| error.code), Some(Code::SecretMissing));
    assert_eq!(view.checked_at, None, "nobody was asked");

    let secret = Secret::new("secret".to_owned());
    vault.put(&of, "secret", secret).expect("brought");
    let tested = app.check_due().await.expect("looked after");
    assert_eq!(tested, [slug], "noticed by itself");
    let view = app.connections().await.expect("read").remove(0);
    let told = view.check.and_then(|check| check.failure);
    assert_eq!(told.map(|error| error.code), Some(Code::PortClosed));
}
