//! Decisions about many pairs at once, their history, and the mapping as a file.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::review::{DecideAction, ReviewQuery};

/// What to decide about many pairs as one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkInput {
    /// The rows that are shown; all pages of them.
    pub query: ReviewQuery,
    /// Only these listings, chosen one by one; all that are shown where there are none.
    pub listings: Option<Vec<String>>,
    /// What to do.
    pub action: DecideAction,
}

/// What a bulk step would do. Nothing was done yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkPreview {
    /// Rows that were looked at.
    pub rows: u32,
    /// Those that it would decide about.
    pub decided: u32,
    /// Left out: they ask first.
    pub guarded: u32,
    /// Left out: another listing is linked to the variant, or claims it too.
    pub taken: u32,
    /// Left out: no candidate stands out.
    pub unclear: u32,
    /// Left out: nothing to do, or nothing that can be done.
    pub settled: u32,
    /// Names exactly these decisions; the step is refused when they are other ones by then.
    pub set: String,
}

/// By what road a decision came (`origin.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DecisionOrigin {
    /// Somebody looked at the pair.
    Hand,
    /// Many at once.
    Bulk,
    /// Out of a file.
    File,
}

/// What was decided together, one pair or many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepOfHistory {
    /// Its number, to take it back by.
    pub step: u32,
    /// By what road it came; nothing for steps of older versions.
    pub origin: Option<DecisionOrigin>,
    /// The first of its listings.
    pub listing: String,
    /// The name of that listing.
    pub name: String,
    /// What was done.
    pub action: DecideAction,
    /// The variant of that first decision.
    pub variant: Option<i32>,
    /// The variant's name.
    pub variant_name: Option<String>,
    /// When, RFC 3339, UTC.
    pub decided_at: String,
    /// Who, where that is known.
    pub decided_by: Option<String>,
    /// How many decisions it has.
    pub size: u32,
    /// How many of them are in force.
    pub in_force: u32,
    /// When some of it was taken back last.
    pub undone_at: Option<String>,
    /// Who took it back, where that is known.
    pub undone_by: Option<String>,
}

/// A part of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepsPage {
    /// How many steps there are.
    pub total: u32,
    /// Those asked for, latest first.
    pub rows: Vec<StepOfHistory>,
}

/// What taking one step back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepUndone {
    /// Decisions that were taken back.
    pub undone: u32,
    /// Those that stay: something was decided about the listing since.
    pub left: u32,
    /// How many decisions can still be undone.
    pub undoable: u32,
}

/// In what form the mapping is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Where it lies.
    pub path: String,
    /// How many lines it has beside the head.
    pub rows: u32,
}

/// A file with decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportInput {
    /// Its name; what it ends in says what it is.
    pub name: String,
    /// What is in it, in base64.
    pub content: String,
}

/// Why a line of a file cannot be used (`import.bad.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BadLineTag {
    /// It names no listing.
    NoListing,
    /// No listing of this key or SKU.
    ListingUnknown,
    /// Several listings carry this SKU.
    ListingSeveral,
    /// It groups variations and is never linked itself.
    ListingParent,
    /// Not one of accept, reject, ignore.
    DecisionUnknown,
    /// Accept and reject need a variant.
    NoVariant,
    /// No variant of this id or internal reference.
    VariantUnknown,
    /// Several variants carry this internal reference.
    VariantSeveral,
    /// Another line says something else about the same listing.
    Contradicts,
}

/// A line of a file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BadLine {
    /// Its number, the head being 1.
    pub line: u32,
    /// Why.
    pub what: BadLineTag,
    /// What stands there.
    pub value: String,
}

/// What a file would do. Nothing was done yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Lines with something in them.
    pub lines: u32,
    /// Pairs that it would link.
    pub accepted: u32,
    /// Pairs that it would reject.
    pub rejected: u32,
    /// Listings that it would leave aside.
    pub ignored: u32,
    /// Links in force that it would put another one in the place of.
    pub replaced: u32,
    /// Lines that say what holds already.
    pub unchanged: u32,
    /// Lines without a decision.
    pub without: u32,
    /// Lines that cannot be used, at most a hundred. With any of them nothing is imported.
    pub bad: Vec<BadLine>,
    /// How many of those there are in all.
    pub bad_total: u32,
    /// Names exactly these decisions; the import is refused when they are other ones by then.
    pub set: String,
}

/// What a step over many pairs did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StepDone {
    /// Decisions that are in force now.
    pub decided: u32,
    /// How many decisions can be undone now; this step is undone as one.
    pub undoable: u32,
}
