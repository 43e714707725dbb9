//! The numbers beside the review's tabs and filters.

use tandem_domain::Slug;

use crate::db::Store;
use crate::error::Result;
use crate::overview::{Asked, Facet, Misses, Narrow};
use crate::review::{ReviewFilter, ReviewTab};
use crate::standing::Verdict;
use crate::tags::{EvidenceTag, Guard};

/// Bars of the score histogram; the last one holds 10,000 too.
pub const SCORE_BUCKETS: usize = 20;

/// How wide a bar is.
const BUCKET_BP: u16 = 500;

/// How many rows each tab and each filter would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCounts {
    /// Rows of each tab, without any filter.
    pub tabs: TabCounts,
    /// Rows that the filter leaves.
    pub total: u32,
    /// Rows of the tab by verdict, under all other filters.
    pub verdicts: Vec<(Verdict, u32)>,
    /// Rows of the tab by kind of evidence, under all other filters. A row may count for many.
    pub evidence: Vec<(EvidenceTag, u32)>,
    /// Rows of the tab by guard, under all other filters.
    pub guards: Vec<(Guard, u32)>,
    /// Rows of the tab with any guard, under all other filters.
    pub guarded: u32,
    /// Rows of the tab by score, under all other filters.
    pub scores: [u32; SCORE_BUCKETS],
}

/// Rows of each tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TabCounts {
    /// Undecided, something speaks for a pair.
    pub to_review: u32,
    /// Linked.
    pub mapped: u32,
    /// Nothing speaks for a pair, or ignored.
    pub unmatched: u32,
    /// Undecided with a key that proves nothing.
    pub conflicts: u32,
    /// Variants that are sold and that no listing of this store is linked to.
    pub only_in_odoo: u32,
}

impl Store {
    /// The numbers beside tabs and filters.
    pub fn review_counts(&self, store: &Slug, filter: &ReviewFilter) -> Result<ReviewCounts> {
        let only_in_odoo = self.count_only_in_odoo(store)?;
        self.look(store, filter, |overview, narrowed| {
            let asked = Asked::of(filter);
            let mut counts = ReviewCounts::none();
            for (row, typed) in overview.rows(filter, narrowed) {
                counts.tabs.add(row);
                if typed && row.in_tab(filter.tab) {
                    counts.add(row, asked.misses(row));
                }
            }
            counts.tabs.only_in_odoo = only_in_odoo;
            counts
        })
    }
}

impl TabCounts {
    fn add(&mut self, row: &Narrow) {
        for (tab, count) in [
            (ReviewTab::ToReview, &mut self.to_review),
            (ReviewTab::Mapped, &mut self.mapped),
            (ReviewTab::Unmatched, &mut self.unmatched),
            (ReviewTab::Conflicts, &mut self.conflicts),
        ] {
            *count += u32::from(row.in_tab(tab));
        }
    }
}

impl ReviewCounts {
    fn none() -> Self {
        Self {
            tabs: TabCounts::default(),
            total: 0,
            verdicts: Verdict::ALL.map(|verdict| (verdict, 0)).into(),
            evidence: EvidenceTag::ALL.map(|tag| (tag, 0)).into(),
            guards: Guard::ALL.map(|guard| (guard, 0)).into(),
            guarded: 0,
            scores: [0; SCORE_BUCKETS],
        }
    }

    /// Counts a row of the tab under every facet that the other facets leave it.
    fn add(&mut self, row: &Narrow, misses: Misses) {
        self.total += u32::from(misses.is_empty());
        if misses.but(Facet::Verdict)
            && let Some((_, count)) = self
                .verdicts
                .iter_mut()
                .find(|(verdict, _)| *verdict == row.verdict())
        {
            *count += 1;
        }
        if misses.but(Facet::Evidence) {
            for (tag, count) in &mut self.evidence {
                *count += u32::from(row.has(*tag));
            }
        }
        if misses.but(Facet::Guard) {
            for (guard, count) in &mut self.guards {
                *count += u32::from(row.warns(*guard));
            }
            self.guarded += u32::from(row.is_guarded());
        }
        let bar = row
            .score_bp
            .map(|score| usize::from(score / BUCKET_BP).min(SCORE_BUCKETS - 1));
        if misses.but(Facet::Score)
            && let Some(count) = bar.and_then(|bar| self.scores.get_mut(bar))
        {
            *count += 1;
        }
    }
}
