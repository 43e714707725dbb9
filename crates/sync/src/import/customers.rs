//! Who ordered, where the bill goes and where the goods go: found, or made once.

use tandem_domain::{
    Address, AddressDraft, AddressRole, Blocker, Order, Partner, PartnerDraft, PartnerKey,
    Reference, StoreUid,
};
use tandem_store::Step;

use super::engine::{Importer, StoppedBy, payload};
use super::look::email_of;
use super::once::Making;
use super::plan::{CustomerPlan, PlannedOrder};

/// The three parties of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parties {
    pub(super) customer: PartnerKey,
    pub(super) invoice_to: PartnerKey,
    pub(super) deliver_to: PartnerKey,
}

impl Importer<'_> {
    pub(super) async fn parties(&self, plan: &PlannedOrder) -> Result<Parties, StoppedBy> {
        let order = &plan.order;
        let known = self.customer(plan).await?;
        let Some(customer) = known else {
            return self.make_customer(plan).await;
        };
        let mut addresses = None;
        let mut parties = Parties {
            customer: customer.key,
            invoice_to: customer.key,
            deliver_to: customer.key,
        };
        if !is_empty(&order.billing) && !is_same(&order.billing, &customer.address) {
            let billing = (AddressRole::Invoice, &order.billing);
            parties.invoice_to = self
                .address(plan, &customer, &mut addresses, billing)
                .await?;
        }
        parties.deliver_to = match delivery(order) {
            None => parties.invoice_to,
            // One address for both: it is made once, and serves as either.
            Some(shipping) if text(shipping) == text(&order.billing) => parties.invoice_to,
            Some(shipping) if is_same(shipping, &customer.address) => customer.key,
            Some(shipping) => {
                let shipping = (AddressRole::Delivery, shipping);
                self.address(plan, &customer, &mut addresses, shipping)
                    .await?
            }
        };
        Ok(parties)
    }

    /// The customer, where Odoo has them.
    async fn customer(&self, plan: &PlannedOrder) -> Result<Option<Partner>, StoppedBy> {
        let CustomerPlan::ByEmail { email, chosen } = &plan.customer else {
            return Ok(None);
        };
        let mut found = self.gathered.customers(email).to_vec();
        if found.is_empty() {
            let asked = std::slice::from_ref(email);
            found = self.read(|| self.sales.customers(asked)).await?;
        }
        if let Some(chosen) = chosen {
            let row = found.into_iter().find(|customer| customer.key == *chosen);
            return Ok(Some(row.unwrap_or_else(|| bare(*chosen))));
        }
        if found.len() <= 1 {
            return Ok(found.pop());
        }
        let ours = [plan.partner.clone()];
        let ours = self.read(|| self.sales.find(&ours)).await?;
        let ours = ours.into_iter().next().flatten();
        if let Some(at) = found.iter().position(|c| Some(c.key.0) == ours) {
            return Ok(Some(found.swap_remove(at)));
        }
        Err(StoppedBy::Blocked(Box::new(Blocker::CustomerAmbiguous {
            email: email.clone(),
            candidates: found.iter().map(|customer| customer.key).collect(),
        })))
    }

    /// Makes the customer with their addresses in one go.
    async fn make_customer(&self, plan: &PlannedOrder) -> Result<Parties, StoppedBy> {
        let draft = partner_draft(plan);
        let making = Making {
            step: Step::Customer,
            reference: &draft.reference,
            payload: payload(&draft),
        };
        let made = self.make_once(making, || async {
            self.sales.create_customer(&draft).await.map(|key| key.0)
        });
        let customer = PartnerKey(made.await?);
        let mut parties = Parties {
            customer,
            invoice_to: customer,
            deliver_to: customer,
        };
        // Somebody else may have made them a moment ago, with other addresses.
        if let Some(address) = draft.addresses.first() {
            parties.deliver_to = self.make_address(customer, address).await?;
        }
        Ok(parties)
    }

    /// An address of a known customer: one that is there, or a new one beside it.
    async fn address(
        &self,
        plan: &PlannedOrder,
        customer: &Partner,
        read: &mut Option<Vec<Partner>>,
        (role, address): (AddressRole, &Address),
    ) -> Result<PartnerKey, StoppedBy> {
        let is_it = |known: &&Partner| is_same(address, &known.address);
        if let Some(same) = self.gathered.addresses(customer.key).iter().find(is_it) {
            return Ok(same.key);
        }
        let known = if let Some(known) = read {
            known
        } else {
            let asked = [customer.key];
            read.insert(self.read(|| self.sales.addresses(&asked)).await?)
        };
        if let Some(same) = known.iter().find(is_it) {
            return Ok(same.key);
        }
        let draft = address_draft(&plan.partner, role, address);
        self.make_address(customer.key, &draft).await
    }

    async fn make_address(
        &self,
        customer: PartnerKey,
        draft: &AddressDraft,
    ) -> Result<PartnerKey, StoppedBy> {
        let asked = std::slice::from_ref(&draft.reference);
        let found = self.read(|| self.sales.find(asked)).await?;
        if let Some(key) = found.into_iter().next().flatten() {
            return Ok(PartnerKey(key));
        }
        let making = Making {
            step: Step::Address,
            reference: &draft.reference,
            payload: payload(draft),
        };
        let made = self.make_once(making, || async {
            let made = self.sales.create_address(customer, draft).await;
            made.map(|key| key.0)
        });
        Ok(PartnerKey(made.await?))
    }
}

/// By which Odoo knows the customer, if we make them.
pub(super) fn partner_reference<K>(uid: &StoreUid, order: &Order<K>) -> Reference {
    match email_of(order) {
        Some(email) => Reference::partner(&email),
        None => Reference::guest(uid, &order.key),
    }
}

fn partner_draft(plan: &PlannedOrder) -> PartnerDraft {
    let order = &plan.order;
    let names = [Some(&order.customer.name), Some(&order.billing.name)];
    let mut names = names.into_iter().flatten().chain(&order.billing.company);
    let name = names.find(|name| !name.trim().is_empty());
    let shipping = delivery(order).filter(|shipping| text(shipping) != text(&order.billing));
    PartnerDraft {
        reference: plan.partner.clone(),
        name: name.cloned().unwrap_or_default(),
        email: order.customer.email.clone(),
        phone: order.customer.phone.clone(),
        address: order.billing.clone(),
        addresses: shipping
            .map(|shipping| address_draft(&plan.partner, AddressRole::Delivery, shipping))
            .into_iter()
            .collect(),
    }
}

fn address_draft(partner: &Reference, role: AddressRole, address: &Address) -> AddressDraft {
    let word = match role {
        AddressRole::Invoice => "invoice",
        AddressRole::Delivery => "delivery",
    };
    AddressDraft {
        reference: partner.address(&format!("{word}|{}", text(address))),
        role,
        address: address.clone(),
    }
}

/// Whether an order names a place that is not the customer's own address.
pub(super) fn goes_elsewhere<K>(order: &Order<K>, customer: &Partner) -> bool {
    let said = [Some(&order.billing), delivery(order)];
    let mut said = said.into_iter().flatten();
    said.any(|place| !is_empty(place) && !is_same(place, &customer.address))
}

/// Where the goods go, where that is said.
fn delivery<K>(order: &Order<K>) -> Option<&Address> {
    Some(&order.shipping).filter(|shipping| !is_empty(shipping))
}

fn is_empty(address: &Address) -> bool {
    address.street.iter().all(|line| line.trim().is_empty())
        && address.city.as_deref().unwrap_or("").trim().is_empty()
}

/// Whether an address of the store is one that Odoo holds. There a state that Odoo does not know
/// stands behind the street, several lines of a street are one with commas, and the company is
/// part of the name.
pub(super) fn is_same(store: &Address, odoo: &Address) -> bool {
    let odoo = words(odoo, None);
    odoo == words(store, None) || odoo == words(store, store.state.as_ref())
}

/// An address of the store as it is compared with another of the store.
pub(super) fn text(address: &Address) -> String {
    words(address, address.state.as_ref())
}

/// What a letter needs, in small letters and single spaces.
fn words(address: &Address, state: Option<&String>) -> String {
    let parts = [address.company.as_ref(), Some(&address.name)];
    let place = [&address.postcode, &address.city, &address.country];
    let parts = parts.into_iter().flatten().chain(&address.street);
    let parts = parts.chain(state).chain(place.into_iter().flatten());
    let words = parts.flat_map(|part| part.split(',')).map(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        words.join(" ").to_lowercase()
    });
    let mut words: Vec<String> = words.filter(|part| !part.is_empty()).collect();
    words.dedup();
    words.join("|")
}

/// A customer of whom only the key is known.
fn bare(key: PartnerKey) -> Partner {
    Partner {
        key,
        parent: None,
        role: "contact".to_owned(),
        name: String::new(),
        email: None,
        address: Address::default(),
    }
}

#[cfg(test)]
mod tests {
    use tandem_domain::Address;

    use super::is_same;

    #[test]
    fn an_address_is_known_again_as_odoo_keeps_it() {
        let store = |street: &[&str], state: &str| Address {
            name: "Reem  Al-Zaabi".to_owned(),
            company: Some("Zaabi & Sons".to_owned()),
            street: street.iter().map(|line| (*line).to_owned()).collect(),
            state: Some(state.to_owned()),
            country: Some("KW".to_owned()),
            ..Address::default()
        };
        let odoo = |name: &str, street: &[&str], state: Option<&str>| Address {
            name: name.to_owned(),
            company: None,
            state: state.map(str::to_owned),
            ..store(street, "")
        };
        let name = "Zaabi & Sons, Reem Al-Zaabi";
        let three = store(&["Block 7", "Street 25", "House 71"], "KW-KU");
        for (kept, same) in [
            // A state that Odoo does not know stands behind the street, which has two lines.
            (
                odoo(name, &["Block 7", "Street 25, House 71, KW-KU"], None),
                true,
            ),
            (
                odoo(name, &["block 7", "street 25, house 71"], Some("KU")),
                true,
            ),
            (
                odoo(name, &["Block 7", "Street 25, House 72, KW-KU"], None),
                false,
            ),
            (
                odoo(name, &["Block 7", "Street 25, House 71, KW-JA"], None),
                false,
            ),
            (
                odoo("Somebody", &["Block 7", "Street 25, House 71"], None),
                false,
            ),
        ] {
            assert_eq!(is_same(&three, &kept), same, "{kept:?}");
        }
    }
}
