//! Builds the same shop and the same Odoo from the same number: Party Centre Kuwait.
//!
//! The two catalogues differ the way real ones do: most pairs share a SKU and a barcode, some
//! share them in another spelling, some only a name, and some look alike but are not the same.

mod desk;
mod dice;
mod families;
mod family;
mod fate;
mod favourites;
mod keys;
mod naming;
mod orders;
mod shelf;
mod site;
mod special;
mod story;
#[cfg(test)]
mod story_tests;
#[cfg(test)]
mod tests;
mod till;
mod words;

use std::sync::Arc;

use dice::Dice;
use families::Families;
use shelf::Shelf;

use tandem_domain::{Clock, Timestamp};

use crate::world::World;

pub use fate::Group;
pub use orders::FIRST_NUMBER;
pub use shelf::{Known, Truth};
pub use special::{AMPERSAND_SKU, EMOJI_SKU, LIKELY_NAME, LIKELY_ODOO_SKU, STORE_ONLY_SKU};
pub use story::{DELETED_NAME, Tale};

/// The smallest shop, in sellable listings.
pub const LISTINGS_MIN: usize = 200;
/// The largest one.
pub const LISTINGS_MAX: usize = 200_000;

/// Logs into the shop. Made up and public: it opens nothing but the sandbox.
pub const SHOP_LOGIN: &str = "manager@partycentre.example";
/// An application password as WordPress shows it. Made up and public.
pub const SHOP_SECRET: &str = "abcd EFGH 1234 ijkl MNOP 5678";
/// Logs into Odoo. Made up and public.
pub const ERP_LOGIN: &str = "tandem@partycentre.example";
/// An API key of the length that Odoo gives. Made up and public.
pub const ERP_API_KEY: &str = "5a0dec0ffee5a0dec0ffee5a0dec0ffee5a0dec0";
/// The Odoo database.
pub const ERP_DATABASE: &str = "party-prod";

/// What to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The same number gives the same world on every machine.
    pub seed: u64,
    /// Sellable listings in the shop, kept within [`LISTINGS_MIN`] and [`LISTINGS_MAX`]. Parents,
    /// sets and the trash come on top.
    pub listings: usize,
    /// Orders of the last 30 days, at least those of the story.
    pub orders: usize,
    /// The day on which everything has happened.
    pub now: Timestamp,
}

impl Plan {
    /// The world of the demo: about 1,200 listings and 160 orders.
    pub fn demo(now: Timestamp) -> Self {
        Self {
            seed: 18,
            listings: 1_200,
            orders: 160,
            now,
        }
    }
}

/// The world of a plan. The same plan gives the same world.
pub fn world(plan: &Plan, clock: Arc<dyn Clock>) -> World {
    with_truth(plan, clock).0
}

/// The world of a plan, and what is really so in it.
pub fn with_truth(plan: &Plan, clock: Arc<dyn Clock>) -> (World, Truth) {
    let mut shop = site::empty_shop();
    let mut erp = site::empty_erp();
    let dice = Dice::new(plan.seed, 1);
    let mut shelf = Shelf::new(dice, plan.now, &mut shop, &mut erp);
    special::place(&mut shelf);
    let listings = plan.listings.clamp(LISTINGS_MIN, LISTINGS_MAX);
    Families::new(&mut shelf).fill(listings);
    let truth = shelf.truth;
    orders::take(plan.seed, plan.now, plan.orders, &mut shop, &truth);
    desk::open(&mut erp);
    (World { clock, shop, erp }, truth)
}
