//! What calls for a person today, and why.

use crate::use_cases::today::{StoreDay, failure_of, worth};
use crate::view::{ConnectionView, HealthState, Need, NeedKind, Params, RunState};

/// Notices by which a person has to do something before long.
const TO_BE_DONE: &[&str] = &["key_expires"];

/// What a connection calls for.
pub(super) fn needs_of_connection(view: &ConnectionView) -> Vec<Need> {
    let need = |kind| Need {
        slug: view.slug.clone(),
        name: view.name.clone(),
        ..plain(kind)
    };
    let mut needs = Vec::new();
    match view.health.state {
        HealthState::Stopped => needs.push(Need {
            error: failure_of(view),
            ..need(NeedKind::ConnectionStopped)
        }),
        HealthState::WaitingForKeychain => needs.push(need(NeedKind::KeychainClosed)),
        HealthState::Warning | HealthState::Healthy | HealthState::Untested => {}
    }
    let notices = view.notices.iter();
    needs.extend(
        notices
            .filter(|notice| TO_BE_DONE.contains(&notice.code.as_str()))
            .map(|notice| Need {
                notice: Some(notice.code.clone()),
                params: notice.params.clone(),
                ..need(NeedKind::ConnectionNotice)
            }),
    );
    needs
}

/// What a store calls for.
pub(super) fn needs_of_store(day: &StoreDay) -> Vec<Need> {
    let need = |kind, count| Need {
        slug: day.slug.clone(),
        name: day.name.clone(),
        count,
        ..plain(kind)
    };
    let mut needs = Vec::new();
    let failed = day
        .last_run
        .as_ref()
        .filter(|run| run.state == RunState::Failed);
    if let Some(run) = failed {
        needs.push(Need {
            error: run.error.clone(),
            ..need(NeedKind::FetchFailed, 0)
        });
    }
    if !day.fetched {
        let at_work = day
            .last_run
            .as_ref()
            .is_some_and(|run| run.state == RunState::Running);
        if failed.is_none() && !at_work {
            needs.push(need(NeedKind::NeverFetched, 0));
        }
        return needs;
    }
    if day.blocked > 0 {
        needs.push(Need {
            held: worth(day.blocked_worth.iter()),
            reasons: day.reasons.clone(),
            ..need(NeedKind::OrdersBlocked, day.blocked)
        });
    }
    for (kind, count) in [
        (NeedKind::Conflicts, day.conflicts),
        (NeedKind::PairsToReview, day.to_review),
        (NeedKind::RecordsRefused, day.problems),
    ] {
        if count > 0 {
            needs.push(need(kind, count));
        }
    }
    needs
}

fn plain(kind: NeedKind) -> Need {
    Need {
        kind,
        slug: String::new(),
        name: String::new(),
        count: 0,
        error: None,
        notice: None,
        params: Params::new(),
        held: Vec::new(),
        reasons: Vec::new(),
    }
}
