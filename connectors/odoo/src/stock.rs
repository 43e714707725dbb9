//! `stock.quant` by warehouse, summed up per product: what lies there and what is promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tandem_contract::{
    Cause, Cursor, Error, Fetched, Page, Query, Rejected, Result, Scope, Source,
};
use tandem_domain::{StockLevel, Timestamp, VariantKey, WarehouseKey};

use crate::reads::{PAGE_ROWS, Reads, Search, parsed};
use crate::wire::{QuantRow, WarehouseRow, instant_text};

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
    quants: Vec<Value>,
    quants_left_out: u32,
    unreadable: Option<String>,
}

impl Sum {
    fn add(&mut self, row: Value, shelves: &Shelves) {
        match QuantRow::deserialize(&row) {
            Ok(quant) => {
                self.on_hand += quant.quantity;
                self.reserved += quant.reserved_quantity;
                if self.first.is_none() && shelves.walks(&quant) {
                    self.first = Some(quant.id);
                }
            }
            Err(error) => {
                self.first = self.first.or(row["id"].as_i64());
                self.unreadable = Some(format!("stock.quant {}: {error}", row["id"]));
            }
        }
        if self.quants.len() < QUANTS_KEPT_MAX {
            self.quants.push(row);
        } else {
            self.quants_left_out += 1;
        }
    }
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
        let search = Search {
            model: "stock.warehouse",
            domain,
            fields: &["name", "code", "lot_stock_id", "company_id"],
            order: "id",
            limit: None,
            names: false,
        };
        let rows = self.reads.search(search).await?.rows;
        let found: Vec<WarehouseRow> = parsed("stock.warehouse.search_read", Value::Array(rows))?;
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

    async fn sums(&self, shelves: &Shelves, quants: &[Value]) -> Result<BTreeMap<i64, Sum>> {
        let products: BTreeSet<i64> = quants
            .iter()
            .filter_map(|row| row["product_id"].as_i64())
            .collect();
        let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
        let mut after = 0;
        while !products.is_empty() {
            let search = Search {
                model: QUANT,
                domain: shelves.quants_of(&products, after),
                fields: &["product_id", "quantity", "reserved_quantity", "write_date"],
                order: "id",
                limit: Some(QUANT_ROWS),
                names: false,
            };
            let rows = self.reads.search(search).await?.rows;
            let count = rows.len();
            after = rows
                .last()
                .and_then(|row| row["id"].as_i64())
                .unwrap_or(after);
            for row in rows {
                let product = row["product_id"].as_i64().unwrap_or_default();
                sums.entry(product).or_default().add(row, shelves);
            }
            if count < QUANT_ROWS {
                break;
            }
        }
        Ok(sums)
    }
}

#[async_trait]
impl Source<StockLevel<VariantKey>> for Stock {
    /// A page of one warehouse. A product without a quant has no record: its stock is zero.
    async fn page(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> Result<Page<StockLevel<VariantKey>>> {
        let place = place_of(after)?;
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
        let search = Search {
            model: QUANT,
            domain: shelves.next_quants(after),
            fields: &["product_id"],
            order: "id",
            limit: Some(PAGE_ROWS),
            names: false,
        };
        let quants = self.reads.search(search).await?;
        let last = quants
            .rows
            .last()
            .and_then(|row| row["id"].as_i64())
            .unwrap_or(after);
        for (product, sum) in self.sums(&shelves, &quants.rows).await? {
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
        page.next = next_place(&warehouses, warehouse, &quants.rows)
            .map(|place| Cursor(json!(place).to_string()));
        Ok(page)
    }
}

fn place_of(after: Option<&Cursor>) -> Result<Option<Place>> {
    after
        .map(|cursor| serde_json::from_str(&cursor.0))
        .transpose()
        .map_err(|_| Error::new(Cause::Invalid, "stock.quant cursor"))
}

fn next_place(all: &[WarehouseRow], current: &WarehouseRow, quants: &[Value]) -> Option<Place> {
    if quants.len() >= PAGE_ROWS {
        let after = quants.last()?["id"].as_i64()?;
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
    let raw = json!({"stock.quant": sum.quants, "left_out": sum.quants_left_out}).to_string();
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
