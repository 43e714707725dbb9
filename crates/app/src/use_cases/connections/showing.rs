//! A connection as doors see it.

use tandem_contract::{CheckReport, Notice};
use tandem_store::{SavedConnection, Stream};

use super::check_views::check_view;
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
            state: plain_state(report.as_ref(), &settings),
            checked_at: report.as_ref().and(health.last_checked.clone()),
            check: report.map(|report| whole_check(&report, &settings, &notices)),
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

    fn health_view(
        &self,
        saved: &SavedConnection,
        report: Option<&CheckReport>,
        settings: &SavedSettings,
        notices: &[Notice],
    ) -> Result<HealthView> {
        let last_checked = saved.check.as_ref().map(|check| check.at.to_string());
        if let Some(since) = self.health.waits_since(&saved.slug) {
            return Ok(HealthView {
                state: HealthState::WaitingForKeychain,
                since: Some(since.to_string()),
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

/// A test with what only the whole connection knows.
pub(super) fn whole_check(
    report: &CheckReport,
    settings: &SavedSettings,
    notices: &[Notice],
) -> CheckView {
    let view = check_view(report);
    CheckView {
        notices: notices.iter().map(notice_view).collect(),
        failure: view.failure.or_else(|| another_shop(settings)),
        ..view
    }
}
