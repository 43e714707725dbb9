//! The command line's grammar. The names are a contract: scripts are written against them.

use std::path::PathBuf;

use crate::selling::{AuditArgs, CustomersArgs, MapsArgs, PaperArgs};
use clap::{Parser, Subcommand, ValueEnum};

/// Keeps an online store and Odoo in step, from your own computer.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub(crate) struct Args {
    /// Profile: each has its own connections and cache
    #[arg(long, global = true, default_value = "default")]
    pub(crate) profile: String,
    /// Folder of the cache, instead of the profile's own
    #[arg(long, global = true, value_name = "D")]
    pub(crate) data_dir: Option<PathBuf>,
    /// One JSON document on standard output; progress goes to standard error
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where secrets are: the system's keychain, or `TANDEM_SECRET_<SLUG>` in the environment,
    /// as JSON: {"secret":"…"}
    #[arg(long, global = true, value_enum, default_value_t = Secrets::Keychain)]
    pub(crate) secrets: Secrets,
    /// What to do; nothing opens the window
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Where secrets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Secrets {
    /// The system's keychain.
    Keychain,
    /// The environment of this process.
    Env,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try Tandem on a made-up party shop; nothing leaves this computer
    Demo {
        /// Print the whole job instead of opening the window
        #[arg(long)]
        text: bool,
    },
    /// Serve the made-up shop and its Odoo on loopback until stopped
    Sandbox {
        /// The same seed gives the same shop
        #[arg(long)]
        seed: Option<u64>,
        /// Sellable listings, 200 to 200000
        #[arg(long)]
        listings: Option<usize>,
        /// Orders of the last month
        #[arg(long)]
        orders: Option<usize>,
        /// JSON file of faults: `{"woocommerce": [{"path": "/products", "fault": "slow", "delay_ms": 900}]}`
        #[arg(long)]
        faults: Option<PathBuf>,
    },
    /// Make a connection, or change one; the secret is read from standard input, never from here
    Connect {
        /// What it speaks: woocommerce, odoo
        kind: String,
        /// Short name: a-z, 0-9 and _
        slug: String,
        /// Address
        #[arg(long)]
        url: String,
        /// User name, login or consumer key
        #[arg(long, required_unless_present = "consent", default_value = "")]
        login: String,
        /// Odoo's database; left out, the only one is taken
        #[arg(long)]
        database: Option<String>,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
        /// Print a page of the shop on which you let Tandem in, and wait for your yes
        #[arg(long, conflicts_with_all = ["login", "make_key"])]
        consent: bool,
        /// Let Odoo make a key with the password, and keep that key instead of the password
        #[arg(long)]
        make_key: bool,
        /// Trust the certificate of this fingerprint; look at it first
        #[arg(long, value_name = "SHA256")]
        certificate: Option<String>,
    },
    /// Trust a certificate that no authority vouches for; look at it first
    Trust {
        /// The connection
        slug: String,
        /// SHA-256 of the certificate, as the failed test showed it
        #[arg(required_unless_present = "forget")]
        fingerprint: Option<String>,
        /// Trust it no longer
        #[arg(long, conflicts_with = "fingerprint")]
        forget: bool,
    },
    /// Say that a shop found at another place is still the same one; links and decisions stay
    Moved {
        /// The connection
        slug: String,
    },
    /// Put a new key in the place of one that ends
    RenewKey {
        /// The connection
        slug: String,
        /// Read the password from standard input, where the server asks for it
        #[arg(long)]
        password: bool,
    },
    /// Look after the connections: those not tested for an hour, or one now with what changed
    Health {
        /// The connection; left out, all
        slug: Option<String>,
    },
    /// Say which Odoo, company and warehouses a store sells from
    Bind {
        /// The store
        store: String,
        /// The Odoo connection
        odoo: String,
        /// Company id in Odoo; left out, the only one is taken
        #[arg(long)]
        company: Option<i32>,
        /// Warehouse id in Odoo; repeat for several, leave out for all
        #[arg(long = "warehouse")]
        warehouses: Vec<i32>,
    },
    /// List the connections
    Connections,
    /// Remove a connection, what was fetched for it, and its secret
    Disconnect {
        /// Its short name
        slug: String,
    },
    /// Test a connection and say what is wrong with it
    Test {
        /// Its short name
        slug: String,
    },
    /// Read both sides of a store, then match
    Fetch {
        /// The store
        store: String,
        /// Read everything, even where only changes would do
        #[arg(long)]
        full: bool,
    },
    /// Match again what is in the cache
    Match {
        /// The store
        store: String,
    },
    /// List the mapping, decide about all rows of a list, or take it out into a file and in again
    Links(LinksArgs),
    /// Decide about a listing
    Decide {
        /// The store
        store: String,
        /// The listing's key; `-` with undo
        listing: String,
        /// What to do
        #[arg(value_enum)]
        action: DecideWord,
        /// Odoo's variant id, for accept and reject
        variant: Option<i32>,
    },
    /// List what was decided, step by step, or take one step back
    History {
        /// The store
        store: String,
        /// Only what was decided about this listing
        #[arg(long, value_name = "KEY", conflicts_with = "undo")]
        listing: Option<String>,
        /// Take this step back
        #[arg(long, value_name = "STEP")]
        undo: Option<u32>,
        /// How many rows
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show what the matching learned of a store, or correct its words
    Learned {
        /// The store
        store: String,
        /// `take-back` a learned word or `restore` it; `add` a pair to your word list or `remove` it
        #[arg(value_enum, requires = "words")]
        change: Option<WordWord>,
        /// The store's word, and what it means in Odoo
        #[arg(num_args = 2, value_names = ["WORD", "MEANS"], required = false)]
        words: Vec<String>,
    },
    /// List proposals that look alike, look at a sample of them, or accept them all
    Patterns(PatternsArgs),
    /// Match two CSV files with the columns id, name, sku, barcode, price and more
    MatchFiles {
        /// The store's listings
        left: PathBuf,
        /// Odoo's variants
        right: PathBuf,
        /// Where to write `left_id,right_id,score,decision` and more
        #[arg(long, value_name = "P.csv")]
        out: PathBuf,
        /// Decisions taken before: `left_id,right_id,decision`
        #[arg(long, value_name = "D.csv")]
        decisions: Option<PathBuf>,
    },
    /// List and show the orders, plan what goes into Odoo, and import them
    Orders {
        /// The store
        store: String,
        /// What to do; `plan` and `import` are about the orders named, or with --all about all
        /// that wait
        #[arg(value_enum, default_value_t = OrdersWord::List)]
        what: OrdersWord,
        /// The orders' numbers, or ids as id:4159; for `apply` the order and the change's id
        keys: Vec<String>,
        /// Import every order that waits
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        paper: PaperArgs,
        #[command(flatten)]
        filter: OrdersFilter,
    },
    /// List the maps between store and Odoo, and settle them
    Maps(MapsArgs),
    /// What a store would be told about its customers; tell it. Off until it is switched on
    Customers(CustomersArgs),
    /// Hold every order of a period against Odoo
    Audit(AuditArgs),
    /// Say what needs you today, and how things stand
    Today {
        /// The store; left out, all
        store: Option<String>,
    },
    /// List what was done: runs, and decisions by day
    Log {
        /// The number of a run, to show it in full
        run: Option<u32>,
        /// Only of this store
        #[arg(long)]
        store: Option<String>,
        /// Only runs that failed
        #[arg(long)]
        failed: bool,
        /// A code, a step or a name in a run's account
        #[arg(long, default_value = "")]
        find: String,
        /// How many rows
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Say how much room pictures take, or remove them
    Pictures {
        /// Remove all; they are fetched again when they are looked at
        #[arg(long)]
        clear: bool,
    },
    /// Write links, maps, decisions and settings into one file; no keys
    Backup {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Say what is in a backup, and take it over
    Restore {
        /// The backup
        file: PathBuf,
        /// Take it over; what it replaces is kept beside
        #[arg(long)]
        yes: bool,
    },
    /// Print what somebody who helps needs to know: versions, settings, tests, what was done.
    /// Names, addresses, prices and keys are left out
    Support,
    /// Find products and orders of a store
    Find {
        /// The store
        store: String,
        /// Some letters of a name, a number, a SKU
        text: String,
    },
    /// List the records of both sides that could not be understood
    Problems {
        /// The store
        store: String,
        /// How many rows
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// List past runs of a store
    Runs {
        /// The store
        store: String,
    },
}

/// What to do with the mapping.
#[derive(Debug, clap::Args)]
pub(crate) struct LinksArgs {
    /// The store
    pub(crate) store: String,
    /// Which list; left out, those that wait for a person, and for a file all listings
    #[arg(long, value_enum)]
    pub(crate) state: Option<LinksState>,
    /// Words to find on the store's side
    #[arg(long, default_value = "")]
    pub(crate) find: String,
    /// How many rows
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Decide about all rows of the list; says what it would do, until --expect says the same
    #[arg(long, value_enum, value_name = "WHAT", group = "instead")]
    pub(crate) all: Option<AllWord>,
    /// Write the mapping into a file: .csv or .xlsx
    #[arg(long, value_name = "FILE", group = "instead")]
    pub(crate) export: Option<PathBuf>,
    /// Take decisions from a file; says what it would do, until --expect says the same
    #[arg(long, value_name = "FILE", group = "instead")]
    pub(crate) import: Option<PathBuf>,
    /// Do it, if it is exactly so many decisions
    #[arg(long, value_name = "COUNT")]
    pub(crate) expect: Option<u32>,
}

/// What can be decided about many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AllWord {
    /// The pairs that are shown are the same thing each.
    Accept,
    /// They are not.
    Reject,
    /// The listings need no counterpart.
    Ignore,
}

/// The lists of the mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LinksState {
    /// Waits for a person.
    Review,
    /// In force.
    Mapped,
    /// Without a counterpart.
    Unmatched,
    /// Keys that several records share.
    Conflicts,
}

/// What can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecideWord {
    /// These two are the same thing.
    Accept,
    /// These two are not.
    Reject,
    /// The listing needs no counterpart.
    Ignore,
    /// Take the last decision back.
    Undo,
}

/// What to do with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WordWord {
    /// A learned word does not count any more.
    TakeBack,
    /// It counts again.
    Restore,
    /// Put a pair on the word list.
    Add,
    /// Take it off.
    Remove,
}

/// What is asked of patterns.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PatternsArgs {
    /// The store
    pub(crate) store: String,
    /// Nothing, `list`, `sample` or `accept`
    #[arg(value_enum, default_value_t = PatternsWord::List)]
    pub(crate) what: PatternsWord,
    /// The pattern's name, as the list has it
    pub(crate) pattern: Option<String>,
    /// For `accept`: the set that was looked at, as the sample names it; without it the sample is
    /// shown and nothing is accepted
    #[arg(long, value_name = "SET")]
    pub(crate) seen: Option<String>,
}

/// What to do with patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PatternsWord {
    /// List them.
    List,
    /// Look at some rows of one.
    Sample,
    /// Accept all rows of one.
    Accept,
}

/// What to do with orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrdersWord {
    /// List them.
    List,
    /// Show one.
    Show,
    /// One as the store sent it, secrets left out.
    Raw,
    /// What an import would do; asks Odoo, writes nothing.
    Plan,
    /// Bring them into Odoo.
    Import,
    /// Every step that was taken for one.
    Journal,
    /// What there is to do about one that changed in the store.
    Changes,
    /// Do one of these.
    Apply,
    /// Save a document that Odoo prints of one as a PDF.
    Document,
}

/// What the list of orders is narrowed to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OrdersFilter {
    /// Number, name, e-mail, telephone or SKU to find
    #[arg(long, default_value = "")]
    pub(crate) find: String,
    /// Name, e-mail or telephone of the customer
    #[arg(long, default_value = "")]
    pub(crate) customer: String,
    /// Where they stand; repeat for several
    #[arg(long = "state", value_enum)]
    pub(crate) states: Vec<OrderStateWord>,
    /// A status as the store spells it; repeat for several
    #[arg(long = "status")]
    pub(crate) statuses: Vec<String>,
    /// Placed at or after this instant: 2026-11-21T00:00:00Z
    #[arg(long)]
    pub(crate) from: Option<String>,
    /// Placed before this instant
    #[arg(long)]
    pub(crate) before: Option<String>,
    /// Totals of at least this
    #[arg(long)]
    pub(crate) min: Option<String>,
    /// Totals of at most this
    #[arg(long)]
    pub(crate) max: Option<String>,
    /// How many rows
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// With raw: leave out what is about a person too
    #[arg(long)]
    pub(crate) hide_personal: bool,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderStateWord {
    /// Could go in as it is.
    Waiting,
    /// Held back.
    Blocked,
    /// In Odoo, with the store's total.
    Imported,
    /// In Odoo, and not what it is in the store.
    Differs,
    /// Stopped on its road.
    Failed,
    /// Not paid or not confirmed yet.
    NotYet,
    /// Done, cancelled or refunded in the store.
    Closed,
}
