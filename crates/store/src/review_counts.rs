//! The numbers beside the review's tabs and filters.

use rusqlite::Connection;
use rusqlite::types::Value;
use tandem_domain::{Slug, Variant};

use crate::connections::bound_odoo;
use crate::convert::ReadColumn;
use crate::db::Store;
use crate::error::Result;
use crate::review::{ReviewFilter, ReviewTab, bind, typed};
use crate::search::{Condition, Searched, matching};
use crate::standing::{ReviewState, Verdict};
use crate::tags::{EvidenceTag, Guard};
use crate::variants::variant_from;

/// Bars of the score histogram, as the schema cuts them: each is 500 basis points wide, the last one holds 10,000 too.
pub const SCORE_BUCKETS: usize = 20;

/// How many rows each tab and each filter would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewCounts {
    /// Rows of each tab, without any filter.
    pub tabs: TabCounts,
    /// Rows that the filter leaves.
    pub total: u32,
    /// Rows of the tab by verdict, under all other filters.
    pub verdicts: Vec<(Verdict, u32)>,
    /// Rows of the tab by kind of evidence, under all other filters. A row may count for many.
    pub evidence: Vec<(EvidenceTag, u32)>,
    /// Rows of the tab by guard, under all other filters.
    pub guards: Vec<(Guard, u32)>,
    /// Rows of the tab with any guard, under all other filters.
    pub guarded: u32,
    /// Rows of the tab by score, under all other filters.
    pub scores: [u32; SCORE_BUCKETS],
}

/// Rows of each tab.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TabCounts {
    /// Undecided, something speaks for a pair.
    pub to_review: u32,
    /// Linked.
    pub mapped: u32,
    /// Nothing speaks for a pair, or ignored.
    pub unmatched: u32,
    /// Undecided with a key that proves nothing.
    pub conflicts: u32,
    /// Variants that are sold and that no listing of this store is linked to.
    pub only_in_odoo: u32,
}

impl Store {
    /// The numbers beside tabs and filters. When something is typed, the tabs need a pass of
    /// their own, because typing does not narrow them.
    pub fn review_counts(&self, store: &Slug, filter: &ReviewFilter) -> Result<ReviewCounts> {
        self.read(|db| {
            let narrowed = groups(db, store, filter)?;
            let mut tabs = TabCounts {
                only_in_odoo: count_only_in_odoo(db, store)?,
                ..TabCounts::default()
            };
            if filter.is_typed() {
                let all = groups(db, store, &ReviewFilter::of(filter.tab))?;
                tabs.add_all(&all);
            } else {
                tabs.add_all(&narrowed);
            }
            Ok(counted(filter, tabs, &narrowed))
        })
    }

    /// Variants that are sold and that no listing of this store is linked to, narrowed by what
    /// was typed.
    pub fn variants_only_in_odoo(
        &self,
        store: &Slug,
        text: &str,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<Variant>> {
        let mut condition = Condition::default();
        condition.and(ONLY_IN_ODOO, []);
        if let Some(typed) = matching(Searched::Variants, "v", text) {
            condition.and(&typed.sql, typed.values);
        }
        condition
            .values
            .extend([Value::Integer(limit.into()), Value::Integer(offset.into())]);
        let sql = format!(
            "SELECT v.* FROM variants v WHERE {} ORDER BY v.id LIMIT ? OFFSET ?",
            condition.sql
        );
        self.read(|db| {
            let mut statement = db.prepare_cached(&sql)?;
            bind(
                &mut statement,
                (store, bound_odoo(db, store)?.as_ref()),
                &condition.values,
            )?;
            let mut rows = statement.raw_query();
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(variant_from(row)?);
            }
            Ok(found)
        })
    }
}

const ONLY_IN_ODOO: &str = "v.connection = :odoo AND v.gone_at IS NULL AND v.active = 1
    AND v.sale_ok = 1 AND v.kind <> 'service'
    AND v.key NOT IN (SELECT k.variant FROM links k WHERE k.store = :store)";

fn count_only_in_odoo(db: &Connection, store: &Slug) -> Result<u32> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT count(*) FROM variants v WHERE {ONLY_IN_ODOO}"
    ))?;
    bind(
        &mut statement,
        (store, bound_odoo(db, store)?.as_ref()),
        &[],
    )?;
    let mut rows = statement.raw_query();
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?.unwrap_or(0))
}

/// Rows that no filter but the score's can tell apart, with their numbers.
struct Group {
    /// None for parents.
    tab: Option<ReviewTab>,
    conflicting: bool,
    verdict: Verdict,
    evidence: i64,
    guards: i64,
    bucket: Option<u8>,
    rows: u32,
    rows_in_range: u32,
}

/// Of the filter, only what was typed and the range of scores count here.
fn groups(db: &Connection, store: &Slug, filter: &ReviewFilter) -> Result<Vec<Group>> {
    let narrowed = typed(filter)?;
    let range = filter.score_bp.as_ref();
    let (low, high) = range.map_or((0, u16::MAX), |range| (*range.start(), *range.end()));
    let unscored = range.is_none();
    let and = if narrowed.sql.is_empty() { "" } else { " AND " };
    let mut statement = db.prepare_cached(&format!(
        "SELECT r.tab, r.state, r.shared, r.verdict, r.evidence, r.guards, r.bucket,
            count(*) AS rows, sum(coalesce(r.score_bp BETWEEN ? AND ?, ?)) AS rows_in_range
         FROM review r WHERE r.store = :store AND r.present = 1{and}{}
         GROUP BY r.tab, r.state, r.shared, r.verdict, r.evidence, r.guards, r.bucket",
        narrowed.sql
    ))?;
    let mut values = vec![
        Value::Integer(low.into()),
        Value::Integer(high.into()),
        Value::Integer(unscored.into()),
    ];
    values.extend(narrowed.values);
    bind(
        &mut statement,
        (store, bound_odoo(db, store)?.as_ref()),
        &values,
    )?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let open = row.word::<ReviewState>("state")? == ReviewState::Open;
        found.push(Group {
            tab: match row.get::<_, String>("tab")?.as_str() {
                "none" => None,
                _ => Some(row.word("tab")?),
            },
            conflicting: open && row.get("shared")?,
            verdict: row.word("verdict")?,
            evidence: row.get("evidence")?,
            guards: row.get("guards")?,
            bucket: row.get("bucket")?,
            rows: row.get("rows")?,
            rows_in_range: row.get("rows_in_range")?,
        });
    }
    Ok(found)
}

impl Group {
    fn in_tab(&self, tab: ReviewTab) -> bool {
        match tab {
            ReviewTab::ToReview | ReviewTab::Mapped | ReviewTab::Unmatched => self.tab == Some(tab),
            ReviewTab::Conflicts => self.conflicting,
        }
    }

    /// How many of these rows the filter shows, one facet left out of account.
    fn shown(&self, filter: &ReviewFilter, but: Option<Facet>) -> u32 {
        let on = |facet| but != Some(facet);
        let tags = filter.evidence.iter().fold(0, |all, tag| all | tag.bit());
        let guards = filter.guards.iter().fold(0, |all, guard| all | guard.bit());
        let verdict = filter.verdicts.is_empty() || filter.verdicts.contains(&self.verdict);
        let shown = self.in_tab(filter.tab)
            && (!on(Facet::Verdict) || verdict)
            && (!on(Facet::Evidence) || tags == 0 || self.evidence & tags != 0)
            && (!on(Facet::Guard) || guards == 0 || self.guards & guards != 0);
        match (shown, on(Facet::Score)) {
            (false, _) => 0,
            (true, true) => self.rows_in_range,
            (true, false) => self.rows,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facet {
    Verdict,
    Evidence,
    Guard,
    Score,
}

impl TabCounts {
    fn add_all(&mut self, groups: &[Group]) {
        for (tab, count) in [
            (ReviewTab::ToReview, &mut self.to_review),
            (ReviewTab::Mapped, &mut self.mapped),
            (ReviewTab::Unmatched, &mut self.unmatched),
            (ReviewTab::Conflicts, &mut self.conflicts),
        ] {
            let rows = groups.iter().filter(|group| group.in_tab(tab));
            *count += rows.map(|group| group.rows).sum::<u32>();
        }
    }
}

fn counted(filter: &ReviewFilter, tabs: TabCounts, groups: &[Group]) -> ReviewCounts {
    let sum = |but: Option<Facet>, also: &dyn Fn(&Group) -> bool| -> u32 {
        let counted = groups.iter().filter(|group| also(group));
        counted.map(|group| group.shown(filter, but)).sum()
    };
    let verdict = |verdict| sum(Some(Facet::Verdict), &|group| group.verdict == verdict);
    let tag = |tag: EvidenceTag| sum(Some(Facet::Evidence), &|g| g.evidence & tag.bit() != 0);
    let guard = |guard: Guard| sum(Some(Facet::Guard), &|g| g.guards & guard.bit() != 0);
    let mut scores = [0; SCORE_BUCKETS];
    for group in groups {
        if let Some(bar) = group
            .bucket
            .and_then(|bucket| scores.get_mut(usize::from(bucket)))
        {
            *bar += group.shown(filter, Some(Facet::Score));
        }
    }
    ReviewCounts {
        tabs,
        total: sum(None, &|_| true),
        verdicts: Verdict::ALL.map(|v| (v, verdict(v))).into(),
        evidence: EvidenceTag::ALL.map(|t| (t, tag(t))).into(),
        guards: Guard::ALL.map(|g| (g, guard(g))).into(),
        guarded: sum(Some(Facet::Guard), &|group| group.guards != 0),
        scores,
    }
}
