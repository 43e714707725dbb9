//! The mapping review: pairs, their evidence, and the manager's decisions.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::connections::Params;
use super::learning::{AccountView, Confidence, GroupQuery, GroupView, Measured};
use super::{Caution, Tier};

/// The four lists of the review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Proposals that wait for a person.
    #[default]
    ToReview,
    /// Pairs in force.
    Mapped,
    /// Listings without a candidate, and those the manager set aside.
    Unmatched,
    /// Keys that several records share.
    Conflicts,
}

/// What the matching says of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum VerdictTag {
    /// Linked by a key that is unique on both sides.
    Exact,
    /// One good candidate.
    Likely,
    /// Several candidates, equally good.
    Ambiguous,
    /// Nothing in Odoo looks like it.
    OnlyInStore,
    /// Groups variations; is never linked to a variant.
    Parent,
    /// The manager decided.
    Decided,
}

/// Evidence, as a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceTag {
    /// Same GTIN.
    SameGtin,
    /// Both have a GTIN, not the same.
    GtinDiffers,
    /// Same SKU to the letter.
    SameSku,
    /// Same SKU but for case, dashes, leading zeros.
    SameCanonicalSku,
    /// Both have a SKU, not the same.
    SkuDiffers,
    /// How alike the names are (`value` in basis points).
    Name,
    /// The names say different sizes, colours, counts (`store`, `odoo`).
    NameContradicts,
    /// One price is a multiple of the other (`factor`, `higher`).
    PriceFactor,
}

/// One observation, with the values for its sentence (`evidence.<tag>`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceView {
    /// Which.
    pub tag: EvidenceTag,
    /// Values for its words.
    pub params: Params,
    /// True when it speaks against the pair.
    pub against: bool,
}

/// Why a pair was not linked by itself (`reason.<tag>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReasonTag {
    /// Several listings carry the key.
    KeyNotUniqueInStore,
    /// Several variants carry the key.
    KeyNotUniqueInOdoo,
    /// Two keys point to two variants.
    KeysDisagree,
    /// The names contradict the key.
    NameContradictsKey,
    /// The prices are too far apart.
    PriceFarApart,
    /// Only names speak for it.
    NameOnly,
    /// The manager rejected this very pair before.
    RejectedBefore,
    /// Another listing is linked to this variant already.
    VariantTaken,
    /// The SKU is too short to prove anything.
    KeyTooShort,
}

/// A stretch of a text that differs from the other side, in UTF-16 code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MarkSpan {
    /// First unit.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

/// The store's side of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ListingCard {
    /// Its key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Own values: "Red, XL".
    pub variation: String,
    /// `simple`, `parent`, `variation`, `bundle`.
    pub kind: String,
    /// SKU.
    pub sku: Option<String>,
    /// EAN or what stands in that field.
    pub barcode: Option<String>,
    /// Decimal string.
    pub price: Option<String>,
    /// ISO code.
    pub currency: Option<String>,
    /// Decimal string; `None` when not counted here.
    pub stock: Option<String>,
    /// False when customers do not see it.
    pub published: bool,
    /// Its page in the store.
    pub page_url: Option<String>,
}

/// Odoo's side of a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VariantCard {
    /// `product.product` id.
    pub key: i32,
    /// `product.template` id.
    pub template: i32,
    /// Name.
    pub name: String,
    /// Own values: "Red, XL".
    pub variation: String,
    /// Internal reference.
    pub sku: Option<String>,
    /// Barcode.
    pub barcode: Option<String>,
    /// Decimal string.
    pub price: Option<String>,
    /// ISO code.
    pub currency: Option<String>,
    /// On hand in the store's warehouses, decimal string.
    pub on_hand: Option<String>,
    /// Reserved there, decimal string.
    pub reserved: Option<String>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// False when archived.
    pub active: bool,
}

/// One row of the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairRow {
    /// The store's side.
    pub listing: ListingCard,
    /// The link or the best candidate.
    pub variant: Option<VariantCard>,
    /// What the matching says.
    pub verdict: VerdictTag,
    /// True when the pair is in force.
    pub linked: bool,
    /// Score of the pair shown, 0 to 10,000; only for order and histogram.
    pub score_bp: Option<u16>,
    /// How sure it is; nothing without a variant.
    pub confidence: Option<Confidence>,
    /// The listings that it belongs to, where there are several.
    pub group: Option<GroupView>,
    /// What speaks for and against it.
    pub evidence: Vec<EvidenceView>,
    /// Accept asks first: price far apart, names that contradict.
    pub guarded: bool,
    /// Candidates beside the one shown.
    pub other_candidates: u32,
    /// Where the names differ, store's side.
    pub store_name_marks: Vec<MarkSpan>,
    /// Where the names differ, Odoo's side.
    pub odoo_name_marks: Vec<MarkSpan>,
    /// Where the SKUs differ, store's side.
    pub store_sku_marks: Vec<MarkSpan>,
    /// Where the SKUs differ, Odoo's side.
    pub odoo_sku_marks: Vec<MarkSpan>,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewQuery {
    /// Which list.
    pub tab: Tab,
    /// Only these verdicts; empty means all.
    pub verdicts: Vec<VerdictTag>,
    /// Only pairs with any of this evidence; warnings narrow further.
    pub evidence: Vec<EvidenceTag>,
    /// Only pairs that ask first.
    pub guarded: bool,
    /// Lowest score, 0 to 10,000.
    pub score_from: Option<u16>,
    /// Highest score.
    pub score_to: Option<u16>,
    /// Only proposals of this pattern.
    #[serde(default)]
    pub pattern: Option<String>,
    /// Only listings of this group.
    #[serde(default)]
    pub group: Option<GroupQuery>,
    /// Words to find on the store's side.
    pub store_text: String,
    /// Words to find on Odoo's side.
    pub odoo_text: String,
    /// First row.
    pub offset: u32,
    /// How many rows, at most 500.
    pub limit: u32,
}

/// Rows and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    /// Rows that fit the query.
    pub total: u32,
    /// Those asked for.
    pub rows: Vec<PairRow>,
}

/// A facet's count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Count<T> {
    /// What is counted.
    pub of: T,
    /// How many.
    pub count: u32,
}

/// Rows per list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TabCounts {
    /// To review.
    pub to_review: u32,
    /// Mapped.
    pub mapped: u32,
    /// Unmatched.
    pub unmatched: u32,
    /// Conflicts.
    pub conflicts: u32,
}

/// What stands beside the list: facets with counts, and the spread of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewCounts {
    /// Rows per list.
    pub tabs: TabCounts,
    /// Per verdict, within the list.
    pub verdicts: Vec<Count<VerdictTag>>,
    /// Per evidence, within the list.
    pub evidence: Vec<Count<EvidenceTag>>,
    /// Pairs that ask first, within the list.
    pub guarded: u32,
    /// Twenty buckets of scores, lowest first.
    pub histogram: Vec<u32>,
    /// Variants in Odoo that no listing is linked to.
    pub only_in_odoo: u32,
    /// Decisions made since the first match.
    pub decided: u32,
    /// How many can be undone.
    pub undoable: u32,
}

/// Fields that are compared side by side (`field.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// SKU and internal reference.
    Sku,
    /// EAN and barcode.
    Barcode,
    /// Price.
    Price,
    /// Unit of measure.
    Unit,
    /// Own values.
    Variation,
    /// Stock.
    Stock,
}

/// How two values stand to each other (`relation.<name>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Equal to the letter.
    Same,
    /// Equal but for spelling (dashes, case, leading zeros).
    Alike,
    /// Different.
    Differs,
    /// One is a multiple of the other (`factor`, `higher`).
    Multiple,
    /// One side does not say.
    Missing,
    /// Shown, but no reason for or against.
    NotCompared,
}

/// One field of both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldRow {
    /// Which field.
    pub field: FieldName,
    /// The store's value, a decimal string for price and stock; empty when unknown.
    pub store: String,
    /// Odoo's value.
    pub odoo: String,
    /// How they stand to each other.
    pub relation: Relation,
    /// Values for its words.
    pub params: Params,
    /// Where they differ, store's side.
    pub store_marks: Vec<MarkSpan>,
    /// Where they differ, Odoo's side.
    pub odoo_marks: Vec<MarkSpan>,
}

/// A candidate of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    /// The variant.
    pub variant: VariantCard,
    /// Score, 0 to 10,000.
    pub score_bp: u16,
    /// What speaks for and against it.
    pub evidence: Vec<EvidenceView>,
    /// Name of the listing that is linked to it already.
    pub linked_to: Option<String>,
}

/// A pair in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PairDetail {
    /// The row, with the variant that is shown.
    pub row: PairRow,
    /// Fields side by side.
    pub fields: Vec<FieldRow>,
    /// Why it was not linked by itself.
    pub reasons: Vec<ReasonTag>,
    /// The same in finer words.
    pub cautions: Vec<Caution>,
    /// How it was linked, when it was linked by itself.
    pub tier: Option<Tier>,
    /// How often such pairs were right: links of this way and score, or proposals of this
    /// pattern. Nothing where nobody looked yet.
    pub measured: Option<Measured>,
    /// What the texts say to each other; nothing before the first match, and without a variant.
    pub account: Option<AccountView>,
    /// All candidates, best first.
    pub candidates: Vec<CandidateView>,
    /// Orders that wait for this listing to be linked.
    pub waiting_orders: u32,
}

/// What the manager does with a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DecideAction {
    /// These two are the same thing.
    Accept,
    /// These two are not.
    Reject,
    /// This listing needs no counterpart.
    Ignore,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInput {
    /// The listing.
    pub listing: String,
    /// What to do.
    pub action: DecideAction,
    /// The variant, for accept and reject.
    pub variant: Option<i32>,
}

/// What a decision did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DecisionDone {
    /// Orders that no longer wait because of it.
    pub orders_cleared: u32,
    /// How many decisions can be undone now.
    pub undoable: u32,
}

/// What was undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Undone {
    /// The listing.
    pub listing: String,
    /// Its name.
    pub name: String,
    /// What had been done.
    pub action: DecideAction,
    /// How many decisions were taken back with it: a bulk step is taken back as one.
    pub together: u32,
    /// How many decisions can still be undone.
    pub undoable: u32,
}
