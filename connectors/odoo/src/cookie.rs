//! The session cookie: one at a time, and always the last that the server set.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderValue, header};
use tandem_contract::http::{Request, Response};

const NAME: &str = "session_id";

/// The cookie of the session that is open now.
#[derive(Default)]
pub(crate) struct Cookie(Mutex<Option<String>>);

impl std::fmt::Debug for Cookie {
    /// Whoever has the cookie is logged in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie(••••••)")
    }
}

impl Cookie {
    /// Keeps what an answer sets: Odoo changes the cookie whenever it likes, not only at login.
    pub(crate) fn learn(&self, response: &Response) {
        let set = response.headers.get_all(header::SET_COOKIE);
        // 19 sets it twice in one answer; the later one counts (`007-v19-session-login`).
        if let Some(value) = set.iter().filter_map(session_in).next_back() {
            *self.value() = Some(value);
        }
    }

    /// The cookie as it is now, to tell later whether somebody renewed it meanwhile.
    pub(crate) fn current(&self) -> Option<String> {
        self.value().clone()
    }

    /// Puts the cookie on a request.
    pub(crate) fn put(&self, request: &mut Request) {
        let pair = self.value().as_ref().map(|value| format!("{NAME}={value}"));
        if let Some(mut value) = pair.and_then(|pair| HeaderValue::from_str(&pair).ok()) {
            value.set_sensitive(true);
            request.headers.insert(header::COOKIE, value);
        }
    }

    fn value(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `session_id=…; Expires=…; HttpOnly; Path=/`
fn session_in(header: &HeaderValue) -> Option<String> {
    let (name, rest) = header.to_str().ok()?.split_once('=')?;
    let value = rest.split(';').next()?.trim();
    (name.trim() == NAME && !value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Cookie;
    use http::{HeaderMap, HeaderValue, Method};
    use tandem_contract::http::{Request, Response};

    #[test]
    fn the_last_cookie_set_is_the_one_sent() {
        let mut headers = HeaderMap::new();
        for value in [
            "frontend_lang=fr",
            "session_id=old; Path=/",
            "session_id=new; HttpOnly",
        ] {
            headers.append("set-cookie", HeaderValue::from_static(value));
        }
        let url: url::Url = "https://odoo.example/".parse().expect("an address");
        let response = Response {
            status: 200,
            headers,
            body: bytes::Bytes::new(),
            url: url.clone(),
        };
        let cookie = Cookie::default();
        cookie.learn(&response);
        let mut request = Request::new(Method::POST, url);
        cookie.put(&mut request);
        let sent = request.headers.get("cookie").expect("it is sent");
        assert_eq!(sent, "session_id=new");
        assert!(sent.is_sensitive());
        assert!(!format!("{cookie:?} {request:?}").contains("new"));
    }
}
