//! The last step of the connection test: companies, money, modules, and when the key ends.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::json;
use tandem_contract::{
    Cause, Checker, Company, Error, Kind, Notice, NoticeCode, Result, Warehouse,
};
use tandem_domain::{Currency, Timestamp};

use crate::reads::{Reads, Search};
use crate::wire::{CompanyRow, CurrencyRow, KeyRow, Named, User, WarehouseRow};

/// Modules whose presence changes what can be offered.
const MODULES: [&str; 6] = [
    "account",
    "delivery",
    "queue_job",
    "sale_management",
    "sale_stock",
    "stock",
];

/// Models of modules whose technical names differ from one installation to the next.
const MODELS: [&str; 3] = [OTHER_IMPORTER, "queue.job", "salla.order.status"];

/// A module of this model imports the orders of its stores by itself.
const OTHER_IMPORTER: &str = "sale.integration";

/// How long before its end a key is spoken of.
const KEY_DAYS_LEFT: i64 = 14;

/// What we call the keys that we make; see [`crate::keys`].
pub(crate) const OUR_KEYS: &str = "Tandem";

/// Reads the facts. Companies and warehouses are indispensable; what else these rights hide is
/// listed, and unknown.
pub(crate) async fn facts(checker: &mut Checker, reads: &Reads) -> Result<((), String)> {
    let user = reads.user().await?;
    let chosen = reads.company().await?;
    if !user.company_ids.contains(&chosen) {
        return Err(Error::new(Cause::UserLacksRight, "res.company.search_read")
            .with("model", "res.company")
            .with("company", chosen));
    }
    let codes = currencies(reads, user).await?;
    let rows = companies(reads, user).await?;
    let warehouses = warehouses(reads, user).await?;
    let company = rows.iter().find(|row| row.id == chosen);
    let found = &mut checker.found;
    found.title = company.map(|row| row.name.clone());
    found.currency = company.and_then(|row| currency(&codes, row.currency_id));
    found.tax_rounding = company.and_then(tax_rounding);
    found.prices_include_tax = company
        .and_then(|row| row.account_price_include.as_deref())
        .map(|include| include == "tax_included");
    found.companies = rows
        .iter()
        .map(|row| with_warehouses(row, &codes, &warehouses))
        .collect();
    let mut hidden = Vec::new();
    let active = readable(
        "currencies",
        active_currencies(reads, user).await,
        &mut hidden,
    )?;
    note_currencies(checker, &active.unwrap_or_default());
    let digits = readable("price_decimals", price_decimals(reads).await, &mut hidden)?;
    checker.found.price_decimals = digits.flatten();
    let modules = readable("modules", modules(reads, user).await, &mut hidden)?;
    checker.found.modules = modules.unwrap_or_default();
    note_importer(checker);
    note_key(checker, reads).await?;
    if !hidden.is_empty() {
        let notice = Notice::new(NoticeCode::FactsHidden).with("facts", hidden.join(", "));
        checker.notices.push(notice);
    }
    Ok(((), checker.found.title.clone().unwrap_or_default()))
}

/// A fact that may be hidden: without the right to it, it is unknown and named as that.
fn readable<T>(
    name: &'static str,
    read: Result<T>,
    hidden: &mut Vec<&'static str>,
) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), Kind::Rights | Kind::Refused) => {
            hidden.push(name);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn with_warehouses(
    row: &CompanyRow,
    codes: &HashMap<i64, String>,
    warehouses: &[WarehouseRow],
) -> Company {
    Company {
        id: row.id,
        name: row.name.clone(),
        currency: currency(codes, row.currency_id),
        warehouses: warehouses
            .iter()
            .filter(|warehouse| warehouse.company_id == row.id)
            .map(|warehouse| Warehouse {
                id: warehouse.id,
                name: warehouse.name.clone(),
                code: warehouse.code.clone(),
            })
            .collect(),
    }
}

fn currency(codes: &HashMap<i64, String>, id: i64) -> Option<Currency> {
    codes.get(&id)?.parse().ok()
}

fn tax_rounding(company: &CompanyRow) -> Option<String> {
    match company.tax_calculation_rounding_method.as_deref()? {
        "round_per_line" => Some("line".to_owned()),
        "round_globally" => Some("total".to_owned()),
        _ => None,
    }
}

/// Odoo rounds a currency as its own table says, whatever the standard says of it.
fn note_currencies(checker: &mut Checker, rows: &[CurrencyRow]) {
    let known = |row: &CurrencyRow| Some((row.name.parse::<Currency>().ok()?, row.decimal_places));
    for (currency, decimals) in rows.iter().filter_map(known) {
        checker.found.currencies.push(currency);
        if checker.found.currency == Some(currency) {
            checker.found.currency_decimals = decimals;
        }
        if let Some(decimals) = decimals.filter(|decimals| *decimals != currency.decimals()) {
            let notice = Notice::new(NoticeCode::CurrencyDecimals)
                .with("currency", currency.code())
                .with("found", decimals)
                .with("standard", currency.decimals());
            checker.notices.push(notice);
        }
    }
}

fn note_importer(checker: &mut Checker) {
    if checker
        .found
        .modules
        .iter()
        .any(|name| name == OTHER_IMPORTER)
    {
        let notice = Notice::new(NoticeCode::OtherImporter).with("module", OTHER_IMPORTER);
        checker.notices.push(notice);
    }
}

/// When the key ends, where one's own keys may be read (they have no end before 18).
async fn note_key(checker: &mut Checker, reads: &Reads) -> Result<()> {
    if !reads.client.config.has_key() {
        return Ok(());
    }
    let ends = match reads.client.config.key_ends {
        Some(ends) => Some(ends),
        None => match own_keys(reads).await {
            Ok(rows) => end_of_ours(&rows),
            Err(error) if matches!(error.kind(), Kind::Rights | Kind::Refused) => None,
            Err(error) => return Err(error),
        },
    };
    checker.found.key_expires = ends;
    let Some(ends) = ends else { return Ok(()) };
    reads.client.note_key_ends(ends);
    let left = ends.as_second() - reads.client.clock().now().as_second();
    if left <= KEY_DAYS_LEFT * 86_400 {
        let notice = Notice::new(NoticeCode::KeyExpires).with("date", ends);
        checker.notices.push(notice);
    }
    Ok(())
}

async fn own_keys(reads: &Reads) -> Result<Vec<KeyRow>> {
    const MODEL: &str = "res.users.apikeys";
    let fields = reads.fields(MODEL, &["expiration_date"]).await?;
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let own = reads.client.session().await?.uid;
    let domain = json!([["user_id", "=", own]]);
    let search = Search::all(MODEL, domain, &["name", "expiration_date"]);
    reads.search(search).await?.read()
}

/// Odoo tells nobody which of a user's keys is which. Of those with our name only the newest can
/// be in use, because a new one replaces the one before; so can any of the others, which somebody
/// may have typed in. Where these do not end together, the end is not known. Without one of ours,
/// none ends sooner than the first to end.
fn end_of_ours(keys: &[KeyRow]) -> Option<Timestamp> {
    let is_ours = |key: &KeyRow| {
        let name = key.name.as_deref();
        name.is_some_and(|name| name.contains(OUR_KEYS))
    };
    let others = || keys.iter().filter(|key| !is_ours(key));
    match keys.iter().rfind(|key| is_ours(key)) {
        Some(newest) => others()
            .all(|other| other.expiration_date == newest.expiration_date)
            .then_some(newest.expiration_date)?,
        None => others().filter_map(|key| key.expiration_date).min(),
    }
}

async fn read<T: DeserializeOwned>(
    reads: &Reads,
    user: &User,
    search: Search<'_>,
) -> Result<Vec<T>> {
    reads.search_in(search, &user.company_ids).await?.read()
}

/// Codes of all currencies, switched on or not: a company may use one that is switched off.
async fn currencies(reads: &Reads, user: &User) -> Result<HashMap<i64, String>> {
    let search = Search::all("res.currency", json!([]), &["name"]);
    let rows: Vec<Named> = read(reads, user, search).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

async fn active_currencies(reads: &Reads, user: &User) -> Result<Vec<CurrencyRow>> {
    let fields = ["name", "decimal_places"];
    let search = Search::all("res.currency", json!([["active", "=", true]]), &fields);
    read(reads, user, search).await
}

async fn companies(reads: &Reads, user: &User) -> Result<Vec<CompanyRow>> {
    let optional = ["tax_calculation_rounding_method", "account_price_include"];
    let there = reads.fields("res.company", &optional).await?;
    let mut fields = vec!["name", "currency_id"];
    fields.extend(optional.into_iter().filter(|name| there.contains(*name)));
    let domain = json!([["id", "in", user.company_ids]]);
    read(reads, user, Search::all("res.company", domain, &fields)).await
}

async fn warehouses(reads: &Reads, user: &User) -> Result<Vec<WarehouseRow>> {
    let fields = ["name", "code", "lot_stock_id", "company_id"];
    let domain = json!([["active", "=", true]]);
    read(reads, user, Search::all("stock.warehouse", domain, &fields)).await
}

/// Decimals that an order line keeps of a price. 19 keeps them all and says `false`.
async fn price_decimals(reads: &Reads) -> Result<Option<u32>> {
    let fields = reads
        .field_attributes("sale.order.line", &["price_unit"], &["digits"])
        .await?;
    let decimals = fields
        .get("price_unit")
        .and_then(|field| field["digits"][1].as_u64());
    Ok(decimals.and_then(|decimals| u32::try_from(decimals).ok()))
}

/// Installed modules by name, and models whose modules go by several names.
async fn modules(reads: &Reads, user: &User) -> Result<Vec<String>> {
    let domain = json!([["name", "in", MODULES], ["state", "=", "installed"]]);
    let search = Search::all("ir.module.module", domain, &["name"]);
    let rows: Vec<Named> = read(reads, user, search).await?;
    let mut found: Vec<String> = rows.into_iter().map(|row| row.name).collect();
    for model in MODELS {
        match reads.may(model, "read").await {
            Ok(_) => found.push(model.to_owned()),
            Err(error) if error.kind() == Kind::Refused => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::end_of_ours;
    use crate::wire::{KeyRow, parse_instant};

    fn key(name: &str, ends: Option<&str>) -> KeyRow {
        KeyRow {
            name: Some(name.to_owned()),
            expiration_date: ends.map(|text| parse_instant(text).expect("an instant")),
        }
    }

    #[test]
    fn the_end_of_a_key_is_that_of_the_newest_of_ours_or_the_first_of_any() {
        let (soon, late) = (Some("2026-12-01 00:00:00"), Some("2027-02-01 00:00:00"));
        let at = |text: Option<&str>| text.map(|text| parse_instant(text).expect("an instant"));
        assert_eq!(end_of_ours(&[key("shop", soon)]), at(soon), "the only one");
        let keys = [key("Tandem", soon), key("Tandem on a laptop", late)];
        assert_eq!(end_of_ours(&keys), at(late), "the newest with our name");
        for other in [soon, None] {
            let keys = [key("Tandem", late), key("pasted", other)];
            assert_eq!(end_of_ours(&keys), None, "either may be in use");
        }
        let keys = [key("Tandem", late), key("pasted", late)];
        assert_eq!(end_of_ours(&keys), at(late), "they end together");
        let keys = [key("shop", late), key("backup", soon), key("old", None)];
        assert_eq!(end_of_ours(&keys), at(soon), "not sooner than that");
        assert_eq!(end_of_ours(&[key("Tandem", None)]), None, "it has no end");
        assert_eq!(end_of_ours(&[]), None);
    }
}
