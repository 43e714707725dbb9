//! The JavaScript side: packages installed when the lock file says so, the UI built when it changed.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::workspace::Workspace;

/// Below `ui`, and beside it, what the built UI is made from.
const UI_SOURCES: &[&str] = &[
    "ui/src",
    "ui/index.html",
    "ui/package-lock.json",
    "ui/vite.config.ts",
    "ui/svelte.config.js",
    "i18n",
];

/// `npm` on this system, started in a folder of the checkout.
pub(crate) fn npm(workspace: &Workspace, folder: &str, arguments: &[&str]) -> Command {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace.path(folder));
    command
}

/// Installs exactly what the lock file of the folder names, unless that was done before.
pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    let lock = workspace.path(folder).join("package-lock.json");
    let installed = workspace
        .path(folder)
        .join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    eprintln!("    $ npm ci  (in {folder})");
    let arguments = ["ci", "--no-audit", "--no-fund"];
    ensure!(
        process::run(&mut npm(workspace, folder, &arguments))?,
        "npm ci failed in {folder}; its own words are above"
    );
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// Builds the UI, unless nothing it is made from is newer than the last build.
pub(crate) fn build_ui(workspace: &Workspace) -> Result<()> {
    install(workspace, "ui")?;
    let built = modified(&workspace.path("ui/dist/index.html"));
    let newest = UI_SOURCES
        .iter()
        .filter_map(|source| newest(&workspace.path(source)))
        .max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    eprintln!("    $ npm run build  (in ui)");
    ensure!(
        process::run(&mut npm(workspace, "ui", &["run", "build"]))?,
        "the UI does not build; npm's own words are above"
    );
    Ok(())
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

/// The latest change of a file, or of anything in a folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path).ok().and_then(|entries| {
        entries
            .filter_map(|entry| newest(&entry.ok()?.path()))
            .max()
    });
    inside.max(modified(path))
}
