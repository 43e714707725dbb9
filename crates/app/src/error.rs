//! The one error that doors see: a stable code, the values for its sentence, details for support.

use serde::{Deserialize, Serialize};
use specta::Type;
use tandem_contract::Cause;

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
    /// Something else answers there.
    NotTheProduct = "connection.not_the_product";
    /// A web page instead of data.
    HtmlInstead = "connection.html_instead";
    /// The plugin or app is missing.
    ApiMissing = "connection.api_missing";
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
    /// The answer was lost.
    AnswerLost = "server.answer_lost";
    /// What was typed cannot be used; `field` says which.
    BadInput = "input.invalid";
    /// No connection of this name.
    ConnectionUnknown = "input.connection_unknown";
    /// A name that is taken.
    NameTaken = "input.name_taken";
    /// The store is not bound to an Odoo yet.
    StoreNotBound = "input.store_not_bound";
    /// No record of this id in the cache.
    RecordUnknown = "input.record_unknown";
    /// The keychain is not there.
    VaultUnavailable = "vault.unavailable";
    /// The keychain is locked.
    VaultLocked = "vault.locked";
    /// The secret is not in the keychain, or the keychain is locked.
    SecretMissing = "vault.secret_missing";
    /// The keychain failed.
    VaultFailed = "vault.failed";
    /// The cache could not be read or written.
    StoreFailed = "cache.failed";
    /// The cache was made by a newer version.
    StoreNewer = "cache.newer_version";
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
        Self::ALL.iter().copied().find(|own| own.as_str() == code).unwrap_or(Self::Internal)
    }
}

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
