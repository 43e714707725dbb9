//! What the palette finds: products, orders and commands by a few letters.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::orders::OrderRow;
use super::review::Tab;
use super::settings::Language;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct FindQuery {
    /// The store whose products and orders are looked through; without one, only commands are.
    pub store: Option<String>,
    /// What was typed; nothing lists the commands.
    pub text: String,
    /// The language whose words name the commands.
    pub language: Language,
}

/// A listing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundListing {
    /// The store's id.
    pub key: String,
    /// Name.
    pub name: String,
    /// SKU.
    pub sku: Option<String>,
    /// The list of the mapping it is in.
    pub tab: Option<Tab>,
}

/// What was found, the best first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// Products of the store.
    pub products: Vec<FoundListing>,
    /// Orders of the store.
    pub orders: Vec<OrderRow>,
    /// How many orders fit in all.
    pub orders_total: u32,
    /// Screens, settings and commands.
    pub commands: Vec<CommandTag>,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)+) => {
        /// A screen, a setting or a command; its words are `command.<key>` and, for more words it
        /// is found by, `command.<key>.also`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
        pub enum CommandTag {
            $($(#[$doc])* #[serde(rename = $key)] $name,)+
        }

        impl CommandTag {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// As its words are named.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

commands! {
    /// Read both sides for what changed.
    Fetch = "fetch";
    /// Read both sides whole.
    FetchFull = "fetch_full";
    /// Stop the fetch.
    CancelFetch = "cancel_fetch";
    /// Match again what is in the cache.
    MatchAgain = "match_again";
    /// Test every connection now.
    CheckConnections = "check_connections";
    /// The screen of the day.
    OpenToday = "open_today";
    /// The mapping.
    OpenMapping = "open_mapping";
    /// The orders.
    OpenOrders = "open_orders";
    /// The orders that are held back.
    OpenBlocked = "open_blocked";
    /// The maps.
    OpenMaps = "open_maps";
    /// The audit.
    OpenAudit = "open_audit";
    /// The history.
    OpenHistory = "open_history";
    /// The history of what failed.
    OpenFailures = "open_failures";
    /// What the matching learned.
    OpenLearned = "open_learned";
    /// Records that were not understood.
    OpenProblems = "open_problems";
    /// The connections.
    OpenConnections = "open_connections";
    /// The settings.
    OpenSettings = "open_settings";
    /// Connect another store.
    AddStore = "add_store";
    /// A second window on the made-up shop.
    OpenSandbox = "open_sandbox";
    /// The language.
    SetLanguage = "set_language";
    /// Digits.
    SetDigits = "set_digits";
    /// Light or dark.
    SetTheme = "set_theme";
    /// Switch between light and dark.
    SwitchTheme = "switch_theme";
    /// Height of rows.
    SetDensity = "set_density";
    /// Single-letter keys.
    SetLetters = "set_letters";
    /// What a store sells from.
    SetStore = "set_store";
    /// The keys of this screen.
    ShowKeys = "show_keys";
}
