//! A product that charges are booked on is deleted or archived in Odoo after it was read.

use std::sync::Arc;

use tandem_domain::{Reference, Service, Until, VariantKey};
use tandem_store::Store;
use tandem_sync::import::{Importer, PlannedOrder, StoppedBy};

use crate::desk::{Desk, terms};
use crate::{at, importer, machine, planned, slug};

const GONE: VariantKey = VariantKey(900);

/// A plan that books its delivery on a product that was there when it was made.
fn plan() -> PlannedOrder {
    let mut plan = planned(Until::Draft);
    let delivery = plan.lines.iter_mut().find(|line| line.name == "Courier");
    delivery.expect("it is delivered").product = GONE;
    plan.made.insert(Service::Delivery, GONE);
    plan
}

fn desk() -> Desk {
    let desk = Desk::default();
    desk.books().gone.insert(GONE);
    desk
}

fn knowing() -> Arc<Store> {
    let store = machine();
    let mut terms = terms();
    terms.services.insert(Service::Delivery, GONE);
    store.save_sale_terms(&slug(), &terms, at()).expect("saved");
    store
}

#[tokio::test(start_paused = true)]
async fn one_that_was_deleted_is_made_again_on_the_way_and_for_the_next_orders() {
    let (desk, store) = (desk(), knowing());
    let first = importer(&store, &desk);
    let done = first.import(&plan()).await.expect("it goes in");
    let sold = done.sale.lines.iter().find(|line| line.name == "Courier");
    let made = sold.and_then(|line| line.product).expect("a product");
    assert_ne!(made, GONE);
    let terms = store.sale_terms(&slug()).expect("read").expect("saved");
    assert_eq!(terms.services.get(&Service::Delivery), Some(&made), "kept");

    let calls = desk.calls();
    let mut next = plan();
    next.reference = "tandem_abc.order_2".parse().expect("a reference");
    next.order.key = tandem_domain::OrderKey::new("2");
    let second = Importer {
        order: next.order.key.clone(),
        gathered: Arc::clone(&first.gathered),
        ..importer(&store, &desk)
    };
    let done = second.import(&next).await.expect("it goes in");
    assert!(
        done.sale
            .lines
            .iter()
            .any(|line| line.product == Some(made))
    );
    assert!(desk.calls() - calls < calls, "and is not refused first");
}

#[tokio::test(start_paused = true)]
async fn one_that_was_archived_is_named_and_nothing_is_made() {
    let (desk, store) = (desk(), knowing());
    let reference = Reference::service(Service::Delivery.key());
    desk.books()
        .references
        .insert(reference.to_string(), GONE.0);
    let stopped = importer(&store, &desk).import(&plan()).await;
    let stopped = stopped.expect_err("somebody has to bring it back");
    let named = matches!(&stopped.by, StoppedBy::ProductGone(name) if name == "Courier");
    assert!(named, "{stopped:?}");
    assert!(desk.books().sales.is_empty());
    desk.books().gone.clear();
    let done = importer(&store, &desk).import(&plan()).await;
    assert!(done.is_ok(), "it goes on once it is back: {done:?}");
}
