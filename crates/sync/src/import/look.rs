//! What Odoo knows of orders before they go in: read in bulk, for the preflight.

use std::collections::BTreeMap;
use std::time::Duration;

use tandem_contract::{Error, Sales};
use tandem_domain::{
    Known, ListingKey, Order, OrderKey, PartnerKey, Reference, SaleKey, StoreUid, normal_email,
};

use super::once::passing;
use crate::Patience;

/// Orders asked about in one call.
const AT_ONCE: usize = 100;

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

fn email_of(order: &Order<ListingKey>) -> Option<String> {
    let email = order.customer.email.as_deref().map(normal_email);
    email.filter(|email| !email.is_empty())
}
