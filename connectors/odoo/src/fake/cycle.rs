//! A sale order's life: confirmed, changed, cancelled, deleted.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_sandbox::{ErpOrder, ErpPicking, World};

use super::Outcome;
use super::acts::Act;
use super::refusal::Refusal;
use super::shipping;
use super::sold::line_of;
use super::sums::{self, Sent};
use crate::wire::parse_instant;

fn missing(model: &str, id: i64) -> Refusal {
    let words =
        format!("Record does not exist or has been deleted.\n(Record: {model}({id},), User: 7)");
    Refusal::new("odoo.exceptions.MissingError", &words)
}

/// Takes an order out of the world, does something with it, and puts it back.
fn with_order<T>(
    world: &mut World,
    id: i64,
    act: impl FnOnce(&mut World, &mut ErpOrder) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let order = world.erp.sales.orders.remove(&id);
    let mut order = order.ok_or_else(|| missing("sale.order", id))?;
    let outcome = act(world, &mut order);
    world.erp.sales.orders.insert(id, order);
    outcome
}

/// `090-confirm` to `092`: the date becomes now, and what is counted gets a transfer.
pub(super) fn confirm(world: &mut World, act: &Act<'_>) -> Outcome {
    for id in act.ids() {
        with_order(world, id, |world, order| {
            if !["draft", "sent"].contains(&order.state.as_str()) {
                return Err(not_to_confirm(world, order));
            }
            "sale".clone_into(&mut order.state);
            order.placed = world.clock.now();
            order.modified = order.placed;
            deliver(world, id, order);
            Ok(())
        })?;
    }
    Ok(Some(json!(true)))
}

fn not_to_confirm(world: &World, order: &ErpOrder) -> Refusal {
    let words = if super::major(world) >= 18 {
        "Some orders are not in a state requiring confirmation.".to_owned()
    } else {
        format!(
            "The following orders are not in a state requiring confirmation: {}",
            order.name
        )
    };
    Refusal::user_error(&words)
}

fn deliver(world: &mut World, id: i64, order: &ErpOrder) {
    if !world.erp.modules.iter().any(|module| module == "stock") {
        return;
    }
    let is_goods = |product: &i64| {
        let found = world.erp.variants.get(product);
        found.is_some_and(|variant| variant.kind != "service")
    };
    let lines = order.lines.iter();
    let moves: Vec<(i64, Decimal)> = lines
        .filter(|line| is_goods(&line.product) && line.quantity > Decimal::ZERO)
        .map(|line| (line.id, line.quantity))
        .collect();
    if moves.is_empty() {
        return;
    }
    let place = world.erp.warehouses.values();
    let code = place
        .clone()
        .find(|place| place.company == order.company)
        .map_or("WH", |place| place.code.as_str());
    let code = code.to_owned();
    let sales = &mut world.erp.sales;
    let name = format!("{code}/OUT/{:05}", sales.next_number("OUT"));
    let row = sums::next_id(sales, "stock.picking");
    let moves = shipping::moves(sales, moves);
    let picking = ErpPicking {
        name,
        state: "assigned".to_owned(),
        order: id,
        partner: order.deliver_to,
        carrier: order.carrier,
        tracking: String::new(),
        done: None,
        moves,
        backorder_of: None,
        created: order.modified,
        modified: order.modified,
    };
    sales.pickings.insert(row, picking);
}

/// `110` to `113`: on 17 and 18 a confirmed order first shows a window, unless told not to.
pub(super) fn cancel(world: &mut World, act: &Act<'_>) -> Outcome {
    let warned = act.context("disable_cancel_warning") == true;
    let old = super::major(world) <= 18;
    for id in act.ids() {
        let wizard = with_order(world, id, |world, order| {
            if order.locked {
                let words = "You cannot cancel a locked order. Please unlock it first.";
                return Err(Refusal::user_error(words));
            }
            if old && !warned && order.state != "draft" {
                return Ok(Some(wizard(id)));
            }
            "cancel".clone_into(&mut order.state);
            order.modified = world.clock.now();
            let drafts = super::sold::invoices_of(&world.erp.sales, order);
            let sales = &mut world.erp.sales;
            let open = |picking: &&mut ErpPicking| picking.order == id && picking.state != "done";
            for picking in sales.pickings.values_mut().filter(open) {
                "cancel".clone_into(&mut picking.state);
            }
            for draft in drafts {
                let invoice = sales.invoices.get_mut(&draft);
                if let Some(invoice) = invoice.filter(|invoice| invoice.state == "draft") {
                    "cancel".clone_into(&mut invoice.state);
                }
            }
            Ok(None)
        })?;
        if wizard.is_some() {
            return Ok(wizard);
        }
    }
    Ok(Some(json!(true)))
}

/// `111-cancel-confirmed`.
fn wizard(id: i64) -> Value {
    json!({
        "name": "Cancel Sales Order",
        "view_mode": "form",
        "res_model": "sale.order.cancel",
        "view_id": 1124,
        "type": "ir.actions.act_window",
        "context": {
            "default_template_id": 14,
            "default_order_id": id,
            "mark_so_as_canceled": true,
            "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
            "model_description": "Sales Order",
        },
        "target": "new",
    })
}

/// `115-unlink-confirmed`. With the record its external id is gone.
pub(super) fn unlink(world: &mut World, act: &Act<'_>) -> Outcome {
    for id in act.ids() {
        let state = world
            .erp
            .sales
            .orders
            .get(&id)
            .map(|order| order.state.clone());
        if !matches!(state.as_deref(), None | Some("draft" | "cancel")) {
            let words = "You can not delete a sent quotation or a confirmed sales order. You must \
                         first cancel it.";
            return Err(Refusal::user_error(words));
        }
        world.erp.sales.delete_order(id);
    }
    Ok(Some(json!(true)))
}

/// Columns of an order, and commands for its lines.
pub(super) fn write_order(world: &mut World, act: &Act<'_>) -> Outcome {
    let values = act.arg(1, "vals");
    for id in act.ids() {
        with_order(world, id, |world, order| {
            if let Some(text) = values["date_order"].as_str() {
                order.placed = parse_instant(text)
                    .map_err(|_| Refusal::value_error(&format!("time data '{text}'")))?;
            }
            if let Some(text) = values["client_order_ref"].as_str() {
                text.clone_into(&mut order.number);
            }
            if let Some(commands) = values["order_line"].as_array() {
                change_lines(world, (id, order), commands)?;
            }
            order.modified = world.clock.now();
            Ok(())
        })?;
    }
    Ok(Some(json!(true)))
}

fn change_lines(
    world: &mut World,
    (id, order): (i64, &mut ErpOrder),
    commands: &[Value],
) -> Result<(), Refusal> {
    if order.locked {
        return Err(locked());
    }
    let mut sent = Vec::new();
    for command in commands {
        match command[0].as_i64() {
            Some(0) => sent.push(line_in(world, &command[2])?),
            Some(2 | 5) if order.state == "sale" => {
                let words = "Once a sales order is confirmed, you can't remove one of its lines \
                             (we need to track if something gets invoiced or delivered).\n\
                             Set the quantity to 0 instead.";
                return Err(Refusal::user_error(words));
            }
            Some(2) => order.lines.retain(|line| json!(line.id) != command[1]),
            Some(5) => order.lines.clear(),
            _ => {
                return Err(Refusal::value_error(
                    "a command that the stand-in does not know",
                ));
            }
        }
    }
    sums::append(world, (id, order), sent);
    Ok(())
}

fn line_in(world: &World, values: &Value) -> Result<Sent, Refusal> {
    let names = values.as_object();
    let tax_column = if super::major(world) >= 19 {
        "tax_ids"
    } else {
        "tax_id"
    };
    let other = ["tax_id", "tax_ids"]
        .into_iter()
        .find(|name| *name != tax_column);
    if let Some(unknown) = other.filter(|name| names.is_some_and(|all| all.contains_key(*name))) {
        return Err(Refusal::no_such_field("sale.order.line", unknown));
    }
    let number = |name: &str| -> Decimal { values[name].to_string().parse().unwrap_or_default() };
    let taxes = values[tax_column][0][2].as_array();
    let product = values["product_id"].as_i64().unwrap_or_default();
    if !world.erp.variants.contains_key(&product) {
        return Err(missing("product.product", product));
    }
    Ok(Sent {
        product,
        name: values["name"].as_str().unwrap_or_default().to_owned(),
        quantity: number("product_uom_qty"),
        price: number("price_unit"),
        taxes: taxes
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect(),
        delivery: values["is_delivery"] == true,
    })
}

/// `063-user-edit` and `114-write-locked-line`.
pub(super) fn write_line(world: &mut World, act: &Act<'_>) -> Outcome {
    let values = act.arg(1, "vals");
    for id in act.ids() {
        let found = line_of(&world.erp.sales, id).map(|(order, ..)| order);
        let order = found.ok_or_else(|| missing("sale.order.line", id))?;
        with_order(world, order, |world, order| {
            if order.locked {
                return Err(locked());
            }
            if let Some(line) = order.lines.iter_mut().find(|line| line.id == id) {
                let number = |name: &str| values[name].to_string().parse::<Decimal>().ok();
                line.quantity = number("product_uom_qty").unwrap_or(line.quantity);
                line.price = number("price_unit").unwrap_or(line.price);
                if let Some(name) = values["name"].as_str() {
                    name.clone_into(&mut line.name);
                }
            }
            sums::add_up(world, order);
            order.modified = world.clock.now();
            Ok(())
        })?;
    }
    Ok(Some(json!(true)))
}

fn locked() -> Refusal {
    let words = "It is forbidden to modify the following fields in a locked order:\nQuantity";
    Refusal::user_error(words)
}
