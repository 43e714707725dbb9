//! Stock as quants: the sandbox counts per warehouse, Odoo per shelf.
//!
//! Every third variant lies on two shelves, whose quants are far apart in the table, and each
//! count is mirrored by a negative quant in the virtual location that it was counted from: both
//! as in real databases, and both invisible to a reader that gets it right.

use rust_decimal::Decimal;
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpVariant, ErpWorld, Levels};

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

/// The ids of all quants in the companies' warehouses after one, ascending. Lazy: a page of a
/// large world must not cost as much as the whole.
pub(super) fn ids_after(
    erp: &ErpWorld,
    companies: &[i64],
    after: i64,
) -> impl Iterator<Item = i64> {
    let (first_part, rest) = (after.max(0) / PART_IDS, after.max(0) % PART_IDS);
    (0..)
        .zip(PARTS)
        .filter(move |(place, _)| *place >= first_part)
        .flat_map(move |(place, part)| {
            let first = if place == first_part {
                rest / WAREHOUSES_MAX
            } else {
                0
            };
            let variants = erp.variants.range(first..);
            variants.flat_map(move |(variant, found)| {
                of_variant(erp, companies, (*variant, found), (place, part))
            })
        })
        .filter(move |id| *id > after)
}

/// The ids of these variants' quants, in no order.
pub(super) fn of_variants<'a>(
    erp: &'a ErpWorld,
    companies: &'a [i64],
    variants: impl Iterator<Item = &'a i64>,
) -> impl Iterator<Item = i64> {
    variants
        .filter_map(|variant| Some((*variant, erp.variants.get(variant)?)))
        .flat_map(move |variant| {
            let parts = (0..).zip(PARTS);
            parts.flat_map(move |part| of_variant(erp, companies, variant, part))
        })
}

fn of_variant(
    erp: &ErpWorld,
    companies: &[i64],
    (variant, found): (i64, &ErpVariant),
    (place, part): (i64, Part),
) -> impl Iterator<Item = i64> {
    found.levels.iter().filter_map(move |(warehouse, level)| {
        let ours = companies.contains(&erp.warehouses.get(warehouse)?.company);
        let there = ours && share(part, variant, *level).is_some();
        there.then_some(place * PART_IDS + variant * WAREHOUSES_MAX + warehouse)
    })
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
