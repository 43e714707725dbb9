//! What no file may hold: promises for later, paths of somebody's machine, addresses of a mirror.

use super::tree::{Finding, Tree, numbered};

/// Marks of unfinished work. Spelled in halves, or this file would find itself.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("XX", "X "),
];

/// Folders that exist on one machine only.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// A lock file that names its registry's address fails wherever a mirror stands in for it.
const HOSTS: &[&str] = &[
    concat!("registry.", "npmjs.org"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("deb.", "debian.org"),
    concat!("files.", "pythonhosted.org"),
];

/// No forbidden word in any text. Recorded answers are as they came: only paths and hosts there.
pub(super) fn forbidden(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts() {
        let recorded = path.contains("/recorded/");
        for (line, words) in numbered(text) {
            if let Some(problem) = problem(words, recorded) {
                findings.push(Finding::at(path, line, problem));
            }
        }
    }
    findings
}

fn problem(line: &str, recorded: bool) -> Option<String> {
    if !recorded && let Some(word) = UNFINISHED.iter().find(|word| has_word(line, word)) {
        return Some(format!(
            "`{}` does not belong in the tree: do it, or open an issue",
            word.trim_end()
        ));
    }
    if let Some(path) = MACHINE_PATHS.iter().find(|path| starts_a_path(line, path)) {
        return Some(format!("`{path}` exists on one machine only"));
    }
    let host = HOSTS.iter().find(|host| line.contains(**host))?;
    Some(format!(
        "`{host}`: leave registry addresses out, a mirror may stand in for them"
    ))
}

/// The word, with nothing that would make it a part of another on either side.
fn has_word(line: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let after = &line[at + word.len()..];
        let open_end = word.ends_with(in_word) && after.starts_with(in_word);
        !line[..at].ends_with(in_word) && !open_end
    })
}

/// The path from its beginning: not as the later part of an address or of a longer path.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_paths_and_hosts_are_found() {
        for line in [
            concat!("// TO", "DO: later"),
            concat!("FIX", "ME"),
            concat!("/* XX", "X: why */"),
            concat!("cd \"/wo", "rk/main\""),
            concat!("at /ro", "ot/.cargo/registry"),
            concat!("\"resolved\": \"https://registry.", "npmjs.org/x.tgz\""),
        ] {
            assert!(problem(line, false).is_some(), "{line}");
        }
    }

    #[test]
    fn look_alikes_pass() {
        for line in [
            "mail.mail_activity_data_todo",
            concat!("TO", "DOS"),
            concat!("\"currency\": \"XX", "X\""),
            concat!("https://shop.example/wo", "rk/shoes"),
            concat!("homework./wo", "rk/x"),
            "registry+https://github.com/rust-lang/crates.io-index",
        ] {
            assert_eq!(problem(line, false), None, "{line}");
        }
    }

    #[test]
    fn recorded_answers_may_say_what_the_server_said() {
        let said = concat!("{\"state\":\"TO", "DO\"}");
        assert_eq!(problem(said, true), None);
        assert!(problem(concat!("in /ro", "ot/x.php"), true).is_some());
    }
}
