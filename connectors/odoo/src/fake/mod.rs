//! A stand-in for Odoo: speaks the recorded wire of 18 (and where it differs, 16, 17 and 19) over
//! the sandbox's world, at each of its four doors.
//!
//! Holds no products of its own. What it keeps beside the world is what a server keeps: open
//! sessions, when somebody last failed to log in, and the keys that it made.

mod acts;
mod arrivals;
mod atlas;
mod billing;
mod cycle;
mod domain;
mod json2;
mod keys;
mod load;
mod logins;
mod methods;
mod papers;
mod picture;
mod quants;
mod refusal;
mod schema;
mod selling;
mod session;
mod sheet;
mod shipping;
mod sold;
mod sums;
mod view;
mod xmlrpc;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use serde_json::{Value, json};
use tandem_sandbox::{ErpAccount, SharedWorld, World};

use keys::Keys;
use logins::Logins;
use refusal::Refusal;

/// The stand-in's router. Its `Date` header is the world's clock.
pub fn fake(world: SharedWorld) -> Router {
    let stand = Stand {
        world,
        logins: Arc::default(),
        keys: Arc::default(),
    };
    let major = major(&stand.world.lock());
    let router = Router::new()
        .route("/web/webclient/version_info", post(version_info))
        .route("/jsonrpc", post(jsonrpc))
        .route("/xmlrpc/2/{service}", post(xmlrpc::answer))
        .route("/web/database/list", post(session::databases))
        .route("/web/session/authenticate", post(session::authenticate))
        .route("/web/dataset/call_kw", post(session::call_kw))
        .route(
            "/web/dataset/call_kw/{model}/{method}",
            post(session::call_kw),
        )
        .route("/report/pdf/{report}/{id}", get(papers::report))
        .route("/my/picking/pdf/{id}", get(papers::slip))
        .route("/my/{model}/{id}", get(papers::portal));
    let router = match major {
        19.. => router
            .route("/json/version", get(json_version))
            .route("/web/version", get(json_version))
            .route("/json/2/{model}/{method}", post(json2::answer)),
        18 => router.route("/json/{*path}", any(session::to_the_login)),
        _ => router,
    };
    let router = router.route("/web/login", get(session::login_page));
    router
        .fallback(not_found)
        .layer(from_fn_with_state(stand.clone(), dated))
        .with_state(stand)
}

#[derive(Debug, Clone)]
struct Stand {
    world: SharedWorld,
    logins: Arc<Logins>,
    keys: Arc<Keys>,
}

/// An answer's content; `None` is a method that returned nothing, which has no `result` member.
type Outcome = Result<Option<Value>, Refusal>;

async fn version_info(State(stand): State<Stand>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&stand, &headers, &body, |_| {
        let world = stand.world.lock();
        Ok(Some(version(&world.erp.version)))
    })
}

async fn json_version(State(stand): State<Stand>) -> Response {
    let told = version(&stand.world.lock().erp.version);
    let body =
        json!({"version": told["server_version"], "version_info": told["server_version_info"]});
    json_answer(StatusCode::OK, &body)
}

async fn jsonrpc(State(stand): State<Stand>, headers: HeaderMap, body: Bytes) -> Response {
    answer(&stand, &headers, &body, |params| {
        let service = params["service"].as_str().unwrap_or_default();
        let method = params["method"].as_str().unwrap_or_default();
        let args = params["args"].as_array().map_or(&[][..], Vec::as_slice);
        serve(&stand, service, method, args)
    })
}

/// The services that JSON-RPC and XML-RPC have in common.
fn serve(stand: &Stand, service: &str, method: &str, args: &[Value]) -> Outcome {
    let mut world = stand.world.lock();
    stand.keys.collect(&mut world);
    match (service, method) {
        ("common", "version") => Ok(Some(version(&world.erp.version))),
        ("common", "authenticate" | "login") => logins::authenticate(&world, args),
        // `db` is gone from 20 on.
        ("db", "list") if major(&world) < 20 => database_list(&world, Listed::OfAllHosts),
        ("object", "execute_kw" | "execute") => {
            let account = logins::check(&world, args)?;
            if Keys::wants_a_page(&args[3..]) {
                let words = "This method can only be accessed over HTTP";
                return Err(Refusal::user_error(words));
            }
            execute(stand, &mut world, &account, &args[3..])
        }
        _ => Err(Refusal::new(
            "builtins.Exception",
            &format!("Method not found: {method}"),
        )),
    }
}

/// Runs `[model, method, args, kwargs]` as a user: what makes keys, what sells, and what reads.
fn execute(stand: &Stand, world: &mut World, account: &ErpAccount, call: &[Value]) -> Outcome {
    let written = stand.keys.execute(world, account, call);
    match written.or_else(|| acts::execute(world, account, call)) {
        Some(outcome) => outcome,
        None => methods::execute(world, account, call),
    }
}

/// Which databases are listed.
#[derive(Debug, Clone, Copy)]
enum Listed {
    /// Those that this host serves: what its `dbfilter` lets through.
    OfThisHost,
    /// All that the server has, which is what the services list (`200-db-list-of-one-host`).
    OfAllHosts,
}

/// The world's database, and beside it the one of another host on the same server.
fn database_list(world: &World, listed: Listed) -> Outcome {
    let own = &world.erp.database;
    match listed {
        _ if !world.erp.lists_databases => Err(Refusal::access_denied()),
        Listed::OfThisHost => Ok(Some(json!([own]))),
        Listed::OfAllHosts => Ok(Some(json!([own, format!("{own}-of-another-host")]))),
    }
}

fn major(world: &World) -> u32 {
    crate::wire::major(&world.erp.version).unwrap_or(0)
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
            // `010-session-expired`: nobody asked, as far as the server knows.
            let id = if error["code"] == 100 {
                &Value::Null
            } else {
                id
            };
            json!({"jsonrpc": "2.0", "id": id, "error": error})
        }
    };
    json_answer(StatusCode::OK, &envelope)
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, kind, body.to_string()).into_response()
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
