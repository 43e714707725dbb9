//! Which package may use which: anything not listed here is forbidden.

use toml::Table;

use super::tree::{Finding, Tree, numbered};

/// Our packages and what each may use of ours. `*` at the end of a name stands for all connectors.
const ARROWS: &[(&str, &[&str])] = &[
    ("tandem-domain", &[]),
    ("tandem-contract", &["tandem-domain"]),
    ("tandem-matching", &["tandem-domain"]),
    ("tandem-ledger", &["tandem-domain"]),
    ("tandem-store", &["tandem-domain"]),
    ("tandem-secrets", &["tandem-domain"]),
    ("tandem-sandbox", &["tandem-domain"]),
    (
        "tandem-sync",
        &[
            "tandem-domain",
            "tandem-contract",
            "tandem-ledger",
            "tandem-store",
        ],
    ),
    (
        "tandem-connector-*",
        &[
            "tandem-domain",
            "tandem-contract",
            "tandem-ledger",
            "tandem-sandbox",
        ],
    ),
    (
        "tandem-app",
        &[
            "tandem-domain",
            "tandem-contract",
            "tandem-matching",
            "tandem-ledger",
            "tandem-store",
            "tandem-secrets",
            "tandem-sandbox",
            "tandem-sync",
            "tandem-connector-*",
        ],
    ),
    ("tandem-allocator", &[]),
    ("tandem-cli", &["tandem-app"]),
    ("tandem-desktop", &["tandem-allocator", "tandem-app"]),
    (
        "tandem-tests",
        &[
            "tandem-app",
            "tandem-sandbox",
            "tandem-domain",
            "tandem-contract",
            "tandem-ledger",
            "tandem-store",
            "tandem-sync",
            "tandem-connector-*",
        ],
    ),
    ("xtask", &[]),
];

/// Packages of others that only one package of ours may use, so that what they do is done once.
const AT_HOME: &[(&str, &str)] = &[
    ("tauri*", "tandem-desktop"),
    ("rusqlite", "tandem-store"),
    ("keyring*", "tandem-secrets"),
    ("zbus*", "tandem-secrets"),
    ("reqwest", "tandem-contract"),
    ("libc", "tandem-allocator"),
];

/// Packages that do no input or output, and what would give them some.
const PURE: &[&str] = &["tandem-domain", "tandem-matching", "tandem-ledger"];
const GIVES_IO: &[&str] = &["tokio", "reqwest", "rusqlite", "axum", "http*", "tracing*"];

/// Every arrow between packages is one that the tables allow.
pub(super) fn packages(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        if path != "Cargo.toml" && !path.ends_with("/Cargo.toml") {
            continue;
        }
        match text.parse::<Table>() {
            Ok(manifest) => check_manifest(path, &manifest, &mut findings),
            Err(error) => findings.push(Finding::file(path, format!("is no TOML: {error}"))),
        }
    }
    findings
}

fn check_manifest(path: &str, manifest: &Table, findings: &mut Vec<Finding>) {
    let Some(name) = manifest
        .get("package")
        .and_then(|package| package.get("name")?.as_str())
    else {
        return;
    };
    let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| fits(known, name)) else {
        findings.push(Finding::file(
            path,
            format!("`{name}` is in no row of the arrows (xtask/src/tidy/arrows.rs)"),
        ));
        return;
    };
    for used in dependencies(manifest) {
        if let Some(problem) = forbidden(name, allowed, used) {
            findings.push(Finding::file(path, problem));
        }
    }
}

/// Why `name` may not use `used`, if so.
fn forbidden(name: &str, allowed: &[&str], used: &str) -> Option<String> {
    let ours = used == "xtask" || used.starts_with("tandem-");
    if ours && !allowed.iter().any(|may| fits(may, used)) {
        return Some(format!("`{name}` must not use `{used}`"));
    }
    if let Some((_, home)) = AT_HOME.iter().find(|(guest, _)| fits(guest, used))
        && *home != name
    {
        return Some(format!("only `{home}` may use `{used}`"));
    }
    let io = PURE.contains(&name) && GIVES_IO.iter().any(|io| fits(io, used));
    io.then(|| format!("`{name}` does no input or output, so not `{used}`"))
}

/// Names in every table of dependencies, those of single systems included.
fn dependencies(manifest: &Table) -> impl Iterator<Item = &str> {
    let targets = manifest
        .get("target")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(Table::values)
        .filter_map(toml::Value::as_table);
    std::iter::once(manifest)
        .chain(targets)
        .flat_map(|holder| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|kind| holder.get(kind)?.as_table())
        })
        .flat_map(|table| table.keys().map(String::as_str))
}

/// Does the pattern, perhaps with a `*` at its end, cover the name?
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// A connector's real road never touches the stand-in's world, nor the arithmetic by which the
/// stand-in answers.
pub(super) fn sandbox_only_in_fakes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let is_source = path.starts_with("connectors/") && path.contains("/src/");
        if !is_source || path.ends_with("/src/fake.rs") || path.contains("/src/fake/") {
            continue;
        }
        for (line, code) in numbered(text) {
            if code.contains("tandem_sandbox") || code.contains("tandem_ledger") {
                findings.push(Finding::at(
                    path,
                    line,
                    "a connector uses sandbox and ledger only from `fake.rs`",
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, dependencies: &str) -> Tree {
        let text = format!("[package]\nname = \"{name}\"\n{dependencies}");
        Tree::from([("crates/x/Cargo.toml", text.as_str())])
    }

    #[test]
    fn a_listed_arrow_passes_and_an_unlisted_one_does_not() {
        let listed = manifest(
            "tandem-sync",
            "[dependencies]\ntandem-store.workspace = true\ntokio = \"1\"",
        );
        assert_eq!(packages(&listed), []);
        let unlisted = manifest(
            "tandem-sync",
            "[dependencies]\ntandem-connector-odoo.workspace = true",
        );
        assert_eq!(
            packages(&unlisted),
            [Finding::file(
                "crates/x/Cargo.toml",
                "`tandem-sync` must not use `tandem-connector-odoo`"
            )]
        );
    }

    #[test]
    fn no_connector_knows_another_not_even_in_its_tests() {
        let tree = manifest(
            "tandem-connector-odoo",
            "[dev-dependencies]\ntandem-connector-woocommerce.workspace = true",
        );
        assert_eq!(packages(&tree).len(), 1);
    }

    #[test]
    fn guests_stay_at_home_and_pure_packages_pure() {
        let tauri = manifest(
            "tandem-app",
            "[target.'cfg(unix)'.dependencies]\ntauri = \"2\"",
        );
        assert_eq!(packages(&tauri).len(), 1, "whatever table it hides in");
        assert_eq!(
            packages(&manifest(
                "tandem-matching",
                "[dependencies]\ntokio = \"1\""
            ))
            .len(),
            1
        );
    }

    #[test]
    fn a_new_package_has_to_be_listed() {
        assert_eq!(packages(&manifest("tandem-helpers", "")).len(), 1);
    }

    #[test]
    fn the_stand_in_stays_in_its_file() {
        let tree = Tree::from([
            ("connectors/odoo/src/fake.rs", "use tandem_sandbox::World;"),
            (
                "connectors/odoo/src/fake/load.rs",
                "use tandem_sandbox::World;",
            ),
            (
                "connectors/odoo/tests/suite.rs",
                "use tandem_sandbox::World;",
            ),
            (
                "connectors/odoo/src/client.rs",
                "//! x\nuse tandem_sandbox::World;",
            ),
        ]);
        let findings = sandbox_only_in_fakes(&tree);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(
            findings[0]
                .to_string()
                .starts_with("connectors/odoo/src/client.rs:2:")
        );
    }
}
