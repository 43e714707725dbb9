//! Two processes on one profile: the second may look while the first works, and nothing else.

use tandem_app::view::{RunState, Tab};
use tandem_app::{App, FaultRule, Profile};
use tandem_sandbox::Fault;
use tandem_tests::{Desk, outside};

#[tokio::test]
async fn a_second_process_may_not_fetch_and_reads_on_while_the_first_one_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let desk = Desk::open(300, Some(folder.path().to_owned())).await;
    let slow = FaultRule {
        path: "/products".to_owned(),
        skip: 2,
        times: Some(1),
        fault: Fault::Slow { delay_ms: 300 },
    };
    desk.misbehave("woocommerce", vec![slow]);
    let run = desk
        .app
        .start_fetch(&desk.store, false)
        .await
        .expect("the first process works");

    let profile = Profile {
        folder: Some(folder.path().to_owned()),
        sandbox: true,
    };
    let second = App::open(profile, outside()).expect("it may look");
    assert!(second.info().read_only);
    for full in [false, true] {
        let refused = second.fetch(&desk.store, full).await;
        let code = refused.expect_err("two would read the same pages").code;
        assert_eq!(code.as_str(), "engine.busy");
    }
    let mut events = desk.app.listen();
    loop {
        assert_eq!(second.connections().await.expect("readable").len(), 2);
        let runs = desk.app.runs(&desk.store).await.expect("readable");
        let first = runs.iter().find(|found| found.id == run.id);
        match first.expect("it was begun").state {
            RunState::Running => drop(events.recv().await),
            state => {
                assert_eq!(state, RunState::Done);
                break;
            }
        }
    }
    let query = tandem_app::view::ReviewQuery {
        tab: Tab::Mapped,
        limit: 10,
        ..Default::default()
    };
    let page = second.review_page(&desk.store, query).await;
    let seen = page.expect("readable").rows.len();
    assert!(seen > 0, "what the first one wrote is seen by the second");
    assert_eq!(
        desk.app.runs(&desk.store).await.expect("readable").len(),
        1,
        "what was refused left no run behind"
    );
}
