//! What is true in the sandbox: a shop, an Odoo database, and who may see them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use rust_decimal::Decimal;
use tandem_domain::{Address, Clock, Currency, Customer, Timestamp};

use crate::trade::ErpSales;

/// A world that several stand-ins serve at once.
#[derive(Debug, Clone)]
pub struct SharedWorld(Arc<Mutex<World>>);

impl SharedWorld {
    /// Shares a world.
    pub fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// The world, for as long as the guard lives. Never hold it across an `await`.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("no holder of this lock can panic")
    }
}

/// Everything that exists.
#[derive(Debug, Clone)]
pub struct World {
    /// The servers' clock.
    pub clock: Arc<dyn Clock>,
    /// The shop.
    pub shop: ShopWorld,
    /// Its Odoo.
    pub erp: ErpWorld,
}

/// The shop.
#[derive(Debug, Clone)]
pub struct ShopWorld {
    /// Its name.
    pub name: String,
    /// The address it believes to have.
    pub home_url: String,
    /// IANA zone of the site; the stand-ins show local times in it.
    pub time_zone: String,
    /// Offset of that zone in seconds east of UTC.
    pub utc_offset_s: i32,
    /// Main currency.
    pub currency: Currency,
    /// Whether prices are entered with tax.
    pub prices_include_tax: bool,
    /// Whether tax is rounded once at the subtotal instead of on each line.
    pub round_at_subtotal: bool,
    /// The last digit of amounts where a plugin shows them as floats leave them:
    /// `10.0000000001` for 10.
    pub float_noise: Option<usize>,
    /// Rates that orders may use, by id.
    pub tax_rates: BTreeMap<u64, TaxRate>,
    /// Customers that are no plain ones, by id: what the shop counts them among.
    pub roles: BTreeMap<u64, String>,
    /// Customers whom somebody touched, by id; all others are what their newest order says.
    pub customers: BTreeMap<u64, ShopCustomer>,
    /// Everything it sells, by id. Variations share the id space with their parents.
    pub listings: BTreeMap<u64, ShopListing>,
    /// Orders by internal id.
    pub orders: BTreeMap<u64, ShopOrder>,
    /// Who may call.
    pub accounts: Vec<ShopAccount>,
    /// What those are who call and may see something.
    pub staff: ShopStaff,
    /// Maintenance mode.
    pub maintenance: bool,
}

/// A tax rate of the shop.
#[derive(Debug, Clone)]
pub struct TaxRate {
    /// Shown to customers.
    pub label: String,
    /// In percent.
    pub percent: Decimal,
    /// ISO country, or empty for everywhere.
    pub country: String,
}

/// A registered customer.
#[derive(Debug, Clone, Default)]
pub struct ShopCustomer {
    /// Bill to.
    pub billing: Address,
    /// Ship to.
    pub shipping: Address,
    /// What programs noted on them: key, and value as JSON.
    pub meta: Vec<(String, String)>,
    /// Whether the account was deleted.
    pub deleted: bool,
}

impl ShopWorld {
    /// A registered customer, as somebody left them or as their newest order says; `None` where
    /// there is none.
    pub fn customer(&self, id: u64) -> Option<ShopCustomer> {
        if let Some(touched) = self.customers.get(&id) {
            return Some(touched.clone()).filter(|customer| !customer.deleted);
        }
        let own = self.orders.values().filter(|order| {
            let buyer = order.customer.external_id.as_deref();
            buyer.and_then(|buyer| buyer.parse().ok()) == Some(id)
        });
        own.max_by_key(|order| order.created).map(ShopCustomer::of)
    }
}

impl ShopCustomer {
    /// The customer of an order, as the checkout saves them.
    pub fn of(order: &ShopOrder) -> Self {
        Self {
            billing: order.billing.clone(),
            shipping: order.shipping.clone(),
            ..Self::default()
        }
    }
}

/// Where a listing stands in its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopKind {
    /// Sold by itself.
    Simple,
    /// Groups variations.
    Variable,
    /// One of a family; the id of the parent.
    VariationOf(u64),
    /// A set of other products.
    Grouped,
}

/// How its stock is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopStock {
    /// Not at all.
    NotManaged,
    /// A count of its own.
    Own(i64),
    /// On the parent.
    OnParent,
}

/// A named property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopAttribute {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// One product or variation. Texts are as a person would type them; stand-ins encode them.
#[derive(Debug, Clone)]
pub struct ShopListing {
    /// Its place in the family.
    pub kind: ShopKind,
    /// Name; a variation has its parent's.
    pub name: String,
    /// SKU; empty when there is none.
    pub sku: String,
    /// GTIN field; empty when there is none.
    pub gtin: String,
    /// Own values (variation) or properties (product).
    pub attributes: Vec<ShopAttribute>,
    /// Price before sales; `None` on a variable parent.
    pub regular_price: Option<Decimal>,
    /// Reduced price, when on sale.
    pub sale_price: Option<Decimal>,
    /// Count.
    pub stock: ShopStock,
    /// `publish`, `draft`, `private`.
    pub status: String,
    /// In the trash: gone from lists, still answering by id.
    pub trashed: bool,
    /// File name of its picture; empty when there is none.
    pub image: String,
    /// Category names.
    pub categories: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub modified: Timestamp,
}

/// One tax amount.
#[derive(Debug, Clone)]
pub struct ShopTax {
    /// Id of the rate.
    pub rate: u64,
    /// Amount after discounts, unrounded as the shop holds it.
    pub amount: Decimal,
    /// Amount before discounts.
    pub before_discount: Decimal,
}

/// A line of goods.
#[derive(Debug, Clone)]
pub struct ShopLine {
    /// Line id, unique in the shop.
    pub id: u64,
    /// Listing sold; `None` when it was deleted for good.
    pub listing: Option<u64>,
    /// Name at the time of sale.
    pub name: String,
    /// SKU at the time of sale.
    pub sku: String,
    /// How many.
    pub quantity: Decimal,
    /// Net before discounts.
    pub subtotal: Decimal,
    /// Net after discounts.
    pub total: Decimal,
    /// Taxes.
    pub taxes: Vec<ShopTax>,
}

/// Delivery or a fee.
#[derive(Debug, Clone)]
pub struct ShopCharge {
    /// Line id, unique in the shop.
    pub id: u64,
    /// Shown to the customer.
    pub name: String,
    /// Method code; empty for fees.
    pub method: String,
    /// Net.
    pub total: Decimal,
    /// Taxes.
    pub taxes: Vec<ShopTax>,
}

/// An order, with the totals that the shop stored when it was placed.
#[derive(Debug, Clone)]
pub struct ShopOrder {
    /// What people call it.
    pub number: String,
    /// Without any prefix: `processing`, `on-hold`, or a custom one.
    pub status: String,
    /// Currency, not always the shop's own.
    pub currency: Currency,
    /// Buyer.
    pub customer: Customer,
    /// Bill to.
    pub billing: Address,
    /// Ship to.
    pub shipping: Address,
    /// Goods.
    pub lines: Vec<ShopLine>,
    /// Delivery.
    pub shipping_lines: Vec<ShopCharge>,
    /// Fees.
    pub fees: Vec<ShopCharge>,
    /// Coupon codes with the net discount of each.
    pub coupons: Vec<(String, Decimal)>,
    /// Net discount, already inside the lines.
    pub discount_total: Decimal,
    /// All tax as stated.
    pub total_tax: Decimal,
    /// Total as stated.
    pub total: Decimal,
    /// What was paid back.
    pub refunds: Vec<ShopRefund>,
    /// Payment method code.
    pub payment_method: String,
    /// Shown to the customer.
    pub payment_title: String,
    /// What the customer wrote.
    pub customer_note: String,
    /// What programs noted on it: key, and value as JSON.
    pub meta: Vec<(String, String)>,
    /// When the money came.
    pub paid: Option<Timestamp>,
    /// When it was placed.
    pub created: Timestamp,
    /// When it changed last.
    pub modified: Timestamp,
}

/// Money paid back on an order.
#[derive(Debug, Clone)]
pub struct ShopRefund {
    /// Its id; orders and refunds share theirs.
    pub id: u64,
    /// Why, as somebody typed it.
    pub reason: String,
    /// What the customer got back, tax included, positive.
    pub amount: Decimal,
    /// When.
    pub created: Timestamp,
    /// What for; empty when it was for an amount only.
    pub lines: Vec<ShopRefundLine>,
}

/// The part of a refund that belongs to one line of the order: goods, delivery or a fee.
#[derive(Debug, Clone)]
pub struct ShopRefundLine {
    /// Line id, unique in the shop.
    pub id: u64,
    /// The order's line.
    pub of: u64,
    /// Pieces taken back, positive.
    pub quantity: Decimal,
    /// Net, positive.
    pub total: Decimal,
    /// Taxes, positive.
    pub taxes: Vec<ShopTax>,
}

/// What somebody is who works in a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopStaff {
    /// May do everything.
    Administrator,
    /// Writes customers of no role but the plain one, and is shown no fields of theirs.
    Manager,
}

/// What a shop account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShopRights {
    /// Read and write.
    ReadWrite,
    /// Read only.
    Read,
    /// Write only (a key made by mistake).
    Write,
    /// A customer's account: logs in, may see nothing.
    None,
}

/// A way into the shop.
#[derive(Debug, Clone)]
pub struct ShopAccount {
    /// User name (application password) or consumer key (`ck_…`).
    pub login: String,
    /// Application password or consumer secret.
    pub secret: String,
    /// What it may do.
    pub rights: ShopRights,
}

/// An Odoo database.
#[derive(Debug, Clone)]
pub struct ErpWorld {
    /// `18.0` and so on.
    pub version: String,
    /// Database name.
    pub database: String,
    /// Whether the server lists its databases.
    pub lists_databases: bool,
    /// Companies by id.
    pub companies: BTreeMap<i64, Company>,
    /// Warehouses by id.
    pub warehouses: BTreeMap<i64, Warehouse>,
    /// Active currencies.
    pub currencies: Vec<Currency>,
    /// Variants by `product.product` id.
    pub variants: BTreeMap<i64, ErpVariant>,
    /// Who may log in.
    pub accounts: Vec<ErpAccount>,
    /// Modules installed, by technical name.
    pub modules: Vec<String>,
    /// Failed logins in a row, for the cool-down.
    pub failed_logins: u32,
    /// Customers, orders, and what they are sold by.
    pub sales: ErpSales,
}

/// A company.
#[derive(Debug, Clone)]
pub struct Company {
    /// Its name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// `round_per_line` or `round_globally`.
    pub tax_rounding: String,
}

/// A warehouse.
#[derive(Debug, Clone)]
pub struct Warehouse {
    /// Its name.
    pub name: String,
    /// Its short code.
    pub code: String,
    /// The company it belongs to.
    pub company: i64,
    /// `lot_stock_id`: its stock location.
    pub stock_location: i64,
}

/// Stock in one warehouse.
#[derive(Debug, Clone, Copy, Default)]
pub struct Levels {
    /// Physically there.
    pub on_hand: Decimal,
    /// Promised.
    pub reserved: Decimal,
    /// When the quant changed last.
    pub modified: Option<Timestamp>,
}

/// One `product.product`.
#[derive(Debug, Clone)]
pub struct ErpVariant {
    /// `product.template` id.
    pub template: i64,
    /// Template name.
    pub name: String,
    /// `default_code`; empty when there is none.
    pub sku: String,
    /// Barcode; empty when there is none.
    pub barcode: String,
    /// Attribute values of this variant: attribute, value, id of the template value.
    pub attributes: Vec<(String, String, i64)>,
    /// Template's sales price.
    pub list_price: Decimal,
    /// `consu` with storable, `consu`, `service`, `combo`.
    pub kind: String,
    /// Whether stock is counted.
    pub storable: bool,
    /// False when archived.
    pub active: bool,
    /// Whether it may be sold.
    pub sale_ok: bool,
    /// Unit of measure.
    pub unit: String,
    /// Category path: `All / Balloons`.
    pub category: String,
    /// Stock by warehouse id.
    pub levels: BTreeMap<i64, Levels>,
    /// `write_date`.
    pub modified: Timestamp,
}

/// What an Odoo user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErpRights {
    /// Sell, invoice, make contacts, and read products and stock.
    Sales,
    /// The same, and make products.
    Manager,
    /// Sell and make contacts: no stock, no invoices.
    Seller,
    /// Log in, nothing more: no products, no stock.
    Bare,
}

/// An Odoo user.
#[derive(Debug, Clone)]
pub struct ErpAccount {
    /// `res.users` id.
    pub uid: i64,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
    /// API keys.
    pub api_keys: Vec<String>,
    /// Two-factor sign-in: the password alone is refused by the API.
    pub two_factor: bool,
    /// What it may do.
    pub rights: ErpRights,
}
