//! Starts other programs, shows what they print as they print it, and gives none of them for ever.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tally::Tally;

/// How often a running program is looked at; a step ends at most this much later than its program.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Runs to the end, its output going straight to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    Ok(status.success())
}

/// Runs to the end or the limit, showing its output and counting the tests in it.
///
/// Only standard output is read: Cargo's progress goes to standard error, untouched.
pub(crate) fn run_counted(command: &mut Command, limit: Duration) -> Result<(bool, Tally)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let stdout = child.stdout.take().context("standard output was piped")?;
    let reader = thread::spawn(move || forward(stdout, std::io::stdout()));
    let Some(status) = wait_until(&mut child, Instant::now() + limit)? else {
        bail!(
            "{} was stopped: it ran longer than {} minutes",
            shown(command),
            limit.as_secs() / 60
        );
    };
    let tally = reader.join().ok().context("reading the output panicked")?;
    Ok((status.success(), tally))
}

/// Waits for the end; at the deadline the program is ended and `None` comes back.
fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn forward(from: impl Read, mut to: impl Write) -> Tally {
    let mut from = BufReader::new(from);
    let mut tally = Tally::default();
    let mut line = Vec::new();
    while from
        .read_until(b'\n', &mut line)
        .is_ok_and(|length| length > 0)
    {
        // A closed terminal must not stop the run half way.
        let _closed = to.write_all(&line).and_then(|()| to.flush());
        tally += Tally::of_line(&String::from_utf8_lossy(&line));
        line.clear();
    }
    tally
}

/// The command as somebody would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_while_output_passes_through() {
        let printed = "compiling\n2 passed, 1 failed\nno line end";
        let mut shown = Vec::new();
        let tally = forward(printed.as_bytes(), &mut shown);
        assert_eq!(shown, printed.as_bytes());
        assert_eq!((tally.passed, tally.failed), (2, 1));
    }

    #[test]
    fn the_exit_code_decides() {
        let mut command = Command::new("sh");
        let (success, _) = run_counted(command.args(["-c", "exit 3"]), Duration::from_secs(10))
            .expect("every unix has sh");
        assert!(!success);
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let started = Instant::now();
        let outcome = run_counted(Command::new("sleep").arg("30"), Duration::from_millis(100));
        assert!(outcome.is_err());
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
