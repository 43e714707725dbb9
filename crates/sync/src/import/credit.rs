//! A refund of the store as a draft credit note whose total is what the customer got back.

use tandem_contract::{CreditLine, CreditNoteDraft};
use tandem_domain::{
    Grounds, Invoice, Reference, Refund, Sale, SaleLine, SaleLineKey, SaleTerms, VariantKey,
};
use tandem_ledger::{AmountOnly, Computing, Crediting, Rendering, Sold, Uncreditable};

use super::changes::NotCredited;
use super::follow_up::FollowUp;
use super::plan::Settled;
use super::rendering::{bound, render, tax_map};
use super::steps::bills;
use super::verify::same_price;

impl FollowUp<'_> {
    /// Refunds that are not credited yet, each with its note or with what stands against it.
    /// An order that was not invoiced has nothing to be credited.
    pub(super) fn credits(
        &self,
        grounds: &Grounds<'_>,
        services: Settled,
    ) -> Vec<(Refund, Result<CreditNoteDraft, NotCredited>)> {
        let bills: Vec<&Invoice> = bills(self.sale).collect();
        if bills.is_empty() {
            return Vec::new();
        }
        let open = self.refunds.iter().enumerate();
        let open = open.filter(|(_, refund)| !self.credited.contains(&refund.key));
        open.map(|(place, refund)| {
            let earlier = &self.refunds[..place];
            let note = match (billed(&bills, refund), grounds.terms) {
                (None, _) => Err(NotCredited::NotPosted),
                (Some(_), None) => Err(NotCredited::CannotBeExpressed),
                (Some(invoice), Some(terms)) => {
                    let of = Credited {
                        refund,
                        earlier,
                        grounds,
                        terms,
                        services,
                    };
                    self.note(invoice, &of)
                }
            };
            (refund.clone(), note)
        })
        .collect()
    }

    /// The lines of a note come from the same arithmetic as an order's: its taxes, its
    /// products, and a rounding line where Odoo cannot express it otherwise.
    fn note(&self, invoice: &Invoice, of: &Credited<'_>) -> Result<CreditNoteDraft, NotCredited> {
        let (grounds, terms, services) = (of.grounds, of.terms, of.services);
        let cannot = |_| NotCredited::CannotBeExpressed;
        let how = Computing::of(terms, self.then.currency).ok_or(NotCredited::CannotBeExpressed)?;
        let resolved = grounds.links.resolve(self.then);
        let resolved = resolved.map_err(|_| NotCredited::CannotBeExpressed)?;
        let taxes = tax_map(self.then, grounds, terms);
        let bound = bound(self.then, grounds, terms, services);
        let order = render(self.then, grounds, terms, services).ok();
        let more = Crediting {
            earlier: of.earlier,
            amount_only: AmountOnly::Refuse,
            like: order.as_ref().map(|order| order.rendering.recipe),
        };
        let note = tandem_ledger::credit(self.then, of.refund, &more, (&how, &taxes));
        let note = note.map_err(|reason| NotCredited::of(&reason))?;
        let sold = order.map_or_else(Vec::new, |order| {
            let products = order.lines.iter().map(|line| line.product);
            sold(self.sale, &order.rendering, products)
        });
        let (note, of_lines) = note
            .taking_back(&sold, (&how, &taxes))
            .map_err(|_| NotCredited::CannotBeExpressed)?;
        let drafts = note.drafts(&resolved, &bound).map_err(cannot)?;
        let lines = drafts
            .into_iter()
            .zip(of_lines)
            .map(|(line, of)| CreditLine {
                product: line.product,
                name: line.name,
                quantity: line.quantity,
                unit_price: line.unit_price,
                taxes: line.taxes,
                of,
            });
        Ok(CreditNoteDraft {
            reference: Reference::refund(self.uid, &of.refund.key),
            invoice: invoice.key,
            partner: self.sale.invoice_to,
            note: format!("{} {}", self.now.number, of.refund.key),
            refunded_at: of.refund.refunded_at,
            lines: lines.collect(),
        })
    }
}

/// A refund, and all that decides how it is credited.
struct Credited<'a> {
    refund: &'a Refund,
    earlier: &'a [Refund],
    grounds: &'a Grounds<'a>,
    terms: &'a SaleTerms,
    services: Settled,
}

impl NotCredited {
    fn of(reason: &Uncreditable) -> Self {
        match reason {
            Uncreditable::AmountOnly { .. } | Uncreditable::WhichTax { .. } => Self::AmountOnly,
            Uncreditable::Nothing
            | Uncreditable::MoreThanPaid { .. }
            | Uncreditable::UnknownLine { .. }
            | Uncreditable::MoreThanSold { .. }
            | Uncreditable::DoesNotAddUp { .. }
            | Uncreditable::Parts { .. }
            | Uncreditable::Unrenderable { .. } => Self::CannotBeExpressed,
        }
    }
}

/// The invoice that a refund belongs to: a posted one, of several the first that covers it.
fn billed<'s>(bills: &[&'s Invoice], refund: &Refund) -> Option<&'s Invoice> {
    let posted = bills.iter().filter(|invoice| invoice.state == "posted");
    let covers = |invoice: &&&Invoice| invoice.total.amount() >= refund.amount.amount();
    let covering = posted.clone().find(covers);
    covering.or_else(|| posted.clone().next()).copied()
}

/// The order's lines in Odoo with what each stands for. They are told by product and price, since
/// a person may have added others between them.
fn sold(
    sale: &Sale,
    rendering: &Rendering,
    products: impl Iterator<Item = VariantKey>,
) -> Vec<Sold> {
    let mut taken: Vec<SaleLineKey> = Vec::new();
    let mut sold = Vec::new();
    for (line, product) in rendering.lines.iter().zip(products) {
        // A product that is made when it is first needed bears a number that is not known here.
        let fits = |there: &&SaleLine| {
            (there.product == Some(product) || product.0 < 0)
                && there.quantity == line.quantity
                && same_price(line.unit_price, there.unit_price)
                && !taken.contains(&there.key)
        };
        if let Some(there) = sale.lines.iter().find(fits) {
            taken.push(there.key);
            sold.push(Sold {
                origin: line.origin.clone(),
                key: there.key,
                unit_price: there.unit_price,
                left: there.invoiced,
            });
        }
    }
    sold
}
