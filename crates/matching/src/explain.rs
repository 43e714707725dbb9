//! Evidence: what speaks for and against a pair, as data that the screens phrase.

use tandem_domain::{Evidence, Method};

use crate::candidates::{KeyKind, lexemes};
use crate::decide::{Ranked, Settlement, is_silent, method};
use crate::ground::Ground;
use crate::items::Settled;
use crate::outcome::{Candidate, Match, Verdict};
use crate::score::{Conflict, basis_points};

/// Divides the logits of the shown score. A shared key alone is worth 6 to 8 of them, so that
/// undivided every pair with a key would show 1.00 and a histogram would be one bar.
const SPREAD: f64 = 4.0;

/// More contradictions than this do not make a pair clearer.
const CONTRADICTIONS_MAX: usize = 3;

/// Puts one listing's settlement into words that are data.
pub(crate) fn explain(ground: &Ground<'_>, left: usize, settlement: Settlement) -> Match {
    let accepted = match ground.settled(left) {
        Some(Settled::Accepted(variant)) => Some(variant),
        _ => None,
    };
    let mut candidates: Vec<_> = settlement
        .ranked
        .iter()
        .map(|ranked| candidate(ground, left, *ranked))
        .collect();
    if settlement.verdict == Verdict::Decided
        && let Some(variant) = accepted
    {
        match candidates.first_mut().filter(|c| c.variant == variant) {
            Some(first) => first.method = Method::Manual,
            None => candidates.insert(0, unknown(variant)),
        }
    }
    Match {
        listing: ground.rows.left[left].key.clone(),
        verdict: settlement.verdict,
        candidates,
        reasons: settlement.reasons,
    }
}

/// An accepted variant that the catalogue no longer holds.
fn unknown(variant: tandem_domain::VariantKey) -> Candidate {
    Candidate {
        variant,
        score_bp: 0,
        method: Method::Manual,
        evidence: Vec::new(),
    }
}

fn candidate(ground: &Ground<'_>, left: usize, ranked: Ranked) -> Candidate {
    let right = ranked.right as usize;
    let shared = ground.keys.shared(left, right);
    Candidate {
        variant: ground.variant(ranked.right),
        score_bp: basis_points(1.0 / (1.0 + (-ranked.logit / SPREAD).exp())),
        method: shared.map_or(Method::Name, method),
        evidence: evidence(ground, left, right, shared),
    }
}

fn evidence(
    ground: &Ground<'_>,
    left: usize,
    right: usize,
    shared: Option<KeyKind>,
) -> Vec<Evidence> {
    let mut evidence = of_keys(ground, left, right);
    let comparison = ground.judge().compare(left, right);
    evidence.push(Evidence::NameSimilarity {
        basis_points: basis_points(comparison.similarity),
    });
    let conflicts = comparison.conflicts.iter().take(CONTRADICTIONS_MAX);
    evidence.extend(conflicts.map(|conflict| contradiction(ground, left, right, *conflict)));
    if shared.is_some() && comparison.conflicts.is_empty() && is_silent(&comparison) {
        evidence.push(Evidence::NameContradicts {
            store: ground.rows.left[left].name.clone(),
            odoo: ground.rows.right[right].name.clone(),
        });
    }
    if let Some((hundredths, odoo_higher)) = ground.prices.factor(left, right) {
        evidence.push(Evidence::PriceFactor {
            hundredths,
            odoo_higher,
        });
    }
    evidence
}

fn of_keys(ground: &Ground<'_>, left: usize, right: usize) -> Vec<Evidence> {
    let (one, two) = (ground.keys.of_left(left), ground.keys.of_right(right));
    let mut evidence = Vec::new();
    let both = one.gtins.iter().find(|gtin| two.gtins.contains(gtin));
    if let Some(gtin) = both {
        evidence.push(Evidence::SameGtin {
            gtin: gtin.to_string(),
        });
    } else if !one.gtins.is_empty() && !two.gtins.is_empty() {
        evidence.push(Evidence::GtinDiffers);
    }
    match (&one.sku, &two.sku) {
        (Some(one_sku), Some(two_sku)) if one_sku == two_sku => evidence.push(Evidence::SameSku),
        (Some(_), Some(_)) if one.canonical.is_some() && one.canonical == two.canonical => {
            evidence.push(Evidence::SameCanonicalSku);
        }
        (Some(_), Some(_)) => evidence.push(Evidence::SkuDiffers),
        _ => {}
    }
    evidence
}

/// The words behind a conflict, as the names have them; nothing where a side says nothing.
fn contradiction(ground: &Ground<'_>, left: usize, right: usize, conflict: Conflict) -> Evidence {
    let (one, two) = (ground.rows.left[left], ground.rows.right[right]);
    Evidence::NameContradicts {
        store: words(ground, &one.name, &one.attributes, conflict.left),
        odoo: words(ground, &two.name, &two.attributes, conflict.right),
    }
}

fn words(ground: &Ground<'_>, name: &str, attributes: &[String], token: Option<u32>) -> String {
    let Some(token) = token else {
        return String::new();
    };
    let token = ground.texts.vocabulary.token(token);
    lexemes(name, attributes)
        .find(|lexeme| !lexeme.optional && lexeme.token == *token)
        .map_or_else(|| token.to_string(), |lexeme| lexeme.shown)
}
