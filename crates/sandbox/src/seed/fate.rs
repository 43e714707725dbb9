//! What happened to a product on its way into two catalogues.

use super::dice::Dice;
use super::keys::{self, Keys};

/// How hard a listing of the shop is to tell, for whoever judges a matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Its keys say it, once on either side.
    Certain,
    /// Its counterpart exists, but a person should look: only the name says it, or a key lies.
    Likely,
    /// Odoo does not have it.
    OnlyInStore,
    /// Its data are broken: doubled, junk, unreadable, or the counterpart is archived.
    Broken,
}

/// What happened to one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Both keys are kept well.
    BothKeys,
    /// Another spelling of the SKU; the barcode agrees.
    SpellingAndBarcode,
    /// Another spelling of the SKU, and no barcode to compare.
    Spelling,
    /// The SKU alone; the barcode is missing or worthless on one side.
    SkuOnly,
    /// The barcode alone.
    BarcodeOnly,
    /// Nothing but the name.
    NameOnly,
    /// The shop carries the SKU of another member of the family.
    SiblingSku,
    /// Odoo gave the SKU to a second product.
    ReusedInOdoo,
    /// The SKU stands on Odoo's carton of twelve.
    Carton,
    /// Nothing but the name, and Odoo has a near twin.
    NearTwin,
    /// The shop has it twice under the same SKU.
    CopyInShop,
    /// A barcode with a wrong check digit is all there is.
    BrokenBarcode,
    /// An in-store number is all there is.
    InStoreNumber,
    /// Somebody typed a dash, "N/A" or the family's SKU.
    JunkSku,
    /// Odoo archived it.
    Archived,
}

impl Fate {
    /// How hard that makes it.
    pub(super) fn group(self) -> Group {
        match self {
            Self::BothKeys
            | Self::SpellingAndBarcode
            | Self::Spelling
            | Self::SkuOnly
            | Self::BarcodeOnly => Group::Certain,
            Self::NameOnly
            | Self::SiblingSku
            | Self::ReusedInOdoo
            | Self::Carton
            | Self::NearTwin => Group::Likely,
            Self::CopyInShop
            | Self::BrokenBarcode
            | Self::InStoreNumber
            | Self::JunkSku
            | Self::Archived => Group::Broken,
        }
    }

    /// Whether only words can lead to the counterpart, so that both sides must share a language.
    pub(super) fn needs_words(self) -> bool {
        self.group() != Group::Certain
    }
}

/// How many of 184 products meet each fate; with one family in twelve only in the store, that
/// makes three quarters of the shop certain, an eighth likely, and a twentieth broken.
const CARDS: [(Fate, usize); 15] = [
    (Fate::BothKeys, 88),
    (Fate::SpellingAndBarcode, 12),
    (Fate::Spelling, 12),
    (Fate::SkuOnly, 22),
    (Fate::BarcodeOnly, 16),
    (Fate::NameOnly, 12),
    (Fate::SiblingSku, 4),
    (Fate::ReusedInOdoo, 2),
    (Fate::Carton, 4),
    (Fate::NearTwin, 2),
    (Fate::CopyInShop, 2),
    (Fate::BrokenBarcode, 2),
    (Fate::InStoreNumber, 2),
    (Fate::JunkSku, 2),
    (Fate::Archived, 2),
];

/// Deals fates so that every 184 products hold the same mixture, in an order of chance.
#[derive(Debug, Default)]
pub(super) struct Deck(Vec<Fate>);

impl Deck {
    /// The next fate.
    pub(super) fn deal(&mut self, dice: &mut Dice) -> Fate {
        if self.0.is_empty() {
            for (fate, count) in CARDS {
                self.0.extend(std::iter::repeat_n(fate, count));
            }
            dice.shuffle(&mut self.0);
        }
        self.0.pop().unwrap_or(Fate::BothKeys)
    }
}

/// One product of a family, as each side will write it down.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) fate: Fate,
    pub(super) serial: u32,
    /// The SKU that Odoo gave it.
    pub(super) sku: String,
    pub(super) shop: Keys,
    pub(super) erp: Keys,
}

impl Member {
    /// A member whose keys have met their fate.
    pub(super) fn new(dice: &mut Dice, fate: Fate, serial: u32, sku: String) -> Self {
        let true_keys = Keys {
            sku: sku.clone(),
            barcode: keys::ean(serial),
        };
        let (shop, erp) = met(dice, fate, serial, &true_keys);
        Self {
            fate,
            serial,
            sku,
            shop,
            erp,
        }
    }
}

/// Both sides' keys after the fate. What needs other products too is done with the family.
fn met(dice: &mut Dice, fate: Fate, serial: u32, truth: &Keys) -> (Keys, Keys) {
    let erp = truth.clone();
    match fate {
        Fate::BothKeys if keys::is_upc(serial) => {
            let upc = truth.barcode[1..].to_owned();
            (
                Keys {
                    barcode: upc,
                    ..truth.clone()
                },
                erp,
            )
        }
        Fate::BothKeys | Fate::Archived => (truth.clone(), erp),
        Fate::SpellingAndBarcode => {
            let sku = keys::respelled(dice, &truth.sku);
            (
                Keys {
                    sku,
                    ..truth.clone()
                },
                erp,
            )
        }
        Fate::Spelling => (Keys::sku(keys::respelled(dice, &truth.sku)), erp),
        Fate::SkuOnly => sku_only(dice, serial, truth),
        Fate::BarcodeOnly if dice.percent(60) => (Keys::barcode(truth.barcode.clone()), erp),
        Fate::BarcodeOnly => {
            let sku = keys::foreign(serial);
            (
                Keys {
                    sku,
                    ..truth.clone()
                },
                erp,
            )
        }
        Fate::NameOnly if dice.percent(40) => (Keys::sku(keys::foreign(serial)), erp),
        Fate::NameOnly | Fate::NearTwin => (Keys::default(), erp),
        Fate::SiblingSku | Fate::ReusedInOdoo | Fate::Carton | Fate::CopyInShop => {
            (Keys::sku(truth.sku.clone()), erp)
        }
        Fate::BrokenBarcode => (Keys::barcode(keys::broken(&truth.barcode)), erp),
        Fate::InStoreNumber => (
            Keys::barcode(keys::in_store(serial)),
            Keys {
                barcode: keys::in_store(serial),
                ..erp
            },
        ),
        Fate::JunkSku => (
            Keys::sku((*dice.pick(&["N/A", "-", "TBD", "0"])).to_owned()),
            erp,
        ),
    }
}

/// The barcode is missing on either side, wrong in the shop, or one of Odoo's own making.
fn sku_only(dice: &mut Dice, serial: u32, truth: &Keys) -> (Keys, Keys) {
    let with = |barcode: String| Keys {
        barcode,
        ..truth.clone()
    };
    match dice.below(10) {
        0..4 => (with(String::new()), truth.clone()),
        4..7 => (truth.clone(), with(String::new())),
        7 => (with(keys::broken(&truth.barcode)), truth.clone()),
        8 => (with(String::new()), with(keys::in_store(serial))),
        _ => (with(String::new()), with(String::new())),
    }
}
