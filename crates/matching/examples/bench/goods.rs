//! What the made-up shops sell, in four languages.

/// English, French, German, Arabic.
pub(crate) type Names = [&'static str; 4];

/// What one kind of goods varies by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    Colour,
    Size,
    Taste,
    Litres,
    Grams,
    Storage,
    Pieces,
    Shoe,
    Side,
}

pub(crate) const GOODS: &[(Names, &[Axis])] = &[
    (
        [
            "Orange Squash",
            "Sirop d'orange",
            "Orangensirup",
            "شراب برتقال مركز",
        ],
        &[Axis::Litres],
    ),
    (
        ["Tonic Water", "Eau tonique", "Tonic Wasser", "ماء تونيك"],
        &[Axis::Litres, Axis::Pieces],
    ),
    (
        ["Iced Coffee", "Café glacé", "Eiskaffee", "قهوة مثلجة"],
        &[Axis::Taste, Axis::Litres],
    ),
    (
        [
            "Yoghurt Drink",
            "Yaourt à boire",
            "Trinkjoghurt",
            "زبادي شرب",
        ],
        &[Axis::Taste, Axis::Litres],
    ),
    (
        [
            "Floor Cleaner",
            "Nettoyant sol",
            "Bodenreiniger",
            "منظف أرضيات",
        ],
        &[Axis::Taste, Axis::Litres],
    ),
    (
        ["Shower Gel", "Gel douche", "Duschgel", "جل استحمام"],
        &[Axis::Taste, Axis::Litres],
    ),
    (
        [
            "Liquid Detergent",
            "Lessive liquide",
            "Flüssigwaschmittel",
            "منظف سائل",
        ],
        &[Axis::Litres],
    ),
    (
        ["Corn Flakes", "Pétales de maïs", "Cornflakes", "رقائق ذرة"],
        &[Axis::Grams],
    ),
    (
        ["Red Lentils", "Lentilles corail", "Rote Linsen", "عدس أحمر"],
        &[Axis::Grams],
    ),
    (
        [
            "Chocolate Bar",
            "Tablette de chocolat",
            "Schokoladentafel",
            "لوح شوكولاتة",
        ],
        &[Axis::Grams, Axis::Pieces],
    ),
    (
        ["Green Tea", "Thé vert", "Grüner Tee", "شاي أخضر"],
        &[Axis::Taste, Axis::Pieces],
    ),
    (
        ["Cardigan", "Gilet", "Strickjacke", "كارديجان"],
        &[Axis::Colour, Axis::Size],
    ),
    (
        ["Swim Shorts", "Short de bain", "Badeshorts", "شورت سباحة"],
        &[Axis::Colour, Axis::Size],
    ),
    (
        [
            "Winter Coat",
            "Manteau d'hiver",
            "Wintermantel",
            "معطف شتوي",
        ],
        &[Axis::Colour, Axis::Size],
    ),
    (
        [
            "Cotton Shirt",
            "Chemise en coton",
            "Baumwollhemd",
            "قميص قطن",
        ],
        &[Axis::Colour, Axis::Size],
    ),
    (
        [
            "Trail Shoes",
            "Chaussures de trail",
            "Trailschuhe",
            "حذاء مسارات",
        ],
        &[Axis::Colour, Axis::Shoe],
    ),
    (
        ["Ankle Boots", "Bottines", "Stiefeletten", "جزمة قصيرة"],
        &[Axis::Colour, Axis::Shoe],
    ),
    (
        ["Phone", "Téléphone", "Telefon", "هاتف"],
        &[Axis::Storage, Axis::Colour],
    ),
    (
        [
            "Portable Drive",
            "Disque portable",
            "Tragbare Festplatte",
            "قرص محمول",
        ],
        &[Axis::Storage],
    ),
    (
        [
            "Desk Lamp",
            "Lampe de bureau",
            "Schreibtischlampe",
            "مصباح مكتب",
        ],
        &[Axis::Colour],
    ),
    (
        ["Hand Blender", "Mixeur plongeant", "Stabmixer", "خلاط يدوي"],
        &[Axis::Colour],
    ),
    (
        ["Wall Clock", "Horloge murale", "Wanduhr", "ساعة حائط"],
        &[Axis::Colour],
    ),
    (
        [
            "Wiper Blade",
            "Balai d'essuie-glace",
            "Wischerblatt",
            "مساحة زجاج",
        ],
        &[Axis::Side],
    ),
    (
        ["Wheel Bearing", "Roulement de roue", "Radlager", "رمان بلي"],
        &[Axis::Side],
    ),
    (
        [
            "Anchor Bolt",
            "Boulon d'ancrage",
            "Ankerbolzen",
            "برغي تثبيت",
        ],
        &[Axis::Pieces],
    ),
    (
        ["Masking Tape", "Ruban de masquage", "Kreppband", "شريط لاصق"],
        &[Axis::Pieces],
    ),
    (
        [
            "Ballpoint Pen",
            "Stylo à bille",
            "Kugelschreiber",
            "قلم حبر جاف",
        ],
        &[Axis::Colour, Axis::Pieces],
    ),
    (
        [
            "Storage Box",
            "Boîte de rangement",
            "Aufbewahrungsbox",
            "صندوق تخزين",
        ],
        &[Axis::Litres, Axis::Colour],
    ),
    (
        ["Hand Cream", "Crème mains", "Handcreme", "كريم يدين"],
        &[Axis::Taste, Axis::Grams],
    ),
    (
        ["Lip Balm", "Baume à lèvres", "Lippenbalsam", "مرطب شفاه"],
        &[Axis::Taste],
    ),
];

pub(crate) const COLOURS: &[Names] = &[
    ["Black", "Noir", "Schwarz", "أسود"],
    ["White", "Blanc", "Weiß", "أبيض"],
    ["Red", "Rouge", "Rot", "أحمر"],
    ["Blue", "Bleu", "Blau", "أزرق"],
    ["Green", "Vert", "Grün", "أخضر"],
    ["Grey", "Gris", "Grau", "رمادي"],
    ["Yellow", "Jaune", "Gelb", "أصفر"],
    ["Pink", "Rose", "Rosa", "وردي"],
    ["Teal", "Pétrole", "Petrol", "بترولي"],
    ["Coral", "Corail", "Koralle", "مرجاني"],
];

pub(crate) const TASTES: &[Names] = &[
    ["Vanilla", "Vanille", "Vanille", "فانيلا"],
    ["Lemon", "Citron", "Zitrone", "ليمون"],
    ["Mint", "Menthe", "Minze", "نعناع"],
    ["Honey", "Miel", "Honig", "عسل"],
    ["Jasmine", "Jasmin", "Jasmin", "ياسمين"],
    ["Fig", "Figue", "Feige", "تين"],
    ["Aloe", "Aloès", "Aloe", "صبار"],
    ["Sea Breeze", "Brise marine", "Meeresbrise", "نسيم البحر"],
];

pub(crate) const SIZES: [&str; 6] = ["XS", "S", "M", "L", "XL", "XXL"];

pub(crate) const SIDES: &[Names] = &[
    ["Left", "Gauche", "Links", "يسار"],
    ["Right", "Droite", "Rechts", "يمين"],
];

pub(crate) const QUALITIES: &[Names] = &[
    ["Deluxe", "De luxe", "Deluxe", "ديلوكس"],
    ["Family", "Famille", "Familie", "عائلي"],
    ["Light", "Léger", "Leicht", "خفيف"],
    ["Strong", "Fort", "Stark", "قوي"],
    ["Urban", "Urbain", "Urban", "حضري"],
    ["Basic", "Basique", "Basis", "أساسي"],
    ["Organic", "Bio", "Bio", "عضوي"],
    ["Travel", "Voyage", "Reise", "سفر"],
];

/// What shops add to names.
pub(crate) const PHRASES: [&str; 6] = [
    "Top Deal",
    "| Fast Delivery",
    "Bestseller",
    "- Official",
    "Limited Offer!",
    "(New)",
];

/// Syllables of brands, with their Arabic spelling.
pub(crate) const SYLLABLES: [(&str, &str); 20] = [
    ("bri", "بري"),
    ("can", "كان"),
    ("del", "ديل"),
    ("for", "فور"),
    ("gal", "غال"),
    ("hom", "هوم"),
    ("jun", "جون"),
    ("kor", "كور"),
    ("lin", "لين"),
    ("mar", "مار"),
    ("nov", "نوف"),
    ("ost", "اوست"),
    ("pel", "بيل"),
    ("rum", "روم"),
    ("sol", "سول"),
    ("tri", "تري"),
    ("ul", "ول"),
    ("ver", "فير"),
    ("wan", "وان"),
    ("zem", "زيم"),
];
