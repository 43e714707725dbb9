//! Decisions about many pairs, their history, and files of them: in the window and on the command
//! line these are the same functions.

use tandem_app::view::{
    AppEvent, BadLineTag, BulkInput, DecideAction, DecisionInput, DecisionOrigin, ImportInput,
    PairRow, ReviewQuery, Stale, Tab,
};
use tandem_app::{Code, import_file};
use tandem_tests::Desk;

async fn fetched() -> Desk {
    let desk = Desk::small().await;
    desk.fetch().await;
    desk
}

fn bulk(action: DecideAction, listings: Option<Vec<String>>) -> BulkInput {
    BulkInput {
        query: ReviewQuery {
            tab: Tab::ToReview,
            ..ReviewQuery::default()
        },
        listings,
        action,
    }
}

fn keys(rows: &[PairRow]) -> Vec<String> {
    rows.iter().map(|row| row.listing.key.clone()).collect()
}

fn single(row: &PairRow, action: DecideAction) -> DecisionInput {
    DecisionInput {
        listing: row.listing.key.clone(),
        action,
        variant: row.variant.as_ref().map(|variant| variant.key),
    }
}

#[tokio::test]
async fn a_bulk_step_does_exactly_what_was_looked_at_or_nothing() {
    let desk = fetched().await;
    let before = desk.rows(Tab::ToReview).await;
    let input = bulk(DecideAction::Accept, None);
    let looked = desk.app.bulk_preview(&desk.store, input.clone()).await;
    let looked = looked.expect("a preview");
    assert_eq!(looked.rows as usize, before.len(), "all that is shown");
    assert!(looked.decided > 3 && looked.guarded > 0, "{looked:?}");
    let sum = looked.decided + looked.guarded + looked.taken + looked.unclear + looked.settled;
    assert_eq!(sum, looked.rows, "every row is accounted for");

    let other = single(&before[0], DecideAction::Ignore);
    desk.app.decide(&desk.store, other).await.expect("decided");
    let refused = desk
        .app
        .bulk_decide(&desk.store, input.clone(), &looked.set)
        .await;
    assert_eq!(refused.expect_err("other rows").code, Code::SetChanged);
    assert_eq!(desk.rows(Tab::ToReview).await.len(), before.len() - 1);

    let looked = desk.app.bulk_preview(&desk.store, input.clone()).await;
    let looked = looked.expect("a preview");
    let mut heard = desk.app.listen();
    let done = desk.app.bulk_decide(&desk.store, input, &looked.set).await;
    assert_eq!(done.expect("decided").decided, looked.decided);
    desk.app.settled().await;
    let told = std::iter::from_fn(|| heard.try_recv().ok());
    let follows = |event: &AppEvent| matches!(event, AppEvent::Stale(what) if what.contains(&Stale::FollowUps));
    assert!(told.filter(follows).count() > 1, "it begins, and it ends");
    assert_eq!(desk.app.follow_ups(), [], "nothing goes on for ever");
    let left = desk.rows(Tab::ToReview).await;
    assert_eq!(left.len(), before.len() - 1 - looked.decided as usize);
    assert!(
        left.iter().any(|row| row.guarded),
        "a guarded pair is left for a person"
    );
    let undone = desk.app.undo(&desk.store).await.expect("undone");
    assert_eq!(
        undone.map(|step| step.together),
        Some(looked.decided),
        "as one"
    );
}

#[tokio::test]
async fn chosen_rows_are_decided_and_any_step_can_be_taken_back() {
    let desk = fetched().await;
    desk.app.sign("sam");
    let rows = desk.rows(Tab::ToReview).await;
    let chosen = keys(&rows[..3]);
    let input = bulk(DecideAction::Ignore, Some(chosen.clone()));
    let looked = desk.app.bulk_preview(&desk.store, input.clone()).await;
    let set = looked.expect("a preview").set;
    let done = desk.app.bulk_decide(&desk.store, input, &set).await;
    assert_eq!(done.expect("decided").decided, 3);
    let again = single(&rows[1], DecideAction::Accept);
    desk.app.decide(&desk.store, again).await.expect("decided");

    let page = desk.app.decision_history(&desk.store, None, (0, 50)).await;
    let page = page.expect("a history");
    assert_eq!(page.total, 2);
    let [last, bulk] = &page.rows[..] else {
        panic!("two steps: {page:?}");
    };
    assert_eq!(
        (last.action, last.size, last.origin),
        (DecideAction::Accept, 1, Some(DecisionOrigin::Hand))
    );
    assert_eq!((bulk.size, bulk.in_force), (3, 3));
    assert_eq!(bulk.decided_by.as_deref(), Some("sam"));

    let undone = desk.app.undo_step(&desk.store, bulk.step).await;
    let undone = undone.expect("taken back");
    assert_eq!(
        (undone.undone, undone.left),
        (2, 1),
        "what was decided since stands"
    );
    let mapped = keys(&desk.rows(Tab::Mapped).await);
    assert!(mapped.contains(&chosen[1]));
    let waiting = keys(&desk.rows(Tab::ToReview).await);
    assert!(waiting.contains(&chosen[0]) && waiting.contains(&chosen[2]));
    let about = desk
        .app
        .decision_history(&desk.store, Some(chosen[0].clone()), (0, 50))
        .await;
    let about = about.expect("a history").rows;
    assert_eq!((about.len(), about[0].in_force), (1, 0));
    assert_eq!(about[0].undone_by.as_deref(), Some("sam"));
}

#[tokio::test]
async fn a_mapping_goes_out_into_a_file_and_into_another_profile() {
    let desk = fetched().await;
    let rows = desk.rows(Tab::ToReview).await;
    let decisions = [
        single(&rows[0], DecideAction::Accept),
        single(&rows[1], DecideAction::Reject),
        single(&rows[2], DecideAction::Ignore),
    ];
    for decision in decisions {
        desk.app
            .decide(&desk.store, decision)
            .await
            .expect("decided");
    }
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["m.csv", "m.xlsx"] {
        let path = folder.path().join(name);
        let written = desk.app.export_links(&desk.store, None, &path).await;
        assert!(written.expect("written").rows > 300, "{name}");
        let file = import_file(&path).expect("read");

        let here = desk.app.preview_import(&desk.store, file.clone()).await;
        let here = here.expect("a preview");
        assert_eq!((here.bad_total, here.unchanged), (0, 3), "{name}: {here:?}");
        let fresh = fetched().await;
        let there = fresh.app.preview_import(&fresh.store, file.clone()).await;
        let there = there.expect("a preview");
        assert_eq!(
            (there.accepted, there.rejected, there.ignored),
            (1, 1, 1),
            "{name}"
        );
        let taken = fresh
            .app
            .import_links(&fresh.store, file, &there.set)
            .await
            .expect("taken");
        assert_eq!(taken.decided, 3);
        let mapped = keys(&fresh.rows(Tab::Mapped).await);
        assert!(mapped.contains(&rows[0].listing.key));
        let step = fresh.app.decision_history(&fresh.store, None, (0, 1)).await;
        let step = &step.expect("a history").rows[0];
        assert_eq!((step.size, step.origin), (3, Some(DecisionOrigin::File)));
    }
}

#[tokio::test]
async fn a_file_with_a_bad_line_is_refused_whole_with_its_lines() {
    let desk = fetched().await;
    let rows = desk.rows(Tab::ToReview).await;
    let key = &rows[0].listing.key;
    let variant = rows[0].variant.as_ref().map(|variant| variant.key);
    let variant = variant.expect("a proposal");
    let text = format!(
        "listing,decision,odoo_id\n{key},accept,{variant}\nnowhere,ignore,\n{key},maybe,1\n\
         {key},accept,\n{key},accept,99999999\n{key},ignore,\n"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bad.csv");
    std::fs::write(&path, text).expect("written");
    let file = import_file(&path).expect("read");
    let looked = desk.app.preview_import(&desk.store, file.clone()).await;
    let looked = looked.expect("a preview");
    let bad: Vec<_> = looked.bad.iter().map(|bad| (bad.line, bad.what)).collect();
    assert_eq!(
        bad,
        [
            (3, BadLineTag::ListingUnknown),
            (4, BadLineTag::DecisionUnknown),
            (5, BadLineTag::NoVariant),
            (6, BadLineTag::VariantUnknown),
            (7, BadLineTag::Contradicts),
        ]
    );
    let taken = desk.app.import_links(&desk.store, file, &looked.set).await;
    assert_eq!(taken.expect_err("bad lines").code, Code::SetChanged);
    assert_eq!(desk.rows(Tab::ToReview).await.len(), rows.len());
    let other = ImportInput {
        name: "picture.png".to_owned(),
        content: String::new(),
    };
    let unread = desk.app.preview_import(&desk.store, other).await;
    assert_eq!(unread.expect_err("no table").code, Code::FileUnreadable);
}
