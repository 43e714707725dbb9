//! What the matching learned of a store: kept, used again, shown, and corrected by the manager.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tandem_domain::{Slug, Timestamp, UnitPrice};
use tandem_matching::{LeftItem, Model, RightItem, WordPair};
use tandem_store::{LearnedFrom, SavedWord};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::accounts::measured;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::keeping::Rows;
use crate::view::{
    LearnedView, LearnedWord, OwnWord, Stale, TierView, WordAction, WordInput, count,
};
use crate::{App, Result};

/// Decisions since, from which on it is time to learn from them.
const DECISIONS_MAX: u32 = 20;
/// Pieces that a word of the list may have.
const WORD_PIECES_MAX: usize = 4;
/// What a row said, as a model remembers it.
const PRINT_BYTES: usize = 8;
/// All that the matching reads of a row. No row of one side is ever taken for one of the other.
pub(crate) type RowPrint = [u8; PRINT_BYTES];

/// The model that was used last, so that looking at pairs does not read it each time.
#[derive(Debug, Default)]
pub(crate) struct Models(Mutex<Option<(Slug, Timestamp, Arc<Model>)>>);

impl Models {
    fn get(&self, store: &Slug, learned_at: Timestamp) -> Option<Arc<Model>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, at, model) = kept.as_ref()?;
        (of == store && *at == learned_at).then(|| Arc::clone(model))
    }

    /// Lets go of it; it is read again when it is wanted.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn put(&self, store: &Slug, learned_at: Timestamp, model: &Arc<Model>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((store.clone(), learned_at, Arc::clone(model)));
    }
}

impl App {
    /// What was learned of a store: words, ways of linking, and the manager's own word list.
    pub async fn learned(&self, store: &str) -> Result<LearnedView> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.learned_view(&slug)).await
    }

    /// Takes a learned word back or lets it count again, puts a pair on the manager's word list or
    /// takes it off. It counts from the next match on.
    pub async fn change_word(&self, store: &str, word: WordInput) -> Result<LearnedView> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.change_word(&slug, &word)?;
            inner.stale(&[Stale::Review]);
            inner.learned_view(&slug)
        })
        .await
    }
}

impl Inner {
    /// What was learned of a store last, if this program can use it.
    pub(crate) fn kept_model(&self, store: &Slug) -> Result<Option<(LearnedFrom, Arc<Model>)>> {
        let Some(from) = self.store.learned_from(store)? else {
            return Ok(None);
        };
        if let Some(model) = self.models.get(store, from.learned_at) {
            return Ok(Some((from, model)));
        }
        let text = self.store.model(store, from.learned_at)?;
        // One of another version has another shape; it is learned anew.
        let model = text.and_then(|text| serde_json::from_str::<Model>(&text).ok());
        let Some(model) = model.filter(Model::is_current).map(Arc::new) else {
            return Ok(None);
        };
        self.models.put(store, from.learned_at, &model);
        Ok(Some((from, model)))
    }

    /// The kept model, where it is still in force: the word lists are what they were, and what the
    /// manager decided since gives no reason to learn from it now. With what every row said then,
    /// as it is for the caller to see how much changed.
    pub(crate) fn model_in_force(
        &self,
        (store, odoo): (&Slug, &Slug),
        words: &[u8],
    ) -> Result<Option<(Arc<Model>, Vec<u8>)>> {
        let Some((from, model)) = self.kept_model(store)? else {
            return Ok(None);
        };
        if from.odoo != *odoo || from.words != words {
            return Ok(None);
        }
        let since = self.store.said_since(store, &from)?;
        if since.decisions >= DECISIONS_MAX || since.against > 0 {
            return Ok(None);
        }
        Ok(Some((model, self.store.fingerprints(store)?)))
    }

    /// Keeps what was learned.
    pub(crate) fn keep_model(
        &self,
        (store, odoo): (&Slug, &Slug),
        (model, words): (&Arc<Model>, Vec<u8>),
        rows: &Rows,
        (decisions, last_decision): (u32, i64),
    ) -> Result<()> {
        let (listings, variants) = rows.counts();
        let from = LearnedFrom {
            odoo: odoo.clone(),
            words,
            listings: count(listings),
            variants: count(variants),
            proven: count(model.proven()),
            decisions,
            last_decision,
            learned_at: self.clock.now(),
        };
        let text = serde_json::to_string(&**model)
            .map_err(|error| AppError::new(Code::Internal).details(error))?;
        self.store
            .save_model(store, &from, (&text, &rows.prints()))?;
        drop(text);
        if let Some(saved) = self.store.learned_from(store)? {
            self.models.put(store, saved.learned_at, model);
        }
        Ok(())
    }

    fn learned_view(&self, store: &Slug) -> Result<LearnedView> {
        self.saved_store(store)?;
        let back: Vec<_> = self.store.words_taken_back(store)?;
        let own = self.store.words()?;
        let known = self.kept_model(store)?;
        let Some((from, model)) = known else {
            return Ok(LearnedView {
                learned_at: None,
                listings: 0,
                variants: 0,
                proven: 0,
                decisions: 0,
                price_factor: None,
                tiers: Vec::new(),
                words: words_shown(&[], &back),
                own: own.into_iter().map(own_word).collect(),
                outdated: false,
            });
        };
        let since = self.store.said_since(store, &from)?;
        let print = print_of_words(own.iter().map(pair_of), back.iter().map(pair_of));
        Ok(LearnedView {
            learned_at: Some(from.learned_at.to_string()),
            listings: from.listings,
            variants: from.variants,
            proven: from.proven,
            decisions: from.decisions,
            price_factor: model.price_factor().map(|factor| format!("{factor:.2}")),
            tiers: model
                .tiers()
                .iter()
                .map(|state| TierView {
                    tier: state.tier,
                    measured: measured(state.here, Some(state.bound_bp)),
                    paused: state.paused,
                })
                .collect(),
            words: words_shown(model.learned(), &back),
            own: own.into_iter().map(own_word).collect(),
            outdated: from.words != print || since.decisions > 0,
        })
    }

    fn change_word(&self, store: &Slug, input: &WordInput) -> Result<()> {
        self.saved_store(store)?;
        let word = SavedWord {
            word: typed("store", &input.store)?,
            means: typed("odoo", &input.odoo)?,
        };
        match input.action {
            WordAction::TakeBack => self.store.take_word_back(store, &word, true)?,
            WordAction::Restore => self.store.take_word_back(store, &word, false)?,
            WordAction::Add => self.store.add_word(&word)?,
            WordAction::Remove => self.store.remove_word(&word)?,
        }
        Ok(())
    }

    /// The manager's word list, and the learned words that were taken back.
    pub(crate) fn word_lists(&self, store: &Slug) -> Result<(Vec<WordPair>, Vec<WordPair>)> {
        let (own, back) = (self.store.words()?, self.store.words_taken_back(store)?);
        let pairs = |words: &[SavedWord]| words.iter().map(pair_of).collect();
        Ok((pairs(&own), pairs(&back)))
    }
}

/// A word or phrase as it was typed, without the blanks around it.
fn typed(field: &str, text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.split(' ').count() > WORD_PIECES_MAX {
        return Err(AppError::bad_input(field, &text));
    }
    Ok(text)
}

fn pair_of(word: &SavedWord) -> WordPair {
    WordPair {
        word: word.word.clone(),
        means: word.means.clone(),
    }
}

fn own_word(word: SavedWord) -> OwnWord {
    OwnWord {
        store: word.word,
        odoo: word.means,
    }
}

/// The learned words, and those that were taken back and are not among them any more for it.
fn words_shown(learned: &[tandem_matching::Learned], back: &[SavedWord]) -> Vec<LearnedWord> {
    let is_back = |pair: &WordPair| back.iter().any(|word| pair_of(word) == *pair);
    let mut words: Vec<_> = learned
        .iter()
        .map(|word| LearnedWord {
            store: word.pair.word.clone(),
            odoo: word.pair.means.clone(),
            seen: word.seen,
            of: word.of,
            taken_back: is_back(&word.pair),
        })
        .collect();
    words.sort_by(|a, b| (b.seen, &a.store, &a.odoo).cmp(&(a.seen, &b.store, &b.odoo)));
    let known: HashSet<_> = learned.iter().map(|word| &word.pair).collect();
    let gone = back
        .iter()
        .map(pair_of)
        .filter(|pair| !known.contains(pair));
    words.extend(gone.map(|pair| LearnedWord {
        store: pair.word,
        odoo: pair.means,
        seen: 0,
        of: 0,
        taken_back: true,
    }));
    words
}

/// What the word lists say, in a few bytes.
pub(crate) fn print_of_words(
    own: impl Iterator<Item = WordPair>,
    back: impl Iterator<Item = WordPair>,
) -> Vec<u8> {
    let mut print = Print::default();
    for (list, words) in [own.collect::<Vec<_>>(), back.collect()]
        .into_iter()
        .enumerate()
    {
        let mut words = words;
        words.sort();
        for WordPair { word, means } in words {
            print.text(Some(if list == 0 { "own" } else { "back" }));
            print.text(Some(&word));
            print.text(Some(&means));
        }
    }
    print.done().to_vec()
}

/// How many rows say something else than before, are new, or are gone.
pub(crate) fn changed_rows(before: &[u8], now: &[u8]) -> usize {
    let (mut old, mut new) = (
        before.chunks_exact(PRINT_BYTES).peekable(),
        now.chunks_exact(PRINT_BYTES).peekable(),
    );
    let (mut gone, mut come) = (0_usize, 0_usize);
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return gone.max(come),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(one), Some(two)) => one.cmp(two),
        };
        if order.is_le() {
            old.next();
        }
        if order.is_ge() {
            new.next();
        }
        gone += usize::from(order.is_lt());
        come += usize::from(order.is_gt());
    }
}

/// A hash over texts that cannot be mistaken for each other.
#[derive(Default)]
struct Print(Sha256);

impl Print {
    fn text(&mut self, text: Option<&str>) {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        self.0.update(length.to_le_bytes());
        self.0.update(text.unwrap_or_default());
    }

    fn texts(&mut self, texts: &[String]) {
        self.0.update((texts.len() as u64).to_le_bytes());
        for text in texts {
            self.text(Some(text));
        }
    }

    fn price(&mut self, price: Option<UnitPrice>) {
        let text = price.map(|p| format!("{} {}", p.amount.normalize(), p.currency.code()));
        self.text(text.as_deref());
    }

    fn done(self) -> RowPrint {
        let all: [u8; 32] = self.0.finalize().into();
        std::array::from_fn(|place| all[place])
    }
}

pub(crate) fn left_print(item: &LeftItem) -> RowPrint {
    let mut print = Print::default();
    print.text(Some(if item.parent { "parent" } else { "listing" }));
    print.text(Some(if item.bundle { "bundle" } else { "single" }));
    print.text(Some(item.key.as_str()));
    print.text(Some(&item.name));
    print.text(item.sku.as_ref().map(tandem_domain::Sku::as_str));
    for text in [&item.barcode, &item.brand, &item.model, &item.description] {
        print.text(text.as_deref());
    }
    print.texts(&item.attributes);
    print.price(item.price);
    print.done()
}

pub(crate) fn right_print(item: &RightItem) -> RowPrint {
    let mut print = Print::default();
    print.text(Some("variant"));
    print.text(Some(if item.kit { "kit" } else { "single" }));
    print.text(Some(&item.key.to_string()));
    print.text(Some(&item.name));
    print.text(item.sku.as_ref().map(tandem_domain::Sku::as_str));
    for text in [&item.barcode, &item.brand, &item.model, &item.description] {
        print.text(text.as_deref());
    }
    print.texts(&item.attributes);
    print.price(item.price);
    print.done()
}

#[cfg(test)]
mod tests {
    use super::changed_rows;

    #[test]
    fn a_row_that_says_something_else_is_one_changed_row() {
        let prints = |rows: &[u64]| {
            rows.iter()
                .flat_map(|r| r.to_be_bytes())
                .collect::<Vec<_>>()
        };
        let before = prints(&[1, 2, 3, 5]);
        for (now, changed) in [
            (prints(&[1, 2, 3, 5]), 0),
            (prints(&[1, 2, 4, 5]), 1),
            (prints(&[1, 2, 3]), 1),
            (prints(&[1, 2, 3, 5, 9]), 1),
            (prints(&[]), 4),
        ] {
            assert_eq!(changed_rows(&before, &now), changed, "{now:?}");
        }
    }
}
