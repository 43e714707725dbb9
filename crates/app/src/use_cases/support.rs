//! What somebody who helps needs to know, as one text that a person can read before it is given
//! away. Names, addresses, prices and keys are left out: connections are numbered, and of what
//! happened only codes and counts are said.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use tandem_domain::Slug;

use crate::blocking::blocking;
use crate::context::Inner;
use crate::runs::shown_run;
use crate::use_cases::saving::{free_name, write_whole};
use crate::view::{ConnectionView, Exported, RunView, count};
use crate::{App, Result};

/// Lines of history: runs, their steps, and what they noted.
const LINES_MAX: usize = 500;

impl App {
    /// The text: versions, settings, tests, and the last steps of the history.
    pub async fn support_text(&self) -> Result<String> {
        let (info, settings) = (self.info(), self.settings().await?);
        let connections = self.connections().await?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let mut text = Text::default();
            text.line(&format!(
                "Tandem {}, {} {}",
                info.version,
                std::env::consts::OS,
                std::env::consts::ARCH
            ));
            text.line(&format!("made {}", inner.clock.now()));
            text.line(&format!(
                "keys {}, sandbox {}, beside another process {}, cache rebuilt {}",
                word(&info.vault),
                info.sandbox,
                info.read_only,
                info.cache_rebuilt_from.is_some()
            ));
            text.head("settings");
            for (name, value) in fields(&settings) {
                text.line(&format!("{name} {value}"));
            }
            let names = numbered(&connections);
            text.head("connections");
            for connection in &connections {
                inner.tell_connection(connection, &names, &mut text)?;
            }
            text.head("history, latest first");
            inner.tell_history(&names, &mut text)?;
            Ok(text.0)
        })
        .await
    }

    /// The same in a file of that folder, under a name that is free.
    pub async fn save_support(&self, folder: &Path) -> Result<Exported> {
        let text = self.support_text().await?;
        let (inner, folder) = (Arc::clone(&self.inner), folder.to_owned());
        blocking(move || {
            let day = inner.clock.now().strftime("%Y-%m-%d").to_string();
            let path = free_name(&folder, &format!("tandem-support-{day}"), "txt")?;
            write_whole(&path, text.as_bytes())?;
            Ok(Exported {
                path: path.display().to_string(),
                rows: count(text.lines().count()),
            })
        })
        .await
    }
}

/// Connections by the number that stands for their name.
type Names = BTreeMap<String, String>;

impl Inner {
    fn tell_connection(
        &self,
        connection: &ConnectionView,
        names: &Names,
        text: &mut Text,
    ) -> Result<()> {
        let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let bound = connection
            .bound
            .as_ref()
            .and_then(|bound| names.get(&bound.odoo));
        text.line(&format!(
            "{} {} way {} health {} tested {} fetched {} key ends {} bound to {}",
            names[&connection.slug],
            connection.kind,
            or(&connection.way),
            connection.health.state.key(),
            or(&connection.checked_at),
            or(&connection.fetched_at),
            or(&connection.key_expires_at),
            bound.map_or("-", String::as_str),
        ));
        if let Some(check) = &connection.check {
            let facts = &check.facts;
            text.line(&format!(
                "  {} on {}",
                or(&facts.product),
                or(&facts.platform)
            ));
            for step in &check.steps {
                let state = word(&step.state);
                text.line(&format!(
                    "  {} {state} in {} ms",
                    step.name, step.elapsed_ms
                ));
            }
            if let Some(failure) = &check.failure {
                text.line(&format!("  {}", failure.code.as_str()));
            }
        }
        for notice in &connection.notices {
            text.line(&format!("  noted {}", notice.code));
        }
        if let Ok(slug) = connection.slug.parse::<Slug>()
            && connection.bound.is_some()
        {
            let orders = self.store.order_counts(&slug)?;
            text.line(&format!(
                "  orders {}, waiting {}, held back {}, imported {}, different {}, failed {}; decisions in force {}",
                orders.all,
                orders.waiting,
                orders.blocked,
                orders.imported,
                orders.differs,
                orders.failed,
                self.store.count_decisions(&slug)?,
            ));
        }
        Ok(())
    }

    fn tell_history(&self, names: &Names, text: &mut Text) -> Result<()> {
        let most = count(LINES_MAX);
        let runs = self.store.runs(None, most)?;
        let lines = runs
            .into_iter()
            .flat_map(|run| of_run(&shown_run(run), names));
        for line in lines.take(LINES_MAX) {
            text.line(&line);
        }
        Ok(())
    }
}

/// A run, its steps and what it noted. Values of notes may be names, so only codes are told.
fn of_run(run: &RunView, names: &Names) -> Vec<String> {
    let name = names.get(&run.store).map_or("-", String::as_str);
    let ended = run.ended_at.as_deref().unwrap_or("-");
    let mut lines = vec![format!(
        "{} {} {name} {} until {ended}",
        run.started_at,
        word(&run.kind),
        word(&run.state)
    )];
    lines.extend(run.steps.iter().map(|step| {
        format!(
            "  {} {} done {} changed {} not understood {} in {} ms",
            word(&step.name),
            word(&step.state),
            step.done,
            step.changed,
            step.problems,
            step.elapsed_ms
        )
    }));
    let error = run.error.as_ref();
    lines.extend(error.map(|error| format!("  {}", error.code.as_str())));
    let log = run.log.iter();
    lines.extend(log.map(|line| format!("  {} {} {}", line.at, word(&line.level), line.code)));
    lines
}

fn numbered(connections: &[ConnectionView]) -> Names {
    let each = connections.iter().zip(1_u32..);
    each.map(|(connection, n)| (connection.slug.clone(), format!("{}-{n}", connection.kind)))
        .collect()
}

/// The word by which a choice is spelled everywhere.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

fn fields(value: &impl Serialize) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(value) else {
        return Vec::new();
    };
    let each = fields.into_iter();
    each.map(|(name, value)| (name, word(&value))).collect()
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        // Writing to a text cannot fail.
        let _written = writeln!(self.0, "{line}");
    }

    fn head(&mut self, head: &str) {
        self.line("");
        self.line(&format!("[{head}]"));
    }
}
