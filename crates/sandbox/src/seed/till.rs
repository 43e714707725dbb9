//! Adds up an order exactly as `WooCommerce` does when prices are entered without tax and tax is
//! rounded on each line.

use rust_decimal::{Decimal, RoundingStrategy};

use super::shelf::fils;
use crate::world::{ShopCharge, ShopLine, ShopTax};

/// Decimals of the shop's prices.
const PRICE_DECIMALS: u32 = 3;
/// Decimals in which the shop holds tax before it rounds.
const TAX_DECIMALS: u32 = 6;

/// A listing in a basket.
#[derive(Debug, Clone)]
pub(super) struct Pick {
    /// `None` when the shop deleted it after the sale.
    pub(super) listing: Option<u64>,
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) price: Decimal,
    pub(super) quantity: u32,
}

/// What a customer takes to the till.
#[derive(Debug, Clone, Default)]
pub(super) struct Basket {
    pub(super) picks: Vec<Pick>,
    /// Code, and percent off.
    pub(super) coupon: Option<(&'static str, u32)>,
    /// Title, method, price in fils.
    pub(super) delivery: Option<(&'static str, &'static str, u32)>,
    /// Names and net amounts; a rebate is negative.
    pub(super) fees: Vec<(&'static str, Decimal)>,
    /// Id of the rate and percent, where tax is due.
    pub(super) tax: Option<(u64, Decimal)>,
}

/// What the till prints.
#[derive(Debug, Clone, Default)]
pub(super) struct Receipt {
    pub(super) lines: Vec<ShopLine>,
    pub(super) shipping_lines: Vec<ShopCharge>,
    pub(super) fees: Vec<ShopCharge>,
    pub(super) coupons: Vec<(String, Decimal)>,
    pub(super) discount_total: Decimal,
    pub(super) total_tax: Decimal,
    pub(super) total: Decimal,
}

/// Numbers lines; one row of numbers for the whole shop.
#[derive(Debug, Default)]
pub(super) struct LineNumbers(u64);

impl LineNumbers {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl Basket {
    /// What it comes to.
    pub(super) fn ring_up(&self, numbers: &mut LineNumbers) -> Receipt {
        let discounts = self.discounts();
        let lines: Vec<ShopLine> = self
            .picks
            .iter()
            .zip(&discounts)
            .map(|(pick, discount)| self.line(numbers.next(), pick, *discount))
            .collect();
        let shipping_lines: Vec<ShopCharge> = self
            .delivery
            .iter()
            .map(|(title, method, price)| self.charge(numbers.next(), title, method, fils(*price)))
            .collect();
        let fees: Vec<ShopCharge> = self
            .fees
            .iter()
            .map(|(name, amount)| self.charge(numbers.next(), name, "", *amount))
            .collect();
        let discount_total = discounts.iter().sum();
        let charges = || shipping_lines.iter().chain(&fees);
        let total_tax = lines
            .iter()
            .flat_map(|line| &line.taxes)
            .chain(charges().flat_map(|charge| &charge.taxes))
            .map(|tax| rounded(tax.amount, PRICE_DECIMALS))
            .sum();
        let net: Decimal = lines.iter().map(|line| line.total).sum::<Decimal>()
            + charges().map(|charge| charge.total).sum::<Decimal>();
        Receipt {
            coupons: self
                .coupon
                .iter()
                .map(|(code, _)| ((*code).to_owned(), discount_total))
                .collect(),
            lines,
            shipping_lines,
            fees,
            discount_total,
            total_tax,
            total: rounded(net + total_tax, PRICE_DECIMALS),
        }
    }

    fn line(&self, id: u64, pick: &Pick, discount: Decimal) -> ShopLine {
        let subtotal = pick.subtotal();
        let total = subtotal - discount;
        ShopLine {
            id,
            listing: pick.listing,
            name: pick.name.clone(),
            sku: pick.sku.clone(),
            quantity: Decimal::from(pick.quantity),
            subtotal,
            total,
            taxes: self.taxes(total, subtotal),
        }
    }

    fn charge(&self, id: u64, name: &str, method: &str, total: Decimal) -> ShopCharge {
        ShopCharge {
            id,
            name: name.to_owned(),
            method: method.to_owned(),
            total,
            taxes: self.taxes(total, total),
        }
    }

    fn taxes(&self, net: Decimal, before_discount: Decimal) -> Vec<ShopTax> {
        let of = |base: Decimal, percent: Decimal| {
            rounded(base * percent / Decimal::ONE_HUNDRED, TAX_DECIMALS)
        };
        self.tax
            .iter()
            .map(|(rate, percent)| ShopTax {
                rate: *rate,
                amount: of(net, *percent),
                before_discount: of(before_discount, *percent),
            })
            .collect()
    }

    /// The discount of each line: a percentage of each, down to whole fils, and what then lacks
    /// from the percentage of the whole, one fils for each piece, the dearest pieces first.
    fn discounts(&self) -> Vec<Decimal> {
        let share =
            |amount: Decimal, percent: u32| amount * Decimal::from(percent) / Decimal::ONE_HUNDRED;
        let Some((_, percent)) = self.coupon else {
            return vec![Decimal::ZERO; self.picks.len()];
        };
        let down = |amount: Decimal| {
            amount.round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::ToZero)
        };
        let mut discounts: Vec<Decimal> = self
            .picks
            .iter()
            .map(|pick| down(share(pick.subtotal(), percent)))
            .collect();
        let goods = self.picks.iter().map(Pick::subtotal).sum();
        let whole = share(goods, percent)
            .round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::MidpointTowardZero);
        let mut lacking = whole - discounts.iter().sum::<Decimal>();
        let mut dearest: Vec<usize> = (0..self.picks.len()).collect();
        dearest.sort_by_key(|place| std::cmp::Reverse(self.picks[*place].price));
        for place in dearest {
            for _ in 0..self.picks[place].quantity {
                if lacking >= fils(1) {
                    discounts[place] += fils(1);
                    lacking -= fils(1);
                }
            }
        }
        discounts
    }
}

impl Pick {
    fn subtotal(&self) -> Decimal {
        self.price * Decimal::from(self.quantity)
    }
}

fn rounded(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    fn basket(picks: &[(&str, u32)]) -> Basket {
        let pick = |(price, quantity): &(&str, u32)| Pick {
            listing: Some(1),
            name: String::new(),
            sku: String::new(),
            price: number(price),
            quantity: *quantity,
        };
        Basket {
            picks: picks.iter().map(pick).collect(),
            ..Basket::default()
        }
    }

    fn ring_up(basket: &Basket) -> Receipt {
        basket.ring_up(&mut LineNumbers::default())
    }

    #[test]
    fn tax_is_rounded_on_each_line_and_held_unrounded() {
        let receipt = ring_up(&Basket {
            tax: Some((1, number("5"))),
            delivery: Some(("Aramex", "flat_rate", 6_500)),
            ..basket(&[("1.125", 1), ("1.125", 1), ("0.875", 3)])
        });
        let held: Vec<Decimal> = receipt.lines.iter().map(|l| l.taxes[0].amount).collect();
        assert_eq!(
            held,
            [number("0.05625"), number("0.05625"), number("0.13125")]
        );
        // 0.056 + 0.056 + 0.131 + 0.325; at the subtotal it would be 0.569.
        assert_eq!(receipt.total_tax, number("0.568"));
        assert_eq!(receipt.total, number("11.943"));
    }

    #[test]
    fn a_coupon_goes_down_to_whole_fils_and_then_fills_up_the_dearest_lines() {
        let receipt = ring_up(&Basket {
            coupon: Some(("ten", 10)),
            ..basket(&[("0.125", 1), ("2.375", 1), ("0.375", 1)])
        });
        // 12 + 237 + 37 make 286; a tenth of 2.875 is 287.5, down to 287.
        let totals: Vec<Decimal> = receipt.lines.iter().map(|line| line.total).collect();
        assert_eq!(totals, [number("0.113"), number("2.137"), number("0.338")]);
        assert_eq!(receipt.discount_total, number("0.287"));
        assert_eq!(receipt.coupons, [("ten".to_owned(), number("0.287"))]);
        assert_eq!(receipt.total, number("2.588"));
    }

    /// A tenth of the amounts of an order recorded on `WooCommerce` 11.0.1.
    #[test]
    fn what_lacks_goes_to_the_dearest_piece_not_to_the_largest_line() {
        let receipt = ring_up(&Basket {
            coupon: Some(("ten", 10)),
            ..basket(&[("0.999", 3), ("2.490", 1)])
        });
        let totals: Vec<Decimal> = receipt.lines.iter().map(|line| line.total).collect();
        assert_eq!(totals, [number("2.698"), number("2.240")]);
        assert_eq!(receipt.discount_total, number("0.549"));
    }

    #[test]
    fn tax_before_discounts_is_kept_beside_tax_after() {
        let receipt = ring_up(&Basket {
            coupon: Some(("ten", 10)),
            tax: Some((2, number("15"))),
            ..basket(&[("10.000", 1)])
        });
        let tax = &receipt.lines[0].taxes[0];
        assert_eq!((tax.rate, tax.before_discount), (2, number("1.5")));
        assert_eq!(tax.amount, number("1.35"));
    }

    #[test]
    fn a_rebate_is_a_fee_below_zero_and_takes_its_tax_along() {
        let receipt = ring_up(&Basket {
            fees: vec![("Rebate", number("-1.000")), ("Cash", number("0.500"))],
            tax: Some((1, number("5"))),
            ..basket(&[("4.000", 2)])
        });
        assert_eq!(receipt.total_tax, number("0.375"));
        assert_eq!(receipt.total, number("7.875"));
        assert_eq!(
            receipt.discount_total,
            Decimal::ZERO,
            "a fee is no discount"
        );
    }
}
