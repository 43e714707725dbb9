//! The table of products made by hand: what the shop calls each, and what Odoo has in its stead.

use super::fate::Group;
use super::keys;
use super::special::{AMPERSAND_SKU, EMOJI_SKU, LIKELY_NAME, LIKELY_ODOO_SKU, STORE_ONLY_SKU};

/// A product of the shop and what Odoo has in its stead.
pub(super) struct Special {
    pub(super) name: &'static str,
    pub(super) sku: &'static str,
    pub(super) barcode: Barcode,
    pub(super) fils: u32,
    pub(super) shelf: &'static str,
    pub(super) group: Group,
    pub(super) odoo: &'static [InOdoo],
    /// Which of them is the same thing.
    pub(super) same: Option<usize>,
}

pub(super) struct InOdoo {
    pub(super) name: &'static str,
    pub(super) sku: &'static str,
    pub(super) barcode: Barcode,
    pub(super) fils: u32,
}

#[derive(Clone, Copy)]
pub(super) enum Barcode {
    None,
    Ean(u32),
    Broken(u32),
}

const fn odoo(name: &'static str, sku: &'static str, serial: u32, fils: u32) -> InOdoo {
    InOdoo {
        name,
        sku,
        barcode: Barcode::Ean(serial),
        fils,
    }
}

const fn certain(
    name: &'static str,
    sku: &'static str,
    serial: u32,
    fils: u32,
    odoo: &'static [InOdoo],
) -> Special {
    Special {
        name,
        sku,
        barcode: Barcode::Ean(serial),
        fils,
        shelf: "Party Centre favourites",
        group: Group::Certain,
        odoo,
        same: Some(0),
    }
}

const fn likely(
    name: &'static str,
    sku: &'static str,
    fils: u32,
    odoo: &'static [InOdoo],
    same: Option<usize>,
) -> Special {
    Special {
        barcode: Barcode::None,
        group: Group::Likely,
        same,
        ..certain(name, sku, 0, fils, odoo)
    }
}

pub(super) static SPECIALS: &[Special] = &[
    certain(
        "Helium balloon kit 🎈 with 30 balloons",
        EMOJI_SKU,
        1,
        14_500,
        &[odoo(
            "Helium balloon kit with 30 balloons",
            EMOJI_SKU,
            1,
            14_500,
        )],
    ),
    certain(
        "Tom & Jerry birthday candle set",
        AMPERSAND_SKU,
        2,
        1_250,
        &[odoo(
            "TOM & JERRY BIRTHDAY CANDLE SET",
            AMPERSAND_SKU,
            2,
            1_250,
        )],
    ),
    certain(
        "Latex balloon 11\" gold (25 pcs)",
        "BLN-11-GLD",
        3,
        1_950,
        &[odoo(
            "بالون لاتكس ١١ بوصة ذهبي ٢٥ قطعة",
            "BLN-11-GLD",
            3,
            1_950,
        )],
    ),
    certain(
        "Latex balloon 11\" rose gold (25 pcs)",
        "BLN-11-RGD",
        4,
        1_950,
        &[odoo(
            "بالون لاتكس ١١ بوصة ذهبي وردي ٢٥ قطعة",
            "BLN-11-RGD",
            4,
            1_950,
        )],
    ),
    certain(
        "Paper cup<br>with gold rim 250 ml (10 pcs)",
        "CUP-250-GR",
        5,
        1_125,
        &[odoo(
            "Paper cup with gold rim 250 ml (10 pcs)",
            "CUP-250-GR",
            5,
            1_125,
        )],
    ),
    certain(
        "Guirlande fanions « Joyeux anniversaire » 3 m",
        "BNT-FR-03",
        6,
        2_350,
        &[odoo(
            "Bunting \"Joyeux anniversaire\" 3 m",
            "BNT-FR-03",
            6,
            2_350,
        )],
    ),
    certain(
        "Clear cup with dome lid 710 ml (50 pcs)",
        "CUP-710-DL",
        7,
        4_750,
        &[odoo(
            "Clear cup with dome lid 710 ml (50 pcs)",
            "CUP-710-DL",
            7,
            4_750,
        )],
    ),
    certain(
        "Happy birthday sash – satin, pink",
        "ssh hb pnk",
        8,
        875,
        &[odoo(
            "Sash satin pink \"Happy birthday\"",
            "SSH-HB-PNK",
            8,
            875,
        )],
    ),
    certain(
        "Foil number 8 gold 34\"",
        "",
        9,
        2_250,
        &[odoo("Foil number 8 gold 34\"", "FNB-8-GLD-34", 9, 2_250)],
    ),
    certain(
        "Paper plates 9\" \"Mabrook\" gold foil (8 pcs)",
        "PLT-MBK-09",
        10,
        1_350,
        &[odoo(
            "Paper plates 9 inch Mabrook gold foil, 8 pcs",
            "PLT-MBK-09",
            10,
            1_350,
        )],
    ),
    certain(
        "Fog machine 400 W",
        "FOG-400-EU",
        11,
        18_900,
        &[odoo("FOG MACHINE 400W", "FOG-400-EU", 11, 18_900)],
    ),
    certain(
        "Ice fountain candles 15 cm (4 pcs)",
        "CDL-FNT-15",
        12,
        1_650,
        &[odoo(
            "Ice fountain candles 15 cm (4 pcs)",
            "CDL-FNT-15",
            12,
            1_650,
        )],
    ),
    certain(
        "Crepe paper roll 50 cm x 2.5 m white",
        "412071",
        13,
        450,
        &[odoo(
            "Crepe paper roll 50 cm x 2.5 m white",
            "00412071",
            13,
            450,
        )],
    ),
    certain(
        "Confetti cannon 80 cm <outdoor>",
        "CNF-CAN-80",
        14,
        3_375,
        &[odoo(
            "Confetti cannon 80 cm outdoor",
            "CNF-CAN-80",
            14,
            3_375,
        )],
    ),
    likely(
        "Clear cup with dome lid 473 ml (50 pcs)",
        "",
        3_950,
        &[odoo(
            "Clear cup with dome lid 473 ml (50 pcs)",
            "CUP-473-DL",
            20,
            3_950,
        )],
        Some(0),
    ),
    likely(
        "Sequin fringe curtain rose gold 1 x 2 m",
        "",
        2_150,
        &[
            odoo(
                "Sequin fringe curtain gold 1 x 2 m",
                "FRG-GLD-12",
                21,
                2_150,
            ),
            odoo(
                "Sequin fringe curtain rose gold 1 x 2 m",
                "FRG-RGD-12",
                22,
                2_150,
            ),
        ],
        Some(1),
    ),
    likely(
        "Party popper 30 cm",
        "POP-30-GLD",
        750,
        &[odoo(
            "Party popper 30 cm - carton of 12",
            "POP-30-GLD",
            23,
            9_000,
        )],
        None,
    ),
    likely(
        "Foil number 3 gold 34\"",
        "FNB-8-GLD-34",
        2_250,
        &[odoo("Foil number 3 gold 34\"", "FNB-3-GLD-34", 24, 2_250)],
        Some(0),
    ),
    likely(
        "Satin ribbon 5 mm x 500 m red",
        "RIB-5X500",
        1_475,
        &[
            odoo("Satin ribbon 5 mm x 500 m red", "RIB-5X500", 25, 1_475),
            odoo("Satin ribbon 5 mm x 500 m blue", "RIB-5X500", 26, 1_475),
        ],
        Some(0),
    ),
    likely(
        LIKELY_NAME,
        "",
        27_500,
        &[odoo(
            "Table fountain Desert Rose 45 cm",
            LIKELY_ODOO_SKU,
            27,
            27_500,
        )],
        Some(0),
    ),
    Special {
        group: Group::OnlyInStore,
        ..likely(
            "Balloon bouquet \"Mabrook\" tied to order",
            STORE_ONLY_SKU,
            18_500,
            &[],
            None,
        )
    },
    Special {
        group: Group::OnlyInStore,
        ..likely("Gift voucher 10 KWD", "VOUCHER-10", 10_000, &[], None)
    },
    Special {
        group: Group::Broken,
        barcode: Barcode::Broken(28),
        ..likely(
            "Party blowers (6 pcs)",
            "",
            650,
            &[odoo("Party blowers (6 pcs)", "BLW-06-MIX", 28, 650)],
            Some(0),
        )
    },
];

/// What Odoo sells and nobody can hold: (name, reference, type).
pub(super) static SERVICES: &[(&str, &str, &str)] = &[
    ("Delivery charges", "DELIVERY", "service"),
    ("Discount", "DISC", "service"),
    ("Rounding", "ROUND", "service"),
    ("Helium refill", "SRV-HELIUM", "service"),
    ("Gift wrapping", "SRV-WRAP", "service"),
    ("Birthday box for ten children", "COMBO-BDAY-10", "combo"),
];

impl Barcode {
    /// The number itself; empty when there is none.
    pub(super) fn number(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Ean(serial) => keys::ean(serial),
            Self::Broken(serial) => keys::broken(&keys::ean(serial)),
        }
    }
}
