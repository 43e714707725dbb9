//! `load`: all records of a sheet or none, each at most once by its external id.

use serde_json::{Value, json};
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::arrivals::{self, Arrival};
use super::refusal::Refusal;
use super::schema::Model;
use super::sheet::{self, LINES, Reading, Record, Wrong};

/// A `load` call: where, with which rights, and how.
pub(super) struct Load<'a> {
    pub(super) model: Model,
    pub(super) account: &'a ErpAccount,
    pub(super) context: &'a Value,
    pub(super) columns: Vec<&'a str>,
    pub(super) rows: &'a [Value],
}

impl Load<'_> {
    pub(super) fn run(&self, world: &mut World) -> Outcome {
        let major = super::major(world);
        let of_lines = LINES.iter().find(|row| row.0 == self.model.name);
        let line_model = of_lines.and_then(|row| Model::find(row.2, &world.erp.modules, major));
        sheet::check_columns(&self.model, line_model.as_ref(), &self.columns, major)?;
        let records = sheet::records(self.model.name, &self.columns, self.rows);
        let (mut arrivals, mut messages) = (Vec::new(), Vec::new());
        for (place, record) in records.iter().enumerate() {
            match self.arrival(world, record, major)? {
                Ok(arrival) => arrivals.push((external_id(record), arrival)),
                Err(wrong) => messages.extend(wrong.into_iter().map(|(wrong, field)| {
                    sheet::message(place, (record.from, record.to), &wrong, field)
                })),
            }
        }
        if messages.is_empty() {
            messages.extend(self.stopped(world, &records, major));
        }
        if !messages.is_empty() {
            return Ok(Some(
                json!({"ids": false, "messages": messages, "nextrow": 0}),
            ));
        }
        let ids: Vec<i64> = arrivals
            .into_iter()
            .map(|(name, arrival)| self.settle(world, &name, arrival))
            .collect();
        Ok(Some(json!({"ids": ids, "messages": [], "nextrow": 0})))
    }

    /// What a record's cells say, or what is wrong with them and where.
    fn arrival(
        &self,
        world: &World,
        record: &Record<'_>,
        major: u32,
    ) -> Result<Result<Arrival, Vec<arrivals::Complaint>>, Refusal> {
        let utc = self.context["tz"] == "UTC";
        let reading = Reading {
            sales: &world.erp.sales,
            major,
            offset: if utc {
                0
            } else {
                world.shop.utc_offset_s.into()
            },
            parent: self.context["default_parent_id"].as_i64(),
        };
        let company = self.context["allowed_company_ids"][0].as_i64();
        let company = company.or_else(|| world.erp.companies.keys().next().copied());
        arrivals::read(
            world,
            &reading,
            record,
            (self.model.name, company.unwrap_or(1)),
        )
    }

    /// What stops good data: a missing right, or another transaction that was first. The number
    /// that the loser drew is gone.
    fn stopped(&self, world: &mut World, records: &[Record<'_>], major: u32) -> Option<Value> {
        let rights = self.account.rights;
        let rows = records
            .first()
            .map_or((0, 0), |record| (record.from, record.to));
        let known = |record: &Record<'_>| {
            let name = external_id(record);
            world.erp.sales.external_ids.contains_key(&name)
        };
        let all_known = records.iter().all(known);
        if !all_known && !self.model.writable(rights) {
            let wrong = Wrong::new(self.model.not_creatable().message().to_owned());
            return Some(sheet::message(0, rows, &wrong, None));
        }
        let child = self
            .columns
            .iter()
            .any(|column| column.starts_with("parent_id"));
        if !all_known && child && major >= 18 && rights == tandem_sandbox::ErpRights::Seller {
            let wrong = Wrong::new(NO_CREDIT_LIMIT.to_owned());
            return Some(sheet::message(0, rows, &wrong, None));
        }
        let sales = &mut world.erp.sales;
        if sales.races_lost > 0 {
            sales.races_lost -= 1;
            if self.model.name == "sale.order" {
                sales.next_number("S");
            }
            let words = "could not serialize access due to concurrent update\n";
            let wrong = Wrong::new(words.to_owned());
            return Some(sheet::message(0, rows, &wrong, None));
        }
        None
    }

    /// Makes a record, or what the mode says about one that is there.
    fn settle(&self, world: &mut World, name: &str, arrival: Arrival) -> i64 {
        let leaves_alone = self.context["mode"] == "update" && self.context["noupdate"] == true;
        let known = world.erp.sales.external_ids.get(name).map(|(_, id)| *id);
        match known {
            Some(id) if leaves_alone => id,
            // Any other mode writes over what is there, and appends the lines again.
            Some(id) => {
                arrival.overwrite(world, id);
                id
            }
            None => {
                let id = arrival.create(world);
                if !name.is_empty() {
                    let row = (self.model.name.to_owned(), id);
                    world.erp.sales.external_ids.insert(name.to_owned(), row);
                }
                id
            }
        }
    }
}

/// A name without a prefix gets one.
fn external_id(record: &Record<'_>) -> String {
    let name = sheet::text_of(&record.head, "id");
    if name.contains('.') || name.is_empty() {
        name
    } else {
        format!("__import__.{name}")
    }
}

/// What a user without rights to invoices is told who makes an address by its parent's row.
const NO_CREDIT_LIMIT: &str = "You do not have enough rights to access the fields \"credit_limit\" \
     on Contact (res.partner). Please contact your system administrator.\n\nOperation: read\n\
     User: 7\nFields:\n- credit_limit (allowed for groups 'Technical / Show Accounting Features - \
     Readonly', 'Invoicing / Invoicing')";
