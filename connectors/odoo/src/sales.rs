//! Selling: customers, orders and credit notes made at most once, and the steps that follow.

mod columns;
mod create;
mod drafts;
mod load;
mod look;
mod messages;
mod papers;
mod partners;
mod places;
mod rows;
mod steps;
mod terms;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use tandem_contract::{
    Cause, CreditNoteDraft, Cursor, Document, Error, Message, Page, Result, SalePeriod, SaleStep,
    Sales, ServiceDraft,
};
use tandem_domain::{
    AddressDraft, Currency, Invoice, InvoiceKey, Partner, PartnerDraft, PartnerKey, Reference,
    Sale, SaleDraft, SaleHead, SaleKey, SaleTerms, VariantKey,
};
use tokio::sync::OnceCell;

use crate::client::Answer;
use crate::reads::{Reads, Search};
use crate::wire::Named;
use columns::Columns;
use places::Places;

const ORDER: &str = "sale.order";
const LINE: &str = "sale.order.line";
const PARTNER: &str = "res.partner";
const INVOICE: &str = "account.move";
const PICKING: &str = "stock.picking";
const PRODUCT: &str = "product.product";

/// The oldest version that is written to; 16 is read only.
const WRITTEN_MIN: u32 = 17;

/// Odoo's sales side. What does not change under way (columns, currencies, places) is asked for
/// once.
#[derive(Debug)]
pub(crate) struct Desk {
    reads: Arc<Reads>,
    columns: OnceCell<Columns>,
    currencies: OnceCell<HashMap<i64, Currency>>,
    places: Places,
}

impl Desk {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self {
            columns: OnceCell::new(),
            currencies: OnceCell::new(),
            places: Places::new(Arc::clone(&reads)),
            reads,
        }
    }

    /// Which of the columns that versions and apps differ in are there.
    async fn columns(&self) -> Result<&Columns> {
        self.columns
            .get_or_try_init(|| Columns::read(&self.reads))
            .await
    }

    /// Currencies of ISO 4217 by row id, switched off ones too: an old order may be in one.
    async fn currencies(&self) -> Result<&HashMap<i64, Currency>> {
        let read = || async {
            let search = Search::all("res.currency", json!([]), &["name"]);
            let rows: Vec<Named> = self.reads.search(search).await?.read()?;
            let known = |row: Named| Some((row.id, row.name.parse().ok()?));
            Ok(rows.into_iter().filter_map(known).collect())
        };
        self.currencies.get_or_try_init(read).await
    }

    /// A call that changes something, in the chosen company. Nothing is written to 16.
    async fn act(&self, model: &str, method: &str, args: Value, context: Value) -> Result<Answer> {
        let client = &self.reads.client;
        client.session().await?;
        let major = client.major.get().copied();
        if let Some(major) = major.filter(|major| *major < WRITTEN_MIN) {
            return Err(
                Error::new(Cause::VersionUnsupported, format!("{model}.{method}"))
                    .with("version", major),
            );
        }
        let mut context = context;
        // Without a company in the context Odoo takes the user's own.
        context["allowed_company_ids"] = json!([self.reads.company().await?]);
        let kwargs = json!({"context": context});
        client.call(model, method, args, kwargs).await
    }
}

#[async_trait]
impl Sales for Desk {
    async fn terms(&self) -> Result<SaleTerms> {
        self.read_terms().await
    }

    async fn customers(&self, emails: &[String]) -> Result<Vec<Partner>> {
        self.customers_with(emails).await
    }

    async fn addresses(&self, customers: &[PartnerKey]) -> Result<Vec<Partner>> {
        self.addresses_of(customers).await
    }

    async fn partners(&self, keys: &[PartnerKey]) -> Result<Vec<Option<Partner>>> {
        self.partners_by_key(keys).await
    }

    async fn create_customer(&self, customer: &PartnerDraft) -> Result<PartnerKey> {
        self.load_customer(customer).await
    }

    async fn create_address(
        &self,
        customer: PartnerKey,
        address: &AddressDraft,
    ) -> Result<PartnerKey> {
        self.load_address(customer, address).await
    }

    async fn create_service(&self, service: &ServiceDraft) -> Result<VariantKey> {
        self.load_service(service).await
    }

    async fn gone(&self, products: &[VariantKey]) -> Result<Vec<VariantKey>> {
        self.gone_products(products).await
    }

    async fn create_order(&self, order: &SaleDraft) -> Result<SaleKey> {
        self.load_order(order).await
    }

    async fn create_credit_note(&self, note: &CreditNoteDraft) -> Result<InvoiceKey> {
        self.load_credit_note(note).await
    }

    async fn find(&self, references: &[Reference]) -> Result<Vec<Option<i64>>> {
        self.find_all(references).await
    }

    async fn look(&self, orders: &[SaleKey]) -> Result<Vec<Option<Sale>>> {
        self.look_at(orders).await
    }

    async fn invoices(&self, invoices: &[InvoiceKey]) -> Result<Vec<Option<Invoice>>> {
        self.invoices_of(invoices).await
    }

    async fn by_number(&self, numbers: &[String]) -> Result<Vec<SaleHead>> {
        self.heads_by_number(numbers).await
    }

    async fn period(&self, period: SalePeriod, after: Option<&Cursor>) -> Result<Page<SaleHead>> {
        self.heads_of_period(period, after).await
    }

    async fn step(&self, order: SaleKey, step: &SaleStep) -> Result<()> {
        self.do_step(order, step).await
    }

    async fn document(&self, document: Document) -> Result<Bytes> {
        self.print(document).await
    }

    async fn messages(&self, order: SaleKey) -> Result<Vec<Message>> {
        self.messages_of(order).await
    }
}
