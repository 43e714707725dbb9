//! Words of everyday retail in four languages, brought to the English one; the manager's own
//! word list goes the same way.

use std::sync::LazyLock;

use super::atoms::atoms;
use super::fold;
use super::tokens::{Token, stem};
use crate::hash::Map;
use crate::items::WordPair;

/// The list that ships: `English = French = German = Arabic`, spellings with commas between.
const RETAIL: &str = include_str!("../../words/retail.txt");

/// Longest phrase that is looked up, in pieces of letters or digits.
pub(super) const PIECES_MAX: usize = 4;

/// A table of phrases and what they say.
#[derive(Debug, Default)]
pub(crate) struct Words {
    phrases: Map<Box<str>, Box<[Token]>>,
    /// By the first piece of a phrase, how many pieces the longest has.
    reach: Map<Box<str>, usize>,
}

static SHIPPED: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for line in RETAIL.lines().filter(|line| !line.starts_with('#')) {
        let mut languages = line.split('=');
        let english = plain(languages.next().unwrap_or_default());
        for spelling in languages.flat_map(|list| list.split(',')) {
            words.add(spelling, english.clone(), false);
        }
    }
    words
});

/// English words as tokens, without the rules for numbers.
fn plain(text: &str) -> Box<[Token]> {
    let words = fold(text);
    let tokens = words.split(' ').filter(|word| !word.is_empty());
    tokens.map(|word| Token::Word(stem(word).into())).collect()
}

impl Words {
    /// The manager's own pairs; of two for one phrase the last counts.
    pub(crate) fn of(pairs: &[WordPair]) -> Self {
        let mut words = Self::default();
        for pair in pairs {
            let folded = fold(&pair.means);
            let said = super::tokens::read(&folded, &Self::default());
            let tokens = said.into_iter().filter(|lexeme| !lexeme.optional);
            words.add(&pair.word, tokens.map(|l| l.token).collect(), true);
        }
        words
    }

    fn add(&mut self, phrase: &str, means: Box<[Token]>, again: bool) {
        let phrase = fold(phrase);
        let pieces = atoms(&phrase);
        let known = self.phrases.contains_key(phrase.as_str()) && !again;
        if known || means.is_empty() || !(1..=PIECES_MAX).contains(&pieces.len()) {
            return;
        }
        let reach = self.reach.entry(pieces[0].text.into()).or_default();
        *reach = pieces.len().max(*reach);
        self.phrases.insert(phrase.into(), means);
    }

    fn of_phrase(&self, phrase: &str) -> Option<&[Token]> {
        self.phrases.get(phrase).map(AsRef::as_ref)
    }

    /// What a phrase says, in the manager's list or the one that ships.
    pub(super) fn meaning<'a>(&'a self, phrase: &str) -> Option<&'a [Token]> {
        self.of_phrase(phrase).or_else(|| SHIPPED.of_phrase(phrase))
    }

    /// How many pieces a phrase that starts with this one may have.
    pub(super) fn reach(&self, first: &str) -> usize {
        let of = |words: &Self| words.reach.get(first).copied().unwrap_or(0);
        of(self).max(of(&SHIPPED))
    }
}

#[cfg(test)]
mod tests {
    use super::{RETAIL, SHIPPED, Words};
    use crate::items::WordPair;
    use crate::normalise::{fold, tokens};

    #[test]
    fn the_list_that_ships_has_four_languages_a_line() {
        for line in RETAIL.lines().filter(|line| !line.starts_with('#')) {
            assert_eq!(line.split('=').count(), 4, "{line}");
        }
        assert!(SHIPPED.phrases.len() > 500);
    }

    #[test]
    fn one_meaning_reads_alike_in_every_language() {
        let said = |text: &str| {
            let tokens = tokens(text).into_iter().filter(|l| !l.optional);
            tokens.map(|l| l.token.to_string()).collect::<Vec<_>>()
        };
        for text in [
            "Dish Soap",
            "liquide vaisselle",
            "Geschirrspülmittel",
            "سائل جلي",
        ] {
            assert_eq!(said(text), ["dish", "soap"], "{text}");
        }
        for text in ["shoes", "Chaussures", "Schuhe", "أحذية", "الحذاء"] {
            assert_eq!(said(text), ["shoe"], "{text}");
        }
    }

    #[test]
    fn the_managers_own_words_come_first() {
        let pair = |word: &str, means: &str| WordPair {
            word: word.into(),
            means: means.into(),
        };
        let words = Words::of(&[pair("غترة", "shemagh"), pair("سائل جلي", "Fairy 500 ml")]);
        let folded = fold("غُترة سائل جلي");
        let said: Vec<_> = crate::normalise::read(&folded, &words)
            .into_iter()
            .filter(|l| !l.optional)
            .map(|l| l.token.to_string())
            .collect();
        assert_eq!(said, ["shemagh", "fairy", "500 ml"]);
    }
}
