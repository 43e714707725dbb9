//! What happens without being asked for, while a window or a job holds the engine.

pub(crate) mod health;
pub(crate) mod notices;
pub(crate) mod rest;

#[cfg(test)]
mod tests;
