//! What an answer means: JSON that was asked for, or one of the contract's errors.
//!
//! The catalogue of answers was recorded on `WooCommerce` 11.0.1; see `tests/recorded/`.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tandem_contract::http::{Request, Response};
use tandem_contract::{Cause, Error, Result};
use tandem_domain::Timestamp;

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The JSON alone.
    pub(crate) json: String,
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

/// Takes an answer apart. Success needs the status 200, a JSON content type and JSON: a shop on
/// plain permalinks answers every address with 200 and its home page.
pub(crate) fn read(request: &Request, response: &Response) -> Result<Answer> {
    if response.status != 200 || !response.is_json() {
        return Err(parse_error(request, response));
    }
    let text = response.text();
    let json = json_in(&text).ok_or_else(|| {
        Error::new(Cause::Unreadable, request.operation())
            .with("status", response.status)
            .detail(&plain(&text))
    })?;
    if json.len() < text.trim().len() {
        tracing::warn!(
            operation = request.operation(),
            "the shop prints text around its JSON"
        );
    }
    let number = |name: &str| response.header(name)?.trim().parse().ok();
    Ok(Answer {
        json: json.to_owned(),
        total: number("x-wp-total"),
        pages: number("x-wp-totalpages"),
        server_time: response.server_time(),
    })
}

/// The JSON inside an answer: from the first line that starts like JSON to the end of that value.
/// With `display_errors` on, PHP prints its warnings before it (recorded: 18) or after it.
fn json_in(text: &str) -> Option<&str> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut rest = text;
    loop {
        let line = rest.trim_start_matches(blank);
        if line.starts_with(['[', '{']) {
            let mut values = serde_json::Deserializer::from_str(line).into_iter::<&RawValue>();
            return values.next()?.ok().map(RawValue::get);
        }
        rest = rest.split_once('\n')?.1;
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
    let text = response.text();
    let envelope = json_in(&text)
        .filter(|_| response.is_json())
        .and_then(|json| serde_json::from_str::<Envelope>(json).ok())
        .filter(|envelope| envelope.code.is_string() || envelope.code.is_number());
    let cause = match &envelope {
        Some(envelope) => refusal(response, envelope),
        None => foreign(response, &text),
    };
    let mut error = Error::new(cause, request.operation())
        .with("status", response.status)
        .with("host", request.url.host_str().unwrap_or_default());
    error = match &envelope {
        Some(envelope) => explained(error, envelope),
        None => error.detail(&plain(&text)),
    };
    if let Some(root) = api_root(response) {
        error = error.with("api_at", root);
    }
    match (error.retry, response.retry_after()) {
        (tandem_contract::Retry::Later(_), Some(seconds)) => error.retry_after(seconds),
        _ => error,
    }
}

/// What a refusal in WordPress's own envelope means. By status and code, never by its words:
/// they are in the site's language.
fn refusal(response: &Response, envelope: &Envelope) -> Cause {
    let code = envelope.code.as_str().unwrap_or_default();
    match (response.status, code) {
        (429, _) => Cause::TooManyRequests,
        (503, "wp_die") => Cause::Maintenance,
        (500.., _) => Cause::ServerFailed,
        (_, "rest_no_route") => Cause::ApiMissing,
        (_, "too_many_retries") => Cause::LockedOut,
        (_, "woocommerce_rest_authentication_error") if knew_the_caller(response, envelope) => {
            Cause::KeyMayNotRead
        }
        // A known user name or key with a wrong second half.
        (_, "woocommerce_rest_authentication_error" | "incorrect_password") => Cause::SecretWrong,
        // Unknown key, stripped header and Basic over plain HTTP all end here (recorded: 02).
        (401, _) => Cause::CredentialsRefused,
        // Recorded: 12, the key of a customer.
        (403, _) => Cause::UserLacksRight,
        (404 | 410, _) => Cause::NotFound,
        _ => Cause::Invalid,
    }
}

/// Whether WordPress looked at a user name and its application password, and refused one of them.
pub(crate) fn names_the_login(error: &Error) -> bool {
    let codes = ["incorrect_password", "invalid_username", "invalid_email"];
    let named = |(name, value): &(String, String)| name == "code" && codes.contains(&&**value);
    error.context.iter().any(named)
}

/// `woocommerce_rest_authentication_error` means a wrong secret or a key without the right, and
/// only the sentence says which. WordPress forbids caching once it knows the caller (recorded:
/// 11 against 08), which holds in every language; where something before the shop forbids it
/// always, the English sentence still decides.
fn knew_the_caller(response: &Response, envelope: &Envelope) -> bool {
    let uncached = response
        .header("cache-control")
        .is_some_and(|value| value.contains("no-store"));
    let sentence = envelope.message.as_str().unwrap_or_default();
    uncached && sentence != "Consumer secret is invalid."
}

/// What an answer means that WordPress did not write: a proxy's, a firewall's, another product's.
fn foreign(response: &Response, text: &str) -> Cause {
    // Cloudflare: "error code: 1010" (this browser is banned), 1020 (a rule of the owner).
    let cloudflare = response.header("cf-mitigated").is_some()
        || (response.status == 403 && text.contains("error code: 10"));
    match response.status {
        429 => Cause::TooManyRequests,
        _ if cloudflare => Cause::Firewall,
        // ModSecurity and security plugins; 455 is a host's own number.
        403 | 406 | 455 => Cause::Firewall,
        // A password on the whole site (staging copies) in front of WordPress.
        401 | 407 => Cause::CredentialsRefused,
        // WordPress and proxies say how long; a crashed backend does not.
        503 if response.retry_after().is_some() => Cause::Maintenance,
        500.. => Cause::ServerFailed,
        200..=399 if !response.is_json() => Cause::HtmlInstead,
        200..=299 => Cause::Unreadable,
        // 404 above all: the address leads to some other site, or past the shop's folder.
        _ => Cause::NotTheProduct,
    }
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
    error.detail(&plain(envelope.message.as_str().unwrap_or_default()))
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

/// A page or a message with tags as text, for support.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars().take(20_000) {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(c),
            _ => {}
        }
    }
    let decoded = html_escape::decode_html_entities(&text);
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
