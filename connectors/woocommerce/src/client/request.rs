//! One request and its answer: what it says, where it may go, and what an answer teaches.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method, header};
use tandem_contract::http::{Redirects, Request, Response};
use tandem_contract::{Cause, Error, Result, Retry};
use url::Url;

use super::{Call, Client};
use crate::answer;
use crate::config::{self, Moved};
use crate::oauth::{self, Signer};
use crate::way::Way;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody in particular; through `?rest_route=` or not.
    Anybody { rest_route: bool },
    /// The account, in a way.
    Account(Way),
}

/// What makes the older shops look at a key pair that comes through `?rest_route=`: they search
/// the address for this text.
const KEYS_ARE_FOR: &str = "wp-json/wc/";

/// Requests signed by this program: two connections to one shop may ask the same in one moment.
static SIGNED: AtomicU64 = AtomicU64::new(0);

impl Client {
    /// Sends a request, and once more where the shop turned out to live at another address.
    pub(super) async fn exchange(
        &self,
        call: Call<'_>,
        caller: Caller,
    ) -> Result<(Request, Response)> {
        self.refuse_to_expose(call.route, caller)?;
        let request = self.request(call, caller);
        let response = self.send(&request).await?;
        if !self.follow(&request, &response)? {
            return Ok((request, response));
        }
        // On the way to another origin the password was taken off the request, so the shop has
        // not seen it yet: this is no second try with it.
        let request = self.request(call, caller);
        let response = self.send(&request).await?;
        Ok((request, response))
    }

    /// Whether others on the way can read what is sent.
    pub(super) fn is_exposed(&self) -> bool {
        let base = self.base();
        base.scheme() == "http" && !config::is_loopback(&base)
    }

    /// A password is not sent where others can read it. A signature may be.
    fn refuse_to_expose(&self, route: &str, caller: Caller) -> Result<()> {
        match caller {
            Caller::Account(way) if !way.is_oauth() && self.is_exposed() => {
                let base = self.base();
                let operation = format!("GET {}wp-json/{route}", base.path());
                Err(Error::new(Cause::CredentialsRefused, operation)
                    .with("host", base.host_str().unwrap_or_default())
                    .with("reason", "plain_http"))
            }
            Caller::Account(_) | Caller::Anybody { .. } => Ok(()),
        }
    }

    fn request(&self, call: Call<'_>, caller: Caller) -> Request {
        let Call { route, params, .. } = call;
        let mut url = self.base();
        let rest_route = match caller {
            Caller::Anybody { rest_route } => rest_route,
            Caller::Account(way) => way.uses_rest_route(),
        };
        if rest_route {
            url.query_pairs_mut()
                .append_pair("rest_route", &format!("/{route}"));
        } else {
            url.set_path(&format!("{}wp-json/{route}", url.path()));
        }
        if !params.is_empty() {
            url.query_pairs_mut().extend_pairs(params);
        }
        let request = match caller {
            Caller::Anybody { .. } => Request::new(Method::GET, url),
            Caller::Account(way) => self.signed(url, way, call.method()),
        };
        match call.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    fn signed(&self, mut url: Url, way: Way, method: Method) -> Request {
        match way {
            Way::Query => {
                url.query_pairs_mut()
                    .append_pair("consumer_key", &self.login)
                    .append_pair("consumer_secret", self.secret.expose());
            }
            Way::BasicRestRoute => {
                // As it is: its slashes must not be encoded.
                let query = format!("{}&_={KEYS_ARE_FOR}", url.query().unwrap_or_default());
                url.set_query(Some(&query));
            }
            Way::OauthHttps | Way::OauthHttpBase | Way::OauthPlain => {
                let base = self.address_as_seen(&url, way);
                self.signer(&url).sign(&mut url, (method.as_str(), &base));
            }
            Way::Password | Way::PasswordRestRoute | Way::Basic => {}
        }
        let mut request = Request::new(method, url);
        if way == Way::Query {
            // Shops that moved repeat the whole address, keys included, where they lead to.
            request.redirects = Redirects::SameSite;
        } else if !way.is_oauth() {
            let value = self.authorization();
            request.headers.insert(header::AUTHORIZATION, value);
        }
        request
    }

    /// The address as the shop computes it for a signature: its own host, which may be another
    /// name than the one that it was asked by, and the scheme that it sees.
    fn address_as_seen(&self, url: &Url, way: Way) -> String {
        let home = self.learned().home;
        let named = home.as_ref().unwrap_or(url);
        let host = named.host_str().unwrap_or_default();
        let port = named.port().map(|port| format!(":{port}"));
        let (scheme, port) = (way.signed_scheme(), port.unwrap_or_default());
        format!("{scheme}://{host}{port}{}", url.path())
    }

    fn signer(&self, url: &Url) -> Signer<'_> {
        let now = self.wire.clock.now();
        let count = SIGNED.fetch_add(1, Ordering::Relaxed);
        let skew = self.learned().skew_seconds.unwrap_or_default();
        let secret = self.secret.expose();
        Signer {
            consumer_key: &self.login,
            consumer_secret: secret,
            timestamp: now.as_second().saturating_add(skew),
            nonce: oauth::nonce(secret, now.as_nanosecond(), count, url.as_str()),
        }
    }

    fn authorization(&self) -> HeaderValue {
        let mut value = HeaderValue::from_str(&format!("Basic {}", self.pair()))
            .expect("base64 is made of header characters");
        value.set_sensitive(true);
        value
    }

    fn pair(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.login, self.secret.expose()))
    }

    /// A file, asked for without credentials, from wherever the shop keeps it.
    pub(crate) async fn fetch(&self, request: &Request) -> Result<Response> {
        let sent = self.wire.transport.send(request).await;
        sent.map_err(|error| {
            let error = error.into_error(request);
            // Reads are sent here, and marks: doing either again is harmless.
            match error.retry {
                Retry::AfterLooking => error.retry_after(0),
                Retry::Never | Retry::Later(_) => error,
            }
        })
    }

    async fn send(&self, request: &Request) -> Result<Response> {
        let response = self.fetch(request).await.map_err(|mut error| {
            error.operation = answer::operation(request);
            error
        })?;
        // An answer out of a cache tells the time at which it was put there.
        let fresh = response.header("age").is_none();
        if let Some(theirs) = response.server_time().filter(|_| fresh) {
            let skew = theirs.as_second() - self.wire.clock.now().as_second();
            self.learning().skew_seconds = Some(skew);
        }
        Ok(response)
    }

    /// Stays at the address that a redirect led to, if credentials may go there.
    fn follow(&self, request: &Request, response: &Response) -> Result<bool> {
        let led_to = response.redirected_to();
        match config::moved(&request.url, led_to.as_ref().unwrap_or(&response.url)) {
            Moved::Stayed => Ok(false),
            Moved::To(base) => {
                self.set_base(base);
                Ok(true)
            }
            Moved::Elsewhere(origin) => Err(Error::new(
                Cause::RedirectedElsewhere,
                answer::operation(request),
            )
            .with("host", request.url.host_str().unwrap_or_default())
            .with("redirected_to", origin)),
        }
    }

    /// Servers echo the oddest things; the secret must not come back in an error, in whatever form
    /// it was sent.
    pub(crate) fn scrubbed(&self, mut error: Error) -> Error {
        error.detail = self.without_secret(&error.detail);
        for (_, value) in &mut error.context {
            *value = self.without_secret(value);
        }
        error
    }

    pub(super) fn without_secret(&self, text: &str) -> String {
        let secret = self.secret.expose();
        if secret.is_empty() {
            return text.to_owned();
        }
        let in_address: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let encoded = oauth::encoded(secret);
        [secret, &self.pair(), &in_address, &encoded]
            .iter()
            .fold(text.to_owned(), |text, form| text.replace(form, "••••••"))
    }
}
