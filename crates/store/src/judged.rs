//! What decisions that were taken one by one say of each pattern. A bulk step says nothing: nobody
//! looked at its pairs one by one.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;
use tandem_domain::{Decision, Slug, VariantKey};

use crate::convert::ReadColumn;
use crate::decisions::decision_from;
use crate::error::Result;
use crate::patterns::{Judged, Pattern};
use crate::standing::{Proposal, SavedLink, Verdict};
use crate::touched::Rows;

/// The decisions of one store that bear on a pattern, by number, and their sums.
#[derive(Debug)]
pub(crate) struct Judgements {
    store: Slug,
    each: HashMap<i64, (Pattern, bool)>,
    sums: BTreeMap<Pattern, Judged>,
}

const SELECT: &str = "SELECT d.seq, d.action, d.variant, d.before FROM decisions d
    WHERE d.store = ?1 AND d.undone_at IS NULL AND d.action <> 'ignore'
       AND NOT EXISTS (SELECT 1 FROM decisions o
          WHERE o.store = d.store AND o.batch = d.batch AND o.seq <> d.seq)";

impl Judgements {
    /// Reads all of them.
    pub(crate) fn read(db: &Connection, store: &Slug) -> Result<Self> {
        let mut judgements = Self {
            store: store.clone(),
            each: HashMap::new(),
            sums: BTreeMap::new(),
        };
        let mut statement = db.prepare_cached(SELECT)?;
        let mut rows = statement.query([store.as_str()])?;
        while let Some(row) = rows.next()? {
            judgements.add(judgement_from(row)?);
        }
        Ok(judgements)
    }

    /// Whether these are the ones of that store.
    pub(crate) fn are_of(&self, store: &Slug) -> bool {
        self.store == *store
    }

    /// By pattern, how often it was judged, and how often it was wrong.
    pub(crate) fn by_pattern(&self) -> &BTreeMap<Pattern, Judged> {
        &self.sums
    }

    /// Follows what was decided and taken back since. False when it is quicker to read all anew.
    pub(crate) fn follow(&mut self, db: &Connection, rows: &Rows) -> Result<bool> {
        let Rows::Few(decisions) = rows else {
            return Ok(false);
        };
        let mut statement = db.prepare_cached(&format!("{SELECT} AND d.seq = ?2"))?;
        for seq in decisions {
            self.take(*seq);
            let row = statement.query_row(params![self.store.as_str(), seq], judgement_from);
            if let Some(judgement) = row.optional()? {
                self.add(judgement);
            }
        }
        Ok(true)
    }

    fn add(&mut self, (seq, judgement): (i64, Option<(Pattern, bool)>)) {
        let Some((pattern, right)) = judgement else {
            return;
        };
        let sum = self.sums.entry(pattern).or_default();
        sum.checked += 1;
        sum.wrong += u32::from(!right);
        self.each.insert(seq, (pattern, right));
    }

    fn take(&mut self, seq: i64) {
        let Some((pattern, right)) = self.each.remove(&seq) else {
            return;
        };
        if let Some(sum) = self.sums.get_mut(&pattern) {
            sum.checked -= 1;
            sum.wrong -= u32::from(!right);
        }
        self.sums.retain(|_, sum| sum.checked > 0);
    }
}

fn judgement_from(row: &Row<'_>) -> rusqlite::Result<(i64, Option<(Pattern, bool)>)> {
    let before: Before = row.json("before")?;
    Ok((row.get("seq")?, before.judged(&decision_from(row)?)))
}

/// As much of a standing as a pattern needs.
#[derive(Deserialize)]
struct Before {
    link: Option<SavedLink>,
    verdict: Verdict,
    candidates: Vec<Proposal>,
}

impl Before {
    /// The pattern that was shown, and whether the decision bore it out.
    fn judged(&self, decision: &Decision) -> Option<(Pattern, bool)> {
        let best = self.candidates.first().filter(|_| self.link.is_none())?;
        let is = |variant: VariantKey| variant == best.variant;
        let right = match decision {
            Decision::Accept(variant) => is(*variant),
            Decision::Reject(variant) if is(*variant) => false,
            Decision::Reject(_) | Decision::Ignore => return None,
        };
        Some((Pattern::of(self.verdict, best), right))
    }
}
