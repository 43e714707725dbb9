//! What the matching learns: kept, used again, corrected; proposals that look alike at once.

use std::collections::BTreeMap;

use tandem_app::view::{
    Confidence, DecideAction, DecisionInput, GroupQuery, LearnedView, PairDetail, PairRow,
    PatternView, ReviewQuery, Tab, WordAction, WordInput,
};
use tandem_tests::Desk;

async fn learned(desk: &Desk) -> LearnedView {
    desk.app.learned(&desk.store).await.expect("it can be read")
}

async fn decide(desk: &Desk, row: &PairRow, action: DecideAction) {
    let decision = DecisionInput {
        listing: row.listing.key.clone(),
        action,
        variant: row.variant.as_ref().map(|variant| variant.key),
    };
    desk.app
        .decide(&desk.store, decision)
        .await
        .expect("decided");
    desk.app.settled().await;
}

async fn detail(desk: &Desk, row: &PairRow) -> PairDetail {
    desk.app
        .pair_detail(&desk.store, &row.listing.key, None)
        .await
        .expect("the pair can be read")
}

fn scores(rows: &[PairRow]) -> BTreeMap<String, (Option<i32>, Option<u16>)> {
    let of = |row: &PairRow| {
        let variant = row.variant.as_ref().map(|variant| variant.key);
        (row.listing.key.clone(), (variant, row.score_bp))
    };
    rows.iter().map(of).collect()
}

#[tokio::test]
async fn what_was_learned_is_used_until_there_is_reason_to_learn_anew() {
    let desk = Desk::small().await;
    assert_eq!(learned(&desk).await.learned_at, None, "nothing was fetched");
    desk.fetch().await;
    let first = learned(&desk).await;
    assert!(first.learned_at.is_some() && first.proven > 0, "{first:?}");
    assert_eq!(first.tiers.len(), 5, "every way of linking is listed");
    let links = desk.rows(Tab::Mapped).await;

    desk.fetch().await;
    assert_eq!(learned(&desk).await, first, "nothing changed");
    assert_eq!(
        desk.rows(Tab::Mapped).await,
        links,
        "one model, one outcome"
    );

    decide(
        &desk,
        &desk.rows(Tab::ToReview).await[0],
        DecideAction::Ignore,
    )
    .await;
    desk.fetch().await;
    let after = learned(&desk).await;
    assert_eq!(after.learned_at, first.learned_at, "one decision is little");
    assert!(after.outdated, "and yet it is one that the model lacks");

    desk.app
        .match_again(&desk.store)
        .await
        .expect("matched again");
    let again = learned(&desk).await;
    assert_ne!(again.learned_at, first.learned_at, "a person asked for it");
    assert_eq!((again.decisions, again.outdated), (1, false));
}

#[tokio::test]
async fn a_link_of_its_own_that_a_person_undoes_is_learned_from_at_the_next_fetch() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let first = learned(&desk).await;
    let linked = desk.rows(Tab::Mapped).await;
    let wrong = linked.first().expect("the sandbox has certain pairs");
    decide(&desk, wrong, DecideAction::Reject).await;
    desk.fetch().await;
    let after = learned(&desk).await;
    assert_ne!(after.learned_at, first.learned_at, "it was learned from");
    let judged: u32 = after.tiers.iter().map(|tier| tier.measured.wrong).sum();
    assert_eq!(
        judged, 1,
        "the way that made the link answers for it: {:?}",
        after.tiers
    );
    let row = detail(&desk, wrong).await;
    assert!(
        row.candidates
            .iter()
            .all(|c| Some(c.variant.key) != wrong.variant.as_ref().map(|v| v.key)),
        "what was rejected never comes back"
    );
}

#[tokio::test]
async fn a_pair_says_what_its_texts_share_and_why_it_was_not_linked() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::ToReview).await;
    let mut told = 0;
    for row in rows.iter().filter(|row| row.variant.is_some()) {
        let detail = detail(&desk, row).await;
        let account = detail.account.expect("a model was learned");
        told += usize::from(!account.same.is_empty() || !account.met.is_empty());
        assert!(!detail.cautions.is_empty(), "{row:?}");
        assert_eq!(
            (detail.tier, detail.measured),
            (None, None),
            "nobody looked yet"
        );
        assert_ne!(
            row.confidence,
            Some(Confidence::Sure),
            "it waits for a person"
        );
    }
    assert!(told > 0, "proposals share words");
    let linked = &desk.rows(Tab::Mapped).await[0];
    let detail = detail(&desk, linked).await;
    let measured = detail.measured.expect("a link says what it rests on");
    assert!(
        detail.tier.is_some() && measured.share_bp > 9_900,
        "{measured:?}"
    );
    assert_eq!(linked.confidence, Some(Confidence::Sure));
}

#[tokio::test]
async fn words_are_taken_back_restored_and_added() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let change = async |action, store: &str, odoo: &str| {
        let word = WordInput {
            action,
            store: store.to_owned(),
            odoo: odoo.to_owned(),
        };
        desk.app.change_word(&desk.store, word).await
    };
    let added = change(WordAction::Add, "  ballon  rond ", "round balloon")
        .await
        .expect("two words are fine");
    assert_eq!(added.own[0].store, "ballon rond", "blanks do not count");
    assert!(added.outdated);
    desk.fetch().await;
    let after = learned(&desk).await;
    assert!(!after.outdated, "a changed list is reason to learn anew");
    let removed = change(WordAction::Remove, "ballon rond", "round balloon")
        .await
        .expect("removed");
    assert!(removed.own.is_empty());
    let refused = change(WordAction::Add, "", "x").await.expect_err("no word");
    assert_eq!(refused.code.as_str(), "input.invalid");
    let refused = change(WordAction::Add, "a b c d e", "x").await;
    assert_eq!(refused.expect_err("too long").params["field"], "store");

    let back = change(WordAction::TakeBack, "xyz", "abc")
        .await
        .expect("kept");
    assert!(
        back.words
            .iter()
            .any(|word| word.taken_back && word.store == "xyz")
    );
    if let Some(word) = after.words.first() {
        change(WordAction::TakeBack, &word.store, &word.odoo)
            .await
            .expect("taken back");
        desk.app.match_again(&desk.store).await.expect("matched");
        let now = learned(&desk).await;
        let found = now
            .words
            .iter()
            .find(|known| (&known.store, &known.odoo) == (&word.store, &word.odoo))
            .expect("it stays listed");
        assert!(
            found.taken_back && found.seen == 0,
            "not learned again: {found:?}"
        );
        let restored = change(WordAction::Restore, &word.store, &word.odoo)
            .await
            .expect("restored");
        assert!(restored.outdated, "it counts from the next match on");
    }
}

#[tokio::test]
async fn a_pattern_is_sampled_accepted_and_taken_back_as_one() {
    let desk = Desk::open(1_000, None).await;
    desk.fetch().await;
    let before = desk.rows(Tab::ToReview).await;
    let patterns = desk.app.patterns(&desk.store).await.expect("counted");
    let rows: u32 = patterns.iter().map(|pattern| pattern.rows).sum();
    assert_eq!(rows as usize, before.len(), "every proposal has a pattern");
    let query = |pattern: &PatternView| ReviewQuery {
        pattern: Some(pattern.id.clone()),
        limit: 500,
        ..ReviewQuery::default()
    };
    for pattern in &patterns {
        let page = desk.app.review_page(&desk.store, query(pattern)).await;
        let page = page.expect("the pattern can be listed");
        assert_eq!(page.total, pattern.rows, "{}", pattern.id);
        let guarded = page.rows.iter().filter(|row| row.guarded).count();
        assert_eq!(guarded, pattern.guarded as usize, "{}", pattern.id);
        let counts = desk.app.review_counts(&desk.store, query(pattern)).await;
        let counted: u32 = counts.expect("counted").histogram.iter().sum();
        assert_eq!(counted, pattern.rows, "{}", pattern.id);
    }

    let (pattern, total) = acceptable(&desk, &patterns).await;
    let links = desk.rows(Tab::Mapped).await.len();
    assert_eq!(pattern.takes, total, "known before anybody looks");
    let sample = desk.app.pattern_sample(&desk.store, &pattern.id, 1).await;
    let accept = async |mark: &str| {
        let mark = Some(mark.to_owned());
        desk.app
            .accept_all(&desk.store, query(&pattern), mark)
            .await
    };
    let refused = accept("of other pairs")
        .await
        .expect_err("not what was seen");
    assert_eq!(refused.code.as_str(), "review.set_changed");
    let done = accept(&sample.expect("read").set).await;
    let done = done.expect("accepted");
    assert_eq!(done.accepted, total, "what the sample said");
    assert_eq!(
        done.accepted + done.guarded + done.taken + done.unclear,
        pattern.rows,
        "what was left out is counted"
    );
    let mapped = desk.rows(Tab::Mapped).await;
    assert_eq!(mapped.len(), links + total as usize);
    let undone = desk.app.undo(&desk.store).await.expect("undone");
    assert_eq!(undone.expect("one step").together, total);
    desk.app.settled().await;
    assert_eq!(desk.rows(Tab::ToReview).await, before, "exactly as it was");
}

/// The first pattern of which something may be accepted, and how much.
async fn acceptable(desk: &Desk, patterns: &[PatternView]) -> (PatternView, u32) {
    for pattern in patterns.iter().filter(|pattern| pattern.acceptable) {
        let sample = async || {
            let sample = desk.app.pattern_sample(&desk.store, &pattern.id, 5).await;
            sample.expect("the pattern can be sampled")
        };
        let first = sample().await;
        assert_eq!(first, sample().await, "the same rows each time");
        assert!(first.rows.len() <= 5 && first.rows.iter().all(|row| !row.guarded));
        if first.total > 0 {
            return (pattern.clone(), first.total);
        }
    }
    panic!("the sandbox has proposals that nothing speaks against");
}

#[tokio::test]
async fn single_decisions_say_how_good_a_pattern_is_and_bulk_steps_do_not() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::ToReview).await;
    let row = rows.iter().find(|row| row.variant.is_some());
    decide(&desk, row.expect("a proposal"), DecideAction::Accept).await;
    let measured = async || {
        let patterns = desk.app.patterns(&desk.store).await.expect("counted");
        patterns
            .iter()
            .filter_map(|p| p.measured)
            .map(|m| (m.checked, m.wrong))
            .collect::<Vec<_>>()
    };
    let one = measured().await;
    assert!(
        one.len() <= 1 && one.iter().all(|m| *m == (1, 0)),
        "{one:?}"
    );
    let query = ReviewQuery::default();
    desk.app
        .accept_all(&desk.store, query, None)
        .await
        .expect("accepted");
    let after = measured().await;
    assert!(
        after.iter().all(|m| *m == (1, 0)),
        "nobody looked at those: {after:?}"
    );
}

#[tokio::test]
async fn decisions_move_the_queue_at_once_and_taking_them_back_moves_it_back() {
    let desk = Desk::open(1_000, None).await;
    desk.fetch().await;
    let before = desk.rows(Tab::ToReview).await;
    let decided = 8;
    for row in before
        .iter()
        .filter(|row| row.variant.is_some())
        .take(decided)
    {
        decide(&desk, row, DecideAction::Accept).await;
    }
    let after = desk.rows(Tab::ToReview).await;
    let (old, new) = (scores(&before), scores(&after));
    assert!(
        new.iter()
            .any(|(listing, score)| old.get(listing).is_some_and(|was| was != score)),
        "the scores of what is left follow the decisions"
    );
    let order: Vec<_> = after.iter().map(|row| row.score_bp).collect();
    assert!(
        order.is_sorted_by(|a, b| a >= b),
        "and the list follows them"
    );
    for _ in 0..decided {
        desk.app.undo(&desk.store).await.expect("undone");
    }
    desk.app.settled().await;
    assert_eq!(desk.rows(Tab::ToReview).await, before, "exactly as it was");
}

#[tokio::test]
async fn variations_know_their_group_and_the_list_narrows_to_it() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let rows = desk.rows(Tab::Mapped).await;
    let group = rows.iter().find_map(|row| row.group.clone());
    let group = group.expect("the sandbox sells variations");
    assert!(group.size > 1 && !group.name.is_empty(), "{group:?}");
    let query = ReviewQuery {
        tab: Tab::Mapped,
        group: Some(GroupQuery {
            kind: group.kind,
            key: group.key.clone(),
        }),
        limit: 500,
        ..ReviewQuery::default()
    };
    let page = desk.app.review_page(&desk.store, query).await;
    let page = page.expect("the group can be listed");
    assert!(page.total > 0 && page.total <= group.size);
    for row in page.rows {
        assert_eq!(row.group.as_ref(), Some(&group), "{row:?}");
    }
}
