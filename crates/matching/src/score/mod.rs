//! How alike two rows are by what they say, keys left aside.

mod conflicts;
mod features;
mod overlap;

pub(crate) use conflicts::{Conflict, Kind, near_codes};
pub(crate) use features::{COUNT, Features, Judge, Marks, PRIOR, Room, at, score};
pub(crate) use overlap::{Overlap, Query, scaled};

/// A share between 0 and 1 in basis points.
pub(crate) fn basis_points(share: f32) -> u16 {
    let points = (share.clamp(0.0, 1.0) * 10_000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the clamp leaves a whole number between 0 and 10,000; NaN becomes 0"
    )]
    let points = points as u16;
    points
}
