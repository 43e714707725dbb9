//! Catalogues that no one should have, and that some have.

mod common;

use common::{candidates, catalogues, listed, listing, outcome, variant};
use tandem_matching::{Catalogues, LeftItem, Verdict, run};

fn is_survived(input: &Catalogues) {
    assert_eq!(outcome(input).matches.len(), input.left.len());
}

#[test]
fn thousands_of_equal_names_are_told_apart_by_keys_only() {
    let name = "Gift card 50 USD";
    let rows = 0..5_000;
    let left = rows
        .clone()
        .map(|row| listed(&format!("l{row:06}"), &format!("GC{row:06}"), name));
    let right = rows.map(|row| variant(row, &format!("GC{row:06}"), name));
    let found = outcome(&catalogues(left.collect(), right.collect())).matches;
    assert!(
        found
            .iter()
            .all(|one| matches!(one.verdict, Verdict::Linked(_)))
    );
    let nameless = (0..50_000).map(|row| listing(&format!("l{row:06}"), name));
    let right = (0..50_000).map(|row| variant(row, "", name));
    let found = outcome(&catalogues(nameless.collect(), right.collect())).matches;
    assert!(
        found
            .iter()
            .all(|one| !matches!(one.verdict, Verdict::Linked(_)))
    );
}

#[test]
fn endless_names_are_read_in_part() {
    let long = "Steel bolt M6x20 ".repeat(60_000);
    let word = "x".repeat(1_000_000);
    let marks = "\u{202e}".repeat(500_000);
    let described = LeftItem {
        description: Some(long.clone()),
        ..listing("c", "Steel bolt M6x20")
    };
    let left = vec![
        listing("a", &long),
        listing("b", &word),
        described,
        listing("d", &marks),
    ];
    let right = vec![
        variant(1, "", &long),
        variant(2, &word, &word),
        variant(3, "", &marks),
    ];
    is_survived(&catalogues(left, right));
}

#[test]
fn empty_and_single_catalogues_are_fine() {
    is_survived(&catalogues(Vec::new(), vec![variant(1, "A-1", "Hat")]));
    is_survived(&catalogues(vec![listed("a", "A-1", "Hat")], Vec::new()));
    is_survived(&catalogues(
        vec![listing("a", "")],
        vec![variant(1, "", "")],
    ));
    let one = catalogues(
        vec![listed("a", "HAT-7781", "Hat")],
        vec![variant(1, "HAT-7781", "Hat")],
    );
    assert!(matches!(
        outcome(&one).matches[0].verdict,
        Verdict::Linked(_)
    ));
}

#[test]
fn mixed_scripts_and_direction_marks_read_as_without() {
    let right = || {
        vec![
            variant(1, "", "عطر مسك 50 ml Brimar"),
            variant(2, "", "Copper cable"),
        ]
    };
    for name in [
        "عطر مسك 50 ml Brimar",
        "\u{202b}عطر\u{200f} مِسك ٥٠ مل\u{202c} \u{2066}BRIMAR\u{2069}",
    ] {
        let found = outcome(&catalogues(vec![listing("a", name)], right()));
        assert_eq!(candidates(&found.matches[0])[0], 1, "{name}");
    }
}

#[test]
fn a_run_can_be_cancelled_at_any_moment() {
    let left = (0..3_000).map(|row| listing(&format!("{row}"), &format!("Lamp model {row}")));
    let right = (0..3_000).map(|row| variant(row, "", &format!("Lamp model {row}")));
    let input = catalogues(left.collect(), right.collect());
    for asked in 0..5 {
        let left = std::cell::Cell::new(asked);
        let cancelled = || left.replace(left.get() - 1) == 0;
        assert!(
            run(&input, &cancelled, &|_, _| {}).is_none(),
            "at the {asked}th question"
        );
    }
}
