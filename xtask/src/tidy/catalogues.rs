//! The catalogues of words agree: the same keys, the same placeholders, each language's plurals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tree::{Finding, Tree};

/// Each language, and the plural forms its catalogue has to give (Unicode CLDR).
///
/// French has `many` besides, for a million and more; a catalogue may leave it to `other`.
const LANGUAGES: &[(&str, &[&str], &[&str])] = &[
    ("en", &["one", "other"], &[]),
    ("fr", &["one", "other"], &["many"]),
    ("ar", &["zero", "one", "two", "few", "many", "other"], &[]),
];

const CATEGORIES: &[&str] = &["zero", "one", "two", "few", "many", "other"];

/// One text, or one for each plural form.
#[derive(Debug, PartialEq, Eq)]
enum Words {
    Text(String),
    Plural(BTreeMap<String, String>),
}

type Catalogue = BTreeMap<String, Words>;

/// All three catalogues say the same things.
pub(super) fn agree(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut catalogues = Vec::new();
    for (language, needed, allowed) in LANGUAGES {
        let path = format!("i18n/{language}.json");
        // A tree without any catalogue has nothing to agree on.
        let Some(text) = tree.text(&path) else {
            if tree.has("i18n") {
                findings.push(Finding::file(&path, "is missing"));
            }
            continue;
        };
        match read(text) {
            Ok(catalogue) => {
                check_plurals(&path, &catalogue, needed, allowed, &mut findings);
                catalogues.push((path, catalogue));
            }
            Err(problem) => findings.push(Finding::file(&path, problem)),
        }
    }
    if let Some(((first, reference), others)) = catalogues.split_first() {
        for (path, catalogue) in others {
            compare((first, reference), (path, catalogue), &mut findings);
        }
    }
    findings
}

fn read(text: &str) -> Result<Catalogue, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    let mut catalogue = Catalogue::new();
    flatten("", &value, &mut catalogue)?;
    Ok(catalogue)
}

/// Nested keys are joined with dots; an object made of plural categories is one entry.
fn flatten(key: &str, value: &Value, into: &mut Catalogue) -> Result<(), String> {
    match value {
        Value::String(text) => {
            if text.trim().is_empty() {
                return Err(format!("`{key}` has no words"));
            }
            into.insert(key.to_owned(), Words::Text(text.clone()));
        }
        Value::Object(fields) if is_plural(fields) => {
            let forms = fields
                .iter()
                .map(|(form, text)| (form.clone(), text.as_str().unwrap_or_default().to_owned()));
            into.insert(key.to_owned(), Words::Plural(forms.collect()));
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                let dot = if key.is_empty() { "" } else { "." };
                flatten(&format!("{key}{dot}{name}"), inner, into)?;
            }
        }
        _ => return Err(format!("`{key}` is neither words nor a group of keys")),
    }
    Ok(())
}

fn is_plural(fields: &serde_json::Map<String, Value>) -> bool {
    fields.contains_key("other")
        && fields
            .iter()
            .all(|(form, text)| CATEGORIES.contains(&form.as_str()) && text.is_string())
}

fn check_plurals(
    path: &str,
    catalogue: &Catalogue,
    needed: &[&str],
    allowed: &[&str],
    findings: &mut Vec<Finding>,
) {
    for (key, words) in catalogue {
        let Words::Plural(forms) = words else {
            continue;
        };
        for form in needed {
            if !forms.contains_key(*form) {
                findings.push(Finding::file(
                    path,
                    format!("`{key}` lacks the form `{form}`"),
                ));
            }
        }
        for form in forms.keys().map(String::as_str) {
            if !needed.contains(&form) && !allowed.contains(&form) {
                findings.push(Finding::file(
                    path,
                    format!("`{key}` has the form `{form}`, which this language does not use"),
                ));
            }
        }
    }
}

fn compare(
    (first, reference): (&String, &Catalogue),
    (path, catalogue): (&String, &Catalogue),
    findings: &mut Vec<Finding>,
) {
    for (key, words) in reference {
        let Some(other) = catalogue.get(key) else {
            findings.push(Finding::file(
                path,
                format!("`{key}` is missing ({first} has it)"),
            ));
            continue;
        };
        if matches!(words, Words::Plural(_)) != matches!(other, Words::Plural(_)) {
            findings.push(Finding::file(
                path,
                format!("`{key}` has plural forms in one catalogue and none in the other"),
            ));
        }
        let (here, there) = (placeholders(other), placeholders(words));
        if here != there {
            findings.push(Finding::file(
                path,
                format!("`{key}` has the placeholders {here:?}, {first} has {there:?}"),
            ));
        }
    }
    for key in catalogue.keys().filter(|key| !reference.contains_key(*key)) {
        findings.push(Finding::file(path, format!("`{key}` is not in {first}")));
    }
}

/// Names in braces. A plural form may spell its number out ("two orders"), so all forms count
/// together.
fn placeholders(words: &Words) -> BTreeSet<&str> {
    let texts: Vec<&str> = match words {
        Words::Text(text) => vec![text],
        Words::Plural(forms) => forms.values().map(String::as_str).collect(),
    };
    texts
        .into_iter()
        .flat_map(|text| text.split('{').skip(1))
        .filter_map(|after| Some(after.split_once('}')?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(en: &str, fr: &str, ar: &str) -> Vec<String> {
        let tree = Tree::from([
            ("i18n/en.json", en),
            ("i18n/fr.json", fr),
            ("i18n/ar.json", ar),
        ]);
        agree(&tree).iter().map(ToString::to_string).collect()
    }

    const AR: &str = r#"{"orders": {"zero": "لا طلبات", "one": "طلب واحد", "two": "طلبان",
        "few": "{count} طلبات", "many": "{count} طلبًا", "other": "{count} طلب"}}"#;
    const FR: &str = r#"{"orders": {"one": "{count} commande", "other": "{count} commandes"}}"#;

    #[test]
    fn three_catalogues_that_agree_pass() {
        let en = r#"{"orders": {"one": "{count} order", "other": "{count} orders"}}"#;
        assert_eq!(findings(en, FR, AR), Vec::<String>::new());
    }

    #[test]
    fn missing_forms_keys_and_placeholders_are_named() {
        let en = r#"{"orders": {"one": "{number} order", "two": "x", "other": "{number} orders"},
            "page": {"title": "Orders"}}"#;
        let found = findings(en, FR, AR).join("\n");
        for expected in [
            "i18n/en.json: `orders` has the form `two`",
            "i18n/fr.json: `orders` has the placeholders {\"count\"}",
            "i18n/ar.json: `page.title` is missing",
        ] {
            assert!(found.contains(expected), "{expected}\nnot in\n{found}");
        }
        let found = findings(FR, FR, FR).join("\n");
        assert!(
            found.contains("i18n/ar.json: `orders` lacks the form `few`"),
            "{found}"
        );
    }

    #[test]
    fn a_catalogue_that_is_missing_broken_or_empty_is_named() {
        let tree = Tree::from([("i18n/en.json", "{}"), ("i18n/fr.json", "{")]);
        assert_eq!(agree(&tree).len(), 2, "{:?}", agree(&tree));
        assert_eq!(findings(r#"{"a": " "}"#, "{}", "{}").len(), 1);
        assert_eq!(agree(&Tree::default()), []);
    }
}
