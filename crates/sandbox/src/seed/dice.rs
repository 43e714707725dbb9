//! Chance that falls the same way on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// A stream of draws from one seed. `ChaCha8` and 32-bit draws only, so that word size and the
/// version of any sampling library have no say in the outcome.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of this name: adding draws to one stream moves no other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A number below `bound`, which is at least 1.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(bound.max(1));
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// A place in a list of this length, which is not empty.
    pub(super) fn place(&mut self, length: usize) -> usize {
        let bound = u32::try_from(length).unwrap_or(u32::MAX);
        self.below(bound) as usize
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.place(list.len())]
    }

    /// The list in a new order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.place(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn draws_are_the_same_on_every_machine() {
        let mut dice = Dice::new(18, 1);
        let draws: Vec<u32> = (0..8).map(|_| dice.below(1_000)).collect();
        assert_eq!(
            draws,
            [702, 119, 399, 351, 850, 63, 574, 973],
            "another library would build another shop"
        );
    }

    #[test]
    fn streams_do_not_follow_each_other() {
        let draws = |stream| {
            let mut dice = Dice::new(18, stream);
            [dice.below(u32::MAX), dice.below(u32::MAX)]
        };
        assert_ne!(draws(1), draws(2));
    }

    #[test]
    fn draws_keep_within_their_bounds() {
        let mut dice = Dice::new(7, 1);
        let mut seen = [false; 3];
        for _ in 0..200 {
            let number = dice.between(4, 6);
            seen[number as usize - 4] = true;
            assert!(dice.place(5) < 5);
        }
        assert_eq!(seen, [true; 3], "both ends and the middle");
        assert!(!dice.percent(0) && dice.percent(100));
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut list: Vec<u32> = (0..50).collect();
        Dice::new(7, 1).shuffle(&mut list);
        assert_ne!(list, (0..50).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..50).collect::<Vec<_>>());
    }
}
