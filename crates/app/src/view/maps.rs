//! Maps: what the store's taxes, methods and statuses are in Odoo.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{BlockerKind, MapKind};

/// How a row stands (`maps.state.<state>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MapState {
    /// Nothing speaks for one choice: a person has to choose.
    Choose,
    /// It was mapped, and Odoo's side is not what it was.
    Changed,
    /// Something speaks for the value shown; it is not in force.
    Proposed,
    /// In force.
    Mapped,
}

/// What speaks for a proposal (`maps.why.<why>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MapWhy {
    /// The same percentage.
    Rate,
    /// Nothing is taxed at zero percent.
    ZeroRate,
    /// The same name, or words of it.
    Name,
    /// The same currency.
    Currency,
    /// Odoo has just one.
    OnlyOne,
    /// Odoo has none.
    NoneThere,
    /// What most stores want.
    Usual,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapChoice {
    /// As it is sent back: ids, or `none`, `own`, `later`, `draft` and so on.
    pub value: String,
    /// As Odoo shows it; empty for the words above, which have words of their own.
    pub label: String,
    /// Percentage, code or currency.
    pub detail: String,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapView {
    /// What it is about.
    pub kind: MapKind,
    /// The store's id, code or spelling.
    pub key: String,
    /// As the customer saw it.
    pub name: String,
    /// Percentage, where it has one.
    pub detail: String,
    /// How it stands.
    pub state: MapState,
    /// In force, or proposed; `None` where a person has to choose.
    pub choice: Option<MapChoice>,
    /// What speaks for a proposal.
    pub why: Vec<MapWhy>,
    /// The address of a parcel's page, with `{number}` in it.
    pub tracking: Option<String>,
    /// Orders in the cache that use it.
    pub orders: u32,
    /// Orders that wait for it.
    pub blocks: u32,
}

/// What can be chosen for one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapChoices {
    /// Which kind.
    pub kind: MapKind,
    /// All that there is.
    pub choices: Vec<MapChoice>,
}

/// The maps of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapsView {
    /// The rows: those that orders wait for first within a kind.
    pub rows: Vec<MapView>,
    /// What can be chosen.
    pub choices: Vec<MapChoices>,
    /// False until Odoo was asked what there is.
    pub read: bool,
}

/// What a row would make of a real order. Computed, nothing is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapTrial {
    /// The order; `None` where no order in the cache uses the row.
    pub order: Option<TriedOrder>,
}

/// A real order, and what choices of a row would make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TriedOrder {
    /// The store's id of it.
    pub key: String,
    /// What people call it.
    pub number: String,
    /// Currency.
    pub currency: String,
    /// How many lines of goods it has.
    pub goods: u32,
    /// What it is in the store.
    pub store: TrialSums,
    /// Whether it waits for an import, or is held back.
    pub waits: bool,
    /// Reasons beside this row that hold it back.
    pub others: u32,
    /// Orders that can be tried on, this one included.
    pub orders: u32,
    /// The choices: the one in force or proposed first.
    pub tried: Vec<Tried>,
}

/// What a choice would make of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tried {
    /// Which.
    pub choice: MapChoice,
    /// What the order would be in Odoo; `None` where it could not go in.
    pub sums: Option<TrialSums>,
    /// Odoo's total less the store's, where the order could go in.
    pub difference: Option<String>,
    /// How far the order would go, by its status: a value of a status row.
    pub goes: Option<String>,
    /// What would keep it out.
    pub held: Option<BlockerKind>,
}

/// An order's money, decimal strings at the currency's scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrialSums {
    /// Goods, net of tax.
    pub goods: String,
    /// Delivery, fees and rounding, net of tax.
    pub charges: String,
    /// All taxes.
    pub tax: String,
    /// The total.
    pub total: String,
}

/// A row to settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapInput {
    /// What it is about.
    pub kind: MapKind,
    /// The store's id, code or spelling.
    pub key: String,
    /// A [`MapChoice::value`].
    pub value: String,
    /// The address of a parcel's page, for carriers.
    pub tracking: Option<String>,
}

/// What settling did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MapsSettled {
    /// Rows in force now that were not.
    pub settled: u32,
    /// Orders that nothing holds back any more.
    pub orders_cleared: u32,
    /// Keys among them that no order uses.
    pub unused: Vec<String>,
    /// The maps as they are now.
    pub maps: MapsView,
}
