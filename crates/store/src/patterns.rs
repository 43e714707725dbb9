//! Patterns: proposals that look alike, with what single decisions said of such proposals.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tandem_domain::Slug;

use crate::convert::{ReadColumn, to_word};
use crate::db::Store;
use crate::error::Result;
use crate::review::{ReviewFilter, ReviewTab};
use crate::standing::{Proposal, Verdict};
use crate::tags::{EvidenceTag, Guard, bits};

/// How good a score is, in three steps that end where bars of the histogram end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// From 6,500 basis points.
    High,
    /// From 4,500.
    Middle,
    /// Less.
    Low,
}

impl Band {
    /// The band of a score.
    pub fn of(score_bp: u16) -> Self {
        match score_bp {
            6_500.. => Self::High,
            4_500.. => Self::Middle,
            _ => Self::Low,
        }
    }
}

/// What proposals of one pattern have in common. The band is that of the score at the last match:
/// decisions that move the queue move nothing from one pattern to another.
///
/// As text, and back: `likely.5.high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    /// What the matching made of them.
    pub verdict: Verdict,
    /// The kinds of their evidence, as bits.
    tags: i64,
    /// How good their scores are.
    pub band: Band,
}

impl Pattern {
    /// The pattern of a listing's best candidate.
    pub fn of(verdict: Verdict, best: &Proposal) -> Self {
        Self {
            verdict,
            tags: bits(&best.evidence).0,
            band: Band::of(best.matched_bp.unwrap_or(best.score_bp)),
        }
    }

    /// The pattern of a row with these kinds of evidence, as bits, and this score.
    pub(crate) fn of_row(verdict: Verdict, tags: u8, score_bp: u16) -> Self {
        Self {
            verdict,
            tags: tags.into(),
            band: Band::of(score_bp),
        }
    }

    /// The pattern of a row of the review with this score.
    pub(crate) fn counted(row: &rusqlite::Row<'_>, score_bp: u16) -> rusqlite::Result<Self> {
        Ok(Self {
            verdict: row.word("verdict")?,
            tags: row.get("evidence")?,
            band: Band::of(score_bp),
        })
    }

    /// The kinds of evidence that all of them have, and no others.
    pub fn evidence(self) -> Vec<EvidenceTag> {
        let tags = EvidenceTag::ALL.into_iter();
        tags.filter(|tag| self.tags & tag.bit() != 0).collect()
    }

    /// Whether a proposal follows it: what the matching made of the listing, the kinds of its
    /// evidence, and the score at the last match.
    pub(crate) fn holds(self, verdict: Verdict, tags: u8, matched_bp: Option<u16>) -> bool {
        self.verdict == verdict
            && self.tags == i64::from(tags)
            && matched_bp.is_some_and(|score| Band::of(score) == self.band)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |value: std::result::Result<String, _>| {
            value.map_err(|_: crate::StoreError| fmt::Error)
        };
        let verdict = word(to_word("verdict", &self.verdict))?;
        let band = word(to_word("band", &self.band))?;
        write!(f, "{verdict}.{}.{band}", self.tags)
    }
}

/// A text that names no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a pattern")]
pub struct NoPattern;

impl FromStr for Pattern {
    type Err = NoPattern;

    fn from_str(text: &str) -> std::result::Result<Self, NoPattern> {
        let mut parts = text.splitn(3, '.');
        let mut next = || parts.next().ok_or(NoPattern);
        let (verdict, tags, band) = (next()?, next()?, next()?);
        let word = |text: &str| serde_json::Value::String(text.to_owned());
        Ok(Self {
            verdict: serde_json::from_value(word(verdict)).map_err(|_| NoPattern)?,
            tags: tags.parse().map_err(|_| NoPattern)?,
            band: serde_json::from_value(word(band)).map_err(|_| NoPattern)?,
        })
    }
}

/// Pairs that somebody decided on one by one, and how many of them were not the same thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    /// Proposals that were accepted or rejected as they were shown.
    pub checked: u32,
    /// Those that were rejected, or for which another variant was chosen.
    pub wrong: u32,
}

/// The open proposals of one pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatternCount {
    /// What they have in common.
    pub pattern: Pattern,
    /// How many there are, those with a guard included.
    pub rows: u32,
    /// Those with a guard.
    pub guarded: u32,
    /// Those whose prices are far apart.
    pub price: u32,
    /// Those whose texts contradict each other.
    pub unit: u32,
    /// What single decisions said of such proposals.
    pub judged: Judged,
}

impl Store {
    /// The open proposals of a store by pattern, the largest first.
    pub fn patterns(&self, store: &Slug) -> Result<Vec<PatternCount>> {
        let judged = self.patterns_judged(store)?;
        let filter = ReviewFilter::of(ReviewTab::ToReview);
        self.look(store, &filter, |overview, narrowed| {
            let mut found: BTreeMap<Pattern, PatternCount> = BTreeMap::new();
            for row in overview.shown(&filter, narrowed) {
                let Some(pattern) = row.measured_pattern() else {
                    continue;
                };
                let counted = found.entry(pattern).or_insert(PatternCount {
                    pattern,
                    rows: 0,
                    guarded: 0,
                    price: 0,
                    unit: 0,
                    judged: judged.get(&pattern).copied().unwrap_or_default(),
                });
                counted.rows += 1;
                counted.guarded += u32::from(row.is_guarded());
                counted.price += u32::from(row.warns(Guard::Price));
                counted.unit += u32::from(row.warns(Guard::Unit));
            }
            let mut found: Vec<_> = found.into_values().collect();
            found.sort_by_key(|counted| (std::cmp::Reverse(counted.rows), counted.pattern));
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Band, Pattern};
    use crate::standing::Verdict;

    #[test]
    fn a_pattern_is_read_from_its_own_name_and_from_no_other() {
        let pattern = Pattern {
            verdict: Verdict::Likely,
            tags: 5,
            band: Band::High,
        };
        assert_eq!(pattern.to_string(), "likely.5.high");
        assert_eq!("likely.5.high".parse(), Ok(pattern));
        for other in [
            "",
            "likely",
            "likely.x.high",
            "likely.5.top",
            "maybe.5.high",
        ] {
            assert!(other.parse::<Pattern>().is_err(), "{other}");
        }
    }

    #[test]
    fn bands_end_where_bars_end() {
        for score in 0..=10_000_u16 {
            assert_eq!(Band::of(score), Band::of(score / 500 * 500), "{score}");
        }
    }
}
