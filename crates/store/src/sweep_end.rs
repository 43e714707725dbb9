//! The end of a sweep: what it did not see is gone, and the next one knows where to begin.

use rusqlite::{Transaction, params};
use tandem_domain::{Slug, Timestamp};

use crate::conflicts::mark_shared;
use crate::connections::bound_to;
use crate::convert::micros;
use crate::cursors::{Of, Stream, Sweep, SweepRow, SweepScope, running};
use crate::db::Store;
use crate::error::Result;

impl Store {
    /// Ends a sweep whose last page is saved. After a sweep over everything, rows that it did not
    /// see are marked as gone, in the same transaction; returns how many.
    ///
    /// A sweep that was not read in one go may have missed a row that is there: servers that
    /// count pages move every row up when one before it is deleted. Then only what the sweep
    /// before did not see either is gone.
    ///
    /// Records that could not be understood count as seen, by their id, which must be spelled as
    /// the record's key. Was one of them without a readable id, or a level of stock, nothing is
    /// marked as gone, because any row might be it.
    pub fn finish_sweep(
        &self,
        connection: &Slug,
        stream: Stream,
        sweep: &Sweep,
        now: Timestamp,
    ) -> Result<usize> {
        self.write(|db| {
            let row = running(db, (connection, stream), sweep.id)?;
            let missed = if sweep.resumed {
                row.previous
            } else {
                Some(sweep.id)
            };
            let gone = match (row.scope, missed) {
                (SweepScope::Everything { from, .. }, Some(missed)) => {
                    bury_unseen(db, (connection, stream), (missed, from), now)?
                }
                _ => 0,
            };
            db.prepare_cached(
                "UPDATE sweeps SET state = 'complete', cursor = NULL
                 WHERE connection = ?1 AND stream = ?2 AND sweep = ?3",
            )?
            .execute(params![connection.as_str(), stream.as_str(), sweep.id])?;
            if matches!(row.scope, SweepScope::Everything { .. }) {
                forget_earlier_changes(db, (connection, stream), sweep.id)?;
            }
            move_watermark(db, (connection, stream), &row, now)?;
            match stream {
                Stream::Listings => mark_shared(db, connection)?,
                Stream::Variants => {
                    for store in bound_to(db, connection)? {
                        mark_shared(db, &store)?;
                    }
                }
                Stream::Stock | Stream::Orders | Stream::Refunds => {}
            }
            Ok(gone)
        })
    }
}

/// A sweep over everything that began after one over changes, and ended, has read all that the
/// other one was cut off from.
fn forget_earlier_changes(
    db: &Transaction<'_>,
    (connection, stream): Of<'_>,
    sweep: i64,
) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM sweeps WHERE connection = ?1 AND stream = ?2 AND scope = 'changes'
            AND state <> 'complete' AND sweep < ?3",
    )?
    .execute(params![connection.as_str(), stream.as_str(), sweep])?;
    Ok(())
}

/// A sweep over changes says from where the next one asks, also when that is earlier than
/// before: a server's clock may have been set right. A slow sweep over everything began long
/// ago, so it never moves the mark back.
fn move_watermark(
    db: &Transaction<'_>,
    (connection, stream): Of<'_>,
    row: &SweepRow,
    now: Timestamp,
) -> Result<()> {
    let (connection, stream) = (connection.as_str(), stream.as_str());
    let (started_at, now) = (micros(row.started_at), micros(now));
    match row.scope {
        SweepScope::Changes { .. } => db
            .prepare_cached(
                "UPDATE streams SET watermark = ?3, updated_at = ?4
                 WHERE connection = ?1 AND stream = ?2",
            )?
            .execute(params![connection, stream, started_at, now])?,
        SweepScope::Everything { .. } => db
            .prepare_cached(
                "UPDATE streams SET watermark = max(coalesce(watermark, ?3), ?3),
                    full_at = ?4, updated_at = ?4
                 WHERE connection = ?1 AND stream = ?2",
            )?
            .execute(params![connection, stream, started_at, now])?,
    };
    Ok(())
}

/// Marks what a sweep over everything did not see. Problems of earlier sweeps are over as well:
/// their records were either understood this time or are no longer there.
fn bury_unseen(
    db: &Transaction<'_>,
    (connection, stream): Of<'_>,
    (missed, from): (i64, Option<Timestamp>),
    now: Timestamp,
) -> Result<usize> {
    let (connection, name) = (connection.as_str(), stream.as_str());
    db.prepare_cached(
        "DELETE FROM fetch_problems WHERE connection = ?1 AND stream = ?2 AND sweep < ?3",
    )?
    .execute(params![connection, name, missed])?;
    let nameless = db
        .prepare_cached(
            "SELECT 1 FROM fetch_problems
             WHERE connection = ?1 AND stream = ?2 AND (external_id = '' OR ?2 = 'stock')",
        )?
        .exists([connection, name])?;
    if nameless {
        return Ok(0);
    }
    let bury = match stream {
        Stream::Listings => BURY_LISTINGS,
        Stream::Variants => BURY_VARIANTS,
        Stream::Orders => BURY_ORDERS,
        Stream::Refunds => BURY_REFUNDS,
        Stream::Stock => DROP_STOCK,
    };
    Ok(db.prepare_cached(bury)?.execute(params![
        connection,
        missed,
        micros(now),
        from.map(micros)
    ])?)
}

const BURY_LISTINGS: &str = "UPDATE listings SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL AND ?4 IS NULL";
const BURY_VARIANTS: &str = "UPDATE variants SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL AND ?4 IS NULL";
/// An order that changed last before the sweep's reach is not asked for, so it may be there.
const BURY_ORDERS: &str = "UPDATE orders SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL
        AND (?4 IS NULL OR modified_at >= ?4)";
const BURY_REFUNDS: &str = "UPDATE refunds SET gone_at = ?3
    WHERE connection = ?1 AND seen_sweep < ?2 AND gone_at IS NULL
        AND (?4 IS NULL OR refunded_at >= ?4)";
/// A level has no history worth keeping: no row means no stock.
const DROP_STOCK: &str = "DELETE FROM stock_levels
    WHERE connection = ?1 AND seen_sweep < ?2 AND ?3 IS NOT NULL AND ?4 IS NULL";
