//! Refunds on the wire: negative amounts, and the order's lines they belong to in `meta_data`.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_sandbox::{
    ShopCharge, ShopLine, ShopOrder, ShopRefund, ShopRefundLine, ShopTax, ShopWorld,
};

use super::answer::{self, Answer};
use super::dates;
use super::orders::{self, Scale};
use super::query::{Direction, Params, Record, changed_after};

const ORDERS: [&str; 3] = ["date", "id", "modified"];

type Row<'a> = Record<(u64, &'a ShopOrder, &'a ShopRefund)>;

/// `GET /refunds`: those of all orders, with `parent_id` (recorded: 71).
pub(super) fn list(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let rows = shop.orders.iter().flat_map(|(id, order)| rows(*id, order));
    page(shop, params, rows.collect(), true)
}

/// `GET /orders/{id}/refunds`.
pub(super) fn of_order(shop: &ShopWorld, id: u64, params: &Params) -> Result<Answer, Answer> {
    let unknown = || {
        answer::refusal(
            404,
            "woocommerce_rest_order_invalid_id",
            "Invalid order ID.",
        )
    };
    let order = shop.orders.get(&id).ok_or_else(unknown)?;
    page(shop, params, rows(id, order).collect(), false)
}

fn rows(id: u64, order: &ShopOrder) -> impl Iterator<Item = Row<'_>> {
    order.refunds.iter().map(move |refund| Record {
        id: refund.id,
        created: refund.created,
        modified: refund.created,
        what: (id, order, refund),
    })
}

fn page(
    shop: &ShopWorld,
    params: &Params,
    rows: Vec<Row<'_>>,
    store_wide: bool,
) -> Result<Answer, Answer> {
    let after = params.modified_after(shop.utc_offset_s)?;
    let (rows, paging) = params.page(changed_after(rows, after), &ORDERS, Direction::Down)?;
    let shown = orders::decimals(shop, params);
    let render = |row: &Row<'_>| {
        let (id, order, refund) = row.what;
        let mut value = refunded(shop, id, order, refund, shown);
        if store_wide {
            value["parent_id"] = json!(id);
        }
        value
    };
    let rows = rows.iter().map(render).collect();
    Ok(answer::page(rows, paging, params))
}

fn refunded(
    shop: &ShopWorld,
    id: u64,
    order: &ShopOrder,
    refund: &ShopRefund,
    shown: u32,
) -> Value {
    let scale = Scale::of(shop, order, shown);
    let (created_gmt, created) = dates(refund.created, shop.utc_offset_s);
    let taken_back = taken_back(order, refund);
    let joined = |mut value: Value, id: u64| {
        value["meta_data"] = json!([joint(refund, id)]);
        value
    };
    let goods = taken_back.lines.iter();
    let delivery = taken_back.shipping_lines.iter();
    let fees = taken_back.fees.iter();
    let full = refund.amount == order.total;
    let home = shop.home_url.trim_end_matches('/');
    let href = format!("{home}/wp-json/wc/v3/orders/{id}");
    json!({
        "id": refund.id,
        "date_created": created,
        "date_created_gmt": created_gmt,
        "amount": scale.text(refund.amount),
        "reason": refund.reason,
        "refunded_by": 1,
        "refunded_payment": false,
        "meta_data": [{
            "id": refund.id,
            "key": "_refund_type",
            "value": if full { "full" } else { "partial" },
        }],
        "line_items": goods
            .map(|line| joined(orders::line(shop, line, &scale), line.id))
            .collect::<Vec<_>>(),
        "shipping_lines": delivery
            .map(|line| joined(orders::shipping(line, &scale), line.id))
            .collect::<Vec<_>>(),
        "tax_lines": orders::tax_lines(shop, &taken_back, &scale),
        "fee_lines": fees
            .map(|line| joined(orders::fee(line, &scale), line.id))
            .collect::<Vec<_>>(),
        "_links": {
            "self": [{
                "href": format!("{href}/refunds/{}", refund.id),
                "targetHints": { "allow": ["GET", "DELETE"] },
            }],
            "collection": [{ "href": format!("{href}/refunds") }],
            "up": [{ "href": href }],
        },
    })
}

/// Which of the order's lines a refund's line belongs to.
fn joint(refund: &ShopRefund, id: u64) -> Value {
    let of = refund.lines.iter().find(|line| line.id == id);
    let of = of.map(|line| line.of.to_string());
    json!({
        "id": id,
        "key": "_refunded_item_id",
        "value": of,
        "display_key": "_refunded_item_id",
        "display_value": of,
    })
}

/// The order with nothing but what was taken back, negative.
fn taken_back(order: &ShopOrder, refund: &ShopRefund) -> ShopOrder {
    let of = |id: u64| refund.lines.iter().find(move |line| line.of == id);
    let line = |line: &ShopLine| {
        of(line.id).map(|back| ShopLine {
            id: back.id,
            quantity: negative(back.quantity),
            subtotal: negative(back.total),
            total: negative(back.total),
            taxes: taxes(back),
            ..line.clone()
        })
    };
    let charge = |charge: &ShopCharge| {
        of(charge.id).map(|back| ShopCharge {
            id: back.id,
            total: negative(back.total),
            taxes: taxes(back),
            ..charge.clone()
        })
    };
    ShopOrder {
        lines: order.lines.iter().filter_map(line).collect(),
        shipping_lines: order.shipping_lines.iter().filter_map(charge).collect(),
        fees: order.fees.iter().filter_map(charge).collect(),
        ..order.clone()
    }
}

fn taxes(back: &ShopRefundLine) -> Vec<ShopTax> {
    let taxes = back.taxes.iter().map(|tax| ShopTax {
        rate: tax.rate,
        amount: negative(tax.amount),
        before_discount: negative(tax.amount),
    });
    taxes.collect()
}

fn negative(amount: Decimal) -> Decimal {
    Decimal::ZERO - amount
}
