//! The story is there in every world, and tells what it promises.

use std::sync::Arc;

use tandem_domain::{Currency, ManualClock};

use super::*;
use crate::world::ShopOrder;

fn plans() -> impl Iterator<Item = Plan> {
    let demo = Plan::demo("2026-11-21T09:30:00Z".parse().expect("a timestamp"));
    [(200, 0), (200, 40), (1_200, 160), (3_000, 500)]
        .into_iter()
        .flat_map(move |(listings, orders)| {
            [18, 19].map(|seed| Plan {
                seed,
                listings,
                orders,
                ..demo
            })
        })
}

fn order(world: &World, plan: &Plan, tale: Tale) -> ShopOrder {
    let number = tale.number(plan);
    let found = world
        .shop
        .orders
        .values()
        .find(|order| order.number == number);
    found.cloned().expect("the story is in every world")
}

fn each(check: impl Fn(&World, &Truth, &Plan)) {
    for plan in plans() {
        let (world, truth) = with_truth(&plan, Arc::new(ManualClock::at(plan.now)));
        check(&world, &truth, &plan);
    }
}

/// The hardest line of an order.
fn hardest(truth: &Truth, order: &ShopOrder) -> Option<Group> {
    let listings = order.lines.iter().filter_map(|line| line.listing);
    listings.map(|id| truth.listings[&id].group).max()
}

#[test]
fn the_story_is_the_end_of_every_world() {
    each(|world, _, plan| {
        let last = world.shop.orders.values().next_back().expect("some orders");
        assert_eq!(last.number, Tale::LikelyLine.number(plan));
        for tale in Tale::ALL {
            assert_eq!(
                order(world, plan, tale).status,
                "processing",
                "{tale:?} waits"
            );
        }
    });
    let demo = Plan::demo("2026-11-21T09:30:00Z".parse().expect("a timestamp"));
    assert_eq!(Tale::Plain.number(&demo), "10349");
}

#[test]
fn six_orders_can_go() {
    assert_eq!(Tale::ALL.iter().filter(|tale| tale.is_clean()).count(), 6);
    each(|world, truth, plan| {
        for tale in Tale::ALL.into_iter().filter(|tale| tale.is_clean()) {
            let order = order(world, plan, tale);
            assert_eq!(hardest(truth, &order), Some(Group::Certain), "{tale:?}");
            assert!(order.lines.iter().all(|line| line.listing.is_some()));
            assert!(world.erp.currencies.contains(&order.currency));
        }
    });
}

#[test]
fn every_other_order_is_held_back_by_one_thing() {
    each(|world, truth, plan| {
        let unlinked = order(world, plan, Tale::UnlinkedLine);
        assert_eq!(hardest(truth, &unlinked), Some(Group::OnlyInStore));

        let deleted = order(world, plan, Tale::DeletedProduct);
        let lost: Vec<_> = deleted
            .lines
            .iter()
            .filter(|l| l.listing.is_none())
            .collect();
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].name, DELETED_NAME);

        let foreign = order(world, plan, Tale::CurrencyNotInOdoo);
        assert_eq!(
            foreign.currency,
            "USD".parse::<Currency>().expect("an ISO code")
        );
        assert!(!world.erp.currencies.contains(&foreign.currency));
        assert_eq!(
            foreign.total,
            foreign.total.round_dp(2),
            "dollars have cents"
        );

        let likely = order(world, plan, Tale::LikelyLine);
        assert_eq!(hardest(truth, &likely), Some(Group::Likely));
    });
}

#[test]
fn the_likely_pair_is_what_its_constants_say() {
    each(|world, truth, _| {
        let mut listings = world.shop.listings.iter();
        let (id, listing) = listings
            .find(|(_, l)| l.name == LIKELY_NAME)
            .expect("is there");
        assert_eq!((listing.sku.as_str(), listing.gtin.as_str()), ("", ""));
        let variant = truth.listings[id].variant.expect("has a counterpart");
        assert_eq!(world.erp.variants[&variant].sku, LIKELY_ODOO_SKU);
        assert_eq!(
            listing.regular_price,
            Some(world.erp.variants[&variant].list_price)
        );
    });
}

#[test]
fn the_taxed_order_goes_to_dubai_and_the_discount_does_not_divide_evenly() {
    each(|world, _, plan| {
        let taxed = order(world, plan, Tale::Taxed);
        assert_eq!(taxed.shipping.country.as_deref(), Some("AE"));
        assert!(taxed.lines.iter().all(|line| line.taxes.len() == 1));
        let finer = taxed
            .lines
            .iter()
            .any(|line| line.taxes[0].amount.normalize().scale() > 3);
        assert!(finer, "tax is held unrounded");
        let coupon = order(world, plan, Tale::Coupon);
        let tenth = coupon
            .lines
            .iter()
            .map(|l| l.subtotal)
            .sum::<rust_decimal::Decimal>()
            / rust_decimal::Decimal::TEN;
        assert_ne!(tenth, coupon.discount_total, "a fils had to be rounded");
    });
}
