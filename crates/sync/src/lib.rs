//! The engine's fetch side: reads a source to its end into the cache, whatever happens between.
//!
//! Knows connectors only through `tandem-contract` and names none. Owns retries, because a
//! connector must not, and cancellation.

mod fetch;
mod patience;
mod stream;

pub use fetch::{FetchDone, FetchStopped, Fetching, Progress, fetch};
pub use patience::Patience;
pub use stream::Streamed;
