//! What is given to somebody who helps, and how much room Tandem takes.

use tandem_app::view::OrdersQuery;
use tandem_tests::Desk;

#[tokio::test]
async fn the_text_for_support_says_what_happened_and_names_nobody() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let text = desk.app.support_text().await.expect("made");
    for said in [
        "Tandem ",
        "[settings]",
        "woocommerce-",
        "odoo-",
        "fetch ",
        "passed",
    ] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    let connections = desk.app.connections().await.expect("listed");
    let mut private: Vec<String> = Vec::new();
    for connection in &connections {
        private.extend([
            connection.slug.clone(),
            connection.name.clone(),
            connection.url.clone(),
            connection.login.clone(),
        ]);
        private.extend(connection.database.clone());
    }
    let orders = desk.app.orders_page(
        &desk.store,
        OrdersQuery {
            limit: 50,
            ..OrdersQuery::default()
        },
    );
    for order in orders.await.expect("listed").rows {
        private.push(order.customer);
    }
    let accounts = desk.sandbox.accounts();
    private.extend(accounts.into_iter().map(|account| account.secret));
    private.retain(|word| word.len() > 3);
    assert!(private.len() > 40, "there is something to leave out");
    for word in private {
        assert!(!text.contains(&word), "{word} stands in\n{text}");
    }
}
