//! How one listing stands: its link, what the matching said, and what the review shows of it.
//!
//! Whatever changes a listing's standing loads it, changes it and saves it whole, so that links,
//! proposals and the narrow review row never disagree, and undoing is saving an old one. A step
//! over many pairs does the same to open rows by a few statements for all of them (`together`).

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{Evidence, Link, ListingKey, Method, Reason, Timestamp, VariantKey};

use crate::convert::{ReadColumn, micros, to_json, to_word};
use crate::error::Result;
use crate::tags::bits;

/// What the matching made of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Linked by itself: the evidence is unambiguous. The first candidate is the link.
    Linked,
    /// The first candidate stands out, but a person should look.
    Likely,
    /// Several candidates are about as good.
    Ambiguous,
    /// Nothing resembles it enough.
    None,
    /// Its keys are worth nothing: several listings or variants carry them.
    Broken,
    /// Groups variations and is never linked itself.
    Parent,
    /// The manager settled it.
    Decided,
}

impl Verdict {
    /// All of them, in the order in which screens list them.
    pub const ALL: [Self; 7] = [
        Self::Linked,
        Self::Likely,
        Self::Ambiguous,
        Self::None,
        Self::Broken,
        Self::Parent,
        Self::Decided,
    ];
}

/// A variant that may be a listing's counterpart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The variant.
    pub variant: VariantKey,
    /// How well the pair fits, 0 to 10,000: for order and histograms.
    pub score_bp: u16,
    /// The strongest thing that joins the two.
    pub method: Method,
    /// What speaks for and against it.
    pub evidence: Vec<Evidence>,
    /// The score that the matching gave it, once later decisions moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched_bp: Option<u16>,
}

/// What a match says beside its verdict, in words of the matching that mean nothing here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remarks {
    /// Why it was not linked by itself.
    pub cautions: Vec<String>,
    /// How it was linked, when it was linked by itself.
    pub tier: Option<String>,
    /// For such a link, the share of right ones that can be relied on, in basis points.
    pub share_bp: Option<u16>,
}

impl Remarks {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the manager decides is linked by nobody else.
    fn decided(&mut self) {
        (self.tier, self.share_bp) = (None, None);
    }
}

/// Who made a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MadeBy {
    /// The matching.
    Auto,
    /// The manager; no matching changes it.
    Manager,
}

/// A link in force, with who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLink {
    /// The pair.
    pub link: Link,
    /// Who made it.
    pub made_by: MadeBy,
}

/// Where a listing stands in the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Neither linked nor ignored.
    Open,
    /// Linked.
    Linked,
    /// The manager said that it needs no counterpart.
    Ignored,
}

/// A listing's standing. What the review row holds beside it is computed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(crate) link: Option<SavedLink>,
    pub(crate) ignored: bool,
    pub(crate) verdict: Verdict,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) candidates: Vec<Proposal>,
    /// Decisions of older versions do not have it.
    #[serde(default)]
    pub(crate) remarks: Remarks,
}

impl Standing {
    pub(crate) fn unmatched() -> Self {
        Self {
            link: None,
            ignored: false,
            verdict: Verdict::None,
            reasons: Vec::new(),
            candidates: Vec::new(),
            remarks: Remarks::default(),
        }
    }

    pub(crate) fn state(&self) -> ReviewState {
        match (&self.link, self.ignored) {
            (Some(_), _) => ReviewState::Linked,
            (None, true) => ReviewState::Ignored,
            (None, false) => ReviewState::Open,
        }
    }

    /// The pair that the review shows: the link, else the best candidate.
    fn shown(&self) -> (Option<VariantKey>, Option<u16>, (i64, i64)) {
        match &self.link {
            Some(SavedLink { link, .. }) => {
                let candidate = self.candidates.iter().find(|c| c.variant == link.variant);
                (
                    Some(link.variant),
                    candidate.map(|c| c.score_bp),
                    bits(&link.evidence),
                )
            }
            None => match self.candidates.first() {
                Some(best) => (
                    Some(best.variant),
                    Some(best.score_bp),
                    bits(&best.evidence),
                ),
                None => (None, None, (0, 0)),
            },
        }
    }

    /// The score that the matching gave the shown pair, once later decisions moved it.
    fn matched_bp(&self) -> Option<u16> {
        let shown = self.shown().0;
        let pair = self.candidates.iter().find(|c| Some(c.variant) == shown);
        pair.and_then(|candidate| candidate.matched_bp)
    }

    /// The row that the review shows of it.
    fn row(&self) -> ShownRow {
        let (variant, score_bp, (evidence, guards)) = self.shown();
        ShownRow {
            state: self.state(),
            verdict: self.verdict,
            variant,
            score_bp,
            evidence,
            guards,
            matched_bp: self.matched_bp().or(score_bp),
            linked_at: self.link.as_ref().map(|saved| micros(saved.link.linked_at)),
        }
    }

    /// Drops a pair for good, and the link if it is that pair.
    pub(crate) fn reject(&mut self, variant: VariantKey) {
        if self
            .link
            .as_ref()
            .is_some_and(|saved| saved.link.variant == variant)
        {
            self.link = None;
            self.remarks.decided();
        }
        self.candidates
            .retain(|candidate| candidate.variant != variant);
        self.verdict = match (self.verdict, self.candidates.len()) {
            _ if self.link.is_some() || self.ignored => self.verdict,
            (Verdict::Parent | Verdict::Broken, _) => self.verdict,
            (_, 0) => Verdict::None,
            (Verdict::Linked | Verdict::Decided, _) | (Verdict::Ambiguous, 1) => Verdict::Likely,
            (other, _) => other,
        };
    }

    /// Links a pair because the manager says so. A candidate lends its method and evidence.
    pub(crate) fn accept(&mut self, listing: &ListingKey, variant: VariantKey, now: Timestamp) {
        let candidate = self.candidates.iter().find(|c| c.variant == variant);
        let link = Link {
            listing: listing.clone(),
            variant,
            method: candidate.map_or(Method::Manual, |c| c.method),
            evidence: candidate.map(|c| c.evidence.clone()).unwrap_or_default(),
            linked_at: now,
        };
        self.link = Some(SavedLink {
            link,
            made_by: MadeBy::Manager,
        });
        self.ignored = false;
        self.remarks.decided();
        self.verdict = Verdict::Decided;
    }

    /// Takes the listing out of the review because the manager says so.
    pub(crate) fn ignore(&mut self) {
        self.link = None;
        self.remarks.decided();
        self.ignored = true;
        self.verdict = Verdict::Decided;
    }
}

/// What the review row holds of a standing, and the age of its link as it is stored.
#[derive(Debug, Serialize)]
struct ShownRow {
    state: ReviewState,
    verdict: Verdict,
    variant: Option<VariantKey>,
    score_bp: Option<u16>,
    evidence: i64,
    guards: i64,
    matched_bp: Option<u16>,
    linked_at: Option<i64>,
}

/// What a decision keeps of how its listing stood: the standing, and the row that it had in the
/// review, so that a step is taken back without a look at each standing.
#[derive(Debug, Serialize)]
pub(crate) struct Before<'a> {
    #[serde(flatten)]
    standing: &'a Standing,
    row: Option<ShownRow>,
}

/// The row of a listing in the cache, if it is there.
pub(crate) fn listing_id(
    db: &Connection,
    store: &str,
    listing: &ListingKey,
) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT id FROM listings WHERE connection = ?1 AND key = ?2")?
        .query_row([store, listing.as_str()], |row| row.get(0))
        .optional()?)
}

/// A listing's standing as it is in the database now.
pub(crate) struct Loaded {
    /// `None` when the listing is not in the cache. It may have a link all the same, from
    /// imported decisions.
    id: Option<i64>,
    pub(crate) standing: Standing,
}

impl Loaded {
    /// To go back to it.
    pub(crate) fn kept(&self) -> Before<'_> {
        Before {
            standing: &self.standing,
            row: self.id.map(|_| self.standing.row()),
        }
    }
}

pub(crate) fn load(db: &Connection, store: &str, listing: &ListingKey) -> Result<Loaded> {
    let id = listing_id(db, store, listing)?;
    let found = match id {
        Some(id) => load_review(db, id)?,
        None => None,
    };
    let mut standing = found.unwrap_or_else(Standing::unmatched);
    standing.link = load_link(db, store, listing)?;
    Ok(Loaded { id, standing })
}

pub(crate) fn load_link(
    db: &Connection,
    store: &str,
    listing: &ListingKey,
) -> Result<Option<SavedLink>> {
    Ok(db
        .prepare_cached("SELECT * FROM links WHERE store = ?1 AND listing = ?2")?
        .query_row([store, listing.as_str()], link_from)
        .optional()?)
}

fn load_review(db: &Connection, id: i64) -> Result<Option<Standing>> {
    let found = db
        .prepare_cached(
            "SELECT r.state, r.verdict, p.reasons, p.candidates, p.remarks
             FROM review r LEFT JOIN proposals p ON p.listing_id = r.listing_id
             WHERE r.listing_id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Standing {
                link: None,
                ignored: row.word::<ReviewState>("state")? == ReviewState::Ignored,
                verdict: row.word("verdict")?,
                reasons: row.json_opt("reasons")?.unwrap_or_default(),
                candidates: row.json_opt("candidates")?.unwrap_or_default(),
                remarks: row.json_opt("remarks")?.unwrap_or_default(),
            })
        })
        .optional()?;
    Ok(found)
}

pub(crate) fn link_from(row: &rusqlite::Row<'_>) -> rusqlite::Result<SavedLink> {
    Ok(SavedLink {
        link: Link {
            listing: ListingKey::new(row.get::<_, String>("listing")?),
            variant: VariantKey(row.get("variant")?),
            method: row.word("method")?,
            evidence: row.json("evidence")?,
            linked_at: row.instant("linked_at")?,
        },
        made_by: row.word("made_by")?,
    })
}

/// Saves a listing's standing whole: link, proposals and the row that the review reads. What is
/// as it was is not written again.
pub(crate) fn save(
    db: &Transaction<'_>,
    (store, listing): (&str, &ListingKey),
    before: &Loaded,
    after: &Standing,
) -> Result<()> {
    let old = &before.standing;
    if old == after {
        return Ok(());
    }
    if old.link != after.link {
        save_link(db, store, listing, after.link.as_ref())?;
    }
    let Some(id) = before.id else { return Ok(()) };
    let same = old.reasons == after.reasons && old.remarks == after.remarks;
    if !same || old.candidates != after.candidates {
        save_proposals(db, id, after)?;
    }
    let row = after.row();
    db.prepare_cached(
        "UPDATE review SET state = ?2, verdict = ?3, variant = ?4, score_bp = ?5, evidence = ?6,
            guards = ?7, matched_bp = ?8
         WHERE listing_id = ?1",
    )?
    .execute(params![
        id,
        to_word("state of a listing", &row.state)?,
        to_word("verdict", &row.verdict)?,
        row.variant.map(|variant| variant.0),
        row.score_bp,
        row.evidence,
        row.guards,
        row.matched_bp,
    ])?;
    Ok(())
}

fn save_proposals(db: &Transaction<'_>, id: i64, standing: &Standing) -> Result<()> {
    let nothing = standing.reasons.is_empty() && standing.candidates.is_empty();
    if nothing && standing.remarks.is_empty() {
        db.prepare_cached("DELETE FROM proposals WHERE listing_id = ?1")?
            .execute([id])?;
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO proposals (listing_id, reasons, candidates, remarks) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (listing_id) DO UPDATE SET reasons = ?2, candidates = ?3, remarks = ?4",
    )?
    .execute(params![
        id,
        to_json("reasons", &standing.reasons)?,
        to_json("proposals", &standing.candidates)?,
        to_json("remarks", &standing.remarks)?,
    ])?;
    Ok(())
}

fn save_link(
    db: &Transaction<'_>,
    store: &str,
    listing: &ListingKey,
    saved: Option<&SavedLink>,
) -> Result<()> {
    let Some(SavedLink { link, made_by }) = saved else {
        db.prepare_cached("DELETE FROM links WHERE store = ?1 AND listing = ?2")?
            .execute([store, listing.as_str()])?;
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO links (store, listing, variant, method, evidence, linked_at, made_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (store, listing) DO UPDATE SET variant = ?3, method = ?4, evidence = ?5,
            linked_at = ?6, made_by = ?7",
    )?
    .execute(params![
        store,
        listing.as_str(),
        link.variant.0,
        to_word("method of a link", &link.method)?,
        to_json("evidence", &link.evidence)?,
        micros(link.linked_at),
        to_word("maker of a link", made_by)?,
    ])?;
    Ok(())
}
