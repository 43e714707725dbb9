//! SKUs and barcodes, in all the spellings that people give them.

use super::dice::Dice;

/// What one side has to recognise a product by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) sku: String,
    pub(super) barcode: String,
}

impl Keys {
    /// A SKU and no barcode.
    pub(super) fn sku(sku: String) -> Self {
        let barcode = String::new();
        Self { sku, barcode }
    }

    /// A barcode and no SKU.
    pub(super) fn barcode(barcode: String) -> Self {
        let sku = String::new();
        Self { sku, barcode }
    }
}

/// What GS1 numbers of the goods begin with: Gulf states, then where imports come from.
const PREFIXES: [&str; 8] = ["627", "628", "629", "400", "301", "506", "692", "871"];

/// The valid EAN-13 of this serial number; no two serial numbers share one.
pub(super) fn ean(serial: u32) -> String {
    // Multiplying by a number without the factors 2 and 5 only permutes nine digits.
    let body = (u64::from(serial) * 7_654_321 + 123_456_789) % 1_000_000_000;
    let text = if is_upc(serial) {
        format!("07{:010}", body * 10 + 3)
    } else {
        format!("{}{body:09}", PREFIXES[serial as usize % PREFIXES.len()])
    };
    with_check_digit(text)
}

/// Whether the number of this serial is an American one, often written without its first zero.
pub(super) fn is_upc(serial: u32) -> bool {
    serial.is_multiple_of(23)
}

/// A number that the shop prints itself (prefix 2): it says nothing outside the shop.
pub(super) fn in_store(serial: u32) -> String {
    with_check_digit(format!("2{serial:011}"))
}

/// The same number with a wrong last digit.
pub(super) fn broken(ean: &str) -> String {
    let (body, last) = ean.split_at(ean.len() - 1);
    let wrong = (last.parse().unwrap_or(0) + 3) % 10;
    format!("{body}{wrong}")
}

/// GS1: weights 3 and 1 from the right, filled up to a multiple of ten.
fn with_check_digit(mut body: String) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    let check = (10 - sum % 10) % 10;
    body.push(char::from_digit(check, 10).unwrap_or('0'));
    body
}

/// The same SKU as another hand would type it.
pub(super) fn respelled(dice: &mut Dice, sku: &str) -> String {
    if let Some(short) = sku.strip_prefix('0') {
        return short.trim_start_matches('0').to_owned();
    }
    match dice.below(4) {
        0 => sku.to_lowercase(),
        1 => sku.replace('-', ""),
        2 => sku.replace('-', " "),
        _ => sku.replace('-', "_").to_lowercase(),
    }
}

/// A reference of the shop's own making, which Odoo has never seen.
pub(super) fn foreign(serial: u32) -> String {
    format!("WEB{serial:06}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tandem_domain::{Gtin, GtinError};

    use super::*;

    #[test]
    fn every_serial_number_has_a_valid_ean_of_its_own() {
        let mut seen = BTreeSet::new();
        for serial in (1..60_000).chain(500_001_000..500_011_000) {
            let ean = ean(serial);
            assert_eq!(ean.len(), 13, "{ean}");
            let gtin = Gtin::parse(&ean).expect("valid by its check digit");
            assert!(seen.insert(gtin), "{ean} twice");
        }
    }

    #[test]
    fn an_american_number_is_the_same_without_its_zero() {
        let ean = ean(23);
        assert!(is_upc(23) && ean.starts_with('0'));
        assert_eq!(Gtin::parse(&ean[1..]), Gtin::parse(&ean));
    }

    #[test]
    fn worthless_numbers_are_worthless_for_the_right_reason() {
        for serial in 1..500 {
            let broken = Gtin::parse(&broken(&ean(serial)));
            assert_eq!(broken, Err(GtinError::CheckDigit));
            assert_eq!(Gtin::parse(&in_store(serial)), Err(GtinError::Restricted));
        }
    }

    #[test]
    fn another_spelling_differs_but_only_in_signs_case_and_zeros() {
        let mut dice = Dice::new(1, 1);
        for sku in ["BNT-00190", "CSK-00008-0506", "0101460"] {
            for _ in 0..20 {
                let other = respelled(&mut dice, sku);
                assert_ne!(other, sku);
                let plain = |text: &str| {
                    let kept: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
                    kept.to_uppercase().trim_start_matches('0').to_owned()
                };
                assert_eq!(plain(&other), plain(sku));
            }
        }
    }
}
