//! Orders: which wait, which are held back, and why.

use tandem_app::view::{
    BlockerKind, BlockerView, LedgerLineKind, OrderDetail, OrderRow, OrderState, OrdersQuery,
};
use tandem_app::{App, AppError};

use super::Done;
use crate::args::OrdersWord;
use crate::exit::Exit;
use crate::output::{Ink, Out};

pub(super) async fn orders(
    app: &App,
    store: &str,
    (what, key, find, limit): (OrdersWord, Option<&str>, &str, u32),
    out: &Out,
) -> Done {
    match (what, key) {
        (OrdersWord::Show, Some(key)) => show(app, store, key, out).await,
        (OrdersWord::Show, None) => Err(AppError::bad_input("key", "")),
        (OrdersWord::List, _) => list(app, store, find, limit, out).await,
    }
}

async fn list(app: &App, store: &str, find: &str, limit: u32, out: &Out) -> Done {
    let query = OrdersQuery {
        text: find.to_owned(),
        limit,
        ..OrdersQuery::default()
    };
    let page = app.orders_page(store, query).await?;
    out.document(&page);
    for row in &page.rows {
        print_row(row, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(if page.counts.blocked == 0 {
        Exit::Done
    } else {
        Exit::Blocked
    })
}

async fn show(app: &App, store: &str, key: &str, out: &Out) -> Done {
    let order = app.order_detail(store, key).await?;
    out.document(&order);
    print_row(&order.row, out);
    for blocker in &order.blockers {
        print_blocker(blocker, out);
    }
    print_ledger(&order, out);
    Ok(if order.blockers.is_empty() {
        Exit::Done
    } else {
        Exit::Blocked
    })
}

pub(super) fn print_row(row: &OrderRow, out: &Out) {
    let (key, ink) = match row.state {
        OrderState::Waiting => ("waiting", Ink::Good),
        OrderState::Blocked => ("blocked", Ink::Bad),
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
    let key = match blocker.kind {
        BlockerKind::UnlinkedLine => "unlinked_line",
        BlockerKind::DeletedProduct => "deleted_product",
        BlockerKind::NoLines => "no_lines",
        BlockerKind::TotalDoesNotAddUp => "total_does_not_add_up",
        BlockerKind::CurrencyNotInOdoo => "currency_not_in_odoo",
    };
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

fn print_ledger(order: &OrderDetail, out: &Out) {
    for line in &order.ledger {
        let mark = if line.blocked {
            out.ink(Ink::Bad, "✗")
        } else {
            " ".to_owned()
        };
        let times = match line.kind {
            LedgerLineKind::Goods => format!("{} ×", line.quantity),
            LedgerLineKind::Shipping | LedgerLineKind::Fee | LedgerLineKind::Tax => String::new(),
        };
        out.line(&format!(
            "  {mark} {times:>6} {:44} {:>14}",
            line.name, line.total
        ));
    }
    out.line(&format!(
        "           {:44} {:>14}",
        out.words.plain("cli.total"),
        order.row.total
    ));
}
