//! From the shop's rows to domain records. Pure and total: a row becomes a record, or says which
//! of its fields makes no sense.

use rust_decimal::Decimal;
use tandem_domain::{
    Address, Attribute, Charge, ChargeKind, Currency, Customer, LineTax, Listing, ListingKey,
    ListingKind, ListingStatus, ListingStock, Money, Order, OrderKey, OrderLine, Payment, Refund,
    RefundKey, RefundLine, Sku, StatusCode, TaxLine, UnitPrice, sum,
};
use url::Url;

use crate::row::Bad;
use crate::text;
use crate::wire;

/// What a variation takes from its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parent {
    /// Name, decoded.
    pub(crate) name: String,
    /// Whether customers see the family at all.
    pub(crate) published: bool,
    /// Which its variations show as theirs where they have none.
    pub(crate) sku: Option<Sku>,
}

impl Parent {
    /// The fields that [`Parent::of`] uses, for `_fields`.
    pub(crate) const FIELDS: &'static str = "id,name,status,sku";

    pub(crate) fn of(product: &wire::Product) -> Self {
        Self {
            name: text::name(&product.name),
            published: product.status == "publish",
            sku: Sku::parse(&product.sku),
        }
    }
}

/// A product by itself or the parent of a family.
pub(crate) fn listing(product: &wire::Product, currency: Currency) -> Result<Listing, Bad> {
    let kind = kind(&product.kind);
    let published = product.status == "publish";
    let own = Listing {
        key: product_key(product.id),
        parent: None,
        kind,
        name: text::name(&product.name),
        ..common(product, currency)?
    };
    Ok(Listing {
        status: status(published),
        // What a parent shows is the lowest price of its variations, and no price of its own.
        price: own.price.filter(|_| kind != ListingKind::Parent),
        ..own
    })
}

/// One member of a family.
pub(crate) fn variation(
    product: &wire::Product,
    parent: &Parent,
    currency: Currency,
) -> Result<Listing, Bad> {
    let own = common(product, currency)?;
    Ok(Listing {
        key: variation_key(product.parent_id, product.id),
        parent: Some(product_key(product.parent_id)),
        kind: ListingKind::Variation,
        name: parent.name.clone(),
        status: status(parent.published && product.status == "publish"),
        // A variation without a SKU shows its parent's, and the shop lets none have just that
        // one (recorded: 114).
        sku: own.sku.filter(|sku| parent.sku.as_ref() != Some(sku)),
        ..own
    })
}

fn common(product: &wire::Product, currency: Currency) -> Result<Listing, Bad> {
    Ok(Listing {
        key: product_key(product.id),
        parent: None,
        kind: ListingKind::Simple,
        name: String::new(),
        sku: Sku::parse(&product.sku),
        barcode: some(product.global_unique_id.trim()),
        attributes: product.attributes.iter().filter_map(attribute).collect(),
        status: ListingStatus::Hidden,
        price: price(&product.price, currency)?,
        stock: stock(&product.stock),
        image_url: None,
        page_url: some(&product.permalink),
        modified_at: product.date_modified_gmt,
    })
}

/// Whether it groups variations.
pub(crate) fn is_parent(product: &wire::Product) -> bool {
    kind(&product.kind) == ListingKind::Parent
}

/// The key of a product.
pub(crate) fn product_key(id: u64) -> ListingKey {
    ListingKey::new(id.to_string())
}

/// The key of a variation spells both ids: only both together can be written to.
pub(crate) fn variation_key(parent: u64, id: u64) -> ListingKey {
    ListingKey::new(format!("{parent}/{id}"))
}

/// Plugins add types of their own (`variable-subscription`, `bundle`, `composite`).
fn kind(kind: &str) -> ListingKind {
    match kind {
        "grouped" | "bundle" | "composite" | "woosb" | "yith_bundle" => ListingKind::Bundle,
        _ if kind.starts_with("variable") => ListingKind::Parent,
        _ => ListingKind::Simple,
    }
}

fn status(published: bool) -> ListingStatus {
    if published {
        ListingStatus::Published
    } else {
        ListingStatus::Hidden
    }
}

/// An empty price means that it cannot be bought; `0` means that it is free.
fn price(text: &str, currency: Currency) -> Result<Option<UnitPrice>, Bad> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    UnitPrice::parse(text.trim(), currency)
        .map(Some)
        .map_err(|_| Bad::new("price", text, "is not a decimal number"))
}

/// With `parent` the quantity shown is the parent's, and writing it here does nothing.
fn stock(stock: &wire::Stock) -> ListingStock {
    match (stock.manage_stock.as_str(), stock.stock_quantity) {
        ("parent", _) => ListingStock::OnParent,
        ("true" | "1" | "yes", Some(quantity)) => ListingStock::Own(quantity),
        ("true" | "1" | "yes", None) => ListingStock::Unknown,
        _ => ListingStock::NotManaged,
    }
}

/// An attribute without a value is one that the customer chooses ("any size").
fn attribute(attribute: &wire::Attribute) -> Option<Attribute> {
    let value = if attribute.option.is_empty() {
        attribute.options.join(", ")
    } else {
        attribute.option.clone()
    };
    (!value.is_empty()).then(|| Attribute {
        name: text::name(&attribute.name),
        value: text::name(&value),
    })
}

/// An order. `base` is the shop's address, for the link to its back office.
pub(crate) fn order(order: &wire::Order, base: &Url) -> Result<Order<ListingKey>, Bad> {
    let currency: Currency = order
        .currency
        .parse()
        .map_err(|_| Bad::new("currency", &order.currency, "is not a code of ISO 4217"))?;
    let rounded = |amount: Decimal| Money::rounded(amount, currency);
    let refunded = sum(order.refund_totals.iter().map(Decimal::abs));
    Ok(Order {
        key: OrderKey::new(order.id.to_string()),
        number: some(&order.number).unwrap_or_else(|| order.id.to_string()),
        status: StatusCode::new(order.status.clone()),
        placed_at: order.date_created_gmt,
        modified_at: order.date_modified_gmt,
        currency,
        prices_include_tax: order.prices_include_tax,
        customer: customer(order),
        billing: address(&order.billing),
        shipping: address(&order.shipping),
        lines: order.line_items.iter().map(line).collect(),
        charges: charges(order),
        tax_lines: order.tax_lines.iter().map(tax_line).collect(),
        // Their money is inside the lines; a fixed coupon even states other cents than it took.
        coupons: order.coupon_codes.clone(),
        discount_total: rounded(order.discount_total),
        total_tax: rounded(order.total_tax),
        total: exact("total", order.total, currency)?,
        refunded: rounded(refunded),
        payment: Payment {
            method: order.payment_method.clone(),
            title: text::name(&order.payment_method_title),
            paid_at: order.date_paid_gmt,
        },
        customer_note: some(&order.customer_note),
        admin_url: admin_url(base, order.id),
        stamp: order.stamp.clone(),
    })
}

/// What a float of PHP leaves behind the digits that were meant.
const NOISE: u32 = 8;

/// What the customer owes or got back is never rounded by us: a shop set to more decimals
/// than its currency has states totals that nobody can pay.
fn exact(field: &str, amount: Decimal, currency: Currency) -> Result<Money, Bad> {
    let meant = amount.round_dp(NOISE);
    Money::exact(meant, currency).map_err(|_| {
        let why = format!("is finer than {currency} can be paid");
        Bad::new(field, &amount.normalize().to_string(), why)
    })
}

/// Deleted for good, a product leaves id 0 behind.
fn line(item: &wire::LineItem) -> OrderLine<ListingKey> {
    let product = match (item.product_id, item.variation_id) {
        (0, _) => None,
        (product, 0) => Some(product_key(product)),
        (parent, variation) => Some(variation_key(parent, variation)),
    };
    OrderLine {
        id: item.id.clone(),
        product,
        name: text::name(&item.name),
        sku: Sku::parse(&item.sku),
        quantity: item.quantity,
        subtotal: item.subtotal,
        total: item.total,
        taxes: taxes(&item.taxes),
    }
}

fn charges(order: &wire::Order) -> Vec<Charge> {
    let charge = |kind: ChargeKind| {
        move |line: &wire::ChargeLine| Charge {
            id: line.id.clone(),
            kind,
            name: text::name(&line.name),
            method: some(&line.method_id),
            total: line.total,
            taxes: taxes(&line.taxes),
        }
    };
    let shipping = order
        .shipping_lines
        .iter()
        .map(charge(ChargeKind::Shipping));
    let fees = order.fee_lines.iter().map(charge(ChargeKind::Fee));
    shipping.chain(fees).collect()
}

/// A refund of an order. The shop states what was given back as negative lines of the order.
pub(crate) fn refund(refund: &wire::Refund, order: u64, currency: Currency) -> Result<Refund, Bad> {
    let amount = refund.amount.unwrap_or_default().abs();
    let given_back = |amount: Decimal| Decimal::ZERO - amount;
    let line = |line: &wire::RefundLine| RefundLine {
        line: line.line.clone(),
        quantity: given_back(line.quantity),
        total: given_back(line.total),
        taxes: taxes(&line.taxes)
            .into_iter()
            .map(|tax| LineTax {
                amount: given_back(tax.amount),
                ..tax
            })
            .collect(),
    };
    Ok(Refund {
        key: RefundKey::new(refund.id.to_string()),
        order: OrderKey::new(order.to_string()),
        amount: exact("amount", amount, currency)?,
        reason: some(&refund.reason),
        refunded_at: refund.date_created_gmt,
        lines: refund.lines.iter().map(line).collect(),
    })
}

fn taxes(taxes: &[wire::Tax]) -> Vec<LineTax> {
    taxes
        .iter()
        .map(|tax| LineTax {
            rate: tax.id.clone(),
            amount: tax.total,
        })
        .collect()
}

fn tax_line(line: &wire::TaxLine) -> TaxLine {
    TaxLine {
        rate: line.rate_id.clone(),
        label: text::name(&line.label),
        percent: line.rate_percent,
        total: sum([line.tax_total, line.shipping_tax_total]),
    }
}

fn customer(order: &wire::Order) -> Customer {
    let billing = &order.billing;
    Customer {
        external_id: (order.customer_id != 0).then(|| order.customer_id.to_string()),
        name: full_name(billing),
        email: some(&billing.email),
        phone: some(&billing.phone),
        role: None,
    }
}

fn address(address: &wire::Address) -> Address {
    Address {
        name: full_name(address),
        company: some(&address.company),
        street: address.lines.iter().filter_map(|line| some(line)).collect(),
        postcode: some(&address.postcode),
        city: some(&address.city),
        state: some(&address.state),
        country: some(&address.country),
        phone: some(&address.phone),
    }
}

/// The person, or the company when no person is named.
fn full_name(address: &wire::Address) -> String {
    let person = format!("{} {}", address.first_name.trim(), address.last_name.trim());
    some(&person).unwrap_or_else(|| address.company.trim().to_owned())
}

/// The page of an order in a shop that keeps orders in their own tables (HPOS, the default).
fn admin_url(base: &Url, id: u64) -> Option<String> {
    let page = format!("wp-admin/admin.php?page=wc-orders&action=edit&id={id}");
    base.join(&page).ok().map(String::from)
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
#[path = "map_tests.rs"]
mod tests;
