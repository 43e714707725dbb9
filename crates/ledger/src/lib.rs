//! Money between a store and Odoo: what Odoo would make of lines ([`totals`]), what a store's order
//! is made of ([`parts`]), lines whose total in Odoo is the store's ([`render`]), and lines of a credit
//! note whose total is what a customer got back ([`credit`]).
//!
//! Everything here is exact and pure: fractions instead of floats, no clock, no input or output.
//! Nothing is sent to Odoo that was not computed here first, and what Odoo answers is compared with
//! it afterwards.

mod bind;
mod choose;
mod exact;
mod globally;
mod parts;
mod per_line;
mod rates;
mod recipe;
mod refund;
mod render;
mod taxes;
mod totals;

pub use bind::{NoVariant, Services, Sold};
pub use parts::{Origin, Part, PartError, parts};
pub use recipe::{Recipe, RenderedLine};
pub use refund::{AmountOnly, Crediting, Uncreditable, credit};
pub use render::{Fit, Rendering, Unrenderable, render};
pub use taxes::TaxMap;
pub use totals::{CannotCompute, Computing, LineTotals, PricedLine, Totals, totals};
