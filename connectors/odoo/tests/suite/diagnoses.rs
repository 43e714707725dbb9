//! The same trouble behind each of the four doors: one cause, whichever way it came.

use serde_json::json;
use tandem_contract::{Account, Cause, Erp, Error, Query, Retry};
use tandem_sandbox::World;

use crate::common::{
    BARE, Canned, HEX_KEY, PASSWORD, Patched, connect, here, of_version, only, router,
};

/// A door, who knocks, and the call that a page of variants fails at first when it is broken.
type Door = (
    &'static [&'static str],
    (&'static str, &'static str),
    &'static str,
);

const PAGE: &str = "product.product.search_read";
const DOORS: [Door; 4] = [
    (&["/jsonrpc", "/web/webclient"], PASSWORD, PAGE),
    (&["/xmlrpc", "/web/webclient"], PASSWORD, "xmlrpc/2/object"),
    (&["/web"], PASSWORD, PAGE),
    (&["/json/"], HEX_KEY, PAGE),
];

const BARE_KEY: (&str, &str) = ("bare", "abcdefabcdefabcdefabcdefabcdefabcdefabcd");

fn at_door(
    (open, login, _): Door,
    world: World,
    answers: Vec<(&'static str, Canned)>,
) -> Box<dyn Erp> {
    connect(
        here(login),
        Patched::over(only(router(world), open), answers),
    )
}

async fn first_error(odoo: &dyn Erp) -> Error {
    let source = odoo.variants().expect("a source");
    let outcome = source.page(&Query::all(), None).await;
    outcome.expect_err("something is wrong")
}

fn fact<'a>(context: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = context.iter().find(|(fact, _)| fact == name);
    found.map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn what_stands_before_odoo_is_told_from_odoo_at_every_door() {
    for (status, body, cause, retry) in [
        (
            200,
            "<html>Please log in</html>",
            Cause::HtmlInstead,
            Retry::Never,
        ),
        (
            401,
            "<html>Who are you?</html>",
            Cause::Firewall,
            Retry::Never,
        ),
        (
            403,
            "<html>Error 1010</html>",
            Cause::Firewall,
            Retry::Never,
        ),
        (404, "<html>nginx</html>", Cause::ApiMissing, Retry::Never),
        (
            429,
            "<html>Slow down</html>",
            Cause::TooManyRequests,
            Retry::Later(0),
        ),
        (
            502,
            "<html>Bad gateway</html>",
            Cause::ServerFailed,
            Retry::Later(0),
        ),
        (
            503,
            "<html>Back soon</html>",
            Cause::Maintenance,
            Retry::Later(0),
        ),
    ] {
        for door in DOORS {
            let answers = vec![(door.2, Canned::html(status, body))];
            let error = first_error(at_door(door, of_version("19.0"), answers).as_ref()).await;
            let what = format!("{status} at {:?}", door.0);
            assert_eq!((error.cause, error.retry), (cause, retry), "{what}");
            let rule = body.contains("1010").then_some("1010");
            assert_eq!(fact(&error.context, "rule"), rule, "{what}");
        }
    }
}

#[tokio::test]
async fn another_host_gets_nothing_at_any_door() {
    for door in DOORS {
        let away = Canned {
            location: Some("https://elsewhere.example/login".to_owned()),
            ..Canned::html(307, "<html>moved</html>")
        };
        let answers = vec![(door.2, away)];
        let error = first_error(at_door(door, of_version("19.0"), answers).as_ref()).await;
        assert_eq!(error.cause, Cause::RedirectedElsewhere, "{:?}", door.0);
        let to = fact(&error.context, "redirected_to");
        assert_eq!(to, Some("https://elsewhere.example"));
    }
}

#[tokio::test]
async fn an_unknown_database_is_named_at_every_door() {
    for (open, login, _) in DOORS {
        let named = Account {
            database: Some("nosuchdb".to_owned()),
            ..here(login)
        };
        let transport = Patched::over(only(router(of_version("19.0")), open), Vec::new());
        let error = first_error(connect(named, transport).as_ref()).await;
        assert_eq!(error.cause, Cause::DatabaseUnknown, "{open:?}");
        assert_eq!(fact(&error.context, "database"), Some("nosuchdb"));
    }
}

#[tokio::test]
async fn a_missing_right_names_its_groups_at_every_door() {
    for (open, login, _) in DOORS {
        let login = if login == HEX_KEY { BARE_KEY } else { BARE };
        let mut world = of_version("19.0");
        world.erp.accounts[1].api_keys.push(BARE_KEY.1.to_owned());
        let transport = Patched::over(only(router(world), open), Vec::new());
        let report = connect(here(login), transport).check().await;
        let failure = report.failure.expect("no right");
        assert_eq!(failure.cause, Cause::UserLacksRight, "{open:?}");
        assert_eq!(fact(&failure.context, "model"), Some("product.product"));
        let groups = fact(&failure.context, "groups");
        assert!(
            groups.is_some_and(|groups| groups.contains("Sales/User")),
            "{open:?}"
        );
    }
}

#[tokio::test]
async fn a_missing_app_is_named_at_every_door() {
    for door in DOORS {
        let mut world = of_version("19.0");
        world.erp.modules.retain(|module| module != "stock");
        let report = at_door(door, world, Vec::new()).check().await;
        let failure = report.failure.expect("no such model");
        assert_eq!(failure.cause, Cause::ApiMissing, "{:?}", door.0);
        assert_eq!(fact(&failure.context, "app"), Some("Inventory"));
    }
}

#[tokio::test]
async fn several_databases_are_to_choose_from_before_anything_secret_is_sent() {
    let several = json!({"jsonrpc": "2.0", "id": 1, "result": ["prod", "staging"]});
    for (login, version) in [(HEX_KEY, "19.0"), (PASSWORD, "18.0")] {
        let answers = vec![("web/database/list", Canned::json(&several))];
        let transport = Patched::new(of_version(version), answers);
        let unnamed = Account {
            database: None,
            ..here(login)
        };
        let report = connect(unnamed, transport.clone()).check().await;
        let failure = report.failure.expect("which one?");
        assert_eq!(failure.cause, Cause::DatabaseNeeded);
        assert_eq!(report.found.databases, ["prod", "staging"]);
        let sent = transport.calls();
        let public = ["web/webclient/version_info", "web/database/list"];
        assert!(
            sent.iter().all(|call| public.contains(&call.as_str())),
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn no_error_repeats_the_secret_at_any_door() {
    for door in DOORS {
        let secret = door.1.1;
        for status in [200, 400, 403, 500] {
            let leaky = Canned::html(status, &format!("<html>you sent {secret}</html>"));
            let answers = vec![(door.2, leaky)];
            let odoo = at_door(door, of_version("19.0"), answers);
            let error = first_error(odoo.as_ref()).await;
            let shown = format!("{error} {error:?} {:?}", odoo.check().await);
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
