//! The address on this computer to which the browser brings a shop's answer. It serves one
//! question, to whoever knows its path, and closes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::parse_url;
use crate::Result;
use crate::error::{AppError, Code};
use crate::registry::{ConsentPage, Granted};
use crate::view::{Language, Params};
use crate::words::Words;

/// How long an answer is waited for.
pub(super) const MINUTES_MAX: i64 = 10;
const ANSWER_SECONDS_MAX: u64 = MINUTES_MAX.unsigned_abs() * 60;
/// How long the page that says goodbye is there to be fetched.
const GOODBYE: Duration = Duration::from_secs(5);

/// A door that nobody went through yet.
pub(super) struct Door {
    listener: TcpListener,
    page: ConsentPage,
    path: String,
    language: Language,
}

/// What the door's pages share.
struct Hall {
    page: ConsentPage,
    path: String,
    language: Language,
    answer: Mutex<Option<oneshot::Sender<Result<Granted>>>>,
    said_goodbye: Notify,
}

impl Door {
    /// Opens it on a free port of loopback.
    pub(super) async fn open(page: ConsentPage, path: String, language: Language) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(closed)?;
        Ok(Self {
            listener,
            page,
            path,
            language,
        })
    }

    /// Where the shop sends the browser afterwards.
    pub(super) fn address(&self) -> Result<Url> {
        let address = self.listener.local_addr().map_err(closed)?;
        parse_url(&format!("http://{address}/{}", self.path))
    }

    /// Waits for the answer, for the time to run out, or for nobody to want it any more.
    pub(super) async fn wait(self, cancel: &CancellationToken) -> Result<Granted> {
        let (answer, answered) = oneshot::channel();
        let hall = Arc::new(Hall {
            page: self.page,
            path: format!("/{}", self.path),
            language: self.language,
            answer: Mutex::new(Some(answer)),
            said_goodbye: Notify::new(),
        });
        let pages = Router::new()
            .route(&hall.path, get(take_answer))
            .route(&format!("{}/done", hall.path), get(say_goodbye))
            .with_state(Arc::clone(&hall));
        let close = CancellationToken::new();
        let serving = tokio::spawn(
            axum::serve(self.listener, pages)
                .with_graceful_shutdown(close.clone().cancelled_owned())
                .into_future(),
        );
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        let outcome = tokio::select! {
            () = cancel.cancelled() => Err(AppError::new(Code::Cancelled)),
            () = tokio::time::sleep(limit) => Err(AppError::new(Code::ConsentTimedOut)),
            answer = answered => answer.unwrap_or_else(|_| Err(AppError::new(Code::Cancelled))),
        };
        // The browser still wants its page, and nobody has to wait for that.
        tokio::spawn(async move {
            let said = tokio::time::timeout(GOODBYE, hall.said_goodbye.notified());
            drop(said.await);
            close.cancel();
            drop(tokio::time::timeout(GOODBYE, serving).await);
        });
        outcome
    }
}

/// Takes the first answer, and leads away from the address that has the key in it.
async fn take_answer(State(hall): State<Arc<Hall>>, RawQuery(query): RawQuery) -> Response {
    let first = hall
        .answer
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let mut went_well = "";
    if let Some(first) = first {
        let granted = (hall.page.answer)(&query.unwrap_or_default());
        went_well = if granted.is_some() { "?granted" } else { "" };
        drop(first.send(granted.ok_or_else(|| AppError::new(Code::ConsentDenied))));
    }
    let done = format!("{}/done{went_well}", hall.path);
    (private(), Redirect::to(&done)).into_response()
}

async fn say_goodbye(
    State(hall): State<Arc<Hall>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let browser = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let words = match hall.language {
        Language::System => Words::for_locale(browser),
        chosen => Words::new(chosen),
    };
    let text = if query.as_deref() == Some("granted") {
        "consent.page.granted"
    } else {
        "consent.page.refused"
    };
    hall.said_goodbye.notify_one();
    (private(), Html(page(&words, text))).into_response()
}

/// Neither kept nor told to the next page.
fn private() -> [(header::HeaderName, &'static str); 3] {
    [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ]
}

fn page(words: &Words, text: &str) -> String {
    let say = |key: &str| {
        let sentence = words.say(key, &Params::new());
        sentence.replace('&', "&amp;").replace('<', "&lt;")
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<meta charset=\"utf-8\">\n\
         <title>Tandem</title>\n<style>body{{font:1.1em sans-serif;max-width:34em;\
         margin:15vh auto;padding:0 1em}}</style>\n<h1>{}</h1>\n<p>{}</p>\n</html>\n",
        words.code(),
        if words.code() == "ar" { "rtl" } else { "ltr" },
        say(text),
        say("consent.page.close"),
    )
}

fn closed(error: std::io::Error) -> AppError {
    AppError::new(Code::Internal).details(error)
}
