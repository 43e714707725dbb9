//! Orders: which wait, what holds each back, and what each is made of.

use std::sync::Arc;

use tandem_domain::{Blocker, Currency, Links, ListingKey, Money, Order, OrderKey, Slug, judge};
use tandem_store::{Judgement, OrderFilter, OrderState as Saved, SavedOrder, Verdict};

use crate::blocking::blocking;
use crate::context::Inner;
use crate::error::{AppError, Code};
use crate::registry::{Build, Statuses, entry};
use crate::use_cases::cards::VariantCards;
use crate::use_cases::connections::{found_of, parse_slug};
use crate::view::{
    BlockerKind, BlockerView, LedgerLine, LedgerLineKind, OrderCounts, OrderDetail, OrderRow,
    OrderState, OrdersPage, OrdersQuery, Params,
};
use crate::{App, Result};

/// Rows of one page at most.
pub(crate) const PAGE_MAX: u32 = 500;
/// Judgements saved in one transaction.
const JUDGED_AT_ONCE: usize = 500;

impl App {
    /// Orders, newest first, and how many there are in each state.
    pub async fn orders_page(&self, store: &str, query: OrdersQuery) -> Result<OrdersPage> {
        let slug = parse_slug(store)?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            inner.saved_store(&slug)?;
            let filter = OrderFilter {
                statuses: Vec::new(),
                states: query
                    .states
                    .iter()
                    .map(|state| saved_state(*state))
                    .collect(),
                text: query.text,
            };
            let limit = query.limit.min(PAGE_MAX);
            let page = inner
                .store
                .orders_page(&slug, &filter, query.offset, limit)?;
            Ok(OrdersPage {
                total: page.total,
                rows: page.orders.iter().map(order_row).collect(),
                counts: inner.order_counts(&slug)?,
            })
        })
        .await
    }

    /// One order in full.
    pub async fn order_detail(&self, store: &str, key: &str) -> Result<OrderDetail> {
        let (slug, key) = (parse_slug(store)?, OrderKey::new(key));
        let inner = Arc::clone(&self.inner);
        blocking(move || inner.order_detail(&slug, &key)).await
    }
}

impl Inner {
    /// Judges orders against the links of this moment and saves what was found.
    pub(crate) fn judge_orders(&self, store: &Slug, orders: &[Order<ListingKey>]) -> Result<()> {
        let _one_at_a_time = self.judging();
        let listings = orders.iter().flat_map(|order| &order.lines);
        let links = self
            .store
            .links_of(store, listings.filter_map(|line| line.product.as_ref()))?;
        let judging = self.judge_of(store, links)?;
        for some in orders.chunks(JUDGED_AT_ONCE) {
            let judged: Vec<Judgement> = some.iter().map(|order| judging.judge(order)).collect();
            self.store.save_judgements(store, &judged)?;
        }
        Ok(())
    }

    /// Judges every order of a store. Only the judgements are held, so a long history needs
    /// little memory.
    pub(crate) fn judge_all_orders(&self, store: &Slug) -> Result<()> {
        let _one_at_a_time = self.judging();
        let judging = self.judge_of(store, self.store.links(store)?)?;
        let mut judged = Vec::new();
        self.store
            .each_order(store, |order| judged.push(judging.judge(&order)))?;
        for some in judged.chunks(JUDGED_AT_ONCE) {
            self.store.save_judgements(store, some)?;
        }
        Ok(())
    }

    /// How many orders of a store are held back.
    pub(crate) fn blocked_orders(&self, store: &Slug) -> Result<u32> {
        Ok(self.order_counts(store)?.blocked)
    }

    fn order_counts(&self, store: &Slug) -> Result<OrderCounts> {
        let counts = self.store.order_counts(store)?;
        Ok(OrderCounts {
            all: counts.all,
            waiting: counts.waiting,
            blocked: counts.blocked,
            not_yet: counts.not_yet,
            closed: counts.closed,
        })
    }

    fn judge_of(&self, store: &Slug, links: Links) -> Result<Judging> {
        let saved = self.saved_store(store)?;
        let Build::Store(_, statuses) = entry(&saved.kind)?.build else {
            return Err(AppError::bad_input("store", store));
        };
        let currencies = match &saved.bound_odoo {
            Some(odoo) => {
                let odoo = self.store.connection(odoo)?;
                odoo.facts
                    .is_some()
                    .then(|| found_of(&odoo))
                    .transpose()?
                    .map(|f| f.currencies)
            }
            None => None,
        };
        Ok(Judging {
            links,
            statuses,
            currencies,
        })
    }

    fn order_detail(&self, store: &Slug, key: &OrderKey) -> Result<OrderDetail> {
        let saved = self.store.order(store, key)?.ok_or_else(|| {
            AppError::new(Code::RecordUnknown)
                .with("record", key)
                .with("store", store)
        })?;
        let cards = VariantCards::of(self, store)?;
        let order = &saved.order;
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
            discount_total: order.discount_total.amount().to_string(),
            added_up: order.sum_of_parts().amount().to_string(),
            difference: order.unexplained().amount().to_string(),
            refunded: order.refunded.amount().to_string(),
            blockers,
            admin_url: order.admin_url.clone(),
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
        let show = |amount| Money::rounded(amount, order.currency).amount().to_string();
        let mut ledger = Vec::new();
        for line in &order.lines {
            let variant = line.product.as_ref().and_then(|listing| links.get(listing));
            ledger.push(LedgerLine {
                kind: LedgerLineKind::Goods,
                name: line.name.clone(),
                sku: line.sku.as_ref().map(ToString::to_string),
                quantity: line.quantity.normalize().to_string(),
                subtotal: show(line.subtotal),
                total: show(line.total),
                variant: variant.map(|key| cards.card(key)).transpose()?.flatten(),
                blocked: held.contains(&line.id.as_str()),
            });
        }
        ledger.extend(order.charges.iter().map(|charge| LedgerLine {
            kind: match charge.kind {
                tandem_domain::ChargeKind::Shipping => LedgerLineKind::Shipping,
                tandem_domain::ChargeKind::Fee => LedgerLineKind::Fee,
            },
            ..plain_line(&charge.name, show(charge.total))
        }));
        if !order.total_tax.amount().is_zero() {
            let labels: Vec<_> = order
                .tax_lines
                .iter()
                .map(|tax| tax.label.as_str())
                .collect();
            ledger.push(LedgerLine {
                kind: LedgerLineKind::Tax,
                ..plain_line(&labels.join(", "), order.total_tax.amount().to_string())
            });
        }
        Ok(ledger)
    }

    fn blocker_view(
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
            view.also_blocks = u32::try_from(held).unwrap_or(u32::MAX);
        }
        Ok(view)
    }
}

/// What every order of a store is judged by.
struct Judging {
    links: Links,
    statuses: Statuses,
    /// Those that Odoo has switched on; `None` until a test has found out.
    currencies: Option<Vec<Currency>>,
}

impl Judging {
    /// Only orders that would be imported can be held back.
    fn judge(&self, order: &Order<ListingKey>) -> Judgement {
        let mut blockers = Vec::new();
        let state = if self.statuses.waits(&order.status) {
            blockers = judge(order, &self.links, self.currencies.as_deref());
            if blockers.is_empty() {
                Saved::Waiting
            } else {
                Saved::Blocked
            }
        } else if self.statuses.not_yet(&order.status) {
            Saved::NotYet
        } else {
            Saved::Closed
        };
        Judgement {
            order: order.key.clone(),
            state,
            blockers,
        }
    }
}

fn saved_state(state: OrderState) -> Saved {
    match state {
        OrderState::Waiting => Saved::Waiting,
        OrderState::Blocked => Saved::Blocked,
        OrderState::NotYet => Saved::NotYet,
        OrderState::Closed => Saved::Closed,
    }
}

/// An order that was not judged yet (it arrived a moment ago) counts as not yet.
fn shown_state(state: Option<Saved>) -> OrderState {
    match state {
        Some(Saved::Waiting) => OrderState::Waiting,
        Some(Saved::Blocked) => OrderState::Blocked,
        Some(Saved::Closed) => OrderState::Closed,
        Some(Saved::NotYet) | None => OrderState::NotYet,
    }
}

fn order_row(saved: &SavedOrder) -> OrderRow {
    let order = &saved.order;
    let pieces: rust_decimal::Decimal = order.lines.iter().map(|line| line.quantity).sum();
    OrderRow {
        key: order.key.to_string(),
        number: order.number.clone(),
        customer: order.customer.name.clone(),
        total: order.total.amount().to_string(),
        currency: order.currency.code().to_owned(),
        state: shown_state(saved.state),
        status: order.status.to_string(),
        placed_at: order.placed_at.to_string(),
        pieces: pieces.normalize().to_string(),
        blockers: saved.blockers.iter().map(kind_of).collect(),
    }
}

fn kind_of(blocker: &Blocker) -> BlockerKind {
    match blocker {
        Blocker::UnlinkedLine(_) => BlockerKind::UnlinkedLine,
        Blocker::DeletedProduct(_) => BlockerKind::DeletedProduct,
        Blocker::NoLines => BlockerKind::NoLines,
        Blocker::TotalDoesNotAddUp { .. } => BlockerKind::TotalDoesNotAddUp,
        Blocker::CurrencyNotInOdoo { .. } => BlockerKind::CurrencyNotInOdoo,
    }
}

fn line_of(blocker: &Blocker) -> Option<&str> {
    match blocker {
        Blocker::UnlinkedLine(line) | Blocker::DeletedProduct(line) => Some(&line.line),
        Blocker::NoLines
        | Blocker::TotalDoesNotAddUp { .. }
        | Blocker::CurrencyNotInOdoo { .. } => None,
    }
}

fn params_of(blocker: &Blocker, currency: Currency) -> Params {
    let mut params = Params::from([("currency".to_owned(), currency.code().to_owned())]);
    let mut set = |name: &str, value: String| params.insert(name.to_owned(), value);
    match blocker {
        Blocker::UnlinkedLine(line) | Blocker::DeletedProduct(line) => {
            set("name", line.name.clone());
            set(
                "sku",
                line.sku
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            );
        }
        Blocker::TotalDoesNotAddUp {
            difference,
            stated,
            added_up,
        } => {
            set("difference", difference.amount().to_string());
            set("stated", stated.amount().to_string());
            set("added_up", added_up.amount().to_string());
        }
        Blocker::CurrencyNotInOdoo { currency } => {
            set("currency", currency.code().to_owned());
        }
        Blocker::NoLines => {}
    }
    params
}

fn plain_line(name: &str, total: String) -> LedgerLine {
    LedgerLine {
        kind: LedgerLineKind::Fee,
        name: name.to_owned(),
        sku: None,
        quantity: String::new(),
        subtotal: total.clone(),
        total,
        variant: None,
        blocked: false,
    }
}

fn address_lines(address: &tandem_domain::Address) -> Vec<String> {
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
