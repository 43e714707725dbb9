//! Keys that the other side makes, so that no password has to be kept, and their renewal.

use std::sync::Arc;

use tandem_contract::{Keys, NewKey};
use tandem_domain::Slug;

use super::checking::check;
use super::saving::Typed;
use super::{Connected, parse_slug, settings_of};
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::entry;
use crate::view::{ConnectionDraft, ConnectionView, SecretText, VaultState};
use crate::{App, Result};

/// What a key of ours is called in the other side's list of keys.
const KEY_NAME: &str = "Tandem";

impl App {
    /// Makes a key with the password that was typed, and saves the connection with the key. The
    /// password is used once and not kept.
    pub async fn make_key(&self, draft: ConnectionDraft) -> Result<ConnectionView> {
        self.inner.refuse_read_only_vault()?;
        let (inner, typed) = (Arc::clone(&self.inner), draft.clone());
        let typed = blocking(move || inner.typed(typed)).await?;
        let made = self.inner.make_and_prove(typed).await?;
        let inner = Arc::clone(&self.inner);
        let saved = blocking(move || {
            let with_key = ConnectionDraft {
                secret: Some(SecretText::new(made.secret.expose().to_owned())),
                ..draft
            };
            let slug = inner.save_draft(with_key)?.slug;
            inner.change_settings(&parse_slug(&slug)?, |settings| {
                settings.key_expires = made.expires;
                Ok(())
            })
        });
        let slug = saved.await?.slug;
        self.check_now(&slug).await
    }

    /// Puts a new key in the place of the one in use, with the password where the other side asks
    /// for one. The old key serves until the new one has been tested.
    pub async fn renew_key(
        &self,
        slug: &str,
        password: Option<SecretText>,
    ) -> Result<ConnectionView> {
        self.inner.refuse_read_only_vault()?;
        let slug = parse_slug(slug)?;
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        let signed_in = blocking(move || inner.signed_in_with(&name, password)).await?;
        let made = self.inner.make_and_prove(signed_in).await?;
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        blocking(move || inner.replace_key(&name, made)).await?;
        self.check_now(slug.as_str()).await
    }
}

impl Inner {
    /// A key that could not be kept would be lost: the server shows it once.
    pub(super) fn refuse_read_only_vault(&self) -> Result<()> {
        if self.vault_state == VaultState::Environment {
            return Err(AppError::new(Code::VaultReadOnly));
        }
        Ok(self.vault.probe()?)
    }

    fn signed_in_with(&self, slug: &Slug, password: Option<SecretText>) -> Result<Typed> {
        let saved = self.store.connection(slug)?;
        let settings = settings_of(&saved)?;
        let mut account = self.account_of(&saved, &settings)?;
        if let Some(password) = password {
            account.secret = password.into_secret();
            // What a key opens, a password may not.
            account.way = None;
            account.key_ends = None;
        }
        Ok(Typed {
            entry: entry(&saved.kind)?,
            account,
            trusted: settings.certificate,
        })
    }

    /// Makes a key and signs in with it, so that one that opens nothing replaces nothing.
    async fn make_and_prove(&self, typed: Typed) -> Result<NewKey> {
        let Typed {
            entry,
            mut account,
            trusted,
        } = typed;
        let side = self.connect(entry, account.clone(), trusted);
        let made = keys_of(&side)?.make(KEY_NAME).await?;
        account.secret = made.secret.clone();
        account.way = None;
        account.key_ends = made.expires;
        let proof = check(&self.connect(entry, account, trusted)).await;
        proof
            .failure
            .map_or(Ok(made), |failure| Err(failure.into()))
    }

    fn replace_key(&self, slug: &Slug, made: NewKey) -> Result<()> {
        self.keep_secret(slug, made.secret)?;
        self.change_settings(slug, |settings| {
            settings.way = None;
            settings.key_expires = made.expires;
            Ok(())
        })?;
        Ok(())
    }
}

fn keys_of(side: &Connected) -> Result<&dyn Keys> {
    let keys = match side {
        Connected::Store(_) => None,
        Connected::Odoo(odoo) => odoo.keys(),
    };
    keys.ok_or_else(|| AppError::bad_input("kind", ""))
}
