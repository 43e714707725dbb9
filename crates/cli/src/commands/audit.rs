//! Audit: every order of a period on both sides.

use std::collections::BTreeSet;
use std::path::Path;

use tandem_app::view::{AuditKind, AuditRow, AuditView};
use tandem_app::{App, AppError, Code};

use super::{Done, word};
use crate::exit::Exit;
use crate::output::{Ink, Out};
use crate::selling::AuditArgs;

pub(super) async fn audit(app: &App, asked: &AuditArgs, out: &Out) -> Done {
    let audit = app.audit(&asked.store, &asked.from, &asked.to).await?;
    out.document(&audit);
    let (accounted, all) = (audit.accounted.to_string(), audit.store_orders.to_string());
    out.say("cli.audit.of", &[("accounted", &accounted), ("all", &all)]);
    for finding in &audit.findings {
        let name = out.words.plain(&format!("audit.{}", word(&finding.kind)));
        out.line(&format!("  {name:28} {:>7}", finding.orders));
    }
    for row in &audit.rows {
        let name = out.words.plain(&format!("audit.{}", word(&row.kind)));
        out.line(&format!(
            "  {:>8}  {:28} {:>12} {}  {}  {}",
            row.number,
            row.customer,
            row.total,
            row.currency,
            out.ink(Ink::Bad, &name),
            out.ink(Ink::Faint, &beside(row, out))
        ));
    }
    if let Some(file) = &asked.export {
        write(&audit, file)?;
        out.say(
            "cli.audit.written",
            &[("file", &file.display().to_string())],
        );
    }
    let sound = |row: &AuditRow| row.kind == AuditKind::Equal;
    Ok(if audit.rows.iter().all(sound) {
        Exit::Done
    } else {
        Exit::Blocked
    })
}

/// What there is to say of a finding: the orders in Odoo, how far apart the totals are, what holds
/// it back.
fn beside(row: &AuditRow, out: &Out) -> String {
    let off = row
        .difference
        .iter()
        .filter(|_| row.kind == AuditKind::TotalDiffers);
    let kinds: BTreeSet<String> = row.blockers.iter().map(|held| word(&held.kind)).collect();
    let held = kinds
        .iter()
        .map(|kind| out.words.plain(&format!("blocker.{kind}.short")));
    let all: Vec<String> = row.sales.iter().chain(off).cloned().chain(held).collect();
    all.join(", ")
}

/// As a table that a spreadsheet opens. What begins like a formula is made plain text.
fn write(audit: &AuditView, file: &Path) -> Result<(), AppError> {
    let mut text = "key,number,customer,placed_at,status,finding,total,currency,\
                    odoo,odoo_total,difference,held_back_by\n"
        .to_owned();
    for row in &audit.rows {
        let held: Vec<String> = row.blockers.iter().map(|held| word(&held.kind)).collect();
        let cells = [
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
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    std::fs::write(file, text).map_err(|error| {
        AppError::new(Code::BadInput)
            .with("field", "export")
            .with("value", file.display())
            .details(error)
    })
}

fn quoted(cell: &str) -> String {
    let number = cell.parse::<f64>().is_ok();
    let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t']);
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}
