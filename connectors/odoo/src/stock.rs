//! `stock.quant` by warehouse, summed up per product: what lies there and what is promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tandem_contract::{
    Cause, Cursor, Error, Fetched, Page, Query, Rejected, Result, Scope, Source,
};
use tandem_domain::{StockLevel, Timestamp, VariantKey, WarehouseKey};

use crate::reads::{Found, PAGE_ROWS, Reads, Row, Search};
use crate::wire::{QuantOf, QuantRow, WarehouseRow, instant_text};

const QUANT: &str = "stock.quant";

/// Quants of one page's products that are read at once. A product with serial numbers has a
/// quant for each of them, so that their number has no bound of its own.
const QUANT_ROWS: usize = 5_000;

/// Quants of one product that are kept beside its sum, for a person to look at.
const QUANTS_KEPT_MAX: usize = 50;

/// The source of stock levels.
///
/// A product has one quant per shelf, lot, package and owner, scattered over the table. A page
/// takes the next quants by id, names their products, reads *all* quants of those products and
/// emits those whose first quant lies on this page. So every product comes whole and once,
/// pages need nothing but the last id, and memory holds the sums of one page.
#[derive(Debug)]
pub(crate) struct Stock {
    reads: Arc<Reads>,
}

/// Where the next page begins: after a quant of a warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    warehouse: i64,
    after: i64,
}

/// The quants of one warehouse that count, and of those the ones that are asked for.
struct Shelves {
    /// Everything in the warehouse's stock location and below it. What is not internal (the
    /// inventory loss that mirrors each count) is left out.
    all: Vec<Value>,
    since: Option<Timestamp>,
}

impl Shelves {
    fn of(warehouse: &WarehouseRow, scope: &Scope) -> Self {
        Self {
            all: vec![
                json!(["location_id", "child_of", warehouse.lot_stock_id]),
                json!(["location_id.usage", "=", "internal"]),
            ],
            since: match scope {
                Scope::All => None,
                Scope::Since(instant) => Some(*instant),
            },
        }
    }

    fn next_quants(&self, after: i64) -> Value {
        let mut domain = self.all.clone();
        if let Some(instant) = self.since {
            domain.push(json!(["write_date", ">=", instant_text(instant)]));
        }
        domain.push(json!(["id", ">", after]));
        Value::Array(domain)
    }

    fn quants_of(&self, products: &BTreeSet<i64>, after: i64) -> Value {
        let mut domain = self.all.clone();
        domain.push(json!(["product_id", "in", products]));
        domain.push(json!(["id", ">", after]));
        Value::Array(domain)
    }

    /// Whether a quant is one of those that `next_quants` walks through.
    fn walks(&self, quant: &QuantRow) -> bool {
        match (self.since, quant.write_date) {
            (None, _) => true,
            (Some(since), Some(changed)) => changed.as_second() >= since.as_second(),
            (Some(_), None) => false,
        }
    }
}

/// The sums of one product.
#[derive(Debug, Default)]
struct Sum {
    on_hand: Decimal,
    reserved: Decimal,
    /// Its first quant among those asked for, which decides on which page it is emitted.
    first: Option<i64>,
    quants: Vec<Box<RawValue>>,
    quants_left_out: u32,
    unreadable: Option<String>,
}

impl Sum {
    fn add(&mut self, row: Row, shelves: &Shelves) {
        match row.read::<QuantRow>() {
            Ok(quant) => {
                self.on_hand += quant.quantity;
                self.reserved += quant.reserved_quantity;
                if shelves.walks(&quant) {
                    self.first.get_or_insert(row.id);
                }
            }
            Err(error) => {
                self.first.get_or_insert(row.id);
                self.unreadable = Some(format!("stock.quant {}: {error}", row.id));
            }
        }
        if self.quants.len() < QUANTS_KEPT_MAX {
            self.quants.push(row.raw);
        } else {
            self.quants_left_out += 1;
        }
    }
}

/// The rows that a stock level was made from.
#[derive(Serialize)]
struct Raw {
    #[serde(rename = "stock.quant")]
    quants: Vec<Box<RawValue>>,
    left_out: u32,
}

impl Stock {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }

    /// The warehouses that count, by id. One that was chosen and is not there any more is an
    /// error: leaving it out would report its stock as sold.
    async fn warehouses(&self) -> Result<Vec<WarehouseRow>> {
        let company = self.reads.company().await?;
        let chosen = &self.reads.client.config.warehouses;
        let domain = if chosen.is_empty() {
            json!([["company_id", "=", company], ["active", "=", true]])
        } else {
            json!([["id", "in", chosen]])
        };
        let fields = ["name", "code", "lot_stock_id", "company_id"];
        let search = Search::all("stock.warehouse", domain, &fields);
        let found: Vec<WarehouseRow> = self.reads.search(search).await?.read()?;
        match chosen
            .iter()
            .find(|key| found.iter().all(|row| row.id != key.0))
        {
            Some(missing) => Err(Error::new(Cause::NotFound, "stock.warehouse.search_read")
                .with("model", "stock.warehouse")
                .with("id", missing)),
            None => Ok(found),
        }
    }

    /// The next quants of a warehouse by id, with nothing but their products.
    async fn walk(&self, shelves: &Shelves, after: i64) -> Result<Found> {
        let search = Search {
            limit: Some(PAGE_ROWS),
            ..Search::all(QUANT, shelves.next_quants(after), &["product_id"])
        };
        self.reads.search(search).await
    }

    /// Everything that these products have in a warehouse.
    async fn sums(&self, shelves: &Shelves, products: &BTreeSet<i64>) -> Result<Sums> {
        let mut sums = Sums::new();
        let mut after = 0;
        while !products.is_empty() {
            let fields = ["product_id", "quantity", "reserved_quantity", "write_date"];
            let search = Search {
                limit: Some(QUANT_ROWS),
                ..Search::all(QUANT, shelves.quants_of(products, after), &fields)
            };
            let rows = self.reads.search(search).await?;
            let owners: Vec<QuantOf> = rows.read()?;
            let complete = rows.rows.len() < QUANT_ROWS;
            after = rows.last_id().unwrap_or(after);
            for (row, owner) in rows.rows.into_iter().zip(owners) {
                sums.entry(owner.product_id).or_default().add(row, shelves);
            }
            if complete {
                break;
            }
        }
        Ok(sums)
    }
}

type Sums = BTreeMap<i64, Sum>;

#[async_trait]
impl Source<StockLevel<VariantKey>> for Stock {
    /// A page of one warehouse. A product without a quant has no record: its stock is zero.
    async fn page(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> Result<Page<StockLevel<VariantKey>>> {
        let place = place_of(after);
        let warehouses = self.warehouses().await?;
        let first = |row: &&WarehouseRow| place.is_none_or(|place| row.id >= place.warehouse);
        let mut page = Page {
            items: Vec::new(),
            rejected: Vec::new(),
            next: None,
            total: None,
            server_time: None,
        };
        let Some(warehouse) = warehouses.iter().find(first) else {
            return Ok(page);
        };
        let after = place
            .filter(|place| place.warehouse == warehouse.id)
            .map_or(0, |p| p.after);
        let shelves = Shelves::of(warehouse, &query.scope);
        let quants = self.walk(&shelves, after).await?;
        let products = quants.read::<QuantOf>()?;
        let products = products.iter().map(|quant| quant.product_id).collect();
        let last = quants.last_id().unwrap_or(after);
        for (product, sum) in self.sums(&shelves, &products).await? {
            if sum
                .first
                .is_some_and(|first| after < first && first <= last)
            {
                match level(product, warehouse, sum) {
                    Ok(item) => page.items.push(item),
                    Err(row) => page.rejected.push(row),
                }
            }
        }
        page.server_time = quants.server_time;
        page.next = next_place(&warehouses, warehouse, &quants)
            .map(|place| Cursor(json!(place).to_string()));
        Ok(page)
    }
}

/// A cursor that cannot be read begins anew, which is harmless.
fn place_of(after: Option<&Cursor>) -> Option<Place> {
    serde_json::from_str(&after?.0).ok()
}

fn next_place(all: &[WarehouseRow], current: &WarehouseRow, quants: &Found) -> Option<Place> {
    if quants.rows.len() >= PAGE_ROWS {
        let after = quants.last_id()?;
        return Some(Place {
            warehouse: current.id,
            after,
        });
    }
    let next = all.iter().find(|row| row.id > current.id)?;
    Some(Place {
        warehouse: next.id,
        after: 0,
    })
}

fn level(
    product: i64,
    warehouse: &WarehouseRow,
    sum: Sum,
) -> std::result::Result<Fetched<StockLevel<VariantKey>>, Rejected> {
    let kept = Raw {
        quants: sum.quants,
        left_out: sum.quants_left_out,
    };
    let raw = serde_json::to_string(&kept).unwrap_or_default();
    if let Some(reason) = sum.unreadable {
        return Err(Rejected {
            external_id: product.to_string(),
            reason,
            raw,
        });
    }
    let record = StockLevel {
        key: VariantKey(product),
        warehouse: WarehouseKey(warehouse.id),
        on_hand: sum.on_hand.normalize(),
        reserved: sum.reserved.normalize(),
    };
    Ok(Fetched { record, raw })
}
