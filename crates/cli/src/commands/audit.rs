//! Audit: every order of a period on both sides.

use std::collections::BTreeSet;

use tandem_app::App;
use tandem_app::view::{AuditKind, AuditRow};

use super::held::what_clears;
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
        let next = what_goes_on(&asked.store, row, out);
        out.line(&format!("            {}", out.ink(Ink::Faint, &next)));
    }
    if let Some(file) = &asked.export {
        app.export_audit(audit.rows.clone(), file).await?;
        out.say(
            "cli.audit.written",
            &[("file", &file.display().to_string())],
        );
    }
    let sound = |row: &AuditRow| row.kind == AuditKind::Equal;
    Ok(Exit::with_nothing_left(audit.rows.iter().all(sound)))
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

/// The command by which a finding goes on: import it, clear what holds it back, or look.
fn what_goes_on(store: &str, row: &AuditRow, out: &Out) -> String {
    let orders = |word: &str| format!("tandem orders {store} {word} {}", row.number);
    match (row.kind, row.blockers.first()) {
        (AuditKind::Missing, _) => orders("import"),
        (AuditKind::Blocked, Some(blocker)) => what_clears(store, blocker, out),
        (AuditKind::TotalDiffers | AuditKind::StateDiffers, _) => orders("changes"),
        (AuditKind::Blocked | AuditKind::Duplicate | AuditKind::NotDue | AuditKind::Equal, _) => {
            orders("show")
        }
    }
}
