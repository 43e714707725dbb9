//! The canonical spelling of a SKU.

use super::atoms::letter_or_digit;
use super::fold;

/// A SKU without case, accents, dashes, blanks and leading zeros (spreadsheets eat them), or
/// nothing when nothing is left to compare.
pub(crate) fn canonical_sku(sku: &str) -> Option<String> {
    let letters: String = fold(sku)
        .chars()
        .filter(|c| letter_or_digit(*c))
        .skip_while(|c| *c == '0')
        .collect();
    (!letters.is_empty()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::canonical_sku;

    #[test]
    fn spellings_of_one_sku_meet() {
        for spelling in ["AB-0120/x", "ab0120X", " 00AB 0120.x", "AB‑٠١٢٠_x"] {
            assert_eq!(
                canonical_sku(spelling).as_deref(),
                Some("ab0120x"),
                "{spelling:?}"
            );
        }
    }

    #[test]
    fn nothing_to_compare_is_no_key() {
        for empty in ["", "000", "--", "ـ"] {
            assert_eq!(canonical_sku(empty), None, "{empty:?}");
        }
    }
}
