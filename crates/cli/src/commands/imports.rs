//! Orders into Odoo: what would be done, doing it, and the steps that were taken.

use tandem_app::view::{ChangeView, ImportStage, OrderEnd, OrderPlan, RunState};
use tandem_app::{App, AppError};

use super::held::print_held;
use super::{Done, count, or_stopped, word};
use crate::exit::Exit;
use crate::output::{Ink, Out};
use crate::progress::Bars;

pub(super) async fn plan(app: &App, store: &str, keys: Vec<String>, out: &Out) -> Done {
    let plan = app.order_plan(store, keys).await?;
    out.document(&plan);
    print_plan(store, &plan, out);
    Ok(Exit::with_nothing_left(plan.blocked.is_empty()))
}

fn print_plan(store: &str, plan: &OrderPlan, out: &Out) {
    for order in &plan.orders {
        let mut notes = vec![
            out.words
                .plain(&format!("import.until.{}", word(&order.until))),
        ];
        if let Some(amount) = &order.rounding {
            notes.push(out.sentence("cli.plan.rounding", &[("amount", amount)]));
        }
        if order.resumes {
            notes.push(out.words.plain("cli.plan.resumes"));
        }
        out.line(&format!(
            "  {:>8}  {:28} {:>12} {}  {}",
            order.number,
            order.customer,
            order.total,
            order.currency,
            out.ink(Ink::Faint, &notes.join(", "))
        ));
    }
    print_held(store, &plan.blocked, out);
    out.line(&out.counted("cli.plan.ready", count(plan.orders.len())));
    out.line(&out.counted("cli.plan.blocked", count(plan.blocked.len())));
    if plan.found > 0 {
        out.line(&out.counted("cli.plan.found", plan.found));
    }
    if !plan.makes.is_empty() {
        let named = |key: &String| out.words.plain(&format!("maps.service.{key}"));
        let what: Vec<String> = plan.makes.iter().map(named).collect();
        out.say("cli.plan.makes", &[("what", &what.join(", "))]);
    }
}

/// Ctrl-C stops between two steps; the same command goes on there.
pub(super) async fn import(app: &App, store: &str, keys: Vec<String>, out: &Out) -> Done {
    let end = {
        let _bars = Bars::follow(app, &out.words);
        or_stopped(app.import_orders(store, keys), || app.cancel_all()).await?
    };
    out.document(&end);
    let run = &end.run;
    for order in &end.orders {
        print_end(order, out);
    }
    let done = count(end.orders.iter().filter(|order| is_in(order)).count());
    let asked = run.steps.first().and_then(|step| step.total).unwrap_or(0);
    let left = asked.saturating_sub(done);
    out.line(&out.counted("cli.imported", done));
    if left > 0 {
        out.line(&out.counted("cli.not_imported", left));
    }
    if let Some(error) = &run.error
        && !out.is_json()
    {
        out.error(error);
    }
    Ok(match run.state {
        RunState::Done | RunState::Running => Exit::with_nothing_left(left == 0),
        RunState::Failed => Exit::Failed,
        RunState::Cancelled => Exit::Interrupted,
    })
}

/// What an order is called in Odoo, and what stopped it or is still to come.
fn print_end(order: &OrderEnd, out: &Out) {
    let Some(import) = &order.import else { return };
    let stage = format!("import.stage.{}", word(&import.stage));
    let stage = out.words.plain(&stage);
    let (ink, says) = match (&import.error, &import.waits) {
        (Some(error), _) => (Ink::Bad, title(error, out)),
        (None, Some(waits)) => (Ink::Faint, title(waits, out)),
        (None, None) => (Ink::Good, stage),
    };
    let sale = import.sale.as_deref().unwrap_or("-");
    out.line(&format!(
        "  {:>8}  {sale:12} {}",
        order.number,
        out.ink(ink, &says)
    ));
}

fn title(error: &AppError, out: &Out) -> String {
    let key = format!("error.{}.title", error.code.as_str());
    out.words.say(&key, &error.params)
}

/// Whether an order is in Odoo as far as it can be.
fn is_in(order: &OrderEnd) -> bool {
    let import = order.import.as_ref();
    import.is_some_and(|import| {
        let arrived = matches!(import.stage, ImportStage::Uninvoiced | ImportStage::Done);
        arrived && import.error.is_none()
    })
}

pub(super) async fn journal(app: &App, store: &str, key: &str, out: &Out) -> Done {
    let lines = app.order_journal(store, key).await?;
    out.document(&lines);
    if lines.is_empty() {
        out.say("cli.journal.none", &[]);
    }
    for line in &lines {
        let step = out
            .words
            .plain(&format!("journal.step.{}", word(&line.step)));
        let phase = out
            .words
            .plain(&format!("journal.phase.{}", word(&line.phase)));
        let detail = line.reference.as_ref().unwrap_or(&line.detail);
        out.line(&format!(
            "  {}  {step:24} {phase:18} {}",
            line.at,
            out.ink(Ink::Faint, detail)
        ));
    }
    Ok(Exit::Done)
}

pub(super) async fn changes(app: &App, store: &str, key: &str, out: &Out) -> Done {
    let changes = app.order_changes(store, key).await?;
    out.document(&changes);
    print_changes(&changes, out);
    Ok(Exit::with_nothing_left(changes.is_empty()))
}

pub(super) async fn apply(app: &App, store: &str, (key, id): (&str, &str), out: &Out) -> Done {
    let left = app.apply_change(store, key, id).await?;
    out.document(&left);
    print_changes(&left, out);
    Ok(Exit::with_nothing_left(left.is_empty()))
}

fn print_changes(changes: &[ChangeView], out: &Out) {
    if changes.is_empty() {
        out.say("cli.changes.none", &[]);
    }
    for change in changes {
        let kind = word(&change.kind);
        let say = |part: &str| {
            let key = format!("change.{kind}.{part}");
            out.words.say(&key, &change.params)
        };
        let id = change.id.as_deref().unwrap_or("-");
        out.line(&format!("  {id:16} {}", say("title")));
        out.line(&format!(
            "  {:16} {}",
            "",
            out.ink(Ink::Faint, &say("hint"))
        ));
    }
}
