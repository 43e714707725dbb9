//! The word catalogue in Rust: the command line, notifications and the tray speak from the same
//! files as the window does (`i18n/<language>/<area>.json`).

use std::collections::BTreeMap;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::error::{AppError, CONNECTION};
use crate::view::{Language, Params};

macro_rules! catalogue {
    ($language:literal: $($area:literal),+) => {
        &[$(include_str!(concat!("../../../i18n/", $language, "/", $area, ".json")),)+]
    };
}

const ENGLISH: &[&str] = catalogue!("en": "cli", "common", "connections", "desktop", "errors", "find", "history", "imports", "mapping", "orders", "review", "runs", "selling", "settings", "today");
const FRENCH: &[&str] = catalogue!("fr": "cli", "common", "connections", "desktop", "errors", "find", "history", "imports", "mapping", "orders", "review", "runs", "selling", "settings", "today");
const ARABIC: &[&str] = catalogue!("ar": "cli", "common", "connections", "desktop", "errors", "find", "history", "imports", "mapping", "orders", "review", "runs", "selling", "settings", "today");

/// Sentences of one language.
#[derive(Debug)]
pub struct Words {
    code: &'static str,
    sentences: BTreeMap<String, String>,
}

impl Words {
    /// The sentences of a language; [`Language::System`] is English here, because the caller
    /// knows the system's locale ([`Words::for_locale`]).
    pub fn new(language: Language) -> Self {
        let (code, files) = match language {
            Language::System | Language::En => ("en", ENGLISH),
            Language::Fr => ("fr", FRENCH),
            Language::Ar => ("ar", ARABIC),
        };
        let mut sentences = BTreeMap::new();
        for file in files {
            let area: BTreeMap<String, String> =
                serde_json::from_str(file).expect("the catalogue is checked by a test");
            sentences.extend(area);
        }
        Self { code, sentences }
    }

    /// The language of a POSIX locale (`ar_KW.UTF-8`), or English.
    pub fn for_locale(locale: &str) -> Self {
        Self::new(match locale.get(..2) {
            Some("fr") => Language::Fr,
            Some("ar") => Language::Ar,
            _ => Language::En,
        })
    }

    /// The language's code: `en`, `fr`, `ar`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether there is a sentence of this key.
    pub fn has(&self, key: &str) -> bool {
        self.sentences.contains_key(key)
    }

    /// The sentence, with `{name}` replaced. An unknown key answers itself, so that a missing
    /// word is seen and never hides what happened.
    pub fn say(&self, key: &str, params: &Params) -> String {
        fill(self.sentences.get(key).map_or(key, String::as_str), params)
    }

    /// The sentence without values.
    pub fn plain(&self, key: &str) -> String {
        self.say(key, &Params::new())
    }

    /// The sentence in the plural form of `count`, which replaces `{count}`.
    pub fn count(&self, key: &str, count: usize, params: &Params) -> String {
        let mut params = params.clone();
        params.insert("count".to_owned(), count.to_string());
        let exact = format!("{key}#{}", self.category(count));
        let key = if self.has(&exact) {
            exact
        } else {
            format!("{key}#other")
        };
        self.say(&key, &params)
    }

    /// An error as two sentences: what happened, and what to do next.
    pub fn error(&self, error: &AppError) -> (String, String) {
        let code = error.code.as_str();
        let what = self.say(&format!("error.{code}.what"), &error.params);
        (
            self.of_connection(error, what),
            self.say(&format!("error.{code}.next"), &error.params),
        )
    }

    /// Where it is known which connection an error is about, its name comes first.
    fn of_connection(&self, error: &AppError, sentence: String) -> String {
        let Some(name) = error.params.get(CONNECTION) else {
            return sentence;
        };
        let told = [(CONNECTION, name.clone()), ("sentence", sentence)];
        let told = told.map(|(name, value)| (name.to_owned(), value));
        self.say("problem.of_connection", &Params::from(told))
    }

    fn category(&self, count: usize) -> &'static str {
        let locale: Locale = self.code.parse().expect("one of our three language codes");
        let rules = PluralRules::try_new_cardinal(locale.into())
            .expect("our three languages have plural rules");
        match rules.category_for(count) {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }
}

fn fill(sentence: &str, params: &Params) -> String {
    let mut filled = sentence.to_owned();
    for (name, value) in params {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::error::Code;
    use crate::view::Language;

    #[test]
    fn every_error_code_has_its_three_sentences_in_every_language() {
        for language in [Language::En, Language::Fr, Language::Ar] {
            let words = Words::new(language);
            for code in Code::ALL {
                for part in ["title", "what", "next"] {
                    let key = format!("error.{}.{part}", code.as_str());
                    assert!(words.has(&key), "{key} in {language:?}");
                }
            }
        }
    }

    #[test]
    fn plural_forms_follow_the_language() {
        let arabic = Words::new(Language::Ar);
        let forms: Vec<_> = [0, 1, 2, 3, 11, 100, 160]
            .iter()
            .map(|n| arabic.category(*n))
            .collect();
        assert_eq!(
            forms,
            ["zero", "one", "two", "few", "many", "other", "many"]
        );
    }

    #[test]
    fn a_locale_chooses_the_language_and_an_unknown_one_english() {
        for (locale, code) in [
            ("ar_KW.UTF-8", "ar"),
            ("fr_FR", "fr"),
            ("C", "en"),
            ("", "en"),
        ] {
            assert_eq!(Words::for_locale(locale).code, code);
        }
    }
}
