//! The one error of every connector: what happened, and whether trying again can help.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a connector's calls return.
pub type Result<T> = std::result::Result<T, Error>;

/// The ten kinds that decide what the engine does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nobody answered.
    Unreachable,
    /// Somebody answered whose identity could not be proved.
    Insecure,
    /// Somebody answered, but not the product.
    WrongAddress,
    /// The key, password or login is not accepted.
    Credentials,
    /// Accepted, but not allowed to do this.
    Rights,
    /// Too many requests.
    Throttled,
    /// There, but not working now.
    Unavailable,
    /// The server understood and said no.
    Refused,
    /// The answer makes no sense.
    Malformed,
    /// The request may or may not have been carried out.
    UnknownOutcome,
}

/// Whether, and how, the same call may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how", content = "seconds")]
pub enum Retry {
    /// A person has to change something first. Never repeated: failed logins lock accounts.
    Never,
    /// After this many seconds (what the server asked for, or 0 for "as you see fit").
    Later(u32),
    /// Only after reading what is there: the work may be done.
    AfterLooking,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $kind:ident;)+) => {
        /// What exactly went wrong, as far as it can be told. Each has a stable code, and under
        /// `error.<code>` the word catalogue has its sentence and its next step.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl Cause {
            /// All of them, for the test that every code has words in every language.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable code that people quote to support.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The kind it belongs to.
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }
        }
    };
}

causes! {
    /// No server has this name.
    HostUnknown = "connection.host_unknown", Unreachable;
    /// The server is there; nothing listens on this port.
    PortClosed = "connection.port_closed", Unreachable;
    /// No answer within the time allowed, before anything was sent.
    NoAnswer = "connection.no_answer", Unreachable;
    /// A secure connection could not be made, for a reason that has no code of its own.
    Tls = "connection.tls", Insecure;
    /// No authority that this computer knows vouches for the certificate.
    CertificateUntrusted = "connection.certificate_untrusted", Insecure;
    /// The certificate has run out, or is not valid yet by this computer's clock.
    CertificateExpired = "connection.certificate_expired", Insecure;
    /// The certificate is for another name.
    CertificateOtherName = "connection.certificate_other_name", Insecure;
    /// Something answers there, but not TLS: most often plain HTTP.
    TlsNotSpoken = "connection.tls_not_spoken", Insecure;
    /// The address leads to something else, or to the right server's wrong folder.
    NotTheProduct = "connection.not_the_product", WrongAddress;
    /// A web page came where data should be (plain permalinks, a login page, a proxy's page).
    HtmlInstead = "connection.html_instead", WrongAddress;
    /// The plugin or app that answers these calls is not installed or not active.
    ApiMissing = "connection.api_missing", WrongAddress;
    /// The server sends us to another host, which nobody named and no key may be sent to.
    RedirectedElsewhere = "connection.redirected_elsewhere", WrongAddress;
    /// The server sends us round in circles.
    RedirectLoop = "connection.redirect_loop", WrongAddress;
    /// This version is not supported.
    VersionUnsupported = "connection.version_unsupported", WrongAddress;
    /// A firewall (Cloudflare, `ModSecurity`, a security plugin) turned the program away.
    Firewall = "connection.firewall", Rights;
    /// Maintenance mode.
    Maintenance = "connection.maintenance", Unavailable;
    /// 5xx from the server or what stands before it.
    ServerFailed = "connection.server_failed", Unavailable;
    /// 429.
    TooManyRequests = "connection.too_many_requests", Throttled;
    /// Not accepted: unknown key, wrong password, or the header was stripped on the way.
    CredentialsRefused = "connection.credentials_refused", Credentials;
    /// The key is known, its secret is wrong.
    SecretWrong = "connection.secret_wrong", Credentials;
    /// The password is right, but the user signs in in two steps: only a key will do.
    TwoFactor = "connection.two_factor", Credentials;
    /// The key has run out.
    KeyExpired = "connection.key_expired", Credentials;
    /// Only the user's password can do this, not a key.
    PasswordNeeded = "connection.password_needed", Credentials;
    /// Signed requests are refused because the two clocks are too far apart.
    ClockOff = "connection.clock_off", Credentials;
    /// Too many failed logins: the server refuses everybody for a while.
    LockedOut = "connection.locked_out", Credentials;
    /// The key may not read.
    KeyMayNotRead = "connection.key_may_not_read", Rights;
    /// The key may read, but not write.
    KeyMayNotWrite = "connection.key_may_not_write", Rights;
    /// The user behind the key lacks a right.
    UserLacksRight = "connection.user_lacks_right", Rights;
    /// Odoo has no database of this name.
    DatabaseUnknown = "connection.database_unknown", WrongAddress;
    /// Odoo has several databases, or hides them, and none was named.
    DatabaseNeeded = "connection.database_needed", WrongAddress;
    /// The record or route is not there.
    NotFound = "server.not_found", Refused;
    /// The server checked the data and refused it.
    Invalid = "server.invalid", Refused;
    /// The answer could not be read.
    Unreadable = "server.unreadable", Malformed;
    /// The answer ends in the middle of a value.
    AnswerCut = "server.answer_cut", UnknownOutcome;
    /// Somebody else wrote the same at the same moment, and was first.
    Overtaken = "server.overtaken", UnknownOutcome;
    /// The line broke after the request was sent.
    AnswerLost = "server.answer_lost", UnknownOutcome;
}

/// A failed call of a connector. Carries no secret: `detail` is cut and scrubbed by the client.
#[derive(Debug, Clone, thiserror::Error)]
pub struct Error {
    /// What went wrong.
    pub cause: Cause,
    /// Whether trying again can help.
    pub retry: Retry,
    /// What was being done, in the vendor's words: `GET /products`.
    pub operation: String,
    /// What else a person needs to act: status, record, field.
    pub context: Vec<(String, String)>,
    /// The server's own words, cut, for support.
    pub detail: String,
}

impl Error {
    /// An error with the retry that its kind calls for.
    pub fn new(cause: Cause, operation: impl Into<String>) -> Self {
        let retry = match cause.kind() {
            Kind::Unreachable | Kind::Throttled | Kind::Unavailable => Retry::Later(0),
            Kind::UnknownOutcome => Retry::AfterLooking,
            Kind::Insecure
            | Kind::WrongAddress
            | Kind::Credentials
            | Kind::Rights
            | Kind::Refused
            | Kind::Malformed => Retry::Never,
        };
        Self {
            cause,
            retry,
            operation: operation.into(),
            context: Vec::new(),
            detail: String::new(),
        }
    }

    /// Adds a fact that a person needs to act on it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.context.push((name.to_owned(), format!("{value}")));
        self
    }

    /// Adds the server's own words, cut to what support needs.
    #[must_use]
    pub fn detail(mut self, text: &str) -> Self {
        self.detail = text.chars().take(400).collect();
        self
    }

    /// Sets when to try again, as the server asked.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry = Retry::Later(seconds);
        self
    }

    /// For the first question of a test, which changes nothing: a port that cuts the line off
    /// speaks something else (a database, a mail server). A lost answer after waiting stays one.
    #[must_use]
    pub fn as_first_contact(self) -> Self {
        let cut_off = self.cause == Cause::AnswerLost
            && !self.context.iter().any(|(name, _)| name == "timed_out");
        if cut_off {
            Self {
                cause: Cause::NotTheProduct,
                retry: Retry::Never,
                ..self
            }
        } else {
            self
        }
    }

    /// The kind of the cause.
    pub fn kind(&self) -> Kind {
        self.cause.kind()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} during {}", self.cause.code(), self.operation)
    }
}
