//! HTTP as connectors see it: a request goes in, an answer or a typed failure comes out.

mod certificate;
mod in_process;
mod network;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderMap, Method};
use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use url::Url;

use crate::{Cause, Error};
use tandem_domain::Timestamp;

pub use certificate::{Fingerprint, FingerprintError, Untrusted};
pub use in_process::InProcess;
pub use network::Network;

/// How long an answer may take, unless the caller knows better.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// One request. Its `Debug` shows no header value marked sensitive and no query string.
#[derive(Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Full address.
    pub url: Url,
    /// Headers; mark the secret ones `set_sensitive(true)`.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// How long the answer may take.
    pub timeout: Duration,
    /// Where redirects may lead.
    pub redirects: Redirects,
}

/// Where redirects of a request may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// Wherever the server says: what is secret stays behind.
    Anywhere,
    /// To the same host and its `www.` twin; any other redirect is the answer. For a secret in the
    /// address, which servers repeat where they lead to, and for addresses that are judged one by
    /// one.
    SameSite,
}

impl Request {
    /// A request that accepts JSON.
    pub fn new(method: Method, url: Url) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            ::http::header::ACCEPT,
            ::http::HeaderValue::from_static("application/json"),
        );
        Self {
            method,
            url,
            headers,
            body: Bytes::new(),
            timeout: TIMEOUT,
            redirects: Redirects::Anywhere,
        }
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        let json = ::http::HeaderValue::from_static("application/json");
        self.headers.insert(::http::header::CONTENT_TYPE, json);
        self.body = Bytes::from(body.to_string());
        self
    }

    /// What it is, without anything secret: `GET /wp-json/wc/v3/products`.
    pub fn operation(&self) -> String {
        format!("{} {}", self.method, self.url.path())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation())
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// One answer, whatever its status. Never larger than [`Network::BODY_BYTES_MAX`].
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, decompressed.
    pub body: Bytes,
    /// Where the answer came from after redirects.
    pub url: Url,
}

impl Response {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text, broken characters replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether the server says that this is JSON.
    pub fn is_json(&self) -> bool {
        self.header("content-type")
            .is_some_and(|kind| kind.contains("json"))
    }

    /// The server's clock, from its `Date` header.
    pub fn server_time(&self) -> Option<Timestamp> {
        let date = self.header("date")?;
        jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(date)
            .ok()
    }

    /// Where the answer sends whoever asked, if it is a redirect that was not followed.
    pub fn redirected_to(&self) -> Option<Url> {
        let location = self.header("location")?;
        (300..400)
            .contains(&self.status)
            .then(|| self.url.join(location).ok())?
    }

    /// Seconds the server asked us to wait. Dates in `Retry-After` are ignored.
    pub fn retry_after(&self) -> Option<u32> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TransportError {
    /// The name does not resolve.
    #[error("the server's name is not known")]
    HostUnknown,
    /// Nothing listens there.
    #[error("nothing listens on this port")]
    PortClosed,
    /// No connection in time; nothing was sent.
    #[error("no connection in time")]
    NoConnection,
    /// TLS failed.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// The server's certificate was not accepted, and nothing was sent.
    #[error("{0}")]
    Certificate(Untrusted),
    /// Something answers, but not TLS.
    #[error("TLS is not spoken there")]
    NotTls,
    /// The server sends us round in circles.
    #[error("more than {} redirects", Network::REDIRECTS_MAX)]
    RedirectLoop,
    /// The line broke after the request may have been sent.
    #[error("the answer was lost: {0}")]
    AnswerLost(String),
    /// The time ran out after the request may have been sent.
    #[error("no answer in time")]
    TimedOut,
    /// The answer is larger than we take.
    #[error("the answer is larger than {} MB", Network::BODY_BYTES_MAX / 1_000_000)]
    TooLarge,
}

impl TransportError {
    /// As a connector's error. Reading again is harmless, so a lost answer to a read may be
    /// asked for again; one to a write is looked into first.
    pub fn into_error(self, request: &Request) -> Error {
        let cause = match &self {
            Self::HostUnknown => Cause::HostUnknown,
            Self::PortClosed => Cause::PortClosed,
            Self::NoConnection => Cause::NoAnswer,
            Self::Tls(_) => Cause::Tls,
            Self::Certificate(untrusted) => untrusted.cause(),
            Self::NotTls => Cause::TlsNotSpoken,
            Self::RedirectLoop => Cause::RedirectLoop,
            Self::AnswerLost(_) | Self::TimedOut => Cause::AnswerLost,
            Self::TooLarge => Cause::Unreadable,
        };
        let error = Error::new(cause, request.operation())
            .with("host", request.url.host_str().unwrap_or_default())
            .detail(&self.to_string());
        match self {
            Self::TimedOut => error.with("timed_out", true),
            Self::Certificate(untrusted) => error.with("fingerprint", untrusted.fingerprint),
            _ => error,
        }
    }
}

/// Sends requests. The network in the product, the stand-ins' routers in simulations.
#[async_trait]
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and waits for its answer; never repeats it.
    async fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// The same way out, on which one more certificate is good: the one that a person looked at
    /// and trusted. Where nothing is encrypted, the way as it is.
    fn trusting(self: Arc<Self>, certificate: Fingerprint) -> Arc<dyn Transport>;
}
