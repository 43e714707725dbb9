//! Orders that no shop should have: each goes in equal to the minor unit, or is held back for a
//! reason that names what is wrong, and all of them are accounted for.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};
use tandem_app::view::{
    AuditKind, AuditView, BlockerKind, BlockerView, OrderState, RunState, TodayQuery,
};
use tandem_sandbox::{ShopCharge, ShopLine, ShopOrder, ShopTax};
use tandem_tests::Desk;

/// What becomes of an order.
enum End {
    /// It is in Odoo, equal to the minor unit.
    Equal,
    /// It is held back for this, and a value of the reason's words says of what.
    Held(BlockerKind, &'static str),
}

struct Case {
    what: &'static str,
    spoil: fn(&mut ShopOrder),
    end: End,
}

/// The first order that is spoiled, and its siblings.
const FIRST: u64 = 900_000;

const CASES: [Case; 12] = [
    Case {
        what: "two thousand lines",
        spoil: |order| {
            let line = order.lines[0].clone();
            order.lines = (0..2_000)
                .map(|place| ShopLine {
                    id: 5_000_000 + place,
                    ..line.clone()
                })
                .collect();
        },
        end: End::Equal,
    },
    Case {
        what: "a negative fee",
        spoil: |order| {
            let line = &order.lines[0];
            let part = |amount: Decimal| (-amount / Decimal::TWO).round_dp(3);
            let taxes = line.taxes.iter().map(|tax| ShopTax {
                amount: part(tax.amount),
                ..tax.clone()
            });
            order.fees.push(ShopCharge {
                id: 5_100_000,
                name: "Goodwill".to_owned(),
                method: String::new(),
                total: part(line.total),
                taxes: taxes.collect(),
            });
        },
        end: End::Equal,
    },
    Case {
        what: "nothing to pay",
        spoil: |order| {
            for line in &mut order.lines {
                (line.total, line.taxes) = (Decimal::ZERO, Vec::new());
            }
            order.shipping_lines.clear();
        },
        end: End::Equal,
    },
    Case {
        what: "names of every script",
        spoil: |order| {
            let name = "👩‍🚀 كمال \u{202e}evil <b>José</b>";
            name.clone_into(&mut order.customer.name);
            name.clone_into(&mut order.billing.name);
            name.clone_into(&mut order.shipping.name);
            "شارع <i>5</i> 🏠".clone_into(&mut order.billing.street[0]);
            name.clone_into(&mut order.lines[0].name);
            "<script>alert(1)</script> & 💐".clone_into(&mut order.customer_note);
        },
        end: End::Equal,
    },
    Case {
        what: "entities in a name",
        spoil: |order| "Tom &amp; Jerry &#8211; \"5€\"".clone_into(&mut order.lines[0].name),
        end: End::Equal,
    },
    Case {
        what: "a country that is none",
        spoil: |order| order.billing.country = Some("ZZ".to_owned()),
        end: End::Held(BlockerKind::CountryUnknown, "ZZ"),
    },
    Case {
        what: "a deleted product",
        spoil: |order| {
            order.lines[0].listing = None;
            "The lost lamp".clone_into(&mut order.lines[0].name);
        },
        end: End::Held(BlockerKind::DeletedProduct, "The lost lamp"),
    },
    Case {
        what: "no pieces of a line",
        spoil: |order| {
            order.lines[0].quantity = Decimal::ZERO;
            "The empty box".clone_into(&mut order.lines[0].name);
        },
        end: End::Held(BlockerKind::AbsurdLine, "The empty box"),
    },
    Case {
        what: "money back on a line",
        spoil: |order| {
            let line = &mut order.lines[0];
            (line.total, line.taxes) = (-line.total, Vec::new());
            "The gift".clone_into(&mut line.name);
        },
        end: End::Held(BlockerKind::AbsurdLine, "The gift"),
    },
    Case {
        what: "nobody and no company",
        spoil: |order| {
            order.customer.name.clear();
            order.billing.name.clear();
            order.billing.company = None;
        },
        end: End::Held(BlockerKind::AddressIncomplete, "name"),
    },
    Case {
        what: "an amount past all sales",
        spoil: |order| {
            let line = &mut order.lines[0];
            (line.total, line.taxes) = (Decimal::MAX.trunc(), Vec::new());
            "The moon".clone_into(&mut line.name);
        },
        end: End::Held(BlockerKind::AbsurdLine, "The moon"),
    },
    Case {
        what: "a sum past all numbers",
        spoil: |order| {
            let mut line = order.lines[0].clone();
            (line.total, line.taxes) = (Decimal::MAX.trunc(), Vec::new());
            order.lines = (0..3)
                .map(|place| ShopLine {
                    id: 5_200_000 + place,
                    ..line.clone()
                })
                .collect();
        },
        end: End::Held(BlockerKind::AbsurdLine, ""),
    },
];

/// What the shop states for an order, from what is on it now.
fn ring_up(order: &mut ShopOrder) {
    let minor = order.currency.decimals();
    let round = |amount: Decimal| {
        amount.round_dp_with_strategy(minor, RoundingStrategy::MidpointAwayFromZero)
    };
    let lines = order.lines.iter().map(|line| (line.total, &line.taxes));
    let charges = order.shipping_lines.iter().chain(&order.fees);
    let charges = charges.map(|charge| (charge.total, &charge.taxes));
    let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
    for (total, taxes) in lines.chain(charges) {
        net = net.saturating_add(round(total));
        tax += round(taxes.iter().map(|tax| tax.amount).sum());
    }
    (order.total_tax, order.total) = (tax, net.saturating_add(tax));
}

/// The desk of a shop with all of them, none imported yet.
async fn desk() -> Desk {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.orders_that(&[OrderState::Waiting]).await;
    {
        let world = &mut *desk.sandbox.world().lock();
        let sound = rows.iter().filter(|row| row.status == "processing");
        let sound = sound.filter_map(|row| world.shop.orders.get(&row.key.parse().ok()?));
        let taxed = |order: &&ShopOrder| !order.lines[0].taxes.is_empty();
        let mut base = sound.clone().find(taxed).expect("one that waits").clone();
        base.lines.truncate(1);
        base.fees.clear();
        base.refunds.clear();
        base.coupons.clear();
        base.discount_total = Decimal::ZERO;
        base.modified = world.clock.now();
        for (key, case) in (FIRST..).zip(&CASES) {
            let mut order = base.clone();
            order.number = key.to_string();
            order.customer.email = Some(format!("{key}@mail.example"));
            (case.spoil)(&mut order);
            for line in &mut order.lines {
                line.subtotal = line.total;
            }
            ring_up(&mut order);
            world.shop.orders.insert(key, order);
        }
    }
    desk
}

/// All that was found out about the spoiled orders.
async fn all_the_road(desk: &Desk) -> (BTreeMap<String, Vec<BlockerView>>, AuditView) {
    desk.fetch().await;
    let keys: Vec<String> = (FIRST..)
        .zip(&CASES)
        .map(|(key, _)| key.to_string())
        .collect();
    for key in &keys {
        let shown = desk.app.order_detail(&desk.store, key).await;
        shown.unwrap_or_else(|error| panic!("{key} can be looked at: {error:?}"));
    }
    let today = desk.app.today(TodayQuery::default()).await;
    today.expect("the day can be looked at");
    let plan = desk.app.order_plan(&desk.store, keys.clone()).await;
    let plan = plan.expect("a plan");
    let end = desk.app.import_orders(&desk.store, keys).await;
    assert_eq!(end.expect("it ends").run.state, RunState::Done);
    let audit = desk
        .app
        .audit(&desk.store, "2020-01-01", "2040-01-01")
        .await;
    let held = plan.blocked.into_iter();
    let held = held.map(|order| (order.key, order.blockers)).collect();
    (held, audit.expect("an audit"))
}

#[tokio::test]
async fn bad_orders_go_in_equal_or_are_held_back_by_name() {
    let desk = desk().await;
    let (held, audit) = all_the_road(&desk).await;
    assert_eq!(audit.accounted, audit.store_orders, "nothing is lost");
    let world = desk.sandbox.world().lock();
    for (key, case) in (FIRST..).zip(&CASES) {
        let (what, key) = (case.what, key.to_string());
        let reasons = held.get(&key).map_or(&[][..], Vec::as_slice);
        let finding = audit.rows.iter().find(|row| row.key == key);
        match case.end {
            End::Equal => {
                assert!(reasons.is_empty(), "{what}: {reasons:?}");
                assert!(finding.is_none(), "{what}: {finding:?}");
                let shop = &world.shop.orders[&key.parse().expect("a number")];
                let mut sales = world.erp.sales.orders.values();
                let sale = sales.find(|sale| sale.number == key).expect(what);
                assert_eq!(sale.total, shop.total, "{what}: to the minor unit");
            }
            End::Held(kind, of) => {
                let [reason] = reasons else {
                    panic!("{what}: one reason: {reasons:?}");
                };
                assert_eq!(reason.kind, kind, "{what}: {reason:?}");
                let mut values = reason.params.values();
                assert!(values.any(|value| value.contains(of)), "{what}: {reason:?}");
                let finding = finding.expect(what);
                assert_eq!(finding.kind, AuditKind::Blocked, "{what}");
                assert_eq!(finding.blockers.len(), 1, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_floats_leave_behind_changes_no_amount() {
    let desk = desk().await;
    desk.sandbox.world().lock().shop.float_noise = Some(15);
    let (held, audit) = all_the_road(&desk).await;
    let names = |(key, reasons): (&String, &Vec<BlockerView>)| (key.clone(), reasons[0].kind);
    let held: Vec<_> = held.iter().map(names).collect();
    let expected = (FIRST..)
        .zip(&CASES)
        .filter_map(|(key, case)| match case.end {
            End::Held(kind, _) => Some((key.to_string(), kind)),
            End::Equal => None,
        });
    assert_eq!(held, expected.collect::<Vec<_>>());
    assert_eq!(audit.accounted, audit.store_orders, "nothing is lost");
    let strange = audit
        .rows
        .iter()
        .filter(|row| row.number.starts_with("9000"));
    assert_eq!(strange.count(), held.len(), "all others are equal");
}
