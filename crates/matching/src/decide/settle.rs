//! The listings against each other: who gets a variant, and how sure the order of the rest is.

use std::collections::HashSet;

use tandem_domain::{Method, Reason, VariantKey};

use super::claim::Proof;
use super::draft::{Draft, Pair, best_first};
use crate::candidates::KeyKind;
use crate::ground::Ground;
use crate::items::Settled;
use crate::outcome::{CANDIDATES_MAX, Verdict};

/// What a listing loses per logit by which another listing fits the variant better.
const RIVAL_FACTOR: f64 = 0.8;
/// What a variant loses that another listing is linked to.
const TAKEN_PENALTY: f64 = 2.0;
/// A best candidate that leads by less than this is no better than the second.
const MARGIN_MIN: f64 = 1.0;
/// Below this a candidate is not worth proposing.
const PLAUSIBLE_MIN: f64 = -2.0;

/// The final word on one listing.
#[derive(Debug)]
pub(crate) struct Settlement {
    pub(crate) verdict: Verdict,
    pub(crate) ranked: Vec<Ranked>,
    pub(crate) reasons: Vec<Reason>,
}

/// A candidate in its final place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) right: u32,
    pub(crate) logit: f64,
}

/// Decides all listings, given what is known of each by itself.
pub(crate) fn settle(ground: &Ground<'_>, mut drafts: Vec<Draft>) -> Vec<Settlement> {
    let owners = grant(ground, &mut drafts);
    let rivals = Rivals::count(ground, &drafts);
    drafts
        .into_iter()
        .enumerate()
        .map(|(left, draft)| one(ground, left, draft, &owners, &rivals))
        .collect()
}

/// Who holds each variant.
struct Owners {
    accepted: HashSet<VariantKey>,
    /// By row of Odoo's catalogue, the listing that is linked to it automatically.
    automatic: Vec<Option<u32>>,
}

impl Owners {
    fn taken_from(&self, ground: &Ground<'_>, left: usize, right: u32) -> bool {
        let by_other = self.automatic[right as usize].is_some_and(|owner| owner as usize != left);
        by_other || self.accepted.contains(&ground.variant(right))
    }
}

/// Gives each variant to the listing with the best proof; the others' proofs become proposals.
fn grant(ground: &Ground<'_>, drafts: &mut [Draft]) -> Owners {
    let mut owners = Owners {
        accepted: ground.accepted(),
        automatic: vec![None; ground.rows.right.len()],
    };
    let mut proofs: Vec<(usize, Proof)> = drafts
        .iter()
        .enumerate()
        .filter_map(|(left, draft)| Some((left, draft.claim.link?)))
        .collect();
    proofs.sort_by(|(a, one), (b, two)| {
        let by_names = || two.logit.total_cmp(&one.logit);
        let by_keys = (two.keys, one.kind).cmp(&(one.keys, two.kind));
        by_keys.then_with(by_names).then(a.cmp(b))
    });
    for (left, proof) in proofs {
        if owners.taken_from(ground, left, proof.right) {
            let claim = &mut drafts[left].claim;
            claim.link = None;
            claim.reasons.push(Reason::VariantTaken);
        } else {
            owners.automatic[proof.right as usize] = Some(crate::candidates::compact(left));
        }
    }
    owners
}

/// The two best listings of every variant, by names.
struct Rivals(Vec<[Option<(u32, f64)>; 2]>);

impl Rivals {
    fn count(ground: &Ground<'_>, drafts: &[Draft]) -> Self {
        let mut best = vec![[None; 2]; ground.rows.right.len()];
        for (left, draft) in drafts.iter().enumerate() {
            for pair in &draft.pairs {
                let entry = Some((crate::candidates::compact(left), pair.logit));
                let better = |than: Option<(u32, f64)>| than.is_none_or(|t| pair.logit > t.1);
                let places: &mut [_; 2] = &mut best[pair.right as usize];
                if better(places[0]) {
                    *places = [entry, places[0]];
                } else if better(places[1]) {
                    places[1] = entry;
                }
            }
        }
        Self(best)
    }

    /// By how much the best other listing fits better.
    fn lead(&self, left: usize, pair: Pair) -> f64 {
        let others = self.0[pair.right as usize].iter().flatten();
        let other = others.into_iter().find(|(row, _)| *row as usize != left);
        other.map_or(0.0, |(_, logit)| (logit - pair.logit).max(0.0))
    }
}

fn one(
    ground: &Ground<'_>,
    left: usize,
    mut draft: Draft,
    owners: &Owners,
    rivals: &Rivals,
) -> Settlement {
    if ground.rows.left[left].parent {
        return plain(Verdict::Parent);
    }
    let settled = ground.settled(left);
    if settled == Some(Settled::Ignored) {
        return plain(Verdict::Decided);
    }
    for pair in &mut draft.pairs {
        let key = ground.keys.shared(left, pair.right as usize);
        pair.logit -= RIVAL_FACTOR * rivals.lead(left, *pair);
        pair.logit += key.map_or(0.0, key_bonus);
        if owners.taken_from(ground, left, pair.right) {
            pair.logit -= TAKEN_PENALTY;
        }
    }
    draft.pairs.sort_unstable_by(best_first);
    match settled {
        Some(Settled::Accepted(variant)) => {
            put_first(&mut draft.pairs, ground.row(variant));
            listed(Verdict::Decided, &draft, Vec::new())
        }
        _ => match draft.claim.link {
            Some(proof) => {
                put_first(&mut draft.pairs, Some(proof.right));
                listed(Verdict::Linked(method(proof.kind)), &draft, Vec::new())
            }
            None => proposal(ground, left, &draft, owners),
        },
    }
}

fn plain(verdict: Verdict) -> Settlement {
    Settlement {
        verdict,
        ranked: Vec::new(),
        reasons: Vec::new(),
    }
}

fn listed(verdict: Verdict, draft: &Draft, reasons: Vec<Reason>) -> Settlement {
    let ranked = draft.pairs.iter().take(CANDIDATES_MAX).map(|pair| Ranked {
        right: pair.right,
        logit: pair.logit,
    });
    Settlement {
        verdict,
        ranked: ranked.collect(),
        reasons,
    }
}

/// Moves a variant to the front, adding it if it is not there.
fn put_first(pairs: &mut Vec<Pair>, right: Option<u32>) {
    let Some(right) = right else { return };
    let place = pairs.iter().position(|pair| pair.right == right);
    let pair = place.map_or(Pair { right, logit: 0.0 }, |place| pairs.remove(place));
    pairs.insert(0, pair);
}

/// What a person is shown of a listing that nothing proves.
fn proposal(ground: &Ground<'_>, left: usize, draft: &Draft, owners: &Owners) -> Settlement {
    let mut reasons = draft.claim.reasons.clone();
    let Some(first) = draft.pairs.first().copied() else {
        return listed(Verdict::None, draft, reasons);
    };
    let by_key = !draft.claim.hits.is_empty();
    if !by_key && first.logit < PLAUSIBLE_MIN {
        return listed(Verdict::None, draft, reasons);
    }
    if !by_key {
        reasons.push(Reason::NameOnly);
    }
    let taken = owners.taken_from(ground, left, first.right);
    if taken && !reasons.contains(&Reason::VariantTaken) {
        reasons.push(Reason::VariantTaken);
    }
    let close = draft
        .pairs
        .get(1)
        .is_some_and(|second| first.logit - second.logit < MARGIN_MIN);
    let verdict = if close || draft.claim.hits.len() > 1 {
        Verdict::Ambiguous
    } else {
        Verdict::Likely
    };
    listed(verdict, draft, reasons)
}

/// What a shared key adds to the score, in logits.
fn key_bonus(kind: KeyKind) -> f64 {
    match kind {
        KeyKind::Gtin => 8.0,
        KeyKind::Sku => 7.0,
        KeyKind::Canonical => 6.0,
    }
}

/// The method that a key stands for.
pub(crate) fn method(kind: KeyKind) -> Method {
    match kind {
        KeyKind::Gtin => Method::Gtin,
        KeyKind::Sku => Method::Sku,
        KeyKind::Canonical => Method::CanonicalSku,
    }
}
