//! Customers, the way back: what a store is to be told of an address that changed in Odoo, and of
//! who its customer is there. Pure: it computes from what was read.
//!
//! The two addresses of a customer's newest order in Odoo are held against the customer in the
//! store, and against what both sides agreed on last: what was written here, or else the order as
//! it went in. Names, companies and telephones are left to the customer.

use std::collections::HashMap;

use serde::Serialize;
use tandem_domain::{
    Address, AddressRole, CustomerChange, CustomerKey, CustomerMark, OrderKey, Partner, PartnerKey,
    Place, Province, StoreCustomer,
};
use tandem_store::{AgreedCustomer, CustomerWays, LinkedCustomer};

use super::customers::{is_same, text};
use super::engine::payload;

/// Digits of an item's id.
const ID_DIGITS: usize = 12;
/// What stands in an id between whose it is and its digits.
const ID_DOT: char = '.';

/// Why something cannot be told to the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum NotTold {
    /// The customer's account is gone from the store.
    GoneFromStore,
    /// The order, the customer or the address is gone from Odoo.
    GoneFromOdoo,
    /// The store has no state of this code.
    StateUnknown,
    /// The store shows marks to others than this user only.
    MarkHidden,
}

/// One thing that the store could be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Telling {
    /// An address.
    Address {
        /// Which.
        role: AddressRole,
        /// As the store has it.
        before: Place,
        /// As Odoo has it, in the store's words.
        after: Place,
        /// Whether it changed in the store as well since both agreed: then a person decides.
        both_changed: bool,
    },
    /// Who the customer is in Odoo.
    Mark {
        /// The mark that is there.
        before: Option<CustomerMark>,
        /// The mark that belongs there.
        after: CustomerMark,
    },
    /// It cannot be told.
    Not(NotTold),
}

/// One thing to tell the store about one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerItem {
    /// Whose.
    pub key: CustomerKey,
    /// The order by which Odoo knows them.
    pub order: OrderKey,
    /// What.
    pub telling: Telling,
}

impl CustomerItem {
    /// Tells this item from every other, and from itself once either side has moved.
    pub fn id(&self) -> String {
        let payload = payload(self);
        let digits = payload.get(..ID_DIGITS).unwrap_or_default();
        format!("{}{ID_DOT}{digits}", self.key)
    }

    /// Whose item an id is.
    pub fn key_in(id: &str) -> Option<CustomerKey> {
        let (key, _) = id.rsplit_once(ID_DOT)?;
        Some(CustomerKey::new(key))
    }

    /// Whether it can be told at all.
    pub fn is_tellable(&self) -> bool {
        !matches!(self.telling, Telling::Not(_))
    }

    /// Whether it is told without a person choosing it.
    pub fn goes_by_itself(&self) -> bool {
        match &self.telling {
            Telling::Address { both_changed, .. } => !both_changed,
            Telling::Mark { .. } => true,
            Telling::Not(_) => false,
        }
    }
}

/// Who a customer's newest order is for, in Odoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parties {
    /// The customer.
    pub customer: PartnerKey,
    /// Where the bill goes.
    pub invoice_to: PartnerKey,
    /// Where the goods go.
    pub deliver_to: PartnerKey,
}

/// What is known of one customer.
#[derive(Debug)]
pub struct CustomerFacts<'a> {
    /// Who they are.
    pub link: &'a LinkedCustomer,
    /// What was agreed on.
    pub agreed: Option<&'a AgreedCustomer>,
    /// As the store has them; `None` where their account is gone.
    pub store: Option<&'a StoreCustomer>,
    /// Of their order; `None` where it is gone from Odoo.
    pub parties: Option<Parties>,
}

/// What is known for all customers.
#[derive(Debug, Default)]
pub struct CustomerGrounds {
    /// What the store wants told.
    pub ways: CustomerWays,
    /// Odoo's database.
    pub database: String,
    /// Customers and addresses in Odoo that are there and not archived.
    pub partners: HashMap<PartnerKey, Partner>,
    /// The store's states, by country.
    pub provinces: HashMap<String, Vec<Province>>,
}

/// What came of holding a customer's two sides against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerSaid {
    /// What the store could be told.
    pub items: Vec<CustomerItem>,
    /// What both sides agree on.
    pub agreed: AgreedCustomer,
    /// Whether they came to it by themselves since it was last noted.
    pub is_news: bool,
}

impl CustomerFacts<'_> {
    /// What both sides agreed on last.
    pub fn base(&self) -> AgreedCustomer {
        let link = self.link;
        let agreed = self.agreed.filter(|agreed| agreed.order == link.order);
        agreed.cloned().unwrap_or_else(|| AgreedCustomer {
            key: link.key.clone(),
            order: link.order.clone(),
            billing: link.billing.clone(),
            shipping: link.shipping.clone(),
        })
    }

    /// The countries whose states have to be known to tell the store an address.
    pub fn countries(&self, grounds: &CustomerGrounds) -> Vec<String> {
        let (Some(store), Some(parties)) = (self.store, self.parties) else {
            return Vec::new();
        };
        let roles = [AddressRole::Invoice, AddressRole::Delivery];
        let told = roles.into_iter().filter_map(|role| {
            let odoo = grounds.place(parties.of(role))?;
            let moved = odoo.state.is_some() && !same(store.place(role), &odoo);
            odoo.country.filter(|_| moved && grounds.ways.address)
        });
        told.collect()
    }

    /// What the store could be told.
    pub fn proposals(&self, grounds: &CustomerGrounds) -> CustomerSaid {
        let base = self.base();
        let mut agreed = base.clone();
        let mut tellings = Vec::new();
        if grounds.ways.address {
            let billing = self.address(AddressRole::Invoice, &base.billing, grounds);
            let shipping = self.address(AddressRole::Delivery, &base.shipping, grounds);
            for (told, last) in [
                (billing, &mut agreed.billing),
                (shipping, &mut agreed.shipping),
            ] {
                match told {
                    Told::Nothing => {}
                    Told::Agreed(place) => *last = place,
                    Told::Telling(telling) => tellings.push(telling),
                }
            }
        }
        if grounds.ways.mark {
            tellings.extend(self.mark(grounds));
        }
        tellings.dedup();
        let item = |telling| CustomerItem {
            key: self.link.key.clone(),
            order: self.link.order.clone(),
            telling,
        };
        CustomerSaid {
            items: tellings.into_iter().map(item).collect(),
            is_news: agreed != base,
            agreed,
        }
    }

    fn address(&self, role: AddressRole, base: &Place, grounds: &CustomerGrounds) -> Told {
        // What no order named is nobody's business here.
        if base.is_nowhere() {
            return Told::Nothing;
        }
        let Some(odoo) = self.parties.and_then(|of| grounds.place(of.of(role))) else {
            return Told::Telling(Telling::Not(NotTold::GoneFromOdoo));
        };
        let moved = !odoo.is_nowhere() && !same(base, &odoo);
        let Some(store) = self.store else {
            let gone = Told::Telling(Telling::Not(NotTold::GoneFromStore));
            return if moved { gone } else { Told::Nothing };
        };
        let before = store.place(role);
        if same(before, &odoo) {
            return if moved {
                Told::Agreed(before.clone())
            } else {
                Told::Nothing
            };
        }
        if !moved {
            return Told::Nothing;
        }
        match as_store_says(&odoo, &[before, base], &grounds.provinces) {
            Ok(after) => Told::Telling(Telling::Address {
                role,
                both_changed: text(&address(before)) != text(&address(base)),
                before: before.clone(),
                after,
            }),
            Err(why) => Told::Telling(Telling::Not(why)),
        }
    }

    fn mark(&self, grounds: &CustomerGrounds) -> Option<Telling> {
        let there = |parties: &Parties| grounds.partners.contains_key(&parties.customer);
        let Some(parties) = self.parties.filter(there) else {
            return Some(Telling::Not(NotTold::GoneFromOdoo));
        };
        let Some(store) = self.store else {
            return Some(Telling::Not(NotTold::GoneFromStore));
        };
        if !store.mark_shown {
            return Some(Telling::Not(NotTold::MarkHidden));
        }
        let after = CustomerMark {
            partner: parties.customer,
            database: grounds.database.clone(),
        };
        let before = store.mark.clone();
        (before.as_ref() != Some(&after)).then_some(Telling::Mark { before, after })
    }
}

impl Parties {
    fn of(self, role: AddressRole) -> PartnerKey {
        match role {
            AddressRole::Invoice => self.invoice_to,
            AddressRole::Delivery => self.deliver_to,
        }
    }
}

impl CustomerGrounds {
    fn place(&self, partner: PartnerKey) -> Option<Place> {
        let found = self.partners.get(&partner);
        found.map(|partner| Place::from(&partner.address))
    }
}

/// What came of one address.
enum Told {
    /// Nothing moved in Odoo.
    Nothing,
    /// Both sides moved, to the same.
    Agreed(Place),
    /// Something to tell.
    Telling(Telling),
}

/// What the chosen items of one customer make of them; `None` where they say nothing to write.
pub fn change_of(items: &[CustomerItem]) -> Option<CustomerChange> {
    let key = items.first()?.key.clone();
    let mut change = CustomerChange {
        key,
        billing: None,
        shipping: None,
        mark: None,
    };
    for item in items {
        match &item.telling {
            Telling::Address { role, after, .. } => match role {
                AddressRole::Invoice => change.billing = Some(after.clone()),
                AddressRole::Delivery => change.shipping = Some(after.clone()),
            },
            Telling::Mark { after, .. } => change.mark = Some(after.clone()),
            Telling::Not(_) => {}
        }
    }
    let says = change.billing.is_some() || change.shipping.is_some() || change.mark.is_some();
    says.then_some(change)
}

/// Whether a place of the store is the one that Odoo holds, by the rule of the import.
fn same(store: &Place, odoo: &Place) -> bool {
    is_same(&address(store), &address(odoo))
}

/// A place as the address of nobody.
fn address(place: &Place) -> Address {
    Address {
        street: place.street.clone(),
        postcode: place.postcode.clone(),
        city: place.city.clone(),
        state: place.state.clone(),
        country: place.country.clone(),
        ..Address::default()
    }
}

/// An address of Odoo in the store's words. A state that the import put behind the street, because
/// Odoo does not have it, comes back to its place; one that Odoo has is spelled as the store did
/// before, or as its list of states does.
fn as_store_says(
    odoo: &Place,
    known: &[&Place],
    provinces: &HashMap<String, Vec<Province>>,
) -> Result<Place, NotTold> {
    let some = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let lines = odoo.street.iter().map(|line| line.trim().to_owned());
    let mut place = Place {
        street: lines.filter(|line| !line.is_empty()).collect(),
        postcode: some(&odoo.postcode),
        city: some(&odoo.city),
        state: None,
        country: some(&odoo.country),
    };
    let here = known.iter().filter(|known| known.country == place.country);
    let states: Vec<&String> = here.filter_map(|known| known.state.as_ref()).collect();
    let Some(code) = some(&odoo.state) else {
        place.state = states
            .into_iter()
            .find_map(|state| taken_off(&mut place.street, state));
        return Ok(place);
    };
    let country = place.country.as_deref().unwrap_or_default();
    if let Some(state) = states
        .into_iter()
        .find(|state| means(state, &code, country))
    {
        place.state = Some(state.clone());
        return Ok(place);
    }
    let list = provinces.get(country).map_or(&[][..], Vec::as_slice);
    let found = list.iter().find(|one| means(&one.code, &code, country));
    place.state = Some(match found {
        Some(province) => province.code.clone(),
        // A store without a list takes what it is told.
        None if list.is_empty() => code,
        None => return Err(NotTold::StateUnknown),
    });
    Ok(place)
}

/// Takes a state off the end of a street.
fn taken_off(street: &mut Vec<String>, state: &str) -> Option<String> {
    let last = street.last_mut()?;
    let (rest, end) = last.rsplit_once(',').unwrap_or(("", last));
    if !end.trim().eq_ignore_ascii_case(state.trim()) {
        return None;
    }
    *last = rest.trim_end().to_owned();
    street.retain(|line| !line.is_empty());
    Some(state.to_owned())
}

/// Whether a state as the store spells it (`CA`, `US-CA`, `JP13`) is the one with Odoo's code.
fn means(store: &str, code: &str, country: &str) -> bool {
    let store = store.trim();
    let bare = store.get(country.len()..).filter(|_| {
        let front = store.get(..country.len());
        !country.is_empty() && front.is_some_and(|front| front.eq_ignore_ascii_case(country))
    });
    let bare = bare.map(|rest| rest.trim_start_matches('-'));
    store.eq_ignore_ascii_case(code) || bare.is_some_and(|bare| bare.eq_ignore_ascii_case(code))
}

#[cfg(test)]
#[path = "customers_back_tests.rs"]
mod tests;
