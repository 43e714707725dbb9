//! The vocabulary of a party shop, in English, Arabic and a little French.

mod goods;
mod lines;
mod people;

pub(super) use goods::{ODOO_ONLY, SHARED, STORE_ONLY};
pub(super) use lines::{AGES, BRANDS, COLOURS, DIGITS, EDITIONS, SIZES, THEMES};
pub(super) use people::{EXPATS, GULF, NOTES, PLACES, Person, Place};

/// One meaning in two languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) en: &'static str,
    pub(super) ar: &'static str,
}

/// A colour, size or digit that sets one member of a family apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    /// Ends the SKU.
    pub(super) code: &'static str,
    pub(super) en: &'static str,
    pub(super) ar: &'static str,
    pub(super) fr: &'static str,
}

/// What sets the members of a family apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    None,
    Colour,
    Size,
    Age,
    Digit,
}

impl Axis {
    /// What the shop calls the property, and what Odoo calls it.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("", ""),
            Self::Colour => ("Colour", "Color"),
            Self::Size | Self::Age => ("Size", "Size"),
            Self::Digit => ("Number", "Digit"),
        }
    }

    /// All values that it may take.
    pub(super) fn values(self) -> &'static [Value] {
        match self {
            Self::None => &[],
            Self::Colour => COLOURS,
            Self::Size => SIZES,
            Self::Age => AGES,
            Self::Digit => DIGITS,
        }
    }
}

/// A size that belongs to the kind of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    None,
    Inch(u32),
    Millilitre(u32),
    Centimetre(u32),
    Metre(u32),
    Gram(u32),
}

/// A kind of goods, without its theme or brand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goods {
    /// Starts the SKU; unique among all goods.
    pub(super) code: &'static str,
    pub(super) en: &'static str,
    pub(super) ar: &'static str,
    pub(super) fr: &'static str,
    /// Category path below the root.
    pub(super) shelf: &'static str,
    pub(super) measure: Measure,
    /// Pack sizes it comes in; empty when sold singly.
    pub(super) packs: &'static [u32],
    pub(super) axis: Axis,
    /// Lowest and highest price, in fils.
    pub(super) fils: (u32, u32),
    /// Whether a theme stands in front of the name, or a brand.
    pub(super) themed: bool,
}

impl Goods {
    const fn new(
        code: &'static str,
        names: [&'static str; 3],
        shelf: &'static str,
        fils: (u32, u32),
    ) -> Self {
        Self {
            code,
            en: names[0],
            ar: names[1],
            fr: names[2],
            shelf,
            measure: Measure::None,
            packs: &[],
            axis: Axis::None,
            fils,
            themed: false,
        }
    }

    const fn themed(mut self) -> Self {
        self.themed = true;
        self
    }

    const fn packs(mut self, packs: &'static [u32]) -> Self {
        self.packs = packs;
        self
    }

    const fn by(mut self, axis: Axis) -> Self {
        self.axis = axis;
        self
    }

    const fn of(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }
}
