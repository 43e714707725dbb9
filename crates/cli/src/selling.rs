//! The grammar of what is about selling: maps and audits.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is done with the maps of a store.
#[derive(Debug, Args)]
pub(crate) struct MapsArgs {
    /// The store
    pub(crate) store: String,
    /// What to do
    #[arg(value_enum, default_value_t = MapsWord::List)]
    pub(crate) what: MapsWord,
    /// Which map
    #[arg(value_enum)]
    pub(crate) kind: Option<MapWord>,
    /// The store's id, code or spelling
    pub(crate) key: Option<String>,
    /// Odoo's id, several taxes with commas; or none, own, later, never, draft, confirmed,
    /// invoiced, posted, yes
    pub(crate) value: Option<String>,
    /// For carriers, the address of a parcel's page with {number} in it
    #[arg(long)]
    pub(crate) tracking: Option<String>,
}

/// What a store is told about its customers.
#[derive(Debug, Args)]
pub(crate) struct CustomersArgs {
    /// The store
    pub(crate) store: String,
    /// What to do
    #[arg(value_enum, default_value_t = CustomersWord::Plan)]
    pub(crate) what: CustomersWord,
    /// With apply: what is written, by its id in the plan, addresses that changed on both sides
    /// too; left out, all that is planned
    pub(crate) ids: Vec<String>,
    /// With set: whether addresses that change in Odoo are told
    #[arg(long, value_enum)]
    pub(crate) address: Option<SwitchWord>,
    /// With set: whether Odoo's id is kept on the store's customer
    #[arg(long, value_enum)]
    pub(crate) mark: Option<SwitchWord>,
}

/// What to do about customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CustomersWord {
    /// Show what would be told; writes nothing.
    Plan,
    /// Tell it.
    Apply,
    /// Switch what is told on or off.
    Set,
}

/// A switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SwitchWord {
    /// On.
    On,
    /// Off.
    Off,
}

/// What is held against Odoo.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The store
    pub(crate) store: String,
    /// First day, as 2026-11-01
    #[arg(long)]
    pub(crate) from: String,
    /// Last day
    #[arg(long)]
    pub(crate) to: String,
    /// Also write every finding to this file: .csv or .xlsx
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,
}

/// Which document is saved, and where.
#[derive(Debug, Clone, Args)]
pub(crate) struct PaperArgs {
    /// With document: which
    #[arg(long, value_enum, default_value_t = PaperWord::Order)]
    pub(crate) kind: PaperWord,
    /// With document: the file to write
    #[arg(long, value_name = "F.pdf")]
    pub(crate) out: Option<PathBuf>,
    /// With document: write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// The documents that Odoo prints of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperWord {
    /// The order itself.
    Order,
    /// Its invoice.
    Invoice,
    /// Its delivery slip.
    Delivery,
    /// Its credit note.
    CreditNote,
}

/// What to do with maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapsWord {
    /// List them.
    List,
    /// Ask Odoo again what there is, and list.
    Propose,
    /// Show what a row would make of a real order; nothing is written.
    Try,
    /// Settle one row.
    Set,
    /// Put proposals in force: of one kind, or all.
    Accept,
    /// Take a row back.
    Clear,
}

/// The maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapWord {
    /// Tax rates.
    Tax,
    /// Payment methods.
    Payment,
    /// Ways of delivery.
    Carrier,
    /// Currencies.
    Pricelist,
    /// Customers' roles in a currency, as wholesale/EUR.
    Role,
    /// Statuses of orders.
    Status,
    /// Products for charges.
    Service,
    /// Customers with an e-mail that several have.
    Customer,
    /// Orders that go in all the same.
    Anyway,
    /// Another store's mark that means this store.
    SameStore,
}
