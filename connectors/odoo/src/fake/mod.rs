//! A stand-in for Odoo: speaks the recorded wire of 18 (and where it differs, 17 and 19) over
//! the sandbox's world.
//!
//! Holds no products of its own. What it keeps beside the world is what a server keeps: failed
//! logins and which passwords it has checked.

mod domain;
mod logins;
mod methods;
mod quants;
mod refusal;
mod schema;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tandem_sandbox::SharedWorld;

use logins::Logins;
use refusal::Refusal;

/// The stand-in's router. Its `Date` header is the world's clock.
pub fn fake(world: SharedWorld) -> Router {
    let stand = Stand {
        world,
        logins: Arc::default(),
    };
    Router::new()
        .route("/web/webclient/version_info", post(version_info))
        .route("/jsonrpc", post(jsonrpc))
        .fallback(not_found)
        .layer(from_fn_with_state(stand.clone(), dated))
        .with_state(stand)
}

#[derive(Debug, Clone)]
struct Stand {
    world: SharedWorld,
    logins: Arc<Logins>,
}

/// An answer's content; `None` is a method that returned nothing, which has no `result` member.
type Outcome = Result<Option<Value>, Refusal>;

async fn version_info(State(stand): State<Stand>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&stand, &headers, &body, |_| {
        let world = stand.world.lock();
        Ok(Some(version(&world.erp.version)))
    })
}

async fn jsonrpc(State(stand): State<Stand>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&stand, &headers, &body, |params| {
        let mut world = stand.world.lock();
        let service = params["service"].as_str().unwrap_or_default();
        let method = params["method"].as_str().unwrap_or_default();
        let args = params["args"].as_array().map_or(&[][..], Vec::as_slice);
        match (service, method) {
            ("common", "version") => Ok(Some(version(&world.erp.version))),
            ("common", "authenticate" | "login") => stand.logins.authenticate(&mut world, args),
            ("db", "list") if world.erp.lists_databases => Ok(Some(json!([world.erp.database]))),
            ("db", "list") => Err(Refusal::access_denied()),
            ("object", "execute_kw" | "execute") => {
                let account = stand.logins.check(&mut world, args)?;
                methods::execute(&world, &account, &args[3..])
            }
            _ => Err(Refusal::new(
                "builtins.Exception",
                &format!("Method not found: {method}"),
            )),
        }
    })
}

/// Reads the envelope, runs the call and wraps what it says, as recorded: errors are HTTP 200.
fn answer(
    stand: &Stand,
    headers: &HeaderMap,
    body: &[u8],
    call: impl FnOnce(&Value) -> Outcome,
) -> Response {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return page(StatusCode::BAD_REQUEST, "Invalid JSON data");
    };
    if !is_json {
        return page(
            StatusCode::BAD_REQUEST,
            "<!doctype html>\n<title>400 Bad Request</title>\n",
        );
    }
    let id = &request["id"];
    let envelope = match call(&request["params"]) {
        Ok(Some(result)) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Ok(None) => json!({"jsonrpc": "2.0", "id": id}),
        Err(refusal) => {
            let error = refusal.to_json(&stand.world.lock().erp.version);
            json!({"jsonrpc": "2.0", "id": id, "error": error})
        }
    };
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (kind, envelope.to_string()).into_response()
}

/// `serie` is the world's version, `18.0`; this server is that serie's first build.
fn version(serie: &str) -> Value {
    let mut numbers = serie.split('.').filter_map(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    json!({
        "server_version": serie,
        "server_version_info": [major, minor, 0, "final", 0, ""],
        "server_serie": serie,
        "protocol_version": 1,
    })
}

async fn not_found() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
         <p>The requested URL was not found on the server. If you entered the URL manually \
         please check your spelling and try again.</p>\n",
    )
}

fn page(status: StatusCode, text: &'static str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        text,
    )
        .into_response()
}

async fn dated(State(stand): State<Stand>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = stand.world.lock().clock.now();
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
