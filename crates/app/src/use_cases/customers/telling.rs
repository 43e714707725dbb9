//! Telling a store about its customers: one after another, with progress and cancel.

use std::collections::HashSet;
use std::sync::Arc;

use tandem_contract::{Cause, Customers};
use tandem_domain::CustomerKey;
use tandem_store::LinkedCustomer;
use tandem_sync::Progress;
use tandem_sync::import::{CustomerItem, CustomerSaid, Importer, StoppedBy};
use tokio_util::sync::CancellationToken;

use super::{AT_ONCE, Known, customers_of, shown};
use crate::blocking::blocking;
use crate::error::{AppError, Code};
use crate::runs::{Tracker, new_run};
use crate::use_cases::imports::{Sides, is_fatal, jitter, told_by};
use crate::view::{CustomersTold, LogLevel, RunKind, RunStepName, RunView, Stale, count};
use crate::{App, Result};

impl App {
    /// Tells a store what its plan says: all that is planned, or the items that somebody chose.
    /// An item of which either side has moved since is left alone.
    pub async fn tell_customers(
        &self,
        store: &str,
        chosen: Option<Vec<String>>,
    ) -> Result<CustomersTold> {
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let sides = self.sides(store).await?;
        let known = self.known_customers(&sides).await?;
        let app = self.clone();
        let chosen = chosen.map(HashSet::from_iter);
        let work = blocking(move || Work::enter(app, sides, known, chosen)).await?;
        // The run goes on where nobody waits for it any more.
        let ended = tokio::spawn(work.run()).await;
        ended.map_err(|crash| AppError::new(Code::Internal).details(crash))
    }
}

/// A telling that is entered and may begin.
struct Work {
    app: App,
    sides: Sides,
    known: Known,
    /// Ids; all that is planned where there are none.
    chosen: Option<HashSet<String>>,
    run: RunView,
    tracker: Tracker,
    cancel: CancellationToken,
    done: u64,
    written: u64,
    failed: u64,
    told: CustomersTold,
}

impl Work {
    fn enter(
        app: App,
        sides: Sides,
        mut known: Known,
        chosen: Option<HashSet<String>>,
    ) -> Result<Self> {
        let inner = &app.inner;
        inner.refuse_another_shop(&sides.slug)?;
        inner.runs.refuse_busy(&[&sides.slug, &sides.odoo])?;
        if let Some(chosen) = &chosen {
            let whose = chosen.iter().filter_map(|id| CustomerItem::key_in(id));
            let whose: HashSet<CustomerKey> = whose.collect();
            known.links.retain(|link| whose.contains(&link.key));
        }
        let now = inner.clock.now();
        let id = inner.begin_run(&sides.slug, RunKind::Customers, now)?;
        let steps = [RunStepName::Customers];
        let run = new_run(id, RunKind::Customers, sides.slug.as_str(), &steps, now);
        let connections = [&sides.slug, &sides.odoo];
        let cancel = inner.runs.enter(run.clone(), connections, now)?;
        let tracker = Tracker::new(Arc::clone(inner), id);
        Ok(Self {
            told: CustomersTold {
                run: run.clone(),
                items: Vec::new(),
                moved: 0,
            },
            app,
            sides,
            known,
            chosen,
            run,
            tracker,
            cancel,
            done: 0,
            written: 0,
            failed: 0,
        })
    }

    async fn run(mut self) -> CustomersTold {
        self.tracker.begin(RunStepName::Customers);
        let outcome = self.all().await;
        self.tracker.end(RunStepName::Customers, outcome.is_ok());
        if let Err(error) = &outcome {
            self.log(error, None);
        }
        let ended = self.tracker.finish(outcome.err());
        let ended = ended.unwrap_or_else(|| self.run.clone());
        let (inner, kept) = (Arc::clone(&self.app.inner), ended.clone());
        if let Err(error) = blocking(move || inner.end_run(&kept)).await {
            let code = error.code.as_str();
            tracing::error!(code, "the end of a run could not be saved");
        }
        self.app.inner.stale(&[Stale::Orders, Stale::Runs]);
        CustomersTold {
            run: ended,
            ..self.told
        }
    }

    async fn all(&mut self) -> Result<()> {
        let mut grounds = self.known.grounds();
        let links = self.known.links.clone();
        self.report();
        for some in links.chunks(AT_ONCE) {
            let said = self.known.hold(&self.sides, &mut grounds, some).await?;
            for (link, said) in some.iter().zip(said) {
                if self.cancel.is_cancelled() {
                    return Err(AppError::new(Code::Cancelled));
                }
                self.one(link, said).await?;
                self.done += 1;
                self.report();
            }
        }
        let moved = self.chosen.as_ref().map_or(0, HashSet::len);
        self.told.moved = count(moved);
        Ok(())
    }

    /// Tells what was chosen of one customer. What fails for all of them ends the run.
    async fn one(&mut self, link: &LinkedCustomer, said: CustomerSaid) -> Result<()> {
        let chosen = &mut self.chosen;
        let is_chosen = |item: &CustomerItem| match chosen {
            Some(chosen) => chosen.remove(&item.id()) && item.is_tellable(),
            None => item.goes_by_itself(),
        };
        let items: Vec<CustomerItem> = said.items.into_iter().filter(is_chosen).collect();
        if items.is_empty() {
            if said.is_news {
                let inner = Arc::clone(&self.app.inner);
                let (slug, now) = (self.sides.slug.clone(), inner.clock.now());
                let agreed = said.agreed;
                blocking(move || Ok(inner.store.save_agreed_customer(&slug, &agreed, now)?))
                    .await?;
            }
            return Ok(());
        }
        let customers: &dyn Customers = customers_of(&self.sides)?;
        let importer = self.importer(link)?;
        let outcome = importer.tell_customer(customers, &items, said.agreed).await;
        let failed = outcome.as_ref().err().map(told_customer);
        let views = items.iter();
        let views = views.map(|item| shown::done(link, item, failed.as_ref()));
        self.told.items.extend(views);
        match (outcome, failed) {
            (Err(by), Some(error)) if ends_all(&by) => Err(error),
            (_, Some(error)) => {
                self.failed += 1;
                self.log(&error, Some(link));
                Ok(())
            }
            (_, None) => {
                self.written += 1;
                Ok(())
            }
        }
    }

    fn importer(&self, link: &LinkedCustomer) -> Result<Importer<'_>> {
        let inner = &self.app.inner;
        Ok(Importer {
            store: Arc::clone(&inner.store),
            slug: self.sides.slug.clone(),
            sales: self.sides.sales()?,
            stamps: None,
            clock: Arc::clone(&inner.clock),
            jitter: &jitter,
            database: self.known.database.clone(),
            run: Some(i64::from(self.run.id)),
            order: link.order.clone(),
            gathered: Arc::default(),
            cancel: self.cancel.clone(),
        })
    }

    fn log(&self, error: &AppError, of: Option<&LinkedCustomer>) {
        if error.code == Code::Cancelled {
            return;
        }
        let mut params = error.params.clone();
        if let Some(link) = of {
            params.insert("number".to_owned(), link.number.clone());
        }
        self.tracker
            .log(LogLevel::Error, error.code.as_str(), params);
    }

    fn report(&self) {
        let progress = Progress {
            done: self.done,
            total: Some(self.known.links.len() as u64),
            changed: self.written,
            problems: self.failed,
            ..Progress::default()
        };
        self.tracker.progress(RunStepName::Customers, progress);
    }
}

/// What stopped a customer, for doors.
fn told_customer(by: &StoppedBy) -> AppError {
    match by {
        StoppedBy::NoEffect(_) => AppError::new(Code::CustomerNotKept),
        by => told_by(by),
    }
}

/// Whether what stopped this customer would stop every other one too. A user without the right
/// may still write the others: a shop manager may not write customers of every role.
fn ends_all(by: &StoppedBy) -> bool {
    let never_writes = matches!(
        by,
        StoppedBy::Server(error) if matches!(error.cause, Cause::KeyMayNotWrite | Cause::Firewall)
    );
    never_writes || is_fatal(by)
}
