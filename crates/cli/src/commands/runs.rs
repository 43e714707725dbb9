//! Fetching, matching, and what runs did.

use tandem_app::App;
use tandem_app::view::{RunState, RunView};

use super::{Done, or_stopped};
use crate::exit::Exit;
use crate::output::Out;
use crate::progress::Bars;

pub(super) async fn fetch(app: &App, store: &str, full: bool, out: &Out) -> Done {
    let run = fetch_with_bars(app, store, full, out).await?;
    out.document(&run);
    print_run(&run, out);
    Ok(exit_of(&run, out))
}

/// Fetches with bars on standard error. Ctrl-C stops between two pages; what was read is kept.
pub(super) async fn fetch_with_bars(
    app: &App,
    store: &str,
    full: bool,
    out: &Out,
) -> Result<RunView, tandem_app::AppError> {
    let _bars = Bars::follow(app, &out.words);
    or_stopped(app.fetch(store, full), || app.cancel_all()).await
}

pub(super) async fn match_again(app: &App, store: &str, out: &Out) -> Done {
    let counts = app.match_again(store).await?;
    out.document(&counts);
    out.line(&out.counted("cli.linked", counts.tabs.mapped));
    out.line(&out.counted("cli.to_review", counts.tabs.to_review));
    Ok(Exit::with_nothing_left(counts.tabs.to_review == 0))
}

pub(super) async fn list(app: &App, store: &str, out: &Out) -> Done {
    let runs = app.runs(store).await?;
    out.document(&runs);
    for run in &runs {
        let state = out
            .words
            .plain(&format!("cli.run.{}", state_key(run.state)));
        out.line(&format!("{:>5}  {}  {state}", run.id, run.started_at));
    }
    Ok(Exit::Done)
}

pub(super) fn print_run(run: &RunView, out: &Out) {
    for step in &run.steps {
        let name = out
            .words
            .plain(&format!("step.{}", tandem_app::step_key(step.name)));
        let seconds = f64::from(step.elapsed_ms) / 1_000.0;
        out.line(&format!("  {name:24} {:>9}  {seconds:>6.1} s", step.done));
    }
}

fn exit_of(run: &RunView, out: &Out) -> Exit {
    if let Some(error) = &run.error
        && !out.is_json()
    {
        out.error(error);
    }
    match run.state {
        RunState::Done | RunState::Running => Exit::Done,
        RunState::Failed => Exit::Failed,
        RunState::Cancelled => Exit::Interrupted,
    }
}

pub(super) fn state_key(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Done => "done",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
    }
}
