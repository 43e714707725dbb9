//! A way to a server on which anything may happen, and at which a machine can die.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use axum::http::{HeaderValue, Method, header};
use bytes::Bytes;
use serde_json::Value;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};
use tandem_domain::{Clock, ManualClock, Timestamp};
use tandem_sandbox::SharedWorld;
use tokio::sync::Notify;

use super::dice::Dice;
use super::people::{Deed, People};

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The line breaks before the work is done.
    LostBefore,
    /// The work is done, and the answer is lost.
    LostAfter,
    /// The answer breaks off half-way.
    Cut,
    /// Too many requests; nothing was done.
    Throttled,
    /// A proxy's page instead of the server.
    HtmlBefore,
    /// A proxy's page, although the work was done.
    HtmlAfter,
    /// The next `load` loses a race against another transaction.
    Overtaken,
    /// The session that the request brings is over.
    Expired,
    /// A page of the list is the one that came before.
    Repeated,
    /// A page of the list comes in another order.
    Reordered,
    /// Somebody was at work in Odoo a moment ago.
    Person(Deed),
    /// The machine dies before the request goes out.
    DieBefore,
    /// The machine dies before the answer arrives.
    DieAfter,
}

impl Fate {
    /// What may happen to any request.
    pub(super) const OF_REQUESTS: [Self; 10] = [
        Self::LostBefore,
        Self::LostAfter,
        Self::Cut,
        Self::Throttled,
        Self::HtmlBefore,
        Self::HtmlAfter,
        Self::Overtaken,
        Self::Expired,
        Self::DieBefore,
        Self::DieAfter,
    ];

    /// What may happen to a page of orders.
    const OF_PAGES: [Self; 2] = [Self::Repeated, Self::Reordered];
}

/// When something happens.
#[derive(Debug, Clone)]
pub(super) enum Weather {
    /// Never.
    Calm,
    /// At one request, by its number.
    Once(u32, Fate),
    /// About once in so many requests, as the dice fall.
    Rough(Dice, u64),
}

/// What one machine meets on its ways to both servers, and whether it lives.
#[derive(Debug)]
pub(super) struct Sky {
    state: Mutex<State>,
    died: Notify,
}

#[derive(Debug)]
struct State {
    weather: Weather,
    requests: u32,
    dead: bool,
    /// The page of orders that came last.
    page: Option<Response>,
}

impl Sky {
    /// A sky of this weather.
    pub(super) fn new(weather: Weather) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                weather,
                requests: 0,
                dead: false,
                page: None,
            }),
            died: Notify::new(),
        })
    }

    /// Comes true when the machine dies.
    pub(super) async fn died(&self) {
        self.died.notified().await;
    }

    /// Requests so far.
    pub(super) fn requests(&self) -> u32 {
        self.state().requests
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock can panic")
    }

    /// What happens to the next request, of which this may be one for a page of orders.
    fn fate(&self, of_page: bool) -> Option<Fate> {
        let mut state = self.state();
        if state.dead {
            return Some(Fate::DieBefore);
        }
        state.requests += 1;
        let request = state.requests;
        match &mut state.weather {
            Weather::Calm => None,
            Weather::Once(at, fate) => (*at == request).then_some(*fate),
            Weather::Rough(dice, times) => {
                if of_page && dice.one_in(4) {
                    return Some(*dice.pick(&Fate::OF_PAGES));
                }
                let hit = dice.one_in(*times);
                hit.then(|| match dice.below(14) {
                    0..4 => Fate::Person(Deed::any(dice)),
                    _ => *dice.pick(&Fate::OF_REQUESTS),
                })
            }
        }
    }

    async fn die(&self) -> Response {
        self.state().dead = true;
        self.died.notify_one();
        std::future::pending().await
    }
}

/// A way under a sky.
pub(super) struct Chaos {
    /// Where it leads.
    pub(super) way: Arc<dyn Transport>,
    /// What happens on it.
    pub(super) sky: Arc<Sky>,
    /// The people at Odoo.
    pub(super) people: Arc<People>,
    /// What is true there.
    pub(super) world: SharedWorld,
    /// The servers' clock, which moves with every request.
    pub(super) clock: Arc<ManualClock>,
}

impl fmt::Debug for Chaos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chaos")
    }
}

#[async_trait]
impl Transport for Chaos {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        // Another order, or another machine, may come first.
        tokio::task::yield_now().await;
        self.clock.advance_seconds(1);
        let of_page = request.method == Method::GET && request.url.path().ends_with("/orders");
        let Some(fate) = self.sky.fate(of_page) else {
            return self.answer(request, of_page).await;
        };
        let lost = || TransportError::AnswerLost("the line broke".to_owned());
        match fate {
            Fate::LostBefore => Err(lost()),
            Fate::LostAfter => {
                self.answer(request, of_page).await?;
                Err(lost())
            }
            Fate::Cut => {
                let mut answer = self.answer(request, of_page).await?;
                answer.body = answer.body.slice(..answer.body.len() / 2);
                Ok(answer)
            }
            Fate::Throttled => Ok(page(request, 429)),
            Fate::HtmlBefore => Ok(page(request, 200)),
            Fate::HtmlAfter => {
                self.answer(request, of_page).await?;
                Ok(page(request, 502))
            }
            Fate::Overtaken => {
                self.world.lock().erp.sales.races_lost = 1;
                self.answer(request, of_page).await
            }
            Fate::Expired => {
                let mut request = request.clone();
                request.headers.remove(header::COOKIE);
                self.answer(&request, of_page).await
            }
            Fate::Repeated => match self.last_page() {
                Some(page) => Ok(page),
                None => self.answer(request, of_page).await,
            },
            Fate::Reordered => Ok(reordered(self.answer(request, of_page).await?)),
            Fate::Person(deed) => {
                self.people.act(deed).await;
                self.answer(request, of_page).await
            }
            Fate::DieBefore => Ok(self.sky.die().await),
            Fate::DieAfter => {
                self.answer(request, of_page).await?;
                Ok(self.sky.die().await)
            }
        }
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}

impl Chaos {
    async fn answer(&self, request: &Request, of_page: bool) -> Result<Response, TransportError> {
        let answer = self.way.send(request).await?;
        if of_page {
            self.sky.state().page = Some(answer.clone());
        }
        Ok(answer)
    }

    fn last_page(&self) -> Option<Response> {
        self.sky.state().page.clone()
    }
}

fn reordered(mut answer: Response) -> Response {
    if let Ok(Value::Array(mut rows)) = serde_json::from_slice(&answer.body) {
        rows.reverse();
        answer.body = Bytes::from(Value::Array(rows).to_string());
        answer.headers.remove(header::CONTENT_LENGTH);
    }
    answer
}

fn page(request: &Request, status: u16) -> Response {
    let kind = HeaderValue::from_static("text/html");
    Response {
        status,
        headers: [(header::CONTENT_TYPE, kind)].into_iter().collect(),
        body: Bytes::from_static(b"<html><body><h1>Please wait</h1></body></html>"),
        url: request.url.clone(),
    }
}

/// A machine's clock: off by some seconds, and mortal if it is told so.
#[derive(Debug)]
pub(super) struct MachineClock {
    /// The true time.
    pub(super) truth: Arc<ManualClock>,
    /// How far it is off.
    pub(super) off_s: i64,
    /// The machine dies when it is asked this many times; zero is never.
    pub(super) dies_at: u32,
    asked: AtomicU32,
}

/// What a dead machine leaves behind.
#[derive(Debug)]
pub(super) struct Died;

impl MachineClock {
    /// A clock that is off, and at which the machine may die.
    pub(super) fn new(truth: Arc<ManualClock>, off_s: i64, dies_at: u32) -> Self {
        Self {
            truth,
            off_s,
            dies_at,
            asked: AtomicU32::new(0),
        }
    }

    /// How many times it was asked.
    pub(super) fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Clock for MachineClock {
    /// Before everything that is written down the time is asked for: that is where a machine
    /// dies between two lines of its journal.
    fn now(&self) -> Timestamp {
        if self.asked.fetch_add(1, Ordering::Relaxed) + 1 == self.dies_at {
            resume_unwind(Box::new(Died));
        }
        self.truth.now() + jiff::SignedDuration::from_secs(self.off_s)
    }
}
