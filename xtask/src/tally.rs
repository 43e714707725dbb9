//! Counts tests by reading what the test runners print.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Ran and held.
    pub(crate) passed: u32,
    /// Ran and did not hold.
    pub(crate) failed: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Tally {
    /// What one printed line adds: a closing line of cargo test, of vitest, or the plain
    /// `N passed, N failed`. Everything else adds nothing.
    pub(crate) fn of_line(line: &str) -> Self {
        let plain = without_colours(line);
        let line = plain.trim();
        let counts = if let Some(cargo) = line.strip_prefix("test result:") {
            cargo
        } else if let Some(vitest) = line.strip_prefix("Tests ") {
            vitest
        } else if is_plain(line) {
            line
        } else {
            return Self::default();
        };
        Self {
            passed: number_before(counts, "passed"),
            failed: number_before(counts, "failed"),
        }
    }
}

/// The line without the sequences that colour it: some runners colour whatever they write to.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, words)| words));
    }
    plain
}

/// `N passed, N failed`, perhaps after one word with a colon.
fn is_plain(line: &str) -> bool {
    let words: Vec<&str> = line
        .split([' ', ','])
        .filter(|word| !word.is_empty() && !word.ends_with(':'))
        .collect();
    matches!(words.as_slice(), [_, "passed", _, "failed", ..])
}

fn number_before(line: &str, word: &str) -> u32 {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn closing_lines_of_three_runners_are_read() {
        for (line, passed, failed) in [
            (
                "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured",
                12,
                0,
            ),
            ("test result: FAILED. 7 passed; 2 failed; 0 ignored", 7, 2),
            ("      Tests  41 passed (41)", 41, 0),
            ("      Tests  1 failed | 40 passed (41)", 40, 1),
            (
                "\u{1b}[2m   Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m5 passed\u{1b}[39m (5)",
                5,
                0,
            ),
            ("e2e: 18 passed, 0 failed", 18, 0),
            ("3 passed, 1 failed, 2 skipped", 3, 1),
        ] {
            assert_eq!(Tally::of_line(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [
            "",
            "Test Files  3 passed (3)",
            "running 12 tests",
            "all passed",
        ] {
            assert_eq!(Tally::of_line(line), Tally::default(), "{line}");
        }
    }
}
