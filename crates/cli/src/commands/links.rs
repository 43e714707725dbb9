//! The mapping: its lists, and the manager's decisions.

use tandem_app::view::{DecideAction, DecisionInput, EvidenceTag, PairRow, ReviewQuery, Tab};
use tandem_app::{App, AppError};

use super::Done;
use crate::args::{DecideWord, LinksState};
use crate::exit::Exit;
use crate::output::{Ink, Out};

pub(super) async fn list(
    app: &App,
    store: &str,
    (state, find, limit): (LinksState, &str, u32),
    out: &Out,
) -> Done {
    let query = ReviewQuery {
        tab: match state {
            LinksState::Review => Tab::ToReview,
            LinksState::Mapped => Tab::Mapped,
            LinksState::Unmatched => Tab::Unmatched,
            LinksState::Conflicts => Tab::Conflicts,
        },
        store_text: find.to_owned(),
        limit,
        ..ReviewQuery::default()
    };
    let page = app.review_page(store, query).await?;
    out.document(&page);
    for row in &page.rows {
        print_pair(row, out);
    }
    out.line(&out.counted("cli.rows", page.total));
    Ok(Exit::Done)
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
    out.document(&done);
    match done.orders_cleared {
        0 => out.say("cli.decided_only", &[]),
        cleared => out.line(&out.counted("cli.decided", cleared)),
    }
    Ok(Exit::Done)
}

async fn undo(app: &App, store: &str, out: &Out) -> Result<Exit, AppError> {
    let undone = app.undo(store).await?;
    out.document(&undone);
    match &undone {
        Some(undone) => out.say("cli.undone", &[("name", &undone.name)]),
        None => out.say("cli.nothing_to_undo", &[]),
    }
    Ok(Exit::Done)
}
