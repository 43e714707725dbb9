//! The mark that an imported order carries in its store.

use serde::{Deserialize, Serialize};

use crate::Reference;

/// Says in the store where an order went, so that a machine with an empty cache knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its reference in Odoo.
    pub reference: Reference,
    /// Odoo's database.
    pub database: String,
    /// `S00042`, for people.
    pub name: String,
}
