//! Units of measure in English, French, German and Arabic, brought to one base unit per dimension.

use serde::{Deserialize, Serialize};

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Dimension {
    /// In microlitres.
    Volume,
    /// In milligrams.
    Mass,
    /// In micrometres.
    Length,
    /// In kilobytes of 1,000.
    Storage,
    /// In milliwatts.
    Power,
    /// In millivolts.
    Voltage,
    /// In microampere hours.
    Charge,
    /// In millihertz.
    Frequency,
    /// In thousandths of a megapixel.
    Pixels,
    /// In milligrams per square metre.
    Grammage,
}

impl Dimension {
    /// An amount as people write it: the greatest unit that leaves a whole number or a short one.
    pub(crate) fn shown(self, amount: u64) -> String {
        let (large, small): ((u64, &str), (u64, &str)) = match self {
            Self::Volume => ((1_000_000, "l"), (1_000, "ml")),
            Self::Mass => ((1_000_000, "kg"), (1_000, "g")),
            Self::Length => ((1_000_000, "m"), (1_000, "mm")),
            Self::Storage => ((1_000_000_000, "TB"), (1_000_000, "GB")),
            Self::Power => ((1_000_000, "kW"), (1_000, "W")),
            Self::Voltage => ((1_000_000, "kV"), (1_000, "V")),
            Self::Charge => ((1_000_000, "Ah"), (1_000, "mAh")),
            Self::Frequency => ((1_000_000_000_000, "GHz"), (1_000, "Hz")),
            Self::Pixels => ((1_000_000, "GP"), (1_000, "MP")),
            Self::Grammage => ((1_000_000, "kg/m2"), (1_000, "g/m2")),
        };
        let (size, name) = if amount >= large.0 { large } else { small };
        let thousandths = u128::from(amount) * 1_000 / u128::from(size);
        let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
        let number = format!("{whole}.{rest:03}");
        let number = number.trim_end_matches('0').trim_end_matches('.');
        format!("{number} {name}")
    }
}

/// The dimension of a unit's folded name and its size in base units.
pub(crate) fn unit(name: &str) -> Option<(Dimension, u64)> {
    use Dimension::{
        Charge, Frequency, Grammage, Length, Mass, Pixels, Power, Storage, Voltage, Volume,
    };
    Some(match name {
        "ml" | "millilitre" | "milliliter" | "مل" | "ملل" | "مليلتر" | "ملي" => {
            (Volume, 1_000)
        }
        "cl" | "centilitre" | "centiliter" => (Volume, 10_000),
        "dl" | "decilitre" => (Volume, 100_000),
        "l" | "lt" | "ltr" | "litre" | "liter" | "لتر" | "ليتر" | "لترات" => {
            (Volume, 1_000_000)
        }
        "floz" => (Volume, 29_574),
        "gal" | "gallon" | "جالون" | "غالون" => (Volume, 3_785_412),
        "mg" | "milligram" | "milligramme" | "ملجم" | "ملغ" | "ملغم" => (Mass, 1),
        "g" | "gr" | "gm" | "gram" | "gramme" | "gramm" | "جم" | "غ" | "غم" | "جرام" | "غرام"
        | "جرامات" => (Mass, 1_000),
        "kg" | "kilo" | "kilogram" | "kilogramm" | "kilogramme" | "كجم" | "كغ" | "كغم" | "كيلو"
        | "كيلوجرام" | "كيلوغرام" => (Mass, 1_000_000),
        "oz" | "ounce" | "اونصه" => (Mass, 28_350),
        "lb" | "pound" => (Mass, 453_592),
        "mm" | "millimetre" | "millimeter" | "مم" | "ملم" => (Length, 1_000),
        "cm" | "centimetre" | "centimeter" | "سم" | "سنتيمتر" => (Length, 10_000),
        "m" | "mtr" | "metre" | "meter" | "متر" | "امتار" => (Length, 1_000_000),
        "in" | "inch" | "inche" | "pouce" | "zoll" | "بوصه" | "انش" | "انج" => {
            (Length, 25_400)
        }
        "ft" | "feet" | "foot" | "قدم" => (Length, 304_800),
        "mb" | "mo" | "ميجا" | "ميجابايت" | "ميغابايت" => (Storage, 1_000),
        "gb" | "go" | "gig" | "gigabyte" | "جيجا" | "جيجابايت" | "غيغابايت" | "غيغا" => {
            (Storage, 1_000_000)
        }
        "tb" | "to" | "terabyte" | "تيرا" | "تيرابايت" => (Storage, 1_000_000_000),
        "w" | "watt" | "واط" | "وات" => (Power, 1_000),
        "kw" => (Power, 1_000_000),
        "v" | "volt" | "فولت" => (Voltage, 1_000),
        "mah" => (Charge, 1_000),
        "hz" | "هرتز" => (Frequency, 1_000),
        "khz" => (Frequency, 1_000_000),
        "mhz" => (Frequency, 1_000_000_000),
        "ghz" => (Frequency, 1_000_000_000_000),
        "mp" | "mpx" | "megapixel" => (Pixels, 1_000),
        "gsm" => (Grammage, 1_000),
        _ => return None,
    })
}

/// Units whose name is an everyday word as well, so that they must stand at their number.
pub(crate) fn must_be_glued(name: &str) -> bool {
    matches!(name, "to" | "go" | "mo" | "in" | "v" | "w")
}

/// A decimal text as a whole number of base units, each worth `size` of the written unit.
///
/// A comma before exactly three digits parts thousands (`1,000 ml`), unless a zero stands before
/// it (`0,750 l`). Nothing when the number is too long to mean an amount.
pub(crate) fn in_base_units(number: &str, size: u64) -> Option<u64> {
    let (whole, fraction) = split_decimal(number);
    if whole.len() > 7 || fraction.len() > 6 {
        return None;
    }
    let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
    Some(digits.checked_mul(size)? / scale)
}

/// The number without leading zeros and with a dot: `007` is 7, `1,5` is 1.5, `2.0` is 2.
pub(crate) fn plain(number: &str) -> String {
    let (whole, fraction) = split_decimal(number);
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

fn split_decimal(number: &str) -> (String, &str) {
    match number.split_once(['.', ',']) {
        Some((whole, thousands))
            if number.contains(',') && thousands.len() == 3 && !whole.starts_with('0') =>
        {
            (format!("{whole}{thousands}"), "")
        }
        Some((whole, fraction)) => (whole.to_owned(), fraction),
        None => (number.to_owned(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{in_base_units, plain};

    #[test]
    fn decimals_and_thousands_are_read_in_three_habits() {
        for (number, millilitres) in [
            ("0.75", 750_000),
            ("0,750", 750_000),
            ("1,5", 1_500_000),
            ("1,000", 1_000_000_000),
            ("1.500", 1_500_000),
        ] {
            assert_eq!(
                in_base_units(number, 1_000_000),
                Some(millilitres),
                "{number}"
            );
        }
        assert_eq!(in_base_units("4006381333931", 1), None, "no amount");
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(plain("007"), "7");
        assert_eq!(plain("1,50"), "1.5");
        assert_eq!(plain("0"), "0");
    }
}
