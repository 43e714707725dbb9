//! The mapping as a table for people: a lean row for each listing, and one for each pair that was
//! rejected.

use rusqlite::{Row, params};
use tandem_domain::{Decision, Link, ListingKey, Slug, Timestamp, VariantKey};

use crate::connections::bound_odoo;
use crate::convert::ReadColumn;
use crate::db::Store;
use crate::decisions::decision_from;
use crate::error::Result;
use crate::review::ReviewFilter;
use crate::standing::{ReviewState, Verdict, load_link};

/// A listing as a table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The listing.
    pub listing: ListingKey,
    /// Its SKU.
    pub sku: Option<String>,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: ReviewState,
    /// What the matching made of it.
    pub verdict: Verdict,
    /// The manager's decision that is in force, if there is one.
    pub decision: Option<Decision>,
    /// When that was, UTC.
    pub decided_at: Option<Timestamp>,
    /// Who took it, where that is known.
    pub decided_by: Option<String>,
    /// The link's variant, else the best candidate; for a rejected pair, the one rejected.
    pub variant: Option<VariantKey>,
    /// Its internal reference.
    pub variant_sku: Option<String>,
    /// Its name.
    pub variant_name: Option<String>,
    /// How the link was found.
    pub method: Option<String>,
    /// The score of the pair.
    pub score_bp: Option<u16>,
}

const EACH: &str = "SELECT l.key, l.sku, l.name, r.state, r.verdict, r.variant AS shown,
        r.score_bp, k.method, v.sku AS variant_sku, v.name AS variant_name,
        d.action, d.variant, d.decided_at, d.decided_by
     FROM listings l JOIN review r ON r.listing_id = l.id
     LEFT JOIN links k ON k.store = l.connection AND k.listing = l.key
     LEFT JOIN variants v ON v.connection = ?2 AND v.key = r.variant
     LEFT JOIN decisions d ON d.seq = (SELECT max(seq) FROM decisions o
        WHERE o.store = l.connection AND o.listing = l.key AND o.undone_at IS NULL)
     WHERE l.id = ?1";

/// Pairs that were rejected and stay so: nothing was decided about the listing since that takes
/// this one back.
const REJECTED: &str = "SELECT l.key, l.sku, l.name, r.state, r.verdict, d.variant AS shown,
        NULL AS score_bp, NULL AS method, v.sku AS variant_sku, v.name AS variant_name,
        d.action, d.variant, max(d.decided_at) AS decided_at, d.decided_by
     FROM decisions d JOIN listings l ON l.connection = d.store AND l.key = d.listing
     JOIN review r ON r.listing_id = l.id
     LEFT JOIN variants v ON v.connection = ?2 AND v.key = d.variant
     WHERE l.id = ?1 AND d.undone_at IS NULL AND d.action = 'reject'
       AND NOT EXISTS (SELECT 1 FROM decisions o WHERE o.store = d.store
           AND o.listing = d.listing AND o.undone_at IS NULL AND o.seq > d.seq
           AND o.action = 'accept' AND o.variant = d.variant)
     GROUP BY d.variant ORDER BY d.seq";

impl Store {
    /// Hands over the listings that a filter leaves, best score first, each followed by its
    /// rejected pairs; all listings of the store without a filter.
    pub fn each_listed(
        &self,
        store: &Slug,
        filter: Option<&ReviewFilter>,
        mut each: impl FnMut(Listed) -> Result<()>,
    ) -> Result<()> {
        let ids = match filter {
            Some(filter) => self.review_ids(store, filter)?,
            None => self.listing_ids(store)?,
        };
        self.read(|db| {
            let odoo = bound_odoo(db, store)?;
            let odoo = odoo.as_ref().map(Slug::as_str);
            let mut listed = db.prepare_cached(EACH)?;
            let mut rejected = db.prepare_cached(REJECTED)?;
            for id in ids {
                for row in listed.query_map(params![id, odoo], listed_from)? {
                    each(without_rejection(row?))?;
                }
                for row in rejected.query_map(params![id, odoo], listed_from)? {
                    each(row?)?;
                }
            }
            Ok(())
        })
    }

    /// The link of a listing.
    pub fn link(&self, store: &Slug, listing: &ListingKey) -> Result<Option<Link>> {
        self.read(|db| {
            let saved = load_link(db, store.as_str(), listing)?;
            Ok(saved.map(|saved| saved.link))
        })
    }

    /// The listings of a SKU that can be linked.
    pub fn listings_of_sku(&self, store: &Slug, sku: &str) -> Result<Vec<ListingKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT key FROM listings WHERE connection = ?1 AND sku = ?2
                    AND sku IS NOT NULL AND gone_at IS NULL AND kind <> 'parent'",
            )?;
            let found = statement.query_map([store.as_str(), sku], |row| {
                row.get::<_, String>(0).map(ListingKey::new)
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The variants of an internal reference that are not archived.
    pub fn variants_of_sku(&self, odoo: &Slug, sku: &str) -> Result<Vec<VariantKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT key FROM variants WHERE connection = ?1 AND sku = ?2
                    AND sku IS NOT NULL AND gone_at IS NULL AND active = 1",
            )?;
            let found =
                statement.query_map([odoo.as_str(), sku], |row| row.get(0).map(VariantKey))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    fn listing_ids(&self, store: &Slug) -> Result<Vec<i64>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT id FROM listings
                 WHERE connection = ?1 AND gone_at IS NULL AND kind <> 'parent' ORDER BY id",
            )?;
            let ids = statement.query_map([store.as_str()], |row| row.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// A rejected pair has a line of its own.
fn without_rejection(row: Listed) -> Listed {
    if !matches!(row.decision, Some(Decision::Reject(_))) {
        return row;
    }
    Listed {
        decision: None,
        decided_at: None,
        decided_by: None,
        ..row
    }
}

fn listed_from(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let decided = row.get_ref("action")?.as_str_or_null()?.is_some();
    Ok(Listed {
        listing: ListingKey::new(row.get::<_, String>("key")?),
        sku: row.get("sku")?,
        name: row.get("name")?,
        state: row.word("state")?,
        verdict: row.word("verdict")?,
        decision: decided.then(|| decision_from(row)).transpose()?,
        decided_at: row.instant_opt("decided_at")?,
        decided_by: row.get("decided_by")?,
        variant: row.get::<_, Option<i64>>("shown")?.map(VariantKey),
        variant_sku: row.get("variant_sku")?,
        variant_name: row.get("variant_name")?,
        method: row.get("method")?,
        score_bp: row.get("score_bp")?,
    })
}
