//! The way to an Odoo that takes its time, as much of it as a real one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};
use tokio::sync::Semaphore;

/// Calls that Odoo works at, at the same time; the others wait.
const PROCESSORS: usize = 2;
const CREATION: Duration = Duration::from_millis(140);
const CALL: Duration = Duration::from_millis(18);
const ROW: Duration = Duration::from_micros(100);
/// The shop answers everybody at once.
const SHOP_CALL: Duration = Duration::from_millis(50);

/// Answers when a real server would have, whatever the caller does meanwhile; what the stand-in
/// itself takes counts.
#[derive(Debug)]
pub(crate) struct Paced {
    way: Arc<dyn Transport>,
    slow: AtomicBool,
    processors: Arc<Semaphore>,
}

impl Paced {
    /// Before this way; at first as fast as that is.
    pub(crate) fn before(way: Arc<dyn Transport>) -> Arc<Self> {
        Arc::new(Self {
            way,
            slow: AtomicBool::new(false),
            processors: Arc::new(Semaphore::new(PROCESSORS)),
        })
    }

    /// Takes its time from now on, or does not.
    pub(crate) fn switch(&self, paced: bool) {
        self.slow.store(paced, Ordering::Relaxed);
    }
}

/// Whether a request makes an order.
pub(crate) fn is_creation(request: &Request) -> bool {
    let body = String::from_utf8_lossy(&request.body);
    body.contains("order_line/") && body.contains(".order_")
}

fn is_shop(request: &Request) -> bool {
    request.url.path().contains("wp-json")
}

fn cost(request: &Request, answer: &Response) -> Duration {
    if is_shop(request) {
        return SHOP_CALL;
    }
    if is_creation(request) {
        return CREATION;
    }
    let rows = answer.body.windows(5).filter(|part| *part == b"\"id\":");
    CALL + ROW * u32::try_from(rows.count()).unwrap_or(u32::MAX)
}

#[async_trait]
impl Transport for Paced {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        if !self.slow.load(Ordering::Relaxed) {
            return self.way.send(request).await;
        }
        let (way, request) = (Arc::clone(&self.way), request.clone());
        let processors = Arc::clone(&self.processors);
        let work = tokio::spawn(async move {
            let busy = if is_shop(&request) {
                None
            } else {
                processors.acquire_owned().await.ok()
            };
            let began = Instant::now();
            let answer = way.send(&request).await?;
            let due = cost(&request, &answer);
            tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
            drop(busy);
            Ok(answer)
        });
        work.await.expect("it does not panic")
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}
