//! Where passwords and keys are kept: the system's keychain, behind one trait.
//!
//! Nothing here writes a secret to a file, a log or an error, and nothing falls back to a weaker
//! place by itself: without a keychain every call says so, with a typed reason.

mod env;
mod keychain;
mod memory;
mod vault;

pub use env::{EnvVault, PREFIX};
pub use keychain::KeychainVault;
pub use memory::MemoryVault;
pub use tandem_domain::Secret;
pub use vault::{Result, Vault, VaultError};
