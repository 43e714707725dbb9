//! The map against answers that were recorded on a real shop.

use serde_json::Value;
use tandem_domain::{Currency, ListingKind, ListingStatus, ListingStock, Order};

use super::*;
use crate::row::Row;

fn body(recorded: &str) -> Value {
    let recorded: Value = serde_json::from_str(recorded).expect("recorded JSON");
    recorded["response"]["body"].clone()
}

macro_rules! recorded {
    ($name:literal) => {
        body(include_str!(concat!("../tests/recorded/", $name, ".json")))
    };
}

fn row(value: &Value) -> Row {
    Row::parse(&value.to_string()).expect("an object")
}

fn eur() -> Currency {
    "EUR".parse().expect("a currency")
}

fn base() -> Url {
    Url::parse("https://shop.example/shop/").expect("an address")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn as_listing(value: &Value) -> Result<Listing, Bad> {
    listing(&wire::Product::read(&row(value))?, eur())
}

fn as_order(value: &Value) -> Result<Order<ListingKey>, Bad> {
    order(&wire::Order::read(&row(value))?, &base())
}

#[test]
fn names_come_decoded_and_only_once() {
    let product = as_listing(&recorded!("103-text-entities")).expect("a listing");
    assert_eq!(product.name, "Tom & Jerry \"5€\" x 🙂");
    assert_eq!(product.price.map(|price| price.amount), Some(decimal("1")));
    assert_eq!(product.stock, ListingStock::NotManaged);
    assert_eq!(product.status, ListingStatus::Published);
    assert_eq!(
        product.page_url.as_deref(),
        Some("https://shop.example/product/tom-jerry-5e-x-%f0%9f%99%82/")
    );
}

#[test]
fn a_variation_takes_name_and_visibility_from_its_parent() {
    let rows = recorded!("34-variations-global-listing");
    let read = wire::Product::read(&row(&rows[0])).expect("a variation");
    let mut parent = Parent {
        name: "Fixture shirt".to_owned(),
        published: true,
        sku: Sku::parse("FX-SHIRT"),
    };
    let shirt = variation(&read, &parent, eur()).expect("a listing");
    assert_eq!(shirt.key.as_str(), "3101/3112");
    assert_eq!(shirt.parent, Some(ListingKey::new("3101")));
    assert_eq!(shirt.name, "Fixture shirt");
    assert_eq!(shirt.kind, ListingKind::Variation);
    assert_eq!(shirt.barcode.as_deref(), Some("800000000100"));
    assert_eq!(shirt.stock, ListingStock::Own(decimal("11")));
    let values: Vec<(&str, &str)> = shirt
        .attributes
        .iter()
        .map(|one| (one.name.as_str(), one.value.as_str()))
        .collect();
    assert_eq!(values, [("Size", "S"), ("Color", "Red")]);
    parent.published = false;
    let hidden = variation(&read, &parent, eur()).expect("a listing");
    assert_eq!(
        hidden.status,
        ListingStatus::Hidden,
        "its family is a draft"
    );
}

#[test]
fn a_sku_that_is_the_parents_is_none() {
    let family = recorded!("114-variations-without-sku");
    let sku_of = |at: usize, parent: &str| {
        let read = wire::Product::read(&row(&family[at])).expect("a variation");
        let parent = Parent {
            name: String::new(),
            published: true,
            sku: Sku::parse(parent),
        };
        let read = variation(&read, &parent, eur()).expect("a listing");
        read.sku.map(|sku| sku.as_str().to_owned())
    };
    assert_eq!(sku_of(0, "VAR-300").as_deref(), Some("VAR-300-GOLD"));
    assert_eq!(sku_of(1, "VAR-300"), None);
    assert_eq!(sku_of(1, "").as_deref(), Some("VAR-300"), "its own, then");
}

#[test]
fn stock_on_the_parent_is_not_taken_for_stock_of_the_variation() {
    let stock_of = |manage: &str, quantity: Option<&str>| {
        stock(&wire::Stock {
            manage_stock: manage.to_owned(),
            stock_quantity: quantity.map(decimal),
        })
    };
    assert_eq!(stock_of("parent", Some("100")), ListingStock::OnParent);
    assert_eq!(
        stock_of("true", Some("-4")),
        ListingStock::Own(decimal("-4"))
    );
    assert_eq!(stock_of("true", None), ListingStock::Unknown);
    assert_eq!(stock_of("false", Some("7")), ListingStock::NotManaged);
}

#[test]
fn a_parent_has_no_price_of_its_own() {
    let mut parent = recorded!("103-text-entities");
    parent["type"] = "variable".into();
    let parent = as_listing(&parent).expect("a listing");
    assert_eq!((parent.kind, parent.price), (ListingKind::Parent, None));
}

#[test]
fn a_row_that_makes_no_sense_says_which_field_and_what_it_held() {
    let good = recorded!("103-text-entities");
    for (field, value, said) in [
        (
            "price",
            Value::from("abc"),
            "price: `abc` is not a decimal number",
        ),
        (
            "price",
            Value::from("9,99"),
            "price: `9,99` is not a decimal number",
        ),
        ("id", Value::Null, "id: `nothing` is not an id"),
        ("id", Value::from("x"), "id: `x` is not an id"),
        (
            "date_modified_gmt",
            Value::from("-0001-11-30T00:00:00"),
            "date_modified_gmt: `-0001-11-30T00:00:00` is not a date",
        ),
        (
            "date_modified_gmt",
            Value::from("9026-01-01T00:00:00"),
            "date_modified_gmt: `9026-01-01T00:00:00` is not a date",
        ),
        ("name", Value::from(vec![1]), "name: `[1]` is not a text"),
        (
            "attributes",
            Value::from("x"),
            "attributes: `x` is not a list",
        ),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let error = as_listing(&bad).expect_err(said);
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn php_looseness_about_types_is_no_mistake() {
    let mut loose = recorded!("103-text-entities");
    loose["id"] = "19275".into();
    loose["attributes"] = serde_json::json!({});
    loose["manage_stock"] = "1".into();
    loose["stock_quantity"] = "3".into();
    loose["sku"] = Value::Null;
    let listing = as_listing(&loose).expect("a listing");
    assert_eq!(listing.key.as_str(), "19275");
    assert_eq!(listing.stock, ListingStock::Own(decimal("3")));
    assert_eq!(listing.sku, None);
}

#[test]
fn an_order_of_a_guest_keeps_its_unrounded_lines_and_its_rounded_total() {
    let order = as_order(&recorded!("52-order-dp6")).expect("an order");
    assert_eq!(order.key.as_str(), "7438");
    assert_eq!(order.total.to_string(), "59.02 EUR");
    assert_eq!(order.total_tax.to_string(), "10.64 EUR");
    assert_eq!(order.lines[0].subtotal, decimal("24.565574"));
    assert_eq!(order.lines[0].taxes[0].amount, decimal("4.728197"));
    assert_eq!(order.lines[1].product, Some(ListingKey::new("3101/3117")));
    assert_eq!(order.customer.external_id, None, "a guest");
    assert_eq!(order.customer.name, "Anna Rossi");
    assert_eq!(order.coupons, ["five"]);
    assert!(order.prices_include_tax);
    assert_eq!(
        order.admin_url.as_deref(),
        Some("https://shop.example/shop/wp-admin/admin.php?page=wc-orders&action=edit&id=7438")
    );
    assert_eq!(order.tax_lines[0].total, decimal("10.64"));
    assert_eq!(order.shipping.phone.as_deref(), Some("+390200000"));
}

#[test]
fn coupons_are_not_money_a_second_time() {
    let order = as_order(&recorded!("46-order-coupon-fee-note")).expect("an order");
    assert_eq!(order.coupons, ["ten"]);
    assert_eq!(
        order.charges.len(),
        2,
        "shipping and the gift wrap, no coupon"
    );
    assert_eq!(order.unexplained().amount(), Decimal::ZERO);
    assert_eq!(
        order.customer_note.as_deref(),
        recorded!("46-order-coupon-fee-note")["customer_note"].as_str()
    );
}

/// A shop that rounds by line adds rounded parts and the stated tax; one that rounds at the
/// subtotal adds exact lines with their exact taxes and rounds the sum (124 real orders: 124).
#[test]
fn recorded_orders_add_up_in_one_of_the_two_ways_of_shops() {
    for recorded in [
        recorded!("46-order-coupon-fee-note"),
        recorded!("48-order-other-currency"),
        recorded!("52-order-dp6"),
        recorded!("56-order-from-checkout"),
        recorded!("57-order-from-checkout-inclusive-coupon"),
        recorded!("58-order-round-at-subtotal-cent-gap"),
        recorded!("65-order-after-partial-refund"),
        recorded!("106-order-lines-do-not-add-up"),
    ] {
        let order = as_order(&recorded).expect("an order");
        assert_eq!(order.sum_of_parts(), order.total, "order {}", order.key);
    }
}

#[test]
fn refunds_are_summed_as_a_positive_amount() {
    let order = as_order(&recorded!("65-order-after-partial-refund")).expect("an order");
    assert_eq!(order.refunded.to_string(), "12.19 EUR");
    assert_eq!(
        order.total.to_string(),
        "106.47 EUR",
        "a refund leaves the total as it was"
    );
    assert!(order.payment.paid_at.is_some());
}

#[test]
fn a_product_that_is_gone_leaves_a_line_without_one() {
    let mut order = recorded!("56-order-from-checkout");
    order["line_items"][0]["product_id"] = 0.into();
    order["line_items"][0]["sku"] = Value::Null;
    let order = as_order(&order).expect("an order");
    assert_eq!(
        (&order.lines[0].product, &order.lines[0].sku),
        (&None, &None)
    );
    assert_eq!(order.lines[0].name, "Fixture mug", "its name is kept");
}

#[test]
fn an_order_that_makes_no_sense_is_refused_by_field() {
    let good = recorded!("56-order-from-checkout");
    let refused = |field: &str, value: Value| {
        let mut bad = good.clone();
        bad[field] = value;
        as_order(&bad).expect_err(field).to_string()
    };
    assert_eq!(
        refused("total", "".into()),
        "total: `` is not a decimal number"
    );
    assert_eq!(
        refused("total", "1.005".into()),
        "total: `1.005` is finer than EUR can be paid"
    );
    assert_eq!(
        refused("currency", "XBT".into()),
        "currency: `XBT` is not a code of ISO 4217"
    );
    assert_eq!(
        refused("date_created_gmt", Value::Null),
        "date_created_gmt: `nothing` is not a date"
    );
}

#[test]
fn addresses_are_taken_as_they_are() {
    let mut order = recorded!("56-order-from-checkout");
    order["billing"]["company"] = "Rossi &amp; Figli".into();
    order["shipping"] = serde_json::json!([]);
    let order = as_order(&order).expect("an order");
    assert_eq!(
        order.billing.company.as_deref(),
        Some("Rossi &amp; Figli"),
        "these come raw"
    );
    assert_eq!(order.shipping, Address::default(), "nothing is shipped");
}

fn as_refund(value: &Value) -> Result<Refund, Bad> {
    refund(&wire::Refund::read(&row(value))?, 11_665, eur())
}

#[test]
fn a_refund_states_positive_what_the_shop_states_negative() {
    let refund = as_refund(&recorded!("70-refund-full")).expect("a refund");
    assert_eq!(refund.key.as_str(), "11679");
    assert_eq!(refund.order.as_str(), "11665");
    assert_eq!(refund.amount.to_string(), "106.47 EUR");
    assert_eq!(refund.reason, None);
    let lines: Vec<(Option<&str>, String, String, String)> = refund
        .lines
        .iter()
        .map(|line| {
            (
                line.line.as_deref(),
                line.quantity.to_string(),
                line.total.to_string(),
                line.taxes[0].amount.to_string(),
            )
        })
        .collect();
    let line = |of: &'static str, quantity: &str, total: &str, tax: &str| {
        (
            Some(of),
            quantity.to_owned(),
            total.to_owned(),
            tax.to_owned(),
        )
    };
    assert_eq!(
        lines,
        [
            line("113", "3", "29.97", "6.59"),
            line("114", "2", "49.80", "10.96"),
            line("115", "0", "7.50", "1.65"),
        ],
        "the order's lines, delivery without pieces"
    );
    let parts: Decimal = refund
        .lines
        .iter()
        .map(|line| line.total + line.taxes.iter().map(|tax| tax.amount).sum::<Decimal>())
        .sum();
    assert_eq!(parts, refund.amount.amount());
}

#[test]
fn a_refund_may_be_for_an_amount_only_or_for_nothing() {
    let goodwill = as_refund(&recorded!("69-refund-amount-only")).expect("a refund");
    assert_eq!(goodwill.amount.to_string(), "2.00 EUR");
    assert_eq!(goodwill.reason.as_deref(), Some("goodwill"));
    assert_eq!(goodwill.lines, []);
    let mut nothing = recorded!("69-refund-amount-only");
    nothing["amount"] = "".into();
    let nothing = as_refund(&nothing).expect("a refund");
    assert_eq!(nothing.amount.amount(), Decimal::ZERO, "recorded: 66");
}

#[test]
fn refunds_of_the_store_wide_list_are_the_same() {
    let rows = recorded!("71-refunds-global-listing");
    let full = as_refund(&rows[0]).expect("a refund");
    assert_eq!(full.lines, [], "made by setting the status, without lines");
    let by_line = as_refund(&rows[1]).expect("a refund");
    assert_eq!(
        by_line,
        as_refund(&recorded!("70-refund-full")).expect("a refund")
    );
    let mut unmarked = rows[1].clone();
    unmarked["line_items"][0]["meta_data"] = serde_json::json!([]);
    let unmarked = as_refund(&unmarked).expect("a refund");
    assert_eq!(
        unmarked.lines[0].line, None,
        "a plugin's, which kept no line"
    );
    let mut fine = rows[1].clone();
    fine["amount"] = "1.005".into();
    let error = as_refund(&fine).expect_err("finer than a cent");
    assert_eq!(
        error.to_string(),
        "amount: `1.005` is finer than EUR can be paid"
    );
}
