//! The UI's looks come from tokens, and its sides are start and end, so that themes and Arabic work.

use super::tree::{Finding, Tree, numbered};

/// The one file with raw colours.
const TOKENS: &str = "ui/src/styles/tokens.css";

/// How the names of style sheets end.
const SHEET: &str = ".css";

/// A line that has to name a physical side says so, with its reason, in a comment that begins thus.
const EXCUSE: &str = "/* physical:";

const COLOUR_FUNCTIONS: &[&str] = &[
    "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(",
];

const COLOUR_NAMES: &[&str] = &[
    "black", "blue", "brown", "cyan", "gold", "gray", "green", "grey", "magenta", "navy", "orange",
    "pink", "purple", "red", "silver", "teal", "violet", "white", "yellow",
];

const MESSAGE: &str = "a raw colour: give its purpose a name in ui/src/styles/tokens.css";

/// No colour is spelled outside the tokens.
pub(super) fn colours(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in sources(tree).filter(|(path, _)| *path != TOKENS) {
        for (line, code) in numbered(text) {
            if has_raw_colour(code) {
                findings.push(Finding::at(path, line, MESSAGE));
            }
        }
        for (line, css) in styles(path, text) {
            let raw = declarations(css).any(|(_, value)| {
                words(value).any(|word| COLOUR_NAMES.contains(&word))
                    || hex_digits(value).any(|(before, _)| !before.ends_with("url("))
            });
            if raw {
                findings.push(Finding::at(path, line, MESSAGE));
            }
        }
    }
    findings
}

/// No left or right where start and end are meant.
pub(super) fn sides(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in sources(tree) {
        for (line, css) in styles(path, text) {
            let physical = declarations(css).find(|(name, value)| is_physical(name, value));
            if let Some((name, _)) = physical.filter(|_| !css.contains(EXCUSE)) {
                findings.push(Finding::at(
                    path,
                    line,
                    format!("`{name}` names a side of the screen: use the logical property"),
                ));
            }
        }
    }
    findings
}

fn sources(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.ending(&[SHEET, ".svelte", ".ts", ".html"])
        .filter(|(path, _)| path.starts_with("ui/") && !path.starts_with("ui/src/api/generated/"))
}

/// The parts of a file that are CSS, by line: all of a style sheet, a component's `<style>`, and
/// `style` attributes and directives.
fn styles<'a>(path: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let sheet = path.ends_with(SHEET);
    let mut inside = sheet;
    let mut found = Vec::new();
    for (line, code) in numbered(text) {
        let was_inside = inside;
        if !sheet {
            inside =
                (inside || code.trim_start().starts_with("<style")) && !code.contains("</style>");
        }
        if was_inside {
            found.push((line, code));
        } else if let Some((_, attribute)) = code.split_once("style=\"") {
            let end = attribute.find('"').unwrap_or(attribute.len());
            found.push((line, &attribute[..end]));
        } else if let Some((_, directive)) = code.split_once(" style:") {
            found.push((line, directive));
        }
    }
    found
}

/// Property and value of each declaration on a line; a directive is `name=value`.
fn declarations(css: &str) -> impl Iterator<Item = (&str, &str)> {
    css.split([';', '{', '}']).filter_map(|part| {
        let (name, value) = part.split_once([':', '='])?;
        let name = name.trim();
        let is_name = !name.is_empty()
            && !name.starts_with("--")
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        is_name.then_some((name, value))
    })
}

fn is_physical(name: &str, value: &str) -> bool {
    let sided = |word: &str| matches!(word, "left" | "right");
    let takes_side = matches!(name, "text-align" | "float" | "clear");
    name.split('-').any(sided) || (takes_side && words(value).any(sided))
}

/// Words of a value; one that is part of a custom property's name is none.
fn words(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
}

/// A colour function, or a quoted text that can only be a colour.
fn has_raw_colour(code: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let function = COLOUR_FUNCTIONS.iter().any(|function| {
        code.match_indices(function)
            .any(|(at, _)| !code[..at].ends_with(continues))
    });
    function
        || hex_digits(code).any(|(before, digits)| {
            let quoted = before.ends_with(['"', '\'', '`']);
            let paints = PAINTS.iter().any(|start| before.ends_with(start));
            // `"#1043"` is an order, `href="#add"` a place on the page.
            let has_letter = digits.contains(|c: char| c.is_ascii_alphabetic());
            paints || (quoted && has_letter && !before.ends_with("href=\""))
        })
}

/// Attributes whose value is a colour.
const PAINTS: &[&str] = &["fill=\"", "stroke=\"", "color=\""];

/// What stands before each `#` with 3, 4, 6 or 8 hexadecimal digits, and the digits.
fn hex_digits(code: &str) -> impl Iterator<Item = (&str, &str)> {
    code.match_indices('#').filter_map(|(at, _)| {
        let after = &code[at + 1..];
        let length = after.chars().take_while(char::is_ascii_hexdigit).count();
        let (digits, rest) = after.split_at(length);
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
        (matches!(length, 3 | 4 | 6 | 8) && ends).then_some((&code[..at], digits))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_colours_are_found_and_look_alikes_are_not() {
        for code in [
            "<path fill=\"#7b4674\" />",
            "background: rgb(0 0 0 / 40%);",
            "const ink = '#1a1d22';",
        ] {
            assert!(has_raw_colour(code), "{code}");
        }
        for code in [
            "{#each rows as row}",
            "this.#bad = true;",
            "  #add(row: Row) {",
            "  #decade = 1;",
            "&#160;",
            "fill=\"url(#fade)\"",
            "<a href=\"#add\">",
            "color: var(--text);",
            "see order #1043",
            "label: \"#1043\"",
            "#facets-panel {",
        ] {
            assert!(!has_raw_colour(code), "{code}");
        }
    }

    #[test]
    fn only_the_tokens_name_colours() {
        let tree = Tree::from([
            (TOKENS, ":root { --text: #1a1d22; }"),
            (
                "ui/src/parts/B.svelte",
                "<i style=\"border: 1px solid #1c5cb8\"></i>",
            ),
            (
                "ui/src/styles/list.css",
                "#fade {\n  fill: url(#fade); color: #fff;\n}",
            ),
            (
                "ui/src/styles/base.css",
                "a { color: white; }\nb { white-space: nowrap; }",
            ),
            (
                "ui/src/parts/A.svelte",
                "<p>red</p>\n<style>\np { color: var(--red); }\n</style>",
            ),
        ]);
        let found: Vec<String> = colours(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        for (found, place) in
            found
                .iter()
                .zip(["parts/B.svelte:1", "styles/base.css:1", "styles/list.css:2"])
        {
            assert!(found.starts_with(&format!("ui/src/{place}:")), "{found}");
        }
    }

    #[test]
    fn physical_sides_are_found_in_styles_only() {
        let component = "<script>\nconst box = { left: 1 };\n</script>\n\
            <i style=\"margin-left: 4px\"></i>\n<i style:right=\"0\"></i>\n\
            <style>\n.a { inset-inline-start: 0; }\n.b { padding-right: 1rem; }\n\
            .c { text-align: left; }\n.d { text-align: end; }\n\
            .e { left: 0; } /* physical: a screen coordinate */\n</style>\n";
        let tree = Tree::from([("ui/src/parts/A.svelte", component)]);
        let lines: Vec<String> = sides(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 4, "{lines:#?}");
        for (found, line) in lines.iter().zip([4, 5, 8, 9]) {
            assert!(
                found.starts_with(&format!("ui/src/parts/A.svelte:{line}:")),
                "{found}"
            );
        }
    }
}
