//! `product.product` page by page: lean columns first, what templates share in one more call.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tandem_contract::{
    Cause, Cursor, Error, Fetched, Page, Query, Rejected, Result, Scope, Source,
};
use tandem_domain::Variant;
use tokio::sync::{Mutex, OnceCell};

use crate::map::{self, Known};
use crate::reads::{PAGE_ROWS, Reads, Rows, Search};
use crate::wire::{Named, TemplateRow, ValueRow, VariantRow, instant_text, parse_instant};

const PRODUCT: &str = "product.product";
const TEMPLATE: &str = "product.template";

/// Columns that are stored on the variant itself: 11,300 rows a second, where `list_price` and
/// the other columns of the template would make it 3,100.
const PRODUCT_COLUMNS: [&str; 7] = [
    "default_code",
    "barcode",
    "name",
    "active",
    "write_date",
    "product_tmpl_id",
    "product_template_variant_value_ids",
];

const TEMPLATE_COLUMNS: [&str; 6] = [
    "type",
    "is_storable",
    "sale_ok",
    "list_price",
    "currency_id",
    "uom_id",
];

/// The source of variants.
#[derive(Debug)]
pub(crate) struct Variants {
    reads: Arc<Reads>,
    columns: OnceCell<Columns>,
    currencies: OnceCell<HashMap<i64, String>>,
    units: Mutex<HashMap<i64, String>>,
}

#[derive(Debug)]
struct Columns {
    product: Vec<&'static str>,
    template: Vec<&'static str>,
}

/// Where the next page begins.
///
/// `write_date` has microseconds in the database and seconds on the wire, so that a wire date
/// names a whole second. Pages in the order of change therefore end between two seconds; a
/// second with more changes than a page holds (one import writes thousands of records with the
/// same instant) is read by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// Everything, by id, after this one.
    After { id: i64 },
    /// What changed in this second or later.
    From { second: String },
    /// What changed in this very second, by id, after this one.
    Within { second: String, id: i64 },
}

impl Place {
    fn of(query: &Query, after: Option<&Cursor>) -> Result<Self> {
        match (after, &query.scope) {
            (Some(cursor), _) => serde_json::from_str(&cursor.0)
                .map_err(|_| Error::new(Cause::Invalid, "product.product cursor")),
            (None, Scope::All) => Ok(Self::After { id: 0 }),
            (None, Scope::Since(instant)) => Ok(Self::From {
                second: instant_text(*instant),
            }),
        }
    }

    fn domain(&self) -> Value {
        match self {
            Self::After { id } => json!([["id", ">", id]]),
            Self::From { second } => json!([["write_date", ">=", second]]),
            Self::Within { second, id } => json!([
                ["write_date", ">=", second],
                ["write_date", "<", second_after(second)],
                ["id", ">", id]
            ]),
        }
    }

    fn order(&self) -> &'static str {
        match self {
            Self::After { .. } | Self::Within { .. } => "id",
            Self::From { .. } => "write_date,id",
        }
    }

    /// The place after these rows, and how many of them belong before it.
    fn advance(&self, rows: &[Value]) -> (usize, Option<Self>) {
        let full = rows.len() >= PAGE_ROWS;
        let last_id = rows.last().map_or(0, id_of);
        match self {
            Self::After { .. } => (rows.len(), full.then_some(Self::After { id: last_id })),
            Self::Within { second, .. } if full => (
                rows.len(),
                Some(Self::Within {
                    second: second.clone(),
                    id: last_id,
                }),
            ),
            Self::Within { second, .. } => (
                rows.len(),
                Some(Self::From {
                    second: second_after(second),
                }),
            ),
            Self::From { .. } if !full => (rows.len(), None),
            Self::From { .. } => {
                let last = rows.last().map_or("", second_of).to_owned();
                let complete = rows.partition_point(|row| second_of(row) < last.as_str());
                let next = if complete == 0 {
                    Self::Within {
                        second: last,
                        id: 0,
                    }
                } else {
                    Self::From { second: last }
                };
                (complete, Some(next))
            }
        }
    }
}

fn id_of(row: &Value) -> i64 {
    row["id"].as_i64().unwrap_or_default()
}

/// The wire's spelling of instants sorts as they do.
fn second_of(row: &Value) -> &str {
    row["write_date"].as_str().unwrap_or_default()
}

/// A second that cannot be read (a cursor that was tampered with) is followed by itself, which
/// the server then answers with nothing.
fn second_after(second: &str) -> String {
    match parse_instant(second) {
        Ok(instant) => instant_text(instant + jiff::SignedDuration::from_secs(1)),
        Err(_) => second.to_owned(),
    }
}

impl Variants {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self {
            reads,
            columns: OnceCell::new(),
            currencies: OnceCell::new(),
            units: Mutex::new(HashMap::new()),
        }
    }

    async fn columns(&self) -> Result<&Columns> {
        self.columns.get_or_try_init(|| self.read_columns()).await
    }

    async fn read_columns(&self) -> Result<Columns> {
        let product = self.reads.fields(PRODUCT, &PRODUCT_COLUMNS).await?;
        let template = self.reads.fields(TEMPLATE, &TEMPLATE_COLUMNS).await?;
        Ok(Columns {
            product: PRODUCT_COLUMNS
                .into_iter()
                .filter(|name| product.contains(*name))
                .collect(),
            template: TEMPLATE_COLUMNS
                .into_iter()
                .filter(|name| template.contains(*name))
                .collect(),
        })
    }

    async fn rows(&self, place: &Place) -> Result<Rows> {
        let fields = &self.columns().await?.product;
        let search = Search {
            model: PRODUCT,
            domain: place.domain(),
            fields,
            order: place.order(),
            limit: Some(PAGE_ROWS),
            names: false,
        };
        self.reads.search(search).await
    }

    /// What the rows refer to: one call for their templates, one for attribute values if any
    /// row has some, and what is not yet known of units and currencies.
    async fn shelf(&self, rows: &[Value]) -> Result<Shelf> {
        let ids = |column: &str| -> BTreeSet<i64> {
            rows.iter()
                .flat_map(|row| match &row[column] {
                    Value::Array(ids) => ids.iter().filter_map(Value::as_i64).collect(),
                    id => Vec::from_iter(id.as_i64()),
                })
                .collect()
        };
        let columns = &self.columns().await?.template;
        let templates = self
            .by_ids(TEMPLATE, &ids("product_tmpl_id"), columns, false)
            .await?;
        let values = self
            .by_ids(
                "product.template.attribute.value",
                &ids("product_template_variant_value_ids"),
                &["name", "attribute_id"],
                true,
            )
            .await?;
        let units = templates
            .iter()
            .filter_map(|row| row["uom_id"].as_i64())
            .collect();
        let known = Known {
            values: values
                .iter()
                .filter_map(|row| ValueRow::deserialize(row).ok())
                .map(|value| (value.id, value))
                .collect(),
            units: self.units(units).await?,
            currencies: self.currencies().await?.clone(),
        };
        let templates = templates
            .into_iter()
            .map(|row| (id_of(&row), row))
            .collect();
        Ok(Shelf { templates, known })
    }

    async fn by_ids(
        &self,
        model: &str,
        ids: &BTreeSet<i64>,
        fields: &[&str],
        names: bool,
    ) -> Result<Vec<Value>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let domain = json!([["id", "in", ids]]);
        let search = Search {
            model,
            domain,
            fields,
            order: "id",
            limit: None,
            names,
        };
        Ok(self.reads.search(search).await?.rows)
    }

    async fn units(&self, ids: BTreeSet<i64>) -> Result<HashMap<i64, String>> {
        let mut known = self.units.lock().await;
        let missing: BTreeSet<i64> = ids
            .into_iter()
            .filter(|id| !known.contains_key(id))
            .collect();
        let rows = self.by_ids("uom.uom", &missing, &["name"], false).await?;
        known.extend(names(&rows));
        Ok(known.clone())
    }

    async fn currencies(&self) -> Result<&HashMap<i64, String>> {
        self.currencies
            .get_or_try_init(|| self.read_currencies())
            .await
    }

    async fn read_currencies(&self) -> Result<HashMap<i64, String>> {
        let search = Search {
            model: "res.currency",
            domain: json!([]),
            fields: &["name"],
            order: "id",
            limit: None,
            names: false,
        };
        Ok(names(&self.reads.search(search).await?.rows).collect())
    }
}

fn names(rows: &[Value]) -> impl Iterator<Item = (i64, String)> {
    rows.iter()
        .filter_map(|row| Named::deserialize(row).ok())
        .map(|named| (named.id, named.name))
}

/// What a page's rows refer to.
struct Shelf {
    templates: HashMap<i64, Value>,
    known: Known,
}

impl Shelf {
    fn understand(&self, row: &Value) -> std::result::Result<Fetched<Variant>, Rejected> {
        let reject = |reason: String| Rejected {
            external_id: row["id"].to_string(),
            reason,
            raw: row.to_string(),
        };
        let product = VariantRow::deserialize(row).map_err(|error| reject(error.to_string()))?;
        let template = self
            .templates
            .get(&product.product_tmpl_id)
            .ok_or_else(|| {
                reject(format!(
                    "product_tmpl_id: template {} is not readable",
                    product.product_tmpl_id
                ))
            })?;
        let parsed = TemplateRow::deserialize(template)
            .map_err(|error| reject(format!("product.template: {error}")))?;
        let record = map::variant(&product, &parsed, &self.known).map_err(reject)?;
        let raw = json!({"product.product": row, "product.template": template}).to_string();
        Ok(Fetched { record, raw })
    }
}

#[async_trait]
impl Source<Variant> for Variants {
    /// A page by id (everything) or in the order of change. Archived variants are among them.
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Variant>> {
        let place = Place::of(query, after)?;
        let total = match after {
            None => Some(self.reads.count(PRODUCT, &place.domain()).await?),
            Some(_) => None,
        };
        let Rows {
            mut rows,
            server_time,
        } = self.rows(&place).await?;
        let (complete, next) = place.advance(&rows);
        rows.truncate(complete);
        let shelf = self.shelf(&rows).await?;
        let (mut items, mut rejected) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in &rows {
            match shelf.understand(row) {
                Ok(item) => items.push(item),
                Err(row) => rejected.push(row),
            }
        }
        let next = next.map(|place| Cursor(json!(place).to_string()));
        Ok(Page {
            items,
            rejected,
            next,
            total,
            server_time,
        })
    }
}
