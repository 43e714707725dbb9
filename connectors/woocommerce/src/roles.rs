//! What the shop counts its customers among. An order names the customer and not the role, so
//! roles are asked for, those of a page of orders at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tandem_contract::{Cause, Error, Result};

use crate::client::{Client, PER_PAGE};
use crate::row::{Bad, Row};

/// The role of everybody who buys.
const PLAIN: &str = "customer";

/// Roles by customer, as far as they were asked for; `None` for a plain customer, and for one who
/// was deleted.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    known: Mutex<HashMap<String, Option<String>>>,
}

impl Roles {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Option<String>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for those of these customers that are not known yet. A key that may read orders and
    /// no customers learns no roles: their orders go by their currency alone.
    pub(crate) async fn ask(&self, client: &Client, customers: BTreeSet<&str>) -> Result<()> {
        let strange: Vec<&str> = {
            let known = self.known();
            let strange = customers.into_iter().filter(|id| !known.contains_key(*id));
            strange.collect()
        };
        for some in strange.chunks(PER_PAGE) {
            let found = match read(client, some).await {
                Err(error) if is_closed(&error) => HashMap::new(),
                found => found?,
            };
            let found = some.iter().map(|id| {
                let role = found.get(*id).filter(|role| *role != PLAIN);
                ((*id).to_owned(), role.cloned())
            });
            self.known().extend(found);
        }
        Ok(())
    }

    /// The role of a customer that was asked for.
    pub(crate) fn of(&self, customer: &str) -> Option<String> {
        self.known().get(customer).cloned().flatten()
    }
}

/// Without `role=all` the shop lists plain customers only.
async fn read(client: &Client, customers: &[&str]) -> Result<HashMap<String, String>> {
    let params = [
        ("include", customers.join(",")),
        ("role", "all".to_owned()),
        ("per_page", PER_PAGE.to_string()),
        ("_fields", "id,role".to_owned()),
    ];
    let (_, rows) = client.list("customers", &params).await?;
    let rows = rows.iter().map(|raw| role_in(raw.get()));
    rows.collect::<std::result::Result<_, Bad>>()
        .map_err(|bad| Error::new(Cause::Unreadable, "GET customers").detail(&bad.to_string()))
}

fn role_in(json: &str) -> std::result::Result<(String, String), Bad> {
    let row = Row::parse(json)?;
    Ok((row.id("id")?.to_string(), row.text("role")?))
}

/// Whether the shop shows customers to nobody like us.
fn is_closed(error: &Error) -> bool {
    matches!(
        error.cause,
        Cause::KeyMayNotRead | Cause::UserLacksRight | Cause::NotFound
    )
}
