//! Who is calling, by the rules of WordPress and of `WooCommerce`'s own keys.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;
use axum::http::{Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tandem_domain::Timestamp;
use tandem_sandbox::{ShopAccount, ShopRights};

use super::Hosting;
use super::answer::{Answer, refusal};
use super::query::Params;
use crate::oauth;

/// How far the two clocks may be apart for a signed request.
const CLOCKS_APART_SECONDS_MAX: i64 = 15 * 60;
const KEY_ERROR: &str = "woocommerce_rest_authentication_error";

/// Who WordPress thinks is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody: no credentials, or some that were not looked at.
    Stranger,
    /// A user who may see the shop's data.
    Staff,
    /// A user who may not.
    Customer,
}

impl Caller {
    /// The refusal of everything behind a right; `None` for those who have it.
    pub(super) fn refusal(self) -> Option<Answer> {
        let refused = |status| {
            let message = "Sorry, you cannot list resources.";
            refusal(status, "woocommerce_rest_cannot_view", message)
        };
        match self {
            Self::Staff => None,
            Self::Stranger => Some(refused(401)),
            Self::Customer => Some(refused(403).uncached()),
        }
    }
}

/// One visit, as WordPress sees it.
pub(super) struct Visit<'a> {
    pub(super) head: &'a Parts,
    pub(super) params: &'a Params,
    /// `is_ssl()`.
    pub(super) https: bool,
    pub(super) hosting: Hosting,
    pub(super) now: Timestamp,
    pub(super) home_url: &'a str,
}

impl Visit<'_> {
    /// Where `WooCommerce` looks for its keys: it searches the whole address for this text, so
    /// that `?rest_route=` alone does not do (recorded: 15).
    fn is_for_keys(&self) -> bool {
        self.head.uri.to_string().contains("wp-json/wc/")
    }

    fn basic(&self) -> Option<(String, String)> {
        let value = self
            .head
            .headers
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?;
        let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
        let pair = String::from_utf8(pair).ok()?;
        let (login, secret) = pair.split_once(':')?;
        let arrives = !self.hosting.strips_authorization;
        arrives.then(|| (login.to_owned(), secret.to_owned()))
    }

    fn in_query(&self) -> Option<(String, String)> {
        let key = self.params.get("consumer_key")?;
        Some((
            key.to_owned(),
            self.params.get("consumer_secret")?.to_owned(),
        ))
    }
}

/// Finds the caller, or the refusal that ends the call whatever it asks for.
pub(super) fn caller(
    accounts: &[ShopAccount],
    visit: &Visit<'_>,
    nonces: &Mutex<HashSet<String>>,
) -> Result<Caller, Answer> {
    if visit.is_for_keys() {
        let shown = visit
            .in_query()
            .or_else(|| visit.basic().filter(|(login, _)| login.starts_with("ck_")));
        // Recorded: 02, 03. Over plain HTTP a key is not even looked at.
        if let Some((login, secret)) = shown.filter(|_| visit.https) {
            let account = accounts.iter().find(|account| account.login == login);
            return consumer_key(account, &secret, visit);
        }
        if let Some(key) = visit.params.get("oauth_consumer_key") {
            let account = accounts.iter().find(|account| account.login == key);
            return signed(account, visit, nonces);
        }
    }
    let Some((login, secret)) = visit.basic() else {
        return Ok(Caller::Stranger);
    };
    // Not where they are switched off, nor over plain HTTP, unless the site is a local one.
    if !visit.hosting.has_application_passwords()
        || (visit.is_for_keys() && login.starts_with("ck_"))
    {
        return Ok(Caller::Stranger);
    }
    let users: Vec<&ShopAccount> = accounts
        .iter()
        .filter(|account| account.login == login && !account.login.starts_with("ck_"))
        .collect();
    match application_password(&users, &secret) {
        // On `WooCommerce`'s own routes WordPress looks at the password only after it has asked
        // for errors of it, so that a wrong one is answered like none (11.0.1 on WordPress 7.1).
        Err(_) if visit.is_for_keys() => Ok(Caller::Stranger),
        outcome => outcome,
    }
}

fn consumer_key(
    account: Option<&ShopAccount>,
    secret: &str,
    visit: &Visit<'_>,
) -> Result<Caller, Answer> {
    match account {
        None => Ok(Caller::Stranger),
        Some(account) if account.secret != secret => {
            Err(refusal(401, KEY_ERROR, "Consumer secret is invalid."))
        }
        Some(account) => key_rights(account, visit),
    }
}

/// Recorded: 10 and 11.
fn key_rights(account: &ShopAccount, visit: &Visit<'_>) -> Result<Caller, Answer> {
    let writes = !matches!(visit.head.method, Method::GET | Method::HEAD);
    match account.rights {
        ShopRights::Read if writes => {
            let message = "The API key provided does not have write permissions.";
            Err(refusal(401, KEY_ERROR, message).uncached())
        }
        ShopRights::Write if writes => Ok(Caller::Staff),
        ShopRights::ReadWrite | ShopRights::Read => Ok(Caller::Staff),
        ShopRights::None => Ok(Caller::Customer),
        ShopRights::Write => {
            let message = "The API key provided does not have read permissions.";
            Err(refusal(401, KEY_ERROR, message).uncached())
        }
    }
}

/// The steps of `WC_REST_Authentication::perform_oauth_authentication`, in its order: key,
/// signature, time, nonce.
fn signed(
    account: Option<&ShopAccount>,
    visit: &Visit<'_>,
    nonces: &Mutex<HashSet<String>>,
) -> Result<Caller, Answer> {
    let refused = |message: &str| Err(refusal(401, KEY_ERROR, message));
    let Some(account) = account else {
        return refused("Consumer key is invalid.");
    };
    let params = visit.params;
    let scheme = if visit.https { "https" } else { "http" };
    let home = visit.home_url.trim_end_matches('/');
    let named = home.split_once("://").map_or(home, |(_, named)| named);
    let base = format!("{scheme}://{named}{}", visit.head.uri.path());
    let covered: Vec<(String, String)> = params
        .pairs()
        .filter(|(name, _)| name != "oauth_signature")
        .cloned()
        .collect();
    let expected = oauth::signature(visit.head.method.as_str(), &base, &covered, &account.secret);
    if params.get("oauth_signature") != Some(expected.as_str()) {
        return refused("Invalid signature - provided signature does not match.");
    }
    let sent = params
        .get("oauth_timestamp")
        .and_then(|text| text.parse::<i64>().ok())
        .unwrap_or_default();
    if (visit.now.as_second() - sent).abs() > CLOCKS_APART_SECONDS_MAX {
        return refused("Invalid timestamp.");
    }
    let nonce = params.get("oauth_nonce").unwrap_or_default().to_owned();
    let new = nonces
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(nonce);
    if !new {
        return refused("Invalid nonce - nonce has already been used.");
    }
    key_rights(account, visit)
}

/// WordPress shows these passwords in groups of four and ignores the blanks between them. They
/// carry the rights of their user, so there is none that may only write; and a user may have many.
fn application_password(users: &[&ShopAccount], secret: &str) -> Result<Caller, Answer> {
    let bare = |text: &str| text.replace(' ', "");
    if users.is_empty() {
        return Err(refusal(
            401,
            "invalid_username",
            "<strong>Error:</strong> Unknown username. Check again or try your email address.",
        ));
    }
    let user = users.iter().find(|user| bare(&user.secret) == bare(secret));
    match user.map(|user| user.rights) {
        None => Err(refusal(
            401,
            "incorrect_password",
            "The provided password is an invalid application password.",
        )),
        Some(ShopRights::ReadWrite | ShopRights::Read | ShopRights::Write) => Ok(Caller::Staff),
        Some(ShopRights::None) => Ok(Caller::Customer),
    }
}
