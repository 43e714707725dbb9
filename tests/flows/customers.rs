//! Customers, the way back: nothing is told unless it is switched on and looked at; then an address
//! that changed in Odoo and the customer's id there reach the store, once.

use std::collections::BTreeMap;

use tandem_app::view::{
    CustomerItemView, CustomerPart, CustomerPlan, CustomerStands, CustomerWays, CustomersTold,
    JournalPhase, JournalStep, OrderState, RunState,
};
use tandem_app::{Code, FaultRule};
use tandem_domain::Address;
use tandem_sandbox::{ErpPartner, Fault, ShopCustomer, ShopStaff};
use tandem_tests::Desk;

const BOTH: CustomerWays = CustomerWays {
    address: true,
    mark: true,
};
const ADDRESS: CustomerWays = CustomerWays {
    address: true,
    mark: false,
};

/// An imported order of a registered customer.
#[derive(Debug, Clone)]
struct Buyer {
    order: String,
    customer: u64,
    number: String,
}

/// A desk with orders of registered customers in Odoo, oldest first, each customer once.
async fn sold(ways: CustomerWays) -> (Desk, Vec<Buyer>) {
    let desk = Desk::small().await;
    desk.fetch().await;
    let waiting = desk.orders_that(&[OrderState::Waiting]).await;
    let mut buyers: BTreeMap<u64, Buyer> = BTreeMap::new();
    {
        // Every order is somebody's newest: other orders would say other addresses.
        let world = &mut *desk.sandbox.world().lock();
        for row in waiting {
            let key: u64 = row.key.parse().expect("a number");
            let buyer = world.shop.orders[&key].customer.external_id.clone();
            let Some(customer) = buyer.and_then(|id| id.parse().ok()) else {
                continue;
            };
            let buyer = Buyer {
                order: row.key,
                customer,
                number: row.number,
            };
            buyers.entry(customer).or_insert(buyer);
        }
        for buyer in buyers.values() {
            let order = &world.shop.orders[&buyer.order.parse().expect("a number")];
            let known = ShopCustomer::of(order);
            world.shop.customers.insert(buyer.customer, known);
        }
    }
    let buyers: Vec<Buyer> = buyers.into_values().collect();
    assert!(buyers.len() >= 3, "the sandbox's story: {buyers:?}");
    let keys = buyers.iter().map(|buyer| buyer.order.clone()).collect();
    let end = desk.app.import_orders(&desk.store, keys).await;
    assert_eq!(end.expect("it ends").run.state, RunState::Done);
    let saved = desk.app.save_customer_ways(&desk.store, ways).await;
    saved.expect("saved");
    (desk, buyers)
}

/// The partner that the bill of an order goes to.
fn billed(desk: &Desk, buyer: &Buyer, change: impl FnOnce(&mut ErpPartner)) {
    let world = &mut *desk.sandbox.world().lock();
    let sales = &mut world.erp.sales;
    let mut orders = sales.orders.values();
    let order = orders.find(|order| order.number == buyer.number);
    let partner = order.expect("it is in Odoo").invoice_to;
    change(sales.partners.get_mut(&partner).expect("it is there"));
}

fn moves(partner: &mut ErpPartner) {
    "Block 9, Street 1, House 2".clone_into(&mut partner.street);
    "Jahra".clone_into(&mut partner.city);
}

fn in_store(desk: &Desk, buyer: &Buyer) -> ShopCustomer {
    let world = desk.sandbox.world().lock();
    world.shop.customer(buyer.customer).expect("there")
}

async fn plan(desk: &Desk) -> CustomerPlan {
    let plan = desk.app.customer_plan(&desk.store).await;
    plan.expect("both sides answer")
}

async fn tell(desk: &Desk, chosen: Option<Vec<String>>) -> CustomersTold {
    let told = desk.app.tell_customers(&desk.store, chosen).await;
    told.expect("it begins")
}

fn of<'a>(items: &'a [CustomerItemView], buyer: &Buyer) -> Vec<&'a CustomerItemView> {
    let customer = buyer.customer.to_string();
    items
        .iter()
        .filter(|item| item.customer == customer)
        .collect()
}

#[tokio::test]
async fn nothing_is_told_unless_it_is_switched_on() {
    let (desk, buyers) = sold(CustomerWays::default()).await;
    billed(&desk, &buyers[0], moves);
    let off = plan(&desk).await;
    assert_eq!((off.ways, off.items), (CustomerWays::default(), vec![]));
    assert!(tell(&desk, None).await.items.is_empty());
    let street = &in_store(&desk, &buyers[0]).billing.street;
    assert_ne!(street, &["Block 9, Street 1, House 2"]);
    let unchanged = in_store(&desk, &buyers[1]);
    assert!(unchanged.meta.is_empty());
}

#[tokio::test]
async fn an_address_and_an_id_reach_the_store_once_and_the_rest_stays() {
    let (desk, buyers) = sold(ADDRESS).await;
    assert_eq!(plan(&desk).await.items, [], "both sides agree");
    let before = in_store(&desk, &buyers[0]);
    billed(&desk, &buyers[0], moves);
    desk.app
        .save_customer_ways(&desk.store, BOTH)
        .await
        .expect("saved");
    let seen = plan(&desk).await;
    assert_eq!(seen.customers as usize, buyers.len());
    let marks = seen
        .items
        .iter()
        .filter(|item| item.part == CustomerPart::Mark);
    assert_eq!(marks.count(), buyers.len(), "everybody is somebody in Odoo");
    let parts: Vec<_> = of(&seen.items, &buyers[0]).iter().map(|i| i.part).collect();
    assert!(parts.contains(&CustomerPart::Billing), "{parts:?}");

    let told = tell(&desk, None).await;
    assert_eq!((told.run.state, told.moved), (RunState::Done, 0));
    assert_eq!(told.items.len(), seen.items.len());
    let done = told
        .items
        .iter()
        .all(|item| item.stands == CustomerStands::Told);
    assert!(done, "{:?}", told.items);
    let after = in_store(&desk, &buyers[0]);
    let expected = Address {
        street: vec!["Block 9, Street 1, House 2".to_owned()],
        city: Some("Jahra".to_owned()),
        ..before.billing.clone()
    };
    assert_eq!(after.billing, expected, "names and telephones stay");
    assert_eq!(after.meta.len(), 1);
    assert_eq!(plan(&desk).await.items, [], "nothing is told twice");
    assert!(tell(&desk, None).await.items.is_empty());
    let journal = desk.app.order_journal(&desk.store, &buyers[0].order).await;
    let lines = journal.expect("a journal");
    let lines = lines
        .iter()
        .filter(|line| line.step == JournalStep::StoreCustomer);
    let phases: Vec<_> = lines.map(|line| line.phase).collect();
    assert_eq!(phases, [JournalPhase::Intent, JournalPhase::Confirmed]);
}

#[tokio::test]
async fn what_changed_on_both_sides_is_written_only_if_it_is_chosen() {
    let (desk, buyers) = sold(ADDRESS).await;
    let (asked, own) = (&buyers[0], &buyers[1]);
    for buyer in [asked, own] {
        let mut moved = in_store(&desk, buyer);
        moved.billing.street = vec!["Block 1, Street 1, House 1".to_owned()];
        let shop = &mut desk.sandbox.world().lock().shop;
        shop.customers.insert(buyer.customer, moved);
    }
    billed(&desk, asked, moves);
    let seen = plan(&desk).await;
    assert!(
        of(&seen.items, own).is_empty(),
        "their next order tells Odoo"
    );
    let bill = |items: &[CustomerItemView]| {
        let mut bills = items
            .iter()
            .filter(|item| item.part == CustomerPart::Billing);
        let bill = bills.next().map(|item| (item.stands, item.id.clone()));
        assert!(bills.next().is_none(), "{items:?}");
        bill
    };
    let (stands, chosen) = bill(&seen.items).expect("one question");
    assert_eq!(stands, CustomerStands::Decide);
    // Where one address serves as both, the other one is told.
    let told = tell(&desk, None).await;
    assert_eq!(bill(&told.items), None, "not by itself");
    let street = in_store(&desk, asked).billing.street;
    assert_eq!(street, ["Block 1, Street 1, House 1"]);

    billed(&desk, asked, |partner| {
        "Hawalli".clone_into(&mut partner.city);
    });
    let late = tell(&desk, Some(vec![chosen.clone()])).await;
    assert_eq!((late.items, late.moved), (vec![], 1), "it moved since");
    let (_, now) = bill(&plan(&desk).await.items).expect("still one question");
    assert_ne!(now, chosen);
    let told = tell(&desk, Some(vec![now])).await;
    assert_eq!((told.items.len(), told.moved), (1, 0));
    let city = in_store(&desk, asked).billing.city;
    assert_eq!(city.as_deref(), Some("Hawalli"));
}

#[tokio::test]
async fn who_cannot_be_told_is_named_and_the_others_are_told() {
    let (desk, buyers) = sold(ADDRESS).await;
    let [deleted, archived, refused] = &buyers[..3] else {
        panic!("three at least");
    };
    for buyer in &buyers[..3] {
        billed(&desk, buyer, moves);
    }
    billed(&desk, archived, |partner| partner.archived = true);
    {
        let shop = &mut desk.sandbox.world().lock().shop;
        let gone = ShopCustomer {
            deleted: true,
            ..ShopCustomer::default()
        };
        shop.customers.insert(deleted.customer, gone);
        shop.staff = ShopStaff::Manager;
        shop.roles.insert(refused.customer, "editor".to_owned());
    }
    let seen = plan(&desk).await;
    let stands = |buyer| {
        of(&seen.items, buyer)
            .iter()
            .map(|i| i.stands)
            .collect::<Vec<_>>()
    };
    assert_eq!(stands(deleted), [CustomerStands::GoneFromStore]);
    assert_eq!(stands(archived), [CustomerStands::GoneFromOdoo]);
    let told = tell(&desk, None).await;
    assert_eq!(told.run.state, RunState::Done);
    let failed: Vec<_> = told
        .items
        .iter()
        .filter(|item| item.stands == CustomerStands::Failed)
        .map(|item| item.customer.clone())
        .collect();
    assert!(!failed.is_empty());
    assert!(
        failed
            .iter()
            .all(|who| *who == refused.customer.to_string())
    );
    let error = told.items.iter().find_map(|item| item.error.clone());
    assert_eq!(error.map(|error| error.code), Some(Code::UserLacksRight));
}

#[tokio::test]
async fn answers_that_are_lost_on_the_way_change_nothing_of_the_outcome() {
    let (desk, buyers) = sold(BOTH).await;
    for buyer in &buyers {
        billed(&desk, buyer, moves);
    }
    let faults = [
        Fault::AnswerLost,
        Fault::Html { status: 500 },
        Fault::Html { status: 200 },
    ];
    let rules = (0..).zip(faults).map(|(skip, fault)| FaultRule {
        path: "customers/".to_owned(),
        skip,
        times: Some(1),
        fault,
    });
    desk.misbehave("woocommerce", rules.collect());
    let told = tell(&desk, None).await;
    assert_eq!(told.run.state, RunState::Done, "{:?}", told.run.error);
    let done = told
        .items
        .iter()
        .all(|item| item.stands == CustomerStands::Told);
    assert!(done, "{:?}", told.items);
    for buyer in &buyers {
        let customer = in_store(&desk, buyer);
        assert_eq!(customer.billing.city.as_deref(), Some("Jahra"));
        assert_eq!(customer.meta.len(), 1, "one mark");
    }
    assert_eq!(plan(&desk).await.items, []);
}
