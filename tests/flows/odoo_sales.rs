//! Odoo's side of selling when it is not as it was left: it cannot be read, or a product of ours
//! is no longer there.

use tandem_app::view::{
    LogLevel, LogLine, OrderState, RunState, RunStepName, RunStepState, RunView,
};
use tandem_tests::Desk;

/// How the look at Odoo's sales ended.
fn sales_step(run: &RunView) -> RunStepState {
    let mut steps = run.steps.iter();
    let step = steps.find(|step| step.name == RunStepName::OdooSales);
    step.expect("a step of every fetch").state
}

#[tokio::test]
async fn a_fetch_that_cannot_read_sales_ends_well_and_says_so() {
    let desk = Desk::small().await;
    let modules = desk.sandbox.world().lock().erp.modules.clone();
    let without = modules.iter().filter(|name| !name.starts_with("sale"));
    desk.sandbox.world().lock().erp.modules = without.cloned().collect();
    let run = desk.fetch().await;
    assert_eq!(sales_step(&run), RunStepState::Failed);
    let warned = |line: &&LogLine| line.level == LogLevel::Warning;
    let warnings: Vec<_> = run.log.iter().filter(warned).collect();
    let [warning] = warnings.as_slice() else {
        panic!("one warning: {warnings:?}");
    };
    assert_eq!(warning.code, "sales_unread");
    assert!(warning.params.contains_key("why"), "{:?}", warning.params);
    assert!(desk.counts().await.tabs.mapped > 0, "catalogues are there");

    desk.sandbox.world().lock().erp.modules = modules;
    let again = desk.fetch().await;
    assert_eq!(sales_step(&again), RunStepState::Done);
    assert!(!desk.orders_that(&[OrderState::Waiting]).await.is_empty());
}

#[tokio::test]
async fn a_product_of_ours_that_somebody_deleted_is_made_again_on_the_way() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let waiting = desk.orders_that(&[OrderState::Waiting]).await;
    let charged: Vec<String> = {
        let world = desk.sandbox.world().lock();
        let keys = waiting.into_iter().map(|row| row.key);
        keys.filter(|key| {
            let order = &world.shop.orders[&key.parse().expect("a number")];
            !order.fees.is_empty()
        })
        .collect()
    };
    let [first, second, ..] = charged.as_slice() else {
        panic!("the sandbox's story has two orders with fees");
    };
    import(&desk, first).await;
    let before = ours(&desk);
    assert!(!before.is_empty(), "fees are booked on a product of ours");
    {
        let world = &mut *desk.sandbox.world().lock();
        for (name, id) in &before {
            world.erp.sales.external_ids.remove(name);
            world.erp.variants.remove(id);
        }
    }
    import(&desk, second).await;
    let after = ours(&desk);
    let names =
        |all: &[(String, i64)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&after), names(&before), "under the same names");
    assert!(after.iter().all(|made| !before.contains(made)), "{after:?}");
}

/// Imports one order, which must be in Odoo afterwards with the store's total.
async fn import(desk: &Desk, key: &str) {
    let end = desk
        .app
        .import_orders(&desk.store, vec![key.to_owned()])
        .await;
    let end = end.expect("it ends");
    assert_eq!(end.run.state, RunState::Done, "{:?}", end.run.error);
    let detail = desk.app.order_detail(&desk.store, key).await;
    let state = detail.expect("the order").row.state;
    assert_eq!(state, OrderState::Imported, "{:?}", end.orders);
}

/// Products that Tandem made in Odoo: their names outside, and their ids.
fn ours(desk: &Desk) -> Vec<(String, i64)> {
    let world = desk.sandbox.world().lock();
    let all = world.erp.sales.external_ids.iter();
    all.filter(|(_, (model, _))| model == "product.product")
        .map(|(name, (_, id))| (name.clone(), *id))
        .collect()
}
