//! The connection test: what is at the address, whether it lets us in, and what it is set to.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use tandem_contract::http::{Request, Response};
use tandem_contract::{Cause, CheckReport, Checker, Error, Kind, Result, Skew, StepName};

use crate::answer;
use crate::client::{Client, Settings};
use crate::config::is_loopback;
use crate::map::decoded;
use crate::wire::{Index, SettingGroup, SystemStatus};

/// Runs the test. Reads only, and sends a wrong password once.
pub(crate) async fn check(client: &Client) -> CheckReport {
    let mut checker = Checker::new(client.clock());
    // `None` only says that a step failed, and the report says which.
    let _: Option<()> = steps(client, &mut checker).await;
    checker.finish()
}

async fn steps(client: &Client, checker: &mut Checker) -> Option<()> {
    let (request, response) = checker.step(StepName::Address, address(client).await)?;
    checker.found.skew = response.server_time().map(|theirs| Skew {
        seconds: theirs.as_second() - client.clock().now().as_second(),
    });
    let index = checker.step(StepName::Product, product(&request, &response))?;
    checker.found.product = Some("WooCommerce".to_owned());
    note_index(checker, index.as_ref());
    entry(client, checker, index.as_ref()).await?;
    if index.is_none() && !client.is_key_pair() {
        // The index is closed to strangers only; the login is known to be good by now.
        let (request, response) = client.index(true).await.ok()?;
        note_index(checker, product(&request, &response).ok()?.0.as_ref());
    }
    facts(client, checker).await
}

type Step<T> = Result<(T, String)>;

/// Somebody answers, and is neither down nor turning programs away.
async fn address(client: &Client) -> Step<(Request, Response)> {
    let (request, response) = client.index(false).await.map_err(Error::as_first_contact)?;
    let error = answer::parse_error(&request, &response);
    let stopped = response.status >= 300
        && (error.cause == Cause::Firewall
            || matches!(error.kind(), Kind::Unavailable | Kind::Throttled));
    if stopped {
        return Err(error);
    }
    let host = client.base().host_str().unwrap_or_default().to_owned();
    Ok(((request, response), host))
}

/// It is WordPress with `WooCommerce`. `None` for a site that closes its index: whether it is a
/// shop shows when its products are asked for.
fn product(request: &Request, response: &Response) -> Step<Option<Index>> {
    if matches!(response.status, 401 | 403) && response.is_json() {
        return Ok((None, String::new()));
    }
    let answer = answer::read(request, response).map_err(not_a_route)?;
    let error = |cause| Error::new(cause, request.operation());
    let index = Index::parse(&answer.json).ok_or_else(|| error(Cause::NotTheProduct))?;
    let has = |name: &str| index.namespaces.iter().any(|space| space == name);
    if has("wc/v3") {
        return Ok((Some(index), "WooCommerce".to_owned()));
    }
    Err(if has("wc/v2") || has("wc/v1") {
        error(Cause::VersionUnsupported)
    } else {
        error(Cause::ApiMissing).with("site", decoded(&index.name))
    })
}

/// A site that has no such address is not a shop; a shop without a route is another matter.
fn not_a_route(mut error: Error) -> Error {
    if error.cause == Cause::NotFound {
        error.cause = Cause::NotTheProduct;
    }
    error
}

fn note_index(checker: &mut Checker, index: Option<&Index>) {
    let Some(index) = index else { return };
    checker.found.title = Some(decoded(&index.name)).filter(|name| !name.is_empty());
    checker.found.home_url = Some(index.home.clone()).filter(|home| !home.is_empty());
    checker.found.time_zone = time_zone(index);
}

/// The zone by name, else its offset: `+05:30` for 5.5 hours.
fn time_zone(index: &Index) -> Option<String> {
    if !index.timezone_string.is_empty() {
        return Some(index.timezone_string.clone());
    }
    let minutes = (index.gmt_offset? * Decimal::from(60)).trunc().to_i32()?;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    Some(format!("{sign}{hours:02}:{rest:02}"))
}

/// Login and rights, tried on the two lists that the sync reads: one answer tells both apart.
async fn entry(client: &Client, checker: &mut Checker, index: Option<&Index>) -> Option<()> {
    if let Err(error) = known_to_wordpress(client).await {
        return checker.step(StepName::Credentials, Err(error));
    }
    let one = [("per_page", "1".to_owned()), ("_fields", "id".to_owned())];
    let products = client.get("products", &one).await;
    let refused = match products {
        // Known, but not allowed: the credentials themselves are good.
        Err(error) if error.kind() == Kind::Rights && error.cause != Cause::Firewall => {
            Some(error.with("right", "products"))
        }
        Err(error) => {
            let error = with_reason(client, index, error);
            return checker.step(StepName::Credentials, Err(error));
        }
        Ok(_) => None,
    };
    let user = (!client.is_key_pair()).then(|| client.login().to_owned());
    checker.found.user.clone_from(&user);
    checker.step(StepName::Credentials, Ok(((), user.unwrap_or_default())))?;
    if let Some(error) = refused {
        return checker.step(StepName::Rights, Err(error));
    }
    let orders = client.get("orders", &one).await;
    let rights = orders
        .map(|_| ((), "products, orders".to_owned()))
        .map_err(|error| error.with("right", "orders"));
    checker.step(StepName::Rights, rights)
}

/// Asks WordPress itself about a user's password, first and once: `WooCommerce`'s own routes
/// answer a wrong one like none at all. Only what says that it was looked at counts here; some
/// sites close their index even to users they know.
async fn known_to_wordpress(client: &Client) -> Result<()> {
    if client.is_key_pair() {
        return Ok(());
    }
    let (request, response) = client.index(true).await?;
    match answer::read(&request, &response) {
        Err(error) if answer::names_the_login(&error) => Err(client.scrubbed(error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// An unknown key, a stripped header and a key over plain HTTP get one and the same answer; what
/// else is known narrows it down.
fn with_reason(client: &Client, index: Option<&Index>, error: Error) -> Error {
    if error.cause != Cause::CredentialsRefused {
        return error;
    }
    let base = client.base();
    let plain = base.scheme() == "http" && (client.is_key_pair() || !is_loopback(&base));
    let site_sees_http = index.is_some_and(|index| index.home.starts_with("http://"));
    error.with(
        "reason",
        if plain {
            "plain_http"
        } else if base.scheme() == "https" && site_sees_http {
            // TLS ends at a proxy that does not tell WordPress (recorded: 112).
            "https_hidden_from_shop"
        } else {
            "unknown_or_stripped"
        },
    )
}

/// Currency, tax, versions, plugins. Only the currency is indispensable.
async fn facts(client: &Client, checker: &mut Checker) -> Option<()> {
    let read = read_facts(client).await;
    let (settings, tax, status) = checker.step(StepName::Facts, read)?;
    let found = &mut checker.found;
    found.currency = Some(settings.currency);
    found.price_decimals = settings.decimals;
    if let Some(tax) = tax {
        let yes = |id: &str| tax.get(id).map(|value| value == "yes");
        found.prices_include_tax = yes("woocommerce_prices_include_tax");
        found.tax_rounding = yes("woocommerce_tax_round_at_subtotal")
            .map(|at_subtotal| if at_subtotal { "total" } else { "line" }.to_owned());
    }
    if let Some(status) = status {
        found.version = Some(status.version).filter(|version| !version.is_empty());
        found.platform = Some(format!("WordPress {}", status.wp_version));
        found.modules = status
            .plugins
            .iter()
            .map(|(plugin, version)| format!("{} {version}", short_name(plugin)))
            .collect();
        if status.hpos {
            found.modules.push("HPOS".to_owned());
        }
    }
    Some(())
}

type Facts = (Settings, Option<SettingGroup>, Option<SystemStatus>);

async fn read_facts(client: &Client) -> Step<Facts> {
    let settings = client
        .settings()
        .await
        .map_err(|error| error.with("right", "settings"))?;
    let tax = unless_refused(client.setting_group("tax").await)?;
    let fields = [("_fields", SystemStatus::FIELDS.to_owned())];
    let status = unless_refused(client.get("system_status", &fields).await)?
        .and_then(|answer| SystemStatus::parse(&answer.json));
    Ok(((settings, tax, status), settings.currency.to_string()))
}

/// These need more rights than reading products and orders does: without them less is known, and
/// nothing is wrong.
fn unless_refused<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == Kind::Rights && error.cause != Cause::Firewall => Ok(None),
        Err(error) => Err(error),
    }
}

/// `woocommerce/woocommerce.php` is `woocommerce`.
fn short_name(plugin: &str) -> &str {
    plugin.split('/').next().unwrap_or(plugin)
}
