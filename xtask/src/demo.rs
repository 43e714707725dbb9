//! `./dev demo` and `./dev desktop`: from a fresh checkout to a running Tandem.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::{Workspace, has_display};
use crate::{npm, process};

/// Starts the window on the built-in stand-ins; without a screen, or with `--text`, does the same
/// job in the terminal.
pub(crate) fn demo(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let text = arguments.iter().any(|argument| argument == "--text");
    if text || !has_display() {
        return in_terminal(workspace, arguments);
    }
    window(workspace, "demo", arguments)
}

/// Starts the window on the profile of whoever runs it.
pub(crate) fn desktop(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    if !has_display() {
        bail!("there is no display here; `cargo run -p tandem-cli` is the same without a window");
    }
    start(workspace, arguments)
}

fn in_terminal(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    announce_cold_build(workspace, "tandem", "about two minutes");
    let rest = arguments.iter().filter(|argument| *argument != "--text");
    process::run(
        Command::new("cargo")
            .args([
                "run",
                "--locked",
                "--package",
                "tandem-cli",
                "--bin",
                "tandem",
            ])
            .args(["--", "demo", "--text"])
            .args(rest)
            .current_dir(workspace.root()),
    )
}

fn window(workspace: &Workspace, subcommand: &str, arguments: &[String]) -> Result<bool> {
    let mut all = vec![subcommand.to_owned()];
    all.extend_from_slice(arguments);
    start(workspace, &all)
}

fn start(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    announce_cold_build(workspace, "tandem-desktop", "five to fifteen minutes");
    npm::build_ui(workspace)?;
    process::run(
        Command::new("cargo")
            .args(["run", "--locked", "--package", "tandem-desktop"])
            .args([
                "--features",
                "custom-protocol",
                "--bin",
                "tandem-desktop",
                "--",
            ])
            .args(arguments)
            .current_dir(workspace.root()),
    )
}

/// A person who waits for minutes should have been told so before.
fn announce_cold_build(workspace: &Workspace, binary: &str, takes: &str) {
    if !workspace.built(binary).exists() {
        eprintln!(
            "Building Tandem for the first time. This takes {takes} on two cores; \
             Cargo shows how far it is. The next start takes seconds."
        );
    }
}
