//! Kinds of goods: what both sides know, what only the shop sells, what only Odoo counts.

use super::Axis::{Age, Colour, Digit, Size};
use super::Goods;
use super::Measure::{Centimetre, Gram, Inch, Metre, Millilitre};

const LATEX: &str = "Balloons / Latex";
const FOIL: &str = "Balloons / Foil";
const HELIUM: &str = "Balloons / Helium & accessories";
const PLATES: &str = "Tableware / Plates & cups";
const TABLE: &str = "Tableware / Table covers";
const HANGING: &str = "Decoration / Hanging";
const WALL: &str = "Decoration / Walls & windows";
const FAVOURS: &str = "Favours & gift bags";
const CANDLES: &str = "Cakes / Candles & toppers";
const COSTUMES: &str = "Costumes";
const PAPER: &str = "Cards & gift wrap";
const SERVICE: &str = "Made to order";
const BACK_ROOM: &str = "Back room";

/// Goods that the shop sells and Odoo counts.
pub(in super::super) static SHARED: &[Goods] = &[
    Goods::new(
        "LB5",
        ["latex balloons", "بالونات لاتكس", "ballons en latex"],
        LATEX,
        (400, 900),
    )
    .of(Inch(5))
    .packs(&[50, 100])
    .by(Colour),
    Goods::new(
        "PLT",
        ["paper plates", "أطباق ورقية", "assiettes en carton"],
        PLATES,
        (600, 1500),
    )
    .of(Inch(9))
    .packs(&[8, 16])
    .themed(),
    Goods::new("BNR", ["banner", "لافتة", "banderole"], HANGING, (900, 2500))
        .of(Metre(3))
        .themed(),
    Goods::new(
        "CSK",
        [
            "costume for children",
            "زي تنكري للأطفال",
            "déguisement enfant",
        ],
        COSTUMES,
        (5500, 12000),
    )
    .by(Age)
    .themed(),
    Goods::new(
        "CUP",
        ["paper cups", "أكواب ورقية", "gobelets en carton"],
        PLATES,
        (500, 1400),
    )
    .of(Millilitre(266))
    .packs(&[8, 16])
    .themed(),
    Goods::new(
        "LB11",
        ["latex balloons", "بالونات لاتكس", "ballons en latex"],
        LATEX,
        (750, 2500),
    )
    .of(Inch(11))
    .packs(&[10, 25, 50])
    .by(Colour),
    Goods::new(
        "NAP",
        ["napkins", "مناديل", "serviettes"],
        PLATES,
        (450, 1100),
    )
    .of(Centimetre(33))
    .packs(&[16, 20])
    .themed(),
    Goods::new(
        "FNB",
        [
            "foil number balloon",
            "بالون فويل رقم",
            "ballon chiffre aluminium",
        ],
        FOIL,
        (1250, 2750),
    )
    .of(Inch(34))
    .by(Digit),
    Goods::new(
        "GBG",
        ["gift bags", "أكياس هدايا", "sachets cadeaux"],
        FAVOURS,
        (600, 1600),
    )
    .packs(&[6, 12])
    .themed(),
    Goods::new(
        "CTP",
        ["cake topper", "زينة كيك", "décor de gâteau"],
        CANDLES,
        (750, 1900),
    )
    .themed(),
    Goods::new(
        "TBC",
        ["table cover", "مفرش طاولة", "nappe"],
        TABLE,
        (750, 1750),
    )
    .of(Centimetre(180))
    .by(Colour),
    Goods::new(
        "INV",
        ["invitations", "بطاقات دعوة", "invitations"],
        PAPER,
        (900, 2200),
    )
    .packs(&[8, 10])
    .themed(),
    Goods::new(
        "HWT",
        ["balloon weight", "ثقل بالون", "poids pour ballon"],
        HELIUM,
        (350, 900),
    )
    .of(Gram(170))
    .by(Colour),
    Goods::new(
        "SWR",
        [
            "hanging swirls",
            "زينة معلقة حلزونية",
            "suspensions spirales",
        ],
        HANGING,
        (700, 1800),
    )
    .packs(&[6, 12])
    .themed(),
    Goods::new(
        "BCK",
        ["photo backdrop", "خلفية تصوير", "toile de fond photo"],
        WALL,
        (3500, 9500),
    )
    .of(Metre(2))
    .themed(),
    Goods::new(
        "FBH",
        [
            "foil balloon heart",
            "بالون فويل قلب",
            "ballon aluminium coeur",
        ],
        FOIL,
        (600, 1250),
    )
    .of(Inch(18))
    .by(Colour),
    Goods::new(
        "MSK",
        ["face masks", "أقنعة وجه", "masques"],
        COSTUMES,
        (750, 1750),
    )
    .packs(&[6, 8])
    .themed(),
    Goods::new(
        "NCD",
        ["number candle", "شمعة رقم", "bougie chiffre"],
        CANDLES,
        (350, 950),
    )
    .of(Centimetre(7))
    .by(Digit),
    Goods::new("PNT", ["pinata", "بنياتا", "piñata"], FAVOURS, (4500, 8500))
        .of(Centimetre(40))
        .themed(),
    Goods::new(
        "STR",
        ["paper straws", "شفاطات ورقية", "pailles en papier"],
        PLATES,
        (450, 950),
    )
    .packs(&[12, 25])
    .themed(),
    Goods::new(
        "CRB",
        ["curling ribbon", "شريط تزيين", "bolduc"],
        HELIUM,
        (350, 900),
    )
    .of(Metre(50))
    .by(Colour),
    Goods::new(
        "BNT",
        ["bunting", "أعلام زينة", "guirlande de fanions"],
        HANGING,
        (800, 2100),
    )
    .of(Metre(5))
    .themed(),
    Goods::new(
        "STK",
        ["stickers", "ملصقات", "autocollants"],
        FAVOURS,
        (300, 900),
    )
    .packs(&[24, 48])
    .themed(),
    Goods::new(
        "CSA",
        [
            "costume for adults",
            "زي تنكري للكبار",
            "déguisement adulte",
        ],
        COSTUMES,
        (8500, 18500),
    )
    .by(Size)
    .themed(),
    Goods::new(
        "LTN",
        ["paper lantern", "فانوس ورقي", "lampion en papier"],
        HANGING,
        (500, 1350),
    )
    .of(Centimetre(30))
    .by(Colour),
    Goods::new(
        "CCS",
        ["cupcake cases", "قوالب كب كيك", "caissettes à cupcakes"],
        CANDLES,
        (500, 1200),
    )
    .packs(&[24, 50])
    .themed(),
    Goods::new(
        "CHR",
        ["chrome balloons", "بالونات كروم", "ballons chromés"],
        LATEX,
        (1250, 3500),
    )
    .of(Inch(12))
    .packs(&[10, 25])
    .by(Colour),
    Goods::new(
        "HAT",
        ["party hats", "قبعات حفلات", "chapeaux de fête"],
        COSTUMES,
        (650, 1600),
    )
    .packs(&[6, 8])
    .themed(),
    Goods::new(
        "FCT",
        [
            "foil fringe curtain",
            "ستارة شرائط لامعة",
            "rideau à franges",
        ],
        WALL,
        (1250, 2900),
    )
    .of(Metre(2))
    .by(Colour),
    Goods::new(
        "BUB",
        ["bubbles", "فقاعات صابون", "bulles de savon"],
        FAVOURS,
        (250, 800),
    )
    .of(Millilitre(60))
    .packs(&[6, 24])
    .themed(),
    Goods::new(
        "GWR",
        ["gift wrap roll", "ورق تغليف هدايا", "rouleau papier cadeau"],
        PAPER,
        (600, 1500),
    )
    .of(Metre(2))
    .by(Colour),
    Goods::new(
        "TRB",
        ["treat boxes", "علب حلويات", "boîtes à friandises"],
        FAVOURS,
        (800, 1900),
    )
    .packs(&[6, 12])
    .themed(),
    Goods::new(
        "CFT",
        ["confetti", "قصاصات ملونة", "confettis"],
        TABLE,
        (350, 850),
    )
    .of(Gram(20))
    .by(Colour),
    Goods::new(
        "CPC",
        ["table centrepiece", "زينة وسط الطاولة", "centre de table"],
        TABLE,
        (900, 2600),
    )
    .themed(),
    Goods::new("WIG", ["wig", "باروكة", "perruque"], COSTUMES, (2500, 5500)).by(Colour),
    Goods::new(
        "TYC",
        ["thank you cards", "بطاقات شكر", "cartes de remerciement"],
        PAPER,
        (800, 1700),
    )
    .packs(&[8, 12])
    .themed(),
    Goods::new(
        "PMP",
        ["tissue pom poms", "كرات ورق مناديل", "pompons en papier"],
        HANGING,
        (600, 1500),
    )
    .of(Centimetre(25))
    .packs(&[3, 6])
    .by(Colour),
    Goods::new(
        "WST",
        ["window stickers", "ملصقات نوافذ", "stickers de fenêtre"],
        WALL,
        (700, 1600),
    )
    .themed(),
    Goods::new(
        "BPM",
        ["balloon pump", "منفاخ بالونات", "pompe à ballons"],
        HELIUM,
        (900, 3900),
    )
    .by(Colour),
    Goods::new(
        "TBR",
        ["table runner", "شريط طاولة", "chemin de table"],
        TABLE,
        (900, 2200),
    )
    .of(Metre(5))
    .themed(),
];

/// What the shop sells and Odoo does not know: made, booked or lent, never counted.
pub(in super::super) static STORE_ONLY: &[Goods] = &[
    Goods::new(
        "XBQ",
        [
            "bouquet tied to order",
            "باقة حسب الطلب",
            "bouquet sur commande",
        ],
        SERVICE,
        (9500, 35000),
    )
    .themed(),
    Goods::new(
        "XDI",
        [
            "digital invitation by e-mail",
            "دعوة رقمية",
            "invitation numérique",
        ],
        SERVICE,
        (3500, 7500),
    )
    .themed(),
    Goods::new(
        "XFP",
        [
            "face painting booking",
            "حجز رسم على الوجه",
            "maquillage sur réservation",
        ],
        SERVICE,
        (15000, 45000),
    )
    .themed(),
    Goods::new(
        "XSW",
        [
            "sweets trolley rental",
            "تأجير عربة حلويات",
            "location chariot à bonbons",
        ],
        SERVICE,
        (25000, 60000),
    )
    .themed(),
    Goods::new(
        "XCK",
        [
            "sponge cake from our kitchen",
            "كيكة من مطبخنا",
            "génoise maison",
        ],
        SERVICE,
        (8500, 22000),
    )
    .themed(),
    Goods::new(
        "XWS",
        [
            "craft workshop seat",
            "مقعد ورشة أشغال",
            "place atelier créatif",
        ],
        SERVICE,
        (6500, 14000),
    )
    .themed(),
    Goods::new(
        "XAR",
        [
            "arch mounted at your door",
            "قوس مركب عند الباب",
            "arche installée chez vous",
        ],
        SERVICE,
        (30000, 85000),
    )
    .themed(),
];

/// What Odoo counts and the shop does not sell: fittings, packing, remnants.
pub(in super::super) static ODOO_ONLY: &[Goods] = &[
    Goods::new(
        "ZDS",
        [
            "display rack spare shelf",
            "رف عرض",
            "tablette de présentoir",
        ],
        BACK_ROOM,
        (2500, 9000),
    )
    .themed(),
    Goods::new(
        "ZPK",
        ["empty shipping carton", "كرتون شحن فارغ", "carton vide"],
        BACK_ROOM,
        (150, 600),
    )
    .of(Centimetre(60))
    .by(Size),
    Goods::new(
        "ZUN",
        ["staff apron", "مريلة موظف", "tablier du personnel"],
        BACK_ROOM,
        (2500, 4500),
    )
    .by(Size),
    Goods::new(
        "ZRM",
        ["sample card not for sale", "عينة ليست للبيع", "échantillon"],
        BACK_ROOM,
        (100, 500),
    )
    .themed(),
    Goods::new(
        "ZRL",
        [
            "raw spool for workshop",
            "بكرة خام للورشة",
            "bobine atelier",
        ],
        BACK_ROOM,
        (1500, 4500),
    )
    .of(Metre(500))
    .by(Colour),
];
