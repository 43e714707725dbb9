//! The part of the simulation that every change is held against, and that it can fail.

use tandem_domain::Until;
use tandem_sandbox::World;

use super::chaos::{Fate, Sky, Weather};
use super::dice::Dice;
use super::machine::Machine;
use super::people::Deed;
use super::scene::{Scene, Setting};
use super::{ROADS, Sabotage, Tally, Wrong, alone, calm, every_point, seed, verdict};

#[test]
fn some_seeds_of_orders_lose_double_and_misprice_nothing() {
    let mut tally = Tally::default();
    for number in 1..=4 {
        match alone(seed(number, None)) {
            Ok(more) => tally += more,
            Err(wrong) => panic!("./dev sim orders --seed {number}: {wrong}"),
        }
    }
    assert!(tally.imported > 300, "most of them go in: {tally:?}");
    assert!(tally.deaths > 4, "machines die at work: {tally:?}");
    assert!(tally.touched > 4, "people meddle: {tally:?}");
}

/// One in eleven of the points of two roads; all of them and the other roads belong to the long run.
fn at_many_points(road: u64) {
    let tally = alone(every_point(road, 11)).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(tally.imported > 30, "{tally:?}");
    assert!(road < ROADS);
}

#[test]
fn whatever_happens_on_the_road_there_is_one_order_with_the_stores_total() {
    at_many_points(0);
}

/// Odoo adds up otherwise than it said, and a rounding line has to be put in.
#[test]
fn whatever_happens_while_a_total_is_corrected_it_is_corrected_once() {
    at_many_points(3);
}

/// What the first of some seeds finds that finds anything.
fn found_of(sabotage: Sabotage) -> Option<Wrong> {
    (1..=8).find_map(|number| alone(seed(number, Some(sabotage))).err())
}

#[test]
fn a_protocol_without_references_is_found_out() {
    let found = found_of(Sabotage::FreshReferences);
    assert!(matches!(found, Some(Wrong::Doubled(_))), "{found:?}");
}

#[test]
fn a_protocol_that_writes_over_what_is_there_is_found_out() {
    let found = found_of(Sabotage::WritesOver);
    assert!(matches!(found, Some(Wrong::Total(_))), "{found:?}");
}

/// As after somebody deleted it in Odoo, and a machine that knew nothing of it made it again and died.
#[test]
fn a_mark_that_names_another_order_is_set_anew() {
    alone(async {
        let scene = Scene::of_one(Setting::plain("18.0", Until::Draft)).await;
        let machine = Machine::new(&mut Dice::new(1));
        calm(&scene, &machine).await.expect("nothing fails");
        let marks = |scene: &Scene| -> Vec<String> {
            let world = scene.world.lock();
            let orders = world.shop.orders.values();
            orders
                .flat_map(|order| order.meta.iter().map(|mark| mark.1.clone()))
                .collect()
        };
        let (before, name) = {
            let before = marks(&scene);
            let world = &mut *scene.world.lock();
            let there = world.erp.sales.orders.values().next().expect("one");
            for mark in world
                .shop
                .orders
                .values_mut()
                .flat_map(|o| o.meta.iter_mut())
            {
                mark.1 = mark.1.replace(&there.name, "S99999");
            }
            (before, there.name.clone())
        };
        assert!(before.iter().any(|mark| mark.contains(&name)), "{before:?}");
        let newcomer = Machine::new(&mut Dice::new(2));
        calm(&scene, &newcomer).await.expect("nothing fails");
        assert_eq!(marks(&scene), before);
    });
}

#[test]
fn an_order_that_is_deleted_while_a_new_machine_looks_for_it_stays_deleted() {
    alone(async {
        let mut at = 0;
        loop {
            let scene = Scene::of_one(Setting::plain("18.0", Until::Draft)).await;
            let machine = Machine::new(&mut Dice::new(1));
            calm(&scene, &machine).await.expect("nothing fails");
            at += 1;
            let sky = Sky::new(Weather::Once(at, Fate::Person(Deed::Delete)));
            let newcomer = Machine::new(&mut Dice::new(2));
            let end = newcomer.lives(&scene, &sky, newcomer.clock(&scene)).await;
            assert!(end.is_some(), "nothing ends it");
            if sky.requests() < at {
                break;
            }
            let end = calm(&scene, &newcomer).await.expect("nothing fails");
            let tally = verdict::of(&scene, &newcomer, &end);
            let tally = tally.unwrap_or_else(|wrong| panic!("at request {at}: {wrong}"));
            assert_eq!((tally.touched, end.held.len()), (1, 1), "at request {at}");
        }
        assert!(at > 5, "an order is looked for in some requests: {at}");
    });
}

/// Goods that are invoiced once they are delivered, beside a delivery and a fee that are not.
#[test]
fn an_invoice_of_delivered_goods_comes_with_the_delivery_and_is_the_whole_order() {
    alone(async {
        for version in ["17.0", "18.0", "19.0"] {
            let scene = Scene::of_one(Setting::plain(version, Until::Posted)).await;
            let machine = Machine::new(&mut Dice::new(1));
            {
                let world = &mut *scene.world.lock();
                let goods = world.erp.variants.keys().copied();
                world.erp.sales.invoiced_on_delivery = goods.collect();
            }
            for _ in 0..2 {
                calm(&scene, &machine).await.expect("nothing fails");
                let world = scene.world.lock();
                assert!(
                    world.erp.sales.invoices.is_empty(),
                    "{version}: no part of it"
                );
                let order = world.shop.orders.values().next().expect("one");
                assert!(!order.meta.is_empty(), "{version}: marked");
            }
            {
                let world = &mut *scene.world.lock();
                let orders = world.erp.sales.orders.values_mut();
                for line in orders.flat_map(|order| &mut order.lines) {
                    line.delivered = line.quantity;
                }
                // Not every refusal is a wait.
                let words = "Please define an accounting sales journal.".to_owned();
                world.erp.sales.invoices_refused = Some(words);
            }
            let stopped = calm(&scene, &machine).await;
            assert!(stopped.is_err(), "{version}: it goes on later");
            scene.world.lock().erp.sales.invoices_refused = None;
            let end = calm(&scene, &machine).await.expect("nothing fails");
            verdict::of(&scene, &machine, &end).expect("billed once, whole, posted");
        }
    });
}

/// What the verdict says of one order that went in well and was tampered with afterwards.
fn verdict_on(tamper: impl Fn(&mut World)) -> Result<Tally, Wrong> {
    alone(async {
        let scene = Scene::of_one(Setting::plain("18.0", Until::Posted)).await;
        let machine = Machine::new(&mut Dice::new(1));
        let end = calm(&scene, &machine).await?;
        tamper(&mut scene.world.lock());
        verdict::of(&scene, &machine, &end)
    })
}

#[test]
fn the_verdict_sees_what_is_lost_doubled_and_mispriced() {
    assert_eq!(verdict_on(|_| {}).map(|tally| tally.imported), Ok(1));
    let doubled = verdict_on(|world| {
        let orders = &mut world.erp.sales.orders;
        let (row, order) = orders.last_key_value().expect("it went in");
        let (row, order) = (row + 1, order.clone());
        orders.insert(row, order);
    });
    assert!(matches!(doubled, Err(Wrong::Doubled(_))), "{doubled:?}");
    let lost = verdict_on(|world| {
        let row = *world.erp.sales.orders.keys().next().expect("it went in");
        world.erp.sales.delete_order(row);
    });
    assert!(matches!(lost, Err(Wrong::Lost(_))), "{lost:?}");
    let mispriced = verdict_on(|world| {
        let order = world.erp.sales.orders.values_mut().next();
        order.expect("it went in").total += rust_decimal::Decimal::new(1, 3);
    });
    assert!(matches!(mispriced, Err(Wrong::Total(_))), "{mispriced:?}");
    let billed_twice = verdict_on(|world| {
        let invoices = &mut world.erp.sales.invoices;
        let (row, invoice) = invoices.last_key_value().expect("it was billed");
        let (row, invoice) = (row + 1, invoice.clone());
        invoices.insert(row, invoice);
    });
    assert!(billed_twice.is_err(), "{billed_twice:?}");
    let unmarked = verdict_on(|world| {
        let order = world.shop.orders.values_mut().next();
        order.expect("it is in the shop").meta.clear();
    });
    assert!(matches!(unmarked, Err(Wrong::Other(_))), "{unmarked:?}");
}
