//! What orders cost in calls to Odoo, counted.

use std::sync::Arc;

use tandem_domain::{Clock, ListingKey, Order, Until};
use tandem_sync::import::import_all;

use super::chaos::{Sky, Weather};
use super::dice::Dice;
use super::machine::{self, Machine, Shift, Sides};
use super::scene::{Scene, Setting};
use super::{alone, calm, verdict};

/// Orders that go in together.
const MANY: usize = 40;

/// Calls for one order, and for many, of a customer whom Odoo knows with both addresses.
async fn calls(version: &'static str) -> (u32, u32) {
    let mut scene = Scene::of_one(Setting::plain(version, Until::Draft)).await;
    let machine = Machine::new(&mut Dice::new(1));
    calm(&scene, &machine).await.expect("the first one goes in");
    let again = orders_like_it(&scene);
    let (shops, odoos) = (Sky::new(Weather::Calm), Sky::new(Weather::Calm));
    let clock = Arc::clone(&scene.clock) as Arc<dyn Clock>;
    let (shop, odoo) = (
        scene.storefront(&shops, Arc::clone(&clock)),
        scene.odoo(&odoos, clock),
    );
    let sales = odoo.sales().expect("this Odoo sells");
    // What a fetch reads, and what does not change is known by now.
    scene.read_again(sales.terms().await.expect("calm"));
    let orders = machine::pull(shop.as_ref()).await.expect("calm");
    let orders: Vec<Order<ListingKey>> = orders
        .into_iter()
        .filter(|order| again.contains(&order.number))
        .collect();
    let shift = Shift::new(
        &machine,
        Sides {
            scene: &scene,
            sales,
            stamps: shop.stamps(),
            clock: machine.clock(&scene),
        },
    );
    let mut counted = Vec::new();
    for some in [&orders[..1], &orders[1..2], &orders[2..]] {
        let before = odoos.requests();
        let Ok(()) = import_all(&shift, some, 3).await;
        counted.push(odoos.requests() - before);
    }
    let end = shift.ended();
    assert!(end.left == 0 && end.held.is_empty(), "{end:?}");
    let tally = verdict::of(&scene, &machine, &end).expect("all are there, once");
    assert_eq!(tally.imported, 3 + MANY as u64);
    (counted[1], counted[2])
}

/// Places more orders of the same customer; returns their numbers.
fn orders_like_it(scene: &Scene) -> Vec<String> {
    let world = &mut *scene.world.lock();
    let (key, order) = world.shop.orders.last_key_value().expect("one order");
    let (key, order) = (*key, order.clone());
    let mut numbers = Vec::new();
    for more in 1..=2 + MANY as u64 {
        let mut order = order.clone();
        order.meta.clear();
        order.number = format!("{}-{more}", order.number);
        numbers.push(order.number.clone());
        world.shop.orders.insert(key + more, order);
    }
    numbers
}

#[test]
fn an_order_costs_six_calls_alone_and_little_more_than_its_own_among_forty() {
    for version in ["17.0", "18.0", "19.0"] {
        let (one, many) = alone(calls(version));
        assert_eq!(one, 6, "{version}: its creation, and five reads");
        let shared = many - u32::try_from(MANY).expect("forty");
        // Numbers, customers, addresses; and orders and lines of twenty, twice.
        assert_eq!(shared, 7, "{version}: read for all of them");
    }
}
