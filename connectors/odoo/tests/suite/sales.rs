//! Selling by value: what is made, made again, looked at and stepped on, through every door of
//! every version that is written to.

use std::sync::Arc;

use serde_json::json;
use tandem_contract::http::{InProcess, Transport};
use tandem_contract::suite::Trial;
use tandem_contract::{
    Cause, CreditLine, CreditNoteDraft, Document, Erp, Retry, SalePeriod, SaleStep, ServiceDraft,
    suite,
};
use tandem_domain::{InvoiceKey, Money, PartnerKey, SaleState, Series, TaxRounding};
use tandem_sandbox::{ErpRights, SharedWorld};

use crate::common::trade::{MUG, draft, giulia, ordered, reference, sales, seen, trading};
use crate::common::{HEX_KEY, PASSWORD, Patched, at, connect, decimal, here, only};

const DOORS: [(&[&str], (&str, &str)); 4] = [
    (&["/jsonrpc", "/web/webclient", "/my"], HEX_KEY),
    (&["/xmlrpc", "/web/webclient", "/my"], HEX_KEY),
    (&["/web", "/report"], PASSWORD),
    (&["/json/", "/my"], HEX_KEY),
];

/// A server of a version that can be looked into, and a connection to it.
pub(super) fn shop(version: &str) -> (SharedWorld, Box<dyn Erp>) {
    let world = SharedWorld::new(trading(version));
    let stand = InProcess::new(tandem_connector_odoo::fake(world.clone()));
    (world, connect(here(HEX_KEY), Arc::new(stand)))
}

pub(super) fn usd(text: &str) -> Money {
    Money::parse(text, "USD".parse().expect("a currency")).expect("an amount")
}

#[tokio::test]
async fn an_order_goes_all_the_way_through_every_door_of_every_version() {
    let mut tried = 0;
    for version in ["17.0", "18.0", "19.0"] {
        for (open, login) in DOORS {
            if open.contains(&"/json/") && version != "19.0" {
                continue;
            }
            let router = only(crate::common::router(trading(version)), open);
            let transport: Arc<dyn Transport> = Arc::new(InProcess::new(router));
            let odoo = connect(here(login), transport);
            the_whole_way(odoo.as_ref(), &format!("{version} {open:?}")).await;
            tried += 1;
        }
    }
    assert_eq!(tried, 10);
}

#[tokio::test]
async fn what_is_asked_of_a_real_server_holds_of_every_version() {
    for version in ["17.0", "18.0", "19.0"] {
        for rights in [ErpRights::Manager, ErpRights::Sales] {
            let (world, odoo) = shop(version);
            world.lock().erp.accounts[0].rights = rights;
            let trial = Trial {
                name: "run1".to_owned(),
                placed_at: at("2026-11-20T10:00:00Z"),
                post: true,
            };
            let mut stays = Vec::new();
            let held = suite::selling(odoo.as_ref(), &trial, &mut stays).await;
            if rights == ErpRights::Manager {
                assert_eq!(held, Ok(()), "{version}");
                assert_eq!(stays.len(), 5, "{stays:?}");
            } else {
                let promise = held.expect_err("no right to make products").promise;
                assert_eq!(promise, "a service is made");
            }
        }
    }
}

async fn the_whole_way(odoo: &dyn Erp, what: &str) {
    let desk = sales(odoo);
    let order = ordered(desk, "50180", true).await;
    let sale = seen(desk, order).await;
    assert_eq!(sale.head.state, SaleState::Confirmed, "{what}");
    assert_eq!(sale.head.placed_at, at("2026-11-20T10:00:00Z"), "{what}");
    assert_eq!(sale.head.total, usd("82.38"), "{what}");
    let names: Vec<&str> = sale.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["Import Mug", "Import Tee", "Shipping"], "{what}");
    assert_eq!(sale.deliveries.len(), 1, "{what}");
    assert_eq!(sale.deliveries[0].state, "assigned", "{what}");

    desk.step(order, &SaleStep::DraftInvoice).await.expect(what);
    let sale = seen(desk, order).await;
    let invoice = sale.invoices[0].clone();
    assert_eq!(
        (invoice.state.as_str(), invoice.name),
        ("draft", None),
        "{what}"
    );
    assert_eq!(invoice.total, sale.head.total, "{what}");
    let post = SaleStep::PostInvoice {
        invoice: invoice.key,
    };
    desk.step(order, &post).await.expect(what);
    let note = desk.create_credit_note(&mug_back(&sale, invoice.key)).await;
    let note = note.expect(what);
    let again = desk.create_credit_note(&mug_back(&sale, invoice.key)).await;
    assert_eq!(again.expect(what), note, "{what}: the same again");
    let sale = seen(desk, order).await;
    let posted = sale.invoices.iter().find(|found| found.key == invoice.key);
    assert_eq!(posted.map(|found| found.state.as_str()), Some("posted"));
    let made = sale.invoices.iter().find(|found| found.key == note);
    let made = made.expect("the credit note is one of the order's");
    assert!(made.credit_note, "{what}");
    assert_eq!(made.reverses, Some(invoice.key), "{what}");
    assert_eq!((made.total, made.state.as_str()), (usd("12.50"), "draft"));
    assert_eq!(
        made.references,
        [reference("tandem_demo.refund_1")],
        "{what}"
    );

    for document in [
        Document::Order(order),
        Document::Invoice(invoice.key),
        Document::Delivery(sale.deliveries[0].key),
    ] {
        let file = desk.document(document).await.expect(what);
        assert!(file.starts_with(b"%PDF"), "{what}: {document:?}");
    }
    let found = desk
        .find(&[
            reference("tandem_demo.order_50180"),
            reference("tandem_demo.order_0"),
        ])
        .await;
    assert_eq!(found.expect(what), [Some(order.0), None], "{what}");
}

pub(super) fn mug_back(sale: &tandem_domain::Sale, invoice: InvoiceKey) -> CreditNoteDraft {
    CreditNoteDraft {
        reference: reference("tandem_demo.refund_1"),
        invoice,
        partner: sale.partner,
        note: "Refund of 50180".to_owned(),
        refunded_at: at("2026-11-21T08:00:00Z"),
        lines: vec![CreditLine {
            product: MUG,
            name: "Import Mug".to_owned(),
            quantity: decimal("1"),
            unit_price: decimal("12.50"),
            taxes: sale.lines[0].taxes.clone(),
            of: Some(sale.lines[0].key),
        }],
    }
}

#[tokio::test]
async fn the_terms_say_what_there_is_and_how_it_is_computed() {
    for (version, series, rounding, digits) in [
        ("17.0", Series::V17, TaxRounding::PerLine, Some(2)),
        ("18.0", Series::V18, TaxRounding::PerLine, Some(2)),
        ("19.0", Series::V19, TaxRounding::Globally, None),
    ] {
        let (_, odoo) = shop(version);
        let terms = sales(odoo.as_ref()).terms().await.expect("terms");
        let how = terms.arithmetic;
        assert_eq!(
            (how.series, how.rounding, how.price_digits),
            (series, rounding, digits)
        );
        let taxes: Vec<(&str, bool)> = terms
            .taxes
            .iter()
            .map(|tax| (tax.name.as_str(), tax.included))
            .collect();
        assert_eq!(
            taxes[1..3],
            [("VAT 14% incl", true), ("VAT 14% excl", false)]
        );
        assert_eq!(terms.taxes[0].country.as_deref(), Some("US"));
        assert_eq!(terms.pricelists.len(), 3);
        assert_eq!(terms.carriers.as_ref().map(Vec::len), Some(1));
        // The branch's cash box and the sales journal are not where money of this company lies.
        let journals = terms.journals.expect("they may be read");
        let codes: Vec<&str> = journals
            .iter()
            .map(|journal| journal.code.as_str())
            .collect();
        assert_eq!(codes, ["BNK1"]);
        let kwd = terms.currencies.iter().find(|c| c.currency.code() == "KWD");
        assert_eq!(kwd.map(|kwd| kwd.decimals), Some(3));
        assert!(terms.may_invoice && terms.countries.contains(&"IT".to_owned()));
    }
}

#[tokio::test]
async fn what_these_rights_hide_is_left_out_of_a_look_and_of_the_terms() {
    let (world, odoo) = shop("18.0");
    let order = ordered(sales(odoo.as_ref()), "1", true).await;
    world.lock().erp.accounts[0].rights = ErpRights::Seller;
    let (_, odoo) = (0, {
        let stand = InProcess::new(tandem_connector_odoo::fake(world.clone()));
        connect(here(HEX_KEY), Arc::new(stand))
    });
    let desk = sales(odoo.as_ref());
    let sale = seen(desk, order).await;
    assert_eq!(sale.lines.len(), 3);
    assert!(sale.deliveries.is_empty() && sale.invoices.is_empty());
    let terms = desk.terms().await.expect("terms");
    assert!(terms.journals.is_none() && !terms.may_invoice);
    // An address under a customer needs no right to invoices, and is made once.
    let customer = desk.create_customer(&giulia()).await.expect("a customer");
    let mut address = giulia().addresses.remove(1);
    address.reference = reference("tandem_demo.customer_5018_new");
    let made = desk.create_address(customer, &address).await;
    let made = made.expect("an address");
    let again = desk.create_address(customer, &address).await;
    assert_eq!(again.expect("the same"), made);
    let addresses = desk.addresses(&[customer]).await.expect("addresses");
    assert!(addresses.iter().any(|found| found.key == made));
    // Making a service is a right of its own, and the answer says whose.
    let service = ServiceDraft {
        reference: reference("tandem.service_rounding"),
        name: "Rounding".to_owned(),
    };
    let error = desk.create_service(&service).await.expect_err("no right");
    assert_eq!(error.cause, Cause::UserLacksRight);
    assert!(
        error
            .context
            .contains(&("groups".to_owned(), "Products/Create".to_owned()))
    );
}

#[tokio::test]
async fn an_order_that_is_there_is_left_alone_whatever_a_person_did_to_it() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let order = ordered(desk, "50180", true).await;
    {
        let mut world = world.lock();
        let made = world.erp.sales.orders.get_mut(&order.0).expect("made");
        made.lines[0].name = "Mug, blue".to_owned();
        made.number = "changed".to_owned();
    }
    assert_eq!(ordered(desk, "50180", false).await, order);
    let sale = seen(desk, order).await;
    assert_eq!(sale.lines.len(), 3, "no line was appended");
    assert_eq!(sale.lines[0].name, "Mug, blue");
    assert_eq!(sale.head.number.as_deref(), Some("changed"));
    assert_eq!(sale.head.state, SaleState::Confirmed);
    // What another worker is just making is there and cannot be seen: ask again in a moment.
    world.lock().erp.sales.unseen = true;
    let asked = [reference("tandem_demo.order_50180")];
    let hidden = desk.find(&asked).await.expect_err("it is hidden");
    assert_eq!(
        (hidden.cause, hidden.retry),
        (Cause::UserLacksRight, Retry::Later(1))
    );
    assert_eq!(
        desk.find(&asked).await.expect("it is seen"),
        [Some(order.0)]
    );
    // Deleted in Odoo, the reference names nothing, and another load would make it again.
    world.lock().erp.sales.delete_order(order.0);
    let found = desk.find(&[reference("tandem_demo.order_50180")]).await;
    assert_eq!(found.expect("an answer"), [None]);
    assert_eq!(desk.look(&[order]).await.expect("a look"), [None]);
}

#[tokio::test]
async fn a_lost_race_says_look_and_bad_data_says_what() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let partner = desk.create_customer(&giulia()).await.expect("a customer");
    world.lock().erp.sales.races_lost = 1;
    let wanted = draft(partner, "7");
    let lost = desk
        .create_order(&wanted)
        .await
        .expect_err("somebody was first");
    assert_eq!(
        (lost.cause, lost.retry),
        (Cause::Overtaken, Retry::AfterLooking)
    );
    let found = desk
        .find(std::slice::from_ref(&wanted.reference))
        .await
        .expect("a look");
    assert_eq!(found, [None], "nothing was saved");
    let order = desk.create_order(&wanted).await.expect("the second time");
    let name = seen(desk, order).await.head.name;
    assert_eq!(name, "S05313", "the loser burnt a number");

    let mut gone = draft(partner, "8");
    gone.lines[1].product.0 = 999_999_999;
    let error = desk.create_order(&gone).await.expect_err("no such product");
    assert_eq!((error.cause, error.retry), (Cause::Invalid, Retry::Never));
    assert!(error.detail.contains("'999999999'"), "{}", error.detail);
    assert!(
        error
            .context
            .contains(&("field".to_owned(), "order_line".to_owned()))
    );
    assert_eq!(
        world.lock().erp.sales.orders.len(),
        1,
        "no part of it was saved"
    );
}

#[tokio::test]
async fn an_order_of_a_known_customer_costs_five_calls() {
    for version in ["17.0", "18.0", "19.0"] {
        let transport = Patched::new(trading(version), Vec::new());
        let odoo = connect(here(HEX_KEY), transport.clone());
        let desk = sales(odoo.as_ref());
        let first = ordered(desk, "1", false).await;
        seen(desk, first).await;
        let email = ["giulia@example.test".to_owned()];
        let customers = desk.customers(&email).await.expect("customers");
        desk.addresses(&[customers[0].key])
            .await
            .expect("addresses");
        // What does not change is known by now.
        let before = transport.calls().len();
        let customer = desk.customers(&email).await.expect("customers")[0].key;
        desk.addresses(&[customer]).await.expect("addresses");
        let order = desk
            .create_order(&draft(customer, "2"))
            .await
            .expect("an order");
        seen(desk, order).await;
        let made = transport.calls().split_off(before);
        assert_eq!(made.len(), 5, "{version}: {made:?}");
    }
}

#[tokio::test]
async fn customers_are_found_by_their_e_mail_and_have_their_addresses() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let key = desk.create_customer(&giulia()).await.expect("a customer");
    assert_eq!(
        desk.create_customer(&giulia()).await.expect("the same"),
        key
    );
    let asked = [
        " GIULIA@example.test".to_owned(),
        "nobody@example.test".to_owned(),
    ];
    let found = desk.customers(&asked).await.expect("customers");
    assert_eq!(found.len(), 1, "addresses are not customers");
    assert_eq!((found[0].key, found[0].parent), (key, None));
    assert_eq!(found[0].address.country.as_deref(), Some("IT"));
    let addresses = desk.addresses(&[key]).await.expect("addresses");
    let roles: Vec<&str> = addresses.iter().map(|found| found.role.as_str()).collect();
    assert_eq!(roles, ["invoice", "delivery"]);
    assert_eq!(addresses[1].address.street, ["Via Torino 9"]);
    // A new address of the same customer, once.
    let mut other = giulia().addresses.remove(1);
    other.reference = reference("tandem_demo.customer_5018_new");
    other.address.state = Some("IT-MI".to_owned());
    other.address.company = Some("Rossi & Figli".to_owned());
    let made = desk.create_address(key, &other).await.expect("an address");
    assert_eq!(desk.create_address(key, &other).await.expect("again"), made);
    let addresses = desk.addresses(&[key]).await.expect("addresses");
    assert_eq!(addresses[2].key, made);
    assert_eq!(addresses[2].address.state.as_deref(), Some("MI"));
    assert_eq!(addresses[2].name, "Rossi & Figli, Giulia Rossi (office)");
    // Whom somebody put away is nobody's match.
    let archived = world
        .lock()
        .erp
        .sales
        .partners
        .get_mut(&key.0)
        .map(|p| p.archived = true);
    assert_eq!(archived, Some(()));
    assert_eq!(desk.customers(&asked).await.expect("customers"), []);
}

#[tokio::test]
async fn a_place_that_odoo_does_not_know_stops_or_stays_on_the_label() {
    let (_, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let mut nowhere = giulia();
    nowhere.address.country = Some("XK".to_owned());
    let error = desk
        .create_customer(&nowhere)
        .await
        .expect_err("no such country");
    assert_eq!(error.cause, Cause::Invalid);
    assert!(
        error
            .context
            .contains(&("country".to_owned(), "XK".to_owned()))
    );
    let mut vague = giulia();
    vague.address.state = Some("Lombardy hills".to_owned());
    let key = desk.create_customer(&vague).await.expect("a customer");
    let email = ["giulia@example.test".to_owned()];
    let found = desk.customers(&email).await.expect("customers");
    assert_eq!(found[0].key, key);
    assert_eq!(found[0].address.street, ["Via Roma 1", "Lombardy hills"]);
    assert_eq!(found[0].address.state, None);
}

#[tokio::test]
async fn orders_are_found_by_number_and_by_period_page_by_page() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let partner = desk.create_customer(&giulia()).await.expect("a customer");
    let first = desk
        .create_order(&draft(partner, "1"))
        .await
        .expect("an order");
    {
        // Many more, a minute apart, of another program.
        let mut world = world.lock();
        let model = world.erp.sales.orders[&first.0].clone();
        for minute in 1..=1_200_i64 {
            let mut order = model.clone();
            order.number = "other".to_owned();
            order.placed += jiff::SignedDuration::from_mins(minute);
            order.lines.clear();
            world.erp.sales.orders.insert(first.0 + minute, order);
        }
    }
    let asked = ["1".to_owned(), "none".to_owned()];
    let heads = desk.by_number(&asked).await.expect("heads");
    assert_eq!(heads.len(), 1);
    assert_eq!(heads[0].references, [reference("tandem_demo.order_1")]);
    assert_eq!((heads[0].key, heads[0].total), (first, usd("82.38")));
    let period = SalePeriod {
        from: at("2026-11-20T10:00:00Z"),
        to: at("2026-11-21T06:00:00Z"),
    };
    let page = desk.period(period, None).await.expect("a page");
    assert_eq!((page.items.len(), page.total), (1_000, Some(1_200)));
    let next = desk
        .period(period, page.next.as_ref())
        .await
        .expect("a page");
    assert_eq!((next.items.len(), next.next), (200, None));
    let last = &next.items[199].record;
    assert!(last.placed_at < period.to && last.references.is_empty());
}

#[tokio::test]
async fn what_is_written_is_written_for_the_chosen_company_and_never_to_16() {
    let transport = Patched::new(trading("18.0"), Vec::new());
    let odoo = connect(here(HEX_KEY), transport.clone());
    ordered(sales(odoo.as_ref()), "1", false).await;
    let sent = transport.last_arguments("sale.order.load");
    assert_eq!(
        sent[1]["context"],
        json!({"mode": "update", "noupdate": true, "tz": "UTC", "allowed_company_ids": [1]})
    );
    let (world, odoo) = shop("16.0");
    let refused = sales(odoo.as_ref())
        .create_order(&draft(PartnerKey(1), "1"))
        .await;
    assert_eq!(
        refused.expect_err("read only").cause,
        Cause::VersionUnsupported
    );
    assert!(world.lock().erp.sales.orders.is_empty());
}
