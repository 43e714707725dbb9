//! How a call's outcome keeps a promise, or breaks it.

use tandem_domain::{PartnerKey, VariantKey};

use crate::suite::{Broken, ensure};
use crate::{Kind, Result, Sales};

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

/// An address and its customer are read by their keys, and who is not there is told apart.
pub(super) async fn asked_by_key(
    desk: &dyn Sales,
    address: PartnerKey,
    customer: PartnerKey,
) -> std::result::Result<(), Broken> {
    let found = desk.partners(&[address, PartnerKey(0), customer]).await;
    let found = kept("partners are read by key", found)?;
    let found: Vec<Option<PartnerKey>> = found
        .iter()
        .map(|one| one.as_ref().map(|one| one.key))
        .collect();
    let asked = vec![Some(address), None, Some(customer)];
    same("partners come in the order asked", &asked, &found)
}

/// A product that never was is gone, and one that was just made is not.
pub(super) async fn gone_is_told(
    desk: &dyn Sales,
    made: VariantKey,
) -> std::result::Result<(), Broken> {
    let nobody = VariantKey(0);
    let gone = kept("gone products are told", desk.gone(&[made, nobody]).await)?;
    same("only what is gone is told as gone", &vec![nobody], &gone)
}
