//! The sales side as tables: which records there are, and what stands in their columns.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::normal_email;
use tandem_sandbox::{
    ErpInvoice, ErpInvoiceLine, ErpOrder, ErpOrderLine, ErpPartner, ErpPicking, ErpSales,
};

use super::atlas;
use super::view::{Cell, View, text};
use crate::wire::instant_text;

/// Subtypes of messages: `Discussions`, and `Note`, which is for staff.
const SUBTYPES: [(i64, &str); 2] = [(1, "Discussions"), (2, "Note")];

type Ids<'v> = Box<dyn Iterator<Item = i64> + 'v>;

fn after<T>(table: &BTreeMap<i64, T>, last: i64) -> impl Iterator<Item = (i64, &T)> {
    let rest = table.range(last.saturating_add(1)..);
    rest.map(|(id, row)| (*id, row))
}

fn listed<'v>(mut ids: Vec<i64>, last: i64) -> Ids<'v> {
    ids.sort_unstable();
    Box::new(ids.into_iter().filter(move |id| *id > last))
}

/// The order that a line stands on, and the line.
pub(super) fn line_of(sales: &ErpSales, id: i64) -> Option<(i64, &ErpOrder, &ErpOrderLine)> {
    let on = |(order, found): (&i64, &'_ ErpOrder)| {
        let place = found.lines.iter().position(|line| line.id == id)?;
        Some((*order, place))
    };
    let indexed = sales.line_orders.get(&id);
    let known = indexed.and_then(|order| on((order, sales.orders.get(order)?)));
    let (order, place) = known.or_else(|| sales.orders.iter().find_map(on))?;
    let found = sales.orders.get(&order)?;
    Some((order, found, &found.lines[place]))
}

fn invoice_line_of(sales: &ErpSales, id: i64) -> Option<(i64, &ErpInvoiceLine)> {
    sales.invoices.iter().find_map(|(invoice, found)| {
        let line = found.lines.iter().find(|line| line.id == id)?;
        Some((*invoice, line))
    })
}

/// `096-picking-moves`: until it is picked, the quantity is what is reserved.
fn of_move<'v>(sales: &ErpSales, id: i64, field: &str) -> Option<Cell<'v>> {
    let on = |(row, picking): (&i64, &'_ ErpPicking)| {
        let place = picking.moves.iter().position(|made| made.id == id)?;
        Some((*row, place))
    };
    let (row, place) = sales.pickings.iter().find_map(on)?;
    let picking = &sales.pickings[&row];
    let made = &picking.moves[place];
    Some(match field {
        "picking_id" => Cell::Ref(Some(row)),
        "sale_line_id" => Cell::Ref(Some(made.line)),
        "product_id" => Cell::Ref(line_of(sales, made.line).map(|(_, _, line)| line.product)),
        "product_uom_qty" => Cell::Number(made.quantity),
        "quantity" => Cell::Number(made.picked.unwrap_or(made.quantity)),
        "picked" => Cell::Bool(made.picked.is_some()),
        "state" => Cell::Text(Cow::Owned(picking.state.clone())),
        _ => Cell::Nothing,
    })
}

/// The invoices and credit notes that bill lines of an order.
pub(super) fn invoices_of(sales: &ErpSales, order: &ErpOrder) -> Vec<i64> {
    let bills = |line: &ErpInvoiceLine| {
        let mut of = line.of.iter();
        of.any(|id| order.lines.iter().any(|line| line.id == *id))
    };
    let invoices = sales.invoices.iter();
    let ours = invoices.filter(|(_, invoice)| invoice.lines.iter().any(bills));
    ours.map(|(id, _)| *id).collect()
}

impl<'a> View<'a> {
    fn sales(&self) -> &'a ErpSales {
        &self.world().erp.sales
    }

    /// The ids of a model of the sales side after one; `None` for other models.
    pub(super) fn sold_after(&self, model: &str, last: i64) -> Option<Ids<'_>> {
        let sales = self.sales();
        let ours = |company: i64| self.companies().contains(&company);
        let shared = move |company: Option<i64>| company.is_none_or(ours);
        Some(match model {
            "sale.order" => Box::new(
                after(&sales.orders, last)
                    .filter(move |(_, row)| ours(row.company))
                    .map(|(id, _)| id),
            ),
            "sale.order.line" => {
                let mine = sales.orders.values().filter(move |row| ours(row.company));
                let lines = mine.flat_map(|order| order.lines.iter().map(|line| line.id));
                listed(lines.collect(), last)
            }
            "res.partner" => Box::new(after(&sales.partners, last).map(|(id, _)| id)),
            "account.tax" => Box::new(
                after(&sales.taxes, last)
                    .filter(move |(_, row)| ours(row.company))
                    .map(|(id, _)| id),
            ),
            "account.journal" => Box::new(
                after(&sales.journals, last)
                    .filter(move |(_, row)| ours(row.company))
                    .map(|(id, _)| id),
            ),
            "account.move" => Box::new(
                after(&sales.invoices, last)
                    .filter(move |(_, row)| ours(row.company))
                    .map(|(id, _)| id),
            ),
            "account.move.line" => {
                let invoices = sales.invoices.values();
                let lines = invoices.flat_map(|found| found.lines.iter().map(|line| line.id));
                listed(lines.collect(), last)
            }
            "product.pricelist" => Box::new(
                after(&sales.pricelists, last)
                    .filter(move |(_, row)| shared(row.company))
                    .map(|(id, _)| id),
            ),
            "delivery.carrier" => Box::new(after(&sales.carriers, last).map(|(id, _)| id)),
            "stock.picking" => Box::new(after(&sales.pickings, last).map(|(id, _)| id)),
            "stock.move" => {
                let moves = sales.pickings.values().flat_map(|picking| &picking.moves);
                listed(moves.map(|made| made.id).collect(), last)
            }
            "mail.message" => Box::new(after(&sales.messages, last).map(|(id, _)| id)),
            "res.country" => listed(atlas::COUNTRIES.iter().map(|row| row.0).collect(), last),
            "res.country.state" => listed(atlas::STATES.iter().map(|row| row.0).collect(), last),
            _ => return None,
        })
    }

    /// The lines of these orders, without a look at all the others.
    pub(super) fn lines_of<'o>(&self, orders: impl Iterator<Item = &'o i64>) -> Vec<i64> {
        let orders = orders.filter_map(|id| self.sales().orders.get(id));
        orders
            .flat_map(|order| order.lines.iter().map(|line| line.id))
            .collect()
    }

    /// One column of one record of the sales side.
    pub(super) fn sold_cell(&self, model: &str, id: i64, field: &str) -> Option<Cell<'a>> {
        let sales = self.sales();
        Some(match model {
            "sale.order" => self.of_order(id, sales.orders.get(&id)?, field),
            "sale.order.line" => {
                let (order, found, line) = line_of(sales, id)?;
                of_line(self.sales(), (order, found, line), field)
            }
            "res.partner" => of_partner(sales, id, sales.partners.get(&id)?, field),
            "account.tax" => self.of_tax(id, field)?,
            "account.journal" => {
                let journal = sales.journals.get(&id)?;
                match field {
                    "name" => text(&journal.name),
                    "code" => text(&journal.code),
                    "type" => text(&journal.kind),
                    "currency_id" => Cell::Ref(journal.currency.and_then(|c| self.currency_row(c))),
                    "company_id" => Cell::Ref(Some(journal.company)),
                    "active" => Cell::Bool(true),
                    _ => Cell::Nothing,
                }
            }
            "account.move" => self.of_invoice(sales.invoices.get(&id)?, field),
            "account.move.line" => {
                let (invoice, line) = invoice_line_of(sales, id)?;
                of_invoice_line(invoice, line, field)
            }
            "product.pricelist" => {
                let pricelist = sales.pricelists.get(&id)?;
                match field {
                    "name" => text(&pricelist.name),
                    "currency_id" => Cell::Ref(self.currency_row(pricelist.currency)),
                    "company_id" => Cell::Ref(pricelist.company),
                    "active" => Cell::Bool(true),
                    _ => Cell::Nothing,
                }
            }
            "delivery.carrier" => {
                let carrier = sales.carriers.get(&id)?;
                match field {
                    "name" => text(&carrier.name),
                    "product_id" => Cell::Ref(Some(carrier.product)),
                    "active" => Cell::Bool(true),
                    _ => Cell::Nothing,
                }
            }
            "stock.picking" => self.of_picking(sales.pickings.get(&id)?, field),
            "stock.move" => of_move(sales, id, field)?,
            "mail.message" => self.of_message(id, field)?,
            "mail.author" => text(&sales.messages.get(&id)?.author),
            "mail.message.subtype" => text(SUBTYPES.iter().find(|row| row.0 == id)?.1),
            "res.country" => match (atlas::country(id)?, field) {
                ((_, _, name), "name") => text(name),
                ((_, code, _), "code") => text(code),
                _ => Cell::Nothing,
            },
            "res.country.state" => match (atlas::state(id)?, field) {
                ((_, _, _, name), "name") => text(name),
                ((_, _, code, _), "code") => text(code),
                ((_, country, ..), "country_id") => Cell::Ref(Some(*country)),
                _ => Cell::Nothing,
            },
            _ => return None,
        })
    }

    fn of_order(&self, id: i64, order: &'a ErpOrder, field: &str) -> Cell<'a> {
        match field {
            "name" | "display_name" => text(&order.name),
            "state" => text(&order.state),
            "client_order_ref" => text(&order.number),
            "origin" => text(&order.origin),
            "date_order" => Cell::Instant(order.placed),
            "partner_id" => Cell::Ref(Some(order.partner)),
            "partner_invoice_id" => Cell::Ref(Some(order.invoice_to)),
            "partner_shipping_id" => Cell::Ref(Some(order.deliver_to)),
            "currency_id" => Cell::Ref(self.currency_row(order.currency)),
            "pricelist_id" => Cell::Ref(order.pricelist),
            "company_id" => Cell::Ref(Some(order.company)),
            "amount_untaxed" => Cell::Number(order.untaxed),
            "amount_tax" => Cell::Number(order.tax),
            "amount_total" => Cell::Number(order.total),
            "order_line" => Cell::Refs(order.lines.iter().map(|line| line.id).collect()),
            "invoice_ids" => Cell::Refs(invoices_of(self.sales(), order)),
            "invoice_status" => text(to_invoice(self.sales(), order)),
            "note" => text(&order.note),
            "locked" => Cell::Bool(order.locked),
            "write_date" => Cell::Instant(order.modified),
            "carrier_id" => Cell::Ref(order.carrier),
            "picking_ids" => {
                let pickings = self.sales().pickings.iter();
                let ours = pickings.filter(|(_, picking)| picking.order == id);
                Cell::Refs(ours.map(|(id, _)| *id).collect())
            }
            _ => Cell::Nothing,
        }
    }

    fn of_tax(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let tax = self.sales().taxes.get(&id)?;
        let country = |code: &str| atlas::COUNTRIES.iter().find(|row| row.1 == code);
        Some(match field {
            "name" => text(&tax.name),
            "amount" => Cell::Number(tax.percent),
            "amount_type" => text(&tax.kind),
            "type_tax_use" => text("sale"),
            "price_include" => Cell::Bool(tax.included),
            "include_base_amount" => Cell::Bool(tax.compound),
            "is_base_affected" | "active" => Cell::Bool(true),
            "sequence" => Cell::Int(tax.sequence),
            "country_id" => Cell::Ref(country(&tax.country).map(|row| row.0)),
            "company_id" => Cell::Ref(Some(tax.company)),
            _ => Cell::Nothing,
        })
    }

    fn of_invoice(&self, invoice: &'a ErpInvoice, field: &str) -> Cell<'a> {
        match field {
            // `103-invoice-read-draft`: a slash until 18, nothing on 19.
            "name" => match &invoice.name {
                Some(name) => text(name),
                None if super::major(self.world()) >= 19 => Cell::Nothing,
                None => text("/"),
            },
            "state" => text(&invoice.state),
            "move_type" => text(&invoice.kind),
            "ref" => text(&invoice.reference),
            "invoice_origin" => text(&invoice.origin),
            "invoice_date" => text(&invoice.date),
            "partner_id" => Cell::Ref(Some(invoice.partner)),
            "currency_id" => Cell::Ref(self.currency_row(invoice.currency)),
            "company_id" => Cell::Ref(Some(invoice.company)),
            "amount_untaxed" => Cell::Number(invoice.untaxed),
            "amount_tax" => Cell::Number(invoice.tax),
            "amount_residual" if invoice.payment_state == "paid" => Cell::Number(Decimal::ZERO),
            "amount_total" | "amount_residual" => Cell::Number(invoice.total),
            "payment_state" => text(&invoice.payment_state),
            "reversed_entry_id" => Cell::Ref(invoice.reverses),
            "invoice_line_ids" => Cell::Refs(invoice.lines.iter().map(|line| line.id).collect()),
            "write_date" => Cell::Instant(invoice.modified),
            _ => Cell::Nothing,
        }
    }

    fn of_picking(&self, picking: &'a ErpPicking, field: &str) -> Cell<'a> {
        match field {
            "name" => text(&picking.name),
            "state" => text(&picking.state),
            "origin" => {
                let order = self.sales().orders.get(&picking.order);
                let Some(order) = order else {
                    return Cell::Nothing;
                };
                // `095-picking-read`: 18 adds the store's number.
                if super::major(self.world()) == 18 && !order.number.is_empty() {
                    return Cell::Text(Cow::Owned(format!("{} - {}", order.name, order.number)));
                }
                text(&order.name)
            }
            "sale_id" => Cell::Ref(Some(picking.order)),
            "partner_id" => Cell::Ref(Some(picking.partner)),
            "carrier_id" => Cell::Ref(picking.carrier),
            "carrier_tracking_ref" => text(&picking.tracking),
            "scheduled_date" => Cell::Instant(picking.created),
            "backorder_id" => Cell::Ref(picking.backorder_of),
            "date_done" => picking.done.map_or(Cell::Nothing, Cell::Instant),
            "picking_type_id" => Cell::Ref(Some(2)),
            "move_ids" => Cell::Refs(picking.moves.iter().map(|made| made.id).collect()),
            "write_date" => Cell::Instant(picking.modified),
            _ => Cell::Nothing,
        }
    }

    fn of_message(&self, id: i64, field: &str) -> Option<Cell<'a>> {
        let message = self.sales().messages.get(&id)?;
        Some(match field {
            "date" => Cell::Instant(message.at),
            "model" => text("sale.order"),
            "res_id" => Cell::Int(message.order),
            "author_id" => Cell::Ref(Some(id)),
            "message_type" => text(&message.kind),
            "subtype_id" => Cell::Ref(Some(if message.note { 2 } else { 1 })),
            "subtype_id.internal" if message.note => Cell::Bool(true),
            "is_internal" => Cell::Bool(message.internal),
            "body" => text(&message.body),
            _ => Cell::Nothing,
        })
    }
}

/// `invoice_status`.
fn to_invoice(sales: &ErpSales, order: &ErpOrder) -> &'static str {
    if order.state != "sale" {
        return "no";
    }
    let mut lines = order.lines.iter();
    if lines.any(|line| !sales.to_invoice(line).is_zero()) {
        "to invoice"
    } else if order
        .lines
        .iter()
        .all(|line| line.invoiced == line.quantity)
    {
        "invoiced"
    } else {
        "no"
    }
}

fn of_line<'a>(
    sales: &ErpSales,
    (id, order, line): (i64, &ErpOrder, &'a ErpOrderLine),
    field: &str,
) -> Cell<'a> {
    match field {
        "order_id" => Cell::Ref(Some(id)),
        "product_id" => Cell::Ref(Some(line.product)),
        "name" => text(&line.name),
        "product_uom_qty" => Cell::Number(line.quantity),
        "price_unit" => Cell::Number(line.price),
        "tax_id" | "tax_ids" => Cell::Refs(line.taxes.clone()),
        "price_subtotal" => Cell::Number(line.untaxed),
        "price_tax" => Cell::Number(line.total - line.untaxed),
        "price_total" => Cell::Number(line.total),
        "qty_delivered" => Cell::Number(line.delivered),
        "qty_invoiced" if order.state == "draft" => Cell::Number(Decimal::ZERO),
        "qty_invoiced" => Cell::Number(line.invoiced),
        "qty_to_invoice" if order.state == "sale" => Cell::Number(sales.to_invoice(line)),
        "discount" | "qty_to_invoice" => Cell::Number(Decimal::ZERO),
        "is_delivery" => Cell::Bool(line.delivery),
        _ => Cell::Nothing,
    }
}

fn of_partner<'a>(sales: &'a ErpSales, id: i64, partner: &'a ErpPartner, field: &str) -> Cell<'a> {
    match field {
        "name" | "complete_name" => text(&partner.name),
        "type" => text(&partner.role),
        "company_type" => text("person"),
        "company_name" => text(&partner.company_name),
        "is_company" => Cell::Bool(false),
        "parent_id" => Cell::Ref(partner.parent),
        "child_ids" => {
            let children = sales.partners.iter();
            let own = children.filter(|(_, child)| child.parent == Some(id));
            Cell::Refs(own.map(|(id, _)| *id).collect())
        }
        "email" => text(&partner.email),
        "email_normalized" if partner.email.contains('@') => {
            Cell::Text(Cow::Owned(normal_email(&partner.email)))
        }
        "phone" => text(&partner.phone),
        "street" => text(&partner.street),
        "street2" => text(&partner.street2),
        "city" => text(&partner.city),
        "zip" => text(&partner.zip),
        "state_id" => Cell::Ref(partner.state),
        "country_id" => Cell::Ref(partner.country),
        "active" => Cell::Bool(!partner.archived),
        _ => Cell::Nothing,
    }
}

fn of_invoice_line<'a>(invoice: i64, line: &'a ErpInvoiceLine, field: &str) -> Cell<'a> {
    match field {
        "move_id" => Cell::Ref(Some(invoice)),
        "sequence" => Cell::Int(10),
        "display_type" => text("product"),
        "product_id" => Cell::Ref(Some(line.product)),
        "name" => text(&line.name),
        "quantity" => Cell::Number(line.quantity),
        "price_unit" => Cell::Number(line.price),
        "discount" => Cell::Number(Decimal::ZERO),
        "tax_ids" => Cell::Refs(line.taxes.clone()),
        "price_subtotal" => Cell::Number(line.untaxed),
        "price_total" => Cell::Number(line.total),
        "sale_line_ids" => Cell::Refs(line.of.clone()),
        _ => Cell::Nothing,
    }
}

/// The day of an instant, as Odoo spells dates.
pub(super) fn day(instant: tandem_domain::Timestamp) -> String {
    instant_text(instant).chars().take(10).collect()
}
