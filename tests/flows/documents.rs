//! What Odoo prints of an order is saved as a file: whole, never over another unless asked.

use std::fs;

use tandem_app::Code;
use tandem_app::view::{DocumentKind, DocumentWanted, MapInput, MapKind, OrderState};
use tandem_tests::Desk;

const fn first(kind: DocumentKind) -> DocumentWanted {
    DocumentWanted { kind, id: None }
}

#[tokio::test]
async fn documents_of_an_imported_order_are_saved_and_none_is_written_over() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let (app, store) = (&desk.app, desk.store.as_str());
    let key = waiting(&desk).await;
    let folder = tempfile::tempdir().expect("a folder");
    let order = first(DocumentKind::Order);
    let not_there = app
        .save_document_into(store, &key, order, folder.path())
        .await;
    let not_there = not_there.expect_err("it is not in Odoo");
    assert_eq!(not_there.code, Code::DocumentMissing);

    app.import_orders(store, vec![key.clone()])
        .await
        .expect("imported");
    for kind in [
        DocumentKind::Order,
        DocumentKind::Invoice,
        DocumentKind::Delivery,
    ] {
        let saved = app
            .save_document_into(store, &key, first(kind), folder.path())
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        let bytes = fs::read(&saved.path).expect("a file");
        assert!(bytes.starts_with(b"%PDF"), "{kind:?}");
    }
    let again = app
        .save_document_into(store, &key, order, folder.path())
        .await
        .expect("under another name");
    assert!(again.path.ends_with("-2.pdf"), "{}", again.path);
    let missing = app
        .save_document_into(store, &key, first(DocumentKind::CreditNote), folder.path())
        .await;
    assert_eq!(
        missing.expect_err("nothing was paid back").code,
        Code::DocumentMissing
    );

    let mine = folder.path().join("mine.pdf");
    fs::write(&mine, "mine").expect("a file");
    let refused = app.save_document(store, &key, order, (&mine, false)).await;
    assert_eq!(refused.expect_err("it is there").code, Code::FileExists);
    assert_eq!(fs::read(&mine).expect("a file"), b"mine", "left alone");
    app.save_document(store, &key, order, (&mine, true))
        .await
        .expect("written over");
    assert!(fs::read(&mine).expect("a file").starts_with(b"%PDF"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 5);
}

/// An order that can go in, and will be invoiced there.
async fn waiting(desk: &Desk) -> String {
    let rows = desk.orders_that(&[OrderState::Waiting]).await;
    let row = rows.into_iter().find(|row| row.status == "processing");
    let row = row.expect("the sandbox's story has an order that waits");
    let until = MapInput {
        kind: MapKind::Status,
        key: row.status.clone(),
        value: "posted".to_owned(),
        tracking: None,
    };
    let settled = desk.app.settle_maps(&desk.store, vec![until]).await;
    settled.expect("settled");
    row.key
}
