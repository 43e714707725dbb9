//! Orders as the store recorded them, generic in whose product id their lines carry.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Address, Currency, Customer, Money, OrderKey, Sku, Stamp, StatusCode, Timestamp, sum};

/// One tax amount of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// The store's id of the rate.
    pub rate: String,
    /// Tax amount, unrounded where the store shows it so.
    pub amount: Decimal,
}

/// A line of goods. Amounts are net of tax and after discounts, in the order's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine<K> {
    /// The store's id of the line.
    pub id: String,
    /// What was sold; `None` when the store deleted the product for good.
    pub product: Option<K>,
    /// Name at the time of sale.
    pub name: String,
    /// SKU at the time of sale.
    pub sku: Option<Sku>,
    /// How many.
    pub quantity: Decimal,
    /// Before discounts.
    pub subtotal: Decimal,
    /// After discounts.
    pub total: Decimal,
    /// Tax by rate.
    pub taxes: Vec<LineTax>,
}

/// What else may stand on an order beside goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    /// Delivery.
    Shipping,
    /// A fee, or with a negative amount a rebate.
    Fee,
}

/// Delivery or a fee: net amount and its taxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The store's id of the line.
    pub id: String,
    /// Which of the two.
    pub kind: ChargeKind,
    /// As shown to the customer.
    pub name: String,
    /// The store's code of the method, where there is one.
    pub method: Option<String>,
    /// Net of tax.
    pub total: Decimal,
    /// Tax by rate.
    pub taxes: Vec<LineTax>,
}

/// One tax rate that the order used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// The store's id of the rate.
    pub rate: String,
    /// As shown to the customer.
    pub label: String,
    /// In percent.
    pub percent: Decimal,
    /// Tax on goods and fees, and on shipping.
    pub total: Decimal,
}

/// How it was paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The store's code of the method; empty when none was needed.
    pub method: String,
    /// As shown to the customer.
    pub title: String,
    /// When the store took the money, UTC.
    pub paid_at: Option<Timestamp>,
}

/// An order. `K` is [`crate::ListingKey`] as pulled and [`crate::VariantKey`] once every line is
/// linked; [`crate::Links::resolve`] is the only way from one to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order<K> {
    /// The store's internal id.
    pub key: OrderKey,
    /// What people call it.
    pub number: String,
    /// As the store spells it.
    pub status: StatusCode,
    /// When it was placed, UTC.
    pub placed_at: Timestamp,
    /// When the store says that it changed last, UTC.
    pub modified_at: Timestamp,
    /// Its currency.
    pub currency: Currency,
    /// Whether the shop computed from prices that include tax.
    pub prices_include_tax: bool,
    /// Buyer.
    pub customer: Customer,
    /// Where the bill goes.
    pub billing: Address,
    /// Where the goods go.
    pub shipping: Address,
    /// Goods.
    pub lines: Vec<OrderLine<K>>,
    /// Delivery and fees.
    pub charges: Vec<Charge>,
    /// Rates used.
    pub tax_lines: Vec<TaxLine>,
    /// Coupon codes; their money is inside the lines already.
    pub coupons: Vec<String>,
    /// All discounts, for show: already inside the lines.
    pub discount_total: Money,
    /// All taxes, as the store states them.
    pub total_tax: Money,
    /// What the customer owes, as the store states it.
    pub total: Money,
    /// Refunded so far, positive.
    pub refunded: Money,
    /// How it was paid.
    pub payment: Payment,
    /// What the customer wrote.
    pub customer_note: Option<String>,
    /// The order's page in the store's back office.
    pub admin_url: Option<String>,
    /// The mark that an import left on it.
    #[serde(default)]
    pub stamp: Option<Stamp>,
}

/// A line that no Odoo product answers for yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlinkedLine<K> {
    /// The store's id of the line.
    pub line: String,
    /// What was sold, if the store still knows.
    pub product: Option<K>,
    /// Name at the time of sale.
    pub name: String,
    /// SKU at the time of sale.
    pub sku: Option<Sku>,
}

impl<K> Order<K> {
    /// What the parts add up to.
    ///
    /// Shops add up in one of two ways, and an order does not say which: every net amount
    /// rounded, plus the stated tax; or everything unrounded, rounded once. Over 124 totals
    /// computed by a real shop the first explains 117 and the second the other seven, so the
    /// one that reaches the stated total counts; if neither does, the first.
    pub fn sum_of_parts(&self) -> Money {
        let rounded = self.sum_of_rounded_parts();
        let exact = self.sum_of_exact_parts();
        if rounded != self.total && exact == self.total {
            exact
        } else {
            rounded
        }
    }

    fn sum_of_rounded_parts(&self) -> Money {
        let nets = self.nets();
        let nets = nets.map(|amount| Money::rounded(amount, self.currency).amount());
        let all = nets.chain(std::iter::once(self.total_tax.amount()));
        Money::rounded(sum(all), self.currency)
    }

    fn sum_of_exact_parts(&self) -> Money {
        let lines = self.lines.iter().flat_map(|line| &line.taxes);
        let charges = self.charges.iter().flat_map(|charge| &charge.taxes);
        let taxes = lines.chain(charges).map(|tax| tax.amount);
        Money::rounded(sum(self.nets().chain(taxes)), self.currency)
    }

    fn nets(&self) -> impl Iterator<Item = Decimal> {
        let lines = self.lines.iter().map(|line| line.total);
        lines.chain(self.charges.iter().map(|charge| charge.total))
    }

    /// The store's ids of the rates that taxed something, each once.
    pub fn rates_used(&self) -> Vec<&str> {
        let lines = self.lines.iter().flat_map(|line| &line.taxes);
        let charges = self.charges.iter().flat_map(|charge| &charge.taxes);
        let mut rates = Vec::new();
        for tax in lines.chain(charges).filter(|tax| !tax.amount.is_zero()) {
            if !rates.contains(&tax.rate.as_str()) {
                rates.push(tax.rate.as_str());
            }
        }
        rates
    }

    /// Key and name of the way of delivery; the name where the store gives no code.
    pub fn delivery_method(&self) -> Option<(&str, &str)> {
        let mut charges = self.charges.iter();
        let charge = charges.find(|charge| charge.kind == ChargeKind::Shipping)?;
        let method = charge.method.as_deref().filter(|code| !code.is_empty());
        Some((method.unwrap_or(&charge.name), &charge.name))
    }

    /// Key of the customer's role in the currency of the order, `wholesale/EUR`, and its name.
    pub fn role_key(&self) -> Option<(String, String)> {
        let role = self.customer.role.as_ref()?;
        let currency = self.currency.code();
        Some((format!("{role}/{currency}"), format!("{role}, {currency}")))
    }

    /// Stated total minus what the parts add up to; zero for a sound order.
    pub fn unexplained(&self) -> Money {
        let parts = self.sum_of_parts().amount();
        Money::rounded(self.total.amount().saturating_sub(parts), self.currency)
    }
}
