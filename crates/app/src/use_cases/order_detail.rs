//! What an order is made of: its money to the minor unit, what happened to it, who ordered.

use std::sync::Arc;

use rust_decimal::Decimal;
use tandem_domain::{
    Blocker, ChargeKind, Currency, LineTax, ListingKey, Money, Order, OrderKey, Refund, Slug, sum,
};
use tandem_store::{SavedOrder, Verdict};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::use_cases::cards::VariantCards;
use crate::use_cases::connections::parse_slug;
use crate::use_cases::imports::{kind_of, line_of, params_of};
use crate::use_cases::orders::order_row;
use crate::view::{
    BlockerView, LedgerLine, LedgerLineKind, LedgerTax, OrderDetail, OrderEvent, OrderEventKind,
    RefundView, count,
};
use crate::{App, Result};

impl App {
    /// One order in full.
    pub async fn order_detail(&self, store: &str, key: &str) -> Result<OrderDetail> {
        let (slug, key) = (parse_slug(store)?, OrderKey::new(key));
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.order_detail(&slug, &key)).await
    }
}

impl Inner {
    fn order_detail(&self, store: &Slug, key: &OrderKey) -> Result<OrderDetail> {
        let saved = self.store.order(store, key)?.ok_or_else(|| {
            AppError::new(Code::RecordUnknown)
                .with("record", key)
                .with("store", store)
        })?;
        let cards = VariantCards::of(self, store)?;
        let order = &saved.order;
        let refunds = self.store.refunds_of(store, key)?;
        let money = MoneyShown::of(order);
        let blockers = saved
            .blockers
            .iter()
            .map(|blocker| self.blocker_view(store, &cards, order, blocker))
            .collect::<Result<_>>()?;
        Ok(OrderDetail {
            row: order_row(&saved),
            modified_at: order.modified_at.to_string(),
            email: order.customer.email.clone(),
            phone: order.customer.phone.clone(),
            guest: order.customer.external_id.is_none(),
            billing: address_lines(&order.billing),
            shipping: address_lines(&order.shipping),
            payment: order.payment.title.clone(),
            paid_at: order.payment.paid_at.map(|at| at.to_string()),
            coupons: order.coupons.clone(),
            note: order.customer_note.clone(),
            prices_include_tax: order.prices_include_tax,
            ledger: self.ledger(store, &cards, &saved)?,
            net_total: money.net.to_string(),
            tax_total: order.total_tax.amount().to_string(),
            rounding: money.rounding.to_string(),
            taxes: money.taxes,
            timeline: timeline(&saved, &refunds),
            refunds: refunds.iter().map(refund_view).collect(),
            discount_total: order.discount_total.amount().to_string(),
            added_up: order.sum_of_parts().amount().to_string(),
            difference: order.unexplained().amount().to_string(),
            refunded: order.refunded.amount().to_string(),
            blockers,
            admin_url: order.admin_url.clone(),
            import: self.import_view(store, key)?,
        })
    }

    fn ledger(
        &self,
        store: &Slug,
        cards: &VariantCards<'_>,
        saved: &SavedOrder,
    ) -> Result<Vec<LedgerLine>> {
        let order = &saved.order;
        let listings = order.lines.iter().filter_map(|line| line.product.as_ref());
        let links = self.store.links_of(store, listings)?;
        let held: Vec<&str> = saved.blockers.iter().filter_map(line_of).collect();
        let mut ledger = Vec::new();
        for line in &order.lines {
            let variant = line.product.as_ref().and_then(|listing| links.get(listing));
            let shown = AmountsShown::of(line.total, &line.taxes, order.currency);
            let subtotal = Money::rounded(line.subtotal, order.currency);
            ledger.push(LedgerLine {
                kind: LedgerLineKind::Goods,
                name: line.name.clone(),
                sku: line.sku.as_ref().map(ToString::to_string),
                quantity: line.quantity.normalize().to_string(),
                subtotal: subtotal.amount().to_string(),
                total: shown.net.to_string(),
                tax: shown.tax.to_string(),
                gross: shown.gross.to_string(),
                variant: variant.map(|key| cards.card(key)).transpose()?.flatten(),
                listing: line.product.as_ref().map(ToString::to_string),
                blocked: held.contains(&line.id.as_str()),
            });
        }
        ledger.extend(order.charges.iter().map(|charge| {
            let shown = AmountsShown::of(charge.total, &charge.taxes, order.currency);
            LedgerLine {
                kind: match charge.kind {
                    ChargeKind::Shipping => LedgerLineKind::Shipping,
                    ChargeKind::Fee => LedgerLineKind::Fee,
                },
                name: charge.name.clone(),
                sku: None,
                quantity: String::new(),
                subtotal: shown.net.to_string(),
                total: shown.net.to_string(),
                tax: shown.tax.to_string(),
                gross: shown.gross.to_string(),
                variant: None,
                listing: None,
                blocked: false,
            }
        }));
        Ok(ledger)
    }

    pub(crate) fn blocker_view(
        &self,
        store: &Slug,
        cards: &VariantCards<'_>,
        order: &Order<ListingKey>,
        blocker: &Blocker,
    ) -> Result<BlockerView> {
        let mut view = BlockerView {
            kind: kind_of(blocker),
            params: params_of(blocker, order.currency),
            listing: None,
            candidate: None,
            also_blocks: 0,
        };
        if let Blocker::UnlinkedLine(line) = blocker
            && let Some(listing) = &line.product
        {
            view.listing = Some(listing.to_string());
            let detail = self.store.review_detail(store, listing)?;
            // Where nothing resembles the listing, its weak candidates are no advice.
            let promising = detail.filter(|detail| {
                matches!(
                    detail.row.verdict,
                    Verdict::Likely | Verdict::Ambiguous | Verdict::Broken
                )
            });
            let best = promising.and_then(|detail| detail.candidates.into_iter().next());
            view.candidate = best
                .map(|(best, _)| cards.card(best.variant))
                .transpose()?
                .flatten();
            let others = self.store.orders_with(store, listing)?;
            let held = others.iter().filter(|other| other.key != order.key).count();
            view.also_blocks = count(held);
        }
        Ok(view)
    }
}

/// One amount as it is shown: rounded for itself, net, tax and both.
struct AmountsShown {
    net: Decimal,
    tax: Decimal,
    gross: Decimal,
}

impl AmountsShown {
    fn of(net: Decimal, taxes: &[LineTax], currency: Currency) -> Self {
        let tax = sum(taxes.iter().map(|tax| tax.amount));
        let rounded = |amount| Money::rounded(amount, currency).amount();
        Self {
            net: rounded(net),
            tax: rounded(tax),
            gross: rounded(sum([net, tax])),
        }
    }
}

/// The sums of an order, made of the amounts as they are shown, so that a person who adds up
/// what is on the screen arrives at what is under it.
struct MoneyShown {
    net: Decimal,
    taxes: Vec<LedgerTax>,
    rounding: Decimal,
}

impl MoneyShown {
    fn of(order: &Order<ListingKey>) -> Self {
        let currency = order.currency;
        let lines = order.lines.iter().map(|line| (line.total, &line.taxes));
        let charges = order
            .charges
            .iter()
            .map(|charge| (charge.total, &charge.taxes));
        let shown: Vec<AmountsShown> = lines
            .chain(charges)
            .map(|(net, taxes)| AmountsShown::of(net, taxes, currency))
            .collect();
        let net = Money::rounded(sum(shown.iter().map(|line| line.net)), currency).amount();
        let gross = sum(shown.iter().map(|line| line.gross));
        let rates: Vec<(&tandem_domain::TaxLine, Decimal)> = order
            .tax_lines
            .iter()
            .map(|tax| (tax, Money::rounded(tax.total, currency).amount()))
            .collect();
        let added = if order.prices_include_tax {
            gross
        } else {
            sum(std::iter::once(net).chain(rates.iter().map(|(_, amount)| *amount)))
        };
        let rounding = Money::rounded(sum([order.sum_of_parts().amount(), -added]), currency);
        let taxes = rates.into_iter().map(|(tax, amount)| LedgerTax {
            label: tax.label.clone(),
            percent: tax.percent.normalize().to_string(),
            amount: amount.to_string(),
        });
        Self {
            net,
            taxes: taxes.collect(),
            rounding: rounding.amount(),
        }
    }
}

fn refund_view(refund: &Refund) -> RefundView {
    let pieces = sum(refund.lines.iter().map(|line| line.quantity));
    RefundView {
        amount: refund.amount.amount().to_string(),
        reason: refund.reason.clone().filter(|words| !words.is_empty()),
        at: refund.refunded_at.to_string(),
        pieces: pieces.normalize().to_string(),
    }
}

/// What happened, oldest first; at the same time, in the order in which such things happen.
fn timeline(saved: &SavedOrder, refunds: &[Refund]) -> Vec<OrderEvent> {
    let order = &saved.order;
    let mut events = vec![(order.placed_at, OrderEventKind::Placed, None)];
    events.extend(order.payment.paid_at.map(|at| {
        let total = order.total.amount().to_string();
        (at, OrderEventKind::Paid, Some(total))
    }));
    if order.modified_at > order.placed_at {
        events.push((order.modified_at, OrderEventKind::Changed, None));
    }
    events.extend(refunds.iter().map(|refund| {
        let amount = refund.amount.amount().to_string();
        (refund.refunded_at, OrderEventKind::Refunded, Some(amount))
    }));
    events.extend(saved.saved_at.map(|at| (at, OrderEventKind::Fetched, None)));
    events.sort_by_key(|(at, kind, _)| (*at, *kind));
    let shown = events.into_iter().map(|(at, kind, amount)| OrderEvent {
        kind,
        at: at.to_string(),
        amount,
    });
    shown.collect()
}

pub(crate) fn address_lines(address: &tandem_domain::Address) -> Vec<String> {
    let city = [address.postcode.as_deref(), address.city.as_deref()];
    let city = city.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let region = [address.state.as_deref(), address.country.as_deref()];
    let region = region.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut lines = vec![address.name.clone()];
    lines.extend(address.company.clone());
    lines.extend(address.street.iter().cloned());
    lines.extend([city, region]);
    lines.retain(|line| !line.is_empty());
    lines
}
