//! The connection test, and what is kept of it.

use std::sync::Arc;

use tandem_contract::{
    CheckReport, CheckStep, Error, Kind, Notice, NoticeCode, StepName, StepOutcome,
};
use tandem_domain::Slug;
use tandem_store::{LastCheck, SavedConnection};

use super::check_views::check_view;
use super::identity::Identity;
use super::showing::{another_shop, health_state, report_of, whole_check};
use super::{Connected, SavedSettings, found_of, parse_slug, parse_url, settings_of, to_value};
use crate::automation::health::Standing;
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::view::{CheckView, ConnectionDraft, ConnectionView, Stale};
use crate::{App, Result};

impl App {
    /// Tests what was typed and saves nothing. A missing secret is taken from the keychain.
    pub async fn test_connection(&self, draft: ConnectionDraft) -> Result<CheckView> {
        let inner = Arc::clone(&self.inner);
        let (side, trusted) = blocking(move || {
            let typed = inner.typed(draft)?;
            let side = inner.connect(typed.entry, typed.account, typed.trusted);
            Ok((side, typed.trusted))
        })
        .await?;
        let mut report = check(&side).await;
        if let Some(fingerprint) = trusted {
            let pinned = Notice::new(NoticeCode::CertificatePinned);
            report.notices.push(pinned.with("fingerprint", fingerprint));
        }
        Ok(check_view(&report))
    }

    /// Tests a saved connection and keeps the result.
    pub async fn test_saved(&self, slug: &str) -> Result<CheckView> {
        let slug = parse_slug(slug)?;
        self.inner.test_and_keep(&slug).await
    }

    /// Says that what is behind the address is still the same shop, only moved: links and
    /// decisions stay. Whoever connected to another one makes a new connection for it.
    pub async fn accept_shop(&self, slug: &str) -> Result<ConnectionView> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.change_settings(&slug, |settings| {
                if let Some(moved) = settings.another.take() {
                    settings.identity = Some(moved);
                }
                Ok(())
            })
        })
        .await
    }
}

pub(super) async fn check(side: &Connected) -> CheckReport {
    match side {
        Connected::Store(shop) => shop.check().await,
        Connected::Odoo(odoo) => odoo.check().await,
    }
}

impl Inner {
    /// Tests a saved connection and keeps the result; refused where its secret cannot be had.
    pub(crate) async fn test_and_keep(self: &Arc<Self>, slug: &Slug) -> Result<CheckView> {
        let (inner, name) = (Arc::clone(self), slug.clone());
        let (asked, side) = blocking(move || {
            let saved = inner.store.connection(&name)?;
            let opened = inner.open_side(&name);
            inner.note_vault(&name, opened.as_ref().err());
            Ok((saved, opened?))
        })
        .await?;
        let report = check(&side).await;
        let inner = Arc::clone(self);
        blocking(move || inner.keep_check(&asked, &report)).await
    }

    /// Keeps the outcome of a test of a connection as it was when it was asked; when it was
    /// changed in the meantime, the outcome says nothing about it any more. A connection that was
    /// given no name takes the one that the other side calls itself, as soon as that is known.
    pub(crate) fn keep_check(
        &self,
        asked: &SavedConnection,
        report: &CheckReport,
    ) -> Result<CheckView> {
        let _one_at_a_time = self.editing();
        let mut saved = self.store.connection(&asked.slug)?;
        let mut settings = settings_of(&saved)?;
        if saved.url != asked.url || !settings.signs_in_like(&settings_of(asked)?) {
            return Ok(check_view(report));
        }
        self.learn(&saved, &mut settings, report)?;
        let at = self.clock.now();
        if report.passed() && settings.another.is_none() {
            saved.facts = Some(to_value(&report.found)?);
            settings.facts_at = Some(at);
        }
        saved.settings = to_value(&settings)?;
        saved.check = Some(LastCheck {
            at,
            result: to_value(report)?,
        });
        let unnamed = parse_url(&saved.url)?.host_str() == Some(saved.name.as_str());
        if let (true, Some(title)) = (unnamed, &report.found.title) {
            saved.name.clone_from(title);
        }
        self.store.save_connection(&saved)?;
        self.note_standing(&saved.slug, &self.standing_of(&saved)?)?;
        self.stale(&[Stale::Connections]);
        let notices = self.notices_of(&saved, &settings, &report.notices)?;
        whole_check(report, (&saved, &settings), &notices)
    }

    /// What a test taught for the next calls: the way in, and which shop is there.
    fn learn(
        &self,
        saved: &SavedConnection,
        settings: &mut SavedSettings,
        report: &CheckReport,
    ) -> Result<()> {
        let wrong_way = report
            .failure
            .as_ref()
            .is_some_and(|failure| makes_way_doubtful(failure.cause.kind()));
        if wrong_way {
            settings.way = None;
        }
        if !report.passed() {
            return Ok(());
        }
        settings.way.clone_from(&report.found.way);
        let there = Identity::of(&saved.url, &report.found);
        let known = settings.identity.take();
        let differs = known
            .as_ref()
            .is_some_and(|known| there.differs_from(known));
        if differs && self.decisions_about(saved)? > 0 {
            settings.identity = known;
            settings.another = Some(there);
            return Ok(());
        }
        if differs {
            self.store.fetch_anew(&saved.slug)?;
        }
        settings.identity = Some(there);
        settings.another = None;
        Ok(())
    }

    /// Decisions that name records of this connection.
    fn decisions_about(&self, saved: &SavedConnection) -> Result<u32> {
        let mut count = 0;
        for store in self.store.connections()? {
            if store.slug == saved.slug || store.bound_odoo.as_ref() == Some(&saved.slug) {
                count += self.store.count_decisions(&store.slug)?;
            }
        }
        Ok(count)
    }

    /// A call outside a test showed that the other side does not let us in any more: the way in
    /// is forgotten, and a refused login is kept, so that nobody tries it again by itself.
    pub(crate) fn note_failure(&self, slug: &Slug, error: &Error) -> Result<()> {
        if !makes_way_doubtful(error.kind()) {
            return Ok(());
        }
        let saved = self.store.connection(slug)?;
        let report = CheckReport {
            steps: steps_until_credentials(),
            found: found_of(&saved)?,
            notices: report_of(&saved)
                .map(|last| last.notices)
                .unwrap_or_default(),
            failure: Some(error.clone().into()),
        };
        if error.kind() == Kind::Credentials {
            self.keep_check(&saved, &report)?;
        } else {
            self.change_settings(slug, |settings| {
                settings.way = None;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Refused where another shop is behind the address than the one that decisions are for.
    pub(crate) fn refuse_another_shop(&self, slug: &Slug) -> Result<()> {
        let settings = settings_of(&self.store.connection(slug)?)?;
        another_shop(&settings).map_or(Ok(()), Err)
    }

    /// Whether a connection's address changed since it was last known which shop is there.
    pub(crate) fn is_unproven(&self, slug: &Slug) -> Result<bool> {
        let saved = self.store.connection(slug)?;
        Ok(saved.check.is_none() && settings_of(&saved)?.identity.is_some())
    }

    /// How a connection stands, to be held against how it stood before.
    fn standing_of(&self, saved: &SavedConnection) -> Result<Standing> {
        let (settings, report) = (settings_of(saved)?, report_of(saved));
        let tested = report.as_ref().map_or(&[][..], |report| &report.notices);
        let notices = self.notices_of(saved, &settings, tested)?;
        let failure = report.as_ref().and_then(|report| report.failure.as_ref());
        let another = another_shop(&settings).map(|error| error.code);
        Ok(Standing {
            state: health_state(report.as_ref(), &settings, &notices),
            failure: failure.map(|failure| Code::from(failure.cause)).or(another),
            found: found_of(saved)?,
            key_expires: super::notices::key_expires(&settings, &found_of(saved)?),
        })
    }
}

impl SavedSettings {
    fn signs_in_like(&self, other: &Self) -> bool {
        self.login == other.login && self.database == other.database
    }
}

/// Refused, or led elsewhere: how it got in before proves nothing any more.
fn makes_way_doubtful(kind: Kind) -> bool {
    matches!(kind, Kind::Credentials | Kind::WrongAddress)
}

/// The steps of a test that a call outside a test amounts to.
fn steps_until_credentials() -> Vec<CheckStep> {
    let step = |name| CheckStep {
        name,
        outcome: match name {
            StepName::Address | StepName::Product => StepOutcome::Passed {
                detail: String::new(),
            },
            StepName::Credentials => StepOutcome::Failed,
            StepName::Rights | StepName::Facts => StepOutcome::NotTried,
        },
        elapsed_ms: 0,
    };
    StepName::ALL.into_iter().map(step).collect()
}

/// Whether a person must do something before this may be asked again by itself.
pub(crate) fn waits_for_a_person(saved: &SavedConnection) -> bool {
    report_of(saved)
        .and_then(|report| report.failure)
        .is_some_and(|failure| failure.cause.kind() == Kind::Credentials)
}

/// A secret that cannot be had now, though nothing is wrong with the connection.
pub(crate) fn is_locked_away(error: &AppError) -> bool {
    matches!(
        error.code,
        Code::VaultLocked | Code::VaultUnavailable | Code::SecretMissing
    )
}
