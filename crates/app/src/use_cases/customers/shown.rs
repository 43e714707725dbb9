//! Items about customers as doors see them.

use tandem_domain::{AddressRole, CustomerMark, Place};
use tandem_store::LinkedCustomer;
use tandem_sync::import::{CustomerItem, NotTold, Telling};

use crate::AppError;
use crate::view::{
    CustomerField, CustomerFieldChange, CustomerItemView, CustomerPart, CustomerStands,
};

/// An item that nothing happened to yet.
pub(super) fn planned(link: &LinkedCustomer, item: &CustomerItem) -> CustomerItemView {
    let (part, stands, fields) = match &item.telling {
        Telling::Address {
            role,
            before,
            after,
            both_changed,
        } => {
            let part = match role {
                AddressRole::Invoice => CustomerPart::Billing,
                AddressRole::Delivery => CustomerPart::Shipping,
            };
            let stands = if *both_changed {
                CustomerStands::Decide
            } else {
                CustomerStands::Planned
            };
            (part, stands, differing(before, after))
        }
        Telling::Mark { before, after } => {
            let change = CustomerFieldChange {
                field: CustomerField::Partner,
                before: before.as_ref().map(in_odoo),
                after: Some(in_odoo(after)),
            };
            (CustomerPart::Mark, CustomerStands::Planned, vec![change])
        }
        Telling::Not(why) => (CustomerPart::Customer, why_not(*why), Vec::new()),
    };
    CustomerItemView {
        id: item.id(),
        customer: link.key.to_string(),
        name: link.name.clone(),
        order: link.order.to_string(),
        number: link.number.clone(),
        part,
        stands,
        fields,
        error: None,
    }
}

/// An item that was at work.
pub(super) fn done(
    link: &LinkedCustomer,
    item: &CustomerItem,
    failed: Option<&AppError>,
) -> CustomerItemView {
    CustomerItemView {
        stands: match failed {
            None => CustomerStands::Told,
            Some(_) => CustomerStands::Failed,
        },
        error: failed.cloned(),
        ..planned(link, item)
    }
}

fn why_not(why: NotTold) -> CustomerStands {
    match why {
        NotTold::GoneFromStore => CustomerStands::GoneFromStore,
        NotTold::GoneFromOdoo => CustomerStands::GoneFromOdoo,
        NotTold::StateUnknown => CustomerStands::StateUnknown,
        NotTold::MarkHidden => CustomerStands::MarkHidden,
    }
}

/// `5 (prod)`: a row of Odoo, and the database that it is in.
fn in_odoo(mark: &CustomerMark) -> String {
    format!("{} ({})", mark.partner, mark.database)
}

fn differing(before: &Place, after: &Place) -> Vec<CustomerFieldChange> {
    let street = |place: &Place| Some(place.street.join(", ")).filter(|text| !text.is_empty());
    let parts = [
        (CustomerField::Street, street(before), street(after)),
        (
            CustomerField::Postcode,
            before.postcode.clone(),
            after.postcode.clone(),
        ),
        (CustomerField::City, before.city.clone(), after.city.clone()),
        (
            CustomerField::State,
            before.state.clone(),
            after.state.clone(),
        ),
        (
            CustomerField::Country,
            before.country.clone(),
            after.country.clone(),
        ),
    ];
    let parts = parts
        .into_iter()
        .filter(|(_, before, after)| before != after);
    parts
        .map(|(field, before, after)| CustomerFieldChange {
            field,
            before,
            after,
        })
        .collect()
}
