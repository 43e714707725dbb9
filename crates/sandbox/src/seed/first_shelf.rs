//! A first shelf of balloons: keys agree throughout.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{Address, Customer, Timestamp};

use super::dice::Dice;
use super::{Plan, site};
use crate::world::{
    ErpVariant, ErpWorld, Levels, ShopAttribute, ShopKind, ShopLine, ShopListing, ShopOrder,
    ShopStock, ShopWorld,
};

const COLOURS: [&str; 5] = ["Gold", "Rose gold", "Silver", "Red", "Black"];

pub(super) fn fill(plan: &Plan, shop: &mut ShopWorld, erp: &mut ErpWorld) {
    let mut dice = Dice::new(plan.seed, 1);
    for family in 0..u64::try_from(plan.listings.div_ceil(5)).unwrap_or(0) {
        let parent = 1000 + family * 6;
        let name = format!("Latex balloons {}\" design {family}", 5 + family % 3 * 6);
        let mut colours = COLOURS;
        dice.shuffle(&mut colours);
        shop.listings
            .insert(parent, listing(plan.now, ShopKind::Variable, &name));
        for (id, colour) in (parent + 1..).zip(colours) {
            let price = Decimal::new(i64::from(dice.between(10, 90)) * 50, 3);
            let sku = format!("BAL-{family:05}-{}", &colour[..3].to_uppercase());
            let stock = i64::from(dice.below(200)) - 3;
            let variation = ShopListing {
                sku: sku.clone(),
                attributes: vec![ShopAttribute {
                    name: "Colour".to_owned(),
                    value: colour.to_owned(),
                }],
                regular_price: Some(price),
                stock: ShopStock::Own(stock),
                ..listing(plan.now, ShopKind::VariationOf(parent), &name)
            };
            shop.listings.insert(id, variation);
            let id = id.cast_signed();
            erp.variants
                .insert(id, variant(plan.now, id / 6, &name, &sku, colour, price));
        }
    }
    for number in 0..u64::try_from(plan.orders).unwrap_or(0) {
        let (&listing, sold) = shop
            .listings
            .iter()
            .nth(1 + dice.place(5))
            .expect("a family has five variations");
        let order = order(plan.now, number, listing, sold);
        shop.orders.insert(900_000 + number, order);
    }
}

fn listing(now: Timestamp, kind: ShopKind, name: &str) -> ShopListing {
    ShopListing {
        kind,
        name: name.to_owned(),
        sku: String::new(),
        gtin: String::new(),
        attributes: Vec::new(),
        regular_price: None,
        sale_price: None,
        stock: ShopStock::NotManaged,
        status: "publish".to_owned(),
        trashed: false,
        image: String::new(),
        categories: vec!["Balloons".to_owned()],
        created: now,
        modified: now,
    }
}

fn variant(
    now: Timestamp,
    template: i64,
    name: &str,
    sku: &str,
    colour: &str,
    price: Decimal,
) -> ErpVariant {
    ErpVariant {
        template,
        name: name.to_owned(),
        sku: sku.to_owned(),
        barcode: String::new(),
        attributes: vec![("Color".to_owned(), colour.to_owned(), template)],
        list_price: price,
        kind: "consu".to_owned(),
        storable: true,
        active: true,
        sale_ok: true,
        unit: "Units".to_owned(),
        category: "All / Balloons".to_owned(),
        levels: BTreeMap::from([(site::SHUWAIKH, Levels::default())]),
        modified: now,
    }
}

fn order(now: Timestamp, number: u64, listing: u64, sold: &ShopListing) -> ShopOrder {
    let total = sold.regular_price.unwrap_or_default();
    ShopOrder {
        number: (10_200 + number).to_string(),
        status: "processing".to_owned(),
        currency: site::currency("KWD"),
        customer: Customer {
            name: "Noura Al-Ajmi".to_owned(),
            ..Customer::default()
        },
        billing: Address::default(),
        shipping: Address::default(),
        lines: vec![ShopLine {
            id: number + 1,
            listing: Some(listing),
            name: sold.name.clone(),
            sku: sold.sku.clone(),
            quantity: Decimal::ONE,
            subtotal: total,
            total,
            taxes: Vec::new(),
        }],
        shipping_lines: Vec::new(),
        fees: Vec::new(),
        coupons: Vec::new(),
        discount_total: Decimal::ZERO,
        total_tax: Decimal::ZERO,
        total,
        refunds: Vec::new(),
        payment_method: "cod".to_owned(),
        payment_title: "Cash on delivery".to_owned(),
        customer_note: String::new(),
        paid: None,
        created: now,
        modified: now,
    }
}
