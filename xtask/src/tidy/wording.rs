//! Every sentence of the catalogue is said somewhere, and no screen says one that is not in it.

use std::collections::BTreeSet;

use super::tree::{Finding, Tree, numbered};

/// The catalogue that decides which sentences there are.
const REFERENCE: &str = "i18n/en/";

/// A key is not longer than this, its places counted as they are written.
const KEY_CHARS_MAX: usize = 120;

/// Attributes and properties of components that a person reads or hears.
const SPOKEN: &[&str] = &[
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "label",
    "text",
    "note",
    "aside",
];

/// Names of products, the same in every language.
const BRANDS: &[&str] = &["Tandem", "Odoo", "WooCommerce"];

/// Each key of the catalogue is named in the sources, as it is or with places to fill in.
pub(super) fn said(tree: &Tree) -> Vec<Finding> {
    let mut named = BTreeSet::new();
    for (path, text) in tree.ending(&[".rs", ".ts", ".svelte"]) {
        if is_source(path) {
            collect(text, &mut named);
        }
    }
    let (patterns, whole): (Vec<&String>, Vec<&String>) =
        named.iter().partition(|name| name.contains('*'));
    let whole: BTreeSet<&str> = whole.into_iter().map(String::as_str).collect();
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".json"]) {
        if !path.starts_with(REFERENCE) {
            continue;
        }
        for (line, words) in numbered(text) {
            let Some(key) = key_of(words) else { continue };
            let known = whole.contains(key) || patterns.iter().any(|pattern| fits(pattern, key));
            if !known {
                let problem = format!("`{key}` is said nowhere: take it out of all languages");
                findings.push(Finding::at(path, line, problem));
            }
        }
    }
    findings
}

/// No words stand in the markup of a screen or in an attribute that is read or heard.
pub(super) fn translated(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".svelte"]) {
        if !path.starts_with("ui/src/") {
            continue;
        }
        for (at, words) in literals(text) {
            let line = text[..at].matches('\n').count() + 1;
            let problem = format!("“{words}” is not in the catalogue: give it a key in i18n");
            findings.push(Finding::at(path, line, problem));
        }
    }
    findings
}

fn is_source(path: &str) -> bool {
    let code = path.starts_with("ui/src/") || path.starts_with("src-tauri/");
    let rust = path.starts_with("crates/") || path.starts_with("connectors/");
    (code || rust)
        && !path.contains("/generated/")
        && !path.contains("/tests/")
        && !path.ends_with(".test.ts")
}

/// `"orders.waiting#one": …` is a form of `orders.waiting`.
fn key_of(line: &str) -> Option<&str> {
    let key = line.trim_start().strip_prefix('"')?.split('"').next()?;
    key.split('#').next().filter(|key| key.contains('.'))
}

/// Quoted texts that look like keys; `*` stands for what is filled in while the program runs.
fn collect(text: &str, named: &mut BTreeSet<String>) {
    for (at, quote) in text.match_indices(['"', '\'', '`']) {
        if let Some(name) = name_at(&text[at + 1..], quote.chars().next().unwrap_or('"')) {
            named.insert(name);
        }
    }
}

fn name_at(after: &str, quote: char) -> Option<String> {
    let mut name = String::new();
    let mut depth = 0_u32;
    for c in after.chars().take(KEY_CHARS_MAX) {
        match c {
            '{' => {
                depth += 1;
                if depth == 1 {
                    name.push('*');
                }
            }
            '}' => depth = depth.checked_sub(1)?,
            '\n' => return None,
            _ if depth > 0 || c == '$' => {}
            _ if c == quote => return is_name(&name).then_some(name),
            'a'..='z' | '0'..='9' | '_' | '.' => name.push(c),
            _ => return None,
        }
    }
    None
}

/// A pattern must begin with an area, or it would fit everything.
fn is_name(name: &str) -> bool {
    let area = name.split('.').next().unwrap_or_default();
    name.contains('.') && !area.is_empty() && !area.contains('*')
}

/// Whether a key fits a pattern; each `*` stands for one character or more.
fn fits(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == key,
        Some((before, after)) => key.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().skip(1).map(|(at, _)| at);
            ends.chain([rest.len()])
                .any(|at| !rest.is_empty() && fits(after, &rest[at..]))
        }),
    }
}

/// Words in the markup of a component, with their places.
fn literals(component: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < component.len() {
        let rest = &component[at..];
        let skipped = [
            ("<script", "</script>"),
            ("<style", "</style>"),
            ("<!--", "-->"),
        ]
        .iter()
        .find(|(begin, _)| rest.starts_with(begin))
        .map(|(_, end)| rest.find(end).map_or(rest.len(), |place| place + end.len()));
        if let Some(length) = skipped {
            at += length;
        } else if rest.starts_with('{') {
            at += braces(rest);
        } else if rest.starts_with('<') {
            let length = tag(rest);
            found.extend(spoken(&rest[..length]).map(|words| (at, words)));
            at += length;
        } else {
            let length = rest.find(['<', '{']).unwrap_or(rest.len());
            let words = rest[..length].trim();
            if is_wording(words) {
                found.push((at, words.to_owned()));
            }
            at += length;
        }
    }
    found
}

/// How long an expression in braces is.
fn braces(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// How long a tag is; arrows inside its expressions do not end it.
fn tag(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '>' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Words in attributes that a person reads or hears.
fn spoken(tag: &str) -> impl Iterator<Item = String> {
    SPOKEN.iter().filter_map(move |attribute| {
        let begin = format!(" {attribute}=\"");
        let value = tag.split_once(&begin)?.1.split('"').next()?;
        (!value.contains('{') && is_wording(value)).then(|| value.to_owned())
    })
}

/// Two letters in a row make a word; names of products and numbers in a pattern make none.
fn is_wording(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.any(|word| word.chars().count() > 1 && !BRANDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_nobody_says_is_found() {
        let tree = Tree::from([
            (
                "i18n/en/orders.json",
                "{\n  \"orders.title\": \"Orders\",\n  \"orders.state.waiting\": \"Waiting\",\n  \
                 \"orders.rows#one\": \"1\",\n  \"orders.left\": \"x\"\n}",
            ),
            (
                "ui/src/features/orders/A.svelte",
                "{t(`orders.state.${params['state'] ?? ''}`)} {t('orders.title')}",
            ),
            ("crates/cli/src/a.rs", "out.counted(\"orders.rows\", 1)"),
            ("ui/src/a.test.ts", "t('orders.left')"),
        ]);
        let found: Vec<String> = said(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("i18n/en/orders.json:5: `orders.left`"));
    }

    #[test]
    fn patterns_fit_only_what_they_can_become() {
        assert!(fits("error.*.title", "error.connection.tls.title"));
        assert!(!fits("error.*.title", "error.title"));
        assert!(!fits("error.*.title", "error.connection.tls.what"));
        assert_eq!(name_at("${kind}.label`", '`'), None);
        assert_eq!(name_at("tandem.{}.x\"", '"').as_deref(), Some("tandem.*.x"));
    }

    #[test]
    fn words_outside_the_catalogue_are_found_in_text_and_in_what_is_heard() {
        let component = "<!-- A note. -->\n<script>\nconst a = 'words';\n</script>\n\
            <p class=\"small line\">{t('a.b')} Save now</p>\n\
            <Button label=\"Close it\" onclick={() => (a > 1 ? b : c)} title={t('x.y')}>×</Button>\n\
            <b>Tandem</b> 100 % <input placeholder=\"2026-11-21\" />\n<style>\n.red { color: x; }\n</style>\n";
        let tree = Tree::from([("ui/src/parts/A.svelte", component)]);
        let found: Vec<String> = translated(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("A.svelte:5: “Save now”"), "{found:?}");
        assert!(found[1].contains("A.svelte:6: “Close it”"), "{found:?}");
    }
}
