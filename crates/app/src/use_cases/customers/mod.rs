//! Customers, the way back: what a store wants told, and what it would be told.

mod shown;
mod telling;

use std::collections::HashMap;
use std::sync::Arc;

use tandem_contract::Customers;
use tandem_domain::{CustomerKey, Slug};
use tandem_store::{AgreedCustomer, LinkedCustomer};
use tandem_sync::import::{CustomerGrounds, CustomerSaid, hold_customers};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::imports::Sides;
use crate::view::{CustomerPlan, CustomerWays, Stale, count};
use crate::{App, Result};

/// Customers read in one go: what the store gives on one page, and what Odoo answers well.
const AT_ONCE: usize = 100;

/// What is known of a store's customers without asking anybody.
struct Known {
    ways: tandem_store::CustomerWays,
    links: Vec<LinkedCustomer>,
    agreed: HashMap<CustomerKey, AgreedCustomer>,
    database: String,
}

impl Known {
    fn grounds(&self) -> CustomerGrounds {
        CustomerGrounds {
            ways: self.ways,
            database: self.database.clone(),
            ..CustomerGrounds::default()
        }
    }

    /// Asks both sides about some of them.
    async fn hold(
        &self,
        sides: &Sides,
        grounds: &mut CustomerGrounds,
        some: &[LinkedCustomer],
    ) -> Result<Vec<CustomerSaid>> {
        let both = (customers_of(sides)?, sides.sales()?);
        Ok(hold_customers(both, grounds, some, &self.agreed).await?)
    }
}

/// The store's customers; refused where they cannot be reached.
fn customers_of(sides: &Sides) -> Result<&dyn Customers> {
    let customers = sides.shop.customers();
    customers.ok_or_else(|| AppError::new(Code::NoCustomers).with("name", &sides.slug))
}

impl App {
    /// What a store wants told about its customers.
    pub async fn customer_ways(&self, store: &str) -> Result<CustomerWays> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            Ok(ways_view(inner.store.customer_ways(&slug)?))
        })
        .await
    }

    /// Saves what a store wants told. Nothing is written to it before somebody looked at a plan.
    pub async fn save_customer_ways(&self, store: &str, ways: CustomerWays) -> Result<()> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let ways = tandem_store::CustomerWays {
                address: ways.address,
                mark: ways.mark,
            };
            inner.store.save_customer_ways(&slug, ways)?;
            inner.stale(&[Stale::Settings]);
            Ok(())
        })
        .await
    }

    /// What a store would be told about its customers. Reads both sides, and writes nothing.
    pub async fn customer_plan(&self, store: &str) -> Result<CustomerPlan> {
        let sides = self.sides(store).await?;
        let known = self.known_customers(&sides).await?;
        let mut plan = CustomerPlan {
            ways: ways_view(known.ways),
            customers: 0,
            items: Vec::new(),
        };
        if !(known.ways.address || known.ways.mark) {
            return Ok(plan);
        }
        plan.customers = count(known.links.len());
        let mut grounds = known.grounds();
        for some in known.links.chunks(AT_ONCE) {
            let said = known.hold(&sides, &mut grounds, some).await?;
            for (link, said) in some.iter().zip(said) {
                let views = said.items.iter().map(|item| shown::planned(link, item));
                plan.items.extend(views);
            }
        }
        Ok(plan)
    }

    async fn known_customers(&self, sides: &Sides) -> Result<Known> {
        customers_of(sides)?;
        let (slug, odoo) = (sides.slug.clone(), sides.odoo.clone());
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.known_customers(&slug, &odoo)).await
    }
}

impl Inner {
    fn known_customers(&self, store: &Slug, odoo: &Slug) -> Result<Known> {
        Ok(Known {
            ways: self.store.customer_ways(store)?,
            links: self.store.linked_customers(store)?,
            agreed: self.store.agreed_customers(store)?,
            database: self.database_of(odoo)?,
        })
    }
}

fn ways_view(ways: tandem_store::CustomerWays) -> CustomerWays {
    CustomerWays {
        address: ways.address,
        mark: ways.mark,
    }
}
