//! One function per thing a person can do. The window, the command line and the background jobs
//! call these and nothing else; none of them can do what another cannot.
//!
//! Knows nothing of Tauri or of terminals. What it shows is in [`view`], what can go wrong in
//! [`AppError`].

mod automation;
mod blocking;
mod context;
mod demo;
mod error;
mod loopback;
mod registry;
mod runs;
mod use_cases;
pub mod view;
mod words;

pub use automation::health::fact_key;
pub use automation::notices::{Notice, Told};
pub use context::{
    App, Outside, Profile, Random, SystemRandom, env_vault, memory_vault, open_vault, system_clock,
};
pub use demo::{Sandbox, SandboxAccount, SandboxPlan};
pub use error::{AppError, Code};
pub use tandem_sandbox::Rule as FaultRule;
pub use use_cases::fetch::step_key;
pub use use_cases::link_files::import_file;
pub use use_cases::match_files::{FilesMatched, MatchFiles, match_files};
pub use use_cases::pictures::PictureFile;
pub use words::Words;

/// What every function of the application returns.
pub type Result<T> = std::result::Result<T, AppError>;
