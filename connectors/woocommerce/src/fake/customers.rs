//! Customers on the wire: those who ordered something.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tandem_domain::{Address, Timestamp};
use tandem_sandbox::{ShopCustomer, ShopOrder, ShopStaff, ShopWorld};

use super::answer::{self, Answer};
use super::orders;
use super::query::{Direction, Params, Record};
use super::stamps::{self, Edit};

/// What everybody is who buys, and the only role that is listed unless asked otherwise.
const PLAIN: &str = "customer";
/// States of some countries, as the shop spells them.
const STATES: [(&str, &[(&str, &str)]); 5] = [
    ("AE", &[]),
    ("EG", &[("EGALX", "Alexandria"), ("EGC", "Cairo")]),
    ("IT", &[("MI", "Milano"), ("RM", "Roma")]),
    ("KW", &[]),
    ("US", &[("CA", "California"), ("NY", "New York")]),
];

/// `GET /customers`.
pub(super) fn list(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let (included, wanted) = (params.list("include"), params.get("role").unwrap_or(PLAIN));
    let mut buyers: BTreeMap<u64, &ShopOrder> = BTreeMap::new();
    for order in shop.orders.values() {
        let id = order.customer.external_id.as_deref();
        let asked = id.filter(|id| included.is_empty() || included.contains(id));
        let Some(id) = asked.and_then(|id| id.parse().ok()).filter(|id| *id != 0) else {
            continue;
        };
        let newest = buyers.entry(id).or_insert(order);
        if order.created >= newest.created {
            *newest = order;
        }
    }
    let records = buyers
        .into_iter()
        .filter(|(id, _)| wanted == "all" || wanted == role(shop, *id))
        .filter_map(|(id, newest)| {
            let touched = shop.customers.get(&id).cloned();
            let what = touched.unwrap_or_else(|| ShopCustomer::of(newest));
            (!what.deleted).then_some(Record {
                id,
                created: Timestamp::UNIX_EPOCH,
                modified: Timestamp::UNIX_EPOCH,
                what,
            })
        });
    let sorts = ["registered_date", "id", "include", "name"];
    let (rows, paging) = params.page(records.collect(), &sorts, Direction::Up)?;
    let render = |row: &Record<ShopCustomer>| customer(shop, row.id, &row.what);
    Ok(answer::page(
        rows.iter().map(render).collect(),
        paging,
        params,
    ))
}

/// `PUT /customers/{id}`. A shop manager may write plain customers only.
pub(super) fn edit(shop: &mut ShopWorld, edit: &Edit<'_>, params: &Params) -> Answer {
    let Ok(body) = serde_json::from_slice::<Value>(edit.body) else {
        return answer::refusal(400, "rest_invalid_json", "Invalid JSON body passed.");
    };
    let Some(mut known) = shop.customer(edit.id) else {
        return answer::refusal(404, "wc_user_invalid_id", "Invalid user ID.");
    };
    if shop.staff == ShopStaff::Manager && role(shop, edit.id) != PLAIN {
        let message = "Sorry, you are not allowed to edit this resource.";
        return answer::refusal(403, "woocommerce_rest_cannot_edit", message).uncached();
    }
    if let Err(invalid) = checked(&body) {
        return invalid;
    }
    set(&mut known.billing, &body["billing"]);
    set(&mut known.shipping, &body["shipping"]);
    stamps::set_all(&mut known.meta, &body);
    known.meta.retain(|(key, _)| !is_protected(key));
    let answer = customer(shop, edit.id, &known);
    shop.customers.insert(edit.id, known);
    answer::one(answer, params)
}

/// `GET /data/countries/{code}`.
pub(super) fn country(code: &str, params: &Params) -> Result<Answer, Answer> {
    let code = code.to_uppercase();
    let found = STATES.iter().find(|(country, _)| *country == code);
    let Some((_, states)) = found else {
        let message = "There are no locations matching these parameters.";
        let unknown = "woocommerce_rest_data_invalid_location";
        return Err(answer::refusal(404, unknown, message));
    };
    let states: Vec<Value> = states
        .iter()
        .map(|(code, name)| json!({"code": code, "name": name}))
        .collect();
    let country = json!({"code": code, "name": code, "states": states});
    Ok(answer::one(country, params))
}

fn role(shop: &ShopWorld, id: u64) -> &str {
    shop.roles.get(&id).map_or(PLAIN, String::as_str)
}

/// Fields with an underscore before them are nobody's business here.
fn is_protected(key: &str) -> bool {
    key.starts_with('_')
}

/// A customer as recorded (74), as far as it is known here. Fields are shown to administrators.
fn customer(shop: &ShopWorld, id: u64, known: &ShopCustomer) -> Value {
    let mut customer = json!({
        "id": id,
        "role": role(shop, id),
        "billing": orders::address(&known.billing, Some("")),
        "shipping": orders::address(&known.shipping, None),
    });
    if shop.staff == ShopStaff::Administrator {
        customer["meta_data"] = stamps::meta_data(id, &known.meta);
    }
    customer
}

/// What the schema of a single write refuses: an address that is none, a part that is no text, and
/// an e-mail that is empty.
fn checked(body: &Value) -> Result<(), Answer> {
    for name in ["billing", "shipping"] {
        let refused = |why: &str| Err(answer::invalid_param(name, "rest_invalid_type", why));
        match &body[name] {
            Value::Null => {}
            Value::Object(parts) => {
                if let Some((part, _)) = parts.iter().find(|(_, value)| !value.is_string()) {
                    return refused(&format!("{name}[{part}] is not of type string."));
                }
                if parts.get("email").is_some_and(|email| email == "") {
                    return refused(&format!("{name}[email] is not a valid email address."));
                }
            }
            _ => return refused(&format!("{name} is not of type object.")),
        }
    }
    Ok(())
}

/// Only the parts that were sent.
fn set(address: &mut Address, parts: &Value) {
    let sent = |name: &str| parts[name].as_str().map(str::to_owned);
    let some = |text: String| (!text.is_empty()).then_some(text);
    let mut lines = [0, 1].map(|line| address.street.get(line).cloned().unwrap_or_default());
    for (line, name) in lines.iter_mut().zip(["address_1", "address_2"]) {
        *line = sent(name).unwrap_or_else(|| line.clone());
    }
    address.street = lines.into_iter().filter_map(some).collect();
    for (part, name) in [
        (&mut address.city, "city"),
        (&mut address.state, "state"),
        (&mut address.postcode, "postcode"),
        (&mut address.country, "country"),
    ] {
        if let Some(text) = sent(name) {
            *part = some(text);
        }
    }
}
