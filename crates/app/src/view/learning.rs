//! What the matching learned, why it says what it says of a pair, and proposals that look alike.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::review::{EvidenceTag, PairRow, VerdictTag};
use super::{Difference, Origin, Tier};

/// How sure a pair is, in a word (`confidence.<tag>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Linked by itself, or by the manager.
    Sure,
    /// One candidate stands out, and fits well.
    Likely,
    /// It may be the one.
    Possible,
    /// Little speaks for it.
    Weak,
}

/// How often something was right, as far as somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// The share of right ones that can be relied on, in basis points: the lower bound at 95 %.
    pub share_bp: u16,
    /// How many pairs were decided one by one here.
    pub checked: u32,
    /// How many of them were wrong.
    pub wrong: u32,
}

/// Two different words that were taken for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MetView {
    /// As the store has it.
    pub store: String,
    /// As Odoo has it.
    pub odoo: String,
    /// How they came to mean the same.
    pub origin: Origin,
}

/// Two expressions that exclude each other; empty where a side says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ContrastView {
    /// What differs.
    pub difference: Difference,
    /// As the store has it.
    pub store: String,
    /// As Odoo has it.
    pub odoo: String,
}

/// What the texts of a pair say to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Words that both have.
    pub same: Vec<String>,
    /// Words that were taken for one.
    pub met: Vec<MetView>,
    /// Words that only the store says.
    pub only_store: Vec<String>,
    /// Words that only Odoo says.
    pub only_odoo: Vec<String>,
    /// What differs.
    pub contrasts: Vec<ContrastView>,
    /// How far the prices' ratio is from what is usual here, as "1.3"; 1.0 is just as usual.
    pub price_factor: Option<String>,
}

/// Why listings belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum GroupTag {
    /// They carry one SKU (`group.same_sku`).
    SameSku,
    /// They are variations of one parent (`group.parent`).
    Parent,
}

/// Listings that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GroupView {
    /// Why.
    pub kind: GroupTag,
    /// What tells the group from others: the SKU, or the parent's key.
    pub key: String,
    /// The SKU, or the parent's name.
    pub name: String,
    /// How many listings are in it.
    pub size: u32,
}

/// Which group is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GroupQuery {
    /// Why they belong together.
    pub kind: GroupTag,
    /// As [`GroupView::key`].
    pub key: String,
}

/// Open proposals that have in common what speaks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatternView {
    /// Its name, for [`super::ReviewQuery::pattern`].
    pub id: String,
    /// What the matching says of them.
    pub verdict: VerdictTag,
    /// What speaks for and against them.
    pub evidence: Vec<EvidenceTag>,
    /// How sure they are.
    pub confidence: Confidence,
    /// How many there are, guarded ones included.
    pub rows: u32,
    /// Those that "accept all" leaves out because they ask first.
    pub guarded: u32,
    /// Of the guarded ones, those whose prices are far apart.
    pub guarded_price: u32,
    /// Of the guarded ones, those whose texts contradict: amount, unit, count, condition.
    pub guarded_text: u32,
    /// True when they can be accepted at once: one candidate stands out in each.
    pub acceptable: bool,
    /// How many "accept all" would take.
    pub takes: u32,
    /// What single decisions said of such proposals; nothing before the first one.
    pub measured: Option<Measured>,
}

/// What "accept all" did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkDone {
    /// Pairs that are in force now.
    pub accepted: u32,
    /// Left out: they ask first.
    pub guarded: u32,
    /// Left out: another listing is linked to the variant, or claims it too.
    pub taken: u32,
    /// Left out: no candidate stands out.
    pub unclear: u32,
    /// How many decisions can be undone now; this step is undone as one.
    pub undoable: u32,
}

/// Some rows of a pattern, to look at before all are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PatternSample {
    /// Rows that "accept all" would accept.
    pub total: u32,
    /// Stands for just these pairs: accepting all of them is refused once they are others.
    pub set: String,
    /// Some of them from best to worst score; the same ones each time.
    pub rows: Vec<PairRow>,
}

/// A way of linking by itself, and what this shop's decisions say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TierView {
    /// Which.
    pub tier: Tier,
    /// How often it was right.
    pub measured: Measured,
    /// True when it stopped: under 99.9 % at the lower bound. More accepted pairs start it again.
    pub paused: bool,
}

/// A word that the shop's own pairs taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LearnedWord {
    /// As the store writes it.
    pub store: String,
    /// What it means in Odoo.
    pub odoo: String,
    /// Proven pairs in which they stand for each other.
    pub seen: u32,
    /// Proven pairs in which the store's word has no equal in Odoo.
    pub of: u32,
    /// True when the manager took it back: it does not count from the next match on.
    pub taken_back: bool,
}

/// A line of the manager's word list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OwnWord {
    /// As stores write it.
    pub store: String,
    /// What it means in Odoo.
    pub odoo: String,
}

/// What was learned of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LearnedView {
    /// When; nothing before the first match.
    pub learned_at: Option<String>,
    /// How many listings it was learned from.
    pub listings: u32,
    /// How many variants.
    pub variants: u32,
    /// How many pairs a key proved.
    pub proven: u32,
    /// How many decisions it knows.
    pub decisions: u32,
    /// Odoo's prices over the store's as they usually are, as "1.05".
    pub price_factor: Option<String>,
    /// Every way of linking by itself, strongest first.
    pub tiers: Vec<TierView>,
    /// Words that the shop's own pairs taught, the most used first; those taken back stay listed.
    pub words: Vec<LearnedWord>,
    /// The manager's word list, for all stores of the profile.
    pub own: Vec<OwnWord>,
    /// True when words or decisions changed since: matching again takes them in.
    pub outdated: bool,
}

/// What to do with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WordAction {
    /// A learned word does not count any more.
    TakeBack,
    /// It counts again.
    Restore,
    /// Puts a pair on the manager's word list.
    Add,
    /// Takes it off.
    Remove,
}

/// A change of what is known of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WordInput {
    /// What to do.
    pub action: WordAction,
    /// The store's word.
    pub store: String,
    /// Odoo's.
    pub odoo: String,
}
