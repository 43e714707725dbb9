//! Records as `load` brings them: read from cells, then made or written over.

use rust_decimal::Decimal;
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpInvoice, ErpInvoiceLine, ErpOrder, ErpPartner, ErpVariant, World};

use super::atlas;
use super::refusal::Refusal;
use super::sheet::{Cells, Pointer, Reading, Record, Wrong, is_empty, text_of};
use super::sums::{self, Sent};

/// What is wrong, and in which field, by its name and its label.
pub(super) type Complaint = (Wrong, Option<(&'static str, &'static str)>);

/// What a record's cells say.
pub(super) enum Arrival {
    Order(Box<ErpOrder>, Vec<Sent>),
    Partner(Box<ErpPartner>, Vec<(String, ErpPartner)>),
    Service(String),
    CreditNote(Box<ErpInvoice>, Vec<(Sent, Vec<i64>)>),
}

type Read = Result<Result<Arrival, Vec<Complaint>>, Refusal>;

pub(super) fn read(
    world: &World,
    reading: &Reading<'_>,
    record: &Record<'_>,
    (model, company): (&str, i64),
) -> Read {
    match model {
        "sale.order" => order(world, reading, record, company),
        "res.partner" => Ok(partner(reading, record)),
        "product.product" => Ok(Ok(Arrival::Service(text_of(&record.head, "name")))),
        "account.move" => credit_note(world, reading, record, company),
        other => Err(Refusal::no_such_method(other, "load")),
    }
}

const CUSTOMER: (&str, &str) = ("partner_id", "Customer");
const LINES: (&str, &str) = ("order_line", "Order Lines");

fn pointer<'p>(column: &'p str, model: &'p str, label: &'p str) -> Pointer<'p> {
    Pointer {
        column,
        model,
        label,
    }
}

/// Who orders, who pays, and where the goods go; left out, the last two are the first.
fn people(reading: &Reading<'_>, head: &Cells<'_>) -> Result<[i64; 3], Vec<Complaint>> {
    let partners = |id: i64| reading.sales.partners.contains_key(&id);
    let person = |column: &'static str, label: &'static str| {
        let row = reading.row(head, pointer(column, "res.partner", label), &partners);
        row.map_err(|wrong| (wrong, Some((column, label))))
    };
    // `074-order-load-unknown-partner`: and then it is missing, too.
    let missing = || {
        let words = "Missing required value for the field 'Customer' (partner_id)".to_owned();
        (Wrong::new(words), Some((CUSTOMER.0, "")))
    };
    let partner = person(CUSTOMER.0, CUSTOMER.1).map_err(|wrong| vec![wrong, missing()])?;
    let partner = partner.ok_or_else(|| vec![missing()])?;
    let bill = person("partner_invoice_id", "Invoice Address").map_err(|wrong| vec![wrong])?;
    let ship = person("partner_shipping_id", "Delivery Address").map_err(|wrong| vec![wrong])?;
    Ok([partner, bill.unwrap_or(partner), ship.unwrap_or(partner)])
}

fn order(world: &World, reading: &Reading<'_>, record: &Record<'_>, company: i64) -> Read {
    let (sales, head) = (&world.erp.sales, &record.head);
    let [partner, bill, ship] = match people(reading, head) {
        Ok(people) => people,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let date = text_of(head, "date_order");
    let placed = match date.as_str() {
        "" => Ok(world.clock.now()),
        text => reading.instant(text, "Order Date"),
    };
    let placed = match placed {
        Ok(placed) => placed,
        Err(wrong) => return Ok(Err(vec![(wrong, Some(("date_order", "Order Date")))])),
    };
    let mut sent = Vec::new();
    for cells in &record.lines {
        match order_line(world, reading, cells, company)? {
            Ok(line) => sent.push(line),
            Err(wrong) => return Ok(Err(vec![wrong])),
        }
    }
    let row = |column: &str| text_of(head, column).parse::<i64>().ok();
    let pricelist = row("pricelist_id/.id").filter(|id| sales.pricelists.contains_key(id));
    let own = world.erp.companies[&company].currency;
    let currency = pricelist.map_or(own, |id| sales.pricelists[&id].currency);
    let order = ErpOrder {
        name: String::new(),
        state: "draft".to_owned(),
        partner,
        invoice_to: bill,
        deliver_to: ship,
        number: text_of(head, "client_order_ref"),
        origin: text_of(head, "origin"),
        placed,
        pricelist,
        currency,
        carrier: row("carrier_id/.id"),
        note: text_of(head, "note"),
        company,
        lines: Vec::new(),
        untaxed: Decimal::ZERO,
        tax: Decimal::ZERO,
        total: Decimal::ZERO,
        locked: false,
        modified: world.clock.now(),
    };
    Ok(Ok(Arrival::Order(Box::new(order), sent)))
}

fn order_line(
    world: &World,
    reading: &Reading<'_>,
    cells: &Cells<'_>,
    company: i64,
) -> Result<Result<Sent, Complaint>, Refusal> {
    let taxes = taxes(
        world,
        reading,
        cells,
        (company, &["tax_id/.id", "tax_ids/.id"]),
    )?;
    let variants = &world.erp.variants;
    let products = |id: i64| variants.get(&id).is_some_and(|variant| variant.active);
    let read = || -> Result<Sent, Complaint> {
        let of_lines = |wrong: Wrong| (wrong, Some(LINES));
        let to = pointer("product_id", "product.product", "Order Lines/Product");
        let product = reading.row(cells, to, &products).map_err(of_lines)?;
        // `076-order-load-line-without-product`.
        let product = product.ok_or_else(|| {
            let words = "Missing required value for the field 'name'".to_owned();
            (Wrong::new(words), None)
        })?;
        let quantity = Reading::number(cells, "product_uom_qty", "Order Lines/Quantity");
        let price = Reading::number(cells, "price_unit", "Order Lines/Unit Price");
        let name = text_of(cells, "name");
        Ok(Sent {
            product,
            name: if name.is_empty() {
                world.erp.variants[&product].name.clone()
            } else {
                name
            },
            quantity: quantity.map_err(of_lines)?,
            price: price.map_err(of_lines)?,
            taxes: taxes.map_err(of_lines)?,
            delivery: text_of(cells, "is_delivery") == "1",
        })
    };
    Ok(read())
}

/// The taxes of a line. Without a column they are the product's own; a number instead of text
/// ends the call (`072-order-load-bad-tax-integer`).
fn taxes(
    world: &World,
    reading: &Reading<'_>,
    cells: &Cells<'_>,
    (company, names): (i64, &[&str]),
) -> Result<Result<Vec<i64>, Wrong>, Refusal> {
    let all = &world.erp.sales.taxes;
    let Some(cell) = names.iter().find_map(|name| cells.get(name)) else {
        let own = all.iter().find(|(_, tax)| tax.company == company);
        return Ok(Ok(own.map(|(id, _)| *id).into_iter().collect()));
    };
    if is_empty(cell) {
        return Ok(Ok(Vec::new()));
    }
    if cell.is_number() {
        let words = "'int' object has no attribute 'split'";
        return Err(Refusal::new("builtins.AttributeError", words));
    }
    let there = |id: i64| all.contains_key(&id);
    Ok(reading.rows(cell, ("account.tax", "Order Lines/Taxes"), &there))
}

fn partner(reading: &Reading<'_>, record: &Record<'_>) -> Result<Arrival, Vec<Complaint>> {
    let one = |cells: &Cells<'_>| -> Result<ErpPartner, Vec<Complaint>> {
        let row = |column: &str| text_of(cells, column).parse::<i64>().ok();
        let role = text_of(cells, "type");
        let name = text_of(cells, "name");
        // Odoo's own rule: an address may go without a name, a contact may not.
        if name.is_empty() && (role.is_empty() || role == "contact") {
            let words = "Contacts require a name".to_owned();
            return Err(vec![(Wrong::new(words), None)]);
        }
        let country = row("country_id/.id");
        if let Some(unknown) = country.filter(|id| atlas::country(*id).is_none()) {
            let words =
                format!("No matching record found for database id '{unknown}' in field 'Country'");
            return Err(vec![(Wrong::new(words), Some(("country_id", "Country")))]);
        }
        let partners = |id: i64| reading.sales.partners.contains_key(&id);
        let to = pointer("parent_id", "res.partner", "Related Company");
        let parent = reading.row(cells, to, &partners);
        Ok(ErpPartner {
            parent: parent
                .map_err(|wrong| vec![(wrong, Some(("parent_id", "Related Company")))])?
                .or(reading.parent),
            role: if role.is_empty() {
                "contact".to_owned()
            } else {
                role
            },
            name,
            company_name: text_of(cells, "company_name"),
            email: text_of(cells, "email"),
            phone: text_of(cells, "phone"),
            street: text_of(cells, "street"),
            street2: text_of(cells, "street2"),
            city: text_of(cells, "city"),
            zip: text_of(cells, "zip"),
            state: row("state_id/.id"),
            country,
            archived: false,
        })
    };
    let mut children = Vec::new();
    for cells in &record.lines {
        children.push((text_of(cells, "id"), one(cells)?));
    }
    Ok(Arrival::Partner(Box::new(one(&record.head)?), children))
}

fn credit_note(world: &World, reading: &Reading<'_>, record: &Record<'_>, company: i64) -> Read {
    let (sales, head) = (&world.erp.sales, &record.head);
    let row = |column: &str| text_of(head, column).parse::<i64>().ok();
    let reverses = row("reversed_entry_id/.id").filter(|id| sales.invoices.contains_key(id));
    let mut lines = Vec::new();
    for cells in &record.lines {
        let sent = match order_line(world, reading, cells, company)? {
            Ok(sent) => sent,
            Err(wrong) => return Ok(Err(vec![wrong])),
        };
        let quantity = Reading::number(cells, "quantity", "Invoice lines/Quantity");
        let quantity = match quantity {
            Ok(quantity) => quantity,
            Err(wrong) => return Ok(Err(vec![(wrong, None)])),
        };
        let of = text_of(cells, "sale_line_ids/.id");
        let of = of.split(',').filter_map(|id| id.parse().ok()).collect();
        lines.push((Sent { quantity, ..sent }, of));
    }
    // Without the column the company's own, whatever the invoice is in.
    let said = row("currency_id/.id").and_then(|id| sums::currency_of(world, id));
    let note = ErpInvoice {
        name: None,
        kind: text_of(head, "move_type"),
        state: "draft".to_owned(),
        payment_state: "not_paid".to_owned(),
        partner: row("partner_id/.id").unwrap_or_default(),
        reference: text_of(head, "ref"),
        origin: String::new(),
        date: text_of(head, "invoice_date"),
        currency: said.unwrap_or(world.erp.companies[&company].currency),
        reverses,
        company,
        lines: Vec::new(),
        untaxed: Decimal::ZERO,
        tax: Decimal::ZERO,
        total: Decimal::ZERO,
        modified: world.clock.now(),
    };
    Ok(Ok(Arrival::CreditNote(Box::new(note), lines)))
}

impl Arrival {
    /// Makes the record, and answers with its row.
    pub(super) fn create(self, world: &mut World) -> i64 {
        match self {
            Self::Order(mut order, sent) => {
                let sales = &mut world.erp.sales;
                order.name = format!("S{:05}", sales.next_number("S"));
                let id = sums::next_id(sales, "sale.order");
                sums::append(world, (id, &mut order), sent);
                world.erp.sales.orders.insert(id, *order);
                id
            }
            Self::Partner(partner, children) => {
                let sales = &mut world.erp.sales;
                let id = sums::next_id(sales, "res.partner");
                sales.partners.insert(id, *partner);
                for (name, child) in children {
                    let row = sums::next_id(sales, "res.partner");
                    let parent = Some(id);
                    sales.partners.insert(row, ErpPartner { parent, ..child });
                    if !name.is_empty() {
                        let row = ("res.partner".to_owned(), row);
                        sales.external_ids.insert(name, row);
                    }
                }
                id
            }
            Self::Service(name) => {
                let taken = world.erp.variants.keys().next_back().copied().unwrap_or(0);
                let id = world.erp.sales.next_id("product.product", taken);
                let made = service(id, name, world.clock.now());
                world.erp.variants.insert(id, made);
                id
            }
            Self::CreditNote(mut note, lines) => {
                let totals = sums::totals(
                    world,
                    (note.company, note.currency),
                    lines.iter().map(|line| &line.0),
                );
                let sales = &mut world.erp.sales;
                let id = sums::next_id(sales, "account.move");
                for ((sent, of), line) in lines.into_iter().zip(totals.lines) {
                    let row = sums::next_id(sales, "account.move.line");
                    note.lines.push(ErpInvoiceLine {
                        id: row,
                        product: sent.product,
                        name: sent.name,
                        quantity: line.quantity,
                        price: line.unit_price,
                        taxes: sent.taxes,
                        of,
                        untaxed: line.untaxed,
                        total: line.total,
                    });
                }
                (note.untaxed, note.tax, note.total) = (totals.untaxed, totals.tax, totals.total);
                sales.invoices.insert(id, *note);
                id
            }
        }
    }

    /// What a plain `load` does to a record that is there: the columns written over whatever a
    /// person did, the lines appended once more.
    pub(super) fn overwrite(self, world: &mut World, id: i64) {
        match self {
            Self::Order(order, sent) => {
                let Some(mut found) = world.erp.sales.orders.remove(&id) else {
                    return;
                };
                found.partner = order.partner;
                found.invoice_to = order.invoice_to;
                found.deliver_to = order.deliver_to;
                found.number = order.number;
                found.origin = order.origin;
                found.placed = order.placed;
                found.modified = order.modified;
                sums::append(world, (id, &mut found), sent);
                world.erp.sales.orders.insert(id, found);
            }
            Self::Partner(partner, _) => {
                world.erp.sales.partners.insert(id, *partner);
            }
            Self::Service(_) | Self::CreditNote(..) => {}
        }
    }
}

fn service(id: i64, name: String, now: Timestamp) -> ErpVariant {
    ErpVariant {
        template: id,
        name,
        sku: String::new(),
        barcode: String::new(),
        attributes: Vec::new(),
        list_price: Decimal::ZERO,
        kind: "service".to_owned(),
        storable: false,
        active: true,
        sale_ok: true,
        unit: "Units".to_owned(),
        category: "All".to_owned(),
        levels: std::collections::BTreeMap::new(),
        modified: now,
    }
}
