//! The orders of a real shop: their parts, and the renderings that are chosen for them.

use crate::common::{EVERY_SERIES, Shop, both_kinds, computing, decimal, kinds, number, recorded};
use crate::sound::sound;
use rust_decimal::Decimal;
use tandem_domain::{Series, TaxRounding};
use tandem_ledger::{Computing, Fit, TaxMap, parts, render};

/// Orders that come out exact in total and tax, in total only, and with a rounding line.
fn shares(shops: &[Shop], how: &Computing, map: impl Fn(&Shop) -> TaxMap) -> [usize; 3] {
    let mut shares = [0; 3];
    for shop in shops {
        let order = shop.order();
        let map = map(shop);
        let rendering = render(&order, how, &map)
            .unwrap_or_else(|reason| panic!("order {} with {how:?}: {reason}", shop.order));
        sound(&order, how, &map, &rendering);
        match rendering.fit {
            Fit::Exact => shares[0] += 1,
            Fit::TotalOnly => shares[1] += 1,
            Fit::Rounded => shares[2] += 1,
        }
    }
    shares
}

#[test]
fn an_order_is_cut_as_it_was_by_hand() {
    for shop in recorded::<Shop>("woo-to-odoo") {
        let cut = parts(&shop.order()).expect("a sound order");
        let cut: Vec<(Decimal, Decimal, Vec<String>)> = cut
            .iter()
            .map(|part| {
                let rates = part.taxes.iter().map(|tax| tax.rate.clone());
                (part.quantity, part.net, rates.collect())
            })
            .collect();
        let by_hand: Vec<(Decimal, Decimal, Vec<String>)> = shop
            .odoo_lines
            .iter()
            .map(|line| {
                (
                    number(&line.quantity),
                    decimal(&line.net),
                    line.rates.clone(),
                )
            })
            .collect();
        assert_eq!(cut, by_hand, "order {}", shop.order);
    }
}

#[test]
fn choosing_is_as_good_as_what_was_found_on_real_servers_or_better() {
    let shops: Vec<Shop> = recorded("woo-to-odoo");
    for (series, rounding, found, chosen) in [
        (Series::V17, TaxRounding::PerLine, [103, 12, 9], [109, 9, 6]),
        (Series::V17, TaxRounding::Globally, [112, 8, 4], [114, 7, 3]),
        (Series::V18, TaxRounding::PerLine, [104, 11, 9], [110, 8, 6]),
        (
            Series::V18,
            TaxRounding::Globally,
            [106, 14, 4],
            [106, 14, 4],
        ),
        (Series::V19, TaxRounding::PerLine, [112, 4, 8], [114, 4, 6]),
        (
            Series::V19,
            TaxRounding::Globally,
            [108, 16, 0],
            [109, 15, 0],
        ),
    ] {
        let how = computing(series, rounding, 2, 2);
        let shares = shares(&shops, &how, |shop| both_kinds(shop.rates()));
        assert_eq!(shares, chosen, "{series:?} {rounding:?}");
        assert!(
            shares[0] >= found[0] && shares[2] <= found[2],
            "{series:?} {rounding:?}: {shares:?} is worse than {found:?}"
        );
    }
}

#[test]
fn one_kind_of_tax_is_enough_for_every_order() {
    let shops: Vec<Shop> = recorded("woo-to-odoo");
    // A price with tax needs a rounding line seldom, a price without tax up to a third of the time.
    for (kind, most) in [("i", 10), ("e", 40)] {
        for series in EVERY_SERIES {
            for (rounding, digits) in [(TaxRounding::PerLine, 2), (TaxRounding::Globally, 6)] {
                let how = computing(series, rounding, digits, 2);
                let [_, _, rounded] = shares(&shops, &how, |shop| kinds(shop.rates(), &[kind]));
                assert!(rounded <= most, "{kind} {series:?} {rounding:?}: {rounded}");
            }
        }
    }
}
