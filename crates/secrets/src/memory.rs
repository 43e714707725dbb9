//! Secrets that live as long as the process: for the demo and for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tandem_domain::{Secret, Slug};

use crate::vault::{Result, Vault};

/// Keeps secrets in memory and nowhere else.
#[derive(Debug, Default)]
pub struct MemoryVault(Mutex<BTreeMap<(Slug, String), Secret>>);

impl MemoryVault {
    /// An empty vault.
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<(Slug, String), Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for MemoryVault {
    fn put(&self, connection: &Slug, field: &str, secret: Secret) -> Result<()> {
        self.entries()
            .insert((connection.clone(), field.to_owned()), secret);
        Ok(())
    }

    fn get(&self, connection: &Slug, field: &str) -> Result<Option<Secret>> {
        Ok(self
            .entries()
            .get(&(connection.clone(), field.to_owned()))
            .cloned())
    }

    fn remove(&self, connection: &Slug, field: &str) -> Result<()> {
        self.entries()
            .remove(&(connection.clone(), field.to_owned()));
        Ok(())
    }

    fn probe(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tandem_domain::{Secret, Slug};

    use super::MemoryVault;
    use crate::vault::Vault;

    #[test]
    fn secrets_are_kept_by_connection_and_field_and_print_as_dots() {
        let vault = MemoryVault::new();
        let (shop, odoo) = (Slug::from_name("shop"), Slug::from_name("odoo"));
        let put = |field, text: &str| vault.put(&shop, field, Secret::new(text.to_owned()));
        assert_eq!(put("key", "ck_canary"), Ok(()));
        assert_eq!(put("secret", "cs_canary"), Ok(()));
        let key = vault.get(&shop, "key").expect("memory does not fail");
        assert_eq!(key.as_ref().map(Secret::expose), Some("ck_canary"));
        assert_eq!(vault.get(&odoo, "key"), Ok(None));
        assert!(!format!("{vault:?}").contains("canary"));
        assert_eq!(vault.remove(&shop, "key"), Ok(()));
        assert_eq!(
            vault.remove(&shop, "key"),
            Ok(()),
            "removing twice is no error"
        );
        assert_eq!(vault.get(&shop, "key"), Ok(None));
    }
}
