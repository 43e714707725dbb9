//! What the keys of a listing prove, and what takes the proof away again.

use tandem_domain::{Gtin, Reason, Sku};

use super::draft::Pair;
use crate::candidates::{Holders, KeyKind};
use crate::ground::Ground;
use crate::score::{Comparison, far_apart};

/// SKUs with fewer letters and digits, leading zeros off, are too easily equal by chance.
const KEY_CHARS_MIN: usize = 4;
/// As are SKUs of digits only with fewer of them.
const KEY_DIGITS_MIN: usize = 5;
/// Names at least this alike make up for a short key.
const AGREEING_SIMILARITY: f64 = 0.5;
/// Names less alike than this, without an informative token in common, contradict a key.
const STRANGE_SIMILARITY: f64 = 0.2;
/// A token of this weight is informative: rarer than what a tenth of all rows say.
const INFORMATIVE: f64 = 0.3;
/// Names in two alphabets cannot agree in words. Then a specific token in common, of this weight
/// (an amount, a colour, a code) ...
const SPECIFIC: f64 = 0.15;
/// ... and prices within this factor speak for the key.
const NEAR_PRICE_FACTOR: f64 = 1.5;
/// A key's variant with a score under this is doubtful if another variant's name fits better ...
const DOUBTFUL: f64 = -1.0;
/// ... by more than this.
const OUTDONE_BY: f64 = 0.3;

/// What the keys of a listing say.
#[derive(Debug, Default)]
pub(crate) struct Claim {
    /// The variants that any of its keys points to, ascending; rejected pairs are not among them.
    pub(crate) hits: Vec<u32>,
    /// The variant that is proven, and by what.
    pub(crate) link: Option<Proof>,
    /// Why nothing is proven although a key points somewhere.
    pub(crate) reasons: Vec<Reason>,
}

/// A variant that a unique key points to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    pub(crate) right: u32,
    pub(crate) kind: KeyKind,
    /// How many different keys say so.
    pub(crate) keys: usize,
    /// How well the names fit.
    pub(crate) logit: f64,
}

/// Where one key points.
struct Pointer {
    kind: KeyKind,
    /// The key as a number, if it is one: a GTIN that stands in two fields is still one key.
    gtin: Option<Gtin>,
    hits: Vec<u32>,
    unique_in_store: bool,
    unique_in_odoo: bool,
}

impl Pointer {
    fn new(kind: KeyKind, gtin: Option<Gtin>, holders: &Holders) -> Self {
        Self {
            kind,
            gtin,
            hits: holders.right.clone(),
            unique_in_store: holders.left.len() == 1,
            unique_in_odoo: holders.right.len() == 1,
        }
    }

    fn target(&self) -> Option<u32> {
        match self.hits.as_slice() {
            [only] if self.unique_in_store && self.unique_in_odoo => Some(*only),
            _ => None,
        }
    }
}

/// Reads where the keys of a listing point; `link` is what they prove by themselves.
pub(super) fn claim(ground: &Ground<'_>, left: usize) -> Claim {
    let mut claim = Claim::default();
    let pointers = pointers(ground, left, &mut claim.reasons);
    let hits = pointers.iter().flat_map(|p| p.hits.iter().copied());
    claim.hits = hits.collect();
    claim.hits.sort_unstable();
    claim.hits.dedup();
    let strongest = pointers.iter().find_map(|p| Some((p.kind, p.target()?)));
    let Some((kind, right)) = strongest else {
        claim.reasons.extend(doubts(&pointers));
        return claim;
    };
    let agrees = |p: &&Pointer| p.hits.contains(&right);
    if !pointers.iter().all(|p| agrees(&p)) {
        claim.reasons.push(Reason::KeysDisagree);
    }
    let mut numbers: Vec<_> = pointers.iter().filter(agrees).map(|p| p.gtin).collect();
    numbers.dedup_by(|one, two| one.is_some() && one == two);
    claim.link = Some(Proof {
        right,
        kind,
        keys: numbers.len(),
        logit: 0.0,
    });
    claim
}

/// Where each key points, strongest first, rejected pairs left out.
fn pointers(ground: &Ground<'_>, left: usize, reasons: &mut Vec<Reason>) -> Vec<Pointer> {
    let keys = ground.keys.of_left(left);
    let number = keys.sku.as_ref().and_then(as_gtin);
    let exact = ground.keys.by_sku(keys.sku.as_ref());
    let spelled = match exact {
        Some(holders) if !holders.right.is_empty() => None,
        _ => ground.keys.by_canonical(keys.canonical.as_deref()),
    };
    let by_gtin = keys.gtins.iter().filter_map(|gtin| {
        let holders = ground.keys.by_gtin(*gtin)?;
        Some(Pointer::new(KeyKind::Gtin, Some(*gtin), holders))
    });
    let by_sku = exact.map(|holders| Pointer::new(KeyKind::Sku, number, holders));
    let by_spelling = spelled.map(|holders| Pointer::new(KeyKind::Canonical, number, holders));
    let mut pointers: Vec<_> = by_gtin.chain(by_sku).chain(by_spelling).collect();
    for pointer in &mut pointers {
        let before = pointer.hits.len();
        pointer.hits.retain(|right| !ground.rejected(left, *right));
        if pointer.hits.len() < before && !reasons.contains(&Reason::RejectedBefore) {
            reasons.push(Reason::RejectedBefore);
        }
    }
    pointers.retain(|pointer| !pointer.hits.is_empty());
    pointers
}

fn as_gtin(sku: &Sku) -> Option<Gtin> {
    Gtin::parse(sku.as_str()).ok()
}

/// Why no key is good for a proof.
fn doubts(pointers: &[Pointer]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if pointers.iter().any(|p| !p.unique_in_store) {
        reasons.push(Reason::KeyNotUniqueInStore);
    }
    if pointers.iter().any(|p| !p.unique_in_odoo) {
        reasons.push(Reason::KeyNotUniqueInOdoo);
    }
    let meet = |one: &Pointer, two: &Pointer| one.hits.iter().any(|hit| two.hits.contains(hit));
    if pointers.windows(2).any(|pair| !meet(&pair[0], &pair[1])) {
        reasons.push(Reason::KeysDisagree);
    }
    reasons
}

impl Claim {
    /// Holds the proof against the texts and prices. `pairs` are the listing's best variants by
    /// text, with scores.
    pub(super) fn examine(
        &mut self,
        ground: &Ground<'_>,
        left: usize,
        comparison: &Comparison,
        pairs: &[Pair],
    ) {
        let Some(proof) = &mut self.link else { return };
        proof.logit = comparison.logit;
        let distance = ground.prices.distance(left, proof.right as usize);
        let strange = proof.keys < 2 && is_strange(comparison, distance, proof.right, pairs);
        if strange || !comparison.conflicts.is_empty() {
            self.reasons.push(Reason::NameContradictsKey);
        }
        if ground.keys.gtins_differ(left, proof.right as usize) {
            self.reasons.push(Reason::KeysDisagree);
        }
        let key = ground.keys.of_left(left).canonical.as_deref();
        let short = proof.kind != KeyKind::Gtin && key.is_none_or(is_short);
        if short && (strange || comparison.similarity < AGREEING_SIMILARITY) {
            self.reasons.push(Reason::KeyTooShort);
        }
        if far_apart(distance) {
            self.reasons.push(Reason::PriceFarApart);
        }
        if self.reasons.iter().all(|r| *r == Reason::RejectedBefore) {
            self.reasons.clear();
        } else {
            self.link = None;
        }
    }
}

/// Whether the texts make a single key doubtful.
fn is_strange(
    comparison: &Comparison,
    price_distance: Option<f64>,
    right: u32,
    pairs: &[Pair],
) -> bool {
    if comparison.foreign {
        let near = price_distance.is_some_and(|distance| distance < NEAR_PRICE_FACTOR.ln());
        if near && comparison.best_shared > SPECIFIC {
            return false;
        }
    }
    let best_other = pairs.iter().find(|pair| pair.right != right);
    let outdone = comparison.logit < DOUBTFUL
        && best_other.is_some_and(|pair| pair.logit > comparison.logit + OUTDONE_BY);
    let unclear = comparison.unclear_variant && !comparison.foreign;
    outdone || unclear || is_silent(comparison)
}

/// Whether two names have next to nothing in common.
pub(crate) fn is_silent(comparison: &Comparison) -> bool {
    comparison.similarity < STRANGE_SIMILARITY && comparison.best_shared < INFORMATIVE
}

fn is_short(canonical: &str) -> bool {
    let letters = canonical.chars().count();
    let digits_only = canonical.bytes().all(|b| b.is_ascii_digit());
    letters < KEY_CHARS_MIN || digits_only && letters < KEY_DIGITS_MIN
}

#[cfg(test)]
mod tests {
    use super::is_short;

    #[test]
    fn short_keys_prove_nothing_by_themselves() {
        for short in ["12", "abc", "1234"] {
            assert!(is_short(short), "{short}");
        }
        for long in ["12345", "a123"] {
            assert!(!is_short(long), "{long}");
        }
    }
}
