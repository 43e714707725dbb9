//! Evidence: what speaks for and against a pair, as data that the screens phrase.

use tandem_domain::{Evidence, Method, VariantKey};

use crate::decide::{Desk, Ranked, Settlement, method, reason};
use crate::ground::Ground;
use crate::items::Settled;
use crate::normalise::{Lexeme, Token, Words, read, shown};
use crate::outcome::{Candidate, Match, Verdict};
use crate::rows::{Said, compact};
use crate::score::{Conflict, Marks, at, basis_points};

/// Divides the logits of the shown score. A shared key alone is worth 6 to 8 of them, so that
/// undivided every pair with a key would show 1.00 and a histogram would be one bar.
const SPREAD: f32 = 4.0;

/// The best candidates are quoted in their own words; of the others it is said plainly, ...
const QUOTED_MAX: usize = 3;
/// ... as it is of those that are so far behind the best, in logits, that nobody weighs them.
const QUOTED_BEHIND_MAX: f32 = 3.0;
/// More contradictions than this do not make a pair clearer.
const CONTRADICTIONS_MAX: usize = 3;

/// Puts one listing's settlement into words that are data.
pub(crate) fn explain(
    ground: &Ground<'_>,
    left: usize,
    settlement: &Settlement,
    desk: &mut Desk,
) -> Match {
    if !settlement.ranked.is_empty() {
        desk.scratch
            .query
            .set(&ground.texts.left[left], &ground.aliases);
    }
    let mut store = Quoted::of(Said::from(&*ground.rows.left[left]));
    let best = settlement.ranked.first().map_or(0.0, |first| first.logit);
    let ranked = settlement.ranked.iter().enumerate();
    let mut candidates: Vec<_> = ranked
        .map(|(place, ranked)| {
            let near = place == 0 || best - ranked.logit <= QUOTED_BEHIND_MAX;
            let quoted = near && place < QUOTED_MAX;
            candidate(ground, (left, &mut store), (*ranked, quoted), desk)
        })
        .collect();
    if let Some(Settled::Accepted(variant)) = ground.said.settled(compact(left))
        && settlement.verdict == Verdict::Decided
    {
        match candidates.first_mut().filter(|c| c.variant == variant) {
            Some(first) => first.method = Method::Manual,
            None => candidates.insert(0, unknown(variant)),
        }
    }
    let by_key = settlement.by_key;
    let mut reasons = Vec::new();
    for reason in settlement
        .cautions
        .iter()
        .filter_map(|c| reason(*c, by_key))
    {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Match {
        listing: ground.rows.left[left].key.clone(),
        verdict: settlement.verdict,
        candidates,
        reasons,
        cautions: settlement.cautions.clone(),
        tier: settlement.tier.map(|tier| tier.0),
        held: settlement
            .held
            .map(|right| ground.rows.right[right as usize].key),
        confidence_bp: settlement.tier.map(|tier| tier.1),
    }
}

/// An accepted variant that the catalogue no longer holds.
fn unknown(variant: VariantKey) -> Candidate {
    Candidate {
        variant,
        score_bp: 0,
        score: 0.0,
        method: Method::Manual,
        evidence: Vec::new(),
    }
}

/// The score that screens show, 0 to 10,000.
pub(crate) fn shown_score(logit: f32) -> u16 {
    basis_points(1.0 / (1.0 + (-logit / SPREAD).exp()))
}

fn candidate(
    ground: &Ground<'_>,
    left: (usize, &mut Quoted<'_>),
    (ranked, quoted): (Ranked, bool),
    desk: &mut Desk,
) -> Candidate {
    let right = ranked.right as usize;
    Candidate {
        variant: ground.rows.right[right].key,
        score_bp: shown_score(ranked.logit),
        score: ranked.logit,
        method: ranked.key.map_or(Method::Name, method),
        evidence: evidence(ground, left, (ranked, quoted), desk),
    }
}

/// What speaks for and against a pair; the desk's query holds the listing.
fn evidence(
    ground: &Ground<'_>,
    (left, store): (usize, &mut Quoted<'_>),
    (ranked, quoted): (Ranked, bool),
    desk: &mut Desk,
) -> Vec<Evidence> {
    let right = ranked.right as usize;
    let mut evidence = of_keys(ground, left, right);
    let looks = ground
        .judge()
        .look((left, right), &desk.scratch.query, &mut desk.room);
    let (shared, dice) = (looks.features[at::SHARED], looks.features[at::DICE]);
    evidence.push(Evidence::NameSimilarity {
        basis_points: basis_points(f32::midpoint(shared, dice)),
    });
    let conflicts = &desk.room.conflicts;
    let shown = conflicts.iter().take(CONTRADICTIONS_MAX);
    let mut odoo = Quoted::of(Said::from(&*ground.rows.right[right]));
    evidence.extend(shown.map(|conflict| {
        let texts = quoted.then_some((&mut *store, &mut odoo));
        contradiction(ground, *conflict, texts)
    }));
    if ranked.key.is_some() && conflicts.is_empty() && looks.marks.has(Marks::SILENT) {
        evidence.push(Evidence::NameContradicts {
            store: ground.rows.left[left].name.clone(),
            odoo: ground.rows.right[right].name.clone(),
        });
    }
    if let Some((hundredths, odoo_higher)) = ground.prices.far_factor(left, right) {
        evidence.push(Evidence::PriceFactor {
            hundredths,
            odoo_higher,
        });
    }
    evidence
}

fn of_keys(ground: &Ground<'_>, left: usize, right: usize) -> Vec<Evidence> {
    let (one, two) = (&ground.keys.left.rows[left], &ground.keys.right.rows[right]);
    let mut evidence = Vec::new();
    if let Some(gtin) = one.shared_gtin(two) {
        evidence.push(Evidence::SameGtin {
            gtin: gtin.to_string(),
        });
    } else if one.has_gtin() && two.has_gtin() {
        evidence.push(Evidence::GtinDiffers);
    }
    match (&ground.rows.left[left].sku, &ground.rows.right[right].sku) {
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
fn contradiction(
    ground: &Ground<'_>,
    conflict: Conflict,
    texts: Option<(&mut Quoted<'_>, &mut Quoted<'_>)>,
) -> Evidence {
    let token = |id: Option<u32>| id.map(|id| ground.texts.vocabulary.token(id));
    let Some((store, odoo)) = texts else {
        let plain = |id| token(id).map_or_else(String::new, ToString::to_string);
        return Evidence::NameContradicts {
            store: plain(conflict.left),
            odoo: plain(conflict.right),
        };
    };
    let list = &ground.words;
    Evidence::NameContradicts {
        store: store.words(token(conflict.left), list),
        odoo: odoo.words(token(conflict.right), list),
    }
}

/// The texts of a row, read once when its words are first asked for.
pub(crate) struct Quoted<'a> {
    said: Said<'a>,
    read: Option<Vec<(String, Vec<Lexeme>)>>,
}

impl<'a> Quoted<'a> {
    pub(crate) fn of(said: Said<'a>) -> Self {
        Self { said, read: None }
    }

    /// The words that a token was read from.
    pub(crate) fn words(&mut self, token: Option<&Token>, list: &Words) -> String {
        let Some(token) = token else {
            return String::new();
        };
        let said = &self.said;
        let texts = self.read.get_or_insert_with(|| {
            let texts = said.folded().map(|(folded, _)| folded);
            let texts = texts.map(|folded| {
                let lexemes = read(&folded, list);
                (folded, lexemes)
            });
            texts.collect()
        });
        let found = texts.iter().find_map(|(folded, lexemes)| {
            let lexeme = lexemes.iter().find(|l| !l.optional && l.token == *token)?;
            Some(shown(folded, lexeme))
        });
        found.unwrap_or_else(|| token.to_string())
    }
}
