//! What Odoo sells by: taxes, pricelists, carriers and journals that fit the shop, and the people
//! whom it knows already.

use rust_decimal::Decimal;

use super::site::{BAHRAIN_COMPANY, MAIN_COMPANY, currency};
use super::words::{GULF, Person};
use crate::trade::{ErpCarrier, ErpJournal, ErpPartner, ErpPricelist, ErpSales, ErpTax};
use crate::world::ErpWorld;

/// `res.country` of Kuwait in the stand-in.
const KUWAIT: i64 = 123;

/// Opens the sales desk. The shop's rate for Saudi Arabia has no counterpart: somebody has to
/// make one, or choose.
pub(super) fn open(erp: &mut ErpWorld) {
    let delivery = erp
        .variants
        .iter()
        .find(|(_, variant)| variant.sku == "DELIVERY");
    let delivery = delivery.map(|(id, _)| *id);
    let sales = &mut erp.sales;
    // Dinars have three decimals, and so have prices here.
    sales.price_digits = 3;
    taxes(sales);
    pricelists(sales);
    journals(sales);
    let carriers = ["Aramex", "Aramex GCC", "Customer pick-up"];
    for (id, (name, product)) in (1..).zip(carriers.into_iter().zip(delivery.into_iter().cycle())) {
        let name = name.to_owned();
        sales.carriers.insert(id, ErpCarrier { name, product });
    }
    people(sales);
}

fn taxes(sales: &mut ErpSales) {
    for (id, name, percent, included, country, company) in [
        (1, "VAT 5% (UAE)", 5, false, "AE", MAIN_COMPANY),
        (2, "VAT 5% (UAE) included", 5, true, "AE", MAIN_COMPANY),
        (3, "0% Kuwait", 0, false, "KW", MAIN_COMPANY),
        (4, "VAT 10%", 10, false, "BH", BAHRAIN_COMPANY),
    ] {
        let tax = ErpTax {
            name: name.to_owned(),
            percent: Decimal::from(percent),
            kind: "percent".to_owned(),
            included,
            compound: false,
            sequence: 1,
            country: country.to_owned(),
            company,
        };
        sales.taxes.insert(id, tax);
    }
}

fn pricelists(sales: &mut ErpSales) {
    for (id, name, code, company) in [
        (1, "Retail", "KWD", MAIN_COMPANY),
        (2, "Retail Saudi Arabia", "SAR", MAIN_COMPANY),
        (3, "Retail Bahrain", "BHD", BAHRAIN_COMPANY),
    ] {
        let pricelist = ErpPricelist {
            name: name.to_owned(),
            currency: currency(code),
            company: Some(company),
        };
        sales.pricelists.insert(id, pricelist);
    }
}

fn journals(sales: &mut ErpSales) {
    for (id, name, code, kind, company) in [
        (1, "Customer Invoices", "INV", "sale", MAIN_COMPANY),
        (6, "KNET", "KNET", "bank", MAIN_COMPANY),
        (7, "Bank", "BNK1", "bank", MAIN_COMPANY),
        (8, "Cash", "CSH1", "cash", MAIN_COMPANY),
        (9, "Bank", "BNK2", "bank", BAHRAIN_COMPANY),
    ] {
        let journal = ErpJournal {
            name: name.to_owned(),
            code: code.to_owned(),
            kind: kind.to_owned(),
            currency: None,
            company,
        };
        sales.journals.insert(id, journal);
    }
}

/// The buyer of the plain order is known, with an address for bills; another stands there twice,
/// and nobody can tell which of the two is meant.
fn people(sales: &mut ErpSales) {
    let contact = |person: &Person| ErpPartner {
        role: "contact".to_owned(),
        name: person.name.to_owned(),
        email: format!("{}@mail.example", person.mail),
        city: "Kuwait City".to_owned(),
        country: Some(KUWAIT),
        ..ErpPartner::default()
    };
    let known = contact(&GULF[0]);
    let bills = ErpPartner {
        parent: Some(41),
        role: "invoice".to_owned(),
        email: String::new(),
        street: "Block 3, Street 12, House 7".to_owned(),
        ..known.clone()
    };
    let twice = contact(&GULF[4]);
    let again = ErpPartner {
        email: twice.email.to_uppercase(),
        phone: "+965 22000000".to_owned(),
        ..twice.clone()
    };
    for (id, partner) in (41..).zip([known, bills, twice, again]) {
        sales.partners.insert(id, partner);
    }
}
