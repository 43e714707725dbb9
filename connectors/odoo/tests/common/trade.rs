//! What the small Odoo sells by: the recorded taxes and products, and rows as recorded.

use tandem_contract::{Erp, SaleStep, Sales};
use tandem_domain::{
    Address, AddressDraft, AddressRole, PartnerDraft, PartnerKey, Reference, Sale, SaleDraft,
    SaleKey, SaleLineDraft, TaxKey, VariantKey,
};
use tandem_sandbox::{ErpCarrier, ErpJournal, ErpPricelist, ErpTax, ErpVariant, World};

use super::{at, decimal, of_version, variant};

/// Taxes of `130-v18-taxes`: 20 % and 14 % inside the price, 14 % on top.
pub const VAT_20_IN: TaxKey = TaxKey(5);
pub const VAT_14_IN: TaxKey = TaxKey(3);
pub const VAT_14_ON: TaxKey = TaxKey(4);

pub const MUG: VariantKey = VariantKey(100_022);
pub const TEE: VariantKey = VariantKey(100_023);
pub const SHIPPING: VariantKey = VariantKey(100_024);
pub const ROUNDING: VariantKey = VariantKey(100_025);

/// The recorded server of a version: rows are given away from where they were when the calls
/// were recorded.
pub fn trading(version: &str) -> World {
    let mut world = of_version(version);
    if version == "19.0" {
        let company = world.erp.companies.get_mut(&1).expect("a company");
        "round_globally".clone_into(&mut company.tax_rounding);
    }
    world.erp.modules.push("delivery".to_owned());
    let goods = |name: &str, sku: &str, id| ErpVariant {
        template: id,
        ..variant(name, sku, "2026-11-21T00:06:51Z")
    };
    let service = |name: &str, sku: &str, id| ErpVariant {
        kind: "service".to_owned(),
        storable: false,
        ..goods(name, sku, id)
    };
    for (id, made) in [
        (MUG.0, goods("Import Mug", "IMP-MUG", MUG.0)),
        (TEE.0, goods("Import Tee", "IMP-TEE", TEE.0)),
        (
            SHIPPING.0,
            service("Shipping (web)", "IMP-SHIP", SHIPPING.0),
        ),
        (ROUNDING.0, service("Rounding", "ROUND", ROUNDING.0)),
    ] {
        world.erp.variants.insert(id, made);
    }
    chosen(&mut world);
    counted(&mut world);
    world
}

/// What orders are sold by, as recorded in `130` to `134`.
fn chosen(world: &mut World) {
    let sales = &mut world.erp.sales;
    let tax = |name: &str, percent: &str, included| ErpTax {
        name: name.to_owned(),
        percent: decimal(percent),
        kind: "percent".to_owned(),
        included,
        compound: false,
        sequence: 1,
        country: "US".to_owned(),
        company: 1,
    };
    sales.taxes.insert(1, tax("15%", "15", false));
    sales.taxes.insert(3, tax("VAT 14% incl", "14", true));
    sales.taxes.insert(4, tax("VAT 14% excl", "14", false));
    sales.taxes.insert(5, tax("VAT 20% incl", "20", true));
    let currency = |code: &str| code.parse().expect("a currency");
    for (id, name, code) in [
        (1, "Default", "USD"),
        (2, "EUR web", "EUR"),
        (3, "KWD web", "KWD"),
    ] {
        let pricelist = ErpPricelist {
            name: name.to_owned(),
            currency: currency(code),
            company: Some(1),
        };
        sales.pricelists.insert(id, pricelist);
    }
    let carrier = ErpCarrier {
        name: "Standard delivery".to_owned(),
        product: 1,
    };
    sales.carriers.insert(1, carrier);
    let journal = |name: &str, code: &str, kind: &str, company| ErpJournal {
        name: name.to_owned(),
        code: code.to_owned(),
        kind: kind.to_owned(),
        currency: None,
        company,
    };
    sales
        .journals
        .insert(1, journal("Customer Invoices", "INV", "sale", 1));
    sales.journals.insert(7, journal("Bank", "BNK1", "bank", 1));
    sales
        .journals
        .insert(8, journal("Branch cash", "CSH2", "cash", 2));
}

/// The last rows and numbers that were given away before the recording.
fn counted(world: &mut World) {
    let sales = &mut world.erp.sales;
    for (model, last) in [
        ("res.partner", 45),
        ("sale.order", 5418),
        ("sale.order.line", 32_043),
        ("stock.picking", 20),
        ("account.move", 111),
        ("account.move.line", 709),
        ("sale.advance.payment.inv", 107),
    ] {
        sales.last_ids.insert(model.to_owned(), last);
    }
    for (row, last) in [("S", 5311), ("INV", 87), ("RINV", 2), ("OUT", 17)] {
        sales.last_numbers.insert(row.to_owned(), last);
    }
}

pub fn reference(text: &str) -> Reference {
    text.parse().expect("a reference")
}

/// As recorded in `050-partner-load`.
pub fn giulia() -> PartnerDraft {
    let address = |name: &str, street: &str, zip: &str| Address {
        name: name.to_owned(),
        street: vec![street.to_owned()],
        postcode: Some(zip.to_owned()),
        city: Some("Milano".to_owned()),
        country: Some("IT".to_owned()),
        ..Address::default()
    };
    let child = |name: &str, role, address| AddressDraft {
        reference: reference(name),
        role,
        address,
    };
    PartnerDraft {
        reference: reference("tandem_demo.customer_5018"),
        name: "Giulia Rossi".to_owned(),
        email: Some("Giulia@Example.test".to_owned()),
        phone: Some("+39 02 000000".to_owned()),
        address: address("Giulia Rossi", "Via Roma 1", "20100"),
        addresses: vec![
            child(
                "tandem_demo.customer_5018_billing",
                AddressRole::Invoice,
                address("Giulia Rossi", "Via Roma 1", "20100"),
            ),
            child(
                "tandem_demo.customer_5018_shipping",
                AddressRole::Delivery,
                address("Giulia Rossi (office)", "Via Torino 9", "20123"),
            ),
        ],
    }
}

pub fn line(product: VariantKey, name: &str, (quantity, price): (&str, &str)) -> SaleLineDraft {
    SaleLineDraft {
        product,
        name: name.to_owned(),
        quantity: decimal(quantity),
        unit_price: decimal(price),
        taxes: vec![VAT_20_IN],
        delivery: product == SHIPPING,
    }
}

/// As recorded in `060-order-load-new`: 3 × 12.50 + 2 × 19.99 + 4.90.
pub fn draft(partner: PartnerKey, number: &str) -> SaleDraft {
    SaleDraft {
        reference: reference(&format!("tandem_demo.order_{number}")),
        partner,
        invoice_to: PartnerKey(partner.0 + 1),
        deliver_to: PartnerKey(partner.0 + 2),
        number: number.to_owned(),
        origin: format!("Webshop #{number}"),
        placed_at: at("2026-11-20T10:00:00Z"),
        pricelist: None,
        currency: "USD".parse().expect("a currency"),
        carrier: None,
        note: None,
        lines: vec![
            line(MUG, "Import Mug", ("3", "12.50")),
            line(TEE, "Import Tee", ("2", "19.99")),
            line(SHIPPING, "Shipping", ("1", "4.90")),
        ],
    }
}

pub fn sales(odoo: &dyn Erp) -> &dyn Sales {
    odoo.sales().expect("Odoo sells")
}

pub async fn seen(desk: &dyn Sales, order: SaleKey) -> Sale {
    let found = desk.look(&[order]).await.expect("a look").pop();
    found.flatten().expect("it is there")
}

/// A customer and an order, confirmed on request.
pub async fn ordered(desk: &dyn Sales, number: &str, confirmed: bool) -> SaleKey {
    let partner = desk.create_customer(&giulia()).await.expect("a customer");
    let draft = draft(partner, number);
    let order = desk.create_order(&draft).await.expect("an order");
    if confirmed {
        let placed_at = draft.placed_at;
        let step = SaleStep::Confirm { placed_at };
        desk.step(order, &step).await.expect("confirmed");
    }
    order
}
