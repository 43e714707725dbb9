//! Orders: which wait, which are held back, and why.

use tandem_app::view::{
    BlockerView, DocumentKind, DocumentWanted, LedgerLineKind, OrderDetail, OrderRow, OrderState,
    OrdersQuery,
};
use tandem_app::{App, AppError};

use super::{Done, imports, word};
use crate::args::{OrderStateWord, OrdersFilter, OrdersWord};
use crate::exit::Exit;
use crate::output::{Ink, Out};
use crate::selling::{PaperArgs, PaperWord};

/// What was asked about orders.
pub(super) struct Asked<'a> {
    pub(super) what: OrdersWord,
    pub(super) keys: &'a [String],
    pub(super) all: bool,
    pub(super) paper: &'a PaperArgs,
    pub(super) filter: &'a OrdersFilter,
}

pub(super) async fn orders(app: &App, store: &str, asked: Asked<'_>, out: &Out) -> Done {
    let missing = || AppError::bad_input("order", "").details("NUMBER …, or --all with import");
    // The second word of `apply` names a change.
    let named = match asked.what {
        OrdersWord::Apply => asked.keys.get(..1).unwrap_or_default(),
        _ => asked.keys,
    };
    let keys = app.order_keys(store, named.to_vec()).await?;
    let one = || keys.first().ok_or_else(missing);
    let several = || match (asked.all, keys.as_slice()) {
        (false, []) => Err(missing()),
        (true, _) => Ok(Vec::new()),
        (false, keys) => Ok(keys.to_vec()),
    };
    match asked.what {
        OrdersWord::List => list(app, store, asked.filter, out).await,
        OrdersWord::Show => show(app, store, one()?, out).await,
        OrdersWord::Raw => raw(app, store, (one()?, asked.filter.hide_personal), out).await,
        OrdersWord::Plan => imports::plan(app, store, keys, out).await,
        OrdersWord::Import => imports::import(app, store, several()?, out).await,
        OrdersWord::Journal => imports::journal(app, store, one()?, out).await,
        OrdersWord::Changes => imports::changes(app, store, one()?, out).await,
        OrdersWord::Document => document(app, store, (one()?, asked.paper), out).await,
        OrdersWord::Apply => {
            let id = asked.keys.get(1).ok_or_else(missing)?;
            imports::apply(app, store, (one()?, id), out).await
        }
    }
}

async fn list(app: &App, store: &str, filter: &OrdersFilter, out: &Out) -> Done {
    let query = OrdersQuery {
        states: filter.states.iter().copied().map(state_of).collect(),
        statuses: filter.statuses.clone(),
        text: filter.find.clone(),
        customer: filter.customer.clone(),
        placed_from: filter.from.clone(),
        placed_before: filter.before.clone(),
        total_min: filter.min.clone(),
        total_max: filter.max.clone(),
        limit: filter.limit,
        ..OrdersQuery::default()
    };
    let page = app.orders_page(store, query).await?;
    out.document(&page);
    for row in &page.rows {
        print_row(row, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(Exit::with_nothing_left(page.counts.blocked == 0))
}

fn state_of(word: OrderStateWord) -> OrderState {
    match word {
        OrderStateWord::Waiting => OrderState::Waiting,
        OrderStateWord::Blocked => OrderState::Blocked,
        OrderStateWord::Imported => OrderState::Imported,
        OrderStateWord::Differs => OrderState::Differs,
        OrderStateWord::Failed => OrderState::Failed,
        OrderStateWord::NotYet => OrderState::NotYet,
        OrderStateWord::Closed => OrderState::Closed,
    }
}

async fn document(app: &App, store: &str, (key, paper): (&str, &PaperArgs), out: &Out) -> Done {
    let file = paper.out.as_deref();
    let file = file.ok_or_else(|| AppError::bad_input("out", ""))?;
    let wanted = DocumentWanted {
        kind: match paper.kind {
            PaperWord::Order => DocumentKind::Order,
            PaperWord::Invoice => DocumentKind::Invoice,
            PaperWord::Delivery => DocumentKind::Delivery,
            PaperWord::CreditNote => DocumentKind::CreditNote,
        },
        id: None,
    };
    let saved = app
        .save_document(store, key, wanted, (file, paper.force))
        .await?;
    out.document(&saved);
    out.say("cli.saved", &[("file", &saved.path)]);
    Ok(Exit::Done)
}

async fn raw(app: &App, store: &str, (key, hide_personal): (&str, bool), out: &Out) -> Done {
    let raw = app.order_raw(store, key, hide_personal).await?;
    out.document(&raw);
    out.line(&raw.text);
    Ok(Exit::Done)
}

async fn show(app: &App, store: &str, key: &str, out: &Out) -> Done {
    let order = app.order_detail(store, key).await?;
    out.document(&order);
    print_row(&order.row, out);
    if let Some(import) = &order.import {
        let stage = word(&import.stage);
        let stage = out.words.plain(&format!("import.stage.{stage}"));
        let sale = import.sale.as_deref().unwrap_or_default();
        out.line(&format!("            {sale} {stage}"));
        if let Some(waits) = &import.waits {
            out.told(waits);
        }
    }
    for blocker in &order.blockers {
        print_blocker(blocker, out);
    }
    print_ledger(&order, out);
    Ok(Exit::with_nothing_left(order.blockers.is_empty()))
}

pub(super) fn print_row(row: &OrderRow, out: &Out) {
    let (key, ink) = match row.state {
        OrderState::Waiting => ("waiting", Ink::Good),
        OrderState::Blocked => ("blocked", Ink::Bad),
        OrderState::Imported => ("imported", Ink::Good),
        OrderState::Differs => ("differs", Ink::Bad),
        OrderState::Failed => ("failed", Ink::Bad),
        OrderState::NotYet => ("not_yet", Ink::Faint),
        OrderState::Closed => ("closed", Ink::Faint),
    };
    let state = out.words.plain(&format!("orders.state.{key}"));
    out.line(&format!(
        "  {:>8}  {:28} {:>12} {}  {}",
        row.number,
        row.customer,
        row.total,
        row.currency,
        out.ink(ink, &state)
    ));
}

pub(super) fn print_blocker(blocker: &BlockerView, out: &Out) {
    let key = word(&blocker.kind);
    let sentence = out
        .words
        .say(&format!("blocker.{key}.title"), &blocker.params);
    out.line(&format!(
        "            {} {sentence}",
        out.ink(Ink::Bad, "•")
    ));
    if let Some(candidate) = &blocker.candidate {
        let sku = candidate.sku.as_deref().unwrap_or("-");
        let best = out.sentence(
            "cli.best_candidate",
            &[("name", &candidate.name), ("sku", sku)],
        );
        out.line(&format!("              {}", out.ink(Ink::Faint, &best)));
    }
}

/// Lines and charges in the shop's own way of prices, then what makes the total of them.
fn print_ledger(order: &OrderDetail, out: &Out) {
    let row = |mark: &str, times: &str, name: &str, amount: &str| {
        out.line(&format!("  {mark} {times:>6} {name:44} {amount:>14}"));
    };
    for line in &order.ledger {
        let mark = if line.blocked {
            out.ink(Ink::Bad, "✗")
        } else {
            " ".to_owned()
        };
        let times = match line.kind {
            LedgerLineKind::Goods => format!("{} ×", line.quantity),
            LedgerLineKind::Shipping | LedgerLineKind::Fee => String::new(),
        };
        let amount = if order.prices_include_tax {
            &line.gross
        } else {
            &line.total
        };
        row(&mark, &times, &line.name, amount);
    }
    for tax in &order.taxes {
        let name = format!("{} {} %", tax.label, tax.percent);
        let key = if order.prices_include_tax {
            "cli.tax_inside"
        } else {
            "cli.tax_added"
        };
        let name = out.sentence(key, &[("tax", &name)]);
        row(" ", "", &name, &tax.amount);
    }
    if !is_nothing(&order.rounding) {
        row(" ", "", &out.words.plain("cli.rounding"), &order.rounding);
    }
    row(" ", "", &out.words.plain("cli.total"), &order.row.total);
    for refund in &order.refunds {
        row(" ", "", &out.words.plain("cli.refunded"), &refund.amount);
    }
}

fn is_nothing(amount: &str) -> bool {
    amount.chars().all(|c| matches!(c, '0' | '.' | '-'))
}
