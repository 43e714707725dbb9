//! What holds orders back, each reason once: how many orders wait for it, and what clears it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tandem_app::view::{BlockedOrder, BlockerKind, BlockerView};

use super::word;
use crate::output::{Ink, Out};

/// Numbers of orders that a reason names; the count says how many there are.
const NUMBERS_SHOWN: usize = 6;

/// Prints the reasons, the one that holds most orders first.
pub(super) fn print_held(store: &str, blocked: &[BlockedOrder], out: &Out) {
    let mut reasons: BTreeMap<String, (&BlockerView, Vec<&str>)> = BTreeMap::new();
    for order in blocked {
        for blocker in &order.blockers {
            let title = format!("blocker.{}.title", word(&blocker.kind));
            let sentence = out.words.say(&title, &blocker.params);
            let reason = reasons.entry(sentence);
            let (_, numbers) = reason.or_insert_with(|| (blocker, Vec::new()));
            numbers.push(&order.number);
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, (_, numbers))| Reverse(numbers.len()));
    for (sentence, (blocker, numbers)) in reasons {
        let mut named = numbers[..numbers.len().min(NUMBERS_SHOWN)].join(", ");
        if numbers.len() > NUMBERS_SHOWN {
            named.push_str(", …");
        }
        out.line(&format!(
            "  {:>5} {} {sentence}  {}",
            numbers.len(),
            out.ink(Ink::Bad, "•"),
            out.ink(Ink::Faint, &named)
        ));
        out.line(&format!(
            "          {}",
            out.ink(Ink::Faint, &what_clears(store, blocker, out))
        ));
    }
}

/// The command that clears a reason, or what a person has to do elsewhere.
pub(super) fn what_clears(store: &str, blocker: &BlockerView, out: &Out) -> String {
    let param = |name: &str| blocker.params.get(name).map_or("", String::as_str);
    let settle = |map: &str, key: &str, value: &str| {
        format!("tandem maps {store} set {map} '{key}' {value}")
    };
    match (blocker.kind, &blocker.listing, &blocker.candidate) {
        (BlockerKind::NotMapped | BlockerKind::MapMoved, ..) => {
            settle(&param("map").replace('_', "-"), param("key"), "VALUE")
        }
        (BlockerKind::CustomerAmbiguous, ..) => settle(
            "customer",
            param("email"),
            &param("candidates").replace(',', "|"),
        ),
        (BlockerKind::LooksLikeCopy, ..) => settle("same-store", param("uid"), "yes"),
        (_, Some(listing), Some(candidate)) => format!(
            "tandem decide {store} {listing} accept {}  ({})",
            candidate.key,
            out.sentence(
                "cli.best_candidate",
                &[
                    ("name", &candidate.name),
                    ("sku", candidate.sku.as_deref().unwrap_or("-")),
                ]
            )
        ),
        (_, Some(listing), None) => format!("tandem decide {store} {listing} accept VARIANT"),
        (kind, None, _) => out.words.plain(&format!("blocker.{}.hint", word(&kind))),
    }
}
