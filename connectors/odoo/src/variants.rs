//! `product.product` page by page: lean columns first, what templates share in one more call.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use tandem_contract::{Cursor, Fetched, Page, Query, Rejected, Result, Source};
use tandem_domain::Variant;
use tokio::sync::{Mutex, OnceCell};

use crate::map::{self, Known};
use crate::place::Place;
use crate::reads::{Found, PAGE_ROWS, Reads, Row, Search};
use crate::wire::{Named, References, TemplateRow, UnitOf, ValueRow, VariantRow};

const PRODUCT: &str = "product.product";
const TEMPLATE: &str = "product.template";
const VALUE: &str = "product.template.attribute.value";

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

    async fn rows(&self, place: &Place) -> Result<Found> {
        let search = Search {
            order: place.order(),
            limit: Some(PAGE_ROWS),
            ..Search::all(PRODUCT, place.domain(), &self.columns().await?.product)
        };
        self.reads.search(search).await
    }

    /// What the rows refer to: one call for their templates, one for attribute values if any
    /// row has some, and what is not yet known of units and currencies.
    async fn context(&self, rows: &[Row]) -> Result<Context> {
        let (mut templates, mut values) = (BTreeSet::new(), BTreeSet::new());
        for row in rows {
            // A row that cannot be read refers to nothing; it is rejected later, with its reason.
            let references: References = row.read().unwrap_or_default();
            templates.extend(references.product_tmpl_id);
            values.extend(references.product_template_variant_value_ids);
        }
        let columns = &self.columns().await?.template;
        let templates = self.by_ids(TEMPLATE, &templates, columns, false).await?;
        let values = self
            .by_ids(VALUE, &values, &["name", "attribute_id"], true)
            .await?;
        let unit = |row: &Row| row.read::<UnitOf>().unwrap_or_default().uom_id;
        let known = Known {
            units: self
                .units(templates.iter().filter_map(unit).collect())
                .await?,
            currencies: self.currencies().await?.clone(),
            values: values
                .iter()
                .filter_map(|row| row.read::<ValueRow>().ok())
                .map(|value| (value.id, value))
                .collect(),
        };
        let templates = templates.into_iter().map(|row| (row.id, row)).collect();
        Ok(Context { templates, known })
    }

    async fn by_ids(
        &self,
        model: &str,
        ids: &BTreeSet<i64>,
        fields: &[&str],
        names: bool,
    ) -> Result<Vec<Row>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let search = Search {
            names,
            ..Search::all(model, json!([["id", "in", ids]]), fields)
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
        let search = Search::all("res.currency", json!([]), &["name"]);
        Ok(names(&self.reads.search(search).await?.rows).collect())
    }
}

fn names(rows: &[Row]) -> impl Iterator<Item = (i64, String)> {
    rows.iter()
        .filter_map(|row| row.read::<Named>().ok())
        .map(|named| (named.id, named.name))
}

/// What a page's rows refer to.
struct Context {
    templates: HashMap<i64, Row>,
    known: Known,
}

/// The rows that a variant was made from.
#[derive(Serialize)]
struct Raw<'a> {
    #[serde(rename = "product.product")]
    product: &'a RawValue,
    #[serde(rename = "product.template")]
    template: &'a RawValue,
}

impl Context {
    fn understand(&self, row: &Row) -> std::result::Result<Fetched<Variant>, Rejected> {
        let reject = |reason: String| Rejected {
            external_id: row.id.to_string(),
            reason,
            raw: row.raw.get().to_owned(),
        };
        let product: VariantRow = row.read().map_err(|error| reject(error.to_string()))?;
        let id = product.product_tmpl_id;
        let template = self
            .templates
            .get(&id)
            .ok_or_else(|| reject(format!("product_tmpl_id: template {id} is not readable")))?;
        let parsed: TemplateRow = template
            .read()
            .map_err(|error| reject(format!("product.template {id}: {error}")))?;
        let record = map::variant(&product, &parsed, &self.known).map_err(reject)?;
        let raw = Raw {
            product: &row.raw,
            template: &template.raw,
        };
        let raw = serde_json::to_string(&raw).map_err(|error| reject(error.to_string()))?;
        Ok(Fetched { record, raw })
    }
}

#[async_trait]
impl Source<Variant> for Variants {
    /// A page by id (everything) or in the order of change. Archived variants are among them.
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Variant>> {
        let place = Place::of(query, after);
        let total = match after {
            None => Some(self.reads.count(PRODUCT, &place.domain()).await?),
            Some(_) => None,
        };
        let Found {
            mut rows,
            server_time,
            ..
        } = self.rows(&place).await?;
        let (complete, next) = place.advance(&rows, PAGE_ROWS);
        rows.truncate(complete);
        let context = self.context(&rows).await?;
        let (mut items, mut rejected) = (Vec::with_capacity(rows.len()), Vec::new());
        for row in &rows {
            match context.understand(row) {
                Ok(item) => items.push(item),
                Err(row) => rejected.push(row),
            }
        }
        Ok(Page {
            items,
            rejected,
            next: next.as_ref().map(Place::cursor),
            total,
            server_time,
        })
    }
}
