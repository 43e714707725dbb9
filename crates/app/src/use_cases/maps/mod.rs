//! Maps: what the store's taxes, methods and statuses are in Odoo, proposed and settled.

mod propose;
mod trial;
mod uses;
mod values;

use std::sync::Arc;

use tandem_domain::{MapKind, MapRow, MapValue, Maps, SaleTerms, Slug, StatusRule};
use tandem_store::SavedConnection;

use propose::propose;
use uses::Use;
use values::{choice, choices, parse};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::{Build, Statuses, entry};
use crate::use_cases::connections::parse_slug;
use crate::view::{MapChoices, MapInput, MapState, MapView, MapsSettled, MapsView, Stale, count};
use crate::{App, Result};

/// Kinds that have rows on a screen of their own.
const SHOWN: [MapKind; 7] = [
    MapKind::Tax,
    MapKind::Payment,
    MapKind::Carrier,
    MapKind::Pricelist,
    MapKind::Role,
    MapKind::Status,
    MapKind::Service,
];

impl App {
    /// The maps of a store, with what orders wait for and what can be chosen.
    pub async fn maps(&self, store: &str) -> Result<MapsView> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.maps_view(&slug)).await
    }

    /// Asks Odoo again what there is to choose from.
    pub async fn read_terms(&self, store: &str) -> Result<MapsView> {
        let slug = parse_slug(store)?;
        let (inner, name) = (Arc::clone(&self.inner), slug.clone());
        let (saved, erp) = blocking(move || {
            let saved = inner.saved_store(&name)?;
            let (_, erp) = inner.open_odoo_of(&saved)?;
            Ok((saved, erp))
        })
        .await?;
        let sales = erp.sales();
        let sales =
            sales.ok_or_else(|| AppError::new(Code::ApiMissing).with("name", &saved.name))?;
        let terms = sales.terms().await?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner
                .store
                .save_sale_terms(&slug, &terms, inner.clock.now())?;
            inner.judge_all_orders(&slug, |_| {})?;
            inner.stale(&[Stale::Orders, Stale::Maps]);
            inner.maps_view(&slug)
        })
        .await
    }

    /// Settles rows as a person chose.
    pub async fn settle_maps(&self, store: &str, rows: Vec<MapInput>) -> Result<MapsSettled> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let terms = inner.terms_of(&slug)?;
            let rows = rows.into_iter().map(|row| settled(row, &terms));
            let rows = rows.collect::<Result<Vec<_>>>()?;
            inner.settle_rows(&slug, &rows)
        })
        .await
    }

    /// Puts proposals in force: of one kind, or all.
    pub async fn accept_maps(&self, store: &str, kind: Option<MapKind>) -> Result<MapsSettled> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let rows = inner.proposals(&slug, kind)?;
            inner.settle_rows(&slug, &rows)
        })
        .await
    }

    /// Takes a row back; what waited for it waits again.
    pub async fn clear_map(&self, store: &str, kind: MapKind, key: &str) -> Result<MapsSettled> {
        let (slug, key) = (parse_slug(store)?, key.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            if !inner.store.clear_map(&slug, kind, &key)? {
                return Err(AppError::new(Code::RecordUnknown)
                    .with("record", key)
                    .with("store", slug));
            }
            inner.settle_rows(&slug, &[])
        })
        .await
    }
}

impl Inner {
    /// The proposals that are not in force: of one kind, or all.
    fn proposals(&self, store: &Slug, kind: Option<MapKind>) -> Result<Vec<MapRow>> {
        let terms = self.terms_of(store)?;
        let maps = self.maps_of(store)?;
        let uses = self.uses(store)?;
        let wanted = uses.values().filter(|used| {
            kind.is_none_or(|kind| kind == used.kind) && maps.get(used.kind, &used.key).is_none()
        });
        let rows = wanted.filter_map(|used| {
            let (value, _) = propose(used, &terms)?;
            Some(row(used.kind, &used.key, value, &terms))
        });
        Ok(rows.collect())
    }

    /// The sandbox is the desk of a manager who has worked at it for a while: what is proposed in
    /// its maps is settled, what has to be chosen is open.
    pub(crate) fn settle_sandbox(&self, store: &Slug) -> Result<()> {
        if self.profile.sandbox && self.store.map_rows(store)?.is_empty() {
            let rows = self.proposals(store, None)?;
            self.store.settle_maps(store, &rows, self.clock.now())?;
        }
        Ok(())
    }

    /// The maps in force, usual rules of statuses included.
    pub(crate) fn maps_of(&self, store: &Slug) -> Result<Maps> {
        let terms = self.store.sale_terms(store)?;
        let rows = self.store.map_rows(store)?;
        let statuses = self.statuses_of(store)?;
        let usual = statuses.known().filter_map(|(status, rule)| {
            let said = |row: &MapRow| row.kind == MapKind::Status && row.key == status;
            (!rows.iter().any(said)).then(|| status_row(status, rule))
        });
        let usual: Vec<MapRow> = usual.collect();
        Ok(Maps::new(rows.into_iter().chain(usual), terms.as_ref()))
    }

    /// The statuses that a store's kind is known to have.
    pub(crate) fn statuses_of(&self, store: &Slug) -> Result<Statuses> {
        let saved: SavedConnection = self.saved_store(store)?;
        match entry(&saved.kind)?.build {
            Build::Store(_, statuses) => Ok(statuses),
            Build::Odoo(_) => Err(AppError::bad_input("store", store)),
        }
    }

    fn terms_of(&self, store: &Slug) -> Result<SaleTerms> {
        self.saved_store(store)?;
        let terms = self.store.sale_terms(store)?;
        terms.ok_or_else(|| AppError::new(Code::TermsUnknown).with("store", store))
    }

    fn settle_rows(&self, store: &Slug, rows: &[MapRow]) -> Result<MapsSettled> {
        let held = self.blocked_orders(store)?;
        self.store.settle_maps(store, rows, self.clock.now())?;
        self.judge_all_orders(store, |_| {})?;
        let holds = self.blocked_orders(store)?;
        self.stale(&[Stale::Orders, Stale::Maps]);
        let maps = self.maps_view(store)?;
        let used = |row: &&MapRow| {
            let mut shown = maps.rows.iter();
            !SHOWN.contains(&row.kind)
                || shown.any(|used| used.kind == row.kind && used.key == row.key)
        };
        let unused = rows.iter().filter(|row| !used(row));
        Ok(MapsSettled {
            settled: count(rows.len()),
            orders_cleared: held.saturating_sub(holds),
            unused: unused.map(|row| row.key.clone()).collect(),
            maps,
        })
    }

    fn maps_view(&self, store: &Slug) -> Result<MapsView> {
        self.saved_store(store)?;
        let terms = self.store.sale_terms(store)?;
        let maps = self.maps_of(store)?;
        let rows = self.store.map_rows(store)?;
        let uses = self.uses(store)?;
        let mut shown: Vec<MapView> = uses
            .values()
            .filter(|used| SHOWN.contains(&used.kind))
            .map(|used| view(used, &maps, &rows, terms.as_ref()))
            .collect();
        let rank = |row: &MapView| (row.kind, std::cmp::Reverse(row.blocks), row.state);
        shown.sort_by(|a, b| {
            rank(a)
                .cmp(&rank(b))
                .then_with(|| b.orders.cmp(&a.orders))
                .then_with(|| a.key.cmp(&b.key))
        });
        let choices = terms.iter().flat_map(|terms| {
            SHOWN.map(|kind| MapChoices {
                kind,
                choices: choices(kind, terms),
            })
        });
        Ok(MapsView {
            rows: shown,
            choices: choices.collect(),
            read: terms.is_some(),
        })
    }
}

fn view(used: &Use, maps: &Maps, rows: &[MapRow], terms: Option<&SaleTerms>) -> MapView {
    let kind = used.kind;
    let saved = rows
        .iter()
        .find(|row| row.kind == kind && row.key == used.key);
    let force = maps.get(kind, &used.key);
    let proposal = terms.and_then(|terms| propose(used, terms));
    let (state, value, why) = match (force, &proposal) {
        (Some(value), _) => (MapState::Mapped, Some(value), Vec::new()),
        (None, _) if maps.moved(kind, &used.key) => {
            (MapState::Changed, saved.map(|row| &row.value), Vec::new())
        }
        (None, Some((value, why))) => (MapState::Proposed, Some(value), why.clone()),
        _ => (MapState::Choose, None, Vec::new()),
    };
    let tracking = match value {
        Some(MapValue::Carrier { tracking, .. }) => tracking.clone(),
        _ => None,
    };
    MapView {
        kind,
        key: used.key.clone(),
        name: used.name.clone(),
        detail: used.percent.map(propose::percent).unwrap_or_default(),
        state,
        choice: value.map(|value| choice(value, terms)),
        why,
        tracking,
        orders: used.orders,
        blocks: used.blocks,
    }
}

fn settled(input: MapInput, terms: &SaleTerms) -> Result<MapRow> {
    let kind = input.kind;
    let value = parse(kind, &input.value, input.tracking, terms)
        .filter(|value| value.fits(&input.key, terms))
        .ok_or_else(|| AppError::bad_input("value", &input.value))?;
    Ok(row(kind, &input.key, value, terms))
}

fn row(kind: MapKind, key: &str, value: MapValue, terms: &SaleTerms) -> MapRow {
    MapRow {
        kind,
        key: key.to_owned(),
        face: value.face(terms),
        value,
    }
}

fn status_row(status: &str, rule: StatusRule) -> MapRow {
    MapRow {
        kind: MapKind::Status,
        key: status.to_owned(),
        value: MapValue::Status(rule),
        face: String::new(),
    }
}
