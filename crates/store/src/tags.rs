//! Evidence and guards as bits, so that a filter over a whole catalogue is one comparison.

use serde::{Deserialize, Serialize};
use tandem_domain::Evidence;

/// A kind of evidence that pairs can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceTag {
    /// The same GTIN on both sides.
    SameGtin,
    /// Both have a GTIN, and not the same.
    GtinDiffers,
    /// The same SKU to the letter.
    SameSku,
    /// The same SKU but for case, dashes, blanks or leading zeros.
    SameCanonicalSku,
    /// Both have a SKU, and they differ.
    SkuDiffers,
    /// No key speaks for the pair, only its names.
    NameOnly,
}

impl EvidenceTag {
    /// All of them, in the order in which screens list them.
    pub const ALL: [Self; 6] = [
        Self::SameGtin,
        Self::SameSku,
        Self::SameCanonicalSku,
        Self::NameOnly,
        Self::GtinDiffers,
        Self::SkuDiffers,
    ];

    // Stored: a bit keeps its meaning for ever.
    pub(crate) fn bit(self) -> i64 {
        match self {
            Self::SameGtin => 1,
            Self::GtinDiffers => 1 << 1,
            Self::SameSku => 1 << 2,
            Self::SameCanonicalSku => 1 << 3,
            Self::SkuDiffers => 1 << 4,
            Self::NameOnly => 1 << 5,
        }
    }
}

/// A warning sign on a pair; such pairs are left out of every bulk step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// The prices differ by more than half.
    Price,
    /// The names say different quantities, sizes, colours or counts, or the prices are apart by
    /// about a thousand: another unit.
    Unit,
}

impl Guard {
    /// All of them, in the order in which screens list them.
    pub const ALL: [Self; 2] = [Self::Price, Self::Unit];

    // Stored: a bit keeps its meaning for ever.
    pub(crate) fn bit(self) -> i64 {
        match self {
            Self::Price => 1,
            Self::Unit => 1 << 1,
        }
    }
}

const HALF_MORE_HUNDREDTHS: u32 = 150;
const ABOUT_A_THOUSAND_HUNDREDTHS: u32 = 90_000;

/// The bits of a pair's evidence: tags, then guards.
pub(crate) fn bits(evidence: &[Evidence]) -> (i64, i64) {
    let (mut tags, mut guards) = (0, 0);
    for one in evidence {
        match one {
            Evidence::SameGtin { .. } => tags |= EvidenceTag::SameGtin.bit(),
            Evidence::GtinDiffers => tags |= EvidenceTag::GtinDiffers.bit(),
            Evidence::SameSku => tags |= EvidenceTag::SameSku.bit(),
            Evidence::SameCanonicalSku => tags |= EvidenceTag::SameCanonicalSku.bit(),
            Evidence::SkuDiffers => tags |= EvidenceTag::SkuDiffers.bit(),
            Evidence::NameSimilarity { .. } => {}
            Evidence::NameContradicts { .. } => guards |= Guard::Unit.bit(),
            Evidence::PriceFactor { hundredths, .. } => {
                if *hundredths > HALF_MORE_HUNDREDTHS {
                    guards |= Guard::Price.bit();
                }
                if *hundredths >= ABOUT_A_THOUSAND_HUNDREDTHS {
                    guards |= Guard::Unit.bit();
                }
            }
        }
    }
    let keys = EvidenceTag::SameGtin.bit()
        | EvidenceTag::SameSku.bit()
        | EvidenceTag::SameCanonicalSku.bit();
    if tags & keys == 0 && !evidence.is_empty() {
        tags |= EvidenceTag::NameOnly.bit();
    }
    (tags, guards)
}

#[cfg(test)]
mod tests {
    use tandem_domain::Evidence;

    use super::{EvidenceTag, Guard, bits};

    #[test]
    fn every_tag_and_guard_has_a_bit_of_its_own() {
        let tags = EvidenceTag::ALL.iter().fold(0, |all, tag| all | tag.bit());
        assert_eq!(tags.count_ones(), 6);
        let guards = Guard::ALL.iter().fold(0, |all, guard| all | guard.bit());
        assert_eq!(guards.count_ones(), 2);
    }

    #[test]
    fn a_pair_without_a_key_rests_on_names_only() {
        let name = Evidence::NameSimilarity {
            basis_points: 9_000,
        };
        assert_eq!(
            bits(std::slice::from_ref(&name)).0,
            EvidenceTag::NameOnly.bit()
        );
        assert_eq!(
            bits(&[name, Evidence::SameSku]).0,
            EvidenceTag::SameSku.bit()
        );
        assert_eq!(bits(&[]), (0, 0), "nothing known is no name either");
    }

    #[test]
    fn prices_far_apart_raise_guards() {
        let factor = |hundredths| {
            bits(&[Evidence::PriceFactor {
                hundredths,
                odoo_higher: true,
            }])
            .1
        };
        assert_eq!(factor(120), 0);
        assert_eq!(factor(1_200), Guard::Price.bit());
        assert_eq!(factor(100_000), Guard::Price.bit() | Guard::Unit.bit());
    }
}
