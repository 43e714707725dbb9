//! Product pictures: asked for when somebody looks, kept, and never worth a failure.

use tandem_app::FaultRule;
use tandem_app::view::{HealthState, ReviewQuery, Side, Tab};
use tandem_sandbox::Fault;
use tandem_tests::Desk;

fn always(path: &str) -> Vec<FaultRule> {
    vec![FaultRule {
        path: path.to_owned(),
        skip: 0,
        times: None,
        fault: Fault::Html { status: 502 },
    }]
}

/// A pair of which both sides are known.
async fn pair(desk: &Desk) -> (String, String) {
    let query = ReviewQuery {
        tab: Tab::Mapped,
        limit: 1,
        ..ReviewQuery::default()
    };
    let page = desk.app.review_page(&desk.store, query).await;
    let row = page.expect("read").rows.remove(0);
    let variant = row.variant.expect("it is linked").key.to_string();
    (row.listing.key, variant)
}

#[tokio::test]
async fn a_picture_is_asked_for_once_and_then_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let desk = Desk::open(300, Some(folder.path().to_owned())).await;
    desk.fetch().await;
    for account in desk.sandbox.accounts() {
        if account.kind == "woocommerce" {
            desk.sandbox.world().lock().shop.home_url = account.url;
        }
    }
    let (listing, variant) = pair(&desk).await;
    let mut first = Vec::new();
    for (side, key) in [(Side::Store, &listing), (Side::Odoo, &variant)] {
        let picture = desk.app.picture(&desk.store, side, key).await;
        let picture = picture.expect("an answer").expect("a picture");
        assert!(picture.media_type.starts_with("image/"), "{picture:?}");
        first.push(picture);
    }
    desk.misbehave("woocommerce", always(""));
    desk.misbehave("odoo", always(""));
    for (side, key, first) in [
        (Side::Store, &listing, &first[0]),
        (Side::Odoo, &variant, &first[1]),
    ] {
        let again = desk.app.picture(&desk.store, side, key).await;
        assert_eq!(
            again.expect("an answer").as_ref(),
            Some(first),
            "it is kept"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_had_is_nothing_and_no_failure() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let nothing = desk.app.picture(&desk.store, Side::Store, "no-such").await;
    assert_eq!(nothing.expect("an answer"), None);
    let (listing, _) = pair(&desk).await;
    desk.misbehave("woocommerce", always(""));
    let ill = desk.app.picture(&desk.store, Side::Store, &listing).await;
    assert_eq!(ill.expect("an answer"), None);
    desk.misbehave("woocommerce", Vec::new());
    let rests = desk.app.picture(&desk.store, Side::Store, &listing).await;
    assert_eq!(
        rests.expect("an answer"),
        None,
        "an ill server is left alone"
    );
    let connections = desk.app.connections().await.expect("read");
    for connection in connections {
        assert_eq!(connection.health.state, HealthState::Healthy);
    }
    let unknown = desk.app.picture("nobody", Side::Store, "1").await;
    assert_eq!(
        unknown.expect_err("no such store").code.as_str(),
        "input.connection_unknown"
    );
}
