//! Folding: one spelling for texts that a reader takes for the same.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::atoms::letter_or_digit;

/// Longest run between `<` and `>` that counts as a tag; longer ones are text.
const TAG_CHARS_MAX: usize = 200;
/// Entities inside entities (`&amp;nbsp;`) occur in exports that were escaped twice.
const ENTITY_ROUNDS_MAX: usize = 3;

/// Lower case without accents, vowel signs, markup and odd punctuation; alef, ya and ta marbuta
/// in one form; ASCII digits. Words are separated by single blanks; `. , - / _ % '` stay, because
/// the tokeniser reads numbers and codes by them. Folding twice changes nothing.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() && !text.contains(['&', '<']) {
        return squeezed(text.chars().map(|c| c.to_ascii_lowercase()), text.len());
    }
    let text = without_tags(&decoded(text)).into_owned();
    let lower = text.nfkd().flat_map(char::to_lowercase).nfkd();
    squeezed(lower.filter(|c| !vanishes(*c)), text.len())
}

fn squeezed(chars: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        push(&mut folded, c, chars.peek().copied());
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ENTITY_ROUNDS_MAX {
        if !text.contains('&') {
            break;
        }
        text = Cow::Owned(html_escape::decode_html_entities(&text).into_owned());
    }
    text
}

/// Replaces `<b>` and the like by blanks; a lone `<` is no tag.
fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        kept.push_str(before);
        kept.push(' ');
        rest = match tag_length(tag) {
            Some(length) => &tag[length..],
            None => &tag[1..],
        };
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

fn tag_length(tag: &str) -> Option<usize> {
    let inside = &tag[1..];
    let names_something = inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let end = inside
        .char_indices()
        .take(TAG_CHARS_MAX)
        .find(|(_, c)| matches!(c, '<' | '>'))?;
    (names_something && end.1 == '>').then_some(end.0 + 2)
}

/// Marks that carry no meaning for matching: accents, tashkeel, tatweel, direction and joining
/// marks, soft hyphens.
fn vanishes(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{640}' | '\u{ad}' | '\u{feff}')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}')
}

fn push(folded: &mut String, c: char, next: Option<char>) {
    let after = folded.chars().next_back();
    let after_digit = after.is_some_and(|c| c.is_ascii_digit());
    let after_letter = after.is_some_and(letter_or_digit);
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => folded.push('ا'),
        'ى' | 'ی' | 'ئ' => folded.push('ي'),
        'ک' => folded.push('ك'),
        'ة' => folded.push('ه'),
        'ؤ' => folded.push('و'),
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'ø' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' | 'ð' => folded.push('d'),
        'ı' => folded.push('i'),
        '×' | '✕' | '✖' => folded.push('x'),
        '*' if after_digit && next.is_some_and(char::is_numeric) => folded.push('x'),
        '"' | '“' | '”' | '″' | '„' if after_digit => folded.push_str("in "),
        '+' if after_letter && !next.is_some_and(letter_or_digit) => {
            folded.push_str(" plus ");
        }
        '٫' => folded.push('.'),
        '٬' => {}
        '،' => folded.push(','),
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => folded.push('-'),
        '\'' | '‘' | '’' | '‛' | '′' | '`' | '´' => folded.push('\''),
        '/' | '\u{2044}' => folded.push('/'),
        '.' | ',' | '_' | '%' => folded.push(c),
        '\u{660}'..='\u{669}' => folded.push(ascii_digit(c, 0x660)),
        '\u{6f0}'..='\u{6f9}' => folded.push(ascii_digit(c, 0x6f0)),
        _ if letter_or_digit(c) => folded.push(c),
        _ if matches!(after, None | Some(' ')) => {}
        _ => folded.push(' '),
    }
}

fn ascii_digit(c: char, zero: u32) -> char {
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn markup_entities_and_accents_go() {
        assert_eq!(
            fold("Crème&nbsp;<b>Brûlée</b> &amp;amp; Œufs"),
            "creme brulee oeufs"
        );
        assert_eq!(fold("5 < 6 > 4"), "5 6 4", "a lone bracket is no tag");
        assert_eq!(fold("5.5” LCD"), "5.5in lcd");
        assert_eq!(fold("6×20 / 6*20"), "6x20 / 6x20");
        assert_eq!(fold("S21+ 5G"), "s21 plus 5g");
    }

    #[test]
    fn arabic_letters_and_digits_have_one_form() {
        assert_eq!(fold("أَسْوَد"), "اسود");
        assert_eq!(fold("حقيبـــة إلى"), "حقيبه الي");
        assert_eq!(fold("٢٥٠ مل ۱٫۵"), "250 مل 1.5");
        assert_eq!(fold("\u{200f}عبوة\u{200e} ٦"), "عبوه 6");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None,
            cases: 2_000,
            ..Default::default()
        })]

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn blanks_are_single_and_inside() {
        assert_eq!(fold("  |  New !  Shoes  | "), "new shoes");
        assert_eq!(fold(""), "");
    }
}
