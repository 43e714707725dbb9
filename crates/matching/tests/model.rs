//! What was learned: kept, used again, shown, taken back, and corrected by decisions.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{catalogues, listed, listing, outcome, price, variant};
use tandem_domain::{ListingKey, VariantKey};
use tandem_matching::{
    Catalogues, Caution, Changes, LeftItem, Match, Model, Queue, RightItem, Session, Settled, Tier,
    Updated, Verdict, Watch, WordPair, account, apply, learn, rerank,
};

const NOUNS: [&str; 8] = [
    "lamp", "kettle", "carpet", "mirror", "blender", "pillow", "clock", "heater",
];
const BRANDS: [&str; 6] = ["Brimar", "Candel", "Forgal", "Homjun", "Korlin", "Novost"];

/// A shop whose Odoo says `Gadget` where the store says `Bidule`, with SKUs on most listings.
fn shop(rows: usize) -> Catalogues {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for row in 0..rows {
        let (noun, brand) = (NOUNS[row % 8], BRANDS[row / 8 % 6]);
        let amount = 100 + row;
        let sku = if row % 4 == 0 {
            String::new()
        } else {
            format!("AB-{:05}", row * 37)
        };
        let cents = i64::try_from(1_000 + row * 13).expect("small");
        left.push(LeftItem {
            price: Some(price(&format!("{}.{:02}", cents / 100, cents % 100), "USD")),
            ..listed(
                &format!("l{row:05}"),
                &sku,
                &format!("{brand} Bidule {noun} {amount} ml"),
            )
        });
        right.push(RightItem {
            price: Some(price(&format!("{}.{:02}", cents / 100, cents % 100), "USD")),
            ..variant(
                i64::try_from(row).expect("small"),
                &sku,
                &format!("{noun} Gadget {brand} {amount}ml"),
            )
        });
    }
    catalogues(left, right)
}

fn all(model: &Model, input: &Catalogues) -> Vec<Match> {
    let mut matches = Vec::new();
    apply(model, input, Watch::NOBODY, &mut |found| {
        matches.push(found);
    })
    .expect("nobody cancels");
    matches
}

fn taught(input: &Catalogues) -> (Model, Vec<Match>) {
    let mut matches = Vec::new();
    let model = learn(input, Watch::NOBODY, &mut |found| matches.push(found));
    (model.expect("nobody cancels"), matches)
}

fn pair(word: &str, means: &str) -> WordPair {
    WordPair {
        word: word.into(),
        means: means.into(),
    }
}

#[test]
fn a_frozen_model_gives_what_the_run_gave_also_after_it_was_kept_as_text() {
    let input = shop(400);
    let (model, matches) = taught(&input);
    assert_eq!(all(&model, &input), matches);
    let text = serde_json::to_string(&model).expect("plain data");
    let again: Model = serde_json::from_str(&text).expect("written by ourselves");
    assert!(again.is_current());
    assert_eq!(all(&again, &input), matches);
    assert_eq!(serde_json::to_string(&again).expect("plain data"), text);
    assert!(!model.is_stale(40) && model.is_stale(41), "5 % of 800 rows");
}

#[test]
fn a_shops_own_word_is_learned_shown_and_can_be_taken_back() {
    let mut input = shop(400);
    let (model, _) = taught(&input);
    let learned: Vec<_> = model.learned().iter().map(|l| l.pair.clone()).collect();
    assert_eq!(learned, [pair("bidule", "gadget")]);
    input.taken_back = learned;
    assert!(taught(&input).0.learned().is_empty());
}

#[test]
fn names_alone_link_when_all_agrees_and_nothing_else_comes_near() {
    let (_, matches) = taught(&shop(400));
    let by_name = matches
        .iter()
        .filter(|found| found.tier == Some(Tier::Name));
    for found in by_name.clone() {
        let row: i64 = found.listing.as_str()[1..].parse().expect("as made");
        assert_eq!(
            found.candidates[0].variant,
            VariantKey(row),
            "{}",
            found.listing
        );
        assert!(found.confidence_bp.is_some_and(|bound| bound >= 9_990));
    }
    assert!(by_name.count() > 50, "a quarter of the listings has no SKU");
}

#[test]
fn an_unrelated_listing_never_links_under_a_frozen_model() {
    let mut input = shop(400);
    let (model, _) = taught(&input);
    for (place, name) in [
        "Xylophone Quartz 900 l",
        "Zubrovka 12 pcs",
        "ساعة يد فاخرة",
        "a",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        input.left.push(listing(&format!("new{place}"), name));
    }
    let new = all(&model, &input)
        .into_iter()
        .filter(|found| found.listing.as_str().starts_with("new"));
    for found in new {
        assert!(
            !matches!(found.verdict, Verdict::Linked(_)),
            "{}",
            found.listing
        );
    }
}

/// What became another one between two inputs, as somebody who keeps track of rows knows it.
fn changes(before: &Catalogues, now: &Catalogues) -> Changes {
    let gone = |item: &&LeftItem| !now.left.iter().any(|other| other.key == item.key);
    Changes {
        left: now
            .left
            .iter()
            .filter(|item| !before.left.contains(item))
            .cloned()
            .collect(),
        left_gone: before
            .left
            .iter()
            .filter(gone)
            .map(|item| item.key.clone())
            .collect(),
        right: now
            .right
            .iter()
            .filter(|item| !before.right.contains(item))
            .cloned()
            .collect(),
        rejected: now.rejected.clone(),
        decided: now.decided.clone(),
        ..Changes::default()
    }
}

#[test]
fn an_update_gives_what_a_whole_run_under_the_same_model_gives() {
    let mut input = shop(400);
    let mut session = Session::learn(input.clone(), Watch::NOBODY).expect("nobody cancels");
    let mut known = BTreeMap::new();
    session.matches(&mut |found| {
        known.insert(found.listing.clone(), found);
    });
    let takes = |input: &mut Catalogues, step: usize| match step {
        0 => input.left[7].name = "Candel Bidule mirror 250 ml".into(),
        1 => input.left[9].sku = input.left[10].sku.clone(),
        2 => {
            input.left.remove(30);
        }
        3 => input
            .left
            .insert(3, listing("fresh", "Korlin Bidule zorx 111 ml")),
        4 => {
            input
                .rejected
                .insert((ListingKey::new("l00013"), VariantKey(13)));
        }
        5 => {
            let accepted = Settled::Accepted(VariantKey(90));
            input.decided.insert(ListingKey::new("l00040"), accepted);
        }
        6 => input.left.reverse(),
        _ => input.right[5].name = "Homjun Gadget zorx 105 ml".into(),
    };
    for step in 0..8 {
        let before = input.clone();
        takes(&mut input, step);
        let listings: Vec<_> = input.left.iter().map(|item| item.key.clone()).collect();
        known.retain(|key, _| listings.contains(key));
        let kept = Session::from_bytes(Arc::clone(session.model()), &session.append_to(Vec::new()));
        let kept = kept.expect("its own bytes");
        let changes = changes(&before, &input);
        let done = kept.update(changes, Watch::NOBODY, &mut |found| {
            known.insert(found.listing.clone(), found);
        });
        let updated: Updated;
        (session, updated) = done.expect("nobody cancels");
        assert_eq!(updated.whole, step == 7);
        assert!(
            step == 7 || updated.looked_at <= 2,
            "step {step}: {updated:?}"
        );
        let whole = all(session.model(), &input);
        assert_eq!(
            known.values().cloned().collect::<Vec<_>>(),
            whole,
            "step {step}"
        );
    }
}

#[test]
fn a_way_of_linking_that_was_wrong_too_often_waits_and_says_so() {
    let mut input = shop(400);
    let (_, matches) = taught(&input);
    let by_name: Vec<_> = matches
        .iter()
        .filter(|found| found.tier == Some(Tier::Name))
        .collect();
    for found in by_name.iter().take(5) {
        input
            .rejected
            .insert((found.listing.clone(), found.candidates[0].variant));
    }
    let (model, matches) = taught(&input);
    let state = model
        .tiers()
        .into_iter()
        .find(|state| state.tier == Tier::Name)
        .expect("all are told");
    assert!(
        state.paused && state.here.wrong == 5 && state.bound_bp < 9_990,
        "{state:?}"
    );
    assert!(matches.iter().all(|found| found.tier != Some(Tier::Name)));
    assert!(
        matches
            .iter()
            .any(|found| found.cautions.contains(&Caution::TierPaused))
    );
    assert!(
        matches.iter().any(|found| found.tier == Some(Tier::Sku)),
        "the others go on"
    );
}

#[test]
fn the_managers_words_are_understood() {
    let mut input = shop(200);
    input
        .left
        .push(listing("arabic", "زغرودة Brimar lamp 987 ml"));
    input
        .right
        .push(variant(9_001, "", "Brimar zaghroud lamp 987 ml"));
    input.words.push(pair("زغرودة", "zaghroud"));
    let (model, _) = taught(&input);
    let (left, right) = (input.left.last(), input.right.last());
    let told = account(&model, left.expect("pushed"), right.expect("pushed"));
    assert!(told.same.contains(&"zaghroud".to_owned()), "{told:?}");
    assert!(
        told.only_store.is_empty() && told.only_odoo.is_empty(),
        "{told:?}"
    );
}

#[test]
fn the_open_queue_follows_decisions_at_once() {
    let input = shop(300);
    let (model, _) = taught(&input);
    let key = |row: usize| ListingKey::new(format!("l{row:05}"));
    let variant = |row: usize| VariantKey(i64::try_from(row).expect("small"));
    let open: Vec<_> = (0..100)
        .flat_map(|row| [(key(row), variant(row)), (key(row), variant(row + 48))])
        .collect();
    let mut queue = Queue {
        left: input.left.clone(),
        right: input.right.clone(),
        open,
        decided: Vec::new(),
    };
    let before = rerank(&model, &queue);
    assert_eq!(before.len(), 200);
    assert!(
        before
            .chunks(2)
            .all(|two| two[0].listing == two[1].listing && two[0].score >= two[1].score)
    );
    queue.decided = (150..190)
        .map(|row| (key(row), variant(row + 48), false))
        .collect();
    queue.decided.push((key(3), variant(51), false));
    let after = rerank(&model, &queue);
    assert_eq!(after.len(), 199, "a rejected pair is gone");
    let session = Session::open(Arc::new(model), input, Watch::NOBODY).expect("nobody cancels");
    assert_eq!(session.rerank(&queue.open, &queue.decided), after);
    assert_ne!(
        before[1].score.to_bits(),
        after[1].score.to_bits(),
        "weights moved"
    );
}

#[test]
fn threads_change_nothing() {
    let input = shop(300);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads can be made")
            .install(|| serde_json::to_string(&outcome(&input)))
    };
    assert_eq!(on(1).expect("plain data"), on(3).expect("plain data"));
}
