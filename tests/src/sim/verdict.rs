//! What must be true at the end, held against what is true in Odoo and in the shop: nothing
//! lost, nothing doubled, no total wrong, nothing of a person's undone.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::{OrderKey, Reference, Until, normal_email};
use tandem_sandbox::{ErpInvoice, ErpOrder, ErpWorld, ShopOrder};

use super::machine::{End, Machine};
use super::people::Touched;
use super::scene::{DUE, Scene};

/// How many orders came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// In Odoo, with the store's total, as far as they go.
    pub imported: u64,
    /// Held back for a named reason.
    pub blocked: u64,
    /// In Odoo as a quotation that is shown as different, since Odoo computes otherwise than it
    /// said before.
    pub shown: u64,
    /// Changed, cancelled or deleted by somebody.
    pub touched: u64,
    /// Requests to both servers.
    pub requests: u64,
    /// Machines that died at work.
    pub deaths: u64,
}

impl Tally {
    /// Orders.
    pub fn orders(&self) -> u64 {
        self.imported + self.blocked + self.shown + self.touched
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.imported += other.imported;
        self.blocked += other.blocked;
        self.shown += other.shown;
        self.touched += other.touched;
        self.requests += other.requests;
        self.deaths += other.deaths;
    }
}

/// What is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// An order is not in Odoo, and nothing says why.
    Lost(String),
    /// Something is there more than once.
    Doubled(String),
    /// An amount is not the store's.
    Total(String),
    /// Anything else.
    Other(String),
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, told) = match self {
            Self::Lost(told) => ("lost", told),
            Self::Doubled(told) => ("doubled", told),
            Self::Total(told) => ("wrong total", told),
            Self::Other(told) => ("wrong", told),
        };
        write!(f, "{kind}: {told}")
    }
}

/// The verdict on a scene, as a machine with this end sees it.
pub(super) fn of(scene: &Scene, machine: &Machine, end: &End) -> Result<Tally, Wrong> {
    let world = scene.world.lock().clone();
    once(scene, &world.erp)?;
    let touched = scene.people.touched();
    let mut tally = Tally::default();
    for (key, order) in &world.shop.orders {
        let key = OrderKey::new(key.to_string());
        let by_people = touched.get(&order.number).cloned().unwrap_or_default();
        let case = Case {
            scene,
            erp: &world.erp,
            order,
            key: &key,
            by_people: &by_people,
        };
        let held = end.held.get(&key);
        match case.there()? {
            None => case.absent(held, &mut tally)?,
            Some(there) => case.present(there, (machine, held), &mut tally)?,
        }
    }
    Ok(tally)
}

struct Case<'a> {
    scene: &'a Scene,
    erp: &'a ErpWorld,
    order: &'a ShopOrder,
    key: &'a OrderKey,
    by_people: &'a Touched,
}

impl<'a> Case<'a> {
    /// The order in Odoo: by the shop's number and by our reference, which must be one.
    fn there(&self) -> Result<Option<&'a ErpOrder>, Wrong> {
        let number = &self.order.number;
        let sales = &self.erp.sales;
        let named = |(_, there): &(&i64, &ErpOrder)| there.number == *number;
        let found = sales.orders.iter().find(named);
        let reference = Reference::order(&self.scene.uid, self.key).to_string();
        let known = sales.external_ids.get(&reference).map(|(_, row)| *row);
        if known != found.map(|(row, _)| *row) {
            return Err(Wrong::Other(format!(
                "the reference of order {number} is not its own"
            )));
        }
        Ok(found.map(|(_, order)| order))
    }

    fn absent(&self, held: Option<&String>, tally: &mut Tally) -> Result<(), Wrong> {
        let number = &self.order.number;
        let gone = self.by_people.deleted.is_some() || self.by_people.in_shop;
        if gone || !DUE.contains(&self.order.status.as_str()) {
            tally.touched += 1;
        } else if held.is_some() {
            tally.blocked += 1;
        } else {
            return Err(Wrong::Lost(format!("order {number}")));
        }
        Ok(())
    }

    fn present(
        &self,
        there: &ErpOrder,
        (machine, held): (&Machine, Option<&String>),
        tally: &mut Tally,
    ) -> Result<(), Wrong> {
        let number = &self.order.number;
        let known = machine.known(self.key);
        let told = known
            .and_then(|import| import.difference)
            .unwrap_or_default();
        let off = there.total - self.order.total;
        if self.by_people.deleted == Some(true) {
            return Err(Wrong::Doubled(format!(
                "order {number} was deleted and came back"
            )));
        }
        if let Some(total) = self.by_people.total {
            if there.total != total && there.total != self.order.total {
                return Err(Wrong::Total(format!(
                    "{number}: {} after {total}",
                    there.total
                )));
            }
            if told != off && !self.by_people.in_shop && !self.by_people.cancelled {
                return Err(Wrong::Other(format!(
                    "{number} is {off} off, and {told} is shown"
                )));
            }
            tally.touched += 1;
            return self.billed_once(there);
        }
        if !off.is_zero() {
            let by_us = there.state == "sale" && !self.by_people.confirmed;
            let shown = (held.is_some() || self.by_people.cancelled) && told == off && !by_us;
            // The shop cancelled it before it was read back: it goes no further by us, and what is
            // left to do about it is to cancel it in Odoo too.
            let dropped = self.by_people.in_shop && !by_us;
            let shown = shown || dropped;
            if !(shown && self.scene.setting.rounds_otherwise) {
                let there = there.total;
                let store = self.order.total;
                return Err(Wrong::Total(format!(
                    "order {number}: {there} instead of {store}"
                )));
            }
            tally.shown += 1;
            return Ok(());
        }
        if self.by_people.cancelled || self.by_people.in_shop {
            tally.touched += 1;
            return self.billed_once(there);
        }
        self.finished(there)?;
        self.marked(there)?;
        if self.by_people.confirmed || self.by_people.deleted.is_some() {
            tally.touched += 1;
        } else {
            tally.imported += 1;
        }
        Ok(())
    }

    /// As far as its status says, and no further, at the store's date.
    fn finished(&self, there: &ErpOrder) -> Result<(), Wrong> {
        let (until, number) = (self.scene.setting.until, &self.order.number);
        let confirmed = until >= Until::Confirmed || self.by_people.confirmed;
        if (there.state == "sale") != confirmed {
            return Err(Wrong::Other(format!("order {number} is {}", there.state)));
        }
        let by_them = self.by_people.confirmed && until < Until::Confirmed;
        if there.placed.as_second() != self.order.created.as_second() && !by_them {
            return Err(Wrong::Other(format!(
                "order {number} is of {}",
                there.placed
            )));
        }
        let bills = self.billed(there);
        let wanted = usize::from(until >= Until::Invoiced);
        let state = if until >= Until::Posted {
            "posted"
        } else {
            "draft"
        };
        if bills.len() != wanted || bills.iter().any(|bill| bill.state != state) {
            let states: Vec<&str> = bills.iter().map(|bill| bill.state.as_str()).collect();
            return Err(Wrong::Other(format!(
                "the bills of {number} are {states:?}"
            )));
        }
        match bills.iter().find(|bill| bill.total != self.order.total) {
            Some(bill) => Err(Wrong::Total(format!(
                "the bill of {number}: {}",
                bill.total
            ))),
            None => self.billed_once(there),
        }
    }

    fn billed(&self, there: &ErpOrder) -> Vec<&'a ErpInvoice> {
        let all = self.erp.sales.invoices.values();
        let own = all.filter(|bill| bill.origin == there.name && bill.state != "cancel");
        own.collect()
    }

    fn billed_once(&self, there: &ErpOrder) -> Result<(), Wrong> {
        let number = &self.order.number;
        if self.billed(there).len() > 1 {
            return Err(Wrong::Doubled(format!("the bill of order {number}")));
        }
        let pickings = self.erp.sales.pickings.values();
        let own = pickings.filter(|picking| {
            let order = self.erp.sales.orders.get(&picking.order);
            order.is_some_and(|order| order.name == there.name) && picking.state != "cancel"
        });
        if own.count() > 1 {
            return Err(Wrong::Doubled(format!("the delivery of order {number}")));
        }
        Ok(())
    }

    /// The store's order says where it went, and Odoo's order whose it is.
    fn marked(&self, there: &ErpOrder) -> Result<(), Wrong> {
        let number = &self.order.number;
        let reference = Reference::order(&self.scene.uid, self.key).to_string();
        let marks = self.order.meta.iter();
        let mut own =
            marks.filter(|(_, mark)| mark.contains(&reference) && mark.contains(&there.name));
        if own.next().is_none() || own.next().is_some() {
            return Err(Wrong::Other(format!(
                "order {number} does not bear its mark"
            )));
        }
        let partner = self.erp.sales.partners.get(&there.partner);
        let theirs = partner.map(|partner| normal_email(&partner.email));
        let ours = self.order.customer.email.as_deref().map(normal_email);
        if theirs != Some(ours.unwrap_or_default()) {
            return Err(Wrong::Other(format!("order {number} is somebody else's")));
        }
        Ok(())
    }
}

/// No order, and no customer, address or product that was made by us, is there twice.
fn once(scene: &Scene, erp: &ErpWorld) -> Result<(), Wrong> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    let before = &scene.before.erp;
    for (row, partner) in &erp.sales.partners {
        let email = normal_email(&partner.email);
        let new = !before.sales.partners.contains_key(row);
        let address = (
            &partner.name,
            &partner.street,
            &partner.street2,
            &partner.city,
        );
        match partner.parent {
            // Who was there twice already is not ours to clear up.
            None if email.is_empty() => {}
            None if new => count(format!("customer {email}")),
            None if before
                .sales
                .partners
                .values()
                .filter(|p| normal_email(&p.email) == email)
                .count()
                == 1 =>
            {
                count(format!("customer {email}"));
            }
            Some(of) if new => count(format!("address {of} {} {address:?}", partner.role)),
            _ => {}
        }
    }
    for order in erp.sales.orders.values() {
        count(format!("order {}", order.number));
    }
    for (row, variant) in &erp.variants {
        if !before.variants.contains_key(row) {
            count(format!("product {}", variant.name));
        }
    }
    match seen.into_iter().find(|(_, times)| *times > 1) {
        Some((what, times)) => Err(Wrong::Doubled(format!("{what} is there {times} times"))),
        None => Ok(()),
    }
}

/// Everything that was made, in a form that shows whether more was.
pub(super) fn books(scene: &Scene) -> Vec<(String, Decimal)> {
    let world = scene.world.lock();
    let sales = &world.erp.sales;
    let orders = sales.orders.values();
    let orders = orders.map(|order| (format!("{} {}", order.name, order.state), order.total));
    let bills = sales.invoices.iter();
    let bills = bills.map(|(row, bill)| (format!("{row} {}", bill.state), bill.total));
    let rest = [
        sales.partners.len(),
        sales.pickings.len(),
        world.erp.variants.len(),
    ];
    let rest = rest.map(|count| (String::new(), Decimal::from(count)));
    orders.chain(bills).chain(rest).collect()
}
