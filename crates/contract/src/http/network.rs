//! The real network: rustls, an honest User-Agent, bounded time, size and redirects.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::certificate::{Untrusted, tls};
use super::{Fingerprint, Redirects, Request, Response, Transport, TransportError};

/// HTTP over the network.
#[derive(Debug, Clone)]
pub struct Network {
    anywhere: reqwest::Client,
    same_site: reqwest::Client,
    version: String,
}

impl Network {
    /// Larger answers are refused, so that a wrong address cannot fill the memory.
    pub const BODY_BYTES_MAX: usize = 64_000_000;
    const CONNECT_SECONDS_MAX: u64 = 15;
    /// Longer chains of redirects are taken for a circle.
    pub const REDIRECTS_MAX: usize = 5;

    /// A client that names itself: firewalls turn nameless programs away.
    pub fn new(version: &str) -> Result<Self, TransportError> {
        Self::with(version, None)
    }

    fn with(version: &str, trusted: Option<Fingerprint>) -> Result<Self, TransportError> {
        let tls = tls(trusted).map_err(|error| TransportError::Tls(error.to_string()))?;
        let client = |redirects| {
            reqwest::Client::builder()
                .user_agent(format!(
                    "Tandem/{version} (desktop companion for Odoo and online stores)"
                ))
                .connect_timeout(Duration::from_secs(Self::CONNECT_SECONDS_MAX))
                .redirect(redirects)
                .tls_backend_preconfigured(tls.clone())
                .build()
                .map_err(|error| TransportError::Tls(error.to_string()))
        };
        Ok(Self {
            anywhere: client(reqwest::redirect::Policy::custom(follow))?,
            same_site: client(reqwest::redirect::Policy::custom(follow_on_site))?,
            version: version.to_owned(),
        })
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let client = match request.redirects {
            Redirects::Anywhere => &self.anywhere,
            Redirects::SameSite => &self.same_site,
        };
        let sent = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .timeout(request.timeout)
            .send()
            .await
            .map_err(|error| classify(&error))?;
        let (status, url) = (sent.status().as_u16(), sent.url().clone());
        let headers = sent.headers().clone();
        let body = bounded_body(sent).await?;
        Ok(Response {
            status,
            headers,
            body,
            url,
        })
    }

    fn trusting(self: Arc<Self>, certificate: Fingerprint) -> Arc<dyn Transport> {
        match Self::with(&self.version, Some(certificate)) {
            Ok(trusting) => Arc::new(trusting),
            // What could be built once can be built again; if not, the stricter way is the safe one.
            Err(_) => self,
        }
    }
}

/// Follows redirects, but carries a body nowhere else: 307 and 308 repeat it, and Odoo's password
/// is in it. The other statuses turn a POST into a GET, and credentials in headers are left behind
/// by the client itself when the host changes.
fn follow(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > Network::REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    let repeats_body = matches!(attempt.status().as_u16(), 307 | 308);
    if repeats_body && !stays(&attempt) {
        attempt.stop()
    } else {
        attempt.follow()
    }
}

/// Follows redirects within a site. The first that leaves it is the answer.
fn follow_on_site(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > Network::REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    if stays(&attempt) {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn stays(attempt: &reqwest::redirect::Attempt<'_>) -> bool {
    let from = attempt.previous().last();
    from.is_some_and(|from| is_same_site(from, attempt.url()))
}

/// The same host, with or without `www.`, and never from https to http.
fn is_same_site(from: &url::Url, to: &url::Url) -> bool {
    let bare = |url: &url::Url| {
        let host = url.host_str()?.trim_start_matches("www.").to_owned();
        Some((host, url.port()))
    };
    let secure = from.scheme() != "https" || to.scheme() == "https";
    secure && bare(from).is_some() && bare(from) == bare(to)
}

async fn bounded_body(mut sent: reqwest::Response) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = sent.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > Network::BODY_BYTES_MAX {
            return Err(TransportError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// reqwest keeps the cause of a failed connection as nested errors. What rustls says is found by
/// its type; the resolver's and the system's words are read here and nowhere else.
fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_redirect() {
        return TransportError::RedirectLoop;
    }
    let causes = causes(error);
    if let Some(tls) = causes.iter().find_map(|cause| tls_error(*cause)) {
        return refused_by_tls(tls);
    }
    let words: Vec<String> = causes.iter().map(ToString::to_string).collect();
    let words = words.join("; ");
    if !error.is_connect() {
        return if error.is_timeout() {
            TransportError::TimedOut
        } else {
            TransportError::AnswerLost(words)
        };
    }
    let lower = words.to_lowercase();
    if lower.contains("dns") || lower.contains("lookup") || lower.contains("resolve") {
        TransportError::HostUnknown
    } else if lower.contains("refused") {
        TransportError::PortClosed
    } else if lower.contains("handshake eof") {
        // Plain servers hang up on the first bytes of TLS.
        TransportError::NotTls
    } else {
        TransportError::NoConnection
    }
}

/// The errors behind an error, outermost first, those wrapped into I/O errors included.
fn causes(error: &reqwest::Error) -> Vec<&(dyn StdError + 'static)> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        };
    }
    causes
}

fn tls_error<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    cause.downcast_ref::<rustls::Error>()
}

fn refused_by_tls(error: &rustls::Error) -> TransportError {
    match error {
        rustls::Error::Other(other) => match other.0.downcast_ref::<Untrusted>() {
            Some(untrusted) => TransportError::Certificate(untrusted.clone()),
            None => TransportError::Tls(error.to_string()),
        },
        rustls::Error::InvalidMessage(_) => TransportError::NotTls,
        other => TransportError::Tls(other.to_string()),
    }
}
