//! Deciding and undoing.

use tandem_domain::{Decision, Evidence, ListingKey, Method, VariantKey};
use tandem_store::{
    MadeBy, ReviewCounts, ReviewDetail, ReviewFilter, ReviewTab, SavedLink, Store, Verdict,
};

use crate::samples::{
    at, connect, fetch_listings, fetch_variants, key, listing, matched, open, proposal, shop,
    variant,
};

const LISTINGS: [&str; 3] = ["1", "2", "unknown"];

/// One listing linked by itself, one ambiguous, one that the cache does not hold.
fn shelf() -> Store {
    let store = Store::in_memory().unwrap();
    put_on_shelf(&store);
    store
}

fn put_on_shelf(store: &Store) {
    connect(store);
    fetch_listings(store, vec![listing("1", "Chair"), listing("2", "Desk")]);
    fetch_variants(store, vec![variant(1, "Chair"), variant(2, "Desk")]);
    let both = || {
        let name = Evidence::NameSimilarity {
            basis_points: 8_000,
        };
        vec![
            proposal(1, 9_000, vec![Evidence::SameSku]),
            proposal(2, 8_000, vec![name]),
        ]
    };
    let outcome = [
        matched("1", Verdict::Linked, both()),
        matched("2", Verdict::Ambiguous, both()),
    ];
    store.replace_matching(&shop(), &outcome, at(10)).unwrap();
}

fn every_decision() -> Vec<(ListingKey, Decision)> {
    let decisions = [
        Decision::Accept(VariantKey(1)),
        Decision::Accept(VariantKey(2)),
        Decision::Reject(VariantKey(1)),
        Decision::Reject(VariantKey(2)),
        Decision::Ignore,
    ];
    let on = |listing: &str| {
        let listing = key(listing);
        decisions
            .clone()
            .map(|decision| (listing.clone(), decision))
    };
    LISTINGS.iter().flat_map(|listing| on(listing)).collect()
}

/// Everything that a decision may change.
type State = (Vec<SavedLink>, Vec<Option<ReviewDetail>>, ReviewCounts);

fn state(store: &Store) -> State {
    let details = LISTINGS.map(|listing| store.review_detail(&shop(), &key(listing)).unwrap());
    let counts = store
        .review_counts(&shop(), &ReviewFilter::of(ReviewTab::Mapped))
        .unwrap();
    (store.saved_links(&shop()).unwrap(), details.into(), counts)
}

#[test]
fn undoing_any_three_decisions_leads_back_step_by_step() {
    let store = shelf();
    let decisions = every_decision();
    try_all(&store, &decisions, 2);
    let on_two: Vec<_> = decisions
        .into_iter()
        .filter(|(l, _)| *l != key("unknown"))
        .collect();
    try_all(&store, &on_two, 3);
    assert_eq!(
        store.undo(&shop(), at(99)).unwrap(),
        [],
        "nothing is left to undo"
    );
}

fn try_all(store: &Store, decisions: &[(ListingKey, Decision)], depth: u32) {
    if depth == 0 {
        return;
    }
    let before = state(store);
    for (listing, decision) in decisions {
        let seq = store.decide(&shop(), listing, decision, at(20)).unwrap();
        in_force(store, listing, decision);
        try_all(store, decisions, depth - 1);
        let undone = store.undo(&shop(), at(30)).unwrap();
        assert_eq!(undone.iter().map(|d| d.seq).collect::<Vec<_>>(), [seq]);
        assert_eq!(undone[0].decision, *decision);
        assert_eq!(
            state(store),
            before,
            "after {decision:?} on {listing} was undone"
        );
    }
}

fn in_force(store: &Store, listing: &ListingKey, decision: &Decision) {
    let linked = store.links(&shop()).unwrap().get(listing);
    match decision {
        Decision::Accept(variant) => assert_eq!(linked, Some(*variant)),
        Decision::Reject(variant) => assert_ne!(linked, Some(*variant)),
        Decision::Ignore => assert_eq!(linked, None),
    }
}

#[test]
fn an_accepted_candidate_lends_its_evidence_to_the_link() {
    let store = shelf();
    store
        .decide(&shop(), &key("2"), &Decision::Accept(VariantKey(1)), at(20))
        .unwrap();
    store
        .decide(
            &shop(),
            &key("unknown"),
            &Decision::Accept(VariantKey(7)),
            at(21),
        )
        .unwrap();
    let links = store.saved_links(&shop()).unwrap();
    assert_eq!(links[1].link.evidence, [Evidence::SameSku]);
    assert_eq!(
        (links[1].link.method, links[1].made_by),
        (Method::Sku, MadeBy::Manager)
    );
    assert_eq!(links[2].link.method, Method::Manual, "chosen by hand");
    assert_eq!(links[2].link.linked_at, at(21));
}

#[test]
fn a_bulk_step_is_taken_back_as_one() {
    let store = shelf();
    let before = state(&store);
    let first = store
        .decide(&shop(), &key("1"), &Decision::Ignore, at(20))
        .unwrap();
    let bulk = [
        (key("2"), Decision::Accept(VariantKey(2))),
        (key("1"), Decision::Accept(VariantKey(1))),
        (key("2"), Decision::Reject(VariantKey(1))),
    ];
    let taken = store.decide_all(&shop(), &bulk, at(21)).unwrap();
    assert_eq!(taken, [first + 1, first + 2, first + 3]);
    assert_eq!(store.count_decisions(&shop()).unwrap(), 4);
    let undone = store.undo(&shop(), at(22)).unwrap();
    assert_eq!(store.count_decisions(&shop()).unwrap(), 1);
    assert_eq!(
        undone.iter().map(|d| d.seq).collect::<Vec<_>>(),
        [first + 3, first + 2, first + 1]
    );
    assert!(
        undone
            .iter()
            .all(|d| d.batch == first + 1 && d.undone_at == Some(at(22)))
    );
    assert_eq!(store.undo(&shop(), at(23)).unwrap().len(), 1);
    assert_eq!(state(&store), before);
    let kept = store.decisions(&shop()).unwrap();
    assert_eq!(kept.len(), 4, "undone decisions stay on record");
    assert!(kept.iter().all(|decision| decision.undone_at.is_some()));
}

#[test]
fn a_step_of_many_does_what_single_decisions_do() {
    let (together, singly) = (shelf(), shelf());
    let before = state(&together);
    for one in every_decision() {
        for other in every_decision() {
            let step = [one.clone(), other];
            together.decide_all(&shop(), &step, at(20)).unwrap();
            for (listing, decision) in &step {
                singly.decide(&shop(), listing, decision, at(20)).unwrap();
            }
            assert_eq!(state(&together), state(&singly), "{step:?}");
            together.undo(&shop(), at(21)).unwrap();
            assert_eq!(state(&together), before, "after {step:?} was taken back");
            for _ in &step {
                singly.undo(&shop(), at(21)).unwrap();
            }
        }
    }
}

#[test]
fn what_an_earlier_version_decided_is_taken_back_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap().store;
    put_on_shelf(&store);
    let before = state(&store);
    let step = [
        (key("1"), Decision::Ignore),
        (key("2"), Decision::Accept(VariantKey(1))),
    ];
    store.decide_all(&shop(), &step, at(20)).unwrap();
    let raw = rusqlite::Connection::open(store.file()).unwrap();
    let older = "UPDATE decisions SET before = json_remove(before, '$.row')";
    assert_eq!(raw.execute(older, []).unwrap(), 2);
    assert_eq!(store.undo(&shop(), at(21)).unwrap().len(), 2);
    assert_eq!(state(&store), before);
}
