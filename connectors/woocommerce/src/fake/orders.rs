//! Orders on the wire.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};
use tandem_domain::Address;
use tandem_sandbox::{ShopCharge, ShopKind, ShopLine, ShopOrder, ShopRefund, ShopTax, ShopWorld};

use super::answer::{self, Answer};
use super::query::{Direction, Params, Record, changed_after};
use super::{dates, encoded, stamps};

const ORDERS: [&str; 6] = ["date", "id", "modified", "include", "title", "slug"];
/// What every shop has; plugins add their own.
const STATUSES: [&str; 10] = [
    "any",
    "trash",
    "auto-draft",
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
];
/// Left out unless asked for by name.
const NOT_ANY: [&str; 3] = ["checkout-draft", "trash", "auto-draft"];

/// `GET /orders`.
pub(super) fn list(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let wanted = params.list("status");
    let custom: BTreeSet<&str> = shop
        .orders
        .values()
        .map(|order| order.status.as_str())
        .collect();
    let known = |status: &&&str| STATUSES.contains(status) || custom.contains(**status);
    if let Some(unknown) = wanted.iter().find(|status| !known(status)) {
        let why = format!("status[0] is not one of {}.", STATUSES.join(", "));
        tracing::debug!(unknown, "a status that the stand-in does not know");
        return Err(answer::invalid_param("status", "rest_not_in_enum", &why));
    }
    let any = wanted.is_empty() || wanted.contains(&"any");
    let included = params.list("include");
    let records = shop.orders.iter().filter(|(id, order)| {
        let status = order.status.as_str();
        (wanted.contains(&status) || (any && !NOT_ANY.contains(&status)))
            && (included.is_empty() || included.contains(&id.to_string().as_str()))
    });
    let records = records.map(|(id, order)| Record {
        id: *id,
        created: order.created,
        modified: order.modified,
        what: order,
    });
    let after = params.modified_after(shop.utc_offset_s)?;
    let (rows, paging) = params.page(
        changed_after(records.collect(), after),
        &ORDERS,
        Direction::Down,
    )?;
    let decimals = decimals(shop, params);
    let render = |row: &Record<&ShopOrder>| {
        stamps::asked_for(order(shop, row.id, row.what, decimals), params)
    };
    Ok(answer::page(
        rows.iter().map(render).collect(),
        paging,
        params,
    ))
}

/// `GET /orders/{id}`.
pub(super) fn single(shop: &ShopWorld, id: u64, params: &Params) -> Result<Answer, Answer> {
    let found = shop.orders.get(&id).ok_or_else(|| {
        answer::refusal(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
    })?;
    let value = stamps::asked_for(order(shop, id, found, decimals(shop, params)), params);
    Ok(answer::one(value, params))
}

/// Digits of amounts in the answer: `dp`, else the shop's.
pub(super) fn decimals(shop: &ShopWorld, params: &Params) -> u32 {
    let asked = params.get("dp").and_then(|text| text.parse().ok());
    asked.unwrap_or_else(|| shop.currency.decimals())
}

/// How amounts are rounded for this order and shown in this answer.
pub(super) struct Scale {
    shown: u32,
    currency: u32,
    round_at_subtotal: bool,
    float_noise: Option<usize>,
}

impl Scale {
    pub(super) fn of(shop: &ShopWorld, order: &ShopOrder, shown: u32) -> Self {
        Self {
            shown,
            currency: order.currency.decimals(),
            round_at_subtotal: shop.round_at_subtotal,
            float_noise: shop.float_noise,
        }
    }

    pub(super) fn text(&self, amount: Decimal) -> String {
        let shown = money(amount, self.shown);
        let digits = shown.split_once('.').map(|(_, digits)| digits.len());
        match self.float_noise.zip(digits) {
            Some((last, digits)) if last > digits => {
                format!("{shown}{:0>width$}", 1, width = last - digits)
            }
            _ => shown,
        }
    }

    /// A line's tax: rounded by line unless the shop rounds at the subtotal (recorded: 52).
    fn line_tax(&self, taxes: &[ShopTax], amount: impl Fn(&ShopTax) -> Decimal) -> Decimal {
        let exact: Decimal = taxes.iter().map(amount).sum();
        if self.round_at_subtotal {
            exact
        } else {
            rounded(exact, self.currency)
        }
    }
}

fn rounded(amount: Decimal, decimals: u32) -> Decimal {
    amount.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

fn money(amount: Decimal, decimals: u32) -> String {
    let mut amount = rounded(amount, decimals);
    amount.rescale(decimals);
    amount.to_string()
}

fn order(shop: &ShopWorld, id: u64, order: &ShopOrder, shown: u32) -> Value {
    let scale = Scale::of(shop, order, shown);
    let mut fields = head(shop, id, order, &scale);
    let lists = json!({
        "line_items": order.lines.iter().map(|one| line(shop, one, &scale)).collect::<Vec<_>>(),
        "tax_lines": tax_lines(shop, order, &scale),
        "shipping_lines": order.shipping_lines.iter().map(|one| shipping(one, &scale))
            .collect::<Vec<_>>(),
        "fee_lines": order.fees.iter().map(|one| fee(one, &scale)).collect::<Vec<_>>(),
        "coupon_lines": coupons(order, &scale),
        "refunds": refunds(order, &scale),
    });
    if let Value::Object(lists) = lists {
        fields.extend(lists);
    }
    Value::Object(fields)
}

fn head(shop: &ShopWorld, id: u64, order: &ShopOrder, scale: &Scale) -> Map<String, Value> {
    let mut fields = Map::new();
    for part in [stated(shop, id, order, scale), about(shop, id, order)] {
        if let Value::Object(part) = part {
            fields.extend(part);
        }
    }
    fields
}

/// What the order states: times and amounts.
fn stated(shop: &ShopWorld, id: u64, order: &ShopOrder, scale: &Scale) -> Value {
    let (created_gmt, created) = dates(order.created, shop.utc_offset_s);
    let (modified_gmt, modified) = dates(order.modified, shop.utc_offset_s);
    let paid = order
        .paid
        .map(|paid| dates(paid, shop.utc_offset_s))
        .unzip();
    let (discount_tax, shipping_tax) = (discount_tax(order, scale), shipping_tax(order, scale));
    let shipping_total: Decimal = order.shipping_lines.iter().map(|line| line.total).sum();
    json!({
        "id": id,
        "parent_id": 0,
        "number": order.number,
        "status": order.status,
        "currency": order.currency.code(),
        "currency_symbol": order.currency.code(),
        "version": "11.0.1",
        "prices_include_tax": shop.prices_include_tax,
        "date_created": created,
        "date_created_gmt": created_gmt,
        "date_modified": modified,
        "date_modified_gmt": modified_gmt,
        "date_completed": null,
        "date_completed_gmt": null,
        "date_paid": paid.1,
        "date_paid_gmt": paid.0,
        "discount_total": scale.text(order.discount_total),
        "discount_tax": scale.text(discount_tax),
        "shipping_total": scale.text(shipping_total),
        "shipping_tax": scale.text(shipping_tax),
        "cart_tax": scale.text(order.total_tax - shipping_tax),
        "total": scale.text(order.total),
        "total_tax": scale.text(order.total_tax),
    })
}

/// Who it is for, how it is paid, and where it is found.
fn about(shop: &ShopWorld, id: u64, order: &ShopOrder) -> Value {
    let home = shop.home_url.trim_end_matches('/');
    let href = format!("{home}/wp-json/wc/v3/orders");
    let unpaid = matches!(order.status.as_str(), "pending" | "failed");
    let customer_id: u64 = order
        .customer
        .external_id
        .as_ref()
        .and_then(|id| id.parse().ok())
        .unwrap_or_default();
    json!({
        "customer_id": customer_id,
        "order_key": format!("wc_order_{id:013}"),
        "billing": address(&order.billing, order.customer.email.as_deref()),
        "shipping": address(&order.shipping, None),
        "payment_method": order.payment_method,
        "payment_method_title": order.payment_title,
        "transaction_id": "",
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": "store-api",
        "customer_note": order.customer_note,
        "cart_hash": "",
        "meta_data": stamps::meta_data(order.number.parse().unwrap_or_default(), &order.meta),
        "payment_url": format!("{home}/checkout/order-pay/{id}/?pay_for_order=true"),
        "is_editable": unpaid,
        "needs_payment": unpaid,
        "needs_processing": true,
        "_links": {
            "self": [{
                "href": format!("{href}/{id}"),
                "targetHints": { "allow": ["GET", "POST", "PUT", "PATCH", "DELETE"] },
            }],
            "collection": [{ "href": href }],
            "email_templates": [{
                "embeddable": true,
                "href": format!("{href}/{id}/actions/email_templates"),
            }],
        },
    })
}

/// Addresses come as typed, without entities.
pub(super) fn address(address: &Address, email: Option<&str>) -> Value {
    let (first, last) = address.name.split_once(' ').unwrap_or((&address.name, ""));
    let line = |number: usize| address.street.get(number).map_or("", String::as_str);
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let mut value = json!({
        "first_name": first,
        "last_name": last,
        "company": text(&address.company),
        "address_1": line(0),
        "address_2": line(1),
        "city": text(&address.city),
        "state": text(&address.state),
        "postcode": text(&address.postcode),
        "country": text(&address.country),
        "phone": text(&address.phone),
    });
    if let Some(email) = email {
        value["email"] = json!(email);
    }
    value
}

pub(super) fn line(shop: &ShopWorld, line: &ShopLine, scale: &Scale) -> Value {
    let listing = line
        .listing
        .and_then(|id| Some((id, shop.listings.get(&id)?)));
    let (product, variation) = match listing {
        None => (0, 0),
        Some((id, listing)) => match listing.kind {
            ShopKind::VariationOf(parent) => (parent, id),
            ShopKind::Simple | ShopKind::Variable | ShopKind::Grouped => (id, 0),
        },
    };
    let parent = shop.listings.get(&product).filter(|_| variation != 0);
    // The one amount that is a float: the net price of a piece after discounts.
    let unit = line.total.checked_div(line.quantity).unwrap_or_default();
    json!({
        "id": line.id,
        "name": encoded(&line.name),
        "product_id": product,
        "variation_id": variation,
        "quantity": float(line.quantity),
        "tax_class": "",
        "subtotal": scale.text(line.subtotal),
        "subtotal_tax": scale.text(scale.line_tax(&line.taxes, |tax| tax.before_discount)),
        "total": scale.text(line.total),
        "total_tax": scale.text(scale.line_tax(&line.taxes, |tax| tax.amount)),
        "taxes": line.taxes.iter().map(|tax| json!({
            "id": tax.rate,
            "total": scale.text(tax.amount),
            "subtotal": scale.text(tax.before_discount),
        })).collect::<Vec<_>>(),
        "meta_data": [],
        // Deleted for good, a product takes its SKU along; the name stays.
        "sku": listing.map(|_| line.sku.clone()),
        "global_unique_id": listing.map(|(_, listing)| listing.gtin.clone()).unwrap_or_default(),
        "price": float(unit),
        "image": { "id": "", "src": "" },
        "parent_name": parent.map(|parent| encoded(&parent.name)),
    })
}

/// A JSON number, without a fraction where there is none.
fn float(number: Decimal) -> Value {
    number
        .normalize()
        .to_string()
        .parse::<serde_json::Number>()
        .map_or(json!(0), Value::Number)
}

pub(super) fn shipping(charge: &ShopCharge, scale: &Scale) -> Value {
    json!({
        "id": charge.id,
        "method_title": charge.name,
        "method_id": charge.method,
        "instance_id": "",
        "total": scale.text(charge.total),
        "total_tax": scale.text(scale.line_tax(&charge.taxes, |tax| tax.amount)),
        "taxes": charge_taxes(charge, scale),
        "tax_status": "taxable",
        "meta_data": [],
    })
}

pub(super) fn fee(charge: &ShopCharge, scale: &Scale) -> Value {
    json!({
        "id": charge.id,
        "name": encoded(&charge.name),
        "tax_class": "",
        "tax_status": "taxable",
        "amount": "",
        "total": scale.text(charge.total),
        "total_tax": scale.text(scale.line_tax(&charge.taxes, |tax| tax.amount)),
        "taxes": charge_taxes(charge, scale),
        "meta_data": [],
    })
}

/// On shipping and fees the tax before discounts is an empty text.
fn charge_taxes(charge: &ShopCharge, scale: &Scale) -> Vec<Value> {
    let render =
        |tax: &ShopTax| json!({ "id": tax.rate, "total": scale.text(tax.amount), "subtotal": "" });
    charge.taxes.iter().map(render).collect()
}

fn discount_tax(order: &ShopOrder, scale: &Scale) -> Decimal {
    let taxes = order.lines.iter().flat_map(|line| &line.taxes);
    let saved: Decimal = taxes.map(|tax| tax.before_discount - tax.amount).sum();
    rounded(saved, scale.currency)
}

fn shipping_tax(order: &ShopOrder, scale: &Scale) -> Decimal {
    let taxes = order.shipping_lines.iter().flat_map(|line| &line.taxes);
    rounded(taxes.map(|tax| tax.amount).sum(), scale.currency)
}

/// Tax by rate, on goods and fees, and on shipping.
pub(super) fn tax_lines(shop: &ShopWorld, order: &ShopOrder, scale: &Scale) -> Vec<Value> {
    let mut rates: BTreeMap<u64, (Decimal, Decimal)> = BTreeMap::new();
    let goods = order.lines.iter().map(|line| &line.taxes);
    for tax in goods
        .chain(order.fees.iter().map(|fee| &fee.taxes))
        .flatten()
    {
        rates.entry(tax.rate).or_default().0 += tax.amount;
    }
    for tax in order.shipping_lines.iter().flat_map(|line| &line.taxes) {
        rates.entry(tax.rate).or_default().1 += tax.amount;
    }
    let render = |(id, (goods, shipping)): (&u64, &(Decimal, Decimal))| {
        let rate = shop.tax_rates.get(id);
        let label = rate.map(|rate| rate.label.clone()).unwrap_or_default();
        let country = rate.map(|rate| rate.country.clone()).unwrap_or_default();
        json!({
            "id": id,
            "rate_code": format!("{country}-{label}-1"),
            "rate_id": id,
            "label": label,
            "compound": false,
            "tax_total": scale.text(rounded(*goods, scale.currency)),
            "shipping_tax_total": scale.text(rounded(*shipping, scale.currency)),
            "rate_percent": float(rate.map(|rate| rate.percent).unwrap_or_default()),
            "meta_data": [],
        })
    };
    rates.iter().map(render).collect()
}

/// Coupon amounts keep the currency's digits whatever `dp` says (recorded: 52).
fn coupons(order: &ShopOrder, scale: &Scale) -> Vec<Value> {
    let render = |(place, (code, discount)): (usize, &(String, Decimal))| {
        let tax = if place == 0 {
            discount_tax(order, scale)
        } else {
            Decimal::ZERO
        };
        json!({
            "id": place,
            "code": code,
            "discount": money(*discount, scale.currency),
            "discount_tax": money(tax, scale.currency),
            "meta_data": [],
            "discount_type": "fixed_cart",
            "nominal_amount": float(*discount),
            "free_shipping": false,
        })
    };
    order.coupons.iter().enumerate().map(render).collect()
}

/// Refunds show negative amounts.
fn refunds(order: &ShopOrder, scale: &Scale) -> Vec<Value> {
    let render = |refund: &ShopRefund| {
        json!({
            "id": refund.id,
            "reason": refund.reason,
            "total": scale.text(-refund.amount),
            "total_tax": scale.text(Decimal::ZERO),
        })
    };
    order.refunds.iter().map(render).collect()
}
