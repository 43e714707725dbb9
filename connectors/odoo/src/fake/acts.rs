//! Calls that change the sales side, and the questions that only writers ask.

use serde_json::{Map, Value, json};
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::load::Load;
use super::refusal::Refusal;
use super::schema::Model;
use super::{billing, cycle, shipping};

/// A call to the sales side, its arguments by place or by name.
pub(super) struct Act<'a> {
    pub(super) model: &'a str,
    pub(super) method: &'a str,
    pub(super) args: &'a [Value],
    pub(super) kwargs: &'a Value,
}

impl<'a> Act<'a> {
    pub(super) fn of(call: &'a [Value]) -> Self {
        let text = |place: usize| call.get(place).and_then(Value::as_str).unwrap_or_default();
        let args = call.get(2).and_then(Value::as_array);
        Self {
            model: text(0),
            method: text(1),
            args: args.map_or(&[][..], Vec::as_slice),
            kwargs: call.get(3).unwrap_or(&Value::Null),
        }
    }

    pub(super) fn arg(&self, place: usize, name: &str) -> &'a Value {
        self.args.get(place).unwrap_or(&self.kwargs[name])
    }

    /// The records that it is about.
    pub(super) fn ids(&self) -> Vec<i64> {
        let ids = self.arg(0, "ids").as_array();
        ids.into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect()
    }

    pub(super) fn context(&self, name: &str) -> &Value {
        &self.kwargs["context"][name]
    }

    /// Whether the arguments came by name, as over JSON-2, which also answers in lists.
    pub(super) fn is_named(&self) -> bool {
        self.args.is_empty()
    }
}

/// Runs a call if it is one of these; reads are for others.
pub(super) fn execute(world: &mut World, account: &ErpAccount, call: &[Value]) -> Option<Outcome> {
    let act = Act::of(call);
    let major = super::major(world);
    match (act.model, act.method) {
        ("ir.model.data", "check_object_reference") => return Some(reference(world, &act)),
        (
            _,
            "get_external_id" | "get_metadata" | "get_portal_url" | "load" | "write" | "create",
        )
        | ("sale.order", "action_confirm" | "action_cancel" | "unlink")
        | ("sale.advance.payment.inv", "create_invoices")
        | ("account.move", "action_post")
        | ("stock.picking", "button_validate")
        | ("stock.backorder.confirmation", "process") => {}
        _ => return None,
    }
    let model = Model::find(act.model, &world.erp.modules, major)?;
    if !model.readable(account.rights) {
        return Some(Err(model.not_readable()));
    }
    Some(match (act.model, act.method) {
        (_, "get_external_id") => Ok(Some(external_ids(world, &act))),
        (_, "get_metadata") => Ok(Some(metadata(world, &act))),
        (model @ ("sale.order" | "account.move"), "get_portal_url") => {
            Ok(Some(portal_url(model, &act)))
        }
        (_, "load") => load(world, account, model, &act),
        ("sale.order", "action_confirm") => cycle::confirm(world, &act),
        ("sale.order", "action_cancel") => cycle::cancel(world, &act),
        ("sale.order", "unlink") => cycle::unlink(world, &act),
        ("sale.order", "write") => cycle::write_order(world, &act),
        ("sale.order.line", "write") => cycle::write_line(world, &act),
        ("sale.advance.payment.inv", "create") => Ok(Some(billing::open(world, &act))),
        ("sale.advance.payment.inv", "create_invoices") => billing::create(world, &act),
        ("account.move", "action_post") => billing::post(world, &act),
        ("stock.picking", "write") => {
            shipping::write(world, &act);
            Ok(Some(json!(true)))
        }
        ("stock.move", "write") => {
            shipping::pick(world, &act);
            Ok(Some(json!(true)))
        }
        ("stock.picking", "button_validate") => shipping::validate(world, &act),
        ("stock.backorder.confirmation", "create") => Ok(Some(made(&act))),
        ("stock.backorder.confirmation", "process") => Ok(Some(shipping::process(world, &act))),
        ("account.move", "write") => {
            billing::rename(world, &act);
            Ok(Some(json!(true)))
        }
        (model, method) => Err(Refusal::no_such_method(model, method)),
    })
}

/// A window that was opened; its answer is in the context, not in its row.
fn made(act: &Act<'_>) -> Value {
    if act.is_named() { json!([1]) } else { json!(1) }
}

fn load(world: &mut World, account: &ErpAccount, model: Model, act: &Act<'_>) -> Outcome {
    let columns = act.arg(0, "fields").as_array();
    let columns = columns.into_iter().flatten().filter_map(Value::as_str);
    let load = Load {
        model,
        account,
        context: &act.kwargs["context"],
        columns: columns.collect(),
        rows: act.arg(1, "data").as_array().map_or(&[][..], Vec::as_slice),
    };
    load.run(world)
}

/// `080-xmlid-found` and `081-xmlid-unknown`.
fn reference(world: &mut World, act: &Act<'_>) -> Outcome {
    let unseen = std::mem::take(&mut world.erp.sales.unseen);
    let text = |place, name| act.arg(place, name).as_str().unwrap_or_default();
    let name = format!("{}.{}", text(0, "module"), text(1, "xml_id"));
    let found = world.erp.sales.external_ids.get(&name);
    let row = found.map(|(model, id)| {
        let seen = if unseen { json!(false) } else { json!(id) };
        Some(json!([model, seen]))
    });
    row.ok_or_else(|| Refusal::value_error(&format!("External ID not found in the system: {name}")))
}

/// One external id of a record; empty where it has none.
fn external_id(world: &World, model: &str, id: i64) -> Option<String> {
    let mut all = world.erp.sales.external_ids.iter();
    let found = all.find(|(_, (of, row))| of == model && *row == id);
    found.map(|(name, _)| name.clone())
}

/// `082-get-external-id`.
fn external_ids(world: &World, act: &Act<'_>) -> Value {
    let named = names_of(world, act);
    let named = named
        .into_iter()
        .map(|(id, name)| (id.to_string(), json!(name)));
    named.collect::<Map<_, _>>().into()
}

fn metadata(world: &World, act: &Act<'_>) -> Value {
    let row = |(id, name): (i64, String)| match name.as_str() {
        "" => json!({"id": id, "xmlid": false}),
        name => json!({"id": id, "xmlid": name}),
    };
    names_of(world, act).into_iter().map(row).collect()
}

fn names_of(world: &World, act: &Act<'_>) -> Vec<(i64, String)> {
    let ids = act.ids();
    // One look through the table is enough for many records.
    let wanted: std::collections::HashSet<i64> = ids.iter().copied().collect();
    let mut names = std::collections::HashMap::new();
    if let [id] = ids[..] {
        names.extend(external_id(world, act.model, id).map(|name| (id, name)));
    } else {
        for (name, (model, id)) in &world.erp.sales.external_ids {
            if model == act.model && wanted.contains(id) {
                names.entry(*id).or_insert_with(|| name.clone());
            }
        }
    }
    ids.into_iter()
        .map(|id| (id, names.remove(&id).unwrap_or_default()))
        .collect()
}

/// `145-portal-url-sale-order`: the token opens the page for whoever has the link.
fn portal_url(model: &str, act: &Act<'_>) -> Value {
    let id = act.ids().first().copied().unwrap_or_default();
    let page = if model == "sale.order" {
        "orders"
    } else {
        "invoices"
    };
    let token = token(page, id);
    json!(format!(
        "/my/{page}/{id}?access_token={token}&report_type=pdf&download=true"
    ))
}

/// The secret of a document's link.
pub(super) fn token(page: &str, id: i64) -> String {
    format!("portal-{page}-{id:08x}")
}
