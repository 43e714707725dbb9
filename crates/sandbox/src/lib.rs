//! The sandbox: one made-up shop and its Odoo, that the connectors' stand-ins serve on loopback.
//!
//! The [`World`] holds what is true; each connector's `fake.rs` speaks it in its own recorded
//! wire shapes. [`Faults`] make a stand-in misbehave, and a [`seed`] builds the same world from
//! the same number every time. Knows no wire shape and no connector.

mod faults;
pub mod seed;
mod server;
mod trade;
mod world;

pub use faults::{Fault, Faults, Rule};
pub use server::{Served, serve};
pub use trade::{
    ErpCarrier, ErpInvoice, ErpInvoiceLine, ErpJournal, ErpMessage, ErpMove, ErpOrder,
    ErpOrderLine, ErpPartner, ErpPicking, ErpPricelist, ErpSales, ErpTax,
};
pub use world::{
    Company, ErpAccount, ErpRights, ErpVariant, ErpWorld, Levels, SharedWorld, ShopAccount,
    ShopAttribute, ShopCharge, ShopCustomer, ShopKind, ShopLine, ShopListing, ShopOrder,
    ShopRefund, ShopRefundLine, ShopRights, ShopStaff, ShopStock, ShopTax, ShopWorld, TaxRate,
    Warehouse, World,
};
