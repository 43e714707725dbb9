//! Selling, checked by doing it: a customer, an order, and as far as wanted its invoice and credit
//! note. It is the one part of the suite that writes, and it tells what stays.

mod promises;

use futures::future::join_all;
use rust_decimal::Decimal;
use tandem_domain::{
    Address, AddressDraft, AddressRole, Invoice, InvoiceKey, PartnerDraft, PartnerKey, Reference,
    Sale, SaleDraft, SaleKey, SaleLineDraft, SaleState, SaleTerms, TaxKey, Timestamp, VariantKey,
};

use promises::{asked_by_key, gone_is_told, kept, refused, same};

use super::{Broken, ensure};
use crate::{
    CreditLine, CreditNoteDraft, Document, Erp, Error, Result, Retry, SalePeriod, SaleStep, Sales,
    ServiceDraft,
};

/// How many make the same order at once.
const RIVALS: usize = 4;

/// What is tried.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Tells this run from every other: a-z, 0-9.
    pub name: String,
    /// When the order is said to be placed; well before now, so that Odoo's own date shows.
    pub placed_at: Timestamp,
    /// Whether the invoice is posted and credited. Neither can be taken away again.
    pub post: bool,
}

/// Checks selling, and cancels the order afterwards, whatever came of it. `stays` says what is in
/// Odoo then.
pub async fn selling(
    odoo: &dyn Erp,
    trial: &Trial,
    stays: &mut Vec<String>,
) -> std::result::Result<(), Broken> {
    let Some(desk) = odoo.sales() else {
        return Ok(());
    };
    let terms = kept("what maps choose from is told", desk.terms().await)?;
    let bench = Bench { desk, trial, terms };
    let product = bench.service(stays).await?;
    let customer = bench.customer(stays).await?;
    let order = bench.order(customer, product).await?;
    let outcome = bench.life(order, product, stays).await;
    let cancelled = desk.step(order, &SaleStep::Cancel).await;
    let sale = bench.seen(order).await?;
    stays.push(format!("order {}, {:?}", sale.head.name, sale.head.state));
    outcome?;
    kept("an order is cancelled", cancelled)?;
    ensure(
        sale.head.state == SaleState::Cancelled,
        "a cancelled order is cancelled, without a window",
        || format!("{:?}", sale.head),
    )
}

struct Bench<'a> {
    desk: &'a dyn Sales,
    trial: &'a Trial,
    terms: SaleTerms,
}

impl Bench<'_> {
    fn reference(&self, what: &str) -> std::result::Result<Reference, Broken> {
        let text = format!("tandem_suite.{what}_{}", self.trial.name);
        text.parse().map_err(|error| Broken {
            promise: "the suite's own reference is one",
            what: format!("{error}"),
        })
    }

    async fn service(&self, stays: &mut Vec<String>) -> std::result::Result<VariantKey, Broken> {
        let draft = ServiceDraft {
            reference: self.reference("service")?,
            name: format!("Tandem suite {}", self.trial.name),
        };
        let made = kept("a service is made", self.desk.create_service(&draft).await)?;
        stays.push(format!("product {} (id {made})", draft.name));
        let again = kept("a service is made", self.desk.create_service(&draft).await)?;
        same("a service that is there is answered", &made, &again)?;
        gone_is_told(self.desk, made).await?;
        Ok(made)
    }

    async fn customer(&self, stays: &mut Vec<String>) -> std::result::Result<PartnerKey, Broken> {
        let draft = self.person()?;
        let email = draft.email.clone().unwrap_or_default();
        let before = self.desk.customers(std::slice::from_ref(&email)).await;
        let before = kept("customers are found by e-mail", before)?;
        ensure(before.is_empty(), "nobody has this e-mail yet", || {
            format!("{before:?}")
        })?;
        let made = kept(
            "a customer is made",
            self.desk.create_customer(&draft).await,
        )?;
        stays.push(format!("customer {} (id {made})", draft.name));
        let again = self.desk.create_customer(&draft).await;
        let again = kept("a customer is made", again)?;
        same("a customer who is there is answered", &made, &again)?;
        let asked = [format!(" {} ", email.to_uppercase())];
        let found = kept(
            "customers are found by e-mail",
            self.desk.customers(&asked).await,
        )?;
        ensure(
            found.len() == 1 && found[0].key == made,
            "a customer is found once by e-mail, whatever its letters, and addresses are not",
            || format!("{found:?}"),
        )?;
        self.addresses(made).await?;
        Ok(made)
    }

    async fn addresses(&self, customer: PartnerKey) -> std::result::Result<(), Broken> {
        let draft = AddressDraft {
            reference: self.reference("billing")?,
            role: AddressRole::Invoice,
            address: address("Tandem suite, second floor", "Via Roma 1"),
        };
        let made = self.desk.create_address(customer, &draft).await;
        let made = kept("an address is made under a customer", made)?;
        let again = self.desk.create_address(customer, &draft).await;
        let again = kept("an address is made under a customer", again)?;
        same("an address that is there is answered", &made, &again)?;
        let found = kept("addresses are read", self.desk.addresses(&[customer]).await)?;
        let roles: Vec<&str> = found.iter().map(|found| found.role.as_str()).collect();
        ensure(
            roles == ["delivery", "invoice"] && found[1].key == made,
            "a customer has the addresses that were made",
            || format!("{found:?}"),
        )?;
        asked_by_key(self.desk, made, customer).await?;
        let said = &found[1].address;
        ensure(
            said.street == draft.address.street && said.country == draft.address.country,
            "an address is kept as it was sent",
            || format!("{said:?}"),
        )
    }

    fn person(&self) -> std::result::Result<PartnerDraft, Broken> {
        Ok(PartnerDraft {
            reference: self.reference("customer")?,
            name: format!("Tandem suite {}", self.trial.name),
            email: Some(format!("Suite-{}@tandem.example", self.trial.name)),
            phone: None,
            address: address("Tandem suite", "Via Torino 9"),
            addresses: vec![AddressDraft {
                reference: self.reference("shipping")?,
                role: AddressRole::Delivery,
                address: address("مستودع تندم 🎈", "Via Milano 3"),
            }],
        })
    }

    /// Three at 7 without tax, one at 5 with a tax that is inside where there is one: 26 in every
    /// currency, by every way of rounding.
    fn lines(&self, product: VariantKey) -> Vec<SaleLineDraft> {
        let inside = self
            .terms
            .taxes
            .iter()
            .find(|tax| tax.plain && tax.included);
        let line = |name: &str, (quantity, price): (i64, i64), taxes: Vec<TaxKey>| SaleLineDraft {
            product,
            name: name.to_owned(),
            quantity: quantity.into(),
            unit_price: price.into(),
            taxes,
            delivery: false,
        };
        vec![
            line("Suite & <first>", (3, 7), Vec::new()),
            line(
                "سطر ثان 🎈",
                (1, 5),
                inside.map(|tax| tax.key).into_iter().collect(),
            ),
        ]
    }

    /// Made by several at once, and again: once in Odoo.
    async fn order(
        &self,
        customer: PartnerKey,
        product: VariantKey,
    ) -> std::result::Result<SaleKey, Broken> {
        let draft = self.draft(customer, product)?;
        let asked = std::slice::from_ref(&draft.reference);
        let before = kept("references are found", self.desk.find(asked).await)?;
        same("what nobody made is not there", &vec![None], &before)?;
        let rivals = join_all((0..RIVALS).map(|_| self.rival(&draft))).await;
        let mut keys = Vec::new();
        for key in rivals {
            keys.push(kept("an order is made", key)?);
        }
        keys.push(kept("an order is made", self.rival(&draft).await)?);
        ensure(
            keys.iter().all(|key| *key == keys[0]),
            "an order that many make is there once",
            || format!("{keys:?}"),
        )?;
        let found = kept("references are found", self.desk.find(asked).await)?;
        same(
            "the reference names the order",
            &vec![Some(keys[0].0)],
            &found,
        )?;
        let numbers = [draft.number.clone()];
        let by_number = self.desk.by_number(&numbers).await;
        let by_number = kept("orders are found by number", by_number)?;
        ensure(
            matches!(by_number.as_slice(), [head] if head.key == keys[0]
                && head.references == [draft.reference.clone()]),
            "one order has the number, and bears its reference",
            || format!("{by_number:?}"),
        )?;
        Ok(keys[0])
    }

    /// Sends, and after an error looks, as the engine does.
    async fn rival(&self, draft: &SaleDraft) -> Result<SaleKey> {
        let mut last = None;
        for _ in 0..RIVALS * 2 {
            match self.desk.create_order(draft).await {
                Ok(key) => return Ok(key),
                Err(error) if error.retry == Retry::Never => return Err(error),
                Err(error) => last = Some(error),
            }
            let found = self.desk.find(std::slice::from_ref(&draft.reference)).await;
            if let Ok([Some(key)]) = found.as_deref() {
                return Ok(SaleKey(*key));
            }
        }
        Err(last.unwrap_or_else(|| Error::new(crate::Cause::Overtaken, "sale.order.load")))
    }

    fn draft(
        &self,
        customer: PartnerKey,
        product: VariantKey,
    ) -> std::result::Result<SaleDraft, Broken> {
        let currency = self.terms.company_currency;
        let mut lists = self.terms.pricelists.iter();
        let pricelist = lists.find(|list| list.currency == currency);
        Ok(SaleDraft {
            reference: self.reference("order")?,
            partner: customer,
            invoice_to: customer,
            deliver_to: customer,
            number: format!("suite-{}", self.trial.name),
            origin: format!("Tandem suite {}", self.trial.name),
            placed_at: self.trial.placed_at,
            pricelist: pricelist.map(|list| list.key),
            currency,
            carrier: None,
            note: Some("Ring twice & wait <5 min>".to_owned()),
            lines: self.lines(product),
        })
    }

    async fn seen(&self, order: SaleKey) -> std::result::Result<Sale, Broken> {
        let found = kept("orders are read", self.desk.look(&[order]).await)?;
        found.into_iter().next().flatten().ok_or(Broken {
            promise: "an order that was made is there",
            what: format!("id {order}"),
        })
    }

    /// What an order goes through, step by step.
    async fn life(
        &self,
        order: SaleKey,
        product: VariantKey,
        stays: &mut Vec<String>,
    ) -> std::result::Result<(), Broken> {
        self.as_sent(&self.seen(order).await?)?;
        self.changed(order, product).await?;
        self.confirmed(order).await?;
        self.printed(Document::Order(order)).await?;
        kept("a conversation is read", self.desk.messages(order).await)?;
        if !self.terms.may_invoice {
            stays.push("(this user may not invoice: nothing of that was tried)".to_owned());
            return Ok(());
        }
        let invoice = self.invoiced(order).await?;
        if self.trial.post {
            self.posted(order, invoice, stays).await?;
            self.credited(order, invoice, stays).await?;
            self.printed(Document::Invoice(invoice)).await?;
        }
        Ok(())
    }

    fn as_sent(&self, sale: &Sale) -> std::result::Result<(), Broken> {
        let head = &sale.head;
        ensure(
            head.state == SaleState::Draft,
            "an order that was made is a quotation",
            || format!("{head:?}"),
        )?;
        same(
            "the store's date is kept",
            &self.trial.placed_at,
            &head.placed_at,
        )?;
        let texts: Vec<&str> = sale.lines.iter().map(|line| line.name.as_str()).collect();
        same(
            "lines stand as they were sent",
            &vec!["Suite & <first>", "سطر ثان 🎈"],
            &texts,
        )?;
        same(
            "a total is what its lines add up to",
            &Decimal::from(26),
            &head.total.amount(),
        )?;
        same(
            "the currency is the pricelist's",
            &self.terms.company_currency,
            &head.total.currency(),
        )
    }

    /// Lines replaced, and one added twice: there once.
    async fn changed(
        &self,
        order: SaleKey,
        product: VariantKey,
    ) -> std::result::Result<(), Broken> {
        let lines = self.lines(product);
        let more = SaleLineDraft {
            name: "Rounding".to_owned(),
            quantity: Decimal::ONE,
            unit_price: Decimal::ONE,
            taxes: Vec::new(),
            ..lines[0].clone()
        };
        let add = SaleStep::AddLine { line: more };
        for step in [SaleStep::ReplaceLines { lines }, add.clone(), add] {
            let done = self.desk.step(order, &step).await;
            kept("lines of a quotation change", done)?;
        }
        let sale = self.seen(order).await?;
        ensure(
            sale.lines.len() == 3 && sale.head.total.amount() == Decimal::from(27),
            "replaced lines replace, and an added line is there once",
            || format!("{:?} {:?}", sale.head.total, sale.lines),
        )
    }

    async fn confirmed(&self, order: SaleKey) -> std::result::Result<(), Broken> {
        let placed_at = self.trial.placed_at;
        let confirm = SaleStep::Confirm { placed_at };
        for _ in 0..2 {
            let done = self.desk.step(order, &confirm).await;
            kept("an order is confirmed, also when it is already", done)?;
        }
        let head = self.seen(order).await?.head;
        same(
            "a confirmed order is one",
            &SaleState::Confirmed,
            &head.state,
        )?;
        same(
            "a confirmed order keeps the store's date",
            &placed_at,
            &head.placed_at,
        )?;
        let period = SalePeriod {
            from: placed_at,
            to: placed_at + jiff::SignedDuration::from_secs(1),
        };
        let page = kept("a period is read", self.desk.period(period, None).await)?;
        ensure(
            page.items.iter().any(|found| found.record.key == order),
            "a period holds the orders of its dates",
            || format!("{} orders", page.items.len()),
        )
    }

    async fn invoiced(&self, order: SaleKey) -> std::result::Result<InvoiceKey, Broken> {
        let drafted = self.desk.step(order, &SaleStep::DraftInvoice).await;
        kept("a draft invoice is made", drafted)?;
        let again = self.desk.step(order, &SaleStep::DraftInvoice).await;
        refused("nothing is invoiced twice", again)?;
        let sale = self.seen(order).await?;
        let [invoice] = sale.invoices.as_slice() else {
            return Err(Broken {
                promise: "an order has one invoice",
                what: format!("{:?}", sale.invoices),
            });
        };
        ensure(
            invoice.state == "draft" && invoice.total == sale.head.total,
            "the invoice is a draft of the order's total",
            || format!("{invoice:?}, order {}", sale.head.total),
        )?;
        Ok(invoice.key)
    }

    async fn posted(
        &self,
        order: SaleKey,
        invoice: InvoiceKey,
        stays: &mut Vec<String>,
    ) -> std::result::Result<(), Broken> {
        let post = SaleStep::PostInvoice { invoice };
        kept("an invoice is posted", self.desk.step(order, &post).await)?;
        refused(
            "an invoice is posted once",
            self.desk.step(order, &post).await,
        )?;
        let bill = self.bill(order, invoice).await?;
        ensure(
            bill.state == "posted" && bill.name.is_some(),
            "a posted invoice has a number",
            || format!("{bill:?}"),
        )?;
        stays.push(format!("invoice {}, posted", bill.name.unwrap_or_default()));
        Ok(())
    }

    async fn bill(&self, order: SaleKey, key: InvoiceKey) -> std::result::Result<Invoice, Broken> {
        let bills = self.seen(order).await?.invoices;
        let seen = format!("{bills:?}");
        let found = bills.into_iter().find(|bill| bill.key == key);
        found.ok_or(Broken {
            promise: "what an order is billed by is listed with it",
            what: seen,
        })
    }

    async fn credited(
        &self,
        order: SaleKey,
        invoice: InvoiceKey,
        stays: &mut Vec<String>,
    ) -> std::result::Result<(), Broken> {
        let sale = self.seen(order).await?;
        let line = &sale.lines[0];
        let draft = CreditNoteDraft {
            reference: self.reference("refund")?,
            invoice,
            partner: sale.partner,
            note: format!("Tandem suite {}", self.trial.name),
            refunded_at: self.trial.placed_at,
            lines: vec![CreditLine {
                product: line.product.unwrap_or(VariantKey(0)),
                name: line.name.clone(),
                quantity: Decimal::ONE,
                unit_price: line.unit_price,
                taxes: line.taxes.clone(),
                of: Some(line.key),
            }],
        };
        let made = self.desk.create_credit_note(&draft).await;
        let made = kept("a credit note is made", made)?;
        stays.push(format!("credit note (id {made})"));
        let again = self.desk.create_credit_note(&draft).await;
        let again = kept("a credit note is made", again)?;
        same("a credit note that is there is answered", &made, &again)?;
        let note = self.bill(order, made).await?;
        ensure(
            note.credit_note
                && note.state == "draft"
                && note.reverses == Some(invoice)
                && note.total.amount() == line.unit_price
                && note.references == [draft.reference],
            "a credit note is a draft that takes its invoice back, and bears its reference",
            || format!("{note:?}"),
        )
    }

    async fn printed(&self, document: Document) -> std::result::Result<(), Broken> {
        let file = kept("a document is printed", self.desk.document(document).await)?;
        ensure(file.starts_with(b"%PDF"), "a document is a PDF", || {
            format!("{document:?}: {} bytes", file.len())
        })
    }
}

fn address(name: &str, street: &str) -> Address {
    Address {
        name: name.to_owned(),
        street: vec![street.to_owned()],
        postcode: Some("20100".to_owned()),
        city: Some("Milano".to_owned()),
        country: Some("IT".to_owned()),
        ..Address::default()
    }
}
