//! How a call's outcome keeps a promise, or breaks it.

use crate::suite::{Broken, ensure};
use crate::{Kind, Result};

pub(super) fn kept<T>(promise: &'static str, outcome: Result<T>) -> std::result::Result<T, Broken> {
    outcome.map_err(|error| Broken {
        promise,
        what: format!("{error} {:?}: {}", error.context, error.detail),
    })
}

pub(super) fn refused(
    promise: &'static str,
    outcome: Result<()>,
) -> std::result::Result<(), Broken> {
    let seen = format!("{outcome:?}");
    let refused = outcome.is_err_and(|error| error.kind() == Kind::Refused);
    ensure(refused, promise, || seen.clone())
}

pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    promise: &'static str,
    expected: &T,
    seen: &T,
) -> std::result::Result<(), Broken> {
    ensure(expected == seen, promise, || {
        format!("{seen:?}, not {expected:?}")
    })
}
