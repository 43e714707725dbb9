//! The catalogues of words agree: the same keys, the same placeholders, each language's plurals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tree::{Finding, Tree};

/// The language that the others are compared with.
const REFERENCE: &str = "en";

/// Each language, the plural forms its catalogue has to give (Unicode CLDR), and those it may.
///
/// French has `many` for a million and more; a catalogue may leave it to `other`.
const LANGUAGES: &[(&str, &[&str], &[&str])] = &[
    (REFERENCE, &["one", "other"], &[]),
    ("fr", &["one", "other"], &["many"]),
    ("ar", &["zero", "one", "two", "few", "many", "other"], &[]),
];

/// Between a key and the plural form: `orders.waiting#one`.
const FORM: char = '#';

/// One sentence, or a plural with its forms; and in which file it stands.
#[derive(Debug, Default)]
struct Entry<'a> {
    area: &'a str,
    /// By plural form; the empty form is a sentence without plurals.
    forms: BTreeMap<String, String>,
}

type Catalogue<'a> = BTreeMap<String, Entry<'a>>;

/// All languages say the same things, each in the forms that it has.
pub(super) fn agree(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !tree.has("i18n") {
        return findings;
    }
    let reference = read(tree, REFERENCE, &mut findings);
    for (language, needed, allowed) in LANGUAGES {
        let mut ignored = Vec::new();
        let catalogue = if *language == REFERENCE {
            read(tree, language, &mut ignored)
        } else {
            read(tree, language, &mut findings)
        };
        check_forms(language, &catalogue, (needed, allowed), &mut findings);
        compare(&reference, language, &catalogue, &mut findings);
    }
    findings
}

/// All files of a language as one catalogue.
fn read<'a>(tree: &'a Tree, language: &str, findings: &mut Vec<Finding>) -> Catalogue<'a> {
    let mut catalogue = Catalogue::new();
    let folder = format!("i18n/{language}/");
    for (path, text) in tree.ending(&[".json"]) {
        let Some(area) = path.strip_prefix(&folder) else {
            continue;
        };
        match sentences(text) {
            Ok(sentences) => {
                for (key, sentence) in sentences {
                    if let Some(problem) = add(&mut catalogue, area, &key, sentence) {
                        findings.push(Finding::file(path, problem));
                    }
                }
            }
            Err(problem) => findings.push(Finding::file(path, problem)),
        }
    }
    catalogue
}

fn sentences(text: &str) -> Result<Vec<(String, String)>, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    let fields = value.as_object().ok_or("is no object of sentences")?;
    fields
        .iter()
        .map(|(key, sentence)| match sentence.as_str() {
            Some(words) if !words.trim().is_empty() => Ok((key.clone(), words.to_owned())),
            _ => Err(format!("`{key}` has no words")),
        })
        .collect()
}

fn add<'a>(
    catalogue: &mut Catalogue<'a>,
    area: &'a str,
    key: &str,
    sentence: String,
) -> Option<String> {
    let (name, form) = key.split_once(FORM).unwrap_or((key, ""));
    let entry = catalogue.entry(name.to_owned()).or_insert_with(|| Entry {
        area,
        ..Entry::default()
    });
    if entry.area != area {
        return Some(format!("`{key}` stands in {} too", entry.area));
    }
    entry.forms.insert(form.to_owned(), sentence);
    None
}

fn check_forms(
    language: &str,
    catalogue: &Catalogue,
    (needed, allowed): (&[&str], &[&str]),
    findings: &mut Vec<Finding>,
) {
    for (key, entry) in catalogue {
        let path = format!("i18n/{language}/{}", entry.area);
        if entry.forms.len() == 1 && entry.forms.contains_key("") {
            continue;
        }
        for form in needed {
            if !entry.forms.contains_key(*form) {
                findings.push(Finding::file(
                    &path,
                    format!("`{key}` lacks the form `{form}`"),
                ));
            }
        }
        for form in entry.forms.keys().map(String::as_str) {
            if !needed.contains(&form) && !allowed.contains(&form) {
                let what = if form.is_empty() {
                    "without a form"
                } else {
                    form
                };
                findings.push(Finding::file(
                    &path,
                    format!("`{key}` is there as `{what}`, which this language does not use"),
                ));
            }
        }
    }
}

fn compare(
    reference: &Catalogue,
    language: &str,
    catalogue: &Catalogue,
    findings: &mut Vec<Finding>,
) {
    let path = |area: &str| format!("i18n/{language}/{area}");
    for (key, entry) in reference {
        let Some(other) = catalogue.get(key) else {
            findings.push(Finding::file(
                &path(entry.area),
                format!("`{key}` is missing"),
            ));
            continue;
        };
        if other.area != entry.area {
            findings.push(Finding::file(
                &path(other.area),
                format!("`{key}` belongs into {}, as in {REFERENCE}", entry.area),
            ));
        }
        let (here, there) = (placeholders(other), placeholders(entry));
        if here != there {
            findings.push(Finding::file(
                &path(other.area),
                format!("`{key}` has the placeholders {here:?}, {REFERENCE} has {there:?}"),
            ));
        }
        if entry.forms.contains_key("") != other.forms.contains_key("") {
            findings.push(Finding::file(
                &path(other.area),
                format!("`{key}` has plural forms in one language and none in another"),
            ));
        }
    }
    for (key, entry) in catalogue {
        if !reference.contains_key(key) {
            findings.push(Finding::file(
                &path(entry.area),
                format!("`{key}` is not in {REFERENCE}"),
            ));
        }
    }
}

/// Names in braces. A plural form may spell its number out ("two orders"), so all forms count
/// together.
fn placeholders<'a>(entry: &'a Entry) -> BTreeSet<&'a str> {
    entry
        .forms
        .values()
        .flat_map(|sentence| sentence.split('{').skip(1))
        .filter_map(|after| Some(after.split_once('}')?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = r#"{"orders#one": "{count} order", "orders#other": "{count} orders"}"#;
    const FR: &str = r#"{"orders#one": "{count} commande", "orders#other": "{count} commandes"}"#;
    const AR: &str = r#"{"orders#zero": "لا طلبات", "orders#one": "طلب واحد",
        "orders#two": "طلبان", "orders#few": "{count} طلبات", "orders#many": "{count} طلبًا",
        "orders#other": "{count} طلب"}"#;

    fn findings(en: &str, fr: &str, ar: &str) -> Vec<String> {
        let tree = Tree::from([
            ("i18n/en/orders.json", en),
            ("i18n/fr/orders.json", fr),
            ("i18n/ar/orders.json", ar),
        ]);
        agree(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn three_languages_that_agree_pass() {
        assert_eq!(findings(EN, FR, AR), Vec::<String>::new());
        assert_eq!(agree(&Tree::default()), []);
    }

    #[test]
    fn missing_forms_keys_and_placeholders_are_named() {
        let en = r#"{"orders#one": "{number} order", "orders#two": "x", "orders#other": "y",
            "title": "Orders"}"#;
        let found = findings(en, FR, FR).join("\n");
        for expected in [
            "i18n/en/orders.json: `orders` is there as `two`",
            "i18n/fr/orders.json: `title` is missing",
            "i18n/ar/orders.json: `orders` lacks the form `few`",
            "i18n/ar/orders.json: `orders` has the placeholders {\"count\"}",
        ] {
            assert!(found.contains(expected), "{expected}\nnot in\n{found}");
        }
    }

    #[test]
    fn a_plural_in_one_language_is_a_plural_in_all() {
        let found = findings(r#"{"orders": "orders"}"#, FR, AR).join("\n");
        assert!(found.contains("plural forms in one language"), "{found}");
    }

    #[test]
    fn files_that_cannot_be_read_and_keys_in_two_places_are_named() {
        assert!(findings("{", "{}", "{}")[0].contains("is no JSON"));
        assert!(findings(r#"{"a": " "}"#, "{}", "{}")[0].contains("`a` has no words"));
        let tree = Tree::from([
            ("i18n/en/a.json", r#"{"x": "1"}"#),
            ("i18n/en/b.json", r#"{"x": "2"}"#),
            ("i18n/fr/a.json", r#"{"x": "1"}"#),
            ("i18n/ar/b.json", r#"{"x": "1"}"#),
        ]);
        let found: Vec<String> = agree(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "i18n/en/b.json: `x` stands in a.json too",
                "i18n/ar/b.json: `x` belongs into a.json, as in en"
            ]
        );
    }
}
