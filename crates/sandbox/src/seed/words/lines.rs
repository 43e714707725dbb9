//! Themes, brands, editions, colours, sizes.

use super::{Value, Word};

const fn word(en: &'static str, ar: &'static str) -> Word {
    Word { en, ar }
}

const fn value(code: &'static str, en: &'static str, ar: &'static str, fr: &'static str) -> Value {
    Value { code, en, ar, fr }
}

/// What a party is about.
pub(in super::super) static THEMES: &[Word] = &[
    word("Pirate", "قراصنة"),
    word("Unicorn", "يونيكورن"),
    word("Dinosaur", "ديناصورات"),
    word("Space", "فضاء"),
    word("Jungle", "أدغال"),
    word("Safari", "سفاري"),
    word("Mermaid", "حورية البحر"),
    word("Princess", "أميرات"),
    word("Football", "كرة قدم"),
    word("Superhero", "أبطال خارقين"),
    word("Ramadan", "رمضان"),
    word("Eid", "العيد"),
    word("Gergean", "قرقيعان"),
    word("National Day", "العيد الوطني"),
    word("Graduation", "تخرج"),
    word("Baby shower", "استقبال مولود"),
    word("Wedding", "زفاف"),
    word("Henna night", "ليلة الحناء"),
    word("Butterfly", "فراشات"),
    word("Rainbow", "قوس قزح"),
    word("Circus", "سيرك"),
    word("Race car", "سيارات سباق"),
    word("Steam train", "قطار بخاري"),
    word("Farm", "مزرعة"),
    word("Tropical", "استوائي"),
    word("Flamingo", "فلامنغو"),
    word("Teddy bear", "دبدوب"),
    word("Wild flowers", "زهور برية"),
    word("Robot", "روبوت"),
    word("Dragon", "تنين"),
    word("Cowboy", "رعاة بقر"),
    word("Knight", "فرسان"),
    word("Fairy", "جنيات"),
    word("Ice cream", "آيس كريم"),
    word("Doughnut", "دونات"),
    word("Panda", "باندا"),
    word("Kitten", "قطط"),
    word("Bumble bee", "نحل"),
    word("Ladybird", "دعسوقة"),
    word("Desert falcon", "صقر الصحراء"),
    word("Pearl diver", "غواص اللؤلؤ"),
    word("Dhow", "بوم كويتي"),
    word("Arabian nights", "ليالي عربية"),
    word("Moon & stars", "قمر ونجوم"),
    word("Woodland fox", "ثعلب الغابة"),
    word("Owl", "بومة"),
    word("Under the sea", "أعماق البحر"),
];

/// Houses that make plain goods. None of them exists.
pub(in super::super) static BRANDS: &[Word] = &[
    word("Bahja", "بهجة"),
    word("Lammati", "لمتي"),
    word("Nuwairo", "نويرو"),
    word("Kermessa", "كرمسة"),
    word("Zinahaus", "زينهاوس"),
    word("Marahly", "مرحلي"),
    word("Festolino", "فستولينو"),
    word("Partimont", "بارتيمونت"),
    word("Brillenta", "بريلينتا"),
    word("Hala & Co", "هلا وشركاه"),
    word("Sadu Fete", "سدو فيت"),
];

/// Designs within a theme or brand; the first is the one without a name.
pub(in super::super) static EDITIONS: &[Word] = &[
    word("", ""),
    word("Classic", "كلاسيك"),
    word("Royal", "ملكي"),
    word("Vintage", "عتيق"),
    word("Deluxe", "فاخر"),
    word("Dotted", "منقط"),
    word("Striped", "مخطط"),
    word("Glitter", "لامع"),
    word("Marble", "رخامي"),
    word("Starry", "نجومي"),
    word("Festive", "احتفالي"),
];

/// Colours, with the near twins that shops confuse.
pub(in super::super) static COLOURS: &[Value] = &[
    value("GLD", "Gold", "ذهبي", "or"),
    value("RGD", "Rose gold", "ذهبي وردي", "or rose"),
    value("SLV", "Silver", "فضي", "argent"),
    value("RED", "Red", "أحمر", "rouge"),
    value("BRG", "Burgundy", "عنابي", "bordeaux"),
    value("PNK", "Pink", "وردي", "rose"),
    value("LPK", "Light pink", "وردي فاتح", "rose clair"),
    value("BLU", "Blue", "أزرق", "bleu"),
    value("NVY", "Navy blue", "كحلي", "bleu marine"),
    value("LBL", "Light blue", "أزرق فاتح", "bleu clair"),
    value("GRN", "Green", "أخضر", "vert"),
    value("DGR", "Dark green", "أخضر غامق", "vert foncé"),
    value("BLK", "Black", "أسود", "noir"),
    value("WHT", "White", "أبيض", "blanc"),
    value("PUR", "Purple", "بنفسجي", "violet"),
    value("LIL", "Lilac", "ليلكي", "lilas"),
    value("YEL", "Yellow", "أصفر", "jaune"),
    value("ORG", "Orange", "برتقالي", "orange"),
    value("TRQ", "Turquoise", "تركواز", "turquoise"),
    value("IVR", "Ivory", "عاجي", "ivoire"),
];

/// Sizes of grown-ups.
pub(in super::super) static SIZES: &[Value] = &[
    value("S", "S", "صغير", "S"),
    value("M", "M", "وسط", "M"),
    value("L", "L", "كبير", "L"),
    value("XL", "XL", "كبير جداً", "XL"),
];

/// Sizes of children.
pub(in super::super) static AGES: &[Value] = &[
    value("0304", "3-4 years", "3-4 سنوات", "3-4 ans"),
    value("0506", "5-6 years", "5-6 سنوات", "5-6 ans"),
    value("0708", "7-8 years", "7-8 سنوات", "7-8 ans"),
    value("0910", "9-10 years", "9-10 سنوات", "9-10 ans"),
];

/// What stands on a number candle.
pub(in super::super) static DIGITS: &[Value] = &[
    value("0", "0", "0", "0"),
    value("1", "1", "1", "1"),
    value("2", "2", "2", "2"),
    value("3", "3", "3", "3"),
    value("4", "4", "4", "4"),
    value("5", "5", "5", "5"),
    value("6", "6", "6", "6"),
    value("7", "7", "7", "7"),
    value("8", "8", "8", "8"),
    value("9", "9", "9", "9"),
];
