//! Texts as people search them: case, accents and the spellings of Arabic that are not told apart
//! are ignored.

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Where the letters are that fold to another one: capitals, Latin with accents, Arabic.
const SPELLINGS: [RangeInclusive<char>; 3] = ['A'..='Z', 'À'..='ɏ', 'ؠ'..='ي'];

/// Appends a text as it is searched. Line ends stay.
pub(crate) fn fold(text: &str, into: &mut String) {
    if text.is_ascii() {
        into.extend(text.chars().map(|letter| letter.to_ascii_lowercase()));
        return;
    }
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            'ـ' => {}
            'ة' => into.push('ه'),
            'ى' => into.push('ي'),
            other => into.push(other),
        }
    }
}

/// A text as it is searched: what two texts that people do not tell apart have in common.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold(text, &mut folded);
    folded
}

/// What was typed, as the terms that must all occur.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let terms = text.split_whitespace().map(folded);
    terms.filter(|term| !term.is_empty()).collect()
}

/// A folded term as a `GLOB` pattern of the texts, as they were written, in which it occurs.
pub(crate) fn anywhere(term: &str) -> String {
    let letters = term.chars().map(|letter| {
        let spellings: String = SPELLINGS
            .into_iter()
            .flatten()
            .filter(|other| {
                *other != letter && folded(other.encode_utf8(&mut [0; 4])).chars().eq([letter])
            })
            .collect();
        if spellings.is_empty() && !"*?[".contains(letter) {
            letter.to_string()
        } else {
            format!("[{letter}{spellings}]")
        }
    });
    format!("*{}*", letters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{anywhere, terms};

    #[test]
    fn case_accents_and_arabic_spellings_are_folded() {
        assert_eq!(terms(" Kärcher  BLN-11 "), ["karcher", "bln-11"]);
        assert_eq!(terms("أرجوحة"), terms("ارجوحه"));
        assert_eq!(terms("كـــبير"), terms("كبير"));
        assert!(terms(" ـ ").is_empty(), "nothing is left of it");
    }

    #[test]
    fn a_pattern_names_every_spelling_and_what_is_special_stands_for_itself() {
        assert_eq!(anywhere("ه"), "*[هة]*");
        assert_eq!(anywhere("1["), "*1[[]*");
        let pattern = anywhere("اn");
        for letter in ['أ', 'إ', 'آ', 'ا', 'N', 'Ñ', 'ñ'] {
            assert!(pattern.contains(letter), "{letter} of {pattern}");
        }
    }
}
