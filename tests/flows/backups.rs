//! What no fetch brings back, written into a file and taken over from it.

use tandem_app::Code;
use tandem_app::view::{CustomerWays, DecideAction, DecisionInput, PairRow, ReviewQuery, Tab};
use tandem_tests::Desk;

async fn mapped(desk: &Desk) -> Vec<(String, Option<i32>)> {
    let rows = desk.rows(Tab::Mapped).await;
    let pair = |row: PairRow| (row.listing.key, row.variant.map(|variant| variant.key));
    let mut pairs: Vec<_> = rows.into_iter().map(pair).collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn what_was_decided_comes_back_out_of_a_backup() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let all = ReviewQuery {
        tab: Tab::ToReview,
        ..ReviewQuery::default()
    };
    let done = desk.app.accept_all(&desk.store, all, None).await;
    assert!(done.expect("accepted").accepted > 3);
    let aside = desk.rows(Tab::ToReview).await[0].listing.key.clone();
    let ignore = DecisionInput {
        listing: aside.clone(),
        action: DecideAction::Ignore,
        variant: None,
    };
    desk.app.decide(&desk.store, ignore).await.expect("decided");
    desk.app.settled().await;
    let told = |address| CustomerWays {
        address,
        mark: false,
    };
    let saved = desk.app.save_customer_ways(&desk.store, told(true)).await;
    saved.expect("saved");
    let before = mapped(&desk).await;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("kept.db");
    let written = desk.app.back_up(&file).await.expect("written");
    assert_eq!((written.stores.len(), written.left_out.len()), (1, 0));
    assert!(written.decisions > 4 && written.links as usize == before.len());
    let again = desk.app.back_up(&file).await.expect_err("it is there");
    assert_eq!(again.code, Code::FileExists);

    let saved = desk.app.save_customer_ways(&desk.store, told(false)).await;
    saved.expect("saved");
    while desk.app.undo(&desk.store).await.expect("undone").is_some() {}
    desk.app.settled().await;
    let left = mapped(&desk).await;
    let decided = before.iter().filter(|pair| !left.contains(pair));
    let decided: Vec<_> = decided.collect();
    assert!(decided.len() > 3, "{decided:?}");
    let seen = desk.app.look_at_backup(&file).await.expect("readable");
    assert_eq!(seen, written, "a look changes nothing");
    let restored = desk.app.restore(&file).await.expect("taken over");
    assert_eq!(restored.taken, written);
    let ways = desk.app.customer_ways(&desk.store).await;
    assert_eq!(ways.expect("a store"), told(true));
    let after = mapped(&desk).await;
    for pair in decided {
        assert!(after.contains(pair), "{pair:?} was decided");
    }
    let unmatched = desk.rows(Tab::Unmatched).await;
    assert!(unmatched.iter().any(|row| row.listing.key == aside));
    let undone = desk.app.undo(&desk.store).await.expect("undone");
    assert_eq!(undone.expect("the last decision").listing, aside);

    let other = folder.path().join("other.db");
    std::fs::write(&other, "no backup").expect("writable");
    for file in [other, folder.path().join("nothing.db")] {
        let refused = desk.app.restore(&file).await.expect_err("no backup");
        assert_eq!(refused.code, Code::BadInput, "{}", file.display());
    }
}
