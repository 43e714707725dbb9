//! A shop and its Odoo, made up from a seed, with the right answer for each listing.

use std::collections::HashMap;

use tandem_domain::{ListingKey, Sku, UnitPrice, VariantKey};
use tandem_matching::{Catalogues, LeftItem, RightItem};

use crate::chance::Chance;
use crate::goods::{Axis, GOODS, Names, PHRASES, QUALITIES, SYLLABLES};
use crate::values::{Value, values};

/// How a made-up shop goes wrong; shares in percent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    /// The store's language and Odoo's, as places in [`Names`].
    languages: (usize, usize),
    /// Listings in another language than the store's own.
    foreign: u32,
    no_sku: u32,
    other_sku: u32,
    spelled_sku: u32,
    wrong_sku: u32,
    barcode: u32,
    noise: u32,
    not_in_odoo: u32,
}

const PLAIN: Preset = Preset {
    name: "plain",
    languages: (0, 0),
    foreign: 15,
    no_sku: 14,
    other_sku: 10,
    spelled_sku: 30,
    wrong_sku: 2,
    barcode: 35,
    noise: 15,
    not_in_odoo: 8,
};

/// All presets.
pub(crate) const PRESETS: [Preset; 7] = [
    PLAIN,
    Preset {
        name: "clean",
        foreign: 0,
        no_sku: 3,
        other_sku: 2,
        wrong_sku: 0,
        noise: 5,
        barcode: 60,
        ..PLAIN
    },
    Preset {
        name: "noisy",
        no_sku: 28,
        other_sku: 18,
        wrong_sku: 4,
        noise: 30,
        barcode: 20,
        ..PLAIN
    },
    Preset {
        name: "hostile",
        no_sku: 60,
        other_sku: 100,
        barcode: 0,
        noise: 20,
        ..PLAIN
    },
    Preset {
        name: "arabic",
        languages: (3, 0),
        foreign: 10,
        ..PLAIN
    },
    Preset {
        name: "french",
        languages: (1, 0),
        ..PLAIN
    },
    Preset {
        name: "german",
        languages: (2, 0),
        ..PLAIN
    },
];

/// Both catalogues, and for each listing that has one its variant.
pub(crate) struct Shop {
    pub(crate) catalogues: Catalogues,
    pub(crate) gold: HashMap<ListingKey, VariantKey>,
}

struct Brand {
    latin: String,
    arabic: String,
    scheme: usize,
}

struct Maker {
    chance: Chance,
    preset: Preset,
    shop: Shop,
    brands: Vec<Brand>,
    next: i64,
    number: usize,
}

/// Makes a shop of about so many listings.
pub(crate) fn make(preset: Preset, seed: u64, listings: usize) -> Shop {
    let mut chance = Chance::new(seed ^ 0x7461_6e64_656d);
    let brands = (0..(listings / 50).max(10))
        .map(|_| brand(&mut chance))
        .collect();
    let mut maker = Maker {
        chance,
        preset,
        shop: Shop {
            catalogues: Catalogues::default(),
            gold: HashMap::new(),
        },
        brands,
        next: 1,
        number: 1_000,
    };
    while maker.shop.catalogues.left.len() < listings {
        maker.family();
    }
    maker.shop
}

fn brand(chance: &mut Chance) -> Brand {
    let syllables = (0..2 + chance.below(2)).map(|_| *chance.pick(&SYLLABLES));
    let (latin, arabic): (Vec<_>, Vec<_>) = syllables.unzip();
    let latin = latin.concat();
    Brand {
        latin: latin[..1].to_uppercase() + &latin[1..],
        arabic: arabic.concat(),
        scheme: chance.below(4),
    }
}

impl Maker {
    fn family(&mut self) {
        let (names, axes) = *self.chance.pick(GOODS);
        let brand = self.chance.below(self.brands.len());
        let quality = *self.chance.pick(QUALITIES);
        let line = self
            .chance
            .percent(40)
            .then(|| brand_line(&mut self.chance));
        self.number += 1 + self.chance.below(4);
        let mut combos: Vec<Vec<Value>> = vec![Vec::new()];
        for axis in axes {
            let values = values(&mut self.chance, *axis);
            combos = combos
                .iter()
                .flat_map(|combo| {
                    values.iter().map(|value| {
                        let mut combo = combo.clone();
                        combo.push(value.clone());
                        combo
                    })
                })
                .collect();
        }
        combos.truncate(10);
        let family = Family {
            names,
            quality,
            line,
            brand,
            price: 2 + self.chance.below(300),
        };
        let unknown = self.chance.percent(self.preset.not_in_odoo);
        let foreign = self.chance.percent(self.preset.foreign);
        let mut made = Vec::new();
        for (place, combo) in combos.into_iter().enumerate() {
            let variant =
                (!unknown && !self.chance.percent(4)).then(|| self.variant(&family, &combo, place));
            made.push((combo, variant));
        }
        let siblings: Vec<String> = made
            .iter()
            .filter_map(|(_, v)| v.as_ref()?.sku.clone())
            .map(|s| s.to_string())
            .collect();
        for (place, (combo, variant)) in made.into_iter().enumerate() {
            if self.chance.percent(10) {
                continue;
            }
            self.listing(
                &family,
                &combo,
                (variant.as_ref(), place),
                (foreign, &siblings),
            );
        }
    }

    fn sku(&self, family: &Family, combo: &[Value], place: usize) -> String {
        let codes: Vec<_> = combo.iter().map(|value| value.code.as_str()).collect();
        let brand = &self.brands[family.brand];
        let start = brand.latin[..3].to_uppercase();
        match brand.scheme {
            0 => format!("{start}-{}-{}", self.number, codes.join("-")),
            1 => format!("{}", self.number * 100 + place),
            2 => format!("{start}{}{}", self.number, codes.concat()),
            _ => format!("{:07}", self.number * 10 + place),
        }
    }

    fn variant(&mut self, family: &Family, combo: &[Value], place: usize) -> RightItem {
        let language = self.preset.languages.1;
        let mut name = self.title(family, language, false);
        let values: Vec<_> = combo
            .iter()
            .map(|value| value.said[language].clone())
            .collect();
        let in_name = self.chance.percent(50);
        if in_name {
            name = format!("{name} ({})", values.join(", "));
        }
        let sku = self.sku(family, combo, place);
        let item = RightItem {
            key: VariantKey(self.next),
            kit: false,
            name,
            sku: Sku::parse(&sku).filter(|_| !self.chance.percent(8)),
            barcode: self.chance.percent(60).then(|| self.gtin()),
            attributes: if in_name { Vec::new() } else { values },
            brand: None,
            model: None,
            description: None,
            price: price(family.cents(combo)),
        };
        self.next += 1;
        self.shop.catalogues.right.push(item.clone());
        item
    }

    fn gtin(&mut self) -> String {
        let body: Vec<usize> = std::iter::once(6)
            .chain((0..11).map(|_| self.chance.below(10)))
            .collect();
        let sum: usize = body
            .iter()
            .enumerate()
            .map(|(i, d)| d * if i % 2 == 1 { 3 } else { 1 })
            .sum();
        let digits: String = body.iter().map(usize::to_string).collect();
        format!("{digits}{}", (10 - sum % 10) % 10)
    }

    fn title(&mut self, family: &Family, language: usize, noisy: bool) -> String {
        let brand = &self.brands[family.brand];
        let latin = language < 3 || !noisy || self.chance.percent(50);
        let brand = if latin {
            brand.latin.clone()
        } else {
            brand.arabic.clone()
        };
        let mut parts = vec![
            family.quality[language].to_owned(),
            family.names[language].to_owned(),
        ];
        parts.extend(family.line.clone());
        if noisy && self.chance.percent(self.preset.noise) {
            parts.remove(0);
        }
        if noisy && self.chance.percent(self.preset.noise) {
            let place = self.chance.below(parts.len());
            parts[place] = self.mistyped(&parts[place]);
        }
        if !(noisy && self.chance.percent(self.preset.noise)) {
            let place = if noisy && self.chance.percent(30) {
                parts.len()
            } else {
                0
            };
            parts.insert(place, brand);
        }
        parts.join(" ")
    }

    /// A letter lost or doubled.
    fn mistyped(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() > 5 {
            let place = 1 + self.chance.below(letters.len() - 2);
            if self.chance.percent(50) {
                letters.remove(place);
            } else {
                letters.insert(place, letters[place]);
            }
        }
        letters.into_iter().collect()
    }

    fn listing(
        &mut self,
        family: &Family,
        combo: &[Value],
        (variant, place): (Option<&RightItem>, usize),
        (foreign, siblings): (bool, &[String]),
    ) {
        let language = match (foreign, self.preset.languages.0) {
            (false, own) => own,
            (true, 0) => 3,
            (true, _) => 0,
        };
        let mut name = self.title(family, language, true);
        let values: Vec<_> = combo
            .iter()
            .map(|value| self.written(value, language))
            .collect();
        let lost = self.chance.percent(2);
        let in_name = self.chance.percent(50);
        if in_name && !lost {
            name = format!(
                "{name} {}",
                values.join(if self.chance.percent(50) { " " } else { " - " })
            );
        }
        if self.chance.percent(self.preset.noise) {
            name = format!("{name} {}", self.chance.pick(&PHRASES));
        }
        let true_sku = variant.map_or_else(
            || Some(self.sku(family, combo, place)),
            |variant| variant.sku.as_ref().map(ToString::to_string),
        );
        let sku = self.store_sku(true_sku, siblings);
        let cents = family.cents(combo) * (100 + self.chance.below(20)) / 100;
        let key = ListingKey::new(format!("L{}", self.shop.catalogues.left.len()));
        let barcode = variant
            .and_then(|v| v.barcode.clone())
            .filter(|_| self.chance.percent(self.preset.barcode));
        self.shop
            .gold
            .extend(variant.map(|variant| (key.clone(), variant.key)));
        self.shop.catalogues.left.push(LeftItem {
            key,
            parent: false,
            bundle: false,
            name,
            sku,
            barcode,
            attributes: if in_name || lost { Vec::new() } else { values },
            brand: None,
            model: None,
            description: None,
            price: price(cents).filter(|_| !self.chance.percent(5)),
        });
        self.bundle(combo);
    }

    fn written(&mut self, value: &Value, language: usize) -> String {
        if !value.also.is_empty() && language != 3 && self.chance.percent(50) {
            return self.chance.pick(&value.also).clone();
        }
        value.said[language].clone()
    }

    /// Now and then the last listing is sold as several, or used, under the same SKU.
    fn bundle(&mut self, combo: &[Value]) {
        let counted = combo.iter().any(|value| value.axis == Axis::Pieces);
        let (several, used) = (!counted && self.chance.percent(3), self.chance.percent(1));
        let Some(last) = self
            .shop
            .catalogues
            .left
            .last()
            .filter(|_| several || used)
            .cloned()
        else {
            return;
        };
        let name = if used {
            format!("{} (Used)", last.name)
        } else {
            format!("{} x {}", 2 + self.chance.below(5), last.name)
        };
        let key = ListingKey::new(format!("L{}", self.shop.catalogues.left.len()));
        self.shop.catalogues.left.push(LeftItem {
            key,
            name,
            barcode: None,
            price: None,
            ..last
        });
    }

    fn store_sku(&mut self, sku: Option<String>, siblings: &[String]) -> Option<Sku> {
        if self.chance.percent(self.preset.no_sku) {
            return None;
        }
        if self.chance.percent(self.preset.other_sku) {
            return Sku::parse(&format!("{}", 10_000 + self.chance.below(900_000)));
        }
        if !siblings.is_empty() && self.chance.percent(self.preset.wrong_sku) {
            let sibling: &String = self.chance.pick(siblings);
            return Sku::parse(sibling);
        }
        let sku = sku?;
        if !self.chance.percent(self.preset.spelled_sku) {
            return Sku::parse(&sku);
        }
        Sku::parse(&match self.chance.below(4) {
            0 => sku.to_lowercase(),
            1 => sku.replace('-', ""),
            2 => format!("SH-{sku}"),
            _ => format!("{sku}-N"),
        })
    }
}

struct Family {
    names: Names,
    quality: Names,
    line: Option<String>,
    brand: usize,
    price: usize,
}

impl Family {
    fn cents(&self, combo: &[Value]) -> usize {
        let amounts = combo
            .iter()
            .filter_map(|value| value.code.parse::<usize>().ok());
        self.price * 100 + amounts.sum::<usize>()
    }
}

fn brand_line(chance: &mut Chance) -> String {
    let letters: Vec<char> = ('A'..='Z').collect();
    format!(
        "{}{}{}",
        chance.pick(&letters),
        chance.pick(&letters),
        10 + chance.below(990)
    )
}

fn price(cents: usize) -> Option<UnitPrice> {
    let currency = "USD".parse().ok()?;
    UnitPrice::parse(&format!("{}.{:02}", cents / 100, cents % 100), currency).ok()
}
