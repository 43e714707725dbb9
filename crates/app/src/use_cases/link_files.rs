//! The mapping out into a file, and decisions in from one: looked at first, then all or nothing.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use tandem_domain::{Decision, Listing, ListingKey, ListingKind, Slug, VariantKey};
use tandem_store::{Listed, Origin, ReviewFilter, ReviewState, StoreError, Verdict};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::bulk::{Decisions, set_of};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::facets::filter_of;
use crate::use_cases::saving::write_table;
use crate::use_cases::tables::{Line, Table, format_of};
use crate::view::{
    BadLine, BadLineTag, Exported, FileFormat, ImportInput, ImportPreview, ReviewQuery, StepDone,
    count,
};
use crate::{App, Result};

const HEAD: [&str; 12] = [
    "listing",
    "sku",
    "name",
    "state",
    "decision",
    "odoo_id",
    "odoo_sku",
    "odoo_name",
    "method",
    "score",
    "decided_at",
    "decided_by",
];
/// Bad lines that are shown; all are counted.
const BAD_SHOWN: usize = 100;

impl App {
    /// Writes the rows of a query, or all listings, into a file of this name, over whatever is
    /// there: a line for each listing, and one for each rejected pair. Written whole or not at all.
    pub async fn export_links(
        &self,
        store: &str,
        query: Option<ReviewQuery>,
        path: &Path,
    ) -> Result<Exported> {
        let (slug, path) = (parse_slug(store)?, path.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let name = path.display().to_string();
            let format = format_of(&name).ok_or_else(|| AppError::bad_input("file", &name))?;
            let filter = query.as_ref().map(filter_of).transpose()?;
            inner.export(&slug, filter.as_ref(), (&path, format))
        })
        .await
    }

    /// As [`App::export_links`], under a new name in a folder.
    pub async fn export_links_into(
        &self,
        store: &str,
        query: Option<ReviewQuery>,
        (folder, format): (&Path, FileFormat),
    ) -> Result<Exported> {
        let name = parse_slug(store)?.to_string();
        let path = self.inner.new_name(&name, folder, format)?;
        self.export_links(store, query, &path).await
    }

    /// What a file of decisions would do, and which of its lines cannot be used.
    pub async fn preview_import(&self, store: &str, file: ImportInput) -> Result<ImportPreview> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || Ok(inner.import(&slug, &file)?.1)).await
    }

    /// Takes the decisions of a file as one step. Refused when a line cannot be used, and when
    /// they are other ones than those that were looked at: `set` is the preview's.
    pub async fn import_links(
        &self,
        store: &str,
        file: ImportInput,
        set: &str,
    ) -> Result<StepDone> {
        let (slug, set) = (parse_slug(store)?, set.to_owned());
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let (decisions, preview) = inner.import(&slug, &file)?;
            if preview.set != set || preview.bad_total > 0 {
                return Err(AppError::new(Code::SetChanged).with("count", decisions.len()));
            }
            inner.decide_together(&slug, &decisions, Origin::File)
        })
        .await
    }
}

/// Reads a file that is to be imported.
pub fn import_file(path: &Path) -> Result<ImportInput> {
    let name = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|error| AppError::bad_input("file", &name).details(error))?;
    let content = base64::engine::general_purpose::STANDARD.encode(bytes);
    Ok(ImportInput { name, content })
}

impl Inner {
    fn export(
        &self,
        store: &Slug,
        filter: Option<&ReviewFilter>,
        (path, format): (&Path, FileFormat),
    ) -> Result<Exported> {
        self.saved_store(store)?;
        write_table((path, format), &HEAD, |writer| {
            let (mut rows, mut failed) = (0, None);
            let each = |row: Listed| {
                if failed.is_none() {
                    failed = writer.line(&cells(&row)).err();
                    rows += 1;
                }
                Ok::<_, StoreError>(())
            };
            self.store.each_listed(store, filter, each)?;
            failed.map_or(Ok(rows), Err)
        })
    }

    fn import(&self, store: &Slug, file: &ImportInput) -> Result<(Decisions, ImportPreview)> {
        let odoo = self.saved_store(store)?.bound_odoo;
        let odoo = odoo.ok_or_else(|| AppError::new(Code::StoreNotBound).with("name", store))?;
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(&file.content)
            .map_err(|error| AppError::bad_input("content", "").details(error))?;
        let table = Table::read(&file.name, &bytes)?;
        let columns = Columns::of(&table).ok_or_else(|| {
            AppError::new(Code::FileUnreadable)
                .with("file", &file.name)
                .details("it needs the columns listing or sku, and decision")
        })?;
        let reading = Reading {
            inner: self,
            sides: (store, &odoo),
            columns,
        };
        reading.all(&table)
    }
}

fn cells(row: &Listed) -> [String; 12] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let rejected = matches!(row.decision, Some(Decision::Reject(_)));
    let state = match (row.state, row.verdict) {
        _ if rejected => "rejected",
        (ReviewState::Linked, _) => "mapped",
        (ReviewState::Ignored, _) => "ignored",
        (ReviewState::Open, Verdict::Likely | Verdict::Ambiguous | Verdict::Broken) => "to_review",
        (ReviewState::Open, _) => "unmatched",
    };
    [
        row.listing.to_string(),
        text(&row.sku),
        row.name.clone(),
        state.to_owned(),
        row.decision.as_ref().map_or("", word).to_owned(),
        row.variant.map(|key| key.to_string()).unwrap_or_default(),
        text(&row.variant_sku),
        text(&row.variant_name),
        text(&row.method),
        row.score_bp
            .map(|score| format!("{}.{:04}", score / 10_000, score % 10_000))
            .unwrap_or_default(),
        row.decided_at.map(|at| at.to_string()).unwrap_or_default(),
        text(&row.decided_by),
    ]
}

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Accept(_) => "accept",
        Decision::Reject(_) => "reject",
        Decision::Ignore => "ignore",
    }
}

/// Where what is needed stands; a column may be missing.
struct Columns {
    listing: Option<usize>,
    sku: Option<usize>,
    decision: usize,
    variant: Option<usize>,
    variant_sku: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Option<Self> {
        let (listing, sku) = (table.column("listing"), table.column("sku"));
        listing.or(sku)?;
        Some(Self {
            listing,
            sku,
            decision: table.column("decision")?,
            variant: table.column("odoo_id"),
            variant_sku: table.column("odoo_sku"),
        })
    }
}

type Bad = (BadLineTag, String);

/// A file of decisions, read against what is in the cache now.
struct Reading<'a> {
    inner: &'a Inner,
    sides: (&'a Slug, &'a Slug),
    columns: Columns,
}

impl Reading<'_> {
    fn all(&self, table: &Table) -> Result<(Decisions, ImportPreview)> {
        let mut preview = ImportPreview {
            lines: count(table.lines.len()),
            accepted: 0,
            rejected: 0,
            ignored: 0,
            replaced: 0,
            unchanged: 0,
            without: 0,
            bad: Vec::new(),
            bad_total: 0,
            set: String::new(),
        };
        let mut decisions = Decisions::new();
        let mut said: HashMap<ListingKey, Vec<Decision>> = HashMap::new();
        for line in &table.lines {
            let read = match self.line(line)? {
                Ok(None) => {
                    preview.without += 1;
                    continue;
                }
                Ok(Some(read)) => fits(&mut said, line, read),
                Err(bad) => Err(bad),
            };
            match read {
                Ok((listing, decision)) => {
                    if self.take(&listing, &decision, &mut preview)? {
                        decisions.push((listing, decision));
                    }
                }
                Err((what, value)) => {
                    preview.bad_total += 1;
                    if preview.bad.len() < BAD_SHOWN {
                        let line = line.number;
                        preview.bad.push(BadLine { line, what, value });
                    }
                }
            }
        }
        preview.set = set_of(&decisions);
        Ok((decisions, preview))
    }

    /// Counts a decision; answers whether it changes anything.
    fn take(
        &self,
        listing: &ListingKey,
        decision: &Decision,
        preview: &mut ImportPreview,
    ) -> Result<bool> {
        let (store, cache) = (self.sides.0, &self.inner.store);
        if cache.stands(store, listing, decision)? {
            preview.unchanged += 1;
            return Ok(false);
        }
        match decision {
            Decision::Accept(variant) => {
                let linked = cache.link(store, listing)?;
                preview.replaced += u32::from(linked.is_some_and(|link| link.variant != *variant));
                preview.accepted += 1;
            }
            Decision::Reject(_) => preview.rejected += 1,
            Decision::Ignore => preview.ignored += 1,
        }
        Ok(true)
    }

    fn line(
        &self,
        line: &Line,
    ) -> Result<std::result::Result<Option<(ListingKey, Decision)>, Bad>> {
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| line.cells.get(place))
                .map_or("", |cell| cell.trim())
        };
        let said = cell(Some(self.columns.decision)).to_lowercase();
        if said.is_empty() {
            return Ok(Ok(None));
        }
        if !matches!(said.as_str(), "accept" | "reject" | "ignore") {
            return Ok(Err((BadLineTag::DecisionUnknown, said)));
        }
        let listing = match self.listing(cell(self.columns.listing), cell(self.columns.sku))? {
            Ok(listing) => listing,
            Err(bad) => return Ok(Err(bad)),
        };
        if said == "ignore" {
            return Ok(Ok(Some((listing, Decision::Ignore))));
        }
        let variant = self.variant(cell(self.columns.variant), cell(self.columns.variant_sku))?;
        Ok(variant.map(|variant| {
            let decision = match said.as_str() {
                "accept" => Decision::Accept(variant),
                _ => Decision::Reject(variant),
            };
            Some((listing, decision))
        }))
    }

    /// By its key; where there is none, by its SKU.
    fn listing(&self, key: &str, sku: &str) -> Result<std::result::Result<ListingKey, Bad>> {
        let (store, cache) = (self.sides.0, &self.inner.store);
        let is_parent = |listing: &Listing| listing.kind == ListingKind::Parent;
        if !key.is_empty() {
            let found = cache.listing(store, &ListingKey::new(key))?;
            return Ok(match found {
                None => Err((BadLineTag::ListingUnknown, key.to_owned())),
                Some(listing) if is_parent(&listing) => {
                    Err((BadLineTag::ListingParent, key.to_owned()))
                }
                Some(listing) => Ok(listing.key),
            });
        }
        if sku.is_empty() {
            return Ok(Err((BadLineTag::NoListing, String::new())));
        }
        let mut found = cache.listings_of_sku(store, sku)?;
        Ok(match (found.pop(), found.is_empty()) {
            (None, _) => Err((BadLineTag::ListingUnknown, sku.to_owned())),
            (Some(listing), true) => Ok(listing),
            (Some(_), false) => Err((BadLineTag::ListingSeveral, sku.to_owned())),
        })
    }

    /// By its id; where there is none, by its internal reference.
    fn variant(&self, id: &str, sku: &str) -> Result<std::result::Result<VariantKey, Bad>> {
        let (odoo, cache) = (self.sides.1, &self.inner.store);
        if !id.is_empty() {
            let unknown = || (BadLineTag::VariantUnknown, id.to_owned());
            let Ok(key) = id.parse() else {
                return Ok(Err(unknown()));
            };
            let found = cache.variant(odoo, VariantKey(key))?;
            return Ok(found.map(|variant| variant.key).ok_or_else(unknown));
        }
        if sku.is_empty() {
            return Ok(Err((BadLineTag::NoVariant, String::new())));
        }
        let mut found = cache.variants_of_sku(odoo, sku)?;
        Ok(match (found.pop(), found.is_empty()) {
            (None, _) => Err((BadLineTag::VariantUnknown, sku.to_owned())),
            (Some(variant), true) => Ok(variant),
            (Some(_), false) => Err((BadLineTag::VariantSeveral, sku.to_owned())),
        })
    }
}

/// Whether a decision can stand beside what earlier lines say about the same listing: any number
/// of rejected pairs, beside one that is accepted, or none.
fn fits(
    said: &mut HashMap<ListingKey, Vec<Decision>>,
    line: &Line,
    (listing, decision): (ListingKey, Decision),
) -> std::result::Result<(ListingKey, Decision), Bad> {
    let others = said.entry(listing.clone()).or_default();
    let stands = |other: &Decision| match (other, &decision) {
        (Decision::Reject(_), Decision::Reject(_)) => true,
        (Decision::Accept(one), Decision::Reject(two))
        | (Decision::Reject(one), Decision::Accept(two)) => one != two,
        (one, two) => one == two,
    };
    if !others.iter().all(stands) {
        let cells = line.cells.iter().map(|cell| cell.trim());
        let seen: Vec<_> = cells.filter(|cell| !cell.is_empty()).take(3).collect();
        return Err((BadLineTag::Contradicts, seen.join(" · ")));
    }
    others.push(decision.clone());
    Ok((listing, decision))
}
