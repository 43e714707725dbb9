//! What the matching learned, one model for each store, and the manager's word list.

use rusqlite::{OptionalExtension, params};
use tandem_domain::{Slug, Timestamp};

use crate::convert::{ReadColumn, deflate, micros};
use crate::db::Store;
use crate::error::Result;

/// What a model was learned from: enough to say whether it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedFrom {
    /// The Odoo whose variants it knows.
    pub odoo: Slug,
    /// What the word lists said, in a few bytes.
    pub words: Vec<u8>,
    /// How many listings there were.
    pub listings: u32,
    /// How many variants there were.
    pub variants: u32,
    /// Pairs that a key proved.
    pub proven: u32,
    /// Decisions that were in force.
    pub decisions: u32,
    /// The number of the last decision that it knows; 0 when there was none.
    pub last_decision: i64,
    /// When, UTC.
    pub learned_at: Timestamp,
}

/// What the manager said since a model was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidSince {
    /// Decisions that it does not know, and those it knows that were taken back.
    pub decisions: u32,
    /// Those of them that undid a link which the matching had made by itself.
    pub against: u32,
}

/// A word of a store and what it means in Odoo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SavedWord {
    /// As the store writes it.
    pub word: String,
    /// As Odoo writes it.
    pub means: String,
}

impl Store {
    /// Keeps what was learned of a store in place of what was known before. What the text means
    /// is the caller's matter. `fingerprints` are what every row said, in eight bytes each.
    pub fn save_model(
        &self,
        store: &Slug,
        from: &LearnedFrom,
        (model, fingerprints): (&str, &[u8]),
    ) -> Result<()> {
        let deflated = deflate(model)?;
        self.write(|db| {
            db.prepare_cached(
                "INSERT OR REPLACE INTO models (store, odoo, model, fingerprints, words, listings,
                    variants, proven, decisions, last_decision, learned_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                store.as_str(),
                from.odoo.as_str(),
                deflated,
                fingerprints,
                from.words,
                from.listings,
                from.variants,
                from.proven,
                from.decisions,
                from.last_decision,
                micros(from.learned_at),
            ])?;
            Ok(())
        })
    }

    /// What the model of a store was learned from; nothing when none was kept.
    pub fn learned_from(&self, store: &Slug) -> Result<Option<LearnedFrom>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT odoo, words, listings, variants, proven, decisions,
                    last_decision, learned_at
                 FROM models WHERE store = ?1",
            )?;
            let found = statement.query_row([store.as_str()], |row| {
                Ok(LearnedFrom {
                    odoo: row.parsed("odoo")?,
                    words: row.get("words")?,
                    listings: row.get("listings")?,
                    variants: row.get("variants")?,
                    proven: row.get("proven")?,
                    decisions: row.get("decisions")?,
                    last_decision: row.get("last_decision")?,
                    learned_at: row.instant("learned_at")?,
                })
            });
            Ok(found.optional()?)
        })
    }

    /// The text of the model that was learned at an instant; nothing when it is another one by now.
    pub fn model(&self, store: &Slug, learned_at: Timestamp) -> Result<Option<String>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT model FROM models WHERE store = ?1 AND learned_at = ?2")?;
            let found = statement.query_row(params![store.as_str(), micros(learned_at)], |row| {
                row.inflated("model")
            });
            Ok(found.optional()?)
        })
    }

    /// The stamp of what the last match kept beside the database; nothing when there is none.
    pub fn matched(&self, store: &Slug) -> Result<Option<String>> {
        self.read(|db| {
            let mut statement = db.prepare_cached("SELECT matched FROM models WHERE store = ?1")?;
            let found = statement.query_row([store.as_str()], |row| row.get(0));
            Ok(found.optional()?.flatten())
        })
    }

    /// Says which file goes with what is in here, or that none does any more.
    pub fn set_matched(&self, store: &Slug, stamp: Option<&str>) -> Result<()> {
        self.write(|db| {
            db.prepare_cached("UPDATE models SET matched = ?2 WHERE store = ?1")?
                .execute(params![store.as_str(), stamp])?;
            Ok(())
        })
    }

    /// What every row said when the model of a store was learned, as it was saved.
    pub fn fingerprints(&self, store: &Slug) -> Result<Vec<u8>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT fingerprints FROM models WHERE store = ?1")?;
            let found = statement.query_row([store.as_str()], |row| row.get(0));
            Ok(found.optional()?.unwrap_or_default())
        })
    }

    /// What the manager decided and took back since a model was learned.
    pub fn said_since(&self, store: &Slug, from: &LearnedFrom) -> Result<SaidSince> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT count(*) AS decisions,
                    coalesce(sum(undone_at IS NULL
                        AND coalesce(json_extract(before, '$.link.made_by') = 'auto', 0)
                        AND CASE action
                            WHEN 'accept' THEN variant <> json_extract(before, '$.link.link.variant')
                            WHEN 'reject' THEN variant = json_extract(before, '$.link.link.variant')
                            ELSE 0 END), 0) AS against
                 FROM decisions
                 WHERE store = ?1 AND ((seq > ?2 AND undone_at IS NULL)
                    OR (seq <= ?2 AND undone_at >= ?3))",
            )?;
            let values = params![store.as_str(), from.last_decision, micros(from.learned_at)];
            Ok(statement.query_row(values, |row| {
                Ok(SaidSince {
                    decisions: row.get("decisions")?,
                    against: row.get("against")?,
                })
            })?)
        })
    }

    /// The number of the last decision on a store that is in force or was; 0 when there is none.
    pub fn last_decision(&self, store: &Slug) -> Result<i64> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT coalesce(max(seq), 0) FROM decisions WHERE store = ?1")?;
            Ok(statement.query_row([store.as_str()], |row| row.get(0))?)
        })
    }

    /// The manager's word list, by alphabet.
    pub fn words(&self) -> Result<Vec<SavedWord>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT word, means FROM words ORDER BY word, means")?;
            let rows = statement.query_map([], word_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Puts a line on the word list; one that is there already stays.
    pub fn add_word(&self, word: &SavedWord) -> Result<()> {
        self.word(
            "INSERT OR IGNORE INTO words (word, means) VALUES (?1, ?2)",
            word,
        )
    }

    /// Takes a line off the word list, if it is there.
    pub fn remove_word(&self, word: &SavedWord) -> Result<()> {
        self.word("DELETE FROM words WHERE word = ?1 AND means = ?2", word)
    }

    fn word(&self, sql: &str, word: &SavedWord) -> Result<()> {
        self.write(|db| {
            db.prepare_cached(sql)?
                .execute(params![word.word, word.means])?;
            Ok(())
        })
    }

    /// Learned words that the manager took back, by alphabet.
    pub fn words_taken_back(&self, store: &Slug) -> Result<Vec<SavedWord>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT word, means FROM words_taken_back WHERE store = ?1 ORDER BY word, means",
            )?;
            let rows = statement.query_map([store.as_str()], word_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Takes a learned word back, or lets it count again.
    pub fn take_word_back(&self, store: &Slug, word: &SavedWord, back: bool) -> Result<()> {
        let sql = if back {
            "INSERT OR IGNORE INTO words_taken_back (store, word, means) VALUES (?1, ?2, ?3)"
        } else {
            "DELETE FROM words_taken_back WHERE store = ?1 AND word = ?2 AND means = ?3"
        };
        self.write(|db| {
            db.prepare_cached(sql)?
                .execute(params![store.as_str(), word.word, word.means])?;
            Ok(())
        })
    }
}

fn word_from(row: &rusqlite::Row<'_>) -> rusqlite::Result<SavedWord> {
    Ok(SavedWord {
        word: row.get("word")?,
        means: row.get("means")?,
    })
}
