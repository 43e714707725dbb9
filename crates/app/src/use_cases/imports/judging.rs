//! What orders are judged by: links, maps, what Odoo said, and how far imports are.

use std::collections::{BTreeSet, HashMap};

use tandem_domain::{
    Blocker, Currency, Grounds, Known, Links, ListingKey, MapKind, Maps, Order, OrderKey,
    Reference, SaleHead, SaleTerms, Slug, StatusRule, StoreUid, VariantKey,
};
use tandem_store::{Import, Judgement, OrderState, Stage};
use tandem_sync::import::{PlannedOrder, changes, prepare};

use super::looking::until;
use crate::Result;
use crate::context::Inner;
use crate::registry::Statuses;
use crate::use_cases::connections::found_of;

/// Everything that orders of a store are judged by.
pub(crate) struct Judging {
    pub(super) links: Links,
    pub(super) statuses: Statuses,
    currencies: Option<Vec<Currency>>,
    pub(super) terms: Option<SaleTerms>,
    pub(super) maps: Maps,
    unusable: BTreeSet<VariantKey>,
    pub(super) uid: StoreUid,
    pub(super) database: Option<String>,
    /// The store's name, for people who see the order in Odoo.
    pub(super) origin: String,
    pub(super) known: HashMap<OrderKey, Known>,
    pub(super) imports: HashMap<OrderKey, Import>,
}

/// Which orders are to be judged: what they need is read, and no more.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About<'a> {
    /// All of the store.
    All,
    /// These.
    Orders(&'a [Order<ListingKey>]),
}

impl Inner {
    /// As of this moment.
    pub(crate) fn judging_of(&self, store: &Slug, about: About<'_>) -> Result<Judging> {
        let saved = self.saved_store(store)?;
        let (links, known, imports) = self.recorded(store, about)?;
        let (mut currencies, mut database, mut unusable) = (None, None, BTreeSet::new());
        if let Some(odoo) = &saved.bound_odoo {
            let odoo = self.store.connection(odoo)?;
            unusable.extend(match about {
                About::All => self.store.unusable_variants(store, &odoo.slug)?,
                About::Orders(_) => self.store.unusable_among(&odoo.slug, links.variants())?,
            });
            if odoo.facts.is_some() {
                let found = found_of(&odoo)?;
                currencies = Some(found.currencies);
                database = found.database;
            }
        }
        Ok(Judging {
            links,
            statuses: self.statuses_of(store)?,
            currencies,
            terms: self.store.sale_terms(store)?,
            maps: self.maps_of(store)?,
            unusable,
            uid: self.uid_of(store)?,
            database,
            origin: saved.name,
            known,
            imports,
        })
    }

    /// By which Odoo knows the store.
    pub(crate) fn uid_of(&self, store: &Slug) -> Result<StoreUid> {
        let saved = self.saved_store(store)?;
        let found = found_of(&saved)?;
        let home = found.home_url.as_deref().unwrap_or(&saved.url);
        Ok(StoreUid::of(&saved.kind, home))
    }

    fn recorded(&self, store: &Slug, about: About<'_>) -> Result<Recorded> {
        let cache = &self.store;
        Ok(match about {
            About::All => (
                cache.links(store)?,
                cache.known(store)?,
                cache.imports(store)?,
            ),
            About::Orders(orders) => {
                let lines = orders.iter().flat_map(|order| &order.lines);
                let keys = || orders.iter().map(|order| &order.key);
                (
                    cache.links_of(store, lines.filter_map(|line| line.product.as_ref()))?,
                    cache.known_of(store, keys())?,
                    cache.imports_of(store, keys())?,
                )
            }
        })
    }
}

type Recorded = (Links, HashMap<OrderKey, Known>, HashMap<OrderKey, Import>);

impl Judging {
    pub(super) fn grounds(&self) -> Grounds<'_> {
        Grounds {
            links: &self.links,
            unusable: &self.unusable,
            currencies: self.currencies.as_deref(),
            terms: self.terms.as_ref(),
            maps: &self.maps,
            uid: Some(&self.uid),
            database: self.database.as_deref(),
        }
    }

    /// The store.
    pub(crate) fn uid(&self) -> &StoreUid {
        &self.uid
    }

    /// What becomes of an order of this status.
    pub(crate) fn rule(&self, order: &Order<ListingKey>) -> Option<StatusRule> {
        self.maps.status(order.status.as_str())
    }

    /// Whether the store says that it is cancelled.
    pub(crate) fn is_cancelled(&self, order: &Order<ListingKey>) -> bool {
        self.statuses.cancelled(&order.status)
    }

    /// The store's order that an order in Odoo is, by our reference.
    pub(crate) fn is_ours(&self, head: &SaleHead) -> Option<OrderKey> {
        let mut made = head.references.iter().filter_map(Reference::as_order);
        made.find(|(uid, _)| *uid == self.uid).map(|(_, key)| key)
    }

    /// What an order would be in Odoo, or what holds it back. No reason at all means that Odoo
    /// was not asked yet what there is to choose from.
    pub(super) fn plan(
        &self,
        order: &Order<ListingKey>,
    ) -> std::result::Result<PlannedOrder, Vec<Blocker>> {
        let known = self.known.get(&order.key);
        let mut blockers = match prepare(order, &self.grounds(), known, &self.origin) {
            Ok(plan) if self.deleted(order).is_none() => return Ok(self.as_far(plan)),
            Ok(_) => Vec::new(),
            Err(blockers) => blockers,
        };
        if let Some(deleted) = self.deleted(order)
            && !blockers.contains(&deleted)
        {
            blockers.push(deleted);
        }
        Err(blockers)
    }

    /// What an order would be in Odoo under other maps, whether it is there already or not.
    pub(crate) fn planned_by(
        &self,
        order: &Order<ListingKey>,
        maps: &Maps,
    ) -> std::result::Result<PlannedOrder, Vec<Blocker>> {
        let grounds = Grounds {
            maps,
            ..self.grounds()
        };
        prepare(order, &grounds, None, &self.origin)
    }

    /// An order whose invoice is still to come gets it, also when it has moved on in the store to
    /// a status that goes less far.
    fn as_far(&self, mut plan: PlannedOrder) -> PlannedOrder {
        let import = self.imports.get(&plan.order.key);
        let import = import.filter(|import| import.stage == Stage::Uninvoiced);
        if let Some(record) = import.and_then(|import| import.record.as_ref()) {
            plan.until = plan.until.max(until(&self.maps, record));
        }
        plan
    }

    /// It was in Odoo, and nobody said yet that it is to go in again.
    fn deleted(&self, order: &Order<ListingKey>) -> Option<Blocker> {
        let import = self.imports.get(&order.key)?;
        let again = self.maps.agreed(MapKind::Anyway, order.key.as_str());
        (import.stage == Stage::Gone && !again).then(|| Blocker::DeletedInOdoo {
            sale: import.sale_name.clone().unwrap_or_default(),
        })
    }

    /// Where an order stands.
    pub(crate) fn judge(&self, order: &Order<ListingKey>) -> Judgement {
        self.judge_by(order, || self.plan(order).err())
    }

    /// Where an order stands, by what holds it back. Only orders that would be imported can be
    /// held back.
    pub(super) fn judge_by(
        &self,
        order: &Order<ListingKey>,
        held: impl FnOnce() -> Option<Vec<Blocker>>,
    ) -> Judgement {
        let judged = |state, blockers| Judgement {
            order: order.key.clone(),
            state,
            blockers,
        };
        if let Some(state) = self.in_odoo(order) {
            return judged(state, Vec::new());
        }
        let rule = self.maps.status(order.status.as_str());
        match rule {
            Some(StatusRule::Later) => judged(OrderState::NotYet, Vec::new()),
            Some(StatusRule::Never) => judged(OrderState::Closed, Vec::new()),
            None if self.terms.is_none() => judged(OrderState::Closed, Vec::new()),
            Some(StatusRule::Import(_)) | None => match held() {
                Some(blockers) if !blockers.is_empty() => judged(OrderState::Blocked, blockers),
                Some(_) | None => judged(OrderState::Waiting, Vec::new()),
            },
        }
    }

    /// Where an order stands that is in Odoo, or on its way.
    fn in_odoo(&self, order: &Order<ListingKey>) -> Option<OrderState> {
        let import = self.imports.get(&order.key)?;
        let off = import.difference.is_some_and(|off| !off.is_zero());
        let moved = self.moved(order, import);
        Some(match import.stage {
            Stage::Gone => return None,
            // On its road too: what the store cancelled meanwhile does not go on.
            _ if off || moved => OrderState::Differs,
            Stage::Uninvoiced if import.error.is_some() => OrderState::Failed,
            Stage::Uninvoiced | Stage::Stepped | Stage::Done => OrderState::Imported,
            _ if import.error.is_some() => OrderState::Failed,
            Stage::Sent => return None,
            Stage::Created | Stage::Verified => OrderState::Waiting,
        })
    }

    /// Whether the store's order is another than the one that went in, in a way that matters.
    pub(super) fn moved(&self, order: &Order<ListingKey>, import: &Import) -> bool {
        let there = import.sale.is_some() && import.stage != Stage::Gone;
        let Some(then) = import.record.as_ref().filter(|_| there) else {
            return false;
        };
        let cancelled = |order: &Order<ListingKey>| self.statuses.cancelled(&order.status);
        let changed = changes(then, order);
        changed.iter().any(|changed| changed.is_about_money())
            || (cancelled(order) && !cancelled(then))
    }
}
