//! Telling a store about its customers is interrupted at every call in every way, and goes on: each
//! is told once, and what nobody chose stays as it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::{Customers, Result};
use tandem_domain::{
    Address, CustomerChange, CustomerKey, OrderKey, Partner, PartnerKey, Place, Province,
    SaleDraft, SaleKey, StoreCustomer,
};
use tandem_store::{CustomerWays, LinkedCustomer, Phase, Store};
use tandem_sync::import::{CustomerGrounds, Importer, StoppedBy, hold_customers};

use crate::desk::{Desk, FATES, Fate, blank, euro};
use crate::{at, importer, machine, slug};

const PEOPLE: [&str; 3] = ["41", "42", "43"];

#[async_trait]
impl Customers for Desk {
    async fn look(&self, customers: &[CustomerKey]) -> Result<Vec<Option<StoreCustomer>>> {
        self.call(|books| {
            let look = |key: &CustomerKey| books.customers.get(key).cloned();
            Ok(customers.iter().map(look).collect())
        })
        .await
    }

    async fn provinces(&self, _country: &str) -> Result<Vec<Province>> {
        Ok(Vec::new())
    }

    async fn put(&self, change: &CustomerChange) -> Result<StoreCustomer> {
        self.call(|books| {
            let customer = books
                .customers
                .get_mut(&change.key)
                .expect("nobody deletes");
            let mut now = customer.clone();
            now.billing = change.billing.clone().unwrap_or(now.billing);
            now.mark = change.mark.clone().or(now.mark);
            books.told += u32::from(now != *customer);
            *customer = now.clone();
            Ok(now)
        })
        .await
    }
}

fn address(street: &str) -> Address {
    Address {
        street: vec![street.to_owned()],
        city: Some("Milano".to_owned()),
        country: Some("IT".to_owned()),
        ..Address::default()
    }
}

fn links() -> Vec<LinkedCustomer> {
    let link = |(number, key): (i64, &str)| LinkedCustomer {
        key: CustomerKey::new(key),
        name: String::new(),
        order: OrderKey::new(key),
        number: key.to_owned(),
        billing: Place::from(&address("Via Roma 1")),
        shipping: Place::default(),
        sale: SaleKey(number),
    };
    (1..).zip(PEOPLE).map(link).collect()
}

/// Three customers, of whom the first two moved in Odoo.
fn street() -> Desk {
    let desk = Desk::default();
    {
        let mut books = desk.books();
        for link in links() {
            let key = link.sale.0;
            let moved = if key == 3 {
                "Via Roma 1"
            } else {
                "Via Verdi 2"
            };
            let partner = Partner {
                key: PartnerKey(key),
                parent: None,
                role: "contact".to_owned(),
                name: String::new(),
                email: None,
                address: address(moved),
            };
            let order = SaleDraft {
                reference: "tandem_abc.order_1".parse().expect("a reference"),
                partner: partner.key,
                invoice_to: partner.key,
                deliver_to: partner.key,
                number: link.number,
                origin: String::new(),
                placed_at: at(),
                pricelist: None,
                currency: euro(),
                carrier: None,
                note: None,
                lines: Vec::new(),
            };
            books.sales.insert(key, blank(key, &order));
            books.partners.insert(key, partner);
            let customer = StoreCustomer {
                key: link.key.clone(),
                billing: link.billing,
                shipping: Place::default(),
                mark: None,
                mark_shown: true,
            };
            books.customers.insert(link.key, customer);
        }
    }
    desk
}

/// Tells all that goes by itself, until the machine dies; `None` when it did.
async fn told(store: &Arc<Store>, desk: &Desk) -> Option<std::result::Result<(), StoppedBy>> {
    let tell = async {
        let mut grounds = CustomerGrounds {
            ways: CustomerWays {
                address: true,
                mark: true,
            },
            database: "demo".to_owned(),
            ..CustomerGrounds::default()
        };
        let agreed = store.agreed_customers(&slug())?;
        let links = links();
        let said = hold_customers((desk, desk), &mut grounds, &links, &agreed).await?;
        for said in said {
            let importer = Importer {
                order: said.agreed.order.clone(),
                ..importer(store, desk)
            };
            importer
                .tell_customer(desk, &said.items, said.agreed)
                .await?;
        }
        Ok(())
    };
    tokio::select! {
        biased;
        done = tell => Some(done),
        () = desk.died.notified() => None,
    }
}

fn assert_told_once(desk: &Desk, what: &str) {
    let books = desk.books();
    let streets: BTreeMap<&str, &str> = books
        .customers
        .values()
        .map(|one| (one.key.as_str(), one.billing.street[0].as_str()))
        .collect();
    let expected = ["Via Verdi 2", "Via Verdi 2", "Via Roma 1"];
    let expected: BTreeMap<&str, &str> = PEOPLE.into_iter().zip(expected).collect();
    assert_eq!(streets, expected, "{what}");
    let marks = books.customers.values().map(|one| {
        let mark = one.mark.as_ref();
        mark.map(|mark| (mark.partner.0, mark.database.as_str()))
    });
    let expected = [1, 2, 3].map(|partner| Some((partner, "demo")));
    assert_eq!(marks.collect::<Vec<_>>(), expected, "{what}");
    assert_eq!(books.told, 3, "each customer changed once: {what}");
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_any_call_every_customer_is_told_once() {
    let quiet = street();
    let done = told(&machine(), &quiet).await.expect("it lives");
    done.expect("nothing goes wrong");
    assert_told_once(&quiet, "quiet");
    for call in 1..=quiet.calls() {
        for fate in FATES {
            let dies = matches!(fate, Fate::CrashBefore | Fate::CrashAfter);
            for same_cache in [true, false].into_iter().take(1 + usize::from(dies)) {
                let what = format!("call {call} {fate:?} same cache {same_cache}");
                let (desk, first) = (street(), machine());
                desk.books().fates.insert(call, fate);
                if let Some(done) = told(&first, &desk).await {
                    done.unwrap_or_else(|by| panic!("{what}: {by:?}"));
                } else {
                    let again = if same_cache { first } else { machine() };
                    let done = told(&again, &desk).await.expect("it lives");
                    done.unwrap_or_else(|by| panic!("again, {what}: {by:?}"));
                }
                assert_told_once(&desk, &what);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_line_of_the_journal_that_announces_has_one_that_ends_it_and_no_address() {
    let (desk, store) = (street(), machine());
    for _ in 0..2 {
        let done = told(&store, &desk).await.expect("it lives");
        done.expect("nothing goes wrong");
    }
    for (key, said) in PEOPLE
        .into_iter()
        .zip(["billing, mark", "billing, mark", "mark"])
    {
        let lines = store.journal(&slug(), &OrderKey::new(key)).expect("read");
        let lines: Vec<_> = lines
            .iter()
            .map(|line| (line.phase, &*line.detail))
            .collect();
        let said = format!("{key}: {said}");
        let expected = [(Phase::Intent, &*said), (Phase::Confirmed, &*said)];
        assert_eq!(lines, expected, "told once, and nothing the second time");
    }
}
