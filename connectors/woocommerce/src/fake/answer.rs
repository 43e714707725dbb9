//! Answers as WordPress gives them: JSON with its headers, refusals in their envelope, pages.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use tandem_domain::Timestamp;
use tandem_sandbox::ShopWorld;

use super::link;
use super::query::Params;

/// An answer in the making.
pub(super) struct Answer {
    status: u16,
    body: Body,
    /// Page, pages and total of a list.
    paging: Option<Box<Paging>>,
    retry_after: Option<&'static str>,
    location: Option<String>,
    /// WordPress forbids caching once it knows the caller.
    uncached: bool,
}

enum Body {
    Json(Value),
    Html(String),
    Picture(&'static [u8]),
}

/// Where a page stands in its list.
pub(super) struct Paging {
    pub(super) page: u64,
    pub(super) pages: u64,
    pub(super) total: u64,
    /// The query without `page`, for the links to the neighbours.
    pub(super) query: String,
}

impl Answer {
    fn new(status: u16, body: Body) -> Self {
        Self {
            status,
            body,
            paging: None,
            retry_after: None,
            location: None,
            uncached: false,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn uncached(mut self) -> Self {
        self.uncached = true;
        self
    }

    pub(super) fn into_response(self, now: Timestamp, home_url: &str, uri: &Uri) -> Response {
        let (kind, body) = match &self.body {
            Body::Json(value) => (
                "application/json; charset=UTF-8",
                value.to_string().into_bytes(),
            ),
            Body::Html(page) => ("text/html; charset=UTF-8", page.clone().into_bytes()),
            Body::Picture(bytes) => ("image/png", bytes.to_vec()),
        };
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        set("content-type", kind);
        set("date", &http_date(now));
        set("link", &self.links(home_url, uri));
        if let Some(paging) = &self.paging {
            set("x-wp-total", &paging.total.to_string());
            set("x-wp-totalpages", &paging.pages.to_string());
        }
        if let Some(seconds) = self.retry_after {
            set("retry-after", seconds);
        }
        if let Some(location) = &self.location {
            set("location", location);
        }
        if self.uncached {
            set(
                "cache-control",
                "no-cache, must-revalidate, max-age=0, no-store, private",
            );
        }
        response
    }

    /// The neighbours of a page, or where the API is.
    fn links(&self, home_url: &str, uri: &Uri) -> String {
        let neighbour = |page: u64, rel: &str, query: &str| {
            let params = format!("{query}&page={page}");
            format!("<{}>; rel=\"{rel}\"", link(home_url, uri, &params))
        };
        let mut links = Vec::new();
        if let Some(paging) = &self.paging {
            if paging.page > 1 {
                let before = (paging.page - 1).min(paging.pages);
                links.push(neighbour(before, "prev", &paging.query));
            }
            if paging.page < paging.pages {
                links.push(neighbour(paging.page + 1, "next", &paging.query));
            }
        }
        if links.is_empty() {
            let home = home_url.trim_end_matches('/');
            links.push(format!("<{home}/wp-json/>; rel=\"https://api.w.org/\""));
        }
        links.join(", ")
    }
}

/// One object.
pub(super) fn one(value: Value, params: &Params) -> Answer {
    Answer::new(200, Body::Json(chosen(value, params)))
}

/// A list that has no pages.
pub(super) fn list(rows: Vec<Value>, params: &Params) -> Answer {
    let rows = rows.into_iter().map(|row| chosen(row, params)).collect();
    Answer::new(200, Body::Json(Value::Array(rows)))
}

/// A page of a list.
pub(super) fn page(rows: Vec<Value>, paging: Paging, params: &Params) -> Answer {
    Answer {
        paging: Some(Box::new(paging)),
        ..list(rows, params)
    }
}

/// A refusal in WordPress's envelope.
pub(super) fn refusal(status: u16, code: &str, message: &str) -> Answer {
    let body = json!({ "code": code, "message": message, "data": { "status": status } });
    Answer::new(status, Body::Json(body))
}

pub(super) fn no_route() -> Answer {
    let message = "No route was found matching the URL and request method.";
    refusal(404, "rest_no_route", message)
}

/// A parameter that the route's schema refuses (recorded: 37).
pub(super) fn invalid_param(name: &str, rule: &str, why: &str) -> Answer {
    let body = json!({
        "code": "rest_invalid_param",
        "message": format!("Invalid parameter(s): {name}"),
        "data": {
            "status": 400,
            "params": { name: why },
            "details": { name: { "code": rule, "message": why, "data": null } },
        },
    });
    Answer::new(400, Body::Json(body))
}

/// JSON only for those who ask for it (recorded: 17 and 17b).
pub(super) fn maintenance(headers: &HeaderMap) -> Answer {
    let message = "Briefly unavailable for scheduled maintenance. Check back in a minute.";
    let asks_for_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("application/json"));
    let body = if asks_for_json {
        Body::Json(json!({
            "code": "wp_die",
            "message": message,
            "data": { "status": 503 },
            "additional_errors": [],
        }))
    } else {
        Body::Html(format!(
            "<!DOCTYPE html>\n<html dir='ltr'>\n<head><title>Maintenance</title></head>\n\
             <body id=\"error-page\"><div class=\"wp-die-message\">{message}</div></body>\n</html>"
        ))
    };
    Answer {
        retry_after: Some("600"),
        uncached: true,
        ..Answer::new(503, body)
    }
}

/// The themed page that every other address has (recorded: 14).
pub(super) fn page_not_found(shop: &ShopWorld) -> Answer {
    let name = shop.name.replace('&', "&amp;").replace('<', "&lt;");
    Answer::new(
        404,
        Body::Html(format!(
            "<!doctype html>\n<html lang=\"en-US\">\n<head>\n<meta charset=\"UTF-8\">\n\
             <title>Page not found &#8211; {name}</title>\n</head>\n<body></body>\n</html>"
        )),
    )
}

/// What every address shows on plain permalinks (recorded: 18b, where the second half of it led).
pub(super) fn home_page(shop: &ShopWorld) -> Answer {
    let name = html_escape::encode_text(&shop.name).into_owned();
    html(
        200,
        format!(
            "<!doctype html>\n<html lang=\"en-US\">\n<head><title>{name}</title></head></html>"
        ),
    )
}

/// Off to the same address with a slash (recorded: 18b).
pub(super) fn slash_added(shop: &ShopWorld, uri: &Uri) -> Answer {
    let query = uri.query().map(|query| format!("?{query}"));
    let home = shop.home_url.trim_end_matches('/');
    Answer {
        location: Some(format!(
            "{home}{}/{}",
            uri.path(),
            query.unwrap_or_default()
        )),
        uncached: true,
        ..html(301, String::new())
    }
}

/// A page.
pub(super) fn html(status: u16, page: String) -> Answer {
    Answer::new(status, Body::Html(page))
}

/// Off to another page, after a form was sent.
pub(super) fn see_other(location: &str) -> Answer {
    Answer {
        location: Some(location.to_owned()),
        uncached: true,
        ..html(302, String::new())
    }
}

/// A file.
pub(super) fn picture(bytes: &'static [u8]) -> Answer {
    Answer::new(200, Body::Picture(bytes))
}

/// `_fields`: top-level names and paths into objects. A path into a list empties it (recorded: 21).
fn chosen(value: Value, params: &Params) -> Value {
    match params.get("_fields") {
        None | Some("") => value,
        Some(fields) => {
            let paths: Vec<Vec<&str>> = fields
                .split(',')
                .map(|path| path.trim().split('.').collect())
                .collect();
            cut(value, &paths.iter().map(Vec::as_slice).collect::<Vec<_>>())
        }
    }
}

fn cut(value: Value, paths: &[&[&str]]) -> Value {
    match value {
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (name, value) in fields {
                let below: Vec<&[&str]> = paths
                    .iter()
                    .filter(|path| path.first() == Some(&name.as_str()))
                    .map(|path| &path[1..])
                    .collect();
                if below.iter().any(|path| path.is_empty()) {
                    kept.insert(name, value);
                } else if !below.is_empty() {
                    kept.insert(name, cut(value, &below));
                }
            }
            Value::Object(kept)
        }
        Value::Array(_) => Value::Array(Vec::new()),
        other => other,
    }
}

fn http_date(now: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&now)
        .unwrap_or_default()
}
