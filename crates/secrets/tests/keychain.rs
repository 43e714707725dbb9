//! The real keychain of the session, in its three states. Not run by default, because it needs
//! a session of its own, with `HOME`, `XDG_DATA_HOME` and `XDG_RUNTIME_DIR` in an
//! empty folder:
//!
//! ```text
//! dbus-run-session -- sh -c "printf '\n' | gnome-keyring-daemon --unlock --components=secrets;
//!     cargo test -p tandem-secrets --test keychain -- --ignored an_unlocked"
//! dbus-run-session -- cargo test -p tandem-secrets --test keychain -- --ignored a_locked
//! DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent \
//!     cargo test -p tandem-secrets --test keychain -- --ignored no_keychain
//! ```

use tandem_domain::{Secret, Slug};
use tandem_secrets::{KeychainVault, Vault, VaultError};

fn secret() -> Secret {
    Secret::new("pass canary ü".to_owned())
}

#[test]
#[ignore = "needs an unlocked keychain of its own"]
fn an_unlocked_keychain_keeps_a_secret() {
    let shop = Slug::from_name("shop");
    let vault = KeychainVault::system("test");
    assert_eq!(vault.probe(), Ok(()));
    assert_eq!(vault.put(&shop, "password", secret()), Ok(()));
    let other = KeychainVault::system("test");
    assert_eq!(
        other.get(&shop, "password"),
        Ok(Some(secret())),
        "as another process sees it"
    );
    let profile = KeychainVault::system("another");
    assert_eq!(
        profile.get(&shop, "password"),
        Ok(None),
        "profiles do not mix"
    );
    assert_eq!(vault.remove(&shop, "password"), Ok(()));
    assert_eq!(other.get(&shop, "password"), Ok(None));
}

#[test]
#[ignore = "needs a locked keychain of its own"]
fn a_locked_keychain_says_so() {
    let shop = Slug::from_name("shop");
    let vault = KeychainVault::system("test");
    let outcomes = [
        vault.probe(),
        vault.put(&shop, "password", secret()),
        vault.get(&shop, "password").map(drop),
        vault.remove(&shop, "password"),
    ];
    for outcome in outcomes {
        assert!(
            matches!(outcome, Err(VaultError::Locked { .. })),
            "{outcome:?}"
        );
    }
}

#[test]
#[ignore = "needs a session without a keychain"]
fn no_keychain_is_said_and_nothing_steps_in() {
    let vault = KeychainVault::system("test");
    let put = vault.put(&Slug::from_name("shop"), "password", secret());
    assert!(
        matches!(put, Err(VaultError::Unavailable { .. })),
        "{put:?}"
    );
}
