//! Calls that may fail: reads are repeated, creations are looked up by their reference.

use std::time::Duration;

use tandem_contract::{Cause, Error, Kind, Retry};
use tandem_domain::Reference;
use tandem_store::{Phase, Step};

use super::engine::{Importer, StoppedBy};
use super::look::read_again;
use crate::Patience;

/// Something that is made at most once.
#[derive(Debug)]
pub(super) struct Making<'a> {
    pub(super) step: Step,
    pub(super) reference: &'a Reference,
    /// SHA-256 of what is sent.
    pub(super) payload: String,
}

impl Importer<'_> {
    /// Makes a record by its reference: written down, sent, and after an error looked up. The
    /// same record is made by nobody twice, so sending again is always safe.
    pub(super) async fn make_once<F>(
        &self,
        making: Making<'_>,
        send: impl Fn() -> F,
    ) -> Result<i64, StoppedBy>
    where
        F: Future<Output = Result<i64, Error>>,
    {
        self.go_on()?;
        let (step, reference) = (making.step, Some(making.reference.to_string()));
        let note = |phase, detail: String| {
            let payload = (phase == Phase::Intent).then(|| making.payload.clone());
            self.note(step, phase, (reference.clone(), payload, detail))
        };
        note(Phase::Intent, String::new())?;
        let mut patience = Patience::default();
        loop {
            let error = match send().await {
                Ok(key) => {
                    note(Phase::Confirmed, key.to_string())?;
                    return Ok(key);
                }
                Err(error) => error,
            };
            note(Phase::Failed, error.cause.code().to_owned())?;
            if may_have_worked(&error) {
                let asked = std::slice::from_ref(making.reference);
                let found = self.read(|| self.sales.find(asked)).await?;
                if let Some(key) = found.into_iter().next().flatten() {
                    note(Phase::Found, key.to_string())?;
                    return Ok(key);
                }
            }
            self.wait_after(&mut patience, error).await?;
        }
    }

    /// A read, asked again while that can help.
    pub(super) async fn read<T, F>(&self, ask: impl Fn() -> F) -> Result<T, StoppedBy>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.go_on()?;
        Ok(read_again(ask, |wait| self.pause(wait)).await?)
    }

    /// Waits before a call is made again; hands the error back when it should not be.
    pub(super) async fn wait_after(
        &self,
        patience: &mut Patience,
        error: Error,
    ) -> Result<(), StoppedBy> {
        match patience.wait_after(&passing(error.clone())) {
            Some(wait) => {
                self.pause(wait).await;
                self.go_on()
            }
            None => Err(error.into()),
        }
    }

    /// Waits, a little longer than asked so that two machines do not meet again; no longer once
    /// the person says stop.
    pub(super) async fn pause(&self, wait: Duration) {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let wait = wait + Duration::from_millis((self.jitter)(millis / 2));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.cancel.cancelled() => {}
        }
    }
}

/// Whether the work may be done although an error came back. A key that was refused did nothing.
fn may_have_worked(error: &Error) -> bool {
    !matches!(
        error.kind(),
        Kind::Credentials | Kind::Insecure | Kind::Unreachable
    )
}

/// What comes from something between the server and us passes, as a page of a proxy does.
pub(super) fn passing(mut error: Error) -> Error {
    let between = matches!(
        error.cause,
        Cause::HtmlInstead | Cause::Unreadable | Cause::AnswerCut
    );
    if between && error.retry == Retry::Never {
        error.retry = Retry::AfterLooking;
    }
    error
}
