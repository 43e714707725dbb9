//! What was typed: tested without being saved, or saved with its secret in the keychain.

use std::sync::Arc;

use tandem_contract::Account;
use tandem_contract::http::Fingerprint;
use tandem_domain::{ConnectionKind, Secret, Slug};
use tandem_store::SavedConnection;
use url::Url;

use super::address::{parse_url, same_host};
use super::{SECRET_FIELD, SavedSettings, given, parse_slug, settings_of, to_value};
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::{Entry, entry};
use crate::view::{ConnectionDraft, ConnectionView, Stale};
use crate::{App, Result};

impl App {
    /// Saves a connection: its secret into the keychain, the rest into the cache.
    pub async fn save_connection(&self, draft: ConnectionDraft) -> Result<ConnectionView> {
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.save_draft(draft)).await
    }

    /// Trusts one certificate, which a person looked at, for this connection alone.
    pub async fn trust_certificate(&self, slug: &str, fingerprint: &str) -> Result<ConnectionView> {
        let (slug, fingerprint) = (parse_slug(slug)?, parse_fingerprint(fingerprint)?);
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.change_settings(&slug, |settings| {
                settings.certificate = Some(fingerprint);
                Ok(())
            })
        })
        .await
    }

    /// Trusts the certificate no longer: authorities decide again.
    pub async fn forget_certificate(&self, slug: &str) -> Result<ConnectionView> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.change_settings(&slug, |settings| {
                settings.certificate = None;
                Ok(())
            })
        })
        .await
    }
}

/// What was typed, ready to be tested.
pub(super) struct Typed {
    pub(super) entry: &'static Entry,
    pub(super) account: Account,
    pub(super) trusted: Option<Fingerprint>,
}

impl Inner {
    /// A missing secret is taken from the keychain, as long as the host stays the same.
    pub(super) fn typed(&self, draft: ConnectionDraft) -> Result<Typed> {
        let entry = entry(&ConnectionKind::new(draft.kind))?;
        let url = parse_url(&draft.url)?;
        let known = match &draft.slug {
            Some(slug) => self.find(&parse_slug(slug)?)?,
            None => None,
        };
        let trusted = certificate_of(draft.certificate.as_deref(), known.as_ref(), &url)?;
        let secret = match (draft.secret, known) {
            (Some(typed), _) => typed.into_secret(),
            (None, Some(known)) => {
                same_host(&known.url, &url)?;
                self.secret_of(&known.slug)?
            }
            (None, None) => return Err(AppError::bad_input("secret", "")),
        };
        let account = Account {
            url,
            login: draft.login.trim().to_owned(),
            secret,
            database: given(draft.database),
            company: None,
            warehouses: Vec::new(),
            way: None,
            key_ends: None,
        };
        Ok(Typed {
            entry,
            account,
            trusted,
        })
    }

    /// The secret is stored first: a connection without one would be no use, a secret without a
    /// connection is overwritten by the next try.
    ///
    /// Behind another address or database may be another shop, so the test no longer counts and
    /// everything is read anew.
    pub(super) fn save_draft(&self, draft: ConnectionDraft) -> Result<ConnectionView> {
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
        let slug = match &draft.slug {
            Some(slug) => parse_slug(slug)?,
            None => self.free_slug(&name)?,
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
        let (settings, moved) = changed_settings(&draft, known.as_ref(), &url)?;
        if let Some(typed) = draft.secret {
            self.keep_secret(&slug, typed.into_secret())?;
        }
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

    pub(super) fn keep_secret(&self, slug: &Slug, secret: Secret) -> Result<()> {
        self.health.forget(slug);
        Ok(self.vault.put(slug, SECRET_FIELD, secret)?)
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
}

/// The settings as the draft changes them, and whether another shop may be behind the address
/// now. What was learned about the way in does not outlive what it was learned with.
fn changed_settings(
    draft: &ConnectionDraft,
    known: Option<&SavedConnection>,
    url: &Url,
) -> Result<(SavedSettings, bool)> {
    let mut settings = known.map(settings_of).transpose()?.unwrap_or_default();
    let (login, database) = (draft.login.trim(), given(draft.database.clone()));
    let moved =
        known.is_some_and(|known| known.url != url.as_str() || settings.database != database);
    if moved || settings.login != login || draft.secret.is_some() {
        settings.way = None;
    }
    if settings.login != login || draft.secret.is_some() {
        settings.key_expires = None;
    }
    if moved {
        settings.another = None;
    }
    login.clone_into(&mut settings.login);
    settings.database = database;
    settings.certificate = certificate_of(draft.certificate.as_deref(), known, url)?;
    Ok((settings, moved))
}

/// The certificate that is trusted for what was typed: the one that was just looked at, or the
/// one of this connection, for as long as it stays with its host.
pub(super) fn certificate_of(
    typed: Option<&str>,
    known: Option<&SavedConnection>,
    url: &Url,
) -> Result<Option<Fingerprint>> {
    match (typed.map(str::trim), known) {
        (Some(typed), _) if !typed.is_empty() => parse_fingerprint(typed).map(Some),
        (_, Some(known)) if same_host(&known.url, url).is_ok() => {
            Ok(settings_of(known)?.certificate)
        }
        _ => Ok(None),
    }
}

fn parse_fingerprint(text: &str) -> Result<Fingerprint> {
    text.parse()
        .map_err(|error| AppError::bad_input("certificate", text).details(error))
}
