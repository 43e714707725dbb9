//! What maps choose from, and how this Odoo computes.

use std::collections::BTreeMap;

use futures::future::try_join_all;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Kind, Result};
use tandem_domain::{
    Arithmetic, Carrier, CarrierKey, Currency, Journal, JournalKey, OdooCurrency, Pricelist,
    PricelistKey, Reference, SaleTerms, Series, Service, Tax, TaxKey, TaxRounding, VariantKey,
};

use super::columns::{Extra, allowed, readable};
use super::{Desk, INVOICE, LINE};
use crate::reads::Search;
use crate::wire::{CompanyRow, decimal, or_false};

#[derive(Debug, Deserialize)]
struct TaxRow {
    id: i64,
    name: String,
    #[serde(deserialize_with = "decimal")]
    amount: Decimal,
    amount_type: String,
    price_include: bool,
    include_base_amount: bool,
    sequence: i64,
    #[serde(default, deserialize_with = "or_false")]
    country_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct PricelistRow {
    id: i64,
    name: String,
    currency_id: i64,
}

#[derive(Debug, Deserialize)]
struct CarrierRow {
    id: i64,
    name: String,
    #[serde(deserialize_with = "or_false")]
    product_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct JournalRow {
    id: i64,
    name: String,
    #[serde(deserialize_with = "or_false")]
    code: Option<String>,
    #[serde(deserialize_with = "or_false")]
    currency_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct RoundedRow {
    name: String,
    #[serde(deserialize_with = "decimal")]
    rounding: Decimal,
}

impl Desk {
    pub(super) async fn read_terms(&self) -> Result<SaleTerms> {
        let company = self.company_row().await?;
        let known = self.currencies().await?;
        let company_currency = known.get(&company.currency_id).copied().ok_or_else(|| {
            Error::new(Cause::Unreadable, "res.company.search_read")
                .with("currency", company.currency_id)
        })?;
        Ok(SaleTerms {
            arithmetic: self.arithmetic(&company).await?,
            taxes: self.taxes(company.id).await?,
            pricelists: self.pricelists(company.id).await?,
            carriers: self.carriers().await?,
            journals: self.journals(company.id).await?,
            currencies: self.active_currencies().await?,
            company_currency,
            countries: self.places.countries().await?.codes(),
            may_invoice: allowed(&self.reads, INVOICE, "create").await?,
            services: self.services().await?,
        })
    }

    /// Products that were made by us, asked for at the same time: there is no one question for
    /// several references that every user may ask. One that this user may not see is made out
    /// when it is needed.
    async fn services(&self) -> Result<BTreeMap<Service, VariantKey>> {
        let one = async |service: Service| {
            let reference = Reference::service(service.key());
            match self.find_all(std::slice::from_ref(&reference)).await {
                Ok(found) => {
                    let key = found.into_iter().next().flatten();
                    Ok(key.map(|key| (service, VariantKey(key))))
                }
                Err(error) if error.kind() == Kind::Rights => Ok(None),
                Err(error) => Err(error),
            }
        };
        let found = try_join_all(Service::ALL.map(one)).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn company_row(&self) -> Result<CompanyRow> {
        const MODEL: &str = "res.company";
        let optional = "tax_calculation_rounding_method";
        let there = self.reads.fields(MODEL, &[optional]).await?;
        let mut fields = vec!["name", "currency_id"];
        fields.extend(there.contains(optional).then_some(optional));
        let id = self.reads.company().await?;
        let rows: Vec<CompanyRow> = self.rows(MODEL, json!([["id", "=", id]]), &fields).await?;
        let gone = || Error::new(Cause::NotFound, "res.company.search_read").with("id", id);
        rows.into_iter().next().ok_or_else(gone)
    }

    async fn rows<T: DeserializeOwned>(
        &self,
        model: &str,
        domain: Value,
        fields: &[&str],
    ) -> Result<Vec<T>> {
        let search = Search::all(model, domain, fields);
        self.reads.search(search).await?.read()
    }

    async fn arithmetic(&self, company: &CompanyRow) -> Result<Arithmetic> {
        self.reads.client.session().await?;
        let series = match self.reads.client.major.get() {
            // Only JSON-2 comes in where the version cannot be asked for.
            Some(19..) | None => Series::V19,
            Some(18) => Series::V18,
            Some(_) => Series::V17,
        };
        let rounding = match company.tax_calculation_rounding_method.as_deref() {
            Some("round_globally") => TaxRounding::Globally,
            // What a new 19 starts with.
            None if series == Series::V19 => TaxRounding::Globally,
            Some(_) | None => TaxRounding::PerLine,
        };
        let digits = self
            .reads
            .field_attributes(LINE, &["price_unit"], &["digits"])
            .await?;
        // 19 keeps every digit, and says `false` (`137-price-digits`).
        let digits = digits
            .get("price_unit")
            .and_then(|field| field["digits"][1].as_u64());
        Ok(Arithmetic {
            series,
            rounding,
            price_digits: digits.and_then(|digits| u32::try_from(digits).ok()),
        })
    }

    async fn taxes(&self, company: i64) -> Result<Vec<Tax>> {
        const MODEL: &str = "account.tax";
        let mut fields = vec![
            "name",
            "amount",
            "amount_type",
            "price_include",
            "include_base_amount",
            "sequence",
        ];
        let there = self.reads.fields(MODEL, &["country_id"]).await?;
        fields.extend(there.contains("country_id").then_some("country_id"));
        let domain = json!([
            ["type_tax_use", "=", "sale"],
            ["active", "=", true],
            ["company_id", "=", company]
        ]);
        let rows: Vec<TaxRow> = self.rows(MODEL, domain, &fields).await?;
        let countries = self.places.countries().await?;
        let tax = |row: TaxRow| Tax {
            key: TaxKey(row.id),
            name: row.name,
            percent: row.amount,
            plain: row.amount_type == "percent",
            included: row.price_include,
            compound: row.include_base_amount,
            sequence: row.sequence,
            country: row
                .country_id
                .and_then(|id| countries.code(id))
                .map(str::to_owned),
        };
        Ok(rows.into_iter().map(tax).collect())
    }

    async fn pricelists(&self, company: i64) -> Result<Vec<Pricelist>> {
        let domain = json!([
            ["active", "=", true],
            ["company_id", "in", [false, company]]
        ]);
        let fields = ["name", "currency_id"];
        let rows: Vec<PricelistRow> = self.rows("product.pricelist", domain, &fields).await?;
        let known = self.currencies().await?;
        let pricelist = |row: PricelistRow| {
            Some(Pricelist {
                key: PricelistKey(row.id),
                name: row.name,
                currency: *known.get(&row.currency_id)?,
            })
        };
        Ok(rows.into_iter().filter_map(pricelist).collect())
    }

    async fn carriers(&self) -> Result<Option<Vec<Carrier>>> {
        const MODEL: &str = "delivery.carrier";
        if !self.columns().await?.has(Extra::Carrier) || !readable(&self.reads, MODEL).await? {
            return Ok(None);
        }
        let domain = json!([["active", "=", true]]);
        let rows: Vec<CarrierRow> = self.rows(MODEL, domain, &["name", "product_id"]).await?;
        let carrier = |row: CarrierRow| Carrier {
            key: CarrierKey(row.id),
            name: row.name,
            product: row.product_id.map(VariantKey),
        };
        Ok(Some(rows.into_iter().map(carrier).collect()))
    }

    async fn journals(&self, company: i64) -> Result<Option<Vec<Journal>>> {
        let domain = json!([
            ["type", "in", ["bank", "cash"]],
            ["active", "=", true],
            ["company_id", "=", company]
        ]);
        let fields = ["name", "code", "currency_id"];
        let rows: Vec<JournalRow> = match self.rows("account.journal", domain, &fields).await {
            Err(error) if matches!(error.kind(), Kind::Rights | Kind::Refused) => return Ok(None),
            rows => rows?,
        };
        let known = self.currencies().await?;
        let journal = |row: JournalRow| Journal {
            key: JournalKey(row.id),
            name: row.name,
            code: row.code.unwrap_or_default(),
            currency: row.currency_id.and_then(|id| known.get(&id).copied()),
        };
        Ok(Some(rows.into_iter().map(journal).collect()))
    }

    async fn active_currencies(&self) -> Result<Vec<OdooCurrency>> {
        let domain = json!([["active", "=", true]]);
        let rows: Vec<RoundedRow> = self
            .rows("res.currency", domain, &["name", "rounding"])
            .await?;
        let known = |row: RoundedRow| {
            let currency: Currency = row.name.parse().ok()?;
            Some(OdooCurrency {
                currency,
                decimals: row.rounding.normalize().scale(),
            })
        };
        Ok(rows.into_iter().filter_map(known).collect())
    }
}
