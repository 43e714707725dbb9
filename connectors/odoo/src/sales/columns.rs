//! What versions and apps differ in, asked of `fields_get` once.

use std::collections::HashSet;

use tandem_contract::{Kind, Result};

use super::{INVOICE, LINE, ORDER, PARTNER, PICKING};
use crate::reads::Reads;

/// Something that not every server has, or not every user may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Extra {
    /// Orders name a carrier, and lines say that they are its price: the delivery app.
    Carrier,
    /// Transfers have a tracking number: the delivery app.
    Tracking,
    /// Orders know their transfers, and this user may read them.
    Pickings,
    /// This user may read invoices.
    Invoices,
    /// Orders can be locked: a flag from 17 on, a state before.
    Lock,
    /// Customers are found by their e-mail in small letters.
    NormalEmail,
    /// A person's company can be noted beside the name.
    CompanyName,
    /// A product says what it is in 17's own column; later versions have `type` alone.
    DetailedType,
}

/// The columns that are there, and the tables that may be read.
#[derive(Debug)]
pub(super) struct Columns {
    /// `tax_id` until 18, `tax_ids` from 19 on (`068-order-load-wrong-version-tax-column`).
    pub(super) line_taxes: &'static str,
    extras: HashSet<Extra>,
}

impl Columns {
    pub(super) fn has(&self, extra: Extra) -> bool {
        self.extras.contains(&extra)
    }

    pub(super) async fn read(reads: &Reads) -> Result<Self> {
        let order = reads
            .fields(ORDER, &["carrier_id", "picking_ids", "locked"])
            .await?;
        let line = reads.fields(LINE, &["tax_ids", "is_delivery"]).await?;
        let partner = reads
            .fields(PARTNER, &["email_normalized", "company_name"])
            .await?;
        let product = reads.fields("product.product", &["detailed_type"]).await?;
        let pickings = order.contains("picking_ids") && readable(reads, PICKING).await?;
        let carrier = order.contains("carrier_id") && line.contains("is_delivery");
        let there = [
            (Extra::Carrier, carrier),
            (Extra::Tracking, pickings && has_tracking(reads).await?),
            (Extra::Pickings, pickings),
            (Extra::Invoices, readable(reads, INVOICE).await?),
            (Extra::Lock, order.contains("locked")),
            (Extra::NormalEmail, partner.contains("email_normalized")),
            (Extra::CompanyName, partner.contains("company_name")),
            (Extra::DetailedType, product.contains("detailed_type")),
        ];
        let found = there.into_iter().filter(|(_, there)| *there);
        Ok(Self {
            line_taxes: if line.contains("tax_ids") {
                "tax_ids"
            } else {
                "tax_id"
            },
            extras: found.map(|(extra, _)| extra).collect(),
        })
    }
}

async fn has_tracking(reads: &Reads) -> Result<bool> {
    let names = ["carrier_id", "carrier_tracking_ref"];
    Ok(reads.fields(PICKING, &names).await?.len() == names.len())
}

/// Whether a table is there and may be read; one that is not there may not be read either.
pub(super) async fn readable(reads: &Reads, model: &str) -> Result<bool> {
    allowed(reads, model, "read").await
}

/// Whether this user may do something with a table, if it is there.
pub(super) async fn allowed(reads: &Reads, model: &str, operation: &str) -> Result<bool> {
    match reads.may(model, operation).await {
        Err(error) if matches!(error.kind(), Kind::Refused | Kind::Rights) => Ok(false),
        outcome => outcome,
    }
}
