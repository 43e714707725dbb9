//! The connector suite: what must hold of every connector, checked against its stand-in or a
//! real server. It picks its checks by what the connector says it can do.

mod selling;

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;

use tandem_domain::{
    CustomerKey, Listing, ListingKey, ListingKind, Order, Refund, StockLevel, Timestamp, Variant,
    VariantKey,
};

pub use selling::{Trial, selling};

use crate::{CheckReport, Customers, Erp, Page, Query, Scope, Source, Storefront};

/// Pages a suite run reads at most of one source, so that it ends on a real server too.
const PAGES_MAX: usize = 2_000;

/// Buyers that a suite run asks for.
const BUYERS_MAX: usize = 5;
/// The id of nobody.
const NOBODY: &str = "999999999";

/// A promise that a connector broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{promise}: {what}")]
pub struct Broken {
    /// The promise, in the words of `docs/connectors.md`.
    pub promise: &'static str,
    /// What was seen instead.
    pub what: String,
}

/// How much a suite run saw, so that an empty server cannot pass for a correct connector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Listings or variants.
    pub products: usize,
    /// Orders.
    pub orders: usize,
    /// Stock facts.
    pub stock_levels: usize,
    /// Refunds.
    pub refunds: usize,
    /// Records that could not be understood, all of them named.
    pub rejected: usize,
}

/// Checks a shop.
pub async fn storefront(shop: &dyn Storefront) -> Result<Seen, Broken> {
    let mut seen = Seen::default();
    let report = shop.check().await;
    tested(&report)?;
    ensure(
        report.found.currency.is_some(),
        "the test finds the currency",
        || format!("{:?}", report.found),
    )?;
    if let Some(source) = shop.listings() {
        let (listings, rejected) = read_all(source, &Query::all()).await?;
        unique(&listings, |listing: &Listing| listing.key.clone())?;
        families_are_whole(&listings)?;
        nothing_from_the_future(source).await?;
        seen.products = listings.len();
        seen.rejected += rejected;
    }
    if let Some(source) = shop.orders() {
        let (orders, rejected) = read_all(source, &Query::all()).await?;
        unique(&orders, |order: &Order<ListingKey>| order.key.clone())?;
        statuses_are_obeyed(source, &orders).await?;
        nothing_from_the_future(source).await?;
        if let Some(customers) = shop.customers() {
            customers_are_told_apart(customers, &orders).await?;
        }
        seen.orders = orders.len();
        seen.rejected += rejected;
    }
    if let Some(source) = shop.refunds() {
        let (refunds, rejected) = read_all(source, &Query::all()).await?;
        unique(&refunds, |refund: &Refund| refund.key.clone())?;
        for refund in &refunds {
            ensure(
                !refund.amount.amount().is_sign_negative(),
                "a refund is what was given back, not below zero",
                || format!("{} of order {}", refund.key, refund.order),
            )?;
        }
        nothing_from_the_future(source).await?;
        seen.refunds = refunds.len();
        seen.rejected += rejected;
    }
    Ok(seen)
}

/// What the test of either side must have found.
fn tested(report: &CheckReport) -> Result<(), Broken> {
    ensure(report.passed(), "the connection test passes", || {
        format!("{:?}", report.failure)
    })?;
    ensure(
        report.found.way.is_some(),
        "the test says how it got in",
        || format!("{:?}", report.found),
    )
}

/// Checks Odoo.
pub async fn erp(odoo: &dyn Erp) -> Result<Seen, Broken> {
    let mut seen = Seen::default();
    let report = odoo.check().await;
    tested(&report)?;
    ensure(
        !report.found.companies.is_empty(),
        "the test finds the companies",
        || format!("{:?}", report.found),
    )?;
    if let Some(source) = odoo.variants() {
        let (variants, rejected) = read_all(source, &Query::all()).await?;
        unique(&variants, |variant: &Variant| variant.key)?;
        nothing_from_the_future(source).await?;
        seen.products = variants.len();
        seen.rejected += rejected;
    }
    if let Some(source) = odoo.stock() {
        let (levels, rejected) = read_all(source, &Query::all()).await?;
        unique(&levels, |level: &StockLevel<VariantKey>| {
            (level.key, level.warehouse)
        })?;
        seen.stock_levels = levels.len();
        seen.rejected += rejected;
    }
    Ok(seen)
}

/// Reads a source to its end; pages must lead somewhere new and come to an end.
pub async fn read_all<T: Send>(
    source: &dyn Source<T>,
    query: &Query,
) -> Result<(Vec<T>, usize), Broken> {
    let mut records = Vec::new();
    let mut rejected = 0;
    let mut after = None;
    for _ in 0..PAGES_MAX {
        let page: Page<T> = source
            .page(query, after.as_ref())
            .await
            .map_err(|error| Broken {
                promise: "a page can be read",
                what: format!("{error}: {}", error.detail),
            })?;
        rejected += page.rejected.len();
        records.extend(page.items.into_iter().map(|item| item.record));
        match page.next {
            None => return Ok((records, rejected)),
            next => {
                ensure(next != after, "a cursor moves on", || {
                    format!("{next:?} twice")
                })?;
                let told = after.as_ref().and_then(|after| source.ahead(query, after));
                ensure(
                    told.is_none() || told == next,
                    "a cursor that was told ahead is the one that follows",
                    || format!("{told:?}, then {next:?}"),
                )?;
                after = next;
            }
        }
    }
    Err(Broken {
        promise: "paging ends",
        what: format!("not after {PAGES_MAX} pages"),
    })
}

fn ensure(holds: bool, promise: &'static str, what: impl Fn() -> String) -> Result<(), Broken> {
    if holds {
        Ok(())
    } else {
        Err(Broken {
            promise,
            what: what(),
        })
    }
}

fn unique<T, K: std::hash::Hash + Eq + Debug>(
    records: &[T],
    key: impl Fn(&T) -> K,
) -> Result<(), Broken> {
    let mut keys = HashSet::new();
    for record in records {
        let key = key(record);
        let shown = format!("{key:?} twice");
        ensure(keys.insert(key), "a full read has each record once", || {
            shown.clone()
        })?;
    }
    Ok(())
}

fn families_are_whole(listings: &[Listing]) -> Result<(), Broken> {
    let parents: HashSet<_> = listings
        .iter()
        .filter(|listing| listing.kind == ListingKind::Parent)
        .map(|listing| &listing.key)
        .collect();
    for listing in listings
        .iter()
        .filter(|listing| listing.kind == ListingKind::Variation)
    {
        let known = listing
            .parent
            .as_ref()
            .is_some_and(|parent| parents.contains(parent));
        ensure(
            known,
            "a variation names a parent that was read too",
            || format!("{} of {:?}", listing.key, listing.parent),
        )?;
    }
    Ok(())
}

async fn statuses_are_obeyed(
    source: &dyn Source<Order<ListingKey>>,
    orders: &[Order<ListingKey>],
) -> Result<(), Broken> {
    let Some(status) = orders.first().map(|order| order.status.clone()) else {
        return Ok(());
    };
    let query = Query {
        scope: Scope::All,
        statuses: vec![status.clone()],
    };
    let (chosen, _) = read_all(source, &query).await?;
    let expected = orders.iter().filter(|order| order.status == status).count();
    ensure(
        chosen.len() == expected && chosen.iter().all(|order| order.status == status),
        "a status filter returns just those orders",
        || format!("{} of {expected} in {status}", chosen.len()),
    )
}

/// Buyers are found in the order asked, and one who never was is not.
async fn customers_are_told_apart(
    customers: &dyn Customers,
    orders: &[Order<ListingKey>],
) -> Result<(), Broken> {
    let promise = "customers come in the order asked, and who is not there is told apart";
    let buyers = orders.iter().filter_map(|order| {
        let id = order.customer.external_id.as_ref()?;
        Some(CustomerKey::new(id))
    });
    let mut asked: BTreeSet<CustomerKey> = buyers.take(BUYERS_MAX).collect();
    asked.insert(CustomerKey::new(NOBODY));
    let asked: Vec<CustomerKey> = asked.into_iter().rev().collect();
    let found = customers.look(&asked).await.map_err(|error| Broken {
        promise,
        what: format!("{error}"),
    })?;
    let mut pairs = asked.iter().zip(&found);
    let fits = pairs.all(|(key, found)| match found {
        Some(customer) => customer.key == *key && key.as_str() != NOBODY,
        // An account may have been deleted since.
        None => true,
    });
    ensure(found.len() == asked.len() && fits, promise, || {
        format!("{asked:?}: {found:?}")
    })
}

/// Nothing changed after the year 2200, so asking for it must return nothing, not everything.
async fn nothing_from_the_future<T: Send>(source: &dyn Source<T>) -> Result<(), Broken> {
    let future: Timestamp = "2200-01-01T00:00:00Z".parse().map_err(|error| Broken {
        promise: "the suite's own date is a date",
        what: format!("{error}"),
    })?;
    let (records, _) = read_all(source, &Query::since(future)).await?;
    ensure(records.is_empty(), "a time filter is obeyed", || {
        format!("{} records changed after 2200", records.len())
    })
}
