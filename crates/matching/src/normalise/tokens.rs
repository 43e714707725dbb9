//! Typed tokens: what a name says, told apart by what kind of thing it says.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::atoms::{Atom, Gap, atoms};
#[cfg(test)]
use super::fold;
use super::words::Words;
use super::{Dimension, lexicon, rules, units};

/// What kind of thing a lexicon knows of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Trait {
    /// Black, navy.
    Colour,
    /// Clothing sizes.
    Size,
    /// Flavours and scents.
    Flavour,
    /// Left, right, front, rear.
    Side,
    /// Used, refurbished, …; new is not said.
    Condition,
}

/// What a lexicon calls a thing: one of the names in it.
pub(crate) type Meaning = &'static str;

/// One thing that a text says. Equal tokens mean the same in any language of the lexicons.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Token {
    /// Any other word, lightly stemmed.
    Word(Box<str>),
    /// Letters with digits, or a long number: model and part numbers.
    Code(Box<str>),
    /// A short number that is nothing more special: shoe size, shade, year.
    Number(Box<str>),
    /// An amount with a unit, in base units.
    Quantity(Dimension, u64),
    /// Numbers joined by `x`: `M6x20`, `30x40 cm`.
    Measure(Box<str>),
    /// How many pieces are sold together; one is not said.
    Count(u32),
    /// What a lexicon knows, by its English name.
    Trait(Trait, #[serde(deserialize_with = "lexicon::known")] Meaning),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Code(text) | Self::Number(text) | Self::Measure(text) => {
                f.write_str(text)
            }
            Self::Quantity(dimension, amount) => f.write_str(&dimension.shown(*amount)),
            Self::Count(pieces) => write!(f, "{pieces} pcs"),
            Self::Trait(_, name) => f.write_str(name),
        }
    }
}

/// A token and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    /// The first piece of the text that it was read from, and the one behind the last.
    pub(crate) pieces: (usize, usize),
    /// Two neighbours read as one (`sp 186` may be `sp186`): counts only where the other side
    /// has it, and costs nothing where it has not.
    pub(crate) optional: bool,
}

/// Reads a text; equal texts but for case, accents, markup and spelling of units read alike.
#[cfg(test)]
pub(crate) fn tokens(text: &str) -> Vec<Lexeme> {
    read(&fold(text), &Words::default())
}

/// Reads a folded text with the help of a word list.
pub(crate) fn read(folded: &str, words: &Words) -> Vec<Lexeme> {
    let atoms = atoms(folded);
    let mut lexemes = Vec::with_capacity(atoms.len());
    let mut at = 0;
    while at < atoms.len() {
        let rest = &atoms[at..];
        let found = rules::special(rest, at == 0, words);
        let (length, said) = found.unwrap_or_else(|| (1, plain(&rest[0], words)));
        lexemes.extend(joined(&atoms, at));
        lexemes.extend(said.into_iter().flatten().map(|token| Lexeme {
            token,
            pieces: (at, at + length),
            optional: false,
        }));
        at += length;
    }
    lexemes
}

/// The words behind a lexeme, as the folded text has them.
pub(crate) fn shown(folded: &str, lexeme: &Lexeme) -> String {
    shown_atoms(&atoms(folded)[lexeme.pieces.0..lexeme.pieces.1])
}

/// What an atom says by itself.
fn plain(atom: &Atom<'_>, words: &Words) -> Option<Vec<Token>> {
    if atom.number {
        let digits = atom.text.bytes().all(|b| b.is_ascii_digit());
        let token = if digits && atom.text.len() >= 5 {
            Token::Code(atom.text.into())
        } else {
            Token::Number(units::plain(atom.text).into())
        };
        return Some(vec![token]);
    }
    let elided = atom.gap == Gap::Joiner('\'') && atom.text == "s";
    let noise = elided || atom.text == "%" || lexicon::is_stop_word(atom.text);
    let stem = stem(atom.text);
    (!noise).then(|| match words.meaning(stem) {
        Some(tokens) if stem != atom.text => tokens.to_vec(),
        _ => vec![Token::Word(stem.into())],
    })
}

/// Takes off a plural `s` and the Arabic article: enough to make most neighbours meet.
pub(super) fn stem(word: &str) -> &str {
    let letters = word.chars().count();
    if letters <= 4 {
        return word;
    }
    if let Some(bare) = word.strip_prefix("ال") {
        return bare;
    }
    match word.strip_suffix('s') {
        Some(singular) if !singular.ends_with('s') => singular,
        _ => word,
    }
}

/// Two short neighbours as one word or code.
fn joined(atoms: &[Atom<'_>], at: usize) -> Option<Lexeme> {
    let (one, two) = (atoms.get(at)?, atoms.get(at + 1)?);
    let lengths = (one.text.chars().count(), two.text.chars().count());
    let short = lengths.0 <= 4 && lengths.1 <= 4 || lengths.0 == 1 && lengths.1 <= 6;
    let hyphen = matches!(two.gap, Gap::Joiner('-' | '/' | '.' | '_'));
    let split_number = one.number && two.number && hyphen && lengths.0 + lengths.1 >= 7;
    if two.gap == Gap::None || !split_number && (one.number || !short) {
        return None;
    }
    let mut text = format!("{}{}", one.text, two.text);
    let mut next = at + 2;
    while let Some(tail) = atoms.get(next).filter(|a| a.gap == Gap::None) {
        text.push_str(tail.text);
        next += 1;
    }
    let token = if text.bytes().any(|b| b.is_ascii_digit()) {
        Token::Code(text.into())
    } else {
        Token::Word(stem(&text).into())
    };
    Some(Lexeme {
        token,
        pieces: (at, next),
        optional: true,
    })
}

fn shown_atoms(atoms: &[Atom<'_>]) -> String {
    let mut text = String::new();
    for (place, atom) in atoms.iter().enumerate() {
        match atom.gap {
            _ if place == 0 => {}
            Gap::None => {}
            Gap::Joiner(sign) => text.push(sign),
            Gap::Blank => text.push(' '),
        }
        text.push_str(atom.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Dimension::{Length, Mass, Storage, Volume};
    use super::{Token, Trait, tokens};

    fn read(text: &str) -> Vec<Token> {
        tokens(text)
            .into_iter()
            .filter(|lexeme| !lexeme.optional)
            .map(|lexeme| lexeme.token)
            .collect()
    }

    fn word(text: &str) -> Token {
        Token::Word(text.into())
    }

    fn code(text: &str) -> Token {
        Token::Code(text.into())
    }

    #[test]
    fn quantities_of_three_languages_meet_in_base_units() {
        let half_litre = vec![Token::Quantity(Volume, 500_000)];
        for text in [
            "500ml",
            "500 ML",
            "0.5 L",
            "0,5 litres",
            "50cl",
            "٥٠٠ مل",
            "0.5 لتر",
        ] {
            assert_eq!(read(text), half_litre, "{text}");
        }
        assert_eq!(read("1.5 كجم"), [Token::Quantity(Mass, 1_500_000)]);
        assert_eq!(
            read("55\" TV"),
            [Token::Quantity(Length, 1_397_000), word("tv")]
        );
        assert_eq!(read("128G"), [Token::Quantity(Storage, 128_000_000)]);
        assert_eq!(read("8 fl oz"), [Token::Quantity(Volume, 236_592)]);
    }

    #[test]
    fn counts_are_told_from_quantities() {
        for text in [
            "pack of 6",
            "(6 Pack)",
            "6pk",
            "6 pcs",
            "lot de 6",
            "6 pièces",
            "عبوة 6",
            "٦ حبات",
            "6-pack",
            "x6",
        ] {
            assert_eq!(read(text), [Token::Count(6)], "{text}");
        }
        let two = [Token::Count(2), Token::Quantity(Volume, 500_000)];
        assert_eq!(read("2 x 500 ml"), two);
        assert_eq!(read("3x Hoodie"), [Token::Count(3), word("hoodie")]);
        assert_eq!(read("1 pc"), [], "one piece is what everything is sold as");
        assert_eq!(
            read("pack 500 ml"),
            [word("pack"), Token::Quantity(Volume, 500_000)]
        );
    }

    #[test]
    fn measures_codes_and_numbers() {
        for text in ["M6x20", "M6 x 20mm", "6×20 mm"] {
            assert_eq!(read(text), [Token::Measure("6x20".into())], "{text}");
        }
        for text in ["ME-264X", "me264x", "me/264x"] {
            assert_eq!(read(text), [code("me264x")], "{text}");
        }
        assert_eq!(read("210300"), [code("210300")]);
        for text in ["010-10723-02", "0101072302"] {
            assert_eq!(read(text), [code("0101072302")], "{text}");
        }
        let zoom = ["55", "200"].map(|number| Token::Number(number.into()));
        assert_eq!(read("55-200"), zoom, "a range is no part number");
        assert_eq!(
            read("No.2 White"),
            [
                Token::Number("2".into()),
                Token::Trait(Trait::Colour, "white")
            ]
        );
        assert_eq!(
            read("01-Brown"),
            [
                Token::Number("1".into()),
                Token::Trait(Trait::Colour, "brown")
            ]
        );
        assert_eq!(read("EU38"), [Token::Number("38".into())]);
        let years = ["2011", "2013"].map(|year| Token::Number(year.into()));
        assert_eq!(read("2011-13"), years);
        assert_eq!(read("2011-2013"), years);
        assert_eq!(
            read("64gb/black"),
            [
                Token::Quantity(Storage, 64_000_000),
                Token::Trait(Trait::Colour, "black")
            ]
        );
    }

    #[test]
    fn colours_sizes_and_conditions_mean_the_same_in_every_language() {
        for text in ["Navy Blue", "bleu marine", "كُحلي"] {
            assert_eq!(read(text), [Token::Trait(Trait::Colour, "navy")], "{text}");
        }
        for text in ["XL", "X-Large", "Extra Large", "كبير جداً"] {
            assert_eq!(read(text), [Token::Trait(Trait::Size, "XL")], "{text}");
        }
        for text in ["(Used)", "second-hand", "d'occasion", "مُستعمل"] {
            assert_eq!(
                read(text),
                [Token::Trait(Trait::Condition, "used")],
                "{text}"
            );
        }
    }

    #[test]
    fn words_are_stemmed_and_joined() {
        assert_eq!(read("The Shoes"), [word("shoe")]);
        assert_eq!(read("العصير"), [word("juice")]);
        assert_eq!(read("الغتره"), [word("غتره")]);
        assert_eq!(read("Levi's"), [word("levi")]);
        assert_eq!(read("T-Shirt"), [word("tshirt")]);
        let optional: Vec<_> = tokens("SP 186")
            .into_iter()
            .filter(|l| l.optional)
            .map(|l| l.token)
            .collect();
        assert_eq!(optional, [code("sp186")]);
    }
}
