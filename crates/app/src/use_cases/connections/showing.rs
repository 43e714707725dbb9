//! A connection as doors see it.

use tandem_contract::{CheckReport, Notice};
use tandem_domain::Slug;
use tandem_store::{SavedConnection, Stream};

use super::check_views::{check_view, facts_view};
use super::notices::{is_pressing, key_expires, notice_view};
use super::{SavedSettings, found_of, id32, settings_of};
use crate::Result;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::entry;
use crate::view::{
    CheckView, ConnectionState, ConnectionView, HealthState, HealthView, Side, StoreBinding,
};

/// The last test as it was saved; one of a shape that is no longer read counts as none.
pub(crate) fn report_of(saved: &SavedConnection) -> Option<CheckReport> {
    let check = saved.check.as_ref()?;
    serde_json::from_value(check.result.clone()).ok()
}

/// Behind the address is another shop than the one that decisions were taken for.
pub(super) fn another_shop(settings: &SavedSettings) -> Option<AppError> {
    let (known, other) = (settings.identity.as_ref()?, settings.another.as_ref()?);
    Some(
        AppError::new(Code::AnotherShop)
            .with("was", known.shown())
            .with("is", other.shown()),
    )
}

impl Inner {
    pub(crate) fn connection_view(&self, saved: &SavedConnection) -> Result<ConnectionView> {
        let entry = entry(&saved.kind)?;
        let settings = settings_of(saved)?;
        let report = report_of(saved);
        let tested = report.as_ref().map_or(&[][..], |report| &report.notices);
        let notices = self.notices_of(saved, &settings, tested)?;
        let health = self.health_view(saved, report.as_ref(), &settings, &notices)?;
        let stream = match entry.side() {
            Side::Store => Stream::Listings,
            Side::Odoo => Stream::Variants,
        };
        let fetched = self.store.fetch_state(&saved.slug, stream)?;
        let found = found_of(saved)?;
        let missing = self.missing_secret(&saved.slug);
        let state = match missing {
            Some(_) => ConnectionState::Stopped,
            None => plain_state(report.as_ref(), &settings),
        };
        let whole = |report: &CheckReport| whole_check(report, (saved, &settings), &notices);
        let check = match (report.as_ref().map(whole).transpose()?, missing) {
            (check, None) => check,
            (check, missing) => Some(CheckView {
                failure: missing,
                ..check.unwrap_or_default()
            }),
        };
        Ok(ConnectionView {
            slug: saved.slug.to_string(),
            name: saved.name.clone(),
            kind: saved.kind.to_string(),
            side: entry.side(),
            url: saved.url.clone(),
            bound: saved.bound_odoo.as_ref().map(|odoo| StoreBinding {
                odoo: odoo.to_string(),
                company: id32(settings.company.unwrap_or_default()),
                warehouses: settings.warehouses.iter().copied().map(id32).collect(),
            }),
            state,
            checked_at: report.as_ref().and(health.last_checked.clone()),
            check,
            fetched_at: fetched
                .and_then(|state| state.watermark)
                .map(|at| at.to_string()),
            health,
            pinned: settings.certificate.map(|pin| pin.to_string()),
            way: settings.way.clone().map(|way| way.0),
            key_expires_at: key_expires(&settings, &found).map(|at| at.to_string()),
            notices: notices.iter().map(notice_view).collect(),
            login: settings.login,
            database: settings.database,
        })
    }

    /// A secret that is not where it should be stops a connection, whatever its last test said.
    fn missing_secret(&self, slug: &Slug) -> Option<AppError> {
        let kept = self.health.kept(slug)?;
        (kept.state() == HealthState::Stopped).then_some(kept.error)
    }

    fn health_view(
        &self,
        saved: &SavedConnection,
        report: Option<&CheckReport>,
        settings: &SavedSettings,
        notices: &[Notice],
    ) -> Result<HealthView> {
        let last_checked = saved.check.as_ref().map(|check| check.at.to_string());
        if let Some(kept) = self.health.kept(&saved.slug) {
            return Ok(HealthView {
                state: kept.state(),
                since: Some(kept.since.to_string()),
                last_checked,
            });
        }
        let state = health_state(report, settings, notices);
        let since = self.health_since(&saved.slug, state)?;
        Ok(HealthView {
            state,
            since: since.map(|at| at.to_string()),
            last_checked,
        })
    }
}

fn plain_state(report: Option<&CheckReport>, settings: &SavedSettings) -> ConnectionState {
    match report {
        None => ConnectionState::Untested,
        Some(report) if report.passed() && settings.another.is_none() => ConnectionState::Healthy,
        Some(_) => ConnectionState::Stopped,
    }
}

/// How a connection stands by its last test and what should be known of it.
pub(super) fn health_state(
    report: Option<&CheckReport>,
    settings: &SavedSettings,
    notices: &[Notice],
) -> HealthState {
    match plain_state(report, settings) {
        ConnectionState::Untested => HealthState::Untested,
        ConnectionState::Stopped => HealthState::Stopped,
        ConnectionState::Healthy if is_pressing(notices) => HealthState::Warning,
        ConnectionState::Healthy => HealthState::Healthy,
    }
}

/// A test with what only the whole connection knows. Where it failed, the facts are those of the
/// last one that passed: what is known does not vanish because a server is down.
pub(super) fn whole_check(
    report: &CheckReport,
    (saved, settings): (&SavedConnection, &SavedSettings),
    notices: &[Notice],
) -> Result<CheckView> {
    let mut view = check_view(report);
    view.notices = notices.iter().map(notice_view).collect();
    view.failure = view.failure.or_else(|| another_shop(settings));
    if !report.passed() && saved.facts.is_some() {
        view.facts = facts_view(&found_of(saved)?);
        view.facts_are_earlier = true;
        view.facts_at = settings.facts_at.map(|at| at.to_string());
    }
    Ok(view)
}
