//! The words of Tandem: ids, money, time, and the records that travel between a store and Odoo.
//!
//! Knows nothing of any store, of Odoo's wire, of `SQLite` or of the network. Everything here is
//! plain data with its invariants; whoever holds a value of these types may rely on them.

mod address;
mod blocker;
mod gtin;
mod ids;
mod link;
mod listing;
mod maps;
mod money;
mod order;
mod partner;
mod reference;
mod refund;
mod sale;
mod secret;
mod stamp;
mod stock;
mod store_customer;
mod time;
mod variant;

pub use address::{Address, Customer};
pub use blocker::{Blocker, Grounds, Known, judge};
pub use gtin::{Gtin, GtinError};
pub use ids::{
    CarrierKey, ConnectionKind, CustomerKey, DeliveryKey, IdError, InvoiceKey, JournalKey,
    ListingKey, OrderKey, PartnerKey, PricelistKey, RefundKey, SaleKey, SaleLineKey, Slug,
    StatusCode, TaxKey, TemplateKey, VariantKey, WarehouseKey,
};
pub use link::{Decision, Evidence, Link, Links, Method, Reason, Sku};
pub use listing::{Attribute, Listing, ListingKind, ListingStatus, ListingStock};
pub use maps::{MapKind, MapRow, MapValue, Maps, Service, StatusRule, Until};
pub use money::{Currency, Money, MoneyError, UnitPrice, sum};
pub use order::{Charge, ChargeKind, LineTax, Order, OrderLine, Payment, TaxLine, UnlinkedLine};
pub use partner::{AddressDraft, AddressRole, Partner, PartnerDraft};
pub use reference::{Reference, ReferenceError, StoreUid, normal_email};
pub use refund::{Refund, RefundLine};
pub use sale::{
    Arithmetic, Carrier, Delivery, Invoice, Invoicing, Journal, OdooCurrency, Pricelist, Sale,
    SaleDraft, SaleHead, SaleLine, SaleLineDraft, SaleState, SaleTerms, Series, Tax, TaxRounding,
};
pub use secret::Secret;
pub use stamp::Stamp;
pub use stock::StockLevel;
pub use store_customer::{CustomerChange, CustomerMark, Place, Province, StoreCustomer};
pub use time::{Clock, ManualClock, SystemClock, Timestamp};
pub use variant::{Variant, VariantKind};
