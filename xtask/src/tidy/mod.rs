//! The rules of the tree that a compiler does not check. Each rule is one function over the
//! tree's texts; `cargo xtask tidy` runs them all and prints every place that breaks one.

mod arrows;
mod catalogues;
mod heads;
mod lengths;
mod links;
mod styles;
mod tree;
mod wording;
mod words;

use anyhow::{Result, bail};

use crate::steps::Outcome;
use crate::workspace::{Workspace, is_ci};
use tree::{Finding, Tree};

/// Looks at a whole tree and says what is wrong in it.
type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    arrows::packages,
    arrows::sandbox_only_in_fakes,
    heads::rust,
    heads::ui,
    lengths::check,
    words::forbidden,
    catalogues::agree,
    wording::said,
    wording::translated,
    styles::colours,
    styles::sides,
    links::resolve,
];

/// `cargo xtask tidy`.
pub(crate) fn command(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    if let Some(unknown) = arguments.first() {
        bail!("`tidy` does not know `{unknown}`");
    }
    Ok(step(workspace)? == Outcome::Passed)
}

/// The same as a step of `./dev test`.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome> {
    let tree = Tree::read(workspace.root())?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !is_ci() {
        lengths::lower(workspace, &tree)?;
    }
    println!(
        "{} files looked at, {} findings",
        tree.paths().count(),
        findings.len()
    );
    Ok(if findings.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed
    })
}
