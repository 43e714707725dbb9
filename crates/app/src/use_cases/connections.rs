//! Making, testing, binding and removing connections.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tandem_contract::{Account, CheckReport, Erp, Found, Storefront};
use tandem_domain::{ConnectionKind, Secret, Slug, WarehouseKey};
use tandem_store::{LastCheck, SavedConnection, Stream};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::{Build, ENTRIES, Entry, entry};
use crate::use_cases::address::{parse_url, same_host};
use crate::use_cases::check_views::check_view;
use crate::view::{
    CheckView, ConnectionDraft, ConnectionState, ConnectionView, KindView, Side, Stale,
    StoreBinding,
};
use crate::{App, Result};

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

    /// Tests what was typed and saves nothing. A missing secret is taken from the keychain.
    pub async fn test_connection(&self, draft: ConnectionDraft) -> Result<CheckView> {
        let kind = ConnectionKind::new(draft.kind.clone());
        let inner = Arc::clone(&self.inner);
        let (entry, account) =
            blocking(move || Ok((entry(&kind)?, inner.draft_account(draft)?))).await?;
        let report = check(&self.inner.connect(entry, account)).await;
        Ok(check_view(&report))
    }

    /// Tests a saved connection and keeps the result.
    pub async fn test_saved(&self, slug: &str) -> Result<CheckView> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        let side = {
            let slug = slug.clone();
            blocking(move || inner.open_side(&slug)).await?
        };
        let report = check(&side).await;
        let view = check_view(&report);
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.keep_check(&slug, &report)).await?;
        Ok(view)
    }

    /// Saves a connection: its secret into the keychain, the rest into the cache.
    pub async fn save_connection(&self, draft: ConnectionDraft) -> Result<ConnectionView> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.save_draft(draft)).await
    }

    /// Removes a connection, everything fetched for it, and its secret.
    pub async fn remove_connection(&self, slug: &str) -> Result<()> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let _one_at_a_time = inner.editing();
            inner.runs.refuse_busy(&[&slug])?;
            inner.store.remove_connection(&slug)?;
            inner.stale(&[Stale::Connections, Stale::Review, Stale::Orders]);
            Ok(inner.vault.remove(&slug, SECRET_FIELD)?)
        })
        .await
    }

    /// Says which Odoo, company and warehouses a store sells from.
    pub async fn bind_store(&self, store: &str, binding: StoreBinding) -> Result<ConnectionView> {
        let (store, odoo) = (parse_slug(store)?, parse_slug(&binding.odoo)?);
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.bind(&store, &odoo, &binding)).await
    }
}

async fn check(side: &Connected) -> CheckReport {
    match side {
        Connected::Store(shop) => shop.check().await,
        Connected::Odoo(odoo) => odoo.check().await,
    }
}

impl Inner {
    /// A saved connection, ready to be called; its secret comes from the keychain.
    pub(crate) fn open_side(&self, slug: &Slug) -> Result<Connected> {
        let saved = self.store.connection(slug)?;
        let entry = entry(&saved.kind)?;
        let settings = settings_of(&saved)?;
        let account = Account {
            url: parse_url(&saved.url)?,
            login: settings.login,
            secret: self.secret_of(slug)?,
            database: settings.database,
            company: None,
            warehouses: Vec::new(),
            way: None,
        };
        Ok(self.connect(entry, account))
    }

    /// The Odoo that a store is bound to, ready to be called for that store's company and
    /// warehouses. Stores that share one Odoo share its stock, so their warehouses are joined.
    pub(crate) fn open_odoo_of(&self, store: &SavedConnection) -> Result<(Slug, Box<dyn Erp>)> {
        let odoo = store.bound_odoo.clone().ok_or_else(|| not_bound(store))?;
        let saved = self.store.connection(&odoo)?;
        let settings = settings_of(&saved)?;
        let mut account = Account {
            url: parse_url(&saved.url)?,
            login: settings.login,
            secret: self.secret_of(&odoo)?,
            database: settings.database,
            company: settings_of(store)?.company,
            warehouses: Vec::new(),
            way: None,
        };
        for sharing in self.store.connections()? {
            if sharing.bound_odoo.as_ref() == Some(&odoo) {
                account.warehouses.extend(warehouses_of(&sharing, &saved)?);
            }
        }
        account.warehouses.sort_unstable();
        account.warehouses.dedup();
        match self.connect(entry(&saved.kind)?, account) {
            Connected::Odoo(erp) => Ok((odoo, erp)),
            Connected::Store(_) => Err(not_bound(store)),
        }
    }

    /// A saved connection that must be a store.
    pub(crate) fn saved_store(&self, slug: &Slug) -> Result<SavedConnection> {
        let saved = self.store.connection(slug)?;
        match entry(&saved.kind)?.side() {
            Side::Store => Ok(saved),
            Side::Odoo => Err(AppError::bad_input("store", slug)),
        }
    }

    fn connect(&self, entry: &Entry, account: Account) -> Connected {
        match entry.build {
            Build::Store(build, _) => Connected::Store(build(account, self.wire())),
            Build::Odoo(build) => Connected::Odoo(build(account, self.wire())),
        }
    }

    fn secret_of(&self, slug: &Slug) -> Result<Secret> {
        self.vault
            .get(slug, SECRET_FIELD)?
            .ok_or_else(|| AppError::new(Code::SecretMissing).with("name", slug))
    }

    fn draft_account(&self, draft: ConnectionDraft) -> Result<Account> {
        let url = parse_url(&draft.url)?;
        let secret = match (draft.secret, &draft.slug) {
            (Some(typed), _) => typed.into_secret(),
            (None, Some(slug)) => {
                let slug = parse_slug(slug)?;
                same_host(&self.store.connection(&slug)?.url, &url)?;
                self.secret_of(&slug)?
            }
            (None, None) => return Err(AppError::bad_input("secret", "")),
        };
        Ok(Account {
            url,
            login: draft.login.trim().to_owned(),
            secret,
            database: given(draft.database),
            company: None,
            warehouses: Vec::new(),
            way: None,
        })
    }

    /// The secret is stored first: a connection without one would be no use, a secret without a
    /// connection is overwritten by the next try.
    ///
    /// Behind another address or database may be another shop, so the test no longer counts and
    /// everything is read anew.
    fn save_draft(&self, draft: ConnectionDraft) -> Result<ConnectionView> {
        let _one_at_a_time = self.editing();
        let kind = ConnectionKind::new(draft.kind.clone());
        let entry = entry(&kind)?;
        let url = parse_url(&draft.url)?;
        let known = match &draft.slug {
            Some(slug) => self.find(&parse_slug(slug)?)?,
            None => None,
        };
        let name = match (draft.name.trim(), &known) {
            ("", Some(known)) => known.name.clone(),
            ("", None) => url.host_str().unwrap_or(entry.label).to_owned(),
            (name, _) => name.to_owned(),
        };
        let slug = match (&draft.slug, &known) {
            (Some(slug), _) => parse_slug(slug)?,
            (None, _) => self.free_slug(&name)?,
        };
        if let Some(known) = &known {
            if known.kind != kind {
                return Err(AppError::bad_input("kind", &kind));
            }
            self.runs.refuse_busy(&[&slug])?;
            if draft.secret.is_none() {
                same_host(&known.url, &url)?;
            }
        }
        if let Some(typed) = draft.secret {
            self.vault.put(&slug, SECRET_FIELD, typed.into_secret())?;
        }
        let mut settings = known
            .as_ref()
            .map(settings_of)
            .transpose()?
            .unwrap_or_default();
        draft.login.trim().clone_into(&mut settings.login);
        let database = given(draft.database);
        let moved = known
            .as_ref()
            .is_some_and(|known| known.url != url.as_str() || settings.database != database);
        settings.database = database;
        let saved = SavedConnection {
            slug,
            name,
            kind,
            url: url.to_string(),
            settings: to_value(&settings)?,
            bound_odoo: known.as_ref().and_then(|known| known.bound_odoo.clone()),
            facts: known.as_ref().and_then(|known| known.facts.clone()),
            check: known
                .as_ref()
                .filter(|_| !moved)
                .and_then(|known| known.check.clone()),
            created_at: known.map_or_else(|| self.clock.now(), |known| known.created_at),
        };
        self.store.save_connection(&saved)?;
        if moved {
            self.store.fetch_anew(&saved.slug)?;
        }
        self.stale(&[Stale::Connections]);
        self.connection_view(&saved)
    }

    fn find(&self, slug: &Slug) -> Result<Option<SavedConnection>> {
        Ok(self
            .store
            .connections()?
            .into_iter()
            .find(|saved| saved.slug == *slug))
    }

    /// A short name made from the name, with a number behind it when it is taken.
    fn free_slug(&self, name: &str) -> Result<Slug> {
        let taken: Vec<Slug> = self
            .store
            .connections()?
            .into_iter()
            .map(|saved| saved.slug)
            .collect();
        let wanted = Slug::from_name(name);
        let numbered = (2..).map(|n| Slug::from_name(&format!("{:.36} {n}", wanted.as_str())));
        std::iter::once(wanted.clone())
            .chain(numbered)
            .find(|slug| !taken.contains(slug))
            .ok_or_else(|| AppError::new(Code::NameTaken).with("name", wanted))
    }

    /// Keeps the outcome of a test. A connection that was given no name takes the one that the
    /// other side calls itself, as soon as that is known.
    fn keep_check(&self, slug: &Slug, report: &CheckReport) -> Result<()> {
        let _one_at_a_time = self.editing();
        let check = LastCheck {
            at: self.clock.now(),
            result: to_value(report)?,
        };
        let found = to_value(&report.found)?;
        self.store
            .save_check(slug, &check, report.passed().then_some(&found))?;
        let mut saved = self.store.connection(slug)?;
        let unnamed = parse_url(&saved.url)?.host_str() == Some(saved.name.as_str());
        if let (true, Some(title)) = (unnamed, &report.found.title) {
            saved.name.clone_from(title);
            self.store.save_connection(&saved)?;
        }
        self.stale(&[Stale::Connections]);
        Ok(())
    }

    fn bind(&self, store: &Slug, odoo: &Slug, binding: &StoreBinding) -> Result<ConnectionView> {
        let _one_at_a_time = self.editing();
        let mut saved = self.saved_store(store)?;
        let target = self.store.connection(odoo)?;
        if entry(&target.kind)?.side() != Side::Odoo {
            return Err(AppError::bad_input("odoo", odoo));
        }
        self.runs.refuse_busy(&[store, odoo])?;
        let mut settings = settings_of(&saved)?;
        let company = i64::from(binding.company);
        self.refuse_second_company(store, odoo, company)?;
        self.refuse_to_forget(&saved, odoo)?;
        if settings.company.is_some_and(|before| before != company) {
            self.store.fetch_anew(odoo)?;
        }
        settings.company = Some(company);
        settings.warehouses = binding.warehouses.iter().copied().map(i64::from).collect();
        saved.settings = to_value(&settings)?;
        saved.bound_odoo = Some(odoo.clone());
        self.store.save_connection(&saved)?;
        self.stale(&[Stale::Connections, Stale::Review, Stale::Orders]);
        self.connection_view(&saved)
    }

    /// A connection to Odoo is read for one company: read for another, what belongs to the first
    /// would look deleted. A second connection to the same Odoo serves the second company.
    fn refuse_second_company(&self, store: &Slug, odoo: &Slug, company: i64) -> Result<()> {
        for sharing in self.store.connections()? {
            if sharing.slug == *store || sharing.bound_odoo.as_ref() != Some(odoo) {
                continue;
            }
            if settings_of(&sharing)?.company != Some(company) {
                let words = "another store uses this connection for another company; \
                     make a second connection to the same Odoo for this one";
                return Err(AppError::bad_input("company", company).details(words));
            }
        }
        Ok(())
    }

    /// Decisions name products of the Odoo that they were taken for, and would go with it.
    fn refuse_to_forget(&self, store: &SavedConnection, odoo: &Slug) -> Result<()> {
        let leaves = store.bound_odoo.as_ref().is_some_and(|left| left != odoo);
        let decisions = self.store.count_decisions(&store.slug)?;
        if !leaves || decisions == 0 {
            return Ok(());
        }
        let words = format!(
            "{decisions} decisions would be lost; remove the store and connect it anew, \
             if that is what is wanted"
        );
        Err(AppError::bad_input("odoo", odoo).details(words))
    }

    fn connection_view(&self, saved: &SavedConnection) -> Result<ConnectionView> {
        let entry = entry(&saved.kind)?;
        let settings = settings_of(saved)?;
        let report = saved.check.as_ref().and_then(|check| {
            Some((
                check.at,
                serde_json::from_value::<CheckReport>(check.result.clone()).ok()?,
            ))
        });
        let stream = match entry.side() {
            Side::Store => Stream::Listings,
            Side::Odoo => Stream::Variants,
        };
        let fetched = self.store.fetch_state(&saved.slug, stream)?;
        Ok(ConnectionView {
            slug: saved.slug.to_string(),
            name: saved.name.clone(),
            kind: saved.kind.to_string(),
            side: entry.side(),
            url: saved.url.clone(),
            login: settings.login,
            database: settings.database,
            bound: saved.bound_odoo.as_ref().map(|odoo| StoreBinding {
                odoo: odoo.to_string(),
                company: id32(settings.company.unwrap_or_default()),
                warehouses: settings.warehouses.iter().copied().map(id32).collect(),
            }),
            state: match &report {
                None => ConnectionState::Untested,
                Some((_, report)) if report.passed() => ConnectionState::Healthy,
                Some(_) => ConnectionState::Stopped,
            },
            checked_at: report.as_ref().map(|(at, _)| at.to_string()),
            check: report.as_ref().map(|(_, report)| check_view(report)),
            fetched_at: fetched
                .and_then(|state| state.watermark)
                .map(|at| at.to_string()),
        })
    }
}

/// The warehouses that a store sells from: those chosen, or all of its company.
pub(crate) fn warehouses_of(
    store: &SavedConnection,
    odoo: &SavedConnection,
) -> Result<Vec<WarehouseKey>> {
    let settings = settings_of(store)?;
    if !settings.warehouses.is_empty() {
        return Ok(settings.warehouses.into_iter().map(WarehouseKey).collect());
    }
    let companies = found_of(odoo)?.companies;
    let chosen = companies
        .into_iter()
        .filter(|c| settings.company.is_none_or(|id| c.id == id));
    Ok(chosen
        .flat_map(|c| c.warehouses)
        .map(|w| WarehouseKey(w.id))
        .collect())
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

fn not_bound(store: &SavedConnection) -> AppError {
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
#[path = "connections_tests.rs"]
mod tests;
