//! What a command prints: sentences for people, or one JSON document for scripts.

use std::io::{IsTerminal as _, Write as _};

use serde::Serialize;
use tandem_app::view::Params;
use tandem_app::{AppError, Words};

/// Standard output and error, in the person's language.
#[derive(Debug)]
pub(crate) struct Out {
    json: bool,
    colour: bool,
    pub(crate) words: Words,
}

/// How a cell of text is coloured where the terminal shows colours.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ink {
    Bold,
    Good,
    Bad,
    Faint,
}

impl Out {
    /// For a terminal or a file, in the language of a locale. JSON is never translated.
    pub(crate) fn new(json: bool, locale: &str) -> Self {
        let words = Words::for_locale(if json { "C" } else { locale });
        Self {
            json,
            colour: std::io::stdout().is_terminal(),
            words,
        }
    }

    /// Whether the one document is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints the one document, when JSON is wanted.
    pub(crate) fn document(&self, value: &impl Serialize) {
        if self.json {
            match serde_json::to_string_pretty(value) {
                Ok(text) => write_line(&text),
                Err(error) => note(&error.to_string()),
            }
        }
    }

    /// Prints a line for people; nothing when JSON is wanted.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            write_line(text);
        }
    }

    /// Prints a sentence of the catalogue.
    pub(crate) fn say(&self, key: &str, params: &[(&str, &str)]) {
        self.line(&self.sentence(key, params));
    }

    /// A heading with an empty line before it.
    pub(crate) fn heading(&self, key: &str) {
        self.line("");
        self.line(&self.ink(Ink::Bold, &self.words.plain(key)));
    }

    /// A sentence of the catalogue.
    pub(crate) fn sentence(&self, key: &str, params: &[(&str, &str)]) -> String {
        self.words.say(key, &to_params(params))
    }

    /// A sentence of the catalogue that counts.
    pub(crate) fn counted(&self, key: &str, count: u32) -> String {
        self.words.count(key, count as usize, &Params::new())
    }

    /// Colours a text where the terminal shows colours.
    pub(crate) fn ink(&self, ink: Ink, text: &str) -> String {
        if !self.colour || self.json {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Good => "32",
            Ink::Bad => "31",
            Ink::Faint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Says what went wrong, why, and what to do; on standard error, or as the JSON document.
    pub(crate) fn error(&self, error: &AppError) {
        if self.json {
            self.document(&serde_json::json!({ "error": error }));
            return;
        }
        for line in self.error_lines(error) {
            note(&line);
        }
    }

    /// The same for people, beside what was asked for: no failure of the command.
    pub(crate) fn told(&self, error: &AppError) {
        for line in self.error_lines(error) {
            self.line(&format!("            {line}"));
        }
    }

    fn error_lines(&self, error: &AppError) -> Vec<String> {
        let (what, next) = self.words.error(error);
        let mut lines = vec![format!("{} [{}]", what, error.code.as_str())];
        lines.extend(next.lines().map(|step| format!("  → {step}")));
        if error.params.contains_key("fingerprint") {
            for key in ["cli.fingerprint", "cli.trust_it"] {
                lines.push(format!("  {}", self.words.say(key, &error.params)));
            }
        }
        if !error.details.is_empty() {
            lines.push(format!("  {}", error.details));
        }
        lines
    }
}

/// Prints a text whether JSON is wanted or not, because it is JSON already.
pub(crate) fn always(text: &str) {
    write_line(text);
}

/// A line on standard error.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// A reader that closed the pipe (`| head`) is no failure of ours.
fn write_line(text: &str) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

fn to_params(params: &[(&str, &str)]) -> Params {
    params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Out;
    use tandem_app::{AppError, Code};

    /// The words between quotes in the sources of a folder that are spelled as keys are.
    fn keys_in(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                keys_in(&path, found);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("text");
            let is_key = |text: &&str| {
                let mut parts = text.split('.');
                parts.clone().count() > 1
                    && parts.all(|part| {
                        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    })
            };
            found.extend(source.split('"').filter(is_key).map(str::to_owned));
        }
    }

    #[test]
    fn every_key_in_the_sources_has_its_words() {
        let mut keys = Vec::new();
        keys_in(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut keys,
        );
        assert!(keys.len() > 100, "they are found: {}", keys.len());
        for locale in ["C", "fr_FR", "ar_KW"] {
            let words = Out::new(false, locale).words;
            let has = |key: &String| words.has(key) || words.has(&format!("{key}#other"));
            let missing: Vec<_> = keys.iter().filter(|key| !has(key)).collect();
            assert!(missing.is_empty(), "{locale}: {missing:?}");
        }
    }

    #[test]
    fn a_certificate_that_nobody_vouches_for_is_shown_to_be_compared() {
        let print = "AB:".repeat(31) + "0F";
        let error = AppError::new(Code::CertificateUntrusted).with("fingerprint", &print);
        for locale in ["C", "fr_FR", "ar_KW"] {
            let lines = Out::new(false, locale).error_lines(&error);
            assert!(lines.iter().any(|line| line.contains(&print)), "{lines:?}");
            assert!(lines.iter().any(|line| line.contains("tandem trust")));
        }
        let other = Out::new(false, "C").error_lines(&AppError::new(Code::TwoFactor));
        assert!(!other.iter().any(|line| line.contains("tandem trust")));
    }
}
