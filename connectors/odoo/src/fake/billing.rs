//! Invoices: the wizard that makes them, and posting.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_sandbox::{ErpInvoice, ErpInvoiceLine, ErpOrder, World};

use super::Outcome;
use super::acts::Act;
use super::refusal::Refusal;
use super::sold::day;
use super::sums::{self, Sent};

/// `100-invoice-wizard-create`: a number, or a list where the arguments came by name.
pub(super) fn open(world: &mut World, act: &Act<'_>) -> Value {
    let values = act.arg(0, "vals_list");
    let order = values["sale_order_ids"][0][2][0]
        .as_i64()
        .unwrap_or_default();
    let sales = &mut world.erp.sales;
    let id = sums::next_id(sales, "sale.advance.payment.inv");
    sales.wizards.insert(id, order);
    if act.is_named() {
        json!([id])
    } else {
        json!(id)
    }
}

/// `101-invoice-wizard-run` and `108-invoice-nothing-left`.
pub(super) fn create(world: &mut World, act: &Act<'_>) -> Outcome {
    let wizard = act.ids().first().copied().unwrap_or_default();
    let id = world
        .erp
        .sales
        .wizards
        .get(&wizard)
        .copied()
        .unwrap_or_default();
    if let Some(words) = &world.erp.sales.invoices_refused {
        return Err(Refusal::user_error(words));
    }
    let order = world.erp.sales.orders.get(&id).cloned();
    let order = order.filter(|order| order.state == "sale");
    let mut order = order.ok_or_else(nothing_left)?;
    let mut invoice = bill(world, &mut order).ok_or_else(nothing_left)?;
    let partner = invoice.partner;
    order.modified = world.clock.now();
    let sales = &mut world.erp.sales;
    if sales.twin_drafts > 0 {
        sales.twin_drafts -= 1;
        let last = sales.last_numbers.get("INV").copied().unwrap_or_default();
        invoice.name = Some(number_of("INV", &day(world.clock.now()), last.max(1)));
    }
    let row = sums::next_id(sales, "account.move");
    sales.invoices.insert(row, invoice);
    sales.orders.insert(id, order);
    let major = super::major(world);
    Ok(Some(next_screen(row, partner, major)))
}

/// What is ordered and not billed yet; `None` where nothing is left.
fn bill(world: &mut World, order: &mut ErpOrder) -> Option<ErpInvoice> {
    let mut billed: Vec<(i64, Sent)> = Vec::new();
    for line in &mut order.lines {
        let due = world.erp.sales.to_invoice(line);
        if due.is_zero() {
            continue;
        }
        let mut sent = sums::sent(line);
        sent.quantity = due;
        sent.name = line_name(world, &sent);
        line.invoiced += due;
        billed.push((line.id, sent));
    }
    if billed.is_empty() {
        return None;
    }
    let place = (order.company, order.currency);
    let totals = sums::totals(world, place, billed.iter().map(|(_, sent)| sent));
    let mut lines = Vec::new();
    for ((of, sent), line) in billed.into_iter().zip(totals.lines) {
        lines.push(ErpInvoiceLine {
            id: sums::next_id(&mut world.erp.sales, "account.move.line"),
            product: sent.product,
            name: sent.name,
            quantity: line.quantity,
            price: line.unit_price,
            taxes: sent.taxes,
            of: vec![of],
            untaxed: line.untaxed,
            total: line.total,
        });
    }
    Some(ErpInvoice {
        name: None,
        kind: "out_invoice".to_owned(),
        state: "draft".to_owned(),
        payment_state: "not_paid".to_owned(),
        partner: order.invoice_to,
        reference: order.number.clone(),
        origin: order.name.clone(),
        date: String::new(),
        currency: order.currency,
        reverses: None,
        company: order.company,
        lines,
        untaxed: totals.untaxed,
        tax: totals.tax,
        total: totals.total,
        modified: world.clock.now(),
    })
}

/// `104-invoice-lines`: from 18 on the product's name stands in front.
fn line_name(world: &World, sent: &Sent) -> String {
    let shown = world.erp.variants.get(&sent.product).map(|variant| {
        let code = Some(variant.sku.as_str()).filter(|code| !code.is_empty());
        code.map_or_else(
            || variant.name.clone(),
            |code| format!("[{code}] {}", variant.name),
        )
    });
    match (super::major(world), shown) {
        (19.., Some(shown)) => format!("{shown}\n{}", sent.name),
        (18, Some(shown)) => format!("{shown} {}", sent.name),
        _ => sent.name.clone(),
    }
}

fn nothing_left() -> Refusal {
    Refusal::user_error(
        "Cannot create an invoice. No items are available to invoice.\n\n\
         To resolve this issue, please ensure that:\n   \
         • The products have been delivered before attempting to invoice them.\n   \
         • The invoicing policy of the product is configured correctly.\n\n\
         If you want to invoice based on ordered quantities instead:\n   \
         • For consumable or storable products, open the product, go to the 'General \
         Information' tab and change the 'Invoicing Policy' from 'Delivered Quantities' to \
         'Ordered Quantities'.\n   \
         • For services (and other products), change the 'Invoicing Policy' to 'Prepaid/Fixed \
         Price'.\n",
    )
}

/// The window that Odoo's own pages would open next, as far as it says something.
fn next_screen(invoice: i64, partner: i64, major: u32) -> Value {
    let list = if major >= 18 { "list" } else { "tree" };
    json!({
        "name": "Invoices",
        "type": "ir.actions.act_window",
        "xml_id": "account.action_move_out_invoice_type",
        "res_id": invoice,
        "res_model": "account.move",
        "target": "current",
        "view_mode": format!("{list},kanban,form,activity"),
        "context": {"default_move_type": "out_invoice", "default_partner_id": partner},
    })
}

fn number_of(row: &str, day: &str, number: u64) -> String {
    format!("{row}/{}/{number:05}", &day[..4])
}

/// `204-invoice-post-number-taken`.
fn number_taken() -> Refusal {
    let words =
        "The operation cannot be completed: Another entry with the same name already exists.";
    Refusal::new("odoo.exceptions.ValidationError", words)
}

/// Columns of a draft: its number, which `/` takes away again.
pub(super) fn rename(world: &mut World, act: &Act<'_>) {
    let name = act.arg(1, "vals")["name"].as_str();
    for id in act.ids() {
        if let Some(invoice) = world.erp.sales.invoices.get_mut(&id) {
            invoice.name = name.filter(|name| *name != "/").map(str::to_owned);
            invoice.modified = world.clock.now();
        }
    }
}

/// `105-invoice-post` and `106-invoice-post-again`.
pub(super) fn post(world: &mut World, act: &Act<'_>) -> Outcome {
    let now = world.clock.now();
    let today = day(now);
    for id in act.ids() {
        let sales = &mut world.erp.sales;
        let Some(found) = sales.invoices.get(&id) else {
            let words =
                format!("Record does not exist or has been deleted.\n(account.move({id},))");
            return Err(Refusal::new("odoo.exceptions.MissingError", &words));
        };
        if found.state != "draft" {
            let name = found.name.clone().unwrap_or_default();
            let words = format!("The entry {name} (id {id}) must be in draft.");
            return Err(Refusal::user_error(&words));
        }
        let (row, refund) = if found.kind == "out_refund" {
            ("RINV", true)
        } else {
            ("INV", false)
        };
        let paid_back = found.reverses.filter(|_| refund);
        let amount = found.total;
        let name = if let Some(name) = found.name.clone() {
            let same = |other: &ErpInvoice| {
                other.state == "posted" && other.name.as_deref() == Some(name.as_str())
            };
            if sales.invoices.values().any(same) {
                return Err(number_taken());
            }
            name
        } else {
            number_of(row, &today, sales.next_number(row))
        };
        if let Some(invoice) = sales.invoices.get_mut(&id) {
            invoice.name = Some(name);
            "posted".clone_into(&mut invoice.state);
            if invoice.date.is_empty() {
                invoice.date.clone_from(&today);
            }
            if refund {
                "paid".clone_into(&mut invoice.payment_state);
            }
            invoice.modified = now;
        }
        if let Some(invoice) = paid_back.and_then(|id| sales.invoices.get_mut(&id)) {
            let whole = invoice.total - amount <= Decimal::ZERO;
            let state = if whole { "reversed" } else { "partial" };
            state.clone_into(&mut invoice.payment_state);
        }
    }
    Ok(Some(json!(false)))
}
