//! Made-up people of Kuwait and the Gulf, where they live, and what they write.

/// A person's name, in the script they order in.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Person {
    pub(in super::super) name: &'static str,
    /// Before the `@`.
    pub(in super::super) mail: &'static str,
}

/// Where parcels go.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Place {
    pub(in super::super) city: &'static str,
    pub(in super::super) state: &'static str,
    pub(in super::super) country: &'static str,
    pub(in super::super) postcode: &'static str,
    pub(in super::super) dial: &'static str,
}

const fn person(name: &'static str, mail: &'static str) -> Person {
    Person { name, mail }
}

const fn place(
    city: &'static str,
    state: &'static str,
    country: &'static str,
    postcode: &'static str,
    dial: &'static str,
) -> Place {
    Place {
        city,
        state,
        country,
        postcode,
        dial,
    }
}

/// People from the Gulf.
pub(in super::super) static GULF: &[Person] = &[
    person("Noura Al-Ajmi", "noura.alajmi"),
    person("فاطمة العنزي", "f.alenezi"),
    person("Abdullah Al-Mutairi", "a.almutairi"),
    person("Dalal Al-Sabhan", "dalal.s"),
    person("مريم الكندري", "maryam.k"),
    person("Yousef Al-Rashidi", "yousef.r"),
    person("Hessa Al-Dosari", "hessa.d"),
    person("عبدالعزيز الشمري", "aziz.shammari"),
    person("Lulwa Al-Hajri", "lulwa.h"),
    person("Bader Al-Otaibi", "bader.o"),
    person("شيخة المري", "shaikha.m"),
    person("Khalid Al-Mansoori", "khalid.m"),
    person("Reem Al-Zaabi", "reem.z"),
    person("سارة القحطاني", "sara.q"),
    person("Jassim Al-Khalifi", "jassim.k"),
    person("Mona Al-Harbi", "mona.h"),
];

/// People who came to work there.
pub(in super::super) static EXPATS: &[Person] = &[
    person("Priya Nair", "priya.nair"),
    person("Rana El-Khoury", "rana.k"),
    person("Marites Dela Cruz", "marites.dc"),
    person("Thomas O'Brien", "t.obrien"),
    person("Sana Iqbal", "sana.iqbal"),
    person("Joseph Varghese", "j.varghese"),
    person("Claire Lefèvre", "claire.l"),
    person("Ahmed Abdel-Rahman", "ahmed.ar"),
    person("Anna Kowalska", "anna.k"),
    person("Dilini Perera", "dilini.p"),
];

/// Kuwait first and often, then its neighbours: (how many of a hundred orders, where).
pub(in super::super) static PLACES: &[(u32, Place)] = &[
    (18, place("Salmiya", "KW-HA", "KW", "22001", "+965 5")),
    (14, place("Hawalli", "KW-HA", "KW", "32001", "+965 6")),
    (12, place("Jahra", "KW-JA", "KW", "01001", "+965 9")),
    (12, place("Mishref", "KW-HA", "KW", "40001", "+965 9")),
    (10, place("Fahaheel", "KW-AH", "KW", "63001", "+965 6")),
    (9, place("Kuwait City", "KW-KU", "KW", "13001", "+965 5")),
    (6, place("الفروانية", "KW-FA", "KW", "81001", "+965 9")),
    (7, place("Riyadh", "SA-01", "SA", "12211", "+966 5")),
    (6, place("Dubai", "AE-DU", "AE", "", "+971 5")),
    (3, place("Manama", "BH-13", "BH", "317", "+973 3")),
    (3, place("Doha", "QA-DA", "QA", "", "+974 5")),
];

/// What customers write under an order.
pub(in super::super) static NOTES: &[&str] = &[
    "Please call before delivery",
    "الرجاء الاتصال قبل التوصيل",
    "Party starts at 5 pm, deliver before 3",
    "Leave it with the guard",
    "Gift: no prices in the bag & please add a card",
    "نفخ البالونات بالهيليوم إذا أمكن",
];
