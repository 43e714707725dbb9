//! Documents of an order, printed by Odoo and saved as files.

use std::path::{Path, PathBuf};

use tandem_contract::Document;
use tandem_domain::{Invoice, Sale};
use tandem_sync::import::read_again;

use super::shown::narrow;
use crate::blocking::blocking;
use crate::error::{AppError, Code};
use crate::use_cases::saving::{free_name, write_whole};
use crate::view::{DocumentKind, DocumentWanted, SavedFile};
use crate::{App, Result};

/// A document that there is.
struct Printable {
    document: Document,
    /// What people call it, fit for a file.
    stem: String,
}

impl App {
    /// Saves a document of an order as a file of this name. One that is there is left alone,
    /// unless it may be written over.
    pub async fn save_document(
        &self,
        store: &str,
        key: &str,
        wanted: DocumentWanted,
        (path, over): (&Path, bool),
    ) -> Result<SavedFile> {
        if path.exists() && !over {
            return Err(AppError::new(Code::FileExists).with("file", path.display()));
        }
        let path = path.to_owned();
        self.print(store, key, wanted, |_| Ok(path)).await
    }

    /// As [`App::save_document`], under a new name in a folder.
    pub async fn save_document_into(
        &self,
        store: &str,
        key: &str,
        wanted: DocumentWanted,
        folder: &Path,
    ) -> Result<SavedFile> {
        let folder = folder.to_owned();
        let name = |stem: &str| free_name(&folder, stem, "pdf");
        self.print(store, key, wanted, name).await
    }

    async fn print(
        &self,
        store: &str,
        key: &str,
        wanted: DocumentWanted,
        name: impl FnOnce(&str) -> Result<PathBuf>,
    ) -> Result<SavedFile> {
        let sides = self.sides(store).await?;
        let missing = || AppError::new(Code::DocumentMissing);
        let sale = self.sale_in_odoo(&sides, store, key).await?;
        let sale = sale.ok_or_else(missing)?;
        let found = printable(&sale, wanted).ok_or_else(missing)?;
        let sales = sides.sales()?;
        let print = || sales.document(found.document);
        let bytes = read_again(print, tokio::time::sleep).await?;
        let path = name(&found.stem)?;
        let saved = SavedFile {
            path: path.display().to_string(),
        };
        blocking(move || write_whole(&path, &bytes)).await?;
        Ok(saved)
    }
}

/// The document that is meant: of several the one named, else the first in force.
fn printable(sale: &Sale, wanted: DocumentWanted) -> Option<Printable> {
    let meant = |key: i64, state: &str| match wanted.id {
        Some(id) => narrow(key) == id,
        None => state != "cancel",
    };
    let order = sale.head.name.as_str();
    let bill = |credit_note: bool| {
        let mut bills = sale.invoices.iter();
        bills.find(|bill| bill.credit_note == credit_note && meant(bill.key.0, &bill.state))
    };
    let paper = |bill: &Invoice, word: &str| Printable {
        document: Document::Invoice(bill.key),
        stem: match &bill.name {
            Some(name) => stem(name),
            None => stem(&format!("{order}-{word}-{}", bill.key)),
        },
    };
    match wanted.kind {
        DocumentKind::Order => Some(Printable {
            document: Document::Order(sale.head.key),
            stem: stem(order),
        }),
        DocumentKind::Invoice => bill(false).map(|bill| paper(bill, "invoice")),
        DocumentKind::CreditNote => bill(true).map(|bill| paper(bill, "credit-note")),
        DocumentKind::Delivery => {
            let mut deliveries = sale.deliveries.iter();
            let found = deliveries.find(|found| meant(found.key.0, &found.state))?;
            Some(Printable {
                document: Document::Delivery(found.key),
                stem: stem(&found.name),
            })
        }
    }
}

/// `INV/2026/00042` is no name for a file.
fn stem(name: &str) -> String {
    let fits = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    name.chars().map(fits).collect()
}
