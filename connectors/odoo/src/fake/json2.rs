//! `/json/2` of 19: bearer keys, arguments by name, errors by status.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Stand, execute, json_answer, logins, page};

/// Methods of the model itself, which take no records.
const OF_THE_MODEL: [&str; 9] = [
    "search",
    "search_read",
    "search_count",
    "create",
    "fields_get",
    "check_access_rights",
    "generate",
    "load",
    "check_object_reference",
];

pub(super) async fn answer(
    State(stand): State<Stand>,
    Path((model, method)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut world = stand.world.lock();
    stand.keys.collect(&mut world);
    if text("x-odoo-database").is_some_and(|name| name != world.erp.database) {
        return no_database();
    }
    if !text("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return page(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "<!doctype html>\n<html lang=en>\n<title>415 Unsupported Media Type</title>\n",
        );
    }
    let key = text("authorization")
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, key)) = key else {
        return unauthorized(UNHEARD);
    };
    let Some(account) = logins::by_key(&world, key) else {
        return unauthorized(UNKNOWN);
    };
    let Ok(named) = serde_json::from_slice::<Value>(&body) else {
        let words = "could not parse the body as json";
        return refused(
            StatusCode::BAD_REQUEST,
            "werkzeug.exceptions.BadRequest",
            words,
        );
    };
    if OF_THE_MODEL.contains(&method.as_str()) && named.get("ids").is_some() {
        let words = format!("cannot call {model}.{method} with ids");
        return unfit(&words);
    }
    if method == "search_count" && named.get("domain").is_none() {
        return unfit("missing a required argument: 'domain'");
    }
    let call = [json!(model), json!(method), json!([]), named];
    match execute(&stand, &mut world, &account, &call) {
        Ok(result) => json_answer(StatusCode::OK, &result.unwrap_or(Value::Null)),
        Err(refusal) => of(&refusal, &model, &method),
    }
}

/// The table of statuses; what is not there is 404 in words of its own.
fn of(refusal: &Refusal, model: &str, method: &str) -> Response {
    const NOT_FOUND: &str = "werkzeug.exceptions.NotFound";
    let words = refusal.message();
    match refusal.name() {
        "odoo.exceptions.UserError" if words.starts_with("Object ") => {
            let words = format!("the model '{model}' does not exist");
            refused(StatusCode::NOT_FOUND, NOT_FOUND, &words)
        }
        "builtins.AttributeError" if words.starts_with("The method ") => {
            let words = format!("The method '{model}.{method}' does not exist");
            refused(StatusCode::NOT_FOUND, NOT_FOUND, &words)
        }
        "odoo.exceptions.AccessDenied" => unauthorized(UNKNOWN),
        name => {
            let status = match name {
                "odoo.exceptions.AccessError" => StatusCode::FORBIDDEN,
                "odoo.exceptions.MissingError" => StatusCode::NOT_FOUND,
                "odoo.exceptions.UserError" | "odoo.exceptions.ValidationError" => {
                    StatusCode::UNPROCESSABLE_ENTITY
                }
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            refused(status, name, words)
        }
    }
}

fn refused(status: StatusCode, name: &str, words: &str) -> Response {
    let body = json!({
        "name": name,
        "message": words,
        "arguments": [words],
        "context": {},
        "debug": format!("Traceback (most recent call last):\n  …[frames cut]…\n{name}: {words}\n"),
    });
    json_answer(status, &body)
}

fn unfit(words: &str) -> Response {
    let name = "werkzeug.exceptions.UnprocessableEntity";
    refused(StatusCode::UNPROCESSABLE_ENTITY, name, words)
}

/// `v19-05-json2-no-key`.
const UNHEARD: &str = "User not authenticated, use an API Key with a Bearer Authorization header.";
/// `013-v19-bad-key`.
const UNKNOWN: &str = "Invalid apikey";

fn unauthorized(words: &str) -> Response {
    let name = "werkzeug.exceptions.Unauthorized";
    let mut response = refused(StatusCode::UNAUTHORIZED, name, words);
    let scheme = HeaderValue::from_static("Bearer ");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, scheme);
    response
}

/// `014-v19-wrong-db`.
fn no_database() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
         <p>No database is selected and the requested URL was not found in the server-wide \
         controllers.</p>\n<p>Please verify the hostname, <a href=/web/login>login</a> and try \
         again.</p>\n\n<!-- Alternatively, use the X-Odoo-Database header. -->\n",
    )
}
