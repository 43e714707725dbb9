//! What was read for many orders in one call: customers, their addresses, service products.
//!
//! It is some seconds old when it is used, so only what it holds counts. What it lacks may have
//! come since, and is asked for again before anything is made.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};

use tandem_contract::{Error, Sales};
use tandem_domain::{Partner, PartnerKey, Service, VariantKey, normal_email};

use super::customers::goes_elsewhere;
use super::look::read_again;
use super::plan::{CustomerPlan, PlannedOrder};

/// What was read for some orders together.
#[derive(Debug, Default)]
pub struct Gathered {
    customers: HashMap<String, Vec<Partner>>,
    addresses: HashMap<PartnerKey, Vec<Partner>>,
    services: Mutex<BTreeMap<Service, VariantKey>>,
}

impl Gathered {
    /// Reads the addresses of these customers, where an order of theirs names another than the
    /// customer's own.
    pub async fn read(
        sales: &dyn Sales,
        plans: &[PlannedOrder],
        customers: Vec<Partner>,
    ) -> Result<Self, Error> {
        let mut gathered = Self::default();
        for customer in customers {
            if let Some(email) = &customer.email {
                let named = gathered.customers.entry(normal_email(email)).or_default();
                if named.iter().all(|known| known.key != customer.key) {
                    named.push(customer);
                }
            }
        }
        let asked: BTreeSet<PartnerKey> = plans
            .iter()
            .filter_map(|plan| gathered.elsewhere(plan))
            .collect();
        let asked: Vec<PartnerKey> = asked.into_iter().collect();
        if asked.is_empty() {
            return Ok(gathered);
        }
        let found = read_again(|| sales.addresses(&asked), tokio::time::sleep).await?;
        for address in found {
            if let Some(of) = address.parent {
                gathered.addresses.entry(of).or_default().push(address);
            }
        }
        Ok(gathered)
    }

    /// The customer whose addresses an order needs.
    fn elsewhere(&self, plan: &PlannedOrder) -> Option<PartnerKey> {
        let CustomerPlan::ByEmail { email, chosen } = &plan.customer else {
            return None;
        };
        let found = self.customers(email);
        let customer = match chosen {
            Some(chosen) => found.iter().find(|customer| customer.key == *chosen),
            None => found.first().filter(|_| found.len() == 1),
        };
        let customer = customer.filter(|customer| goes_elsewhere(&plan.order, customer));
        customer.map(|customer| customer.key)
    }

    pub(super) fn customers(&self, email: &str) -> &[Partner] {
        self.customers.get(email).map_or(&[], Vec::as_slice)
    }

    pub(super) fn addresses(&self, customer: PartnerKey) -> &[Partner] {
        self.addresses.get(&customer).map_or(&[], Vec::as_slice)
    }

    pub(super) fn service(&self, service: Service) -> Option<VariantKey> {
        self.services().get(&service).copied()
    }

    pub(super) fn note_service(&self, service: Service, key: VariantKey) {
        self.services().insert(service, key);
    }

    fn services(&self) -> MutexGuard<'_, BTreeMap<Service, VariantKey>> {
        let services = self.services.lock();
        services.expect("no holder of this lock can panic")
    }
}
