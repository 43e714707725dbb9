//! A transport that calls a router in this process: simulations need no sockets.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use tower::ServiceExt as _;

use super::{Fingerprint, Request, Response, Transport, TransportError};

/// Calls a `tower` service (an axum router) as if it were the server at every address.
#[derive(Clone)]
pub struct InProcess<S>(S);

impl<S> InProcess<S> {
    /// Wraps a router.
    pub fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S> fmt::Debug for InProcess<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

#[async_trait]
impl<S, B> Transport for InProcess<S>
where
    S: tower::Service<::http::Request<Full<Bytes>>, Response = ::http::Response<B>>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Error: fmt::Display,
    S::Future: Send,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: fmt::Display,
{
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let lost = |why: String| TransportError::AnswerLost(why);
        let mut call = ::http::Request::builder()
            .method(request.method.clone())
            .uri(request.url.as_str())
            .body(Full::new(request.body.clone()))
            .map_err(|error| lost(error.to_string()))?;
        *call.headers_mut() = request.headers.clone();
        let answer = self
            .0
            .clone()
            .oneshot(call)
            .await
            .map_err(|error| lost(error.to_string()))?;
        let (head, body) = answer.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| lost(error.to_string()))?
            .to_bytes();
        Ok(Response {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
            url: request.url.clone(),
        })
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
