//! What follows an order: each step done once or refused, changed lines, foreign money, and what
//! the customer may read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tandem_contract::http::InProcess;
use tandem_contract::{Cause, Erp, SaleStep};
use tandem_domain::{Invoicing, PricelistKey, SaleKey, SaleState};
use tandem_sandbox::ErpMessage;

use super::sales::{mug_back, shop, usd};
use crate::common::trade::{ROUNDING, TEE, VAT_14_ON, draft, giulia, line, ordered, sales, seen};
use crate::common::{HEX_KEY, at, connect, here};

#[tokio::test]
async fn steps_that_were_done_are_done_once_or_refused() {
    for version in ["17.0", "18.0", "19.0"] {
        let (world, odoo) = shop(version);
        let desk = sales(odoo.as_ref());
        let order = ordered(desk, "1", true).await;
        let confirm = SaleStep::Confirm {
            placed_at: at("2026-11-20T10:00:00Z"),
        };
        desk.step(order, &confirm)
            .await
            .expect("it is confirmed already");
        // Confirmed by somebody, and interrupted before the date was written back.
        let now = world.lock().clock.now();
        if let Some(found) = world.lock().erp.sales.orders.get_mut(&order.0) {
            found.placed = now;
        }
        desk.step(order, &confirm)
            .await
            .expect("the date is written");
        let sale = seen(desk, order).await;
        assert_eq!(sale.head.placed_at, at("2026-11-20T10:00:00Z"));
        assert_eq!(sale.deliveries.len(), 1, "confirmed once");
        desk.step(order, &SaleStep::DraftInvoice)
            .await
            .expect("a draft");
        let refused = desk.step(order, &SaleStep::DraftInvoice).await;
        let refused = refused.expect_err("nothing is left");
        assert_eq!(refused.cause, Cause::Invalid, "{version}");
        let invoice = seen(desk, order).await.invoices[0].key;
        let post = SaleStep::PostInvoice { invoice };
        desk.step(order, &post).await.expect("posted");
        let refused = desk.step(order, &post).await.expect_err("posted already");
        assert!(
            refused.detail.contains("must be in draft"),
            "{}",
            refused.detail
        );
        desk.step(order, &SaleStep::Cancel)
            .await
            .expect("cancelled, without a window");
        let sale = seen(desk, order).await;
        assert_eq!(sale.head.state, SaleState::Cancelled, "{version}");
        assert_eq!(sale.deliveries[0].state, "cancel", "{version}");
    }
}

/// What is invoiced without an invoice is one that the user may not see; here nothing is hidden.
#[tokio::test]
async fn an_invoice_that_is_made_during_a_look_shows_if_it_counts() {
    let mut meddled_at = 0;
    loop {
        let (world, other) = shop("18.0");
        let other: Arc<dyn Erp> = Arc::from(other);
        let order = ordered(sales(other.as_ref()), "1", true).await;
        let requests = Arc::new(AtomicUsize::new(0));
        let seen_so_far = Arc::clone(&requests);
        let meddle = move |request: axum::extract::Request, next: axum::middleware::Next| {
            let (other, requests) = (Arc::clone(&other), Arc::clone(&requests));
            async move {
                if requests.fetch_add(1, Ordering::Relaxed) == meddled_at {
                    let invoiced = sales(other.as_ref()).step(order, &SaleStep::DraftInvoice);
                    invoiced.await.expect("a draft");
                }
                next.run(request).await
            }
        };
        let stand = tandem_connector_odoo::fake(world).layer(axum::middleware::from_fn(meddle));
        let odoo = connect(here(HEX_KEY), Arc::new(InProcess::new(stand)));
        let sale = seen(sales(odoo.as_ref()), order).await;
        if seen_so_far.load(Ordering::Relaxed) <= meddled_at {
            break;
        }
        let hidden = sale.invoicing == Invoicing::Done && sale.invoices.is_empty();
        assert!(!hidden, "at request {meddled_at}");
        meddled_at += 1;
    }
    assert!(meddled_at > 3, "a look is some requests: {meddled_at}");
}

#[tokio::test]
async fn of_drafts_with_the_same_number_each_is_posted() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let mut names = Vec::new();
    for number in ["1", "2", "3"] {
        let order = ordered(desk, number, true).await;
        // Made at once, both before any was posted.
        world.lock().erp.sales.twin_drafts = 1;
        desk.step(order, &SaleStep::DraftInvoice)
            .await
            .expect("a draft");
        let invoice = seen(desk, order).await.invoices[0].key;
        let post = SaleStep::PostInvoice { invoice };
        desk.step(order, &post).await.expect("posted");
        let posted = seen(desk, order).await.invoices.remove(0);
        assert_eq!(posted.state, "posted");
        names.push(posted.name.expect("a number"));
    }
    names.dedup();
    assert_eq!(names.len(), 3, "each its own number: {names:?}");
}

#[tokio::test]
async fn lines_change_while_the_order_is_open_and_not_afterwards() {
    for version in ["17.0", "19.0"] {
        let (_, odoo) = shop(version);
        let desk = sales(odoo.as_ref());
        let order = ordered(desk, "1", false).await;
        let mut net = line(TEE, "Import Tee", ("2", "19.99"));
        net.taxes = vec![VAT_14_ON];
        let replace = SaleStep::ReplaceLines { lines: vec![net] };
        desk.step(order, &replace).await.expect("replaced");
        let mut cent = line(ROUNDING, "Rounding", ("1", "0.01"));
        cent.taxes = Vec::new();
        let add = SaleStep::AddLine { line: cent };
        desk.step(order, &add).await.expect("added");
        desk.step(order, &add).await.expect("it is there");
        let sale = seen(desk, order).await;
        assert_eq!(sale.lines.len(), 2, "{version}");
        assert_eq!(sale.head.total, usd("45.59"), "39.98 and 14 %, and a cent");
        assert_eq!(sale.lines[1].taxes, []);
        let confirm = SaleStep::Confirm {
            placed_at: at("2026-11-20T10:00:00Z"),
        };
        desk.step(order, &confirm).await.expect("confirmed");
        for step in [&replace, &add] {
            let refused = desk.step(order, step).await.expect_err("too late");
            assert_eq!(refused.cause, Cause::Invalid, "{version}");
        }
    }
}

#[tokio::test]
async fn a_foreign_order_has_its_pricelists_currency_and_its_credit_note_too() {
    let (_, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let partner = desk.create_customer(&giulia()).await.expect("a customer");
    let mut wanted = draft(partner, "9");
    wanted.pricelist = Some(PricelistKey(2));
    wanted.note = Some("Ring twice & wait <5 min>\nمرحبا 🎈".to_owned());
    let order = desk.create_order(&wanted).await.expect("an order");
    let confirm = SaleStep::Confirm {
        placed_at: wanted.placed_at,
    };
    desk.step(order, &confirm).await.expect("confirmed");
    desk.step(order, &SaleStep::DraftInvoice)
        .await
        .expect("a draft");
    let sale = seen(desk, order).await;
    assert_eq!(sale.head.total.to_string(), "82.38 EUR");
    let invoice = sale.invoices[0].key;
    desk.step(order, &SaleStep::PostInvoice { invoice })
        .await
        .expect("posted");
    let note = desk
        .create_credit_note(&mug_back(&sale, invoice))
        .await
        .expect("a note");
    let sale = seen(desk, order).await;
    let note = sale
        .invoices
        .iter()
        .find(|found| found.key == note)
        .expect("it is there");
    assert_eq!(note.total.to_string(), "12.50 EUR");
}

#[tokio::test]
async fn only_what_the_customer_may_see_is_told_of_a_conversation() {
    let (world, odoo) = shop("18.0");
    let desk = sales(odoo.as_ref());
    let order = ordered(desk, "1", false).await;
    for (id, body, kind, note, internal) in [
        (1, "<p>Sales Order created</p>", "notification", true, true),
        (2, "<p>Hello customer</p>", "comment", false, false),
        (3, "<p>internal</p>", "comment", true, false),
        (
            4,
            "<p>Where is it?<br/>A. &amp; B.</p>",
            "email",
            false,
            false,
        ),
    ] {
        let message = ErpMessage {
            order: order.0,
            at: at("2026-11-21T00:00:00Z") + jiff::SignedDuration::from_secs(id),
            author: "Administrator".to_owned(),
            body: body.to_owned(),
            kind: kind.to_owned(),
            note,
            internal,
        };
        world.lock().erp.sales.messages.insert(id, message);
    }
    let seen = desk.messages(order).await.expect("messages");
    let texts: Vec<&str> = seen.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["Hello customer", "Where is it?\nA. & B."]);
    assert_eq!(seen[0].author, "Administrator");
    assert_eq!(desk.messages(SaleKey(1)).await.expect("none"), []);
}
