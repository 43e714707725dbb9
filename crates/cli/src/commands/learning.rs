//! What the matching learned, proposals that look alike, and matching two files.

use tandem_app::view::{
    BulkDone, LearnedView, Measured, OrdersQuery, PatternView, ReviewQuery, Tab, Tier, WordAction,
    WordInput,
};
use tandem_app::{App, AppError, MatchFiles};

use super::links::{evidence_word, print_pair};
use super::{Done, count};
use crate::args::{PatternsArgs, PatternsWord, WordWord};
use crate::exit::Exit;
use crate::output::{Ink, Out};

/// Rows of a sample.
const SAMPLE_ROWS: u32 = 10;
/// Learned words that are printed for people; JSON has all.
const WORDS_SHOWN: usize = 40;

pub(super) fn match_files(wanted: MatchFiles<'_>, out: &Out) -> Done {
    let done = tandem_app::match_files(wanted)?;
    out.document(&done);
    let sides = [
        ("cli.files.listings", done.listings),
        ("cli.files.variants", done.variants),
        ("cli.files.linked", done.linked),
        ("cli.files.proposed", done.proposed),
        ("cli.files.unmatched", done.unmatched),
        ("cli.files.proven", done.proven),
        ("cli.files.words", done.words),
    ];
    for (key, count) in sides {
        out.line(&out.counted(key, count));
    }
    let file = wanted.out.display().to_string();
    out.say("cli.files.written", &[("file", &file)]);
    Ok(Exit::Done)
}

pub(super) async fn learned(
    app: &App,
    store: &str,
    change: Option<(WordWord, &str, &str)>,
    out: &Out,
) -> Done {
    let view = match change {
        None => app.learned(store).await?,
        Some((word, of_store, of_odoo)) => {
            let action = match word {
                WordWord::TakeBack => WordAction::TakeBack,
                WordWord::Restore => WordAction::Restore,
                WordWord::Add => WordAction::Add,
                WordWord::Remove => WordAction::Remove,
            };
            let word = WordInput {
                action,
                store: of_store.to_owned(),
                odoo: of_odoo.to_owned(),
            };
            app.change_word(store, word).await?
        }
    };
    out.document(&view);
    print_learned(&view, out);
    Ok(Exit::Done)
}

fn print_learned(view: &LearnedView, out: &Out) {
    if view.learned_at.is_none() {
        out.say("cli.learned.nothing", &[]);
    } else {
        let (listings, variants) = (view.listings.to_string(), view.variants.to_string());
        let (proven, decisions) = (view.proven.to_string(), view.decisions.to_string());
        let from = [
            ("listings", listings.as_str()),
            ("variants", variants.as_str()),
            ("proven", proven.as_str()),
            ("decisions", decisions.as_str()),
        ];
        out.say("cli.learned.from", &from);
        out.heading("cli.learned.tiers");
    }
    for tier in &view.tiers {
        let state = if tier.paused { "paused" } else { "linking" };
        let state = out.words.plain(&format!("cli.learned.{state}"));
        let ink = if tier.paused { Ink::Bad } else { Ink::Good };
        let name = out.words.plain(&format!("tier.{}", tier_key(tier.tier)));
        let share = share(Some(tier.measured), out);
        out.line(&format!("  {name:32} {:12} {share}", out.ink(ink, &state)));
    }
    if !view.words.is_empty() {
        out.heading("cli.learned.words");
    }
    for word in view.words.iter().take(WORDS_SHOWN) {
        let back = if word.taken_back {
            out.words.plain("cli.learned.taken_back")
        } else {
            format!("{}/{}", word.seen, word.of)
        };
        out.line(&format!(
            "  {} = {}  {}",
            word.store,
            word.odoo,
            out.ink(Ink::Faint, &back)
        ));
    }
    let more = view.words.len().saturating_sub(WORDS_SHOWN);
    if more > 0 {
        out.line(&out.counted("cli.learned.more", count(more)));
    }
    if !view.own.is_empty() {
        out.heading("cli.learned.own");
    }
    for word in &view.own {
        out.line(&format!("  {} = {}", word.store, word.odoo));
    }
    if view.outdated {
        out.say("cli.learned.outdated", &[]);
    }
}

/// "at least 99.93 % right here (2 of 310 wrong)", or that nobody looked yet.
fn share(measured: Option<Measured>, out: &Out) -> String {
    let Some(Measured {
        share_bp,
        checked,
        wrong,
    }) = measured
    else {
        return out.words.plain("cli.share.unknown");
    };
    let share = format!("{}.{:02}", share_bp / 100, share_bp % 100);
    let (checked, wrong) = (checked.to_string(), wrong.to_string());
    let values = [
        ("share", share.as_str()),
        ("checked", checked.as_str()),
        ("wrong", wrong.as_str()),
    ];
    out.sentence("cli.share", &values)
}

fn tier_key(tier: Tier) -> &'static str {
    match tier {
        Tier::KeysAgree => "keys_agree",
        Tier::Gtin => "gtin",
        Tier::Sku => "sku",
        Tier::PartialSku => "partial_sku",
        Tier::Name => "name",
    }
}

pub(super) async fn patterns(app: &App, asked: &PatternsArgs, out: &Out) -> Done {
    let store = &asked.store;
    match (asked.what, asked.pattern.as_deref(), asked.seen.as_deref()) {
        (PatternsWord::List, ..) => list(app, store, out).await,
        (_, None, _) => Err(AppError::bad_input("pattern", "")),
        (PatternsWord::Accept, Some(pattern), Some(seen)) => {
            accept(app, store, (pattern, seen), out).await
        }
        (PatternsWord::Sample | PatternsWord::Accept, Some(pattern), _) => {
            sample(app, store, pattern, out).await
        }
    }
}

async fn list(app: &App, store: &str, out: &Out) -> Done {
    let patterns = app.patterns(store).await?;
    out.document(&patterns);
    if patterns.is_empty() {
        out.say("cli.patterns.none", &[]);
    }
    for pattern in &patterns {
        print_pattern(pattern, out);
    }
    Ok(Exit::Done)
}

fn print_pattern(pattern: &PatternView, out: &Out) {
    let evidence: Vec<_> = pattern
        .evidence
        .iter()
        .map(|tag| evidence_word(*tag, &tandem_app::view::Params::new(), out))
        .collect();
    out.line(&format!("{:24} {}", pattern.id, evidence.join(", ")));
    let mut what = vec![out.counted("cli.rows", pattern.rows)];
    if pattern.guarded > 0 {
        what.push(out.counted("cli.patterns.guarded", pattern.guarded));
    }
    what.push(share(pattern.measured, out));
    if !pattern.acceptable {
        what.push(out.words.plain("cli.patterns.one_by_one"));
    }
    out.line(&format!("  {}", out.ink(Ink::Faint, &what.join("; "))));
}

async fn sample(app: &App, store: &str, pattern: &str, out: &Out) -> Done {
    let sample = app.pattern_sample(store, pattern, SAMPLE_ROWS).await?;
    out.document(&sample);
    for row in &sample.rows {
        print_pair(row, out);
    }
    out.line(&out.counted("cli.patterns.would", sample.total));
    if sample.total > 0 {
        out.say("cli.patterns.seen", &[("set", &sample.set)]);
    }
    Ok(Exit::Done)
}

/// Accepts what the sample with this set showed; nothing when the pairs are others by now.
async fn accept(app: &App, store: &str, (pattern, seen): (&str, &str), out: &Out) -> Done {
    let query = ReviewQuery {
        tab: Tab::ToReview,
        pattern: Some(pattern.to_owned()),
        ..ReviewQuery::default()
    };
    let held = held_back(app, store).await?;
    let done = app.accept_all(store, query, Some(seen.to_owned())).await?;
    app.settled().await;
    out.document(&done);
    print_bulk(&done, out);
    let cleared = held.saturating_sub(held_back(app, store).await?);
    if cleared > 0 {
        out.line(&out.counted("cli.decided", cleared));
    }
    Ok(Exit::Done)
}

async fn held_back(app: &App, store: &str) -> Result<u32, AppError> {
    let orders = app.orders_page(store, OrdersQuery::default()).await?;
    Ok(orders.counts.blocked)
}

fn print_bulk(done: &BulkDone, out: &Out) {
    out.line(&out.counted("cli.patterns.accepted", done.accepted));
    for (key, count) in [
        ("cli.patterns.guarded", done.guarded),
        ("cli.patterns.taken", done.taken),
        ("cli.patterns.unclear", done.unclear),
    ] {
        if count > 0 {
            out.line(&format!("  {}", out.counted(key, count)));
        }
    }
}
