//! A connection's settings, brought from what a manager pastes to what the client needs.

use tandem_contract::Account;
use tandem_domain::{Secret, Timestamp, WarehouseKey};
use url::{Host, Url};

use crate::door::Door;

/// Where Odoo is, who asks, and for what part of it.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The address under which `/jsonrpc` lies; ends with a slash.
    pub(crate) base: Url,
    pub(crate) login: String,
    pub(crate) secret: Secret,
    pub(crate) database: Option<String>,
    pub(crate) company: Option<i64>,
    pub(crate) warehouses: Vec<WarehouseKey>,
    /// The door that the last test went through; tried first.
    pub(crate) door: Option<Door>,
    /// When the key ends, where that was said when it was made.
    pub(crate) key_ends: Option<Timestamp>,
}

impl Config {
    /// Whether the secret is an API key and not a password: 20 bytes, written as hexadecimal
    /// digits, on every version that has keys. Odoo refuses keys at its session login, so that a
    /// key sent there is a failed login for nothing.
    pub(crate) fn has_key(&self) -> bool {
        let secret = self.secret.expose();
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        secret.len() == 40 && secret.bytes().all(digit)
    }
}

impl From<Account> for Config {
    fn from(account: Account) -> Self {
        let database = named(account.database).or_else(|| named(database_in(&account.url)));
        Self {
            base: base_of(&account.url),
            login: account.login.trim().to_owned(),
            secret: account.secret,
            database,
            company: account.company,
            warehouses: account.warehouses,
            door: account.way.as_ref().and_then(Door::of),
            key_ends: account.key_ends,
        }
    }
}

/// Who can read what is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Nobody else: it is encrypted, or does not leave this machine.
    None,
    /// Whoever is in the same building: an address that the internet does not carry.
    Local,
    /// Everybody on the way. Odoo's logins are not signed, so that a secret sent there is given
    /// away.
    Open,
}

/// How exposed an address is. Only a number says where a server is; a name may lead anywhere.
pub(crate) fn exposure(url: &Url) -> Exposure {
    if url.scheme() == "https" {
        return Exposure::None;
    }
    let (here, local) = match url.host() {
        Some(Host::Domain(name)) => (name == "localhost", false),
        Some(Host::Ipv4(address)) => (
            address.is_loopback(),
            address.is_private() || address.is_link_local(),
        ),
        Some(Host::Ipv6(address)) => (
            address.is_loopback(),
            address.is_unique_local() || address.is_unicast_link_local(),
        ),
        None => (false, false),
    };
    match (here, local) {
        (true, _) => Exposure::None,
        (false, true) => Exposure::Local,
        (false, false) => Exposure::Open,
    }
}

fn named(database: Option<String>) -> Option<String> {
    let name = database?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// First path segments of Odoo's own pages and endpoints: what a manager copies from the
/// address bar, or from somebody's script.
const PAGES: [&str; 10] = [
    "web", "odoo", "my", "jsonrpc", "xmlrpc", "json", "shop", "website", "report", "doc",
];

/// `https://odoo.example.com/web#action=94` and `/fr/odoo/sales` lead to the same server as
/// `https://odoo.example.com/`. A folder that a proxy puts in front of all that is kept.
fn base_of(pasted: &Url) -> Url {
    let mut base = pasted.clone();
    base.set_query(None);
    base.set_fragment(None);
    // Neither fails for http and https, and no other scheme reaches this place with a host.
    let _ = base.set_username("");
    let _ = base.set_password(None);
    let segments: Vec<&str> = pasted
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let page = segments.iter().position(|segment| PAGES.contains(segment));
    let kept = match &segments[..page.unwrap_or(segments.len())] {
        [language] if page.is_some() && is_language(language) => Vec::new(),
        folder => folder.to_vec(),
    };
    let path: String = kept
        .iter()
        .fold("/".to_owned(), |path, segment| path + segment + "/");
    base.set_path(&path);
    base
}

/// Odoo's website puts `/fr/` or `/fr_CA/` before its pages, but not before its endpoints.
fn is_language(segment: &str) -> bool {
    let lower = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase());
    match segment.split_once('_') {
        Some((language, country)) => lower(language) && country.len() >= 2,
        None => lower(segment),
    }
}

/// `/web?db=prod` and `/web/login?db=prod` name the database.
fn database_in(pasted: &Url) -> Option<String> {
    pasted
        .query_pairs()
        .find(|(name, _)| name == "db")
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Exposure, base_of, database_in, exposure};

    #[test]
    fn what_a_manager_pastes_leads_to_the_server() {
        for (pasted, base) in [
            ("https://odoo.example.com", "https://odoo.example.com/"),
            (
                "https://odoo.example.com/web#action=94&model=sale.order",
                "https://odoo.example.com/",
            ),
            (
                "https://odoo.example.com/odoo/sales/42",
                "https://odoo.example.com/",
            ),
            (
                "https://odoo.example.com/fr/web/login?redirect=x",
                "https://odoo.example.com/",
            ),
            (
                "https://odoo.example.com:8069/jsonrpc",
                "https://odoo.example.com:8069/",
            ),
            (
                "https://proxy.example.com/erp/web",
                "https://proxy.example.com/erp/",
            ),
            (
                "https://ann:pw@odoo.example.com/web",
                "https://odoo.example.com/",
            ),
        ] {
            let pasted = pasted.parse().expect("an address");
            assert_eq!(base_of(&pasted).as_str(), base);
        }
    }

    #[test]
    fn a_pasted_address_may_name_the_database() {
        let url = "https://odoo.example.com/web/login?db=prod#x"
            .parse()
            .expect("an address");
        assert_eq!(database_in(&url).as_deref(), Some("prod"));
    }

    #[test]
    fn only_what_nobody_else_can_read_is_safe_without_encryption() {
        for (address, expected) in [
            ("https://odoo.example.com", Exposure::None),
            ("http://127.0.0.1:8069", Exposure::None),
            ("http://localhost:8069", Exposure::None),
            ("http://[::1]:8069", Exposure::None),
            ("http://192.168.1.20:8069", Exposure::Local),
            ("http://10.0.0.4", Exposure::Local),
            ("http://[fd00::4]", Exposure::Local),
            ("http://odoo.example.com", Exposure::Open),
            ("http://203.0.113.9:8069", Exposure::Open),
        ] {
            let url = address.parse().expect("an address");
            assert_eq!(exposure(&url), expected, "{address}");
        }
    }
}
