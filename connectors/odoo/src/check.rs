//! The connection test: what answers, who we are there, what we may read, and the facts.

use serde_json::json;
use tandem_contract::{
    Cause, CheckReport, Checker, Error, Kind, Notice, NoticeCode, Result, Skew, StepName,
};

use crate::client::Answer;
use crate::config::{Exposure, exposure};
use crate::door::Door;
use crate::entry::Better;
use crate::facts::facts;
use crate::reads::Reads;
use crate::wire::{User, Version, major};

/// What must be readable, with the app that brings it.
const NEEDED: [(&str, &str); 4] = [
    ("product.product", "Sales or Inventory"),
    ("stock.quant", "Inventory"),
    ("stock.warehouse", "Inventory"),
    ("sale.order", "Sales"),
];

/// What will be asked for when more is switched on, so that a screen can say beforehand whether
/// the user may.
const USEFUL: [(&str, &str); 12] = [
    ("product.product", "create"),
    ("product.product", "write"),
    ("stock.quant", "create"),
    ("stock.quant", "write"),
    ("sale.order", "create"),
    ("sale.order", "write"),
    ("res.partner", "read"),
    ("res.partner", "create"),
    ("stock.picking", "read"),
    ("stock.picking", "write"),
    ("account.move", "read"),
    ("account.move", "create"),
];

/// Of these, what bringing orders into Odoo takes. Everything else works without it.
const FOR_ORDERS: [(&str, &[&str]); 2] = [
    ("sale.order", &["create", "write"]),
    ("res.partner", &["read", "create"]),
];

/// Versions that are read; older ones lack what the rest relies on.
const MAJOR_MIN: u32 = 16;
/// Below this one nothing is ever written.
const MAJOR_WRITABLE: u32 = 17;
/// The newest version whose answers were measured.
const MAJOR_MEASURED: u32 = 19;

/// A difference between two clocks that is worth a word.
const SKEW_SECONDS_MAX: i64 = 300;

/// Runs all steps, and stops at the first that fails.
pub(crate) async fn check(reads: &Reads) -> CheckReport {
    let mut checker = Checker::new(reads.client.clock().clone());
    run(&mut checker, reads).await;
    checker.finish()
}

async fn run(checker: &mut Checker, reads: &Reads) -> Option<()> {
    let answered = reads.client.version().await;
    let reached = reached(answered);
    let answer = checker.step(StepName::Address, reached)?;
    note_skew(checker, reads, answer.as_ref().ok());
    let product = product(answer);
    note_product(checker, product.as_ref());
    checker.step(
        StepName::Product,
        product.map(|version| ((), version.server_version)),
    )?;
    if exposure(reads.client.base()) == Exposure::Local {
        checker.notices.push(Notice::new(NoticeCode::PlainHttp));
    }
    let user = credentials(checker, reads).await;
    checker.step(StepName::Credentials, user)?;
    let rights = rights(checker, reads).await;
    checker.step(StepName::Rights, rights)?;
    let facts = facts(checker, reads).await;
    checker.step(StepName::Facts, facts)
}

/// Whoever answers, answers; who it is, the next step says.
fn reached(answered: Result<Answer>) -> Result<(Result<Answer>, String)> {
    match answered {
        Err(error)
            if matches!(
                error.kind(),
                Kind::Unreachable | Kind::Insecure | Kind::UnknownOutcome | Kind::Throttled
            ) && error.cause != Cause::AnswerCut =>
        {
            Err(error.as_first_contact())
        }
        answer => Ok((answer, String::new())),
    }
}

fn note_skew(checker: &mut Checker, reads: &Reads, answer: Option<&Answer>) {
    let Some(server) = answer.and_then(|answer| answer.server_time) else {
        return;
    };
    let seconds = server.as_second() - reads.client.clock().now().as_second();
    checker.found.skew = Some(Skew { seconds });
    if seconds.abs() > SKEW_SECONDS_MAX {
        let notice = Notice::new(NoticeCode::ClockSkew).with("seconds", seconds);
        checker.notices.push(notice);
    }
}

fn note_product(checker: &mut Checker, product: std::result::Result<&Version, &Error>) {
    let version = match product {
        Ok(version) => Some(version.server_version.clone()),
        Err(error) => error
            .context
            .iter()
            .find(|(name, _)| name == "version")
            .map(|c| c.1.clone()),
    };
    let major = product.ok().and_then(|found| major(&found.server_serie));
    let code = match major {
        Some(number) if number < MAJOR_WRITABLE => Some(NoticeCode::VersionReadOnly),
        Some(number) if number > MAJOR_MEASURED => Some(NoticeCode::VersionUntried),
        Some(_) | None => None,
    };
    if let (Some(code), Some(version)) = (code, &version) {
        let notice = Notice::new(code).with("version", version);
        checker.notices.push(notice);
    }
    checker.found.product = version.is_some().then(|| "Odoo".to_owned());
    checker.found.version = version;
}

fn product(answer: Result<Answer>) -> Result<Version> {
    // A server that answers JSON, but not with a version, is something else.
    let version: Version = answer?
        .read()
        .map_err(|error| Error::new(Cause::NotTheProduct, error.operation).detail(&error.detail))?;
    match major(&version.server_serie) {
        Some(MAJOR_MIN..) => Ok(version),
        _ => Err(Error::new(Cause::VersionUnsupported, "version_info")
            .with("version", version.server_version)),
    }
}

async fn credentials(checker: &mut Checker, reads: &Reads) -> Result<((), String)> {
    // Shown beside the field when the name is missing or wrong, so never a failure of its own.
    checker.found.databases = reads.client.databases().await.unwrap_or_default();
    let session = reads.client.session().await?;
    let better = reads.client.look_at_json2(session).await;
    let door = match better {
        Better::Open => Door::Json2,
        Better::HeaderStripped | Better::Closed => session.door,
    };
    checker.found.way = Some(door.way());
    match door {
        Door::XmlRpc | Door::Session => checker.notices.push(Notice::new(NoticeCode::OldWay)),
        Door::Json2 | Door::JsonRpc => {}
    }
    if better == Better::HeaderStripped {
        let notice = Notice::new(NoticeCode::HeaderStripped);
        checker.notices.push(notice);
    }
    let name = Some(session.database.clone()).filter(|name| !name.is_empty());
    checker.found.database = name;
    let user = reads.user().await?;
    let shown = shown_user(user, &reads.client.config.login);
    checker.found.user = Some(shown.clone());
    checker.found.time_zone.clone_from(&user.tz);
    Ok(((), shown))
}

/// JSON-2 asks for no login: a key is its owner's, whoever was named. Where that is somebody else
/// than the login that was given, both names are shown.
fn shown_user(user: &User, login: &str) -> String {
    if user.login.eq_ignore_ascii_case(login) {
        user.name.clone()
    } else {
        format!("{} ({})", user.name, user.login)
    }
}

async fn rights(checker: &mut Checker, reads: &Reads) -> Result<((), String)> {
    for (model, app) in NEEDED {
        match reads.may(model, "read").await {
            Ok(true) => checker.found.permissions.push(format!("{model}:read")),
            Ok(false) => return Err(missing_right(reads, model).await),
            // `015-v18-unknown-model`: an ordinary user error says that the model is not there.
            // Asked not to raise, this method has no other reason for one.
            Err(error) if error.kind() == Kind::Refused => {
                return Err(Error::new(Cause::ApiMissing, error.operation)
                    .with("model", model)
                    .with("app", app)
                    .detail(&error.detail));
            }
            Err(error) => return Err(error),
        }
    }
    for (model, operation) in USEFUL {
        match reads.may(model, operation).await {
            Ok(true) => checker
                .found
                .permissions
                .push(format!("{model}:{operation}")),
            Ok(false) => {}
            // A model that is not there may not be written to either.
            Err(error) if matches!(error.kind(), Kind::Refused | Kind::Rights) => {}
            Err(error) => return Err(error),
        }
    }
    note_missing(checker);
    let names: Vec<&str> = NEEDED.iter().map(|(model, _)| *model).collect();
    Ok(((), names.join(", ")))
}

/// Says beforehand what would stop the first order.
fn note_missing(checker: &mut Checker) {
    let may = |permission: String| checker.found.permissions.contains(&permission);
    let missing: Vec<&str> = FOR_ORDERS
        .iter()
        .filter(|(model, operations)| {
            let mut operations = operations.iter();
            !operations.all(|operation| may(format!("{model}:{operation}")))
        })
        .map(|(model, _)| *model)
        .collect();
    if !missing.is_empty() {
        let notice = Notice::new(NoticeCode::RightsMissing);
        checker
            .notices
            .push(notice.with("facts", missing.join(", ")));
    }
}

/// The bare answer is `false`; a read says which groups would be allowed.
async fn missing_right(reads: &Reads, model: &str) -> Error {
    let error = match reads.count(model, &json!([])).await {
        Err(error) if error.cause == Cause::UserLacksRight => error,
        Ok(_) | Err(_) => Error::new(
            Cause::UserLacksRight,
            format!("{model}.check_access_rights"),
        ),
    };
    error.with("model", model)
}
