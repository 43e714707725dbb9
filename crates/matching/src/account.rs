//! The whole account of one pair, for the screen that shows it: made when somebody asks.

use serde::{Deserialize, Serialize};

use crate::decide::Desk;
use crate::explain::Quoted;
use crate::items::{Catalogues, LeftItem, RightItem, Sorted};
use crate::learn::Origin;
use crate::model::Model;
use crate::normalise::Trait;
use crate::rows::Said;
use crate::score::{Kind, score};

/// What differs between two rows, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Volume, mass, length, storage and the like.
    Amount,
    /// Pieces sold together.
    Count,
    /// Colour.
    Colour,
    /// Clothing size.
    Size,
    /// Flavour or scent.
    Flavour,
    /// Left, right, front, rear.
    Side,
    /// Used, refurbished and the like.
    Condition,
    /// A bare number.
    Number,
    /// Models of one series.
    Model,
    /// Words that set siblings apart.
    Sibling,
}

/// Two expressions that exclude each other; empty where a side says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contrast {
    /// What differs.
    pub difference: Difference,
    /// As the store has it.
    pub store: String,
    /// As Odoo has it.
    pub odoo: String,
}

/// Two different expressions that were taken for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Met {
    /// As the store has it.
    pub store: String,
    /// As Odoo has it.
    pub odoo: String,
    /// How they came to mean the same.
    pub origin: Origin,
}

/// What the texts of two rows say to each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Account {
    /// Expressions that both have, as Odoo has them.
    pub same: Vec<String>,
    /// Expressions that were taken for one.
    pub met: Vec<Met>,
    /// What only the store says.
    pub only_store: Vec<String>,
    /// What only Odoo says.
    pub only_odoo: Vec<String>,
    /// What differs.
    pub contrasts: Vec<Contrast>,
    /// How far the prices' ratio is from what is usual here: 1 is just as usual.
    pub price_factor: Option<f32>,
    /// The score of the texts, in logits.
    pub score: f32,
}

/// Gives the account of a pair under a model.
pub fn account(model: &Model, left: &LeftItem, right: &RightItem) -> Account {
    let input = Catalogues {
        left: vec![left.clone()],
        right: vec![right.clone()],
        ..Catalogues::default()
    };
    let ground = model.ground(&input, Sorted::new(&input));
    let mut desk = Desk::new(&ground);
    desk.scratch
        .query
        .set(&ground.texts.left[0], &ground.aliases);
    let looks = ground
        .judge()
        .look((0, 0), &desk.scratch.query, &mut desk.room);
    let list = model.words();
    let token = |id: u32| Some(ground.texts.vocabulary.token(id));
    let mut quoted = Quoted::of(Said::from(left));
    let mut store = |id: u32| quoted.words(token(id), &list);
    let mut quoted = Quoted::of(Said::from(right));
    let mut odoo = |id: u32| quoted.words(token(id), &list);
    let overlap = &desk.room.overlap;
    let met = overlap.met.iter().map(|met| Met {
        store: store(met.left),
        odoo: odoo(met.right),
        origin: met.origin,
    });
    let met = met.collect();
    let contrasts = desk.room.conflicts.iter().map(|conflict| Contrast {
        difference: difference(conflict.kind),
        store: conflict.left.map_or_else(String::new, &mut store),
        odoo: conflict.right.map_or_else(String::new, &mut odoo),
    });
    let contrasts = contrasts.collect();
    Account {
        same: overlap.both.iter().map(|id| odoo(*id)).collect(),
        met,
        only_store: overlap.only_left.iter().map(|id| store(*id)).collect(),
        only_odoo: overlap.only_right.iter().map(|id| odoo(*id)).collect(),
        contrasts,
        price_factor: ground.prices.distance(0, 0).map(f32::exp),
        score: score(&ground.weights, &looks.features),
    }
}

fn difference(kind: Kind) -> Difference {
    match kind {
        Kind::Quantity(_) | Kind::Measure => Difference::Amount,
        Kind::Count => Difference::Count,
        Kind::Trait(Trait::Colour) => Difference::Colour,
        Kind::Trait(Trait::Size) => Difference::Size,
        Kind::Trait(Trait::Flavour) => Difference::Flavour,
        Kind::Trait(Trait::Side) => Difference::Side,
        Kind::Trait(Trait::Condition) => Difference::Condition,
        Kind::Number => Difference::Number,
        Kind::Model => Difference::Model,
        Kind::Sibling => Difference::Sibling,
    }
}
