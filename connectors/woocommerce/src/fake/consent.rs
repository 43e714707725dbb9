//! The page on which a user lets a program make itself an application password.
//!
//! Whoever opens it is taken for the shop's manager, signed in.

use axum::body::Bytes;
use axum::http::Method;
use tandem_sandbox::{ShopAccount, ShopRights, ShopWorld};
use url::{Url, form_urlencoded};

use super::answer::{self, Answer};
use super::query::Params;

/// Its address.
pub(super) const PAGE: &str = "/wp-admin/authorize-application.php";

/// Shows the question, or carries the answer back.
pub(super) fn page(shop: &mut ShopWorld, method: &Method, params: &Params, form: &Bytes) -> Answer {
    let Some(success) = params.get("success_url").and_then(return_address) else {
        let message = "The Authorize Application request is not allowed.";
        return answer::html(500, format!("<p>{message}</p>"));
    };
    let chosen = |name: &str| form_urlencoded::parse(form).any(|(key, _)| key == name);
    if *method != Method::POST {
        let name = params.get("app_name").unwrap_or_default();
        return answer::html(200, question(name));
    }
    let mut back = success;
    if chosen("approve") {
        let (login, password) = new_password(shop);
        back.query_pairs_mut()
            .append_pair("site_url", &shop.home_url)
            .append_pair("user_login", &login)
            .append_pair("password", &password);
    } else {
        back.query_pairs_mut().append_pair("success", "false");
    }
    answer::see_other(back.as_str())
}

/// What is said instead where application passwords are switched off.
pub(super) fn unavailable() -> Answer {
    answer::html(
        501,
        "<p>Application passwords are not available.</p>".to_owned(),
    )
}

/// Plain HTTP only to a numeric address of the machine itself, with a port; `localhost` is refused.
fn return_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(_)) | None => false,
    };
    let allowed = match url.scheme() {
        "javascript" | "data" => false,
        "http" => loopback && url.port().is_some(),
        _ => true,
    };
    allowed.then_some(url)
}

fn new_password(shop: &mut ShopWorld) -> (String, String) {
    let is_manager = |account: &&ShopAccount| {
        !account.login.starts_with("ck_") && account.rights == ShopRights::ReadWrite
    };
    let login = shop
        .accounts
        .iter()
        .find(is_manager)
        .map_or_else(|| "manager".to_owned(), |account| account.login.clone());
    let password = format!("cons ente d000 0000 0000 {:04}", shop.accounts.len());
    shop.accounts.push(ShopAccount {
        login: login.clone(),
        secret: password.clone(),
        rights: ShopRights::ReadWrite,
    });
    (login, password)
}

fn question(name: &str) -> String {
    let name = html_escape::encode_text(name);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>Authorize Application</title></head>\n\
         <body>\n<h1>Authorize Application</h1>\n<p>Would you like to give the application \
         identifying itself as <strong>{name}</strong> access to your account?</p>\n\
         <form method=\"post\">\n<button name=\"approve\" value=\"1\">Yes, I approve of this \
         connection</button>\n<button name=\"reject\" value=\"1\">No, I do not approve of this \
         connection</button>\n</form>\n</body>\n</html>"
    )
}
