//! Declares our commands to Tauri, so that each must be granted to the window by name.

/// The names, shared with the test that holds them against what is registered.
const COMMANDS: &[&str] = include!("command_names.rs");

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    tauri_build::try_build(attributes)
        .expect("tauri.conf.json, the capability and the icons are in the repository");
}
