//! Registered customers: read whatever their role, told where they live and who they are in Odoo,
//! and what a shop refuses of it.

use serde_json::{Value, json};
use tandem_connector_woocommerce::fake;
use tandem_contract::http::InProcess;
use tandem_contract::{Cause, Storefront};
use tandem_domain::{CustomerChange, CustomerKey, CustomerMark, PartnerKey, Place, Province};
use tandem_sandbox::{Fault, Faults, Rule, SharedWorld, ShopCustomer, ShopStaff, World};

use crate::common::{PASSWORD, READ_KEY, Watched, clock, connect, in_process, world};

/// The customer of the only order.
const BUYER: u64 = 7;

fn shop_with_buyer() -> World {
    let mut world = world();
    for order in world.shop.orders.values_mut() {
        order.customer.external_id = Some(BUYER.to_string());
    }
    world
}

fn key() -> CustomerKey {
    CustomerKey::new(BUYER.to_string())
}

fn change() -> CustomerChange {
    CustomerChange {
        key: key(),
        billing: Some(Place {
            street: vec!["Via Verdi 2".to_owned(), "Scala B".to_owned()],
            postcode: Some("00184".to_owned()),
            city: Some("Roma".to_owned()),
            state: Some("RM".to_owned()),
            country: Some("IT".to_owned()),
        }),
        shipping: None,
        mark: Some(CustomerMark {
            partner: PartnerKey(12),
            database: "prod".to_owned(),
        }),
    }
}

fn shop_on(world: &SharedWorld, spy: Option<&Faults>) -> Box<dyn Storefront> {
    let router = fake(world.clone());
    let router = spy.map_or(router.clone(), |faults| faults.wrap(router));
    connect(
        "https://shop.example",
        PASSWORD,
        InProcess::new(router),
        clock(),
    )
}

#[tokio::test]
async fn a_customer_is_told_what_changed_and_keeps_the_rest() {
    let shared = SharedWorld::new(shop_with_buyer());
    let shop = shop_on(&shared, None);
    let customers = shop.customers().expect("it opens its customers");
    let before = customers.look(&[key()]).await.expect("an answer");
    let before = before[0].clone().expect("there");
    assert_eq!(before.mark, None);
    let now = customers.put(&change()).await.expect("told");
    assert!(change().holds(&now), "{now:?}");
    assert_eq!(now.shipping, before.shipping, "nobody spoke of it");
    let again = customers.look(&[key()]).await.expect("an answer");
    assert_eq!(again, [Some(now)], "and it is kept");
    let kept = shared.lock().shop.customer(BUYER).expect("there");
    let order = shared.lock().shop.orders.values().next().cloned();
    let billing = order.expect("an order").billing;
    assert_eq!(kept.billing.name, billing.name, "names stay");
    assert_eq!(kept.billing.phone, billing.phone, "telephones stay");
    assert_eq!(kept.meta.len(), 1, "one mark");
}

#[tokio::test]
async fn nothing_is_sent_but_what_a_change_names() {
    let stand = InProcess::new(fake(SharedWorld::new(shop_with_buyer())));
    let spy = Watched::new(stand);
    let shop = connect("https://shop.example", PASSWORD, spy.clone(), clock());
    let customers = shop.customers().expect("it opens its customers");
    customers.put(&change()).await.expect("told");
    let sent = spy.take();
    let put = sent.iter().find(|request| request.method == "PUT");
    let body: Value = serde_json::from_slice(&put.expect("it was sent").body).expect("JSON");
    let billing = json!({
        "address_1": "Via Verdi 2", "address_2": "Scala B", "city": "Roma", "state": "RM",
        "postcode": "00184", "country": "IT",
    });
    let mark = json!([{"key": "tandem", "value": {"partner": 12, "database": "prod"}}]);
    assert_eq!(body, json!({"billing": billing, "meta_data": mark}));
}

#[tokio::test]
async fn roles_keys_and_deleted_accounts_are_refused_by_name() {
    let mut staff = shop_with_buyer();
    staff.shop.roles.insert(BUYER, "wholesale".to_owned());
    staff.shop.staff = ShopStaff::Manager;
    let shop = in_process(staff, PASSWORD);
    let customers = shop.customers().expect("it opens its customers");
    let found = customers.look(&[key()]).await.expect("an answer");
    let found = found[0].as_ref().expect("read, whatever their role");
    assert!(!found.mark_shown, "fields are for administrators");
    let refused = customers.put(&change()).await.expect_err("not a plain one");
    assert_eq!(refused.cause, Cause::UserLacksRight);

    let shop = in_process(shop_with_buyer(), READ_KEY);
    let customers = shop.customers().expect("it opens its customers");
    let refused = customers.put(&change()).await.expect_err("read only");
    assert_eq!(refused.cause, Cause::KeyMayNotWrite);

    let mut gone = shop_with_buyer();
    let deleted = ShopCustomer {
        deleted: true,
        ..ShopCustomer::default()
    };
    gone.shop.customers.insert(BUYER, deleted);
    let shop = in_process(gone, PASSWORD);
    let customers = shop.customers().expect("it opens its customers");
    let unknown = CustomerKey::new("999");
    let found = customers.look(&[key(), unknown]).await.expect("an answer");
    assert_eq!(found, [None, None]);
    let refused = customers.put(&change()).await.expect_err("nobody");
    assert_eq!(refused.cause, Cause::NotFound);
}

#[tokio::test]
async fn states_are_told_as_the_shop_spells_them() {
    let shop = in_process(world(), PASSWORD);
    let customers = shop.customers().expect("it opens its customers");
    let cairo = Province {
        code: "EGC".to_owned(),
        name: "Cairo".to_owned(),
    };
    let egypt = customers.provinces("EG").await.expect("an answer");
    assert!(egypt.contains(&cairo), "{egypt:?}");
    for country in ["KW", "ZZ"] {
        let none = customers.provinces(country).await.expect("an answer");
        assert_eq!(none, [], "{country}");
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_is_no_failure_of_the_customer() {
    for (fault, cause) in [
        (Fault::AnswerLost, Cause::AnswerLost),
        (Fault::Html { status: 500 }, Cause::ServerFailed),
        (Fault::Html { status: 200 }, Cause::HtmlInstead),
    ] {
        let shared = SharedWorld::new(shop_with_buyer());
        let rule = Rule {
            path: "customers/".to_owned(),
            skip: 0,
            times: Some(1),
            fault: fault.clone(),
        };
        let shop = shop_on(&shared, Some(&Faults::new(vec![rule])));
        let customers = shop.customers().expect("it opens its customers");
        customers.look(&[key()]).await.expect("a way in is found");
        let lost = customers.put(&change()).await.expect_err("no answer");
        assert_eq!(lost.cause, cause, "{fault:?}");
        let there = customers.look(&[key()]).await.expect("an answer");
        let there = there[0].as_ref().expect("there");
        let done = matches!(fault, Fault::AnswerLost);
        assert_eq!(change().holds(there), done, "{fault:?}");
        let now = customers.put(&change()).await.expect("told again");
        assert!(change().holds(&now));
    }
}
