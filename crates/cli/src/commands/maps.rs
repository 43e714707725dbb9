//! Maps between store and Odoo: listed, proposed, settled.

use tandem_app::view::{
    MapChoice, MapInput, MapKind, MapState, MapTrial, MapView, MapsSettled, MapsView, TrialSums,
};
use tandem_app::{App, AppError, Code};

use super::{Done, word};
use crate::exit::Exit;
use crate::output::{Ink, Out};
use crate::selling::{MapWord, MapsArgs, MapsWord};

pub(super) async fn maps(app: &App, asked: &MapsArgs, out: &Out) -> Done {
    let MapsArgs {
        store,
        what,
        kind,
        key,
        value,
        tracking,
    } = asked;
    let missing = |field: &str| AppError::bad_input(field, "");
    let kind = kind.map(tag);
    let row = || -> Result<(MapKind, String), AppError> {
        let key = key.clone().ok_or_else(|| missing("key"))?;
        Ok((kind.ok_or_else(|| missing("kind"))?, key))
    };
    match what {
        MapsWord::List => Ok(shown(&app.maps(store).await?, kind, out)),
        MapsWord::Propose => Ok(shown(&app.read_terms(store).await?, kind, out)),
        MapsWord::Accept => Ok(settled(&app.accept_maps(store, kind).await?, out)),
        MapsWord::Try => {
            let (kind, key) = row()?;
            Ok(tried(&app.try_map(store, (kind, &key), 0).await?, out))
        }
        MapsWord::Set => {
            let (kind, key) = row()?;
            let row = MapInput {
                kind,
                key,
                value: value.clone().unwrap_or_default(),
                tracking: tracking.clone(),
            };
            let done = app.settle_maps(store, vec![row]).await;
            if done
                .as_ref()
                .is_err_and(|error| error.code == Code::BadInput)
            {
                print_choices(&app.maps(store).await?, kind, out);
            }
            Ok(settled(&done?, out))
        }
        MapsWord::Clear => {
            let (kind, key) = row()?;
            Ok(settled(&app.clear_map(store, kind, &key).await?, out))
        }
    }
}

fn tag(word: MapWord) -> MapKind {
    match word {
        MapWord::Tax => MapKind::Tax,
        MapWord::Payment => MapKind::Payment,
        MapWord::Carrier => MapKind::Carrier,
        MapWord::Pricelist => MapKind::Pricelist,
        MapWord::Role => MapKind::Role,
        MapWord::Status => MapKind::Status,
        MapWord::Service => MapKind::Service,
        MapWord::Customer => MapKind::Customer,
        MapWord::Anyway => MapKind::Anyway,
        MapWord::SameStore => MapKind::SameStore,
    }
}

/// What a row of a kind can be, where a value was none of it.
fn print_choices(maps: &MapsView, kind: MapKind, out: &Out) {
    let of_kind = maps.choices.iter().find(|choices| choices.kind == kind);
    for choice in of_kind.into_iter().flat_map(|of_kind| &of_kind.choices) {
        out.line(&format!(
            "  {:>10}  {}",
            choice.value,
            choice_words(choice, out)
        ));
    }
}

/// Odoo's name of it, or what a word of ours means.
fn choice_words(choice: &MapChoice, out: &Out) -> String {
    if choice.label.is_empty() {
        out.words.plain(&format!("maps.value.{}", choice.value))
    } else {
        choice.label.clone()
    }
}

fn shown(maps: &MapsView, kind: Option<MapKind>, out: &Out) -> Exit {
    out.document(maps);
    let mut last = None;
    let wanted = |row: &&MapView| kind.is_none_or(|kind| kind == row.kind);
    for row in maps.rows.iter().filter(wanted) {
        if last.replace(row.kind) != Some(row.kind) {
            out.heading(&format!("maps.kind.{}", word(&row.kind)));
        }
        print(row, out);
    }
    exit_of(maps)
}

fn settled(done: &MapsSettled, out: &Out) -> Exit {
    out.document(done);
    out.line(&out.counted("cli.maps.settled", done.settled));
    if done.orders_cleared > 0 {
        out.line(&out.counted("cli.decided", done.orders_cleared));
    }
    for key in &done.unused {
        let says = out.sentence("cli.maps.unused", &[("key", key)]);
        out.line(&out.ink(Ink::Bad, &says));
    }
    exit_of(&done.maps)
}

fn tried(trial: &MapTrial, out: &Out) -> Exit {
    out.document(trial);
    let Some(order) = &trial.order else {
        out.line(&out.words.plain("maps.empty"));
        return Exit::Done;
    };
    let number = out.sentence("maps.effect.order", &[("number", &order.number)]);
    let computed = out.words.plain("maps.effect.computed");
    out.line(&format!("{number} ({}): {computed}", order.currency));
    let sums = |name: &str, sums: &TrialSums, end: &str| {
        let TrialSums {
            goods,
            charges,
            tax,
            total,
        } = sums;
        out.line(&format!(
            "  {name:30} {goods:>12} {charges:>12} {tax:>12} {total:>12}  {end}"
        ));
    };
    sums(&out.words.plain("common.store"), &order.store, "");
    for tried in &order.tried {
        let name = choice_words(&tried.choice, out);
        match (&tried.sums, tried.held) {
            (Some(found), _) => {
                let off = tried.difference.clone().unwrap_or_default();
                sums(&name, found, &off);
            }
            (None, Some(held)) => {
                let held = out.words.plain(&format!("blocker.{}.short", word(&held)));
                out.line(&format!("  {name:30} {}", out.ink(Ink::Bad, &held)));
            }
            (None, None) => out.line(&format!("  {name}")),
        }
    }
    Exit::Done
}

fn print(row: &MapView, out: &Out) {
    let state = out.words.plain(&format!("maps.state.{}", word(&row.state)));
    let ink = match row.state {
        MapState::Mapped => Ink::Good,
        MapState::Proposed => Ink::Bold,
        MapState::Choose | MapState::Changed => Ink::Bad,
    };
    let value = row.choice.as_ref().map_or_else(String::new, |choice| {
        let words = choice_words(choice, out);
        if choice.label.is_empty() {
            words
        } else {
            format!("{words} [{}]", choice.value)
        }
    });
    let twins = row.kind == MapKind::Tax
        && row
            .choice
            .as_ref()
            .is_some_and(|choice| choice.value.contains(','));
    let why = row.why.iter();
    let why = why.map(|why| out.words.plain(&format!("maps.why.{}", word(why))));
    let why = why.chain(twins.then(|| out.words.plain("maps.twins")));
    let why: Vec<String> = why.collect();
    out.line(&format!(
        "  {:18} {:26} {:10} {value}  {}",
        row.key,
        row.name,
        out.ink(ink, &state),
        out.ink(Ink::Faint, &why.join(", "))
    ));
    if row.blocks > 0 {
        let waits = out.sentence("cli.maps.waits", &[("count", &row.blocks.to_string())]);
        out.line(&format!("  {:18} {}", "", out.ink(Ink::Bad, &waits)));
    }
}

fn exit_of(maps: &MapsView) -> Exit {
    Exit::with_nothing_left(maps.rows.iter().all(|row| row.blocks == 0))
}
