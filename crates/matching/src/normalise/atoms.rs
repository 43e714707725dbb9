//! Cuts folded text into numbers and words, remembering what stood between them.

/// What stands before an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing: letters follow digits or the other way round.
    None,
    /// One of `- / _ . '`: parts of one expression.
    Joiner(char),
    /// A blank, or the start of the text.
    Blank,
}

/// A run of digits (with one decimal sign inside) or of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Atom<'a> {
    pub(crate) text: &'a str,
    pub(crate) number: bool,
    pub(crate) gap: Gap,
}

impl Atom<'_> {
    /// Whether a new expression may begin here.
    pub(crate) fn starts(&self) -> bool {
        self.gap != Gap::None
    }
}

/// As `char::is_alphanumeric`, which goes through long tables for every Arabic letter.
pub(super) fn letter_or_digit(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}') || c.is_alphanumeric()
}

/// The atoms of a folded text.
pub(crate) fn atoms(folded: &str) -> Vec<Atom<'_>> {
    let mut atoms = Vec::new();
    let mut gap = Gap::Blank;
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            number_length(rest)
        } else if letter_or_digit(first) {
            rest.find(|c: char| !letter_or_digit(c) || c.is_ascii_digit())
                .unwrap_or(rest.len())
        } else if first == '%' {
            1
        } else {
            gap = widened(gap, first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        atoms.push(Atom {
            text: &rest[..length],
            number: first.is_ascii_digit(),
            gap,
        });
        gap = Gap::None;
        rest = &rest[length..];
    }
    atoms
}

fn widened(gap: Gap, sign: char) -> Gap {
    match (gap, sign) {
        (Gap::None, '-' | '/' | '_' | '.' | '\'') => Gap::Joiner(sign),
        _ => Gap::Blank,
    }
}

/// Digits, and behind one dot or comma more digits.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let whole = digits(text);
    match text.as_bytes().get(whole) {
        Some(b'.' | b',') => match digits(&text[whole + 1..]) {
            0 => whole,
            fraction => whole + 1 + fraction,
        },
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, atoms, letter_or_digit};

    #[test]
    fn the_short_way_to_know_a_letter_says_what_the_tables_say() {
        for c in '\0'..='\u{ffff}' {
            assert_eq!(letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn letters_digits_and_joiners_are_told_apart() {
        let cut: Vec<_> = atoms("me-264x 0.5l, 1.")
            .iter()
            .map(|a| (a.text, a.number, a.gap))
            .collect();
        assert_eq!(
            cut,
            [
                ("me", false, Gap::Blank),
                ("264", true, Gap::Joiner('-')),
                ("x", false, Gap::None),
                ("0.5", true, Gap::Blank),
                ("l", false, Gap::None),
                ("1", true, Gap::Blank),
            ]
        );
    }
}
