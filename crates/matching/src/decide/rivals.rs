//! The listings that a variant fits best.

use super::draft::{Draft, Pair};
use crate::rows::compact;

/// The two best listings of every variant, by texts.
#[derive(Debug)]
pub(crate) struct Rivals(Vec<[Option<(u32, f32)>; 2]>);

impl Rivals {
    pub(crate) fn count(rows: usize, drafts: &[Draft]) -> Self {
        let mut best = vec![[None; 2]; rows];
        for (left, draft) in drafts.iter().enumerate() {
            for pair in &draft.pairs {
                let entry = Some((compact(left), pair.z));
                let better = |than: Option<(u32, f32)>| than.is_none_or(|t| pair.z > t.1);
                let places: &mut [_; 2] = &mut best[pair.right as usize];
                if better(places[0]) {
                    *places = [entry, places[0]];
                } else if better(places[1]) {
                    places[1] = entry;
                }
            }
        }
        Self(best)
    }

    /// How far a listing is ahead of the best other one; negative when the other fits better.
    pub(crate) fn margin(&self, left: u32, pair: Pair) -> f32 {
        let others = self.0[pair.right as usize].iter().flatten();
        let other = others.into_iter().find(|(row, _)| *row != left);
        other.map_or(f32::INFINITY, |(_, z)| pair.z - z)
    }
}
