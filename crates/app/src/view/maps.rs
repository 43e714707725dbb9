//! Maps: what the store's taxes, methods and statuses are in Odoo.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::MapKind;

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
