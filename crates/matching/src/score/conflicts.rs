//! What two texts say against each other: different sizes, colours, amounts, models.

use super::overlap::Overlap;
use crate::learn::Siblings;
use crate::normalise::{Dimension, Token, Trait};
use crate::rows::Vocabulary;

/// Two codes with this share of their letters in common at the start are models of one series.
const SERIES_PERCENT: usize = 60;
/// As are codes that so few changed letters make equal.
const SERIES_EDITS_MAX: usize = 2;

/// One contradiction between a listing and a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) kind: Kind,
    /// What the store says, unless it says nothing where Odoo does.
    pub(crate) left: Option<u32>,
    /// What Odoo says, unless it says nothing where the store does.
    pub(crate) right: Option<u32>,
}

/// What two rows can say against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Quantity(Dimension),
    Measure,
    Count,
    Trait(Trait),
    Number,
    Model,
    Sibling,
}

/// All contradictions among what only one side says, in a fixed order.
pub(crate) fn find(
    overlap: &Overlap,
    vocabulary: &Vocabulary,
    siblings: &Siblings,
    conflicts: &mut Vec<Conflict>,
) {
    conflicts.clear();
    for one in &overlap.only_left {
        let Some(of) = kind(*one, vocabulary) else {
            continue;
        };
        let mut others = overlap.only_right.iter();
        let other = others.find(|id| kind(**id, vocabulary) == Some(of));
        if other.is_some() || speaks_alone(of) {
            add(conflicts, of, Some(*one), other.copied());
        }
    }
    for two in &overlap.only_right {
        if let Some(of) = kind(*two, vocabulary).filter(|of| speaks_alone(*of)) {
            add(conflicts, of, None, Some(*two));
        }
    }
    for one in &overlap.only_left {
        let code = matches!(vocabulary.token(*one), Token::Code(_));
        let apart = siblings.counterparts(*one) > 0;
        if !code && !apart {
            continue;
        }
        for two in &overlap.only_right {
            if apart && siblings.exclude(*one, *two) {
                add(conflicts, Kind::Sibling, Some(*one), Some(*two));
            } else if code && one_series(vocabulary.token(*one), vocabulary.token(*two)) {
                add(conflicts, Kind::Model, Some(*one), Some(*two));
            }
        }
    }
}

fn kind(id: u32, vocabulary: &Vocabulary) -> Option<Kind> {
    match vocabulary.token(id) {
        Token::Quantity(dimension, _) => Some(Kind::Quantity(*dimension)),
        Token::Measure(_) => Some(Kind::Measure),
        Token::Count(_) => Some(Kind::Count),
        Token::Trait(of, _) => Some(Kind::Trait(*of)),
        Token::Number(_) => Some(Kind::Number),
        Token::Word(_) | Token::Code(_) => None,
    }
}

/// One conflict per kind is enough, and a pair of tokens conflicts once.
fn add(conflicts: &mut Vec<Conflict>, kind: Kind, left: Option<u32>, right: Option<u32>) {
    let known = |c: &Conflict| c.kind == kind || c.left == left && c.right == right;
    if !conflicts.iter().any(known) {
        conflicts.push(Conflict { kind, left, right });
    }
}

/// A count or a condition that one side does not mention means one piece, or new: six in a box
/// are not one, and used is not new.
fn speaks_alone(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Trait(Trait::Condition))
}

/// Whether two codes are different models of one series, or one code mistyped: not to be told
/// apart without a person.
fn one_series(one: &Token, two: &Token) -> bool {
    match (one, two) {
        (Token::Code(one), Token::Code(two)) => near_codes(one, two, SERIES_PERCENT),
        _ => false,
    }
}

/// Whether two codes begin alike for this share of their letters, or are few edits apart.
pub(crate) fn near_codes(one: &str, two: &str, start_percent: usize) -> bool {
    let (shorter, longer) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let pairs = shorter.bytes().zip(longer.bytes());
    let start = pairs.take_while(|(a, b)| a == b).count();
    start * 100 >= longer.len() * start_percent || edits(shorter, longer) <= SERIES_EDITS_MAX
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
