//! The journal of imports: every step, announced before and confirmed after. Only added to.

use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use tandem_domain::{OrderKey, Slug, Timestamp};

use crate::convert::{ReadColumn, micros, to_word};
use crate::db::Store;
use crate::error::Result;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "JournalStep", rename_all = "snake_case")]
pub enum Step {
    /// A service product for charges is made.
    Service,
    /// The customer is made.
    Customer,
    /// An address of the customer is made.
    Address,
    /// The order is made.
    Order,
    /// Lines and total are read back and compared.
    Verify,
    /// The rounding line is put in, because Odoo computed otherwise than was expected.
    Rounding,
    /// The order is confirmed.
    Confirm,
    /// A draft invoice is made.
    Invoice,
    /// The invoice is posted.
    Post,
    /// The store's order is marked.
    Stamp,
    /// The lines are replaced, because the store's order changed.
    Update,
    /// The order is cancelled, because the store's was.
    Cancel,
    /// A credit note is made for a refund.
    CreditNote,
    /// The customer in the store is told what Odoo has.
    StoreCustomer,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "JournalPhase", rename_all = "snake_case")]
pub enum Phase {
    /// It is about to be done. Without a later phase it may or may not have been.
    Intent,
    /// It was done, and reading back proved it.
    Confirmed,
    /// It was found to be done already: by an earlier try, another machine, or a person.
    Found,
    /// A call failed; it is tried again, or given up.
    Failed,
    /// What was read back is not what was sent.
    Mismatch,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Of which order.
    pub order: OrderKey,
    /// In which run.
    pub run: Option<i64>,
    /// When, UTC.
    pub at: Timestamp,
    /// What.
    pub step: Step,
    /// How it stands.
    pub phase: Phase,
    /// What the step makes.
    pub reference: Option<String>,
    /// SHA-256 of what was sent.
    pub payload: Option<String>,
    /// A name, a total, a code: for people and support.
    pub detail: String,
}

impl Store {
    /// Adds a line, in a transaction of its own.
    pub fn write_journal(&self, store: &Slug, entry: &Entry) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO journal (store, order_key, run, at, step, phase, reference, payload,
                    detail)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                store.as_str(),
                entry.order.as_str(),
                entry.run,
                micros(entry.at),
                to_word("step", &entry.step)?,
                to_word("phase", &entry.phase)?,
                entry.reference,
                entry.payload,
                entry.detail,
            ])?;
            Ok(())
        })
    }

    /// Everything that was done for an order, oldest first.
    pub fn journal(&self, store: &Slug, order: &OrderKey) -> Result<Vec<Entry>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT * FROM journal WHERE store = ?1 AND order_key = ?2 ORDER BY id",
            )?;
            let rows = statement.query_map([store.as_str(), order.as_str()], entry_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn entry_from(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        order: OrderKey::new(row.get::<_, String>("order_key")?),
        run: row.get("run")?,
        at: row.instant("at")?,
        step: row.word("step")?,
        phase: row.word("phase")?,
        reference: row.get("reference")?,
        payload: row.get("payload")?,
        detail: row.get("detail")?,
    })
}
