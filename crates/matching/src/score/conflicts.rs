//! What two texts say against each other: different sizes, colours, amounts, models.

use super::compare::Overlap;
use crate::candidates::{Siblings, Vocabulary};
use crate::normalise::{Dimension, Token, Trait};

/// Two codes with this share of their letters in common at the start are models of one series.
const SERIES_PERCENT: usize = 60;
/// As are codes that so few changed letters make equal.
const SERIES_EDITS_MAX: usize = 2;

/// One contradiction between a listing and a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conflict {
    kind: Kind,
    /// What the store says, unless it says nothing where Odoo does.
    pub(crate) left: Option<u32>,
    /// What Odoo says, unless it says nothing where the store does.
    pub(crate) right: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Quantity(Dimension),
    Measure,
    Count,
    Trait(Trait),
    Number,
    Model,
    Sibling,
}

impl Conflict {
    /// What it takes off the score, in logits.
    pub(crate) fn penalty(&self) -> f64 {
        match self.kind {
            Kind::Trait(Trait::Condition) => -4.0,
            Kind::Quantity(_) | Kind::Measure | Kind::Trait(Trait::Size) => -3.5,
            Kind::Count | Kind::Trait(Trait::Side) => -3.0,
            Kind::Trait(Trait::Colour | Trait::Flavour) | Kind::Sibling => -2.5,
            Kind::Number => -1.0,
            Kind::Model => -1.5,
        }
    }
}

/// All contradictions among what only one side says, in a fixed order.
pub(super) fn find(
    overlap: &Overlap,
    vocabulary: &Vocabulary,
    siblings: &Siblings,
) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let left = typed(&overlap.only_left, vocabulary);
    let right = typed(&overlap.only_right, vocabulary);
    for (kind, id) in &left {
        let other = right.iter().find(|(k, _)| k == kind).map(|(_, id)| *id);
        if other.is_some() || speaks_alone(*kind) {
            add(&mut conflicts, *kind, Some(*id), other);
        }
    }
    for (kind, id) in right.iter().filter(|(kind, _)| speaks_alone(*kind)) {
        add(&mut conflicts, *kind, None, Some(*id));
    }
    for one in &overlap.only_left {
        for two in &overlap.only_right {
            if siblings.exclude(*one, *two) {
                add(&mut conflicts, Kind::Sibling, Some(*one), Some(*two));
            } else if one_series(vocabulary.token(*one), vocabulary.token(*two)) {
                add(&mut conflicts, Kind::Model, Some(*one), Some(*two));
            }
        }
    }
    conflicts
}

/// One conflict per kind is enough, and a pair of tokens conflicts once.
fn add(conflicts: &mut Vec<Conflict>, kind: Kind, left: Option<u32>, right: Option<u32>) {
    let known = |c: &Conflict| c.kind == kind || c.left == left && c.right == right;
    if !conflicts.iter().any(known) {
        conflicts.push(Conflict { kind, left, right });
    }
}

fn typed(ids: &[u32], vocabulary: &Vocabulary) -> Vec<(Kind, u32)> {
    let kind = |id: &u32| match vocabulary.token(*id) {
        Token::Quantity(dimension, _) => Some(Kind::Quantity(*dimension)),
        Token::Measure(_) => Some(Kind::Measure),
        Token::Count(_) => Some(Kind::Count),
        Token::Trait(of, _) => Some(Kind::Trait(*of)),
        Token::Number(_) => Some(Kind::Number),
        Token::Word(_) | Token::Code(_) => None,
    };
    ids.iter().filter_map(|id| Some((kind(id)?, *id))).collect()
}

/// A count or a condition that one side does not mention means one piece, or new: six in a box
/// are not one, and used is not new.
fn speaks_alone(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Trait(Trait::Condition))
}

/// Whether two codes are different models of one series, or one code mistyped: not to be told
/// apart without a person.
fn one_series(one: &Token, two: &Token) -> bool {
    let (Token::Code(one), Token::Code(two)) = (one, two) else {
        return false;
    };
    let (shorter, longer) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let start = shorter
        .bytes()
        .zip(longer.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    start * 100 >= longer.len() * SERIES_PERCENT || edits(shorter, longer) <= SERIES_EDITS_MAX
}

/// Edit distance; anything above the limit may come back as any number above it.
fn edits(one: &str, two: &str) -> usize {
    let (one, two): (Vec<_>, Vec<_>) = (one.chars().collect(), two.chars().collect());
    if one.len().abs_diff(two.len()) > SERIES_EDITS_MAX {
        return SERIES_EDITS_MAX + 1;
    }
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in two.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::{edits, one_series};
    use crate::normalise::Token;

    #[test]
    fn models_of_one_series_are_noticed() {
        let code = |text: &str| Token::Code(text.into());
        for (one, two, series) in [
            ("me264x", "me265x", true),
            ("wh1000xm4", "wh1000xm5", true),
            ("me264x", "dtc461", false),
        ] {
            assert_eq!(one_series(&code(one), &code(two)), series, "{one} {two}");
        }
    }

    #[test]
    fn edit_distance_counts_changes() {
        assert_eq!(edits("abc", "abc"), 0);
        assert_eq!(edits("abc", "abd"), 1);
        assert_eq!(edits("abc", "acbd"), 2);
        assert!(edits("a", "abcdef") > 2);
    }
}
