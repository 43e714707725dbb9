//! Progress of a run on standard error: one bar a step, with rate and time left.

use std::collections::BTreeMap;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tandem_app::view::{AppEvent, RunStep, RunStepState, RunView};
use tandem_app::{App, Words};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;

/// Bars that follow the runs of an application until dropped.
#[derive(Debug)]
pub(crate) struct Bars(JoinHandle<()>);

impl Bars {
    /// Shows the runs of this application from now on. Draws nothing where standard error is
    /// not a terminal.
    pub(crate) fn follow(app: &App, words: &Words) -> Self {
        let mut events = app.listen();
        let names: BTreeMap<&'static str, String> = STEPS
            .iter()
            .map(|step| (*step, words.plain(&format!("step.{step}"))))
            .collect();
        Self(tokio::spawn(async move {
            let mut drawn = Drawn {
                all: MultiProgress::new(),
                bars: BTreeMap::new(),
                names,
            };
            loop {
                match events.recv().await {
                    Ok(AppEvent::Run(run)) => drawn.draw(&run),
                    Ok(AppEvent::Stale(_) | AppEvent::Consent(_)) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        }))
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.0.abort();
    }
}

const STEPS: [&str; 6] = [
    "store_listings",
    "store_orders",
    "store_refunds",
    "odoo_variants",
    "odoo_stock",
    "match",
];

struct Drawn {
    all: MultiProgress,
    bars: BTreeMap<&'static str, ProgressBar>,
    names: BTreeMap<&'static str, String>,
}

impl Drawn {
    fn draw(&mut self, run: &RunView) {
        for step in run
            .steps
            .iter()
            .filter(|step| step.state != RunStepState::Waiting)
        {
            let bar = self.bar(step);
            if let Some(total) = step.total {
                bar.set_length(u64::from(total));
            }
            bar.set_position(u64::from(step.done));
            if step.state != RunStepState::Running {
                bar.finish();
            }
        }
    }

    fn bar(&mut self, step: &RunStep) -> &ProgressBar {
        let key = tandem_app::step_key(step.name);
        let (all, names) = (&self.all, &self.names);
        self.bars.entry(key).or_insert_with(|| {
            let bar = all.add(ProgressBar::new(u64::from(step.total.unwrap_or(0))));
            let style = ProgressStyle::with_template(
                "  {prefix:22} {bar:30} {human_pos:>9} / {human_len}  {per_sec}  {eta}",
            );
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_prefix(names.get(key).cloned().unwrap_or_default());
            bar
        })
    }
}
