//! Runs at work: their progress, their log, and the way to cancel them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tandem_domain::{Slug, Timestamp};
use tandem_store::{Run, RunOutcome};
use tandem_sync::Progress;
use tokio_util::sync::CancellationToken;

use crate::Result;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::view::{
    AppEvent, LogLevel, LogLine, Params, RunKind, RunState, RunStep, RunStepName, RunStepState,
    RunView,
};

/// Listeners hear of progress at most this often.
const TELL_EVERY_MS: i64 = 100;
/// The rate is taken over the last moments only, so that it follows a server that slows down.
const RATE_WINDOW_MS: i64 = 5_000;
/// Past runs that are listed.
const RUNS_MAX: u32 = 50;
/// Lines of log that a run keeps: the latest.
const LOG_LINES_MAX: usize = 200;

/// The runs of this process.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<BTreeMap<u32, Live>>);

#[derive(Debug)]
struct Live {
    view: RunView,
    /// What it reads: the store and its Odoo.
    connections: Vec<Slug>,
    cancel: CancellationToken,
    told_at: Timestamp,
    step_began: BTreeMap<u8, Timestamp>,
    samples: VecDeque<(Timestamp, u32)>,
}

impl Runs {
    /// Fails while a run reads one of these connections.
    pub(crate) fn refuse_busy(&self, connections: &[&Slug]) -> Result<()> {
        refuse_busy(&self.lock(), connections)
    }

    /// Enters a run; refused while another one reads the same store or the same Odoo, whose pages
    /// would be taken for each other's.
    pub(crate) fn enter(
        &self,
        view: RunView,
        connections: [&Slug; 2],
        now: Timestamp,
    ) -> Result<CancellationToken> {
        let mut live = self.lock();
        refuse_busy(&live, &connections)?;
        live.retain(|_, run| is_at_work(&run.view));
        let cancel = CancellationToken::new();
        let entry = Live {
            connections: connections.into_iter().cloned().collect(),
            cancel: cancel.clone(),
            told_at: now,
            step_began: BTreeMap::new(),
            samples: VecDeque::new(),
            view,
        };
        live.insert(entry.view.id, entry);
        Ok(cancel)
    }

    /// Asks a run to stop; one that has ended, or never was, is left alone.
    pub(crate) fn cancel(&self, id: u32) {
        if let Some(run) = self.lock().get(&id) {
            run.cancel.cancel();
        }
    }

    /// Asks every run to stop.
    pub(crate) fn cancel_all(&self) {
        self.lock().values().for_each(|run| run.cancel.cancel());
    }

    /// The runs of this process for a store, those that just ended included.
    pub(crate) fn of(&self, store: &str) -> Vec<RunView> {
        self.lock()
            .values()
            .map(|run| &run.view)
            .filter(|run| run.store == store)
            .cloned()
            .collect()
    }

    /// One run of this process, also when it just ended.
    pub(crate) fn one(&self, id: u32) -> Option<RunView> {
        self.lock().get(&id).map(|run| run.view.clone())
    }

    /// The runs that are at work, whatever their store.
    pub(crate) fn at_work(&self) -> Vec<RunView> {
        let live = self.lock();
        let views = live.values().map(|run| &run.view);
        views.filter(|view| is_at_work(view)).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Live>> {
        self.0.lock().expect("no holder of this lock can panic")
    }
}

fn refuse_busy(live: &BTreeMap<u32, Live>, connections: &[&Slug]) -> Result<()> {
    let busy = live.values().find(|run| {
        is_at_work(&run.view)
            && run
                .connections
                .iter()
                .any(|slug| connections.contains(&slug))
    });
    match busy {
        Some(run) => Err(AppError::new(Code::RunBusy).with("store", &run.view.store)),
        None => Ok(()),
    }
}

fn is_at_work(run: &RunView) -> bool {
    run.state == RunState::Running
}

/// A run that has not begun.
pub(crate) fn new_run(
    id: u32,
    kind: RunKind,
    store: &str,
    steps: &[RunStepName],
    now: Timestamp,
) -> RunView {
    let step = |name: &RunStepName| RunStep {
        name: *name,
        state: RunStepState::Waiting,
        done: 0,
        total: None,
        changed: 0,
        problems: 0,
        elapsed_ms: 0,
        rate: 0,
        seconds_left: None,
        paused: false,
        waiting_seconds: None,
    };
    RunView {
        id,
        kind,
        store: store.to_owned(),
        state: RunState::Running,
        steps: steps.iter().map(step).collect(),
        rate: 0,
        seconds_left: None,
        started_at: now.to_string(),
        ended_at: None,
        error: None,
        log: Vec::new(),
    }
}

/// The hand with which a run writes its progress.
#[derive(Clone)]
pub(crate) struct Tracker {
    inner: Arc<Inner>,
    id: u32,
}

impl Tracker {
    pub(crate) fn new(inner: Arc<Inner>, id: u32) -> Self {
        Self { inner, id }
    }

    /// The turn of a step has come.
    pub(crate) fn begin(&self, name: RunStepName) {
        self.change(true, |run, now| {
            run.step_began.insert(name as u8, now);
            run.step(name).state = RunStepState::Running;
        });
    }

    /// A step moved on.
    pub(crate) fn progress(&self, name: RunStepName, progress: Progress) {
        self.change(false, |run, now| {
            let elapsed_ms = run.elapsed_ms(name, now);
            let step = run.step(name);
            step.done = narrow(progress.done);
            step.total = progress
                .total
                .map(narrow)
                .map(|total| total.max(step.done))
                .or(step.total);
            step.changed = narrow(progress.changed);
            step.problems = narrow(progress.problems);
            step.elapsed_ms = elapsed_ms;
            step.rate = narrow(progress.rate);
            step.seconds_left = progress.left_s.map(narrow);
            step.paused = progress.paused;
            step.waiting_seconds = progress.waiting_s.map(narrow);
            run.measure(now);
        });
    }

    /// A step ended; one that ended well knows its total.
    pub(crate) fn end(&self, name: RunStepName, well: bool) {
        self.change(true, |run, now| {
            let elapsed_ms = run.elapsed_ms(name, now);
            let step = run.step(name);
            step.state = if well {
                RunStepState::Done
            } else {
                RunStepState::Failed
            };
            step.elapsed_ms = elapsed_ms;
            (step.rate, step.seconds_left) = (0, None);
            (step.paused, step.waiting_seconds) = (false, None);
            if well {
                step.total = Some(step.done);
            }
        });
    }

    /// Writes a line into the run's log.
    pub(crate) fn log(&self, level: LogLevel, code: &str, params: Params) {
        self.change(true, |run, now| {
            let line = LogLine {
                at: now.to_string(),
                level,
                code: code.to_owned(),
                params,
            };
            run.view.log.push(line);
            let surplus = run.view.log.len().saturating_sub(LOG_LINES_MAX);
            run.view.log.drain(..surplus);
        });
    }

    /// The run ended. Returns it as it then is.
    pub(crate) fn finish(&self, error: Option<AppError>) -> Option<RunView> {
        self.change(true, |run, now| {
            run.view.state = match &error {
                None => RunState::Done,
                Some(error) if error.code == Code::Cancelled => RunState::Cancelled,
                Some(_) => RunState::Failed,
            };
            run.view.error = error;
            run.view.ended_at = Some(now.to_string());
            run.view.seconds_left = None;
            run.view.rate = 0;
        })
    }

    /// Changes the run, and tells the listeners when it matters or when it is time again.
    fn change(&self, at_once: bool, work: impl FnOnce(&mut Live, Timestamp)) -> Option<RunView> {
        let now = self.inner.clock.now();
        let view = {
            let mut live = self.inner.runs.lock();
            let run = live.get_mut(&self.id)?;
            work(run, now);
            if !at_once && since_ms(run.told_at, now) < TELL_EVERY_MS {
                return None;
            }
            run.told_at = now;
            run.view.clone()
        };
        self.inner.tell(AppEvent::Run(view.clone()));
        Some(view)
    }
}

impl Live {
    fn step(&mut self, name: RunStepName) -> &mut RunStep {
        self.view
            .steps
            .iter_mut()
            .find(|step| step.name == name)
            .expect("a run only writes to the steps that it was made with")
    }

    fn elapsed_ms(&self, name: RunStepName, now: Timestamp) -> u32 {
        let began = self.step_began.get(&(name as u8)).copied().unwrap_or(now);
        u32::try_from(since_ms(began, now)).unwrap_or(0)
    }

    /// Records a second over the last moments, and from it how long the rest takes.
    fn measure(&mut self, now: Timestamp) {
        let done = self.view.steps.iter().map(|step| step.done).sum();
        self.samples.push_back((now, done));
        while self
            .samples
            .front()
            .is_some_and(|(at, _)| since_ms(*at, now) > RATE_WINDOW_MS)
        {
            self.samples.pop_front();
        }
        let (first_at, first_done) = self.samples.front().copied().unwrap_or((now, done));
        let window_ms = u64::try_from(since_ms(first_at, now)).unwrap_or(0);
        if window_ms == 0 {
            return;
        }
        let rate = u64::from(done.saturating_sub(first_done)) * 1_000 / window_ms;
        self.view.rate = narrow(rate);
        let left: u64 = self
            .view
            .steps
            .iter()
            .filter_map(|step| Some(u64::from(step.total?.saturating_sub(step.done))))
            .sum();
        self.view.seconds_left = (rate > 0).then(|| narrow(left.div_ceil(rate)));
    }
}

fn since_ms(earlier: Timestamp, later: Timestamp) -> i64 {
    later.as_millisecond() - earlier.as_millisecond()
}

fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Inner {
    /// Enters a run into the cache; its number is unique in the profile.
    pub(crate) fn begin_run(&self, store: &Slug, kind: RunKind, now: Timestamp) -> Result<u32> {
        let word = match kind {
            RunKind::Fetch => "fetch",
            RunKind::Match => "match",
            RunKind::Import => "import",
            RunKind::Customers => "customers",
        };
        Ok(narrow(
            self.store.begin_run(word, Some(store), now)?.unsigned_abs(),
        ))
    }

    /// Keeps a run as it ended.
    pub(crate) fn end_run(&self, run: &RunView) -> Result<()> {
        let outcome = match run.state {
            RunState::Done => RunOutcome::Done,
            RunState::Cancelled => RunOutcome::Stopped,
            RunState::Running | RunState::Failed => RunOutcome::Failed,
        };
        let kept = serde_json::to_value(run)
            .map_err(|error| AppError::new(Code::Internal).details(error))?;
        Ok(self
            .store
            .end_run(run.id.into(), outcome, &kept, self.clock.now())?)
    }

    /// Runs of a store that ended, newest first. One that was killed has no end of its own; it
    /// is shown as stopped, and the next fetch goes on where it was.
    pub(crate) fn ended_runs(&self, store: &Slug) -> Result<Vec<RunView>> {
        let saved = self.store.runs(Some(store), RUNS_MAX)?;
        Ok(saved.into_iter().map(shown_run).collect())
    }
}

/// A run as it ended. One that was killed has no end of its own.
pub(crate) fn shown_run(mut run: Run) -> RunView {
    // Runs that were saved before steps had these.
    for step in run
        .counts
        .get_mut("steps")
        .and_then(|steps| steps.as_array_mut())
        .into_iter()
        .flatten()
    {
        if let Some(step) = step.as_object_mut() {
            step.entry("rate").or_insert(0.into());
            step.entry("paused").or_insert(false.into());
        }
    }
    let kind = match run.kind.as_str() {
        "match" => RunKind::Match,
        "import" => RunKind::Import,
        "customers" => RunKind::Customers,
        _ => RunKind::Fetch,
    };
    let store = run.connection.as_ref().map_or("", Slug::as_str);
    serde_json::from_value(run.counts).unwrap_or_else(|_| RunView {
        state: RunState::Cancelled,
        ..new_run(
            narrow(run.id.unsigned_abs()),
            kind,
            store,
            &[],
            run.started_at,
        )
    })
}
