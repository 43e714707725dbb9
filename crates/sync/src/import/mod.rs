//! Orders into Odoo, each exactly once.
//!
//! What is written down before every call, and what is read back after it, makes a crash, a lost
//! answer and a second machine harmless: a creation goes by its reference, which never makes two,
//! and every other step is read, done, and read again.

mod changes;
mod credit;
mod customers;
mod customers_back;
mod customers_told;
mod engine;
mod follow_up;
mod gathered;
mod look;
mod once;
mod plan;
mod rendering;
mod steps;
mod together;
mod verify;

pub use changes::{Change, Changed, NotCredited, changes};
pub use customers_back::{
    CustomerFacts, CustomerGrounds, CustomerItem, CustomerSaid, NotTold, Parties, Telling,
    change_of,
};
pub use customers_told::hold_customers;
pub use engine::{Imported, Importer, Stopped, StoppedBy};
pub use follow_up::FollowUp;
pub use gathered::Gathered;
pub use look::{Looked, Said, look_at, look_up, read_again};
pub use plan::{CustomerPlan, PlannedOrder, Settled, prepare};
pub use steps::waits;
pub use together::{Batch, Outcome, Together, import_all};
