//! Records that could not be understood: kept, named, and shown, instead of lost.

use std::sync::Arc;

use tandem_store::{FetchProblem, Stream};

use super::connections::parse_slug;
use crate::blocking::blocking;
use crate::view::{ProblemView, ProblemsPage, RunStepName};
use crate::{App, Result};

/// Rows of a page at most.
const PAGE_MAX: u32 = 200;
/// What was received is shown to this length; it is kept whole.
const RAW_CHARS_MAX: usize = 4_000;

impl App {
    /// Records of both sides of a store that could not be understood when they were last read,
    /// newest first.
    pub async fn problems(&self, store: &str, offset: u32, limit: u32) -> Result<ProblemsPage> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let saved = inner.saved_store(&slug)?;
            let sides: Vec<_> = [Some(slug), saved.bound_odoo]
                .into_iter()
                .flatten()
                .collect();
            let page = inner
                .store
                .fetch_problems(&sides, offset, limit.min(PAGE_MAX))?;
            Ok(ProblemsPage {
                total: page.total,
                rows: page.rows.into_iter().map(problem_view).collect(),
            })
        })
        .await
    }
}

fn problem_view(problem: FetchProblem) -> ProblemView {
    ProblemView {
        connection: problem.connection.to_string(),
        step: step_of(problem.stream),
        external_id: problem.external_id,
        reason: problem.reason,
        raw: problem.raw.chars().take(RAW_CHARS_MAX).collect(),
        at: problem.noted_at.to_string(),
    }
}

/// The step of a fetch that reads a stream.
fn step_of(stream: Stream) -> RunStepName {
    match stream {
        Stream::Listings => RunStepName::StoreListings,
        Stream::Orders => RunStepName::StoreOrders,
        Stream::Refunds => RunStepName::StoreRefunds,
        Stream::Variants => RunStepName::OdooVariants,
        Stream::Stock => RunStepName::OdooStock,
    }
}
