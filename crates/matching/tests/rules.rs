//! One small catalogue for each rule.

mod common;

use common::{candidates, catalogues, listed, listing, of, only, outcome, price, variant};
use tandem_domain::{Evidence, ListingKey, Method, Reason, VariantKey};
use tandem_matching::{LeftItem, RightItem, Settled, Verdict, run};

const EAN: &str = "4006381333931";
const OTHER_EAN: &str = "6111417459733";

#[test]
fn a_gtin_links_from_either_field_and_in_any_length() {
    let right = RightItem {
        barcode: Some(EAN.into()),
        ..variant(1, "ODOO-1", "Stabilo Boss Original yellow")
    };
    for left in [
        LeftItem {
            barcode: Some(format!("0{EAN}")),
            ..listing("a", "Stabilo Boss yellow")
        },
        listed("a", EAN, "Stabilo Boss yellow"),
    ] {
        let found = only(vec![left], vec![right.clone()]);
        assert_eq!(found.verdict, Verdict::Linked(Method::Gtin));
        assert_eq!(candidates(&found), [1]);
        let evidence = &found.candidates[0].evidence;
        assert!(
            evidence.contains(&Evidence::SameGtin {
                gtin: format!("0{EAN}")
            }),
            "{evidence:?}"
        );
    }
}

#[test]
fn a_sku_links_to_the_letter_or_but_for_spelling() {
    for (sku, method, evidence) in [
        ("AB-0120", Method::Sku, Evidence::SameSku),
        ("ab0120", Method::CanonicalSku, Evidence::SameCanonicalSku),
        (
            "00AB 0120",
            Method::CanonicalSku,
            Evidence::SameCanonicalSku,
        ),
    ] {
        let left = vec![listed("a", sku, "Helium balloon red")];
        let found = only(left, vec![variant(1, "AB-0120", "Helium Balloon, red")]);
        assert_eq!(found.verdict, Verdict::Linked(method), "{sku}");
        assert_eq!(found.candidates[0].method, method);
        assert!(found.candidates[0].evidence.contains(&evidence), "{sku}");
        assert!(found.reasons.is_empty(), "a link needs no excuse");
    }
}

#[test]
fn an_exact_sku_is_preferred_to_one_spelled_otherwise() {
    let right = vec![
        variant(1, "A-1234", "Party hat"),
        variant(2, "A1234", "Party hat"),
    ];
    let found = only(vec![listed("a", "A1234", "Party hat")], right);
    assert_eq!(found.verdict, Verdict::Linked(Method::Sku));
    assert_eq!(candidates(&found)[0], 2);
}

#[test]
fn a_key_must_be_unique_on_both_sides() {
    let hat = "Party hat gold";
    let found = only(
        vec![listed("a", "HAT-77", hat), listed("b", "HAT-77", hat)],
        vec![variant(1, "HAT-77", hat)],
    );
    assert_eq!(found.verdict, Verdict::Likely);
    assert_eq!(found.reasons, [Reason::KeyNotUniqueInStore]);
    let found = only(
        vec![listed("a", "HAT-77", hat)],
        vec![variant(1, "HAT-77", hat), variant(2, "HAT-77", hat)],
    );
    assert_eq!(found.verdict, Verdict::Ambiguous);
    assert_eq!(found.reasons, [Reason::KeyNotUniqueInOdoo]);
}

#[test]
fn parents_neither_link_nor_count() {
    let parent = LeftItem {
        parent: true,
        ..listed("parent", "TEE-100", "Cotton T-Shirt")
    };
    let input = catalogues(
        vec![parent, listed("a", "TEE-100", "Cotton T-Shirt")],
        vec![variant(1, "TEE-100", "Cotton T-Shirt")],
    );
    assert_eq!(of(&input, "a").verdict, Verdict::Linked(Method::Sku));
    let parent = of(&input, "parent");
    assert_eq!(parent.verdict, Verdict::Parent);
    assert!(parent.candidates.is_empty());
}

#[test]
fn a_name_that_contradicts_the_key_makes_it_a_proposal() {
    for (store, odoo, store_says, odoo_says) in [
        (
            "Dish soap lemon 500 ml",
            "Dish soap lemon 1 L",
            "500 ml",
            "1 l",
        ),
        ("Dish soap lemon (6 Pack)", "Dish soap lemon", "6 pack", ""),
        ("2 x Dish soap lemon", "Dish soap lemon", "2 x", ""),
        ("صابون أطباق عبوة 6", "صابون أطباق", "عبوه 6", ""),
        ("Polo shirt XL", "Polo shirt M", "xl", "m"),
        ("Polo shirt noir", "Polo shirt blanc", "noir", "blanc"),
        ("قميص أحمر", "قميص أزرق", "احمر", "ازرق"),
        ("Polo shirt red (used)", "Polo shirt red", "used", ""),
        ("Mirror left", "Mirror right", "left", "right"),
        (
            "Headphones WH-1000XM5",
            "Headphones WH-1000XM4",
            "wh-1000xm5",
            "wh-1000xm4",
        ),
    ] {
        let left = vec![listed("a", "KEY-4711", store)];
        let found = only(left, vec![variant(1, "KEY-4711", odoo)]);
        assert_eq!(found.verdict, Verdict::Likely, "{store} / {odoo}");
        assert_eq!(found.reasons, [Reason::NameContradictsKey], "{store}");
        let expected = Evidence::NameContradicts {
            store: store_says.into(),
            odoo: odoo_says.into(),
        };
        let evidence = &found.candidates[0].evidence;
        assert!(evidence.contains(&expected), "{store}: {evidence:?}");
    }
}

#[test]
fn equal_amounts_in_other_words_contradict_nothing() {
    for (store, odoo) in [
        ("Dish soap 0,5 L", "Dish soap 500ml"),
        ("Savon vaisselle lot de 6", "Savon vaisselle 6 pcs"),
        ("صابون أطباق ٥٠٠ مل", "صابون أطباق 50cl"),
        ("Cola can 0.36 L", "Cola can 355 ml"),
        ("Chemise bleue grande", "Chemise L blue"),
        ("Polo clsc rouge", "Polo classic red"),
    ] {
        let left = vec![listed("a", "KEY-4711", store)];
        let found = only(left, vec![variant(1, "KEY-4711", odoo)]);
        assert_eq!(
            found.verdict,
            Verdict::Linked(Method::Sku),
            "{store} / {odoo}"
        );
    }
}

#[test]
fn names_with_nothing_in_common_contradict_a_key() {
    let left = vec![listed("a", "KEY-4711", "Party balloons unicorn")];
    let found = only(left, vec![variant(1, "KEY-4711", "Copper cable")]);
    assert_eq!(found.reasons, [Reason::NameContradictsKey]);
    let names = Evidence::NameContradicts {
        store: "Party balloons unicorn".into(),
        odoo: "Copper cable".into(),
    };
    assert!(found.candidates[0].evidence.contains(&names));
}

#[test]
fn words_that_set_siblings_apart_exclude_each_other_in_any_language() {
    let right = vec![
        variant(1, "CAKE-001", "كيكة عيد ميلاد ديناصور"),
        variant(2, "CAKE-002", "كيكة عيد ميلاد وحيدالقرن"),
    ];
    let left = vec![listed("a", "CAKE-001", "كيكة عيد ميلاد وحيدالقرن")];
    let found = only(left, right);
    assert_eq!(found.reasons, [Reason::NameContradictsKey]);
}

#[test]
fn another_alphabet_is_no_contradiction_when_amount_and_price_agree() {
    let left = LeftItem {
        price: Some(price("2.500", "KWD")),
        ..listed("a", "SOAP-0500", "سائل جلي بالليمون ٥٠٠ مل")
    };
    let right = RightItem {
        price: Some(price("2.250", "KWD")),
        ..variant(1, "SOAP-0500", "Dish soap lemon 500ml")
    };
    let found = only(vec![left.clone()], vec![right.clone()]);
    assert_eq!(found.verdict, Verdict::Linked(Method::Sku));
    let dear = RightItem {
        price: Some(price("4.500", "KWD")),
        ..right
    };
    let plain = LeftItem {
        name: "غترة العقال".into(),
        ..left
    };
    let found = only(vec![plain], vec![dear]);
    assert_eq!(found.reasons, [Reason::NameContradictsKey]);
}

#[test]
fn two_keys_that_point_apart_link_nothing() {
    let left = LeftItem {
        barcode: Some(EAN.into()),
        ..listed("a", "PEN-RED-1", "Stabilo pen")
    };
    let right = vec![
        RightItem {
            barcode: Some(EAN.into()),
            ..variant(1, "PEN-BLU-1", "Stabilo pen")
        },
        variant(2, "PEN-RED-1", "Stabilo pen"),
    ];
    let found = only(vec![left], right);
    assert_eq!(found.verdict, Verdict::Ambiguous);
    assert!(found.reasons.contains(&Reason::KeysDisagree));
}

#[test]
fn an_equal_sku_with_another_gtin_links_nothing() {
    let left = LeftItem {
        barcode: Some(EAN.into()),
        ..listed("a", "PEN-RED-1", "Stabilo pen")
    };
    let right = RightItem {
        barcode: Some(OTHER_EAN.into()),
        ..variant(1, "PEN-RED-1", "Stabilo pen")
    };
    let found = only(vec![left], vec![right]);
    assert_eq!(found.reasons, [Reason::KeysDisagree]);
    assert!(
        found.candidates[0]
            .evidence
            .contains(&Evidence::GtinDiffers)
    );
}

#[test]
fn a_short_key_needs_names_that_agree() {
    for sku in ["12", "0012", "A1", "1234"] {
        let right = || vec![variant(1, sku, "Helium balloon silver")];
        let agree = vec![listed("a", sku, "Helium balloon silver")];
        let found = only(agree, right());
        assert_eq!(found.verdict, Verdict::Linked(Method::Sku), "{sku}");
        let vague = vec![listed("a", sku, "Balloon for weddings and other parties")];
        let found = only(vague, right());
        assert!(found.reasons.contains(&Reason::KeyTooShort), "{sku}");
    }
}

/// Rows that a key proves, each at this price factor.
fn priced(count: i64, store: i64, odoo: i64) -> (Vec<LeftItem>, Vec<RightItem>) {
    let rows = 0..count;
    let left = rows.clone().map(|row| LeftItem {
        price: Some(price(&(store * (row + 1)).to_string(), "KWD")),
        ..listed(
            &format!("row{row}"),
            &format!("SKU-{row:05}"),
            &format!("Hat model{row}"),
        )
    });
    let right = rows.map(|row| RightItem {
        price: Some(price(&(odoo * (row + 1)).to_string(), "USD")),
        ..variant(
            1_000 + row,
            &format!("SKU-{row:05}"),
            &format!("Hat model{row}"),
        )
    });
    (left.collect(), right.collect())
}

#[test]
fn prices_far_from_the_shops_usual_factor_make_a_proposal() {
    let (mut left, mut right) = priced(25, 1, 3);
    left.push(LeftItem {
        price: Some(price("10", "KWD")),
        ..listed("a", "FAR-1234", "Gift box")
    });
    right.push(RightItem {
        price: Some(price("10", "USD")),
        ..variant(1, "FAR-1234", "Gift box")
    });
    let input = catalogues(left, right);
    let usual = of(&input, "row3");
    assert_eq!(
        usual.verdict,
        Verdict::Linked(Method::Sku),
        "the factor of 3 is this shop's own"
    );
    let found = of(&input, "a");
    assert_eq!(found.reasons, [Reason::PriceFarApart]);
    let evidence = &found.candidates[0].evidence;
    let factor = Evidence::PriceFactor {
        hundredths: 100,
        odoo_higher: false,
    };
    assert!(evidence.contains(&factor), "{evidence:?}");
}

#[test]
fn prices_in_two_currencies_say_nothing_before_the_factor_is_known() {
    let (left, right) = priced(3, 1, 9);
    let found = of(&catalogues(left, right), "row1");
    assert_eq!(found.verdict, Verdict::Linked(Method::Sku));
}

#[test]
fn names_alone_never_link() {
    let name = "Stabilo Boss Original yellow 4 pcs";
    let found = only(vec![listing("a", name)], vec![variant(1, "", name)]);
    assert_eq!(found.verdict, Verdict::Likely);
    assert_eq!(found.reasons, [Reason::NameOnly]);
    assert_eq!(found.candidates[0].method, Method::Name);
}

#[test]
fn equally_good_names_are_ambiguous_and_strange_ones_nothing() {
    let right = vec![
        variant(1, "", "Helium balloon red"),
        variant(2, "", "Helium balloon blue"),
        variant(3, "", "Copper cable"),
    ];
    let input = catalogues(
        vec![
            listing("a", "Helium balloon"),
            listing("b", "Wedding cake topper"),
        ],
        right,
    );
    let found = of(&input, "a");
    assert_eq!(found.verdict, Verdict::Ambiguous);
    assert_eq!(
        candidates(&found)[..2],
        [1, 2],
        "ties are in the order of the ids"
    );
    assert_eq!(of(&input, "b").verdict, Verdict::None);
}

#[test]
fn a_variant_is_linked_to_one_listing_only() {
    let left = vec![
        LeftItem {
            barcode: Some(EAN.into()),
            ..listing("a", "Stabilo Boss yellow")
        },
        listed("b", "BOSS-YEL-1", "Stabilo Boss yellow"),
    ];
    let right = vec![RightItem {
        barcode: Some(EAN.into()),
        ..variant(1, "BOSS-YEL-1", "Stabilo Boss yellow")
    }];
    let input = catalogues(left, right);
    assert_eq!(of(&input, "a").verdict, Verdict::Linked(Method::Gtin));
    let second = of(&input, "b");
    assert_eq!(second.verdict, Verdict::Likely);
    assert_eq!(second.reasons, [Reason::VariantTaken]);
    assert_eq!(candidates(&second), [1], "it stays a candidate");
}

#[test]
fn an_accepted_pair_stays_and_takes_its_variant() {
    let mut input = catalogues(
        vec![
            listed("a", "OLD-9999", "Party hat"),
            listed("b", "HAT-77", "Party hat gold"),
        ],
        vec![
            variant(1, "HAT-77", "Party hat gold"),
            variant(2, "OLD-9999", "Party hat"),
        ],
    );
    let accepted = Settled::Accepted(VariantKey(1));
    input.decided.insert(ListingKey::new("a"), accepted);
    let settled = of(&input, "a");
    assert_eq!(settled.verdict, Verdict::Decided);
    assert_eq!(
        candidates(&settled)[0],
        1,
        "the key says 2, the manager said 1"
    );
    assert_eq!(settled.candidates[0].method, Method::Manual);
    assert_eq!(of(&input, "b").reasons, [Reason::VariantTaken]);
}

#[test]
fn an_accepted_variant_that_is_gone_stays_accepted() {
    let mut input = catalogues(vec![listing("a", "Hat")], vec![variant(2, "", "Hat")]);
    let accepted = Settled::Accepted(VariantKey(7));
    input.decided.insert(ListingKey::new("a"), accepted);
    let settled = of(&input, "a");
    assert_eq!(settled.verdict, Verdict::Decided);
    assert_eq!(candidates(&settled)[0], 7);
}

#[test]
fn a_rejected_pair_never_comes_back() {
    let mut input = catalogues(
        vec![listed("a", "HAT-77", "Party hat gold")],
        vec![
            variant(1, "HAT-77", "Party hat gold"),
            variant(2, "", "Party hat golden"),
        ],
    );
    input.rejected.insert((ListingKey::new("a"), VariantKey(1)));
    let found = of(&input, "a");
    assert_eq!(candidates(&found), [2]);
    assert!(found.reasons.contains(&Reason::RejectedBefore));
    assert_eq!(found.verdict, Verdict::Likely);
}

#[test]
fn an_ignored_listing_gets_nothing() {
    let mut input = catalogues(
        vec![listed("a", "HAT-77", "Party hat")],
        vec![variant(1, "HAT-77", "Party hat")],
    );
    input.decided.insert(ListingKey::new("a"), Settled::Ignored);
    let found = of(&input, "a");
    assert_eq!(found.verdict, Verdict::Decided);
    assert!(found.candidates.is_empty() && found.reasons.is_empty());
}

#[test]
fn a_cancelled_run_has_no_outcome_and_a_whole_one_tells_its_progress() {
    let input = catalogues(vec![listing("a", "Hat")], vec![variant(1, "", "Hat")]);
    assert_eq!(run(&input, &|| true, &|_, _| {}), None);
    let seen = std::cell::RefCell::new(Vec::new());
    let whole = run(&input, &|| false, &|done, total| {
        seen.borrow_mut().push((done, total));
    });
    assert!(whole.is_some());
    assert_eq!(seen.into_inner(), [(0, 1), (1, 1)]);
}

#[test]
fn empty_catalogues_are_fine() {
    assert!(
        outcome(&catalogues(Vec::new(), Vec::new()))
            .matches
            .is_empty()
    );
    let found = only(vec![listing("a", "")], vec![variant(1, "", "")]);
    assert_eq!(found.verdict, Verdict::None);
}
