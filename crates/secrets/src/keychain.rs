//! The system's keychain: Keychain Services, Credential Manager, or the Secret Service.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry, Error};
use tandem_domain::{Secret, Slug};

use crate::vault::{Result, Vault, VaultError};

/// The user name of the entry that [`Vault::probe`] writes; no connection can be called so.
const PROBE: &str = "(probe)";

/// Keeps secrets in the system's keychain, one entry for each field: `Tandem` and the profile as
/// the service, `connection/field` as the user.
///
/// The keychain is opened at the first call, and again after it could not be reached, so that one
/// that starts later than the program is found.
pub struct KeychainVault {
    service: String,
    open: fn() -> keyring_core::Result<Arc<CredentialStore>>,
    store: Mutex<Option<Arc<CredentialStore>>>,
}

impl KeychainVault {
    /// The keychain of the person who runs the program. Never fails: what is wrong with the
    /// keychain shows at [`Vault::probe`].
    pub fn system(profile: &str) -> Self {
        Self::new(profile, open_system, None)
    }

    /// A keychain that the caller opened.
    pub fn with_store(profile: &str, store: Arc<CredentialStore>) -> Self {
        Self::new(profile, || Err(Error::NoDefaultStore), Some(store))
    }

    fn new(
        profile: &str,
        open: fn() -> keyring_core::Result<Arc<CredentialStore>>,
        store: Option<Arc<CredentialStore>>,
    ) -> Self {
        Self {
            service: format!("Tandem {profile}"),
            open,
            store: Mutex::new(store),
        }
    }

    fn store(&self) -> Result<Arc<CredentialStore>> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = store.as_ref() {
            return Ok(Arc::clone(store));
        }
        let opened = (self.open)().map_err(|e| VaultError::Unavailable { detail: told(&e) })?;
        *store = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Runs one call on one entry. After a failure of the platform the keychain is opened anew at
    /// the next call, because its service may have been restarted.
    fn on_entry<T>(
        &self,
        user: &str,
        call: impl FnOnce(&Entry) -> keyring_core::Result<T>,
    ) -> Result<Option<T>> {
        let outcome = self
            .store()?
            .build(&self.service, user, None)
            .and_then(|e| call(&e));
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => {
                if matches!(error, Error::PlatformFailure(_)) {
                    *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
                }
                Err(typed(&error))
            }
        }
    }
}

impl fmt::Debug for KeychainVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeychainVault")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl Vault for KeychainVault {
    fn put(&self, connection: &Slug, field: &str, secret: Secret) -> Result<()> {
        self.on_entry(&user(connection, field), |entry| {
            entry.set_password(secret.expose())
        })?
        .ok_or_else(|| VaultError::Other {
            detail: "the entry vanished".to_owned(),
        })
    }

    /// A locked Secret Service answers a read with "no such entry", so before that is believed, a
    /// write must succeed.
    fn get(&self, connection: &Slug, field: &str) -> Result<Option<Secret>> {
        let found = self.on_entry(&user(connection, field), Entry::get_password)?;
        if found.is_none() {
            self.probe()?;
        }
        Ok(found.map(Secret::new))
    }

    fn remove(&self, connection: &Slug, field: &str) -> Result<()> {
        match self.on_entry(&user(connection, field), Entry::delete_credential)? {
            Some(()) => Ok(()),
            None => self.probe(),
        }
    }

    fn probe(&self) -> Result<()> {
        self.on_entry(PROBE, |entry| {
            entry.set_password("probe")?;
            entry.delete_credential()
        })?;
        Ok(())
    }
}

fn user(connection: &Slug, field: &str) -> String {
    format!("{connection}/{field}")
}

fn typed(error: &Error) -> VaultError {
    let detail = told(error);
    match error {
        Error::NoStorageAccess(_) => VaultError::Locked { detail },
        Error::NoDefaultStore => VaultError::Unavailable { detail },
        _ => VaultError::Other { detail },
    }
}

/// The keychain's words, except where they could quote what is stored.
fn told(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            "what is stored there is not readable as text".to_owned()
        }
        Error::Ambiguous(entries) => format!("{} entries have this name", entries.len()),
        other => other.to_string(),
    }
}

#[cfg(any(target_os = "macos", target_os = "windows"))]
fn open_system() -> keyring_core::Result<Arc<CredentialStore>> {
    match keyring::Entry::store_status() {
        Ok(()) => keyring_core::get_default_store().ok_or(Error::NoDefaultStore),
        Err(e) => Err(Error::BadStoreFormat(told(e))),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open_system() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Entry, Error, mock};
    use tandem_domain::{Secret, Slug};

    use super::{KeychainVault, PROBE};
    use crate::vault::{Vault, VaultError};

    struct Bench {
        store: Arc<CredentialStore>,
        vault: KeychainVault,
        shop: Slug,
    }

    fn bench() -> Bench {
        let store: Arc<CredentialStore> = mock::Store::new().expect("the mock always opens");
        let vault = KeychainVault::with_store("default", Arc::clone(&store));
        Bench {
            store,
            vault,
            shop: Slug::from_name("shop"),
        }
    }

    impl Bench {
        /// Makes the next call on an entry fail.
        fn fail(&self, user: &str, error: Error) {
            let entry = self.entry(user);
            let entry: &mock::Cred = entry.as_any().downcast_ref().expect("a mock");
            entry.set_error(error);
        }

        fn entry(&self, user: &str) -> Entry {
            self.store
                .build("Tandem default", user, None)
                .expect("a valid entry")
        }

        fn put(&self, text: &str) -> Result<(), VaultError> {
            self.vault
                .put(&self.shop, "password", Secret::new(text.to_owned()))
        }
    }

    fn refused() -> Box<dyn std::error::Error + Send + Sync> {
        "SS error: result not returned from SS API".into()
    }

    #[test]
    fn what_was_put_is_given_back_until_removed() {
        let bench = bench();
        assert_eq!(bench.put("pass canary ü"), Ok(()));
        assert_eq!(bench.put("second canary"), Ok(()), "over the first");
        let found = bench
            .vault
            .get(&bench.shop, "password")
            .expect("the mock works");
        assert_eq!(found.as_ref().map(Secret::expose), Some("second canary"));
        let entry = bench.entry("shop/password");
        assert_eq!(entry.get_password().ok().as_deref(), Some("second canary"));
        assert_eq!(bench.vault.remove(&bench.shop, "password"), Ok(()));
        assert_eq!(bench.vault.remove(&bench.shop, "password"), Ok(()));
        assert_eq!(bench.vault.get(&bench.shop, "password"), Ok(None));
        assert!(!format!("{:?}", bench.vault).contains("canary"));
    }

    #[test]
    fn a_probe_writes_and_leaves_nothing_behind() {
        let bench = bench();
        assert_eq!(bench.vault.probe(), Ok(()));
        assert!(matches!(
            bench.entry(PROBE).get_password(),
            Err(Error::NoEntry)
        ));
        bench.fail(PROBE, Error::NoStorageAccess(refused()));
        assert!(matches!(
            bench.vault.probe(),
            Err(VaultError::Locked { .. })
        ));
    }

    #[test]
    fn a_locked_keychain_is_not_taken_for_an_empty_one() {
        let bench = bench();
        bench.fail(PROBE, Error::NoStorageAccess(refused()));
        let locked = bench.vault.get(&bench.shop, "password");
        assert!(
            matches!(&locked, Err(VaultError::Locked { .. })),
            "{locked:?}"
        );
        assert!(locked.is_err_and(|e| e.may_pass()));
        assert_eq!(
            bench.vault.get(&bench.shop, "password"),
            Ok(None),
            "unlocked now"
        );
    }

    #[test]
    fn failures_are_typed_and_tell_no_secret() {
        let bench = bench();
        assert_eq!(bench.put("canary"), Ok(()));
        for (error, locked) in [
            (Error::NoStorageAccess(refused()), true),
            (Error::BadEncoding(b"canary\xff".to_vec()), false),
            (
                Error::BadDataFormat(b"canary".to_vec(), "malformed".into()),
                false,
            ),
            (Error::Ambiguous(vec![bench.entry("shop/password")]), false),
            (Error::TooLong("secret".to_owned(), 2560), false),
        ] {
            bench.fail("shop/password", error);
            let failed = bench
                .vault
                .get(&bench.shop, "password")
                .expect_err("it was told to fail");
            assert_eq!(
                matches!(failed, VaultError::Locked { .. }),
                locked,
                "{failed:?}"
            );
            assert!(
                !format!("{failed:?} {failed}").contains("canary"),
                "{failed:?}"
            );
        }
    }

    #[test]
    fn a_keychain_that_does_not_answer_is_opened_anew_and_never_replaced() {
        let bench = bench();
        bench.fail(
            "shop/password",
            Error::PlatformFailure("the service went away".into()),
        );
        assert!(matches!(bench.put("x"), Err(VaultError::Other { .. })));
        // The injected store cannot be opened again, which stands for "no keychain at all".
        let after = bench.put("x");
        assert!(
            matches!(after, Err(VaultError::Unavailable { .. })),
            "{after:?}"
        );
    }
}
