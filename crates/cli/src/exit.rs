//! Exit codes, fit for scripts: 0 done, 1 failed, 2 usage, 3 done with blocked items, 4
//! interrupted but resumable.

use std::process::ExitCode;

use tandem_app::{AppError, Code};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As wanted.
    Done,
    /// It could not be done.
    Failed,
    /// It was asked for wrongly.
    Usage,
    /// Done, but something waits for a person.
    Blocked,
    /// Stopped by a person; the same command goes on where it stopped.
    Interrupted,
}

impl Exit {
    /// The exit of an error.
    pub(crate) fn of(error: &AppError) -> Self {
        match error.code {
            Code::Cancelled => Self::Interrupted,
            Code::BadInput | Code::ConnectionUnknown | Code::RecordUnknown => Self::Usage,
            _ => Self::Failed,
        }
    }

    /// The exit of what was done, with or without something left that waits for a person.
    pub(crate) fn with_nothing_left(nothing: bool) -> Self {
        if nothing { Self::Done } else { Self::Blocked }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Blocked => 3,
            Exit::Interrupted => 4,
        })
    }
}
