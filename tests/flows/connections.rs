//! Making connections, and being told what is wrong with them.

use tandem_app::view::{ConnectionDraft, ConnectionState, SecretText, StepState, StoreBinding};
use tandem_tests::{Desk, outside};

use crate::support::draft;

#[tokio::test]
async fn a_good_account_passes_every_step_and_says_what_was_found() {
    let desk = Desk::small().await;
    for (kind, product) in [("woocommerce", "WooCommerce"), ("odoo", "Odoo")] {
        let check = desk
            .app
            .test_connection(draft(&desk.sandbox, kind))
            .await
            .expect("tested");
        assert_eq!(check.failure, None);
        assert!(
            check
                .steps
                .iter()
                .all(|step| step.state == StepState::Passed),
            "{check:?}"
        );
        assert!(
            check
                .facts
                .product
                .is_some_and(|found| found.starts_with(product))
        );
        assert_eq!(check.facts.currency.as_deref(), Some("KWD"));
        assert_eq!(check.facts.standard_decimals, Some(3));
    }
}

#[tokio::test]
async fn each_mistake_is_named_for_what_it_is() {
    let desk = Desk::small().await;
    let wrong_secret = |mut draft: ConnectionDraft| {
        draft.secret = Some(SecretText::new("not the secret".to_owned()));
        draft
    };
    let wrong_database = |mut draft: ConnectionDraft| {
        draft.database = Some("no-such-database".to_owned());
        draft
    };
    let closed_port = |mut draft: ConnectionDraft| {
        draft.url = "http://127.0.0.1:9".to_owned();
        draft
    };
    let other_side = |mut draft: ConnectionDraft, kind: &str| {
        draft.kind = kind.to_owned();
        draft
    };
    let (shop, odoo) = (
        || draft(&desk.sandbox, "woocommerce"),
        || draft(&desk.sandbox, "odoo"),
    );
    for (draft, code) in [
        (wrong_secret(shop()), "connection.secret_wrong"),
        (wrong_secret(odoo()), "connection.credentials_refused"),
        (wrong_database(odoo()), "connection.database_unknown"),
        (closed_port(shop()), "connection.port_closed"),
        (closed_port(odoo()), "connection.port_closed"),
        (
            other_side(odoo(), "woocommerce"),
            "connection.not_the_product",
        ),
        (other_side(shop(), "odoo"), "connection.not_the_product"),
    ] {
        let check = desk
            .app
            .test_connection(draft)
            .await
            .expect("a failed test is an answer");
        let failure = check.failure.expect("something is wrong");
        assert_eq!(failure.code.as_str(), code, "{failure:?}");
        assert_eq!(
            check
                .steps
                .iter()
                .filter(|step| step.state == StepState::Failed)
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn a_connection_is_made_tested_bound_changed_and_removed() {
    let desk = Desk::small().await;
    let app = tandem_app::App::open(
        tandem_app::Profile {
            folder: None,
            sandbox: false,
        },
        outside(),
    )
    .expect("a profile in memory");
    let odoo = app
        .save_connection(draft(&desk.sandbox, "odoo"))
        .await
        .expect("saved");
    let shop = app
        .save_connection(draft(&desk.sandbox, "woocommerce"))
        .await
        .expect("saved");
    assert_eq!(odoo.state, ConnectionState::Untested);
    let facts = app.test_saved(&odoo.slug).await.expect("tested").facts;
    let company = facts.companies.first().expect("a company");

    let refused = app
        .fetch(&shop.slug, false)
        .await
        .expect_err("not bound yet");
    assert_eq!(refused.code.as_str(), "input.store_not_bound");
    let warehouses = company
        .warehouses
        .iter()
        .map(|warehouse| warehouse.id)
        .collect();
    let binding = StoreBinding {
        odoo: odoo.slug.clone(),
        company: company.id,
        warehouses,
    };
    let bound = app
        .bind_store(&shop.slug, binding.clone())
        .await
        .expect("bound");
    assert_eq!(bound.bound, Some(binding));

    let mut renamed = draft(&desk.sandbox, "woocommerce");
    renamed.slug = Some(shop.slug.clone());
    renamed.name = "Second name".to_owned();
    renamed.secret = None;
    let renamed = app
        .save_connection(renamed)
        .await
        .expect("the secret stays in the vault");
    assert_eq!(
        (renamed.slug, renamed.name.as_str()),
        (shop.slug.clone(), "Second name")
    );
    assert_eq!(
        app.test_saved(&shop.slug).await.expect("tested").failure,
        None
    );

    let still = app
        .remove_connection(&odoo.slug)
        .await
        .expect_err("a store is bound to it");
    assert_eq!(still.code.as_str(), "input.still_bound");
    app.remove_connection(&shop.slug).await.expect("removed");
    app.remove_connection(&odoo.slug).await.expect("removed");
    assert_eq!(app.connections().await.expect("read"), []);
}

/// The address of a connection may be changed by mistake or by somebody else; its key must not
/// follow.
#[tokio::test]
async fn a_kept_secret_is_not_sent_to_another_host() {
    let desk = Desk::small().await;
    for kept in ["http://localhost:9", "https://shop.example"] {
        let mut moved = draft(&desk.sandbox, "woocommerce");
        moved.slug = Some(desk.store.clone());
        moved.url = kept.to_owned();
        moved.secret = None;
        let tested = desk
            .app
            .test_connection(moved.clone())
            .await
            .expect_err("not sent");
        let saved = desk
            .app
            .save_connection(moved)
            .await
            .expect_err("not saved");
        for refused in [tested, saved] {
            assert_eq!(refused.code.as_str(), "input.invalid");
            assert_eq!(
                refused.params.get("field").map(String::as_str),
                Some("secret")
            );
        }
    }
}
