//! Customers whom Odoo knows, what a store wants told, and what was agreed on.

use tandem_domain::{Address, Customer, CustomerKey, ListingKey, Order, OrderKey, Place, SaleKey};
use tandem_store::{AgreedCustomer, CustomerWays, Import, Stage};

use crate::samples::{at, connect, connected, fetch_orders, order, shop};

fn bought(id: &str, seconds: i64, customer: Option<&str>, street: &str) -> Order<ListingKey> {
    Order {
        customer: Customer {
            external_id: customer.map(str::to_owned),
            ..Customer::default()
        },
        billing: Address {
            street: vec![street.to_owned()],
            ..Address::default()
        },
        ..order(id, "processing", seconds, &["7"])
    }
}

#[test]
fn a_customer_is_known_by_the_newest_order_that_is_in_odoo_as_it_went_in() {
    let store = connected();
    let orders = vec![
        bought("1", 10, Some("42"), "old street"),
        bought("2", 20, Some("42"), "as it is now"),
        bought("3", 30, Some("42"), "not in Odoo"),
        bought("4", 40, None, "a guest"),
        bought("5", 50, Some("43"), "deleted there"),
        bought("6", 60, Some("44"), "announced only"),
        bought("7", 5, Some("45"), "by another machine"),
    ];
    fetch_orders(&store, orders);
    let import = |id: &str, stage, record: Option<Order<ListingKey>>| Import {
        order: OrderKey::new(id),
        reference: format!("tandem_abc.order_{id}").parse().unwrap(),
        stage,
        sale: (stage != Stage::Sent).then(|| SaleKey(id.parse().unwrap())),
        sale_name: None,
        difference: None,
        record,
        stamped_at: None,
        error: None,
    };
    for import in [
        import("1", Stage::Done, None),
        import(
            "2",
            Stage::Done,
            Some(bought("2", 20, Some("42"), "as it went in")),
        ),
        import("4", Stage::Done, None),
        import("5", Stage::Gone, None),
        import("6", Stage::Sent, None),
        import("7", Stage::Uninvoiced, None),
    ] {
        store.save_import(&shop(), &import, at(1)).unwrap();
    }
    let linked = store.linked_customers(&shop()).unwrap();
    let linked: Vec<_> = linked
        .iter()
        .map(|one| (one.key.as_str(), one.sale.0, one.billing.street[0].as_str()))
        .collect();
    let expected = [("42", 2, "as it went in"), ("45", 7, "by another machine")];
    assert_eq!(linked, expected);
}

#[test]
fn nothing_is_told_until_it_is_wanted_and_what_was_agreed_on_goes_with_the_store() {
    let store = connected();
    assert_eq!(
        store.customer_ways(&shop()).unwrap(),
        CustomerWays::default()
    );
    let ways = CustomerWays {
        address: false,
        mark: true,
    };
    store.save_customer_ways(&shop(), ways).unwrap();
    assert_eq!(store.customer_ways(&shop()).unwrap(), ways);
    let agreed = |street: &str| AgreedCustomer {
        key: CustomerKey::new("42"),
        order: OrderKey::new("1"),
        billing: Place {
            street: vec![street.to_owned()],
            ..Place::default()
        },
        shipping: Place::default(),
    };
    for street in ["first", "last"] {
        let agreed = agreed(street);
        store.save_agreed_customer(&shop(), &agreed, at(1)).unwrap();
    }
    let kept = store.agreed_customers(&shop()).unwrap();
    assert_eq!(kept.into_values().collect::<Vec<_>>(), [agreed("last")]);
    store.remove_connection(&shop()).unwrap();
    connect(&store);
    assert_eq!(
        store.customer_ways(&shop()).unwrap(),
        CustomerWays::default()
    );
    assert!(store.agreed_customers(&shop()).unwrap().is_empty());
}
