//! What is known of the parents of variations: the shop's list of variations names only their id.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::value::RawValue;
use tandem_contract::Result;

use super::parent_ids;
use crate::client::{Client, PER_PAGE};
use crate::map::Parent;
use crate::row::{Bad, Row};
use crate::wire::Product;

/// Parents remembered at most, about 1 MB, whatever the size of the catalogue.
const PARENTS_MAX: usize = 10_000;

/// Parents seen among the products, so that most pages of variations need no second request.
#[derive(Debug, Default)]
pub(super) struct Parents(Mutex<HashMap<u64, Parent>>);

impl Parents {
    fn known(&self) -> MutexGuard<'_, HashMap<u64, Parent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, product: &Product) {
        self.make_room(1);
        self.known().insert(product.id, Parent::of(product));
    }

    /// Forgets all rather than grow without end; what is needed again is looked up again.
    fn make_room(&self, parents: usize) {
        let mut known = self.known();
        if known.len() + parents > PARENTS_MAX {
            known.clear();
        }
    }

    /// Looks up those parents of a page of variations that are not known yet.
    pub(super) async fn learn(&self, client: &Client, rows: &[Box<RawValue>]) -> Result<()> {
        self.make_room(PER_PAGE);
        let mut missing = parent_ids(rows);
        {
            let known = self.known();
            missing.retain(|id| !known.contains_key(id));
        }
        if missing.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = missing.iter().map(u64::to_string).collect();
        let params = [
            ("include", ids.join(",")),
            ("per_page", PER_PAGE.to_string()),
            ("_fields", Parent::FIELDS.to_owned()),
        ];
        let (_, rows) = client.list("products", &params).await?;
        for raw in &rows {
            if let Ok(product) = Row::parse(raw.get()).and_then(|row| Product::read(&row)) {
                self.remember(&product);
            }
        }
        Ok(())
    }

    /// The parent of a variation; an orphan (its parent in the trash or gone) names it.
    pub(super) fn of(&self, variation: &Product) -> std::result::Result<Parent, Bad> {
        let parent = self.known().get(&variation.parent_id).cloned();
        parent.ok_or_else(|| {
            let id = variation.parent_id.to_string();
            Bad::new("parent_id", &id, "is not among the shop's products")
        })
    }
}
