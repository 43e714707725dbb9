//! How one product is called: the shop and Odoo rarely word it the same way.

use super::dice::Dice;
use super::words::{BRANDS, EDITIONS, Goods, Measure, THEMES, Value, Word};

/// A way of wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `Pirate paper plates 9" (8 pcs)`
    Plain,
    /// `Paper plates Pirate, 9 inch, pack of 8`
    Wordy,
    /// `PIRATE PAPER PLATES 9" 8PCS`
    Loud,
    /// `أطباق ورقية قراصنة ٩ بوصة ٨ قطع`
    Arabic,
    /// `Assiettes en carton Pirate 23 cm - lot de 8`
    French,
}

impl Style {
    /// How the shop words a family.
    pub(super) fn of_shop(dice: &mut Dice, latin: bool) -> Self {
        match dice.below(100) {
            0..16 => Self::Wordy,
            16..23 if !latin => Self::Arabic,
            23..26 if !latin => Self::French,
            _ => Self::Plain,
        }
    }

    /// How Odoo words it.
    pub(super) fn of_erp(dice: &mut Dice, latin: bool) -> Self {
        match dice.below(100) {
            0..26 => Self::Wordy,
            26..40 => Self::Loud,
            40..54 if !latin => Self::Arabic,
            54..58 if !latin => Self::French,
            _ => Self::Plain,
        }
    }

    /// A value of an attribute in this style's language.
    pub(super) fn of(self, value: &Value) -> &'static str {
        match self {
            Self::Plain | Self::Wordy | Self::Loud => value.en,
            Self::Arabic => value.ar,
            Self::French => value.fr,
        }
    }
}

/// What a family is, before anybody words it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title {
    pub(super) goods: &'static Goods,
    line: &'static Word,
    edition: &'static Word,
    /// Pieces in a pack; 0 when sold singly.
    pub(super) pieces: u32,
    /// Told apart by number once the words run out; 1 goes without saying.
    design: usize,
}

impl Title {
    /// The title with this number among these goods. No two numbers give the same title.
    pub(super) fn numbered(all: &'static [Goods], number: usize) -> Self {
        let kind = number % all.len();
        let goods = &all[kind];
        let lines = if goods.themed { THEMES } else { BRANDS };
        let round = number / all.len();
        // Any step without a common factor walks through all lines before it repeats one.
        let line = (round * 13 + kind * 7) % lines.len();
        let rest = round / lines.len();
        let edition = rest % EDITIONS.len();
        let rest = rest / EDITIONS.len();
        let packs = goods.packs.len().max(1);
        Self {
            goods,
            line: &lines[line],
            edition: &EDITIONS[edition],
            pieces: goods.packs.get((rest + line) % packs).copied().unwrap_or(0),
            design: rest / packs + 1,
        }
    }

    /// The same in packs of another size.
    pub(super) fn in_packs_of(self, pieces: u32) -> Self {
        Self { pieces, ..self }
    }

    /// The name, with the value of one member or without.
    pub(super) fn worded(&self, style: Style, value: Option<&Value>) -> String {
        let mut text = String::with_capacity(64);
        match style {
            Style::Plain | Style::Loud => self.plain(&mut text, value, style),
            Style::Wordy => self.wordy(&mut text, value),
            Style::Arabic => self.arabic(&mut text, value),
            Style::French => self.french(&mut text, value),
        }
        if style == Style::Loud {
            text = text.to_uppercase();
        }
        text.shrink_to_fit();
        text
    }

    fn plain(&self, text: &mut String, value: Option<&Value>, style: Style) {
        add(text, " ", self.line.en);
        add(text, " ", self.edition.en);
        add(text, " ", self.goods.en);
        add(text, " ", &inch_mark(self.goods.measure));
        add(
            text,
            " ",
            &value.map_or(String::new(), |v| v.en.to_lowercase()),
        );
        self.design(text, "design ");
        if self.pieces > 0 {
            let pieces = self.pieces;
            let pack = if style == Style::Loud {
                format!("{pieces}pcs")
            } else {
                format!("({pieces} pcs)")
            };
            add(text, " ", &pack);
        }
    }

    fn wordy(&self, text: &mut String, value: Option<&Value>) {
        let mut letters = self.goods.en.chars();
        text.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        text.push_str(letters.as_str());
        add(text, " ", self.line.en);
        add(text, " ", self.edition.en);
        add(text, ", ", &spelled(self.goods.measure));
        add(text, ", ", value.map_or("", |v| v.en));
        self.design(text, "design ");
        if self.pieces > 0 {
            add(text, ", ", &format!("pack of {}", self.pieces));
        }
    }

    fn arabic(&self, text: &mut String, value: Option<&Value>) {
        add(text, " ", self.goods.ar);
        add(text, " ", self.line.ar);
        add(text, " ", self.edition.ar);
        add(text, " ", &in_arabic(self.goods.measure));
        add(
            text,
            " ",
            &value.map_or(String::new(), |v| arabic_digits(v.ar)),
        );
        self.design(text, "تصميم ");
        if self.pieces > 0 {
            let word = if self.pieces <= 10 {
                "قطع"
            } else {
                "قطعة"
            };
            let pack = format!("{} {word}", arabic_digits(&self.pieces.to_string()));
            add(text, " ", &pack);
        }
    }

    fn french(&self, text: &mut String, value: Option<&Value>) {
        let mut letters = self.goods.fr.chars();
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(letters.as_str());
        add(text, " ", self.line.en);
        add(text, " ", self.edition.en);
        add(text, " ", &in_metres(self.goods.measure));
        add(text, " ", value.map_or("", |v| v.fr));
        self.design(text, "modèle ");
        if self.pieces > 0 {
            add(text, " - ", &format!("lot de {}", self.pieces));
        }
    }

    fn design(&self, text: &mut String, word: &str) {
        if self.design > 1 {
            add(text, " ", &format!("{word}{}", self.design));
        }
    }
}

/// Appends a part and what separates it, unless the part is empty.
fn add(text: &mut String, separator: &str, part: &str) {
    if !part.is_empty() {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(part);
    }
}

fn inch_mark(measure: Measure) -> String {
    match measure {
        Measure::Inch(n) => format!("{n}\""),
        other => spelled(other),
    }
}

fn spelled(measure: Measure) -> String {
    match measure {
        Measure::None => String::new(),
        Measure::Inch(n) => format!("{n} inch"),
        Measure::Millilitre(n) => format!("{n} ml"),
        Measure::Centimetre(n) => format!("{n} cm"),
        Measure::Metre(n) => format!("{n} m"),
        Measure::Gram(n) => format!("{n} g"),
    }
}

fn in_arabic(measure: Measure) -> String {
    let (n, unit) = match measure {
        Measure::None => return String::new(),
        Measure::Inch(n) => (n, "بوصة"),
        Measure::Millilitre(n) => (n, "مل"),
        Measure::Centimetre(n) => (n, "سم"),
        Measure::Metre(n) => (n, "م"),
        Measure::Gram(n) => (n, "جم"),
    };
    format!("{} {unit}", arabic_digits(&n.to_string()))
}

/// Inches in whole centimetres where that stays within one part in sixty.
fn in_metres(measure: Measure) -> String {
    match measure {
        Measure::Inch(n) => {
            let cm = (n * 254 + 50) / 100;
            if (cm * 100).abs_diff(n * 254) * 60 <= n * 254 {
                format!("{cm} cm")
            } else {
                inch_mark(measure)
            }
        }
        other => spelled(other),
    }
}

/// `11` → `١١`.
fn arabic_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => char::from_u32('٠' as u32 + digit).unwrap_or(c),
            None => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::words::{COLOURS, ODOO_ONLY, SHARED, STORE_ONLY};
    use super::*;

    #[test]
    fn no_two_families_share_a_name() {
        for goods in [SHARED, STORE_ONLY, ODOO_ONLY] {
            for style in [Style::Plain, Style::Wordy, Style::Arabic] {
                let mut seen = BTreeSet::new();
                for number in 0..30_000 {
                    let name = Title::numbered(goods, number).worded(style, None);
                    assert!(seen.insert(name.clone()), "{name} twice");
                }
            }
        }
    }

    #[test]
    fn codes_of_goods_are_used_once() {
        let mut seen = BTreeSet::new();
        for goods in [SHARED, STORE_ONLY, ODOO_ONLY].into_iter().flatten() {
            assert!(seen.insert(goods.code), "{} twice", goods.code);
        }
    }

    #[test]
    fn one_title_is_worded_in_many_ways() {
        let place = SHARED.iter().position(|goods| goods.code == "LB11");
        let place = place.expect("there are balloons of 11 inches");
        let title = Title::numbered(SHARED, place).in_packs_of(25);
        let gold = Some(&COLOURS[0]);
        let line = title.line.en;
        assert_eq!(
            title.worded(Style::Plain, gold),
            format!("{line} latex balloons 11\" gold (25 pcs)")
        );
        assert_eq!(
            title.worded(Style::Wordy, gold),
            format!("Latex balloons {line}, 11 inch, Gold, pack of 25")
        );
        assert_eq!(
            title.worded(Style::Arabic, gold),
            format!("بالونات لاتكس {} ١١ بوصة ذهبي ٢٥ قطعة", title.line.ar)
        );
        assert_eq!(
            title.worded(Style::French, gold),
            format!("Ballons en latex {line} 28 cm or - lot de 25")
        );
    }

    #[test]
    fn inches_turn_into_centimetres_only_where_that_is_true_enough() {
        assert_eq!(in_metres(Measure::Inch(11)), "28 cm");
        assert_eq!(in_metres(Measure::Inch(5)), "5\"", "12.7 is not 13");
    }
}
