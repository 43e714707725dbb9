//! WordPress's own page on which a user lets a program have an application password.

use std::net::IpAddr;

use tandem_contract::{Account, Cause, Error, Result, Wire};
use tandem_domain::Secret;
use url::{Url, form_urlencoded};

use crate::client::Client;

/// What the user said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Yes: the login and the password that was made.
    Granted {
        /// The user's name.
        login: String,
        /// The application password.
        secret: Secret,
    },
    /// No, or nothing that can be used.
    Denied,
}

/// The page to open in the browser; what it answers comes to `return_to`, and [`consent_answer`]
/// reads it. `app_id` is a UUID that stays the same for this program on this computer.
///
/// WordPress takes as return address plain HTTP only to a numeric loopback address with a port
/// (`http://127.0.0.1:49152/…`), and refuses `localhost`; a host given by that name is replaced.
pub fn consent_url(base: &Url, app_name: &str, app_id: &str, return_to: &Url) -> Url {
    let mut url = crate::config::base(base);
    url.set_path(&format!("{}wp-admin/authorize-application.php", url.path()));
    let mut return_to = return_to.clone();
    if return_to.host_str() == Some("localhost") {
        // Cannot fail: an http address may have any host.
        let _ = return_to.set_ip_host(IpAddr::from([127, 0, 0, 1]));
    }
    url.query_pairs_mut()
        .append_pair("app_name", app_name)
        .append_pair("app_id", app_id)
        .append_pair("success_url", return_to.as_str());
    url
}

/// Whether there is such a page, as far as the shop tells: fails with
/// [`Cause::CredentialsRefused`] and its reason where WordPress says that it takes no application
/// passwords, because its page is then an error that answers nobody. Where the shop does not say,
/// or cannot be asked, a person may still try.
pub async fn consent_offered(shop: &Url, wire: Wire) -> Result<()> {
    let nobody = Account {
        url: shop.clone(),
        login: String::new(),
        secret: Secret::new(String::new()),
        database: None,
        company: None,
        warehouses: Vec::new(),
        way: None,
        key_ends: None,
    };
    let client = Client::new(nobody, wire);
    let Some(index) = client.public_index().await else {
        return Ok(());
    };
    match index.why_no_passwords(&client.base()) {
        Some(reason) => Err(Error::new(Cause::CredentialsRefused, "consent")
            .with("host", client.base().host_str().unwrap_or_default())
            .with("reason", reason)),
        None => Ok(()),
    }
}

/// Reads the query with which the browser came back: `site_url`, `user_login` and `password`, or
/// `success=false`. Never log it.
pub fn consent_answer(query: &str) -> Consent {
    let mut login = None;
    let mut secret = None;
    for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
        match name.as_ref() {
            "user_login" if !value.is_empty() => login = Some(value.into_owned()),
            "password" if !value.is_empty() => secret = Some(Secret::new(value.into_owned())),
            "success" if value == "false" => return Consent::Denied,
            _ => {}
        }
    }
    match (login, secret) {
        (Some(login), Some(secret)) => Consent::Granted { login, secret },
        _ => Consent::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::{Consent, consent_answer, consent_url};
    use tandem_domain::Secret;
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn the_page_is_below_the_shop_and_returns_to_a_numeric_loopback_address() {
        let page = consent_url(
            &url("https://shop.example/shop/wp-admin/"),
            "Tandem",
            "4ad0e9a4-4a5e-4f0c-9f1b-0d9a3a3f9a11",
            &url("http://localhost:49152/back?state=7"),
        );
        assert_eq!(
            page.as_str(),
            "https://shop.example/shop/wp-admin/authorize-application.php?app_name=Tandem\
             &app_id=4ad0e9a4-4a5e-4f0c-9f1b-0d9a3a3f9a11\
             &success_url=http%3A%2F%2F127.0.0.1%3A49152%2Fback%3Fstate%3D7"
        );
    }

    #[test]
    fn an_answer_is_a_login_with_its_password_or_no() {
        let granted = "state=7&site_url=https%3A%2F%2Fshop.example&user_login=ann%2Bshop%40x.example\
            &password=abcd%20efgh%20ijkl";
        let expected = Consent::Granted {
            login: "ann+shop@x.example".to_owned(),
            secret: Secret::new("abcd efgh ijkl".to_owned()),
        };
        assert_eq!(consent_answer(granted), expected);
        assert_eq!(consent_answer(&format!("?{granted}")), expected);
        for denied in [
            "success=false",
            "",
            "user_login=ann",
            "password=x",
            "user_login=&password=x",
            "user_login=ann&password=x&success=false",
        ] {
            assert_eq!(consent_answer(denied), Consent::Denied, "{denied}");
        }
        let shown = format!("{expected:?}");
        assert!(!shown.contains("efgh"), "{shown}");
    }
}
