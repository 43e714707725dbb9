//! What every seeded world holds to.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_domain::{Gtin, GtinError, ManualClock, Timestamp};

use super::*;
use crate::world::{ErpVariant, ShopKind, ShopOrder};

const NOW: &str = "2026-11-21T09:30:00Z";

fn plan(listings: usize) -> Plan {
    Plan {
        listings,
        ..Plan::demo(NOW.parse().expect("a timestamp"))
    }
}

fn seeded(plan: &Plan) -> (World, Truth) {
    with_truth(plan, Arc::new(ManualClock::at(plan.now)))
}

/// One number for everything that was built.
fn digest(plan: &Plan) -> u64 {
    let world = world(plan, Arc::new(ManualClock::at(plan.now)));
    let mut hasher = DefaultHasher::new();
    format!("{:?}{:?}", world.shop, world.erp).hash(&mut hasher);
    hasher.finish()
}

#[test]
fn the_same_plan_gives_the_same_world() {
    let plan = plan(1_200);
    assert_eq!(digest(&plan), digest(&plan));
    let other = Plan { seed: 19, ..plan };
    assert_ne!(digest(&plan), digest(&other), "another seed, another shop");
}

#[test]
fn a_later_day_moves_times_and_nothing_else() {
    let today = seeded(&plan(200)).0;
    let later: Timestamp = "2027-01-01T00:00:00Z".parse().expect("a timestamp");
    let other = seeded(&Plan {
        now: later,
        ..plan(200)
    })
    .0;
    for (id, listing) in &today.shop.listings {
        let same = &other.shop.listings[id];
        assert_eq!((&listing.name, &listing.sku), (&same.name, &same.sku));
    }
}

#[test]
fn the_shop_has_exactly_the_listings_asked_for() {
    for listings in [200, 1_200, 20_000] {
        let (world, truth) = seeded(&plan(listings));
        let sellable = world.shop.listings.values().filter(|listing| {
            let sold = matches!(listing.kind, ShopKind::Simple | ShopKind::VariationOf(_));
            sold && !listing.trashed
        });
        assert_eq!(sellable.count(), listings);
        assert_eq!(truth.listings.len(), listings);
        let variants = world.erp.variants.len();
        assert!(variants > listings * 9 / 10, "{variants} variants");
    }
}

#[test]
fn a_plan_out_of_bounds_is_brought_inside() {
    let (world, truth) = seeded(&Plan {
        orders: 0,
        ..plan(3)
    });
    assert_eq!(truth.listings.len(), LISTINGS_MIN);
    assert_eq!(world.shop.orders.len(), Tale::ALL.len());
}

#[test]
fn the_mixture_is_that_of_a_real_shop() {
    for (listings, slack) in [(200, 6), (1_200, 2), (20_000, 1)] {
        let (_, truth) = seeded(&plan(listings));
        let mut counts = BTreeMap::new();
        for known in truth.listings.values() {
            *counts.entry(known.group).or_insert(0_usize) += 1;
        }
        for (group, percent) in [
            (Group::Certain, 75),
            (Group::Likely, 12),
            (Group::OnlyInStore, 8),
            (Group::Broken, 5),
        ] {
            let share = counts[&group] * 100 / listings;
            let apart = share.abs_diff(percent);
            assert!(apart <= slack, "{share} % {group:?} of {listings}");
        }
    }
}

/// Letters and digits of a SKU in small letters, without zeros in front.
fn canonical(sku: &str) -> String {
    let plain: String = sku.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.to_lowercase().trim_start_matches('0').to_owned()
}

/// Everything that has this key, by key.
fn by_key<'a, K: Ord, I: Copy + 'a>(
    rows: impl Iterator<Item = (I, Option<K>)> + 'a,
) -> BTreeMap<K, Vec<I>> {
    let mut index: BTreeMap<K, Vec<I>> = BTreeMap::new();
    for (id, key) in rows {
        if let Some(key) = key {
            index.entry(key).or_default().push(id);
        }
    }
    index
}

fn sku_key(sku: &str) -> Option<String> {
    Some(canonical(sku)).filter(|key| key.len() >= 5)
}

#[test]
fn keys_alone_tell_every_certain_pair_and_no_other() {
    let (world, truth) = seeded(&plan(20_000));
    let sold = || {
        truth
            .listings
            .keys()
            .map(|id| (*id, &world.shop.listings[id]))
    };
    let counted = || {
        world
            .erp
            .variants
            .iter()
            .filter(|(_, variant)| variant.active)
    };
    let left_skus = by_key(sold().map(|(id, l)| (id, sku_key(&l.sku))));
    let right_skus = by_key(counted().map(|(id, v)| (*id, sku_key(&v.sku))));
    let left_gtins = by_key(sold().map(|(id, l)| (id, Gtin::parse(&l.gtin).ok())));
    let right_gtins = by_key(counted().map(|(id, v)| (*id, Gtin::parse(&v.barcode).ok())));
    for (id, listing) in sold() {
        let known = truth.listings[&id];
        let mut found = Vec::new();
        if let Some(key) = sku_key(&listing.sku)
            && left_skus[&key].len() == 1
            && let Some([variant]) = right_skus.get(&key).map(Vec::as_slice)
        {
            found.push(*variant);
        }
        if let Ok(gtin) = Gtin::parse(&listing.gtin)
            && left_gtins[&gtin].len() == 1
            && let Some([variant]) = right_gtins.get(&gtin).map(Vec::as_slice)
        {
            found.push(*variant);
        }
        let right = found.iter().filter(|f| Some(**f) == known.variant).count();
        if known.group == Group::Certain {
            assert!(!found.is_empty(), "nothing tells {listing:?}");
            assert_eq!(right, found.len(), "a key lies about {listing:?}");
        } else {
            assert_eq!(right, 0, "{:?} is too easy: {listing:?}", known.group);
        }
    }
}

#[test]
fn barcodes_are_valid_but_for_those_that_are_meant_not_to_be() {
    let (world, _) = seeded(&plan(20_000));
    let shop = world.shop.listings.values().map(|listing| &listing.gtin);
    let erp = world.erp.variants.values().map(|variant| &variant.barcode);
    let mut counts = [0_usize; 3];
    for barcode in shop.chain(erp).filter(|barcode| !barcode.is_empty()) {
        let place = match Gtin::parse(barcode) {
            Ok(_) => 0,
            Err(GtinError::CheckDigit) => 1,
            Err(GtinError::Restricted) => 2,
            Err(GtinError::Length) => panic!("{barcode} is no barcode at all"),
        };
        counts[place] += 1;
    }
    let [valid, wrong, in_store] = counts;
    assert!(valid > 25_000, "{counts:?}");
    assert!((100..800).contains(&wrong), "{counts:?}");
    assert!((100..1_000).contains(&in_store), "{counts:?}");
}

#[test]
fn odoo_gives_a_barcode_to_one_product_only() {
    let (world, _) = seeded(&plan(20_000));
    let barcode = |variant: &ErpVariant| Some(variant.barcode.clone()).filter(|b| !b.is_empty());
    let index = by_key(world.erp.variants.iter().map(|(id, v)| (*id, barcode(v))));
    for (barcode, holders) in index {
        assert_eq!(holders.len(), 1, "{barcode}");
    }
}

#[test]
fn parents_and_variations_fit_together() {
    let (world, _) = seeded(&plan(1_200));
    let listings = &world.shop.listings;
    let mut families = 0;
    for listing in listings.values() {
        match listing.kind {
            ShopKind::Variable => families += 1,
            ShopKind::VariationOf(parent) => {
                let parent = &listings[&parent];
                assert_eq!(parent.kind, ShopKind::Variable);
                assert_eq!(
                    parent.name, listing.name,
                    "a variation has its parent's name"
                );
                assert!(!listing.attributes.is_empty(), "something sets it apart");
            }
            ShopKind::Simple | ShopKind::Grouped => {}
        }
    }
    assert!(families > 80, "{families} families");
}

#[test]
fn names_hold_what_real_names_hold() {
    let (world, _) = seeded(&Plan::demo(NOW.parse().expect("a timestamp")));
    let shop = || {
        world
            .shop
            .listings
            .values()
            .map(|listing| listing.name.as_str())
    };
    let erp = || {
        world
            .erp
            .variants
            .values()
            .map(|variant| variant.name.as_str())
    };
    for part in ["&", "<br>", "\"", "🎈", "(Copy)", "ة"] {
        assert!(
            shop().any(|name| name.contains(part)),
            "no {part} in the shop"
        );
    }
    for part in ["&", "carton of 12", "(old stock)", "بوصة", " cm"] {
        assert!(erp().any(|name| name.contains(part)), "no {part} in Odoo");
    }
}

/// Nothing but what the order itself says, added up again.
fn added_up(order: &ShopOrder) -> Decimal {
    let charges = order.shipping_lines.iter().chain(&order.fees);
    order.lines.iter().map(|line| line.total).sum::<Decimal>()
        + charges.map(|charge| charge.total).sum::<Decimal>()
        + order.total_tax
}

#[test]
fn every_order_adds_up_but_the_one_of_the_story() {
    let plan = Plan {
        orders: 2_000,
        ..plan(1_200)
    };
    let (world, _) = seeded(&plan);
    let odd = Tale::OneFilsMore.number(&plan);
    for order in world.shop.orders.values() {
        let gap = order.total - added_up(order);
        let expected = if order.number == odd {
            Decimal::new(1, 3)
        } else {
            Decimal::ZERO
        };
        assert_eq!(gap, expected, "order {}", order.number);
        let line_taxes = order.lines.iter().flat_map(|line| &line.taxes);
        let charges = order.shipping_lines.iter().chain(&order.fees);
        let taxes = line_taxes.chain(charges.flat_map(|charge| &charge.taxes));
        let rounded = taxes.map(|tax| {
            let strategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
            tax.amount.round_dp_with_strategy(3, strategy)
        });
        assert_eq!(
            rounded.sum::<Decimal>(),
            order.total_tax,
            "each tax is rounded by itself"
        );
        let discounts = order.lines.iter().map(|line| line.subtotal - line.total);
        assert_eq!(discounts.sum::<Decimal>(), order.discount_total);
        assert!(order.total > Decimal::ZERO, "order {}", order.number);
    }
}

#[test]
fn a_month_of_orders_holds_every_kind() {
    let (world, _) = seeded(&Plan::demo(NOW.parse().expect("a timestamp")));
    let orders = || world.shop.orders.values();
    for status in [
        "pending",
        "on-hold",
        "processing",
        "completed",
        "cancelled",
        "refunded",
        "failed",
        "out-for-delivery",
    ] {
        assert!(
            orders().any(|order| order.status == status),
            "none {status}"
        );
    }
    assert!(
        orders().any(|order| !order.total_tax.is_zero()),
        "tax somewhere"
    );
    assert!(
        orders().any(|order| !order.coupons.is_empty()),
        "a coupon somewhere"
    );
    assert!(orders().any(|order| order.fees.iter().any(|fee| fee.total.is_sign_negative())));
    assert!(
        orders().any(|order| order.customer.external_id.is_none()),
        "a guest"
    );
    assert!(orders().any(|order| !order.refunds.is_empty()));
    let mut last = Timestamp::MIN;
    for order in orders() {
        assert!(order.created >= last, "numbers follow time");
        assert!(order.modified >= order.created);
        assert!(
            order.modified <= world.clock.now(),
            "nothing happens in the future"
        );
        assert!(order.paid.is_none_or(|paid| paid >= order.created));
        last = order.created;
    }
}

#[test]
fn line_and_order_numbers_are_used_once() {
    let (world, _) = seeded(&plan(1_200));
    let mut seen = std::collections::BTreeSet::new();
    for order in world.shop.orders.values() {
        let charges = order
            .shipping_lines
            .iter()
            .chain(&order.fees)
            .map(|charge| charge.id);
        for id in order.lines.iter().map(|line| line.id).chain(charges) {
            assert!(seen.insert(id), "line {id} twice");
        }
    }
    let orders = world.shop.orders.keys();
    let refunds = world.shop.orders.values().flat_map(|order| &order.refunds);
    let mut ids = std::collections::BTreeSet::new();
    for id in orders.copied().chain(refunds.map(|refund| refund.id)) {
        assert!(ids.insert(id), "id {id} twice");
        assert!(!world.shop.listings.contains_key(&id), "{id} is a product");
    }
}
