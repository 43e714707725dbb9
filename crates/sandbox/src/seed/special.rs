//! Products made by hand, so that every kind of trouble is there in the smallest shop.

use super::fate::Group;
use super::favourites::{SERVICES, SPECIALS, Special};
use super::keys::{self, Keys};
use super::shelf::{Article, Offer, Shelf};
use crate::world::ShopKind;

/// The listing that Odoo does not have.
pub const STORE_ONLY_SKU: &str = "BQT-MABROOK";
/// The listing, without any key, whose one counterpart only the name gives away.
pub const LIKELY_NAME: &str = "Desert rose table fountain 45 cm";
/// The SKU of that counterpart in Odoo.
pub const LIKELY_ODOO_SKU: &str = "FTN-DR-45";
/// A listing with an emoji in its name.
pub const EMOJI_SKU: &str = "HEL-KIT-30";
/// A listing with an ampersand in its name.
pub const AMPERSAND_SKU: &str = "CDL-TJ-01";

/// Puts everything made by hand into both catalogues.
pub(super) fn place(shelf: &mut Shelf<'_>) {
    for (name, reference, kind) in SERVICES {
        let template = shelf.template();
        let article = article(template, name, Keys::sku((*reference).to_owned()), 0);
        let id = shelf.count(article);
        let variant = shelf.variant(id);
        (*kind).clone_into(&mut variant.kind);
        variant.storable = false;
        variant.levels.clear();
        "All / Services".clone_into(&mut variant.category);
    }
    for special in SPECIALS {
        place_one(shelf, special);
    }
    place_costume(shelf);
    place_set(shelf);
    place_trash(shelf);
}

fn place_one(shelf: &mut Shelf<'_>, special: &Special) {
    let mut variants = Vec::new();
    for odoo in special.odoo {
        let keys = Keys {
            sku: odoo.sku.to_owned(),
            barcode: odoo.barcode.number(),
        };
        let template = shelf.template();
        variants.push(shelf.count(article(template, odoo.name, keys, odoo.fils)));
    }
    let keys = Keys {
        sku: special.sku.to_owned(),
        barcode: special.barcode.number(),
    };
    let offer = Offer {
        shelf: special.shelf,
        ..offer(special.name, keys, special.fils)
    };
    let counterpart = special.same.and_then(|place| variants.get(place)).copied();
    shelf.offer(offer, special.group, counterpart);
}

/// A family whose largest size carries the family's own SKU in the shop.
fn place_costume(shelf: &mut Shelf<'_>) {
    const NAME: &str = "Pirate captain costume with hat & hook";
    let head = offer(NAME, Keys::sku("CST-PC-77".to_owned()), 0);
    let parent = shelf.head(Offer {
        kind: ShopKind::Variable,
        ..head
    });
    let template = shelf.template();
    for (serial, size) in (40..).zip(["S", "M", "L"]) {
        let true_keys = Keys {
            sku: format!("CST-PC-77-{size}"),
            barcode: keys::ean(serial),
        };
        let id = shelf.count(Article {
            attribute: Some(("Size", size)),
            ..article(template, NAME, true_keys.clone(), 9_500)
        });
        let (keys, group) = if size == "L" {
            (Keys::sku("CST-PC-77".to_owned()), Group::Broken)
        } else {
            (true_keys, Group::Certain)
        };
        let variation = Offer {
            kind: ShopKind::VariationOf(parent),
            attribute: Some(("Size", size)),
            ..offer(NAME, keys, 9_500)
        };
        shelf.offer(variation, group, Some(id));
    }
}

/// A set of products, which is no product itself.
fn place_set(shelf: &mut Shelf<'_>) {
    let keys = Keys::sku("SET-BDAY-01".to_owned());
    shelf.head(Offer {
        kind: ShopKind::Grouped,
        ..offer("Birthday in a box", keys, 0)
    });
}

/// What the shop threw away, while Odoo keeps one of the two.
fn place_trash(shelf: &mut Shelf<'_>) {
    for (serial, name, sku) in [
        (50, "Spinning top party pack", "FDG-PACK-01"),
        (51, "Vuvuzela horn red", "HRN-RED-01"),
    ] {
        let keys = Keys {
            sku: sku.to_owned(),
            barcode: keys::ean(serial),
        };
        if serial == 50 {
            let template = shelf.template();
            let id = shelf.count(article(template, name, keys.clone(), 1_500));
            shelf.variant(id).active = false;
        }
        let id = shelf.offer(offer(name, keys, 1_500), Group::Broken, None);
        shelf.trash(id);
    }
}

fn offer(name: &str, keys: Keys, fils: u32) -> Offer {
    Offer {
        kind: ShopKind::Simple,
        name: name.to_owned(),
        keys,
        attribute: None,
        fils,
        shelf: "Party Centre favourites",
    }
}

fn article(template: i64, name: &str, keys: Keys, fils: u32) -> Article {
    Article {
        template,
        name: name.to_owned(),
        keys,
        attribute: None,
        fils,
        shelf: "Party Centre favourites",
    }
}
