//! Where things are: the checkout, what is built in it, and whether there is a screen.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout this program was built in.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Fails only when the program was moved away from its checkout.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies directly in the checkout")?;
        let root = root
            .canonicalize()
            .with_context(|| format!("the checkout {} is gone", root.display()))?;
        Ok(Self { root })
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the top folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Where Cargo puts development binaries.
    pub(crate) fn built(&self, binary: &str) -> PathBuf {
        self.in_target("debug", binary)
    }

    /// Where Cargo puts release binaries.
    pub(crate) fn built_for_speed(&self, binary: &str) -> PathBuf {
        self.in_target("release", binary)
    }

    fn in_target(&self, profile: &str, binary: &str) -> PathBuf {
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), PathBuf::from);
        self.root
            .join(target)
            .join(profile)
            .join(binary)
            .with_extension(std::env::consts::EXE_EXTENSION)
    }
}

/// Can a window be shown? Off Linux there is always a desktop.
pub(crate) fn has_display() -> bool {
    let set = |name: &str| {
        std::env::var_os(name).is_some_and(|value| value.as_os_str() != OsStr::new(""))
    };
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Does this run on a machine nobody watches?
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}
