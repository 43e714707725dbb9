//! A shop's stand-in: speaks the wire of `WooCommerce` 11 over the sandbox's world, quirks included.
//!
//! What it answers is held to recorded answers by `tests/recorded.rs`. It serves reads, pictures,
//! marks on orders, changes of customers, and the page on which a user consents to an application password.

mod answer;
mod auth;
mod consent;
mod customers;
mod hosting;
mod orders;
mod pictures;
mod products;
mod query;
mod refunds;
mod settings;
mod stamps;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::Response;
use tandem_domain::Timestamp;
use tandem_sandbox::{SharedWorld, World};

use self::answer::Answer;
use self::auth::Caller;
pub use self::hosting::Hosting;
use self::query::Params;

/// The largest form that the consent page takes.
const FORM_BYTES_MAX: usize = 10_000;

/// A shop at every address below `/wp-json/`, and a themed 404 page everywhere else.
///
/// Application passwords are taken over plain HTTP too, as WordPress does on a local site;
/// consumer keys (`ck_…`) only over HTTPS, with `X-Forwarded-Proto: https`, or signed.
pub fn fake(world: SharedWorld) -> Router {
    fake_on(world, Hosting::default())
}

/// The same shop in other circumstances.
pub fn fake_on(world: SharedWorld, hosting: Hosting) -> Router {
    let stand_in = StandIn {
        world,
        hosting,
        nonces: Arc::default(),
    };
    Router::new().fallback(serve).with_state(stand_in)
}

/// A shop, where it lives, and which signatures it has seen.
#[derive(Debug, Clone)]
struct StandIn {
    world: SharedWorld,
    hosting: Hosting,
    nonces: Arc<Mutex<HashSet<String>>>,
}

/// One call, taken apart.
struct Call<'a> {
    /// Below `/wc/v3/`.
    path: &'a str,
    params: Params,
    hosting: Hosting,
}

async fn serve(State(stand_in): State<StandIn>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let form = axum::body::to_bytes(body, FORM_BYTES_MAX)
        .await
        .unwrap_or_default();
    let mut world = stand_in.world.lock();
    let now = world.clock.now();
    let answer = answer_to(&stand_in, &mut world, &head, &form);
    answer.into_response(now, &world.shop.home_url, &head.uri)
}

fn answer_to(stand_in: &StandIn, world: &mut World, head: &Parts, form: &Bytes) -> Answer {
    if world.shop.maintenance {
        return answer::maintenance(&head.headers);
    }
    let params = Params::parse(&head.uri);
    let path = head.uri.path();
    if path.trim_end_matches('/').ends_with(consent::PAGE) {
        if !stand_in.hosting.has_application_passwords() {
            return consent::unavailable();
        }
        return consent::page(&mut world.shop, &head.method, &params, form);
    }
    if let Some(file) = path.strip_prefix("/wp-content/uploads/") {
        return pictures::file(&world.shop, file);
    }
    let Some(route) = route_in(path, &params, stand_in.hosting) else {
        return answer::page_not_found(&world.shop);
    };
    let route = match route {
        Route::Api(route) => route,
        Route::HomePage => return answer::home_page(&world.shop),
        Route::SlashMissing => return answer::slash_added(&world.shop, &head.uri),
    };
    let visit = auth::Visit {
        head,
        params: &params,
        https: now_is_https(head) && !stand_in.hosting.hides_tls,
        hosting: stand_in.hosting,
        now: world.clock.now(),
        home_url: &world.shop.home_url,
    };
    let caller = match auth::caller(&world.shop.accounts, &visit, &stand_in.nonces) {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    if route.is_empty() {
        return answer::one(settings::index(&world.shop, stand_in.hosting), &params);
    }
    match route.strip_prefix("/wc/v3/") {
        Some(path) if matches!(head.method, Method::GET | Method::HEAD) => {
            let call = Call {
                path,
                hosting: stand_in.hosting,
                params,
            };
            routed(world, &call, caller)
        }
        Some(path) if head.method == Method::PUT => {
            let Some((kind, id)) = path.split_once('/') else {
                return answer::no_route();
            };
            let edit = stamps::Edit {
                id: id.parse().unwrap_or_default(),
                body: form,
                touches: !stand_in.hosting.orders_in_posts,
            };
            match (kind, caller.refusal()) {
                ("orders" | "customers", Some(refusal)) => refusal,
                ("orders", None) => stamps::edit(world, &edit, &params),
                ("customers", None) => customers::edit(&mut world.shop, &edit, &params),
                _ => answer::no_route(),
            }
        }
        _ => answer::no_route(),
    }
}

/// Where an address leads.
enum Route {
    /// To the API; without a slash at the end.
    Api(String),
    /// To the home page with status 200.
    HomePage,
    /// To the same address with a slash at its end (recorded: 18b).
    SlashMissing,
}

fn route_in(path: &str, params: &Params, hosting: Hosting) -> Option<Route> {
    let bare = |route: &str| Some(Route::Api(route.trim_end_matches('/').to_owned()));
    if let Some(route) = params.get("rest_route") {
        return bare(route);
    }
    let route = path.strip_prefix("/wp-json")?;
    if !hosting.plain_permalinks {
        return bare(route);
    }
    Some(if path.ends_with('/') {
        Route::HomePage
    } else {
        Route::SlashMissing
    })
}

/// WordPress first looks for the route, then at the parameters, then at the caller.
fn routed(world: &World, call: &Call<'_>, caller: Caller) -> Answer {
    let shop = &world.shop;
    let segments: Vec<&str> = call.path.split('/').collect();
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    let is_id = |text: &str| text.parse::<u64>().is_ok();
    let params = &call.params;
    let answer = match *segments.as_slice() {
        ["products"] => products::list(shop, params),
        ["products", id] if is_id(id) => products::single(shop, number(id), params),
        ["products", id, "variations"] if is_id(id) => {
            products::variations_of(shop, number(id), params)
        }
        ["products", parent, "variations", id] if is_id(parent) && is_id(id) => {
            products::variation_of(shop, number(parent), number(id), params)
        }
        ["variations"] if !call.hosting.older => products::variations(shop, params),
        ["orders"] => orders::list(shop, params),
        ["orders", id] if is_id(id) => orders::single(shop, number(id), params),
        ["orders", id, "refunds"] if is_id(id) => refunds::of_order(shop, number(id), params),
        ["refunds"] if !call.hosting.older => refunds::list(shop, params),
        ["settings", group] => settings::group(shop, call.hosting, group, params),
        ["system_status"] => {
            let status = settings::system_status(shop, call.hosting);
            Ok(answer::one(status, params))
        }
        ["taxes"] => settings::taxes(shop, params),
        ["customers"] => customers::list(shop, params),
        ["data", "countries", code] => customers::country(code, params),
        _ => return answer::no_route(),
    };
    match (answer, caller.refusal()) {
        // A wrong parameter is told even to strangers.
        (Err(invalid), _) if invalid.status() == 400 => invalid,
        (_, Some(refusal)) => refusal,
        (Ok(answer) | Err(answer), None) => answer.uncached(),
    }
}

/// Whether the shop is asked over HTTPS: by the address itself, or because a proxy says so.
fn now_is_https(head: &Parts) -> bool {
    let forwarded = head
        .headers
        .get("x-forwarded-proto")
        .is_some_and(|value| value == "https");
    forwarded || head.uri.scheme_str() == Some("https")
}

/// A date in UTC as every `*_gmt` field shows it, and in the site's own time as the others do.
fn dates(instant: Timestamp, utc_offset_s: i32) -> (String, String) {
    let show = |instant: Timestamp| instant.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let offset = jiff::SignedDuration::from_secs(i64::from(utc_offset_s));
    let local = instant.checked_add(offset).unwrap_or(instant);
    (show(instant), show(local))
}

/// Texts as WordPress stores them: an ampersand becomes an entity, quotes and emoji stay
/// (recorded: 103).
fn encoded(text: &str) -> String {
    text.replace('&', "&amp;")
}

/// The request's address as the shop itself would write it: by its pretty form, whatever was asked
/// (recorded: 16).
fn link(home_url: &str, uri: &Uri, params: &str) -> String {
    let home = home_url.trim_end_matches('/');
    match Params::parse(uri).get("rest_route") {
        Some(route) => format!("{home}/wp-json{route}?{params}"),
        None => format!("{home}{}?{params}", uri.path()),
    }
}
