//! Stock as quants: the sandbox counts per warehouse, Odoo per shelf.
//!
//! Every third variant lies on two shelves, whose quants are far apart in the table, and each
//! count is mirrored by a negative quant in the virtual location that it was counted from: both
//! as in real databases, and both invisible to a reader that gets it right.

use rust_decimal::Decimal;
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpWorld, Levels};

/// Where a quant stands among those of its variant and warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Stock,
    SecondShelf,
    /// `Virtual Locations/Inventory adjustment`.
    Mirror,
}

const PARTS: [Part; 3] = [Part::Stock, Part::SecondShelf, Part::Mirror];

/// Ids of one part come after all of the one before.
const PART_IDS: i64 = 1_000_000_000;
/// Quants of one variant follow each other; no world has more warehouses than this.
const WAREHOUSES_MAX: i64 = 100;
/// A second shelf is a location below the warehouse's stock location.
const SHELF_BELOW: i64 = 500_000;
const VIRTUAL_LOCATION: i64 = 990_014;

/// One quant.
#[derive(Debug)]
pub(super) struct Quant {
    pub(super) variant: i64,
    pub(super) location: i64,
    pub(super) usage: &'static str,
    pub(super) quantity: Decimal,
    pub(super) reserved: Decimal,
    pub(super) modified: Timestamp,
}

impl Quant {
    /// The quant of this id, if there is one.
    pub(super) fn find(erp: &ErpWorld, id: i64) -> Option<Self> {
        let part = *PARTS.get(usize::try_from(id / PART_IDS).ok()?)?;
        let (variant, warehouse) = (
            (id % PART_IDS) / WAREHOUSES_MAX,
            (id % PART_IDS) % WAREHOUSES_MAX,
        );
        let found = erp.variants.get(&variant)?;
        let stock_location = erp.warehouses.get(&warehouse)?.stock_location;
        let level = *found.levels.get(&warehouse)?;
        let (quantity, reserved) = share(part, variant, level)?;
        Some(Self {
            variant,
            location: match part {
                Part::Stock => stock_location,
                Part::SecondShelf => stock_location + SHELF_BELOW,
                Part::Mirror => VIRTUAL_LOCATION,
            },
            usage: match part {
                Part::Stock | Part::SecondShelf => "internal",
                Part::Mirror => "inventory",
            },
            quantity,
            reserved,
            modified: level.modified.unwrap_or(found.modified),
        })
    }
}

/// What of a level lies in a part: quantity and reserved; nothing where there is no quant. The
/// shelves' shares add up to the level.
fn share(part: Part, variant: i64, level: Levels) -> Option<(Decimal, Decimal)> {
    let Levels {
        on_hand, reserved, ..
    } = level;
    let second = if variant % 3 == 0 && on_hand > Decimal::ONE {
        (on_hand / Decimal::TWO).floor()
    } else {
        Decimal::ZERO
    };
    let ever_counted = level.modified.is_some() || !on_hand.is_zero() || !reserved.is_zero();
    match part {
        Part::Stock if ever_counted => Some((on_hand - second, reserved)),
        Part::SecondShelf if !second.is_zero() => Some((second, Decimal::ZERO)),
        Part::Mirror if !on_hand.is_zero() => Some((-on_hand, Decimal::ZERO)),
        Part::Stock | Part::SecondShelf | Part::Mirror => None,
    }
}

/// The ids of all quants in the companies' warehouses, ascending.
pub(super) fn ids(erp: &ErpWorld, companies: &[i64]) -> Vec<i64> {
    let variants: Vec<i64> = erp.variants.keys().copied().collect();
    of_variants(erp, companies, &variants)
}

/// The ids of these variants' quants; ascending, if the variants are.
pub(super) fn of_variants(erp: &ErpWorld, companies: &[i64], variants: &[i64]) -> Vec<i64> {
    let ours = |warehouse: &i64| {
        let place = erp.warehouses.get(warehouse);
        place.is_some_and(|place| companies.contains(&place.company))
    };
    let mut ids = Vec::new();
    for (place, part) in (0..).zip(PARTS) {
        for variant in variants.iter().copied() {
            let Some(found) = erp.variants.get(&variant) else {
                continue;
            };
            let held = found.levels.iter().filter(|(warehouse, _)| ours(warehouse));
            let there = held.filter(|(_, level)| share(part, variant, **level).is_some());
            ids.extend(
                there.map(|(warehouse, _)| place * PART_IDS + variant * WAREHOUSES_MAX + warehouse),
            );
        }
    }
    ids
}

/// Whether a location is another one, or a shelf below it.
pub(super) fn is_within(location: i64, parent: i64) -> bool {
    location == parent || location - SHELF_BELOW == parent
}

/// A location's full name: `WH/Stock`.
pub(super) fn location_name(erp: &ErpWorld, id: i64) -> Option<String> {
    if id == VIRTUAL_LOCATION {
        return Some("Virtual Locations/Inventory adjustment".to_owned());
    }
    let mut places = erp.warehouses.values();
    let place = places.find(|place| is_within(id, place.stock_location))?;
    let shelf = if id == place.stock_location {
        ""
    } else {
        "/Shelf 2"
    };
    Some(format!("{}/Stock{shelf}", place.code))
}
