//! Recorded answers of real servers: the stand-in must give the same shapes, by value where the
//! world is the same, and the connector must read each of them for what it means.

#[expect(dead_code, reason = "each test binary needs a part of it")]
mod common;

#[path = "recorded/doors.rs"]
mod doors;
#[path = "recorded/meaning.rs"]
mod meaning;
#[path = "recorded/selling.rs"]
mod selling;
#[path = "recorded/shape.rs"]
mod shape;

/// A recorded exchange.
macro_rules! recorded {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!($name, ".json")))
            .expect("recorded JSON")
    };
}
pub(crate) use recorded;
