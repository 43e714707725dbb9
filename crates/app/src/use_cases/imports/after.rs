//! One order after, or before, its import: what it is in Odoo, its journal, what there is to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use tandem_contract::Message;
use tandem_domain::{
    InvoiceKey, ListingKey, Order, OrderKey, Reference, Refund, RefundKey, Sale, SaleKey, StoreUid,
    normal_email,
};
use tandem_store::{Import, SavedOrder};
use tandem_sync::import::{Change, Changed, FollowUp, Importer, NotCredited, Settled, read_again};
use tokio_util::sync::CancellationToken;

use super::running::told_by;
use super::shown::narrow;
use super::{About, Judging, Sides};
use crate::blocking::blocking;
use crate::error::{AppError, Code};
use crate::use_cases::connections::parse_slug;
use crate::use_cases::order_detail::address_lines;
use crate::view::{
    ChangeKind, ChangeView, CustomerCard, JournalLine, MessageView, OdooOrder, Params, Stale,
};
use crate::{App, Result};

impl App {
    /// Every step that was taken for an order, oldest first.
    pub async fn order_journal(&self, store: &str, key: &str) -> Result<Vec<JournalLine>> {
        let (slug, key) = (parse_slug(store)?, OrderKey::new(key));
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let entries = inner.store.journal(&slug, &key)?;
            let line = |entry: tandem_store::Entry| JournalLine {
                at: entry.at.to_string(),
                step: entry.step,
                phase: entry.phase,
                reference: entry.reference,
                detail: entry.detail,
            };
            Ok(entries.into_iter().map(line).collect())
        })
        .await
    }

    /// What an order is in Odoo, read just now; before its import, what it would be. `None` while
    /// something holds it back that leaves nothing to compute.
    pub async fn order_in_odoo(&self, store: &str, key: &str) -> Result<Option<OdooOrder>> {
        let at_hand = self.at_hand(store, key).await?;
        let Some(sale) = at_hand.judging.sale_of(&at_hand.saved.order.key) else {
            let plan = at_hand.judging.plan(&at_hand.saved.order);
            return Ok(plan.ok().map(|plan| at_hand.judging.would_be(&plan)));
        };
        let sides = self.sides(store).await?;
        let Some(mut sale) = read_sale(&sides, sale).await? else {
            return Ok(None);
        };
        let order = &at_hand.saved.order;
        let refunds = self.refunds_of(&sides, &order.key).await?;
        let notes = notes(&sides, &at_hand.judging.uid, &refunds).await?;
        read_beside(&sides, &mut sale, notes.into_values().collect()).await?;
        let plan = at_hand.judging.plan(order).ok();
        Ok(Some(at_hand.judging.is(order, &sale, plan.as_ref())))
    }

    /// Customers in Odoo with the order's e-mail, for a person to choose from.
    pub async fn order_customers(&self, store: &str, key: &str) -> Result<Vec<CustomerCard>> {
        let at_hand = self.at_hand(store, key).await?;
        let email = at_hand.saved.order.customer.email.as_deref();
        let Some(email) = email.map(normal_email).filter(|email| !email.is_empty()) else {
            return Ok(Vec::new());
        };
        let sides = self.sides(store).await?;
        let emails = [email];
        let sales = sides.sales()?;
        let found = read_again(|| sales.customers(&emails), tokio::time::sleep).await?;
        let card = |partner: &tandem_domain::Partner| CustomerCard {
            key: narrow(partner.key.0),
            name: partner.name.clone(),
            email: partner.email.clone(),
            address: address_lines(&partner.address),
        };
        Ok(found.iter().map(card).collect())
    }

    /// What the customer may see of the conversation in Odoo, oldest first.
    pub async fn order_messages(&self, store: &str, key: &str) -> Result<Vec<MessageView>> {
        let at_hand = self.at_hand(store, key).await?;
        let Some(sale) = at_hand.judging.sale_of(&at_hand.saved.order.key) else {
            return Ok(Vec::new());
        };
        let sides = self.sides(store).await?;
        let sales = sides.sales()?;
        let messages = read_again(|| sales.messages(sale), tokio::time::sleep).await?;
        let shown = |message: Message| MessageView {
            at: message.at.to_string(),
            author: message.author,
            text: message.text,
        };
        Ok(messages.into_iter().map(shown).collect())
    }

    /// What there is to do about an imported order that changed in the store.
    pub async fn order_changes(&self, store: &str, key: &str) -> Result<Vec<ChangeView>> {
        let at_hand = self.at_hand(store, key).await?;
        let sides = self.sides(store).await?;
        let Some((_, changes)) = at_hand.changes(self, &sides).await? else {
            return Ok(Vec::new());
        };
        let order = &at_hand.saved.order;
        Ok(changes.iter().map(|change| view(change, order)).collect())
    }

    /// Does one of them, by the id that the proposal has. What is done already is done once.
    pub async fn apply_change(&self, store: &str, key: &str, id: &str) -> Result<Vec<ChangeView>> {
        if !self.inner.may_run_jobs() {
            return Err(AppError::new(Code::EngineBusy));
        }
        let at_hand = self.at_hand(store, key).await?;
        let sides = self.sides(store).await?;
        let proposed = at_hand.changes(self, &sides).await?;
        let order = &at_hand.saved.order;
        let chosen = proposed.and_then(|(sale, changes)| {
            let mut changes = changes.into_iter();
            let change = changes.find(|change| view(change, order).id.as_deref() == Some(id))?;
            Some((sale, change))
        });
        let Some((sale, change)) = chosen else {
            return Err(AppError::new(Code::RecordUnknown)
                .with("record", id)
                .with("store", store));
        };
        let import = at_hand.judging.imports.get(&order.key).cloned();
        if let Some(mut import) = import {
            self.follow_up(&sides, (order, &mut import), (sale, &change))
                .await?;
        }
        let (inner, slug) = (Arc::clone(&self.inner), sides.slug.clone());
        let judged = order.clone();
        blocking(move || inner.judge_orders(&slug, &[judged])).await?;
        self.inner.stale(&[Stale::Orders]);
        self.order_changes(store, key).await
    }

    async fn follow_up(
        &self,
        sides: &Sides,
        (order, import): (&Order<ListingKey>, &mut Import),
        (sale, change): (Sale, &Change),
    ) -> Result<()> {
        let inner = &self.inner;
        let importer = Importer {
            store: Arc::clone(&inner.store),
            slug: sides.slug.clone(),
            sales: sides.sales()?,
            stamps: None,
            clock: Arc::clone(&inner.clock),
            jitter: &|_| 0,
            database: inner.database_of(&sides.odoo)?,
            run: None,
            order: order.key.clone(),
            gathered: Arc::default(),
            cancel: CancellationToken::new(),
        };
        let done = importer.follow_up((order, import), sale, change).await;
        done.map(drop).map_err(|by| told_by(&by))
    }

    /// An order as it is in Odoo just now; `None` where it is not there.
    pub(super) async fn sale_in_odoo(
        &self,
        sides: &Sides,
        store: &str,
        key: &str,
    ) -> Result<Option<Sale>> {
        let at_hand = self.at_hand(store, key).await?;
        match at_hand.judging.sale_of(&at_hand.saved.order.key) {
            Some(sale) => read_sale(sides, sale).await,
            None => Ok(None),
        }
    }

    async fn refunds_of(&self, sides: &Sides, order: &OrderKey) -> Result<Vec<Refund>> {
        let (inner, slug, asked) = (Arc::clone(&self.inner), sides.slug.clone(), order.clone());
        blocking(move || Ok(inner.store.refunds_of(&slug, &asked)?)).await
    }

    async fn at_hand(&self, store: &str, key: &str) -> Result<AtHand> {
        let (slug, key) = (parse_slug(store)?, OrderKey::new(key));
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let saved = inner.store.order(&slug, &key)?.ok_or_else(|| {
                AppError::new(Code::RecordUnknown)
                    .with("record", &key)
                    .with("store", &slug)
            })?;
            let about = About::Orders(std::slice::from_ref(&saved.order));
            let judging = inner.judging_of(&slug, about)?;
            Ok(AtHand { saved, judging })
        })
        .await
    }
}

/// One order, and what it is judged by.
struct AtHand {
    saved: SavedOrder,
    judging: Judging,
}

impl AtHand {
    /// What there is to do; `None` while it is not in Odoo.
    async fn changes(&self, app: &App, sides: &Sides) -> Result<Option<(Sale, Vec<Change>)>> {
        let order = &self.saved.order;
        let Some(key) = self.judging.sale_of(&order.key) else {
            return Ok(None);
        };
        let Some(sale) = read_sale(sides, key).await? else {
            return Ok(None);
        };
        let refunds = app.refunds_of(sides, &order.key).await?;
        let credited = notes(sides, &self.judging.uid, &refunds).await?;
        let credited = credited.into_keys().collect();
        let plan = self.judging.plan(order).ok();
        let record = self.judging.imports.get(&order.key);
        let then = record.and_then(|import| import.record.as_ref());
        let follow = FollowUp {
            uid: &self.judging.uid,
            then: then.unwrap_or(order),
            now: order,
            sale: &sale,
            refunds: &refunds,
            credited: &credited,
            cancelled: self.judging.statuses.cancelled(&order.status),
            plan: plan.as_ref(),
        };
        let services = plan
            .as_ref()
            .map_or_else(Settled::default, |plan| plan.services);
        let changes = follow.proposals(&self.judging.grounds(), services);
        Ok(Some((sale, changes)))
    }
}

/// Refunds that have their credit note, with the note.
async fn notes(
    sides: &Sides,
    uid: &StoreUid,
    refunds: &[Refund],
) -> Result<BTreeMap<RefundKey, InvoiceKey>> {
    if refunds.is_empty() {
        return Ok(BTreeMap::new());
    }
    let references = refunds
        .iter()
        .map(|refund| Reference::refund(uid, &refund.key));
    let (sales, references): (_, Vec<Reference>) = (sides.sales()?, references.collect());
    let found = read_again(|| sales.find(&references), tokio::time::sleep).await?;
    let known = refunds.iter().zip(found);
    let known = known.filter_map(|(refund, found)| Some((refund.key.clone(), InvoiceKey(found?))));
    Ok(known.collect())
}

/// Reads credit notes that take back no line of the order, which Odoo does not count among its
/// invoices.
async fn read_beside(sides: &Sides, sale: &mut Sale, mut notes: Vec<InvoiceKey>) -> Result<()> {
    notes.retain(|note| sale.invoices.iter().all(|known| known.key != *note));
    if notes.is_empty() {
        return Ok(());
    }
    let sales = sides.sales()?;
    let found = read_again(|| sales.invoices(&notes), tokio::time::sleep).await?;
    sale.invoices.extend(found.into_iter().flatten());
    Ok(())
}

async fn read_sale(sides: &Sides, key: SaleKey) -> Result<Option<Sale>> {
    let (sales, asked) = (sides.sales()?, [key]);
    let mut read = read_again(|| sales.look(&asked), tokio::time::sleep).await?;
    Ok(read.pop().flatten())
}

fn view(change: &Change, order: &Order<ListingKey>) -> ChangeView {
    let total = ("total".to_owned(), order.total.amount().to_string());
    let currency = ("currency".to_owned(), order.currency.code().to_owned());
    let mut params = Params::from([total, currency]);
    let (kind, id) = match change {
        Change::Update { .. } => (ChangeKind::Update, Some("update".to_owned())),
        Change::Cancel => (ChangeKind::Cancel, Some("cancel".to_owned())),
        Change::Credit { refund, .. } => {
            params.insert("amount".to_owned(), refund.amount.amount().to_string());
            let reason = refund.reason.clone().unwrap_or_default();
            params.insert("reason".to_owned(), reason);
            (ChangeKind::Credit, Some(format!("credit:{}", refund.key)))
        }
        Change::NotCredited { refund, why } => {
            params.insert("amount".to_owned(), refund.amount.amount().to_string());
            (not_credited(*why), None)
        }
        Change::ByHand(Changed::Status) => (ChangeKind::CancelByHand, None),
        Change::ByHand(Changed::Money | Changed::Address | Changed::Refund) => {
            (ChangeKind::MoneyByHand, None)
        }
    };
    ChangeView { kind, id, params }
}

fn not_credited(why: NotCredited) -> ChangeKind {
    match why {
        NotCredited::AmountOnly => ChangeKind::RefundByHand,
        NotCredited::NotPosted => ChangeKind::RefundNotPosted,
        NotCredited::CannotBeExpressed => ChangeKind::RefundCannotBeExpressed,
    }
}
