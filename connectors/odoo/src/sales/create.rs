//! What is made at most once: customers, addresses, services, orders and credit notes.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;
use tandem_contract::{Cause, CreditNoteDraft, Error, Result, ServiceDraft};
use tandem_domain::{
    Address, AddressDraft, AddressRole, InvoiceKey, PartnerDraft, PartnerKey, Reference, SaleDraft,
    SaleKey, VariantKey,
};

use super::columns::Extra;
use super::drafts::{self, Placed};
use super::load::Sheet;
use super::places::state_of;
use super::{Desk, INVOICE, ORDER, PARTNER, PRODUCT};
use crate::reads::Search;
use crate::wire::or_false;

/// References that are looked up at the same time.
const LOOKUPS_MAX: usize = 4;

impl Desk {
    /// A customer with addresses in one transaction: made as the parent's children they need no
    /// right to invoices (`050-partner-load`).
    pub(super) async fn load_customer(&self, draft: &PartnerDraft) -> Result<PartnerKey> {
        let columns = self.columns().await?;
        let own = &draft.address;
        let mut cells = vec![
            ("name", draft.name.clone()),
            ("email", draft.email.clone().unwrap_or_default()),
            ("is_company", "0".to_owned()),
        ];
        if columns.has(Extra::CompanyName) {
            let company = own.company.clone().unwrap_or_default();
            cells.push(("company_name", company));
        }
        cells.extend(drafts::address(own, &self.placed(own).await?));
        let phone = draft.phone.as_ref().or(own.phone.as_ref());
        if let Some(cell) = cells.iter_mut().find(|(name, _)| *name == "phone") {
            cell.1 = phone.cloned().unwrap_or_default();
        }
        let mut children = Vec::new();
        for child in &draft.addresses {
            children.push(self.child(child).await?);
        }
        let sheet = Sheet::new(&draft.reference, cells).with_lines("child_ids", &children);
        self.load(PARTNER, sheet, json!({})).await.map(PartnerKey)
    }

    async fn child(&self, draft: &AddressDraft) -> Result<Vec<(&'static str, String)>> {
        let mut cells = vec![("id", draft.reference.to_string())];
        cells.extend(self.address_cells(draft).await?);
        Ok(cells)
    }

    async fn address_cells(&self, draft: &AddressDraft) -> Result<Vec<(&'static str, String)>> {
        let role = match draft.role {
            AddressRole::Invoice => "invoice",
            AddressRole::Delivery => "delivery",
        };
        let mut cells = vec![
            ("type", role.to_owned()),
            ("name", drafts::label(&draft.address)),
        ];
        cells.extend(drafts::address(
            &draft.address,
            &self.placed(&draft.address).await?,
        ));
        Ok(cells)
    }

    /// Where an address lies, in Odoo's rows. A country that Odoo does not have is an error: the
    /// goods would go nowhere, and the taxes would be another country's.
    async fn placed(&self, address: &Address) -> Result<Placed> {
        let Some(code) = address.country.as_deref().filter(|code| !code.is_empty()) else {
            return Ok(Placed {
                country: None,
                state: None,
            });
        };
        let countries = self.places.countries().await?;
        let unknown = || {
            Error::new(Cause::Invalid, "res.partner.load")
                .with("field", "country_id")
                .with("country", code)
        };
        let country = countries.id(code).ok_or_else(unknown)?;
        let state = match address.state.as_deref().filter(|state| !state.is_empty()) {
            Some(said) => {
                let states = self.places.states(country).await?;
                state_of(&states, code, said).map(|state| state.id)
            }
            None => None,
        };
        Ok(Placed {
            country: Some(country),
            state,
        })
    }

    /// An address under a customer who is there. As a column the parent would ask for the right to
    /// see credit limits, which comes with Invoicing; as a default it does not
    /// (`205-address-load-by-default-parent`).
    pub(super) async fn load_address(
        &self,
        customer: PartnerKey,
        draft: &AddressDraft,
    ) -> Result<PartnerKey> {
        let sheet = Sheet::new(&draft.reference, self.address_cells(draft).await?);
        let more = json!({"default_parent_id": customer});
        self.load(PARTNER, sheet, more).await.map(PartnerKey)
    }

    pub(super) async fn load_service(&self, draft: &ServiceDraft) -> Result<VariantKey> {
        let sheet = drafts::service(draft, self.columns().await?);
        let id = self.load(PRODUCT, sheet, json!({})).await?;
        Ok(VariantKey(id))
    }

    /// A line with an archived product is refused like one with a product that never was.
    pub(super) async fn gone_products(&self, products: &[VariantKey]) -> Result<Vec<VariantKey>> {
        let domain = json!([["id", "in", products], ["active", "=", true]]);
        let there = Search::all(PRODUCT, domain, &["active"]);
        let there = self.reads.search(there).await?;
        let is_there = |product: &VariantKey| there.rows.iter().any(|row| row.id == product.0);
        let gone = products.iter().filter(|product| !is_there(product));
        Ok(gone.copied().collect())
    }

    pub(super) async fn load_order(&self, draft: &SaleDraft) -> Result<SaleKey> {
        let sheet = drafts::order(draft, self.columns().await?);
        self.load(ORDER, sheet, json!({})).await.map(SaleKey)
    }

    /// A draft credit note. Its currency is the invoice's: left to itself Odoo would take the
    /// company's.
    pub(super) async fn load_credit_note(&self, draft: &CreditNoteDraft) -> Result<InvoiceKey> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(deserialize_with = "or_false")]
            currency_id: Option<i64>,
        }
        let client = &self.reads.client;
        let args = json!([[draft.invoice], ["currency_id"]]);
        let answer = client.call(INVOICE, "read", args, json!({"load": null}));
        let rows: Vec<Row> = answer.await?.read()?;
        let currency = rows.first().and_then(|row| row.currency_id);
        let currency = currency.ok_or_else(|| {
            Error::new(Cause::NotFound, "account.move.read").with("id", draft.invoice)
        })?;
        let sheet = drafts::credit_note(draft, currency);
        let more = json!({"default_move_type": "out_refund"});
        self.load(INVOICE, sheet, more).await.map(InvoiceKey)
    }

    /// The rows behind references, a few at a time: there is no one question for many that every
    /// user may ask.
    pub(super) async fn find_all(&self, references: &[Reference]) -> Result<Vec<Option<i64>>> {
        stream::iter(references.to_vec())
            .map(|reference| async move { self.find_one(&reference).await })
            .buffered(LOOKUPS_MAX)
            .try_collect()
            .await
    }

    async fn find_one(&self, reference: &Reference) -> Result<Option<i64>> {
        const MODEL: &str = "ir.model.data";
        const METHOD: &str = "check_object_reference";
        let args = json!([reference.prefix(), reference.name()]);
        let company = self.reads.company().await?;
        // An archived record is there all the same.
        let context = json!({"active_test": false, "allowed_company_ids": [company]});
        let kwargs = json!({"context": context});
        match self.reads.client.call(MODEL, METHOD, args, kwargs).await {
            Ok(answer) => {
                let (model, id): (String, Found) = answer.read()?;
                match id {
                    Found::Row(id) => Ok(Some(id)),
                    // It is there, and this user may not see it: no reason to make it again. The
                    // same is said for a moment of what another machine is just making, because
                    // Odoo's workers share what they know of references before it is saved.
                    Found::Hidden(_) => Err(Error::new(
                        Cause::UserLacksRight,
                        format!("{MODEL}.{METHOD}"),
                    )
                    .with("model", model)
                    .with("reference", reference)
                    .retry_after(1)),
                }
            }
            // `081-xmlid-unknown`: the only reason that this method has for it.
            Err(error) if is_value_error(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The second of the two that `check_object_reference` answers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Found {
    Row(i64),
    Hidden(#[expect(dead_code, reason = "`false` is all that it says")] bool),
}

fn is_value_error(error: &Error) -> bool {
    let mut facts = error.context.iter();
    facts.any(|(name, value)| name == "error" && value == "builtins.ValueError")
}
