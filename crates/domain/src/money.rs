//! Money: decimals in a currency's own minor units, never floats.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why a text or number is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not an ISO 4217 code.
    #[error("`{0}` is not a currency code of ISO 4217")]
    UnknownCurrency(String),
    /// Not a plain decimal number.
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    /// More decimals than the currency has, so rounding would lose money.
    #[error("{amount} has more decimals than {currency} has")]
    TooManyDecimals {
        /// The amount as given.
        amount: Decimal,
        /// Its currency.
        currency: Currency,
    },
}

/// A currency of ISO 4217, with the number of its minor units (KWD 3, EUR 2, JPY 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Decimals of its smallest unit. Currencies without one (gold, test codes) count as 0.
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code)
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount at its currency's scale: what totals, ledgers and comparisons are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Takes an amount that fits the currency's minor units; refuses one that would need rounding.
    pub fn exact(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let mut scaled = amount;
        scaled.rescale(currency.decimals());
        if scaled == amount {
            Ok(Self {
                amount: scaled,
                currency,
            })
        } else {
            Err(MoneyError::TooManyDecimals { amount, currency })
        }
    }

    /// Rounds half away from zero to the minor unit, as Odoo and `WooCommerce` do.
    pub fn rounded(amount: Decimal, currency: Currency) -> Self {
        let mut amount = amount.round_dp_with_strategy(
            currency.decimals(),
            rust_decimal::RoundingStrategy::MidpointAwayFromZero,
        );
        amount.rescale(currency.decimals());
        Self { amount, currency }
    }

    /// Reads a plain decimal text (`12.500`); no thousands separators, no exponent.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::exact(parse_decimal(text)?, currency)
    }

    /// Nothing, in this currency.
    pub fn zero(currency: Currency) -> Self {
        Self::rounded(Decimal::ZERO, currency)
    }

    /// The amount, at the currency's scale.
    pub fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// A price for one piece: a decimal of any scale, because shops hold prices finer than a cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnitPrice {
    /// The price, in major units.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
}

impl UnitPrice {
    /// Reads a plain decimal text.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self {
            amount: parse_decimal(text)?,
            currency,
        })
    }
}

/// A sum of what servers state, whatever they state: past the largest number that can be held it
/// stays there, and no total is equal to it.
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    let amounts = amounts.into_iter();
    amounts.fold(Decimal::ZERO, Decimal::saturating_add)
}

fn parse_decimal(text: &str) -> Result<Decimal, MoneyError> {
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    match Decimal::from_str(text) {
        Ok(number) if plain => Ok(number),
        _ => Err(MoneyError::NotANumber(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money, MoneyError};

    fn currency(code: &str) -> Currency {
        code.parse().expect("an ISO code")
    }

    #[test]
    fn every_currency_keeps_its_own_decimals() {
        for (code, text, shown) in [
            ("KWD", "12.5", "12.500 KWD"),
            ("EUR", "3", "3.00 EUR"),
            ("JPY", "900", "900 JPY"),
        ] {
            let money = Money::parse(text, currency(code)).expect("fits");
            assert_eq!(money.to_string(), shown);
        }
    }

    #[test]
    fn an_amount_finer_than_the_currency_is_refused_not_rounded() {
        let error = Money::parse("1.005", currency("EUR"));
        assert!(
            matches!(error, Err(MoneyError::TooManyDecimals { .. })),
            "{error:?}"
        );
    }

    #[test]
    fn separators_exponents_and_words_are_not_numbers() {
        for text in ["9,99", "1e3", "", "free", "1_000", "٣"] {
            assert!(Money::parse(text, currency("EUR")).is_err(), "{text:?}");
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let cents = |text: &str| {
            Money::rounded(text.parse().expect("a number"), currency("EUR"))
                .amount()
                .to_string()
        };
        assert_eq!(cents("2.345"), "2.35");
        assert_eq!(cents("-2.345"), "-2.35");
    }
}
