//! Taking over what the matching found.

use tandem_domain::{Decision, Evidence, Method, VariantKey};
use tandem_store::{MadeBy, Matched, ReviewDetail, ReviewState, SavedConnection, Store, Verdict};

use crate::samples::{
    at, connected, connection, fetch_listings, fetch_variants, key, listing, matched, odoo,
    proposal, shop, variant,
};

fn shelf() -> Store {
    let store = connected();
    fetch_listings(
        &store,
        (1..=4).map(|n| listing(&n.to_string(), "Chair")).collect(),
    );
    fetch_variants(&store, (1..=4).map(|n| variant(n, "Chair")).collect());
    store
}

fn same_sku(variant: i64) -> Matched {
    let evidence = vec![Evidence::SameSku];
    let id = variant.to_string();
    matched(
        &id,
        Verdict::Linked,
        vec![proposal(variant, 9_900, evidence), proposal(9, 10, vec![])],
    )
}

fn detail(store: &Store, listing: &str) -> ReviewDetail {
    store
        .review_detail(&shop(), &key(listing))
        .unwrap()
        .expect("it is in the cache")
}

#[test]
fn an_unambiguous_pair_becomes_a_link_with_its_evidence() {
    let store = shelf();
    store
        .replace_matching(&shop(), &[same_sku(1)], at(10))
        .unwrap();
    assert_eq!(
        store.links(&shop()).unwrap().get(&key("1")),
        Some(VariantKey(1))
    );
    let saved = store.saved_links(&shop()).unwrap();
    assert_eq!(saved.len(), 1);
    assert_eq!(saved[0].made_by, MadeBy::Auto);
    assert_eq!(saved[0].link.method, Method::Sku);
    assert_eq!(saved[0].link.evidence, [Evidence::SameSku]);
    let detail = detail(&store, "1");
    assert_eq!(detail.row.state, ReviewState::Linked);
    assert_eq!(detail.row.score_bp, Some(9_900));
    assert_eq!(detail.row.variant.map(|v| v.key), Some(VariantKey(1)));
    assert_eq!(
        detail.candidates.len(),
        2,
        "the other candidate stays to choose from"
    );
    assert_eq!(
        detail.candidates[1].1, None,
        "Odoo's cache does not hold it"
    );
}

#[test]
fn a_link_whose_way_of_linking_waits_stays_and_no_new_one_is_made() {
    let store = shelf();
    let first = [same_sku(1), same_sku(2)];
    store.replace_matching(&shop(), &first, at(10)).unwrap();
    let waiting = |n: i64, held: i64| Matched {
        held: Some(VariantKey(held)),
        verdict: Verdict::Likely,
        ..same_sku(n)
    };
    let outcome = [waiting(1, 1), waiting(2, 9), waiting(3, 3)];
    store.replace_matching(&shop(), &outcome, at(20)).unwrap();
    let links = store.saved_links(&shop()).unwrap();
    assert_eq!(
        links.len(),
        1,
        "the second is another pair now, the third is new"
    );
    assert_eq!(links[0].link.listing, key("1"));
    assert_eq!(links[0].link.linked_at, at(10), "it is the same link");
    assert_eq!(detail(&store, "1").row.state, ReviewState::Linked);
    assert_eq!(detail(&store, "3").row.state, ReviewState::Open);
    let reject = Decision::Reject(VariantKey(1));
    store.decide(&shop(), &key("1"), &reject, at(30)).unwrap();
    store.replace_matching(&shop(), &outcome, at(40)).unwrap();
    assert!(
        store.saved_links(&shop()).unwrap().is_empty(),
        "a person knows better"
    );
}

#[test]
fn a_link_found_again_keeps_its_age_and_one_no_longer_found_goes() {
    let store = shelf();
    store
        .replace_matching(&shop(), &[same_sku(1), same_sku(2)], at(10))
        .unwrap();
    let nothing = matched("2", Verdict::None, Vec::new());
    store
        .replace_matching(&shop(), &[same_sku(1), nothing], at(20))
        .unwrap();
    let saved = store.saved_links(&shop()).unwrap();
    assert_eq!(saved.len(), 1);
    assert_eq!(saved[0].link.linked_at, at(10));
    assert_eq!(detail(&store, "2").row.state, ReviewState::Open);
    assert!(detail(&store, "2").candidates.is_empty());
}

#[test]
fn a_listing_that_left_the_store_keeps_its_link_for_the_orders_that_hold_it() {
    let store = shelf();
    store
        .replace_matching(&shop(), &[same_sku(1), same_sku(2)], at(10))
        .unwrap();
    fetch_listings(&store, vec![listing("2", "Chair")]);
    store
        .replace_matching(&shop(), &[same_sku(2)], at(20))
        .unwrap();
    assert_eq!(
        store.links(&shop()).unwrap().get(&key("1")),
        Some(VariantKey(1))
    );
}

#[test]
fn the_manager_is_never_overruled() {
    let store = shelf();
    let everything = [same_sku(1), same_sku(2), same_sku(3), same_sku(4)];
    store
        .replace_matching(&shop(), &everything, at(10))
        .unwrap();
    for (listing, decision) in [
        ("1", Decision::Accept(VariantKey(4))),
        ("2", Decision::Reject(VariantKey(2))),
        ("3", Decision::Ignore),
    ] {
        store
            .decide(&shop(), &key(listing), &decision, at(20))
            .unwrap();
    }
    let decided: Vec<ReviewDetail> = ["1", "2", "3"].map(|l| detail(&store, l)).into();
    store
        .replace_matching(&shop(), &everything, at(30))
        .unwrap();

    let links = store.links(&shop()).unwrap();
    assert_eq!(
        links.get(&key("1")),
        Some(VariantKey(4)),
        "accepted stays linked"
    );
    assert_eq!(links.get(&key("2")), None, "rejected is not linked again");
    assert_eq!(links.get(&key("3")), None, "ignored stays unlinked");
    assert_eq!(
        links.get(&key("4")),
        Some(VariantKey(4)),
        "what was not decided follows"
    );
    let second = detail(&store, "2");
    assert_eq!(second.row.verdict, Verdict::Likely);
    assert!(
        second
            .candidates
            .iter()
            .all(|(c, _)| c.variant != VariantKey(2))
    );
    assert_eq!(detail(&store, "3").row.state, ReviewState::Ignored);
    let again: Vec<ReviewDetail> = ["1", "2", "3"].map(|l| detail(&store, l)).into();
    assert_eq!(
        again, decided,
        "matching the same again changes nothing that was decided"
    );
}

#[test]
fn a_store_that_leaves_its_odoo_leaves_its_links_there() {
    let store = shelf();
    store
        .replace_matching(&shop(), &[same_sku(1)], at(10))
        .unwrap();
    store
        .decide(&shop(), &key("2"), &Decision::Accept(VariantKey(2)), at(20))
        .unwrap();
    let bound = store.connection(&shop()).unwrap();
    store
        .save_connection(&SavedConnection {
            name: "New name".to_owned(),
            ..bound
        })
        .unwrap();
    assert_eq!(
        store.saved_links(&shop()).unwrap().len(),
        2,
        "another name changes nothing"
    );

    store.save_connection(&connection("odoo2", "odoo")).unwrap();
    let moved = SavedConnection {
        bound_odoo: Some(connection("odoo2", "odoo").slug),
        ..connection("shop", "woocommerce")
    };
    store.save_connection(&moved).unwrap();
    assert_eq!(store.saved_links(&shop()).unwrap(), []);
    assert_eq!(store.decisions(&shop()).unwrap(), []);
    assert_eq!(detail(&store, "1").row.state, ReviewState::Open);
    assert!(detail(&store, "1").candidates.is_empty());
    store
        .remove_connection(&odoo())
        .expect("no store is bound to it any more");
}
