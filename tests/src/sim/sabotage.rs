//! Ways to break the protocol on purpose: a simulation that does not notice proves nothing.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sabotage {
    /// Every creation of an order bears another reference, as if there were none.
    FreshReferences,
    /// A creation that is sent again writes over what is there.
    WritesOver,
}

impl Sabotage {
    pub(super) fn on(self, way: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Broken {
            way,
            sabotage: self,
            sent: AtomicU32::new(0),
        })
    }
}

struct Broken {
    way: Arc<dyn Transport>,
    sabotage: Sabotage,
    sent: AtomicU32,
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Broken by {:?}", self.sabotage)
    }
}

#[async_trait]
impl Transport for Broken {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let body = String::from_utf8_lossy(&request.body);
        if !(body.contains("\"load\"") && body.contains("order_line")) {
            return self.way.send(request).await;
        }
        let sent = self.sent.fetch_add(1, Ordering::Relaxed);
        let body = match self.sabotage {
            Sabotage::FreshReferences => body.replace(".order_", &format!(".order_{sent}x")),
            Sabotage::WritesOver => body.replace("\"mode\":\"update\"", "\"mode\":\"init\""),
        };
        let request = Request {
            body: Bytes::from(body),
            ..request.clone()
        };
        self.way.send(&request).await
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
