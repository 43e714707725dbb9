//! Everything a contributor runs, behind `./dev`: the demo, the tests, the tidy rules.
//!
//! Depends on none of the product's crates, so that it builds in seconds and works while they
//! do not.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to the terminal is what this program is for"
)]

mod demo;
mod licences;
mod npm;
mod process;
mod programs;
mod steps;
mod tally;
mod test;
mod tidy;
mod window;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use workspace::Workspace;

/// What one subcommand does with the arguments after its name; `false` means "ran, and failed".
type Subcommand = fn(&Workspace, &[String]) -> Result<bool>;

/// Name, what it takes and does, and the function: the help is printed from this table.
const SUBCOMMANDS: &[(&str, &str, Subcommand)] = &[
    (
        "demo",
        "[--text] [ARGUMENTS …]  start Tandem on its built-in stand-ins: a window, or text",
        demo::demo,
    ),
    (
        "test",
        "[--quick] [--keep-going]  everything that must hold; --quick: rules and Rust units only",
        test::test,
    ),
    (
        "tidy",
        "check the rules of the tree: arrows, heads, lengths, words, catalogues, styles, links",
        tidy::command,
    ),
    (
        "desktop",
        "[ARGUMENTS …]  build and start the window on your own profile",
        demo::desktop,
    ),
    (
        "suite",
        "KIND --url URL [--login L] …  hold a connector against a real server; reads, never writes",
        programs::suite,
    ),
    (
        "bench",
        "fetch|matching|orders|window [ARGUMENTS …]  measure, in a release build, and print what was found",
        programs::bench,
    ),
    (
        "sim",
        "orders [--seeds N | --seed S]  orders into Odoo under bad weather; a seed replays",
        programs::sim,
    ),
    (
        "bindings",
        "write the TypeScript side of the commands anew",
        test::bindings,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<bool> {
    let Some((name, rest)) = arguments.split_first() else {
        help();
        return Ok(true);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        help();
        return Ok(true);
    }
    let Some((_, _, subcommand)) = SUBCOMMANDS.iter().find(|(known, ..)| known == name) else {
        help();
        bail!("there is no subcommand `{name}`");
    };
    subcommand(&Workspace::find()?, rest)
}

fn help() {
    println!("./dev SUBCOMMAND");
    for (name, does, _) in SUBCOMMANDS {
        println!("  {name:9} {does}");
    }
}
