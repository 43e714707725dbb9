//! Fetch, review, decide, undo.

use std::sync::Arc;

use tandem_app::view::{DecideAction, DecisionInput, PairRow, ReviewQuery, Tab, VerdictTag};
use tandem_domain::{Clock as _, SystemClock};
use tandem_sandbox::seed;
use tandem_tests::Desk;

fn decision(row: &PairRow, action: DecideAction) -> DecisionInput {
    DecisionInput {
        listing: row.listing.key.clone(),
        action,
        variant: row.variant.as_ref().map(|variant| variant.key),
    }
}

#[tokio::test]
async fn a_first_fetch_links_the_certain_and_proposes_the_rest() {
    let desk = Desk::small().await;
    let run = desk.fetch().await;
    assert!(
        run.steps.iter().all(|step| step.done > 0),
        "every step read something: {run:?}"
    );

    let counts = desk.counts().await;
    assert!(
        counts.tabs.mapped > counts.tabs.to_review,
        "most pairs have a key: {counts:?}"
    );
    assert!(
        counts.tabs.to_review > 0,
        "the sandbox holds uncertain pairs: {counts:?}"
    );
    for row in desk.rows(Tab::Mapped).await {
        assert!(row.linked && row.variant.is_some(), "{row:?}");
        assert!(
            !row.evidence.is_empty(),
            "a link says why it is one: {row:?}"
        );
        assert_ne!(
            row.listing.kind, "parent",
            "a parent is never linked to a variant"
        );
    }
}

#[tokio::test]
async fn nothing_is_linked_twice_by_itself() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let mut variants: Vec<_> = desk
        .rows(Tab::Mapped)
        .await
        .iter()
        .filter_map(|row| Some(row.variant.as_ref()?.key))
        .collect();
    let links = variants.len();
    variants.sort_unstable();
    variants.dedup();
    assert_eq!(variants.len(), links, "one variant answers for one listing");
}

#[tokio::test]
async fn a_decision_takes_the_row_away_survives_a_new_match_and_can_be_undone() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let before = desk.rows(Tab::ToReview).await;
    let row = before
        .iter()
        .find(|row| row.variant.is_some())
        .expect("a proposal");

    desk.app
        .decide(&desk.store, decision(row, DecideAction::Accept))
        .await
        .expect("accepted");
    desk.app
        .match_again(&desk.store)
        .await
        .expect("matched again");
    let mapped = desk.rows(Tab::Mapped).await;
    let kept = mapped
        .iter()
        .find(|found| found.listing.key == row.listing.key);
    let kept = kept.expect("an accepted pair stays in force");
    assert_eq!(kept.verdict, VerdictTag::Decided);
    assert_eq!(kept.variant, row.variant);

    let undone = desk
        .app
        .undo(&desk.store)
        .await
        .expect("undone")
        .expect("one decision");
    assert_eq!(undone.listing, row.listing.key);
    let after = desk.rows(Tab::ToReview).await;
    let back = after.iter().any(|r| r.listing.key == row.listing.key);
    assert!(back, "it waits for a person again");
    // What was learned from the pair goes with it, but only when it is matched again.
    desk.app
        .match_again(&desk.store)
        .await
        .expect("matched again");
    let after = desk.rows(Tab::ToReview).await;
    let keys = |rows: &[PairRow]| {
        rows.iter()
            .map(|r| r.listing.key.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&after), keys(&before), "the list is as it was");
    assert_eq!(
        desk.app.undo(&desk.store).await,
        Ok(None),
        "nothing is left to undo"
    );
}

#[tokio::test]
async fn a_rejected_pair_never_comes_back() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::ToReview).await;
    for row in rows.iter().filter(|row| row.variant.is_some()).take(10) {
        desk.app
            .decide(&desk.store, decision(row, DecideAction::Reject))
            .await
            .expect("rejected");
    }
    desk.app
        .match_again(&desk.store)
        .await
        .expect("matched again");
    for row in rows.iter().filter(|row| row.variant.is_some()).take(10) {
        let detail = desk
            .app
            .pair_detail(&desk.store, &row.listing.key, None)
            .await
            .expect("the listing is still there");
        let rejected = row.variant.as_ref().map(|variant| variant.key);
        let shown: Vec<_> = detail
            .candidates
            .iter()
            .map(|found| Some(found.variant.key))
            .collect();
        assert!(
            !shown.contains(&rejected),
            "{:?} came back for {}",
            rejected,
            row.listing.name
        );
    }
}

#[tokio::test]
async fn the_lists_can_be_searched_on_both_sides() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let all = desk.rows(Tab::Mapped).await;
    let wanted = all
        .iter()
        .find_map(|row| Some((row, row.listing.sku.clone()?)))
        .expect("a SKU");
    for (store_text, odoo_text) in [
        (wanted.1.clone(), String::new()),
        (
            String::new(),
            wanted
                .0
                .variant
                .as_ref()
                .map(|v| v.name.clone())
                .unwrap_or_default(),
        ),
    ] {
        let query = ReviewQuery {
            tab: Tab::Mapped,
            store_text,
            odoo_text,
            limit: 50,
            ..ReviewQuery::default()
        };
        let page = desk
            .app
            .review_page(&desk.store, query)
            .await
            .expect("searched");
        assert!(
            page.rows
                .iter()
                .any(|row| row.listing.key == wanted.0.listing.key),
            "a search finds its own row"
        );
        assert!(
            page.total < u32::try_from(all.len()).expect("small"),
            "and not every row"
        );
    }
}

#[tokio::test]
async fn a_pair_shows_its_fields_and_its_candidates() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::ToReview).await;
    let row = rows
        .iter()
        .find(|row| row.other_candidates > 0)
        .expect("a pair with rivals");
    let detail = desk
        .app
        .pair_detail(&desk.store, &row.listing.key, None)
        .await
        .expect("the pair can be read");
    assert!(
        !detail.fields.is_empty() && !detail.reasons.is_empty(),
        "{detail:?}"
    );
    let other = detail.candidates.get(1).expect("a rival").variant.key;
    let beside = desk
        .app
        .pair_detail(&desk.store, &row.listing.key, Some(other))
        .await
        .expect("the rival can be looked at");
    assert_eq!(beside.row.variant.map(|variant| variant.key), Some(other));
}

#[tokio::test]
async fn what_cannot_be_decided_is_refused_with_its_reason() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let unknown = DecisionInput {
        listing: "no-such-listing".to_owned(),
        action: DecideAction::Ignore,
        variant: None,
    };
    let refused = desk
        .app
        .decide(&desk.store, unknown)
        .await
        .expect_err("no such listing");
    assert_eq!(refused.code.as_str(), "input.record_unknown");
    let row = desk.rows(Tab::Mapped).await.swap_remove(0);
    let nowhere = DecisionInput {
        listing: row.listing.key,
        action: DecideAction::Accept,
        variant: Some(i32::MAX),
    };
    let refused = desk
        .app
        .decide(&desk.store, nowhere)
        .await
        .expect_err("no such variant");
    assert_eq!(refused.code.as_str(), "input.record_unknown");
}

/// The sandbox knows which pairs are true, because it made them.
#[tokio::test]
async fn no_link_that_was_made_by_itself_is_wrong() {
    let listings = 1_200;
    let desk = Desk::open(listings, None).await;
    desk.fetch().await;
    let mut plan = seed::Plan::demo(SystemClock.now());
    (plan.seed, plan.listings) = (Desk::SEED, listings);
    let (_, truth) = seed::with_truth(&plan, Arc::new(SystemClock));
    let mapped = desk.rows(Tab::Mapped).await;
    assert!(
        mapped.len() > listings / 2,
        "most of a shop has keys: {}",
        mapped.len()
    );
    for row in mapped {
        let id = row
            .listing
            .key
            .rsplit('/')
            .next()
            .and_then(|id| id.parse::<u64>().ok());
        let known = id
            .and_then(|id| truth.listings.get(&id))
            .expect("made by the sandbox");
        let linked = row.variant.map(|variant| i64::from(variant.key));
        assert_eq!(linked, known.variant, "{}", row.listing.name);
    }
}
