//! Why the matching says what it says of a pair, as doors see it.

use tandem_domain::{Slug, Variant};
use tandem_matching::{Account, Caution, Record, Tier};
use tandem_store::{Band, MadeBy, Pattern, Remarks, ReviewDetail, ReviewRow, ReviewState, Verdict};

use crate::Result;
use crate::context::Inner;
use crate::view::{AccountView, Confidence, ContrastView, GroupTag, GroupView, Measured, MetView};

/// Links of a way and score that are right less often, in basis points, are likely at most.
const SURE_BP: u16 = 9_990;

impl Inner {
    /// What the texts of a pair say to each other; nothing before the first match.
    pub(crate) fn account(
        &self,
        store: &Slug,
        row: &ReviewRow,
        variant: &Variant,
    ) -> Result<Option<AccountView>> {
        let known = self.kept_model(store)?;
        Ok(known.map(|(_, model)| {
            let left = tandem_matching::left(&row.listing);
            let right = tandem_matching::right(variant);
            account_view(tandem_matching::account(&model, &left, &right))
        }))
    }

    /// How often pairs like the row's were right.
    pub(crate) fn measured_of(
        &self,
        store: &Slug,
        detail: &ReviewDetail,
    ) -> Result<Option<Measured>> {
        let row = &detail.row;
        if row.state == ReviewState::Linked {
            let Some((share_bp, tier)) = row.remarks.share_bp.zip(tier_of(&row.remarks)) else {
                return Ok(None);
            };
            let states = self.kept_model(store)?.map(|(_, model)| model.tiers());
            let here = states.and_then(|all| all.into_iter().find(|state| state.tier == tier));
            let here = here.map(|state| state.here).unwrap_or_default();
            return Ok(Some(measured(here, Some(share_bp))));
        }
        let Some((best, _)) = detail.candidates.first() else {
            return Ok(None);
        };
        let judged = self.store.patterns_judged(store)?;
        let judged = judged.get(&Pattern::of(row.verdict, best)).copied();
        Ok(judged.map(measured_pattern))
    }
}

/// A share with what it rests on here; computed from the record where it is not given.
pub(crate) fn measured(here: Record, share_bp: Option<u16>) -> Measured {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share between 0 and 1"
    )]
    let bound = || (here.bound() * 10_000.0).floor() as u16;
    Measured {
        share_bp: share_bp.unwrap_or_else(bound),
        checked: here.checked,
        wrong: here.wrong,
    }
}

/// What single decisions said of a pattern.
pub(crate) fn measured_pattern(judged: tandem_store::Judged) -> Measured {
    let record = Record {
        checked: judged.checked,
        wrong: judged.wrong,
    };
    measured(record, None)
}

/// How sure the shown pair of a row is; another variant than the row's is a choice among many.
pub(crate) fn confidence(
    row: &ReviewRow,
    is_shown: bool,
    score_bp: Option<u16>,
) -> Option<Confidence> {
    let verdict = match (row.state, is_shown) {
        (ReviewState::Ignored, _) => return None,
        (ReviewState::Linked, true) => {
            let share = row
                .remarks
                .share_bp
                .filter(|_| row.made_by == Some(MadeBy::Auto));
            let sure = share.is_none_or(|share| share >= SURE_BP);
            return Some(if sure {
                Confidence::Sure
            } else {
                Confidence::Likely
            });
        }
        (ReviewState::Open, true) => row.verdict,
        (_, false) => Verdict::Ambiguous,
    };
    score_bp.map(|score| confidence_of(verdict, Band::of(score)))
}

/// How sure a proposal is.
pub(crate) fn confidence_of(verdict: Verdict, band: Band) -> Confidence {
    match (verdict, band) {
        (Verdict::Likely, Band::High) => Confidence::Likely,
        (Verdict::Likely, Band::Middle) | (Verdict::Ambiguous, Band::High | Band::Middle) => {
            Confidence::Possible
        }
        _ => Confidence::Weak,
    }
}

/// The group of a row.
pub(crate) fn group_view(group: &tandem_store::Group) -> GroupView {
    GroupView {
        kind: match group.kind {
            tandem_store::GroupKind::SameSku => GroupTag::SameSku,
            tandem_store::GroupKind::Parent => GroupTag::Parent,
        },
        key: group.key.clone(),
        name: group.name.clone(),
        size: group.size,
    }
}

/// What the cache keeps of a match beside its verdict. The cache does not know these words.
pub(crate) fn remarks(found: &tandem_matching::Match) -> Remarks {
    Remarks {
        cautions: found.cautions.iter().filter_map(word).collect(),
        tier: found.tier.as_ref().and_then(word),
        share_bp: found.confidence_bp,
    }
}

fn word<T: serde::Serialize>(tag: &T) -> Option<String> {
    match serde_json::to_value(tag) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}

/// Cautions of a row; those of another version are passed over.
pub(crate) fn cautions(remarks: &Remarks) -> Vec<Caution> {
    let cautions = remarks.cautions.iter();
    let known = cautions.filter_map(|word| serde_json::from_value(word.as_str().into()).ok());
    known.collect()
}

/// The way in which a row was linked.
pub(crate) fn tier_of(remarks: &Remarks) -> Option<Tier> {
    serde_json::from_value(remarks.tier.as_deref()?.into()).ok()
}

fn account_view(account: Account) -> AccountView {
    let met = account.met.into_iter().map(|met| MetView {
        store: met.store,
        odoo: met.odoo,
        origin: met.origin,
    });
    let contrasts = account.contrasts.into_iter().map(|contrast| ContrastView {
        difference: contrast.difference,
        store: contrast.store,
        odoo: contrast.odoo,
    });
    AccountView {
        same: account.same,
        met: met.collect(),
        only_store: account.only_store,
        only_odoo: account.only_odoo,
        contrasts: contrasts.collect(),
        price_factor: account.price_factor.map(|factor| format!("{factor:.1}")),
    }
}
