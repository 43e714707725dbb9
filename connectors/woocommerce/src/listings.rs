//! Listings: first the products, then the variations, page by page.
//!
//! Pictures are left out: `images` makes a page five times as large (26 KB to 130 KB for 100
//! products), and the catalogue is matched without them.

mod parents;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::value::RawValue;
use tandem_contract::{
    Cause, Cursor, Error, Fetched, Page, Query, Rejected, Result, Scope, Source,
};
use tandem_domain::{Currency, Listing, Timestamp};

use self::parents::Parents;
use crate::answer::Answer;
use crate::client::{Client, PER_PAGE};
use crate::map::{self, Parent};
use crate::place::{Place, Stage};
use crate::row::{Bad, Row};
use crate::wire::Product;

/// Stages of this source.
const STAGES: [Stage; 3] = [Stage::Products, Stage::Variations, Stage::Families];
/// The type of `WooCommerce`'s own families.
const FAMILIES: &str = "variable";
/// Pages read of one family: 20,000 variations.
const FAMILY_PAGES_MAX: u64 = 200;
/// How far a question about changes reaches back: clocks and caches are not exact.
const OVERLAP_SECONDS: i64 = 5;

/// The shop's listings.
#[derive(Debug)]
pub(crate) struct Listings {
    client: Arc<Client>,
    parents: Parents,
}

#[async_trait]
impl Source<Listing> for Listings {
    async fn page(&self, query: &Query, after: Option<&Cursor>) -> Result<Page<Listing>> {
        let since = since_params(&query.scope)?;
        let place = match after.and_then(|cursor| Place::parse(cursor, &STAGES)) {
            Some(place) => place,
            None => Place::first(self.count_variations(&since).await?),
        };
        let currency = self.client.settings().await?.currency;
        let asked = Asked {
            query,
            since,
            place,
            currency,
        };
        match place.stage {
            Stage::Variations => self.variations(&asked).await,
            Stage::Families => self.families(&asked).await,
            _ => self.products(&asked).await,
        }
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        let place = Place::parse(after, &STAGES)?;
        place.ahead(query).map(Place::cursor)
    }
}

/// A page that is asked for.
struct Asked<'a> {
    query: &'a Query,
    since: Since,
    place: Place,
    currency: Currency,
}

impl Listings {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            parents: Parents::default(),
        }
    }

    /// How many variations will come, or `None` where the shop has no store-wide list of them
    /// (before `WooCommerce` 10.3: 404 `rest_no_route`).
    async fn count_variations(&self, since: &Since) -> Result<Option<u64>> {
        let mut params = since.clone();
        params.push(("per_page", "1".to_owned()));
        params.push(("_fields", "id".to_owned()));
        match self.client.get("variations", &params).await {
            Ok(answer) => Ok(Some(answer.total.unwrap_or_default())),
            Err(error) if error.cause == Cause::ApiMissing => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn products(&self, asked: &Asked<'_>) -> Result<Page<Listing>> {
        let Asked {
            query,
            place,
            currency,
            ..
        } = *asked;
        let renews = query.scope != Scope::All && place.has_variations_listed();
        let fields = format!("{},variations", Product::FIELDS);
        let fields = if renews { &fields } else { Product::FIELDS };
        let params = page_params(&asked.since, place, fields);
        let (answer, rows) = self.client.list("products", &params).await?;
        let mut page = Collected::new(&answer);
        let (mut family, mut odd) = (Vec::new(), Vec::new());
        for raw in &rows {
            page.add(raw, None, |product| {
                if map::is_parent(product) {
                    self.parents.remember(product);
                    family.extend_from_slice(&product.variations);
                    if !place.has_variations_listed() && product.kind != FAMILIES {
                        odd.push(product.clone());
                    }
                }
                map::listing(product, currency)
            });
        }
        if renews {
            self.renew(&family, currency, &mut page).await?;
        }
        // A plugin's families (`variable-subscription`), which a later question for families
        // would not find: an older shop takes one type at a time, and only those that it knows.
        for parent in &odd {
            self.add_family(parent, currency, &mut page).await?;
        }
        let place = place.counted(answer.total);
        let next = place.following(&answer, rows.len());
        Ok(page.finish(next.or_else(|| place.second_stage(query)), place.total()))
    }

    /// Adds the families of changed parents. Renaming or hiding a parent does not touch its
    /// variations, whose name and visibility are its own; a question for changes would never
    /// bring them.
    async fn renew(
        &self,
        variations: &[u64],
        currency: Currency,
        page: &mut Collected,
    ) -> Result<()> {
        for ids in variations.chunks(PER_PAGE) {
            let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
            let params = [
                ("include", ids.join(",")),
                ("per_page", PER_PAGE.to_string()),
                ("_fields", Product::FIELDS.to_owned()),
            ];
            let (_, rows) = self.client.list("variations", &params).await?;
            // All of them just came with this page; only a full memory asks again.
            self.parents.learn(&self.client, &rows).await?;
            for raw in &rows {
                page.add(raw, None, |product| {
                    map::variation(product, &self.parents.of(product)?, currency)
                });
            }
        }
        Ok(())
    }

    async fn variations(&self, asked: &Asked<'_>) -> Result<Page<Listing>> {
        let Asked {
            place, currency, ..
        } = *asked;
        let params = page_params(&asked.since, place, Product::FIELDS);
        let (answer, rows) = self.client.list("variations", &params).await?;
        self.parents.learn(&self.client, &rows).await?;
        let mut page = Collected::new(&answer);
        for raw in &rows {
            page.add(raw, None, |product| {
                map::variation(product, &self.parents.of(product)?, currency)
            });
        }
        let place = place.counted(answer.total);
        let next = place.following(&answer, rows.len());
        Ok(page.finish(next, place.total()))
    }

    /// The way of older shops: a page of parents, then the variations of each. Any change to a
    /// variation touches its parent, so the changed parents lead to all changed variations.
    async fn families(&self, asked: &Asked<'_>) -> Result<Page<Listing>> {
        let Asked {
            place, currency, ..
        } = *asked;
        // Few fields, so that a parent with a bad one does not take its variations with it.
        let mut params = page_params(&asked.since, place, Parent::FIELDS);
        params.push(("type", FAMILIES.to_owned()));
        let (answer, rows) = self.client.list("products", &params).await?;
        let mut page = Collected::new(&answer);
        for raw in &rows {
            let Ok(parent) = Row::parse(raw.get()).and_then(|row| Product::read(&row)) else {
                continue; // Reported as rejected when it came among the products.
            };
            self.add_family(&parent, currency, &mut page).await?;
        }
        let place = place.counted(answer.total);
        let next = place.following(&answer, rows.len());
        Ok(page.finish(next, None))
    }

    async fn add_family(
        &self,
        parent: &Product,
        currency: Currency,
        page: &mut Collected,
    ) -> Result<()> {
        for raw in self.family(parent.id).await? {
            page.add(&raw, Some(parent.id), |product| {
                let mut product = product.clone();
                product.parent_id = parent.id;
                map::variation(&product, &Parent::of(parent), currency)
            });
        }
        Ok(())
    }

    async fn family(&self, parent: u64) -> Result<Vec<Box<RawValue>>> {
        let path = format!("products/{parent}/variations");
        let mut all = Vec::new();
        for number in 1..=FAMILY_PAGES_MAX {
            let page = Place::start(Stage::Variations).at(number);
            let params = page_params(&Vec::new(), page, Product::FIELDS);
            let (answer, rows) = match self.client.list(&path, &params).await {
                Ok(answered) => answered,
                // Deleted since the page of parents was read.
                Err(error) if error.cause == Cause::NotFound => break,
                Err(error) => return Err(error),
            };
            let last = rows.len() < PER_PAGE || answer.pages.is_some_and(|pages| number >= pages);
            all.extend(rows);
            if last {
                break;
            }
        }
        Ok(all)
    }
}

/// Parameters that narrow a question to what changed.
pub(crate) type Since = Vec<(&'static str, String)>;

/// `modified_after` without `Z` and with `dates_are_gmt`: with both, the shop shifts the time
/// twice and misses whatever changed within its offset from UTC. It compares strictly greater.
pub(crate) fn since_params(scope: &Scope) -> Result<Since> {
    match scope {
        Scope::All => Ok(Vec::new()),
        Scope::Since(instant) => {
            let from = instant
                .checked_sub(jiff::SignedDuration::from_secs(OVERLAP_SECONDS))
                .map_err(|error| {
                    Error::new(Cause::Invalid, "modified_after").detail(&error.to_string())
                })?;
            Ok(modified_after(from))
        }
    }
}

/// The parameters for what changed after a second.
pub(crate) fn modified_after(from: Timestamp) -> Since {
    vec![
        ("modified_after", wire_time(from)),
        ("dates_are_gmt", "true".to_owned()),
    ]
}

/// An instant as the shop takes it: UTC to the second, without zone.
pub(crate) fn wire_time(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// By id, the one order that does not change while it is read.
pub(crate) fn page_params(since: &Since, place: Place, fields: &str) -> Since {
    let mut params = since.clone();
    params.push(("orderby", "id".to_owned()));
    params.push(("order", "asc".to_owned()));
    params.push(("per_page", place.per_page().to_string()));
    params.push(("page", place.page.to_string()));
    params.push(("_fields", fields.to_owned()));
    params
}

/// A page in the making.
struct Collected {
    items: Vec<Fetched<Listing>>,
    rejected: Vec<Rejected>,
    server_time: Option<Timestamp>,
}

impl Collected {
    fn new(answer: &Answer) -> Self {
        Self {
            items: Vec::new(),
            rejected: Vec::new(),
            server_time: answer.server_time,
        }
    }

    /// Adds a row, to the good ones or to the rejected.
    fn add(
        &mut self,
        raw: &RawValue,
        parent: Option<u64>,
        map: impl FnOnce(&Product) -> std::result::Result<Listing, Bad>,
    ) {
        let row = Row::parse(raw.get());
        let record = row
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|row| map(&Product::read(row)?));
        let raw = raw.get().to_owned();
        match record {
            Ok(record) => self.items.push(Fetched { record, raw }),
            Err(bad) => self.rejected.push(Rejected {
                external_id: row.map(|row| external_id(&row, parent)).unwrap_or_default(),
                reason: bad.to_string(),
                raw,
            }),
        }
    }

    fn finish(self, next: Option<Place>, total: Option<u64>) -> Page<Listing> {
        Page {
            items: self.items,
            rejected: self.rejected,
            next: next.map(Place::cursor),
            total,
            server_time: self.server_time,
        }
    }
}

/// The id of a row that cannot be read, spelled like the key it would have had.
fn external_id(row: &Row, parent: Option<u64>) -> String {
    match parent.or_else(|| row.id("parent_id").ok()) {
        Some(parent) => format!("{parent}/{}", row.any_id()),
        None => row.any_id(),
    }
}

/// The ids of the parents that a page of variations names.
fn parent_ids(rows: &[Box<RawValue>]) -> BTreeSet<u64> {
    rows.iter()
        .filter_map(|raw| Row::parse(raw.get()).ok())
        .filter_map(|row| row.id("parent_id").ok())
        .collect()
}
