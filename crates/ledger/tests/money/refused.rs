//! Orders that cannot be, each refused by its name; and odd ones that can.

use rust_decimal::Decimal;
use tandem_domain::{LineTax, ListingKey, Money, Order, Series, TaxLine, TaxRounding};
use tandem_ledger::{Computing, Fit, PartError, Rendering, TaxMap, Unrenderable, parts, render};

use crate::common::{both_kinds, computing, decimal, kinds, order_of, tax};
use crate::sound::sound;

fn how() -> Computing {
    computing(Series::V18, TaxRounding::PerLine, 2, 2)
}

fn rendered(order: &Order<ListingKey>, how: &Computing, map: &TaxMap) -> Rendering {
    let rendering = render(order, how, map).expect("this order can be");
    sound(order, how, map, &rendering);
    rendering
}

#[test]
fn a_tax_of_another_percentage_is_not_used() {
    let order = order_of("EUR", &[("1", "10.00", "22", "2.20")], &[]);
    let mut map = TaxMap::new();
    map.allow("22", tax("20e"));
    assert!(matches!(
        render(&order, &how(), &map),
        Err(Unrenderable::RateDiffers { rate, .. }) if rate == "22"
    ));
}

#[test]
fn a_percentage_that_the_shop_forgot_is_not_another_one() {
    let mut order = order_of(
        "EUR",
        &[("1", "10.00", "22", "2.20")],
        &[("5.00", "22", "1.10")],
    );
    order.tax_lines[0].percent = Decimal::ZERO;
    order.tax_lines[0].total = decimal("3.30");
    assert_eq!(
        rendered(&order, &how(), &both_kinds(["22"])).fit,
        Fit::Exact
    );
}

#[test]
fn a_tax_on_tax_needs_one_in_odoo() {
    // 5 % of 100.00, and 9.975 % of 105.00.
    let mut order = order_of(
        "CAD",
        &[("1", "100.00", "5", "5.00")],
        &[("20.00", "5", "1.00")],
    );
    for (taxes, amount) in [
        (&mut order.lines[0].taxes, "10.47"),
        (&mut order.charges[0].taxes, "2.09"),
    ] {
        taxes.push(LineTax {
            rate: "9.975".to_owned(),
            amount: decimal(amount),
        });
    }
    for rate in ["5", "9.975"] {
        order.tax_lines.push(TaxLine {
            rate: rate.to_owned(),
            label: rate.to_owned(),
            percent: decimal(rate),
            total: Decimal::ZERO,
        });
    }
    order.total_tax = Money::rounded(decimal("18.56"), order.currency);
    order.total = Money::rounded(decimal("138.56"), order.currency);
    let map = |first: &str| {
        let mut map = TaxMap::new();
        map.allow("5", tax(first));
        map.allow("9.975", tax("9.975e"));
        map
    };
    assert_eq!(rendered(&order, &how(), &map("5ec")).fit, Fit::Exact);
    assert!(matches!(
        render(&order, &how(), &map("5e")),
        Err(Unrenderable::TaxTooFar { .. })
    ));
}

#[test]
fn a_currency_that_odoo_rounds_more_coarsely_is_refused() {
    let order = order_of("KWD", &[("1", "10.125", "", "")], &[]);
    let coarse = Unrenderable::CurrencyTooCoarse {
        currency: order.currency,
        decimals: 2,
    };
    assert_eq!(render(&order, &how(), &TaxMap::new()), Err(coarse));
}

#[test]
fn prices_too_coarse_for_a_currency_are_refused_only_where_it_matters() {
    let how = computing(Series::V18, TaxRounding::PerLine, 2, 3);
    let fine = order_of(
        "KWD",
        &[("1", "5.000", "", ""), ("1", "1.125", "", "")],
        &[],
    );
    assert!(matches!(
        render(&fine, &how, &TaxMap::new()),
        Err(Unrenderable::PriceTooCoarse { digits: 2, needed: 3, line, .. }) if line.as_deref() == Some("1")
    ));
    let round = order_of("KWD", &[("2", "11.500", "22", "2.530")], &[]);
    assert_eq!(rendered(&round, &how, &both_kinds(["22"])).fit, Fit::Exact);
}

#[test]
fn the_line_that_differs_is_named() {
    // The third line bears the tax of another rate; the order adds up with it.
    let goods = [
        ("1", "10.00", "22", "2.20"),
        ("1", "20.00", "22", "4.40"),
        ("1", "30.00", "22", "3.00"),
    ];
    let order = order_of("EUR", &goods, &[]);
    for kind in ["i", "e"] {
        assert!(matches!(
            render(&order, &how(), &kinds(["22"], &[kind])),
            Err(Unrenderable::TaxTooFar { line, .. }) if line.as_deref() == Some("2")
        ));
    }
    // An Odoo that rounds the euro to whole ones could hold this total, but not these lines.
    let goods = ["3.00", "3.40", "3.30", "0.30"].map(|net| ("1", net, "", ""));
    let order = order_of("EUR", &goods, &[]);
    let whole = computing(Series::V18, TaxRounding::PerLine, 2, 0);
    assert!(matches!(
        render(&order, &whole, &TaxMap::new()),
        Err(Unrenderable::TotalTooFar { difference, line, .. })
            if difference.amount() == Decimal::ONE && line.as_deref() == Some("1")
    ));
}

#[test]
fn a_total_that_leaves_a_line_out_names_it() {
    let mut order = order_of(
        "EUR",
        &[("1", "10.00", "22", "2.20"), ("1", "7.00", "10", "0.70")],
        &[],
    );
    order.total = Money::rounded(decimal("12.20"), order.currency);
    assert!(matches!(
        parts(&order),
        Err(PartError::DoesNotAddUp { line, .. }) if line.as_deref() == Some("1")
    ));
}

#[test]
fn numbers_that_no_sale_has_are_refused() {
    for (quantity, net) in [
        ("10000000000000", "10.00"),
        ("1", "79228162514264337593543950"),
        ("-1", "10.00"),
        ("0", "10.00"),
    ] {
        let order = order_of("EUR", &[(quantity, net, "", "")], &[]);
        assert!(parts(&order).is_err(), "{quantity} for {net}");
    }
}

#[test]
fn odd_orders_that_can_be() {
    let map = both_kinds(["22", "10"]);
    // The noise of a float is not money.
    let noise = order_of(
        "EUR",
        &[("5", "29.949999999999999", "22", "6.589000000000001")],
        &[],
    );
    assert_eq!(
        rendered(&noise, &how(), &map).rounding.amount(),
        Decimal::ZERO
    );
    // All of it for nothing: its rate was never money, so nobody had to choose a tax for it.
    let gift = order_of(
        "EUR",
        &[("1", "0.00", "10", "0.00"), ("1", "9.00", "22", "1.98")],
        &[],
    );
    assert_eq!(rendered(&gift, &how(), &both_kinds(["22"])).fit, Fit::Exact);
    let free = order_of("EUR", &[("2", "0.00", "22", "0.00")], &[("0.00", "", "")]);
    assert_eq!(rendered(&free, &how(), &map).lines.len(), 2);
    // 2,000 lines.
    let goods = vec![("3", "10.00", "22", "2.20"); 2_000];
    let long = order_of("EUR", &goods, &[]);
    assert_eq!(
        rendered(&long, &how(), &map).expected.total,
        decimal("24400.00")
    );
}
