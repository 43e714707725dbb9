//! Links between the documents lead somewhere.

use super::tree::{Finding, Tree, numbered};

/// How the documents' names end.
const DOCUMENT: &str = ".md";

/// Every relative link of a document leads to a file, and every `#anchor` to a heading.
pub(super) fn resolve(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[DOCUMENT]) {
        for (line, words) in prose(text) {
            for target in targets(words) {
                if let Some(problem) = problem(tree, path, target) {
                    findings.push(Finding::at(path, line, problem));
                }
            }
        }
    }
    findings
}

/// The lines outside fenced code.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    numbered(text).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// What stands in the parentheses of `[words](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|after| {
        let target = after.split_once(')')?.0;
        Some(target.split(' ').next().unwrap_or(target))
    })
}

fn problem(tree: &Tree, from: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        from.to_owned()
    } else {
        joined(from, file)
    };
    if !tree.has(&path) {
        return Some(format!("`{target}` leads nowhere"));
    }
    let text = tree.text(&path).filter(|_| path.ends_with(DOCUMENT))?;
    let known = anchor.is_empty()
        || prose(text).any(|(_, line)| {
            line.starts_with('#') && slug(line.trim_start_matches('#').trim()) == anchor
        });
    (!known).then(|| format!("`{path}` has no heading `#{anchor}`"))
}

/// The target, seen from the folder of the file that names it.
fn joined(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// A heading as its anchor is spelled: lower case, blanks to dashes, punctuation gone.
fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_somewhere_pass() {
        let tree = Tree::from([
            (
                "docs/glossary.md",
                "See [the map](../ARCHITECTURE.md#code-map), [here](#words), [crates](../crates),\n\
                 [out](https://example.com), [one](adr/0001.md).\n# Words\n\
                 ```\n[no](link.md)\n```\n",
            ),
            ("docs/adr/0001.md", ""),
            ("ARCHITECTURE.md", "## Code map\n"),
            ("crates/domain/src/lib.rs", ""),
        ]);
        assert_eq!(resolve(&tree), []);
    }

    #[test]
    fn links_that_lead_nowhere_are_named_with_their_line() {
        let tree = Tree::from([
            (
                "README.md",
                "Intro\n[a](docs/gone.md) and [b](B.md#no-such)\n",
            ),
            ("B.md", "# Other\n"),
        ]);
        let found: Vec<String> = resolve(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found.iter().all(|f| f.starts_with("README.md:2:")),
            "{found:?}"
        );
    }
}
