//! Which shop or database a connection was made to, so that another one behind the same address
//! is noticed before decisions are applied to it.

use serde::{Deserialize, Serialize};
use tandem_contract::Found;
use url::Url;

/// What a server calls itself. What it does not tell is `None`, and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Where it was asked.
    url: String,
    /// The shop's own address, as it states it.
    home: Option<String>,
    /// The name that the shop or company gives itself.
    title: Option<String>,
    /// Database (Odoo).
    database: Option<String>,
}

impl Identity {
    /// What a test found at an address.
    pub(super) fn of(url: &str, found: &Found) -> Self {
        Self {
            url: url.to_owned(),
            home: found.home_url.clone(),
            title: found.title.clone(),
            database: found.database.clone(),
        }
    }

    /// Whether this is another shop or database than the known one. Its own address or database
    /// tells; a new name alone is a renaming, unless it is found at another address.
    pub(super) fn differs_from(&self, known: &Self) -> bool {
        let differ = |now: &Option<String>, before: &Option<String>| matches!((now, before), (Some(now), Some(before)) if bare(now) != bare(before));
        differ(&self.home, &known.home)
            || differ(&self.database, &known.database)
            || (bare(&self.url) != bare(&known.url)
                && self.home.is_none()
                && differ(&self.title, &known.title))
    }

    /// As a person knows it: the name, and what tells it apart.
    pub(super) fn shown(&self) -> String {
        let place = self.home.as_ref().or(self.database.as_ref());
        match (&self.title, place) {
            (Some(title), Some(place)) => format!("{title} ({place})"),
            (Some(title), None) => title.clone(),
            (None, place) => place.unwrap_or(&self.url).clone(),
        }
    }
}

/// Without what changes when a shop stays itself: scheme, `www.`, a slash at the end.
fn bare(text: &str) -> String {
    let Ok(url) = Url::parse(text) else {
        return text.to_owned();
    };
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_start_matches("www.");
    let port = url.port().map(|port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    format!("{host}{}{path}", port.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Identity;
    use tandem_contract::Found;

    fn shop(url: &str, home: Option<&str>, title: &str) -> Identity {
        let found = Found {
            home_url: home.map(str::to_owned),
            title: Some(title.to_owned()),
            ..Found::default()
        };
        Identity::of(url, &found)
    }

    #[test]
    fn a_shop_stays_itself_behind_https_www_and_a_new_name() {
        let known = shop("http://shop.example", Some("http://shop.example"), "Shop");
        for same in [
            shop(
                "https://shop.example/",
                Some("https://www.shop.example/"),
                "Shop",
            ),
            shop(
                "http://shop.example",
                Some("http://shop.example"),
                "Renamed",
            ),
            shop("http://10.0.0.2", Some("http://shop.example"), "Shop"),
            shop("http://shop.example", None, "Shop"),
        ] {
            assert!(!same.differs_from(&known), "{same:?}");
        }
    }

    #[test]
    fn another_home_another_database_or_another_name_elsewhere_is_another() {
        let known = shop("http://shop.example", Some("http://shop.example"), "Shop");
        let other = shop("http://shop.example", Some("http://copy.example"), "Shop");
        assert!(other.differs_from(&known));
        let known = shop("http://odoo.example", None, "Company");
        assert!(shop("http://new.example", None, "Other").differs_from(&known));
        assert!(!shop("http://new.example", None, "Company").differs_from(&known));
        let at = |database: &str| {
            let found = Found {
                database: Some(database.to_owned()),
                ..Found::default()
            };
            Identity::of("http://odoo.example", &found)
        };
        assert!(at("test").differs_from(&at("live")));
        assert!(!at("live").differs_from(&at("live")));
    }
}
