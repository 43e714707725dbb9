//! Counts what a matching got right, the way the evaluation data defines it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use tandem_domain::{ListingKey, VariantKey};
use tandem_matching::{Match, Record, Verdict};

/// What was counted; figures of several seeds add up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) gold: usize,
    with_gold: usize,
    pub(crate) linked: usize,
    pub(crate) wrong: usize,
    first: usize,
    in_five: usize,
    /// Score of each listing's first candidate, and whether it is right.
    scored: Vec<(f32, bool)>,
    pub(crate) cpu_ms: u64,
    pub(crate) peak_kb: u64,
}

/// All right pairs.
pub(crate) type Gold = HashMap<ListingKey, HashSet<VariantKey>>;

impl Tally {
    pub(crate) fn expect(&mut self, gold: &Gold) {
        self.with_gold += gold.len();
        self.gold += gold.values().map(HashSet::len).sum::<usize>();
    }

    pub(crate) fn count(&mut self, found: &Match, gold: &Gold) {
        let right = gold.get(&found.listing);
        let is = |variant: &VariantKey| right.is_some_and(|right| right.contains(variant));
        let Some(first) = found.candidates.first() else {
            return;
        };
        if let Verdict::Linked(_) = found.verdict {
            self.linked += 1;
            self.wrong += usize::from(!is(&first.variant));
        }
        // The score orders links before proposals only where it is as high; it is taken as it is.
        self.scored.push((first.score, is(&first.variant)));
        let rank = found
            .candidates
            .iter()
            .position(|candidate| is(&candidate.variant));
        self.first += usize::from(rank == Some(0));
        self.in_five += usize::from(rank.is_some_and(|rank| rank < 5));
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.gold += other.gold;
        self.with_gold += other.with_gold;
        self.linked += other.linked;
        self.wrong += other.wrong;
        self.first += other.first;
        self.in_five += other.in_five;
        self.scored.extend(other.scored);
        self.cpu_ms += other.cpu_ms;
        self.peak_kb = self.peak_kb.max(other.peak_kb);
    }

    /// The best F1 over all thresholds on the first candidates' scores, with its precision and
    /// recall.
    fn best_f1(&self) -> [f64; 3] {
        let mut scored = self.scored.clone();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut right, mut best) = (0, [0.0; 3]);
        for (place, (score, is)) in scored.iter().enumerate() {
            right += usize::from(*is);
            let last = scored.get(place + 1).is_none_or(|next| next.0 < *score);
            let f1 = share(2 * right, place + 1 + self.gold);
            if last && f1 > best[0] {
                best = [f1, share(right, place + 1), share(right, self.gold)];
            }
        }
        best
    }

    /// What every way of matching can be measured by: the share of listings whose answer is the
    /// first and in the first five, and the best F1 with its precision and recall.
    pub(crate) fn shares(&self) -> [f64; 5] {
        let [f1, precision, recall] = self.best_f1();
        let first = share(self.first, self.with_gold);
        [
            first,
            share(self.in_five, self.with_gold),
            f1,
            precision,
            recall,
        ]
    }

    pub(crate) fn line(&self, name: &str) -> String {
        let record = Record {
            checked: u32::try_from(self.linked).unwrap_or(u32::MAX),
            wrong: u32::try_from(self.wrong).unwrap_or(u32::MAX),
        };
        let right = self.linked - self.wrong;
        format!(
            "{name:<26} {:>7} {:>5} {:>8.5} {:>8.5} {:>7.4} {:>6.4} {:>6.4} {:>6.4} {:>8.2} {:>7}",
            self.linked,
            self.wrong,
            share(right, self.linked),
            record.bound(),
            share(right, self.gold),
            share(self.first, self.with_gold),
            share(self.in_five, self.with_gold),
            self.best_f1()[0],
            self.cpu_ms as f64 / 1_000.0,
            self.peak_kb / 1_024,
        )
    }

    pub(crate) const HEAD: &'static str = "set                          links wrong     prec  bound95  recall   top1   top5 bestF1    cpu s  peak M";

    /// As one line of text, for the process that asked.
    pub(crate) fn to_text(&self) -> String {
        let numbers = [
            self.gold,
            self.with_gold,
            self.linked,
            self.wrong,
            self.first,
            self.in_five,
        ];
        let mut text = numbers.map(|n| n.to_string()).join(" ");
        let _ = write!(text, " {} {}", self.cpu_ms, self.peak_kb);
        for (score, right) in &self.scored {
            let _ = write!(text, " {}{score}", if *right { '+' } else { '~' });
        }
        text
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let mut number = || words.next()?.parse::<u64>().ok();
        let mut counts = [0; 8];
        for count in &mut counts {
            *count = number()?;
        }
        let size = |place: usize| usize::try_from(counts[place]).unwrap_or(0);
        let scored = words.filter_map(|word| {
            let score = word.get(1..)?.parse().ok()?;
            Some((score, word.starts_with('+')))
        });
        Some(Self {
            gold: size(0),
            with_gold: size(1),
            linked: size(2),
            wrong: size(3),
            first: size(4),
            in_five: size(5),
            scored: scored.collect(),
            cpu_ms: counts[6],
            peak_kb: counts[7],
        })
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
