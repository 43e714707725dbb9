//! The sandbox: the whole job in the terminal, or stand-ins to try commands against.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde::Serialize;
use tandem_app::view::{
    CheckView, OrderState, OrdersPage, OrdersQuery, ReviewCounts, ReviewQuery, RunView, Side,
    VaultState,
};
use tandem_app::{App, AppError, Code, Outside, Profile, Sandbox, SandboxPlan, memory_vault};

use super::connections::print_check;
use super::{Done, links, orders, runs};
use crate::config::{Environment, desktop_program};
use crate::exit::Exit;
use crate::output::{Out, always};

/// How many examples of each kind are printed.
const EXAMPLES: u32 = 5;

/// Everything that the demonstration showed, for `--json`.
#[derive(Debug, Serialize)]
struct Shown {
    connections: BTreeMap<String, CheckView>,
    fetch: RunView,
    mapping: ReviewCounts,
    orders: OrdersPage,
}

/// Starts the window beside this program, or says why not.
pub(super) fn open_window(args: &[&str], environment: &Environment, out: &Out) -> Done {
    match desktop_program() {
        Some(program) if environment.display => {
            let started = Command::new(program).args(args).spawn();
            started.map_err(|error| AppError::new(Code::Internal).details(error))?;
            Ok(Exit::Done)
        }
        _ => {
            out.say("cli.no_window", &[]);
            Ok(Exit::Usage)
        }
    }
}

/// Stand-ins up → connections tested → both sides fetched → matched → orders judged, printed.
pub(super) async fn text(out: &mut Out) -> Done {
    let outside = Outside::real(memory_vault(), VaultState::Memory)?;
    let sandbox = Sandbox::start(&SandboxPlan::default(), Arc::clone(&outside.clock)).await?;
    let app = App::open(
        Profile {
            folder: None,
            sandbox: true,
        },
        outside,
    )?;
    out.say("cli.demo.title", &[("version", &app.info().version)]);

    out.heading("cli.demo.connections");
    app.join_sandbox(&sandbox).await?;
    let mut checks = BTreeMap::new();
    let mut store = String::new();
    for connection in app.connections().await? {
        if connection.side == Side::Store {
            store.clone_from(&connection.slug);
        }
        if let Some(check) = connection.check {
            print_check(&connection.name, &check, out);
            checks.insert(connection.slug, check);
        }
    }

    out.heading("cli.demo.fetch");
    let run = runs::fetch_with_bars(&app, &store, true, out).await?;
    runs::print_run(&run, out);
    if let Some(error) = run.error {
        return Err(error);
    }
    let mapping = print_mapping(&app, &store, out).await?;
    let orders = print_orders(&app, &store, out).await?;
    out.document(&Shown {
        connections: checks,
        fetch: run,
        mapping,
        orders,
    });
    out.line("");
    out.say("cli.demo.next", &[]);
    drop(sandbox);
    Ok(Exit::Done)
}

async fn print_mapping(app: &App, store: &str, out: &Out) -> Result<ReviewCounts, AppError> {
    out.heading("cli.demo.mapping");
    let counts = app.review_counts(store, ReviewQuery::default()).await?;
    out.line(&format!(
        "  {}",
        out.counted("cli.linked", counts.tabs.mapped)
    ));
    out.line(&format!(
        "  {}",
        out.counted("cli.to_review", counts.tabs.to_review)
    ));
    out.line(&format!(
        "  {}",
        out.counted("cli.unmatched", counts.tabs.unmatched)
    ));
    out.line(&format!(
        "  {}",
        out.counted("cli.conflicts", counts.tabs.conflicts)
    ));
    out.line(&format!(
        "  {}",
        out.counted("cli.only_in_odoo", counts.only_in_odoo)
    ));
    out.line("");
    let query = ReviewQuery {
        limit: EXAMPLES,
        ..ReviewQuery::default()
    };
    for row in &app.review_page(store, query).await?.rows {
        links::print_pair(row, out);
    }
    Ok(counts)
}

async fn print_orders(app: &App, store: &str, out: &Out) -> Result<OrdersPage, AppError> {
    out.heading("cli.demo.orders");
    let all = app.orders_page(store, OrdersQuery::default()).await?;
    out.line(&format!(
        "  {}",
        out.counted("cli.orders_waiting", all.counts.waiting)
    ));
    out.line(&format!(
        "  {}",
        out.counted("cli.orders_blocked", all.counts.blocked)
    ));
    for state in [OrderState::Blocked, OrderState::Waiting] {
        out.line("");
        let limit = if state == OrderState::Blocked {
            50
        } else {
            EXAMPLES
        };
        let query = OrdersQuery {
            states: vec![state],
            limit,
            ..OrdersQuery::default()
        };
        for row in &app.orders_page(store, query).await?.rows {
            orders::print_row(row, out);
            if state == OrderState::Blocked {
                for blocker in &app.order_detail(store, &row.key).await?.blockers {
                    orders::print_blocker(blocker, out);
                }
            }
        }
    }
    Ok(all)
}

/// Serves the stand-ins until Ctrl-C; prints how to connect to them as JSON.
pub(super) async fn sandbox(
    seed: Option<u64>,
    (listings, orders): (Option<usize>, Option<usize>),
    faults: Option<&Path>,
) -> Done {
    let plan = SandboxPlan {
        seed,
        listings,
        orders,
        faults: read_faults(faults)?,
    };
    let sandbox = Sandbox::start(&plan, tandem_app::system_clock()).await?;
    let accounts = serde_json::to_string_pretty(&sandbox.accounts())
        .map_err(|error| AppError::new(Code::Internal).details(error))?;
    always(&accounts);
    let stopped = tokio::signal::ctrl_c().await;
    stopped.map_err(|error| AppError::new(Code::Internal).details(error))?;
    Ok(Exit::Done)
}

fn read_faults(
    file: Option<&Path>,
) -> Result<BTreeMap<String, Vec<tandem_app::FaultRule>>, AppError> {
    let Some(file) = file else {
        return Ok(BTreeMap::new());
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| AppError::bad_input("faults", file.display()).details(error))?;
    serde_json::from_str(&text)
        .map_err(|error| AppError::bad_input("faults", file.display()).details(error))
}
