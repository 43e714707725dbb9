//! Products and variations on the wire.

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use tandem_sandbox::{ShopAttribute, ShopKind, ShopListing, ShopStock, ShopWorld};

use super::answer::{self, Answer};
use super::pictures::images;
use super::query::{Direction, Params, Record, changed_after};
use super::{dates, encoded};

/// What `orderby` takes, the default first. `sku` is not among them.
const ORDERS: [&str; 5] = ["date", "id", "modified", "title", "slug"];
const STATUSES: [&str; 7] = [
    "any", "draft", "pending", "private", "publish", "future", "trash",
];

type Row<'a> = Record<&'a ShopListing>;
type Families<'a> = HashMap<u64, Vec<(u64, &'a ShopListing)>>;

/// `GET /products`: everything but variations, drafts included.
pub(super) fn list(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let status = params.word("status", &STATUSES)?;
    let kind = params.get("type");
    let included = params.list("include");
    let records = shop.listings.iter().filter(|(id, listing)| {
        parent_of(listing).is_none()
            && listing.trashed == (status == "trash")
            && (matches!(status, "any" | "trash") || listing.status == status)
            && kind.is_none_or(|kind| kind_of(listing) == kind)
            && (included.is_empty() || included.contains(&id.to_string().as_str()))
    });
    let families = families(shop);
    page(shop, params, records.map(record).collect(), |row| {
        product(shop, &families, row.id, row.what)
    })
}

/// `GET /products/{id}`: variations and the trash too.
pub(super) fn single(shop: &ShopWorld, id: u64, params: &Params) -> Result<Answer, Answer> {
    let listing = shop.listings.get(&id).ok_or_else(unknown)?;
    let value = match parent_of(listing) {
        None => product(shop, &families(shop), id, listing),
        Some(parent) => variation(shop, parent, id, listing),
    };
    Ok(answer::one(value, params))
}

/// `GET /variations`: those of all parents.
pub(super) fn variations(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let included = params.list("include");
    let records = shop.listings.iter().filter(|(id, listing)| {
        is_listed_variation(shop, listing)
            && (included.is_empty() || included.contains(&id.to_string().as_str()))
    });
    page(shop, params, records.map(record).collect(), |row| {
        variation(
            shop,
            parent_of(row.what).unwrap_or_default(),
            row.id,
            row.what,
        )
    })
}

/// `GET /products/{id}/variations/{id}`; a wrong parent has no such variation.
pub(super) fn variation_of(
    shop: &ShopWorld,
    parent: u64,
    id: u64,
    params: &Params,
) -> Result<Answer, Answer> {
    let found = shop.listings.get(&id);
    let listing = found.filter(|listing| parent_of(listing) == Some(parent));
    let listing = listing.ok_or_else(unknown)?;
    Ok(answer::one(variation(shop, parent, id, listing), params))
}

/// `GET /products/{id}/variations`.
pub(super) fn variations_of(
    shop: &ShopWorld,
    parent: u64,
    params: &Params,
) -> Result<Answer, Answer> {
    if !shop.listings.contains_key(&parent) {
        return Err(unknown());
    }
    let records = shop.listings.iter().filter(|(_, listing)| {
        parent_of(listing) == Some(parent) && is_listed_variation(shop, listing)
    });
    page(shop, params, records.map(record).collect(), |row| {
        variation(shop, parent, row.id, row.what)
    })
}

fn page<'a>(
    shop: &ShopWorld,
    params: &Params,
    records: Vec<Row<'a>>,
    render: impl Fn(&Row<'a>) -> Value,
) -> Result<Answer, Answer> {
    let after = params.modified_after(shop.utc_offset_s)?;
    let (rows, paging) = params.page(changed_after(records, after), &ORDERS, Direction::Down)?;
    Ok(answer::page(
        rows.iter().map(render).collect(),
        paging,
        params,
    ))
}

fn unknown() -> Answer {
    answer::refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
}

fn record<'a>((id, listing): (&u64, &'a ShopListing)) -> Row<'a> {
    Record {
        id: *id,
        created: listing.created,
        modified: listing.modified,
        what: listing,
    }
}

fn parent_of(listing: &ShopListing) -> Option<u64> {
    match listing.kind {
        ShopKind::VariationOf(parent) => Some(parent),
        ShopKind::Simple | ShopKind::Variable | ShopKind::Grouped => None,
    }
}

/// With its parent a variation goes to the trash as well.
fn is_listed_variation(shop: &ShopWorld, listing: &ShopListing) -> bool {
    let parent = parent_of(listing).and_then(|parent| shop.listings.get(&parent));
    !listing.trashed && parent.is_some_and(|parent| !parent.trashed)
}

fn kind_of(listing: &ShopListing) -> &'static str {
    match listing.kind {
        ShopKind::Simple => "simple",
        ShopKind::Variable => "variable",
        ShopKind::VariationOf(_) => "variation",
        ShopKind::Grouped => "grouped",
    }
}

fn families(shop: &ShopWorld) -> Families<'_> {
    let mut families = Families::new();
    for (id, listing) in &shop.listings {
        if let Some(parent) = parent_of(listing).filter(|_| !listing.trashed) {
            families.entry(parent).or_default().push((*id, listing));
        }
    }
    families
}

fn product(shop: &ShopWorld, families: &Families<'_>, id: u64, listing: &ShopListing) -> Value {
    let family = families.get(&id).map(Vec::as_slice).unwrap_or_default();
    let mut fields = shared(shop, listing, "products", id);
    let permalink = permalink(shop, listing);
    let lowest = family
        .iter()
        .filter_map(|(_, member)| current_price(member))
        .min();
    let price = current_price(listing).or(lowest);
    let own = json!({
        "id": id,
        "name": encoded(&listing.name),
        "slug": slug(&listing.name),
        "permalink": permalink,
        "type": kind_of(listing),
        "price": text(price),
        "featured": false,
        "catalog_visibility": "visible",
        "short_description": "",
        "total_sales": 0,
        "external_url": "",
        "button_text": "",
        "tax_class": "",
        "sold_individually": false,
        "shipping_required": true,
        "shipping_taxable": true,
        "reviews_allowed": true,
        "average_rating": "0",
        "rating_count": 0,
        "upsell_ids": [],
        "cross_sell_ids": [],
        "parent_id": 0,
        "purchase_note": "",
        "categories": categories(listing),
        "brands": [],
        "tags": [],
        "images": images(shop, listing),
        "attributes": attributes(listing, family),
        "default_attributes": [],
        "variations": family.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "grouped_products": [],
        "price_html": "",
        "related_ids": [],
        "has_options": listing.kind == ShopKind::Variable,
        "post_password": "",
    });
    merge(&mut fields, own);
    Value::Object(fields)
}

fn variation(shop: &ShopWorld, parent: u64, id: u64, listing: &ShopListing) -> Value {
    let base = format!("products/{parent}/variations");
    let mut fields = shared(shop, listing, &base, id);
    let values: Vec<&str> = listing
        .attributes
        .iter()
        .map(|one| one.value.as_str())
        .collect();
    let attributes: Vec<Value> = listing
        .attributes
        .iter()
        .map(|one| {
            json!({
                "id": 0,
                "name": encoded(&one.name),
                "slug": slug(&one.name),
                "option": encoded(&one.value),
            })
        })
        .collect();
    // What shows here where the parent counts is the parent's count.
    if listing.stock == ShopStock::OnParent {
        let parent = shop.listings.get(&parent).map(|parent| parent.stock);
        fields.insert("stock_quantity".to_owned(), quantity(parent));
    }
    // Without a SKU of its own it shows its parent's (recorded: 114).
    if listing.sku.is_empty() {
        let sku = shop.listings.get(&parent).map(|parent| parent.sku.clone());
        fields.insert("sku".to_owned(), json!(sku.unwrap_or_default()));
    }
    let own = json!({
        "id": id,
        "type": "variation",
        "name": encoded(&values.join(", ")),
        "permalink": permalink(shop, listing),
        "parent_id": parent,
        "price": text(current_price(listing)),
        "tax_class": "parent",
        "image": images(shop, listing).into_iter().next(),
        "gallery_image_ids": [],
        "attributes": attributes,
    });
    merge(&mut fields, own);
    Value::Object(fields)
}

/// What products and variations have in common.
fn shared(shop: &ShopWorld, listing: &ShopListing, base: &str, id: u64) -> Map<String, Value> {
    let (created_gmt, created) = dates(listing.created, shop.utc_offset_s);
    let (modified_gmt, modified) = dates(listing.modified, shop.utc_offset_s);
    let home = shop.home_url.trim_end_matches('/');
    let href = format!("{home}/wp-json/wc/v3/{base}");
    let fields = json!({
        "date_created": created,
        "date_created_gmt": created_gmt,
        "date_modified": modified,
        "date_modified_gmt": modified_gmt,
        "description": "",
        "status": listing.status,
        "sku": listing.sku,
        "global_unique_id": listing.gtin,
        "regular_price": text(listing.regular_price),
        "sale_price": text(listing.sale_price),
        "on_sale": listing.sale_price.is_some(),
        "purchasable": current_price(listing).is_some(),
        "manage_stock": manage_stock(listing.stock),
        "stock_quantity": quantity(Some(listing.stock)),
        "stock_status": stock_status(listing.stock),
        "_links": {
            "self": [{
                "href": format!("{href}/{id}"),
                "targetHints": { "allow": ["GET", "POST", "PUT", "PATCH"] },
            }],
            "collection": [{ "href": href }],
        },
    });
    let mut map = Map::new();
    merge(&mut map, fields);
    merge(&mut map, same_everywhere());
    map
}

/// Fields that no listing of the sandbox makes use of.
fn same_everywhere() -> Value {
    json!({
        "date_on_sale_from": null,
        "date_on_sale_from_gmt": null,
        "date_on_sale_to": null,
        "date_on_sale_to_gmt": null,
        "virtual": false,
        "downloadable": false,
        "downloads": [],
        "download_limit": -1,
        "download_expiry": -1,
        "tax_status": "taxable",
        "backorders": "no",
        "backorders_allowed": false,
        "backordered": false,
        "low_stock_amount": null,
        "weight": "",
        "dimensions": { "length": "", "width": "", "height": "" },
        "shipping_class": "",
        "shipping_class_id": 0,
        "menu_order": 0,
        "meta_data": [],
    })
}

fn merge(fields: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        fields.extend(more);
    }
}

/// What a customer pays today.
fn current_price(listing: &ShopListing) -> Option<Decimal> {
    listing.sale_price.or(listing.regular_price)
}

/// Money is text, with the decimals it was typed with.
fn text(amount: Option<Decimal>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

fn manage_stock(stock: ShopStock) -> Value {
    match stock {
        ShopStock::NotManaged => json!(false),
        ShopStock::Own(_) => json!(true),
        ShopStock::OnParent => json!("parent"),
    }
}

fn quantity(stock: Option<ShopStock>) -> Value {
    match stock {
        Some(ShopStock::Own(count)) => json!(count),
        Some(ShopStock::NotManaged | ShopStock::OnParent) | None => Value::Null,
    }
}

fn stock_status(stock: ShopStock) -> &'static str {
    match stock {
        ShopStock::Own(count) if count <= 0 => "outofstock",
        ShopStock::Own(_) | ShopStock::NotManaged | ShopStock::OnParent => "instock",
    }
}

fn categories(listing: &ShopListing) -> Vec<Value> {
    let category = |name: &String| json!({ "id": 15, "name": encoded(name), "slug": slug(name) });
    listing.categories.iter().map(category).collect()
}

/// A product's own properties, and for a parent the values that its family has.
fn attributes(listing: &ShopListing, family: &[(u64, &ShopListing)]) -> Vec<Value> {
    let of_family = family.iter().flat_map(|(_, member)| &member.attributes);
    let all = of_family
        .map(|one| (one, true))
        .chain(listing.attributes.iter().map(|one| (one, false)));
    let mut options: Vec<(&str, bool, Vec<String>)> = Vec::new();
    for (ShopAttribute { name, value }, variation) in all {
        let value = encoded(value);
        match options.iter_mut().find(|(known, ..)| known == name) {
            Some((_, _, values)) if values.contains(&value) => {}
            Some((_, _, values)) => values.push(value),
            None => options.push((name, variation, vec![value])),
        }
    }
    let render = |(name, variation, options): &(&str, bool, Vec<String>)| {
        json!({
            "id": 0,
            "name": encoded(name),
            "slug": name,
            "position": 0,
            "visible": true,
            "variation": variation,
            "options": options,
        })
    };
    options.iter().map(render).collect()
}

fn permalink(shop: &ShopWorld, listing: &ShopListing) -> String {
    let home = shop.home_url.trim_end_matches('/');
    let values: Vec<String> = match listing.kind {
        ShopKind::VariationOf(_) => listing
            .attributes
            .iter()
            .map(|one| format!("attribute_{}={}", slug(&one.name), slug(&one.value)))
            .collect(),
        ShopKind::Simple | ShopKind::Variable | ShopKind::Grouped => Vec::new(),
    };
    let page = format!("{home}/product/{}/", slug(&listing.name));
    if values.is_empty() {
        page
    } else {
        format!("{page}?{}", values.join("&"))
    }
}

/// Lower case and dashes; letters of other alphabets stay.
fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    words.join("-")
}
