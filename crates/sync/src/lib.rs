//! The engine's fetch side: reads a source to its end into the cache, whatever happens between.
//!
//! Knows connectors only through `tandem-contract` and names none. Owns retries, because a
//! connector must not, the pace at which a server is read, and cancellation.

mod ahead;
mod fetch;
pub mod import;
mod pace;
mod patience;
mod progress;
mod stream;
mod sweep;

pub use fetch::{FetchDone, FetchStopped, Fetching, fetch};
pub use pace::{Pace, Tempo};
pub use patience::{Offline, Patience};
pub use progress::{Gauge, Progress};
pub use stream::Streamed;
