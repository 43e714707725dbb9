//! The world as Odoo's tables: which records a model has, and what stands in their columns.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_domain::{Currency, Timestamp};
use tandem_sandbox::{ErpAccount, ErpVariant, World};

use super::picture;
use super::quants::{self, Quant};
use crate::wire::instant_text;

/// Currencies that the server knows beside those that are switched on.
const SWITCHED_OFF: [&str; 3] = ["EUR", "GBP", "USD"];

/// What stands in one column of one record.
#[derive(Debug, Clone)]
pub(super) enum Cell<'a> {
    Nothing,
    Int(i64),
    Ref(Option<i64>),
    Refs(Vec<i64>),
    Number(Decimal),
    Text(Cow<'a, str>),
    Bool(bool),
    Instant(Timestamp),
}

/// The tables, as one user sees them during one call.
pub(super) struct View<'a> {
    world: &'a World,
    account: &'a ErpAccount,
    /// Companies that the call is about.
    companies: Vec<i64>,
    /// The language that it asks for; empty for the database's own.
    language: &'a str,
    templates: OnceCell<BTreeMap<i64, &'a ErpVariant>>,
    units: OnceCell<Vec<&'a str>>,
    categories: OnceCell<Vec<&'a str>>,
    attributes: OnceCell<Vec<&'a str>>,
    values: OnceCell<BTreeMap<i64, (&'a str, &'a str, i64)>>,
    currencies: OnceCell<Vec<Currency>>,
}

impl<'a> View<'a> {
    /// For a call about these companies; none named means all that there are.
    pub(super) fn new(
        world: &'a World,
        account: &'a ErpAccount,
        (companies, language): (Vec<i64>, &'a str),
    ) -> Self {
        let all = || world.erp.companies.keys().copied().collect();
        Self {
            world,
            account,
            companies: if companies.is_empty() {
                all()
            } else {
                companies
            },
            language,
            templates: OnceCell::new(),
            units: OnceCell::new(),
            categories: OnceCell::new(),
            attributes: OnceCell::new(),
            values: OnceCell::new(),
            currencies: OnceCell::new(),
        }
    }

    pub(super) fn world(&self) -> &'a World {
        self.world
    }

    pub(super) fn companies(&self) -> &[i64] {
        &self.companies
    }

    /// The ids of a model's records after one, ascending.
    pub(super) fn ids_after(&self, model: &str, after: i64) -> Box<dyn Iterator<Item = i64> + '_> {
        let erp = &self.world.erp;
        let rest = after.saturating_add(1)..;
        match model {
            "product.product" => Box::new(erp.variants.range(rest).map(|(id, _)| *id)),
            "product.template" => Box::new(self.templates().range(rest).map(|(id, _)| *id)),
            "product.template.attribute.value" => {
                Box::new(self.values().range(rest).map(|(id, _)| *id))
            }
            "stock.quant" => Box::new(quants::ids_after(erp, &self.companies, after)),
            "stock.warehouse" => {
                let places = erp.warehouses.range(rest);
                let own = places.filter(|(_, place)| self.companies.contains(&place.company));
                Box::new(own.map(|(id, _)| *id))
            }
            "res.company" => Box::new(erp.companies.range(rest).map(|(id, _)| *id)),
            "res.users" => Box::new(numbers(self.account.uid..=self.account.uid, after)),
            "uom.uom" => Box::new(numbered(self.units(), after)),
            "res.currency" => Box::new(numbered(self.currencies(), after)),
            "ir.module.module" => Box::new(numbered(&erp.modules, after)),
            _ => self
                .sold_after(model, after)
                .unwrap_or_else(|| Box::new(std::iter::empty())),
        }
    }

    /// Whether a record is there.
    pub(super) fn has(&self, model: &str, id: i64) -> bool {
        self.ids_after(model, id - 1).next() == Some(id)
    }

    /// The quants of these products.
    pub(super) fn quants_of(&self, products: &HashSet<i64>) -> Vec<i64> {
        quants::of_variants(&self.world.erp, &self.companies, products.iter()).collect()
    }

    /// One column of one record; `Nothing` where either is not there.
    pub(super) fn cell(&self, model: &str, id: i64, field: &str) -> Cell<'a> {
        if field == "id" {
            return Cell::Int(id);
        }
        match model {
            "product.product" if field == "image_128" => self
                .variant(id)
                .and_then(|found| picture::of(id, found))
                .map(|encoded| Cell::Text(Cow::Owned(encoded))),
            "product.product" => self.variant(id).map(|found| self.of_variant(found, field)),
            "product.template" => self
                .templates()
                .get(&id)
                .map(|found| self.of_variant(found, field)),
            "product.template.attribute.value" => self.of_value(id, field),
            "uom.uom" => nth(self.units(), id).map(|name| text(self.translated(name))),
            "stock.warehouse" => self.of_warehouse(id, field),
            "stock.quant" => self.of_quant(id, field),
            "res.company" => self.of_company(id, field),
            "res.users" => Some(self.of_user(field)),
            "res.currency" => self.of_currency(id, field),
            "ir.module.module" => {
                nth(&self.world.erp.modules, id).map(|name| self.of_module(name, field))
            }
            _ => self.sold_cell(model, id, field),
        }
        .unwrap_or(Cell::Nothing)
    }

    /// What Odoo itself names, in the language asked for. Names that people gave stay as they
    /// are: the sandbox knows them in one language.
    fn translated(&self, name: &'a str) -> &'a str {
        const WORDS: [(&str, &str, &str); 4] = [
            ("fr_FR", "Units", "Unités"),
            ("fr_FR", "Dozens", "Douzaines"),
            ("ar_001", "Units", "الوحدات"),
            ("ar_001", "Dozens", "دزينات"),
        ];
        let mut words = WORDS.iter();
        let found =
            words.find(|(language, english, _)| *language == self.language && *english == name);
        found.map_or(name, |(_, _, translated)| translated)
    }

    /// What a many2one shows beside the id.
    pub(super) fn name(&self, model: &str, id: i64) -> String {
        let of = |names: &[&str]| nth(names, id).map(|name| (*name).to_owned());
        match model {
            "product.category" => of(self.categories()),
            "product.attribute" => of(self.attributes()),
            "product.attribute.value" => {
                let value = self.values().get(&id);
                value.map(|(attribute, value, _)| format!("{attribute}: {value}"))
            }
            "stock.location" => quants::location_name(&self.world.erp, id),
            _ => {
                let shown = match model {
                    "product.product" | "product.template" => "display_name",
                    _ => "name",
                };
                match self.cell(model, id, shown) {
                    Cell::Text(name) => Some(name.into_owned()),
                    _ => None,
                }
            }
        }
        .unwrap_or_default()
    }

    fn variant(&self, id: i64) -> Option<&'a ErpVariant> {
        self.world.erp.variants.get(&id)
    }

    fn of_variant(&self, variant: &'a ErpVariant, field: &str) -> Cell<'a> {
        match field {
            "name" => text(&variant.name),
            "display_name" if variant.sku.is_empty() => text(&variant.name),
            "display_name" => Cell::Text(Cow::Owned(format!("[{}] {}", variant.sku, variant.name))),
            "default_code" => text(&variant.sku),
            "barcode" => text(&variant.barcode),
            "active" => Cell::Bool(variant.active),
            "sale_ok" => Cell::Bool(variant.sale_ok),
            "write_date" => Cell::Instant(variant.modified),
            "product_tmpl_id" => Cell::Ref(Some(variant.template)),
            "list_price" | "lst_price" => Cell::Number(variant.list_price),
            "currency_id" => Cell::Ref(self.company_currency(self.companies.first().copied())),
            "is_storable" => Cell::Bool(variant.storable),
            "type" | "detailed_type" => text(self.kind_word(variant)),
            "uom_id" => Cell::Ref(place_of(self.units(), &variant.unit)),
            "categ_id" => Cell::Ref(place_of(self.categories(), &variant.category)),
            "product_template_attribute_value_ids" | "product_template_variant_value_ids" => {
                Cell::Refs(variant.attributes.iter().map(|(_, _, id)| *id).collect())
            }
            _ => Cell::Nothing,
        }
    }

    /// Until 17 storable goods had a type of their own.
    fn kind_word(&self, variant: &'a ErpVariant) -> &'a str {
        let old = super::major(self.world) <= 17;
        if old && variant.storable {
            "product"
        } else {
            &variant.kind
        }
    }

    fn of_value(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let (attribute, value, template) = *self.values().get(&id)?;
        Some(match field {
            "name" => text(value),
            "attribute_id" => Cell::Ref(place_of(self.attributes(), attribute)),
            // One value of the attribute for each of the templates' own: the sandbox does not
            // know which templates share one.
            "product_attribute_value_id" => Cell::Ref(Some(id)),
            "product_tmpl_id" => Cell::Ref(Some(template)),
            "price_extra" => Cell::Number(Decimal::ZERO),
            "ptav_active" => Cell::Bool(true),
            _ => Cell::Nothing,
        })
    }

    fn of_warehouse(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let place = self.world.erp.warehouses.get(&id)?;
        Some(match field {
            "name" => text(&place.name),
            "code" => text(&place.code),
            "active" => Cell::Bool(true),
            "lot_stock_id" => Cell::Ref(Some(place.stock_location)),
            "company_id" => Cell::Ref(Some(place.company)),
            _ => Cell::Nothing,
        })
    }

    fn of_quant(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let quant = Quant::find(&self.world.erp, id)?;
        Some(match field {
            "product_id" => Cell::Ref(Some(quant.variant)),
            "location_id" => Cell::Ref(Some(quant.location)),
            "location_id.usage" => text(quant.usage),
            "quantity" => Cell::Number(quant.quantity),
            "reserved_quantity" => Cell::Number(quant.reserved),
            "available_quantity" => Cell::Number(quant.quantity - quant.reserved),
            "write_date" => Cell::Instant(quant.modified),
            _ => Cell::Nothing,
        })
    }

    fn of_company(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let company = self.world.erp.companies.get(&id)?;
        Some(match field {
            "name" => text(&company.name),
            "currency_id" => Cell::Ref(self.company_currency(Some(id))),
            "tax_calculation_rounding_method" => text(&company.tax_rounding),
            "account_price_include" => text("tax_excluded"),
            _ => Cell::Nothing,
        })
    }

    fn of_user(&self, field: &str) -> Cell<'a> {
        let companies = &self.world.erp.companies;
        match field {
            "login" => text(&self.account.login),
            "name" => text(&self.account.name),
            "lang" => text("en_US"),
            "tz" => text(&self.world.shop.time_zone),
            "company_id" => Cell::Ref(companies.keys().next().copied()),
            "company_ids" => Cell::Refs(companies.keys().copied().collect()),
            _ => Cell::Nothing,
        }
    }

    fn of_currency(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let currency = *nth(self.currencies(), id)?;
        Some(match field {
            "name" => text(currency.code()),
            "active" => Cell::Bool(self.world.erp.currencies.contains(&currency)),
            "rounding" => Cell::Number(Decimal::new(1, currency.decimals())),
            "decimal_places" => Cell::Int(currency.decimals().into()),
            _ => Cell::Nothing,
        })
    }

    fn of_module(&self, name: &'a str, field: &str) -> Cell<'a> {
        match field {
            "name" => text(name),
            "state" => text("installed"),
            "installed_version" => {
                Cell::Text(Cow::Owned(format!("{}.1.0", self.world.erp.version)))
            }
            _ => Cell::Nothing,
        }
    }

    fn company_currency(&self, company: Option<i64>) -> Option<i64> {
        self.currency_row(self.world.erp.companies.get(&company?)?.currency)
    }

    pub(super) fn currency_row(&self, currency: Currency) -> Option<i64> {
        let mut known = self.currencies().iter();
        let place = known.position(|known| *known == currency)?;
        i64::try_from(place + 1).ok()
    }

    fn templates(&self) -> &BTreeMap<i64, &'a ErpVariant> {
        self.templates.get_or_init(|| {
            // The first variant speaks for its template.
            let variants = self.world.erp.variants.values().rev();
            variants
                .map(|variant| (variant.template, variant))
                .collect()
        })
    }

    fn units(&self) -> &[&'a str] {
        self.units
            .get_or_init(|| self.distinct(|variant| Some(variant.unit.as_str())))
    }

    fn categories(&self) -> &[&'a str] {
        self.categories
            .get_or_init(|| self.distinct(|variant| Some(variant.category.as_str())))
    }

    fn attributes(&self) -> &[&'a str] {
        self.attributes.get_or_init(|| {
            let values = self.values().values().map(|(attribute, _, _)| *attribute);
            values.collect::<BTreeSet<_>>().into_iter().collect()
        })
    }

    fn distinct(&self, of: impl Fn(&'a ErpVariant) -> Option<&'a str>) -> Vec<&'a str> {
        let texts: BTreeSet<&str> = self.world.erp.variants.values().filter_map(of).collect();
        texts.into_iter().collect()
    }

    fn values(&self) -> &BTreeMap<i64, (&'a str, &'a str, i64)> {
        self.values.get_or_init(|| {
            let variants = self.world.erp.variants.values();
            variants
                .flat_map(|variant| {
                    let own = variant.attributes.iter();
                    own.map(|(name, value, id)| {
                        (*id, (name.as_str(), value.as_str(), variant.template))
                    })
                })
                .collect()
        })
    }

    pub(super) fn currencies(&self) -> &[Currency] {
        self.currencies.get_or_init(|| known_currencies(self.world))
    }
}

/// All currencies that the server knows, in the order of their rows.
pub(super) fn known_currencies(world: &World) -> Vec<Currency> {
    let erp = &world.erp;
    let off = SWITCHED_OFF.iter().filter_map(|code| code.parse().ok());
    let companies = erp.companies.values().map(|company| company.currency);
    let active = erp.currencies.iter().copied();
    let mut all: Vec<Currency> = active.chain(companies).chain(off).collect();
    all.sort_by_key(|currency| currency.code());
    all.dedup();
    all
}

pub(super) fn text(of: &str) -> Cell<'_> {
    if of.is_empty() {
        Cell::Nothing
    } else {
        Cell::Text(Cow::Borrowed(of))
    }
}

/// Records of a list are numbered from 1 in its order.
fn numbered<T>(list: &[T], after: i64) -> impl Iterator<Item = i64> + use<T> {
    numbers(1..=i64::try_from(list.len()).unwrap_or(i64::MAX), after)
}

fn numbers(all: RangeInclusive<i64>, after: i64) -> impl Iterator<Item = i64> {
    all.filter(move |id| *id > after)
}

fn nth<T>(list: &[T], id: i64) -> Option<&T> {
    list.get(usize::try_from(id).ok()?.checked_sub(1)?)
}

fn place_of(list: &[&str], wanted: &str) -> Option<i64> {
    i64::try_from(list.iter().position(|known| *known == wanted)? + 1).ok()
}

impl Cell<'_> {
    /// As it stands in an answer; `names` makes a many2one the pair of id and name.
    pub(super) fn to_json(&self, names: Option<&dyn Fn(i64) -> String>) -> Value {
        match self {
            Self::Nothing | Self::Ref(None) => json!(false),
            Self::Int(number) => json!(number),
            Self::Ref(Some(id)) => names.map_or_else(|| json!(id), |name| json!([id, name(*id)])),
            Self::Refs(ids) => json!(ids),
            // Odoo's JSON numbers are floats: 12.5, 3.0.
            Self::Number(number) => number
                .to_string()
                .parse::<f64>()
                .map_or(Value::Null, Value::from),
            Self::Text(text) => json!(text),
            Self::Bool(flag) => json!(flag),
            Self::Instant(instant) => json!(instant_text(*instant)),
        }
    }

    /// The order of a column; nothing comes last, as in `PostgreSQL`.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a) | Self::Ref(Some(a)), Self::Int(b) | Self::Ref(Some(b))) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Instant(a), Self::Instant(b)) => a.cmp(b),
            (a, b) => a.is_nothing().cmp(&b.is_nothing()),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing | Self::Ref(None))
    }
}
