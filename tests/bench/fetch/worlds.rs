//! Worlds of any size, without a story: one product again and again.

use std::collections::BTreeMap;
use std::sync::Arc;

use tandem_domain::Clock;
use tandem_sandbox::{ErpVariant, ShopKind, ShopListing, World, seed};
use tandem_tests::rig::Rig;

fn small(clock: Arc<dyn Clock>) -> World {
    let plan = seed::Plan {
        seed: 7,
        listings: seed::LISTINGS_MIN,
        orders: 120,
        now: Rig::start(),
    };
    seed::world(&plan, clock)
}

/// A shop of so many single products and so many families.
pub(crate) fn families(
    singles: u64,
    families: u64,
    variations: u64,
) -> impl FnOnce(Arc<dyn Clock>) -> World {
    move |clock| {
        let mut world = small(clock);
        let model = world.shop.listings.values();
        let model = model
            .clone()
            .find(|listing| listing.kind == ShopKind::Simple && !listing.trashed);
        let model = model.expect("the shop sells single products").clone();
        let named = |id: u64, kind| ShopListing {
            name: format!("{} {id}", model.name),
            sku: format!("BENCH-{id}"),
            gtin: String::new(),
            kind,
            ..model.clone()
        };
        let mut listings = BTreeMap::new();
        for id in 1..=singles {
            listings.insert(id, named(id, ShopKind::Simple));
        }
        let mut id = singles;
        for _ in 0..families {
            id += 1;
            let parent = id;
            listings.insert(parent, named(parent, ShopKind::Variable));
            for _ in 0..variations {
                id += 1;
                listings.insert(id, named(id, ShopKind::VariationOf(parent)));
            }
        }
        world.shop.listings = listings;
        world
    }
}

/// An Odoo of so many products with one variant each.
pub(crate) fn variants(count: i64) -> impl FnOnce(Arc<dyn Clock>) -> World {
    move |clock| {
        let mut world = small(clock);
        let model = world.erp.variants.values().find(|variant| variant.active);
        let model = model.expect("Odoo has products").clone();
        let variant = |id: i64| ErpVariant {
            template: id,
            name: format!("{} {id}", model.name),
            sku: format!("BENCH-{id}"),
            barcode: String::new(),
            attributes: Vec::new(),
            ..model.clone()
        };
        world.erp.variants = (1..=count).map(|id| (id, variant(id))).collect();
        world
    }
}
