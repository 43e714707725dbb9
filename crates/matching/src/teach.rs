//! What a shop's own catalogues teach before its listings are decided.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::decide::{Desk, Draft, Pair, Rivals, candidates, draft};
use crate::ground::Ground;
use crate::items::WordPair;
use crate::learn::silver::{self, BARS};
use crate::learn::train::{Example, train};
use crate::learn::{Alias, Learned, Silver};
use crate::rows::{Side, compact};
use crate::score::{Marks, Room};

/// Fewer proven pairs teach no weights.
const SILVER_MIN: usize = 150;
/// Listings whose candidates the weights are learned from.
const LISTINGS_MAX: usize = 4_000;
/// What a decision of the manager counts beyond a pair that a key proves. What is decided is the
/// hard part of a shop: counted five times, the easy part came out less sure than it is.
const DECISION_WEIGHT: f32 = 1.0;
/// Without proven pairs, pairs that are each other's best by this lead teach instead, ...
const MUTUAL_MARGIN: f32 = 1.0;
/// ... in so many rounds, ...
const ROUNDS: usize = 3;
/// ... as long as this share of the listings has one: else most have no counterpart at all, and
/// what looks best teaches nonsense.
const MUTUAL_PERCENT_MIN: usize = 30;
/// Listings looked at in such a round.
const ROUND_LISTINGS_MAX: usize = 20_000;

/// Learns prices, words and weights, in this order. Returns the words, and how many pairs were
/// proven; nothing once cancelled.
pub(crate) fn teach(
    ground: &mut Ground<'_>,
    taken_back: &[WordPair],
    cancelled: &dyn Fn() -> bool,
) -> Option<(Vec<Learned>, usize)> {
    let pairs = silver::by_keys(&ground.keys, |left| ground.left_sku(left));
    let accepted = &ground.said.accepted;
    let pairs = silver::corrected(pairs, accepted, |l, r| ground.said.rejected(l, r));
    let pairs = believable(ground, pairs);
    ground
        .prices
        .learn(pairs.iter().map(|pair| (pair.left, pair.right)));
    let mut learned = words(ground, &pairs, taken_back, false);
    if cancelled() {
        return None;
    }
    if pairs.len() >= SILVER_MIN {
        ground.weights = train(&of_silver(ground, &pairs));
        return Some((learned, pairs.len()));
    }
    for _ in 0..ROUNDS {
        if cancelled() {
            return None;
        }
        let Some((mutual, examples)) = mutual(ground, &pairs) else {
            break;
        };
        ground
            .prices
            .learn(mutual.iter().map(|pair| (pair.left, pair.right)));
        learned = words(ground, &mutual, taken_back, true);
        ground.weights = train(&examples);
    }
    Some((learned, pairs.len()))
}

/// Leaves out pairs that their texts deny: short numbers collide, numbers of suppliers above all.
fn believable(ground: &Ground<'_>, pairs: Vec<Silver>) -> Vec<Silver> {
    let judge = ground.judge();
    let believed = pairs.par_iter().map_init(
        || Desk::new(ground),
        |desk, pair| {
            let rows = (pair.left as usize, pair.right as usize);
            desk.scratch
                .query
                .set(&ground.texts.left[rows.0], &ground.aliases);
            let marks = judge.look(rows, &desk.scratch.query, &mut desk.room).marks;
            let denied = marks.has(Marks::SILENT) && !marks.has(Marks::FOREIGN);
            pair.weight > 1 || !denied && !marks.has(Marks::HARD)
        },
    );
    let believed: Vec<bool> = believed.collect();
    let pairs = pairs.into_iter().zip(believed);
    pairs
        .filter_map(|(pair, yes)| yes.then_some(pair))
        .collect()
}

/// Learns words in two rounds, the second with the words of the first. From guessed pairs only
/// words are learned that the other side does not have: two nouns that both sides use are two
/// things, however alike the rest is.
fn words(
    ground: &mut Ground<'_>,
    pairs: &[Silver],
    taken_back: &[WordPair],
    guessed: bool,
) -> Vec<Learned> {
    let unwanted: HashSet<_> = taken_back.iter().collect();
    let mut learned: Vec<(u32, Alias, Learned)> = Vec::new();
    for bar in BARS {
        let parts = (&ground.aliases, &ground.siblings);
        let mut more = silver::words(&ground.texts, parts, pairs, bar);
        more.retain(|(_, _, word)| !unwanted.contains(&word.pair));
        if guessed {
            let unknown = |id: u32, to| ground.texts.vocabulary.rows(id, to) == 0;
            more.retain(|(one, two, _)| {
                unknown(*one, Side::Right) || unknown(two.right, Side::Left)
            });
        }
        ground.aliases = ground
            .aliases
            .with(more.iter().map(|(left, alias, _)| (*left, *alias)));
        learned.extend(more);
    }
    silver::restore(&mut ground.texts.vocabulary, &ground.aliases);
    ground.texts.sum();
    ground.index.weigh(&ground.texts.right);
    learned.sort_by_key(|(left, alias, _)| (*left, alias.right));
    learned.dedup_by_key(|(left, alias, _)| (*left, alias.right));
    learned.into_iter().map(|(_, _, word)| word).collect()
}

/// Proven pairs are right, the other candidates of their listings wrong; keys are not looked at.
fn of_silver(ground: &Ground<'_>, pairs: &[Silver]) -> Vec<Example> {
    let step = pairs.len().div_ceil(LISTINGS_MAX).max(1);
    let chosen: Vec<_> = pairs.iter().step_by(step).copied().collect();
    let mut examples = examples(ground, &chosen, 1.0);
    let settled = pairs.iter().filter(|pair| pair.weight > 1).copied();
    examples.extend(self::examples(
        ground,
        &settled.collect::<Vec<_>>(),
        DECISION_WEIGHT,
    ));
    examples.extend(rejections(ground));
    examples
}

fn examples(ground: &Ground<'_>, pairs: &[Silver], weight: f32) -> Vec<Example> {
    let found = pairs.par_iter().map_init(
        || Desk::new(ground),
        |desk, pair| of_listing(ground, *pair, weight, desk),
    );
    found.flatten_iter().collect()
}

fn of_listing(ground: &Ground<'_>, pair: Silver, weight: f32, desk: &mut Desk) -> Vec<Example> {
    let left = pair.left as usize;
    let mut close = candidates(ground, left, &Draft::default(), desk);
    if let Err(place) = close.binary_search(&pair.right) {
        close.insert(place, pair.right);
    }
    let judge = ground.judge();
    let mut examples = Vec::with_capacity(close.len());
    for right in close {
        let rows = (left, right as usize);
        let looks = judge.look(rows, &desk.scratch.query, &mut desk.room);
        let is_right = right == pair.right;
        if is_right && looks.marks.has(Marks::HARD) {
            return Vec::new();
        }
        examples.push(Example {
            features: looks.features,
            right: is_right,
            weight,
        });
    }
    examples
}

fn rejections(ground: &Ground<'_>) -> Vec<Example> {
    let judge = ground.judge();
    let mut desk = Desk::new(ground);
    let mut room = Room::default();
    let pairs = ground.said.rejections().iter();
    pairs
        .map(|(left, right)| {
            let record = &ground.texts.left[*left as usize];
            desk.scratch.query.set(record, &ground.aliases);
            let rows = (*left as usize, *right as usize);
            Example {
                features: judge.look(rows, &desk.scratch.query, &mut room).features,
                right: false,
                weight: DECISION_WEIGHT,
            }
        })
        .collect()
}

/// Pairs that are each other's best by a lead, with examples; nothing when they are too few.
fn mutual(ground: &Ground<'_>, known: &[Silver]) -> Option<(Vec<Silver>, Vec<Example>)> {
    let rows: Vec<usize> = (0..ground.rows.left.len())
        .filter(|left| !ground.rows.left[*left].parent)
        .collect();
    let step = rows.len().div_ceil(ROUND_LISTINGS_MAX).max(1);
    let rows: Vec<_> = rows.into_iter().step_by(step).collect();
    let drafts: Vec<_> = rows
        .par_iter()
        .map_init(
            || Desk::new(ground),
            |desk, left| draft(ground, *left, desk, true),
        )
        .collect();
    let rivals = Rivals::count(ground.rows.right.len(), &drafts);
    let best = |(place, draft): (usize, &Draft)| -> Option<(usize, Pair)> {
        let first = *draft.pairs.first()?;
        let (_, margin) = draft.pair(first.right)?;
        let lead = margin.min(rivals.margin(compact(place), first));
        let clear = lead > MUTUAL_MARGIN && !first.marks.has(Marks::HARD);
        clear.then_some((place, first))
    };
    let mutual: Vec<_> = drafts.iter().enumerate().filter_map(best).collect();
    if mutual.len() * 100 < rows.len() * MUTUAL_PERCENT_MIN {
        return None;
    }
    let mut pairs: Vec<Silver> = mutual
        .into_iter()
        .map(|(place, pair)| Silver {
            left: compact(rows[place]),
            right: pair.right,
            weight: 1,
        })
        .collect();
    let listings: HashSet<u32> = known.iter().map(|pair| pair.left).collect();
    pairs.retain(|pair| !listings.contains(&pair.left));
    pairs.extend_from_slice(known);
    pairs.sort_unstable();
    let examples = of_silver(ground, &pairs);
    Some((pairs, examples))
}
