//! What Odoo's answers mean when they are not results: the one place that decides a cause.

use serde::Deserialize;
use serde_json::value::RawValue;
use tandem_contract::http::Response;
use tandem_contract::{Cause, Error};
use tandem_domain::Secret;

/// What was asked for, as far as it changes what an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// A public version endpoint: who answers may be anybody.
    Version,
    /// `/jsonrpc`, with the database that the call names.
    Rpc,
    /// `/xmlrpc/2`, likewise.
    Xml,
    /// `/json/2`, with the database in a header.
    Json2,
    /// `/web/session` and `/web/database`: no login yet.
    Web,
    /// `/web/dataset/call_kw`, in the session of a cookie.
    CallKw,
}

/// The call that an answer belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// In the vendor's words, without arguments.
    pub(crate) operation: &'a str,
    pub(crate) route: Route,
    /// The database that the call named; empty when none.
    pub(crate) database: &'a str,
    /// What must not come back out in an error.
    pub(crate) secret: &'a Secret,
}

impl Asked<'_> {
    pub(crate) fn failed(&self, cause: Cause, words: &str) -> Error {
        // Odoo repeats arguments in some messages, and a proxy may print a whole request.
        let secret = self.secret.expose();
        if secret.is_empty() || !words.contains(secret) {
            return Error::new(cause, self.operation).detail(words);
        }
        Error::new(cause, self.operation).detail(&words.replace(secret, "••••••"))
    }
}

/// `error` of a JSON-RPC answer. Odoo answers errors with HTTP 200.
#[derive(Debug, Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: RpcErrorData,
}

#[derive(Debug, Default, Deserialize)]
struct RpcErrorData {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

/// The envelope. Odoo does not always repeat the call's `id`, so it is not looked at.
#[derive(Debug, Deserialize)]
struct Envelope {
    result: Option<Box<RawValue>>,
    error: Option<RpcError>,
}

/// The result inside an answer, as received.
///
/// A method that returns nothing is answered without a `result` member (recorded:
/// `071-quant-apply`), so that a missing one is a null result and no failure.
pub(crate) fn parse_answer(asked: Asked<'_>, response: &Response) -> Result<Box<RawValue>, Error> {
    if response.status != 200 {
        return Err(page_error(asked, response));
    }
    match serde_json::from_slice::<Envelope>(&response.body) {
        Ok(Envelope {
            error: Some(error), ..
        }) => Err(rpc_error(asked, error)),
        Ok(Envelope { result, .. }) => Ok(result.unwrap_or_else(|| RawValue::NULL.to_owned())),
        Err(error) if is_cut(&error, response) => {
            Err(asked.failed(Cause::AnswerCut, &error.to_string()))
        }
        Err(_) => Err(page_error(asked, response)),
    }
}

/// Whether JSON ends in the middle: what came was right, and more should have come.
pub(crate) fn is_cut(error: &serde_json::Error, response: &Response) -> bool {
    error.is_eof() && !response.body.trim_ascii().is_empty()
}

/// An answer that is not Odoo's call convention at all: it comes from whatever stands before
/// Odoo, from something that is not Odoo, or from Odoo's own routing.
pub(crate) fn page_error(asked: Asked<'_>, response: &Response) -> Error {
    if let Some(error) = redirected(asked, response) {
        return error;
    }
    let (route, text) = (asked.route, response.text());
    let behind = route != Route::Version;
    let cause = match response.status {
        429 => Cause::TooManyRequests,
        503 if response.header("cf-mitigated").is_some() => Cause::Firewall,
        503 if !from_cloudflare(response) => Cause::Maintenance,
        401 | 403 | 406 | 451 => Cause::Firewall,
        // The version endpoint answers, this one does not: a proxy keeps it closed, or the
        // server was started without the module `rpc` (19).
        501 if behind => Cause::ApiMissing,
        500..=599 => Cause::ServerFailed,
        404 if behind && asks_for_database(route, &text) => return no_database(asked, response),
        404 | 405 | 410 if behind => Cause::ApiMissing,
        200..=399 if route == Route::Json2 && leads_to_login(response) => Cause::ApiMissing,
        200 if is_page(response, &text) => Cause::HtmlInstead,
        200 if route == Route::Version => Cause::NotTheProduct,
        200 => Cause::Unreadable,
        _ => Cause::NotTheProduct,
    };
    let error = asked
        .failed(cause, &text)
        .with("status", response.status)
        .with("address", shown(&response.url));
    let error = match (cause, rule_in(&text)) {
        (Cause::Firewall, Some(rule)) => error.with("rule", rule),
        _ => error,
    };
    match response.retry_after() {
        Some(seconds) if matches!(response.status, 429 | 503) => error.retry_after(seconds),
        _ => error,
    }
}

/// An answer that sends us to another host: nothing goes there that nobody named.
fn redirected(asked: Asked<'_>, response: &Response) -> Option<Error> {
    let location = response.header("location")?;
    let to = response.url.join(location).ok()?;
    let elsewhere = (300..400).contains(&response.status) && to.origin() != response.url.origin();
    elsewhere.then(|| {
        Error::new(Cause::RedirectedElsewhere, asked.operation)
            .with("status", response.status)
            .with("redirected_to", to.origin().ascii_serialization())
    })
}

/// 18 has pages where 19 has JSON-2, and sends whoever brings no cookie to log in
/// (`201-v18-json2-leads-to-login`).
pub(crate) fn leads_to_login(response: &Response) -> bool {
    let location = response.header("location");
    let to = location.and_then(|location| response.url.join(location).ok());
    let landed = to.as_ref().unwrap_or(&response.url);
    landed.path().ends_with("/web/login")
}

/// The rule by which Cloudflare turned us away: it prints the number on its page.
fn rule_in(page: &str) -> Option<&'static str> {
    const RULES: [&str; 7] = ["1006", "1009", "1010", "1012", "1015", "1020", "1106"];
    let lower = page.to_lowercase();
    RULES.into_iter().find(|rule| {
        lower.contains(&format!("error code: {rule}")) || lower.contains(&format!("error {rule}"))
    })
}

/// A host that serves several databases answers calls that choose none with such a page
/// (`045-call-kw-no-cookie-multi-db`, `046-expired-cookie-multi-db`; `014-v19-wrong-db` with
/// another sentence). A server of one database never does, but for routes that are not there.
fn asks_for_database(route: Route, page: &str) -> bool {
    if !page.contains("<title>404 Not Found</title>") {
        return false;
    }
    let none_selected = page.contains("No database is selected");
    let not_found = page.contains("The requested URL was not found on the server.");
    match route {
        Route::Json2 | Route::Version => none_selected,
        Route::Rpc | Route::Xml | Route::Web | Route::CallKw => none_selected || not_found,
    }
}

fn no_database(asked: Asked<'_>, response: &Response) -> Error {
    let cause = match asked.route {
        // Only a session chooses the database of this call, and it is gone.
        Route::CallKw => Cause::CredentialsRefused,
        Route::Json2 if !asked.database.is_empty() => Cause::DatabaseUnknown,
        _ => Cause::DatabaseNeeded,
    };
    let error = asked
        .failed(cause, &response.text())
        .with("status", response.status);
    match asked.route {
        Route::CallKw => error.with("error", SESSION_EXPIRED),
        Route::Json2 => error.with("database", asked.database),
        _ => error.with("address", shown(&response.url)),
    }
}

fn from_cloudflare(response: &Response) -> bool {
    response.header("cf-ray").is_some() || response.header("server") == Some("cloudflare")
}

fn is_page(response: &Response, text: &str) -> bool {
    let html = response
        .header("content-type")
        .is_some_and(|kind| kind.contains("html"));
    html || text.trim_start().starts_with('<')
}

/// Without user, password and query: none of them belongs in an error.
pub(crate) fn shown(url: &url::Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

fn rpc_error(asked: Asked<'_>, error: RpcError) -> Error {
    let RpcError { message, data } = error;
    let words = if data.message.is_empty() {
        message
    } else {
        data.message
    };
    named_error(asked, &data.name, &words)
}

/// An exception of Odoo's, by its name and its words, whichever door it came through.
pub(crate) fn named_error(asked: Asked<'_>, name: &str, words: &str) -> Error {
    let cause = cause_of(name, words, asked.database);
    let failure = asked.failed(cause, words).with("error", name);
    match cause {
        Cause::CredentialsRefused if is_unheard(words) => failure.with("reason", HEADER_STRIPPED),
        Cause::UserLacksRight => failure.with("groups", groups_in(words).join(", ")),
        Cause::LockedOut => failure.with("wait_seconds", COOL_DOWN_SECONDS),
        Cause::DatabaseUnknown => failure.with("database", asked.database),
        _ => failure,
    }
}

/// Whether a call failed because its session had ended, which one login can mend.
pub(crate) fn session_ended(error: &Error) -> bool {
    let mut facts = error.context.iter();
    facts.any(|(name, value)| name == "error" && value == SESSION_EXPIRED)
}

/// Of JSON-2: the key did not arrive.
pub(crate) const HEADER_STRIPPED: &str = "bearer_stripped";

/// `v19-05-json2-no-key`: the same name and status as a key that is not good, which is answered
/// with "Invalid apikey" (`013-v19-bad-key`). Odoo translates neither.
fn is_unheard(words: &str) -> bool {
    words.starts_with("User not authenticated, use an API Key")
}

const SESSION_EXPIRED: &str = "odoo.http.SessionExpiredException";

/// After ten failed logins Odoo refuses every login from the same address for this long.
const COOL_DOWN_SECONDS: u32 = 60;

/// `data.name` is the only stable discriminator. Words are looked at in three places, where the
/// name alone says too little.
fn cause_of(name: &str, words: &str, database: &str) -> Cause {
    match name {
        // `042-login-cooldown`: the same name as a wrong password. Odoo does not translate it,
        // because nobody is logged in yet.
        "odoo.exceptions.AccessDenied" if words.starts_with("Too many login failures") => {
            Cause::LockedOut
        }
        // `013-v19-bad-key`: the bearer key is not known, or has ended.
        "odoo.exceptions.AccessDenied" | "werkzeug.exceptions.Unauthorized" | SESSION_EXPIRED => {
            Cause::CredentialsRefused
        }
        // `005-login-wrong-db`: the same name as a missing right; nobody is logged in yet.
        "odoo.exceptions.AccessError" if words.starts_with("Database not found") => {
            Cause::DatabaseUnknown
        }
        "odoo.exceptions.AccessError" => Cause::UserLacksRight,
        "odoo.exceptions.UserError"
        | "odoo.exceptions.ValidationError"
        | "odoo.exceptions.RedirectWarning"
        | "builtins.ValueError"
        | "builtins.TypeError"
        | "builtins.KeyError"
        | "builtins.AttributeError"
        | "werkzeug.exceptions.UnprocessableEntity"
        | "werkzeug.exceptions.BadRequest" => Cause::Invalid,
        "odoo.exceptions.MissingError" | "werkzeug.exceptions.NotFound" => Cause::NotFound,
        // `030-jsonrpc-wrong-db`: PostgreSQL's own words leak through, in its own language, but
        // with the name of the database. Without it the database server itself is in trouble.
        "psycopg2.OperationalError" if fatal_names(words, database) => Cause::DatabaseUnknown,
        _ => Cause::ServerFailed,
    }
}

fn fatal_names(words: &str, database: &str) -> bool {
    let after_address = words.split_once("FATAL").map_or("", |(_, rest)| rest);
    !database.is_empty() && after_address.contains(database)
}

/// The groups that an access error lists, one a line (recorded: `022-access-error-acl`).
pub(crate) fn groups_in(words: &str) -> Vec<&str> {
    words
        .lines()
        .filter_map(|line| line.strip_prefix("\t- "))
        .collect()
}
