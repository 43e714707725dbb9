//! The history of decisions, and taking back any step of it.

use std::sync::Arc;

use tandem_domain::{Decision, ListingKey, Slug};
use tandem_store::{DecisionStep, Origin};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::{id32, parse_slug};
use crate::use_cases::orders::PAGE_MAX;
use crate::view::{
    DecideAction, DecisionOrigin, Stale, StepOfHistory, StepUndone, StepsPage, count,
};
use crate::{App, Result};

/// Decisions on single listings whose orders are judged at once; for more, all are, later.
const JUDGED_AT_ONCE: usize = 20;

impl App {
    /// What was decided at a store, step by step, latest first; about one listing only where one
    /// is named.
    pub async fn decision_history(
        &self,
        store: &str,
        listing: Option<String>,
        (offset, limit): (u32, u32),
    ) -> Result<StepsPage> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let (steps, total) = if let Some(listing) = listing {
                let steps = inner.store.decisions_on(&slug, &ListingKey::new(listing))?;
                let total = count(steps.len());
                (steps, total)
            } else {
                let limit = limit.min(PAGE_MAX);
                let page = inner.store.decision_history(&slug, offset, limit)?;
                (page.steps, page.total)
            };
            let rows = steps.into_iter().map(|step| inner.step_view(&slug, step));
            Ok(StepsPage {
                total,
                rows: rows.collect::<Result<_>>()?,
            })
        })
        .await
    }

    /// Takes back one step of the history, the last or an older one. What was decided about a
    /// listing since stands.
    pub async fn undo_step(&self, store: &str, step: u32) -> Result<StepUndone> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.undo_step(&slug, step)).await
    }
}

impl Inner {
    fn undo_step(self: &Arc<Self>, store: &Slug, step: u32) -> Result<StepUndone> {
        self.saved_store(store)?;
        let now = self.clock.now();
        let (undone, left) = self.store.undo_step(store, step.into(), now)?;
        if undone.is_empty() && left == 0 {
            return Err(AppError::new(Code::RecordUnknown)
                .with("record", step)
                .with("store", store));
        }
        let many = undone.len() > JUDGED_AT_ONCE;
        if !many {
            for record in &undone {
                let orders = self.store.orders_with(store, &record.listing)?;
                self.judge_orders(store, &orders)?;
            }
        }
        self.stale(&[Stale::Review, Stale::Orders]);
        self.settle_later(store, many);
        Ok(StepUndone {
            undone: count(undone.len()),
            left,
            undoable: self.store.count_decisions(store)?,
        })
    }

    fn step_view(&self, store: &Slug, step: DecisionStep) -> Result<StepOfHistory> {
        let (action, variant) = match step.decision {
            Decision::Accept(variant) => (DecideAction::Accept, Some(variant)),
            Decision::Reject(variant) => (DecideAction::Reject, Some(variant)),
            Decision::Ignore => (DecideAction::Ignore, None),
        };
        let odoo = self.saved_store(store)?.bound_odoo;
        let found = match (&odoo, variant) {
            (Some(odoo), Some(variant)) => self.store.variant(odoo, variant)?,
            _ => None,
        };
        Ok(StepOfHistory {
            step: u32::try_from(step.step).unwrap_or(u32::MAX),
            origin: step.origin.map(|origin| match origin {
                Origin::Hand => DecisionOrigin::Hand,
                Origin::Bulk => DecisionOrigin::Bulk,
                Origin::File => DecisionOrigin::File,
            }),
            name: step.name.unwrap_or_else(|| step.listing.to_string()),
            listing: step.listing.to_string(),
            action,
            variant: variant.map(|variant| id32(variant.0)),
            variant_name: found.map(|variant| variant.name),
            decided_at: step.decided_at.to_string(),
            decided_by: step.decided_by,
            size: step.size,
            in_force: step.in_force,
            undone_at: step.undone_at.map(|at| at.to_string()),
            undone_by: step.undone_by,
        })
    }
}
