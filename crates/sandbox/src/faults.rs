//! Faults by rule: which call misbehaves, how, and how often.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

/// How a call misbehaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// Answers correctly, but late.
    Slow {
        /// By how much.
        delay_ms: u64,
    },
    /// 429, with or without `Retry-After`.
    TooMany {
        /// Seconds to wait, if said.
        retry_after_s: Option<u32>,
    },
    /// A proxy's page with this status instead of the answer.
    Html {
        /// 200, 403, 502, 504 and so on.
        status: u16,
    },
    /// Does the work, then breaks the line: the caller cannot know.
    AnswerLost,
    /// Breaks the body off half-way.
    Truncated,
    /// Prints a PHP notice before the body, status unchanged.
    PhpNotice,
}

/// Which calls misbehave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// A part of the path and query that the call must contain; empty for every call.
    #[serde(default)]
    pub path: String,
    /// Lets this many matching calls pass first.
    #[serde(default)]
    pub skip: u32,
    /// Then misbehaves this many times; without a number, for ever.
    #[serde(default)]
    pub times: Option<u32>,
    /// How.
    #[serde(flatten)]
    pub fault: Fault,
}

/// A plan of faults, and how far each rule has run.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<(Rule, u32)>>>);

impl Faults {
    /// A plan of these rules; the first that matches a call decides.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self(Arc::new(Mutex::new(
            rules.into_iter().map(|rule| (rule, 0)).collect(),
        )))
    }

    /// Replaces the plan while the stand-in runs.
    pub fn set(&self, rules: Vec<Rule>) {
        *self.rules() = rules.into_iter().map(|rule| (rule, 0)).collect();
    }

    /// The router, misbehaving by this plan.
    pub fn wrap(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), misbehave))
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<(Rule, u32)>> {
        self.0.lock().expect("no holder of this lock can panic")
    }

    fn next(&self, path: &str) -> Option<Fault> {
        let mut rules = self.rules();
        for (rule, calls) in rules
            .iter_mut()
            .filter(|(rule, _)| path.contains(&rule.path))
        {
            *calls += 1;
            let after_skip = calls.saturating_sub(rule.skip);
            if after_skip > 0 && rule.times.is_none_or(|times| after_skip <= times) {
                return Some(rule.fault.clone());
            }
        }
        None
    }
}

async fn misbehave(State(faults): State<Faults>, request: Request, next: Next) -> Response {
    let path = request.uri().to_string();
    let Some(fault) = faults.next(&path) else {
        return next.run(request).await;
    };
    match fault {
        Fault::Slow { delay_ms } => {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            next.run(request).await
        }
        Fault::TooMany { retry_after_s } => too_many(retry_after_s),
        Fault::Html { status } => html(status),
        Fault::AnswerLost => broken_line(next.run(request).await, 0).await,
        Fault::Truncated => broken_line(next.run(request).await, 40).await,
        Fault::PhpNotice => with_notice(next.run(request).await).await,
    }
}

fn too_many(retry_after_s: Option<u32>) -> Response {
    let mut response = html(429);
    if let Some(seconds) = retry_after_s {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn html(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page =
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// The whole head with the true length, then only the first bytes of the body.
async fn broken_line(response: Response, bytes: usize) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    head.headers
        .insert(header::CONTENT_LENGTH, whole.len().max(bytes + 1).into());
    let first = whole.slice(..bytes.min(whole.len()));
    let cut = futures::stream::iter([
        Ok(first),
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "the line broke",
        )),
    ]);
    Response::from_parts(head, Body::from_stream(cut))
}

async fn with_notice(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    head.headers.remove(header::CONTENT_LENGTH);
    let mut text = b"<br />\n<b>Warning</b>: Undefined array key in <b>functions.php</b> on line <b>12</b><br />\n".to_vec();
    text.extend_from_slice(&whole);
    Response::from_parts(head, Body::from(text))
}

#[cfg(test)]
mod tests {
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
            let (router, written) =
                shelf(&Faults::new(vec![once("/orders", Fault::Html { status })]));
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
}
