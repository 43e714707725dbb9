//! The connection test: steps in order, what was found, and the first thing that is wrong.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tandem_domain::{Clock, Currency, Timestamp};

use crate::{Cause, Error};

/// The steps of every test, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// Somebody answers at the address.
    Address,
    /// It is the product that was named.
    Product,
    /// Login and key are accepted.
    Credentials,
    /// What Tandem needs to read may be read.
    Rights,
    /// Clock, time zone and currency are known.
    Facts,
}

impl StepName {
    /// All steps, in order.
    pub const ALL: [Self; 5] = [
        Self::Address,
        Self::Product,
        Self::Credentials,
        Self::Rights,
        Self::Facts,
    ];
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum StepOutcome {
    /// It holds; `detail` is a fact to show beside it.
    Passed {
        /// For example "WooCommerce 11.0.1".
        detail: String,
    },
    /// It does not hold; see the report's diagnosis.
    Failed,
    /// An earlier step failed.
    NotTried,
}

/// One step and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckStep {
    /// Which step.
    pub name: StepName,
    /// How it ended.
    pub outcome: StepOutcome,
    /// How long it took.
    pub elapsed_ms: u32,
}

/// The server's clock against ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skew {
    /// Server minus this machine, in seconds.
    pub seconds: i64,
}

/// A warehouse that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warehouse {
    /// `stock.warehouse` id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its short code.
    pub code: String,
}

/// A company that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// `res.company` id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Option<Currency>,
    /// Its warehouses.
    pub warehouses: Vec<Warehouse>,
}

/// What a test found out. What is not known is `None` or empty, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// The product: `WooCommerce`, `Odoo`.
    pub product: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// What it runs on: `WordPress 7.1.4`.
    pub platform: Option<String>,
    /// The name that the shop or company gives itself.
    pub title: Option<String>,
    /// The shop's home address as it states it.
    pub home_url: Option<String>,
    /// Main currency.
    pub currency: Option<Currency>,
    /// Decimals that prices are kept with.
    pub price_decimals: Option<u32>,
    /// All currencies switched on (Odoo).
    pub currencies: Vec<Currency>,
    /// Whether prices are entered with tax.
    pub prices_include_tax: Option<bool>,
    /// Where tax is rounded: `line` or `total`.
    pub tax_rounding: Option<String>,
    /// IANA zone or offset.
    pub time_zone: Option<String>,
    /// The server's clock against ours.
    pub skew: Option<Skew>,
    /// Who the key belongs to.
    pub user: Option<String>,
    /// Database (Odoo).
    pub database: Option<String>,
    /// Databases that the server shows (Odoo).
    pub databases: Vec<String>,
    /// Companies and their warehouses (Odoo).
    pub companies: Vec<Company>,
    /// Modules or plugins that matter to us.
    pub modules: Vec<String>,
    /// How the test got in.
    pub way: Option<Way>,
    /// What the key may do, in the vendor's words: `products:read`, `sale.order:create`.
    pub permissions: Vec<String>,
    /// When the key ends, where the server says so.
    pub key_expires: Option<Timestamp>,
    /// Decimals of the main currency as this server keeps it.
    pub currency_decimals: Option<u32>,
    /// Where orders are stored: `hpos` or `posts` (`WooCommerce`).
    pub order_storage: Option<String>,
}

/// The answer of a connection test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Every step, tried or not.
    pub steps: Vec<CheckStep>,
    /// What was found until it stopped.
    pub found: Found,
    /// What works, but should be known.
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// The first thing that is wrong; `None` when all is well.
    pub failure: Option<Failure>,
}

impl CheckReport {
    /// Whether every step passed.
    pub fn passed(&self) -> bool {
        self.failure.is_none()
    }
}

/// How a connector gets in: a stable code of its own, such as `basic` or `oauth`, whose words are
/// under `way.<kind>.<code>`. Found by the test, kept with the connection, and handed back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Way(pub String);

macro_rules! notices {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// Something that works, but that the manager should know. Each has a stable code, and
        /// under `notice.<code>` the word catalogue has its sentence and what can be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum NoticeCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl NoticeCode {
            /// All of them, for the test that every code has words in every language.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

notices! {
    /// The host drops the sign-in header, so the key travels in the address and may be logged.
    HeaderStripped = "header_stripped";
    /// TLS ends before the shop, which believes that it is asked over plain HTTP.
    TlsHidden = "tls_hidden";
    /// Plain HTTP: everybody on the way can read what is fetched, and where it is not signed,
    /// the password.
    PlainHttp = "plain_http";
    /// The shop's permalinks are plain; it is asked through `?rest_route=`.
    PlainPermalinks = "plain_permalinks";
    /// The server prints warnings in front of its data. `sample` has the beginning of one.
    PhpWarnings = "php_warnings";
    /// The two clocks are more than five minutes apart. `seconds`: server minus this computer.
    ClockSkew = "clock_skew";
    /// The key ends within 14 days. `date`.
    KeyExpires = "key_expires";
    /// The key may read only, which is enough for now.
    KeyReadsOnly = "key_reads_only";
    /// What is read may be read, but orders cannot be brought here with these rights. `facts` lists
    /// the kinds of records.
    RightsMissing = "rights_missing";
    /// The certificate is trusted because the manager said so, not because an authority does.
    CertificatePinned = "certificate_pinned";
    /// Some facts could not be read with these rights. `facts` lists them.
    FactsHidden = "facts_hidden";
    /// The store, Odoo and the standard do not agree how many decimals the currency has.
    /// `currency`, `found`, `standard`.
    CurrencyDecimals = "currency_decimals";
    /// Only an old way in is open, which the vendor will close one day.
    OldWay = "old_way";
    /// This version can be read, but nothing will be written to it. `version`.
    VersionReadOnly = "version_read_only";
    /// This version is newer than those that were measured. `version`.
    VersionUntried = "version_untried";
    /// Another program imports the same orders. `module`.
    OtherImporter = "other_importer";
}

/// A notice and its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub code: NoticeCode,
    /// Facts for the sentence.
    #[serde(default)]
    pub context: Vec<(String, String)>,
}

impl Notice {
    /// A notice without facts.
    pub fn new(code: NoticeCode) -> Self {
        Self {
            code,
            context: Vec::new(),
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.context.push((name.to_owned(), value.to_string()));
        self
    }
}

/// What stopped a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What is wrong.
    pub cause: Cause,
    /// Facts for the sentence: status, database, right.
    pub context: Vec<(String, String)>,
    /// The server's own words, cut.
    pub detail: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut context = error.context;
        context.push(("operation".to_owned(), error.operation));
        Self {
            cause: error.cause,
            context,
            detail: error.detail,
        }
    }
}

/// Runs the steps of a test in order, stops at the first that fails, and times each.
#[derive(Debug)]
pub struct Checker {
    clock: Arc<dyn Clock>,
    since: Timestamp,
    steps: Vec<CheckStep>,
    failure: Option<Failure>,
    /// What was found so far.
    pub found: Found,
    /// What should be known, so far.
    pub notices: Vec<Notice>,
}

impl Checker {
    /// A test that has not begun.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let since = clock.now();
        Self {
            clock,
            since,
            steps: Vec::new(),
            failure: None,
            found: Found::default(),
            notices: Vec::new(),
        }
    }

    /// Notes how the next step ended and hands its value on; `None` means: stop here.
    pub fn step<T>(&mut self, name: StepName, outcome: Result<(T, String), Error>) -> Option<T> {
        let elapsed_ms = self.lap();
        match outcome {
            Ok((value, detail)) => {
                let outcome = StepOutcome::Passed { detail };
                self.steps.push(CheckStep {
                    name,
                    outcome,
                    elapsed_ms,
                });
                Some(value)
            }
            Err(error) => {
                self.steps.push(CheckStep {
                    name,
                    outcome: StepOutcome::Failed,
                    elapsed_ms,
                });
                self.failure = Some(error.into());
                None
            }
        }
    }

    /// The report; steps that were not reached are listed as not tried.
    pub fn finish(mut self) -> CheckReport {
        for name in StepName::ALL {
            if !self.steps.iter().any(|step| step.name == name) {
                let outcome = StepOutcome::NotTried;
                self.steps.push(CheckStep {
                    name,
                    outcome,
                    elapsed_ms: 0,
                });
            }
        }
        CheckReport {
            steps: self.steps,
            found: self.found,
            notices: self.notices,
            failure: self.failure,
        }
    }

    fn lap(&mut self) -> u32 {
        let now = self.clock.now();
        let elapsed = now.as_millisecond() - self.since.as_millisecond();
        self.since = now;
        u32::try_from(elapsed.max(0)).unwrap_or(u32::MAX)
    }
}
