//! PDFs: with a session as Odoo's own pages print them, with a key through the customer's portal.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use tandem_contract::{Cause, Document, Error, Result};
use tandem_domain::{DeliveryKey, SaleKey};

use super::{Desk, INVOICE, ORDER, PICKING};
use crate::wire::or_false;

#[derive(Debug, Deserialize)]
struct Of {
    #[serde(deserialize_with = "or_false")]
    sale_id: Option<i64>,
}

impl Desk {
    pub(super) async fn print(&self, document: Document) -> Result<Bytes> {
        if self.reads.client.config.has_key() {
            self.print_by_portal(document).await
        } else {
            self.print_in_session(document).await
        }
    }

    async fn print_in_session(&self, document: Document) -> Result<Bytes> {
        let (report, id) = match document {
            Document::Order(key) => ("sale.report_saleorder", key.0),
            Document::Invoice(key) => ("account.report_invoice", key.0),
            Document::Delivery(key) => ("stock.report_deliveryslip", key.0),
        };
        let client = &self.reads.client;
        client.open_session().await?;
        client
            .file(&format!("report/pdf/{report}/{id}"), report)
            .await
    }

    /// A key opens no session, but may ask for the link that the customer has: it is a secret of
    /// its own, and goes nowhere but into this request.
    async fn print_by_portal(&self, document: Document) -> Result<Bytes> {
        let (model, id) = match document {
            Document::Order(key) => (ORDER, key.0),
            Document::Invoice(key) => (INVOICE, key.0),
            Document::Delivery(key) => return self.print_delivery(key).await,
        };
        let link = self.portal_link(model, id).await?;
        self.reads.client.file(&link, "get_portal_url").await
    }

    /// A transfer has no link of its own: its order's opens it.
    async fn print_delivery(&self, key: DeliveryKey) -> Result<Bytes> {
        let args = json!([[key], ["sale_id"]]);
        let answer = self
            .reads
            .client
            .call(PICKING, "read", args, json!({"load": null}));
        let rows: Vec<Of> = answer.await?.read()?;
        let order = rows.first().and_then(|row| row.sale_id).map(SaleKey);
        let none = || Error::new(Cause::NotFound, "stock.picking.read").with("id", key);
        let link = self.portal_link(ORDER, order.ok_or_else(none)?.0).await?;
        let token = link
            .split(['?', '&'])
            .find(|part| part.starts_with("access_token="))
            .unwrap_or_default();
        let link = format!("my/picking/pdf/{key}?{token}");
        self.reads.client.file(&link, "get_portal_url").await
    }

    async fn portal_link(&self, model: &str, id: i64) -> Result<String> {
        let kwargs = json!({"report_type": "pdf", "download": true});
        let client = &self.reads.client;
        let answer = client.call(model, "get_portal_url", json!([[id]]), kwargs);
        let link: String = answer.await?.read()?;
        Ok(link.trim_start_matches('/').to_owned())
    }
}
