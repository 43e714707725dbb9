//! `PUT /orders/{id}` with meta data, and meta data of whatever else has some.

use serde_json::{Value, json};
use tandem_sandbox::World;

use super::answer::{self, Answer};
use super::orders;
use super::query::Params;

/// Ids of fields are unique in the shop; these are those of one record.
const IDS_PER_RECORD: u64 = 1_000;

/// A change of an order.
pub(super) struct Edit<'a> {
    pub(super) id: u64,
    pub(super) body: &'a [u8],
    /// Whether a change of meta data alone moves the date of the last change: not where orders
    /// are kept as posts.
    pub(super) touches: bool,
}

/// Sets fields as recorded (59): the same key again replaces, null takes away.
pub(super) fn edit(world: &mut World, edit: &Edit<'_>, params: &Params) -> Answer {
    let now = world.clock.now();
    let Ok(body) = serde_json::from_slice::<Value>(edit.body) else {
        return answer::refusal(400, "rest_invalid_json", "Invalid JSON body passed.");
    };
    if let Some(order) = world.shop.orders.get_mut(&edit.id) {
        set_all(&mut order.meta, &body);
        if let Some(status) = body["status"].as_str() {
            status.clone_into(&mut order.status);
        }
        if edit.touches || body.get("status").is_some() {
            order.modified = now;
        }
    }
    orders::single(&world.shop, edit.id, params).unwrap_or_else(|refusal| refusal)
}

/// Sets the fields that a body names.
pub(super) fn set_all(meta: &mut Vec<(String, String)>, body: &Value) {
    for field in body["meta_data"].as_array().into_iter().flatten() {
        let key = field["key"].as_str().unwrap_or_default();
        if field["value"].is_null() {
            meta.retain(|(name, _)| name != key);
            continue;
        }
        let value = field["value"].to_string();
        match meta.iter_mut().find(|(name, _)| name == key) {
            Some(found) => found.1 = value,
            None => meta.push((key.to_owned(), value)),
        }
    }
}

/// Leaves the fields that were asked for, where only some were.
pub(super) fn asked_for(mut order: Value, params: &Params) -> Value {
    let wanted = params.list("include_meta");
    if let (false, Some(fields)) = (wanted.is_empty(), order["meta_data"].as_array_mut()) {
        fields.retain(|field| {
            field["key"]
                .as_str()
                .is_some_and(|key| wanted.contains(&key))
        });
    }
    order
}

/// The fields of the record with that number.
pub(super) fn meta_data(number: u64, meta: &[(String, String)]) -> Value {
    let first = number * IDS_PER_RECORD;
    let fields = (first..).zip(meta).map(|(id, (key, value))| {
        let value: Value = serde_json::from_str(value).unwrap_or_default();
        json!({"id": id, "key": key, "value": value})
    });
    fields.collect()
}
