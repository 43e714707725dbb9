//! Money, tested against what real servers computed and against orders made up by the thousand.

mod choosing;
mod common;
mod generated;
mod made_up;
mod recorded;
mod refunds;
mod refused;
mod sound;
