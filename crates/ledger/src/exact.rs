//! Fractions without rounding: a decimal alone cannot hold 100.00 / 1.19.
//!
//! Everyday orders fit into 128-bit integers. An operation that would not fit makes the value
//! unknown instead of wrong, and the computation is done again in unbounded integers.

use std::ops::{Add, Mul, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;

/// A rational number, as Odoo's arithmetic needs it.
pub(crate) trait Exact:
    Clone + Sized + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// The same number.
    fn of(number: Decimal) -> Self;

    /// Divided by a number that is not zero.
    fn over(self, divisor: Self) -> Self;

    /// In whole units of 10^-decimals, half away from zero; `None` where that is unknown.
    fn units(&self, decimals: u32) -> Option<i128>;

    /// So many units of 10^-decimals.
    fn of_units(units: i128, decimals: u32) -> Self;

    /// Rounded half away from zero.
    fn rounded(&self, decimals: u32) -> Self;

    fn zero() -> Self {
        Self::of(Decimal::ZERO)
    }

    /// Rounded, as a decimal of that scale.
    fn decimal(&self, decimals: u32) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.units(decimals)?, decimals).ok()
    }
}

/// A fraction of 128-bit integers, not always in lowest terms. A denominator of zero means
/// unknown: something did not fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Small {
    over: i128,
    under: i128,
}

const UNKNOWN: Small = Small { over: 0, under: 0 };

/// From here on a denominator is brought to lowest terms.
const LARGE: i128 = 1_000_000_000_000_000;

impl Small {
    fn checked(over: Option<i128>, under: Option<i128>) -> Self {
        match (over, under) {
            (Some(over), Some(under)) if under.abs() < LARGE => Self { over, under },
            (Some(over), Some(under)) if under != 0 => {
                let common = common_divisor(over, under);
                Self {
                    over: over / common,
                    under: under / common,
                }
            }
            _ => UNKNOWN,
        }
    }

    fn sum(self, other: Self, combine: fn(i128, i128) -> Option<i128>) -> Self {
        if self.under == 0 || other.under == 0 {
            return UNKNOWN;
        }
        if self.under == other.under {
            return Self::checked(combine(self.over, other.over), Some(self.under));
        }
        let common = common_divisor(self.under, other.under);
        let (mine, theirs) = (other.under / common, self.under / common);
        let over = self
            .over
            .checked_mul(mine)
            .zip(other.over.checked_mul(theirs))
            .and_then(|(a, b)| combine(a, b));
        Self::checked(over, self.under.checked_mul(mine))
    }
}

/// Positive, whatever the signs; never zero, since denominators are not.
fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1).max(1)
}

fn power_of_ten(decimals: u32) -> Option<i128> {
    10_i128.checked_pow(decimals)
}

impl Add for Small {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.sum(other, i128::checked_add)
    }
}

impl Sub for Small {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.sum(other, i128::checked_sub)
    }
}

impl Mul for Small {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::checked(
            self.over.checked_mul(other.over),
            self.under.checked_mul(other.under),
        )
    }
}

impl Exact for Small {
    fn of(number: Decimal) -> Self {
        let number = number.normalize();
        Self::checked(Some(number.mantissa()), power_of_ten(number.scale()))
    }

    fn over(self, divisor: Self) -> Self {
        let sign = divisor.over.signum();
        Self::checked(
            self.over.checked_mul(divisor.under * sign),
            self.under.checked_mul(divisor.over * sign),
        )
    }

    fn units(&self, decimals: u32) -> Option<i128> {
        if self.under == 0 {
            return None;
        }
        let scaled = self.over.checked_mul(power_of_ten(decimals)?)?;
        let (whole, rest) = (scaled / self.under, scaled % self.under);
        let up = rest.unsigned_abs() >= self.under.unsigned_abs().div_ceil(2);
        Some(if up { whole + scaled.signum() } else { whole })
    }

    fn of_units(units: i128, decimals: u32) -> Self {
        Self::checked(Some(units), power_of_ten(decimals))
    }

    fn rounded(&self, decimals: u32) -> Self {
        self.units(decimals)
            .map_or(UNKNOWN, |units| Self::of_units(units, decimals))
    }
}

/// The same without a limit, for what [`Small`] cannot hold.
#[derive(Debug, Clone)]
pub(crate) struct Big(BigRational);

impl Big {
    fn scaled(&self, decimals: u32) -> BigInt {
        let scaled = &self.0 * BigRational::from_integer(BigInt::from(10).pow(decimals));
        // `round` of a ratio takes halves away from zero.
        scaled.round().to_integer()
    }
}

impl Add for Big {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Big {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul for Big {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl Exact for Big {
    fn of(number: Decimal) -> Self {
        Self(BigRational::new(
            number.mantissa().into(),
            BigInt::from(10).pow(number.scale()),
        ))
    }

    fn over(self, divisor: Self) -> Self {
        Self(self.0 / divisor.0)
    }

    fn units(&self, decimals: u32) -> Option<i128> {
        self.scaled(decimals).to_i128()
    }

    fn of_units(units: i128, decimals: u32) -> Self {
        Self(BigRational::new(
            units.into(),
            BigInt::from(10).pow(decimals),
        ))
    }

    fn rounded(&self, decimals: u32) -> Self {
        Self(BigRational::new(
            self.scaled(decimals),
            BigInt::from(10).pow(decimals),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{Big, Exact, Small};
    use rust_decimal::Decimal;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn halves_go_away_from_zero_in_both() {
        for (number, cents) in [
            ("1.005", 101),
            ("-1.005", -101),
            ("0.005", 1),
            ("0.0049999999", 0),
            ("-0.0049999999", 0),
            ("2.675", 268),
            ("0", 0),
        ] {
            let number = decimal(number);
            assert_eq!(Small::of(number).units(2), Some(cents), "{number}");
            assert_eq!(Big::of(number).units(2), Some(cents), "{number}");
        }
    }

    #[test]
    fn a_division_loses_nothing() {
        // 100 / 1.19 * 1.19, which no decimal gives back; and a third three times.
        fn back<E: Exact>() -> Option<i128> {
            let part = E::of(decimal("100")).over(E::of(decimal("1.19")));
            (part * E::of(decimal("1.19"))).units(20)
        }
        assert_eq!(back::<Small>(), Some(100 * 10_i128.pow(20)));
        assert_eq!(back::<Big>(), Some(100 * 10_i128.pow(20)));
    }

    #[test]
    fn what_does_not_fit_is_unknown_and_never_wrong() {
        let huge = Small::of(decimal("79228162514264337593543950335"));
        assert_eq!((huge * huge).units(2), None);
        assert_eq!(
            (huge * huge - huge).rounded(2).units(2),
            None,
            "it stays so"
        );
    }
}
