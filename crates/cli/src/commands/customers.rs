//! Customers, the way back: what a store would be told, telling it, and what it wants told.

use tandem_app::view::{CustomerItemView, CustomerStands, CustomerWays, RunState};
use tandem_app::{App, AppError};

use super::{Done, count, or_stopped, word};
use crate::exit::Exit;
use crate::output::{Ink, Out};
use crate::progress::Bars;
use crate::selling::{CustomersArgs, CustomersWord, SwitchWord};

pub(super) async fn customers(app: &App, asked: &CustomersArgs, out: &Out) -> Done {
    let store = &asked.store;
    match asked.what {
        CustomersWord::Plan => plan(app, store, out).await,
        CustomersWord::Apply => apply(app, store, &asked.ids, out).await,
        CustomersWord::Set => set(app, asked, out).await,
    }
}

async fn set(app: &App, asked: &CustomersArgs, out: &Out) -> Done {
    if asked.address.is_none() && asked.mark.is_none() {
        return Err(AppError::bad_input("address", ""));
    }
    let is_on = |wanted: Option<SwitchWord>, now| wanted.map_or(now, |on| on == SwitchWord::On);
    let now = app.customer_ways(&asked.store).await?;
    let ways = CustomerWays {
        address: is_on(asked.address, now.address),
        mark: is_on(asked.mark, now.mark),
    };
    app.save_customer_ways(&asked.store, ways).await?;
    out.document(&ways);
    print_ways(ways, out);
    Ok(Exit::Done)
}

fn print_ways(ways: CustomerWays, out: &Out) {
    for (key, on) in [("address", ways.address), ("mark", ways.mark)] {
        let state = out.words.plain(if on {
            "customers.way.on"
        } else {
            "customers.way.off"
        });
        let what = out.words.plain(&format!("customers.way.{key}"));
        out.line(&format!("  {state:5} {what}"));
    }
}

async fn plan(app: &App, store: &str, out: &Out) -> Done {
    let plan = app.customer_plan(store).await?;
    out.document(&plan);
    if !(plan.ways.address || plan.ways.mark) {
        print_ways(plan.ways, out);
        out.say("cli.customers.off", &[("store", store)]);
        return Ok(Exit::Done);
    }
    plan.items.iter().for_each(|item| print(item, out));
    let planned = plan.items.iter().filter(|item| is_planned(item)).count();
    out.line(&out.counted("customers.looked", plan.customers));
    out.line(&out.counted("customers.planned", count(planned)));
    Ok(Exit::with_nothing_left(planned == plan.items.len()))
}

/// Ctrl-C stops between two customers; the same command goes on there.
async fn apply(app: &App, store: &str, ids: &[String], out: &Out) -> Done {
    let chosen = (!ids.is_empty()).then(|| ids.to_vec());
    let told = {
        let _bars = Bars::follow(app, &out.words);
        or_stopped(app.tell_customers(store, chosen), || app.cancel_all()).await?
    };
    out.document(&told);
    told.items.iter().for_each(|item| print(item, out));
    let done = told.items.iter().filter(|item| is_told(item)).count();
    out.line(&out.counted("customers.told", count(done)));
    if told.moved > 0 {
        let moved = out.counted("customers.moved", told.moved);
        out.line(&out.ink(Ink::Bad, &moved));
    }
    if let Some(error) = &told.run.error
        && !out.is_json()
    {
        out.error(error);
    }
    Ok(match told.run.state {
        RunState::Done | RunState::Running => {
            Exit::with_nothing_left(done == told.items.len() && told.moved == 0)
        }
        RunState::Failed => Exit::Failed,
        RunState::Cancelled => Exit::Interrupted,
    })
}

fn is_planned(item: &CustomerItemView) -> bool {
    item.stands == CustomerStands::Planned
}

fn is_told(item: &CustomerItemView) -> bool {
    item.stands == CustomerStands::Told
}

fn print(item: &CustomerItemView, out: &Out) {
    let ink = match item.stands {
        CustomerStands::Planned => Ink::Bold,
        CustomerStands::Told => Ink::Good,
        _ => Ink::Bad,
    };
    let stands = format!("customers.stands.{}", word(&item.stands));
    let mut stands = out.words.plain(&stands);
    if let Some(error) = &item.error {
        let title = format!("error.{}.title", error.code.as_str());
        stands = out.words.say(&title, &error.params);
    }
    let part = out
        .words
        .plain(&format!("customers.part.{}", word(&item.part)));
    out.line(&format!(
        "  {:24} {:24} {part:22} {}",
        item.id,
        item.name,
        out.ink(ink, &stands)
    ));
    for change in &item.fields {
        let field = format!("customers.field.{}", word(&change.field));
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let (before, after) = (said(&change.before), said(&change.after));
        out.line(&format!(
            "  {:24} {}: {} → {after}",
            "",
            out.words.plain(&field),
            out.ink(Ink::Faint, &before),
        ));
    }
}
