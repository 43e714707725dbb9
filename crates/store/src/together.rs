//! Many decisions as one step, and taking a step back. What most of them do to their listing is
//! the same, so it is done to all of them by a statement each; whoever decides ten thousand pairs
//! gets an answer at once. The others go one by one, by the same rules as a single decision.

use std::collections::HashMap;

use rusqlite::{Transaction, named_params, params};
use tandem_domain::{Decision, ListingKey, Slug, Timestamp};

use crate::convert::{micros, to_json, to_word};
use crate::decisions::{
    DecisionRecord, Stamp, decide_one, record_from, stand_as, with_before, words,
};
use crate::error::Result;
use crate::standing::Remarks;

/// Decisions that leave an open row beside the pair that it shows: `id` is the row.
const STEP: &str = "CREATE TEMP TABLE IF NOT EXISTS step (
        id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, listing TEXT NOT NULL,
        action TEXT NOT NULL, variant INTEGER);";

/// An open row that shows the variant, or any open row to leave aside. An open row may have a link
/// all the same: out of a file, from before its listing was fetched.
const PLAIN: &str = "INSERT INTO step (id, seq, listing, action, variant)
    SELECT r.listing_id, :seq, l.key, :action, :variant
    FROM listings l JOIN review r ON r.listing_id = l.id
    WHERE l.connection = :store AND l.key = :listing AND r.state = 'open'
        AND (:action = 'ignore' OR r.variant = :variant)
        AND NOT EXISTS (SELECT 1 FROM links k WHERE k.store = :store AND k.listing = :listing)";

/// What is put together here is what [`crate::standing::Before`] says of single decisions.
const TAKE_DOWN: &str = "INSERT INTO decisions
        (seq, batch, store, listing, action, variant, decided_at, decided_by, origin, before)
    SELECT s.seq, :batch, :store, s.listing, s.action, s.variant, :now, :who, :origin,
        '{\"link\":null,\"ignored\":false,\"verdict\":\"' || r.verdict
        || '\",\"reasons\":' || coalesce(p.reasons, '[]')
        || ',\"candidates\":' || coalesce(p.candidates, '[]')
        || ',\"remarks\":' || coalesce(p.remarks, :remarks)
        || ',\"row\":' || json_object('state', r.state, 'verdict', r.verdict,
            'variant', r.variant, 'score_bp', r.score_bp, 'evidence', r.evidence,
            'guards', r.guards, 'matched_bp', r.matched_bp, 'linked_at', NULL) || '}'
    FROM step s JOIN review r ON r.listing_id = s.id
    LEFT JOIN proposals p ON p.listing_id = s.id ORDER BY s.seq";

/// The pair that an open row shows is its first candidate.
const LINK: &str = "INSERT INTO links
        (store, listing, variant, method, evidence, linked_at, made_by)
    SELECT :store, s.listing, s.variant, coalesce(p.candidates ->> '$[0].method', 'manual'),
        coalesce(p.candidates -> '$[0].evidence', '[]'), :now, 'manager'
    FROM step s LEFT JOIN proposals p ON p.listing_id = s.id WHERE s.action = 'accept'";

const SETTLE: &str = "UPDATE review SET verdict = 'decided',
        state = iif(s.action = 'accept', 'linked', 'ignored')
    FROM step s WHERE s.id = review.listing_id";

/// What the manager decides is linked by nobody else.
const REMARK: &str = "UPDATE proposals
    SET remarks = json_set(remarks, '$.tier', NULL, '$.share_bp', NULL)
    WHERE listing_id IN (SELECT id FROM step)
        AND (remarks ->> 'tier' IS NOT NULL OR remarks ->> 'share_bp' IS NOT NULL)";

/// Takes decisions in one step; answers their numbers in the order given.
pub(crate) fn decide(
    db: &Transaction<'_>,
    store: &Slug,
    decisions: &[(ListingKey, Decision)],
    stamp: Stamp<'_>,
) -> Result<Vec<i64>> {
    let first = next_number(db)?;
    let numbers: Vec<i64> = (first..).take(decisions.len()).collect();
    let stamp = Stamp {
        batch: Some(first),
        ..stamp
    };
    db.execute_batch(STEP)?;
    let singly = set_apart(db, store, decisions, &numbers)?;
    apply(db, store, first, stamp)?;
    db.execute("DELETE FROM step", [])?;
    for (seq, (listing, decision)) in singly {
        decide_one(db, store, (listing, decision), (Some(seq), stamp))?;
    }
    Ok(numbers)
}

/// Puts down the decisions that are alike, and answers the others.
fn set_apart<'a>(
    db: &Transaction<'_>,
    store: &Slug,
    decisions: &'a [(ListingKey, Decision)],
    numbers: &[i64],
) -> Result<Vec<(i64, &'a (ListingKey, Decision))>> {
    let mut named: HashMap<&ListingKey, u32> = HashMap::with_capacity(decisions.len());
    for (listing, _) in decisions {
        *named.entry(listing).or_default() += 1;
    }
    let mut statement = db.prepare_cached(PLAIN)?;
    let mut singly = Vec::new();
    for (seq, each) in numbers.iter().zip(decisions) {
        let (listing, decision) = each;
        let (action, variant) = words(decision);
        let alike = named[listing] == 1 && !matches!(decision, Decision::Reject(_));
        let put_down = alike
            && statement.execute(named_params! {
                ":seq": seq, ":action": action, ":variant": variant,
                ":store": store.as_str(), ":listing": listing.as_str(),
            })? == 1;
        if !put_down {
            singly.push((*seq, each));
        }
    }
    Ok(singly)
}

fn apply(db: &Transaction<'_>, store: &Slug, batch: i64, stamp: Stamp<'_>) -> Result<()> {
    let (store, now) = (store.as_str(), micros(stamp.now));
    db.prepare_cached(TAKE_DOWN)?.execute(named_params! {
        ":batch": batch, ":store": store, ":now": now, ":who": stamp.who,
        ":origin": to_word("origin of a decision", &stamp.origin)?,
        ":remarks": to_json("remarks", &Remarks::default())?,
    })?;
    db.prepare_cached(LINK)?
        .execute(named_params! { ":store": store, ":now": now })?;
    db.prepare_cached(SETTLE)?.execute([])?;
    db.prepare_cached(REMARK)?.execute([])?;
    Ok(())
}

/// The number of the next decision: numbers are never given twice.
fn next_number(db: &Transaction<'_>) -> Result<i64> {
    let last: i64 = db
        .prepare_cached(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'decisions'",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(last + 1)
}

/// What of a step is in force and is taken back: how the listing stood before its first decision.
const BACK: &str = "CREATE TEMP TABLE IF NOT EXISTS back (
        seq INTEGER PRIMARY KEY, listing TEXT NOT NULL, id INTEGER, first INTEGER NOT NULL,
        was TEXT, link TEXT, reasons TEXT, candidates TEXT, remarks TEXT);";

/// What was decided since about a listing stands.
const IN_FORCE: &str = "INSERT INTO back
    SELECT d.seq, d.listing,
        (SELECT l.id FROM listings l WHERE l.connection = d.store AND l.key = d.listing),
        NOT EXISTS (SELECT 1 FROM decisions o
            WHERE o.store = d.store AND o.listing = d.listing AND o.seq < d.seq
              AND +o.batch = d.batch AND o.undone_at IS NULL),
        nullif(d.before -> '$.row', 'null'), d.before -> '$.link', d.before -> '$.reasons',
        d.before -> '$.candidates', d.before -> '$.remarks'
    FROM decisions d
    WHERE d.store = :store AND d.batch = :batch AND d.undone_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM decisions o
            WHERE o.store = d.store AND o.listing = d.listing AND o.seq > d.seq
              AND +o.batch <> d.batch AND o.undone_at IS NULL)";

const UNLINK: &str = "DELETE FROM links WHERE store = :store AND listing IN
    (SELECT b.listing FROM back b WHERE b.first AND b.was IS NOT NULL AND b.link = 'null')";

const LINK_AGAIN: &str = "INSERT INTO links
        (store, listing, variant, method, evidence, linked_at, made_by)
    SELECT :store, b.listing, b.link ->> '$.link.variant', b.link ->> '$.link.method',
        b.link -> '$.link.evidence', b.was ->> '$.linked_at', b.link ->> '$.made_by'
    FROM back b WHERE b.first AND b.was IS NOT NULL AND b.link <> 'null'
    ON CONFLICT (store, listing) DO UPDATE SET variant = excluded.variant,
        method = excluded.method, evidence = excluded.evidence,
        linked_at = excluded.linked_at, made_by = excluded.made_by";

/// Most proposals are as they were.
const PROPOSE_AGAIN: &str = "INSERT INTO proposals (listing_id, reasons, candidates, remarks)
    SELECT b.id, b.reasons, b.candidates, b.remarks
    FROM back b LEFT JOIN proposals p ON p.listing_id = b.id
    WHERE b.first AND b.was IS NOT NULL AND b.id IS NOT NULL
        AND (p.candidates IS NOT b.candidates OR p.reasons IS NOT b.reasons
            OR p.remarks IS NOT b.remarks)
        AND (p.listing_id IS NOT NULL OR b.candidates <> '[]' OR b.reasons <> '[]'
            OR b.remarks <> :remarks)
    ON CONFLICT (listing_id) DO UPDATE SET reasons = excluded.reasons,
        candidates = excluded.candidates, remarks = excluded.remarks";

const STAND_AGAIN: &str = "UPDATE review SET state = b.was ->> 'state',
        verdict = b.was ->> 'verdict', variant = b.was ->> 'variant',
        score_bp = b.was ->> 'score_bp', evidence = b.was ->> 'evidence',
        guards = b.was ->> 'guards', matched_bp = b.was ->> 'matched_bp'
    FROM back b WHERE b.first AND b.was IS NOT NULL AND b.id = review.listing_id";

/// Takes back what is in force of a step, but for listings that were decided about since.
/// Answers what was taken back, latest first.
pub(crate) fn undo(
    db: &Transaction<'_>,
    (store, batch): (&Slug, i64),
    (who, now): (Option<&str>, Timestamp),
) -> Result<Vec<DecisionRecord>> {
    db.execute_batch(BACK)?;
    db.prepare_cached(IN_FORCE)?
        .execute(named_params! { ":store": store.as_str(), ":batch": batch })?;
    for link in [UNLINK, LINK_AGAIN] {
        db.prepare_cached(link)?
            .execute(named_params! { ":store": store.as_str() })?;
    }
    db.prepare_cached(PROPOSE_AGAIN)?
        .execute(named_params! { ":remarks": to_json("remarks", &Remarks::default())? })?;
    db.prepare_cached(STAND_AGAIN)?.execute([])?;
    // Where it is not known what the row was: an earlier version, or a listing that is not here.
    let mut singly = db.prepare_cached(
        "SELECT d.* FROM back b JOIN decisions d ON d.seq = b.seq
         WHERE b.was IS NULL ORDER BY d.seq DESC",
    )?;
    for row in singly.query_map([], with_before)? {
        let (record, before) = row?;
        stand_as(db, store, &record.listing, &before)?;
    }
    db.prepare_cached(
        "UPDATE decisions SET undone_at = ?1, undone_by = ?2 WHERE seq IN (SELECT seq FROM back)",
    )?
    .execute(params![micros(now), who])?;
    let mut undone = db.prepare_cached(
        "SELECT d.* FROM back b JOIN decisions d ON d.seq = b.seq ORDER BY d.seq DESC",
    )?;
    let records = undone.query_map([], record_from)?;
    let records = records.collect::<rusqlite::Result<_>>()?;
    db.execute("DELETE FROM back", [])?;
    Ok(records)
}
