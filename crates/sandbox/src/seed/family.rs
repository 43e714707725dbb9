//! One family of goods, before it goes anywhere.

use super::dice::Dice;
use super::keys::{self, Keys};
use super::naming::{Style, Title};
use super::shelf::{Article, Offer};
use super::words::Value;
use crate::world::ShopKind;

/// How a side arranges a family that has more than one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// One product with variants.
    Grouped,
    /// Products of their own, with the value in the name.
    Apart,
}

/// A family of goods: one theme or brand, one kind, perhaps several colours or sizes.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) title: Title,
    /// Empty when there is one member that nothing sets apart.
    pub(super) values: Vec<&'static Value>,
    /// Starts the SKUs; also the SKU of the shop's parent row.
    pub(super) reference: String,
    pub(super) shop: Arrangement,
    pub(super) erp: Arrangement,
    fils: u32,
    erp_fils: u32,
    /// SKUs are digits with a zero in front, as suppliers give them.
    numeric: bool,
}

impl Family {
    /// The family with this title, at most so many members strong.
    pub(super) fn draw(dice: &mut Dice, title: Title, number: usize, room: usize) -> Self {
        let mut values: Vec<&Value> = title.goods.axis.values().iter().collect();
        if !values.is_empty() {
            let most = if values.len() > 4 { 8 } else { 4 };
            let count = dice.between(2, most) as usize;
            // A window on the list keeps near twins such as gold and rose gold together.
            let start = dice.place(values.len() - count + 1);
            values = values[start..start + count.min(room)].to_vec();
        }
        let (low, high) = title.goods.fils;
        let fils = dice.between(low / 25, high / 25) * 25;
        let erp_fils = if dice.percent(4) {
            fils / 100 * 110
        } else {
            fils
        };
        let apart = |apart| {
            if apart {
                Arrangement::Apart
            } else {
                Arrangement::Grouped
            }
        };
        Self {
            title,
            values,
            reference: format!("{}-{number:05}", title.goods.code),
            shop: apart(dice.percent(15)),
            erp: apart(dice.percent(20)),
            fils,
            erp_fils,
            numeric: dice.percent(12),
        }
    }

    /// How many members it has.
    pub(super) fn members(&self) -> usize {
        self.values.len().max(1)
    }

    /// Whether there is anything to tell its members apart by.
    pub(super) fn mixes(&self) -> bool {
        self.values.len() > 1
    }

    /// What sets each member apart.
    pub(super) fn each_value(&self) -> Vec<Option<&'static Value>> {
        if self.values.is_empty() {
            vec![None]
        } else {
            self.values.iter().copied().map(Some).collect()
        }
    }

    /// The SKU of a member.
    pub(super) fn sku(&self, value: Option<&Value>, serial: u32) -> String {
        match value {
            _ if self.numeric => format!("0{}", 100_000 + serial),
            Some(value) => format!("{}-{}", self.reference, value.code),
            None => self.reference.clone(),
        }
    }

    /// A member, or with [`ShopKind::Variable`] the head, as the shop words it.
    pub(super) fn offer(
        &self,
        kind: ShopKind,
        style: Style,
        value: Option<&'static Value>,
        keys: Keys,
    ) -> Offer {
        let in_name = value.filter(|_| kind == ShopKind::Simple);
        let beside = value.filter(|_| kind != ShopKind::Simple);
        Offer {
            kind,
            name: self.title.worded(style, in_name),
            keys,
            attribute: beside.map(|value| (self.title.goods.axis.names().0, style.of(value))),
            fils: self.fils,
            shelf: self.title.goods.shelf,
        }
    }

    /// A member as Odoo words it.
    pub(super) fn article(
        &self,
        template: i64,
        style: Style,
        value: Option<&'static Value>,
        keys: Keys,
    ) -> Article {
        let grouped = self.erp == Arrangement::Grouped && self.mixes();
        let in_name = value.filter(|_| !grouped);
        let beside = value.filter(|_| grouped);
        Article {
            template,
            name: self.title.worded(style, in_name),
            keys,
            attribute: beside.map(|value| (self.title.goods.axis.names().1, style.of(value))),
            fils: self.erp_fils,
            shelf: self.title.goods.shelf,
        }
    }

    /// The same goods in another pack, which only Odoo has.
    pub(super) fn twin(&self, template: i64, value: Option<&Value>, keys: Keys) -> Article {
        let pieces = self.title.pieces * 2 + 6;
        Article {
            template,
            name: self.title.in_packs_of(pieces).worded(Style::Plain, value),
            keys,
            attribute: None,
            fils: self.erp_fils * 2,
            shelf: self.title.goods.shelf,
        }
    }

    /// The head's keys: the family's reference, or nothing.
    pub(super) fn head_keys(&self, dice: &mut Dice) -> Keys {
        let sku = if dice.percent(80) {
            self.reference.clone()
        } else {
            String::new()
        };
        Keys::sku(sku)
    }

    /// Keys of something without a counterpart: none, the shop's own, or orderly ones.
    pub(super) fn lonely_keys(&self, dice: &mut Dice, serial: u32) -> Keys {
        match dice.below(3) {
            0 => Keys::default(),
            1 => Keys::sku(keys::foreign(serial)),
            _ => Keys::sku(self.reference.clone()),
        }
    }
}
