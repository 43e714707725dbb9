//! `./dev bench`, `./dev sim` and `./dev suite`: programs of the workspace that contributors start by hand.

use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::workspace::Workspace;
use crate::{npm, process, window};

/// What can be measured: name, package, and which of Cargo's targets of it.
const BENCHES: &[(&str, &str, [&str; 2])] = &[
    ("fetch", "tandem-tests", ["--bin", "bench-fetch"]),
    ("orders", "tandem-tests", ["--bin", "bench-orders"]),
    ("matching", "tandem-matching", ["--example", "bench"]),
];

/// Runs one of the benchmarks in a release build; its words are its own.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    if let Some(("window", rest)) = arguments
        .split_first()
        .map(|(name, rest)| (name.as_str(), rest))
    {
        return bench_window(workspace, rest);
    }
    let names: Vec<&str> = BENCHES.iter().map(|(name, ..)| *name).collect();
    let chosen = arguments.split_first().and_then(|(name, rest)| {
        let found = BENCHES.iter().find(|(known, ..)| known == name)?;
        Some((found, rest))
    });
    let Some(((_, package, target), rest)) = chosen else {
        bail!("say what is to be measured: {}, window", names.join(", "));
    };
    for_speed(workspace, (package, *target), rest)
}

/// Builds a program of ours for speed and runs it.
fn for_speed(
    workspace: &Workspace,
    (package, target): (&str, [&str; 2]),
    arguments: &[String],
) -> Result<bool> {
    eprintln!("Building for speed; the first time this takes minutes.");
    process::run(
        Command::new("cargo")
            .args(["run", "--locked", "--release", "--package", package])
            .args(target)
            .arg("--")
            .args(arguments)
            .current_dir(workspace.root()),
    )
}

/// Runs simulations that are too long for every change.
pub(crate) fn sim(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let target = ["--bin", "sim-orders"];
    for_speed(workspace, ("tandem-tests", target), arguments)
}

/// Measures start, memory, scrolling, search and decisions in the real window, on a screen that
/// nobody looks at. `window::LIMIT` bounds it.
fn bench_window(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    npm::build_ui(workspace)?;
    npm::install(workspace, "tests/e2e")?;
    eprintln!("Building for speed; the first time this takes minutes.");
    let built = process::run(
        Command::new("cargo")
            .args(["build", "--locked", "--release"])
            .args(["--package", "tandem-cli", "--package", "tandem-desktop"])
            .args(["--features", "tandem-desktop/custom-protocol"])
            .current_dir(workspace.root()),
    )?;
    ensure!(
        built,
        "the programs were not built; Cargo's own words are above"
    );
    let app = workspace.built_for_speed("tandem-desktop");
    let app = app.to_string_lossy();
    let mut program = vec!["node", "tests/e2e/measure.mjs", "--app", &app];
    program.extend(arguments.iter().map(String::as_str));
    let screen = window::Screen::start()?;
    let home = window::Home::create()?;
    let mut session = window::in_session(&screen, &home, &program);
    let (measured, _) = process::run_counted(session.current_dir(workspace.root()), window::LIMIT)?;
    Ok(measured)
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
