//! Fills both catalogues with families of goods until the plan is met.

use super::family::{Arrangement, Family};
use super::fate::{Deck, Fate, Group, Member};
use super::keys::{self, Keys};
use super::naming::{Style, Title};
use super::shelf::{Article, Offer, Shelf};
use super::words::{Goods, ODOO_ONLY, SHARED, STORE_ONLY, Value};
use crate::world::ShopKind;

/// Serial numbers below this one belong to products made by hand.
const FIRST_SERIAL: u32 = 1_000;
/// Added to a serial number for the twin of a product.
const TWIN_SERIAL: u32 = 500_000_000;

/// Makes families and numbers them.
#[derive(Debug)]
pub(super) struct Families<'a, 'w> {
    shelf: &'a mut Shelf<'w>,
    deck: Deck,
    serial: u32,
    shared: usize,
    only_in_store: usize,
    only_in_odoo: usize,
    /// Variants without a listing so far.
    lonely_variants: usize,
}

impl<'a, 'w> Families<'a, 'w> {
    pub(super) fn new(shelf: &'a mut Shelf<'w>) -> Self {
        Self {
            shelf,
            deck: Deck::default(),
            serial: FIRST_SERIAL,
            shared: 0,
            only_in_store: 0,
            only_in_odoo: 0,
            lonely_variants: 0,
        }
    }

    /// Adds families until the shop has this many sellable listings, no more and no fewer.
    pub(super) fn fill(&mut self, listings: usize) {
        while self.shelf.sellable() < listings {
            let so_far = self.shelf.sellable();
            if self.lonely_variants * 100 < so_far * 8 {
                self.only_in_odoo();
            }
            if self.only_in_store * 100 < so_far * 8 {
                self.only_in_store();
            } else {
                self.on_both_sides(listings - so_far);
            }
        }
    }

    fn draw(&mut self, all: &'static [Goods], number: usize, room: usize) -> Family {
        let title = Title::numbered(all, number);
        let families = self.shared + self.only_in_store + self.only_in_odoo;
        Family::draw(&mut self.shelf.dice, title, families, room)
    }

    fn only_in_store(&mut self) {
        let family = self.draw(STORE_ONLY, self.only_in_store, 1);
        self.only_in_store += 1;
        let serial = self.serials(1);
        let style = Style::of_shop(&mut self.shelf.dice, false);
        let keys = family.lonely_keys(&mut self.shelf.dice, serial);
        let offer = family.offer(ShopKind::Simple, style, None, keys);
        let id = self.shelf.offer(offer, Group::OnlyInStore, None);
        self.shelf.vary(id);
    }

    fn only_in_odoo(&mut self) {
        let family = self.draw(ODOO_ONLY, self.only_in_odoo, usize::MAX);
        self.only_in_odoo += 1;
        let template = self.shelf.template();
        let style = Style::of_erp(&mut self.shelf.dice, false);
        let first = self.serials(family.members());
        for (value, serial) in family.each_value().into_iter().zip(first..) {
            let keys = Keys::sku(family.sku(value, serial));
            let id = self
                .shelf
                .count(family.article(template, style, value, keys));
            self.shelf.variant(id).active = !self.shelf.dice.percent(25);
            self.lonely_variants += 1;
        }
    }

    fn on_both_sides(&mut self, room: usize) {
        let family = self.draw(SHARED, self.shared, room);
        self.shared += 1;
        let members = self.members(&family, room);
        let latin = members.iter().any(|member| member.fate.needs_words());
        let shop_style = Style::of_shop(&mut self.shelf.dice, latin);
        let erp_style = Style::of_erp(&mut self.shelf.dice, latin);
        let variants = self.put_into_odoo(&family, &members, erp_style);
        self.put_into_shop(&family, &members, &variants, shop_style);
    }

    fn serials(&mut self, count: usize) -> u32 {
        let first = self.serial;
        self.serial += u32::try_from(count).expect("a family is small");
        first
    }

    fn members(&mut self, family: &Family, room: usize) -> Vec<Member> {
        let first = self.serials(family.members());
        let mut spare = room - family.members();
        let mut members = Vec::with_capacity(family.members());
        for (value, serial) in family.each_value().into_iter().zip(first..) {
            let mut fate = self.deck.deal(&mut self.shelf.dice);
            match fate {
                Fate::CopyInShop if spare == 0 => fate = Fate::NameOnly,
                Fate::CopyInShop => spare -= 1,
                _ => {}
            }
            let sku = family.sku(value, serial);
            members.push(Member::new(&mut self.shelf.dice, fate, serial, sku));
        }
        paste_sibling_skus(&mut members);
        if family.mixes() && family.shop == Arrangement::Grouped {
            for member in &mut members {
                if member.fate == Fate::JunkSku {
                    member.shop.sku.clone_from(&family.reference);
                }
            }
        }
        members
    }

    /// Odoo's variants of these members, in their order, and perhaps one that the shop lacks.
    fn put_into_odoo(
        &mut self,
        family: &Family,
        members: &[Member],
        style: Style,
    ) -> Vec<Option<i64>> {
        let mut template = self.shelf.template();
        let mut variants = Vec::with_capacity(members.len());
        for (member, value) in members.iter().zip(family.each_value()) {
            if family.erp == Arrangement::Apart && !variants.is_empty() {
                template = self.shelf.template();
            }
            let article = family.article(template, style, value, member.erp.clone());
            let variant = match member.fate {
                Fate::Carton => self.count_carton(member, article),
                Fate::ReusedInOdoo => Some(self.count_twice(article)),
                Fate::NearTwin => Some(self.count_with_twin(family, member, article, value)),
                _ => Some(self.shelf.count(article)),
            };
            if let (Some(variant), Fate::Archived) = (variant, member.fate) {
                self.shelf.variant(variant).active = false;
            }
            variants.push(variant);
        }
        if family.mixes() && self.shelf.dice.percent(15) {
            self.one_more_in_odoo(family, template, style);
        }
        variants
    }

    /// The carton took the SKU; the single piece has another one, or is not in Odoo at all.
    fn count_carton(&mut self, member: &Member, article: Article) -> Option<i64> {
        let carton = Article {
            template: self.shelf.template(),
            name: format!("{} - carton of 12", article.flat_name()),
            attribute: None,
            fils: article.fils * 12,
            ..article.clone()
        };
        self.shelf.count(carton);
        self.shelf.dice.percent(50).then(|| {
            let keys = Keys::sku(format!("{}-PC", member.sku));
            self.shelf.count(Article { keys, ..article })
        })
    }

    /// Somebody copied the product in Odoo and left the SKU.
    fn count_twice(&mut self, article: Article) -> i64 {
        let old = Article {
            template: self.shelf.template(),
            name: format!("{} (old stock)", article.flat_name()),
            attribute: None,
            keys: Keys::sku(article.keys.sku.clone()),
            ..article.clone()
        };
        let id = self.shelf.count(article);
        self.shelf.count(old);
        id
    }

    fn count_with_twin(
        &mut self,
        family: &Family,
        member: &Member,
        article: Article,
        value: Option<&Value>,
    ) -> i64 {
        let id = self.shelf.count(article);
        let keys = Keys {
            sku: format!("{}-B", member.sku),
            barcode: keys::ean(member.serial + TWIN_SERIAL),
        };
        let template = self.shelf.template();
        self.shelf.count(family.twin(template, value, keys));
        id
    }

    /// A member of the family that the shop does not sell.
    fn one_more_in_odoo(&mut self, family: &Family, template: i64, style: Style) {
        let sold = |value: &&Value| family.values.iter().any(|v| v.code == value.code);
        let all = family.title.goods.axis.values();
        if let Some(value) = all.iter().find(|value| !sold(value)) {
            let template = match family.erp {
                Arrangement::Grouped => template,
                Arrangement::Apart => self.shelf.template(),
            };
            let serial = self.serials(1);
            let keys = Keys {
                sku: family.sku(Some(value), serial),
                barcode: keys::ean(serial),
            };
            self.shelf
                .count(family.article(template, style, Some(value), keys));
            self.lonely_variants += 1;
        }
    }

    fn put_into_shop(
        &mut self,
        family: &Family,
        members: &[Member],
        variants: &[Option<i64>],
        style: Style,
    ) {
        let grouped = family.mixes() && family.shop == Arrangement::Grouped;
        let kind = if grouped {
            let keys = family.head_keys(&mut self.shelf.dice);
            let head = family.offer(ShopKind::Variable, style, None, keys);
            ShopKind::VariationOf(self.shelf.head(head))
        } else {
            ShopKind::Simple
        };
        let each = || members.iter().zip(family.each_value()).zip(variants);
        for ((member, value), variant) in each() {
            let offer = family.offer(kind, style, value, member.shop.clone());
            let id = self.shelf.offer(offer, member.fate.group(), *variant);
            self.shelf.vary(id);
        }
        for ((member, value), variant) in each() {
            if member.fate == Fate::CopyInShop {
                let single = family.offer(ShopKind::Simple, style, value, member.shop.clone());
                let name = format!("{} (Copy)", single.name);
                self.shelf
                    .offer(Offer { name, ..single }, Group::Broken, *variant);
            }
        }
    }
}

/// Gives members the SKU of the next one, which keeps only its barcode.
fn paste_sibling_skus(members: &mut [Member]) {
    for place in 0..members.len() {
        let next = (place + 1) % members.len();
        if members[place].fate != Fate::SiblingSku {
            continue;
        }
        if next != place && members[next].fate == Fate::BothKeys {
            let sku = members[next].sku.clone();
            members[place].shop.sku = sku;
            members[next].shop.sku.clear();
            members[next].fate = Fate::BarcodeOnly;
        } else {
            members[place].fate = Fate::NameOnly;
            members[place].shop.sku.clear();
        }
    }
}
