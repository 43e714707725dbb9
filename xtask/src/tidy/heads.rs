//! Every file opens by saying what it is for.

use super::tree::{Finding, Tree};

/// What tools write has its own first line.
const GENERATED: &str = "ui/src/api/generated/";

/// A Rust file opens with `//!` and words; a fragment that others `include!` with `//` and words,
/// since only a module can have the former.
pub(super) fn rust(tree: &Tree) -> Vec<Finding> {
    tree.ending(&[".rs"])
        .filter(|(path, text)| {
            let head = text.lines().next().unwrap_or_default();
            let opening = if head.starts_with("//!") || !is_included(tree, path) {
                "//!"
            } else {
                "//"
            };
            !head.strip_prefix(opening).is_some_and(says_something)
        })
        .map(|(path, _)| Finding::at(path, 1, "open with a `//!` line that says what it is for"))
        .collect()
}

/// Does a file beside it `include!` this one?
fn is_included(tree: &Tree, path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let inclusion = format!("include!(\"{name}\")");
    tree.ending(&[".rs"])
        .any(|(other, text)| other.starts_with(folder) && text.contains(&inclusion))
}

/// A test beside its subject says what it is for by its name.
const NAMED_FOR_ITS_SUBJECT: &str = ".test.ts";

/// A file of the UI opens with a comment.
pub(super) fn ui(tree: &Tree) -> Vec<Finding> {
    tree.ending(&[".svelte", ".ts"])
        .filter(|(path, _)| path.starts_with("ui/src/") && !path.starts_with(GENERATED))
        .filter(|(path, _)| !path.ends_with(NAMED_FOR_ITS_SUBJECT))
        .filter(|(_, text)| !opens_with_comment(text))
        .map(|(path, _)| Finding::at(path, 1, "open with a comment that says what it is for"))
        .collect()
}

fn opens_with_comment(text: &str) -> bool {
    let text = text.trim_start();
    ["<!--", "/**", "/*", "//"]
        .iter()
        .find_map(|opening| text.strip_prefix(opening))
        .is_some_and(says_something)
}

/// Words follow, on this line or the next.
fn says_something(after: &str) -> bool {
    after
        .lines()
        .take(2)
        .any(|line| line.chars().filter(|c| c.is_alphabetic()).count() > 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_files_say_what_they_are_for() {
        let tree = Tree::from([
            ("a.rs", "//! Money, exact to the minor unit.\n"),
            ("b.rs", "// a remark\n"),
            ("c.rs", "use std::fmt;\n//! late\n"),
            ("d.rs", "//!\n"),
            ("e.rs", ""),
            (
                "names.rs",
                "// Every command, for the build script too.\n&[]",
            ),
            (
                "f.rs",
                "//! Holds the list against reality.\nconst N: &[&str] = include!(\"names.rs\");",
            ),
        ]);
        assert_eq!(rust(&tree).len(), 4, "{:?}", rust(&tree));
    }

    #[test]
    fn ui_files_say_what_they_are_for() {
        let tree = Tree::from([
            (
                "ui/src/parts/Chip.svelte",
                "<!-- A state: icon and word. -->\n<script>",
            ),
            (
                "ui/src/api/client.ts",
                "/**\n * The port to the backend.\n */\n",
            ),
            ("ui/src/main.ts", "// Starts the window.\n"),
            ("ui/src/api/generated/bindings.ts", "export const x = 1;"),
            ("ui/src/api/client.test.ts", "import { it } from 'vitest';"),
            ("ui/vite.config.ts", "export default {};"),
            ("ui/src/App.svelte", "<script>\n// composes\n</script>"),
            ("ui/src/bare.ts", "//\nlet x;"),
        ]);
        let paths: Vec<String> = ui(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(paths.len(), 2, "{paths:?}");
        assert!(paths[0].starts_with("ui/src/App.svelte:1"));
        assert!(paths[1].starts_with("ui/src/bare.ts:1"));
    }
}
