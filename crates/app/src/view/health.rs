//! How connections stand over time: health, what changed, and what could not be understood.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::connections::Params;
use super::runs::RunStepName;
use crate::AppError;

/// Something that works, but should be known. Its words are under `notice.<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Stable code.
    pub code: String,
    /// Values for its words.
    pub params: Params,
}

/// How a connection stands, as its place on the rail shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Never tested, or changed since.
    Untested,
    /// The last test passed.
    Healthy,
    /// It passed, and something should be done before long.
    Warning,
    /// The last test failed.
    Stopped,
    /// Its secret is in a keychain that does not open; no server was asked.
    WaitingForKeychain,
}

impl HealthState {
    /// As it is saved, and as its words are named (`health.<key>`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Untested => "untested",
            Self::Healthy => "healthy",
            Self::Warning => "warning",
            Self::Stopped => "stopped",
            Self::WaitingForKeychain => "waiting_for_keychain",
        }
    }
}

/// How a connection stands, since when, and when that was last looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HealthView {
    /// How it stands.
    pub state: HealthState,
    /// Since when, as far as the history reaches.
    pub since: Option<String>,
    /// When it was last tested.
    pub last_checked: Option<String>,
}

/// What of a connection changed. Its words are under `health.fact.<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HealthFact {
    /// How it stands; the values are those of [`HealthState`].
    State,
    /// The code of what is wrong.
    Failure,
    /// The product's version.
    Version,
    /// What the product runs on.
    Platform,
    /// How Tandem gets in.
    Way,
    /// What the key may do.
    Permissions,
    /// When the key ends.
    KeyExpires,
    /// The modules or plugins that matter.
    Modules,
}

/// One change, newest first in a list. `None` is "not known".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HealthChange {
    /// RFC 3339.
    pub at: String,
    /// What changed.
    pub fact: HealthFact,
    /// From this.
    pub was: Option<String>,
    /// To this.
    pub is: Option<String>,
}

/// The page in the browser on which a person lets Tandem in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentStarted {
    /// To be opened in the browser.
    pub url: String,
    /// Until when an answer is waited for, RFC 3339.
    pub until: String,
}

/// How a consent ended: the connection was saved with its key in the keychain, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentEnded {
    /// The connection that was saved; test it next.
    pub connection: Option<String>,
    /// What came in between.
    pub error: Option<AppError>,
}

/// A record that could not be understood. It is kept, and everything else is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProblemView {
    /// Short name of the connection it came from.
    pub connection: String,
    /// What was read: its words are under `step.<name>`.
    pub step: RunStepName,
    /// Its id there; empty when not even that could be read.
    pub external_id: String,
    /// Which field, and why.
    pub reason: String,
    /// As received, cut.
    pub raw: String,
    /// When it was last read, RFC 3339.
    pub at: String,
}

/// Records that could not be understood, of both sides of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProblemsPage {
    /// In all.
    pub total: u32,
    /// Those asked for, newest first.
    pub rows: Vec<ProblemView>,
}
