//! From drafts to the cells that `load` reads.

use tandem_contract::{CreditLine, CreditNoteDraft, ServiceDraft};
use tandem_domain::{Address, SaleDraft, SaleLineDraft, TaxKey};

use super::columns::{Columns, Extra};
use super::load::Sheet;
use crate::wire::instant_text;

type Cells = Vec<(&'static str, String)>;

/// An order with its lines. Empty taxes are a cell without text, which means none; a column that
/// is left out would mean the product's own.
pub(super) fn order(draft: &SaleDraft, columns: &Columns) -> Sheet {
    let mut cells: Cells = vec![
        ("partner_id/.id", draft.partner.to_string()),
        ("partner_invoice_id/.id", draft.invoice_to.to_string()),
        ("partner_shipping_id/.id", draft.deliver_to.to_string()),
        ("client_order_ref", draft.number.clone()),
        ("origin", draft.origin.clone()),
        ("date_order", instant_text(draft.placed_at)),
    ];
    if let Some(pricelist) = draft.pricelist {
        cells.push(("pricelist_id/.id", pricelist.to_string()));
    }
    if let Some(carrier) = draft.carrier.filter(|_| columns.has(Extra::Carrier)) {
        cells.push(("carrier_id/.id", carrier.to_string()));
    }
    if let Some(note) = &draft.note {
        cells.push(("note", html(note)));
    }
    let lines: Vec<Cells> = draft
        .lines
        .iter()
        .map(|line| cells_of(line, columns))
        .collect();
    Sheet::new(&draft.reference, cells).with_lines("order_line", &lines)
}

fn cells_of(line: &SaleLineDraft, columns: &Columns) -> Cells {
    let taxes = match columns.line_taxes {
        "tax_ids" => "tax_ids/.id",
        _ => "tax_id/.id",
    };
    let mut cells = vec![
        ("product_id/.id", line.product.to_string()),
        ("name", line.name.clone()),
        ("product_uom_qty", line.quantity.to_string()),
        ("price_unit", line.unit_price.to_string()),
        (taxes, tax_cell(&line.taxes)),
    ];
    if columns.has(Extra::Carrier) {
        let flag = if line.delivery { "1" } else { "" };
        cells.push(("is_delivery", flag.to_owned()));
    }
    cells
}

/// `3,4`. A number instead of text makes Odoo fail (`072-order-load-bad-tax-integer`).
fn tax_cell(taxes: &[TaxKey]) -> String {
    let ids: Vec<String> = taxes.iter().map(ToString::to_string).collect();
    ids.join(",")
}

/// A draft credit note against an invoice, in the invoice's currency.
pub(super) fn credit_note(draft: &CreditNoteDraft, currency: i64) -> Sheet {
    let cells: Cells = vec![
        ("move_type", "out_refund".to_owned()),
        ("partner_id/.id", draft.partner.to_string()),
        ("reversed_entry_id/.id", draft.invoice.to_string()),
        ("ref", draft.note.clone()),
        (
            "invoice_date",
            draft.refunded_at.strftime("%Y-%m-%d").to_string(),
        ),
        ("currency_id/.id", currency.to_string()),
    ];
    let lines: Vec<Cells> = draft.lines.iter().map(credit_cells).collect();
    Sheet::new(&draft.reference, cells).with_lines("invoice_line_ids", &lines)
}

fn credit_cells(line: &CreditLine) -> Cells {
    vec![
        ("product_id/.id", line.product.to_string()),
        ("name", line.name.clone()),
        ("quantity", line.quantity.to_string()),
        ("price_unit", line.unit_price.to_string()),
        ("tax_ids/.id", tax_cell(&line.taxes)),
        (
            "sale_line_ids/.id",
            line.of.map(|line| line.to_string()).unwrap_or_default(),
        ),
    ]
}

/// A service that is invoiced as ordered, without a price or a tax of its own.
pub(super) fn service(draft: &ServiceDraft, columns: &Columns) -> Sheet {
    let kind = if columns.has(Extra::DetailedType) {
        "detailed_type"
    } else {
        "type"
    };
    let cells: Cells = vec![
        ("name", draft.name.clone()),
        (kind, "service".to_owned()),
        ("sale_ok", "1".to_owned()),
        ("purchase_ok", "0".to_owned()),
        ("list_price", "0".to_owned()),
        ("invoice_policy", "order".to_owned()),
        ("taxes_id/.id", String::new()),
    ];
    Sheet::new(&draft.reference, cells)
}

/// What a store's address becomes in Odoo.
pub(super) struct Placed {
    /// `res.country`.
    pub(super) country: Option<i64>,
    /// `res.country.state`, where the store's code is one of Odoo's.
    pub(super) state: Option<i64>,
}

/// The cells of an address. A state that Odoo does not have stands on the second street line, so
/// that nothing that the store wrote is lost on the label.
pub(super) fn address(address: &Address, placed: &Placed) -> Cells {
    let mut rest: Vec<&str> = address.street.iter().skip(1).map(String::as_str).collect();
    if placed.state.is_none() {
        rest.extend(address.state.as_deref());
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    vec![
        (
            "street",
            address.street.first().cloned().unwrap_or_default(),
        ),
        ("street2", rest.join(", ")),
        ("city", text(&address.city)),
        ("zip", text(&address.postcode)),
        ("state_id/.id", id(placed.state)),
        ("country_id/.id", id(placed.country)),
        ("phone", text(&address.phone)),
    ]
}

/// The name on an address: the company before the person, as Odoo itself writes contacts.
pub(super) fn label(address: &Address) -> String {
    match address.company.as_deref().map(str::trim) {
        Some(company) if !company.is_empty() && company != address.name.trim() => {
            let label = format!("{company}, {}", address.name);
            label.trim_end_matches([',', ' ']).to_owned()
        }
        _ => address.name.clone(),
    }
}

/// Plain text as HTML, line by line.
fn html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let lines: Vec<&str> = escaped.lines().map(str::trim_end).collect();
    format!("<p>{}</p>", lines.join("<br>"))
}
