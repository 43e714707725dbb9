//! Customers on the wire: those who ordered something.

use std::collections::BTreeSet;

use serde_json::json;
use tandem_domain::Timestamp;
use tandem_sandbox::ShopWorld;

use super::answer::{self, Answer};
use super::query::{Direction, Params, Record};

/// What everybody is who buys, and the only role that is listed unless asked otherwise.
const PLAIN: &str = "customer";

/// `GET /customers`.
pub(super) fn list(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let (included, wanted) = (params.list("include"), params.get("role").unwrap_or(PLAIN));
    let buyers = shop.orders.values().filter_map(|order| {
        let id = order.customer.external_id.as_deref()?;
        let asked = included.is_empty() || included.contains(&id);
        id.parse::<u64>().ok().filter(|id| asked && *id != 0)
    });
    let buyers: BTreeSet<u64> = buyers.collect();
    let role = |id: &u64| shop.roles.get(id).map_or(PLAIN, String::as_str);
    let records = buyers
        .into_iter()
        .filter(|id| wanted == "all" || wanted == role(id))
        .map(|id| Record {
            id,
            created: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            what: id,
        });
    let sorts = ["registered_date", "id", "include", "name"];
    let (rows, paging) = params.page(records.collect(), &sorts, Direction::Up)?;
    let render = |row: &Record<u64>| json!({"id": row.id, "role": role(&row.what)});
    Ok(answer::page(
        rows.iter().map(render).collect(),
        paging,
        params,
    ))
}
