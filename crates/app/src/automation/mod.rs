//! What happens without being asked for, while a window or a job holds the engine.

pub(crate) mod health;

#[cfg(test)]
mod tests;
