//! What a shop says about itself: the site's index, its status, its settings, its tax rates.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tandem_sandbox::ShopWorld;

use super::Hosting;
use super::answer::{self, Answer};
use super::query::{Direction, Params, Record};

/// `/wp-json/`, open to everybody. Where users cannot have passwords for programs, the ways to
/// get one are PHP's empty object (recorded: 115).
pub(super) fn index(shop: &ShopWorld, hosting: Hosting) -> Value {
    let home = shop.home_url.trim_end_matches('/');
    let authentication = if hosting.has_application_passwords() {
        let page = format!("{home}{}", super::consent::PAGE);
        json!({ "application-passwords": { "endpoints": { "authorization": page } } })
    } else {
        json!([])
    };
    let hours = Decimal::from(shop.utc_offset_s) / Decimal::from(3_600);
    let offset = hours
        .normalize()
        .to_string()
        .parse::<serde_json::Number>()
        .map_or(json!(0), Value::Number);
    json!({
        "name": super::encoded(&shop.name),
        "description": "",
        "url": shop.home_url,
        "home": shop.home_url,
        "gmt_offset": offset,
        "timezone_string": shop.time_zone,
        "namespaces": ["oembed/1.0", "wc/v3", "wc/v2", "wc/v1", "wp/v2"],
        "routes": {},
        "authentication": authentication,
    })
}

/// `system_status`. Its `default_timezone` is PHP's, not the site's.
pub(super) fn system_status(shop: &ShopWorld, hosting: Hosting) -> Value {
    let store = if hosting.orders_in_posts {
        "WC_Order_Data_Store_CPT"
    } else {
        r"Automattic\WooCommerce\Internal\DataStores\Orders\OrdersTableDataStore"
    };
    json!({
        "environment": {
            "home_url": shop.home_url,
            "version": "11.0.1",
            "wp_version": "7.1.4",
            "wp_cron": false,
            "php_version": "8.2.35",
            "max_upload_size": 67_108_864,
            "default_timezone": "UTC",
        },
        "settings": {
            "currency": shop.currency.code(),
            "number_of_decimals": decimals(shop, hosting),
            "order_datastore": store,
            "HPOS_enabled": !hosting.orders_in_posts,
            "HPOS_sync_enabled": false,
        },
        "active_plugins": [
            { "plugin": "woocommerce/woocommerce.php", "name": "WooCommerce", "version": "11.0.1" },
        ],
    })
}

fn decimals(shop: &ShopWorld, hosting: Hosting) -> u32 {
    let own = shop.currency.decimals();
    hosting.price_decimals.unwrap_or(own)
}

/// `settings/{group}`: id and value of each, as `_fields=id,value` shows them.
pub(super) fn group(
    shop: &ShopWorld,
    hosting: Hosting,
    group: &str,
    params: &Params,
) -> Result<Answer, Answer> {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let rows = match group {
        "general" => vec![
            ("woocommerce_calc_taxes", yes(!shop.tax_rates.is_empty())),
            ("woocommerce_currency", shop.currency.code().to_owned()),
            ("woocommerce_price_thousand_sep", ",".to_owned()),
            ("woocommerce_price_decimal_sep", ".".to_owned()),
            (
                "woocommerce_price_num_decimals",
                decimals(shop, hosting).to_string(),
            ),
        ],
        "tax" => vec![
            (
                "woocommerce_prices_include_tax",
                yes(shop.prices_include_tax),
            ),
            ("woocommerce_tax_based_on", "shipping".to_owned()),
            (
                "woocommerce_tax_round_at_subtotal",
                yes(shop.round_at_subtotal),
            ),
        ],
        "products" => vec![
            ("woocommerce_manage_stock", "yes".to_owned()),
            ("woocommerce_weight_unit", "kg".to_owned()),
        ],
        _ => {
            let message = "Invalid setting group.";
            return Err(answer::refusal(
                404,
                "rest_setting_setting_group_invalid",
                message,
            ));
        }
    };
    let render = |(id, value): &(&str, String)| json!({ "id": id, "value": value });
    Ok(answer::list(rows.iter().map(render).collect(), params))
}

/// `taxes`: the rates that orders may use.
pub(super) fn taxes(shop: &ShopWorld, params: &Params) -> Result<Answer, Answer> {
    let records = shop.tax_rates.iter().map(|(id, rate)| Record {
        id: *id,
        created: tandem_domain::Timestamp::UNIX_EPOCH,
        modified: tandem_domain::Timestamp::UNIX_EPOCH,
        what: rate,
    });
    let (rows, paging) = params.page(
        records.collect(),
        &["order", "id", "priority"],
        Direction::Up,
    )?;
    let home = shop.home_url.trim_end_matches('/');
    let href = format!("{home}/wp-json/wc/v3/taxes");
    let render = |row: &Record<&tandem_sandbox::TaxRate>| {
        let mut percent = row.what.percent;
        percent.rescale(4);
        json!({
            "id": row.id,
            "country": row.what.country,
            "state": "",
            "postcode": "",
            "city": "",
            "rate": percent.to_string(),
            "name": row.what.label,
            "priority": 1,
            "compound": false,
            "shipping": true,
            "order": 0,
            "class": "standard",
            "postcodes": [],
            "cities": [],
            "_links": {
                "self": [{
                    "href": format!("{href}/{}", row.id),
                    "targetHints": { "allow": ["GET", "POST", "PUT", "PATCH"] },
                }],
                "collection": [{ "href": href }],
            },
        })
    };
    Ok(answer::page(
        rows.iter().map(render).collect(),
        paging,
        params,
    ))
}
