//! Making, listing, testing and removing connections.

use std::io::{BufRead as _, IsTerminal as _};

use tandem_app::view::{
    CheckView, ConnectionDraft, ConnectionView, FactsView, HealthState, NoticeView, SecretText,
    StepState, StoreBinding,
};
use tandem_app::{App, AppError};

use super::{Done, or_stopped};
use crate::args::Command;
use crate::exit::Exit;
use crate::output::{Ink, Out, note};

pub(super) async fn connect(app: &App, command: &Command, out: &Out) -> Done {
    let Command::Connect {
        kind,
        slug,
        url,
        login,
        database,
        name,
        consent,
        make_key,
        certificate,
    } = command
    else {
        return Ok(Exit::Usage);
    };
    let draft = |secret| ConnectionDraft {
        slug: Some(slug.clone()),
        name: name.clone().unwrap_or_default(),
        kind: kind.clone(),
        url: url.clone(),
        login: login.clone(),
        secret,
        database: database.clone(),
        certificate: certificate.clone(),
    };
    let saved = if *consent {
        ask_for_consent(app, draft(None), out).await?
    } else if *make_key {
        let made = app.make_key(draft(read_secret(app, out)?)).await?;
        out.say("cli.key_made", &[]);
        made
    } else {
        app.save_connection(draft(read_secret(app, out)?)).await?
    };
    test(app, &saved.slug, out).await
}

/// Prints the page and waits; Ctrl-C stops waiting.
async fn ask_for_consent(
    app: &App,
    draft: ConnectionDraft,
    out: &Out,
) -> Result<ConnectionView, AppError> {
    let waiting = app.consent(draft, |started| {
        note(&out.sentence("cli.consent", &[("url", &started.url)]));
        note(&out.sentence("cli.consent_until", &[("until", &started.until)]));
    });
    or_stopped(waiting, || app.cancel_consent()).await
}

pub(super) async fn trust(app: &App, slug: &str, fingerprint: Option<&str>, out: &Out) -> Done {
    let Some(fingerprint) = fingerprint else {
        let view = app.forget_certificate(slug).await?;
        out.document(&view);
        print_connection(&view, out);
        return Ok(Exit::Done);
    };
    let view = app.trust_certificate(slug, fingerprint).await?;
    out.document(&view);
    let pinned = view.pinned.unwrap_or_default();
    out.say(
        "cli.trusted",
        &[("name", &view.name), ("fingerprint", &pinned)],
    );
    Ok(Exit::Done)
}

pub(super) async fn moved(app: &App, slug: &str, out: &Out) -> Done {
    let view = app.accept_shop(slug).await?;
    out.document(&view);
    out.say("cli.moved", &[("name", &view.name)]);
    Ok(Exit::Done)
}

pub(super) async fn renew_key(app: &App, slug: &str, password: bool, out: &Out) -> Done {
    let password = if password {
        read_secret(app, out)?
    } else {
        None
    };
    let view = app.renew_key(slug, password).await?;
    out.document(&view);
    out.say("cli.key_made", &[]);
    print_connection(&view, out);
    Ok(Exit::Done)
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

pub(super) fn print_connection(connection: &ConnectionView, out: &Out) {
    let state = match connection.health.state {
        HealthState::Untested => out.ink(Ink::Faint, "?"),
        HealthState::Healthy => out.ink(Ink::Good, "✓"),
        HealthState::Warning => out.ink(Ink::Bold, "!"),
        HealthState::Stopped => out.ink(Ink::Bad, "✗"),
        HealthState::WaitingForKeychain => out.ink(Ink::Faint, "…"),
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
        print_notices(&check.notices, out);
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

/// What works, but should be known: one line each.
pub(super) fn print_notices(notices: &[NoticeView], out: &Out) {
    for notice in notices {
        let key = format!("notice.{}.title", notice.code);
        let title = out.words.say(&key, &notice.params);
        out.line(&format!("    {} {title}", out.ink(Ink::Bold, "!")));
    }
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
