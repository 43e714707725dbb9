//! The cache and the keychain block; their work runs on threads that may.

use crate::Result;
use crate::error::{AppError, Code};

/// Runs work that blocks, away from the threads that answer.
pub(crate) async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> Result<R> + Send + 'static,
) -> Result<R> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(crash) => Err(AppError::new(Code::Internal).details(crash)),
    }
}
