//! Everything but goods and orders: settings, accounts, companies, warehouses.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use tandem_domain::Currency;

use super::{ERP_API_KEY, ERP_DATABASE, ERP_LOGIN, SHOP_LOGIN, SHOP_SECRET};
use crate::trade::ErpSales;
use crate::world::{
    Company, ErpAccount, ErpRights, ErpWorld, ShopAccount, ShopRights, ShopStaff, ShopWorld,
    TaxRate, Warehouse,
};

/// The company that owns the shop, in Odoo.
pub(super) const MAIN_COMPANY: i64 = 1;
/// Its sister in Bahrain.
pub(super) const BAHRAIN_COMPANY: i64 = 2;
/// The warehouse that ships what the shop sells.
pub(super) const SHUWAIKH: i64 = 1;
/// The shop's back room.
pub(super) const SALMIYA: i64 = 2;
/// The sister's warehouse.
pub(super) const MANAMA: i64 = 3;
/// The rate for the Emirates.
pub(super) const GCC_VAT: u64 = 1;
/// The rate for Saudi Arabia.
pub(super) const KSA_VAT: u64 = 2;

/// A currency by its code, which must be one of ISO 4217.
pub(super) fn currency(code: &str) -> Currency {
    code.parse()
        .expect("the seed names currencies of ISO 4217 only")
}

/// The shop, with nothing on its shelves.
pub(super) fn empty_shop() -> ShopWorld {
    ShopWorld {
        name: "Party Centre Kuwait".to_owned(),
        home_url: "https://shop.partycentre.example".to_owned(),
        time_zone: "Asia/Kuwait".to_owned(),
        utc_offset_s: 3 * 3600,
        currency: currency("KWD"),
        prices_include_tax: false,
        round_at_subtotal: false,
        float_noise: None,
        roles: BTreeMap::new(),
        customers: BTreeMap::new(),
        tax_rates: BTreeMap::from([
            (GCC_VAT, rate("GCC VAT 5%", 5, "AE")),
            (KSA_VAT, rate("VAT 15%", 15, "SA")),
        ]),
        listings: BTreeMap::new(),
        orders: BTreeMap::new(),
        accounts: shop_accounts(),
        staff: ShopStaff::Administrator,
        maintenance: false,
    }
}

fn rate(label: &str, percent: i64, country: &str) -> TaxRate {
    TaxRate {
        label: label.to_owned(),
        percent: Decimal::from(percent),
        country: country.to_owned(),
    }
}

/// One account for each way of being let in, half let in, and not let in.
fn shop_accounts() -> Vec<ShopAccount> {
    [
        (SHOP_LOGIN, SHOP_SECRET, ShopRights::ReadWrite),
        (
            "ck_5a0de00000000000000000000000000000000001",
            "cs_5a0de00000000000000000000000000000000001",
            ShopRights::ReadWrite,
        ),
        (
            "ck_5a0de00000000000000000000000000000000002",
            "cs_5a0de00000000000000000000000000000000002",
            ShopRights::Read,
        ),
        (
            "ck_5a0de00000000000000000000000000000000003",
            "cs_5a0de00000000000000000000000000000000003",
            ShopRights::Write,
        ),
        (
            "customer@partycentre.example",
            "cust omer cust omer cust omer",
            ShopRights::None,
        ),
    ]
    .into_iter()
    .map(|(login, secret, rights)| ShopAccount {
        login: login.to_owned(),
        secret: secret.to_owned(),
        rights,
    })
    .collect()
}

/// The Odoo database, with nothing in stock.
pub(super) fn empty_erp() -> ErpWorld {
    ErpWorld {
        version: "18.0".to_owned(),
        database: ERP_DATABASE.to_owned(),
        lists_databases: true,
        companies: companies(),
        warehouses: warehouses(),
        currencies: ["KWD", "BHD", "SAR", "AED"].map(currency).to_vec(),
        variants: BTreeMap::new(),
        accounts: erp_accounts(),
        modules: [
            "base",
            "product",
            "sale_management",
            "sale_stock",
            "stock",
            "delivery",
            "account",
        ]
        .map(str::to_owned)
        .to_vec(),
        failed_logins: 0,
        sales: ErpSales::default(),
    }
}

fn companies() -> BTreeMap<i64, Company> {
    let company = |name: &str, code| Company {
        name: name.to_owned(),
        currency: currency(code),
        tax_rounding: "round_per_line".to_owned(),
    };
    BTreeMap::from([
        (MAIN_COMPANY, company("Party Centre W.L.L.", "KWD")),
        (
            BAHRAIN_COMPANY,
            company("Party Centre Bahrain W.L.L.", "BHD"),
        ),
    ])
}

fn warehouses() -> BTreeMap<i64, Warehouse> {
    [
        (SHUWAIKH, "Main warehouse Shuwaikh", "SHW", MAIN_COMPANY, 8),
        (SALMIYA, "Salmiya shop", "SLM", MAIN_COMPANY, 18),
        (MANAMA, "Manama warehouse", "MNM", BAHRAIN_COMPANY, 28),
    ]
    .into_iter()
    .map(|(id, name, code, company, stock_location)| {
        let warehouse = Warehouse {
            name: name.to_owned(),
            code: code.to_owned(),
            company,
            stock_location,
        };
        (id, warehouse)
    })
    .collect()
}

fn erp_accounts() -> Vec<ErpAccount> {
    let account = |uid, login: &str, name: &str, password: &str, rights| ErpAccount {
        uid,
        login: login.to_owned(),
        name: name.to_owned(),
        password: password.to_owned(),
        api_keys: Vec::new(),
        two_factor: false,
        rights,
    };
    vec![
        ErpAccount {
            api_keys: vec![ERP_API_KEY.to_owned()],
            ..account(
                7,
                ERP_LOGIN,
                "Tandem (bot)",
                "sandbox-password",
                ErpRights::Manager,
            )
        },
        ErpAccount {
            two_factor: true,
            ..account(
                8,
                "noura@partycentre.example",
                "Noura Al-Mutairi",
                "sandbox-two-factor",
                ErpRights::Sales,
            )
        },
        account(
            9,
            "driver@partycentre.example",
            "Delivery tablet",
            "sandbox-bare",
            ErpRights::Bare,
        ),
    ]
}
