//! Each fault does what its name says, as often as its rule says.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::*;

const ANSWER: &str = r#"{"id":1,"name":"Latex balloon 11\" gold","sku":"BLN-11-GLD"}"#;

/// One shelf to read, and one to write that counts what was written.
fn shelf(faults: &Faults) -> (Router, Arc<AtomicU32>) {
    let written = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&written);
    let write = move || async move {
        count.fetch_add(1, Ordering::SeqCst);
        ANSWER
    };
    let router = Router::new()
        .route("/products", get(|| async { ANSWER }))
        .route("/orders", post(write));
    (faults.wrap(router), written)
}

fn once(path: &str, fault: Fault) -> Rule {
    Rule {
        path: path.to_owned(),
        skip: 0,
        times: Some(1),
        fault,
    }
}

async fn call(router: &Router, method: &str, uri: &str) -> Response {
    let request = Request::builder().method(method).uri(uri);
    let request = request.body(Body::empty()).expect("a sound request");
    let answer = router.clone().oneshot(request).await;
    answer.expect("a router answers always")
}

async fn read(router: &Router) -> Response {
    call(router, "GET", "/products?page=2").await
}

async fn text(response: Response) -> String {
    let body = response.into_body().collect().await;
    let bytes = body.expect("the line holds").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn without_a_rule_nothing_happens() {
    let (router, _) = shelf(&Faults::default());
    let answer = read(&router).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(text(answer).await, ANSWER);
}

#[tokio::test]
async fn a_rule_waits_then_misbehaves_so_many_times_and_stops() {
    let rule = Rule {
        skip: 1,
        times: Some(2),
        ..once("page=2", Fault::Html { status: 502 })
    };
    let (router, _) = shelf(&Faults::new(vec![rule]));
    assert_eq!(call(&router, "GET", "/products?page=1").await.status(), 200);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(read(&router).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 502, 502, 200], "page 1 does not count");
}

#[tokio::test]
async fn a_rule_without_a_number_never_stops_until_the_plan_changes() {
    let faults = Faults::new(vec![Rule {
        times: None,
        ..once("", Fault::Html { status: 504 })
    }]);
    let (router, _) = shelf(&faults);
    for _ in 0..5 {
        assert_eq!(read(&router).await.status(), 504);
    }
    faults.set(Vec::new());
    assert_eq!(read(&router).await.status(), 200);
}

#[tokio::test]
async fn the_first_rule_that_is_due_decides() {
    let faults = Faults::new(vec![
        once("/products", Fault::Html { status: 502 }),
        once("", Fault::Html { status: 504 }),
    ]);
    let (router, _) = shelf(&faults);
    assert_eq!(read(&router).await.status(), 502);
    assert_eq!(read(&router).await.status(), 504);
    assert_eq!(read(&router).await.status(), 200);
}

#[tokio::test]
async fn slow_is_late_but_right() {
    let (router, _) = shelf(&Faults::new(vec![once("", Fault::Slow { delay_ms: 30 })]));
    let start = Instant::now();
    let answer = read(&router).await;
    assert!(start.elapsed() >= Duration::from_millis(30));
    assert_eq!(text(answer).await, ANSWER);
}

#[tokio::test]
async fn too_many_says_when_to_come_back_if_it_is_told_to() {
    let when = |retry_after_s| once("", Fault::TooMany { retry_after_s });
    let (router, _) = shelf(&Faults::new(vec![when(Some(7)), when(None)]));
    let first = read(&router).await;
    assert_eq!(first.status(), 429);
    assert_eq!(first.headers()[header::RETRY_AFTER], "7");
    let second = read(&router).await;
    assert_eq!(second.status(), 429);
    assert!(!second.headers().contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn html_stands_in_for_the_answer_whatever_its_status() {
    for status in [200, 403, 502] {
        let (router, written) = shelf(&Faults::new(vec![once("/orders", Fault::Html { status })]));
        let answer = call(&router, "POST", "/orders").await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html");
        assert!(text(answer).await.starts_with("<html>"));
        assert_eq!(written.load(Ordering::SeqCst), 0, "the work was not done");
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_work_done() {
    let (router, written) = shelf(&Faults::new(vec![once("/orders", Fault::AnswerLost)]));
    let answer = call(&router, "POST", "/orders").await;
    assert!(
        answer.into_body().collect().await.is_err(),
        "the line broke"
    );
    assert_eq!(written.load(Ordering::SeqCst), 1, "the work was done");
    assert_eq!(text(call(&router, "POST", "/orders").await).await, ANSWER);
}

#[tokio::test]
async fn a_truncated_answer_promises_more_than_it_brings() {
    let (router, _) = shelf(&Faults::new(vec![once("", Fault::Truncated)]));
    let answer = read(&router).await;
    let promised = answer.headers()[header::CONTENT_LENGTH].clone();
    assert_eq!(promised, ANSWER.len().to_string().as_str());
    let mut body = answer.into_body();
    let first = body.frame().await.expect("a first part").expect("is sound");
    let first = first.into_data().expect("bytes");
    assert_eq!(first, &ANSWER.as_bytes()[..40]);
    assert!(
        body.frame().await.expect("an end").is_err(),
        "the line broke"
    );
}

#[tokio::test]
async fn a_notice_stands_before_the_answer() {
    let (router, _) = shelf(&Faults::new(vec![once("", Fault::PhpNotice)]));
    let answer = read(&router).await;
    assert_eq!(answer.status(), 200);
    let text = text(answer).await;
    assert!(text.starts_with("<br />\n<b>Warning</b>"), "{text}");
    assert_eq!(text.lines().last(), Some(ANSWER));
}

#[tokio::test]
async fn a_lost_request_leaves_the_work_undone() {
    let (router, written) = shelf(&Faults::new(vec![once("/orders", Fault::RequestLost)]));
    let answer = call(&router, "POST", "/orders").await;
    assert!(
        answer.into_body().collect().await.is_err(),
        "the line broke"
    );
    assert_eq!(written.load(Ordering::SeqCst), 0, "the work was not done");
}

#[tokio::test]
async fn a_firewall_and_a_redirect_answer_in_the_servers_place() {
    let to = "https://elsewhere.example/".to_owned();
    let (router, _) = shelf(&Faults::new(vec![
        once("", Fault::Cloudflare { code: 1020 }),
        once("", Fault::Redirect { to: to.clone() }),
    ]));
    let denied = read(&router).await;
    assert_eq!(denied.status(), 403);
    assert!(denied.headers().contains_key("cf-ray"));
    assert!(text(denied).await.contains("Error 1020"));
    let moved = read(&router).await;
    assert_eq!(moved.status(), 302);
    assert_eq!(moved.headers()[header::LOCATION], to.as_str());
}

#[tokio::test]
async fn a_clock_that_is_off_moves_the_date_and_nothing_else() {
    let dated = || async { ([(header::DATE, "Sat, 21 Nov 2026 10:00:00 GMT")], ANSWER) };
    let router = Router::new().route("/products", get(dated));
    let off = once("", Fault::ClockOff { seconds: 3_600 });
    let answer = read(&Faults::new(vec![off]).wrap(router)).await;
    assert_eq!(
        answer.headers()[header::DATE],
        "Sat, 21 Nov 2026 11:00:00 GMT"
    );
    assert_eq!(text(answer).await, ANSWER);
}

#[test]
fn rules_are_read_from_json() {
    let text = r#"[{"path":"/orders","fault":"too_many","retry_after_s":5},
                   {"fault":"slow","delay_ms":20,"skip":2,"times":1}]"#;
    let rules: Vec<Rule> = serde_json::from_str(text).expect("rules");
    let fault = Fault::TooMany {
        retry_after_s: Some(5),
    };
    assert_eq!((&rules[0].fault, rules[0].times), (&fault, None));
    assert_eq!((rules[1].skip, rules[1].times), (2, Some(1)));
    assert_eq!(rules[1].path, "", "every call");
}
