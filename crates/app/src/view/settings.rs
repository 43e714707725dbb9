//! The application itself: what it is, and how the person wants it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where secrets are kept, and whether that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// The system's keychain takes and gives.
    Ready,
    /// There is no keychain service.
    Unavailable,
    /// There is one, but it is locked.
    Locked,
    /// In memory: the sandbox, gone when it stops.
    Memory,
    /// From the environment of this process.
    Environment,
}

/// What is running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Version of Tandem.
    pub version: String,
    /// True when it runs on the built-in sandbox.
    pub sandbox: bool,
    /// Where the cache is.
    pub data_folder: String,
    /// Where secrets are kept.
    pub vault: VaultState,
    /// True when another process of this profile runs the jobs.
    pub read_only: bool,
    /// Set when a damaged cache was put aside at start: its new file name.
    pub cache_rebuilt_from: Option<String>,
}

/// Language of the screens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// The system's, or English.
    #[default]
    System,
    /// English.
    En,
    /// French.
    Fr,
    /// Arabic, right to left.
    Ar,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Height of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Roomy.
    #[default]
    Regular,
    /// More rows.
    Compact,
}

/// Digits in Arabic; SKUs and money in files always keep Western ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Digits {
    /// 0 to 9.
    #[default]
    Western,
    /// Arabic-Indic.
    ArabicIndic,
}

/// Size of everything that is written, in percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum TextSize {
    /// Smaller.
    #[serde(rename = "90")]
    Smaller,
    /// As designed.
    #[default]
    #[serde(rename = "100")]
    Usual,
    /// Larger.
    #[serde(rename = "115")]
    Larger,
    /// Largest.
    #[serde(rename = "130")]
    Largest,
}

/// How the person wants the application. Saved per profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of a settings screen, each on its own"
)]
pub struct AppSettings {
    /// Language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Height of rows.
    pub density: Density,
    /// Digits in Arabic.
    pub digits: Digits,
    /// Size of text.
    pub text_size: TextSize,
    /// Whether single letters act (A accept, R reject).
    pub letter_keys: bool,
    /// Whether closing the window leaves the work in the background going.
    pub keep_running: bool,
    /// Whether the system is told of runs that failed.
    pub notify_failures: bool,
    /// Whether the system is told of orders that are held back anew.
    pub notify_blocked: bool,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            theme: Theme::default(),
            density: Density::default(),
            digits: Digits::default(),
            text_size: TextSize::default(),
            letter_keys: true,
            keep_running: true,
            notify_failures: true,
            notify_blocked: true,
        }
    }
}

/// How much room the profile takes on this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeptData {
    /// All files of its folder, in thousands of bytes.
    pub kilobytes: u32,
    /// What is free beside it, in thousands of bytes, where the system says.
    pub kilobytes_free: Option<u32>,
}

/// A backup, and what of it is about stores that mean the same here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// Where it lies.
    pub path: String,
    /// Its size, in thousands of bytes.
    pub kilobytes: u32,
    /// Stores, by name.
    pub stores: Vec<String>,
    /// Stores that are not taken over: here they are at another address, or sell from another
    /// Odoo.
    pub left_out: Vec<String>,
    /// Links.
    pub links: u32,
    /// Decisions.
    pub decisions: u32,
    /// Rows of maps.
    pub maps: u32,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    /// What was taken over.
    pub taken: BackupView,
    /// Where what was here before is kept, as a backup of its own.
    pub aside: Option<String>,
}

/// How much room pictures take on this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeptPictures {
    /// How many.
    pub files: u32,
    /// Their size, in thousands of bytes.
    pub kilobytes: u32,
    /// The size that they never pass.
    pub kilobytes_max: u32,
}
