//! Faults by rule: which call misbehaves, how, and how often.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
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
    /// Breaks the line before the work is done: the caller cannot know.
    RequestLost,
    /// Does the work, then breaks the line: the caller cannot know.
    AnswerLost,
    /// Breaks the body off half-way.
    Truncated,
    /// Prints a PHP notice before the body, status unchanged.
    PhpNotice,
    /// Turned away by Cloudflare before the server sees it: its code, such as 1010 or 1020.
    Cloudflare {
        /// As it stands on the page.
        code: u16,
    },
    /// Sent to another address.
    Redirect {
        /// The whole address.
        to: String,
    },
    /// Answers correctly, by a clock that is off.
    ClockOff {
        /// Server minus the truth.
        seconds: i64,
    },
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
        Fault::RequestLost => broken_line(StatusCode::OK.into_response(), 0).await,
        Fault::AnswerLost => broken_line(next.run(request).await, 0).await,
        Fault::Truncated => broken_line(next.run(request).await, 40).await,
        Fault::PhpNotice => with_notice(next.run(request).await).await,
        Fault::Cloudflare { code } => cloudflare(code),
        Fault::Redirect { to } => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Fault::ClockOff { seconds } => at_another_time(next.run(request).await, seconds),
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

/// The page of a firewall rule, as Cloudflare words it.
fn cloudflare(code: u16) -> Response {
    let page = format!(
        "<!DOCTYPE html><html><head><title>Access denied | Cloudflare</title></head>\
         <body><h1>Error {code}</h1><p>Access denied</p></body></html>"
    );
    let head = [
        (header::CONTENT_TYPE, "text/html; charset=UTF-8"),
        (header::SERVER, "cloudflare"),
        (HeaderName::from_static("cf-ray"), "8a1f00000000dead-FRA"),
    ];
    (StatusCode::FORBIDDEN, head, page).into_response()
}

/// Moves the `Date` header; an answer without one gets none.
fn at_another_time(mut response: Response, seconds: i64) -> Response {
    let moved = response
        .headers()
        .get(header::DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| DateTimeParser::new().parse_timestamp(date).ok())
        .and_then(|date| date.checked_add(SignedDuration::from_secs(seconds)).ok())
        .and_then(|date| {
            DateTimePrinter::new()
                .timestamp_to_rfc9110_string(&date)
                .ok()
        })
        .and_then(|date| HeaderValue::from_str(&date).ok());
    if let Some(date) = moved {
        response.headers_mut().insert(header::DATE, date);
    }
    response
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
#[path = "faults_tests.rs"]
mod tests;
