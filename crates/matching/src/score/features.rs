//! What is observed of a pair, as numbers that weights are learned for.

use serde::{Deserialize, Serialize};

use super::conflicts::{self, Conflict, Kind};
use super::overlap::{Meeting, Overlap, Query, part, unit};
use crate::learn::{Origin, Siblings};
use crate::normalise::{Token, Trait};
use crate::rows::{Prices, Record, Side, Texts};

/// How many numbers describe a pair.
pub(crate) const COUNT: usize = 37;

/// The numbers of one pair, in the order of [`PRIOR`].
pub(crate) type Features = [f32; COUNT];

/// Prices further apart than this, as a logarithm, are just far apart.
const DISTANCE_MAX: f32 = 2.0;

/// Where each number stands.
pub(crate) mod at {
    pub(crate) const BIAS: usize = 0;
    pub(crate) const SHARED: usize = 1;
    pub(crate) const SHARED_SQUARED: usize = 2;
    pub(crate) const IN_RIGHT: usize = 3;
    pub(crate) const IN_LEFT: usize = 4;
    pub(crate) const BEST: usize = 5;
    pub(crate) const CODE: usize = 6;
    pub(crate) const CODE_CONFLICT: usize = 7;
    pub(crate) const CODE_NEAR: usize = 8;
    pub(crate) const CODE_OTHERS: usize = 9;
    pub(crate) const QUANTITY: usize = 10;
    pub(crate) const QUANTITY_CONFLICT: usize = 11;
    pub(crate) const NUMBER: usize = 12;
    pub(crate) const NUMBER_CONFLICT: usize = 13;
    pub(crate) const NUMBER_ALONE: usize = 14;
    pub(crate) const COLOUR: usize = 15;
    pub(crate) const COLOUR_CONFLICT: usize = 16;
    pub(crate) const SIZE: usize = 17;
    pub(crate) const SIZE_CONFLICT: usize = 18;
    pub(crate) const COUNT_CONFLICT: usize = 19;
    pub(crate) const CONDITION_CONFLICT: usize = 20;
    pub(crate) const ALTERNATIVE: usize = 21;
    pub(crate) const VARIANT_RIGHT: usize = 22;
    pub(crate) const VARIANT_LEFT: usize = 23;
    pub(crate) const PRICE: usize = 24;
    pub(crate) const PRICE_MISSING: usize = 25;
    pub(crate) const DICE: usize = 26;
    pub(crate) const BRANDS: usize = 27;
    pub(crate) const DESCRIBED: usize = 28;
    pub(crate) const FLAVOUR: usize = 29;
    pub(crate) const FLAVOUR_CONFLICT: usize = 30;
    pub(crate) const SIDE_CONFLICT: usize = 31;
    pub(crate) const KIT: usize = 32;
    pub(crate) const SCRIPT: usize = 33;
    pub(crate) const CODE_PART: usize = 34;
    pub(crate) const WORDS_CONFLICT: usize = 35;
    pub(crate) const CODE_TOLD: usize = 36;
}

/// The weights before anything is learned, in logits: fixed by hand, so that the engine is right
/// before it has seen a single decision.
pub(crate) const PRIOR: Features = [
    -6.0, 4.5, 1.0, 2.0, 2.0, 1.0, 2.5, -1.5, -1.5, -0.3, 0.5, -3.5, 0.4, -1.0, -0.3, 0.3, -2.5,
    0.3, -3.5, -3.0, -4.0, -2.5, -0.6, -0.3, -1.2, -0.3, 3.0, -1.0, 0.5, 0.3, -2.5, -3.0, -3.0,
    0.0, 1.0, -0.5, 1.5,
];

/// What a pair looks like: its numbers, and what no number may outweigh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looks {
    pub(crate) features: Features,
    pub(crate) marks: Marks,
}

/// What decides about links by itself, one bit each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks(pub(crate) u16);

impl Marks {
    /// Something that tells products apart differs.
    pub(crate) const HARD: u16 = 1;
    /// Odoo says something that tells it from its siblings, and the listing does not.
    pub(crate) const OPEN_RIGHT: u16 = 2;
    /// As the other way round.
    pub(crate) const OPEN_LEFT: u16 = 4;
    /// Codes or numbers differ.
    pub(crate) const NUMBERS: u16 = 8;
    /// The names have next to nothing in common.
    pub(crate) const SILENT: u16 = 16;
    /// One name is in another alphabet than the other.
    pub(crate) const FOREIGN: u16 = 32;
    /// The prices are far apart.
    pub(crate) const FAR: u16 = 64;
    /// Each says a word that the other does not, though the other's catalogue knows it.
    pub(crate) const WORDS: u16 = 128;
    /// Both say a code that no other row of either side says.
    pub(crate) const SURE: u16 = 512;
    /// The listing says nearly all that the variant says, or the same code.
    pub(crate) const FULL: u16 = 256;

    pub(crate) fn has(self, mark: u16) -> bool {
        self.0 & mark != 0
    }

    fn set(&mut self, mark: u16, when: bool) {
        self.0 |= if when { mark } else { 0 };
    }
}

/// The share of the variant's weight that is nearly all of it.
const FULL_SHARE: f32 = 0.75;
/// A word needs this many counterparts to count as one that tells variants apart.
const COUNTERPARTS_MIN: usize = 2;
/// Names that share less than this, and no token of ...
const SILENT_SHARE: f32 = 0.2;
/// ... this weight, have next to nothing in common.
const SILENT_WEIGHT: f32 = 0.3;

/// Room for one comparison; one for each thread.
#[derive(Debug, Default)]
pub(crate) struct Room {
    pub(crate) overlap: Overlap,
    pub(crate) conflicts: Vec<Conflict>,
}

/// Compares rows of two catalogues.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) siblings: &'a Siblings,
    pub(crate) prices: &'a Prices,
    /// By row, whether it is a set of other products.
    pub(crate) sets: (&'a [bool], &'a [bool]),
}

impl Judge<'_> {
    /// Looks at a pair; the query holds the listing.
    pub(crate) fn look(
        &self,
        (left_row, right_row): (usize, usize),
        query: &Query,
        room: &mut Room,
    ) -> Looks {
        let (left, right) = (&self.texts.left[left_row], &self.texts.right[right_row]);
        let vocabulary = &self.texts.vocabulary;
        let Room { overlap, conflicts } = room;
        query.overlap((left, right), vocabulary, overlap);
        conflicts::find(overlap, vocabulary, self.siblings, conflicts);
        let mut looks = Looks {
            features: [0.0; COUNT],
            marks: Marks::default(),
        };
        let dice = query.dice(&right.trigrams);
        texts_alike(&mut looks, (overlap, dice), (left, right));
        self.agreements(&mut looks, overlap);
        contradictions(&mut looks, conflicts);
        self.leftovers(&mut looks, overlap, (left, right));
        let distance = self.prices.distance(left_row, right_row);
        looks.features[at::PRICE] = distance.map_or(0.0, |distance| distance.min(DISTANCE_MAX));
        looks.features[at::PRICE_MISSING] = truth(distance.is_none());
        looks
            .marks
            .set(Marks::FAR, crate::rows::far_apart(distance));
        let kit = self.sets.0[left_row] != self.sets.1[right_row];
        looks.features[at::KIT] = truth(kit);
        looks.marks.set(Marks::HARD, kit);
        looks
    }

    fn agreements(&self, looks: &mut Looks, overlap: &Overlap) {
        let met = overlap.met.iter().filter(|met| met.origin != Origin::Part);
        let met = met.map(|met| met.right);
        for id in overlap.both.iter().copied().chain(met) {
            let vocabulary = &self.texts.vocabulary;
            let place = match vocabulary.token(id) {
                Token::Code(_) => {
                    let alone = |side| vocabulary.rows(id, side) == 1;
                    looks
                        .marks
                        .set(Marks::SURE, alone(Side::Left) && alone(Side::Right));
                    at::CODE
                }
                Token::Quantity(..) | Token::Measure(_) => at::QUANTITY,
                Token::Number(_) => at::NUMBER,
                Token::Trait(Trait::Colour, _) => at::COLOUR,
                Token::Trait(Trait::Size, _) => at::SIZE,
                Token::Trait(Trait::Flavour, _) => at::FLAVOUR,
                Token::Trait(Trait::Side | Trait::Condition, _)
                | Token::Count(_)
                | Token::Word(_) => continue,
            };
            looks.features[place] = 1.0;
        }
    }

    /// Whether no other row could be meant by two codes of which one is a part of the other.
    fn is_lone(&self, met: Meeting) -> bool {
        let rows = |id, side| self.texts.vocabulary.rows(id, side);
        let (left, right) = (rows(met.left, Side::Left), rows(met.right, Side::Right));
        left == 1 && right == 1 && rows(met.right, Side::Left) == 0
    }

    /// Whether a token is what variants differ by: of plain words only experience tells.
    fn tells_apart(&self, id: u32) -> bool {
        match self.texts.vocabulary.token(id) {
            Token::Word(_) | Token::Code(_) => self.siblings.counterparts(id) >= COUNTERPARTS_MIN,
            Token::Trait(Trait::Condition, _) | Token::Count(_) => false,
            Token::Trait(..) | Token::Quantity(..) | Token::Measure(_) | Token::Number(_) => {
                self.siblings.counterparts(id) > 0
            }
        }
    }

    /// What only one side says, and may matter.
    fn leftovers(&self, looks: &mut Looks, overlap: &Overlap, (left, right): (&Record, &Record)) {
        let vocabulary = &self.texts.vocabulary;
        let agreed = looks.features[at::CODE] > 0.0;
        let open = |ids: &[u32]| ids.iter().any(|id| self.tells_apart(*id));
        let (open_left, open_right) = (open(&overlap.only_left), open(&overlap.only_right));
        looks.features[at::VARIANT_LEFT] = truth(open_left);
        looks.features[at::VARIANT_RIGHT] = truth(open_right);
        let known = |ids: &[u32], other| {
            let word = |id: &u32| matches!(vocabulary.token(*id), Token::Word(_));
            ids.iter()
                .any(|id| word(id) && vocabulary.rows(*id, other) > 0)
        };
        let words =
            known(&overlap.only_left, Side::Right) && known(&overlap.only_right, Side::Left);
        looks.features[at::WORDS_CONFLICT] = truth(words);
        let marks = &mut looks.marks;
        marks.set(Marks::OPEN_LEFT, open_left);
        marks.set(Marks::OPEN_RIGHT, open_right);
        marks.set(Marks::WORDS, words && !agreed);
        marks.set(
            Marks::FULL,
            agreed || looks.features[at::IN_LEFT] >= FULL_SHARE,
        );
        let unmet = |brand: u64, used: u64| brand != 0 && brand & used == 0;
        let brands = unmet(left.brand, overlap.used_left) && unmet(right.brand, overlap.used_right);
        looks.features[at::BRANDS] = truth(brands);
        let kinds = |ids: &[u32]| {
            let mut found = (false, 0_u8);
            for id in ids {
                found.0 |= matches!(vocabulary.token(*id), Token::Code(_));
                found.1 += u8::from(matches!(vocabulary.token(*id), Token::Number(_)));
            }
            found
        };
        let parts = || overlap.met.iter().filter(|met| met.origin == Origin::Part);
        let mut met_left = parts().map(|met| met.left);
        let in_part = looks.features[at::CODE_PART] > 0.0;
        // What is behind the longer code may be the colour that the other row does not say.
        let trait_said = |id: &u32| matches!(vocabulary.token(*id), Token::Trait(..));
        let lone =
            parts().all(|met| self.is_lone(*met)) && !overlap.only_left.iter().any(trait_said);
        let tells = |ids: &[u32], described: &[u32]| {
            let code = |id: &u32| matches!(vocabulary.token(*id), Token::Code(_));
            ids.iter()
                .any(|id| code(id) && described.binary_search(id).is_ok())
        };
        let told = tells(&overlap.only_left, &right.described)
            || tells(&overlap.only_right, &left.described)
            || met_left.any(|id| right.described.binary_search(&id).is_ok());
        let (left, right) = (kinds(&overlap.only_left), kinds(&overlap.only_right));
        let codes = left.0 && right.0 && !told;
        looks.features[at::CODE_TOLD] = truth(told && !agreed);
        let near = looks.features[at::CODE_NEAR] + looks.features[at::CODE_PART];
        looks.features[at::CODE_OTHERS] = truth(codes && agreed);
        looks.features[at::CODE_CONFLICT] = truth(codes && !agreed && near == 0.0);
        looks.features[at::NUMBER_ALONE] = truth((left.1 > 0) != (right.1 > 0));
        let numbers = looks.features[at::NUMBER_CONFLICT] > 0.0;
        let marks = &mut looks.marks;
        marks.set(Marks::NUMBERS, (codes || numbers) && !agreed);
        marks.set(Marks::SURE | Marks::FULL, in_part && lone);
        marks.set(Marks::HARD, in_part && !agreed && !told && !lone);
        // Two numbers against two others are spans of years or sizes.
        let spans = left.1 > 1 && right.1 > 1;
        marks.set(Marks::HARD, numbers && (open_right || spans));
    }
}

fn texts_alike(
    looks: &mut Looks,
    (overlap, dice): (&Overlap, f32),
    (left, right): (&Record, &Record),
) {
    let (shared, in_right, in_left) = overlap.shares();
    let features = &mut looks.features;
    features[at::BIAS] = 1.0;
    features[at::SHARED] = shared;
    features[at::SHARED_SQUARED] = shared * shared;
    features[at::IN_RIGHT] = in_right;
    features[at::IN_LEFT] = in_left;
    features[at::BEST] = unit(overlap.best);
    features[at::DICE] = dice;
    features[at::DESCRIBED] = part(overlap.described, overlap.described + overlap.shared);
    let foreign = left.scripts.other != right.scripts.other;
    features[at::SCRIPT] = truth(foreign);
    let silent = f32::midpoint(shared, dice) < SILENT_SHARE;
    let marks = &mut looks.marks;
    let parts = overlap.met.iter().any(|met| met.origin == Origin::Part);
    features[at::CODE_PART] = truth(parts);
    marks.set(Marks::SILENT, silent && unit(overlap.best) < SILENT_WEIGHT);
    marks.set(Marks::FOREIGN, foreign);
}

fn contradictions(looks: &mut Looks, conflicts: &[Conflict]) {
    for conflict in conflicts {
        let place = match conflict.kind {
            Kind::Quantity(_) | Kind::Measure => at::QUANTITY_CONFLICT,
            Kind::Count => at::COUNT_CONFLICT,
            Kind::Trait(Trait::Colour) => at::COLOUR_CONFLICT,
            Kind::Trait(Trait::Size) => at::SIZE_CONFLICT,
            Kind::Trait(Trait::Flavour) => at::FLAVOUR_CONFLICT,
            Kind::Trait(Trait::Side) => at::SIDE_CONFLICT,
            Kind::Trait(Trait::Condition) => at::CONDITION_CONFLICT,
            Kind::Number => at::NUMBER_CONFLICT,
            Kind::Model => at::CODE_NEAR,
            Kind::Sibling => at::ALTERNATIVE,
        };
        looks.features[place] = 1.0;
        looks.marks.set(Marks::HARD, conflict.kind != Kind::Number);
    }
}

fn truth(is: bool) -> f32 {
    if is { 1.0 } else { 0.0 }
}

/// The score of a pair, open at both ends; above zero more speaks for it than against it.
pub(crate) fn score(weights: &Features, features: &Features) -> f32 {
    weights.iter().zip(features).map(|(w, f)| w * f).sum()
}
