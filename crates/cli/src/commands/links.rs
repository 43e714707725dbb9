//! The mapping: its lists, and the manager's decisions.

use std::path::Path;

use tandem_app::view::{
    BadLineTag, BulkInput, DecideAction, DecisionInput, EvidenceTag, PairRow, ReviewQuery, Tab,
};
use tandem_app::{App, AppError, Code, import_file};

use super::Done;
use crate::args::{AllWord, DecideWord, LinksArgs, LinksState};
use crate::exit::Exit;
use crate::output::{Ink, Out};

/// Lists, decides about all of a list, writes a file or reads one.
pub(super) async fn links(app: &App, wanted: &LinksArgs, out: &Out) -> Done {
    let store = &wanted.store;
    let query = ReviewQuery {
        tab: match wanted.state.unwrap_or(LinksState::Review) {
            LinksState::Review => Tab::ToReview,
            LinksState::Mapped => Tab::Mapped,
            LinksState::Unmatched => Tab::Unmatched,
            LinksState::Conflicts => Tab::Conflicts,
        },
        store_text: wanted.find.clone(),
        limit: wanted.limit,
        ..ReviewQuery::default()
    };
    if let Some(file) = &wanted.import {
        return import(app, store, (file, wanted.expect), out).await;
    }
    if let Some(file) = &wanted.export {
        let narrowed = wanted.state.is_some() || !wanted.find.trim().is_empty();
        let done = app
            .export_links(store, narrowed.then_some(query), file)
            .await?;
        out.document(&done);
        out.line(&out.counted("cli.exported", done.rows));
        out.line(&done.path);
        return Ok(Exit::Done);
    }
    if let Some(what) = wanted.all {
        let input = BulkInput {
            query,
            listings: None,
            action: action_of(what),
        };
        return all(app, store, (input, wanted.expect), out).await;
    }
    let page = app.review_page(store, query).await?;
    out.document(&page);
    for row in &page.rows {
        print_pair(row, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(Exit::Done)
}

fn action_of(what: AllWord) -> DecideAction {
    match what {
        AllWord::Accept => DecideAction::Accept,
        AllWord::Reject => DecideAction::Reject,
        AllWord::Ignore => DecideAction::Ignore,
    }
}

async fn all(app: &App, store: &str, (input, expect): (BulkInput, Option<u32>), out: &Out) -> Done {
    let preview = app.bulk_preview(store, input.clone()).await?;
    let Some(expected) = expect else {
        out.document(&preview);
        out.line(&out.counted("cli.bulk.would", preview.decided));
        for (key, count) in [
            ("pattern.left_out.guarded", preview.guarded),
            ("pattern.left_out.taken", preview.taken),
            ("pattern.left_out.unclear", preview.unclear),
        ] {
            if count > 0 {
                out.line(&format!("  {}", out.counted(key, count)));
            }
        }
        return Ok(Exit::Done);
    };
    refuse_other_than(expected, preview.decided)?;
    let done = app.bulk_decide(store, input, &preview.set).await?;
    app.settled().await;
    out.document(&done);
    out.line(&out.counted("cli.bulk.done", done.decided));
    Ok(Exit::Done)
}

/// A list that moved since it was looked at is not decided about.
fn refuse_other_than(expected: u32, found: u32) -> Result<(), AppError> {
    if expected == found {
        return Ok(());
    }
    Err(AppError::new(Code::SetChanged).with("count", found))
}

async fn import(app: &App, store: &str, (file, expect): (&Path, Option<u32>), out: &Out) -> Done {
    let input = import_file(file)?;
    let preview = app.preview_import(store, input.clone()).await?;
    let decided = preview.accepted + preview.rejected + preview.ignored;
    let Some(expected) = expect.filter(|_| preview.bad_total == 0) else {
        out.document(&preview);
        for bad in &preview.bad {
            let what = out.words.plain(bad_key(bad.what));
            out.say(
                "cli.import.bad_line",
                &[
                    ("line", &bad.line.to_string()),
                    ("what", &what),
                    ("value", &bad.value),
                ],
            );
        }
        out.line(&out.counted("cli.bulk.would", decided));
        if preview.bad_total == 0 {
            return Ok(Exit::Done);
        }
        out.line(&out.counted("cli.import.bad", preview.bad_total));
        return Ok(Exit::Blocked);
    };
    refuse_other_than(expected, decided)?;
    let done = app.import_links(store, input, &preview.set).await?;
    app.settled().await;
    out.document(&done);
    out.line(&out.counted("cli.bulk.done", done.decided));
    Ok(Exit::Done)
}

fn bad_key(what: BadLineTag) -> &'static str {
    match what {
        BadLineTag::NoListing => "import.bad.no_listing",
        BadLineTag::ListingUnknown => "import.bad.listing_unknown",
        BadLineTag::ListingSeveral => "import.bad.listing_several",
        BadLineTag::ListingParent => "import.bad.listing_parent",
        BadLineTag::DecisionUnknown => "import.bad.decision_unknown",
        BadLineTag::NoVariant => "import.bad.no_variant",
        BadLineTag::VariantUnknown => "import.bad.variant_unknown",
        BadLineTag::VariantSeveral => "import.bad.variant_several",
        BadLineTag::Contradicts => "import.bad.contradicts",
    }
}

/// Two lines: what is paired, and why.
pub(super) fn print_pair(row: &PairRow, out: &Out) {
    let listing = &row.listing;
    let store = format!(
        "{} [{}] {}",
        listing.name,
        text(listing.sku.as_ref()),
        listing.variation
    );
    out.line(&format!("  {:>10}  {}", listing.key, store.trim_end()));
    let Some(variant) = &row.variant else {
        let none = out.words.plain("cli.no_candidate");
        out.line(&format!("              {}", out.ink(Ink::Faint, &none)));
        return;
    };
    let odoo = format!(
        "{} [{}] {}",
        variant.name,
        text(variant.sku.as_ref()),
        variant.variation
    );
    let why: Vec<_> = row
        .evidence
        .iter()
        .map(|seen| evidence_word(seen.tag, &seen.params, out))
        .collect();
    let arrow = if row.linked { "=" } else { "≈" };
    out.line(&format!(
        "           {arrow}  {} ({})",
        odoo.trim_end(),
        variant.key
    ));
    out.line(&format!(
        "              {}",
        out.ink(Ink::Faint, &why.join(", "))
    ));
}

pub(super) fn evidence_word(
    tag: EvidenceTag,
    params: &tandem_app::view::Params,
    out: &Out,
) -> String {
    let key = match tag {
        EvidenceTag::SameGtin => "same_gtin",
        EvidenceTag::GtinDiffers => "gtin_differs",
        EvidenceTag::SameSku => "same_sku",
        EvidenceTag::SameCanonicalSku => "same_canonical_sku",
        EvidenceTag::SkuDiffers => "sku_differs",
        EvidenceTag::Name => "name",
        EvidenceTag::NameContradicts => "name_contradicts",
        EvidenceTag::PriceFactor => "price_factor",
    };
    out.words.say(&format!("evidence.{key}"), params)
}

fn text(of: Option<&String>) -> &str {
    of.map_or("-", String::as_str)
}

pub(super) async fn decide(
    app: &App,
    store: &str,
    (listing, action, variant): (&str, DecideWord, Option<i32>),
    out: &Out,
) -> Done {
    let action = match action {
        DecideWord::Undo => return undo(app, store, out).await,
        DecideWord::Accept => DecideAction::Accept,
        DecideWord::Reject => DecideAction::Reject,
        DecideWord::Ignore => DecideAction::Ignore,
    };
    let decision = DecisionInput {
        listing: listing.to_owned(),
        action,
        variant,
    };
    let done = app.decide(store, decision).await?;
    app.settled().await;
    out.document(&done);
    match done.orders_cleared {
        0 => out.say("cli.decided_only", &[]),
        cleared => out.line(&out.counted("cli.decided", cleared)),
    }
    Ok(Exit::Done)
}

async fn undo(app: &App, store: &str, out: &Out) -> Result<Exit, AppError> {
    let undone = app.undo(store).await?;
    app.settled().await;
    out.document(&undone);
    match &undone {
        Some(undone) => out.say("cli.undone", &[("name", &undone.name)]),
        None => out.say("cli.nothing_to_undo", &[]),
    }
    Ok(Exit::Done)
}
