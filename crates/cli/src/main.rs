//! `tandem`: everything the window can do, from a terminal, a script or a scheduler.

mod args;
mod commands;
mod config;
mod exit;
mod output;
mod progress;
mod selling;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;
use crate::config::Environment;
use crate::exit::Exit;
use crate::output::Out;

fn main() -> ExitCode {
    let environment = Environment::read();
    let args = Args::parse();
    config::start_log(&environment);
    let mut out = Out::new(args.json, &environment.locale);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&error.to_string());
            return Exit::Failed.into();
        }
    };
    let exit = match runtime.block_on(commands::run(args, &environment, &mut out)) {
        Ok(exit) => exit,
        Err(error) => {
            out.error(&error);
            Exit::of(&error)
        }
    };
    exit.into()
}
