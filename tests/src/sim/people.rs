//! People at work in Odoo and in the shop while orders go in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_contract::http::{Request, Transport};
use tandem_sandbox::{ErpOrder, SharedWorld, seed};

use super::dice::Dice;

/// What somebody does to an order in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Another price on a line.
    Edit,
    /// Confirmed.
    Confirm,
    /// Cancelled.
    Cancel,
    /// Deleted.
    Delete,
}

impl Deed {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Edit, Self::Confirm, Self::Cancel, Self::Delete];

    pub(super) fn any(dice: &mut Dice) -> Self {
        *dice.pick(&Self::ALL)
    }
}

/// What people did to one order.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    /// The total that they gave it.
    pub(super) total: Option<Decimal>,
    pub(super) confirmed: bool,
    pub(super) cancelled: bool,
    /// Deleted; true where every machine can know that it was there.
    pub(super) deleted: Option<bool>,
    /// The shop cancelled it.
    pub(super) in_shop: bool,
}

/// Everybody who works in Odoo, by their own ways.
pub(super) struct People {
    way: Arc<dyn Transport>,
    world: SharedWorld,
    dice: Mutex<Dice>,
    touched: Mutex<BTreeMap<String, Touched>>,
    /// Whether only one machine is at work: then a marked order is known by all to be there.
    one_machine: Mutex<bool>,
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People").finish_non_exhaustive()
    }
}

impl People {
    pub(super) fn new(way: Arc<dyn Transport>, world: SharedWorld, dice: Dice) -> Arc<Self> {
        Arc::new(Self {
            way,
            world,
            dice: Mutex::new(dice),
            touched: Mutex::default(),
            one_machine: Mutex::new(true),
        })
    }

    pub(super) fn touched(&self) -> MutexGuard<'_, BTreeMap<String, Touched>> {
        self.touched
            .lock()
            .expect("no holder of this lock can panic")
    }

    pub(super) fn one_machine(&self, one: bool) {
        *self
            .one_machine
            .lock()
            .expect("no holder of this lock can panic") = one;
    }

    /// Somebody does this to an order that came in; nobody to none.
    pub(super) async fn act(&self, deed: Deed) {
        let Some((id, order)) = self.some_order() else {
            return;
        };
        let done = match deed {
            Deed::Edit => self.edit(&order).await,
            Deed::Confirm => {
                self.call("sale.order", "action_confirm", json!([[id]]))
                    .await
            }
            Deed::Cancel => self.cancel(id).await,
            Deed::Delete => {
                order.state != "sale" && self.call("sale.order", "unlink", json!([[id]])).await
            }
        };
        if !done {
            return;
        }
        let total = self.order(id).map(|order| order.total);
        let marked = self.marked(&order.number);
        let one = *self
            .one_machine
            .lock()
            .expect("no holder of this lock can panic");
        let mut touched = self.touched();
        let touched = touched.entry(order.number).or_default();
        match deed {
            Deed::Edit => touched.total = total,
            Deed::Confirm => touched.confirmed = true,
            Deed::Cancel => touched.cancelled = true,
            Deed::Delete => touched.deleted = Some(marked && one),
        }
    }

    /// The shop cancels an order.
    pub(super) fn cancel_in_shop(&self) {
        let mut world = self.world.lock();
        let now = world.clock.now();
        let mut dice = self.dice();
        let keys: Vec<u64> = world.shop.orders.keys().copied().collect();
        let Some(order) = world.shop.orders.get_mut(dice.pick(&keys)) else {
            return;
        };
        "cancelled".clone_into(&mut order.status);
        order.modified = now;
        let number = order.number.clone();
        self.touched().entry(number).or_default().in_shop = true;
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().expect("no holder of this lock can panic")
    }

    fn some_order(&self) -> Option<(i64, ErpOrder)> {
        let world = self.world.lock();
        let orders = &world.erp.sales.orders;
        let ids: Vec<i64> = orders.keys().copied().collect();
        if ids.is_empty() {
            return None;
        }
        let id = *self.dice().pick(&ids);
        Some((id, orders.get(&id)?.clone()))
    }

    fn order(&self, id: i64) -> Option<ErpOrder> {
        self.world.lock().erp.sales.orders.get(&id).cloned()
    }

    fn marked(&self, number: &str) -> bool {
        let world = self.world.lock();
        let mut orders = world.shop.orders.values();
        let order = orders.find(|order| order.number == number);
        order.is_some_and(|order| !order.meta.is_empty())
    }

    async fn edit(&self, order: &ErpOrder) -> bool {
        let billed = {
            let world = self.world.lock();
            let mut invoices = world.erp.sales.invoices.values();
            invoices.any(|invoice| invoice.origin == order.name)
        };
        let Some(line) = order
            .lines
            .first()
            .filter(|_| !billed && order.state != "cancel")
        else {
            return false;
        };
        let price: Value = serde_json::from_str(&(line.price + Decimal::from(3)).to_string())
            .expect("a decimal is a number of JSON");
        let values = json!([[line.id], {"price_unit": price}]);
        self.call("sale.order.line", "write", values).await
    }

    async fn cancel(&self, id: i64) -> bool {
        let arguments = json!([[id]]);
        let context = json!({"context": {"disable_cancel_warning": true}});
        self.ask(("sale.order", "action_cancel"), arguments, context)
            .await
    }

    async fn call(&self, model: &str, method: &str, arguments: Value) -> bool {
        self.ask((model, method), arguments, json!({})).await
    }

    /// Whether Odoo did it.
    async fn ask(&self, (model, method): (&str, &str), arguments: Value, named: Value) -> bool {
        let url = "https://odoo.example/jsonrpc".parse().expect("an address");
        let call = json!([
            seed::ERP_DATABASE,
            7,
            seed::ERP_API_KEY,
            model,
            method,
            arguments,
            named
        ]);
        let params = json!({"service": "object", "method": "execute_kw", "args": call});
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 1, "params": params});
        let request = Request::new(Method::POST, url).json(&body);
        let answer = self
            .way
            .send(&request)
            .await
            .expect("a way of people's own");
        let answer: Value = serde_json::from_slice(&answer.body).expect("JSON-RPC");
        answer.get("error").is_none()
    }
}
