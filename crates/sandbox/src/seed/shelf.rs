//! Puts products into the shop and into Odoo, and remembers which belong together.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use rust_decimal::Decimal;
use tandem_domain::Timestamp;

use super::dice::Dice;
use super::fate::Group;
use super::keys::Keys;
use super::site::{MANAMA, SALMIYA, SHUWAIKH};
use crate::world::{
    ErpVariant, ErpWorld, Levels, ShopAttribute, ShopKind, ShopListing, ShopStock, ShopWorld,
};

const DAY_S: u32 = 24 * 3600;
const FIRST_LISTING: u64 = 1_001;
const FIRST_TEMPLATE: i64 = 61;
const FIRST_VARIANT: i64 = 101;
const FIRST_ATTRIBUTE_VALUE: i64 = 501;

/// What is really so, for tests that judge a matching. No connector ever serves it.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Every sellable listing that is not in the trash.
    pub listings: BTreeMap<u64, Known>,
}

/// What is known of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// How hard it is to tell.
    pub group: Group,
    /// The `product.product` that is the same thing, where there is one.
    pub variant: Option<i64>,
}

/// A product as the shop will show it.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) kind: ShopKind,
    pub(super) name: String,
    pub(super) keys: Keys,
    pub(super) attribute: Option<(&'static str, &'static str)>,
    pub(super) fils: u32,
    pub(super) shelf: &'static str,
}

/// A product as Odoo will count it.
#[derive(Debug, Clone)]
pub(super) struct Article {
    pub(super) template: i64,
    pub(super) name: String,
    pub(super) keys: Keys,
    pub(super) attribute: Option<(&'static str, &'static str)>,
    pub(super) fils: u32,
    pub(super) shelf: &'static str,
}

impl Article {
    /// The name with the variant's value in it.
    pub(super) fn flat_name(&self) -> String {
        match self.attribute {
            Some((_, value)) => format!("{} {value}", self.name),
            None => self.name.clone(),
        }
    }
}

/// Both catalogues while they are being filled.
#[derive(Debug)]
pub(super) struct Shelf<'a> {
    pub(super) dice: Dice,
    pub(super) truth: Truth,
    shop: &'a mut ShopWorld,
    erp: &'a mut ErpWorld,
    now: Timestamp,
    next_listing: u64,
    next_template: i64,
    next_variant: i64,
    next_value: i64,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(
        dice: Dice,
        now: Timestamp,
        shop: &'a mut ShopWorld,
        erp: &'a mut ErpWorld,
    ) -> Self {
        Self {
            dice,
            truth: Truth::default(),
            shop,
            erp,
            now,
            next_listing: FIRST_LISTING,
            next_template: FIRST_TEMPLATE,
            next_variant: FIRST_VARIANT,
            next_value: FIRST_ATTRIBUTE_VALUE,
        }
    }

    /// Sellable listings so far.
    pub(super) fn sellable(&self) -> usize {
        self.truth.listings.len()
    }

    /// The number that the next template gets.
    pub(super) fn template(&mut self) -> i64 {
        self.next_template += 1;
        self.next_template - 1
    }

    /// Puts a sellable product into the shop. `counterpart` is the same thing in Odoo.
    pub(super) fn offer(&mut self, offer: Offer, group: Group, counterpart: Option<i64>) -> u64 {
        let on_parent = match offer.kind {
            ShopKind::VariationOf(parent) => self.counts_on_parent(parent),
            _ => false,
        };
        let stock = if on_parent {
            ShopStock::OnParent
        } else {
            self.shop_stock(counterpart)
        };
        let price = fils(offer.fils);
        let mut listing = self.listing(offer);
        listing.stock = stock;
        listing.regular_price = Some(price);
        let id = self.insert(listing);
        let known = Known {
            group,
            variant: counterpart,
        };
        self.truth.listings.insert(id, known);
        id
    }

    /// Puts a row into the shop that nobody can buy: the head of a family, or a set of products.
    pub(super) fn head(&mut self, offer: Offer) -> u64 {
        let counted_here = offer.kind == ShopKind::Variable && self.dice.percent(8);
        let count = i64::from(self.dice.below(90));
        let mut listing = self.listing(offer);
        if counted_here {
            listing.stock = ShopStock::Own(count);
        }
        self.insert(listing)
    }

    /// Puts one listing in some on sale, and hides one simple listing in many.
    pub(super) fn vary(&mut self, id: u64) {
        let on_sale = self.dice.percent(7);
        let hidden = self.dice.percent(3);
        if let Some(listing) = self.shop.listings.get_mut(&id) {
            if on_sale {
                let percent = Decimal::new(80, 2);
                listing.sale_price = listing
                    .regular_price
                    .map(|price| (price * percent).round_dp(3));
            }
            if hidden && listing.kind == ShopKind::Simple {
                "draft".clone_into(&mut listing.status);
            }
        }
    }

    /// Moves a listing into the trash, where it keeps its keys.
    pub(super) fn trash(&mut self, id: u64) {
        self.truth.listings.remove(&id);
        if let Some(listing) = self.shop.listings.get_mut(&id) {
            listing.trashed = true;
        }
    }

    /// Puts goods into Odoo, with stock.
    pub(super) fn count(&mut self, article: Article) -> i64 {
        let modified = self.past(400);
        let value = article.attribute.map(|(attribute, value)| {
            self.next_value += 1;
            (attribute.to_owned(), value.to_owned(), self.next_value - 1)
        });
        let levels = self.levels();
        let variant = ErpVariant {
            template: article.template,
            name: article.name,
            sku: article.keys.sku,
            barcode: article.keys.barcode,
            attributes: value.into_iter().collect(),
            list_price: fils(article.fils),
            kind: "consu".to_owned(),
            storable: true,
            active: true,
            sale_ok: true,
            unit: "Units".to_owned(),
            category: format!("All / {}", article.shelf),
            levels,
            modified,
        };
        self.erp.variants.insert(self.next_variant, variant);
        self.next_variant += 1;
        self.next_variant - 1
    }

    /// An Odoo product just put there, to make it a service, archive it and so on.
    pub(super) fn variant(&mut self, id: i64) -> &mut ErpVariant {
        self.erp
            .variants
            .get_mut(&id)
            .expect("the shelf hands out ids of what it holds")
    }

    /// Some moment of the last so many days, to the second.
    pub(super) fn past(&mut self, days: u32) -> Timestamp {
        let seconds = self.dice.below(days * DAY_S);
        before(self.now, i64::from(seconds))
    }

    fn insert(&mut self, listing: ShopListing) -> u64 {
        let id = self.next_listing;
        self.shop.listings.insert(id, listing);
        // Pictures, pages and orders take numbers from the same row.
        self.next_listing += 1 + u64::from(self.dice.below(8) / 6);
        id
    }

    fn listing(&mut self, offer: Offer) -> ShopListing {
        let age = 30 * DAY_S + self.dice.below(800 * DAY_S);
        let since = self.dice.below(age);
        let image = if self.dice.percent(88) {
            image_of(&offer.keys.sku, self.next_listing)
        } else {
            String::new()
        };
        let attributes = offer.attribute.map(|(name, value)| ShopAttribute {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        ShopListing {
            kind: offer.kind,
            name: offer.name,
            sku: offer.keys.sku,
            gtin: offer.keys.barcode,
            attributes: attributes.into_iter().collect(),
            regular_price: None,
            sale_price: None,
            stock: ShopStock::NotManaged,
            status: "publish".to_owned(),
            trashed: false,
            image,
            categories: offer.shelf.split(" / ").map(str::to_owned).collect(),
            created: before(self.now, i64::from(age)),
            modified: before(self.now, i64::from(since)),
        }
    }

    fn counts_on_parent(&self, parent: u64) -> bool {
        let head = self.shop.listings.get(&parent);
        head.is_some_and(|head| matches!(head.stock, ShopStock::Own(_)))
    }

    /// Mostly what Odoo has free in the warehouse that ships; somewhat behind in some cases.
    fn shop_stock(&mut self, counterpart: Option<i64>) -> ShopStock {
        let Some(id) = counterpart else {
            return ShopStock::NotManaged;
        };
        let behind = self.dice.below(10);
        let lag = i64::from(self.dice.below(5));
        let free = self.erp.variants.get(&id).map_or(Decimal::ZERO, |variant| {
            let level = variant.levels.get(&SHUWAIKH).copied().unwrap_or_default();
            level.on_hand - level.reserved
        });
        let free = i64::try_from(free).unwrap_or(0);
        match behind {
            0 => ShopStock::NotManaged,
            1 | 2 => ShopStock::Own(free + lag),
            _ => ShopStock::Own(free),
        }
    }

    fn levels(&mut self) -> BTreeMap<i64, Levels> {
        let mut levels = BTreeMap::new();
        for (warehouse, chance, most) in [(SHUWAIKH, 92, 240), (SALMIYA, 55, 36), (MANAMA, 8, 60)] {
            if !self.dice.percent(chance) {
                continue;
            }
            // A count below zero is what a delivery without a receipt leaves behind.
            let on_hand = if self.dice.percent(1) {
                -2
            } else {
                i64::from(self.dice.below(most))
            };
            let reserved = i64::from(self.dice.below(6)).min(on_hand.max(0));
            let level = Levels {
                on_hand: Decimal::from(on_hand),
                reserved: Decimal::from(reserved),
                modified: Some(self.past(60)),
            };
            levels.insert(warehouse, level);
        }
        levels
    }
}

/// So many thousandths of a dinar.
pub(super) fn fils(amount: u32) -> Decimal {
    Decimal::new(i64::from(amount), 3)
}

/// So many seconds earlier, on a whole second as shops keep time.
pub(super) fn before(now: Timestamp, seconds: i64) -> Timestamp {
    let whole = Timestamp::from_second(now.as_second()).unwrap_or(now);
    whole
        .checked_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MIN)
}

fn image_of(sku: &str, id: u64) -> String {
    let plain: String = sku
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .flat_map(char::to_lowercase)
        .collect();
    if plain.len() < 4 {
        format!("img-{id}.jpg")
    } else {
        format!("{plain}.jpg")
    }
}
