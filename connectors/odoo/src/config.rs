//! A connection's settings, brought from what a manager pastes to what the client needs.

use tandem_contract::Account;
use tandem_domain::{Secret, WarehouseKey};
use url::Url;

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
        }
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
    use super::{base_of, database_in};

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
}
