//! Finds what a person types a few letters of: products, orders, and what can be done.

use std::sync::Arc;

use tandem_domain::Slug;
use tandem_store::{OrderFilter, ReviewTab, folded};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::orders::order_row;
use crate::view::{CommandTag, FindQuery, Found, FoundListing, Tab};
use crate::words::Words;
use crate::{App, Result};

/// Products that are shown at most.
const PRODUCTS_MAX: u32 = 6;
/// Orders that are shown at most.
const ORDERS_MAX: u32 = 5;
/// What is typed after this finds commands only.
const COMMANDS_ONLY: char = '>';
/// Stands before an Arabic noun as a part of its word.
const ARTICLE: &str = "ال";

impl App {
    /// Finds products, orders and commands. With nothing typed, only the commands are listed.
    pub async fn find(&self, query: FindQuery) -> Result<Found> {
        let store = query.store.as_deref().map(parse_slug).transpose()?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let typed = query.text.trim();
            let (text, all) = match typed.strip_prefix(COMMANDS_ONLY) {
                Some(rest) => (rest.trim(), false),
                None => (typed, true),
            };
            let commands = commands(&Words::new(query.language), text);
            match store {
                Some(store) if all && !text.is_empty() => inner.found(&store, text, commands),
                _ => Ok(Found {
                    commands,
                    ..Found::default()
                }),
            }
        })
        .await
    }
}

impl Inner {
    fn found(&self, store: &Slug, text: &str, commands: Vec<CommandTag>) -> Result<Found> {
        self.saved_store(store)?;
        let listings = self.store.search_listings(store, text, PRODUCTS_MAX)?;
        let products = listings.into_iter().map(|listing| {
            let tab = self.store.review_tab(store, &listing.key)?;
            Ok(FoundListing {
                tab: tab.map(shown_tab),
                key: listing.key.to_string(),
                name: listing.name,
                sku: listing.sku.as_ref().map(ToString::to_string),
            })
        });
        let filter = OrderFilter {
            text: text.to_owned(),
            ..OrderFilter::default()
        };
        let orders = self.store.orders_page(store, &filter, 0, ORDERS_MAX)?;
        Ok(Found {
            products: products.collect::<Result<_>>()?,
            orders: orders.orders.iter().map(order_row).collect(),
            orders_total: orders.total,
            commands,
        })
    }
}

fn shown_tab(tab: ReviewTab) -> Tab {
    match tab {
        ReviewTab::ToReview => Tab::ToReview,
        ReviewTab::Mapped => Tab::Mapped,
        ReviewTab::Unmatched => Tab::Unmatched,
        ReviewTab::Conflicts => Tab::Conflicts,
    }
}

/// Commands in whose words every typed one begins a word; those whose name itself begins so
/// come first.
fn commands(words: &Words, text: &str) -> Vec<CommandTag> {
    let typed = words_of(text);
    let mut found: Vec<(bool, CommandTag)> = CommandTag::ALL
        .iter()
        .filter_map(|command| {
            let name = words_of(&words.plain(&format!("command.{}", command.key())));
            let also = words_of(&words.plain(&format!("command.{}.also", command.key())));
            let first = match (typed.first(), name.first()) {
                (Some(word), Some(own)) => begins(own, word),
                _ => true,
            };
            let has = |word: &String| name.iter().chain(&also).any(|own| begins(own, word));
            typed.iter().all(has).then_some((!first, *command))
        })
        .collect();
    found.sort_by_key(|(later, _)| *later);
    found.into_iter().map(|(_, command)| command).collect()
}

/// The words of a text as they are searched.
fn words_of(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Whether a word begins so. In Arabic nobody types the article.
fn begins(own: &str, typed: &str) -> bool {
    let bare = own.strip_prefix(ARTICLE);
    own.starts_with(typed) || bare.is_some_and(|bare| bare.starts_with(typed))
}

#[cfg(test)]
mod tests {
    use super::{CommandTag, commands};
    use crate::view::Language;
    use crate::words::Words;

    #[test]
    fn commands_are_found_by_their_words_in_every_language() {
        let english = Words::new(Language::En);
        assert_eq!(commands(&english, "").len(), CommandTag::ALL.len());
        assert_eq!(commands(&english, "dark"), commands(&english, "DARK"));
        assert!(commands(&english, "dark").contains(&CommandTag::SwitchTheme));
        assert_eq!(commands(&english, "zzz"), []);
        for language in [Language::En, Language::Fr, Language::Ar] {
            let words = Words::new(language);
            for command in CommandTag::ALL {
                let name = words.plain(&format!("command.{}", command.key()));
                assert!(commands(&words, &name).contains(command), "{name}");
            }
        }
    }

    #[test]
    fn commands_are_found_however_their_words_are_spelled() {
        for (language, typed, command) in [
            (Language::Fr, "bloquees", CommandTag::OpenBlocked),
            (Language::Fr, "l'historique", CommandTag::OpenHistory),
            (Language::Fr, "historique", CommandTag::OpenHistory),
            (Language::Ar, "طلبات", CommandTag::OpenOrders),
            (Language::Ar, "اعدادات", CommandTag::OpenSettings),
            (Language::Ar, "الغ الجلب", CommandTag::CancelFetch),
        ] {
            let found = commands(&Words::new(language), typed);
            assert!(found.contains(&command), "{typed}");
        }
    }
}
