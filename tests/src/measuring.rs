//! What programs that measure have in common: requests counted, processor time read.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};

/// Processor time of this process, user and system, in ticks of a hundredth of a second.
pub fn cpu_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) * 10)
}

/// Counts requests, and remembers them to be made again.
#[derive(Debug)]
pub struct Counting {
    inner: Arc<dyn Transport>,
    requests: Mutex<Vec<Request>>,
}

impl Counting {
    fn held(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().expect("no holder panics")
    }

    /// Before this way.
    pub fn before(inner: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            requests: Mutex::default(),
        })
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.held().len()
    }

    /// All of them, in the order in which they went out.
    pub fn requests(&self) -> Vec<Request> {
        self.held().clone()
    }
}

#[async_trait]
impl Transport for Counting {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.held().push(request.clone());
        self.inner.send(request).await
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
