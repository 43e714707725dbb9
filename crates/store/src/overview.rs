//! The review of one store in memory, a narrow row for each listing: lists and counts over a whole
//! catalogue are a look through it, whatever is filtered or typed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use tandem_domain::Slug;

use crate::convert::ReadColumn;
use crate::error::Result;
use crate::patterns::Pattern;
use crate::review::{ReviewFilter, ReviewTab};
use crate::standing::{ReviewState, Verdict};
use crate::tags::{EvidenceTag, Guard};
use crate::texts::Found;
use crate::touched::Rows;

/// A listing of the review, as far as filters and counts go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Narrow {
    pub(crate) id: i64,
    pub(crate) variant: Option<i64>,
    pub(crate) score_bp: Option<u16>,
    matched_bp: Option<u16>,
    state: ReviewState,
    verdict: Verdict,
    shared: bool,
    evidence: u8,
    guards: u8,
}

const COLUMNS: &str =
    "listing_id, variant, score_bp, matched_bp, state, verdict, shared, evidence, guards";

/// All listings of a store that are still there, in the order of the lists.
#[derive(Debug)]
pub(crate) struct Overview {
    store: Slug,
    rows: Vec<Narrow>,
}

/// What a search box, a group or a pattern leaves: sets of listings and of shown variants.
#[derive(Debug, Default)]
pub(crate) struct Narrowed {
    pub(crate) listings: Vec<Found>,
    pub(crate) variants: Vec<Found>,
}

/// A facet of the filter, which counts leave out of account one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facet {
    Verdict,
    Evidence,
    Guard,
    Score,
}

impl Overview {
    /// Reads the review of a store.
    pub(crate) fn read(db: &Connection, store: &Slug) -> Result<Self> {
        // The plus keeps the planner from an index, which would need a look at the table for
        // each row; the order is made here, quicker than by the database.
        let mut statement = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM review WHERE +store = ?1 AND present = 1"
        ))?;
        let rows = statement.query_map([store.as_str()], narrow_from)?;
        let mut rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        rows.sort_unstable_by_key(Narrow::order);
        rows.shrink_to_fit();
        Ok(Self {
            store: store.clone(),
            rows,
        })
    }

    /// Whether this is the review of that store.
    pub(crate) fn is_of(&self, store: &Slug) -> bool {
        self.store == *store
    }

    /// Follows what was written since. False when it is quicker to read all anew.
    pub(crate) fn follow(&mut self, db: &Connection, rows: &Rows) -> Result<bool> {
        let Rows::Few(ids) = rows else {
            return Ok(false);
        };
        if ids.is_empty() {
            return Ok(true);
        }
        let mut statement = db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM review WHERE listing_id = ?1 AND store = ?2 AND present = 1"
        ))?;
        let mut now = Vec::with_capacity(ids.len());
        for id in ids {
            let row = statement.query_row(params![id, self.store.as_str()], narrow_from);
            now.extend(row.optional()?);
        }
        self.rows.retain(|row| !ids.contains(&row.id));
        self.rows.extend(now);
        // Almost in order already, which this sort makes use of.
        self.rows.sort_by_key(Narrow::order);
        Ok(true)
    }

    /// The listings that a filter leaves, in the order of the lists.
    pub(crate) fn shown<'a>(
        &'a self,
        filter: &'a ReviewFilter,
        narrowed: &'a Narrowed,
    ) -> impl Iterator<Item = &'a Narrow> {
        let asked = Asked::of(filter);
        self.rows.iter().filter(move |row| {
            row.in_tab(filter.tab) && asked.misses(row).is_empty() && row.is_typed(filter, narrowed)
        })
    }

    /// Every listing with whether what was typed leaves it.
    pub(crate) fn rows<'a>(
        &'a self,
        filter: &'a ReviewFilter,
        narrowed: &'a Narrowed,
    ) -> impl Iterator<Item = (&'a Narrow, bool)> {
        let rows = self.rows.iter();
        rows.map(move |row| (row, row.is_typed(filter, narrowed)))
    }
}

impl Narrow {
    /// Best score first, none last; then as they came into the cache.
    fn order(&self) -> (std::cmp::Reverse<Option<u16>>, i64) {
        (std::cmp::Reverse(self.score_bp), self.id)
    }

    /// The tab, by the rules of the schema; `None` for parents.
    fn tab(&self) -> Option<ReviewTab> {
        match (self.state, self.verdict) {
            (ReviewState::Linked, _) => Some(ReviewTab::Mapped),
            (ReviewState::Ignored, _) => Some(ReviewTab::Unmatched),
            (ReviewState::Open, Verdict::Parent) => None,
            (ReviewState::Open, Verdict::Likely | Verdict::Ambiguous | Verdict::Broken) => {
                Some(ReviewTab::ToReview)
            }
            (ReviewState::Open, Verdict::Linked | Verdict::None | Verdict::Decided) => {
                Some(ReviewTab::Unmatched)
            }
        }
    }

    /// Whether it is neither linked nor ignored.
    pub(crate) fn is_open(&self) -> bool {
        self.state == ReviewState::Open
    }

    /// The pattern that it follows.
    pub(crate) fn pattern(&self) -> Pattern {
        let matched_bp = self.matched_bp.or(self.score_bp).unwrap_or(0);
        Pattern::of_row(self.verdict, self.evidence, matched_bp)
    }

    /// The same, where the last match gave the pair a score.
    pub(crate) fn measured_pattern(&self) -> Option<Pattern> {
        self.matched_bp.map(|_| self.pattern())
    }

    /// Whether it stands in a tab.
    pub(crate) fn in_tab(&self, tab: ReviewTab) -> bool {
        match tab {
            ReviewTab::ToReview | ReviewTab::Mapped | ReviewTab::Unmatched => {
                self.tab() == Some(tab)
            }
            ReviewTab::Conflicts => self.shared && self.state == ReviewState::Open,
        }
    }

    /// Whether search boxes, group and pattern leave it.
    fn is_typed(&self, filter: &ReviewFilter, narrowed: &Narrowed) -> bool {
        let pattern = filter
            .pattern
            .is_none_or(|pattern| pattern.holds(self.verdict, self.evidence, self.matched_bp));
        pattern
            && narrowed.listings.iter().all(|found| found.has(self.id))
            && narrowed
                .variants
                .iter()
                .all(|found| self.variant.is_some_and(|variant| found.has(variant)))
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.verdict
    }

    pub(crate) fn has(&self, tag: EvidenceTag) -> bool {
        i64::from(self.evidence) & tag.bit() != 0
    }

    pub(crate) fn warns(&self, guard: Guard) -> bool {
        i64::from(self.guards) & guard.bit() != 0
    }

    pub(crate) fn is_guarded(&self) -> bool {
        self.guards != 0
    }
}

/// The facets of a filter, ready to be compared.
pub(crate) struct Asked<'a> {
    verdicts: &'a [Verdict],
    evidence: i64,
    guards: i64,
    score_bp: Option<&'a std::ops::RangeInclusive<u16>>,
}

/// The facets that a listing does not fit: none, one of them, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misses {
    None,
    Only(Facet),
    Several,
}

impl Misses {
    pub(crate) fn is_empty(self) -> bool {
        self == Self::None
    }

    /// Whether the listing is left when this facet is not taken into account.
    pub(crate) fn but(self, facet: Facet) -> bool {
        self.is_empty() || self == Self::Only(facet)
    }

    fn and(self, facet: Facet) -> Self {
        match self {
            Self::None => Self::Only(facet),
            Self::Only(_) | Self::Several => Self::Several,
        }
    }
}

impl<'a> Asked<'a> {
    pub(crate) fn of(filter: &'a ReviewFilter) -> Self {
        Self {
            verdicts: &filter.verdicts,
            evidence: filter.evidence.iter().fold(0, |all, tag| all | tag.bit()),
            guards: filter.guards.iter().fold(0, |all, guard| all | guard.bit()),
            score_bp: filter.score_bp.as_ref(),
        }
    }

    /// The facets that a listing does not fit. Values of one facet widen it.
    pub(crate) fn misses(&self, row: &Narrow) -> Misses {
        let mut misses = Misses::None;
        if !self.verdicts.is_empty() && !self.verdicts.contains(&row.verdict) {
            misses = misses.and(Facet::Verdict);
        }
        if self.evidence != 0 && self.evidence & i64::from(row.evidence) == 0 {
            misses = misses.and(Facet::Evidence);
        }
        if self.guards != 0 && self.guards & i64::from(row.guards) == 0 {
            misses = misses.and(Facet::Guard);
        }
        let out = |range: &std::ops::RangeInclusive<u16>| {
            row.score_bp.is_none_or(|score| !range.contains(&score))
        };
        if self.score_bp.is_some_and(out) {
            misses = misses.and(Facet::Score);
        }
        misses
    }
}

fn narrow_from(row: &Row<'_>) -> rusqlite::Result<Narrow> {
    Ok(Narrow {
        id: row.get(0)?,
        variant: row.get(1)?,
        score_bp: row.get(2)?,
        matched_bp: row.get(3)?,
        state: row.word("state")?,
        verdict: row.word("verdict")?,
        shared: row.get(6)?,
        evidence: row.get(7)?,
        guards: row.get(8)?,
    })
}
