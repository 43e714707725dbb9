//! Money between a store and Odoo: what Odoo would make of lines ([`totals`]), what a store's order
//! is made of ([`parts`]), and lines whose total in Odoo is the store's ([`render`]).
//!
//! Everything here is exact and pure: fractions instead of floats, no clock, no input or output.
//! Nothing is sent to Odoo that was not computed here first, and what Odoo answers is compared with
//! it afterwards.

mod choose;
mod exact;
mod globally;
mod parts;
mod per_line;
mod recipe;
mod render;
mod taxes;
mod totals;

pub use parts::{Origin, Part, PartError, parts};
pub use recipe::{Recipe, RenderedLine};
pub use render::{Fit, NoVariant, Rendering, Services, Unrenderable, render};
pub use taxes::TaxMap;
pub use totals::{CannotCompute, Computing, LineTotals, PricedLine, Totals, totals};
