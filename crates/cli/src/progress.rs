//! Progress of a run on standard error: one bar a step, with rate and time left, or what holds it up.

use std::collections::BTreeMap;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tandem_app::view::{AppEvent, Params, RunStep, RunStepState, RunView};
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
        let words = Words::for_locale(words.code());
        Self(tokio::spawn(async move {
            let mut drawn = Drawn {
                all: MultiProgress::new(),
                bars: BTreeMap::new(),
                words,
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

struct Drawn {
    all: MultiProgress,
    bars: BTreeMap<&'static str, ProgressBar>,
    words: Words,
}

impl Drawn {
    fn draw(&mut self, run: &RunView) {
        for step in run
            .steps
            .iter()
            .filter(|step| step.state != RunStepState::Waiting)
        {
            let remark = remark(step, &self.words);
            let bar = self.bar(step);
            bar.set_style(style(step));
            if let Some(total) = step.total {
                bar.set_length(u64::from(total));
            }
            bar.set_position(u64::from(step.done));
            bar.set_message(remark);
            if step.state != RunStepState::Running {
                bar.finish();
            }
        }
    }

    fn bar(&mut self, step: &RunStep) -> &ProgressBar {
        let key = tandem_app::step_key(step.name);
        let (all, words) = (&self.all, &self.words);
        self.bars.entry(key).or_insert_with(|| {
            let bar = all.add(ProgressBar::new(u64::from(step.total.unwrap_or(0))));
            bar.set_prefix(words.plain(&format!("step.{key}")));
            bar
        })
    }
}

/// Of how many, where that is known.
fn style(step: &RunStep) -> ProgressStyle {
    let counts = match step.total {
        Some(_) => "{human_pos:>9} / {human_len:9}",
        None => "{human_pos:>9}            ",
    };
    let template = format!("  {{prefix:22}} {{bar:30}} {counts}  {{msg}}");
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What is to be said of a step besides its numbers; what holds it up comes first.
fn remark(step: &RunStep, words: &Words) -> String {
    let say = |key: &str, seconds: Option<u32>| {
        let time = seconds.map(clock).unwrap_or_default();
        let params = [("rate", step.rate.to_string()), ("time", time)];
        let params = params.map(|(name, value)| (name.to_owned(), value));
        words.say(key, &Params::from(params))
    };
    match (step.state, step.waiting_seconds) {
        (RunStepState::Failed, _) => say("runs.step_stopped", None),
        (RunStepState::Waiting | RunStepState::Done, _) => String::new(),
        (RunStepState::Running, _) if step.paused => say("runs.step_paused", None),
        (RunStepState::Running, Some(seconds)) => say("runs.step_waits", Some(seconds)),
        (RunStepState::Running, None) => match (step.rate, step.seconds_left) {
            (0, _) => String::new(),
            (_, None) => say("runs.step_rate", None),
            (_, left) => say("runs.step_rate_left", left),
        },
    }
}

/// `4:05`, `1:04:05`.
fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::remark;
    use tandem_app::Words;
    use tandem_app::view::{RunStep, RunStepName, RunStepState};

    fn step(rate: u32, left: Option<u32>) -> RunStep {
        RunStep {
            name: RunStepName::StoreListings,
            state: RunStepState::Running,
            done: 0,
            total: None,
            changed: 0,
            problems: 0,
            elapsed_ms: 0,
            rate,
            seconds_left: left,
            paused: false,
            waiting_seconds: None,
        }
    }

    #[test]
    fn what_holds_a_step_up_is_said_in_place_of_a_rate() {
        let words = Words::for_locale("C");
        let said = |step| remark(&step, &words);
        assert_eq!(said(step(0, None)), "", "no rate yet is no rate of nothing");
        assert_eq!(said(step(250, None)), "250 a second");
        assert_eq!(said(step(250, Some(3_845))), "250 a second, 1:04:05 left");
        let waits = RunStep {
            waiting_seconds: Some(65),
            ..step(250, Some(9))
        };
        assert_eq!(said(waits), "asked to wait, 1:05 more");
        let offline = RunStep {
            paused: true,
            waiting_seconds: Some(8),
            ..step(250, Some(9))
        };
        assert_eq!(said(offline), "waits for the network");
        let done = RunStep {
            state: RunStepState::Done,
            ..step(250, None)
        };
        assert_eq!(said(done), "");
    }
}
