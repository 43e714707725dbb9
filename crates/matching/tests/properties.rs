//! What holds for any catalogue, however strange its texts.

mod common;

use common::{catalogues, outcome, price};
use proptest::collection::vec;
use proptest::prelude::*;
use tandem_domain::{ListingKey, Sku, VariantKey};
use tandem_matching::{Catalogues, LeftItem, RightItem, Settled, Verdict, diff};

/// Names from few words, so that rows resemble each other, and now and then anything at all.
fn name() -> impl Strategy<Value = String> {
    let words = "Balloon,balloon,red,blue,500 ml,0.5L,pack of 6,XL,حقيبة,أحمر,WH-1000XM4,used,2 x,&amp;,<b>";
    let words: Vec<_> = words.split(',').collect();
    prop_oneof![
        6 => vec(prop::sample::select(words), 0..5).prop_map(|words| words.join(" ")),
        1 => any::<String>(),
    ]
}

fn sku() -> impl Strategy<Value = Option<Sku>> {
    let skus = vec![
        "A-1234",
        "a1234",
        "A1234",
        "00A1234",
        "77",
        "4006381333931",
        "B-9999",
        "",
    ];
    prop_oneof![
        8 => prop::sample::select(skus).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
    .prop_map(|text| Sku::parse(&text))
}

fn barcode() -> impl Strategy<Value = Option<String>> {
    let codes = vec!["4006381333931", "6111417459733", "12", "N/A"];
    prop::option::of(prop::sample::select(codes).prop_map(str::to_owned))
}

prop_compose! {
    fn listing()(
        id in 0..12_u8, parent in prop::bool::weighted(0.1), name in name(), sku in sku(),
        barcode in barcode(), attributes in vec(name(), 0..2), units in 0..50_u8,
    ) -> LeftItem {
        LeftItem {
            key: ListingKey::new(id.to_string()),
            parent,
            bundle: false,
            name,
            sku,
            barcode,
            attributes,
            brand: None,
            model: None,
            description: None,
            price: Some(price(&units.to_string(), "KWD")),
        }
    }
}

prop_compose! {
    fn variant()(
        id in 0..12_i64, name in name(), sku in sku(), barcode in barcode(),
        attributes in vec(name(), 0..2), units in 0..50_u8,
    ) -> RightItem {
        RightItem {
            key: VariantKey(id),
            kit: false,
            name,
            sku,
            barcode,
            attributes,
            brand: None,
            model: None,
            description: None,
            price: Some(price(&units.to_string(), "KWD")),
        }
    }
}

fn any_catalogues() -> impl Strategy<Value = Catalogues> {
    let pair = || (0..12_u8, 0..12_i64);
    let rows = (vec(listing(), 0..12), vec(variant(), 0..12));
    (rows, vec(pair(), 0..8), vec(pair(), 0..3)).prop_map(|((left, right), rejected, accepted)| {
        let key = |id: u8| ListingKey::new(id.to_string());
        Catalogues {
            left,
            right,
            rejected: rejected
                .into_iter()
                .map(|(l, r)| (key(l), VariantKey(r)))
                .collect(),
            decided: accepted
                .into_iter()
                .map(|(l, r)| (key(l), Settled::Accepted(VariantKey(r))))
                .collect(),
            ..Catalogues::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(input in any_catalogues(), turn in 0..12_usize) {
        let mut turned = input.clone();
        turned.left.reverse();
        turned.right.reverse();
        let by = turn % turned.left.len().max(1);
        turned.left.rotate_left(by);
        prop_assert_eq!(outcome(&input), outcome(&turned));
    }

    #[test]
    fn decisions_hold_and_no_variant_is_linked_twice(input in any_catalogues()) {
        let found = outcome(&input).matches;
        let mut linked = Vec::new();
        for one in &found {
            let first = one.candidates.first().map(|c| c.variant);
            let settled = input.decided.get(&one.listing);
            match (one.verdict, settled) {
                (Verdict::Parent, _) => prop_assert!(one.candidates.is_empty()),
                (verdict, Some(Settled::Accepted(variant))) => {
                    prop_assert_eq!(verdict, Verdict::Decided);
                    prop_assert_eq!(first, Some(*variant));
                }
                _ => for candidate in &one.candidates {
                    let pair = (one.listing.clone(), candidate.variant);
                    prop_assert!(!input.rejected.contains(&pair), "rejected: {pair:?}");
                },
            }
            if let Verdict::Linked(_) = one.verdict {
                linked.extend(first);
                prop_assert!(one.reasons.is_empty());
            }
        }
        let accepted = input.decided.values().filter_map(|settled| match settled {
            Settled::Accepted(variant) => Some(*variant),
            Settled::Ignored => None,
        });
        let accepted: std::collections::BTreeSet<_> = accepted.collect();
        prop_assert!(linked.iter().all(|variant| !accepted.contains(variant)));
        let count = linked.len();
        linked.sort_unstable();
        linked.dedup();
        prop_assert_eq!(count, linked.len(), "a variant is linked twice");
    }

    #[test]
    fn any_text_at_all_is_survived(
        names in vec(any::<String>(), 1..6),
        others in vec(any::<String>(), 1..6),
    ) {
        let left = names.iter().enumerate().map(|(row, name)| LeftItem {
            key: ListingKey::new(row.to_string()),
            parent: false,
            bundle: false,
            name: name.clone(),
            sku: Sku::parse(name),
            barcode: Some(name.clone()),
            attributes: vec![name.clone()],
            brand: Some(name.clone()),
            model: None,
            description: Some(name.clone()),
            price: None,
        });
        let right = others.iter().zip(0..).map(|(name, row)| RightItem {
            key: VariantKey(row),
            kit: false,
            name: name.clone(),
            sku: Sku::parse(name),
            barcode: Some(name.clone()),
            attributes: vec![name.clone()],
            brand: Some(name.clone()),
            model: None,
            description: Some(name.clone()),
            price: None,
        });
        let input = catalogues(left.collect(), right.collect());
        prop_assert_eq!(outcome(&input).matches.len(), names.len());
    }

    #[test]
    fn marks_are_in_order_and_inside(one in any::<String>(), two in any::<String>()) {
        let (left, right) = diff(&one, &two);
        for (text, spans) in [(&one, &left), (&two, &right)] {
            let units = text.encode_utf16().count();
            let mut at = 0;
            for span in spans {
                prop_assert!(at <= span.start && span.start < span.end);
                at = span.end;
            }
            prop_assert!(usize::try_from(at).is_ok_and(|at| at <= units));
        }
        prop_assert_eq!(diff(&one, &one), (Vec::new(), Vec::new()));
    }
}
