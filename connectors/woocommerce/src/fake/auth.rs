//! Who is calling, by the rules of WordPress and of `WooCommerce`'s own keys.

use axum::extract::Request;
use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tandem_sandbox::{ShopAccount, ShopRights};

use super::answer::{Answer, refusal};

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

/// Finds the caller, or the refusal that ends the call whatever it asks for.
pub(super) fn caller(
    accounts: &[ShopAccount],
    request: &Request,
    https: bool,
) -> Result<Caller, Answer> {
    let Some((login, secret)) = basic(request) else {
        return Ok(Caller::Stranger);
    };
    let account = accounts.iter().find(|account| account.login == login);
    if login.starts_with("ck_") && request.uri().path().contains("wp-json/wc/") {
        return if https {
            consumer_key(account, &secret)
        } else {
            // Recorded: 02. Over plain HTTP the key is not even looked at.
            Ok(Caller::Stranger)
        };
    }
    let user = account.filter(|account| !account.login.starts_with("ck_"));
    match application_password(user, &secret) {
        // On `WooCommerce`'s own routes WordPress looks at the password only after it has asked
        // for errors of it, so that a wrong one is answered like none (11.0.1 on WordPress 7.1).
        Err(_) if request.uri().path().contains("wp-json/wc/") => Ok(Caller::Stranger),
        outcome => outcome,
    }
}

fn consumer_key(account: Option<&ShopAccount>, secret: &str) -> Result<Caller, Answer> {
    let code = "woocommerce_rest_authentication_error";
    match account {
        None => Ok(Caller::Stranger),
        Some(account) if account.secret != secret => {
            Err(refusal(401, code, "Consumer secret is invalid."))
        }
        Some(account) => match account.rights {
            ShopRights::ReadWrite | ShopRights::Read => Ok(Caller::Staff),
            ShopRights::None => Ok(Caller::Customer),
            ShopRights::Write => {
                let message = "The API key provided does not have read permissions.";
                Err(refusal(401, code, message).uncached())
            }
        },
    }
}

/// WordPress shows these passwords in groups of four and ignores the blanks between them. They
/// carry the rights of their user, so there is none that may only write.
fn application_password(user: Option<&ShopAccount>, secret: &str) -> Result<Caller, Answer> {
    let bare = |text: &str| text.replace(' ', "");
    match user {
        None => Err(refusal(
            401,
            "invalid_username",
            "<strong>Error:</strong> Unknown username. Check again or try your email address.",
        )),
        Some(user) if bare(&user.secret) != bare(secret) => Err(refusal(
            401,
            "incorrect_password",
            "The provided password is an invalid application password.",
        )),
        Some(user) => Ok(match user.rights {
            ShopRights::ReadWrite | ShopRights::Read | ShopRights::Write => Caller::Staff,
            ShopRights::None => Caller::Customer,
        }),
    }
}

fn basic(request: &Request) -> Option<(String, String)> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (login, secret) = pair.split_once(':')?;
    Some((login.to_owned(), secret.to_owned()))
}
