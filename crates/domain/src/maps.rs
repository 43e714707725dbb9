//! Maps: what a store's taxes, payment methods, carriers, currencies and statuses are in Odoo,
//! and what a person said about single orders and customers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    CarrierKey, JournalKey, Order, PartnerKey, PricelistKey, SaleTerms, TaxKey, VariantKey,
};

/// What a row of a map is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MapKind {
    /// A tax rate of the store, by its id.
    Tax,
    /// A payment method, by its code.
    Payment,
    /// A way of delivery, by its code.
    Carrier,
    /// A currency, by its ISO code.
    Pricelist,
    /// A role of customers in a currency, as `wholesale/EUR`: before the currency's own row.
    Role,
    /// A status of orders, as the store spells it.
    Status,
    /// What a charge is booked on: `delivery`, `fee`, `rounding`.
    Service,
    /// A customer that several records in Odoo could be, by e-mail.
    Customer,
    /// An order that is to be imported although something like it is, or was, in Odoo.
    Anyway,
    /// Another store's mark on the same orders, by its uid: it is this store, moved.
    SameStore,
}

impl MapKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Tax,
        Self::Payment,
        Self::Carrier,
        Self::Pricelist,
        Self::Role,
        Self::Status,
        Self::Service,
        Self::Customer,
        Self::Anyway,
        Self::SameStore,
    ];
}

/// How far an order goes in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// A quotation.
    Draft,
    /// A sale order.
    Confirmed,
    /// With a draft invoice.
    Invoiced,
    /// With a posted invoice.
    Posted,
}

/// What becomes of the orders of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "rule", content = "until")]
pub enum StatusRule {
    /// They go in.
    Import(Until),
    /// They may go in later: not paid, not confirmed.
    Later,
    /// They never go in.
    Never,
}

/// What charges and differences are booked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Delivery.
    Delivery,
    /// Fees and rebates.
    Fee,
    /// What Odoo cannot express to the minor unit.
    Rounding,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Delivery, Self::Fee, Self::Rounding];

    /// Its key in the map, and in its reference.
    pub fn key(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Fee => "fee",
            Self::Rounding => "rounding",
        }
    }
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum MapValue {
    /// Any of these taxes, whichever reaches the store's total; none of them for "no tax".
    Taxes {
        /// `account.tax`.
        keys: Vec<TaxKey>,
    },
    /// Paid through this journal; `None` leaves the invoice unpaid.
    Journal {
        /// `account.journal`.
        key: Option<JournalKey>,
    },
    /// Carried by this; `None` for nobody that Odoo knows.
    Carrier {
        /// `delivery.carrier`.
        key: Option<CarrierKey>,
        /// Address of a parcel's page, with `{number}` in it.
        tracking: Option<String>,
    },
    /// Sold by this pricelist; `None` where Odoo needs none for the company's own currency.
    Pricelist {
        /// `product.pricelist`.
        key: Option<PricelistKey>,
    },
    /// What becomes of a status.
    Status(StatusRule),
    /// Booked on this product; `None` for one that is made once under a reference of ours.
    Product {
        /// `product.product`.
        key: Option<VariantKey>,
    },
    /// This customer.
    Customer {
        /// `res.partner`.
        key: PartnerKey,
    },
    /// A person said yes.
    Agreed,
}

/// A row that a person settled, with what Odoo's side was at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapRow {
    /// What it is about.
    pub kind: MapKind,
    /// The store's side.
    pub key: String,
    /// Odoo's side.
    pub value: MapValue,
    /// [`MapValue::face`] when it was settled.
    pub face: String,
}

/// The maps of one store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maps {
    rows: BTreeMap<(MapKind, String), MapValue>,
    moved: BTreeSet<(MapKind, String)>,
}

impl Maps {
    /// Of settled rows. Those whose Odoo side is not what it was are not in force.
    pub fn new(rows: impl IntoIterator<Item = MapRow>, terms: Option<&SaleTerms>) -> Self {
        let mut maps = Self::default();
        for row in rows {
            let place = (row.kind, row.key);
            let stands = |terms: &SaleTerms| {
                row.value.face(terms) == row.face && row.value.fits(&place.1, terms)
            };
            if terms.is_some_and(|terms| !stands(terms)) {
                maps.moved.insert(place.clone());
            }
            maps.rows.insert(place, row.value);
        }
        maps
    }

    /// What a row says, while it is in force.
    pub fn get(&self, kind: MapKind, key: &str) -> Option<&MapValue> {
        let place = (kind, key.to_owned());
        self.rows
            .get(&place)
            .filter(|_| !self.moved.contains(&place))
    }

    /// Whether Odoo's side of a settled row is not what it was.
    pub fn moved(&self, kind: MapKind, key: &str) -> bool {
        self.moved.contains(&(kind, key.to_owned()))
    }

    /// The taxes that may stand for a rate; empty for "no tax".
    pub fn taxes(&self, rate: &str) -> Option<&[TaxKey]> {
        match self.get(MapKind::Tax, rate)? {
            MapValue::Taxes { keys } => Some(keys),
            _ => None,
        }
    }

    /// The carrier of a way of delivery.
    pub fn carrier(&self, method: &str) -> Option<Option<CarrierKey>> {
        match self.get(MapKind::Carrier, method)? {
            MapValue::Carrier { key, .. } => Some(*key),
            _ => None,
        }
    }

    /// The pricelist that a row says.
    pub fn pricelist(&self, kind: MapKind, key: &str) -> Option<Option<PricelistKey>> {
        match self.get(kind, key)? {
            MapValue::Pricelist { key } => Some(*key),
            _ => None,
        }
    }

    /// The row that decides an order's pricelist: that of the customer's role, else that of the
    /// currency. A role that nobody settled holds nothing back.
    pub fn pricelist_row<K>(&self, order: &Order<K>) -> (MapKind, String, String) {
        let code = order.currency.code();
        match order.role_key() {
            Some((key, name)) if self.rows.contains_key(&(MapKind::Role, key.clone())) => {
                (MapKind::Role, key, name)
            }
            _ => (MapKind::Pricelist, code.to_owned(), code.to_owned()),
        }
    }

    /// The pricelist of an order, by that row.
    pub fn pricelist_of<K>(&self, order: &Order<K>) -> Option<Option<PricelistKey>> {
        let (kind, key, _) = self.pricelist_row(order);
        self.pricelist(kind, &key)
    }

    /// What becomes of a status.
    pub fn status(&self, status: &str) -> Option<StatusRule> {
        match self.get(MapKind::Status, status)? {
            MapValue::Status(rule) => Some(*rule),
            _ => None,
        }
    }

    /// What charges of a kind are booked on; `None` for a product that is made.
    pub fn service(&self, service: Service) -> Option<VariantKey> {
        match self.get(MapKind::Service, service.key())? {
            MapValue::Product { key } => *key,
            _ => None,
        }
    }

    /// The customer that a person chose for an e-mail.
    pub fn customer(&self, email: &str) -> Option<PartnerKey> {
        match self.get(MapKind::Customer, email)? {
            MapValue::Customer { key } => Some(*key),
            _ => None,
        }
    }

    /// Whether a person said yes to this.
    pub fn agreed(&self, kind: MapKind, key: &str) -> bool {
        matches!(self.get(kind, key), Some(MapValue::Agreed))
    }
}

impl MapValue {
    /// Whether this can be said of the store's side. A pricelist decides an order's currency: one
    /// of another currency would ask the store's numbers in it.
    pub fn fits(&self, key: &str, terms: &SaleTerms) -> bool {
        let Self::Pricelist { key: chosen } = self else {
            return true;
        };
        let currency = match chosen {
            None => Some(terms.company_currency),
            // What is gone shows by its face.
            Some(chosen) => terms
                .pricelists
                .iter()
                .find(|list| list.key == *chosen)
                .map(|list| list.currency),
        };
        let wanted = key.rsplit('/').next();
        currency.is_none_or(|currency| Some(currency.code()) == wanted)
    }

    /// What the Odoo side is by these terms, in a form that changes when it does in a way that
    /// matters to money. What terms do not hold has no face.
    pub fn face(&self, terms: &SaleTerms) -> String {
        match self {
            Self::Taxes { keys } => {
                let faces: Vec<String> = keys.iter().map(|key| tax_face(*key, terms)).collect();
                faces.join("+")
            }
            Self::Journal { key: Some(key) } => {
                let found = terms.journals.iter().flatten().find(|j| j.key == *key);
                match (&terms.journals, found) {
                    (None, _) => String::new(),
                    (_, Some(journal)) => journal
                        .currency
                        .map_or_else(|| "own".to_owned(), |currency| currency.to_string()),
                    (_, None) => GONE.to_owned(),
                }
            }
            Self::Carrier { key: Some(key), .. } => {
                let there = |list: &Vec<crate::Carrier>| list.iter().any(|c| c.key == *key);
                match &terms.carriers {
                    Some(list) if there(list) => String::new(),
                    _ => GONE.to_owned(),
                }
            }
            Self::Pricelist { key: Some(key) } => {
                let found = terms.pricelists.iter().find(|list| list.key == *key);
                found.map_or_else(|| GONE.to_owned(), |list| list.currency.to_string())
            }
            Self::Journal { key: None }
            | Self::Carrier { key: None, .. }
            | Self::Pricelist { key: None }
            | Self::Status(_)
            | Self::Product { .. }
            | Self::Customer { .. }
            | Self::Agreed => String::new(),
        }
    }
}

const GONE: &str = "gone";

fn tax_face(key: TaxKey, terms: &SaleTerms) -> String {
    let Some(tax) = terms.taxes.iter().find(|tax| tax.key == key) else {
        return GONE.to_owned();
    };
    format!(
        "{}%{}{}",
        tax.percent.normalize(),
        if tax.included { " included" } else { "" },
        if tax.compound { " compound" } else { "" },
    )
}
