//! Making, listing, testing and removing connections.

use std::io::{BufRead as _, IsTerminal as _};

use tandem_app::view::{
    CheckView, ConnectionDraft, ConnectionState, ConnectionView, FactsView, SecretText, StepState,
    StoreBinding,
};
use tandem_app::{App, AppError};

use super::Done;
use crate::args::Command;
use crate::exit::Exit;
use crate::output::{Ink, Out};

pub(super) async fn connect(app: &App, command: &Command, out: &Out) -> Done {
    let Command::Connect {
        kind,
        slug,
        url,
        login,
        database,
        name,
    } = command
    else {
        return Ok(Exit::Usage);
    };
    let draft = ConnectionDraft {
        slug: Some(slug.clone()),
        name: name.clone().unwrap_or_default(),
        kind: kind.clone(),
        url: url.clone(),
        login: login.clone(),
        secret: read_secret(app, out)?,
        database: database.clone(),
    };
    let saved = app.save_connection(draft).await?;
    let check = app.test_saved(&saved.slug).await?;
    out.document(&check);
    print_check(&saved.slug, &check, out);
    Ok(if check.failure.is_none() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// From the terminal without showing it, or the first line of standard input. With
/// `--secrets env` it is in the environment already.
fn read_secret(app: &App, out: &Out) -> Result<Option<SecretText>, AppError> {
    if app.info().vault == tandem_app::view::VaultState::Environment {
        return Ok(None);
    }
    let unreadable = |error: std::io::Error| AppError::bad_input("secret", "").details(error);
    let stdin = std::io::stdin();
    let typed = if stdin.is_terminal() {
        rpassword::prompt_password(out.sentence("cli.secret", &[])).map_err(unreadable)?
    } else {
        let mut line = String::new();
        stdin.lock().read_line(&mut line).map_err(unreadable)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    if typed.is_empty() {
        Err(AppError::bad_input("secret", ""))
    } else {
        Ok(Some(SecretText::new(typed)))
    }
}

pub(super) async fn bind(
    app: &App,
    (store, odoo): (&str, &str),
    company: Option<i32>,
    warehouses: &[i32],
    out: &Out,
) -> Done {
    let company = match company {
        Some(company) => company,
        None => only_company(app, odoo).await?,
    };
    let binding = StoreBinding {
        odoo: odoo.to_owned(),
        company,
        warehouses: warehouses.to_vec(),
    };
    let bound = app.bind_store(store, binding).await?;
    out.document(&bound);
    out.say("cli.bound", &[("store", &bound.name), ("odoo", odoo)]);
    Ok(Exit::Done)
}

async fn only_company(app: &App, odoo: &str) -> Result<i32, AppError> {
    let connections = app.connections().await?;
    let found = connections.into_iter().find(|known| known.slug == odoo);
    let companies = found
        .and_then(|odoo| odoo.check)
        .map(|check| check.facts.companies);
    match companies.unwrap_or_default().as_slice() {
        [only] => Ok(only.id),
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|c| format!("{} {}", c.id, c.name))
                .collect();
            Err(AppError::bad_input("company", "").details(names.join(", ")))
        }
    }
}

pub(super) async fn list(app: &App, out: &Out) -> Done {
    let connections = app.connections().await?;
    out.document(&connections);
    if connections.is_empty() {
        out.say("cli.no_connections", &[]);
    }
    for connection in &connections {
        print_connection(connection, out);
    }
    Ok(Exit::Done)
}

pub(super) async fn remove(app: &App, slug: &str, out: &Out) -> Done {
    app.remove_connection(slug).await?;
    out.document(&serde_json::json!({ "removed": slug }));
    out.say("cli.removed", &[("name", slug)]);
    Ok(Exit::Done)
}

pub(super) async fn test(app: &App, slug: &str, out: &Out) -> Done {
    let check = app.test_saved(slug).await?;
    out.document(&check);
    print_check(slug, &check, out);
    Ok(if check.failure.is_none() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn print_connection(connection: &ConnectionView, out: &Out) {
    let state = match connection.state {
        ConnectionState::Untested => out.ink(Ink::Faint, "?"),
        ConnectionState::Healthy => out.ink(Ink::Good, "✓"),
        ConnectionState::Stopped => out.ink(Ink::Bad, "✗"),
    };
    let bound = connection
        .bound
        .as_ref()
        .map(|bound| format!(" → {}", bound.odoo));
    out.line(&format!(
        "{state} {:20} {:14} {}{}",
        connection.slug,
        connection.kind,
        connection.name,
        bound.unwrap_or_default()
    ));
}

/// One line where all is well; the steps and the diagnosis where not.
pub(super) fn print_check(name: &str, check: &CheckView, out: &Out) {
    let Some(failure) = &check.failure else {
        let facts = facts_line(&check.facts);
        out.line(&format!("  {} {name:22} {facts}", out.ink(Ink::Good, "✓")));
        return;
    };
    out.line(&format!("  {} {name}", out.ink(Ink::Bad, "✗")));
    for step in &check.steps {
        let mark = match step.state {
            StepState::Passed => out.ink(Ink::Good, "✓"),
            StepState::Failed => out.ink(Ink::Bad, "✗"),
            StepState::NotTried => out.ink(Ink::Faint, "·"),
        };
        let words = out.words.plain(&format!("check.{}", step.name));
        out.line(&format!("    {mark} {words:24} {}", step.detail));
    }
    out.error(failure);
}

fn facts_line(facts: &FactsView) -> String {
    let clock = facts.skew_seconds.map(|skew| format!("{skew:+} s"));
    [
        facts.product.clone(),
        facts.platform.clone(),
        facts.title.clone(),
        facts.currency.clone(),
        facts.time_zone.clone(),
        clock,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}
