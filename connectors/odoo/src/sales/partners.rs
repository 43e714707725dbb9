//! Customers and their addresses, as Odoo holds them.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tandem_contract::Result;
use tandem_domain::{Address, Partner, PartnerKey, normal_email};

use super::columns::Extra;
use super::places::Countries;
use super::{Desk, PARTNER};
use crate::reads::Search;
use crate::wire::or_false;

/// E-mails, or customers, asked for at once.
const ASKED_MAX: usize = 500;

const FIELDS: [&str; 12] = [
    "name",
    "type",
    "parent_id",
    "email",
    "phone",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "country_id",
    "company_name",
];

/// `res.partner`.
#[derive(Debug, Deserialize)]
struct PartnerRow {
    id: i64,
    #[serde(deserialize_with = "or_false")]
    name: Option<String>,
    #[serde(rename = "type", deserialize_with = "or_false")]
    role: Option<String>,
    #[serde(deserialize_with = "or_false")]
    parent_id: Option<i64>,
    #[serde(deserialize_with = "or_false")]
    email: Option<String>,
    #[serde(deserialize_with = "or_false")]
    phone: Option<String>,
    #[serde(deserialize_with = "or_false")]
    street: Option<String>,
    #[serde(deserialize_with = "or_false")]
    street2: Option<String>,
    #[serde(deserialize_with = "or_false")]
    city: Option<String>,
    #[serde(deserialize_with = "or_false")]
    zip: Option<String>,
    #[serde(deserialize_with = "or_false")]
    state_id: Option<i64>,
    #[serde(deserialize_with = "or_false")]
    country_id: Option<i64>,
    #[serde(default, deserialize_with = "or_false")]
    company_name: Option<String>,
}

impl Desk {
    /// Customers by e-mail, people at a company among them; addresses and archived ones not.
    pub(super) async fn customers_with(&self, emails: &[String]) -> Result<Vec<Partner>> {
        let column = if self.columns().await?.has(Extra::NormalEmail) {
            "email_normalized"
        } else {
            "email"
        };
        let normal: Vec<String> = emails.iter().map(|email| normal_email(email)).collect();
        let mut found = Vec::new();
        for some in normal.chunks(ASKED_MAX) {
            let domain = json!([
                [column, "in", some],
                ["type", "=", "contact"],
                ["active", "=", true]
            ]);
            found.extend(self.partners_in(domain).await?);
        }
        Ok(found)
    }

    pub(super) async fn addresses_of(&self, customers: &[PartnerKey]) -> Result<Vec<Partner>> {
        let roles = ["invoice", "delivery", "other"];
        let mut found = Vec::new();
        for some in customers.chunks(ASKED_MAX) {
            let domain = json!([
                ["parent_id", "in", some],
                ["type", "in", roles],
                ["active", "=", true]
            ]);
            found.extend(self.partners_in(domain).await?);
        }
        Ok(found)
    }

    pub(super) async fn partners_by_key(
        &self,
        keys: &[PartnerKey],
    ) -> Result<Vec<Option<Partner>>> {
        let mut found = HashMap::new();
        for some in keys.chunks(ASKED_MAX) {
            let domain = json!([["id", "in", some], ["active", "=", true]]);
            let partners = self.partners_in(domain).await?;
            found.extend(partners.into_iter().map(|partner| (partner.key, partner)));
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn partners_in(&self, domain: Value) -> Result<Vec<Partner>> {
        let all = self.columns().await?.has(Extra::CompanyName);
        let fields = &FIELDS[..FIELDS.len() - usize::from(!all)];
        let search = Search::all(PARTNER, domain, fields);
        let rows: Vec<PartnerRow> = self.reads.search(search).await?.read()?;
        let somewhere = rows.iter().any(|row| row.country_id.is_some());
        let countries = if somewhere {
            self.places.countries().await?
        } else {
            &Countries::default()
        };
        let mut partners = Vec::with_capacity(rows.len());
        for row in rows {
            let state = match (row.country_id, row.state_id) {
                (Some(country), Some(id)) => {
                    let states = self.places.states(country).await?;
                    let found = states.iter().find(|state| state.id == id);
                    found.map(|state| state.code.clone())
                }
                _ => None,
            };
            partners.push(partner(row, state, countries));
        }
        Ok(partners)
    }
}

fn partner(row: PartnerRow, state: Option<String>, countries: &Countries) -> Partner {
    let name = row.name.unwrap_or_default();
    Partner {
        key: PartnerKey(row.id),
        parent: row.parent_id.map(PartnerKey),
        role: row.role.unwrap_or_else(|| "contact".to_owned()),
        name: name.clone(),
        email: row.email,
        address: Address {
            name,
            company: row.company_name,
            street: row.street.into_iter().chain(row.street2).collect(),
            postcode: row.zip,
            city: row.city,
            state,
            country: row
                .country_id
                .and_then(|id| countries.code(id))
                .map(str::to_owned),
            phone: row.phone,
        },
    }
}
