//! The review's tabs, filters and counts.

use tandem_domain::{Decision, Evidence, Listing, ListingKind, Sku, Variant, VariantKey};
use tandem_store::{
    EvidenceTag, Guard, KeyField, Matched, ReviewFilter, ReviewTab, SharedKey, Side, Store,
    TabCounts, Verdict,
};

use crate::samples::{
    at, connected, fetch_listings, fetch_variants, key, listing, matched, proposal, shop, variant,
};

const TABS: [ReviewTab; 4] = [
    ReviewTab::ToReview,
    ReviewTab::Mapped,
    ReviewTab::Unmatched,
    ReviewTab::Conflicts,
];

fn similar() -> Evidence {
    Evidence::NameSimilarity {
        basis_points: 9_000,
    }
}

/// One listing of each kind: 1 linked, 2 likely, 3 ambiguous with guards, 4 alone, 5 ignored,
/// 6 and 7 with one SKU, 8 a parent, 9 gone from the store.
fn shelf() -> Store {
    let store = connected();
    let twin = |id, name| Listing {
        sku: Sku::parse("TWIN"),
        ..listing(id, name)
    };
    let mut all = vec![
        listing("1", "Red chair"),
        listing("2", "Blue chair"),
        listing("3", "Kärcher pump"),
        listing("4", "Gift card"),
        listing("5", "Deposit"),
        twin("6", "Lamp A"),
        twin("7", "Lamp B"),
        Listing {
            kind: ListingKind::Parent,
            ..listing("8", "Chair family")
        },
        listing("9", "Old chair"),
    ];
    fetch_listings(&store, all.clone());
    all.pop();
    let service = Variant {
        kind: tandem_domain::VariantKind::Service,
        ..variant(6, "Delivery")
    };
    let odoo = (1..=5)
        .map(|n| variant(n, &format!("Odoo product {n}")))
        .chain([service]);
    fetch_variants(&store, odoo.collect());
    store.replace_matching(&shop(), &outcome(), at(10)).unwrap();
    store
        .decide(&shop(), &key("5"), &Decision::Ignore, at(11))
        .unwrap();
    fetch_listings(&store, all);
    store
}

fn outcome() -> [Matched; 9] {
    let factor = Evidence::PriceFactor {
        hundredths: 120_000,
        odoo_higher: true,
    };
    [
        matched(
            "1",
            Verdict::Linked,
            vec![proposal(1, 10_000, vec![Evidence::SameSku])],
        ),
        matched(
            "2",
            Verdict::Likely,
            vec![proposal(2, 8_600, vec![similar()])],
        ),
        matched(
            "3",
            Verdict::Ambiguous,
            vec![proposal(3, 9_500, vec![Evidence::SameCanonicalSku, factor])],
        ),
        matched("4", Verdict::None, Vec::new()),
        matched(
            "5",
            Verdict::Likely,
            vec![proposal(5, 7_000, vec![similar()])],
        ),
        matched(
            "6",
            Verdict::Broken,
            vec![proposal(4, 6_000, vec![Evidence::SameSku])],
        ),
        matched("7", Verdict::None, Vec::new()),
        matched("8", Verdict::Parent, Vec::new()),
        matched(
            "9",
            Verdict::Likely,
            vec![proposal(2, 5_000, vec![similar()])],
        ),
    ]
}

fn shown(store: &Store, filter: &ReviewFilter) -> Vec<String> {
    let page = store.review_page(&shop(), filter, 0, 50).unwrap();
    assert_eq!(page.total as usize, page.rows.len());
    let counts = store.review_counts(&shop(), filter).unwrap();
    assert_eq!(
        counts.total, page.total,
        "what is counted is what is listed: {filter:?}"
    );
    page.rows
        .into_iter()
        .map(|row| row.listing.key.to_string())
        .collect()
}

fn tabs_of(store: &Store) -> TabCounts {
    store
        .review_counts(&shop(), &ReviewFilter::of(ReviewTab::ToReview))
        .unwrap()
        .tabs
}

#[test]
fn every_listing_has_its_tab_best_score_first() {
    let store = shelf();
    let tabs = TABS.map(|tab| shown(&store, &ReviewFilter::of(tab)));
    assert_eq!(tabs[0], ["3", "2", "6"]);
    assert_eq!(tabs[1], ["1"]);
    assert_eq!(
        tabs[2],
        ["5", "4", "7"],
        "what was ignored can be found and taken back"
    );
    assert_eq!(tabs[3], ["6", "7"]);
    let expected = TabCounts {
        to_review: 3,
        mapped: 1,
        unmatched: 3,
        conflicts: 2,
        only_in_odoo: 4,
    };
    assert_eq!(tabs_of(&store), expected);
    let typed = ReviewFilter {
        store_text: "lamp".to_owned(),
        score_bp: Some(1..=2),
        ..ReviewFilter::of(ReviewTab::Conflicts)
    };
    let counts = store.review_counts(&shop(), &typed).unwrap();
    assert_eq!(counts.tabs, expected, "whatever the list is narrowed to");
}

#[test]
fn facets_narrow_each_other_and_count_what_choosing_them_would_show() {
    let store = shelf();
    let all = ReviewFilter::of(ReviewTab::ToReview);
    let likely = ReviewFilter {
        verdicts: vec![Verdict::Likely],
        ..all.clone()
    };
    assert_eq!(shown(&store, &likely), ["2"]);
    let keyed = ReviewFilter {
        evidence: vec![EvidenceTag::SameCanonicalSku, EvidenceTag::SameSku],
        ..all.clone()
    };
    assert_eq!(shown(&store, &keyed), ["3", "6"]);
    let guarded = ReviewFilter {
        guards: vec![Guard::Unit],
        ..keyed.clone()
    };
    assert_eq!(shown(&store, &guarded), ["3"]);
    let scored = ReviewFilter {
        score_bp: Some(6_000..=8_600),
        ..all.clone()
    };
    assert_eq!(shown(&store, &scored), ["2", "6"]);
    assert_eq!(
        shown(
            &store,
            &ReviewFilter {
                score_bp: Some(0..=10),
                ..all
            }
        ),
        [""; 0]
    );

    let counts = store.review_counts(&shop(), &keyed).unwrap();
    let verdict = |wanted| {
        counts
            .verdicts
            .iter()
            .find(|(v, _)| *v == wanted)
            .unwrap()
            .1
    };
    assert_eq!(
        (verdict(Verdict::Likely), verdict(Verdict::Ambiguous)),
        (0, 1)
    );
    let names = counts
        .evidence
        .iter()
        .find(|(t, _)| *t == EvidenceTag::NameOnly)
        .unwrap()
        .1;
    assert_eq!(names, 1, "choosing it too would add the blue chair");
    assert_eq!(counts.guards, [(Guard::Price, 1), (Guard::Unit, 1)]);
    assert_eq!(counts.guarded, 1, "both stand on one row");
    assert_eq!((counts.scores[19], counts.scores[12]), (1, 1));
}

#[test]
fn both_search_boxes_narrow_the_list() {
    let store = shelf();
    let typed = |store_text: &str, odoo_text: &str| ReviewFilter {
        store_text: store_text.to_owned(),
        odoo_text: odoo_text.to_owned(),
        ..ReviewFilter::of(ReviewTab::ToReview)
    };
    assert_eq!(shown(&store, &typed("karcher", "")), ["3"]);
    assert_eq!(
        shown(&store, &typed("ka", "")),
        ["3"],
        "accents do not matter, from the first letter on"
    );
    assert_eq!(shown(&store, &typed("pu", "")), ["3"]);
    assert_eq!(shown(&store, &typed("", "odoo 2")), ["2"]);
    assert_eq!(shown(&store, &typed("chair", "product")), ["2"]);
    assert_eq!(shown(&store, &typed("pump", "2")), [""; 0]);
    let filter = ReviewFilter {
        score_bp: Some(9_000..=10_000),
        ..typed("", "product")
    };
    assert_eq!(shown(&store, &filter), ["3"]);
}

#[test]
fn a_shared_key_is_told_with_its_side_and_its_number() {
    let store = shelf();
    let barcode = "4006381333931".to_owned();
    fetch_listings(
        &store,
        vec![Listing {
            barcode: Some(barcode.clone()),
            ..listing("1", "Red chair")
        }],
    );
    let carrying = |key, active| Variant {
        barcode: Some(barcode.clone()),
        active,
        ..variant(key, "Chair")
    };
    fetch_variants(&store, vec![carrying(1, true), carrying(2, false)]);
    let shared = |store: &Store| {
        store
            .review_detail(&shop(), &key("1"))
            .unwrap()
            .unwrap()
            .row
            .shared_keys
    };
    assert_eq!(shared(&store), [], "an archived variant does not count");
    fetch_variants(&store, vec![carrying(1, true), carrying(2, true)]);
    let expected = SharedKey {
        field: KeyField::Barcode,
        side: Side::Odoo,
        value: barcode.clone(),
        count: 2,
    };
    assert_eq!(shared(&store), [expected]);
    assert_eq!(
        shown(&store, &ReviewFilter::of(ReviewTab::Conflicts)),
        [""; 0],
        "a linked listing needs nobody"
    );
    store
        .decide(&shop(), &key("1"), &Decision::Reject(VariantKey(1)), at(20))
        .unwrap();
    assert_eq!(
        shown(&store, &ReviewFilter::of(ReviewTab::Conflicts)),
        ["1"]
    );
}

#[test]
fn decided_rows_go_away_but_not_from_under_the_hand() {
    let store = shelf();
    let filter = ReviewFilter::of(ReviewTab::ToReview);
    let ids = store.review_ids(&shop(), &filter).unwrap();
    store
        .decide(&shop(), &key("3"), &Decision::Accept(VariantKey(3)), at(20))
        .unwrap();
    assert_eq!(shown(&store, &filter), ["2", "6"]);
    let rows = store.review_rows(&shop(), &ids).unwrap();
    let keys: Vec<&str> = rows.iter().map(|row| row.listing.key.as_str()).collect();
    assert_eq!(
        keys,
        ["3", "2", "6"],
        "the list that is on the screen keeps its places"
    );
    let page = store.review_page(&shop(), &filter, 1, 1).unwrap();
    assert_eq!((page.total, page.rows.len()), (2, 1));
    assert_eq!(page.rows[0].listing.key, key("6"));
}

#[test]
fn what_came_back_is_shown_again_and_what_is_new_is_shown_at_once() {
    let store = shelf();
    let before = tabs_of(&store).to_review;
    let mut all = store.listings(&shop()).unwrap();
    all.extend([listing("9", "Old chair"), listing("10", "New chair")]);
    fetch_listings(&store, all);
    let tabs = tabs_of(&store);
    assert_eq!((tabs.to_review, tabs.unmatched), (before + 1, 4));
}
