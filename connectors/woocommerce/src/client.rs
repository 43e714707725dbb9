//! Sends requests to a shop: addresses, credentials, and the shop's settings read once.

mod entry;
mod request;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use serde_json::Value;
use serde_json::value::RawValue;
use tandem_contract::{Account, Cause, Error, Result, Wire};
use tandem_domain::{Clock, Currency, Secret};
use tokio::sync::OnceCell;
use url::Url;

use crate::answer::Answer;
use crate::way::Way;
use crate::{config, wire};

/// Query parameters, in the order in which they are sent.
pub(crate) type Params<'a> = [(&'a str, String)];

/// The most that `WooCommerce` gives on one page; 101 is an error.
pub(crate) const PER_PAGE: usize = 100;

/// What is asked of the shop.
#[derive(Debug, Clone, Copy)]
struct Call<'a> {
    route: &'a str,
    params: &'a Params<'a>,
    /// What is to be changed; none in a read.
    body: Option<&'a Value>,
}

impl<'a> Call<'a> {
    fn read(route: &'a str, params: &'a Params<'a>) -> Self {
        Self {
            route,
            params,
            body: None,
        }
    }

    fn method(self) -> Method {
        self.body.map_or(Method::GET, |_| Method::PUT)
    }
}

/// What every reader of this shop needs to know about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Currency of its prices.
    pub(crate) currency: Currency,
    /// Decimals that it shows.
    pub(crate) decimals: Option<u32>,
}

/// What was learned on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Learned {
    /// The way that let us in.
    pub(crate) way: Option<Way>,
    /// Whether the shop's permalinks are plain.
    pub(crate) plain_permalinks: Option<bool>,
    /// The address that the shop believes to have.
    pub(crate) home: Option<Url>,
    /// The shop's clock against ours, in seconds.
    pub(crate) skew_seconds: Option<i64>,
    /// The beginning of what it printed in front of an answer.
    pub(crate) noise: Option<String>,
}

/// One shop, one account.
pub(crate) struct Client {
    base: Mutex<Url>,
    login: String,
    secret: Secret,
    wire: Wire,
    learned: Mutex<Learned>,
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
        let login = account.login.trim().to_owned();
        let base = config::base(&account.url);
        // Kept from before the login or the address was changed, it leads nowhere.
        let way = account.way.as_ref().and_then(Way::parse).filter(|way| {
            way.is_password() != is_consumer_key(&login)
                && (*way != Way::OauthPlain || base.scheme() == "http")
        });
        let learned = Learned {
            way,
            plain_permalinks: way.map(Way::uses_rest_route),
            ..Learned::default()
        };
        Self {
            base: Mutex::new(base),
            login,
            secret: account.secret,
            wire,
            learned: Mutex::new(learned),
            settings: OnceCell::new(),
            asked_for_https: OnceCell::new(),
        }
    }

    /// The shop's base address, as far as it is known by now: redirects may teach a better one.
    pub(crate) fn base(&self) -> Url {
        let base = self.base.lock().unwrap_or_else(PoisonError::into_inner);
        base.clone()
    }

    fn set_base(&self, base: Url) {
        *self.base.lock().unwrap_or_else(PoisonError::into_inner) = base;
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.wire.clock)
    }

    /// A `WooCommerce` key, not a WordPress user.
    pub(crate) fn is_key_pair(&self) -> bool {
        is_consumer_key(&self.login)
    }

    pub(crate) fn login(&self) -> &str {
        &self.login
    }

    /// What was learned so far.
    pub(crate) fn learned(&self) -> Learned {
        self.learning().clone()
    }

    fn learning(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from `WooCommerce` itself: `products`, `orders`, `settings/tax`. In the way that is
    /// known to lead in, or else in the first that does.
    pub(crate) async fn get(&self, path: &str, params: &Params<'_>) -> Result<Answer> {
        self.call(Call::read(&format!("wc/v3/{path}"), params))
            .await
    }

    /// Changes a record so that doing it again has the same effect.
    pub(crate) async fn put(
        &self,
        path: &str,
        params: &Params<'_>,
        body: &Value,
    ) -> Result<Answer> {
        let route = format!("wc/v3/{path}");
        let read = Call::read(&route, params);
        let body = Some(body);
        self.call(Call { body, ..read }).await
    }

    async fn call(&self, call: Call<'_>) -> Result<Answer> {
        let answer = match self.learned().way {
            Some(way) => self.ask_as(way, call).await,
            None => self.climb(call).await,
        };
        answer.map_err(|error| self.scrubbed(error))
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
}

fn is_consumer_key(login: &str) -> bool {
    login.starts_with("ck_")
}
