//! Orders as Odoo holds them: in full, by number, and page by page.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tandem_contract::{Cause, Cursor, Error, Fetched, Page, Rejected, Result, SalePeriod};
use tandem_domain::{
    Delivery, Invoice, InvoiceKey, Invoicing, Money, Reference, Sale, SaleHead, SaleKey,
};

use super::columns::Extra;
use super::rows::{
    HEAD_FIELDS, HeadRow, INVOICE_FIELDS, InvoiceRow, Known, LINE_FIELDS, LineRow, ORDER_FIELDS,
    OrderRow, PickingRow, invoicing, partners,
};
use super::{Desk, INVOICE, LINE, ORDER, PICKING};
use crate::door::Door;
use crate::reads::{Found, PAGE_ROWS, Row, Search};
use crate::wire::instant_text;

/// Orders looked at, and numbers asked for, at once.
const ORDERS_MAX: usize = 500;

impl Desk {
    /// Orders in the order asked: heads and lines in one call each, and what follows from them
    /// only where there is some.
    pub(super) async fn look_at(&self, keys: &[SaleKey]) -> Result<Vec<Option<Sale>>> {
        let mut found = HashMap::new();
        for some in keys.chunks(ORDERS_MAX) {
            let mut sales = self.sales(some).await?;
            // Between the reads of an order and of its lines an invoice was made. Read once more,
            // lines that are invoiced without one mean that this user may not see it.
            if sales.iter().any(hides_an_invoice) && self.columns().await?.has(Extra::Invoices) {
                sales = self.sales(some).await?;
            }
            found.extend(sales.into_iter().map(|sale| (sale.head.key, sale)));
        }
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    async fn sales(&self, keys: &[SaleKey]) -> Result<Vec<Sale>> {
        let columns = self.columns().await?;
        let mut fields: Vec<&str> = HEAD_FIELDS.into_iter().chain(ORDER_FIELDS).collect();
        let optional = [
            (columns.has(Extra::Lock), "locked"),
            (columns.has(Extra::Pickings), "picking_ids"),
            (columns.has(Extra::Invoices), "invoice_ids"),
        ];
        fields.extend(
            optional
                .iter()
                .filter(|(there, _)| *there)
                .map(|(_, name)| name),
        );
        // Before the lines: what somebody changes in between shows as other lines, and not as a total
        // that the lines that were sent add up to.
        let orders = Search::all(ORDER, json!([["id", "in", keys]]), &fields);
        let orders = self.reads.search(orders).await?;
        if orders.rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<i64> = orders.rows.iter().map(|row| row.id).collect();
        let rows: Vec<OrderRow> = orders.read()?;
        let mut lines = self.lines(&ids).await?;
        let all = |of: fn(&OrderRow) -> &Vec<i64>| rows.iter().flat_map(of).copied().collect();
        let mut after = After {
            deliveries: self.deliveries(all(|row| &row.picking_ids)).await?,
            invoices: self.invoices(all(|row| &row.invoice_ids)).await?,
        };
        let known = Known {
            currencies: self.currencies().await?,
            references: HashMap::new(),
        };
        let heads: Vec<HeadRow> = orders.read()?;
        let sales = heads.into_iter().zip(rows).map(|(head, row)| {
            let lines = lines.remove(&head.id).unwrap_or_default();
            let sale = self.sale((head, row), lines, &known, &mut after);
            sale.map_err(|why| Error::new(Cause::Unreadable, "sale.order.search_read").detail(&why))
        });
        sales.collect()
    }

    fn sale(
        &self,
        (head, row): (HeadRow, OrderRow),
        lines: Vec<LineRow>,
        known: &Known<'_>,
        after: &mut After,
    ) -> std::result::Result<Sale, String> {
        let currency = head.currency(known)?;
        let (partner, invoice_to, deliver_to) = partners(&row);
        let base = self.reads.client.base();
        // The address of all versions; newer ones lead on to their own.
        let url = base.join(&format!("web#id={}&model={ORDER}&view_type=form", head.id));
        Ok(Sale {
            invoicing: invoicing(&lines),
            partner,
            invoice_to,
            deliver_to,
            untaxed: Money::rounded(row.amount_untaxed, currency),
            tax: Money::rounded(row.amount_tax, currency),
            lines: lines
                .into_iter()
                .map(|line| line.understand(currency))
                .collect(),
            deliveries: taken(&mut after.deliveries, &row.picking_ids),
            invoices: taken(&mut after.invoices, &row.invoice_ids),
            locked: row.locked,
            modified_at: row.write_date.ok_or("write_date: an order has none")?,
            url: url.ok().map(String::from),
            head: head.understand(known)?,
        })
    }

    /// Lines by order, in the order in which they were sent.
    async fn lines(&self, orders: &[i64]) -> Result<HashMap<i64, Vec<LineRow>>> {
        let mut fields = LINE_FIELDS.to_vec();
        fields.push(self.columns().await?.line_taxes);
        let search = Search::all(LINE, json!([["order_id", "in", orders]]), &fields);
        let mut lines: HashMap<i64, Vec<LineRow>> = HashMap::new();
        for line in self.reads.search(search).await?.read::<LineRow>()? {
            lines.entry(line.order_id).or_default().push(line);
        }
        Ok(lines)
    }

    async fn deliveries(&self, ids: Vec<i64>) -> Result<HashMap<i64, Delivery>> {
        let mut fields = vec!["name", "state", "date_done"];
        if self.columns().await?.has(Extra::Tracking) {
            fields.extend(["carrier_id", "carrier_tracking_ref"]);
        }
        let rows: Vec<PickingRow> = self.few((PICKING, true), &ids, &fields).await?;
        let by_id = |row: PickingRow| (row.id, row.understand());
        Ok(rows.into_iter().map(by_id).collect())
    }

    async fn invoices(&self, ids: Vec<i64>) -> Result<HashMap<i64, Invoice>> {
        let rows: Vec<InvoiceRow> = self.few((INVOICE, false), &ids, &INVOICE_FIELDS).await?;
        if rows.is_empty() {
            return Ok(HashMap::new());
        }
        let known = self.known(INVOICE, &ids).await?;
        let understood = rows.into_iter().map(|row| {
            let id = row.id;
            let invoice = row.understand(&known);
            invoice.map(|invoice| (id, invoice)).map_err(|why| {
                Error::new(Cause::Unreadable, "account.move.search_read").detail(&why)
            })
        });
        understood.collect()
    }

    pub(super) async fn invoices_of(&self, keys: &[InvoiceKey]) -> Result<Vec<Option<Invoice>>> {
        let found = self
            .invoices(keys.iter().map(|key| key.0).collect())
            .await?;
        Ok(keys.iter().map(|key| found.get(&key.0).cloned()).collect())
    }

    async fn few<T: DeserializeOwned>(
        &self,
        (model, names): (&str, bool),
        ids: &[i64],
        fields: &[&str],
    ) -> Result<Vec<T>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let search = Search {
            names,
            ..Search::all(model, json!([["id", "in", ids]]), fields)
        };
        self.reads.search(search).await?.read()
    }

    async fn known(&self, model: &str, ids: &[i64]) -> Result<Known<'_>> {
        Ok(Known {
            currencies: self.currencies().await?,
            references: self.references(model, ids).await?,
        })
    }

    /// External ids by row. One that is no reference (without a dot) names nothing.
    async fn references(&self, model: &str, ids: &[i64]) -> Result<HashMap<i64, Vec<Reference>>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let client = &self.reads.client;
        let mut found: HashMap<i64, Vec<Reference>> = HashMap::new();
        let mut note = |id: i64, text: &str| {
            if let Ok(reference) = text.parse() {
                found.entry(id).or_default().push(reference);
            }
        };
        if client.session().await?.door == Door::XmlRpc {
            // The other answer has numbers for names, which XML-RPC cannot say.
            let answer = client.call(model, "get_metadata", json!([ids]), json!({}));
            for row in answer.await?.read::<Vec<Metadata>>()? {
                if let Some(text) = row.xmlid {
                    note(row.id, &text);
                }
            }
        } else {
            let answer = client.call(model, "get_external_id", json!([ids]), json!({}));
            let named: HashMap<i64, String> = answer.await?.read()?;
            for (id, text) in named {
                note(id, &text);
            }
        }
        Ok(found)
    }

    pub(super) async fn heads_by_number(&self, numbers: &[String]) -> Result<Vec<SaleHead>> {
        let mut heads = Vec::new();
        for some in numbers.chunks(ORDERS_MAX) {
            let domain = json!([["client_order_ref", "in", some]]);
            let found = self.heads(domain, None).await?;
            for row in self.understood(&found).await? {
                let (_, head) = row;
                heads.push(head.map_err(|why| {
                    Error::new(Cause::Unreadable, "sale.order.search_read").detail(&why)
                })?);
            }
        }
        Ok(heads)
    }

    pub(super) async fn heads_of_period(
        &self,
        period: SalePeriod,
        after: Option<&Cursor>,
    ) -> Result<Page<SaleHead>> {
        let dates = [
            json!(["date_order", ">=", instant_text(period.from)]),
            json!(["date_order", "<", instant_text(period.to)]),
        ];
        // A cursor that is not ours begins anew: reading again is harmless.
        let last: Option<i64> = after.and_then(|cursor| cursor.0.parse().ok());
        let mut domain = dates.to_vec();
        domain.extend(last.map(|id| json!(["id", ">", id])));
        let found = self.heads(json!(domain), Some(PAGE_ROWS)).await?;
        let total = match last {
            None => Some(self.reads.count(ORDER, &json!(dates)).await?),
            Some(_) => None,
        };
        let mut page = Page {
            items: Vec::new(),
            rejected: Vec::new(),
            next: (found.rows.len() >= PAGE_ROWS)
                .then(|| found.last_id())
                .flatten()
                .map(|id| Cursor(id.to_string())),
            total,
            server_time: found.server_time,
        };
        for (row, head) in self.understood(&found).await? {
            let raw = row.raw.get().to_owned();
            match head {
                Ok(record) => page.items.push(Fetched { record, raw }),
                Err(reason) => page.rejected.push(Rejected {
                    external_id: row.id.to_string(),
                    reason,
                    raw,
                }),
            }
        }
        Ok(page)
    }

    async fn heads(&self, domain: Value, limit: Option<usize>) -> Result<Found> {
        let search = Search {
            limit,
            ..Search::all(ORDER, domain, &HEAD_FIELDS)
        };
        self.reads.search(search).await
    }

    async fn understood<'a>(
        &self,
        found: &'a Found,
    ) -> Result<Vec<(&'a Row, std::result::Result<SaleHead, String>)>> {
        let ids: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
        let known = self.known(ORDER, &ids).await?;
        let understand = |row: &Row| {
            let head: HeadRow = row.read().map_err(|error| error.to_string())?;
            head.understand(&known)
        };
        Ok(found
            .rows
            .iter()
            .map(|row| (row, understand(row)))
            .collect())
    }
}

/// What follows from orders, by row id.
struct After {
    deliveries: HashMap<i64, Delivery>,
    invoices: HashMap<i64, Invoice>,
}

/// One record may follow from two orders.
fn taken<T: Clone>(from: &mut HashMap<i64, T>, ids: &[i64]) -> Vec<T> {
    ids.iter().filter_map(|id| from.get(id).cloned()).collect()
}

/// Whether all lines are invoiced and no invoice shows.
fn hides_an_invoice(sale: &Sale) -> bool {
    sale.invoicing == Invoicing::Done && sale.invoices.is_empty() && !sale.lines.is_empty()
}

/// What `get_metadata` says of a record, as far as it is used.
#[derive(Debug, serde::Deserialize)]
struct Metadata {
    id: i64,
    #[serde(default, deserialize_with = "crate::wire::or_false")]
    xmlid: Option<String>,
}
