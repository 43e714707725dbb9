//! A list of steps run one after the other, and the table that says how they went.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process;
use crate::tally::Tally;

/// No step may take longer than this; a cold build on two busy cores takes under half of it.
const STEP_LIMIT: Duration = Duration::from_secs(45 * 60);

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Did what it should.
    Passed,
    /// Did not.
    Failed,
    /// Could not run here, for the reason given.
    Skipped(&'static str),
}

#[derive(Debug)]
struct Done {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Runs steps and remembers how each went. After a failure the rest is left out, unless told
/// to go on.
#[derive(Debug)]
pub(crate) struct Steps {
    keep_going: bool,
    started: Instant,
    done: Vec<Done>,
    tally: Tally,
}

impl Steps {
    pub(crate) fn new(keep_going: bool) -> Self {
        Self {
            keep_going,
            started: Instant::now(),
            done: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Runs a program as a step.
    pub(crate) fn command(&mut self, name: &'static str, command: &mut Command) {
        self.step(name, |tally| {
            eprintln!("    $ {}", process::shown(command));
            let (success, counted) = process::run_counted(command, STEP_LIMIT)?;
            *tally += counted;
            Ok(if success {
                Outcome::Passed
            } else {
                Outcome::Failed
            })
        });
    }

    /// Runs a function as a step. Its error is printed and counts as a failure.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        run: impl FnOnce(&mut Tally) -> Result<Outcome>,
    ) {
        if self.failed() && !self.keep_going {
            return;
        }
        eprintln!("\n==> {name}");
        let started = Instant::now();
        let outcome = run(&mut self.tally).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::Failed
        });
        if outcome == Outcome::Failed {
            eprintln!("==> FAILED: {name}");
        }
        self.done.push(Done {
            name,
            outcome,
            took: started.elapsed(),
        });
    }

    fn failed(&self) -> bool {
        self.done.iter().any(|step| step.outcome == Outcome::Failed)
    }

    /// Prints the table and the closing lines; says whether everything held.
    pub(crate) fn finish(self) -> bool {
        println!("\n{}", self.table());
        if let Some(step) = self.done.iter().find(|s| s.outcome == Outcome::Failed) {
            println!("Failed first: {}.", step.name);
        }
        println!(
            "tests: {} passed, {} failed",
            self.tally.passed, self.tally.failed
        );
        !self.failed()
    }

    fn table(&self) -> String {
        let line = |took, name, word: &str| format!("{:>8}  {name:34} {word}", spelled(took));
        let mut lines: Vec<String> = self
            .done
            .iter()
            .map(|step| match step.outcome {
                Outcome::Passed => line(step.took, step.name, "ok"),
                Outcome::Failed => line(step.took, step.name, "FAILED"),
                Outcome::Skipped(reason) => {
                    line(step.took, step.name, &format!("skipped: {reason}"))
                }
            })
            .collect();
        lines.push(line(self.started.elapsed(), "all steps", ""));
        lines.join("\n")
    }
}

fn spelled(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{}m {:02}s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(keep_going: bool) -> Steps {
        let mut steps = Steps::new(keep_going);
        steps.step("first", |_| Ok(Outcome::Passed));
        steps.step("second", |_| anyhow::bail!("broken"));
        steps.step("third", |_| Ok(Outcome::Skipped("no window here")));
        steps
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        let steps = run(false);
        assert_eq!(steps.done.len(), 2);
        assert!(steps.table().contains("second"), "{}", steps.table());
        assert!(!steps.finish());
    }

    #[test]
    fn told_to_go_on_it_runs_the_rest_and_still_fails() {
        let steps = run(true);
        assert!(steps.table().contains("skipped: no window here"));
        assert!(!steps.finish());
    }
}
