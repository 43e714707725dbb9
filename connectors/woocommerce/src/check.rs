//! The connection test: what is at the address, which way leads in, and what it is set to.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use tandem_contract::http::{Request, Response};
use tandem_contract::{
    Cause, CheckReport, Checker, Error, Kind, Notice, NoticeCode, Result, Skew, StepName,
};

use crate::client::{Client, Settings};
use crate::way::Way;
use crate::wire::{Index, SettingGroup, SystemStatus};
use crate::{answer, config, text};

/// Clocks further apart than this are worth a word.
const SKEW_SECONDS_MAX: i64 = 5 * 60;

/// Runs the test. Reads only, and sends a pair that was looked at and refused no second time.
pub(crate) async fn check(client: &Client) -> CheckReport {
    let mut checker = Checker::new(client.clock());
    // `None` only says that a step failed, and the report says which.
    let _: Option<()> = steps(client, &mut checker).await;
    note_learned(client, &mut checker);
    checker.finish()
}

async fn steps(client: &Client, checker: &mut Checker) -> Option<()> {
    let (request, response) = checker.step(StepName::Address, address(client).await)?;
    let fresh = response.header("age").is_none();
    checker.found.skew = response.server_time().filter(|_| fresh).map(|theirs| Skew {
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

/// What was noticed on the way, and works all the same.
fn note_learned(client: &Client, checker: &mut Checker) {
    let learned = client.learned();
    let base = client.base();
    let mut notices = Vec::new();
    if let Some(code) = checker
        .found
        .way
        .as_ref()
        .and_then(Way::parse)
        .and_then(notice_of)
    {
        notices.push(Notice::new(code));
    }
    if learned.home.is_some() && learned.plain_permalinks == Some(true) {
        notices.push(Notice::new(NoticeCode::PlainPermalinks));
    }
    if base.scheme() == "http" && !config::is_loopback(&base) {
        notices.push(Notice::new(NoticeCode::PlainHttp));
    }
    if let Some(sample) = learned.noise {
        notices.push(Notice::new(NoticeCode::PhpWarnings).with("sample", sample));
    }
    let skew = checker.found.skew.map(|skew| skew.seconds);
    if let Some(seconds) = skew.filter(|seconds| seconds.abs() > SKEW_SECONDS_MAX) {
        notices.push(Notice::new(NoticeCode::ClockSkew).with("seconds", seconds));
    }
    // What the way says comes before what the facts say.
    notices.append(&mut checker.notices);
    checker.notices = notices;
}

fn notice_of(way: Way) -> Option<NoticeCode> {
    match way {
        Way::Query => Some(NoticeCode::HeaderStripped),
        Way::OauthHttpBase => Some(NoticeCode::TlsHidden),
        Way::Password
        | Way::PasswordRestRoute
        | Way::Basic
        | Way::BasicRestRoute
        | Way::OauthHttps
        | Way::OauthPlain => None,
    }
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
    let error = |cause| Error::new(cause, answer::operation(request));
    let index = Index::parse(&answer.json).ok_or_else(|| error(Cause::NotTheProduct))?;
    let has = |name: &str| index.namespaces.iter().any(|space| space == name);
    if has("wc/v3") {
        return Ok((Some(index), "WooCommerce".to_owned()));
    }
    Err(if has("wc/v2") || has("wc/v1") {
        error(Cause::VersionUnsupported)
    } else {
        error(Cause::ApiMissing).with("site", text::name(&index.name))
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
    checker.found.title = Some(text::name(&index.name)).filter(|name| !name.is_empty());
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

/// Login and rights, tried on the lists that the sync reads: one answer tells both apart.
async fn entry(client: &Client, checker: &mut Checker, index: Option<&Index>) -> Option<()> {
    let accepted = match known_to_wordpress(client).await {
        Ok(accepted) => accepted,
        Err(error) => return checker.step(StepName::Credentials, Err(error)),
    };
    let refused = match client.enter("products", &one_id()).await {
        // Known, but not allowed: the credentials themselves are good.
        Err(error) if error.kind() == Kind::Rights && error.cause != Cause::Firewall => {
            Some(error.with("right", "products"))
        }
        Err(error) => {
            let error = with_reason(client, index, accepted, error);
            return checker.step(StepName::Credentials, Err(error));
        }
        Ok(_) => None,
    };
    let way = client.learned().way;
    checker.found.way = way.map(|way| tandem_contract::Way(way.code().to_owned()));
    let user = (!client.is_key_pair()).then(|| client.login().to_owned());
    checker.found.user.clone_from(&user);
    checker.step(StepName::Credentials, Ok(((), user.unwrap_or_default())))?;
    if let Some(error) = refused {
        return checker.step(StepName::Rights, Err(error));
    }
    let rights = rights(client, checker).await;
    checker.step(StepName::Rights, rights)
}

fn one_id() -> [(&'static str, String); 2] {
    [("per_page", "1".to_owned()), ("_fields", "id".to_owned())]
}

/// What is needed besides the products, which answered already.
async fn rights(client: &Client, checker: &mut Checker) -> Step<()> {
    let found = &mut checker.found.permissions;
    found.push("products:read".to_owned());
    let orders = client.get("orders", &one_id()).await;
    orders.map_err(|error| error.with("right", "orders"))?;
    found.push("orders:read".to_owned());
    match client.get("refunds", &one_id()).await {
        Ok(_) => found.push("refunds:read".to_owned()),
        // An older shop: its refunds are read order by order.
        Err(error) if error.cause == Cause::ApiMissing => {}
        Err(error) => return Err(error.with("right", "refunds")),
    }
    Ok(((), "products, orders".to_owned()))
}

/// Asks WordPress itself about a user's password, first and once: `WooCommerce`'s own routes
/// answer a wrong one like none at all. Only what says that it was looked at counts here; some
/// sites close their index even to users they know. Whether WordPress had nothing to say against
/// the login.
async fn known_to_wordpress(client: &Client) -> Result<bool> {
    if client.is_key_pair() {
        return Ok(false);
    }
    let (request, response) = client.index(true).await?;
    match answer::read(&request, &response) {
        Err(error) if answer::names_the_login(&error) => Err(client.scrubbed(error)),
        answer => Ok(answer.is_ok()),
    }
}

/// An unknown key, a stripped header and a password over plain HTTP get one and the same answer;
/// what else is known narrows it down.
fn with_reason(client: &Client, index: Option<&Index>, accepted: bool, error: Error) -> Error {
    let has_reason = error.context.iter().any(|(name, _)| name == "reason");
    if error.cause != Cause::CredentialsRefused || has_reason {
        return error;
    }
    let said = index.and_then(|index| index.why_no_passwords(&client.base()));
    let of_passwords = |reason: &&str| *reason == "https_hidden_from_shop" || !client.is_key_pair();
    error.with(
        "reason",
        match said.filter(of_passwords) {
            Some(reason) => reason,
            // A name that WordPress does not know would have been told: none arrived.
            None if accepted => "header_stripped",
            None => "unknown_or_stripped",
        },
    )
}

/// Currency, tax, versions, plugins. Only the currency is indispensable.
async fn facts(client: &Client, checker: &mut Checker) -> Option<()> {
    let read = read_facts(client).await;
    let (settings, tax, status) = checker.step(StepName::Facts, read)?;
    note_hidden(checker, tax.is_none(), status.is_none());
    note_money(checker, settings);
    let found = &mut checker.found;
    found.permissions.push("settings:read".to_owned());
    if let Some(tax) = tax {
        let yes = |id: &str| tax.get(id).map(|value| value == "yes");
        found.prices_include_tax = yes("woocommerce_prices_include_tax");
        found.tax_rounding = yes("woocommerce_tax_round_at_subtotal")
            .map(|at_subtotal| if at_subtotal { "total" } else { "line" }.to_owned());
    }
    if let Some(status) = status {
        found.permissions.push("system_status:read".to_owned());
        found.version = Some(status.version).filter(|version| !version.is_empty());
        found.platform = Some(format!("WordPress {}", status.wp_version));
        found.order_storage = status
            .hpos
            .map(|hpos| if hpos { "hpos" } else { "posts" }.to_owned());
        found.modules = status
            .plugins
            .iter()
            .map(|(plugin, version)| format!("{} {version}", short_name(plugin)))
            .collect();
    }
    Some(())
}

/// What these rights do not show.
fn note_hidden(checker: &mut Checker, tax: bool, status: bool) {
    let zone = checker.found.time_zone.is_none();
    let hidden: Vec<&str> = [
        (zone, "wp-json"),
        (tax, "settings/tax"),
        (status, "system_status"),
    ]
    .into_iter()
    .filter_map(|(hidden, what)| hidden.then_some(what))
    .collect();
    if !hidden.is_empty() {
        let notice = Notice::new(NoticeCode::FactsHidden);
        checker
            .notices
            .push(notice.with("facts", hidden.join(", ")));
    }
}

fn note_money(checker: &mut Checker, settings: Settings) {
    let Settings { currency, decimals } = settings;
    checker.found.currency = Some(currency);
    checker.found.price_decimals = decimals;
    checker.found.currency_decimals = decimals;
    if let Some(decimals) = decimals.filter(|decimals| *decimals != currency.decimals()) {
        checker.notices.push(
            Notice::new(NoticeCode::CurrencyDecimals)
                .with("currency", currency)
                .with("found", decimals)
                .with("standard", currency.decimals()),
        );
    }
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
