//! The trait in front of every place that keeps secrets, and its failures.

use std::fmt;

use tandem_domain::{Secret, Slug};

/// Why a place for secrets cannot be used. `detail` is for the log; it never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no keychain, or nothing that answers for it.
    #[error("this system offers no keychain ({detail})")]
    Unavailable {
        /// What the system says.
        detail: String,
    },
    /// There is one, and it is locked.
    #[error("the keychain is locked ({detail})")]
    Locked {
        /// What the system says.
        detail: String,
    },
    /// This place only gives out what was put there from outside.
    #[error("secrets come from the environment here and cannot be changed")]
    ReadOnly,
    /// An environment variable does not hold what it should.
    #[error("{variable} is not usable: {reason}")]
    BadVariable {
        /// Its name.
        variable: String,
        /// What is wrong with it, without its value.
        reason: String,
    },
    /// Anything else.
    #[error("the keychain failed ({detail})")]
    Other {
        /// What the system says.
        detail: String,
    },
}

impl VaultError {
    /// What to do about it, as a sentence without a full stop.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => {
                "start a keychain (gnome-keyring, KWallet), or give the secrets with --secrets env"
            }
            Self::Locked { .. } => "unlock the keychain, then try again",
            Self::ReadOnly => "set TANDEM_SECRET_<CONNECTION> and start again",
            Self::BadVariable { .. } => r#"write it as JSON, for example {"secret":"…"}"#,
            Self::Other { .. } => {
                "open the system's keychain program and look at the Tandem entries"
            }
        }
    }

    /// Whether waiting may help: a locked or absent keychain can come back by itself.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::Locked { .. } => true,
            Self::ReadOnly | Self::BadVariable { .. } | Self::Other { .. } => false,
        }
    }
}

/// The outcome of everything that a vault does.
pub type Result<T> = std::result::Result<T, VaultError>;

/// A place that keeps secrets by connection and field (`password`, `consumer_secret`, …).
///
/// Its calls may block on the system and on a person who is asked to unlock: never call them
/// directly from async code.
pub trait Vault: Send + Sync + fmt::Debug {
    /// Keeps a secret over whatever was there.
    fn put(&self, connection: &Slug, field: &str, secret: Secret) -> Result<()>;

    /// The secret, or `None` when none was ever put there. A place that cannot tell says so with
    /// an error; `None` never means "locked".
    fn get(&self, connection: &Slug, field: &str) -> Result<Option<Secret>>;

    /// Forgets a secret; one that is not there is forgotten already.
    fn remove(&self, connection: &Slug, field: &str) -> Result<()>;

    /// Whether a secret put here now would be kept. Ask before a screen promises that.
    fn probe(&self) -> Result<()>;
}
