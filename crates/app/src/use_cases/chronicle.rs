//! What was done: runs and decisions, newest first, and each in full.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use tandem_domain::{Decision, Slug, Timestamp};
use tandem_store::{DecisionDay, HistoryEntry, HistoryFilter, RunOutcome};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::runs::shown_run;
use crate::use_cases::cards::VariantCards;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::orders::PAGE_MAX;
use crate::view::{
    DecideAction, DecisionsDay, DecisionsQuery, EntryKind, HistoryCounts, HistoryPage,
    HistoryQuery, HistoryRow, MadeDecision, RunEnd, RunKind, RunState, RunView,
};
use crate::{App, Result};

/// Decisions of a day that are listed at most.
const DECISIONS_MAX: u32 = 500;
/// Minutes that a day can be ahead of UTC, or behind it.
const OFFSET_MINUTES_MAX: i32 = 15 * 60;

impl App {
    /// A part of the history, newest first.
    pub async fn history(&self, query: HistoryQuery) -> Result<HistoryPage> {
        let filter = filter_of(&query)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let limit = query.limit.min(PAGE_MAX);
            let (total, rows) = inner.history_rows(&filter, query.offset, limit)?;
            let counts = inner.store.history_counts(&filter)?;
            Ok(HistoryPage {
                total,
                rows,
                counts: HistoryCounts {
                    all: counts.all,
                    failed: counts.failed,
                    stopped: counts.stopped,
                },
            })
        })
        .await
    }

    /// One run in full; the one at work as it stands now.
    pub async fn run(&self, id: u32) -> Result<RunView> {
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            if let Some(live) = inner.runs.one(id) {
                return Ok(live);
            }
            let unknown = || {
                AppError::new(Code::RecordUnknown)
                    .with("record", id)
                    .with("store", "")
            };
            let run = inner.store.run(id.into())?.ok_or_else(unknown)?;
            Ok(shown_run(run))
        })
        .await
    }

    /// The runs that are at work in this process, whatever their store.
    pub fn runs_at_work(&self) -> Vec<RunView> {
        self.inner.runs.at_work()
    }

    /// The decisions of one day, latest first.
    pub async fn decisions_of(&self, query: DecisionsQuery) -> Result<DecisionsDay> {
        let slug = parse_slug(&query.store)?;
        let bad = || AppError::bad_input("from", &query.from);
        let from: Timestamp = query.from.parse().map_err(|_| bad())?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.decisions_of(&slug, from)).await
    }
}

impl Inner {
    pub(crate) fn history_rows(
        &self,
        filter: &HistoryFilter,
        offset: u32,
        limit: u32,
    ) -> Result<(u32, Vec<HistoryRow>)> {
        let part = self.store.history(filter, offset, limit)?;
        let connections = self.store.connections()?;
        let names: BTreeMap<&str, &str> = connections
            .iter()
            .map(|saved| (saved.slug.as_str(), saved.name.as_str()))
            .collect();
        let rows = part.entries.into_iter().map(|entry| {
            let mut row = match entry {
                HistoryEntry::Decisions(day) => day_row(&day),
                HistoryEntry::Run(run) => {
                    let id = u32::try_from(run.id).unwrap_or(u32::MAX);
                    run_row(&self.runs.one(id).unwrap_or_else(|| shown_run(run)))
                }
            };
            if let Some(name) = names.get(row.store.as_str()) {
                (*name).clone_into(&mut row.store_name);
            }
            row
        });
        Ok((part.total, rows.collect()))
    }

    fn decisions_of(&self, store: &Slug, from: Timestamp) -> Result<DecisionsDay> {
        let cards = VariantCards::of(self, store)?;
        let day = (from, from + 24.hours());
        let mut made = self
            .store
            .decisions_between(store, day, DECISIONS_MAX + 1)?;
        let more = made.len() > DECISIONS_MAX as usize;
        made.truncate(DECISIONS_MAX as usize);
        let rows = made.into_iter().map(|(record, name)| {
            let (action, variant) = match record.decision {
                Decision::Accept(variant) => (DecideAction::Accept, Some(variant)),
                Decision::Reject(variant) => (DecideAction::Reject, Some(variant)),
                Decision::Ignore => (DecideAction::Ignore, None),
            };
            let card = variant.map(|key| cards.card(key)).transpose()?.flatten();
            Ok(MadeDecision {
                name: name.unwrap_or_else(|| record.listing.to_string()),
                listing: record.listing.to_string(),
                action,
                variant: card.map(|card| card.sku.unwrap_or(card.name)),
                at: record.decided_at.to_string(),
                undone_at: record.undone_at.map(|at| at.to_string()),
            })
        });
        Ok(DecisionsDay {
            rows: rows.collect::<Result<_>>()?,
            more,
        })
    }
}

fn filter_of(query: &HistoryQuery) -> Result<HistoryFilter> {
    let offset = query.utc_offset_minutes;
    if offset.abs() > OFFSET_MINUTES_MAX {
        return Err(AppError::bad_input("utcOffsetMinutes", offset));
    }
    Ok(HistoryFilter {
        connection: query.store.as_deref().map(parse_slug).transpose()?,
        kinds: query.kinds.iter().map(|kind| kind_word(*kind)).collect(),
        outcome: query.ended.map(|ended| match ended {
            RunEnd::Failed => RunOutcome::Failed,
            RunEnd::Stopped => RunOutcome::Stopped,
        }),
        text: query.text.clone(),
        utc_offset_minutes: offset,
    })
}

fn kind_word(kind: EntryKind) -> String {
    match kind {
        EntryKind::Fetch => "fetch",
        EntryKind::Import => "import",
        EntryKind::Customers => "customers",
        EntryKind::Match => "match",
        EntryKind::Decisions => "decisions",
    }
    .to_owned()
}

fn day_row(day: &DecisionDay) -> HistoryRow {
    let store = day.connection.to_string();
    HistoryRow {
        id: format!("day-{store}-{}", day.from),
        kind: EntryKind::Decisions,
        run: None,
        store_name: store.clone(),
        store,
        state: RunState::Done,
        from: day.from.to_string(),
        at: day.last_at.to_string(),
        ended_at: Some(day.last_at.to_string()),
        read: 0,
        changed: 0,
        problems: 0,
        error: None,
        accepted: day.accepted,
        rejected: day.rejected,
        ignored: day.ignored,
        undone: day.undone,
    }
}

fn run_row(run: &RunView) -> HistoryRow {
    let reading = || {
        let steps = run.steps.iter();
        steps.filter(|step| step.name != crate::view::RunStepName::Match)
    };
    HistoryRow {
        id: format!("run-{}", run.id),
        kind: match run.kind {
            RunKind::Fetch => EntryKind::Fetch,
            RunKind::Match => EntryKind::Match,
            RunKind::Import => EntryKind::Import,
            RunKind::Customers => EntryKind::Customers,
        },
        run: Some(run.id),
        store: run.store.clone(),
        store_name: run.store.clone(),
        state: run.state,
        from: run.started_at.clone(),
        at: run.started_at.clone(),
        ended_at: run.ended_at.clone(),
        read: reading().map(|step| step.done).sum(),
        changed: reading().map(|step| step.changed).sum(),
        problems: reading().map(|step| step.problems).sum(),
        error: run.error.as_ref().map(|error| error.code),
        accepted: 0,
        rejected: 0,
        ignored: 0,
        undone: 0,
    }
}
