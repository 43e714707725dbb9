//! `./dev test`: everything that must hold before a change is taken, cheapest first.

use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::steps::{Outcome, Steps};
use crate::workspace::Workspace;
use crate::{licences, npm, process, tidy, window};

/// The crates that need no web view.
const WITHOUT_WINDOW: &[&str] = &["--locked", "--workspace", "--exclude", "tandem-desktop"];

/// The window as it is shipped, its UI inside it. One set of features for every step, so that
/// nothing is built twice.
const WINDOW: &[&str] = &[
    "--locked",
    "--package",
    "tandem-desktop",
    "--features",
    "custom-protocol",
];

/// Where screenshots and logs of the window tests go.
const ARTIFACTS: &str = "artifacts";

/// Runs the steps; `--quick` only the rules and the Rust units.
pub(crate) fn test(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    let mut quick = false;
    let mut keep_going = false;
    for argument in arguments {
        match argument.as_str() {
            "--quick" => quick = true,
            "--keep-going" => keep_going = true,
            other => bail!("`test` does not know `{other}`"),
        }
    }
    let mut steps = Steps::new(keep_going);
    steps.step("rules of the tree", |_| tidy::step(workspace));
    if !quick {
        rust_checks(workspace, &mut steps);
    }
    steps.command("Rust tests", cargo(workspace, "test").args(WITHOUT_WINDOW));
    if !quick {
        ui(workspace, &mut steps);
        desktop(workspace, &mut steps);
        real_window(workspace, &mut steps);
    }
    Ok(steps.finish())
}

/// Writes `ui/src/api/generated` anew: the test that compares it is told to write instead.
pub(crate) fn bindings(workspace: &Workspace, _arguments: &[String]) -> Result<bool> {
    npm::build_ui(workspace)?;
    process::run(
        cargo(workspace, "test")
            .args(WINDOW)
            .arg("bindings")
            .env("UPDATE_BINDINGS", "1"),
    )
}

fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut command = Command::new("cargo");
    command.arg(subcommand).current_dir(workspace.root());
    command
}

fn rust_checks(workspace: &Workspace, steps: &mut Steps) {
    steps.step("licences of what we use", |_| licences::step(workspace));
    steps.command(
        "Rust format",
        cargo(workspace, "fmt").args(["--all", "--check"]),
    );
    steps.command(
        "Rust lints",
        cargo(workspace, "clippy").args(WITHOUT_WINDOW).args([
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]),
    );
}

fn ui(workspace: &Workspace, steps: &mut Steps) {
    steps.step("UI packages", |_| {
        npm::install(workspace, "ui")?;
        Ok(Outcome::Passed)
    });
    for (name, script) in [
        ("UI types", "check"),
        ("UI lints", "lint"),
        ("UI tests", "test"),
        ("UI build", "build"),
    ] {
        steps.command(name, &mut npm::npm(workspace, "ui", &["run", script]));
    }
}

fn desktop(workspace: &Workspace, steps: &mut Steps) {
    steps.command(
        "window lints",
        cargo(workspace, "clippy")
            .args(WINDOW)
            .args(["--all-targets", "--", "--deny", "warnings"]),
    );
    steps.command("window tests", cargo(workspace, "test").args(WINDOW));
    steps.command("window build", cargo(workspace, "build").args(WINDOW));
}

fn real_window(workspace: &Workspace, steps: &mut Steps) {
    const NAME: &str = "the real window, end to end";
    if !cfg!(target_os = "linux") {
        steps.step(NAME, |_| {
            Ok(Outcome::Skipped("needs WebKitGTK's driver, so Linux"))
        });
        return;
    }
    steps.step("packages of the window tests", |_| {
        npm::install(workspace, "tests/e2e")?;
        Ok(Outcome::Passed)
    });
    steps.step(NAME, |tally| {
        let app = workspace.built("tandem-desktop");
        ensure!(app.exists(), "{} was not built", app.display());
        let screen = window::Screen::start()?;
        let home = window::Home::create()?;
        let app = app.to_string_lossy();
        let program = [
            "node",
            "tests/e2e/run.mjs",
            "--app",
            &app,
            "--artifacts",
            ARTIFACTS,
        ];
        let mut session = window::in_session(&screen, &home, &program);
        let (held, counted) =
            process::run_counted(session.current_dir(workspace.root()), window::LIMIT)?;
        *tally += counted;
        if !held {
            eprintln!("Screenshots and logs are in {ARTIFACTS}/.");
        }
        Ok(if held {
            Outcome::Passed
        } else {
            Outcome::Failed
        })
    });
}
