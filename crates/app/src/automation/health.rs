//! Whether connections still work: looked at every hour, and what changed is kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tandem_contract::Found;
use tandem_domain::{Slug, Timestamp};
use tandem_store::{HealthNote, SavedConnection};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::{is_locked_away, parse_slug, waits_for_a_person};
use crate::view::{ConnectionView, HealthChange, HealthFact, HealthState, Stale};
use crate::{App, Result};

/// A connection is tested again by itself when its last test is as old as this.
const CHECK_EVERY_MINUTES: i64 = 60;
/// How often it is looked at whether one is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// One test takes no longer than this, whatever the server does.
const CHECK_SECONDS_MAX: u64 = 180;
/// Lines of history that are read.
const HISTORY_MAX: u32 = 200;

/// Whose secrets could not be had, and since when. Of this process alone: whether the keychain is
/// open is a matter of the session.
#[derive(Debug, Default)]
pub(crate) struct Health(Mutex<BTreeMap<Slug, Kept>>);

/// Why a secret could not be had.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) since: Timestamp,
    pub(crate) error: AppError,
}

impl Kept {
    /// A keychain opens again. A secret that is not in it, somebody has to bring.
    pub(crate) fn state(&self) -> HealthState {
        if self.error.code == Code::SecretMissing {
            HealthState::Stopped
        } else {
            HealthState::WaitingForKeychain
        }
    }
}

impl Health {
    pub(crate) fn kept(&self, slug: &Slug) -> Option<Kept> {
        self.lock().get(slug).cloned()
    }

    /// Its secret was had, or is another one now.
    pub(crate) fn forget(&self, slug: &Slug) -> bool {
        self.lock().remove(slug).is_some()
    }

    /// Its secret could not be had; returns how it stands then, if that is news.
    fn keep(&self, slug: &Slug, error: &AppError, since: Timestamp) -> Option<HealthState> {
        let mut all = self.lock();
        if all
            .get(slug)
            .is_some_and(|kept| kept.error.code == error.code)
        {
            return None;
        }
        let error = error.clone();
        let kept = Kept { since, error };
        let state = kept.state();
        all.insert(slug.clone(), kept);
        Some(state)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Slug, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a connection stands, as far as its changes are kept.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) state: HealthState,
    pub(crate) failure: Option<Code>,
    pub(crate) found: Found,
    pub(crate) key_expires: Option<Timestamp>,
}

impl App {
    /// Looks after the connections for as long as it is awaited. `pause` is the timer; it is
    /// passed in, as the clock is. In a process that may not run jobs, nothing is asked; when it
    /// takes the jobs over, whoever listens is told.
    pub async fn watch_health<P: Future<Output = ()> + Send>(
        &self,
        pause: impl Fn(Duration) -> P + Send,
    ) {
        let mut held = self.inner.may_run_jobs();
        loop {
            if let Err(error) = self.check_due().await {
                tracing::warn!(code = error.code.as_str(), "the hourly check failed");
            }
            pause(LOOK_EVERY).await;
            let holds = self.inner.may_run_jobs();
            if holds != held {
                held = holds;
                self.inner.stale(&[Stale::App]);
            }
        }
    }

    /// Tests the connections whose last test is an hour old. Left alone are those that are being
    /// read, and those whose login was refused: only a person can change that, and a repeated
    /// failed login locks accounts. Returns which were tested.
    pub async fn check_due(&self) -> Result<Vec<String>> {
        if !self.inner.may_run_jobs() {
            return Ok(Vec::new());
        }
        let inner = Arc::clone(&self.inner);
        let due = blocking(move || inner.due()).await?;
        let mut tested = Vec::new();
        for slug in due {
            let limit = Duration::from_secs(CHECK_SECONDS_MAX);
            match tokio::time::timeout(limit, self.inner.test_and_keep(&slug)).await {
                Ok(Ok(_)) => tested.push(slug.to_string()),
                Ok(Err(error)) if is_locked_away(&error) => {}
                Ok(Err(error)) => {
                    tracing::warn!(code = error.code.as_str(), %slug, "a connection was not checked");
                }
                Err(_) => tracing::warn!(%slug, "the check of a connection took too long"),
            }
        }
        Ok(tested)
    }

    /// Tests a connection now, as a person wishes, and shows it as it then stands. A keychain
    /// that does not open, or does not have the secret, is a state, not an error.
    pub async fn check_now(&self, slug: &str) -> Result<ConnectionView> {
        let slug = parse_slug(slug)?;
        match self.inner.test_and_keep(&slug).await {
            Err(error) if !is_locked_away(&error) => return Err(error),
            _ => {}
        }
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.connection_view(&inner.store.connection(&slug)?)).await
    }

    /// What changed about a connection, newest first.
    pub async fn health_history(&self, slug: &str) -> Result<Vec<HealthChange>> {
        let slug = parse_slug(slug)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.store.connection(&slug)?;
            let notes = inner.store.health_history(&slug, HISTORY_MAX)?;
            Ok(notes.into_iter().filter_map(shown).collect())
        })
        .await
    }
}

impl Inner {
    fn due(&self) -> Result<Vec<Slug>> {
        let now = self.clock.now();
        let is_due = |saved: &SavedConnection| {
            let rested = saved
                .check
                .as_ref()
                .is_some_and(|check| now.duration_since(check.at).as_mins() >= CHECK_EVERY_MINUTES);
            let waits = self.health.kept(&saved.slug).is_some();
            (rested || waits) && !waits_for_a_person(saved)
        };
        let connections = self.store.connections()?;
        let due = connections.into_iter().filter(is_due);
        let due = due.map(|saved| saved.slug);
        Ok(due
            .filter(|slug| self.runs.refuse_busy(&[slug]).is_ok())
            .collect())
    }

    /// Whether the secret of a connection could be had. A keychain that does not open is no fault
    /// of the connection, and no server is asked.
    pub(crate) fn note_vault(&self, slug: &Slug, error: Option<&AppError>) {
        let now = self.clock.now();
        let changed = match error {
            Some(error) if is_locked_away(error) => {
                self.health.keep(slug, error, now).is_some_and(|state| {
                    let state = json!(state.key());
                    let noted =
                        self.store
                            .note_health(slug, fact_key(HealthFact::State), &state, now);
                    noted.is_ok()
                })
            }
            Some(_) => false,
            None => self.health.forget(slug),
        };
        if changed {
            self.stale(&[Stale::Connections]);
        }
    }

    /// Keeps what is different from the last time. What was not found out is no change.
    pub(crate) fn note_standing(&self, slug: &Slug, standing: &Standing) -> Result<()> {
        let found = &standing.found;
        let list = |items: &[String]| {
            let mut items = items.to_vec();
            items.sort_unstable();
            (!items.is_empty()).then(|| items.join(", "))
        };
        let known = [
            (HealthFact::Version, found.version.clone()),
            (HealthFact::Platform, found.platform.clone()),
            (HealthFact::Way, found.way.clone().map(|way| way.0)),
            (HealthFact::Permissions, list(&found.permissions)),
            (HealthFact::Modules, list(&found.modules)),
            (
                HealthFact::KeyExpires,
                standing.key_expires.map(|at| at.to_string()),
            ),
        ];
        let now = self.clock.now();
        let note = |fact: HealthFact, value: &Value| -> Result<()> {
            self.store.note_health(slug, fact_key(fact), value, now)?;
            Ok(())
        };
        note(HealthFact::State, &json!(standing.state.key()))?;
        note(
            HealthFact::Failure,
            &json!(standing.failure.map(Code::as_str)),
        )?;
        for (fact, value) in known {
            if let Some(value) = value {
                note(fact, &json!(value))?;
            }
        }
        Ok(())
    }

    /// Since when a connection stands as it does, as far as the history tells.
    pub(crate) fn health_since(
        &self,
        slug: &Slug,
        state: HealthState,
    ) -> Result<Option<Timestamp>> {
        let notes = self.store.health_history(slug, HISTORY_MAX)?;
        let last = notes
            .into_iter()
            .find(|note| note.code == fact_key(HealthFact::State));
        Ok(last
            .filter(|note| note.params == json!(state.key()))
            .map(|note| note.at))
    }
}

const FACTS: [(HealthFact, &str); 8] = [
    (HealthFact::State, "state"),
    (HealthFact::Failure, "failure"),
    (HealthFact::Version, "version"),
    (HealthFact::Platform, "platform"),
    (HealthFact::Way, "way"),
    (HealthFact::Permissions, "permissions"),
    (HealthFact::KeyExpires, "key_expires"),
    (HealthFact::Modules, "modules"),
];

/// The name under which a fact is kept, and its words are (`health.fact.<name>`).
pub fn fact_key(fact: HealthFact) -> &'static str {
    let named = FACTS.iter().find(|(known, _)| *known == fact);
    named.map_or("", |(_, name)| name)
}

/// A change as doors see it. What a fact was at first is a beginning, not a change, except how
/// the connection stood.
fn shown(note: HealthNote) -> Option<HealthChange> {
    let (fact, _) = *FACTS.iter().find(|(_, name)| *name == note.code)?;
    if note.before.is_none() && fact != HealthFact::State {
        return None;
    }
    let text = |value: Value| value.as_str().map(str::to_owned);
    Some(HealthChange {
        at: note.at.to_string(),
        fact,
        was: note.before.and_then(text),
        is: text(note.params),
    })
}
