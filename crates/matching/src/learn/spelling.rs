//! Whether two words are one word spelled twice: abbreviated or mistyped.

/// Shorter words are too easily one letter apart.
const TYPO_CHARS_MIN: usize = 5;
/// Fewer letters abbreviate too much.
pub(super) const SHORT_CHARS_MIN: usize = 3;

/// Whether a word is long enough to be mistyped and still be known.
pub(super) fn may_slip(word: &str) -> bool {
    word.chars().count() >= TYPO_CHARS_MIN && word.chars().all(char::is_alphabetic)
}

/// The word, and the word with each one letter left out: two words within one slip have one of
/// these in common.
pub(super) fn shortened(word: &str) -> impl Iterator<Item = String> + '_ {
    let without = |skip: usize| {
        let letters = word
            .chars()
            .enumerate()
            .filter(move |(place, _)| *place != skip);
        letters.map(|(_, letter)| letter).collect()
    };
    (0..=word.chars().count()).map(without)
}

/// The start of the word, or its letters with vowels left out: `choco`, `clsc`.
pub(super) fn abbreviates(short: &str, long: &str) -> bool {
    let (letters, all) = (short.chars().count(), long.chars().count());
    let shorter = letters >= SHORT_CHARS_MIN && all >= letters + 2;
    shorter && (long.starts_with(short) || consonants(long).as_deref() == Some(short))
}

/// A Latin word without vowels, double letters once; nothing when nothing was left out.
pub(super) fn consonants(word: &str) -> Option<String> {
    let mut kept: Vec<_> = word.chars().filter(|c| !"aeiouy".contains(*c)).collect();
    kept.dedup();
    let bare: String = kept.into_iter().collect();
    (bare.len() + 2 <= word.len() && bare.len() >= SHORT_CHARS_MIN).then_some(bare)
}

/// One letter too many, too few, another one, or two neighbours swapped; the first is the same.
pub(super) fn one_slip(one: &str, two: &str) -> bool {
    let (one, two): (Vec<_>, Vec<_>) = (one.chars().collect(), two.chars().collect());
    let (short, long) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    if short.first() != long.first() || short.len() < TYPO_CHARS_MIN {
        return false;
    }
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    match (&short[start..], &long[start..]) {
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        (rest, [_, other @ ..]) => rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{abbreviates, one_slip, shortened};

    #[test]
    fn abbreviations_and_slips_are_one_word() {
        for (short, long) in [
            ("clsc", "classic"),
            ("choco", "chocolate"),
            ("brk", "brake"),
        ] {
            assert!(abbreviates(short, long), "{short} {long}");
        }
        for (one, two) in [
            ("natural", "naturla"),
            ("headliight", "headlight"),
            ("شامبو", "شامبوو"),
        ] {
            assert!(one_slip(one, two), "{one} {two}");
            let forms: Vec<_> = shortened(one).collect();
            assert!(
                shortened(two).any(|form| forms.contains(&form)),
                "{one} {two}"
            );
        }
    }

    #[test]
    fn other_words_stay_other_words() {
        for (one, two) in [
            ("mint", "mink"),
            ("lemon", "melon"),
            ("pro", "pros"),
            ("", "a"),
        ] {
            assert!(!one_slip(one, two) && !abbreviates(one, two), "{one} {two}");
        }
    }
}
