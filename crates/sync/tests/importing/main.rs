//! An import is interrupted at every call in every way, and goes on: one order, one invoice, the
//! store's total, whatever happened.

mod customers;
mod desk;
mod products;

use std::collections::BTreeSet;
use std::sync::Arc;

use desk::{Desk, FATES, Fate, euro, terms};
use rust_decimal::Decimal;
use tandem_domain::{
    Address, Blocker, Charge, ChargeKind, ConnectionKind, Customer, Grounds, LineTax, Links,
    ListingKey, ManualClock, MapKind, MapRow, MapValue, Maps, Money, Order, OrderKey, OrderLine,
    Payment, Pricelist, PricelistKey, SaleState, Slug, StatusCode, StatusRule, StoreUid, TaxKey,
    TaxLine, Timestamp, Until, VariantKey,
};
use tandem_store::{SavedConnection, Stage, Store};
use tandem_sync::import::{Importer, PlannedOrder, Stopped, StoppedBy, prepare};
use tokio_util::sync::CancellationToken;

fn at() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().expect("an instant")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn uid() -> StoreUid {
    StoreUid::of(&ConnectionKind::new("woocommerce"), "shop.example")
}

/// Three pieces that do not divide, and a delivery, both taxed.
fn order(key: &str) -> Order<ListingKey> {
    let address = |street: &str| Address {
        name: "Giulia Rossi".to_owned(),
        street: vec![street.to_owned()],
        city: Some("Milano".to_owned()),
        country: Some("IT".to_owned()),
        ..Address::default()
    };
    let tax = |amount: &str| {
        vec![LineTax {
            rate: "1".to_owned(),
            amount: number(amount),
        }]
    };
    Order {
        key: OrderKey::new(key),
        number: key.to_owned(),
        status: StatusCode::new("processing"),
        placed_at: at(),
        modified_at: at(),
        currency: euro(),
        prices_include_tax: true,
        customer: Customer {
            external_id: None,
            name: "Giulia Rossi".to_owned(),
            email: Some("giulia@example.test".to_owned()),
            phone: None,
            role: None,
        },
        billing: address("Via Roma 1"),
        shipping: address("Via Torino 9"),
        lines: vec![OrderLine {
            id: "11".to_owned(),
            product: Some(ListingKey::new("7")),
            name: "Balloon".to_owned(),
            sku: None,
            quantity: Decimal::from(3),
            subtotal: number("8.20"),
            total: number("8.20"),
            taxes: tax("1.80"),
        }],
        charges: vec![Charge {
            id: "12".to_owned(),
            kind: ChargeKind::Shipping,
            name: "Courier".to_owned(),
            method: Some("flat_rate".to_owned()),
            total: number("4.10"),
            taxes: tax("0.90"),
        }],
        tax_lines: vec![TaxLine {
            rate: "1".to_owned(),
            label: "IVA".to_owned(),
            percent: Decimal::from(22),
            total: number("2.70"),
        }],
        coupons: Vec::new(),
        discount_total: Money::zero(euro()),
        total_tax: Money::rounded(number("2.70"), euro()),
        total: Money::rounded(number("15.00"), euro()),
        refunded: Money::zero(euro()),
        payment: Payment::default(),
        customer_note: None,
        admin_url: None,
        stamp: None,
    }
}

fn maps(until: Until) -> Maps {
    let rows = [
        (
            MapKind::Tax,
            "1",
            MapValue::Taxes {
                keys: vec![TaxKey(1), TaxKey(2)],
            },
        ),
        (
            MapKind::Carrier,
            "flat_rate",
            MapValue::Carrier {
                key: None,
                tracking: None,
            },
        ),
        (MapKind::Pricelist, "EUR", MapValue::Pricelist { key: None }),
        (
            MapKind::Status,
            "processing",
            MapValue::Status(StatusRule::Import(until)),
        ),
    ];
    let terms = terms();
    let row = |(kind, key, value): (MapKind, &str, MapValue)| MapRow {
        kind,
        key: key.to_owned(),
        face: value.face(&terms),
        value,
    };
    Maps::new(rows.map(row), Some(&terms))
}

fn planned(until: Until) -> PlannedOrder {
    let links: Links = [(ListingKey::new("7"), VariantKey(70))]
        .into_iter()
        .collect();
    let (unusable, maps, terms, uid) = (BTreeSet::new(), maps(until), terms(), uid());
    let grounds = Grounds {
        links: &links,
        unusable: &unusable,
        currencies: None,
        terms: Some(&terms),
        maps: &maps,
        uid: Some(&uid),
        database: Some("demo"),
    };
    prepare(&order("50180"), &grounds, None, "Shop").expect("nothing holds it back")
}

/// A machine with an empty cache.
fn machine() -> Arc<Store> {
    let store = Store::in_memory().expect("memory is enough");
    let shop = SavedConnection {
        slug: slug(),
        name: "Shop".to_owned(),
        kind: ConnectionKind::new("woocommerce"),
        url: "https://shop.example".to_owned(),
        settings: serde_json::json!({}),
        bound_odoo: None,
        facts: None,
        check: None,
        created_at: at(),
    };
    store.save_connection(&shop).expect("saved");
    Arc::new(store)
}

fn slug() -> Slug {
    Slug::from_name("shop")
}

fn importer<'a>(store: &Arc<Store>, desk: &'a Desk) -> Importer<'a> {
    Importer {
        store: Arc::clone(store),
        slug: slug(),
        sales: desk,
        stamps: Some(desk),
        clock: Arc::new(ManualClock::at(at())),
        jitter: &|_| 0,
        database: "demo".to_owned(),
        run: None,
        order: OrderKey::new("50180"),
        gathered: Arc::default(),
        cancel: CancellationToken::new(),
    }
}

/// Imports until the machine dies; `None` when it did.
async fn lives(
    store: &Arc<Store>,
    desk: &Desk,
    plan: &PlannedOrder,
) -> Option<Result<(), Stopped>> {
    let importer = importer(store, desk);
    tokio::select! {
        biased;
        done = importer.import(plan) => Some(done.map(drop)),
        () = desk.died.notified() => None,
    }
}

fn assert_exactly_once(desk: &Desk, told: &str) {
    let books = desk.books();
    assert_eq!(books.sales.len(), 1, "one order: {told}");
    let sale = books.sales.values().next().expect("counted");
    assert_eq!(sale.head.total, order("50180").total, "to the cent: {told}");
    assert_eq!(sale.head.state, SaleState::Confirmed, "{told}");
    assert_eq!(sale.head.placed_at, at(), "the store's date: {told}");
    let states: Vec<&str> = sale.invoices.iter().map(|i| i.state.as_str()).collect();
    assert_eq!(states, ["posted"], "one invoice: {told}");
    let people = books.partners.values().filter(|p| p.parent.is_none());
    assert_eq!(people.count(), 1, "one customer: {told}");
    assert!(books.stamps.contains_key(&OrderKey::new("50180")), "{told}");
}

async fn calls_of_a_quiet_import(off: Decimal) -> u32 {
    let desk = Desk::default();
    desk.books().off = off;
    let done = lives(&machine(), &desk, &planned(Until::Posted)).await;
    done.expect("it lives").expect("nothing goes wrong");
    assert_exactly_once(&desk, "quiet");
    desk.calls()
}

#[tokio::test(start_paused = true)]
async fn whatever_happens_to_any_call_there_is_one_order_with_the_stores_total() {
    for off in ["0", "0.01"] {
        let off = number(off);
        let calls = calls_of_a_quiet_import(off).await;
        for call in 1..=calls {
            for fate in FATES {
                // A machine that did not die still has its cache.
                let dies = matches!(fate, Fate::CrashBefore | Fate::CrashAfter);
                for same_cache in [true, false].into_iter().take(1 + usize::from(dies)) {
                    let told = format!("call {call} {fate:?} off {off} same cache {same_cache}");
                    interrupted(call, fate, (off, same_cache), &told).await;
                }
            }
        }
    }
}

async fn interrupted(call: u32, fate: Fate, (off, same_cache): (Decimal, bool), told: &str) {
    let desk = Desk::default();
    desk.books().off = off;
    desk.books().fates.insert(call, fate);
    let plan = planned(Until::Posted);
    let first = machine();
    let outcome = lives(&first, &desk, &plan).await;
    if let Some(done) = outcome {
        done.unwrap_or_else(|stopped| panic!("{told}: {stopped:?}"));
    } else {
        let second = if same_cache { first } else { machine() };
        let done = lives(&second, &desk, &plan).await.expect("lives");
        done.unwrap_or_else(|stopped| panic!("again, {told}: {stopped:?}"));
        let import = second.import(&slug(), &OrderKey::new("50180"));
        let import = import.expect("read").expect("saved");
        assert_eq!(import.stage, Stage::Done, "{told}");
    }
    assert_exactly_once(&desk, told);
}

#[tokio::test(start_paused = true)]
async fn two_machines_at_once_make_one_order() {
    let plan = planned(Until::Posted);
    for delay in 0..40 {
        let desk = Desk::default();
        let (one, other) = (machine(), machine());
        let late = async {
            for _ in 0..delay {
                tokio::task::yield_now().await;
            }
            importer(&other, &desk).import(&plan).await
        };
        let early = importer(&one, &desk);
        let (first, second) = tokio::join!(early.import(&plan), late);
        first.unwrap_or_else(|stopped| panic!("first, {delay}: {stopped:?}"));
        second.unwrap_or_else(|stopped| panic!("second, {delay}: {stopped:?}"));
        assert_exactly_once(&desk, &format!("{delay}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_rival_in_the_middle_of_a_step_is_waited_for() {
    let desk = Desk::default();
    desk.books().rival = true;
    let done = lives(&machine(), &desk, &planned(Until::Posted)).await;
    done.expect("it lives")
        .expect("the other's half is finished");
    assert_exactly_once(&desk, "rival");
}

#[tokio::test(start_paused = true)]
async fn what_odoo_computes_too_far_off_stops_before_it_is_confirmed() {
    let desk = Desk::default();
    desk.books().off = number("0.50");
    let store = machine();
    let stopped = importer(&store, &desk)
        .import(&planned(Until::Posted))
        .await;
    let stopped = stopped.expect_err("it differs");
    assert!(matches!(stopped.by, StoppedBy::Differs(_)), "{stopped:?}");
    let books = desk.books();
    let sale = books.sales.values().next().expect("it is there");
    assert_eq!(sale.head.state, SaleState::Draft, "nothing was confirmed");
    let import = store.import(&slug(), &OrderKey::new("50180"));
    let import = import.expect("read").expect("saved");
    assert_eq!(import.difference, Some(number("0.50")));
}

#[tokio::test(start_paused = true)]
async fn an_invoice_waits_for_the_delivery_and_any_other_refusal_stops_the_order() {
    let (desk, store, plan) = (Desk::default(), machine(), planned(Until::Posted));
    let stage = || {
        let import = store.import(&slug(), &OrderKey::new("50180"));
        import.expect("read").expect("saved").stage
    };
    desk.books().undelivered = true;
    for _ in 0..2 {
        let done = importer(&store, &desk).import(&plan).await;
        let done = done.expect("this is no failure");
        assert!(done.invoice_waits);
        assert_eq!(stage(), Stage::Uninvoiced);
        let books = desk.books();
        assert!(books.stamps.contains_key(&OrderKey::new("50180")), "marked");
        let confirmed = books.sales.values().next().expect("it is there");
        assert_eq!(confirmed.head.state, SaleState::Confirmed);
    }
    desk.books().undelivered = false;
    desk.books().refuses_invoices = true;
    let stopped = importer(&store, &desk).import(&plan).await;
    let stopped = stopped.expect_err("there is something to invoice, and Odoo does not");
    assert!(matches!(stopped.by, StoppedBy::Server(_)), "{stopped:?}");
    assert_eq!(stopped.stage, Stage::Uninvoiced, "it goes on here");
    desk.books().refuses_invoices = false;
    let done = importer(&store, &desk).import(&plan).await;
    assert!(!done.expect("the step is taken up").invoice_waits);
    assert_eq!(stage(), Stage::Done);
    assert_exactly_once(&desk, "invoiced late");
}

#[tokio::test(start_paused = true)]
async fn the_same_number_in_another_currency_is_no_proof() {
    let dollar = "USD".parse().expect("ISO 4217");
    let row = |currency: &str| MapRow {
        kind: MapKind::Pricelist,
        key: currency.to_owned(),
        value: MapValue::Pricelist { key: None },
        face: String::new(),
    };
    let maps = Maps::new([row("EUR"), row("USD")], Some(&terms()));
    assert_eq!(
        maps.pricelist(MapKind::Pricelist, "EUR"),
        Some(None),
        "the company's own"
    );
    assert!(
        maps.pricelist(MapKind::Pricelist, "USD").is_none()
            && maps.moved(MapKind::Pricelist, "USD")
    );
    // Changed in Odoo after the plan was made.
    let (desk, store) = (Desk::default(), machine());
    let mut plan = planned(Until::Posted);
    plan.order.currency = dollar;
    plan.pricelist_row = (MapKind::Pricelist, "USD".to_owned(), "USD".to_owned());
    let stopped = importer(&store, &desk).import(&plan).await;
    let stopped = stopped.expect_err("it is another amount");
    let StoppedBy::Blocked(blocker) = stopped.by else {
        panic!("{stopped:?}");
    };
    assert!(
        matches!(&*blocker, Blocker::NotMapped { map: MapKind::Pricelist, key, .. } if key == "USD"),
        "{blocker:?}"
    );
    let books = desk.books();
    let sale = books.sales.values().next().expect("it is there");
    assert_eq!(sale.head.state, SaleState::Draft, "nothing was confirmed");
}

#[test]
fn a_role_in_the_orders_currency_decides_before_the_currency_itself() {
    let list = |key, code: &str| Pricelist {
        key: PricelistKey(key),
        name: String::new(),
        currency: code.parse().expect("ISO 4217"),
    };
    let mut terms = terms();
    terms.pricelists = vec![list(1, "EUR"), list(2, "EUR"), list(3, "USD")];
    let row = |kind, key: &str, list| {
        let value = MapValue::Pricelist {
            key: Some(PricelistKey(list)),
        };
        MapRow {
            kind,
            key: key.to_owned(),
            face: value.face(&terms),
            value,
        }
    };
    let plain = row(MapKind::Pricelist, "EUR", 1);
    let (mut wholesale, guest) = (order("1"), order("2"));
    wholesale.customer.role = Some("wholesale".to_owned());
    let of = |rows: &[&MapRow]| {
        let maps = Maps::new(rows.iter().copied().cloned(), Some(&terms));
        [&wholesale, &guest].map(|order| maps.pricelist_of(order).flatten().map(|key| key.0))
    };
    let theirs = row(MapKind::Role, "wholesale/EUR", 2);
    assert_eq!(of(&[&plain, &theirs]), [Some(2), Some(1)]);
    assert_eq!(of(&[&plain]), [Some(1), Some(1)], "nobody settled the role");
    let of_another = row(MapKind::Role, "wholesale/USD", 3);
    assert_eq!(of(&[&plain, &of_another]), [Some(1), Some(1)]);
    // A pricelist of another currency would ask the store's numbers in it.
    let wrong = row(MapKind::Role, "wholesale/EUR", 3);
    assert_eq!(
        of(&[&plain, &wrong]),
        [None, Some(1)],
        "held back, not guessed"
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_somebody_deleted_is_not_made_again_by_itself() {
    let desk = Desk::default();
    let (store, plan) = (machine(), planned(Until::Draft));
    let done = importer(&store, &desk).import(&plan).await;
    done.expect("nothing goes wrong");
    desk.books().sales.clear();
    desk.books().references.remove(&plan.reference.to_string());
    let stopped = importer(&store, &desk).import(&plan).await;
    let stopped = stopped.expect_err("a person has to say so");
    assert!(matches!(stopped.by, StoppedBy::Blocked(_)), "{stopped:?}");
    assert!(desk.books().sales.is_empty());
    let again = importer(&store, &desk).import(&plan).await;
    again.expect("asked again after it was found gone, which only a person's yes allows");
    assert_eq!(desk.books().sales.len(), 1);
}
