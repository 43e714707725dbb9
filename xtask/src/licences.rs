//! Every crate we build with is under a licence that `deny.toml` allows.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use toml::Table;

use crate::steps::Outcome;
use crate::workspace::Workspace;

/// Compares what Cargo resolved for this system with the list.
pub(crate) fn step(workspace: &Workspace) -> Result<Outcome> {
    let list = std::fs::read_to_string(workspace.path("deny.toml")).context("deny.toml")?;
    let allowed = allow_list(&list)?;
    let metadata = metadata(workspace)?;
    let packages = metadata["packages"]
        .as_array()
        .context("Cargo's metadata lists packages")?;
    let mut refused = 0;
    for package in packages {
        let expression = package["license"].as_str().unwrap_or_default();
        if !is_allowed(expression, &allowed) {
            refused += 1;
            println!("{}: `{expression}` is not allowed", package["name"]);
        }
    }
    println!("{} packages looked at, {refused} refused", packages.len());
    Ok(if refused == 0 {
        Outcome::Passed
    } else {
        Outcome::Failed
    })
}

fn allow_list(text: &str) -> Result<BTreeSet<String>> {
    let table: Table = text.parse().context("deny.toml is no TOML")?;
    let allow = table
        .get("licenses")
        .and_then(|licences| licences.get("allow")?.as_array())
        .context("deny.toml has no licenses.allow")?;
    let names = allow.iter().filter_map(toml::Value::as_str);
    Ok(names.map(str::to_owned).collect())
}

fn metadata(workspace: &Workspace) -> Result<Value> {
    let rustc = Command::new("rustc").arg("-vV").output().context("rustc")?;
    let rustc = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = rustc
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc names its host")?;
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--all-features",
        ])
        .args(["--filter-platform", host])
        .current_dir(workspace.root())
        .output()
        .context("cannot start cargo")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    serde_json::from_slice(&output.stdout).context("Cargo's metadata is JSON")
}

/// Does the SPDX expression leave a way to use the crate? `/` is an old way to write `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let holds = reader.any();
    holds && reader.words.is_empty()
}

/// Reads an expression from its front; what it cannot read counts as not allowed.
#[derive(Debug)]
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.next_is("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.next_is("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.next_is("(") {
            let holds = self.any();
            return self.next_is(")") && holds;
        }
        let Some((name, rest)) = self.words.split_first() else {
            return false;
        };
        self.words = rest;
        if self.next_is("WITH")
            && let Some((exception, rest)) = self.words.split_first()
        {
            self.words = rest;
            return self.allowed.contains(&format!("{name} WITH {exception}"));
        }
        self.allowed.contains(*name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_needs_one_way_that_is_allowed() {
        let list = "[licenses]\nallow = [\"MIT\", \"ISC\", \"Apache-2.0 WITH LLVM-exception\"]";
        let allowed = allow_list(list).expect("the list is TOML");
        for expression in [
            "MIT",
            "GPL-3.0 OR MIT",
            "GPL-3.0/MIT",
            "(GPL-3.0 OR MIT) AND ISC",
            "ISC AND (Apache-2.0 OR ISC)",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_allowed(expression, &allowed), "{expression}");
        }
        for expression in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "Apache-2.0",
            "(MIT",
            "MIT MIT",
        ] {
            assert!(!is_allowed(expression, &allowed), "{expression}");
        }
    }
}
