//! Money, tested against what real servers computed and against orders made up by the thousand.

mod choosing;
mod common;
mod recorded;
mod sound;
