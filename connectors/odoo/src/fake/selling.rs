//! The models of the sales side: columns, and who may read them.

use super::schema::{App, Field, Kind, NAMED, Row, SELLERS, STOCK, field};

const ORDER_STATES: &[(&str, &str)] = &[
    ("draft", "Quotation"),
    ("sent", "Quotation Sent"),
    ("sale", "Sales Order"),
    ("cancel", "Cancelled"),
];
const TO_INVOICE: &[(&str, &str)] = &[
    ("invoiced", "Fully Invoiced"),
    ("to invoice", "To Invoice"),
    ("no", "Nothing to Invoice"),
];
const DELIVERED: &[(&str, &str)] = &[("pending", "Not Delivered"), ("full", "Fully Delivered")];

const ORDER: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("display_name", Kind::Char),
    field("state", Kind::Selection(ORDER_STATES)),
    field("client_order_ref", Kind::Char),
    field("origin", Kind::Char),
    field("date_order", Kind::Datetime),
    field("partner_id", Kind::Many2one("res.partner")),
    field("partner_invoice_id", Kind::Many2one("res.partner")),
    field("partner_shipping_id", Kind::Many2one("res.partner")),
    field("currency_id", Kind::Many2one("res.currency")),
    field("pricelist_id", Kind::Many2one("product.pricelist")),
    field(
        "fiscal_position_id",
        Kind::Many2one("account.fiscal.position"),
    ),
    field("company_id", Kind::Many2one("res.company")),
    field("amount_untaxed", Kind::Monetary),
    field("amount_tax", Kind::Monetary),
    field("amount_total", Kind::Monetary),
    field("order_line", Kind::One2many("sale.order.line")),
    field("invoice_ids", Kind::Many2many("account.move")),
    field("invoice_status", Kind::Selection(TO_INVOICE)),
    field("note", Kind::Html),
    field("locked", Kind::Boolean).since(17),
    field("write_date", Kind::Datetime),
    field("carrier_id", Kind::Many2one("delivery.carrier")).of(App::Delivery),
    field("warehouse_id", Kind::Many2one("stock.warehouse")).of(App::Stock),
    field("picking_ids", Kind::One2many("stock.picking")).of(App::Stock),
    field("delivery_status", Kind::Selection(DELIVERED)).of(App::Stock),
];

const ROWS: &[(&str, &str)] = &[("line_section", "Section"), ("line_note", "Note")];

const ORDER_LINE: &[Field] = &[
    field("id", Kind::Integer),
    field("order_id", Kind::Many2one("sale.order")),
    field("product_id", Kind::Many2one("product.product")),
    field("name", Kind::Char),
    field("product_uom_qty", Kind::Float),
    field("price_unit", Kind::Float).with_digits(),
    field("discount", Kind::Float),
    field("tax_id", Kind::Many2many("account.tax")).until(18),
    field("tax_ids", Kind::Many2many("account.tax")).since(19),
    field("product_uom", Kind::Many2one("uom.uom")).until(18),
    field("product_uom_id", Kind::Many2one("uom.uom")).since(19),
    field("price_subtotal", Kind::Monetary),
    field("price_tax", Kind::Float),
    field("price_total", Kind::Monetary),
    field("display_type", Kind::Selection(ROWS)),
    field("qty_delivered", Kind::Float),
    field("qty_invoiced", Kind::Float),
    field("qty_to_invoice", Kind::Float),
    field("is_delivery", Kind::Boolean).of(App::Delivery),
];

const ROLES: &[(&str, &str)] = &[
    ("contact", "Contact"),
    ("invoice", "Invoice Address"),
    ("delivery", "Delivery Address"),
    ("other", "Other Address"),
];
const PEOPLE: &[(&str, &str)] = &[("person", "Individual"), ("company", "Company")];

const PARTNER: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("complete_name", Kind::Char),
    field("type", Kind::Selection(ROLES)),
    field("company_type", Kind::Selection(PEOPLE)),
    field("is_company", Kind::Boolean),
    field("company_name", Kind::Char),
    field("parent_id", Kind::Many2one("res.partner")),
    field("child_ids", Kind::One2many("res.partner")),
    field("email", Kind::Char),
    field("email_normalized", Kind::Char),
    field("phone", Kind::Char),
    field("mobile", Kind::Char).until(18),
    field("title", Kind::Many2one("res.partner.title")).until(18),
    field("vat", Kind::Char),
    field("street", Kind::Char),
    field("street2", Kind::Char),
    field("city", Kind::Char),
    field("zip", Kind::Char),
    field("state_id", Kind::Many2one("res.country.state")),
    field("country_id", Kind::Many2one("res.country")),
    field("active", Kind::Boolean),
];

const TAX_KINDS: &[(&str, &str)] = &[
    ("group", "Group of Taxes"),
    ("fixed", "Fixed"),
    ("percent", "Percentage of Price"),
    ("division", "Percentage of Price Tax Included"),
];
const TAX_USES: &[(&str, &str)] = &[
    ("sale", "Sales"),
    ("purchase", "Purchases"),
    ("none", "None"),
];

const TAX: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("amount", Kind::Float),
    field("amount_type", Kind::Selection(TAX_KINDS)),
    field("type_tax_use", Kind::Selection(TAX_USES)),
    field("price_include", Kind::Boolean),
    field("include_base_amount", Kind::Boolean),
    field("is_base_affected", Kind::Boolean),
    field("sequence", Kind::Integer),
    field("active", Kind::Boolean),
    field("country_id", Kind::Many2one("res.country")),
    field("company_id", Kind::Many2one("res.company")),
];

const PRICELIST: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("currency_id", Kind::Many2one("res.currency")),
    field("active", Kind::Boolean),
    field("company_id", Kind::Many2one("res.company")),
];

const CARRIER: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("product_id", Kind::Many2one("product.product")),
    field("active", Kind::Boolean),
];

const JOURNAL_KINDS: &[(&str, &str)] = &[("bank", "Bank"), ("cash", "Cash"), ("sale", "Sales")];

const JOURNAL: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("code", Kind::Char),
    field("type", Kind::Selection(JOURNAL_KINDS)),
    field("currency_id", Kind::Many2one("res.currency")),
    field("active", Kind::Boolean),
    field("company_id", Kind::Many2one("res.company")),
];

const MOVE_KINDS: &[(&str, &str)] = &[
    ("out_invoice", "Customer Invoice"),
    ("out_refund", "Customer Credit Note"),
];
const MOVE_STATES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("posted", "Posted"),
    ("cancel", "Cancelled"),
];
const PAID: &[(&str, &str)] = &[
    ("not_paid", "Not Paid"),
    ("in_payment", "In Payment"),
    ("paid", "Paid"),
    ("partial", "Partially Paid"),
    ("reversed", "Reversed"),
];

const INVOICE: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("state", Kind::Selection(MOVE_STATES)),
    field("move_type", Kind::Selection(MOVE_KINDS)),
    field("ref", Kind::Char),
    field("payment_reference", Kind::Char),
    field("invoice_origin", Kind::Char),
    field("invoice_date", Kind::Date),
    field("partner_id", Kind::Many2one("res.partner")),
    field("currency_id", Kind::Many2one("res.currency")),
    field("company_id", Kind::Many2one("res.company")),
    field("amount_untaxed", Kind::Monetary),
    field("amount_tax", Kind::Monetary),
    field("amount_total", Kind::Monetary),
    field("amount_residual", Kind::Monetary),
    field("payment_state", Kind::Selection(PAID)),
    field("reversed_entry_id", Kind::Many2one("account.move")),
    field("invoice_line_ids", Kind::One2many("account.move.line")),
    field("write_date", Kind::Datetime),
];

const LINE_KINDS: &[(&str, &str)] = &[("product", "Product"), ("tax", "Tax")];

const INVOICE_LINE: &[Field] = &[
    field("id", Kind::Integer),
    field("move_id", Kind::Many2one("account.move")),
    field("sequence", Kind::Integer),
    field("display_type", Kind::Selection(LINE_KINDS)),
    field("product_id", Kind::Many2one("product.product")),
    field("name", Kind::Char),
    field("quantity", Kind::Float),
    field("price_unit", Kind::Float).with_digits(),
    field("discount", Kind::Float),
    field("tax_ids", Kind::Many2many("account.tax")),
    field("price_subtotal", Kind::Monetary),
    field("price_total", Kind::Monetary),
    field("sale_line_ids", Kind::Many2many("sale.order.line")),
];

const MOVED: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("waiting", "Waiting Another Operation"),
    ("confirmed", "Waiting"),
    ("assigned", "Ready"),
    ("done", "Done"),
    ("cancel", "Cancelled"),
];

const PICKING: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("state", Kind::Selection(MOVED)),
    field("origin", Kind::Char),
    field("sale_id", Kind::Many2one("sale.order")),
    field("partner_id", Kind::Many2one("res.partner")),
    field("carrier_id", Kind::Many2one("delivery.carrier")).of(App::Delivery),
    field("carrier_tracking_ref", Kind::Char).of(App::Delivery),
    field("scheduled_date", Kind::Datetime),
    field("date_done", Kind::Datetime),
    field("backorder_id", Kind::Many2one("stock.picking")),
    field("picking_type_id", Kind::Many2one("stock.picking.type")),
    field("move_ids", Kind::One2many("stock.move")),
    field("write_date", Kind::Datetime),
];

const MOVE: &[Field] = &[
    field("id", Kind::Integer),
    field("picking_id", Kind::Many2one("stock.picking")),
    field("sale_line_id", Kind::Many2one("sale.order.line")),
    field("product_id", Kind::Many2one("product.product")),
    field("product_uom_qty", Kind::Float),
    field("quantity", Kind::Float),
    field("picked", Kind::Boolean),
    field("state", Kind::Selection(MOVED)),
];

const COUNTRY: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("code", Kind::Char),
];

const STATE: &[Field] = &[
    field("id", Kind::Integer),
    field("name", Kind::Char),
    field("code", Kind::Char),
    field("country_id", Kind::Many2one("res.country")),
];

const SAID: &[(&str, &str)] = &[
    ("email", "Incoming Email"),
    ("comment", "Comment"),
    ("notification", "System notification"),
];

const MESSAGE: &[Field] = &[
    field("id", Kind::Integer),
    field("date", Kind::Datetime),
    field("model", Kind::Char),
    field("res_id", Kind::Integer),
    field("author_id", Kind::Many2one("mail.author")),
    field("email_from", Kind::Char),
    field("message_type", Kind::Selection(SAID)),
    field("subtype_id", Kind::Many2one("mail.message.subtype")),
    field("subtype_id.internal", Kind::Path),
    field("is_internal", Kind::Boolean),
    field("body", Kind::Html),
    field("attachment_ids", Kind::Many2many("ir.attachment")),
];

/// What is only ever written by an import.
pub(super) const IMPORTED: &[(&str, &str)] = &[
    ("product.product", "purchase_ok"),
    ("product.product", "invoice_policy"),
    ("product.product", "taxes_id"),
];

const BOOKS: &[&str] = &["Invoicing/Invoicing"];

pub(super) const MODELS: &[Row] = &[
    ("sale.order", "Sales Order", ORDER, SELLERS),
    ("sale.order.line", "Sales Order Line", ORDER_LINE, SELLERS),
    (
        "sale.advance.payment.inv",
        "Sales Advance Payment Invoice",
        NAMED,
        SELLERS,
    ),
    ("res.partner", "Contact", PARTNER, &[]),
    ("res.country", "Country", COUNTRY, &[]),
    ("res.country.state", "Country state", STATE, &[]),
    ("account.tax", "Tax", TAX, SELLERS),
    ("account.journal", "Journal", JOURNAL, BOOKS),
    ("account.move", "Journal Entry", INVOICE, BOOKS),
    ("account.move.line", "Journal Item", INVOICE_LINE, BOOKS),
    ("product.pricelist", "Pricelist", PRICELIST, SELLERS),
    ("delivery.carrier", "Shipping Methods", CARRIER, SELLERS),
    ("stock.picking", "Transfer", PICKING, STOCK),
    ("stock.move", "Stock Move", MOVE, STOCK),
    (
        "stock.backorder.confirmation",
        "Backorder Confirmation",
        NAMED,
        STOCK,
    ),
    ("mail.message", "Message", MESSAGE, &[]),
    (
        "ir.model.data",
        "Model Data",
        NAMED,
        &["Administration/Access Rights"],
    ),
];
