//! The connection test: what it finds, and what it says when something is wrong.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};
use tandem_contract::{Account, Cause, CheckReport, NoticeCode, Query, StepName, StepOutcome};
use tandem_sandbox::{World, serve};
use url::Url;

use super::network;
use crate::common::{
    BARE, Canned, KEY, PASSWORD, Patched, TWO_FACTOR, TWO_FACTOR_KEY, account, connect, here,
    of_version, router, to, world,
};

async fn check(account: Account, world: World) -> CheckReport {
    connect(account, to(world)).check().await
}

/// What is wrong, the step that says so, and one fact that goes with it.
fn diagnosis(report: &CheckReport) -> (Cause, StepName) {
    let failure = report.failure.as_ref().expect("something is wrong");
    let failed = report
        .steps
        .iter()
        .find(|step| step.outcome == StepOutcome::Failed);
    let failed = failed.expect("a step says so").name;
    let later = report
        .steps
        .iter()
        .skip_while(|step| step.name != failed)
        .skip(1);
    assert!(
        later
            .into_iter()
            .all(|step| step.outcome == StepOutcome::NotTried),
        "nothing is tried after the first failure"
    );
    assert_eq!(
        report.steps.len(),
        StepName::ALL.len(),
        "every step is listed"
    );
    (failure.cause, failed)
}

fn fact<'a>(report: &'a CheckReport, name: &str) -> Option<&'a str> {
    let mut facts = report.failure.as_ref()?.context.iter();
    facts
        .find(|(fact, _)| fact == name)
        .map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn a_healthy_server_is_described() {
    let mut world = world();
    world.erp.modules.push("queue_job".to_owned());
    world.erp.modules.push("salla".to_owned());
    let report = check(here(KEY), world).await;
    assert!(report.passed(), "{:?}", report.failure);
    let found = &report.found;
    assert_eq!(found.product.as_deref(), Some("Odoo"));
    assert_eq!(found.version.as_deref(), Some("18.0"));
    assert_eq!(found.title.as_deref(), Some("My Company"));
    assert_eq!(
        found.currency.map(tandem_domain::Currency::code),
        Some("USD")
    );
    assert_eq!(found.currencies.len(), 5, "only those that are switched on");
    assert_eq!(found.price_decimals, Some(2));
    assert_eq!(found.prices_include_tax, Some(false));
    assert_eq!(found.tax_rounding.as_deref(), Some("line"));
    assert_eq!(found.time_zone.as_deref(), Some("Asia/Kuwait"));
    assert_eq!(found.skew.map(|skew| skew.seconds), Some(0));
    assert_eq!(found.user.as_deref(), Some("Connector"));
    assert_eq!(found.database.as_deref(), Some("prod"));
    assert_eq!(found.databases, ["prod"]);
    for module in [
        "stock",
        "sale_management",
        "queue_job",
        "queue.job",
        "salla.order.status",
    ] {
        assert!(found.modules.iter().any(|name| name == module), "{module}");
    }
    assert!(!found.modules.iter().any(|name| name == "sale.integration"));
    let warehouses: Vec<Vec<i64>> = found
        .companies
        .iter()
        .map(|company| {
            company
                .warehouses
                .iter()
                .map(|warehouse| warehouse.id)
                .collect()
        })
        .collect();
    assert_eq!(
        warehouses,
        [vec![1, 2], vec![3]],
        "each company with its own warehouses"
    );
}

#[tokio::test]
async fn the_chosen_company_decides_the_currency() {
    let chosen = Account {
        company: Some(2),
        ..here(KEY)
    };
    let report = check(chosen, world()).await;
    assert_eq!(
        report.found.currency.map(tandem_domain::Currency::code),
        Some("KWD")
    );
    let foreign = Account {
        company: Some(99),
        ..here(KEY)
    };
    let report = check(foreign, world()).await;
    assert_eq!(diagnosis(&report), (Cause::UserLacksRight, StepName::Facts));
    assert_eq!(fact(&report, "company"), Some("99"));
}

#[tokio::test]
async fn versions_from_16_on_are_read_and_older_ones_named() {
    for (version, notice) in [
        ("16.0", Some(NoticeCode::VersionReadOnly)),
        ("17.0", None),
        ("18.0", None),
        ("19.0", None),
        ("saas~18.2", None),
        ("20.0", Some(NoticeCode::VersionUntried)),
    ] {
        let report = check(here(KEY), of_version(version)).await;
        assert!(report.passed(), "{version}: {:?}", report.failure);
        let codes: Vec<NoticeCode> = report.notices.iter().map(|notice| notice.code).collect();
        assert_eq!(codes, Vec::from_iter(notice), "{version}");
    }
    for version in ["15.0", "master"] {
        let report = check(here(KEY), of_version(version)).await;
        assert_eq!(
            diagnosis(&report),
            (Cause::VersionUnsupported, StepName::Product)
        );
        assert_eq!(fact(&report, "version"), Some(version));
        assert_eq!(
            report.found.product.as_deref(),
            Some("Odoo"),
            "it was recognised"
        );
    }
}

#[tokio::test]
async fn another_product_is_not_odoo() {
    let version = "web/webclient/version_info";
    for (answer, cause) in [
        (
            Canned::json(&json!({"code": "rest_no_route", "data": {"status": 404}})),
            Cause::NotTheProduct,
        ),
        (Canned::json(&json!([1, 2])), Cause::NotTheProduct),
        (
            Canned::html(404, "<html><title>404 Not Found</title></html>"),
            Cause::NotTheProduct,
        ),
        (
            Canned::html(200, "<html>Welcome</html>"),
            Cause::HtmlInstead,
        ),
        (
            Canned::html(403, "<html>Access denied</html>"),
            Cause::Firewall,
        ),
    ] {
        let nothing = Canned::html(404, "<html>nothing here</html>");
        let answers = vec![
            (version, answer),
            ("common.version", nothing.clone()),
            ("xmlrpc/2/common", nothing),
        ];
        let report = connect(here(KEY), Patched::new(world(), answers))
            .check()
            .await;
        assert_eq!(diagnosis(&report), (cause, StepName::Product));
        assert_eq!(report.found.product, None);
    }
}

#[tokio::test]
async fn a_proxy_that_lets_only_jsonrpc_through_is_no_obstacle() {
    let closed = Canned::html(404, "<html>closed</html>");
    let answers = vec![("web/webclient/version_info", closed)];
    let report = connect(here(KEY), Patched::new(world(), answers))
        .check()
        .await;
    assert!(report.passed(), "{:?}", report.failure);
}

#[tokio::test]
async fn a_server_with_every_door_closed_says_so() {
    let closed = || Canned::html(404, "<html>closed</html>");
    let answers = vec![
        ("common.authenticate", closed()),
        ("xmlrpc/2/common", closed()),
        ("web/session/authenticate", closed()),
    ];
    let report = connect(here(PASSWORD), Patched::new(world(), answers))
        .check()
        .await;
    assert_eq!(
        diagnosis(&report),
        (Cause::ApiMissing, StepName::Credentials)
    );
    assert_eq!(fact(&report, "status"), Some("404"));
}

#[tokio::test]
async fn wrong_logins_are_sent_once() {
    for wrong in [
        ("connector", "nope"),
        ("nobody", "<PASSWORD>"),
        ("connector", ""),
    ] {
        let transport = Patched::new(world(), Vec::new());
        let odoo = connect(here(wrong), transport.clone());
        let report = odoo.check().await;
        assert_eq!(
            diagnosis(&report),
            (Cause::CredentialsRefused, StepName::Credentials)
        );
        assert_eq!(fact(&report, "two_factor"), Some("possible"));
        let source = odoo.variants().expect("a source");
        let again = source.page(&Query::all(), None).await.expect_err("refused");
        assert_eq!(again.cause, Cause::CredentialsRefused);
        assert_eq!(
            transport.count("common.authenticate"),
            1,
            "failed logins lock people out"
        );
    }
}

#[tokio::test]
async fn a_key_that_was_revoked_meanwhile_is_sent_once() {
    let denied = json!({"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "x",
        "data": {"name": "odoo.exceptions.AccessDenied", "message": "Access Denied"}}});
    let transport = Patched::new(world(), vec![("res.users.read", Canned::json(&denied))]);
    let odoo = connect(here(KEY), transport.clone());
    assert_eq!(
        diagnosis(&odoo.check().await),
        (Cause::CredentialsRefused, StepName::Credentials)
    );
    assert_eq!(
        diagnosis(&odoo.check().await),
        (Cause::CredentialsRefused, StepName::Credentials)
    );
    assert_eq!(transport.count("res.users.read"), 1);
}

#[tokio::test]
async fn two_factor_users_need_a_key() {
    let report = check(here(TWO_FACTOR), world()).await;
    assert_eq!(
        diagnosis(&report),
        (Cause::CredentialsRefused, StepName::Credentials)
    );
    assert!(check(here(TWO_FACTOR_KEY), world()).await.passed());
}

#[tokio::test]
async fn the_database_is_found_or_asked_for() {
    let unnamed = || Account {
        database: None,
        ..here(KEY)
    };
    let report = check(unnamed(), world()).await;
    assert!(
        report.passed(),
        "the only one is taken: {:?}",
        report.failure
    );
    assert_eq!(report.found.database.as_deref(), Some("prod"));

    let mut hidden = world();
    hidden.erp.lists_databases = false;
    let report = check(unnamed(), hidden).await;
    assert_eq!(
        diagnosis(&report),
        (Cause::DatabaseNeeded, StepName::Credentials)
    );
    assert_eq!(fact(&report, "databases"), Some("0"));

    let several = json!({"jsonrpc": "2.0", "id": 1, "result": ["prod", "staging"]});
    let answers = vec![("web/database/list", Canned::json(&several))];
    let transport = Patched::new(world(), answers);
    let report = connect(unnamed(), transport.clone()).check().await;
    assert_eq!(
        diagnosis(&report),
        (Cause::DatabaseNeeded, StepName::Credentials)
    );
    assert_eq!(
        report.found.databases,
        ["prod", "staging"],
        "to choose from"
    );
    assert_eq!(
        transport.count("common.authenticate"),
        0,
        "no password goes out by guess"
    );

    let named = Account {
        database: Some("nosuchdb".to_owned()),
        ..here(KEY)
    };
    let report = check(named, world()).await;
    assert_eq!(
        diagnosis(&report),
        (Cause::DatabaseUnknown, StepName::Credentials)
    );
    assert_eq!(fact(&report, "database"), Some("nosuchdb"));
}

#[tokio::test]
async fn the_first_missing_right_is_named_with_the_groups_that_have_it() {
    let report = check(here(BARE), world()).await;
    assert_eq!(
        diagnosis(&report),
        (Cause::UserLacksRight, StepName::Rights)
    );
    assert_eq!(fact(&report, "model"), Some("product.product"));
    assert!(fact(&report, "groups").is_some_and(|groups| groups.contains("Sales/User")));
}

#[tokio::test]
async fn a_missing_app_is_not_a_missing_right() {
    let mut without = world();
    without.erp.modules.retain(|module| module != "stock");
    let report = check(here(KEY), without).await;
    assert_eq!(diagnosis(&report), (Cause::ApiMissing, StepName::Rights));
    assert_eq!(fact(&report, "model"), Some("stock.quant"));
    assert_eq!(fact(&report, "app"), Some("Inventory"));
}

#[tokio::test]
async fn nobody_answers() {
    let report = connect(account("http://127.0.0.1:1", KEY), network())
        .check()
        .await;
    assert_eq!(diagnosis(&report), (Cause::PortClosed, StepName::Address));
}

#[tokio::test]
async fn what_a_manager_pastes_is_understood() {
    let served = serve(router(world()), None).await.expect("a free port");
    for pasted in [
        "/web#action=94&cids=1",
        "/odoo/sales/7",
        "/fr/web/login?db=prod",
    ] {
        let pasted = format!("{}{pasted}", served.url());
        let account = Account {
            database: None,
            ..account(&pasted, KEY)
        };
        let report = connect(account, network()).check().await;
        assert!(report.passed(), "{pasted}: {:?}", report.failure);
    }
}

/// Answers as a server does that sends everybody on to another address.
#[derive(Debug)]
struct Moved {
    inner: Arc<dyn Transport>,
    to: Url,
}

#[async_trait]
impl Transport for Moved {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut response = self.inner.send(request).await?;
        if request.url.origin() != self.to.origin() {
            assert!(
                !String::from_utf8_lossy(&request.body).contains(KEY.1),
                "the key goes to the last address only"
            );
            // A redirected POST arrives as a GET.
            response.status = 405;
            response.url = self.to.join(request.url.path()).expect("an address");
        }
        Ok(response)
    }

    fn trusting(self: Arc<Self>, _certificate: Fingerprint) -> Arc<dyn Transport> {
        self
    }
}

#[tokio::test]
async fn the_key_goes_out_only_where_the_address_leads() {
    let moved = |to_url: &str| {
        let to_url = to_url.parse().expect("an address");
        let transport = Arc::new(Moved {
            inner: to(world()),
            to: to_url,
        });
        connect(account("http://odoo.example/web", KEY), transport)
    };
    let report = moved("https://odoo.example/").check().await;
    assert!(report.passed(), "{:?}", report.failure);
    let safe = moved("https://odoo.example/");
    let source = safe.variants().expect("a source");
    assert!(
        source.page(&Query::all(), None).await.is_ok(),
        "without a test before it, too"
    );
    let report = moved("https://elsewhere.example/").check().await;
    assert_eq!(
        diagnosis(&report),
        (Cause::RedirectedElsewhere, StepName::Product)
    );
    assert_eq!(
        fact(&report, "redirected_to"),
        Some("https://elsewhere.example")
    );
}
