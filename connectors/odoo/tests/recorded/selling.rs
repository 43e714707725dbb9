//! The whole life of an order as it was recorded on 17, 18 and 19, sent to the stand-in call by
//! call: the answers are the same by value, but for what a server makes up by itself.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};
use tandem_connector_odoo::fake;
use tandem_contract::SaleStep;
use tandem_contract::http::{InProcess, Request, Response, Transport as _};
use tandem_sandbox::{ErpRights, SharedWorld, World};

use super::recorded;
use crate::common::trade::{MUG, ROUNDING, SHIPPING, TEE, giulia, ordered, sales, seen, trading};
use crate::common::{HEX_KEY, connect, here};

/// A server as it was before the recording: rows and numbers given away so far.
struct Before {
    version: &'static str,
    database: &'static str,
    uid: i64,
    /// Mug, tee, shipping and rounding.
    products: [i64; 4],
    tax: i64,
    rows: [(&'static str, i64); 8],
    numbers: [(&'static str, u64); 4],
}

const SERVERS: [Before; 3] = [
    Before {
        version: "17.0",
        database: "prod17",
        uid: 7,
        products: [6, 7, 8, 9],
        tax: 26,
        rows: [
            ("res.partner", 13),
            ("sale.order", 4939),
            ("sale.order.line", 30_738),
            ("sale.advance.payment.inv", 125),
            ("account.move", 128),
            ("account.move.line", 959),
            ("stock.picking", 4),
            ("stock.move", 10),
        ],
        numbers: [("S", 4922), ("INV", 125), ("RINV", 1), ("OUT", 3)],
    },
    Before {
        version: "18.0",
        database: "prod",
        uid: 8,
        products: [MUG.0, TEE.0, SHIPPING.0, ROUNDING.0],
        tax: 5,
        rows: [
            ("res.partner", 45),
            ("sale.order", 5418),
            ("sale.order.line", 32_043),
            ("sale.advance.payment.inv", 107),
            ("account.move", 111),
            ("account.move.line", 709),
            ("stock.picking", 20),
            ("stock.move", 84),
        ],
        numbers: [("S", 5311), ("INV", 87), ("RINV", 2), ("OUT", 17)],
    },
    Before {
        version: "19.0",
        database: "prod19",
        uid: 7,
        products: [5, 6, 7, 8],
        tax: 29,
        rows: [
            ("res.partner", 18),
            ("sale.order", 5004),
            ("sale.order.line", 30_874),
            ("sale.advance.payment.inv", 125),
            ("account.move", 127),
            ("account.move.line", 958),
            ("stock.picking", 6),
            ("stock.move", 11),
        ],
        numbers: [("S", 4951), ("INV", 125), ("RINV", 0), ("OUT", 4)],
    },
];

impl Before {
    fn world(&self) -> World {
        let mut world = trading(self.version);
        self.database.clone_into(&mut world.erp.database);
        world.erp.accounts[0].uid = self.uid;
        let made = [MUG, TEE, SHIPPING, ROUNDING].map(|key| world.erp.variants.remove(&key.0));
        for (id, variant) in self.products.into_iter().zip(made) {
            let variant = variant.expect("the products of the recording");
            world.erp.variants.insert(id, variant);
        }
        let sales = &mut world.erp.sales;
        let tax = sales.taxes.remove(&5).expect("the tax of the recording");
        sales.taxes.insert(self.tax, tax);
        sales.last_ids = self
            .rows
            .map(|(model, last)| (model.to_owned(), last))
            .into();
        sales.last_numbers = self
            .numbers
            .map(|(row, last)| (row.to_owned(), last))
            .into();
        world
    }

    fn exchange(&self, number: &str) -> Option<Value> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
        let start = format!("{number}-v{}-", &self.version[..2]);
        let files = std::fs::read_dir(folder).expect("the recordings");
        let mut files = files.map(|file| file.expect("a file").path());
        let found = files.find(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(&start))
        })?;
        let text = std::fs::read_to_string(found).expect("a readable file");
        Some(serde_json::from_str(&text).expect("recorded JSON"))
    }
}

async fn send(router: &Router, exchange: &Value) -> Response {
    let asked = &exchange["request"];
    let path = asked["path"].as_str().expect("a path");
    let url = format!("https://odoo.example{path}");
    let mut request = Request::new(Method::POST, url.parse().expect("an address"));
    for (name, value) in asked["headers"].as_object().expect("headers") {
        let name: HeaderName = name.parse().expect("a name");
        let value = HeaderValue::from_str(value.as_str().expect("text")).expect("a value");
        request.headers.insert(name, value);
    }
    request.body = asked["body"].to_string().into();
    let stand = InProcess::new(router.clone());
    stand.send(&request).await.expect("an answer")
}

/// What a server makes up by itself is taken away, and numbers lose the noise of floats.
fn bare(value: &mut Value) {
    const OWN: [&str; 9] = [
        "id",
        "arguments",
        "context",
        "currency_id",
        "debug",
        // Taxes and the sum are lines of an invoice too, and take rows.
        "invoice_line_ids",
        "pricelist_id",
        "scheduled_date",
        "write_date",
    ];
    match value {
        Value::Object(members) => {
            // An envelope's id counts calls; a row's is compared.
            let is_row = !members.contains_key("jsonrpc");
            members.retain(|name, _| !OWN.contains(&name.as_str()) || (name == "id" && is_row));
            members.values_mut().for_each(bare);
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            *value = json!(format!("{float:.6}"));
        }
        _ => {}
    }
}

/// What the wizard answers is a window of dozens of settings; two of them say something.
fn window(value: &Value) -> Value {
    let result = value.get("result").unwrap_or(value);
    json!([result["res_id"], result["res_model"]])
}

/// 19 writes more about a missing value than the others; the first sentence is what counts.
fn first_sentences(value: &mut Value) {
    let pointer = if value.get("result").is_some() {
        "/result/messages"
    } else {
        "/messages"
    };
    let messages = value.pointer_mut(pointer).and_then(Value::as_array_mut);
    for message in messages.into_iter().flatten() {
        if let Some(text) = message["message"].as_str() {
            let first = text.lines().next().unwrap_or_default();
            message["message"] = json!(first.trim_end_matches('.'));
        }
    }
}

#[tokio::test]
async fn an_orders_life_is_answered_as_recorded() {
    for before in SERVERS {
        let shared = SharedWorld::new(before.world());
        let router = fake(shared.clone());
        let mut told = 0;
        for number in [
            "050", "051", "060", "061", "062", "063", "064", "066", "067", "068", "069", "070",
            "071", "072", "073", "074", "075", "077", "080", "081", "082", "083", "084", "090",
            "091", "095", "096", "097", "098", "099", "100", "101", "102", "103", "104", "105",
            "106", "107", "108", "110", "111", "112", "113",
        ] {
            let exchange = before.exchange(number).expect("it was recorded");
            match number {
                // Between the two somebody put the quantity back.
                "066" => put_back(&shared),
                "077" => shared.lock().erp.sales.races_lost = 1,
                // The second wizard of the recording was opened like the first.
                "108" => drop(send(&router, &before.exchange("100").expect("recorded")).await),
                _ => {}
            }
            let answer = send(&router, &exchange).await;
            let recorded = &exchange["response"];
            let what = format!("{} {number} {}", before.version, exchange["what"]);
            assert_eq!(json!(answer.status), recorded["status"], "{what}");
            let mut ours: Value = serde_json::from_slice(&answer.body).expect("JSON");
            let mut theirs = recorded["body"].clone();
            if number == "101" {
                assert_eq!(window(&ours), window(&theirs), "{what}");
            } else {
                for value in [&mut ours, &mut theirs] {
                    bare(value);
                    first_sentences(value);
                }
                assert_eq!(ours, theirs, "{what}");
            }
            told += 1;
        }
        assert_eq!(told, 43);
    }
}

fn put_back(shared: &SharedWorld) {
    let mut world = shared.lock();
    let order = world
        .erp
        .sales
        .orders
        .values_mut()
        .next()
        .expect("it was made");
    let line = &mut order.lines[0];
    line.quantity = 3.into();
    line.total = "37.5".parse().expect("a number");
    line.untaxed = "31.25".parse().expect("a number");
    order.total = "82.38".parse().expect("a number");
    order.untaxed = "68.65".parse().expect("a number");
    order.tax = "13.73".parse().expect("a number");
}

/// The stand-in's answer to a recorded call, and the recorded one, without what is each server's
/// own.
async fn both(router: &Router, exchange: &Value) -> (Value, Value) {
    let answer = send(router, exchange).await;
    let mut ours: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let mut theirs = exchange["response"]["body"].clone();
    for value in [&mut ours, &mut theirs] {
        bare(value);
        first_sentences(value);
    }
    (ours, theirs)
}

#[tokio::test]
async fn a_number_that_is_taken_and_an_address_of_a_salesperson_are_answered_as_recorded() {
    let shared = SharedWorld::new(trading("18.0"));
    let router = fake(shared.clone());
    let odoo = connect(here(HEX_KEY), Arc::new(InProcess::new(router.clone())));
    let desk = sales(odoo.as_ref());
    let mut invoice = 0;
    for number in ["1", "2"] {
        let order = ordered(desk, number, true).await;
        shared.lock().erp.sales.twin_drafts = 1;
        let drafted = desk.step(order, &SaleStep::DraftInvoice).await;
        drafted.expect("a draft");
        let made = seen(desk, order).await.invoices[0].key;
        if number == "1" {
            let post = SaleStep::PostInvoice { invoice: made };
            desk.step(order, &post).await.expect("posted");
        }
        invoice = made.0;
    }
    let mut taken = recorded!("204-v18-invoice-post-number-taken");
    taken["request"]["body"]["params"]["args"][5] = json!([[invoice]]);
    let (ours, theirs) = both(&router, &taken).await;
    assert_eq!(ours, theirs);

    let customer = desk.create_customer(&giulia()).await.expect("a customer");
    shared.lock().erp.accounts[0].rights = ErpRights::Seller;
    let mut column = recorded!("206-v18-address-load-by-parent-column");
    column["request"]["body"]["params"]["args"][5][1][0][1] = json!(customer);
    let (ours, theirs) = both(&router, &column).await;
    assert_eq!(ours, theirs);
    let mut default = recorded!("205-v18-address-load-by-default-parent");
    default["request"]["body"]["params"]["args"][6]["context"]["default_parent_id"] =
        json!(customer);
    let (ours, theirs) = both(&router, &default).await;
    assert_eq!(ours["result"]["messages"], theirs["result"]["messages"]);
    let made = ours["result"]["ids"][0].as_i64().expect("it was made");
    let parent = shared.lock().erp.sales.partners[&made].parent;
    assert_eq!(parent, Some(customer.0));
}
