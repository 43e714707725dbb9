//! Telling a store about its customers: written down, sent, read back, and never taken for done
//! because an answer said so.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use tandem_contract::{Customers, Error, Sales};
use tandem_domain::{CustomerChange, CustomerKey, PartnerKey};
use tandem_store::{AgreedCustomer, LinkedCustomer, Phase, Step};

use super::customers_back::{
    CustomerFacts, CustomerGrounds, CustomerItem, CustomerSaid, Parties, change_of,
};
use super::engine::{Importer, StoppedBy, payload};
use super::look::read_again;
use crate::Patience;

/// Reads some customers on both sides, and says of each, in their order, what the store could be
/// told. What the grounds learn on the way is good for the next ones.
pub async fn hold_customers<S: std::hash::BuildHasher + Sync>(
    (customers, sales): (&dyn Customers, &dyn Sales),
    grounds: &mut CustomerGrounds,
    links: &[LinkedCustomer],
    agreed: &HashMap<CustomerKey, AgreedCustomer, S>,
) -> Result<Vec<CustomerSaid>, Error> {
    let keys: Vec<CustomerKey> = links.iter().map(|link| link.key.clone()).collect();
    let known = read_again(|| customers.look(&keys), tokio::time::sleep).await?;
    let orders: Vec<_> = links.iter().map(|link| link.sale).collect();
    let orders = read_again(|| sales.look(&orders), tokio::time::sleep).await?;
    let parties = orders.into_iter().map(|sale| {
        let sale = sale?;
        Some(Parties {
            customer: sale.partner,
            invoice_to: sale.invoice_to,
            deliver_to: sale.deliver_to,
        })
    });
    let parties: Vec<Option<Parties>> = parties.collect();
    let asked = parties.iter().flatten();
    let asked = asked.flat_map(|of| [of.customer, of.invoice_to, of.deliver_to]);
    let mut asked: Vec<PartnerKey> = asked.collect();
    asked.sort_unstable();
    asked.dedup();
    let found = read_again(|| sales.partners(&asked), tokio::time::sleep).await?;
    let found = found.into_iter().flatten();
    grounds.partners = found.map(|partner| (partner.key, partner)).collect();
    let facts = links.iter().zip(&known).zip(parties);
    let facts = facts.map(|((link, store), parties)| CustomerFacts {
        link,
        agreed: agreed.get(&link.key),
        store: store.as_ref(),
        parties,
    });
    let facts: Vec<CustomerFacts<'_>> = facts.collect();
    for facts in &facts {
        for country in facts.countries(grounds) {
            if let Entry::Vacant(unknown) = grounds.provinces.entry(country.clone()) {
                let list = read_again(|| customers.provinces(&country), tokio::time::sleep).await?;
                unknown.insert(list);
            }
        }
    }
    Ok(facts.iter().map(|facts| facts.proposals(grounds)).collect())
}

impl Importer<'_> {
    /// Tells the store what these items of one customer say. What was written is what both sides
    /// agree on from then on.
    pub async fn tell_customer(
        &self,
        customers: &dyn Customers,
        items: &[CustomerItem],
        base: AgreedCustomer,
    ) -> Result<(), StoppedBy> {
        let Some(change) = change_of(items) else {
            return Ok(());
        };
        self.put_customer(customers, &change).await?;
        if change.billing.is_some() || change.shipping.is_some() {
            let agreed = AgreedCustomer {
                billing: change.billing.unwrap_or(base.billing),
                shipping: change.shipping.unwrap_or(base.shipping),
                ..base
            };
            self.store
                .save_agreed_customer(&self.slug, &agreed, self.clock.now())?;
        }
        Ok(())
    }

    /// Sets absolute values, so sending them again has no second effect; but what is there is
    /// read first.
    async fn put_customer(
        &self,
        customers: &dyn Customers,
        change: &CustomerChange,
    ) -> Result<(), StoppedBy> {
        self.go_on()?;
        let said = what(change);
        let note = |phase, detail: String| {
            let sent = (phase == Phase::Intent).then(|| payload(change));
            self.note(Step::StoreCustomer, phase, (None, sent, detail))
        };
        note(Phase::Intent, said.clone())?;
        let asked = std::slice::from_ref(&change.key);
        let mut patience = Patience::default();
        loop {
            let answer = customers.put(change).await;
            if answer.as_ref().is_ok_and(|now| change.holds(now)) {
                return note(Phase::Confirmed, said);
            }
            if let Err(error) = &answer {
                note(Phase::Failed, error.cause.code().to_owned())?;
            }
            let there = customers.look(asked).await;
            let there = there.ok().and_then(|mut found| found.pop().flatten());
            if there.is_some_and(|there| change.holds(&there)) {
                return note(Phase::Found, said);
            }
            match answer {
                // Answered well, and not done: a redirect turns a write into a read, and shops
                // have plugins that put their own value back.
                Ok(_) => {
                    note(Phase::Mismatch, said)?;
                    return Err(StoppedBy::NoEffect(Step::StoreCustomer));
                }
                Err(error) => self.wait_after(&mut patience, error).await?,
            }
        }
    }
}

/// What is told, for the journal: whose, and which parts. No address stands in it.
fn what(change: &CustomerChange) -> String {
    let parts = [
        ("billing", change.billing.is_some()),
        ("shipping", change.shipping.is_some()),
        ("mark", change.mark.is_some()),
    ];
    let parts = parts.into_iter().filter(|(_, said)| *said);
    let parts: Vec<&str> = parts.map(|(name, _)| name).collect();
    format!("{}: {}", change.key, parts.join(", "))
}
