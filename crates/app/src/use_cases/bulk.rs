//! One decision about many pairs: looked at first, then done to exactly what was looked at.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tandem_domain::{Decision, ListingKey, Slug};
use tandem_store::{BulkRow, Origin, ReviewState, Verdict};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::facets::filter_of;
use crate::view::{BulkInput, BulkPreview, DecideAction, Stale, StepDone, count};
use crate::{App, Result};

impl App {
    /// What a bulk step would do, and what it would leave out.
    pub async fn bulk_preview(&self, store: &str, input: BulkInput) -> Result<BulkPreview> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || Ok(inner.bulk(&slug, &input)?.1)).await
    }

    /// Does what was looked at, as one step that is taken back as one. Refused when the rows are
    /// other ones by now, or would be decided otherwise: `set` is the preview's.
    pub async fn bulk_decide(&self, store: &str, input: BulkInput, set: &str) -> Result<StepDone> {
        let (slug, set) = (parse_slug(store)?, set.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let (decisions, preview) = inner.bulk(&slug, &input)?;
            if preview.set != set {
                return Err(AppError::new(Code::SetChanged).with("count", preview.decided));
            }
            inner.decide_together(&slug, &decisions, Origin::Bulk)
        })
        .await
    }
}

/// Decisions that are taken together.
pub(crate) type Decisions = Vec<(ListingKey, Decision)>;

impl Inner {
    fn bulk(&self, store: &Slug, input: &BulkInput) -> Result<(Decisions, BulkPreview)> {
        self.saved_store(store)?;
        let chosen = input.listings.is_some();
        let rows = match &input.listings {
            Some(keys) => {
                let keys: Vec<_> = keys.iter().map(ListingKey::new).collect();
                self.store.bulk_rows_of(store, &keys)?
            }
            None => self.store.bulk_rows(store, &filter_of(&input.query)?)?,
        };
        Ok(sorted_out(rows, input.action, chosen))
    }

    /// Takes decisions as one step. What follows from them follows later: nobody waits for it.
    pub(crate) fn decide_together(
        self: &Arc<Self>,
        store: &Slug,
        decisions: &Decisions,
        origin: Origin,
    ) -> Result<StepDone> {
        let decided = count(decisions.len());
        if decided > 0 {
            let now = self.clock.now();
            self.store
                .decide_together(store, decisions, (origin, now))?;
            self.stale(&[Stale::Review]);
            self.settle_later(store, true);
        }
        Ok(StepDone {
            decided,
            undoable: self.store.count_decisions(store)?,
        })
    }
}

/// What may be decided unseen, and how much is left out for which reason. Rows that were chosen
/// one by one were seen: there, a candidate need not stand out.
fn sorted_out(rows: Vec<BulkRow>, action: DecideAction, chosen: bool) -> (Decisions, BulkPreview) {
    let mut claims: HashMap<_, u32> = HashMap::new();
    for variant in rows.iter().filter_map(|row| row.variant) {
        *claims.entry(variant).or_default() += 1;
    }
    let mut preview = BulkPreview {
        rows: count(rows.len()),
        decided: 0,
        guarded: 0,
        taken: 0,
        unclear: 0,
        settled: 0,
        set: String::new(),
    };
    let mut decisions = Vec::new();
    for row in rows {
        let linked = row.state == ReviewState::Linked;
        let decision = match (action, row.variant) {
            _ if row.verdict == Verdict::Parent => None,
            (DecideAction::Ignore, _) => {
                (row.state != ReviewState::Ignored).then_some(Decision::Ignore)
            }
            (DecideAction::Reject, Some(variant)) => Some(Decision::Reject(variant)),
            (DecideAction::Accept, Some(variant)) if !linked => Some(Decision::Accept(variant)),
            (DecideAction::Accept | DecideAction::Reject, _) => None,
        };
        let Some(decision) = decision else {
            preview.settled += 1;
            continue;
        };
        if let Decision::Accept(variant) = decision {
            let left_out = if row.guarded {
                &mut preview.guarded
            } else if row.taken || claims[&variant] > 1 {
                &mut preview.taken
            } else if !chosen && row.verdict != Verdict::Likely {
                &mut preview.unclear
            } else {
                decisions.push((row.listing, decision));
                continue;
            };
            *left_out += 1;
            continue;
        }
        decisions.push((row.listing, decision));
    }
    preview.decided = count(decisions.len());
    let BulkPreview {
        rows,
        guarded,
        taken,
        unclear,
        ..
    } = preview;
    // What is left out was looked at too.
    let set = set_of(&decisions);
    preview.set = format!("{set}.{rows}.{guarded}.{taken}.{unclear}");
    (decisions, preview)
}

/// A name for exactly these decisions.
pub(crate) fn set_of(decisions: &Decisions) -> String {
    let mut hash = Sha256::new();
    for (listing, decision) in decisions {
        let (word, variant) = match decision {
            Decision::Accept(variant) => ("accept", variant.0),
            Decision::Reject(variant) => ("reject", variant.0),
            Decision::Ignore => ("ignore", 0),
        };
        hash.update(format!("{word} {variant} {}\n", listing.as_str()));
    }
    let mut set = format!("{}-", decisions.len());
    for byte in hash.finalize().iter().take(16) {
        // Writing to a text cannot fail.
        let _written = write!(set, "{byte:02x}");
    }
    set
}

#[cfg(test)]
mod tests {
    use super::sorted_out;
    use crate::view::DecideAction;
    use tandem_domain::{ListingKey, VariantKey};
    use tandem_store::{BulkRow, ReviewState, Verdict};

    fn row(n: i64, change: impl FnOnce(&mut BulkRow)) -> BulkRow {
        let mut row = BulkRow {
            id: n,
            listing: ListingKey::new(n.to_string()),
            state: ReviewState::Open,
            verdict: Verdict::Likely,
            pattern: "likely.0.high".parse().expect("the name of a pattern"),
            variant: Some(VariantKey(n)),
            guarded: false,
            taken: false,
        };
        change(&mut row);
        row
    }

    fn rows() -> Vec<BulkRow> {
        vec![
            row(1, |_| {}),
            row(2, |row| row.guarded = true),
            row(3, |row| row.taken = true),
            row(4, |row| row.variant = Some(VariantKey(40))),
            row(5, |row| row.variant = Some(VariantKey(40))),
            row(6, |row| row.verdict = Verdict::Ambiguous),
            row(7, |row| row.variant = None),
            row(8, |row| row.state = ReviewState::Linked),
            row(9, |row| row.verdict = Verdict::Parent),
        ]
    }

    #[test]
    fn what_asks_first_is_claimed_twice_or_stands_not_out_is_left_out() {
        let (decisions, preview) = sorted_out(rows(), DecideAction::Accept, false);
        let listings: Vec<_> = decisions
            .iter()
            .map(|(listing, _)| listing.as_str())
            .collect();
        assert_eq!(listings, ["1"]);
        let left = (
            preview.guarded,
            preview.taken,
            preview.unclear,
            preview.settled,
        );
        assert_eq!(left, (1, 3, 1, 3));
        let (decisions, preview) = sorted_out(rows(), DecideAction::Accept, true);
        assert_eq!(
            (decisions.len(), preview.unclear),
            (2, 0),
            "a chosen row was seen"
        );
    }

    #[test]
    fn a_step_is_named_by_its_decisions() {
        let (_, all) = sorted_out(rows(), DecideAction::Reject, false);
        let (_, again) = sorted_out(rows(), DecideAction::Reject, false);
        let (_, other) = sorted_out(rows(), DecideAction::Ignore, false);
        let (_, fewer) = sorted_out(rows().split_off(1), DecideAction::Reject, false);
        assert_eq!(all.set, again.set);
        assert!(all.set != other.set && all.set != fewer.set);
        assert_eq!((all.decided, other.decided), (7, 8));
    }
}
