//! Models, words, and a queue that decisions move.

use tandem_domain::{Decision, Evidence, VariantKey};
use tandem_store::{
    LearnedFrom, Proposal, Rescored, ReviewFilter, ReviewTab, SaidSince, SavedWord, Store, Verdict,
};

use crate::samples::{
    at, connected, fetch_listings, fetch_variants, key, listing, matched, odoo, proposal, shop,
    variant,
};

fn from(last_decision: i64) -> LearnedFrom {
    LearnedFrom {
        odoo: odoo(),
        words: vec![1],
        listings: 3,
        variants: 2,
        proven: 1,
        decisions: 0,
        last_decision,
        learned_at: at(100),
    }
}

/// One link made by itself and two proposals.
fn shelf() -> Store {
    let store = connected();
    let names = [("1", "Chair"), ("2", "Desk"), ("3", "Lamp")];
    fetch_listings(&store, names.map(|(id, name)| listing(id, name)).into());
    fetch_variants(&store, vec![variant(1, "Chair"), variant(2, "Desk")]);
    let outcome = [
        matched(
            "1",
            Verdict::Linked,
            vec![proposal(1, 9_000, vec![Evidence::SameSku])],
        ),
        matched(
            "2",
            Verdict::Likely,
            vec![proposal(2, 6_600, vec![Evidence::SameSku])],
        ),
        matched(
            "3",
            Verdict::Likely,
            vec![proposal(2, 6_700, vec![Evidence::SkuDiffers])],
        ),
    ];
    store.replace_matching(&shop(), &outcome, at(10)).unwrap();
    store
}

#[test]
fn a_model_comes_back_as_it_was_kept_and_the_next_one_takes_its_place() {
    let store = shelf();
    assert_eq!(store.learned_from(&shop()).unwrap(), None);
    store
        .save_model(&shop(), &from(0), ("{\"a\":1}", &[7; 8]))
        .unwrap();
    assert_eq!(store.learned_from(&shop()).unwrap(), Some(from(0)));
    let text = |seconds| store.model(&shop(), at(seconds)).unwrap();
    assert_eq!(text(100).as_deref(), Some("{\"a\":1}"));
    assert_eq!(text(99), None, "that was another one");
    assert_eq!(store.fingerprints(&shop()).unwrap(), vec![7; 8]);
    store.save_model(&shop(), &from(5), ("{}", &[])).unwrap();
    assert_eq!(text(100).as_deref(), Some("{}"));
}

#[test]
fn what_was_said_since_is_counted_and_what_undid_a_link_apart() {
    let store = shelf();
    store.save_model(&shop(), &from(0), ("{}", &[])).unwrap();
    let since = || store.said_since(&shop(), &from(0)).unwrap();
    let said = |decisions, against| SaidSince { decisions, against };
    assert_eq!(since(), said(0, 0));
    let decide = |listing: &str, decision: Decision| {
        store
            .decide(&shop(), &key(listing), &decision, at(200))
            .unwrap()
    };
    decide("2", Decision::Reject(VariantKey(2)));
    assert_eq!(since(), said(1, 0), "a proposal was nothing that was made");
    decide("1", Decision::Accept(VariantKey(1)));
    assert_eq!(since(), said(2, 0), "that bears the link out");
    store.undo(&shop(), at(201)).unwrap();
    let last = decide("1", Decision::Reject(VariantKey(1)));
    assert_eq!(since(), said(2, 1));
    store.undo(&shop(), at(300)).unwrap();
    let known = store.said_since(&shop(), &from(last)).unwrap();
    assert_eq!(known.decisions, 2, "two that it knows were taken back");
}

#[test]
fn words_are_kept_once_and_taken_off() {
    let store = shelf();
    let word = |word: &str, means: &str| SavedWord {
        word: word.to_owned(),
        means: means.to_owned(),
    };
    for _ in 0..2 {
        store.add_word(&word("tafel", "table")).unwrap();
        store
            .take_word_back(&shop(), &word("x", "y"), true)
            .unwrap();
    }
    assert_eq!(store.words().unwrap(), [word("tafel", "table")]);
    assert_eq!(store.words_taken_back(&shop()).unwrap(), [word("x", "y")]);
    store.remove_word(&word("tafel", "table")).unwrap();
    store
        .take_word_back(&shop(), &word("x", "y"), false)
        .unwrap();
    assert!(store.words().unwrap().is_empty());
    assert!(store.words_taken_back(&shop()).unwrap().is_empty());
}

#[test]
fn new_scores_move_the_queue_and_no_row_into_another_pattern() {
    let store = shelf();
    let before = store.patterns(&shop()).unwrap();
    assert_eq!(before.len(), 2, "their evidence differs");
    let open = store.open_proposals(&shop(), 10).unwrap();
    let order = || {
        let filter = ReviewFilter::of(ReviewTab::ToReview);
        let page = store.review_page(&shop(), &filter, 0, 10).unwrap();
        page.rows
            .into_iter()
            .map(|row| row.listing.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(order(), [key("3"), key("2")]);
    let lower = |row: &tandem_store::OpenProposals| Rescored {
        candidates: row
            .candidates()
            .unwrap()
            .iter()
            .map(|candidate| Proposal {
                score_bp: 100,
                matched_bp: Some(candidate.score_bp),
                ..candidate.clone()
            })
            .collect(),
        before: row.clone(),
    };
    let third = open.iter().find(|row| row.listing.key == key("3")).unwrap();
    store.rescore(&shop(), vec![lower(third)]).unwrap();
    assert_eq!(order(), [key("2"), key("3")]);
    assert_eq!(store.patterns(&shop()).unwrap(), before);
    for counted in &before {
        let filter = ReviewFilter {
            pattern: Some(counted.pattern),
            ..ReviewFilter::of(ReviewTab::ToReview)
        };
        assert_eq!(store.offered(&shop(), &filter).unwrap().len(), 1);
        assert_eq!(store.review_counts(&shop(), &filter).unwrap().total, 1);
    }

    let reject = Decision::Reject(VariantKey(2));
    store.decide(&shop(), &key("2"), &reject, at(20)).unwrap();
    let second = open.iter().find(|row| row.listing.key == key("2")).unwrap();
    store.rescore(&shop(), vec![lower(second)]).unwrap();
    let detail = store.review_detail(&shop(), &key("2")).unwrap().unwrap();
    assert!(
        detail.candidates.is_empty(),
        "it was decided since it was read"
    );
}
