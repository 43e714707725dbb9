//! Where two texts differ, for the screens to mark in names and SKUs.

use std::collections::BTreeSet;

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::normalise::fold;

/// Longer texts are compared up to here: the comparison is quadratic in the number of pieces.
const PIECES_MAX: usize = 300;

/// A stretch of one text that the other has not.
///
/// Places are counted in UTF-16 code units, because JavaScript slices strings by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Where it starts.
    pub start: u32,
    /// Where it ends, exclusive; always behind `start`.
    pub end: u32,
    /// True when only the spelling differs: accents, dashes, leading zeros, forms of alef.
    pub spelling: bool,
}

/// The stretches of each text that the other has not, in order and without overlap.
///
/// Words are compared with words, so an added word does not shift the rest; within two similar
/// words only what is between their common start and end is marked. What tells a reader nothing is
/// never marked: blanks, capitals, brackets and commas, and words that the other text has at
/// another place.
pub fn diff(left: &str, right: &str) -> (Vec<Span>, Vec<Span>) {
    let (one, two) = (pieces(left), pieces(right));
    let pairs = align(&one, &two);
    let alone =
        |side: fn(&Pair) -> Option<usize>| pairs.iter().filter_map(side).collect::<Vec<_>>();
    let (gone, new) = (
        alone(|pair| pair.0.filter(|_| pair.1.is_none())),
        alone(|pair| pair.1.filter(|_| pair.0.is_none())),
    );
    let (gone_moved, new_moved) = moved(&one, &gone, &two, &new);
    let mut spans = (Vec::new(), Vec::new());
    for (i, j) in pairs {
        match (i, j) {
            (Some(i), Some(j)) => mark_pair(&one[i], &two[j], &mut spans),
            (Some(i), None) if !gone_moved.contains(&i) => add(&mut spans.0, one[i].whole()),
            (None, Some(j)) if !new_moved.contains(&j) => add(&mut spans.1, two[j].whole()),
            _ => {}
        }
    }
    spans
}

/// Places of a piece in both texts; `None` where the other text has no partner for it.
type Pair = (Option<usize>, Option<usize>);

/// Which words without a partner stand elsewhere in the other text, each used once.
fn moved(
    one: &[Piece],
    gone: &[usize],
    two: &[Piece],
    new: &[usize],
) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let mut moved = (BTreeSet::new(), BTreeSet::new());
    for &i in gone.iter().filter(|&&i| !one[i].folded.is_empty()) {
        let twin = new
            .iter()
            .find(|&&j| !moved.1.contains(&j) && two[j].folded == one[i].folded);
        if let Some(&j) = twin {
            moved.0.insert(i);
            moved.1.insert(j);
        }
    }
    moved
}

/// A run of letters, a run of digits, or one other sign.
struct Piece {
    chars: Vec<char>,
    /// Folded, leading zeros off; empty for punctuation.
    folded: String,
    start: u32,
}

impl Piece {
    fn span(&self, from: usize, to: usize, spelling: bool) -> Span {
        let start = self.start + utf16(&self.chars[..from]);
        Span {
            start,
            end: start + utf16(&self.chars[from..to]),
            spelling,
        }
    }

    fn whole(&self) -> Span {
        self.span(0, self.chars.len(), self.folded.is_empty())
    }
}

fn utf16(chars: &[char]) -> u32 {
    chars
        .iter()
        .map(|c| if c.len_utf16() == 2 { 2 } else { 1 })
        .sum()
}

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Sign,
    /// Space, and what only separates.
    Blank,
}

fn class(c: char, before: Option<Class>) -> Class {
    match c {
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_alphabetic() => Class::Letter,
        _ if is_combining_mark(c) => before.unwrap_or(Class::Sign),
        ',' | ';' | ':' | '(' | ')' | '[' | ']' | '،' | '؛' => Class::Blank,
        _ if c.is_whitespace() => Class::Blank,
        _ => Class::Sign,
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before = None;
    let mut place = 0;
    for c in text.chars() {
        let now = class(c, before);
        let joins = before == Some(now) && (now != Class::Sign || is_combining_mark(c));
        let full = pieces.len() == PIECES_MAX;
        match pieces.last_mut() {
            _ if now == Class::Blank => {}
            Some(piece) if joins => piece.chars.push(c),
            _ if full => break,
            _ => pieces.push(Piece {
                chars: vec![c],
                folded: String::new(),
                start: place,
            }),
        }
        before = Some(now);
        place += utf16(&[c]);
    }
    for piece in &mut pieces {
        let folded = fold(&piece.chars.iter().collect::<String>());
        if folded.chars().any(char::is_alphanumeric) {
            let bare = folded.trim_start_matches('0');
            let kept = if bare.is_empty() { "0" } else { bare };
            kept.clone_into(&mut piece.folded);
        }
    }
    pieces
}

/// Pairs the pieces of both texts in order, as well as it goes.
fn align(one: &[Piece], two: &[Piece]) -> Vec<Pair> {
    let width = two.len() + 1;
    let mut best = vec![0_usize; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..two.len()).rev() {
            let apart = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            let paired = worth(&one[i], &two[j]).map(|worth| worth + best[(i + 1) * width + j + 1]);
            best[i * width + j] = paired.map_or(apart, |paired| paired.max(apart));
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < one.len() || j < two.len() {
        let here = best[i * width + j];
        let both = i < one.len() && j < two.len();
        let paired = both
            && worth(&one[i], &two[j])
                .is_some_and(|worth| worth + best[(i + 1) * width + j + 1] == here);
        if paired {
            pairs.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        } else if i < one.len() && (j == two.len() || best[(i + 1) * width + j] == here) {
            pairs.push((Some(i), None));
            i += 1;
        } else {
            pairs.push((None, Some(j)));
            j += 1;
        }
    }
    pairs
}

/// What it is worth to pair two pieces; nothing when they are not one word.
fn worth(one: &Piece, two: &Piece) -> Option<usize> {
    let longer = one.chars.len().max(two.chars.len());
    if one.chars == two.chars {
        return Some(2 * longer + 2);
    }
    match (one.folded.is_empty(), two.folded.is_empty()) {
        (true, true) => return Some(1),
        (false, false) if one.folded == two.folded => return Some(2 * longer + 1),
        (false, false) => {}
        _ => return None,
    }
    let (start, end) = common(&one.chars, &two.chars);
    (2 * (start + end) >= longer).then_some(start + end)
}

fn alike(one: char, two: char) -> bool {
    one == two || one.to_lowercase().eq(two.to_lowercase())
}

/// How many signs two words have in common at the start and, behind that, at the end.
fn common(one: &[char], two: &[char]) -> (usize, usize) {
    let pairs = |(a, b): &(&char, &char)| alike(**a, **b);
    let start = one.iter().zip(two).take_while(pairs).count();
    let (one, two) = (&one[start..], &two[start..]);
    let end = one
        .iter()
        .rev()
        .zip(two.iter().rev())
        .take_while(pairs)
        .count();
    (start, end)
}

fn mark_pair(one: &Piece, two: &Piece, spans: &mut (Vec<Span>, Vec<Span>)) {
    if one.chars == two.chars {
        return;
    }
    let spelling = one.folded == two.folded;
    let (start, end) = common(&one.chars, &two.chars);
    mark(one, start, end, spelling, &mut spans.0);
    mark(two, start, end, spelling, &mut spans.1);
}

/// Marks what is between a common start and end, never an accent without its letter.
fn mark(piece: &Piece, start: usize, end: usize, spelling: bool, spans: &mut Vec<Span>) {
    let chars = &piece.chars;
    let (mut from, mut to) = (start, chars.len() - end);
    if from == to {
        return;
    }
    while from > 0 && is_combining_mark(chars[from]) {
        from -= 1;
    }
    while to < chars.len() && is_combining_mark(chars[to]) {
        to += 1;
    }
    add(spans, piece.span(from, to, spelling));
}

/// Adds a span, joined to the one before when they touch.
fn add(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.end == span.start && last.spelling == span.spelling => {
            last.end = span.end;
        }
        _ => spans.push(span),
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, diff};

    /// The marked parts in brackets: `[other]`, `(spelling)`.
    fn shown(text: &str, spans: &[Span]) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let part = |from: usize, to: usize| String::from_utf16_lossy(&units[from..to]);
        let mut shown = String::new();
        let mut at = 0;
        for span in spans {
            let (start, end) = (span.start as usize, span.end as usize);
            let (open, close) = if span.spelling {
                ('(', ')')
            } else {
                ('[', ']')
            };
            shown += &part(at, start);
            shown.push(open);
            shown += &part(start, end);
            shown.push(close);
            at = end;
        }
        shown + &part(at, units.len())
    }

    fn marked(left: &str, right: &str) -> (String, String) {
        let (one, two) = diff(left, right);
        (shown(left, &one), shown(right, &two))
    }

    #[test]
    fn differences_are_marked_on_both_sides() {
        for (left, right, left_marked, right_marked) in [
            ("Same name", "Same name", "Same name", "Same name"),
            (
                "Soap 500 ml",
                "Soap 250 ml",
                "Soap [500] ml",
                "Soap [250] ml",
            ),
            (
                "New Soap mint",
                "Soap lemon",
                "[New] Soap [mint]",
                "Soap [lemon]",
            ),
            ("AB-00123", "ab123", "AB(-00)123", "ab123"),
            (
                "Ballon ROUGE",
                "ballon rouge",
                "Ballon ROUGE",
                "ballon rouge",
            ),
            (
                "Farm cards (12 pcs)",
                "Cards Farm, pack of 12",
                "Farm cards (12 [pcs])",
                "Cards Farm, [pack] [of] 12",
            ),
            ("Headliight", "Headlight", "Headli[i]ght", "Headlight"),
            (
                "حقيبة أسود",
                "حقيبه اسود",
                "حقيب(ة) (أ)سود",
                "حقيب(ه) (ا)سود",
            ),
            ("Crème", "Creme", "Cr(è)me", "Cr(e)me"),
            ("🎈🎈 red", "🎈 red", "🎈(🎈) red", "🎈 red"),
            ("size 0", "size 5", "size [0]", "size [5]"),
            ("", "x", "", "[x]"),
        ] {
            let (one, two) = marked(left, right);
            assert_eq!((one.as_str(), two.as_str()), (left_marked, right_marked));
        }
    }

    #[test]
    fn an_accent_is_marked_with_its_letter() {
        assert_eq!(marked("e\u{301}t", "et").0, "(e\u{301})t");
    }
}
