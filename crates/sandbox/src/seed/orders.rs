//! A month of orders, ended by those of the story.

use rust_decimal::Decimal;
use tandem_domain::{Address, Currency, Customer, Timestamp};

use super::dice::Dice;
use super::fate::Group;
use super::shelf::{Truth, before, fils};
use super::site::{GCC_VAT, KSA_VAT, currency};
use super::story::{self, Tale};
use super::till::{Basket, LineNumbers, Pick};
use super::words::{EXPATS, GULF, NOTES, PLACES, Person, Place};
use crate::world::{ShopListing, ShopOrder, ShopRefund, ShopWorld};

/// What the first order of the month is called.
pub const FIRST_NUMBER: u64 = 10_200;

const DAY_S: i64 = 24 * 3600;
const MONTH_S: i64 = 30 * DAY_S;
/// The story takes place after this moment before now.
pub(super) const STORY_S: i64 = 36 * 3600;

/// Statuses of orders that are not part of the story, as often as they occur.
const STATUSES: &[(u32, &str)] = &[
    (55, "completed"),
    (11, "processing"),
    (6, "on-hold"),
    (4, "pending"),
    (8, "cancelled"),
    (5, "refunded"),
    (4, "failed"),
    (7, "out-for-delivery"),
];

/// Ways to pay: how often, code, title, and whether the money comes at once.
pub(super) const PAYMENTS: &[(u32, Payment)] = &[
    (48, Payment("knet", "KNET", true)),
    (24, Payment("cod", "Cash on delivery", false)),
    (20, Payment("visa", "Visa / Mastercard", true)),
    (8, Payment("bacs", "Bank transfer", false)),
];

/// Code, title, and whether the money comes at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payment(&'static str, &'static str, bool);

/// Everything about an order but its amounts.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) status: &'static str,
    pub(super) currency: Currency,
    pub(super) created: Timestamp,
    pub(super) payment: Payment,
    pub(super) person: Person,
    pub(super) place: Place,
    pub(super) note: &'static str,
}

/// Takes orders and numbers them.
#[derive(Debug)]
pub(super) struct Clerk<'a> {
    pub(super) dice: Dice,
    pub(super) now: Timestamp,
    pub(super) shop: &'a mut ShopWorld,
    /// Published listings that are told by their keys, and all others.
    pub(super) easy: Vec<u64>,
    hard: Vec<u64>,
    lines: LineNumbers,
    next_id: u64,
    next_number: u64,
}

/// Fills the shop with this many orders, or with those of the story alone.
pub(super) fn take(seed: u64, now: Timestamp, orders: usize, shop: &mut ShopWorld, truth: &Truth) {
    let mut clerk = Clerk::new(Dice::new(seed, 2), now, shop, truth);
    let before_story = orders.saturating_sub(Tale::ALL.len());
    for place in 0..before_story {
        clerk.take_one(place, before_story);
    }
    story::tell(&mut clerk);
    clerk.refund();
}

impl<'a> Clerk<'a> {
    fn new(dice: Dice, now: Timestamp, shop: &'a mut ShopWorld, truth: &Truth) -> Self {
        let published = |id: &u64| {
            let listing = shop.listings.get(id);
            listing.is_some_and(|listing| listing.status == "publish")
        };
        let (mut easy, mut hard) = (Vec::new(), Vec::new());
        for (id, known) in &truth.listings {
            if published(id) {
                match known.group {
                    Group::Certain => easy.push(*id),
                    Group::Likely | Group::OnlyInStore | Group::Broken => hard.push(*id),
                }
            }
        }
        let last = shop.listings.keys().next_back().copied().unwrap_or(0);
        Self {
            dice,
            now,
            shop,
            easy,
            hard,
            lines: LineNumbers::default(),
            next_id: (last / 1000 + 2) * 1000,
            next_number: FIRST_NUMBER,
        }
    }

    /// An order like any other: `place` of `all`, oldest first.
    fn take_one(&mut self, place: usize, all: usize) {
        let status = *weighted(&mut self.dice, STATUSES);
        let payment = *weighted(&mut self.dice, PAYMENTS);
        let home = *weighted(&mut self.dice, PLACES);
        let slot = (MONTH_S - STORY_S) / i64::try_from(all).unwrap_or(i64::MAX).max(1);
        let into_slot = i64::from(self.dice.below(u32::try_from(slot).unwrap_or(1).max(1)));
        let age = MONTH_S - slot * i64::try_from(place).unwrap_or(0) - into_slot;
        let basket = self.basket(status, payment, &home);
        let slip = Slip {
            status,
            currency: currency("KWD"),
            created: before(self.now, age),
            payment,
            person: *if self.dice.percent(65) {
                self.dice.pick(GULF)
            } else {
                self.dice.pick(EXPATS)
            },
            place: home,
            note: if self.dice.percent(18) {
                self.dice.pick::<&str>(NOTES)
            } else {
                ""
            },
        };
        self.file(&slip, &basket);
    }

    fn basket(&mut self, status: &str, payment: Payment, home: &Place) -> Basket {
        let waits = matches!(status, "processing" | "on-hold" | "pending");
        let count = 1 + self.dice.below(3) + self.dice.below(3);
        let mut picks: Vec<Pick> = Vec::new();
        for _ in 0..count {
            let pool = if waits || self.hard.is_empty() || !self.dice.percent(12) {
                &self.easy
            } else {
                &self.hard
            };
            let id = *self.dice.pick(pool);
            let quantity = 1 + self.dice.below(3) * self.dice.below(4);
            if picks.iter().all(|pick| pick.listing != Some(id)) {
                picks.push(self.pick(id, quantity));
            }
        }
        let mut fees = Vec::new();
        if payment.0 == "cod" {
            fees.push(("Cash handling", fils(500)));
        }
        if self.dice.percent(6) {
            fees.push(("Loyalty rebate", -fils(1_000)));
        }
        let goods: Decimal = picks
            .iter()
            .map(|pick| pick.price * Decimal::from(pick.quantity))
            .sum();
        Basket {
            picks,
            coupon: self.dice.percent(14).then_some(("marhaba10", 10)),
            delivery: Some(self.delivery(home, goods)),
            fees,
            tax: self.tax_of(home),
        }
    }

    fn delivery(&mut self, home: &Place, goods: Decimal) -> (&'static str, &'static str, u32) {
        if home.country != "KW" {
            ("Aramex GCC", "flat_rate", 6_500)
        } else if self.dice.percent(25) {
            ("Pick up at Salmiya shop", "local_pickup", 0)
        } else if goods >= fils(25_000) {
            ("Free delivery", "free_shipping", 0)
        } else {
            ("Aramex next day", "flat_rate", 1_750)
        }
    }

    /// The rate of the country, where the shop has one.
    pub(super) fn tax_of(&self, home: &Place) -> Option<(u64, Decimal)> {
        let id = match home.country {
            "AE" => GCC_VAT,
            "SA" => KSA_VAT,
            _ => return None,
        };
        self.shop.tax_rates.get(&id).map(|rate| (id, rate.percent))
    }

    /// A listing as it goes into a basket.
    pub(super) fn pick(&self, id: u64, quantity: u32) -> Pick {
        let listing = &self.shop.listings[&id];
        Pick {
            listing: Some(id),
            name: sold_as(listing),
            sku: listing.sku.clone(),
            price: listing
                .sale_price
                .or(listing.regular_price)
                .unwrap_or_default(),
            quantity,
        }
    }

    /// Adds an order up and files it under the next number; hands back its id.
    pub(super) fn file(&mut self, slip: &Slip, basket: &Basket) -> u64 {
        let receipt = basket.ring_up(&mut self.lines);
        let id = self.next_id;
        self.next_id += 1;
        let number = self.next_number;
        self.next_number += 1;
        let customer = self.customer(slip);
        let (billing, shipping) = self.addresses(slip, &customer);
        let order = ShopOrder {
            number: number.to_string(),
            status: slip.status.to_owned(),
            currency: slip.currency,
            customer,
            billing,
            shipping,
            lines: receipt.lines,
            shipping_lines: receipt.shipping_lines,
            fees: receipt.fees,
            coupons: receipt.coupons,
            discount_total: receipt.discount_total,
            total_tax: receipt.total_tax,
            total: receipt.total,
            refunds: Vec::new(),
            payment_method: slip.payment.0.to_owned(),
            payment_title: slip.payment.1.to_owned(),
            customer_note: slip.note.to_owned(),
            meta: Vec::new(),
            paid: self.paid(slip),
            created: slip.created,
            modified: self.later(slip.created, 40 * 3600),
        };
        self.shop.orders.insert(id, order);
        id
    }

    /// Pays the money of refunded orders back, and some of others.
    fn refund(&mut self) {
        let mut next_id = self.next_id;
        for order in self.shop.orders.values_mut() {
            let share = match order.status.as_str() {
                "refunded" => order.total,
                "completed" if self.dice.percent(6) && !order.lines.is_empty() => {
                    order.lines[0].total
                }
                _ => continue,
            };
            let reason = *self
                .dice
                .pick(&["", "Arrived damaged", "Wrong colour", "تغيير الرأي"]);
            order.refunds.push(ShopRefund {
                id: next_id,
                reason: reason.to_owned(),
                amount: share,
                created: order.modified,
                lines: Vec::new(),
            });
            next_id += 1;
        }
    }

    fn paid(&mut self, slip: &Slip) -> Option<Timestamp> {
        let arrived = match slip.status {
            "completed" | "refunded" => true,
            "processing" | "out-for-delivery" => slip.payment.2,
            _ => false,
        };
        arrived.then(|| self.later(slip.created, 600))
    }

    /// Some moment after this one, within so many seconds and not in the future.
    fn later(&mut self, than: Timestamp, seconds: u32) -> Timestamp {
        let age = before(self.now, 0).as_second() - than.as_second();
        let most = age.clamp(0, i64::from(seconds));
        let after = self.dice.below(u32::try_from(most).unwrap_or(0) + 1);
        before(than, -i64::from(after))
    }

    fn customer(&mut self, slip: &Slip) -> Customer {
        let local = format!("{:07}", self.dice.below(10_000_000));
        Customer {
            external_id: self
                .dice
                .percent(60)
                .then(|| account_of(slip.person).to_string()),
            name: slip.person.name.to_owned(),
            email: Some(format!("{}@mail.example", slip.person.mail)),
            phone: Some(format!("{}{local}", slip.place.dial)),
            role: None,
        }
    }

    /// Bill to, and ship to: now and then somebody else.
    fn addresses(&mut self, slip: &Slip, customer: &Customer) -> (Address, Address) {
        let street = match slip.place.country {
            "KW" => format!(
                "Block {}, Street {}, House {}",
                self.dice.between(1, 12),
                self.dice.between(1, 60),
                self.dice.between(1, 99)
            ),
            _ => format!(
                "Villa {}, Street {}",
                self.dice.between(1, 400),
                self.dice.between(1, 90)
            ),
        };
        let billing = Address {
            name: customer.name.clone(),
            company: self
                .dice
                .percent(8)
                .then(|| "Bright Steps Nursery".to_owned()),
            street: vec![street],
            postcode: some(slip.place.postcode),
            city: some(slip.place.city),
            state: some(slip.place.state),
            country: some(slip.place.country),
            phone: customer.phone.clone(),
        };
        let mut shipping = billing.clone();
        if self.dice.percent(10) {
            self.dice.pick(GULF).name.clone_into(&mut shipping.name);
            shipping.street.push("Next to the mosque".to_owned());
        }
        (billing, shipping)
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The same person has the same account every time.
fn account_of(person: Person) -> usize {
    let everybody = GULF.iter().chain(EXPATS);
    let place = everybody.take_while(|other| other.mail != person.mail);
    20 + place.count()
}

/// `Name - Value`, as the shop writes a variation on an order.
fn sold_as(listing: &ShopListing) -> String {
    let values: Vec<&str> = listing
        .attributes
        .iter()
        .map(|a| a.value.as_str())
        .collect();
    if values.is_empty() {
        listing.name.clone()
    } else {
        format!("{} - {}", listing.name, values.join(", "))
    }
}

/// One of a list of alternatives that together make a hundred.
fn weighted<'t, T>(dice: &mut Dice, list: &'t [(u32, T)]) -> &'t T {
    let mut draw = dice.below(list.iter().map(|(weight, _)| weight).sum());
    for (weight, item) in list {
        if draw < *weight {
            return item;
        }
        draw -= weight;
    }
    &list[0].1
}
