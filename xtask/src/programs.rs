//! `./dev bench` and `./dev suite`: programs of the workspace that contributors start by hand.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// What can be measured: name, package, and which of Cargo's targets of it.
const BENCHES: &[(&str, &str, [&str; 2])] = &[
    ("fetch", "tandem-tests", ["--bin", "bench-fetch"]),
    ("matching", "tandem-matching", ["--example", "bench"]),
];

/// Runs one of the benchmarks in a release build; its words are its own.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let names: Vec<&str> = BENCHES.iter().map(|(name, ..)| *name).collect();
    let chosen = arguments.split_first().and_then(|(name, rest)| {
        let found = BENCHES.iter().find(|(known, ..)| known == name)?;
        Some((found, rest))
    });
    let Some(((_, package, target), rest)) = chosen else {
        bail!("say what is to be measured: {}", names.join(", "));
    };
    eprintln!("Building for speed; the first time this takes minutes.");
    process::run(
        Command::new("cargo")
            .args(["run", "--locked", "--release", "--package", package])
            .args(target)
            .arg("--")
            .args(rest)
            .current_dir(workspace.root()),
    )
}

/// Runs the connector suite against a real server.
pub(crate) fn suite(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    process::run(
        Command::new("cargo")
            .args(["run", "--locked", "--package", "tandem-tests"])
            .args(["--bin", "suite", "--"])
            .args(arguments)
            .current_dir(workspace.root()),
    )
}
