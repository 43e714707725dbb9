//! The rules that read several atoms as one expression, in the order in which they are tried.

use super::atoms::{Atom, Gap, letter_or_digit};
use super::tokens::{Token, stem};
use super::words::{PIECES_MAX, Words};
use super::{Dimension, lexicon, units};

/// How many atoms were read and what they say; `None` inside when they say nothing.
type Read = (usize, Option<Vec<Token>>);

/// More pieces than this are a model number, not a count.
const COUNT_MAX: u32 = 5_000;
/// Two numbers with a dash between them are a range or a size, unless they have this many digits;
/// so are more, unless they have these.
const PAIR_DIGITS_MIN: usize = 9;
const CHAIN_DIGITS_MIN: usize = 7;
/// Before a word, `215x` is a model number and `12x` a count.
const TIMES_MAX: u32 = 99;

/// Tries every rule at the first atom. `first` says that the text begins here.
pub(super) fn special(atoms: &[Atom<'_>], first: bool, words: &Words) -> Option<Read> {
    if !atoms[0].starts() {
        return None;
    }
    marked_number(atoms)
        .or_else(|| phrase(atoms, words))
        .or_else(|| product(atoms))
        .or_else(|| pack(atoms))
        .or_else(|| times(atoms, first))
        .or_else(|| quantity(atoms))
        .or_else(|| years(atoms))
        .or_else(|| part_number(atoms))
        .or_else(|| percentage(atoms))
        .or_else(|| hyphenated(atoms))
        .or_else(|| code(atoms))
}

fn word_at<'a>(atoms: &[Atom<'a>], at: usize) -> Option<&'a str> {
    atoms.get(at).filter(|a| !a.number).map(|a| a.text)
}

fn number_at<'a>(atoms: &[Atom<'a>], at: usize) -> Option<&'a str> {
    atoms.get(at).filter(|a| a.number).map(|a| a.text)
}

/// Whether an expression may end before this place.
fn ends(atoms: &[Atom<'_>], at: usize) -> bool {
    atoms.get(at).is_none_or(Atom::starts)
}

/// Whether the atom before this place stands by itself, without a dash or slash behind it.
fn stands_alone(atoms: &[Atom<'_>], at: usize) -> bool {
    atoms.get(at).is_none_or(|a| a.gap == Gap::Blank)
}

/// Colours, sizes, conditions and known words: the longest phrase wins, so `navy blue` is not blue.
fn phrase(atoms: &[Atom<'_>], words: &Words) -> Option<Read> {
    let first = atoms[0].text;
    let reach = lexicon::reach(first).max(words.reach(first));
    let mut text = String::new();
    let mut found = None;
    for (at, atom) in atoms.iter().take(reach.min(PIECES_MAX)).enumerate() {
        if at > 0 && atom.gap != Gap::None {
            text.push(' ');
        }
        text.push_str(atom.text);
        let letter = text.len() == 1;
        let alone = atoms[0].gap == Gap::Blank && stands_alone(atoms, at + 1);
        if !ends(atoms, at + 1) || letter && !alone {
            continue;
        }
        if let Some(token) = lexicon::phrase(&text) {
            found = Some((at + 1, Some(vec![token.clone()])));
        } else if let Some(tokens) = words.meaning(&text) {
            found = Some((at + 1, Some(tokens.to_vec())));
        }
    }
    found
}

/// `2 x 500 ml`, `M6 x 20`, `30x40x5 cm`.
fn product(atoms: &[Atom<'_>]) -> Option<Read> {
    let thread = word_at(atoms, 0) == Some("m") && atoms.get(1)?.gap == Gap::None;
    let mut at = usize::from(thread);
    let mut numbers = vec![number_at(atoms, at)?];
    while word_at(atoms, at + 1) == Some("x") {
        let Some(next) = number_at(atoms, at + 2) else {
            break;
        };
        numbers.push(next);
        at += 2;
    }
    at += 1;
    if numbers.len() < 2 {
        return None;
    }
    let (last, before) = numbers.split_last()?;
    let measured = unit_at(atoms, at).filter(|_| !thread);
    if let Some((length, dimension, size)) = measured.filter(|m| m.1 != Dimension::Length) {
        let mut tokens: Vec<_> = before.iter().filter_map(|n| count(n)).collect();
        tokens.push(Token::Quantity(
            dimension,
            units::in_base_units(last, size)?,
        ));
        return Some((at + length, Some(tokens)));
    }
    at += unit_at(atoms, at).map_or(0, |(length, ..)| length);
    let sides: Vec<_> = numbers.into_iter().map(units::plain).collect();
    ends(atoms, at).then(|| (at, Some(vec![Token::Measure(sides.join("x").into())])))
}

/// A number of pieces; one piece is not worth saying.
fn count(number: &str) -> Option<Token> {
    let pieces = number.parse().ok()?;
    (2..=COUNT_MAX)
        .contains(&pieces)
        .then_some(Token::Count(pieces))
}

/// `pack of 6`, `lot de 6`, `عبوة 6`, `6 pcs`, `6-pack`.
fn pack(atoms: &[Atom<'_>]) -> Option<Read> {
    if let Some(number) = number_at(atoms, 0) {
        let pieces: u32 = number.parse().ok()?;
        let said = word_at(atoms, 1).is_some_and(lexicon::is_said_after_count);
        if !said || !ends(atoms, 2) || pieces > COUNT_MAX {
            return None;
        }
        // `6er-Pack` says it twice.
        let twice = word_at(atoms, 1) == Some("er") && ends(atoms, 3);
        let packed = word_at(atoms, 2).is_some_and(lexicon::is_said_before_count);
        let length = if twice && packed { 3 } else { 2 };
        return Some((length, Some(count(number).into_iter().collect())));
    }
    if !lexicon::is_said_before_count(atoms[0].text) {
        return None;
    }
    let particle = matches!(word_at(atoms, 1), Some("of" | "de"));
    let at = 1 + usize::from(particle);
    let number = number_at(atoms, at)?;
    let token = count(number)?;
    if !ends(atoms, at + 1) || unit_at(atoms, at + 1).is_some() {
        return None;
    }
    let pieces = word_at(atoms, at + 1).is_some_and(lexicon::is_said_after_count);
    Some((at + 1 + usize::from(pieces), Some(vec![token])))
}

/// `3x Hoodie`, `Hoodie x3`. A spaced `3 x` counts only at the start, a spaced `x 3` at the end.
fn times(atoms: &[Atom<'_>], first: bool) -> Option<Read> {
    let (number, glued, placed) = match (number_at(atoms, 0), word_at(atoms, 0)) {
        (Some(number), _) if word_at(atoms, 1) == Some("x") => (number, atoms[1].gap, first),
        (None, Some("x")) => (number_at(atoms, 1)?, atoms[1].gap, atoms.len() == 2),
        _ => return None,
    };
    let pieces: u32 = number.parse().ok()?;
    let said = ends(atoms, 2) && unit_at(atoms, 2).is_none() && (glued == Gap::None || placed);
    (said && pieces <= TIMES_MAX).then(|| (2, Some(count(number).into_iter().collect())))
}

/// The unit at this place: how many atoms it takes, its dimension and size.
fn unit_at(atoms: &[Atom<'_>], at: usize) -> Option<(usize, Dimension, u64)> {
    let name = word_at(atoms, at)?;
    if name == "fl" && word_at(atoms, at + 1) == Some("oz") {
        let (dimension, size) = units::unit("floz")?;
        return ends(atoms, at + 2).then_some((2, dimension, size));
    }
    let singular = if name.len() > 2 {
        name.trim_end_matches('s')
    } else {
        name
    };
    let (dimension, size) = units::unit(name).or_else(|| units::unit(singular))?;
    let glued = atoms[at].gap == Gap::None;
    let last = name == "in" && atoms.len() == at + 1;
    let near = glued || last || !units::must_be_glued(name);
    (near && ends(atoms, at + 1)).then_some((1, dimension, size))
}

/// `500 ml`, `0,5l`, `128G`.
fn quantity(atoms: &[Atom<'_>]) -> Option<Read> {
    let number = number_at(atoms, 0)?;
    let (length, dimension, size) = unit_at(atoms, 1)?;
    let storage = atoms[1].text == "g"
        && atoms[1].gap == Gap::None
        && matches!(number, "8" | "16" | "32" | "64" | "128" | "256" | "512");
    let (dimension, size) = if storage {
        units::unit("gb")?
    } else {
        (dimension, size)
    };
    let amount = units::in_base_units(number, size)?;
    Some((1 + length, Some(vec![Token::Quantity(dimension, amount)])))
}

/// `2011-2013`, `2011-13`: both years.
fn years(atoms: &[Atom<'_>]) -> Option<Read> {
    let (from, to) = (number_at(atoms, 0)?, number_at(atoms, 1)?);
    let joined = matches!(atoms[1].gap, Gap::Joiner('-' | '/'));
    let century = from
        .get(..2)
        .filter(|c| from.len() == 4 && matches!(*c, "19" | "20"))?;
    if !joined || !ends(atoms, 2) {
        return None;
    }
    let to = match to.len() {
        4 => to.to_owned(),
        2 => format!("{century}{to}"),
        _ => return None,
    };
    let from = Token::Number(from.into());
    Some((2, Some(vec![from, Token::Number(to.into())])))
}

/// `010-10723-02`: a number with dashes inside.
fn part_number(atoms: &[Atom<'_>]) -> Option<Read> {
    let joined = |a: &&Atom<'_>| a.number && a.gap == Gap::Joiner('-');
    let length = 1 + atoms[1..].iter().take_while(joined).count();
    let enough = match length {
        1 => return None,
        2 => PAIR_DIGITS_MIN,
        _ => CHAIN_DIGITS_MIN,
    };
    let digits: String = atoms[..length].iter().map(|a| a.text).collect();
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let whole = plain && digits.len() >= enough && stands_alone(atoms, length);
    whole.then(|| (length, Some(vec![Token::Code(digits.into())])))
}

/// `No. 2`, `EU38`, `taille 40`, `مقاس 40`.
fn marked_number(atoms: &[Atom<'_>]) -> Option<Read> {
    let mark = word_at(atoms, 0).filter(|word| lexicon::is_number_mark(word))?;
    let number = number_at(atoms, 1).filter(|number| number.len() <= 4)?;
    let near = mark.len() > 1 || atoms[1].gap != Gap::Blank;
    let amount = unit_at(atoms, 2).is_some();
    (near && ends(atoms, 2) && !amount)
        .then(|| (2, Some(vec![Token::Number(units::plain(number).into())])))
}

/// `100 %` says nothing that tells products apart: cotton, original.
fn percentage(atoms: &[Atom<'_>]) -> Option<Read> {
    number_at(atoms, 0)?;
    (word_at(atoms, 1)? == "%").then_some((2, None))
}

/// `t-shirt`, `x-ray`, `l'eau`: a single letter belongs to its word, a French article does not.
fn hyphenated(atoms: &[Atom<'_>]) -> Option<Read> {
    let (letter, word) = (word_at(atoms, 0)?, word_at(atoms, 1)?);
    let alone = ends(atoms, 2) && !matches!(atoms.get(2).map(|a| a.gap), Some(Gap::Joiner('-')));
    if letter.len() != 1 || word.len() < 2 || !alone {
        return None;
    }
    match atoms[1].gap {
        Gap::Joiner('-') => Some((
            2,
            Some(vec![Token::Word(stem(&format!("{letter}{word}")).into())]),
        )),
        Gap::Joiner('\'') if matches!(letter, "l" | "d") => Some((1, None)),
        _ => None,
    }
}

/// Letters and digits in one run (`ME-264X`), pieces longer than four letters left out.
fn code(atoms: &[Atom<'_>]) -> Option<Read> {
    let run = 1 + atoms[1..]
        .iter()
        .take_while(|a| a.gap != Gap::Blank)
        .count();
    // A long word that stands by itself between the signs is no part of a code.
    let wordy = |(at, a): (usize, &Atom<'_>)| {
        let alone = ends(atoms, at + 1) && (a.starts() || at == 0);
        !a.number && (a.text.chars().count() > 4 && alone || a.text == "%")
    };
    let segment = 1 + atoms[1..].iter().take_while(|a| a.gap == Gap::None).count();
    let length = if atoms[..run].iter().enumerate().any(wordy) {
        segment
    } else {
        run
    };
    let parts = &atoms[..length];
    let mixed = parts.iter().any(|a| a.number) && parts.iter().any(|a| !a.number);
    (mixed && length > 1).then(|| {
        let letters = parts.iter().flat_map(|a| a.text.chars());
        let text: String = letters.filter(|c| letter_or_digit(*c)).collect();
        let token = if text.len() >= 4 {
            Token::Code(text.into())
        } else {
            Token::Word(text.into())
        };
        (length, Some(vec![token]))
    })
}
