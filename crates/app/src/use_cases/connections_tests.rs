//! Addresses as they are typed, and connections saved at the same moment.

use std::sync::Arc;
use std::time::Duration;

use tandem_domain::{Secret, Slug};
use tandem_secrets::{MemoryVault, Vault, VaultError};
use tokio::task::JoinSet;

use super::parse_url;
use crate::view::{ConnectionDraft, SecretText, VaultState};
use crate::{App, Outside, Profile};

/// Takes its time to keep a secret, as a real keychain does.
#[derive(Debug, Default)]
struct SlowVault(MemoryVault);

impl Vault for SlowVault {
    fn put(&self, of: &Slug, field: &str, secret: Secret) -> Result<(), VaultError> {
        std::thread::sleep(Duration::from_millis(10));
        self.0.put(of, field, secret)
    }

    fn get(&self, of: &Slug, field: &str) -> Result<Option<Secret>, VaultError> {
        self.0.get(of, field)
    }

    fn remove(&self, of: &Slug, field: &str) -> Result<(), VaultError> {
        self.0.remove(of, field)
    }

    fn probe(&self) -> Result<(), VaultError> {
        self.0.probe()
    }
}

/// The wizard saves both sides at once, and both may be on one host: under one short name,
/// the store's secret would be sent to Odoo.
#[tokio::test(flavor = "multi_thread")]
async fn connections_saved_at_the_same_moment_get_short_names_of_their_own() {
    let outside = Outside::real(Arc::new(SlowVault::default()), VaultState::Memory);
    let profile = Profile {
        folder: None,
        sandbox: false,
    };
    let app = App::open(profile, outside.expect("a TLS stack")).expect("opens in memory");
    let mut saves = JoinSet::new();
    for port in 8_001..8_005 {
        let (app, draft) = (app.clone(), unnamed(port));
        saves.spawn(async move { app.save_connection(draft).await.expect("saved").slug });
    }
    let mut slugs = saves.join_all().await;
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 4, "one short name each: {slugs:?}");
}

fn unnamed(port: u16) -> ConnectionDraft {
    ConnectionDraft {
        slug: None,
        name: String::new(),
        kind: "odoo".to_owned(),
        url: format!("http://127.0.0.1:{port}"),
        login: "admin".to_owned(),
        secret: Some(SecretText::new("secret".to_owned())),
        database: None,
    }
}

#[test]
fn an_address_may_be_pasted_without_its_scheme_but_must_be_one() {
    assert_eq!(
        parse_url(" shop.example ").map(|url| url.to_string()),
        Ok("https://shop.example/".to_owned())
    );
    for bad in ["", "ftp://shop.example", "https://", "not an address"] {
        assert!(parse_url(bad).is_err(), "{bad:?}");
    }
}
