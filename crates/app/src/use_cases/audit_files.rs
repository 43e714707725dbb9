//! What an audit found, into a file: the rows that a person saw, and no others.

use std::path::Path;

use crate::blocking::blocking;
use crate::error::AppError;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::saving::write_table;
use crate::use_cases::tables::format_of;
use crate::view::{AuditRow, Exported, FileFormat, count};
use crate::{App, Result};

const HEAD: [&str; 12] = [
    "key",
    "number",
    "customer",
    "placed_at",
    "status",
    "finding",
    "total",
    "currency",
    "odoo",
    "odoo_total",
    "difference",
    "held_back_by",
];

impl App {
    /// Writes rows of an audit into a file of this name, over whatever is there: whole or not at
    /// all.
    pub async fn export_audit(&self, rows: Vec<AuditRow>, path: &Path) -> Result<Exported> {
        let path = path.to_owned();
        blocking(move || {
            let name = path.display().to_string();
            let format = format_of(&name).ok_or_else(|| AppError::bad_input("file", &name))?;
            write_table((&path, format), &HEAD, |writer| {
                for row in &rows {
                    writer.line(&cells(row))?;
                }
                Ok(count(rows.len()))
            })
        })
        .await
    }

    /// As [`App::export_audit`], under a new name in a folder.
    pub async fn export_audit_into(
        &self,
        store: &str,
        rows: Vec<AuditRow>,
        (folder, format): (&Path, FileFormat),
    ) -> Result<Exported> {
        let name = format!("{}-audit", parse_slug(store)?);
        let path = self.inner.new_name(&name, folder, format)?;
        self.export_audit(rows, &path).await
    }
}

fn cells(row: &AuditRow) -> [String; 12] {
    let held: Vec<String> = row.blockers.iter().map(|held| word(&held.kind)).collect();
    [
        row.key.clone(),
        row.number.clone(),
        row.customer.clone(),
        row.placed_at.clone(),
        row.status.clone(),
        word(&row.kind),
        row.total.clone(),
        row.currency.clone(),
        row.sales.join(" "),
        row.odoo_total.clone().unwrap_or_default(),
        row.difference.clone().unwrap_or_default(),
        held.join(" "),
    ]
}

/// A tag as it is spelled on the wire.
fn word(tag: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(tag).ok();
    let word = word.as_ref().and_then(|word| word.as_str());
    word.unwrap_or_default().to_owned()
}
