//! Names written in Arabic as they sound in Latin letters, and the other way round.

use super::{Alias, Origin};
use crate::hash::Map;
use crate::normalise::Token;
use crate::rows::{Side, Vocabulary};

/// Consonants that a name needs to be known by its sound.
const CONSONANTS_MIN: usize = 2;
/// A name that could be more than this many others is none of them.
const CHOICES_MAX: usize = 6;
/// What equal consonants are worth, in thousandths, and what equal vowels add.
const CONSONANTS_WORTH: u16 = 500;
const VOWELS_WORTH: u16 = 300;
/// Short names need vowels that agree for this share.
const SHORT_VOWELS_PERCENT: usize = 99;
const VOWELS_PERCENT_MIN: usize = 50;

/// A word as it sounds: consonants, and vowels apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sound {
    consonants: String,
    vowels: String,
    arabic: bool,
    /// Whether a vowel came after the last consonant.
    apart: bool,
}

/// Words of the store and of Odoo in different alphabets that sound alike, one of them unknown
/// to the other side.
pub(super) fn alike(vocabulary: &Vocabulary) -> Vec<(u32, Alias)> {
    let words = |side| {
        vocabulary.all().filter_map(move |(id, token)| match token {
            Token::Word(word) if vocabulary.rows(id, side) > 0 => Some((id, sound(word)?)),
            _ => None,
        })
    };
    let mut by_sound: Map<String, Vec<(u32, Sound)>> = Map::default();
    for (id, of) in words(Side::Right) {
        by_sound
            .entry(of.consonants.clone())
            .or_default()
            .push((id, of));
    }
    let mut found = Vec::new();
    for (left, of) in words(Side::Left) {
        let Some(others) = by_sound.get(&of.consonants) else {
            continue;
        };
        let lonely = |right: u32| {
            vocabulary.rows(left, Side::Right) == 0 || vocabulary.rows(right, Side::Left) == 0
        };
        let others = others
            .iter()
            .filter(|(right, other)| other.arabic != of.arabic && lonely(*right));
        let mut choices: Vec<_> = others
            .filter_map(|(right, other)| Some((worth(&of, other)?, *right)))
            .collect();
        choices.sort_unstable_by_key(|(factor, right)| (u16::MAX - factor, *right));
        let best = choices.first().map_or(0, |choice| choice.0);
        choices.retain(|choice| choice.0 == best || best < CONSONANTS_WORTH + VOWELS_WORTH);
        if choices.len() <= CHOICES_MAX {
            found.extend(choices.into_iter().map(|(factor, right)| {
                let origin = Origin::Sound;
                (
                    left,
                    Alias {
                        right,
                        factor,
                        origin,
                    },
                )
            }));
        }
    }
    found
}

/// What two words with the same consonants are worth as one.
fn worth(one: &Sound, two: &Sound) -> Option<u16> {
    let longer = one.vowels.len().max(two.vowels.len());
    let common = common(one.vowels.as_bytes(), two.vowels.as_bytes());
    let percent = (common * 100).checked_div(longer).unwrap_or(100);
    let least = match one.consonants.len() {
        CONSONANTS_MIN => SHORT_VOWELS_PERCENT,
        _ => VOWELS_PERCENT_MIN,
    };
    let percent = u16::try_from(percent).ok().filter(|_| percent >= least)?;
    Some(CONSONANTS_WORTH + VOWELS_WORTH * percent / 100)
}

/// The length of the longest common subsequence.
fn common(one: &[u8], two: &[u8]) -> usize {
    let mut row = vec![0; two.len() + 1];
    for a in one {
        let mut diagonal = 0;
        for (place, b) in two.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = if a == b {
                diagonal + 1
            } else {
                above.max(row[place])
            };
            diagonal = above;
        }
    }
    row[two.len()]
}

/// How a word sounds, if it is written in one of the two alphabets and long enough.
fn sound(word: &str) -> Option<Sound> {
    let arabic = word.chars().all(|c| ('\u{600}'..'\u{700}').contains(&c));
    let latin = word.bytes().all(|b| b.is_ascii_lowercase());
    if !arabic && !latin || word.chars().count() > 24 {
        return None;
    }
    let mut of = Sound {
        arabic,
        ..Sound::default()
    };
    let letters: Vec<_> = word.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        at += if arabic {
            of.arabic_letter(letters[at], at + 1 == letters.len());
            1
        } else {
            of.latin_letter(letters[at], letters.get(at + 1).copied())
        };
    }
    (of.consonants.len() >= CONSONANTS_MIN).then_some(of)
}

impl Sound {
    fn consonant(&mut self, letter: char) {
        let doubled = self.consonants.ends_with(letter) && !self.apart;
        if !doubled {
            self.consonants.push(letter);
        }
        self.apart = false;
    }

    fn vowel(&mut self, letter: char) {
        self.vowels.push(letter);
        self.apart = true;
    }

    fn arabic_letter(&mut self, letter: char, last: bool) {
        let as_latin = match letter {
            'ا' => return self.vowel('a'),
            'ي' => return self.vowel('i'),
            'و' => return self.vowel('u'),
            'ه' if last => return self.vowel('a'),
            'ب' | 'پ' => 'b',
            'ت' | 'ط' | 'ث' => 't',
            'ج' | 'غ' | 'گ' => 'g',
            'ح' | 'ه' => 'h',
            'خ' | 'ق' | 'ك' => 'k',
            'د' | 'ض' => 'd',
            'ذ' | 'ز' | 'ظ' => 'z',
            'ر' => 'r',
            'س' | 'ص' => 's',
            'ش' => 'S',
            'ف' | 'ڤ' => 'f',
            'ل' => 'l',
            'م' => 'm',
            'ن' => 'n',
            _ => return,
        };
        self.consonant(as_latin);
    }

    /// Reads one letter or two, and says how many.
    fn latin_letter(&mut self, letter: char, next: Option<char>) -> usize {
        let pair = match (letter, next) {
            ('s' | 'c', Some('h')) => Some('S'),
            ('p', Some('h')) => Some('f'),
            ('t', Some('h')) => Some('t'),
            ('k', Some('h')) | ('c', Some('k')) => Some('k'),
            ('g', Some('h')) => Some('g'),
            _ => None,
        };
        if let Some(sound) = pair {
            self.consonant(sound);
            return 2;
        }
        match letter {
            'a' => self.vowel('a'),
            'e' | 'i' | 'y' => self.vowel('i'),
            'o' | 'u' | 'w' => self.vowel('u'),
            'c' if matches!(next, Some('e' | 'i' | 'y')) => self.consonant('s'),
            'c' | 'q' => self.consonant('k'),
            'p' => self.consonant('b'),
            'v' => self.consonant('f'),
            'j' => self.consonant('g'),
            'x' => {
                self.consonant('k');
                self.consonant('s');
            }
            other => self.consonant(other),
        }
        1
    }
}

#[cfg(test)]
mod tests {
    use super::{sound, worth};

    #[test]
    fn names_sound_alike_in_both_alphabets() {
        for (latin, arabic) in [
            ("samsung", "سامسونج"),
            ("nokia", "نوكيا"),
            ("philips", "فيليبس"),
            ("lenovo", "لينوفو"),
            ("adidas", "اديداس"),
        ] {
            let (one, two) = (sound(latin), sound(arabic));
            let (one, two) = (one.expect("long enough"), two.expect("long enough"));
            assert_eq!(one.consonants, two.consonants, "{latin} {arabic}");
            assert!(
                worth(&one, &two).is_some_and(|w| w >= 650),
                "{latin} {arabic}"
            );
        }
    }

    #[test]
    fn short_names_need_their_vowels() {
        let (one, two) = (sound("sony"), sound("سانا"));
        let (one, two) = (one.expect("two consonants"), two.expect("two consonants"));
        assert_eq!(worth(&one, &two), None);
        assert_eq!(sound("io"), None);
        assert_eq!(sound("x2"), None);
    }
}
