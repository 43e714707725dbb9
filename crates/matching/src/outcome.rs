//! What comes out: one verdict per listing, with candidates and the evidence for each.

use serde::Serialize;
use tandem_domain::{Evidence, ListingKey, Method, Reason, VariantKey};

use crate::decide::{Caution, Tier};
use crate::model::Model;

/// The result of a whole run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// One per listing, in the order of the listings' ids.
    pub matches: Vec<Match>,
    /// What was learned on the way, to be kept for the next change.
    pub model: Model,
}

/// What the matching says of one listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// The listing.
    pub listing: ListingKey,
    /// What became of it.
    pub verdict: Verdict,
    /// The best variants for it, best first, at most [`CANDIDATES_MAX`]; may be empty.
    pub candidates: Vec<Candidate>,
    /// Why it was not linked automatically; empty when it was, or when nothing speaks for it.
    pub reasons: Vec<Reason>,
    /// The same in finer words.
    pub cautions: Vec<Caution>,
    /// How it was linked, when it was linked by itself.
    pub tier: Option<Tier>,
    /// For such a link: the share of right ones among links of this kind and score that can be
    /// relied on, in basis points.
    pub confidence_bp: Option<u16>,
    /// The variant that it stays linked to if it is already: its way of linking was wrong too often
    /// and makes no new links, but nothing else speaks against this one.
    pub held: Option<VariantKey>,
}

/// How many candidates a match carries at most.
pub const CANDIDATES_MAX: usize = 8;

/// What became of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "method")]
pub enum Verdict {
    /// Linked automatically; the first candidate is the link.
    Linked(Method),
    /// The first candidate stands out, but a person should look.
    Likely,
    /// Several candidates are about as good.
    Ambiguous,
    /// Nothing resembles it enough; weak candidates may still be there to choose from.
    None,
    /// A parent of variations: its variations are linked, it never is.
    Parent,
    /// The manager settled it; an accepted variant is the first candidate.
    Decided,
}

/// A variant that may be the listing's counterpart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The variant.
    pub variant: VariantKey,
    /// How well the pair fits, 0 to 10,000: for order and histograms, not a probability.
    pub score_bp: u16,
    /// The same in logits, open at both ends, for a finer order.
    pub score: f32,
    /// The strongest thing that joins the two.
    pub method: Method,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tandem_domain::Method;

    use super::Verdict;

    #[test]
    fn verdicts_are_tagged_so_that_a_screen_can_switch_on_them() {
        let as_json = |verdict: Verdict| serde_json::to_value(verdict).expect("plain data");
        let linked = as_json(Verdict::Linked(Method::CanonicalSku));
        assert_eq!(linked, json!({"kind": "linked", "method": "canonical_sku"}));
        assert_eq!(as_json(Verdict::Ambiguous), json!({"kind": "ambiguous"}));
    }
}
