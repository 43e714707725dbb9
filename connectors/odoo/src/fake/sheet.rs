//! A `load` call taken apart: columns, records, and what is wrong with their cells.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_domain::Timestamp;
use tandem_sandbox::ErpSales;

use super::refusal::Refusal;
use super::schema::Model;
use super::selling;
use crate::wire::parse_instant;

/// The lines of a record are its rows; which column holds them depends on the model.
pub(super) const LINES: &[(&str, &str, &str)] = &[
    ("sale.order", "order_line", "sale.order.line"),
    ("res.partner", "child_ids", "res.partner"),
    ("account.move", "invoice_line_ids", "account.move.line"),
];

pub(super) type Cells<'a> = HashMap<&'a str, &'a Value>;

/// One record of a sheet.
pub(super) struct Record<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) head: Cells<'a>,
    pub(super) lines: Vec<Cells<'a>>,
}

/// The records of a sheet: a row with a cell of its own begins one, and rows that have cells of
/// lines alone belong to the one before.
pub(super) fn records<'a>(model: &str, columns: &[&'a str], rows: &'a [Value]) -> Vec<Record<'a>> {
    let of_lines = LINES.iter().find(|row| row.0 == model).map(|row| row.1);
    let mut records: Vec<Record<'a>> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let (mut head, mut line) = (Cells::new(), Cells::new());
        for (column, cell) in columns.iter().zip(row.as_array().into_iter().flatten()) {
            match column.split_once('/') {
                Some((first, rest)) if Some(first) == of_lines => line.insert(rest, cell),
                _ => head.insert(column, cell),
            };
        }
        let filled = |cells: &Cells<'_>| cells.values().any(|cell| !is_empty(cell));
        let line = filled(&line).then_some(line);
        match records.last_mut() {
            Some(last) if !filled(&head) => {
                last.to = place;
                last.lines.extend(line);
            }
            _ => records.push(Record {
                from: place,
                to: place,
                head,
                lines: line.into_iter().collect(),
            }),
        }
    }
    records
}

pub(super) fn is_empty(cell: &Value) -> bool {
    match cell {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// A column that this server does not have ends the whole call (`067`, `068`): 17 by a bare
/// `KeyError`.
pub(super) fn check_columns(
    model: &Model,
    line: Option<&Model>,
    columns: &[&str],
    major: u32,
) -> Result<(), Refusal> {
    for column in columns {
        let mut parts = column.split('/');
        let first = parts.next().unwrap_or_default();
        let of_lines = LINES
            .iter()
            .any(|row| row.0 == model.name && row.1 == first);
        let (model, name) = match (of_lines, line, parts.next()) {
            (true, Some(line), Some(name)) => (line, name),
            _ => (model, first),
        };
        let imported = selling::IMPORTED.contains(&(model.name, name));
        if name == "id" || name == ".id" || imported || model.field(name).is_some() {
            continue;
        }
        return Err(match major {
            18.. => Refusal::value_error(&format!("Invalid field name '{name}'")),
            _ => Refusal::new("builtins.KeyError", name),
        });
    }
    Ok(())
}

/// What is wrong with a cell, in Odoo's words.
pub(super) struct Wrong {
    message: String,
    more: Option<Value>,
}

impl Wrong {
    pub(super) fn new(message: String) -> Self {
        Self {
            message,
            more: None,
        }
    }
}

/// What cells are read with.
pub(super) struct Reading<'a> {
    pub(super) sales: &'a ErpSales,
    pub(super) major: u32,
    /// Seconds east of UTC of the zone that dates without one are in.
    pub(super) offset: i64,
    /// `default_parent_id` of the context.
    pub(super) parent: Option<i64>,
}

/// A reference to a row of a model: where it stands, and under which label Odoo speaks of it.
#[derive(Clone, Copy)]
pub(super) struct Pointer<'p> {
    pub(super) column: &'p str,
    pub(super) model: &'p str,
    pub(super) label: &'p str,
}

impl Reading<'_> {
    /// The row that `column/.id` or `column/id` names; `None` where both are empty.
    pub(super) fn row(
        &self,
        cells: &Cells<'_>,
        to: Pointer<'_>,
        there: &dyn Fn(i64) -> bool,
    ) -> Result<Option<i64>, Wrong> {
        let Pointer {
            column,
            model,
            label,
        } = to;
        let cell = |suffix: &str| {
            let cell = cells.get(format!("{column}/{suffix}").as_str());
            cell.copied().filter(|cell| !is_empty(cell))
        };
        if let Some(cell) = cell(".id") {
            return self.row_of(&plain(cell), (model, label), there).map(Some);
        }
        let Some(cell) = cell("id") else {
            return Ok(None);
        };
        let name = plain(cell);
        let found = self.sales.external_ids.get(&name);
        let found = found.filter(|(of, _)| of == model);
        found.map(|(_, id)| Some(*id)).ok_or_else(|| {
            let words =
                format!("No matching record found for external id '{name}' in field '{label}'");
            self.possible(words, model)
        })
    }

    fn row_of(
        &self,
        text: &str,
        (model, label): (&str, &str),
        there: &dyn Fn(i64) -> bool,
    ) -> Result<i64, Wrong> {
        let Ok(id) = text.trim().parse::<i64>() else {
            let words = format!("Invalid database id '{text}' for the field '{label}'");
            return Err(self.possible(words, model));
        };
        if there(id) {
            return Ok(id);
        }
        let words = format!("No matching record found for database id '{id}' in field '{label}'");
        Err(self.possible(words, model))
    }

    /// Rows of a many2many cell, `3,4`.
    pub(super) fn rows(
        &self,
        cell: &Value,
        (model, label): (&str, &str),
        there: &dyn Fn(i64) -> bool,
    ) -> Result<Vec<i64>, Wrong> {
        let text = plain(cell);
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        parts
            .map(|part| self.row_of(part, (model, label), there))
            .collect()
    }

    fn possible(&self, message: String, model: &str) -> Wrong {
        let list = if self.major >= 18 { "list" } else { "tree" };
        let more = json!({
            "name": "Possible Values",
            "type": "ir.actions.act_window",
            "target": "new",
            "view_mode": format!("{list},form"),
            "views": [[false, "list"], [false, "form"]],
            "context": {"create": false},
            "help": "See all possible values",
            "res_model": "ir.model.data",
            "domain": [["model", "=", model]],
        });
        Wrong {
            message,
            more: Some(more),
        }
    }

    /// A number, which must not be written with a comma (`073-order-load-bad-number`).
    pub(super) fn number(cells: &Cells<'_>, name: &str, label: &str) -> Result<Decimal, Wrong> {
        let text = cells.get(name).map(|cell| plain(cell)).unwrap_or_default();
        if text.is_empty() {
            return Ok(Decimal::ZERO);
        }
        text.parse().map_err(|_| {
            Wrong::new(format!(
                "'{text}' does not seem to be a number for field '{label}'"
            ))
        })
    }

    /// An instant in the zone of the call (`075-order-load-bad-date`).
    pub(super) fn instant(&self, text: &str, label: &str) -> Result<Timestamp, Wrong> {
        let spelled = text.len() == 19 && text.as_bytes().get(10) == Some(&b' ');
        let local = parse_instant(text).ok().filter(|_| spelled);
        let shifted = local.and_then(|local| {
            let offset = jiff::SignedDuration::from_secs(self.offset);
            local.checked_sub(offset).ok()
        });
        shifted.ok_or_else(|| Wrong {
            message: format!("'{text}' does not seem to be a valid datetime for field '{label}'"),
            more: Some(json!("Use the format '2012-12-31 23:59:59'")),
        })
    }
}

/// A cell as text; numbers are taken too, but for where Odoo splits them.
pub(super) fn plain(cell: &Value) -> String {
    match cell {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}

/// A text cell of a record.
pub(super) fn text_of(cells: &Cells<'_>, name: &str) -> String {
    cells.get(name).map(|cell| plain(cell)).unwrap_or_default()
}

/// One of `messages`: about a record, and where it is known a field of it.
pub(super) fn message(
    place: usize,
    (from, to): (usize, usize),
    wrong: &Wrong,
    field: Option<(&str, &str)>,
) -> Value {
    let mut message = json!({
        "rows": {"from": from, "to": to},
        "type": "error",
        "record": place,
        "message": wrong.message,
    });
    if let Some((field, label)) = field {
        message["field"] = json!(field);
        if !label.is_empty() {
            message["field_name"] = json!(label);
        }
    }
    if let Some(more) = &wrong.more {
        message["moreinfo"] = more.clone();
    }
    message
}
