//! Proposals that look alike: counted, looked at in a sample, accepted at once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tandem_domain::{Decision, Slug};
use tandem_store::{Offered, Origin, Pattern, PatternCount, ReviewFilter, ReviewTab, Verdict};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::accounts::{confidence_of, measured_pattern};
use crate::use_cases::bulk::{Decisions, set_of};
use crate::use_cases::cards::VariantCards;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::facets::{filter_of, shown_tag, verdict_tag};
use crate::use_cases::review::pair_row;
use crate::view::{BulkDone, PatternSample, PatternView, ReviewQuery, count};
use crate::{App, Result};

/// Rows that a sample has at most.
const SAMPLE_MAX: u32 = 100;

impl App {
    /// The open proposals by pattern, the largest first.
    pub async fn patterns(&self, store: &str) -> Result<Vec<PatternView>> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            inner.patterns(&slug)
        })
        .await
    }

    /// Some of the rows of a pattern that "accept all" would accept, spread evenly from best to
    /// worst score; the same ones each time.
    pub async fn pattern_sample(
        &self,
        store: &str,
        pattern: &str,
        rows: u32,
    ) -> Result<PatternSample> {
        let (slug, pattern) = (parse_slug(store)?, parse_pattern(pattern)?);
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.pattern_sample(&slug, pattern, rows.min(SAMPLE_MAX))).await
    }

    /// Accepts what a query shows, as one step that is undone as one: the best candidate of every
    /// open row, all pages of it. What follows for orders follows later. Left out are rows that ask first, those in which no candidate
    /// stands out, and variants that another listing is linked to or claims as well.
    ///
    /// `seen` is the set of the sample that a person looked at: when the pairs are others by now,
    /// nothing is accepted.
    pub async fn accept_all(
        &self,
        store: &str,
        query: ReviewQuery,
        seen: Option<String>,
    ) -> Result<BulkDone> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.accept_all(&slug, &filter_of(&query)?, seen.as_deref())).await
    }
}

impl Inner {
    fn patterns(&self, store: &Slug) -> Result<Vec<PatternView>> {
        let all = ReviewFilter::of(ReviewTab::ToReview);
        let mut by_pattern: BTreeMap<Pattern, Vec<Offered>> = BTreeMap::new();
        for row in self.store.offered(store, &all)? {
            by_pattern.entry(row.pattern).or_default().push(row);
        }
        let patterns = self.store.patterns(store)?;
        let view = |counted: &PatternCount| {
            let rows = by_pattern.remove(&counted.pattern).unwrap_or_default();
            pattern_view(counted, sorted_out(rows).0.len())
        };
        Ok(patterns.iter().map(view).collect())
    }

    fn pattern_sample(&self, store: &Slug, pattern: Pattern, rows: u32) -> Result<PatternSample> {
        let cards = VariantCards::of(self, store)?;
        let filter = ReviewFilter {
            pattern: Some(pattern),
            ..ReviewFilter::of(ReviewTab::ToReview)
        };
        let (accepted, _) = sorted_out(self.store.offered(store, &filter)?);
        let step = accepted.len().div_ceil(rows.max(1) as usize).max(1);
        let ids: Vec<_> = accepted.iter().step_by(step).map(|row| row.id).collect();
        let shown = self.store.review_rows(store, &ids)?;
        Ok(PatternSample {
            total: count(accepted.len()),
            set: set_of(&self.accepting(store, &accepted)?),
            rows: shown
                .iter()
                .map(|row| pair_row(&cards, row))
                .collect::<Result<_>>()?,
        })
    }

    fn accept_all(
        self: &Arc<Self>,
        store: &Slug,
        filter: &ReviewFilter,
        seen: Option<&str>,
    ) -> Result<BulkDone> {
        self.saved_store(store)?;
        let (accepted, mut done) = sorted_out(self.store.offered(store, filter)?);
        let decisions = self.accepting(store, &accepted)?;
        if seen.is_some_and(|seen| seen != set_of(&decisions)) {
            return Err(AppError::new(Code::SetChanged).with("count", decisions.len()));
        }
        done.undoable = self
            .decide_together(store, &decisions, Origin::Bulk)?
            .undoable;
        Ok(done)
    }

    fn accepting(&self, store: &Slug, rows: &[Offered]) -> Result<Decisions> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let variants: HashMap<_, _> = rows.iter().map(|row| (row.id, row.variant)).collect();
        let keys = self.store.listing_keys(store, &ids)?.into_iter();
        Ok(keys
            .map(|(id, listing)| (listing, Decision::Accept(variants[&id])))
            .collect())
    }
}

/// What may be accepted unseen, and how much is left out for which reason.
fn sorted_out(offered: Vec<Offered>) -> (Vec<Offered>, BulkDone) {
    let mut claims: HashMap<_, u32> = HashMap::new();
    for row in &offered {
        *claims.entry(row.variant).or_default() += 1;
    }
    let mut done = BulkDone::default();
    let mut accepted = Vec::new();
    for row in offered {
        if row.pattern.verdict != Verdict::Likely {
            done.unclear += 1;
        } else if row.guarded {
            done.guarded += 1;
        } else if row.taken || claims[&row.variant] > 1 {
            done.taken += 1;
        } else {
            accepted.push(row);
        }
    }
    done.accepted = count(accepted.len());
    (accepted, done)
}

/// The pattern of a name.
pub(crate) fn parse_pattern(name: &str) -> Result<Pattern> {
    name.parse()
        .map_err(|_| AppError::bad_input("pattern", name))
}

fn pattern_view(counted: &PatternCount, takes: usize) -> PatternView {
    let PatternCount {
        pattern, judged, ..
    } = *counted;
    PatternView {
        id: pattern.to_string(),
        verdict: verdict_tag(pattern.verdict),
        evidence: pattern.evidence().into_iter().map(shown_tag).collect(),
        confidence: confidence_of(pattern.verdict, pattern.band),
        rows: counted.rows,
        guarded: counted.guarded,
        guarded_price: counted.price,
        guarded_text: counted.unit,
        acceptable: pattern.verdict == Verdict::Likely,
        takes: count(takes),
        measured: (judged.checked > 0).then(|| measured_pattern(judged)),
    }
}
