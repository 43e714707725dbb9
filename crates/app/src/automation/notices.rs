//! What the system is told about while nobody looks at the window: a run that failed, orders that
//! are held back since the last one; and the sentence that the tray shows.

use std::collections::BTreeMap;

use tandem_domain::Slug;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::view::{AppEvent, AppSettings, Language, Params, RunState, RunView};
use crate::{App, Result, Words};

/// A notification of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub title: String,
    /// What happened, in a sentence.
    pub body: String,
}

/// What somebody who does not look at the window hears of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Something that needs a person.
    Notice(Notice),
    /// How things stand, for the tray.
    Standing(String),
}

impl App {
    /// Tells, for as long as it is awaited, what somebody hears who does not look at the window.
    /// `locale` is the system's, for those who chose no language.
    pub async fn watch_notices(&self, locale: &str, tell: impl Fn(Told) + Send) {
        let mut events = self.listen();
        let mut held: BTreeMap<String, u32> = BTreeMap::new();
        tell(Told::Standing(self.standing(locale).await));
        while let Some(run) = next_run(&mut events).await {
            let words = self.words(locale).await;
            if run.state == RunState::Running {
                let params = Params::from([("store".to_owned(), self.name_of(&run.store).await)]);
                tell(Told::Standing(words.say("tray.running", &params)));
                held.entry(run.store.clone())
                    .or_insert(self.held_back(&run.store).await);
                continue;
            }
            let before = held.remove(&run.store);
            let settings = self.settings().await.unwrap_or_default();
            let now = self.held_back(&run.store).await;
            if let Some(notice) = self.notice(&words, (&run, before, now), settings).await {
                tell(Told::Notice(notice));
            }
            tell(Told::Standing(self.standing(locale).await));
        }
    }

    async fn words(&self, locale: &str) -> Words {
        match self.settings().await.unwrap_or_default().language {
            Language::System => Words::for_locale(locale),
            chosen => Words::new(chosen),
        }
    }

    /// One sentence: what needs a person at all stores, or that nothing does.
    async fn standing(&self, locale: &str) -> String {
        let words = self.words(locale).await;
        let inner = self.inner.clone();
        let held = blocking(move || inner.held_back_at_all()).await;
        match held.unwrap_or(0) {
            0 => words.plain("tray.calm"),
            held => words.count("tray.blocked", held as usize, &Params::new()),
        }
    }

    async fn notice(
        &self,
        words: &Words,
        (run, before, now): (&RunView, Option<u32>, u32),
        settings: AppSettings,
    ) -> Option<Notice> {
        let store = self.name_of(&run.store).await;
        let params = Params::from([("store".to_owned(), store.clone())]);
        if let Some(error) = run.error.as_ref().filter(|_| settings.notify_failures) {
            let what = words.say(
                &format!("error.{}.title", error.code.as_str()),
                &error.params,
            );
            return Some(Notice {
                title: words.say("notice.failed", &params),
                body: what,
            });
        }
        let more = now.saturating_sub(before.unwrap_or(now));
        (more > 0 && settings.notify_blocked).then(|| Notice {
            title: store,
            body: words.count("notice.blocked", more as usize, &params),
        })
    }

    async fn name_of(&self, store: &str) -> String {
        let found = self.connections().await.unwrap_or_default();
        let found = found
            .into_iter()
            .find(|connection| connection.slug == store);
        found.map_or_else(|| store.to_owned(), |connection| connection.name)
    }

    async fn held_back(&self, store: &str) -> u32 {
        let Ok(store) = store.parse::<Slug>() else {
            return 0;
        };
        let inner = self.inner.clone();
        let held = blocking(move || inner.blocked_orders(&store)).await;
        held.unwrap_or(0)
    }
}

impl Inner {
    fn held_back_at_all(&self) -> Result<u32> {
        let stores = self.store.connections()?.into_iter();
        let stores = stores.filter(|saved| saved.bound_odoo.is_some());
        stores.map(|saved| self.blocked_orders(&saved.slug)).sum()
    }
}

/// The next news of a run; `None` when there will be none.
async fn next_run(events: &mut Receiver<AppEvent>) -> Option<RunView> {
    loop {
        match events.recv().await {
            Ok(AppEvent::Run(run)) => return Some(run),
            Ok(AppEvent::Stale(_) | AppEvent::Consent(_)) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}
