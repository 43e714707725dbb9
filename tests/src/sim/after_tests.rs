//! After the import: what the shop changed, cancelled and paid back, proposed, and done once it
//! is chosen.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_contract::{Erp, Query, Storefront};
use tandem_domain::{Clock, ListingKey, Order, Reference, Refund, Sale, Until};
use tandem_sandbox::{ErpInvoice, ShopOrder, ShopRefund, ShopRefundLine, ShopTax};
use tandem_sync::import::{Change, FollowUp, NotCredited, Settled, StoppedBy, prepare};

use super::chaos::{Sky, Weather};
use super::dice::Dice;
use super::machine::{self, Machine, Sides};
use super::scene::{Scene, Setting};
use super::{alone, calm, verdict};

/// One order that is in Odoo as far as it goes.
struct Desk {
    scene: Scene,
    machine: Machine,
    shop: Box<dyn Storefront>,
    odoo: Box<dyn Erp>,
}

/// What there is to do about it, and about what.
struct AtHand {
    order: Order<ListingKey>,
    sale: Sale,
    changes: Vec<Change>,
}

impl Desk {
    async fn open(until: Until) -> Self {
        let scene = Scene::of_one(Setting::plain("18.0", until)).await;
        let machine = Machine::new(&mut Dice::new(1));
        let end = calm(&scene, &machine).await.expect("nothing fails");
        assert!(end.held.is_empty(), "{:?}", end.held);
        let sky = Sky::new(Weather::Calm);
        let clock = Arc::clone(&scene.clock) as Arc<dyn Clock>;
        Self {
            shop: scene.storefront(&sky, Arc::clone(&clock)),
            odoo: scene.odoo(&sky, clock),
            scene,
            machine,
        }
    }

    /// Somebody in the shop does this to the order.
    fn in_shop(&self, act: impl FnOnce(&mut ShopOrder)) {
        let world = &mut *self.scene.world.lock();
        let now = world.clock.now();
        let order = world.shop.orders.values_mut().next().expect("one order");
        act(order);
        order.modified = now;
    }

    async fn look(&self) -> AtHand {
        let pulled = machine::pull(self.shop.as_ref()).await.expect("calm");
        let order = pulled.into_iter().next().expect("one order");
        let import = self.machine.known(&order.key).expect("it went in");
        let sales = self.odoo.sales().expect("this Odoo sells");
        let sale = sales.look(&[import.sale.expect("it is there")]).await;
        let sale = sale.expect("calm").pop().flatten().expect("it is there");
        let refunds = self.shop.refunds().expect("this shop pays back");
        let refunds = refunds.page(&Query::all(), None).await.expect("calm");
        let mut refunds: Vec<Refund> = refunds.items.into_iter().map(|row| row.record).collect();
        refunds.sort_by_key(|refund| refund.refunded_at);
        let of = |refund: &Refund| Reference::refund(&self.scene.uid, &refund.key);
        let references: Vec<Reference> = refunds.iter().map(of).collect();
        let found = sales.find(&references).await.expect("calm");
        let credited = refunds.iter().zip(found);
        let credited = credited.filter_map(|(refund, found)| found.map(|_| refund.key.clone()));
        let plan = prepare(&order, &self.scene.grounds(), None, "Shop").ok();
        let follow = FollowUp {
            uid: &self.scene.uid,
            then: import.record.as_ref().expect("it went in from here"),
            now: &order,
            sale: &sale,
            refunds: &refunds,
            credited: &credited.collect::<BTreeSet<_>>(),
            cancelled: order.status.as_str() == "cancelled",
            plan: plan.as_ref(),
        };
        let changes = follow.proposals(&self.scene.grounds(), Settled::default());
        AtHand {
            order,
            sale,
            changes,
        }
    }

    /// Does what was proposed.
    async fn choose(&self, at_hand: &AtHand, change: &Change) {
        let done = self.tries(at_hand, change).await;
        done.unwrap_or_else(|stopped| panic!("{stopped:?}"));
    }

    async fn tries(&self, at_hand: &AtHand, change: &Change) -> Result<Sale, StoppedBy> {
        let sides = Sides {
            scene: &self.scene,
            sales: self.odoo.sales().expect("this Odoo sells"),
            stamps: None,
            clock: self.machine.clock(&self.scene),
        };
        let mut import = self.machine.known(&at_hand.order.key).expect("it went in");
        let importer = self
            .machine
            .importer(&sides, &at_hand.order.key, &Arc::default());
        importer
            .follow_up((&at_hand.order, &mut import), at_hand.sale.clone(), change)
            .await
    }

    fn notes(&self) -> Vec<ErpInvoice> {
        let world = self.scene.world.lock();
        let invoices = world.erp.sales.invoices.values();
        invoices
            .filter(|row| row.kind == "out_refund")
            .cloned()
            .collect()
    }
}

/// One piece of a line, and half of the delivery, with their taxes.
fn in_part(order: &ShopOrder, place: usize) -> ShopRefund {
    let half = |amount: Decimal| (amount / Decimal::TWO).round_dp(3);
    let (line, carried) = (&order.lines[place], &order.shipping_lines[0]);
    let taxes = |taxes: &[ShopTax], part: &dyn Fn(Decimal) -> Decimal| -> Vec<ShopTax> {
        let row = |tax: &ShopTax| ShopTax {
            amount: part(tax.amount),
            before_discount: part(tax.amount),
            rate: tax.rate,
        };
        taxes.iter().map(row).collect()
    };
    let lines = vec![
        ShopRefundLine {
            id: 7_000 + 2 * place as u64,
            of: line.id,
            quantity: line.quantity,
            total: line.total,
            taxes: taxes(&line.taxes, &|amount| amount),
        },
        ShopRefundLine {
            id: 7_001 + 2 * place as u64,
            of: carried.id,
            quantity: Decimal::ZERO,
            total: half(carried.total),
            taxes: taxes(&carried.taxes, &half),
        },
    ];
    let tax = lines.iter().flat_map(|line| &line.taxes);
    let tax: Decimal = tax.map(|tax| tax.amount).sum();
    refund(
        9_000 + place as u64,
        lines.iter().map(|line| line.total).sum::<Decimal>() + tax,
        lines,
    )
}

fn refund(id: u64, amount: Decimal, lines: Vec<ShopRefundLine>) -> ShopRefund {
    ShopRefund {
        id,
        reason: "Arrived damaged".to_owned(),
        amount,
        created: crate::rig::Rig::start()
            + jiff::SignedDuration::from_secs(i64::try_from(id).unwrap_or(0)),
        lines,
    }
}

fn credit(changes: &[Change]) -> &Change {
    let [change @ Change::Credit { .. }] = changes else {
        panic!("one credit note: {changes:?}");
    };
    change
}

#[test]
fn two_refunds_of_goods_tax_and_delivery_are_each_credited_once_on_the_invoice() {
    alone(async {
        let desk = Desk::open(Until::Posted).await;
        let mut amounts = Vec::new();
        for place in [0, 1] {
            desk.in_shop(|order| {
                let refund = in_part(order, place);
                amounts.push(refund.amount);
                order.refunds.push(refund);
            });
            let before = verdict::books(&desk.scene);
            let at_hand = desk.look().await;
            let change = credit(&at_hand.changes);
            assert_eq!(
                verdict::books(&desk.scene),
                before,
                "a proposal does nothing"
            );
            desk.choose(&at_hand, change).await;
            // Another machine chose it as well.
            desk.choose(&at_hand, change).await;
            assert!(
                desk.look().await.changes.is_empty(),
                "seen again, nothing is left to do"
            );
        }
        let notes = desk.notes();
        let totals: Vec<Decimal> = notes.iter().map(|note| note.total).collect();
        assert_eq!(totals, amounts, "to the minor unit");
        let world = desk.scene.world.lock();
        let invoice = world
            .erp
            .sales
            .invoices
            .iter()
            .find(|(_, row)| row.kind == "out_invoice");
        let (invoice, _) = invoice.expect("it was billed");
        for (place, note) in notes.iter().enumerate() {
            assert_eq!(note.reverses, Some(*invoice), "of the right invoice");
            assert_eq!(note.state, "draft", "no money moves");
            let order = world.erp.sales.orders.values().next().expect("it is there");
            let goods = &order.lines[place];
            assert_eq!(note.lines[0].of, [goods.id], "the right line");
            assert_eq!(note.lines[0].taxes.is_empty(), goods.taxes.is_empty());
        }
    });
}

#[test]
fn all_of_an_order_paid_back_is_one_credit_note_of_its_total() {
    alone(async {
        let desk = Desk::open(Until::Posted).await;
        desk.in_shop(|order| order.refunds.push(refund(9_000, order.total, Vec::new())));
        let at_hand = desk.look().await;
        desk.choose(&at_hand, credit(&at_hand.changes)).await;
        let totals: Vec<Decimal> = desk.notes().iter().map(|note| note.total).collect();
        assert_eq!(totals, [at_hand.order.total.amount()]);
    });
}

/// Half of the delivery: no line of the order comes back, so that Odoo does not count the note
/// among the order's own.
#[test]
fn a_credit_note_that_takes_back_no_line_is_read_back_and_proved() {
    alone(async {
        let desk = Desk::open(Until::Posted).await;
        desk.in_shop(|order| {
            let mut refund = in_part(order, 0);
            let carried = refund.lines.split_off(1);
            let tax = carried.iter().flat_map(|line| &line.taxes);
            refund.amount = carried[0].total + tax.map(|tax| tax.amount).sum::<Decimal>();
            refund.lines = carried;
            order.refunds.push(refund);
        });
        let at_hand = desk.look().await;
        let change = credit(&at_hand.changes);
        desk.choose(&at_hand, change).await;
        let notes = desk.notes();
        let [note] = notes.as_slice() else {
            panic!("one note: {notes:?}");
        };
        assert!(note.lines.iter().all(|line| line.of.is_empty()), "{note:?}");
        let Change::Credit { refund, .. } = change else {
            panic!("{change:?}");
        };
        assert_eq!(note.total, refund.amount.amount());
        // Somebody edits the draft: chosen again, the proof fails.
        {
            let world = &mut *desk.scene.world.lock();
            let mut notes = world.erp.sales.invoices.values_mut();
            let note = notes.find(|row| row.kind == "out_refund").expect("made");
            note.total += Decimal::ONE;
        }
        let stopped = desk.tries(&at_hand, change).await.expect_err("it differs");
        assert!(matches!(stopped, StoppedBy::Differs(off) if off.amount() == Decimal::ONE));
    });
}

#[test]
fn what_cannot_be_credited_is_said_by_name() {
    alone(async {
        let why = |changes: &[Change]| match changes {
            [Change::NotCredited { why, .. }] => *why,
            other => panic!("one refund that waits: {other:?}"),
        };
        let desk = Desk::open(Until::Posted).await;
        desk.in_shop(|order| {
            let some = refund(9_000, Decimal::new(1, 1), Vec::new());
            order.refunds.push(some);
        });
        assert_eq!(why(&desk.look().await.changes), NotCredited::AmountOnly);
        let desk = Desk::open(Until::Invoiced).await;
        desk.in_shop(|order| order.refunds.push(in_part(order, 0)));
        assert_eq!(why(&desk.look().await.changes), NotCredited::NotPosted);
        let desk = Desk::open(Until::Confirmed).await;
        desk.in_shop(|order| order.refunds.push(in_part(order, 0)));
        assert!(desk.look().await.changes.is_empty(), "nothing was billed");
    });
}

#[test]
fn a_quotation_follows_the_shops_order_and_a_cancelled_one_is_cancelled() {
    alone(async {
        let desk = Desk::open(Until::Draft).await;
        desk.in_shop(|order| {
            let line = order.lines.pop().expect("three lines");
            let tax: Decimal = line.taxes.iter().map(|tax| tax.amount).sum();
            order.total -= line.total + tax;
            order.total_tax -= tax;
        });
        let at_hand = desk.look().await;
        let [change @ Change::Update { .. }] = at_hand.changes.as_slice() else {
            panic!("an update: {:?}", at_hand.changes);
        };
        desk.choose(&at_hand, change).await;
        let at_hand = desk.look().await;
        assert_eq!(at_hand.sale.head.total, at_hand.order.total);
        assert!(at_hand.changes.is_empty(), "{:?}", at_hand.changes);
        desk.in_shop(|order| "cancelled".clone_into(&mut order.status));
        let at_hand = desk.look().await;
        let [change @ Change::Cancel] = at_hand.changes.as_slice() else {
            panic!("a cancellation: {:?}", at_hand.changes);
        };
        desk.choose(&at_hand, change).await;
        assert!(desk.look().await.changes.is_empty());
    });
}
