//! What an answer means: JSON that was asked for, or one of the contract's errors.
//!
//! The catalogue of answers was recorded on `WooCommerce` 11.0.1; see `tests/recorded/`.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tandem_contract::http::{Request, Response};
use tandem_contract::{Cause, Error, Result, Retry};
use tandem_domain::Timestamp;

mod refusal;

use crate::text;

/// Characters that are kept of what a shop prints in front of its JSON.
const NOISE_CHARACTERS_MAX: usize = 160;

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The JSON alone.
    pub(crate) json: String,
    /// The beginning of what the shop printed in front of it.
    pub(crate) noise: Option<String>,
    /// `X-WP-Total`: records in the whole list.
    pub(crate) total: Option<u64>,
    /// `X-WP-TotalPages`.
    pub(crate) pages: Option<u64>,
    /// The shop's clock.
    pub(crate) server_time: Option<Timestamp>,
}

impl Answer {
    /// Its rows, each as received.
    pub(crate) fn rows(&self, path: &str) -> Result<Vec<Box<RawValue>>> {
        serde_json::from_str(&self.json).map_err(|error| {
            Error::new(Cause::Unreadable, format!("GET {path}")).detail(&error.to_string())
        })
    }
}

/// What is being done, without anything secret: `GET /wp-json/wc/v3/products`. Through
/// `?rest_route=` the path says nothing, and the route stands for it.
pub(crate) fn operation(request: &Request) -> String {
    let routed = request
        .url
        .query_pairs()
        .find(|(name, _)| name == "rest_route");
    match routed {
        Some((_, route)) => format!("{} ?rest_route={route}", request.method),
        None => request.operation(),
    }
}

/// Takes an answer apart. Success needs the status 200, a JSON content type and JSON: a shop on
/// plain permalinks answers every address with 200 and its home page.
pub(crate) fn read(request: &Request, response: &Response) -> Result<Answer> {
    if response.status != 200 || !response.is_json() {
        return Err(parse_error(request, response));
    }
    let body = response.text();
    let unreadable = |cause| {
        Error::new(cause, operation(request))
            .with("status", response.status)
            .detail(&text::plain(&body))
    };
    let (noise, json) = match find_json(&body) {
        Found::Whole { noise, json } => (noise, json),
        // Reading again is harmless.
        Found::Cut => return Err(unreadable(Cause::AnswerCut).retry_after(0)),
        Found::None => return Err(unreadable(Cause::Unreadable)),
    };
    if json.len() < body.trim().len() {
        tracing::warn!(
            operation = operation(request),
            "the shop prints text around its JSON"
        );
    }
    let number = |name: &str| response.header(name)?.trim().parse().ok();
    let noise = text::plain(noise);
    Ok(Answer {
        json: json.to_owned(),
        noise: (!noise.is_empty()).then(|| noise.chars().take(NOISE_CHARACTERS_MAX).collect()),
        total: number("x-wp-total"),
        pages: number("x-wp-totalpages"),
        server_time: response.server_time(),
    })
}

/// What a text holds of JSON.
enum Found<'a> {
    /// One value, and what was printed before it.
    Whole { noise: &'a str, json: &'a str },
    /// The beginning of a value.
    Cut,
    /// Nothing.
    None,
}

/// The JSON inside an answer: from the first line that starts like JSON to the end of that value.
/// With `display_errors` on, PHP prints its warnings before it (recorded: 18) or after it.
fn find_json(body: &str) -> Found<'_> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut rest = body;
    loop {
        let line = rest.trim_start_matches(blank);
        if line.starts_with(['[', '{']) {
            let mut values = serde_json::Deserializer::from_str(line).into_iter::<&RawValue>();
            match values.next() {
                Some(Ok(json)) => {
                    let noise = &body[..body.len() - line.len()];
                    let json = json.get();
                    return Found::Whole { noise, json };
                }
                Some(Err(error)) if error.is_eof() => return Found::Cut,
                // `[21-Nov-2026 00:02:13 UTC] PHP Warning` starts like JSON and is none.
                Some(Err(error)) if error.line() == 1 => {}
                Some(Err(_)) | None => return Found::None,
            }
        }
        match rest.split_once('\n') {
            Some((_, after)) => rest = after,
            None => return Found::None,
        }
    }
}

/// The envelope of every refusal by WordPress. `data` is sometimes a number instead of an object.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    code: Value,
    message: Value,
    data: Value,
}

/// Turns every answer that is not what was asked for into an error.
pub(crate) fn parse_error(request: &Request, response: &Response) -> Error {
    let body = response.text();
    let json = match find_json(&body) {
        Found::Whole { json, .. } if response.is_json() => json,
        Found::Whole { .. } | Found::Cut | Found::None => "",
    };
    let envelope = serde_json::from_str::<Envelope>(json)
        .ok()
        .filter(|envelope| envelope.code.is_string() || envelope.code.is_number());
    let (cause, facts) = match &envelope {
        Some(envelope) => refusal::by_wordpress(request, response, envelope),
        None => refusal::by_others(response, &body),
    };
    let mut error = Error::new(cause, operation(request))
        .with("status", response.status)
        .with("host", request.url.host_str().unwrap_or_default());
    error = match &envelope {
        Some(envelope) => explained(error, envelope),
        None => error.detail(&text::plain(&body)),
    };
    for (name, value) in facts {
        error = error.with(name, value);
    }
    if let Some(root) = api_root(response) {
        error = error.with("api_at", root);
    }
    match (error.retry, response.retry_after()) {
        (Retry::Later(_), Some(seconds)) => error.retry_after(seconds),
        _ => error,
    }
}

fn code_of(error: &Error) -> Option<&str> {
    let code = error.context.iter().find(|(name, _)| name == "code");
    code.map(|(_, code)| code.as_str())
}

/// Whether WordPress looked at a user name and its application password, and refused one of them.
pub(crate) fn names_the_login(error: &Error) -> bool {
    let codes = [
        "incorrect_password",
        "invalid_username",
        "invalid_email",
        "application_passwords_disabled",
        "application_passwords_disabled_for_user",
    ];
    code_of(error).is_some_and(|code| codes.contains(&code))
}

/// Whether this is the refusal of somebody who showed nothing that was looked at. An unknown key,
/// a stripped header and Basic over plain HTTP all end here (recorded: 02, 07, 09).
pub(crate) fn was_not_looked_at(error: &Error) -> bool {
    code_of(error)
        .is_some_and(|code| code != refusal::AUTHENTICATION_ERROR && !names_the_login(error))
}

/// Whether `WooCommerce` looked at the key, and did not like what it was signed or shown with.
pub(crate) fn is_about_the_signature(error: &Error) -> bool {
    let unknown = ("reason".to_owned(), "key_unknown".to_owned());
    code_of(error) == Some(refusal::AUTHENTICATION_ERROR) && !error.context.contains(&unknown)
}

/// Adds what the envelope says: its code, the parameters it complains of, its sentence.
fn explained(error: Error, envelope: &Envelope) -> Error {
    let code = match &envelope.code {
        Value::String(code) => code.clone(),
        other => other.to_string(),
    };
    let params = envelope.data.get("params").and_then(Value::as_object);
    let error = params
        .into_iter()
        .flatten()
        .fold(error.with("code", code), |error, (name, why)| {
            error.with(name, why.as_str().unwrap_or_default())
        });
    error.detail(&text::plain(envelope.message.as_str().unwrap_or_default()))
}

/// Where WordPress says that its API is, even on its themed 404 page (recorded: 14).
fn api_root(response: &Response) -> Option<&str> {
    let link = response.header("link")?;
    let root = link
        .split(',')
        .find(|part| part.contains("https://api.w.org/"))?;
    if response.is_json() {
        return None;
    }
    root.split_once('<')?.1.split_once('>').map(|(url, _)| url)
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
