//! An Odoo and a shop in memory, as far as an import needs them, that fail where they are told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use rust_decimal::Decimal;
use tandem_contract::{
    Cause, CreditNoteDraft, Cursor, Document, Error, Message, Page, Result, SalePeriod, SaleStep,
    Sales, ServiceDraft, Stamps,
};
use tandem_domain::{
    AddressDraft, Arithmetic, Currency, CustomerKey, Invoice, InvoiceKey, Invoicing, Money,
    OdooCurrency, OrderKey, Partner, PartnerDraft, PartnerKey, Reference, Sale, SaleDraft,
    SaleHead, SaleKey, SaleLine, SaleLineDraft, SaleLineKey, SaleState, SaleTerms, Series, Stamp,
    StoreCustomer, Tax, TaxKey, TaxRounding, Timestamp, VariantKey,
};
use tandem_ledger::{Computing, PricedLine, totals};
use tokio::sync::Notify;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The line breaks before anything is done.
    LostBefore,
    /// The work is done, and the answer is lost.
    LostAfter,
    /// Too many requests.
    Throttled,
    /// A page of a proxy, after the work was done.
    Html,
    /// Somebody else wrote at the same moment.
    Overtaken,
    /// The process dies before the call goes out.
    CrashBefore,
    /// The process dies before the answer arrives.
    CrashAfter,
}

pub(crate) const FATES: [Fate; 7] = [
    Fate::LostBefore,
    Fate::LostAfter,
    Fate::Throttled,
    Fate::Html,
    Fate::Overtaken,
    Fate::CrashBefore,
    Fate::CrashAfter,
];

#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) references: BTreeMap<String, i64>,
    pub(crate) sales: BTreeMap<i64, Sale>,
    pub(crate) partners: BTreeMap<i64, Partner>,
    pub(crate) stamps: BTreeMap<OrderKey, Stamp>,
    pub(crate) notes: u32,
    pub(crate) customers: BTreeMap<CustomerKey, StoreCustomer>,
    /// Products that were deleted or archived.
    pub(crate) gone: BTreeSet<VariantKey>,
    /// Writes that changed a customer.
    pub(crate) told: u32,
    next: i64,
    calls: u32,
    /// What happens to which call.
    pub(crate) fates: BTreeMap<u32, Fate>,
    /// Another machine is quicker to confirm, and has not written the date back yet.
    pub(crate) rival: bool,
    /// Goods are invoiced once they are delivered, and they are not.
    pub(crate) undelivered: bool,
    /// Draft invoices are refused, whatever there is to invoice.
    pub(crate) refuses_invoices: bool,
    /// Odoo makes every total so much more than was expected.
    pub(crate) off: Decimal,
}

/// Clones are the same desk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    books: Arc<Mutex<Books>>,
    pub(crate) died: Arc<Notify>,
}

pub(crate) fn euro() -> Currency {
    "EUR".parse().expect("ISO 4217")
}

impl Desk {
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("no holder of this lock can panic")
    }

    pub(crate) fn calls(&self) -> u32 {
        self.books().calls
    }

    /// Every call goes through here: the other machine may come first, and the fate decides.
    pub(crate) async fn call<T>(&self, work: impl FnOnce(&mut Books) -> Result<T>) -> Result<T> {
        tokio::task::yield_now().await;
        let fate = {
            let mut books = self.books();
            books.calls += 1;
            let call = books.calls;
            books.fates.remove(&call)
        };
        let lost = |cause| Error::new(cause, "desk");
        match fate {
            None => work(&mut self.books()),
            Some(Fate::LostBefore) => Err(lost(Cause::AnswerLost)),
            Some(Fate::Throttled) => Err(lost(Cause::TooManyRequests)),
            Some(Fate::Overtaken) => Err(lost(Cause::Overtaken)),
            Some(Fate::LostAfter) => {
                work(&mut self.books())?;
                Err(lost(Cause::AnswerLost))
            }
            Some(Fate::Html) => {
                work(&mut self.books())?;
                Err(lost(Cause::HtmlInstead))
            }
            Some(Fate::CrashBefore) => self.die().await,
            Some(Fate::CrashAfter) => {
                work(&mut self.books())?;
                self.die().await
            }
        }
    }

    async fn die<T>(&self) -> T {
        self.died.notify_one();
        std::future::pending().await
    }
}

impl Books {
    fn key(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// What is made at most once: known by its reference, or new.
    fn once(&mut self, reference: &Reference) -> (i64, bool) {
        if let Some(key) = self.references.get(&reference.to_string()) {
            return (*key, false);
        }
        let key = self.key();
        self.references.insert(reference.to_string(), key);
        (key, true)
    }

    fn compute(&mut self, sale: &mut Sale, sent: &[SaleLineDraft]) {
        let terms = terms();
        let how = Computing::of(&terms, euro()).expect("the euro is active");
        let taxes = |keys: &[TaxKey]| -> Vec<Tax> {
            let known = terms.taxes.iter().filter(|tax| keys.contains(&tax.key));
            known.cloned().collect()
        };
        let owned: Vec<Vec<Tax>> = sent.iter().map(|line| taxes(&line.taxes)).collect();
        let priced: Vec<PricedLine<'_>> = sent
            .iter()
            .zip(&owned)
            .map(|(line, taxes)| PricedLine {
                quantity: line.quantity,
                unit_price: line.unit_price,
                discount: Decimal::ZERO,
                taxes: taxes.iter().collect::<Vec<_>>().into(),
            })
            .collect();
        let computed = totals(&how, &priced).expect("plain percentages");
        let money = |amount| Money::rounded(amount, euro());
        sale.lines = sent
            .iter()
            .zip(&computed.lines)
            .map(|(line, totals)| SaleLine {
                key: SaleLineKey(self.key()),
                product: Some(line.product),
                name: line.name.clone(),
                quantity: totals.quantity,
                unit_price: totals.unit_price,
                taxes: line.taxes.clone(),
                untaxed: money(totals.untaxed),
                total: money(totals.total),
                delivered: Decimal::ZERO,
                invoiced: Decimal::ZERO,
            })
            .collect();
        sale.head.total = money(computed.total + self.off);
        sale.untaxed = money(computed.untaxed);
        sale.tax = money(computed.tax);
    }

    fn invoicing(&self, sale: &Sale) -> Invoicing {
        match sale.head.state {
            SaleState::Confirmed if !sale.invoices.is_empty() => Invoicing::Done,
            SaleState::Confirmed if !self.undelivered => Invoicing::Due,
            _ => Invoicing::Waits,
        }
    }

    fn act(&mut self, key: SaleKey, step: &SaleStep) -> Result<()> {
        let refused = || Error::new(Cause::Invalid, "desk");
        let mut sale = self.sales.remove(&key.0).ok_or_else(refused)?;
        let outcome = self.act_on(&mut sale, step);
        self.sales.insert(key.0, sale);
        if outcome { Ok(()) } else { Err(refused()) }
    }

    fn act_on(&mut self, sale: &mut Sale, step: &SaleStep) -> bool {
        let draft = sale.head.state == SaleState::Draft;
        match step {
            SaleStep::Confirm { .. } if self.rival => {
                self.rival = false;
                sale.head.state = SaleState::Confirmed;
                sale.head.placed_at = Timestamp::UNIX_EPOCH;
                return false;
            }
            SaleStep::Confirm { placed_at } if draft || sale.head.placed_at != *placed_at => {
                sale.head.state = SaleState::Confirmed;
                sale.head.placed_at = *placed_at;
            }
            SaleStep::DraftInvoice if self.undelivered || self.refuses_invoices => return false,
            SaleStep::DraftInvoice if !draft && sale.invoices.is_empty() => {
                let key = InvoiceKey(self.key());
                sale.invoices.push(Invoice {
                    key,
                    name: None,
                    credit_note: false,
                    state: "draft".to_owned(),
                    payment_state: "not_paid".to_owned(),
                    total: sale.head.total,
                    reverses: None,
                    references: Vec::new(),
                });
            }
            SaleStep::PostInvoice { invoice } => {
                let mut invoices = sale.invoices.iter_mut();
                let found = invoices.find(|i| i.key == *invoice && i.state == "draft");
                let Some(invoice) = found else { return false };
                "posted".clone_into(&mut invoice.state);
            }
            SaleStep::ReplaceLines { lines } if draft => self.compute(sale, lines),
            SaleStep::Cancel if sale.head.state != SaleState::Cancelled => {
                sale.head.state = SaleState::Cancelled;
            }
            _ => return false,
        }
        true
    }
}

/// A company that rounds on each line, with one tax of 22 percent in both forms.
pub(crate) fn terms() -> SaleTerms {
    let tax = |key, included| Tax {
        key: TaxKey(key),
        name: "IVA 22".to_owned(),
        percent: Decimal::from(22),
        plain: true,
        included,
        compound: false,
        sequence: 1,
        country: None,
    };
    SaleTerms {
        arithmetic: Arithmetic {
            series: Series::V18,
            rounding: TaxRounding::PerLine,
            price_digits: Some(2),
        },
        taxes: vec![tax(1, false), tax(2, true)],
        pricelists: Vec::new(),
        carriers: None,
        journals: None,
        currencies: vec![OdooCurrency {
            currency: euro(),
            decimals: 2,
        }],
        company_currency: euro(),
        countries: Vec::new(),
        may_invoice: true,
        services: BTreeMap::new(),
    }
}

#[async_trait]
impl Sales for Desk {
    async fn terms(&self) -> Result<SaleTerms> {
        Ok(terms())
    }

    async fn customers(&self, emails: &[String]) -> Result<Vec<Partner>> {
        self.call(|books| {
            let named = |partner: &&Partner| {
                let email = partner.email.as_ref();
                partner.parent.is_none() && email.is_some_and(|email| emails.contains(email))
            };
            Ok(books.partners.values().filter(named).cloned().collect())
        })
        .await
    }

    async fn addresses(&self, customers: &[PartnerKey]) -> Result<Vec<Partner>> {
        self.call(|books| {
            let of = |partner: &&Partner| partner.parent.is_some_and(|of| customers.contains(&of));
            Ok(books.partners.values().filter(of).cloned().collect())
        })
        .await
    }

    async fn partners(&self, keys: &[PartnerKey]) -> Result<Vec<Option<Partner>>> {
        self.call(|books| {
            let find = |key: &PartnerKey| books.partners.get(&key.0).cloned();
            Ok(keys.iter().map(find).collect())
        })
        .await
    }

    async fn create_customer(&self, customer: &PartnerDraft) -> Result<PartnerKey> {
        self.call(|books| {
            let (key, new) = books.once(&customer.reference);
            if new {
                let partner = Partner {
                    key: PartnerKey(key),
                    parent: None,
                    role: "contact".to_owned(),
                    name: customer.name.clone(),
                    email: customer.email.clone(),
                    address: customer.address.clone(),
                };
                books.partners.insert(key, partner);
                for address in &customer.addresses {
                    books.once(&address.reference);
                }
            }
            Ok(PartnerKey(key))
        })
        .await
    }

    async fn create_address(
        &self,
        customer: PartnerKey,
        address: &AddressDraft,
    ) -> Result<PartnerKey> {
        self.call(|books| {
            let (key, new) = books.once(&address.reference);
            if new {
                let partner = Partner {
                    key: PartnerKey(key),
                    parent: Some(customer),
                    role: "delivery".to_owned(),
                    name: address.address.name.clone(),
                    email: None,
                    address: address.address.clone(),
                };
                books.partners.insert(key, partner);
            }
            Ok(PartnerKey(key))
        })
        .await
    }

    async fn create_service(&self, service: &ServiceDraft) -> Result<VariantKey> {
        self.call(|books| Ok(VariantKey(books.once(&service.reference).0)))
            .await
    }

    async fn gone(&self, products: &[VariantKey]) -> Result<Vec<VariantKey>> {
        self.call(|books| {
            let gone = products
                .iter()
                .filter(|product| books.gone.contains(product));
            Ok(gone.copied().collect())
        })
        .await
    }

    async fn create_order(&self, order: &SaleDraft) -> Result<SaleKey> {
        self.call(|books| {
            let mut products = order.lines.iter().map(|line| &line.product);
            if products.any(|product| books.gone.contains(product)) {
                return Err(Error::new(Cause::Invalid, "desk"));
            }
            let (key, new) = books.once(&order.reference);
            if new {
                let mut sale = blank(key, order);
                books.compute(&mut sale, &order.lines);
                books.sales.insert(key, sale);
            }
            Ok(SaleKey(key))
        })
        .await
    }

    async fn create_credit_note(&self, note: &CreditNoteDraft) -> Result<InvoiceKey> {
        self.call(|books| {
            let (key, new) = books.once(&note.reference);
            books.notes += u32::from(new);
            Ok(InvoiceKey(key))
        })
        .await
    }

    async fn find(&self, references: &[Reference]) -> Result<Vec<Option<i64>>> {
        self.call(|books| {
            let find = |r: &Reference| books.references.get(&r.to_string()).copied();
            Ok(references.iter().map(find).collect())
        })
        .await
    }

    async fn look(&self, orders: &[SaleKey]) -> Result<Vec<Option<Sale>>> {
        self.call(|books| {
            let look = |key: &SaleKey| {
                let mut sale = books.sales.get(&key.0)?.clone();
                sale.invoicing = books.invoicing(&sale);
                Some(sale)
            };
            Ok(orders.iter().map(look).collect())
        })
        .await
    }

    async fn invoices(&self, invoices: &[InvoiceKey]) -> Result<Vec<Option<Invoice>>> {
        Ok(vec![None; invoices.len()])
    }

    async fn by_number(&self, numbers: &[String]) -> Result<Vec<SaleHead>> {
        self.call(|books| {
            let heads = books.sales.values().map(|sale| sale.head.clone());
            let bears = |head: &SaleHead| head.number.as_ref().is_some_and(|n| numbers.contains(n));
            Ok(heads.filter(bears).collect())
        })
        .await
    }

    async fn period(&self, _period: SalePeriod, _after: Option<&Cursor>) -> Result<Page<SaleHead>> {
        Err(Error::new(Cause::NotFound, "desk"))
    }

    async fn step(&self, order: SaleKey, step: &SaleStep) -> Result<()> {
        self.call(|books| books.act(order, step)).await
    }

    async fn document(&self, _document: Document) -> Result<Bytes> {
        Err(Error::new(Cause::NotFound, "desk"))
    }

    async fn messages(&self, _order: SaleKey) -> Result<Vec<Message>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Stamps for Desk {
    async fn stamp(&self, order: &OrderKey, stamp: &Stamp) -> Result<Timestamp> {
        self.call(|books| {
            books.stamps.insert(order.clone(), stamp.clone());
            Ok(Timestamp::UNIX_EPOCH)
        })
        .await
    }

    async fn stamped(&self, order: &OrderKey) -> Result<Option<Stamp>> {
        self.call(|books| Ok(books.stamps.get(order).cloned()))
            .await
    }
}

pub(crate) fn blank(key: i64, order: &SaleDraft) -> Sale {
    let zero = Money::zero(order.currency);
    Sale {
        head: SaleHead {
            key: SaleKey(key),
            name: format!("S{key:05}"),
            references: vec![order.reference.clone()],
            number: Some(order.number.clone()),
            state: SaleState::Draft,
            total: zero,
            placed_at: order.placed_at,
        },
        partner: order.partner,
        invoice_to: order.invoice_to,
        deliver_to: order.deliver_to,
        untaxed: zero,
        tax: zero,
        lines: Vec::new(),
        deliveries: Vec::new(),
        invoices: Vec::new(),
        invoicing: Invoicing::Waits,
        locked: false,
        modified_at: order.placed_at,
        url: None,
    }
}
