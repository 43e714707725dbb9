//! Global trade item numbers (EAN, UPC): checked, and brought to one spelling.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not a GTIN that identifies a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Not 8, 12, 13 or 14 digits.
    #[error("a GTIN has 8, 12, 13 or 14 digits")]
    Length,
    /// The last digit does not follow from the others.
    #[error("its check digit is wrong")]
    CheckDigit,
    /// A number that shops may give out themselves (in-store codes, weighed goods), so two
    /// shops use the same one for different things.
    #[error("it is an in-store number")]
    Restricted,
}

/// A valid GTIN, padded to 14 digits so that an EAN and the same UPC compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gtin(u64);

impl Gtin {
    /// Reads digits with blanks and dashes between them.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let digits: Vec<u8> = text
            .bytes()
            .filter(|b| !matches!(b, b' ' | b'-'))
            .map(|b| {
                if b.is_ascii_digit() {
                    Ok(b - b'0')
                } else {
                    Err(GtinError::Length)
                }
            })
            .collect::<Result<_, _>>()?;
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return Err(GtinError::Length);
        }
        if !check_digit_holds(&digits) {
            return Err(GtinError::CheckDigit);
        }
        if is_restricted(&digits) {
            return Err(GtinError::Restricted);
        }
        Ok(Self(
            digits
                .iter()
                .fold(0, |number, d| number * 10 + u64::from(*d)),
        ))
    }
}

/// GS1 general specifications §7.9: weights 3 and 1 from the right, sum a multiple of ten.
fn check_digit_holds(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, d)| u32::from(*d) * if place % 2 == 1 { 3 } else { 1 })
        .sum();
    sum.is_multiple_of(10)
}

/// Restricted circulation: prefixes 02, 04 and 20 to 29 of the 13-digit spelling (GS1 §2.1.11),
/// numbers starting with 0 or 2 among those of 8 digits, and all zeros.
fn is_restricted(digits: &[u8]) -> bool {
    if digits.len() == 8 {
        return matches!(digits[0], 0 | 2);
    }
    let mut padded = vec![0; 14 - digits.len()];
    padded.extend_from_slice(digits);
    matches!((padded[1], padded[2]), (0, 2 | 4) | (2, _)) || padded.iter().all(|d| *d == 0)
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gtin, GtinError};

    #[test]
    fn one_product_has_one_spelling() {
        let upc = Gtin::parse("071444024075");
        assert!(upc.is_ok(), "{upc:?}");
        assert_eq!(
            upc,
            Gtin::parse("0071444024075"),
            "a leading zero makes the EAN of a UPC"
        );
        assert_eq!(upc, Gtin::parse("0 714440-24075"));
    }

    #[test]
    fn wrong_numbers_say_what_is_wrong() {
        assert_eq!(Gtin::parse("4006381333932"), Err(GtinError::CheckDigit));
        assert_eq!(Gtin::parse("12345"), Err(GtinError::Length));
        assert_eq!(Gtin::parse("N/A"), Err(GtinError::Length));
        assert_eq!(Gtin::parse("2000000000008"), Err(GtinError::Restricted));
        assert_eq!(Gtin::parse("0000000000000"), Err(GtinError::Restricted));
        assert!(Gtin::parse("4006381333931").is_ok());
        assert!(Gtin::parse("96385074").is_ok(), "EAN-8");
    }
}
