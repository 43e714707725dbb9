//! The history of decisions.

use tandem_app::App;
use tandem_app::view::{DecideAction, StepOfHistory};

use super::Done;
use crate::exit::Exit;
use crate::output::{Ink, Out};

/// Lists the steps, latest first, or takes one back.
pub(super) async fn history(
    app: &App,
    store: &str,
    (listing, undo, limit): (Option<&str>, Option<u32>, u32),
    out: &Out,
) -> Done {
    if let Some(step) = undo {
        let done = app.undo_step(store, step).await?;
        app.settled().await;
        out.document(&done);
        out.line(&out.counted("cli.history.undone", done.undone));
        if done.left > 0 {
            out.line(&out.counted("cli.history.left", done.left));
        }
        return Ok(Exit::Done);
    }
    let listing = listing.map(str::to_owned);
    let page = app.decision_history(store, listing, (0, limit)).await?;
    out.document(&page);
    for step in &page.rows {
        print_step(step, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(Exit::Done)
}

fn print_step(step: &StepOfHistory, out: &Out) {
    let word = match step.action {
        DecideAction::Accept => "decided.action.accept",
        DecideAction::Reject => "decided.action.reject",
        DecideAction::Ignore => "decided.action.ignore",
    };
    let variant = step.variant_name.as_ref().map(|name| format!(" ≈ {name}"));
    out.line(&format!(
        "  {:>6}  {}  {} ({})  {}{}",
        step.step,
        step.decided_at,
        out.words.plain(word),
        step.size,
        step.name,
        variant.unwrap_or_default()
    ));
    let who = step.decided_by.as_deref().unwrap_or("-");
    let undone = match (&step.undone_at, step.in_force) {
        (Some(at), 0) => format!(", {} {at}", out.words.plain("decided.undone")),
        (Some(at), _) => format!(", {} {at}", out.words.plain("decided.undone_partly")),
        (None, _) => String::new(),
    };
    out.line(&format!(
        "          {}",
        out.ink(Ink::Faint, &format!("{who}{undone}"))
    ));
}
