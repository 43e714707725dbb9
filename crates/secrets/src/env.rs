//! Secrets given from outside, for machines without a keychain.

use std::collections::BTreeMap;

use serde_json::Value;
use tandem_domain::{Secret, Slug};

use crate::vault::{Result, Vault, VaultError};

/// What the variables' names begin with; the connection's short name in capitals follows.
pub const PREFIX: &str = "TANDEM_SECRET_";

/// Gives out secrets from environment variables, each a JSON object of texts by field:
/// `TANDEM_SECRET_SHOP={"consumer_key":"…","consumer_secret":"…"}`.
/// A variable that cannot be read is an error for the connection that it belongs to, and for no
/// other one.
#[derive(Debug, Default)]
pub struct EnvVault(BTreeMap<Slug, Result<BTreeMap<String, Secret>>>);

impl EnvVault {
    /// Reads the variables that begin with [`PREFIX`] out of an environment that the program's
    /// entry read; passes over all others. Fails when one names no connection. A variable that is
    /// not such an object is an error of [`Vault::get`] that names it and never shows its value.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut connections = BTreeMap::new();
        for (variable, text) in variables {
            let Some(name) = variable.strip_prefix(PREFIX) else {
                continue;
            };
            let refused = |reason: String| VaultError::BadVariable {
                variable: variable.clone(),
                reason,
            };
            let slug = name
                .to_ascii_lowercase()
                .parse()
                .map_err(|_| refused("its name ends in no short name".to_owned()))?;
            connections.insert(slug, fields(&text).map_err(refused));
        }
        Ok(Self(connections))
    }
}

/// The parser's own messages quote what they found, so only places and types are told.
fn fields(text: &str) -> std::result::Result<BTreeMap<String, Secret>, String> {
    let object = match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("it is JSON, but no object".to_owned()),
        Err(e) => {
            return Err(format!(
                "it must be JSON such as {{\"secret\":\"…\"}}; it is none at line {}, column {}",
                e.line(),
                e.column()
            ));
        }
    };
    object
        .into_iter()
        .map(|(field, value)| match value {
            Value::String(secret) => Ok((field, Secret::new(secret))),
            _ => Err(format!("`{field}` is no text")),
        })
        .collect()
}

impl Vault for EnvVault {
    fn put(&self, _connection: &Slug, _field: &str, _secret: Secret) -> Result<()> {
        Err(VaultError::ReadOnly)
    }

    fn get(&self, connection: &Slug, field: &str) -> Result<Option<Secret>> {
        match self.0.get(connection) {
            None => Ok(None),
            Some(Ok(fields)) => Ok(fields.get(field).cloned()),
            Some(Err(unreadable)) => Err(unreadable.clone()),
        }
    }

    fn remove(&self, _connection: &Slug, _field: &str) -> Result<()> {
        Err(VaultError::ReadOnly)
    }

    fn probe(&self) -> Result<()> {
        Err(VaultError::ReadOnly)
    }
}

#[cfg(test)]
mod tests {
    use tandem_domain::{Secret, Slug};

    use super::EnvVault;
    use crate::vault::{Vault, VaultError};

    fn vault(name: &str, text: &str) -> Result<EnvVault, VaultError> {
        let other = ("HOME".to_owned(), "/root".to_owned());
        EnvVault::from_variables([other, (name.to_owned(), text.to_owned())])
    }

    #[test]
    fn fields_are_read_by_connection() {
        let vault = vault("TANDEM_SECRET_MY_SHOP", r#"{"key":"ck_canary"}"#).expect("well formed");
        let shop = Slug::from_name("my shop");
        let found = vault.get(&shop, "key").expect("reading does not fail");
        assert_eq!(found.as_ref().map(Secret::expose), Some("ck_canary"));
        assert_eq!(vault.get(&shop, "password"), Ok(None));
        assert!(!format!("{vault:?}").contains("canary"));
    }

    #[test]
    fn writing_is_refused_clearly() {
        let vault = EnvVault::default();
        let shop = Slug::from_name("shop");
        let put = vault.put(&shop, "key", Secret::new("x".to_owned()));
        assert_eq!(put, Err(VaultError::ReadOnly));
        assert_eq!(vault.remove(&shop, "key"), Err(VaultError::ReadOnly));
        assert_eq!(vault.probe(), Err(VaultError::ReadOnly));
    }

    #[test]
    fn a_malformed_variable_is_named_and_its_value_is_not() {
        for text in [
            "canary",
            r#""canary""#,
            r#"{"key":["canary"]}"#,
            r#"{"canary"#,
            "[]",
        ] {
            let vault = vault("TANDEM_SECRET_SHOP", text).expect("the name is good");
            let error = vault
                .get(&Slug::from_name("shop"), "key")
                .expect_err("malformed");
            let shown = format!("{error} {error:?} {vault:?}");
            assert!(shown.contains("TANDEM_SECRET_SHOP"), "{shown}");
            assert!(!shown.contains("canary"), "{shown}");
            let other = vault.get(&Slug::from_name("odoo"), "key");
            assert_eq!(other, Ok(None), "another connection is not touched by it");
        }
        assert!(
            vault("TANDEM_SECRET_", "{}").is_err(),
            "no connection in the name"
        );
    }
}
