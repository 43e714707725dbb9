//! What Odoo knows of orders before they go in: read in bulk, for the preflight.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tandem_contract::{Error, Sales};
use tandem_domain::{
    Known, ListingKey, Order, OrderKey, PartnerKey, Reference, Sale, SaleKey, StoreUid,
    normal_email,
};
use tandem_store::{Import, Stage};

use super::once::passing;
use crate::Patience;

/// Orders asked about in one call.
const AT_ONCE: usize = 100;

/// Orders read in full in one call.
const READ_AT_ONCE: usize = 50;

/// What Odoo said of orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// Of each order, in the order asked.
    pub known: Vec<(OrderKey, Known)>,
    /// Imports that are not what the cache thinks: made by somebody else, or gone.
    pub imports: Vec<Import>,
}

/// A read, asked again while that can help.
pub async fn read_again<T, F, P>(
    ask: impl Fn() -> F,
    pause: impl Fn(Duration) -> P,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
    P: Future<Output = ()>,
{
    let mut patience = Patience::default();
    loop {
        match ask().await {
            Ok(read) => return Ok(read),
            Err(error) => match patience.wait_after(&passing(error.clone())) {
                Some(wait) => pause(wait).await,
                None => return Err(error),
            },
        }
    }
}

/// Asks Odoo about orders, and compares with what the cache knows of their imports: another
/// machine, or an earlier cache, may have imported them, and somebody may have deleted them.
pub async fn look_at<S: std::hash::BuildHasher>(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
    imports: &HashMap<OrderKey, Import, S>,
) -> Result<Looked, Error> {
    let known = look_up(sales, uid, orders).await?;
    let unseen = |order: &OrderKey| {
        imports
            .get(order)
            .is_none_or(|import| import.sale.is_none())
    };
    let strange = known.iter().filter(|(order, _)| unseen(order));
    let strange: Vec<SaleKey> = strange.filter_map(|(_, known)| known.sale).collect();
    let mut found: Vec<Sale> = Vec::new();
    for some in strange.chunks(READ_AT_ONCE) {
        let read = read_again(|| sales.look(some), tokio::time::sleep).await?;
        found.extend(read.into_iter().flatten());
    }
    let mut moved = Vec::new();
    for (order, (_, known)) in orders.iter().zip(&known) {
        let import = imports.get(&order.key);
        let sale = found.iter().find(|sale| Some(sale.head.key) == known.sale);
        moved.extend(match (import, sale) {
            (Some(import), _) if is_gone(import, known) => Some(Import {
                stage: Stage::Gone,
                ..import.clone()
            }),
            (import, Some(sale)) => Some(adopted(uid, order, (import, sale))),
            _ => None,
        });
    }
    Ok(Looked {
        known,
        imports: moved,
    })
}

/// Whether Odoo had it and has it no more.
fn is_gone(import: &Import, known: &Known) -> bool {
    known.sale.is_none() && import.sale.is_some() && import.stage != Stage::Gone
}

/// An order that somebody else imported under our reference. With the store's mark on it nothing
/// is left to do; without, it goes on where the other one stopped.
fn adopted(
    uid: &StoreUid,
    order: &Order<ListingKey>,
    (import, sale): (Option<&Import>, &Sale),
) -> Import {
    let reference = Reference::order(uid, &order.key);
    let off = sale.head.total.amount() - order.total.amount();
    let marked = order.stamp.as_ref();
    let marked = marked.is_some_and(|stamp| stamp.reference == reference);
    Import {
        order: order.key.clone(),
        stage: if marked { Stage::Done } else { Stage::Created },
        sale: Some(sale.head.key),
        sale_name: Some(sale.head.name.clone()),
        difference: marked.then_some(off),
        record: import.and_then(|import| import.record.clone()),
        stamped_at: None,
        error: None,
        reference,
    }
}

/// Asks Odoo about orders: whether they are there, who else bears their numbers, and whose
/// e-mails they carry.
pub async fn look_up(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
) -> Result<Vec<(OrderKey, Known)>, Error> {
    let mut all = Vec::with_capacity(orders.len());
    for some in orders.chunks(AT_ONCE) {
        all.extend(look_up_some(sales, uid, some).await?);
    }
    Ok(all)
}

async fn look_up_some(
    sales: &dyn Sales,
    uid: &StoreUid,
    orders: &[Order<ListingKey>],
) -> Result<Vec<(OrderKey, Known)>, Error> {
    let references: Vec<Reference> = orders
        .iter()
        .map(|order| Reference::order(uid, &order.key))
        .collect();
    let numbers: Vec<String> = orders.iter().map(|order| order.number.clone()).collect();
    let mut emails: Vec<String> = orders.iter().filter_map(email_of).collect();
    emails.sort_unstable();
    emails.dedup();
    let pause = tokio::time::sleep;
    let found = read_again(|| sales.find(&references), pause).await?;
    let heads = read_again(|| sales.by_number(&numbers), pause).await?;
    let customers = if emails.is_empty() {
        Vec::new()
    } else {
        read_again(|| sales.customers(&emails), pause).await?
    };
    let mut by_email: BTreeMap<String, Vec<PartnerKey>> = BTreeMap::new();
    for customer in customers {
        if let Some(email) = &customer.email {
            by_email
                .entry(normal_email(email))
                .or_default()
                .push(customer.key);
        }
    }
    let known = orders.iter().zip(found).map(|(order, found)| {
        let of_email = email_of(order).and_then(|email| by_email.get(&email).cloned());
        let bears = |head: &&tandem_domain::SaleHead| {
            head.number.as_deref() == Some(order.number.as_str()) && Some(head.key.0) != found
        };
        let known = Known {
            customers: of_email.unwrap_or_default(),
            same_number: heads.iter().filter(bears).cloned().collect(),
            sale: found.map(SaleKey),
        };
        (order.key.clone(), known)
    });
    Ok(known.collect())
}

/// The customer's e-mail as it is compared, where there is one.
pub(super) fn email_of<K>(order: &Order<K>) -> Option<String> {
    let email = order.customer.email.as_deref().map(normal_email);
    email.filter(|email| !email.is_empty())
}
