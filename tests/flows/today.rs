//! The day, the history, and finding things: what the screens begin with.

use tandem_app::view::{
    CommandTag, DecideAction, DecisionInput, DecisionsQuery, EntryKind, FindQuery, HistoryQuery,
    NeedKind, OrdersQuery, RunEnd, RunState, Tab, TodayQuery,
};
use tandem_tests::Desk;

async fn history(desk: &Desk, query: HistoryQuery) -> tandem_app::view::HistoryPage {
    let query = HistoryQuery { limit: 50, ..query };
    desk.app.history(query).await.expect("the history")
}

async fn today(desk: &Desk) -> tandem_app::view::TodayView {
    desk.app
        .today(TodayQuery::default())
        .await
        .expect("the day")
}

#[tokio::test]
async fn the_day_knows_nothing_before_the_first_fetch_and_everything_after() {
    let desk = Desk::small().await;
    let before = today(&desk).await;
    assert_eq!(
        (before.stores, before.orders, before.mapping),
        (0, None, None)
    );
    let kinds: Vec<_> = before.needs.iter().map(|need| need.kind).collect();
    assert_eq!(
        kinds,
        [NeedKind::NeverFetched],
        "what is not known is not zero"
    );

    desk.fetch().await;
    let after = today(&desk).await;
    let counts = desk.orders(OrdersQuery::default()).await.counts;
    let orders = after.orders.expect("known now");
    assert_eq!(
        (orders.waiting, orders.blocked),
        (counts.waiting, counts.blocked)
    );
    let mapping = after.mapping.expect("known now");
    let tabs = desk.counts().await.tabs;
    assert_eq!(
        (mapping.mapped, mapping.to_review),
        (tabs.mapped, tabs.to_review)
    );
    assert_eq!(
        mapping.listings,
        mapping.mapped + mapping.to_review + mapping.unmatched
    );
    let blocked = after
        .needs
        .iter()
        .find(|need| need.kind == NeedKind::OrdersBlocked);
    let blocked = blocked.expect("the sandbox's story has blocked orders");
    let by_reason: u32 = blocked.reasons.iter().map(|reason| reason.orders).sum();
    assert_eq!((blocked.count, by_reason), (counts.blocked, counts.blocked));
    assert!(
        after.needs.is_sorted_by_key(|need| need.kind),
        "the gravest first"
    );
    assert_eq!(after.runs[0].state, RunState::Done);
}

#[tokio::test]
async fn a_failed_fetch_calls_for_a_person_and_is_in_the_history_with_its_code() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rules = serde_json::json!([{ "path": "/products", "fault": "cloudflare", "code": 1010 }]);
    desk.misbehave(
        "woocommerce",
        serde_json::from_value(rules).expect("a rule"),
    );
    let run = desk.app.fetch(&desk.store, true).await.expect("it begins");
    assert_eq!(run.state, RunState::Failed);
    let day = today(&desk).await;
    let need = day
        .needs
        .iter()
        .find(|need| need.kind == NeedKind::FetchFailed);
    let code = need
        .and_then(|need| need.error.as_ref())
        .map(|error| error.code);
    assert_eq!(code, run.error.map(|error| error.code));
    assert_eq!((day.errors.count, day.errors.by_hour.last()), (1, Some(&1)));
    let failed = history(
        &desk,
        HistoryQuery {
            ended: Some(RunEnd::Failed),
            ..HistoryQuery::default()
        },
    );
    let failed = failed.await;
    assert_eq!((failed.total, failed.rows[0].error), (1, code));
    assert_eq!((failed.counts.all, failed.counts.failed), (2, 1));
    let full = desk
        .app
        .run(failed.rows[0].run.expect("a run"))
        .await
        .expect("it");
    assert!(!full.log.is_empty(), "its account is kept");
}

#[tokio::test]
async fn decisions_stand_in_the_history_by_day_with_what_was_taken_back() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::ToReview).await;
    for row in &rows[..2] {
        let decision = DecisionInput {
            listing: row.listing.key.clone(),
            action: DecideAction::Ignore,
            variant: None,
        };
        desk.app
            .decide(&desk.store, decision)
            .await
            .expect("decided");
    }
    desk.app.undo(&desk.store).await.expect("taken back");
    let kinds = vec![EntryKind::Decisions];
    let page = history(
        &desk,
        HistoryQuery {
            kinds,
            ..HistoryQuery::default()
        },
    )
    .await;
    let [day] = page.rows.as_slice() else {
        panic!("one day: {:?}", page.rows);
    };
    assert_eq!((day.ignored, day.undone), (1, 1));
    let query = DecisionsQuery {
        store: desk.store.clone(),
        from: day.from.clone(),
    };
    let made = desk.app.decisions_of(query).await.expect("the day");
    let names: Vec<_> = made.rows.iter().map(|made| made.name.as_str()).collect();
    assert_eq!(
        names,
        [rows[1].listing.name.as_str(), rows[0].listing.name.as_str()]
    );
    assert!(made.rows[0].undone_at.is_some() && made.rows[1].undone_at.is_none());
}

#[tokio::test]
async fn products_orders_and_commands_are_found_by_a_few_letters() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let find = async |text: &str| {
        let query = FindQuery {
            store: Some(desk.store.clone()),
            text: text.to_owned(),
            ..FindQuery::default()
        };
        desk.app.find(query).await.expect("an answer")
    };
    let row = &desk.rows(Tab::Mapped).await[0].listing;
    let product = find(row.sku.as_deref().expect("a SKU")).await;
    let hit = product.products.iter().find(|found| found.key == row.key);
    assert_eq!(hit.map(|found| found.tab), Some(Some(Tab::Mapped)));
    let order = &desk
        .orders(OrdersQuery {
            limit: 1,
            ..OrdersQuery::default()
        })
        .await
        .rows[0];
    let orders = find(&order.number).await.orders;
    assert!(orders.iter().any(|found| found.key == order.key));
    let only = find("> history").await;
    assert!(only.products.is_empty() && only.commands.contains(&CommandTag::OpenHistory));
    assert_eq!(find("").await.commands.len(), CommandTag::ALL.len());
}

#[tokio::test]
async fn an_order_is_shown_as_it_was_sent_without_what_opens_something() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let order = &desk
        .orders(OrdersQuery {
            limit: 1,
            ..OrdersQuery::default()
        })
        .await
        .rows[0];
    let raw = async |hide| {
        desk.app
            .order_raw(&desk.store, &order.key, hide)
            .await
            .expect("the text")
    };
    let shown = raw(false).await;
    let number = format!("\"number\": \"{}\"", order.number);
    assert!(shown.text.contains(&number), "{}", shown.text);
    assert!(shown.fetched_at.is_some());
    let hidden = raw(true).await;
    assert!(hidden.personal > 0 && shown.personal == 0);
    let family = order.customer.split(' ').next_back().expect("a name");
    assert!(!hidden.text.contains(family), "{family} in {}", hidden.text);
}
