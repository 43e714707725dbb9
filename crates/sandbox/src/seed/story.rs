//! The orders at the end of every world: six that can go, and one for each way to be held back.

use super::Plan;
use super::orders::{Clerk, FIRST_NUMBER, PAYMENTS, STORY_S, Slip};
use super::shelf::{before, fils};
use super::site::currency;
use super::special::{AMPERSAND_SKU, EMOJI_SKU, LIKELY_NAME, STORE_ONLY_SKU};
use super::till::{Basket, Pick};
use super::words::{EXPATS, GULF, NOTES, PLACES};

/// What the deleted product of [`Tale::DeletedProduct`] was called.
pub const DELETED_NAME: &str = "Pearl garland kit, last season";

/// An order of the story. All wait in status `processing`, and are the newest of their shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tale {
    /// Two lines, paid by KNET.
    Plain,
    /// A coupon of 10 %, whose fils do not divide evenly.
    Coupon,
    /// To Dubai, with 5 % tax on every line and on delivery.
    Taxed,
    /// Cash handling and a negative rebate.
    Fees,
    /// To be picked up, by a customer who writes Arabic.
    Pickup,
    /// More lines than fit on a screen, for a guest who left no e-mail.
    ManyLines,
    /// Holds [`super::STORE_ONLY_SKU`], which Odoo does not have.
    UnlinkedLine,
    /// Holds a product that the shop has deleted for good: only its name is left.
    DeletedProduct,
    /// Its total is 0.001 KWD more than its parts: it was rounded at the subtotal.
    OneFilsMore,
    /// In US dollars, which Odoo has not switched on.
    CurrencyNotInOdoo,
    /// Holds [`super::LIKELY_NAME`]: accepting that pair lets it go.
    LikelyLine,
}

impl Tale {
    /// All of them, oldest first.
    pub const ALL: [Self; 11] = [
        Self::Plain,
        Self::UnlinkedLine,
        Self::Coupon,
        Self::Taxed,
        Self::DeletedProduct,
        Self::Fees,
        Self::OneFilsMore,
        Self::Pickup,
        Self::CurrencyNotInOdoo,
        Self::ManyLines,
        Self::LikelyLine,
    ];

    /// The order's number in the world of this plan.
    pub fn number(self, plan: &Plan) -> String {
        let before_story = plan.orders.saturating_sub(Self::ALL.len()) as u64;
        (FIRST_NUMBER + before_story + self.place()).to_string()
    }

    /// Whether nothing holds it back once the certain pairs are linked.
    pub fn is_clean(self) -> bool {
        match self {
            Self::Plain
            | Self::Coupon
            | Self::Taxed
            | Self::Fees
            | Self::Pickup
            | Self::ManyLines => true,
            Self::UnlinkedLine
            | Self::DeletedProduct
            | Self::OneFilsMore
            | Self::CurrencyNotInOdoo
            | Self::LikelyLine => false,
        }
    }

    fn place(self) -> u64 {
        let earlier = Self::ALL.iter().take_while(|tale| **tale != self);
        earlier.count() as u64
    }
}

/// Places the orders of the story.
pub(super) fn tell(clerk: &mut Clerk<'_>) {
    for tale in Tale::ALL {
        let slip = slip(clerk, tale);
        let mut basket = basket(clerk, tale);
        basket.tax = clerk.tax_of(&slip.place);
        let id = clerk.file(&slip, &basket);
        if tale == Tale::OneFilsMore
            && let Some(order) = clerk.shop.orders.get_mut(&id)
        {
            order.total += fils(1);
        }
        if tale == Tale::ManyLines
            && let Some(order) = clerk.shop.orders.get_mut(&id)
        {
            order.customer.external_id = None;
            order.customer.email = None;
        }
    }
}

fn slip(clerk: &Clerk<'_>, tale: Tale) -> Slip {
    let place = usize::try_from(tale.place()).unwrap_or(0);
    let slot = STORY_S / 12;
    let age = STORY_S - slot * i64::try_from(place).unwrap_or(0) - 40 * 60;
    let (person, note) = match tale {
        Tale::Pickup => (GULF[1], NOTES[5]),
        Tale::Taxed => (EXPATS[5], NOTES[4]),
        _ => ([GULF, EXPATS][place % 2][place % 9], ""),
    };
    Slip {
        status: "processing",
        currency: currency(if tale == Tale::CurrencyNotInOdoo {
            "USD"
        } else {
            "KWD"
        }),
        created: before(clerk.now, age),
        payment: PAYMENTS[usize::from(tale == Tale::Fees)].1,
        person,
        place: match tale {
            Tale::Taxed => PLACES[8].1,
            _ => PLACES[place % 6].1,
        },
        note,
    }
}

fn basket(clerk: &mut Clerk<'_>, tale: Tale) -> Basket {
    let aramex = Some(("Aramex next day", "flat_rate", 1_750));
    let plain = Basket {
        picks: vec![pick(clerk, EMOJI_SKU, 1), pick(clerk, AMPERSAND_SKU, 2)],
        delivery: aramex,
        ..Basket::default()
    };
    match tale {
        Tale::Plain => plain,
        Tale::Coupon => Basket {
            picks: vec![
                pick(clerk, "CNF-CAN-80", 3),
                pick(clerk, "CUP-250-GR", 6),
                pick(clerk, "BNT-FR-03", 1),
            ],
            coupon: Some(("marhaba10", 10)),
            ..plain
        },
        Tale::Taxed => Basket {
            picks: vec![
                pick(clerk, "CUP-250-GR", 5),
                pick(clerk, "CNF-CAN-80", 1),
                pick(clerk, "PLT-MBK-09", 3),
            ],
            delivery: Some(("Aramex GCC", "flat_rate", 6_500)),
            ..plain
        },
        Tale::Fees => Basket {
            fees: vec![
                ("Cash handling", fils(500)),
                ("Loyalty rebate", -fils(1_000)),
            ],
            ..plain
        },
        Tale::Pickup => Basket {
            picks: vec![pick(clerk, "BLN-11-GLD", 4), pick(clerk, "BLN-11-RGD", 4)],
            delivery: Some(("Pick up at Salmiya shop", "local_pickup", 0)),
            ..plain
        },
        Tale::ManyLines => Basket {
            picks: many(clerk),
            delivery: Some(("Free delivery", "free_shipping", 0)),
            ..plain
        },
        Tale::UnlinkedLine => with(plain, pick(clerk, STORE_ONLY_SKU, 1)),
        Tale::DeletedProduct => with(plain, deleted()),
        Tale::OneFilsMore => Basket {
            picks: vec![pick(clerk, "CUP-250-GR", 3), pick(clerk, "PLT-MBK-09", 3)],
            ..plain
        },
        Tale::CurrencyNotInOdoo => Basket {
            picks: vec![pick(clerk, EMOJI_SKU, 1), pick(clerk, "FOG-400-EU", 1)],
            ..plain
        },
        Tale::LikelyLine => with(plain, named(clerk, LIKELY_NAME)),
    }
}

fn with(mut basket: Basket, pick: Pick) -> Basket {
    basket.picks.push(pick);
    basket
}

fn deleted() -> Pick {
    Pick {
        listing: None,
        name: DELETED_NAME.to_owned(),
        sku: String::new(),
        price: fils(6_750),
        quantity: 1,
    }
}

/// Fourteen different listings that are told by their keys.
fn many(clerk: &Clerk<'_>) -> Vec<Pick> {
    let step = (clerk.easy.len() / 14).max(1);
    let chosen = clerk.easy.iter().step_by(step).take(14);
    chosen.map(|id| clerk.pick(*id, 2)).collect()
}

fn pick(clerk: &Clerk<'_>, sku: &str, quantity: u32) -> Pick {
    let found = clerk.shop.listings.iter().find(|(_, l)| l.sku == sku);
    let (id, _) = found.expect("every world holds the products made by hand");
    clerk.pick(*id, quantity)
}

fn named(clerk: &Clerk<'_>, name: &str) -> Pick {
    let found = clerk.shop.listings.iter().find(|(_, l)| l.name == name);
    let (id, _) = found.expect("every world holds the products made by hand");
    clerk.pick(*id, 1)
}
