//! Which Odoo, company and warehouses a store sells from.

use std::sync::Arc;

use tandem_domain::{Slug, WarehouseKey};
use tandem_store::SavedConnection;

use super::{found_of, parse_slug, settings_of, to_value};
use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::entry;
use crate::view::{ConnectionView, Side, Stale, StoreBinding};
use crate::{App, Result};

impl App {
    /// Says which Odoo, company and warehouses a store sells from.
    pub async fn bind_store(&self, store: &str, binding: StoreBinding) -> Result<ConnectionView> {
        let (store, odoo) = (parse_slug(store)?, parse_slug(&binding.odoo)?);
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.bind(&store, &odoo, &binding)).await
    }
}

impl Inner {
    fn bind(&self, store: &Slug, odoo: &Slug, binding: &StoreBinding) -> Result<ConnectionView> {
        let _one_at_a_time = self.editing();
        let mut saved = self.saved_store(store)?;
        let target = self.store.connection(odoo)?;
        if entry(&target.kind)?.side() != Side::Odoo {
            return Err(AppError::bad_input("odoo", odoo));
        }
        self.runs.refuse_busy(&[store, odoo])?;
        let mut settings = settings_of(&saved)?;
        let company = i64::from(binding.company);
        self.refuse_second_company(store, odoo, company)?;
        self.refuse_to_forget(&saved, odoo)?;
        if settings.company.is_some_and(|before| before != company) {
            self.store.fetch_anew(odoo)?;
        }
        settings.company = Some(company);
        settings.warehouses = binding.warehouses.iter().copied().map(i64::from).collect();
        saved.settings = to_value(&settings)?;
        saved.bound_odoo = Some(odoo.clone());
        self.store.save_connection(&saved)?;
        self.stale(&[Stale::Connections, Stale::Review, Stale::Orders]);
        self.connection_view(&saved)
    }

    /// A connection to Odoo is read for one company: read for another, what belongs to the first
    /// would look deleted. A second connection to the same Odoo serves the second company.
    fn refuse_second_company(&self, store: &Slug, odoo: &Slug, company: i64) -> Result<()> {
        for sharing in self.store.connections()? {
            if sharing.slug == *store || sharing.bound_odoo.as_ref() != Some(odoo) {
                continue;
            }
            let taken = settings_of(&sharing)?.company;
            if taken != Some(company) {
                let taken = taken.map(|id| id.to_string()).unwrap_or_default();
                return Err(AppError::new(Code::CompanyTaken)
                    .with("store", sharing.name)
                    .with("company", self.company_name(odoo, &taken)?));
            }
        }
        Ok(())
    }

    /// The company's name as the last test of its Odoo found it, or its number.
    fn company_name(&self, odoo: &Slug, id: &str) -> Result<String> {
        let companies = found_of(&self.store.connection(odoo)?)?.companies;
        let known = companies.into_iter().find(|c| c.id.to_string() == id);
        Ok(known.map_or_else(|| id.to_owned(), |company| company.name))
    }

    /// Decisions name products of the Odoo that they were taken for, and would go with it.
    fn refuse_to_forget(&self, store: &SavedConnection, odoo: &Slug) -> Result<()> {
        let leaves = store.bound_odoo.as_ref().is_some_and(|left| left != odoo);
        let decisions = self.store.count_decisions(&store.slug)?;
        if leaves && decisions > 0 {
            return Err(AppError::new(Code::DecisionsAtStake).with("count", decisions));
        }
        Ok(())
    }
}

/// The warehouses that a store sells from: those chosen, or all of its company.
pub(crate) fn warehouses_of(
    store: &SavedConnection,
    odoo: &SavedConnection,
) -> Result<Vec<WarehouseKey>> {
    let settings = settings_of(store)?;
    if !settings.warehouses.is_empty() {
        return Ok(settings.warehouses.into_iter().map(WarehouseKey).collect());
    }
    let companies = found_of(odoo)?.companies;
    let chosen = companies
        .into_iter()
        .filter(|c| settings.company.is_none_or(|id| c.id == id));
    Ok(chosen
        .flat_map(|c| c.warehouses)
        .map(|w| WarehouseKey(w.id))
        .collect())
}
