//! The one error that doors see: a stable code, the values for its sentence, details for support.

use serde::{Deserialize, Serialize};
use specta::Type;
use tandem_contract::{Cause, Failure, Kind};
use tandem_domain::Slug;
use tandem_secrets::VaultError;
use tandem_store::StoreError;
use tandem_sync::FetchStopped;

use crate::view::Params;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// Every code that a person can meet. The word catalogue has `error.<code>.title`,
        /// `error.<code>.what` and `error.<code>.next` for each, in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As it is quoted.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

codes! {
    /// See [`Cause::HostUnknown`], and so on down to `AnswerLost`.
    HostUnknown = "connection.host_unknown";
    /// Nothing listens on the port.
    PortClosed = "connection.port_closed";
    /// No answer in time.
    NoAnswer = "connection.no_answer";
    /// No secure connection.
    Tls = "connection.tls";
    /// No authority vouches for the certificate; `fingerprint` says which it is.
    CertificateUntrusted = "connection.certificate_untrusted";
    /// The certificate has run out.
    CertificateExpired = "connection.certificate_expired";
    /// The certificate is for another name.
    CertificateOtherName = "connection.certificate_other_name";
    /// Something answers, but not TLS.
    TlsNotSpoken = "connection.tls_not_spoken";
    /// Something else answers there.
    NotTheProduct = "connection.not_the_product";
    /// A web page instead of data.
    HtmlInstead = "connection.html_instead";
    /// The plugin or app is missing.
    ApiMissing = "connection.api_missing";
    /// The server sends us to another host.
    RedirectedElsewhere = "connection.redirected_elsewhere";
    /// The server sends us round in circles.
    RedirectLoop = "connection.redirect_loop";
    /// The version is not supported.
    VersionUnsupported = "connection.version_unsupported";
    /// A firewall turned us away.
    Firewall = "connection.firewall";
    /// Maintenance mode.
    Maintenance = "connection.maintenance";
    /// 5xx.
    ServerFailed = "connection.server_failed";
    /// 429.
    TooManyRequests = "connection.too_many_requests";
    /// Key or password refused.
    CredentialsRefused = "connection.credentials_refused";
    /// Key known, secret wrong.
    SecretWrong = "connection.secret_wrong";
    /// Two-step sign-in is on: only a key will do.
    TwoFactor = "connection.two_factor";
    /// The key has run out.
    KeyExpired = "connection.key_expired";
    /// Only the password can do this.
    PasswordNeeded = "connection.password_needed";
    /// The clocks are too far apart for signed requests.
    ClockOff = "connection.clock_off";
    /// Login locked for a while.
    LockedOut = "connection.locked_out";
    /// The key may not read.
    KeyMayNotRead = "connection.key_may_not_read";
    /// The key may not write.
    KeyMayNotWrite = "connection.key_may_not_write";
    /// The user lacks a right.
    UserLacksRight = "connection.user_lacks_right";
    /// No such database.
    DatabaseUnknown = "connection.database_unknown";
    /// The database must be named.
    DatabaseNeeded = "connection.database_needed";
    /// Record or route not there.
    NotFound = "server.not_found";
    /// Refused by the server.
    Invalid = "server.invalid";
    /// The answer could not be read.
    Unreadable = "server.unreadable";
    /// The answer ends in the middle.
    AnswerCut = "server.answer_cut";
    /// The answer was lost.
    AnswerLost = "server.answer_lost";
    /// Somebody else was first.
    Overtaken = "server.overtaken";
    /// What was typed cannot be used; `field` says which.
    BadInput = "input.invalid";
    /// A file that holds no table of the kind that is wanted; `file`.
    FileUnreadable = "input.file_unreadable";
    /// What was looked at is no longer what would be done; `count`.
    SetChanged = "review.set_changed";
    /// A file of this name is there already; `file`.
    FileExists = "input.file_exists";
    /// No connection of this name.
    ConnectionUnknown = "input.connection_unknown";
    /// A name that is taken.
    NameTaken = "input.name_taken";
    /// Stores still use this Odoo connection.
    StillBound = "input.still_bound";
    /// The store is not bound to an Odoo yet.
    StoreNotBound = "input.store_not_bound";
    /// Another store uses this Odoo connection for another company; `store`, `company`.
    CompanyTaken = "input.company_taken";
    /// Decisions name products of the Odoo that they were taken for; `count`.
    DecisionsAtStake = "input.decisions_at_stake";
    /// Behind the address is another shop or database than the one that was connected; `was`, `is`.
    AnotherShop = "connection.another_shop";
    /// The person said no on the shop's consent page.
    ConsentDenied = "consent.denied";
    /// Nobody answered on the shop's consent page in time.
    ConsentTimedOut = "consent.timed_out";
    /// No record of this id in the cache; `record`.
    RecordUnknown = "input.record_unknown";
    /// What names one order is the id of another, or two bear the number; `record`.
    OrderAmbiguous = "input.order_ambiguous";
    /// The keychain is not there.
    VaultUnavailable = "vault.unavailable";
    /// The keychain is locked.
    VaultLocked = "vault.locked";
    /// The secret is not in the keychain, or the keychain is locked.
    SecretMissing = "vault.secret_missing";
    /// Secrets come from the environment and cannot be changed here.
    VaultReadOnly = "vault.read_only";
    /// The keychain failed.
    VaultFailed = "vault.failed";
    /// The cache could not be read or written.
    StoreFailed = "cache.failed";
    /// The cache was made by a newer version.
    StoreNewer = "cache.newer_version";
    /// Odoo was not asked yet what the maps choose from; `store`.
    TermsUnknown = "import.terms_unknown";
    /// This Odoo, or this key, cannot sell.
    NoSales = "import.no_sales";
    /// The customers of this store cannot be reached; `name`.
    NoCustomers = "customers.not_offered";
    /// The store answered well, and did not keep what it was told of a customer.
    CustomerNotKept = "customers.not_kept";
    /// Odoo's total is not the store's; `difference`.
    TotalsDiffer = "import.totals_differ";
    /// The product of a line was deleted or archived in Odoo; `name`.
    ProductGone = "import.product_gone";
    /// A step was answered well, and did not have its effect; `step`.
    NoEffect = "import.no_effect";
    /// No failure: the invoice of the order `sale` waits for its delivery.
    NothingToInvoice = "import.nothing_to_invoice";
    /// Something holds the order back; its blockers say what.
    OrderHeldBack = "import.held_back";
    /// The order has no such document in Odoo.
    DocumentMissing = "import.no_document";
    /// Another process of this profile runs the jobs.
    EngineBusy = "engine.busy";
    /// A run for this store is at work already.
    RunBusy = "engine.run_busy";
    /// The run was cancelled.
    Cancelled = "engine.cancelled";
    /// A defect of Tandem itself.
    Internal = "internal";
}

impl From<Cause> for Code {
    fn from(cause: Cause) -> Self {
        let code = cause.code();
        Self::ALL
            .iter()
            .copied()
            .find(|own| own.as_str() == code)
            .unwrap_or(Self::Internal)
    }
}

/// The value of an error that names the connection which it is about.
pub(crate) const CONNECTION: &str = "connection";

/// What a person is told when something does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{}", code.as_str())]
pub struct AppError {
    /// Stable code.
    pub code: Code,
    /// Values for its sentences: host, status, field.
    pub params: Params,
    /// The server's or system's own words, for support. Never a secret.
    pub details: String,
    /// Whether trying again, unchanged, can help.
    pub retryable: bool,
}

impl AppError {
    /// An error of this code.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            params: Params::new(),
            details: String::new(),
            retryable: false,
        }
    }

    /// Adds a value for its sentences.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds words for support.
    #[must_use]
    pub fn details(mut self, words: impl std::fmt::Display) -> Self {
        self.details = words.to_string();
        self
    }

    /// An error about a field that was typed.
    pub fn bad_input(field: &str, value: impl std::fmt::Display) -> Self {
        Self::new(Code::BadInput)
            .with("field", field)
            .with("value", value)
    }
}

impl From<Failure> for AppError {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.cause.into(),
            params: failure.context.into_iter().collect(),
            details: failure.detail,
            retryable: matches!(
                failure.cause.kind(),
                Kind::Unreachable | Kind::Throttled | Kind::Unavailable | Kind::UnknownOutcome
            ),
        }
    }
}

impl From<tandem_contract::Error> for AppError {
    fn from(error: tandem_contract::Error) -> Self {
        Failure::from(error).into()
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::EngineRunning { .. } => Code::EngineBusy,
            StoreError::Newer { .. } => Code::StoreNewer,
            StoreError::UnknownConnection(_) => Code::ConnectionUnknown,
            StoreError::StillBound { .. } => Code::StillBound,
            StoreError::SweepOver { .. } => Code::RunBusy,
            StoreError::Older { .. }
            | StoreError::Damaged { .. }
            | StoreError::Busy { .. }
            | StoreError::Database { .. }
            | StoreError::File { .. }
            | StoreError::Unstorable { .. } => Code::StoreFailed,
        };
        let told = Self {
            retryable: matches!(
                error,
                StoreError::Busy { .. } | StoreError::EngineRunning { .. }
            ),
            ..Self::new(code).details(&error)
        };
        match error {
            StoreError::UnknownConnection(slug) => told.with("name", slug),
            StoreError::StillBound { stores, .. } => {
                let names: Vec<_> = stores.iter().map(Slug::as_str).collect();
                told.with("stores", names.join(", "))
            }
            _ => told,
        }
    }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        let code = match &error {
            VaultError::Unavailable { .. } => Code::VaultUnavailable,
            VaultError::Locked { .. } => Code::VaultLocked,
            VaultError::ReadOnly => Code::VaultReadOnly,
            VaultError::BadVariable { .. } => Code::BadInput,
            VaultError::Other { .. } => Code::VaultFailed,
        };
        let told = Self {
            retryable: error.may_pass(),
            ..Self::new(code).details(&error)
        };
        match error {
            VaultError::BadVariable { variable, .. } => {
                told.with("field", variable).with("value", "••••••")
            }
            _ => told,
        }
    }
}

impl From<FetchStopped> for AppError {
    fn from(stopped: FetchStopped) -> Self {
        match stopped {
            FetchStopped::Cancelled => Self::new(Code::Cancelled),
            FetchStopped::Source(error) => error.into(),
            FetchStopped::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use tandem_contract::Cause;

    #[test]
    fn every_cause_of_a_connector_has_a_code_of_its_own() {
        for cause in Cause::ALL {
            assert_eq!(Code::from(*cause).as_str(), cause.code());
        }
    }
}
