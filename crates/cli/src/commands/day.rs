//! What needs a person today, what was done, where something is, what room pictures take, and
//! what support needs to know.

use tandem_app::view::{
    EntryKind, FindQuery, HistoryQuery, HistoryRow, Need, NeedKind, RunEnd, RunState, Tab,
    TodayQuery, TodayView,
};
use tandem_app::{App, AppError};

use super::Done;
use super::orders::print_row;
use super::runs::{print_run, state_key};
use crate::exit::Exit;
use crate::output::{Ink, Out};

pub(super) async fn today(app: &App, store: Option<&str>, out: &Out) -> Done {
    let query = TodayQuery {
        store: store.map(str::to_owned),
        ..TodayQuery::default()
    };
    let today = app.today(query).await?;
    out.document(&today);
    for need in &today.needs {
        print_need(need, out);
    }
    if today.needs.is_empty() {
        out.line(&out.words.plain("today.nothing"));
    }
    print_figures(&today, out);
    for problem in &today.not_read {
        out.error(&problem.error);
    }
    Ok(Exit::with_nothing_left(
        today.needs.is_empty() && today.not_read.is_empty(),
    ))
}

fn print_need(need: &Need, out: &Out) {
    let key = format!("today.need.{}", need_key(need.kind));
    let mut params = need.params.clone();
    params.insert("name".to_owned(), need.name.clone());
    let words = match need.kind {
        NeedKind::OrdersBlocked
        | NeedKind::Conflicts
        | NeedKind::PairsToReview
        | NeedKind::RecordsRefused => out.words.count(&key, need.count as usize, &params),
        NeedKind::ConnectionStopped
        | NeedKind::KeychainClosed
        | NeedKind::FetchFailed
        | NeedKind::ConnectionNotice
        | NeedKind::NeverFetched => out.words.say(&key, &params),
    };
    let worth: Vec<String> = need
        .held
        .iter()
        .map(|held| format!("{} {}", held.amount, held.currency))
        .collect();
    let mark = out.ink(Ink::Bad, "•");
    out.line(&format!(
        "  {mark} {:24} {words} {}",
        need.name,
        worth.join(", ")
    ));
    if let Some(error) = &need.error {
        let (what, _) = out.words.error(error);
        out.line(&out.ink(Ink::Faint, &format!("      {what}")));
    }
}

fn print_figures(today: &TodayView, out: &Out) {
    if let Some(orders) = &today.orders {
        out.line(&out.counted("cli.today.waiting", orders.waiting));
        out.line(&out.counted("cli.today.blocked", orders.blocked));
    }
    if let Some(mapping) = &today.mapping {
        let (mapped, all) = (mapping.mapped.to_string(), mapping.listings.to_string());
        out.say("cli.today.mapped", &[("mapped", &mapped), ("all", &all)]);
    }
    out.line(&out.counted("cli.today.errors", today.errors.count));
}

pub(super) async fn log(
    app: &App,
    (store, failed, find, limit): (Option<&str>, bool, &str, u32),
    out: &Out,
) -> Done {
    let query = HistoryQuery {
        store: store.map(str::to_owned),
        ended: failed.then_some(RunEnd::Failed),
        text: find.to_owned(),
        limit,
        ..HistoryQuery::default()
    };
    let page = app.history(query).await?;
    out.document(&page);
    for row in &page.rows {
        print_entry(row, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(Exit::Done)
}

fn print_entry(row: &HistoryRow, out: &Out) {
    let kind = match row.kind {
        EntryKind::Fetch => "fetch",
        EntryKind::Match => "match",
        EntryKind::Import => "import",
        EntryKind::Customers => "customers",
        EntryKind::Decisions => "decisions",
    };
    let kind = out.words.plain(&format!("history.kind.{kind}"));
    let number = row.run.map(|run| run.to_string()).unwrap_or_default();
    let told = match (row.kind, row.error) {
        (_, Some(code)) => out.ink(Ink::Bad, code.as_str()),
        (EntryKind::Decisions, None) => {
            format!(
                "+{} −{} ·{} ↶{}",
                row.accepted, row.rejected, row.ignored, row.undone
            )
        }
        (_, None) => {
            let state = out
                .words
                .plain(&format!("cli.run.{}", state_key(row.state)));
            format!("{state}  {}", row.read)
        }
    };
    out.line(&format!(
        "{number:>5}  {}  {:16} {kind:12} {told}",
        row.at, row.store
    ));
}

pub(super) async fn run(app: &App, id: u32, out: &Out) -> Done {
    let run = app.run(id).await?;
    out.document(&run);
    print_run(&run, out);
    for line in &run.log {
        let mut params = line.params.clone();
        if let Some(why) = params.get("why").map(|code| format!("error.{code}.title")) {
            params.insert("why".to_owned(), out.words.say(&why, &line.params));
        }
        let keys = [
            format!("log.{}", line.code),
            format!("error.{}.title", line.code),
        ];
        let key = keys.iter().find(|key| out.words.has(key));
        let words = key.map_or_else(|| line.code.clone(), |key| out.words.say(key, &params));
        out.line(&format!("  {}  {words}", line.at));
    }
    match run.error {
        Some(error) if run.state == RunState::Failed && !out.is_json() => out.error(&error),
        _ => {}
    }
    Ok(Exit::Done)
}

pub(super) async fn find(app: &App, store: &str, text: &str, out: &Out) -> Done {
    if text.trim().is_empty() {
        return Err(AppError::bad_input("text", text));
    }
    let query = FindQuery {
        store: Some(store.to_owned()),
        text: text.to_owned(),
        ..FindQuery::default()
    };
    let found = app.find(query).await?;
    out.document(&found);
    for listing in &found.products {
        let tab = match listing.tab {
            Some(Tab::ToReview) => "review.tab.to_review",
            Some(Tab::Mapped) => "review.tab.mapped",
            Some(Tab::Conflicts) => "review.tab.conflicts",
            Some(Tab::Unmatched) | None => "review.tab.unmatched",
        };
        let sku = listing.sku.as_deref().unwrap_or("-");
        let tab = out.ink(Ink::Faint, &out.words.plain(tab));
        out.line(&format!(
            "  {:>8}  {:44} {sku:24} {tab}",
            listing.key, listing.name
        ));
    }
    for order in &found.orders {
        print_row(order, out);
    }
    Ok(Exit::Done)
}

pub(super) async fn pictures(app: &App, clear: bool, out: &Out) -> Done {
    let kept = if clear {
        app.clear_pictures().await?
    } else {
        app.kept_pictures().await?
    };
    out.document(&kept);
    let params = [
        ("kilobytes", kept.kilobytes.to_string()),
        ("max", kept.kilobytes_max.to_string()),
    ];
    let params: Vec<(&str, &str)> = params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    out.line(&out.counted("cli.pictures", kept.files));
    out.say("cli.pictures.room", &params);
    Ok(Exit::Done)
}

pub(super) async fn support(app: &App, out: &Out) -> Done {
    let text = app.support_text().await?;
    out.document(&text);
    out.line(text.trim_end());
    Ok(Exit::Done)
}

fn need_key(kind: NeedKind) -> &'static str {
    match kind {
        NeedKind::ConnectionStopped => "connection_stopped",
        NeedKind::KeychainClosed => "keychain_closed",
        NeedKind::FetchFailed => "fetch_failed",
        NeedKind::OrdersBlocked => "orders_blocked",
        NeedKind::Conflicts => "conflicts",
        NeedKind::PairsToReview => "pairs_to_review",
        NeedKind::ConnectionNotice => "connection_notice",
        NeedKind::RecordsRefused => "records_refused",
        NeedKind::NeverFetched => "never_fetched",
    }
}
