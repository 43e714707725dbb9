//! Refunds of orders made up by the thousand, and the few that need words.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{
    LineTax, ListingKey, Money, Order, OrderKey, Refund, RefundKey, RefundLine, SaleLineKey,
    Series, TaxRounding, Timestamp,
};
use tandem_ledger::{AmountOnly, Crediting, Origin, Rendering, Sold, Uncreditable, credit, render};

use crate::common::{both_kinds, computing, decimal, order_of};
use crate::made_up::{Case, Dice, Flaw, case};
use crate::sound::again;

/// What a shop writes down when it gives back `share` of a line's money and so many pieces.
fn given_back(
    order: &Order<ListingKey>,
    line: (&str, Decimal, &[LineTax]),
    (pieces, share): (Decimal, Decimal),
) -> RefundLine {
    let money = |amount: Decimal| Money::rounded(amount * share, order.currency).amount();
    let (id, total, taxes) = line;
    RefundLine {
        line: Some(id.to_owned()),
        quantity: pieces,
        total: money(total),
        taxes: taxes
            .iter()
            .map(|tax| LineTax {
                rate: tax.rate.clone(),
                amount: money(tax.amount),
            })
            .collect(),
    }
}

fn refund(order: &Order<ListingKey>, amount: Decimal, lines: Vec<RefundLine>) -> Refund {
    Refund {
        key: RefundKey::new("1"),
        order: OrderKey::new("1"),
        amount: Money::rounded(amount, order.currency),
        reason: Some("Returned".to_owned()),
        refunded_at: Timestamp::UNIX_EPOCH,
        lines,
    }
}

/// Some pieces of some lines, some money on others, delivery whole or in part.
fn some_of(order: &Order<ListingKey>, dice: &mut Dice) -> Refund {
    let mut lines = Vec::new();
    for line in &order.lines {
        let pieces = match dice.below(3) {
            0 => continue,
            1 if line.quantity >= Decimal::ONE => Decimal::ONE,
            _ => line.quantity,
        };
        let share = pieces / line.quantity;
        let pieces = if dice.percent(20) {
            Decimal::ZERO
        } else {
            pieces
        };
        let row = (line.id.as_str(), line.total, line.taxes.as_slice());
        lines.push(given_back(order, row, (pieces, share)));
    }
    for charge in &order.charges {
        let share = match dice.below(3) {
            0 => continue,
            1 => Decimal::ONE,
            _ => Decimal::new(5, 1),
        };
        let row = (charge.id.as_str(), charge.total, charge.taxes.as_slice());
        lines.push(given_back(order, row, (Decimal::ZERO, share)));
    }
    let amount: Decimal = lines
        .iter()
        .map(|line| line.total + line.taxes.iter().map(|tax| tax.amount).sum::<Decimal>())
        .sum();
    refund(order, amount, lines)
}

/// The order's lines in Odoo, nothing of them credited yet.
fn sold(rendering: &Rendering) -> Vec<Sold> {
    let lines = rendering.lines.iter().zip(1..);
    lines
        .map(|(line, key)| Sold {
            origin: line.origin.clone(),
            key: SaleLineKey(key),
            unit_price: line.unit_price,
            left: line.quantity,
        })
        .collect()
}

/// The credit note comes to the refund, and no line of the order gives more than it had.
fn sound(case: &Case, refund: &Refund, sold: &[Sold], credited: Rendering) {
    let number = &case.order.number;
    let rounding = credited.rounding.amount().abs() * case.units();
    assert!(rounding <= Decimal::from(credited.lines.len()), "{number}");
    let (credited, of) = credited
        .taking_back(sold, (&case.how, &case.map))
        .expect("plain taxes");
    assert_eq!(credited.lines.len(), of.len());
    let total = again(&case.how, &case.map, &credited.lines);
    assert_eq!(total, credited.expected, "{number}: computed again");
    assert_eq!(total.total, refund.amount.amount(), "{number}: the amount");
    let mut taken: BTreeMap<SaleLineKey, Decimal> = BTreeMap::new();
    for (line, key) in credited.lines.iter().zip(of) {
        let of_order = matches!(
            line.origin,
            Origin::Goods(_) | Origin::Shipping(_) | Origin::Fee(_)
        );
        assert_eq!(key.is_some(), of_order, "{number}: {line:?}");
        if let Some(key) = key {
            let own = sold
                .iter()
                .find(|sold| sold.key == key)
                .expect("of the order");
            assert_eq!(own.origin, line.origin, "{number}");
            *taken.entry(key).or_default() += line.quantity;
        }
    }
    let whole: Decimal = sold.iter().map(|sold| sold.left).sum();
    assert!(taken.values().sum::<Decimal>() <= whole, "{number}");
}

#[test]
fn every_refund_is_credited_to_the_minor_unit() {
    let mut credited = 0;
    for seed in 0..6_000 {
        let case = case(seed);
        if case.flaw != Flaw::None || case.coarse() {
            continue;
        }
        let Ok(rendering) = render(&case.order, &case.how, &case.map) else {
            continue;
        };
        let mut dice = Dice::new(seed);
        let sold = sold(&rendering);
        let some = some_of(&case.order, &mut dice);
        // Without the rebate, what comes back may be more than was paid.
        if some.amount.amount() <= Decimal::ZERO || some.amount.amount() > case.order.total.amount()
        {
            continue;
        }
        let earlier = [some.clone()];
        let left = case.order.total.amount() - some.amount.amount();
        let more = Crediting {
            like: Some(rendering.recipe),
            ..Crediting::default()
        };
        let after = Crediting {
            earlier: &earlier,
            ..more
        };
        let whole = refund(&case.order, case.order.total.amount(), Vec::new());
        for (refund, more) in [
            (some, &more),
            (refund(&case.order, left, Vec::new()), &after),
            (whole, &more),
        ] {
            match credit(&case.order, &refund, more, (&case.how, &case.map)) {
                Ok(lines) => {
                    sound(&case, &refund, &sold, lines);
                    credited += 1;
                }
                Err(Uncreditable::Nothing) => assert!(refund.amount.amount().is_zero()),
                Err(reason) => panic!("{seed}: {reason:?} for {refund:?}"),
            }
        }
    }
    assert!(credited > 15_000, "{credited}");
}

/// Three pieces and a delivery, of one rate.
fn parcel() -> Order<ListingKey> {
    order_of(
        "EUR",
        &[("3", "30.00", "22", "6.60")],
        &[("5.00", "22", "1.10")],
    )
}

fn crediting(amount_only: AmountOnly) -> Crediting<'static> {
    Crediting {
        amount_only,
        ..Crediting::default()
    }
}

fn credited(
    order: &Order<ListingKey>,
    refund: &Refund,
    more: &Crediting,
) -> Result<Rendering, Uncreditable> {
    let how = computing(Series::V18, TaxRounding::PerLine, 2, 2);
    credit(order, refund, more, (&how, &both_kinds(["22", "10"])))
}

#[test]
fn money_without_pieces_and_part_of_a_charge_leave_the_order_alone() {
    let order = parcel();
    let line = |id: &str, pieces: &str, total: &str, tax: &str| RefundLine {
        line: Some(id.to_owned()),
        quantity: decimal(pieces),
        total: decimal(total),
        taxes: vec![LineTax {
            rate: "22".to_owned(),
            amount: decimal(tax),
        }],
    };
    for (back, amount, origin) in [
        (
            line("0", "1", "10.00", "2.20"),
            "12.20",
            Origin::Goods("0".to_owned()),
        ),
        (
            line("0", "0", "10.00", "2.20"),
            "12.20",
            Origin::Allowance("0".to_owned()),
        ),
        (
            line("1", "0", "5.00", "1.10"),
            "6.10",
            Origin::Shipping("1".to_owned()),
        ),
        (
            line("1", "0", "2.00", "0.44"),
            "2.44",
            Origin::Allowance("1".to_owned()),
        ),
    ] {
        let refund = refund(&order, decimal(amount), vec![back]);
        let credited = credited(&order, &refund, &Crediting::default()).expect("sound");
        assert_eq!(credited.lines.len(), 1);
        assert_eq!(credited.lines[0].origin, origin);
        assert_eq!(credited.expected.total, decimal(amount));
    }
}

#[test]
fn an_amount_without_lines_is_the_rest_or_waits_for_a_decision() {
    let order = parcel();
    let some = refund(&order, decimal("12.20"), Vec::new());
    assert_eq!(
        credited(&order, &some, &Crediting::default()),
        Err(Uncreditable::AmountOnly {
            amount: some.amount
        })
    );
    let one = credited(&order, &some, &crediting(AmountOnly::OneLine)).expect("one rate");
    assert_eq!(one.lines.len(), 1);
    assert_eq!(one.lines[0].origin, Origin::Amount);
    assert_eq!(
        (one.expected.total, one.expected.tax),
        (decimal("12.20"), decimal("2.20"))
    );

    let whole = refund(&order, order.total.amount(), Vec::new());
    let whole = credited(&order, &whole, &Crediting::default()).expect("all of it");
    assert_eq!(whole.expected.tax, order.total_tax.amount());
    assert_eq!(whole.lines.len(), 2);

    let mixed = order_of(
        "EUR",
        &[("1", "10.00", "22", "2.20"), ("1", "10.00", "10", "1.00")],
        &[],
    );
    let some = refund(&mixed, decimal("5.00"), Vec::new());
    assert_eq!(
        credited(&mixed, &some, &crediting(AmountOnly::OneLine)),
        Err(Uncreditable::WhichTax {
            amount: some.amount
        })
    );
}

#[test]
fn a_refund_that_cannot_be_is_refused_by_name() {
    let order = parcel();
    let line = |id: Option<&str>, pieces: &str, total: &str| RefundLine {
        line: id.map(str::to_owned),
        quantity: decimal(pieces),
        total: decimal(total),
        taxes: Vec::new(),
    };
    let refused = |amount: &str, lines: Vec<RefundLine>| {
        let refund = refund(&order, decimal(amount), lines);
        credited(&order, &refund, &Crediting::default()).expect_err("no such refund")
    };
    assert!(matches!(
        refused("30.00", vec![line(Some("0"), "50", "30.00")]),
        Uncreditable::MoreThanSold { line, .. } if line == "0"
    ));
    assert!(matches!(
        refused("30.00", vec![line(None, "1", "30.00")]),
        Uncreditable::UnknownLine { line: None }
    ));
    assert!(matches!(
        refused("20.00", vec![line(Some("0"), "1", "10.00")]),
        Uncreditable::DoesNotAddUp { difference } if difference.amount() == decimal("10.00")
    ));
    assert!(matches!(refused("0", Vec::new()), Uncreditable::Nothing));
    assert!(matches!(
        refused("99.00", Vec::new()),
        Uncreditable::MoreThanPaid { .. }
    ));
}

#[test]
fn a_line_that_takes_back_two_lines_of_the_order_is_cut_where_that_changes_nothing() {
    let order = order_of("EUR", &[("3", "10.00", "22", "2.20")], &[]);
    let how = computing(Series::V18, TaxRounding::PerLine, 2, 2);
    let map = crate::common::kinds(["22"], &["e"]);
    let rendering = render(&order, &how, &map).expect("10.00 for three");
    let sold = sold(&rendering);
    let pieces: Vec<Decimal> = sold.iter().map(|sold| sold.left).collect();
    assert_eq!(
        pieces,
        [Decimal::TWO, Decimal::ONE],
        "2 x 3.33 and 1 x 3.34"
    );
    let take = |net: &str, tax: &str| {
        let back = RefundLine {
            line: Some("0".to_owned()),
            quantity: decimal("3"),
            total: decimal(net),
            taxes: vec![LineTax {
                rate: "22".to_owned(),
                amount: decimal(tax),
            }],
        };
        let refund = refund(&order, decimal(net) + decimal(tax), vec![back]);
        let credited = credit(&order, &refund, &Crediting::default(), (&how, &map));
        let credited = credited.expect("a price for three");
        assert_eq!(credited.lines.len(), 1, "three of one price");
        let (credited, of) = credited.taking_back(&sold, (&how, &map)).expect("plain");
        assert_eq!(credited.expected.total, refund.amount.amount());
        let pieces: Vec<Decimal> = credited.lines.iter().map(|line| line.quantity).collect();
        (pieces, of)
    };
    let (first, second) = (Some(sold[0].key), Some(sold[1].key));
    assert_eq!(take("9.00", "1.98"), (pieces, vec![first, second]));
    // 0.07 of tax on 0.30, but 0.04 on 0.20 and 0.02 on 0.10.
    assert_eq!(take("0.30", "0.07"), (vec![decimal("3")], vec![first]));
}
