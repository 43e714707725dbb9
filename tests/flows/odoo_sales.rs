//! Odoo's side of selling when it is not as it was left: it cannot be read, or a product of ours
//! is no longer there.

use std::sync::Arc;

use tandem_app::view::{LogLevel, OrderState, RunState, RunStepName, RunStepState, RunView};
use tandem_app::{FaultRule, Sandbox, SandboxPlan};
use tandem_sandbox::Fault;
use tandem_tests::{Desk, outside};

/// A desk beside an Odoo 19, whose calls name what they ask about in their address.
async fn beside_a_19() -> Desk {
    let plan = SandboxPlan {
        seed: Some(Desk::SEED),
        listings: Some(300),
        ..SandboxPlan::default()
    };
    let sandbox = Sandbox::start(&plan, Arc::clone(&outside().clock)).await;
    let sandbox = sandbox.expect("loopback has free ports");
    "19.0".clone_into(&mut sandbox.world().lock().erp.version);
    Desk::join(sandbox, None).await
}

/// How the look at Odoo's sales ended.
fn sales_step(run: &RunView) -> RunStepState {
    let mut steps = run.steps.iter();
    let step = steps.find(|step| step.name == RunStepName::OdooSales);
    step.expect("a step of every fetch").state
}

#[tokio::test]
async fn a_fetch_that_may_not_read_sales_ends_well_and_says_so() {
    let desk = beside_a_19().await;
    let refused = FaultRule {
        path: "/json/2/account.tax".to_owned(),
        skip: 0,
        times: None,
        fault: Fault::Html { status: 403 },
    };
    desk.misbehave("odoo", vec![refused]);
    let run = desk.fetch().await;
    assert_eq!(sales_step(&run), RunStepState::Failed);
    let warnings: Vec<_> = run
        .log
        .iter()
        .filter(|line| line.level == LogLevel::Warning)
        .collect();
    let [warning] = warnings.as_slice() else {
        panic!("one warning: {warnings:?}");
    };
    assert_eq!(warning.code, "sales_unread");
    assert!(warning.params.contains_key("why"), "{:?}", warning.params);
    assert!(
        !desk.orders_that(&[OrderState::Waiting]).await.is_empty()
            || desk.counts().await.tabs.mapped > 0,
        "what both catalogues say is there"
    );

    desk.misbehave("odoo", Vec::new());
    let again = desk.fetch().await;
    assert_eq!(sales_step(&again), RunStepState::Done);
    assert!(!desk.orders_that(&[OrderState::Waiting]).await.is_empty());
}

#[tokio::test]
async fn a_product_of_ours_that_somebody_deleted_is_made_again_on_the_way() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let waiting = desk.orders_that(&[OrderState::Waiting]).await;
    let delivered: Vec<String> = {
        let world = desk.sandbox.world().lock();
        let keys = waiting.into_iter().map(|row| row.key);
        keys.filter(|key| {
            let order = &world.shop.orders[&key.parse().expect("a number")];
            order
                .shipping_lines
                .iter()
                .any(|charge| !charge.total.is_zero())
        })
        .collect()
    };
    let [first, second, ..] = delivered.as_slice() else {
        panic!("the sandbox's story has two orders that are delivered for money");
    };
    import(&desk, first).await;
    let before = ours(&desk);
    assert!(
        !before.is_empty(),
        "delivery is booked on a product of ours"
    );
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
