//! Joining a shop by saying yes on a page of its own: the browser brings the key to an address of
//! this computer that only this one question knows, and from there it goes into the keychain.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::ToSpan as _;
use tandem_domain::ConnectionKind;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::door::{Door, MINUTES_MAX};
use super::parse_url;
use super::saving::certificate_of;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::AppError;
use crate::registry::{ConsentPage, Granted, entry};
use crate::view::{
    AppEvent, ConnectionDraft, ConnectionView, ConsentEnded, ConsentStarted, SecretText,
};
use crate::{App, Result};

/// The setting in which [`App::program_id`] is kept.
const PROGRAM_ID: &str = "program_id";

/// How long a shop may take to say whether it has the page.
const ASKING_MAX: Duration = Duration::from_secs(10);

/// The question that is open, if one is; a new one closes it.
#[derive(Debug, Default)]
pub(crate) struct Consent(Mutex<CancellationToken>);

impl Consent {
    fn begin(&self) -> CancellationToken {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.cancel();
        *open = CancellationToken::new();
        open.clone()
    }

    fn cancel(&self) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.cancel();
    }
}

impl App {
    /// Asks the shop for a page on which a person lets Tandem in, and returns its address at
    /// once. How it ended is told by [`AppEvent::Consent`]: then the connection is saved, and the
    /// key went into the keychain without passing any window.
    pub async fn begin_consent(&self, draft: ConnectionDraft) -> Result<ConsentStarted> {
        let (started, work) = self.prepare_consent(draft).await?;
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            let (connection, error) = match work.await {
                Ok(saved) => (Some(saved.slug), None),
                Err(error) => (None, Some(error)),
            };
            inner.tell(AppEvent::Consent(ConsentEnded { connection, error }));
        });
        Ok(started)
    }

    /// The same, waiting for the answer; `tell` is handed the address of the page.
    pub async fn consent(
        &self,
        draft: ConnectionDraft,
        tell: impl FnOnce(&ConsentStarted) + Send,
    ) -> Result<ConnectionView> {
        let (started, work) = self.prepare_consent(draft).await?;
        tell(&started);
        work.await
    }

    /// Waits for the answer no longer.
    pub fn cancel_consent(&self) {
        self.inner.consent.cancel();
    }

    async fn prepare_consent(
        &self,
        draft: ConnectionDraft,
    ) -> Result<(
        ConsentStarted,
        impl Future<Output = Result<ConnectionView>> + Send + 'static,
    )> {
        let inner = Arc::clone(&self.inner);
        let page = entry(&ConnectionKind::new(draft.kind.clone()))?
            .consent
            .ok_or_else(|| AppError::bad_input("kind", &draft.kind))?;
        inner.refuse_read_only_vault()?;
        let shop = parse_url(&draft.url)?;
        inner.ask_for_the_page(page, &draft, &shop).await?;
        let language = self.settings().await?.language;
        let door = Door::open(page, inner.random.token()?, language).await?;
        let program = self.program_id().await?;
        let url = (page.url)(&shop, &program, &door.address()?);
        let started = ConsentStarted {
            url: url.to_string(),
            until: (inner.clock.now() + MINUTES_MAX.minutes()).to_string(),
        };
        let cancel = inner.consent.begin();
        let work = async move {
            let granted = door.wait(&cancel).await?;
            blocking(move || inner.save_granted(draft, &granted)).await
        };
        Ok((started, work))
    }
}

impl App {
    /// The UUID under which a shop lists the passwords of this program on this computer.
    async fn program_id(&self) -> Result<String> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            if let Some(known) = inner.store.setting(PROGRAM_ID)? {
                return Ok(known);
            }
            let made = uuid(&inner.random.token()?);
            inner.store.save_setting(PROGRAM_ID, &made)?;
            Ok(made)
        })
        .await
    }
}

/// 32 digits in the shape of a random UUID (RFC 9562, version 4).
fn uuid(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let (first, second, third) = (part(0, 8), part(8, 12), part(13, 16));
    format!(
        "{first}-{second}-4{third}-a{}-{}",
        part(17, 20),
        part(20, 32)
    )
}

impl Inner {
    /// Where the shop says that it has no such page, nobody would ever come back from it. A shop
    /// that is slow to say is not waited for.
    async fn ask_for_the_page(
        &self,
        page: ConsentPage,
        draft: &ConnectionDraft,
        shop: &Url,
    ) -> Result<()> {
        let trusted = certificate_of(draft.certificate.as_deref(), None, shop)?;
        let asked = (page.offered)(shop.clone(), self.wire(trusted));
        match tokio::time::timeout(ASKING_MAX, asked).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Ok(()),
        }
    }

    fn save_granted(&self, draft: ConnectionDraft, granted: &Granted) -> Result<ConnectionView> {
        self.save_draft(ConnectionDraft {
            login: granted.login.clone(),
            secret: Some(SecretText::new(granted.secret.expose().to_owned())),
            ..draft
        })
    }
}
