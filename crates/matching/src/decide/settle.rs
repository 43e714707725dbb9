//! The listings against each other: who gets a variant, and how sure the order of the rest is.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use tandem_domain::{Method, Reason};

use super::draft::{Draft, Pair, best_first};
use super::rivals::Rivals;
use super::rules::{Case, Caution, Ruling};
use super::tiers::{Tier, Tiers};
use crate::ground::Ground;
use crate::items::Settled;
use crate::outcome::{CANDIDATES_MAX, Verdict};
use crate::rows::{KeyKind, compact};

/// What a listing loses per logit by which another listing fits the variant better.
const RIVAL_FACTOR: f32 = 0.8;
/// What a variant loses that another listing is linked to.
const TAKEN_PENALTY: f32 = 2.0;
/// A best candidate that leads by less than this is no better than the second.
const MARGIN_MIN: f32 = 1.0;
/// Below this a candidate is not worth proposing.
const PLAUSIBLE_MIN: f32 = -2.0;

/// The final word on one listing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Settlement {
    #[serde(with = "KeptVerdict")]
    pub(crate) verdict: Verdict,
    pub(crate) ranked: Vec<Ranked>,
    pub(crate) cautions: Vec<Caution>,
    /// Whether any key points somewhere.
    pub(crate) by_key: bool,
    /// How it was linked, and how far that can be relied on.
    pub(crate) tier: Option<(Tier, u16)>,
    /// The variant that it stays linked to if it is, although nothing is linked this way any more.
    pub(crate) held: Option<u32>,
}

/// How a verdict is kept: screens switch on a tag, bytes do not.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict")]
enum KeptVerdict {
    Linked(Method),
    Likely,
    Ambiguous,
    None,
    Parent,
    Decided,
}

/// A candidate in its final place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ranked {
    pub(crate) right: u32,
    pub(crate) logit: f32,
    /// The strongest key that joins the two.
    pub(crate) key: Option<KeyKind>,
}

/// All listings with what the rules say of them.
#[derive(Debug)]
pub(crate) struct Court {
    rulings: Vec<Ruling>,
    rivals: Rivals,
    /// By row of Odoo's catalogue, the listing that is linked to it automatically.
    owners: Vec<Option<u32>>,
}

impl Court {
    /// Rules on all listings and gives each variant to the listing with the best proof; the
    /// others' proofs become proposals.
    pub(crate) fn new(ground: &Ground<'_>, tiers: &Tiers, drafts: &[Draft]) -> Self {
        let rivals = Rivals::count(ground.rows.right.len(), drafts);
        let rows = drafts.par_iter().enumerate();
        let rulings = rows.map(|(left, draft)| {
            let left = compact(left);
            if is_closed(ground, left) {
                return Ruling::default();
            }
            let rivals = &rivals;
            Case {
                ground,
                tiers,
                rivals,
                left,
                draft,
            }
            .ruling()
        });
        let mut court = Self {
            rulings: rulings.collect(),
            owners: vec![None; ground.rows.right.len()],
            rivals,
        };
        court.grant(ground);
        court
    }

    fn grant(&mut self, ground: &Ground<'_>) {
        let links = self.rulings.iter().enumerate();
        let mut links: Vec<(u32, Pair, Tier)> = links
            .filter_map(|(left, ruling)| Some((compact(left), ruling.link?)))
            .map(|(left, (pair, tier))| (left, pair, tier))
            .collect();
        links.sort_by(|(a, one, by_one), (b, two, by_two)| {
            by_one
                .cmp(by_two)
                .then(two.z.total_cmp(&one.z))
                .then(a.cmp(b))
        });
        for (left, pair, _) in links {
            if self.taken_from(ground, left, pair.right) {
                let ruling = &mut self.rulings[left as usize];
                ruling.link = None;
                ruling.cautions.push(Caution::VariantTaken);
            } else {
                self.owners[pair.right as usize] = Some(left);
            }
        }
        for left in 0..compact(self.rulings.len()) {
            let held = self.rulings[left as usize].held;
            if held.is_some_and(|(pair, _)| self.taken_from(ground, left, pair.right)) {
                self.rulings[left as usize].held = None;
            }
        }
    }

    fn taken_from(&self, ground: &Ground<'_>, left: u32, right: u32) -> bool {
        let by_other = self.owners[right as usize].is_some_and(|owner| owner != left);
        by_other || ground.said.owned(right)
    }

    /// The final word on one listing.
    pub(crate) fn settle(
        &self,
        ground: &Ground<'_>,
        tiers: &Tiers,
        (left, draft): (u32, &Draft),
    ) -> Settlement {
        let settled = ground.said.settled(left);
        if ground.rows.left[left as usize].parent {
            return plain(Verdict::Parent);
        }
        if settled == Some(Settled::Ignored) {
            return plain(Verdict::Decided);
        }
        let mut ranked = self.ranked(ground, left, draft);
        if let Some(Settled::Accepted(variant)) = settled {
            let rows = &ground.rows.right;
            let row = rows.binary_search_by(|item| item.key.cmp(&variant)).ok();
            put_first(&mut ranked, row.map(compact));
            return listed(Verdict::Decided, ranked, Vec::new());
        }
        let ruling = &self.rulings[left as usize];
        if let Some((pair, tier)) = ruling.link {
            put_first(&mut ranked, Some(pair.right));
            let method = ranked[0].key.map_or(Method::Name, method);
            let mut linked = listed(Verdict::Linked(method), ranked, Vec::new());
            linked.tier = Some((tier, tiers.confidence_bp(tier, pair.z)));
            return linked;
        }
        self.proposal(ground, (left, draft), ranked)
    }

    fn ranked(&self, ground: &Ground<'_>, left: u32, draft: &Draft) -> Vec<Ranked> {
        let mut pairs: Vec<_> = draft
            .pairs
            .iter()
            .map(|pair| {
                let key = shared_key(draft, pair.right);
                let mut z = pair.z + RIVAL_FACTOR * self.rivals.margin(left, *pair).min(0.0);
                z += key.map_or(0.0, key_bonus);
                if self.taken_from(ground, left, pair.right) {
                    z -= TAKEN_PENALTY;
                }
                Pair { z, ..*pair }
            })
            .collect();
        pairs.sort_unstable_by(best_first);
        let ranked = pairs.into_iter().map(|pair| Ranked {
            right: pair.right,
            logit: pair.z,
            key: shared_key(draft, pair.right),
        });
        ranked.collect()
    }

    /// What a person is shown of a listing that nothing proves.
    fn proposal(
        &self,
        ground: &Ground<'_>,
        (left, draft): (u32, &Draft),
        ranked: Vec<Ranked>,
    ) -> Settlement {
        let mut cautions = self.rulings[left as usize].cautions.clone();
        let by_key = !draft.pointers.is_empty();
        let Some(first) = ranked.first().copied() else {
            return listed(Verdict::None, ranked, cautions);
        };
        if !by_key && first.logit < PLAUSIBLE_MIN {
            cautions.retain(|caution| *caution == Caution::RejectedBefore);
            return listed(Verdict::None, ranked, cautions);
        }
        if !by_key && !cautions.contains(&Caution::NameOnly) {
            cautions.push(Caution::NameOnly);
        }
        let taken = self.taken_from(ground, left, first.right);
        if taken && !cautions.contains(&Caution::VariantTaken) {
            cautions.push(Caution::VariantTaken);
        }
        let second = ranked.get(1);
        let close = second.is_some_and(|second| first.logit - second.logit < MARGIN_MIN);
        let mut hits = draft.pointers.iter().flat_map(|p| &p.hits);
        let several = hits
            .next()
            .is_some_and(|one| hits.any(|other| other != one));
        let verdict = if close || several {
            Verdict::Ambiguous
        } else {
            Verdict::Likely
        };
        Settlement {
            by_key,
            held: self.rulings[left as usize].held.map(|(pair, _)| pair.right),
            ..listed(verdict, ranked, cautions)
        }
    }
}

/// Parents are never linked, ignored listings get nothing, accepted ones are linked already.
fn is_closed(ground: &Ground<'_>, left: u32) -> bool {
    ground.rows.left[left as usize].parent || ground.said.settled(left).is_some()
}

fn shared_key(draft: &Draft, right: u32) -> Option<KeyKind> {
    let pointing = draft.pointers.iter().filter(|p| p.hits.contains(&right));
    pointing.map(|p| p.kind).min()
}

fn plain(verdict: Verdict) -> Settlement {
    listed(verdict, Vec::new(), Vec::new())
}

fn listed(verdict: Verdict, mut ranked: Vec<Ranked>, cautions: Vec<Caution>) -> Settlement {
    ranked.truncate(CANDIDATES_MAX);
    Settlement {
        verdict,
        ranked,
        cautions,
        by_key: false,
        tier: None,
        held: None,
    }
}

/// Moves a variant to the front, adding it if it is not there.
fn put_first(ranked: &mut Vec<Ranked>, right: Option<u32>) {
    let Some(right) = right else { return };
    let place = ranked.iter().position(|one| one.right == right);
    let unseen = Ranked {
        right,
        logit: 0.0,
        key: None,
    };
    let first = place.map_or(unseen, |place| ranked.remove(place));
    ranked.insert(0, first);
}

/// What a shared key adds to the score, in logits.
pub(crate) fn key_bonus(kind: KeyKind) -> f32 {
    match kind {
        KeyKind::Gtin => 8.0,
        KeyKind::Sku => 7.0,
        KeyKind::Canonical => 6.5,
        KeyKind::Partial => 4.0,
    }
}

/// The method that a key stands for. A part of a SKU proves nothing without the texts.
pub(crate) fn method(kind: KeyKind) -> Method {
    match kind {
        KeyKind::Gtin => Method::Gtin,
        KeyKind::Sku => Method::Sku,
        KeyKind::Canonical => Method::CanonicalSku,
        KeyKind::Partial => Method::Name,
    }
}

/// The older, coarser words for a caution.
pub(crate) fn reason(caution: Caution, by_key: bool) -> Option<Reason> {
    let against_key = if by_key {
        Reason::NameContradictsKey
    } else {
        Reason::NameOnly
    };
    Some(match caution {
        Caution::KeyNotUniqueInStore => Reason::KeyNotUniqueInStore,
        Caution::KeyNotUniqueInOdoo => Reason::KeyNotUniqueInOdoo,
        Caution::KeysDisagree => Reason::KeysDisagree,
        Caution::KeyTooShort => Reason::KeyTooShort,
        Caution::PriceFarApart => Reason::PriceFarApart,
        Caution::RejectedBefore => Reason::RejectedBefore,
        Caution::VariantTaken => Reason::VariantTaken,
        Caution::NameOnly | Caution::TooFewRows | Caution::KeyInPart => Reason::NameOnly,
        Caution::Contradiction
        | Caution::VariantUnclear
        | Caution::NumbersDiffer
        | Caution::WordsDiffer
        | Caution::NameTooWeak
        | Caution::SkusOfSiblings => against_key,
        Caution::AnotherVariantAsGood | Caution::AnotherListingAsGood if !by_key => against_key,
        Caution::AnotherVariantAsGood | Caution::AnotherListingAsGood | Caution::TierPaused => {
            return None;
        }
    })
}
