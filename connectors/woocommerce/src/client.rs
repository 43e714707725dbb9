//! Sends requests to a shop: addresses, credentials, and the shop's settings read once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method, header};
use serde_json::value::RawValue;
use tandem_contract::http::{Request, Response};
use tandem_contract::{Account, Cause, Error, Result, Retry, Wire};
use tandem_domain::{Clock, Currency, Secret};
use tokio::sync::OnceCell;
use url::Url;

use crate::answer::{self, Answer};
use crate::{config, wire};

/// Query parameters, in the order in which they are sent.
pub(crate) type Params<'a> = [(&'a str, String)];

/// The most that `WooCommerce` gives on one page; 101 is an error.
pub(crate) const PER_PAGE: usize = 100;

/// What every reader of this shop needs to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Currency of its prices.
    pub(crate) currency: Currency,
    /// Decimals that it shows.
    pub(crate) decimals: Option<u32>,
}

/// One shop, one way in.
pub(crate) struct Client {
    base: Mutex<Url>,
    login: String,
    secret: Secret,
    wire: Wire,
    settings: OnceCell<Settings>,
    /// Set once it is known where plain HTTP leads.
    asked_for_https: OnceCell<()>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base().as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    pub(crate) fn new(account: Account, wire: Wire) -> Self {
        Self {
            base: Mutex::new(config::base(&account.url)),
            login: account.login.trim().to_owned(),
            secret: account.secret,
            wire,
            settings: OnceCell::new(),
            asked_for_https: OnceCell::new(),
        }
    }

    /// The shop's base address, as far as it is known by now: redirects may teach a better one.
    pub(crate) fn base(&self) -> Url {
        self.base
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.wire.clock)
    }

    /// A `WooCommerce` key, not a WordPress user.
    pub(crate) fn is_key_pair(&self) -> bool {
        self.login.starts_with("ck_")
    }

    pub(crate) fn login(&self) -> &str {
        &self.login
    }

    /// Asks for the index of the site's API. Anonymous unless told otherwise; a `WooCommerce` key
    /// is never sent there, because WordPress would take it for a user name and refuse it.
    pub(crate) async fn index(&self, signed: bool) -> Result<(Request, Response)> {
        let fields = "name,home,gmt_offset,timezone_string,namespaces";
        let params = [("_fields", fields.to_owned())];
        self.exchange("wp-json/", &params, signed && !self.is_key_pair())
            .await
    }

    /// Reads from `WooCommerce` itself: `products`, `orders`, `settings/tax`.
    pub(crate) async fn get(&self, path: &str, params: &Params<'_>) -> Result<Answer> {
        let path = format!("wp-json/wc/v3/{path}");
        let (request, response) = self.exchange(&path, params, true).await?;
        answer::read(&request, &response).map_err(|error| self.scrubbed(error))
    }

    /// A list, each row as received.
    pub(crate) async fn list(
        &self,
        path: &str,
        params: &Params<'_>,
    ) -> Result<(Answer, Vec<Box<RawValue>>)> {
        let answer = self.get(path, params).await?;
        let rows = answer.rows(path)?;
        Ok((answer, rows))
    }

    /// The shop's currency. Read once for the life of this connection.
    pub(crate) async fn settings(&self) -> Result<Settings> {
        self.settings
            .get_or_try_init(|| self.read_settings())
            .await
            .copied()
    }

    /// Named rows of a group of settings (`general`, `tax`). Without `_fields` the general
    /// group is 105 KB.
    pub(crate) async fn setting_group(&self, group: &str) -> Result<wire::SettingGroup> {
        let path = format!("settings/{group}");
        let (_, rows) = self
            .list(&path, &[("_fields", "id,value".to_owned())])
            .await?;
        Ok(wire::SettingGroup::read(&rows))
    }

    async fn read_settings(&self) -> Result<Settings> {
        let general = self.setting_group("general").await?;
        let code = general.get("woocommerce_currency").unwrap_or_default();
        let currency = code.parse().map_err(|_| {
            Error::new(Cause::Unreadable, "GET settings/general").with("currency", code)
        })?;
        let decimals = general
            .get("woocommerce_price_num_decimals")
            .and_then(|text| text.parse().ok());
        Ok(Settings { currency, decimals })
    }

    async fn exchange(
        &self,
        path: &str,
        params: &Params<'_>,
        signed: bool,
    ) -> Result<(Request, Response)> {
        if signed && self.is_exposed() {
            self.asked_for_https
                .get_or_try_init(|| self.ask_for_https())
                .await?;
        }
        // A key over plain HTTP would not even be looked at.
        let signed = signed && !(self.is_exposed() && self.is_key_pair());
        let request = self.request(path, params, signed);
        let response = self.send(&request).await?;
        if !self.follow(&request, &response) {
            return Ok((request, response));
        }
        // On the way to another origin the password was taken off the request, so the shop has
        // not seen it yet: this is no second try with it.
        let request = self.request(path, params, signed);
        let response = self.send(&request).await?;
        Ok((request, response))
    }

    /// Whether others on the way can read what is sent.
    fn is_exposed(&self) -> bool {
        let base = self.base();
        base.scheme() == "http" && !config::is_loopback(&base)
    }

    /// Asks an anonymous question, so that a shop which redirects to HTTPS is known to do so
    /// before anything secret is sent to it.
    async fn ask_for_https(&self) -> Result<()> {
        let request = self.request("wp-json/", &[("_fields", "home".to_owned())], false);
        let response = self.send(&request).await?;
        self.follow(&request, &response);
        Ok(())
    }

    /// Stays at the address that a redirect led to, if credentials may go there.
    fn follow(&self, request: &Request, response: &Response) -> bool {
        let moved = config::moved(&request.url, &response.url);
        let follows = moved.is_some();
        if let Some(moved) = moved {
            *self.base.lock().unwrap_or_else(PoisonError::into_inner) = moved;
        }
        follows
    }

    fn request(&self, path: &str, params: &Params<'_>, signed: bool) -> Request {
        let mut url = self.base();
        url.set_path(&format!("{}{path}", url.path()));
        if !params.is_empty() {
            url.query_pairs_mut().extend_pairs(params);
        }
        let mut request = Request::new(Method::GET, url);
        if signed {
            request
                .headers
                .insert(header::AUTHORIZATION, self.authorization());
        }
        request
    }

    fn authorization(&self) -> HeaderValue {
        let pair = format!("{}:{}", self.login, self.secret.expose());
        let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)))
            .expect("base64 is made of header characters");
        value.set_sensitive(true);
        value
    }

    async fn send(&self, request: &Request) -> Result<Response> {
        self.wire.transport.send(request).await.map_err(|error| {
            let error = error.into_error(request);
            // Only reads are sent here, and reading again is harmless.
            match error.retry {
                Retry::AfterLooking => error.retry_after(0),
                Retry::Never | Retry::Later(_) => error,
            }
        })
    }

    /// Servers echo the oddest things; the secret must not come back in an error's text.
    pub(crate) fn scrubbed(&self, mut error: Error) -> Error {
        let secret = self.secret.expose();
        if !secret.is_empty() {
            error.detail = error.detail.replace(secret, "••••••");
        }
        error
    }
}
