//! Whether two words are one word spelled twice: abbreviated or mistyped.

/// Shorter words are too easily one letter apart.
const TYPO_CHARS_MIN: usize = 5;

/// `clsc` for `classic`, `choco` for `chocolate`, `naturla` for `natural`.
pub(super) fn alike(one: &str, two: &str) -> bool {
    if one.chars().next() != two.chars().next() {
        return false;
    }
    let (one, two): (Vec<_>, Vec<_>) = (one.chars().collect(), two.chars().collect());
    let (short, long) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    if short.len() < 3 {
        return false;
    }
    abbreviates(&short, &long) || short.len() >= TYPO_CHARS_MIN && one_slip(&short, &long)
}

/// The start of the word, or its letters with vowels left out.
fn abbreviates(short: &[char], long: &[char]) -> bool {
    if long.len() < short.len() + 2 {
        return false;
    }
    long.starts_with(short) || short == consonants(long)
}

/// Without vowels, double letters once.
fn consonants(word: &[char]) -> Vec<char> {
    let vowel = |c: &char| "aeiouy".contains(*c);
    let mut kept: Vec<_> = word.iter().copied().filter(|c| !vowel(c)).collect();
    kept.dedup();
    kept
}

/// One letter too many, too few, another one, or two neighbours swapped.
fn one_slip(short: &[char], long: &[char]) -> bool {
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[start..], &long[start..]);
    match (short, long) {
        ([a, b, rest @ ..], [c, d, other @ ..]) if a == d && b == c && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        (rest, [_, other @ ..]) => rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn abbreviations_and_slips_are_one_word() {
        for (one, two) in [
            ("clsc", "classic"),
            ("chocolate", "choco"),
            ("brk", "brake"),
            ("natural", "naturla"),
            ("headliight", "headlight"),
            ("شامبو", "شامبوو"),
        ] {
            assert!(alike(one, two), "{one} {two}");
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
            assert!(!alike(one, two), "{one} {two}");
        }
    }
}
