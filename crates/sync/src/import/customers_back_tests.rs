//! What a store is told about its customers, case by case.

use std::collections::HashMap;

use tandem_domain::{
    Address, AddressRole, CustomerKey, CustomerMark, OrderKey, Partner, PartnerKey, Place,
    Province, SaleKey, StoreCustomer,
};
use tandem_store::{AgreedCustomer, CustomerWays, LinkedCustomer};

use super::{CustomerFacts, CustomerGrounds, NotTold, Parties, Telling, address, change_of};

const HOME: &str = "Via Roma 1";
const MOVED: &str = "Via Verdi 2";
const PARTNER: PartnerKey = PartnerKey(5);

fn place(street: &str) -> Place {
    Place {
        street: vec![street.to_owned()],
        postcode: Some("20121".to_owned()),
        city: Some("Milano".to_owned()),
        state: Some("MI".to_owned()),
        country: Some("IT".to_owned()),
    }
}

/// A customer at home in the store, in Odoo, and on the order that both know them by.
struct Case {
    store: Option<StoreCustomer>,
    odoo: Option<Place>,
    link: LinkedCustomer,
    agreed: Option<AgreedCustomer>,
    grounds: CustomerGrounds,
}

impl Case {
    fn new() -> Self {
        let key = CustomerKey::new("42");
        Self {
            store: Some(StoreCustomer {
                key: key.clone(),
                billing: place(HOME),
                shipping: Place::default(),
                mark: None,
                mark_shown: true,
            }),
            odoo: Some(place(HOME)),
            link: LinkedCustomer {
                key,
                name: "Anna Rossi".to_owned(),
                order: OrderKey::new("7"),
                number: "7".to_owned(),
                billing: place(HOME),
                shipping: Place::default(),
                sale: SaleKey(1),
            },
            agreed: None,
            grounds: CustomerGrounds {
                ways: CustomerWays {
                    address: true,
                    mark: false,
                },
                database: "prod".to_owned(),
                ..CustomerGrounds::default()
            },
        }
    }

    fn with(store: &str, odoo: &str) -> Self {
        let mut case = Self::new();
        if let Some(customer) = &mut case.store {
            customer.billing = place(store);
        }
        case.odoo = Some(place(odoo));
        case
    }

    fn facts(&self) -> CustomerFacts<'_> {
        CustomerFacts {
            link: &self.link,
            agreed: self.agreed.as_ref(),
            store: self.store.as_ref(),
            parties: Some(Parties {
                customer: PARTNER,
                invoice_to: PARTNER,
                deliver_to: PARTNER,
            }),
        }
    }

    /// What the store could be told, and what both agree on.
    fn said(&mut self) -> (Vec<Telling>, Option<Place>) {
        let partner = self.odoo.as_ref().map(|odoo| Partner {
            key: PARTNER,
            parent: None,
            role: "contact".to_owned(),
            name: "Rossi, Anna".to_owned(),
            email: None,
            address: Address {
                name: "Rossi, Anna".to_owned(),
                ..address(odoo)
            },
        });
        self.grounds.partners = partner
            .map(|partner| (PARTNER, partner))
            .into_iter()
            .collect();
        let said = self.facts().proposals(&self.grounds);
        let tellings = said.items.into_iter().map(|item| item.telling).collect();
        (tellings, said.is_news.then_some(said.agreed.billing))
    }
}

fn told(before: &str, after: Place, both_changed: bool) -> Telling {
    Telling::Address {
        role: AddressRole::Invoice,
        before: place(before),
        after,
        both_changed,
    }
}

#[test]
fn only_what_changed_in_odoo_is_told_and_what_changed_on_both_sides_is_asked() {
    let spelled = "via  ROMA 1";
    for (store, odoo, expected) in [
        (HOME, HOME, (vec![], None)),
        (HOME, spelled, (vec![], None)),
        (HOME, MOVED, (vec![told(HOME, place(MOVED), false)], None)),
        // The customer moved: their next order tells Odoo.
        (MOVED, HOME, (vec![], None)),
        (MOVED, MOVED, (vec![], Some(place(MOVED)))),
        (
            "Via Blu 3",
            MOVED,
            (vec![told("Via Blu 3", place(MOVED), true)], None),
        ),
    ] {
        assert_eq!(Case::with(store, odoo).said(), expected, "{store}, {odoo}");
    }
}

#[test]
fn what_was_told_once_is_what_both_agree_on_until_a_newer_order() {
    let agreed = |order: &str| AgreedCustomer {
        key: CustomerKey::new("42"),
        order: OrderKey::new(order),
        billing: place(MOVED),
        shipping: Place::default(),
    };
    // Told of MOVED, the customer went back home: nothing is written over that.
    let mut case = Case::with(HOME, MOVED);
    case.agreed = Some(agreed("7"));
    assert_eq!(case.said(), (vec![], None));
    case.agreed = Some(agreed("6"));
    let moved = vec![told(HOME, place(MOVED), false)];
    assert_eq!(case.said(), (moved, None), "the newer order said home");
}

#[test]
fn a_state_is_told_in_the_words_of_the_store() {
    let province = |code: &str| Province {
        code: code.to_owned(),
        name: code.to_owned(),
    };
    let at = |country: &str, state: Option<&str>, street: &[&str]| Place {
        street: street.iter().map(|line| (*line).to_owned()).collect(),
        state: state.map(str::to_owned),
        country: Some(country.to_owned()),
        ..place(MOVED)
    };
    for (country, known, odoo, expected) in [
        ("US", "US-CA", Some("CA"), Ok(Some("US-CA"))),
        ("US", "US-CA", Some("NY"), Ok(Some("US-NY"))),
        ("US", "US-CA", Some("TX"), Err(NotTold::StateUnknown)),
        ("US", "US-CA", None, Ok(None)),
        ("AE", "Dubai", Some("DU"), Ok(Some("DU"))),
    ] {
        let mut case = Case::new();
        let list = vec![province("US-CA"), province("US-NY")];
        case.grounds.provinces = HashMap::from([("US".to_owned(), list)]);
        let home = at(country, Some(known), &[HOME]);
        case.link.billing = home.clone();
        if let Some(customer) = &mut case.store {
            customer.billing = home.clone();
        }
        case.odoo = Some(at(country, odoo, &[MOVED]));
        let telling = match expected {
            Ok(state) => Telling::Address {
                role: AddressRole::Invoice,
                before: home,
                after: at(country, state, &[MOVED]),
                both_changed: false,
            },
            Err(why) => Telling::Not(why),
        };
        assert_eq!(case.said().0, [telling], "{country} {odoo:?}");
    }
    // The import put a state behind the street that Odoo does not know.
    let mut case = Case::new();
    let home = at("KW", Some("KW-KU"), &["Block 7", "Street 25"]);
    case.link.billing = home.clone();
    if let Some(customer) = &mut case.store {
        customer.billing = home.clone();
    }
    case.odoo = Some(at("KW", None, &["Block 7", "Street 25, KW-KU"]));
    assert_eq!(case.said(), (vec![], None), "the same");
    case.odoo = Some(at("KW", None, &["Block 8", "Street 25, KW-KU"]));
    let after = at("KW", Some("KW-KU"), &["Block 8", "Street 25"]);
    let telling = Telling::Address {
        role: AddressRole::Invoice,
        before: home,
        after,
        both_changed: false,
    };
    assert_eq!(case.said().0, [telling]);
}

#[test]
fn who_is_gone_is_named_and_nothing_is_emptied() {
    let mut gone = Case::with(HOME, MOVED);
    gone.store = None;
    assert_eq!(gone.said().0, [Telling::Not(NotTold::GoneFromStore)]);
    gone.odoo = Some(place(HOME));
    assert_eq!(gone.said().0, [], "there was nothing to tell them");
    gone.grounds.ways.mark = true;
    assert_eq!(gone.said().0, [Telling::Not(NotTold::GoneFromStore)]);

    let mut archived = Case::new();
    archived.odoo = None;
    archived.grounds.ways.mark = true;
    let both = archived.said().0;
    assert_eq!(both, [Telling::Not(NotTold::GoneFromOdoo)], "said once");

    let mut emptied = Case::new();
    emptied.odoo = Some(Place::default());
    assert_eq!(emptied.said(), (vec![], None));
}

#[test]
fn a_mark_is_told_once_and_both_ways_go_in_one_change() {
    let mut case = Case::with(HOME, MOVED);
    case.grounds.ways.mark = true;
    let (tellings, _) = case.said();
    let after = CustomerMark {
        partner: PARTNER,
        database: "prod".to_owned(),
    };
    let mark = Telling::Mark {
        before: None,
        after: after.clone(),
    };
    assert_eq!(tellings, [told(HOME, place(MOVED), false), mark]);
    let items = case.facts().proposals(&case.grounds).items;
    let change = change_of(&items).expect("something to write");
    assert_eq!(
        (change.billing, change.shipping),
        (Some(place(MOVED)), None)
    );
    assert_eq!(change.mark, Some(after.clone()));
    if let Some(customer) = &mut case.store {
        customer.mark = Some(after);
        customer.billing = place(MOVED);
    }
    assert_eq!(case.said(), (vec![], Some(place(MOVED))));
    // What is never shown could not be read back: it is said, and not written again and again.
    if let Some(customer) = &mut case.store {
        customer.mark = None;
        customer.mark_shown = false;
    }
    assert_eq!(case.said().0, [Telling::Not(NotTold::MarkHidden)]);
}
