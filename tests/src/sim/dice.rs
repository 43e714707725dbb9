//! A row of numbers that a seed decides.

/// The same seed throws the same numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    /// The row of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(STEP) ^ 0xD1B5_4A32_D192_ED03)
    }

    /// The next number below a bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    /// True once in so many.
    pub(super) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(super) fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.place(of.len())]
    }

    /// A place among so many.
    pub(super) fn place(&mut self, of: usize) -> usize {
        usize::try_from(self.below(of as u64)).unwrap_or(0)
    }

    /// Dice of their own, so that what they decide changes nothing here.
    pub(super) fn fork(&mut self) -> Self {
        Self::new(self.below(u64::MAX))
    }
}
