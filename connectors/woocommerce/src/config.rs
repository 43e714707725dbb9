//! Addresses as managers type them, and the shop's base address that they mean.

use url::Url;

/// Last parts of an address that people copy from their browser and that are not the shop's own.
const TAILS: [&str; 4] = ["wp-json", "wp-admin", "wp-login.php", "index.php"];

/// Reads an address as a manager types it: `shop.example` means `https://shop.example`.
///
/// `None` when it is not a web address. The path is kept: a shop may live in `/shop`.
pub fn normalise_url(typed: &str) -> Option<Url> {
    let typed = typed.trim();
    let with_scheme = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let url = Url::parse(&with_scheme).ok()?;
    let on_the_web = matches!(url.scheme(), "http" | "https");
    (on_the_web && url.host_str().is_some_and(|host| !host.is_empty())).then(|| base(&url))
}

/// The shop's base: without what belongs to a page of it, without a name and password in the
/// address, and with a slash at its end so that paths can be joined to it.
pub(crate) fn base(url: &Url) -> Url {
    let mut base = url.clone();
    base.set_query(None);
    base.set_fragment(None);
    // Neither call can fail: an http address may always be without user and password.
    let _ = base.set_username("");
    let _ = base.set_password(None);
    let kept: Vec<&str> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .take_while(|part| !TAILS.contains(part))
        .collect();
    base.set_path(&match kept.join("/") {
        path if path.is_empty() => "/".to_owned(),
        path => format!("/{path}/"),
    });
    base
}

/// Where a redirect led an asked address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Nowhere: the answer is the asked server's own.
    Stayed,
    /// To this address of the same shop.
    To(Url),
    /// To somebody whom nobody named.
    Elsewhere(String),
}

/// Where an answer came from, seen from where it was asked for.
///
/// Credentials follow only to HTTPS, and only between a host and its `www.` twin; and only where
/// the answer is still the API's.
pub(crate) fn moved(asked: &Url, came_from: &Url) -> Moved {
    let host = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    if asked.origin() == came_from.origin() {
        return Moved::Stayed;
    }
    if host(asked) != host(came_from) || came_from.scheme() != "https" {
        return Moved::Elsewhere(came_from.origin().ascii_serialization());
    }
    let is_api = came_from.path().contains("/wp-json")
        || came_from
            .query_pairs()
            .any(|(name, _)| name == "rest_route");
    if is_api {
        Moved::To(base(came_from))
    } else {
        Moved::Stayed
    }
}

/// Whether this is the machine itself, where plain HTTP is read by nobody else.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an address names a machine of this network by number or as this machine.
pub(crate) fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        Some(url::Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_unspecified()
        }
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Moved, is_loopback, is_private, moved, normalise_url};
    use url::Url;

    #[test]
    fn every_way_to_type_an_address_means_one_base() {
        for (typed, meant) in [
            ("shop.example", "https://shop.example/"),
            (" https://shop.example ", "https://shop.example/"),
            ("http://shop.example:8080/", "http://shop.example:8080/"),
            ("shop.example/shop", "https://shop.example/shop/"),
            (
                "https://shop.example/shop/wp-admin/",
                "https://shop.example/shop/",
            ),
            (
                "https://shop.example/wp-admin/admin.php?page=wc-admin#x",
                "https://shop.example/",
            ),
            (
                "https://shop.example/wp-json/wc/v3/products",
                "https://shop.example/",
            ),
            (
                "https://ada:pw@shop.example/wp-login.php",
                "https://shop.example/",
            ),
            ("متجر.example", "https://xn--pgbep1f.example/"),
        ] {
            let url = normalise_url(typed).map(|url| url.to_string());
            assert_eq!(url.as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for typed in [
            "",
            "ftp://shop.example",
            "https://",
            "mailto://x",
            "two words",
        ] {
            assert_eq!(normalise_url(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn credentials_follow_a_redirect_only_to_the_same_shop_over_https() {
        let url = |text: &str| Url::parse(text).expect("an address");
        let asked = url("http://shop.example/s/wp-json/wc/v3/products");
        let to = |text: &str| moved(&asked, &url(text));
        assert_eq!(
            to("https://www.shop.example/s/wp-json/wc/v3/products"),
            Moved::To(url("https://www.shop.example/s/"))
        );
        assert_eq!(
            to("https://shop.example/s/?rest_route=%2Fwc%2Fv3%2Fproducts"),
            Moved::To(url("https://shop.example/s/"))
        );
        let elsewhere = |origin: &str| Moved::Elsewhere(origin.to_owned());
        assert_eq!(
            to("https://evil.example/s/wp-json/?consumer_secret=x"),
            elsewhere("https://evil.example")
        );
        assert_eq!(
            to("http://www.shop.example/s/wp-json/"),
            elsewhere("http://www.shop.example")
        );
        assert_eq!(
            to("https://shop.example/login"),
            Moved::Stayed,
            "not the API any more"
        );
        assert_eq!(
            to("http://shop.example/s/wp-json/"),
            Moved::Stayed,
            "it did not move"
        );
    }

    #[test]
    fn loopback_is_this_machine_only() {
        let loopback = |text: &str| is_loopback(&Url::parse(text).expect("an address"));
        assert!(
            loopback("http://127.0.0.1:80")
                && loopback("http://localhost")
                && loopback("http://[::1]")
        );
        assert!(!loopback("http://shop.example"));
        let private = |text: &str| is_private(&Url::parse(text).expect("an address"));
        for inside in [
            "http://192.168.0.1/a.jpg",
            "http://10.1.2.3",
            "http://169.254.169.254/x",
            "http://[fd00::1]",
            "http://localhost:631",
        ] {
            assert!(private(inside), "{inside}");
        }
        assert!(!private("https://cdn.example/a.jpg") && !private("https://93.184.216.34"));
    }
}
