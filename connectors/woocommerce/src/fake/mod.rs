//! A shop's stand-in: speaks the wire of `WooCommerce` 11 over the sandbox's world, quirks included.
//!
//! What it answers is held to recorded answers by `tests/recorded.rs`. It serves reads only.

mod answer;
mod auth;
mod orders;
mod products;
mod query;
mod settings;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, Uri};
use axum::response::Response;
use tandem_domain::Timestamp;
use tandem_sandbox::{SharedWorld, World};

use self::answer::Answer;
use self::auth::Caller;
use self::query::Params;

/// A shop at every address below `/wp-json/`, and a themed 404 page everywhere else.
///
/// Application passwords are taken over plain HTTP too, as WordPress does on a local site;
/// consumer keys (`ck_…`) only over HTTPS, or with `X-Forwarded-Proto: https`.
pub fn fake(world: SharedWorld) -> Router {
    Router::new().fallback(serve).with_state(world)
}

/// One call, taken apart.
struct Call<'a> {
    /// Below `/wp-json/wc/v3/`.
    path: &'a str,
    params: Params,
}

async fn serve(State(world): State<SharedWorld>, request: Request) -> Response {
    let world = world.lock();
    let now = world.clock.now();
    let answer = answer_to(&world, &request);
    answer.into_response(now, &world.shop.home_url, request.uri())
}

fn answer_to(world: &World, request: &Request) -> Answer {
    if world.shop.maintenance {
        return answer::maintenance(request.headers());
    }
    let path = request.uri().path().trim_end_matches('/');
    let Some(route) = path.strip_prefix("/wp-json") else {
        return answer::page_not_found(&world.shop);
    };
    let caller = match auth::caller(&world.shop.accounts, request, now_is_https(request)) {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    let params = Params::parse(request.uri());
    if route.is_empty() {
        return answer::one(settings::index(&world.shop), &params);
    }
    match route.strip_prefix("/wc/v3/") {
        Some(path) if matches!(*request.method(), Method::GET | Method::HEAD) => {
            routed(world, &Call { path, params }, caller)
        }
        _ => answer::no_route(),
    }
}

/// WordPress first looks for the route, then at the parameters, then at the caller.
fn routed(world: &World, call: &Call<'_>, caller: Caller) -> Answer {
    let shop = &world.shop;
    let segments: Vec<&str> = call.path.split('/').collect();
    let id = |text: &str| text.parse::<u64>().ok();
    let answer = match *segments.as_slice() {
        ["products"] => products::list(shop, &call.params),
        ["products", product] if id(product).is_some() => {
            products::single(shop, id(product).unwrap_or_default(), &call.params)
        }
        ["products", parent, "variations"] if id(parent).is_some() => {
            products::variations_of(shop, id(parent).unwrap_or_default(), &call.params)
        }
        ["variations"] => products::variations(shop, &call.params),
        ["orders"] => orders::list(shop, &call.params),
        ["orders", order] if id(order).is_some() => {
            orders::single(shop, id(order).unwrap_or_default(), &call.params)
        }
        ["settings", group] => settings::group(shop, group, &call.params),
        ["system_status"] => Ok(answer::one(settings::system_status(shop), &call.params)),
        ["taxes"] => settings::taxes(shop, &call.params),
        _ => return answer::no_route(),
    };
    match (answer, caller.refusal()) {
        // A wrong parameter is told even to strangers.
        (Err(invalid), _) if invalid.status() == 400 => invalid,
        (_, Some(refusal)) => refusal,
        (Ok(answer) | Err(answer), None) => answer.uncached(),
    }
}

/// Whether WordPress sees HTTPS: by the address itself, or because a proxy says so.
fn now_is_https(request: &Request) -> bool {
    let forwarded = request
        .headers()
        .get("x-forwarded-proto")
        .is_some_and(|value| value == "https");
    forwarded || request.uri().scheme_str() == Some("https")
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

/// The request's address as the shop itself would write it.
fn link(home_url: &str, uri: &Uri, params: &str) -> String {
    format!("{}{}?{params}", home_url.trim_end_matches('/'), uri.path())
}
