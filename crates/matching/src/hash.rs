//! A fast hash without a seed, so that nothing depends on the run.

use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Multiplies and rotates word by word; good enough for keys that nobody chooses with malice to
/// collide, and a table that degrades would only be slow.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mixer(u64);

/// Maps and sets by [`Mixer`].
pub(crate) type Mixed = BuildHasherDefault<Mixer>;
/// A map whose iteration order must still never show.
pub(crate) type Map<K, V> = std::collections::HashMap<K, V, Mixed>;

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Mixer {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn finish(&self) -> u64 {
        spread(self.0)
    }
}

/// Spreads a number over 64 bits (the finaliser of `SplitMix64`).
pub(crate) fn spread(number: u64) -> u64 {
    let mut bits = number.wrapping_add(FACTOR);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The hash of one value.
pub(crate) fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut mixer = Mixer::default();
    value.hash(&mut mixer);
    mixer.finish()
}
