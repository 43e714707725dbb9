//! What orders use of the store's side of the maps, and how many wait for each.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{Blocker, Currency, ListingKey, MapKind, Order, Service, Slug, StatusRule};

use crate::Result;
use crate::context::Inner;

/// One key of the store's side.
#[derive(Debug, Clone)]
pub(super) struct Use {
    pub(super) kind: MapKind,
    pub(super) key: String,
    /// As the customer saw it last.
    pub(super) name: String,
    pub(super) percent: Option<Decimal>,
    pub(super) currencies: Vec<Currency>,
    /// What becomes of a status where nobody said otherwise.
    pub(super) usual: Option<StatusRule>,
    pub(super) orders: u32,
    pub(super) blocks: u32,
}

/// All of them, by kind and key.
pub(super) type Uses = BTreeMap<(MapKind, String), Use>;

impl Inner {
    /// Counts over every order in the cache.
    pub(super) fn uses(&self, store: &Slug) -> Result<Uses> {
        let mut uses = Uses::new();
        let statuses = self.statuses_of(store)?;
        self.store.each_order(store, |order| {
            for mut used in of_order(&order) {
                if used.kind == MapKind::Status {
                    used.usual = statuses.usual(&order.status);
                }
                let place = (used.kind, used.key.clone());
                let known = uses.entry(place).or_insert_with(|| used.clone());
                known.orders += 1;
                known.name = used.name;
                if !known.currencies.contains(&order.currency) {
                    known.currencies.push(order.currency);
                }
            }
        })?;
        for service in Service::ALL {
            let row = new(MapKind::Service, service.key(), service.key());
            uses.insert((row.kind, row.key.clone()), row);
        }
        for blockers in self.store.blockers(store)? {
            for blocker in blockers {
                if let Some(used) = waits_for(&blocker).and_then(|place| uses.get_mut(&place)) {
                    used.blocks += 1;
                }
            }
        }
        Ok(uses)
    }
}

fn waits_for(blocker: &Blocker) -> Option<(MapKind, String)> {
    match blocker {
        Blocker::NotMapped { map, key, .. } => Some((*map, key.clone())),
        _ => None,
    }
}

pub(super) fn of_order(order: &Order<ListingKey>) -> Vec<Use> {
    let mut used = vec![
        new(
            MapKind::Status,
            order.status.as_str(),
            order.status.as_str(),
        ),
        new(
            MapKind::Pricelist,
            order.currency.code(),
            order.currency.code(),
        ),
    ];
    for rate in order.rates_used() {
        let line = order.tax_lines.iter().find(|line| line.rate == rate);
        used.push(Use {
            percent: line.map(|line| line.percent),
            ..new(MapKind::Tax, rate, line.map_or(rate, |line| &line.label))
        });
    }
    if !order.payment.method.is_empty() {
        let payment = &order.payment;
        used.push(new(MapKind::Payment, &payment.method, &payment.title));
    }
    if let Some((method, name)) = order.delivery_method() {
        used.push(new(MapKind::Carrier, method, name));
    }
    if let Some((key, name)) = order.role_key() {
        used.push(new(MapKind::Role, &key, &name));
    }
    used
}

fn new(kind: MapKind, key: &str, name: &str) -> Use {
    Use {
        kind,
        key: key.to_owned(),
        name: name.to_owned(),
        percent: None,
        currencies: Vec::new(),
        usual: None,
        orders: 0,
        blocks: 0,
    }
}
