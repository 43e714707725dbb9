//! Connections: what is saved of them, and the two sides made from it.

mod address;
mod binding;
mod check_views;
mod checking;
mod consent;
mod door;
mod identity;
mod keys;
mod notices;
mod saving;
mod showing;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tandem_contract::http::Fingerprint;
use tandem_contract::{Account, Erp, Found, Storefront, Way, Wire};
use tandem_domain::{Secret, Slug, Timestamp};
use tandem_store::SavedConnection;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::{Build, ENTRIES, Entry, entry};
use crate::view::{ConnectionView, KindView, Side, Stale};
use crate::{App, Result};

pub(crate) use address::parse_url;
pub(crate) use binding::warehouses_of;
pub(crate) use checking::{is_locked_away, waits_for_a_person};
pub(crate) use consent::Consent;
use identity::Identity;

/// The field of a connection's entry in the keychain.
const SECRET_FIELD: &str = "secret";

/// What is saved of a connection beside its columns. No secret.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SavedSettings {
    login: String,
    database: Option<String>,
    /// For a store: the company it sells for in Odoo.
    pub(crate) company: Option<i64>,
    /// For a store: the warehouses it sells from; empty means all of the company.
    pub(crate) warehouses: Vec<i64>,
    /// How the last test got in, so that the next call need not find out again.
    way: Option<Way>,
    /// The certificate that a person looked at and trusts.
    certificate: Option<Fingerprint>,
    /// When the key ends that was made here.
    key_expires: Option<Timestamp>,
    /// When the facts were found that are kept.
    facts_at: Option<Timestamp>,
    /// Which shop or database decisions are taken for.
    identity: Option<Identity>,
    /// Which one is behind the address instead, until a person says what that means.
    another: Option<Identity>,
}

/// One side, ready to be called.
pub(crate) enum Connected {
    Store(Box<dyn Storefront>),
    Odoo(Box<dyn Erp>),
}

impl App {
    /// The kinds of connection that this build can make.
    pub fn kinds(&self) -> Vec<KindView> {
        ENTRIES.iter().map(Entry::view).collect()
    }

    /// All connections, oldest first.
    pub async fn connections(&self) -> Result<Vec<ConnectionView>> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner
                .store
                .connections()?
                .iter()
                .map(|saved| inner.connection_view(saved))
                .collect()
        })
        .await
    }

    /// Removes a connection, everything fetched for it, and its secret. A secret that is not in
    /// our hands, because it comes from the environment, stays there.
    pub async fn remove_connection(&self, slug: &str) -> Result<()> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let _one_at_a_time = inner.editing();
            inner.runs.refuse_busy(&[&slug])?;
            inner.store.remove_connection(&slug)?;
            inner.health.forget(&slug);
            inner.kept_matches.forget(&slug);
            inner.stale(&[Stale::Connections, Stale::Review, Stale::Orders]);
            match inner.vault.remove(&slug, SECRET_FIELD) {
                Ok(()) | Err(tandem_secrets::VaultError::ReadOnly) => Ok(()),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}

impl Inner {
    /// A saved connection, ready to be called; its secret comes from the keychain.
    pub(crate) fn open_side(&self, slug: &Slug) -> Result<Connected> {
        let saved = self.store.connection(slug)?;
        let settings = settings_of(&saved)?;
        let account = self.account_of(&saved, &settings)?;
        Ok(self.connect(entry(&saved.kind)?, account, settings.certificate))
    }

    /// The Odoo that a store is bound to, ready to be called for that store's company and
    /// warehouses. Stores that share one Odoo share its stock, so their warehouses are joined.
    pub(crate) fn open_odoo_of(&self, store: &SavedConnection) -> Result<(Slug, Box<dyn Erp>)> {
        let odoo = store.bound_odoo.clone().ok_or_else(|| not_bound(store))?;
        let saved = self.store.connection(&odoo)?;
        let settings = settings_of(&saved)?;
        let mut account = self.account_of(&saved, &settings)?;
        account.company = settings_of(store)?.company;
        for sharing in self.store.connections()? {
            if sharing.bound_odoo.as_ref() == Some(&odoo) {
                account.warehouses.extend(warehouses_of(&sharing, &saved)?);
            }
        }
        account.warehouses.sort_unstable();
        account.warehouses.dedup();
        match self.connect(entry(&saved.kind)?, account, settings.certificate) {
            Connected::Odoo(erp) => Ok((odoo, erp)),
            Connected::Store(_) => Err(not_bound(store)),
        }
    }

    /// A saved connection that must be a store.
    pub(crate) fn saved_store(&self, slug: &Slug) -> Result<SavedConnection> {
        self.in_use();
        let saved = self.store.connection(slug)?;
        match entry(&saved.kind)?.side() {
            Side::Store => Ok(saved),
            Side::Odoo => Err(AppError::bad_input("store", slug)),
        }
    }

    fn account_of(&self, saved: &SavedConnection, settings: &SavedSettings) -> Result<Account> {
        Ok(Account {
            url: parse_url(&saved.url)?,
            login: settings.login.clone(),
            secret: self.secret_of(&saved.slug)?,
            database: settings.database.clone(),
            company: None,
            warehouses: Vec::new(),
            way: settings.way.clone(),
            key_ends: settings.key_expires,
        })
    }

    fn connect(&self, entry: &Entry, account: Account, trusted: Option<Fingerprint>) -> Connected {
        let wire = self.wire(trusted);
        match entry.build {
            Build::Store(build, _) => Connected::Store(build(account, wire)),
            Build::Odoo(build) => Connected::Odoo(build(account, wire)),
        }
    }

    fn wire(&self, trusted: Option<Fingerprint>) -> Wire {
        Wire {
            transport: self.transport_trusting(trusted),
            clock: Arc::clone(&self.clock),
        }
    }

    fn secret_of(&self, slug: &Slug) -> Result<Secret> {
        self.vault
            .get(slug, SECRET_FIELD)?
            .ok_or_else(|| AppError::new(Code::SecretMissing).with("name", slug))
    }

    /// Changes what is saved beside the columns, and shows the connection as it then is.
    fn change_settings(
        &self,
        slug: &Slug,
        change: impl FnOnce(&mut SavedSettings) -> Result<()>,
    ) -> Result<ConnectionView> {
        let _one_at_a_time = self.editing();
        let mut saved = self.store.connection(slug)?;
        let mut settings = settings_of(&saved)?;
        change(&mut settings)?;
        saved.settings = to_value(&settings)?;
        self.store.save_connection(&saved)?;
        self.stale(&[Stale::Connections]);
        self.connection_view(&saved)
    }
}

/// What the last passed test of a connection found; nothing when there was none.
pub(crate) fn found_of(saved: &SavedConnection) -> Result<Found> {
    match &saved.facts {
        None => Ok(Found::default()),
        Some(facts) => serde_json::from_value(facts.clone())
            .map_err(|error| AppError::new(Code::Internal).details(error)),
    }
}

pub(crate) fn settings_of(saved: &SavedConnection) -> Result<SavedSettings> {
    serde_json::from_value(saved.settings.clone())
        .map_err(|error| AppError::new(Code::Internal).details(error))
}

pub(crate) fn parse_slug(text: &str) -> Result<Slug> {
    text.parse()
        .map_err(|error| AppError::bad_input("name", text).details(error))
}

/// Odoo's row ids are 32 bits wide in its database.
pub(crate) fn id32(id: i64) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}

pub(crate) fn not_bound(store: &SavedConnection) -> AppError {
    AppError::new(Code::StoreNotBound).with("name", &store.name)
}

fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn to_value(value: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| AppError::new(Code::Internal).details(error))
}

#[cfg(test)]
mod tests;
