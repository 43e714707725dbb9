//! How the connections stand, what changed, and what could not be understood.

use serde::Serialize;
use tandem_app::App;
use tandem_app::view::{ConnectionView, HealthChange, HealthFact, HealthState};

use super::Done;
use super::connections::{print_connection, print_notices};
use crate::exit::Exit;
use crate::output::Out;

/// One connection with its history, for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    connection: &'a ConnectionView,
    history: &'a [HealthChange],
}

/// What a scheduler may run every hour: it never repeats a refused login.
pub(super) async fn all(app: &App, out: &Out) -> Done {
    app.check_due().await?;
    let connections = app.connections().await?;
    out.document(&connections);
    if connections.is_empty() {
        out.say("cli.no_connections", &[]);
    }
    for connection in &connections {
        print_connection(connection, out);
        print_notices(&connection.notices, out);
    }
    let exits: Vec<Exit> = connections.iter().map(exit_of).collect();
    let worst = [Exit::Failed, Exit::Blocked]
        .into_iter()
        .find(|exit| exits.contains(exit));
    Ok(worst.unwrap_or(Exit::Done))
}

/// A person asks, so it is tested now.
pub(super) async fn one(app: &App, slug: &str, out: &Out) -> Done {
    let connection = app.check_now(slug).await?;
    let history = app.health_history(slug).await?;
    out.document(&Shown {
        connection: &connection,
        history: &history,
    });
    print_connection(&connection, out);
    print_notices(&connection.notices, out);
    if let Some(failure) = connection.check.as_ref().and_then(|c| c.failure.as_ref())
        && !out.is_json()
    {
        out.error(failure);
    }
    if history.is_empty() {
        out.say("cli.no_changes", &[]);
    }
    for change in &history {
        print_change(&connection.kind, change, out);
    }
    Ok(exit_of(&connection))
}

pub(super) async fn problems(app: &App, store: &str, limit: u32, out: &Out) -> Done {
    let page = app.problems(store, 0, limit).await?;
    out.document(&page);
    for problem in &page.rows {
        let what = out
            .words
            .plain(&format!("step.{}", tandem_app::step_key(problem.step)));
        out.line(&format!(
            "{:16} {what:24} {:12} {}",
            problem.connection, problem.external_id, problem.reason
        ));
    }
    out.line(&out.counted("cli.problems", page.total));
    Ok(Exit::with_nothing_left(page.total == 0))
}

fn print_change(kind: &str, change: &HealthChange, out: &Out) {
    let value = |value: &Option<String>| match (value, change.fact) {
        (None, _) => "–".to_owned(),
        (Some(state), HealthFact::State) => out.words.plain(&format!("health.{state}")),
        (Some(code), HealthFact::Failure) => out.words.plain(&format!("error.{code}.title")),
        (Some(way), HealthFact::Way) => out.words.plain(&format!("way.{kind}.{way}")),
        (Some(text), _) => text.clone(),
    };
    let fact = out.words.plain(&format!(
        "health.fact.{}",
        tandem_app::fact_key(change.fact)
    ));
    let (was, is) = (value(&change.was), value(&change.is));
    out.line(&format!("{}  {fact:20} {was} → {is}", change.at));
}

/// 1 for what stopped, 3 for what waits for a person.
fn exit_of(connection: &ConnectionView) -> Exit {
    match connection.health.state {
        HealthState::Healthy | HealthState::Untested => Exit::Done,
        HealthState::Warning | HealthState::WaitingForKeychain => Exit::Blocked,
        HealthState::Stopped => Exit::Failed,
    }
}
