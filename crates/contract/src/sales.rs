//! Selling in Odoo: customers, orders and credit notes are made at most once, every later step is
//! read, done, and read again.
//!
//! A creation goes through `load` with the record's reference and a context that leaves alone what
//! exists ([`Sales::create_order`] and the others). The engine writes its intent down before, and
//! looks the reference up after an error; the connector neither retries nor looks.

use async_trait::async_trait;
use bytes::Bytes;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tandem_domain::{
    AddressDraft, DeliveryKey, Invoice, InvoiceKey, Partner, PartnerDraft, PartnerKey, Reference,
    Sale, SaleDraft, SaleHead, SaleKey, SaleLineDraft, SaleLineKey, SaleTerms, TaxKey, Timestamp,
    VariantKey,
};

use crate::{Cursor, Page, Result};

/// A credit note that is made once, as a draft, against an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNoteDraft {
    /// What makes it exist at most once.
    pub reference: Reference,
    /// What it takes back.
    pub invoice: InvoiceKey,
    /// Who gets the money.
    pub partner: PartnerKey,
    /// As people read it (`ref`).
    pub note: String,
    /// When the store paid back, UTC.
    pub refunded_at: Timestamp,
    /// What it is for.
    pub lines: Vec<CreditLine>,
}

/// One line of a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// What was taken back.
    pub product: VariantKey,
    /// Its text.
    pub name: String,
    /// How many, positive.
    pub quantity: Decimal,
    /// For one, positive; with or without tax as `taxes` say.
    pub unit_price: Decimal,
    /// Its taxes.
    pub taxes: Vec<TaxKey>,
    /// The order's line that it takes back.
    pub of: Option<SaleLineKey>,
}

/// A service product that is made once: what deliveries, fees and rounding differences are booked
/// on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDraft {
    /// What makes it exist at most once.
    pub reference: Reference,
    /// Its name.
    pub name: String,
}

/// One step on an order that exists. Doing it twice has one effect, or is refused; which of the
/// two, [`Sales::look`] tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum SaleStep {
    /// Confirms, and writes the store's date back: confirming sets it to now. Mails nobody.
    Confirm {
        /// When the order was placed, UTC.
        placed_at: Timestamp,
    },
    /// Makes a draft invoice of what is to be invoiced.
    DraftInvoice,
    /// Posts an invoice. Mails nobody.
    PostInvoice {
        /// Which.
        invoice: InvoiceKey,
    },
    /// Cancels; without the wizard, without a mail.
    Cancel,
    /// Replaces the lines of an order that is not confirmed.
    ReplaceLines {
        /// All lines, in order.
        lines: Vec<SaleLineDraft>,
    },
    /// Adds one line to an order that is not confirmed: the rounding line, when what Odoo computed
    /// differs from what was expected.
    AddLine {
        /// The line.
        line: SaleLineDraft,
    },
}

/// A document of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of", content = "key")]
pub enum Document {
    /// The order itself.
    Order(SaleKey),
    /// An invoice or credit note.
    Invoice(InvoiceKey),
    /// A delivery slip.
    Delivery(DeliveryKey),
}

/// A message that the customer may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// When, UTC.
    pub at: Timestamp,
    /// Who wrote it.
    pub author: String,
    /// Plain text.
    pub text: String,
}

/// Which orders an audit asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SalePeriod {
    /// From this instant on, by `date_order`, UTC.
    pub from: Timestamp,
    /// Before this instant.
    pub to: Timestamp,
}

/// Selling in Odoo.
#[async_trait]
pub trait Sales: Send + Sync {
    /// What maps choose from, and how this Odoo computes.
    async fn terms(&self) -> Result<SaleTerms>;

    /// Customers with one of these e-mails, addresses not among them; several may share one.
    async fn customers(&self, emails: &[String]) -> Result<Vec<Partner>>;

    /// The addresses of customers; each names its customer as its parent.
    async fn addresses(&self, customers: &[PartnerKey]) -> Result<Vec<Partner>>;

    /// Customers and addresses by their keys, in the order asked; `None` where one was deleted or
    /// archived.
    async fn partners(&self, keys: &[PartnerKey]) -> Result<Vec<Option<Partner>>>;

    /// Makes a customer with addresses, or finds the one of that reference.
    async fn create_customer(&self, customer: &PartnerDraft) -> Result<PartnerKey>;

    /// Makes an address under a customer, or finds the one of that reference.
    async fn create_address(
        &self,
        customer: PartnerKey,
        address: &AddressDraft,
    ) -> Result<PartnerKey>;

    /// Makes a service product, or finds the one of that reference.
    async fn create_service(&self, service: &ServiceDraft) -> Result<VariantKey>;

    /// Those of these products that no order can be made of any more: deleted, or archived.
    async fn gone(&self, products: &[VariantKey]) -> Result<Vec<VariantKey>>;

    /// Makes a quotation with all its lines in one transaction, or finds the one of that
    /// reference and leaves it alone.
    async fn create_order(&self, order: &SaleDraft) -> Result<SaleKey>;

    /// Makes a draft credit note, or finds the one of that reference and leaves it alone.
    async fn create_credit_note(&self, note: &CreditNoteDraft) -> Result<InvoiceKey>;

    /// The row ids behind references, in the order asked; `None` where there is none.
    async fn find(&self, references: &[Reference]) -> Result<Vec<Option<i64>>>;

    /// Orders in full, in the order asked; `None` where one was deleted. Their own external ids
    /// are not among it: who knows the key came by the reference or the number.
    async fn look(&self, orders: &[SaleKey]) -> Result<Vec<Option<Sale>>>;

    /// Invoices and credit notes, in the order asked; `None` where one was deleted. A credit note
    /// that takes back no line of an order does not stand among that order's own.
    async fn invoices(&self, invoices: &[InvoiceKey]) -> Result<Vec<Option<Invoice>>>;

    /// Orders, cancelled ones too, that bear one of the store's numbers.
    async fn by_number(&self, numbers: &[String]) -> Result<Vec<SaleHead>>;

    /// Orders of a period, cancelled ones too, whoever made them.
    async fn period(&self, period: SalePeriod, after: Option<&Cursor>) -> Result<Page<SaleHead>>;

    /// Does one step.
    async fn step(&self, order: SaleKey, step: &SaleStep) -> Result<()>;

    /// A PDF.
    async fn document(&self, document: Document) -> Result<Bytes>;

    /// What the customer may see of the conversation, oldest first.
    async fn messages(&self, order: SaleKey) -> Result<Vec<Message>>;
}
