//! The steps of an order: each is asked for once, and what came of it is read afterwards.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Kind, Result, SaleStep};
use tandem_domain::{InvoiceKey, SaleKey, SaleLineDraft, SaleState, Timestamp};

use super::columns::Extra;
use super::rows::{self, LINE_FIELDS, LineRow};
use super::{Desk, INVOICE, LINE, ORDER};
use crate::reads::Search;
use crate::wire::{instant, instant_text, or_false};

const WIZARD: &str = "sale.advance.payment.inv";

/// How far an order is, read before a step.
#[derive(Debug, Deserialize)]
struct Stage {
    state: String,
    #[serde(deserialize_with = "instant")]
    date_order: Option<Timestamp>,
}

impl Desk {
    pub(super) async fn do_step(&self, order: SaleKey, step: &SaleStep) -> Result<()> {
        match step {
            SaleStep::Confirm { placed_at } => self.confirm(order, *placed_at).await,
            SaleStep::DraftInvoice => self.draft_invoice(order).await,
            SaleStep::PostInvoice { invoice } => self.post(*invoice).await,
            SaleStep::Cancel => self.cancel(order).await,
            SaleStep::ReplaceLines { lines } => self.replace_lines(order, lines).await,
            SaleStep::AddLine { line } => self.add_line(order, line).await,
        }
    }

    /// Confirming sets the date to now (`092-order-after-confirm`), so that the store's is written
    /// back, also when somebody confirmed it and was interrupted before that.
    async fn confirm(&self, order: SaleKey, placed_at: Timestamp) -> Result<()> {
        let stage = self.stage(order).await?;
        let confirmed = rows::state(&stage.state) == Ok(SaleState::Confirmed);
        if !confirmed {
            // Odoo refuses what cannot be confirmed, in its own words.
            let args = json!([[order]]);
            self.act(ORDER, "action_confirm", args, json!({})).await?;
        }
        let placed = instant_text(placed_at);
        if confirmed && stage.date_order.map(instant_text).as_ref() == Some(&placed) {
            return Ok(());
        }
        let args = json!([[order], {"date_order": placed}]);
        self.act(ORDER, "write", args, json!({})).await?;
        Ok(())
    }

    async fn stage(&self, order: SaleKey) -> Result<Stage> {
        let fields = ["state", "date_order"];
        let search = Search::all(ORDER, json!([["id", "=", order]]), &fields);
        let stage = self.reads.search(search).await?.read()?.pop();
        let gone = || Error::new(Cause::NotFound, "sale.order.search_read").with("id", order);
        stage.ok_or_else(gone)
    }

    /// The wizard answers with the next screen, which says nothing that is not read afterwards.
    async fn draft_invoice(&self, order: SaleKey) -> Result<()> {
        let context = json!({
            "active_model": ORDER,
            "active_ids": [order],
            "active_id": order,
        });
        let wanted = json!([{
            "advance_payment_method": "delivered",
            "sale_order_ids": [[6, 0, [order]]],
        }]);
        let made = self.act(WIZARD, "create", wanted, context.clone()).await?;
        // A number, or over JSON-2 a list (`100-invoice-wizard-create`).
        let id: i64 = match made.read()? {
            OneOrMany::One(id) | OneOrMany::Many([id]) => id,
        };
        self.act(WIZARD, "create_invoices", json!([[id]]), context)
            .await?;
        Ok(())
    }

    async fn post(&self, invoice: InvoiceKey) -> Result<()> {
        let args = json!([[invoice]]);
        let posted = self.act(INVOICE, "action_post", args.clone(), json!({}));
        let Err(error) = posted.await else {
            return Ok(());
        };
        if error.kind() != Kind::Refused || !self.has_a_number_of_another(invoice).await? {
            return Err(error);
        }
        // The draft is to be numbered when it is posted, as drafts are.
        let unnamed = json!([[invoice], {"name": "/"}]);
        self.act(INVOICE, "write", unnamed, json!({})).await?;
        self.act(INVOICE, "action_post", args, json!({})).await?;
        Ok(())
    }

    /// Odoo gives the first draft of a year its number at once. Drafts that are made at the same
    /// time all get that one, and but one of them can ever be posted by it
    /// (`204-invoice-post-number-taken`).
    async fn has_a_number_of_another(&self, invoice: InvoiceKey) -> Result<bool> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(deserialize_with = "or_false")]
            name: Option<String>,
            state: String,
        }
        let search = Search::all(INVOICE, json!([["id", "=", invoice]]), &["name", "state"]);
        let rows: Vec<Row> = self.reads.search(search).await?.read()?;
        let Some(draft) = rows.first().filter(|row| row.state == "draft") else {
            return Ok(false);
        };
        let Some(name) = draft.name.as_deref().filter(|name| *name != "/") else {
            return Ok(false);
        };
        let others = json!([
            ["id", "!=", invoice],
            ["name", "=", name],
            ["state", "=", "posted"]
        ]);
        Ok(self.reads.count(INVOICE, &others).await? > 0)
    }

    /// Without the context 17 and 18 only open a window that offers a mail, and do nothing
    /// (`111-cancel-confirmed`).
    async fn cancel(&self, order: SaleKey) -> Result<()> {
        let context = json!({"disable_cancel_warning": true});
        let answer = self.act(ORDER, "action_cancel", json!([[order]]), context);
        let answer: Value = answer.await?.read()?;
        if answer.is_object() {
            return Err(Error::new(Cause::Invalid, "sale.order.action_cancel")
                .with("wizard", answer["res_model"].as_str().unwrap_or_default()));
        }
        Ok(())
    }

    async fn replace_lines(&self, order: SaleKey, lines: &[SaleLineDraft]) -> Result<()> {
        self.must_be_open(order, "replace_lines").await?;
        let taxes = self.columns().await?.line_taxes;
        let mut commands = vec![json!([5, 0, 0])];
        for line in lines {
            commands.push(json!([0, 0, self.values(line, taxes).await?]));
        }
        self.write_lines(order, commands).await
    }

    /// A line that is there already is not added again.
    async fn add_line(&self, order: SaleKey, line: &SaleLineDraft) -> Result<()> {
        self.must_be_open(order, "add_line").await?;
        let search = Search::all(LINE, json!([["order_id", "=", order]]), &LINE_FIELDS);
        let there: Vec<LineRow> = self.reads.search(search).await?.read()?;
        let same = |row: &LineRow| {
            row.product_id == Some(line.product.0)
                && row.name.as_deref() == Some(line.name.as_str())
                && row.product_uom_qty == line.quantity
                && row.price_unit == line.unit_price
        };
        if there.iter().any(same) {
            return Ok(());
        }
        let taxes = self.columns().await?.line_taxes;
        let command = json!([0, 0, self.values(line, taxes).await?]);
        self.write_lines(order, vec![command]).await
    }

    /// Lines of a confirmed order are promises: a new one would go to the warehouse at once.
    async fn must_be_open(&self, order: SaleKey, step: &str) -> Result<()> {
        let state = self.stage(order).await?.state;
        if rows::state(&state) == Ok(SaleState::Draft) {
            return Ok(());
        }
        Err(Error::new(Cause::Invalid, format!("sale.order.{step}")).with("state", state))
    }

    async fn values(&self, line: &SaleLineDraft, taxes: &str) -> Result<Value> {
        let mut values = json!({
            "product_id": line.product,
            "name": line.name,
            "product_uom_qty": number(line.quantity),
            "price_unit": number(line.unit_price),
            taxes: [[6, 0, line.taxes]],
        });
        if self.columns().await?.has(Extra::Carrier) {
            values["is_delivery"] = json!(line.delivery);
        }
        Ok(values)
    }

    async fn write_lines(&self, order: SaleKey, commands: Vec<Value>) -> Result<()> {
        let args = json!([[order], {"order_line": commands}]);
        self.act(ORDER, "write", args, json!({})).await?;
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(i64),
    Many([i64; 1]),
}

/// A decimal as the JSON number that Odoo's own double has: the one that its digits name.
fn number(decimal: Decimal) -> Value {
    json!(decimal.normalize().to_f64())
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_price_is_written_with_the_digits_that_it_has() {
        for digits in ["12.5", "0.1", "4.35", "1.125", "-0.01", "33.333333"] {
            let price = digits.parse().expect("a decimal");
            assert_eq!(number(price).to_string(), digits);
        }
    }
}
