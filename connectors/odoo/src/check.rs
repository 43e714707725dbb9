//! The connection test: what answers, who we are there, what we may read, and the facts.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::json;
use tandem_contract::{
    Cause, CheckReport, Checker, Company, Error, Kind, Result, Skew, StepName, Warehouse,
};
use tandem_domain::Currency;

use crate::client::Answer;
use crate::reads::{Reads, Search};
use crate::wire::{CompanyRow, Named, User, Version, WarehouseRow};

/// What must be readable, with the app that brings it.
const NEEDED: [(&str, &str); 4] = [
    ("product.product", "Sales or Inventory"),
    ("stock.quant", "Inventory"),
    ("stock.warehouse", "Inventory"),
    ("sale.order", "Sales"),
];

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
const MODELS: [&str; 3] = ["sale.integration", "queue.job", "salla.order.status"];

/// The oldest version whose answers were measured. 16 is recognised, and refused.
const MAJOR_MIN: u32 = 17;
const MAJOR_MAX: u32 = 19;

/// Runs all steps, and stops at the first that fails.
pub(crate) async fn check(reads: &Reads) -> CheckReport {
    let mut checker = Checker::new(reads.client.clock().clone());
    run(&mut checker, reads).await;
    checker.finish()
}

async fn run(checker: &mut Checker, reads: &Reads) -> Option<()> {
    let answered = reads.client.version().await;
    let reached = reached(answered);
    let answer = checker.step(StepName::Address, reached)?;
    note_skew(checker, reads, answer.as_ref().ok());
    let product = product(answer);
    note_product(checker, product.as_ref());
    checker.step(
        StepName::Product,
        product.map(|version| ((), version.server_version)),
    )?;
    let user = credentials(checker, reads).await;
    checker.step(StepName::Credentials, user)?;
    let rights = rights(reads).await;
    checker.step(StepName::Rights, rights)?;
    let facts = facts(checker, reads).await;
    checker.step(StepName::Facts, facts)
}

/// Whoever answers, answers; who it is, the next step says.
fn reached(answered: Result<Answer>) -> Result<(Result<Answer>, String)> {
    match answered {
        Err(error)
            if matches!(
                error.kind(),
                Kind::Unreachable | Kind::Insecure | Kind::UnknownOutcome | Kind::Throttled
            ) =>
        {
            Err(error.as_first_contact())
        }
        answer => Ok((answer, String::new())),
    }
}

fn note_skew(checker: &mut Checker, reads: &Reads, answer: Option<&Answer>) {
    checker.found.skew = answer
        .and_then(|answer| answer.server_time)
        .map(|server| Skew {
            seconds: server.as_second() - reads.client.clock().now().as_second(),
        });
}

fn note_product(checker: &mut Checker, product: std::result::Result<&Version, &Error>) {
    let version = match product {
        Ok(version) => Some(version.server_version.clone()),
        Err(error) => error
            .context
            .iter()
            .find(|(name, _)| name == "version")
            .map(|c| c.1.clone()),
    };
    checker.found.product = version.is_some().then(|| "Odoo".to_owned());
    checker.found.version = version;
}

fn product(answer: Result<Answer>) -> Result<Version> {
    // A server that answers JSON, but not with a version, is something else.
    let version: Version = answer?
        .read()
        .map_err(|error| Error::new(Cause::NotTheProduct, error.operation).detail(&error.detail))?;
    match major(&version.server_serie) {
        Some(MAJOR_MIN..=MAJOR_MAX) => Ok(version),
        _ => Err(Error::new(Cause::VersionUnsupported, "version_info")
            .with("version", version.server_version)),
    }
}

/// `18.0` is 18; `saas~18.2`, a version between two that only Odoo's own cloud runs, is too.
fn major(serie: &str) -> Option<u32> {
    serie
        .trim_start_matches("saas~")
        .split('.')
        .next()?
        .parse()
        .ok()
}

async fn credentials(checker: &mut Checker, reads: &Reads) -> Result<((), String)> {
    // Shown beside the field when the name is missing or wrong, so never a failure of its own.
    checker.found.databases = reads.client.databases().await.unwrap_or_default();
    let session = reads.client.session().await?;
    checker.found.database = Some(session.database.clone());
    let user = reads.user().await?;
    checker.found.user = Some(user.name.clone());
    checker.found.time_zone.clone_from(&user.tz);
    Ok(((), user.name.clone()))
}

async fn rights(reads: &Reads) -> Result<((), String)> {
    for (model, app) in NEEDED {
        match reads.may_read(model).await {
            Ok(true) => {}
            Ok(false) => return Err(missing_right(reads, model).await),
            // `015-v18-unknown-model`: an ordinary user error says that the model is not there.
            // Asked not to raise, this method has no other reason for one.
            Err(error) if error.kind() == Kind::Refused => {
                return Err(Error::new(Cause::ApiMissing, error.operation)
                    .with("model", model)
                    .with("app", app)
                    .detail(&error.detail));
            }
            Err(error) => return Err(error),
        }
    }
    let names: Vec<&str> = NEEDED.iter().map(|(model, _)| *model).collect();
    Ok(((), names.join(", ")))
}

/// The bare answer is `false`; a read says which groups would be allowed.
async fn missing_right(reads: &Reads, model: &str) -> Error {
    let error = match reads.count(model, &json!([])).await {
        Err(error) if error.cause == Cause::UserLacksRight => error,
        Ok(_) | Err(_) => Error::new(
            Cause::UserLacksRight,
            format!("{model}.check_access_rights"),
        ),
    };
    error.with("model", model)
}

async fn facts(checker: &mut Checker, reads: &Reads) -> Result<((), String)> {
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
    found.currencies = active_currencies(reads, user).await?;
    found.title = company.map(|row| row.name.clone());
    found.currency = company.and_then(|row| currency(&codes, row.currency_id));
    found.tax_rounding = company.and_then(tax_rounding);
    found.prices_include_tax = company
        .and_then(|row| row.account_price_include.as_deref())
        .map(|include| include == "tax_included");
    found.price_decimals = price_decimals(reads).await?;
    found.modules = modules(reads, user).await?;
    found.companies = rows
        .iter()
        .map(|row| with_warehouses(row, &codes, &warehouses))
        .collect();
    Ok(((), found.title.clone().unwrap_or_default()))
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

async fn active_currencies(reads: &Reads, user: &User) -> Result<Vec<Currency>> {
    let search = Search::all("res.currency", json!([["active", "=", true]]), &["name"]);
    let rows: Vec<Named> = read(reads, user, search).await?;
    Ok(rows
        .iter()
        .filter_map(|row| row.name.parse().ok())
        .collect())
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
        match reads.may_read(model).await {
            Ok(_) => found.push(model.to_owned()),
            Err(error) if error.kind() == Kind::Refused => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn a_version_is_its_major_number() {
        for (serie, number) in [
            ("18.0", Some(18)),
            ("saas~18.2", Some(18)),
            ("19.0", Some(19)),
            ("master", None),
            ("", None),
        ] {
            assert_eq!(major(serie), number, "{serie}");
        }
    }
}
