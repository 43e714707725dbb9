//! Files stay short. Those that were long before are listed with their length, and may only shrink.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use super::tree::{Finding, Tree};
use crate::workspace::Workspace;

/// How the names end, and how many lines such a file may have.
const LIMITS: &[(&str, usize)] = &[(".rs", 500), (".svelte", 200)];

/// `<lines> <path>` for each file that is over its limit.
const RATCHET: &str = "xtask/lengths.txt";

/// No file is over its limit, but the listed ones, and these not over their listed length.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let listed = listed(tree);
    let mut findings = Vec::new();
    for (path, lines, limit) in over_limit(tree) {
        match listed.get(path) {
            None => findings.push(Finding::file(
                path,
                format!("{lines} lines, over {limit}: split it by what it does"),
            )),
            Some(before) if lines > *before => findings.push(Finding::file(
                path,
                format!("{lines} lines, was {before} ({RATCHET}): long files only shrink"),
            )),
            Some(_) => {}
        }
    }
    findings
}

/// Writes the listed lengths down to what they are now; never up, never a new one.
pub(super) fn lower(workspace: &Workspace, tree: &Tree) -> Result<()> {
    let lowered = lowered(tree);
    if tree.text(RATCHET).is_some_and(|text| text != lowered) {
        let path = workspace.path(RATCHET);
        fs::write(&path, lowered).with_context(|| format!("cannot write {}", path.display()))?;
        println!("{RATCHET}: lowered; commit it too");
    }
    Ok(())
}

fn lowered(tree: &Tree) -> String {
    let before = listed(tree);
    let text = tree.text(RATCHET).unwrap_or_default();
    let remarks = text.lines().filter(|line| line.starts_with('#'));
    let lengths = over_limit(tree).filter_map(|(path, lines, _)| {
        let before = before.get(path)?;
        Some(format!("{} {path}", lines.min(*before)))
    });
    let lines: Vec<String> = remarks.map(str::to_owned).chain(lengths).collect();
    lines.join("\n") + "\n"
}

fn over_limit(tree: &Tree) -> impl Iterator<Item = (&str, usize, usize)> {
    tree.texts().filter_map(|(path, text)| {
        let (_, limit) = LIMITS.iter().find(|(end, _)| path.ends_with(end))?;
        let lines = text.lines().count();
        (lines > *limit).then_some((path, lines, *limit))
    })
}

fn listed(tree: &Tree) -> BTreeMap<&str, usize> {
    tree.text(RATCHET)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let (lines, path) = line.split_once(' ')?;
            Some((path, lines.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(listed: &str) -> Tree {
        Tree::from([
            (RATCHET, listed),
            ("a.rs", "x\n".repeat(500).as_str()),
            ("b.rs", "x\n".repeat(501).as_str()),
            ("c.svelte", "x\n".repeat(250).as_str()),
        ])
    }

    #[test]
    fn long_files_are_found_unless_listed() {
        assert_eq!(check(&tree("")).len(), 2);
        assert_eq!(check(&tree("501 b.rs\n250 c.svelte\n")), []);
    }

    #[test]
    fn a_listed_file_may_not_grow() {
        let findings = check(&tree("500 b.rs\n260 c.svelte\n"));
        assert_eq!(findings.len(), 1, "{findings:?}");
    }

    #[test]
    fn the_list_only_goes_down() {
        assert_eq!(
            lowered(&tree("# why\n490 b.rs\n260 c.svelte\n600 gone.rs\n")),
            "# why\n490 b.rs\n250 c.svelte\n"
        );
    }
}
