//! Transfers: tracking numbers, what is picked, and validation whole or in part.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_sandbox::{ErpMove, ErpPicking, ErpSales, World};

use super::Outcome;
use super::acts::Act;
use super::refusal::Refusal;
use super::sums;

/// Columns of a transfer: `097-picking-write-tracking`.
pub(super) fn write(world: &mut World, act: &Act<'_>) {
    let values = act.arg(1, "vals");
    let now = world.clock.now();
    for id in act.ids() {
        if let Some(picking) = world.erp.sales.pickings.get_mut(&id) {
            if let Some(text) = values["carrier_tracking_ref"].as_str() {
                text.clone_into(&mut picking.tracking);
            }
            picking.modified = now;
        }
    }
}

/// What is picked of a move: `083-move-set-quantity`.
pub(super) fn pick(world: &mut World, act: &Act<'_>) {
    let quantity = act.arg(1, "vals")["quantity"].to_string();
    let Ok(quantity) = quantity.parse::<Decimal>() else {
        return;
    };
    let ids = act.ids();
    let pickings = world.erp.sales.pickings.values_mut();
    let moves = pickings.flat_map(|picking| &mut picking.moves);
    for made in moves.filter(|made| ids.contains(&made.id)) {
        made.picked = Some(quantity);
    }
}

/// `098-picking-validate`; a customer with a telephone first gets a window that offers a message
/// (`087`), and a shortage one that asks about the rest (`079`), unless told not to.
pub(super) fn validate(world: &mut World, act: &Act<'_>) -> Outcome {
    let is_told = |name: &str| act.context(name) == true;
    let major = super::major(world);
    for id in act.ids() {
        let Some(picking) = world.erp.sales.pickings.get(&id) else {
            let words =
                format!("Record does not exist or has been deleted.\n(stock.picking({id},))");
            return Err(Refusal::new("odoo.exceptions.MissingError", &words));
        };
        if picking.state != "assigned" {
            // `099-picking-validate-again`: 19 says that all is well.
            if major >= 19 && picking.state == "done" {
                continue;
            }
            return Err(nothing_reserved());
        }
        let partner = world.erp.sales.partners.get(&picking.partner);
        if partner.is_some_and(|partner| !partner.phone.is_empty()) && !is_told("skip_sms") {
            return Ok(Some(window("SMS", "confirm.stock.sms", id)));
        }
        if is_short(picking) && !is_told("skip_backorder") {
            let name = "Create Backorder?";
            return Ok(Some(window(name, "stock.backorder.confirmation", id)));
        }
        let dropped = act.context("picking_ids_not_to_backorder").as_array();
        let drops = dropped.is_some_and(|ids| ids.contains(&json!(id)));
        ship(world, id, drops);
    }
    Ok(Some(json!(true)))
}

/// `081-backorder-process`: the window's yes.
pub(super) fn process(world: &mut World, act: &Act<'_>) -> Value {
    let ids = act.context("button_validate_picking_ids").as_array();
    let ids: Vec<i64> = ids
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    for id in ids {
        ship(world, id, false);
    }
    json!(true)
}

fn is_short(picking: &ErpPicking) -> bool {
    let touched = picking.moves.iter().any(|made| made.picked.is_some());
    touched
        && picking
            .moves
            .iter()
            .any(|made| going(made, touched) < made.quantity)
}

/// What leaves of a move: as picked, and everything where nobody picked anything.
fn going(made: &ErpMove, touched: bool) -> Decimal {
    match made.picked {
        Some(picked) => picked,
        None if touched => Decimal::ZERO,
        None => made.quantity,
    }
}

/// Sends off what goes; the rest waits in a transfer of its own, or is dropped.
fn ship(world: &mut World, id: i64, drops: bool) {
    let now = world.clock.now();
    let sales = &mut world.erp.sales;
    let Some(mut picking) = sales.pickings.remove(&id) else {
        return;
    };
    let touched = picking.moves.iter().any(|made| made.picked.is_some());
    let mut rest = Vec::new();
    for made in &mut picking.moves {
        let goes = going(made, touched);
        if goes < made.quantity {
            rest.push((made.line, made.quantity - goes));
        }
        made.quantity = goes;
        made.picked = Some(goes);
        deliver(sales, picking.order, (made.line, goes));
    }
    picking.moves.retain(|made| !made.quantity.is_zero());
    "done".clone_into(&mut picking.state);
    picking.done = Some(now);
    picking.modified = now;
    if !rest.is_empty() && !drops {
        follow(sales, (id, &picking), rest);
    }
    sales.pickings.insert(id, picking);
}

fn deliver(sales: &mut ErpSales, order: i64, (line, goes): (i64, Decimal)) {
    let order = sales.orders.get_mut(&order);
    let lines = order.into_iter().flat_map(|order| &mut order.lines);
    for found in lines.filter(|found| found.id == line) {
        found.delivered += goes;
    }
}

/// A transfer with the rest: the number is its own, the tracking number is not taken along.
fn follow(sales: &mut ErpSales, (id, of): (i64, &ErpPicking), rest: Vec<(i64, Decimal)>) {
    let place = of
        .name
        .rsplit_once('/')
        .map_or("WH/OUT", |(place, _)| place);
    let name = format!("{place}/{:05}", sales.next_number("OUT"));
    let row = sums::next_id(sales, "stock.picking").max(id + 1);
    let moves = moves(sales, rest);
    let picking = ErpPicking {
        name,
        state: "assigned".to_owned(),
        tracking: String::new(),
        done: None,
        moves,
        backorder_of: Some(id),
        created: of.modified,
        ..of.clone()
    };
    sales.pickings.insert(row, picking);
}

/// New moves of lines.
pub(super) fn moves(sales: &mut ErpSales, wanted: Vec<(i64, Decimal)>) -> Vec<ErpMove> {
    let made = |(line, quantity)| ErpMove {
        id: sums::next_id(sales, "stock.move"),
        line,
        quantity,
        picked: None,
    };
    wanted.into_iter().map(made).collect()
}

fn nothing_reserved() -> Refusal {
    Refusal::user_error(
        "You cannot validate a transfer if no quantities are reserved. To force the transfer, \
         encode quantities.",
    )
}

/// A window that Odoo's own pages would open, as far as it says something.
fn window(name: &str, model: &str, picking: i64) -> Value {
    json!({
        "name": name,
        "type": "ir.actions.act_window",
        "view_mode": "form",
        "res_model": model,
        "target": "new",
        "context": {
            "button_validate_picking_ids": [picking],
            "default_show_transfers": false,
            "default_pick_ids": [[4, picking]],
        },
    })
}
