//! Connections, their tests, and what a store is bound to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::health::{HealthView, NoticeView};
use crate::AppError;

/// Which of the two sides a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A shop.
    Store,
    /// Odoo.
    Odoo,
}

/// A kind of connection that can be made. Its words are under `kind.<kind>.…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KindView {
    /// `woocommerce`, `odoo`.
    pub kind: String,
    /// Which side.
    pub side: Side,
    /// The product's own name, never translated.
    pub label: String,
    /// Whether a database can be named.
    pub has_database: bool,
    /// Whether it can be joined by saying yes on a page of its own in the browser.
    pub has_consent: bool,
    /// Whether it makes keys on request, so that no password has to be kept.
    pub makes_keys: bool,
}

/// What the manager types to make or change a connection.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDraft {
    /// The connection to change; `None` makes a new one.
    pub slug: Option<String>,
    /// Name, as the manager likes; empty takes what the server calls itself.
    pub name: String,
    /// `woocommerce`, `odoo`.
    pub kind: String,
    /// Address, as pasted.
    pub url: String,
    /// User name, login or consumer key.
    pub login: String,
    /// Password or key; `None` keeps the one in the keychain.
    pub secret: Option<SecretText>,
    /// Odoo's database; empty lets Tandem find the only one.
    pub database: Option<String>,
    /// Fingerprint of a certificate that the manager looked at and trusts, as `params.fingerprint`
    /// of `connection.certificate_…` showed it; `None` keeps the one that is trusted already.
    pub certificate: Option<String>,
}

/// A secret on its way in. It has no `Serialize`, and prints as dots.
#[derive(Clone, Deserialize, Type)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Wraps what was typed.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Hands it over to the type that wipes itself.
    pub(crate) fn into_secret(self) -> tandem_domain::Secret {
        tandem_domain::Secret::new(self.0)
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("••••••")
    }
}

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Not tested yet.
    Untested,
    /// The last test passed.
    Healthy,
    /// The last test failed.
    Stopped,
}

/// A saved connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// Its short name.
    pub slug: String,
    /// The manager's name for it.
    pub name: String,
    /// `woocommerce`, `odoo`.
    pub kind: String,
    /// Which side.
    pub side: Side,
    /// Address.
    pub url: String,
    /// Login.
    pub login: String,
    /// Odoo's database.
    pub database: Option<String>,
    /// For a store: the Odoo connection it is bound to, with company and warehouses.
    pub bound: Option<StoreBinding>,
    /// How it stands.
    pub state: ConnectionState,
    /// The last test.
    pub check: Option<CheckView>,
    /// When that was.
    pub checked_at: Option<String>,
    /// When the last fetch ended well.
    pub fetched_at: Option<String>,
    /// How it stands over time; on the rail.
    pub health: HealthView,
    /// Fingerprint of the certificate that is trusted by hand.
    pub pinned: Option<String>,
    /// How Tandem gets in; words under `way.<kind>.<way>`.
    pub way: Option<String>,
    /// When the key ends, RFC 3339.
    pub key_expires_at: Option<String>,
    /// What works, but should be known, of this side and of what it is bound to.
    pub notices: Vec<NoticeView>,
}

/// Which company and warehouses a store sells from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoreBinding {
    /// Short name of the Odoo connection.
    pub odoo: String,
    /// `res.company` id.
    pub company: i32,
    /// `stock.warehouse` ids; empty means all of the company.
    pub warehouses: Vec<i32>,
}

/// How a step of a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// It holds.
    Passed,
    /// It does not; see the failure.
    Failed,
    /// An earlier one failed.
    NotTried,
}

/// One step of a test. Its words are under `check.<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// `address`, `product`, `credentials`, `rights`, `facts`.
    pub name: String,
    /// How it ended.
    pub state: StepState,
    /// A fact to show beside it: "WooCommerce 11.0.1".
    pub detail: String,
    /// How long it took.
    pub elapsed_ms: u32,
}

/// The answer of a connection test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// Every step.
    pub steps: Vec<StepView>,
    /// What was found.
    pub facts: FactsView,
    /// The facts are those of the last test that passed, because this one did not.
    pub facts_are_earlier: bool,
    /// When that was, as far as it is known, RFC 3339.
    pub facts_at: Option<String>,
    /// What works, but should be known.
    pub notices: Vec<NoticeView>,
    /// What is wrong first; `None` when all is well.
    pub failure: Option<AppError>,
}

/// What a test found. What is not known is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FactsView {
    /// The name the shop or company gives itself.
    pub title: Option<String>,
    /// "WooCommerce 11.0.1".
    pub product: Option<String>,
    /// "WordPress 7.1.4".
    pub platform: Option<String>,
    /// ISO code.
    pub currency: Option<String>,
    /// Decimals of that currency as this server keeps it.
    pub currency_decimals: Option<u32>,
    /// Decimals of that currency by the standard (ISO 4217).
    pub standard_decimals: Option<u32>,
    /// Decimals that prices are kept with.
    pub price_decimals: Option<u32>,
    /// Whether prices are entered with tax.
    pub prices_include_tax: Option<bool>,
    /// `line` or `total`.
    pub tax_rounding: Option<String>,
    /// Zone.
    pub time_zone: Option<String>,
    /// Server's clock minus ours.
    pub skew_seconds: Option<i32>,
    /// Who the key belongs to.
    pub user: Option<String>,
    /// Database.
    pub database: Option<String>,
    /// Databases that the server shows.
    pub databases: Vec<String>,
    /// Companies to choose from.
    pub companies: Vec<CompanyView>,
    /// Modules or plugins that matter.
    pub modules: Vec<String>,
    /// The address that the shop gives itself.
    pub home_url: Option<String>,
    /// How the test got in; words under `way.<kind>.<way>`.
    pub way: Option<String>,
    /// What the key may do, in the vendor's words: `products:read`.
    pub permissions: Vec<String>,
    /// When the key ends, RFC 3339.
    pub key_expires_at: Option<String>,
    /// Where orders are stored: `hpos` or `posts`.
    pub order_storage: Option<String>,
}

/// A company to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CompanyView {
    /// `res.company` id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// ISO code.
    pub currency: Option<String>,
    /// Its warehouses.
    pub warehouses: Vec<WarehouseView>,
}

/// A warehouse to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WarehouseView {
    /// `stock.warehouse` id.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Short code.
    pub code: String,
}

/// Named values for a sentence.
pub type Params = BTreeMap<String, String>;
