//! Taking over what the matching found, under what the manager decided.

use rusqlite::{OptionalExtension, Transaction, params};
use tandem_domain::{Link, Links, ListingKey, Reason, Slug, Timestamp, VariantKey};

use crate::db::Store;
use crate::decisions::{Said, said};
use crate::error::Result;
use crate::standing::{self, MadeBy, Proposal, Remarks, SavedLink, Standing, Verdict, link_from};

/// What the matching says of one listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The listing.
    pub listing: ListingKey,
    /// What became of it.
    pub verdict: Verdict,
    /// The best variants for it, best first.
    pub candidates: Vec<Proposal>,
    /// Why it was not linked.
    pub reasons: Vec<Reason>,
    /// What else it says.
    pub remarks: Remarks,
    /// The variant that it stays linked to if the matching linked it before; it makes no new link.
    pub held: Option<VariantKey>,
}

impl Store {
    /// Takes over the outcome of a matching over all listings of a store, in one transaction.
    ///
    /// What the manager decided stands whatever the outcome says: accepted pairs stay linked,
    /// rejected ones are left out, ignored listings stay ignored. A link that is found again
    /// keeps its age. Listings that the outcome does not name are left as they are.
    pub fn replace_matching(
        &self,
        store: &Slug,
        outcome: &[Matched],
        now: Timestamp,
    ) -> Result<()> {
        self.write(|db| {
            let decided = said(db, store)?;
            for matched in outcome {
                take_over(
                    db,
                    store.as_str(),
                    matched,
                    (decided.get(&matched.listing), now),
                )?;
            }
            Ok(())
        })
    }

    /// All links of a store, to resolve order lines with.
    pub fn links(&self, store: &Slug) -> Result<Links> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT listing, variant FROM links WHERE store = ?1")?;
            let rows = statement.query_map([store.as_str()], |row| {
                Ok((
                    ListingKey::new(row.get::<_, String>(0)?),
                    VariantKey(row.get(1)?),
                ))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The links of some listings, to resolve a few orders with.
    pub fn links_of<'a>(
        &self,
        store: &Slug,
        listings: impl IntoIterator<Item = &'a ListingKey>,
    ) -> Result<Links> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT variant FROM links WHERE store = ?1 AND listing = ?2")?;
            let mut found = Vec::new();
            for listing in listings {
                let variant = statement
                    .query_row([store.as_str(), listing.as_str()], |row| row.get(0))
                    .optional()?;
                found.extend(variant.map(|variant| (listing.clone(), VariantKey(variant))));
            }
            Ok(found.into_iter().collect())
        })
    }

    /// A listing that is linked to a variant, other than the given one.
    pub fn linked_elsewhere(
        &self,
        store: &Slug,
        variant: VariantKey,
        but: &ListingKey,
    ) -> Result<Option<ListingKey>> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT listing FROM links
                     WHERE store = ?1 AND variant = ?2 AND listing <> ?3 ORDER BY listing LIMIT 1",
                )?
                .query_row(params![store.as_str(), variant.0, but.as_str()], |row| {
                    row.get::<_, String>(0).map(ListingKey::new)
                })
                .optional()?)
        })
    }

    /// All links of a store with evidence and maker, by listing.
    pub fn saved_links(&self, store: &Slug) -> Result<Vec<SavedLink>> {
        self.read(|db| {
            let mut statement =
                db.prepare_cached("SELECT * FROM links WHERE store = ?1 ORDER BY listing")?;
            let rows = statement.query_map([store.as_str()], link_from)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn take_over(
    db: &Transaction<'_>,
    store: &str,
    matched: &Matched,
    (said, now): (Option<&Said>, Timestamp),
) -> Result<()> {
    let before = standing::load(db, store, &matched.listing)?;
    let after = settled(&before.standing, matched, said, now);
    standing::save(db, (store, &matched.listing), &before, &after)
}

/// The standing that follows from an outcome under the manager's decisions.
fn settled(before: &Standing, matched: &Matched, said: Option<&Said>, now: Timestamp) -> Standing {
    let mut after = Standing {
        link: None,
        ignored: false,
        verdict: matched.verdict,
        reasons: matched.reasons.clone(),
        candidates: matched.candidates.clone(),
        remarks: matched.remarks.clone(),
    };
    if let Some(said) = said {
        for variant in &said.rejected {
            after.reject(*variant);
        }
        if said.ignored {
            after.ignore();
            return after;
        }
        if let Some(variant) = said.accepted {
            after.accept(&matched.listing, variant, now);
            keep_age(&mut after, before);
            return after;
        }
    }
    if let Some(kept) = held_link(before, matched) {
        after.link = Some(kept);
        after.verdict = Verdict::Linked;
        after.reasons.clear();
        after.remarks = before.remarks.clone();
        return after;
    }
    if after.verdict == Verdict::Linked {
        after.link = after
            .candidates
            .first()
            .map(|best| auto_link(&matched.listing, best, now));
        keep_age(&mut after, before);
    }
    after
}

/// The link of before, where only its way of linking came to be doubted.
fn held_link(before: &Standing, matched: &Matched) -> Option<SavedLink> {
    let old = before.link.as_ref()?;
    let stays = old.made_by == MadeBy::Auto && matched.held == Some(old.link.variant);
    stays.then(|| old.clone())
}

fn auto_link(listing: &ListingKey, best: &Proposal, now: Timestamp) -> SavedLink {
    let link = Link {
        listing: listing.clone(),
        variant: best.variant,
        method: best.method,
        evidence: best.evidence.clone(),
        linked_at: now,
    };
    SavedLink {
        link,
        made_by: MadeBy::Auto,
    }
}

/// The same pair by the same hand is not a new link. What the manager accepted keeps its
/// evidence too: it is what was on the screen when it was accepted.
fn keep_age(after: &mut Standing, before: &Standing) {
    let (Some(new), Some(old)) = (after.link.as_mut(), before.link.as_ref()) else {
        return;
    };
    if new.link.variant == old.link.variant && new.made_by == old.made_by {
        match new.made_by {
            MadeBy::Manager => *new = old.clone(),
            MadeBy::Auto => new.link.linked_at = old.link.linked_at,
        }
    }
}
