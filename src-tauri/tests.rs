//! What holds between the window's side, the manifest and the capability.

use std::collections::BTreeSet;

const COMMANDS: &[&str] = include!("command_names.rs");
const BINDINGS: &str = "ui/src/api/generated/bindings.ts";

fn exported() -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bindings.ts");
    let header =
        "// Generated from the commands of the shell; do not edit. `./dev bindings` renews it.\n";
    super::bindings()
        .export(
            specta_typescript::Typescript::default().header(header),
            &file,
        )
        .expect("every type of a command can be told to TypeScript");
    std::fs::read_to_string(file).expect("just written")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test's own switch")]
fn bindings_are_current() {
    let exported = exported();
    if std::env::var("UPDATE_BINDINGS").is_ok() {
        std::fs::write(BINDINGS, &exported).expect("the repository is writable");
    }
    let committed = std::fs::read_to_string(BINDINGS).unwrap_or_default();
    assert!(
        committed == exported,
        "the bindings are stale: run `./dev bindings`"
    );
}

/// A command that is registered but not granted cannot be called; one that is granted but not
/// registered is a hole for whoever adds it later.
#[test]
fn registered_manifest_and_capability_agree() {
    let declared: BTreeSet<String> = COMMANDS.iter().map(|name| (*name).to_owned()).collect();

    let bindings = exported();
    let registered: BTreeSet<String> = bindings
        .match_indices("TAURI_INVOKE(\"")
        .chain(bindings.match_indices("__TAURI_INVOKE(\""))
        .filter_map(|(at, found)| bindings[at + found.len()..].split('"').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(
        registered, declared,
        "registered = declared in the manifest"
    );

    let capability = std::fs::read_to_string("src-tauri/capabilities/main.json")
        .expect("the capability is in the repository");
    let capability: serde_json::Value = serde_json::from_str(&capability).expect("it is JSON");
    let granted: BTreeSet<String> = capability["permissions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|permission| permission.as_str()?.strip_prefix("allow-"))
        .map(|name| name.replace('-', "_"))
        .collect();
    assert_eq!(granted, declared, "granted = declared in the manifest");
}
