//! What Odoo's own pages use: the session login, and calls with its cookie.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::logins::Opened;
use super::refusal::Refusal;
use super::{Listed, Stand, answer, database_list, execute, page, version};

/// `012-v19-db-list`.
pub(super) async fn databases(
    State(stand): State<Stand>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer(&stand, &headers, &body, |_| {
        database_list(&stand.world.lock(), Listed::OfThisHost)
    })
}

/// `007-v18-session-login` and its failures (`008` to `010`, `042`, `043`).
pub(super) async fn authenticate(
    State(stand): State<Stand>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut cookie = None;
    let mut response = answer(&stand, &headers, &body, |params| {
        let text = |name: &str| params[name].as_str().unwrap_or_default();
        let mut world = stand.world.lock();
        if text("db") != world.erp.database {
            return Err(Refusal::database_not_found());
        }
        match stand
            .logins
            .open(&mut world, (text("login"), text("password")))?
        {
            Opened::SecondStep => Ok(Some(json!({"uid": null}))),
            Opened::Session(opened, account) => {
                cookie = Some(opened);
                let told = version(&world.erp.version);
                Ok(Some(json!({
                    "uid": account.uid,
                    "db": world.erp.database,
                    "name": account.name,
                    "username": account.login,
                    "user_context": {"lang": "en_US", "tz": world.shop.time_zone, "uid": account.uid},
                    "server_version": told["server_version"],
                    "server_version_info": told["server_version_info"],
                })))
            }
        }
    });
    if let Some(cookie) = cookie {
        set_cookie(&mut response, &cookie);
    }
    response
}

/// `012-call-kw-ok`, `010-session-expired`.
pub(super) async fn call_kw(
    State(stand): State<Stand>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let cookie = cookie_in(&headers).unwrap_or_default();
    answer(&stand, &headers, &body, |params| {
        let mut world = stand.world.lock();
        stand.keys.collect(&mut world);
        let session = stand.logins.session(&world, &cookie);
        let account = session.ok_or_else(Refusal::session_expired)?;
        let call: Vec<Value> = ["model", "method", "args", "kwargs"]
            .map(|name| params[name].clone())
            .to_vec();
        execute(&stand, &mut world, &account, &call)
    })
}

/// What 18 has where 19 has JSON-2 is for those who are logged in
/// (`201-v18-json2-leads-to-login`).
pub(super) async fn to_the_login(uri: Uri) -> Response {
    let path = uri.path().replace('/', "%2F");
    let mut response = page(
        StatusCode::SEE_OTHER,
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n",
    );
    if let Ok(to) = HeaderValue::from_str(&format!("/web/login?redirect={path}%3F")) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// The login of Odoo's own pages.
pub(super) async fn login_page() -> Response {
    page(
        StatusCode::OK,
        "<!DOCTYPE html>\n<html><head><title>Odoo</title></head><body></body></html>\n",
    )
}

fn set_cookie(response: &mut Response, cookie: &str) {
    let set = format!("session_id={cookie}; Max-Age=604800; HttpOnly; Path=/");
    if let Ok(set) = HeaderValue::from_str(&set) {
        response.headers_mut().insert(header::SET_COOKIE, set);
    }
}

/// Whether a request brings the cookie of an open session.
pub(super) fn is_open(stand: &Stand, world: &tandem_sandbox::World, headers: &HeaderMap) -> bool {
    let cookie = cookie_in(headers).unwrap_or_default();
    stand.logins.session(world, &cookie).is_some()
}

fn cookie_in(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == "session_id")
        .map(|(_, value)| value.to_owned())
}
