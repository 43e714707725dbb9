//! Matching again after changes: only what changed is looked at, and nobody can tell by the outcome.

use tandem_app::view::{DecideAction, DecisionInput, PairDetail, PairRow, ReviewQuery, Tab};
use tandem_domain::{Clock as _, SystemClock};
use tandem_tests::Desk;

const TABS: [Tab; 3] = [Tab::ToReview, Tab::Mapped, Tab::Unmatched];

/// All that the review shows, in its order, with every candidate.
async fn shown(desk: &Desk) -> Vec<(PairRow, PairDetail)> {
    let mut shown = Vec::new();
    for tab in TABS {
        for row in desk.rows(tab).await {
            let detail = desk
                .app
                .pair_detail(&desk.store, &row.listing.key, None)
                .await;
            shown.push((row, detail.expect("the pair can be read")));
        }
    }
    shown
}

/// Fetches, and says how many listings the matching looked at.
async fn looked_at(desk: &Desk) -> usize {
    let run = desk.fetch().await;
    let line = run.log.iter().find(|line| line.code == "matched");
    let params = &line.expect("it matches").params;
    params["looked_at"].parse().expect("a number")
}

async fn decide(desk: &Desk, row: &PairRow, action: DecideAction) {
    let decision = DecisionInput {
        listing: row.listing.key.clone(),
        action,
        variant: row.variant.as_ref().map(|variant| variant.key),
    };
    let done = desk.app.decide(&desk.store, decision).await;
    done.expect("decided");
}

/// One listing gets another name, one takes another's SKU.
fn change_the_shop(desk: &Desk) {
    let world = desk.sandbox.world();
    let mut world = world.lock();
    let now = SystemClock.now();
    let simple = world.shop.listings.iter_mut();
    let mut simple: Vec<_> = simple
        .map(|(_, listing)| listing)
        .filter(|listing| listing.regular_price.is_some() && !listing.sku.is_empty())
        .collect();
    simple[0].name.push_str(" 900 ml");
    let sku = simple[2].sku.clone();
    simple[1].sku = sku;
    for listing in &mut simple[..2] {
        listing.modified = now;
    }
}

#[tokio::test]
async fn a_small_change_is_a_small_match_with_the_outcome_of_a_whole_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::open(300, Some(folder.path().to_owned())).await;
    let all = looked_at(&desk).await;
    assert_eq!(looked_at(&desk).await, 0, "nothing changed");

    let open = desk.rows(Tab::ToReview).await;
    decide(&desk, &open[0], DecideAction::Accept).await;
    decide(&desk, &open[1], DecideAction::Reject).await;
    decide(&desk, &open[2], DecideAction::Ignore).await;
    let undone = desk.app.undo(&desk.store).await;
    assert!(undone.expect("undone").is_some());
    change_the_shop(&desk);
    let some = looked_at(&desk).await;
    assert!((2..all / 20).contains(&some), "{some} of {all}");
    let by_parts = shown(&desk).await;

    std::fs::remove_dir_all(folder.path().join("matching")).expect("kept beside the cache");
    assert_eq!(looked_at(&desk).await, all, "nothing is kept");
    let whole = shown(&desk).await;
    for (part, whole) in by_parts.iter().zip(&whole) {
        assert_eq!(part, whole, "one model, one outcome");
    }
    assert_eq!(by_parts.len(), whole.len());
}

#[tokio::test]
async fn a_kept_match_in_doubt_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = Desk::open(200, Some(folder.path().to_owned())).await;
    let all = looked_at(&desk).await;
    let before = desk.rows(Tab::Mapped).await;
    let kept = std::fs::read_dir(folder.path().join("matching"));
    let kept: Vec<_> = kept
        .expect("kept")
        .flatten()
        .map(|file| file.path())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let old = std::fs::read(&kept[0]).expect("readable");

    let mut damaged = old.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(&kept[0], damaged).expect("writable");
    assert_eq!(looked_at(&desk).await, all, "a damaged one");
    std::fs::write(&kept[0], old).expect("writable");
    assert_eq!(looked_at(&desk).await, all, "one of an earlier match");
    assert_eq!(looked_at(&desk).await, 0, "its own");
    assert_eq!(desk.rows(Tab::Mapped).await, before);

    let removed = desk.app.remove_connection(&desk.store).await;
    removed.expect("removed");
    assert!(!kept[0].exists(), "it goes with the store");
    let left = desk.app.review_counts(&desk.store, ReviewQuery::default());
    assert!(left.await.is_err());
}
