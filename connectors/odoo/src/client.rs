//! The wire to one Odoo: who we are there, and one place through which every call goes.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tandem_contract::http::{Request, Response};
use tandem_contract::{Cause, Error, Kind, Result, Retry, Wire};
use tandem_domain::{Clock, Timestamp};
use tokio::sync::OnceCell;
use url::Url;

use crate::config::Config;
use crate::failure::{Asked, Route, parse_answer};

/// A result, and when the server gave it by its own clock.
#[derive(Debug)]
pub(crate) struct Answer {
    /// As received: numbers keep the digits that the server sent.
    pub(crate) result: Box<RawValue>,
    pub(crate) server_time: Option<Timestamp>,
    operation: String,
}

impl Answer {
    /// The result in the shape that the call must have.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.result.get()).map_err(|error| {
            Error::new(Cause::Unreadable, &self.operation).detail(&error.to_string())
        })
    }
}

/// Who we are in which database.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) uid: i64,
    pub(crate) database: String,
}

/// What `common.authenticate` answers: an id, or `false`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Login {
    Uid(i64),
    Refused(Option<bool>),
}

/// Calls one Odoo server.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) config: Config,
    wire: Wire,
    calls: AtomicU64,
    base: OnceLock<Url>,
    session: OnceCell<Session>,
    refused: OnceLock<Error>,
}

impl Client {
    pub(crate) fn new(config: Config, wire: Wire) -> Self {
        Self {
            config,
            wire,
            calls: AtomicU64::new(0),
            base: OnceLock::new(),
            session: OnceCell::new(),
            refused: OnceLock::new(),
        }
    }

    pub(crate) fn clock(&self) -> &std::sync::Arc<dyn Clock> {
        &self.wire.clock
    }

    /// Calls a method of a model, as the user. Every read and, later, every write goes through
    /// here: another transport (JSON-2, XML-RPC) is another way of doing this one thing.
    pub(crate) async fn call(
        &self,
        model: &str,
        method: &str,
        args: Value,
        kwargs: Value,
    ) -> Result<Answer> {
        let Session { uid, database } = self.session().await?;
        let secret = self.config.secret.expose();
        let args = json!([database, uid, secret, model, method, args, kwargs]);
        let operation = format!("{model}.{method}");
        let answer = self.service(&operation, "object", "execute_kw", args).await;
        answer.map_err(|error| match error.retry {
            // Reading again is harmless; a write whose answer was lost is looked into first.
            Retry::AfterLooking if READS.contains(&method) => error.retry_after(0),
            Retry::AfterLooking | Retry::Later(_) | Retry::Never => error,
        })
    }

    /// The user's id, asked for once. A lost answer may be asked for again; a refusal is kept,
    /// because failed logins lock everybody out who comes from the same address.
    pub(crate) async fn session(&self) -> Result<&Session> {
        self.session.get_or_try_init(|| self.log_in()).await
    }

    async fn log_in(&self) -> Result<Session> {
        if self.base.get().is_none() {
            // The password must not go out before it is known where the address leads: to https,
            // or to another host altogether.
            self.version().await?;
        }
        let database = self.database().await?;
        let Config { login, secret, .. } = &self.config;
        let args = json!([database, login, secret.expose(), {}]);
        let answer = self
            .service("common.authenticate", "common", "authenticate", args)
            .await?;
        match answer.read()? {
            Login::Uid(uid) => Ok(Session { uid, database }),
            Login::Refused(Some(true)) => Err(Error::new(Cause::Unreadable, "common.authenticate")),
            Login::Refused(_) => Err(self.remember(refused_login(login))),
        }
    }

    /// The database to use: the one that was given, or the only one that the server shows.
    async fn database(&self) -> Result<String> {
        if let Some(database) = &self.config.database {
            return Ok(database.clone());
        }
        let mut databases = self.databases().await?;
        match databases.len() {
            1 => Ok(databases.remove(0)),
            count => Err(Error::new(Cause::DatabaseNeeded, "db.list").with("databases", count)),
        }
    }

    /// The databases that the server shows; none when it hides them.
    pub(crate) async fn databases(&self) -> Result<Vec<String>> {
        let answer = self.post_rpc("db.list", "db", "list", json!([])).await;
        match answer {
            Ok(answer) => answer.read(),
            // `007-jsonrpc-db-list-disabled`: "Access Denied", though nobody tried to log in.
            Err(error) if error.kind() == Kind::Credentials => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// What the server says of its version, without a login. A proxy that lets only `/jsonrpc`
    /// through is asked there. Learns the server's https address on the way.
    pub(crate) async fn version(&self) -> Result<Answer> {
        let first = match self.version_info().await {
            Err(error) if matches!(error.kind(), Kind::WrongAddress | Kind::Rights) => error,
            outcome => return outcome,
        };
        let second = self
            .post_rpc("common.version", "common", "version", json!([]))
            .await;
        match second {
            Ok(answer) => {
                self.base.get_or_init(|| self.config.base.clone());
                Ok(answer)
            }
            Err(_) => Err(first),
        }
    }

    async fn version_info(&self) -> Result<Answer> {
        let mut response = self.post_version().await?;
        if let Some(moved) = moved_base(self.base(), &response.url)? {
            tracing::debug!(to = %moved, "the server sends us to another address of its own");
            self.base.get_or_init(|| moved);
            response = self.post_version().await?;
        }
        let asked = self.asked(VERSION_INFO, Route::Version, "");
        let answer = answer(VERSION_INFO, parse_answer(asked, &response)?, &response);
        self.base.get_or_init(|| self.config.base.clone());
        Ok(answer)
    }

    async fn post_version(&self) -> Result<Response> {
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": self.next_id(), "params": {}});
        self.post("web/webclient/version_info", &body, VERSION_INFO)
            .await
    }

    /// Calls a service of `/jsonrpc`, unless the login was refused before.
    pub(crate) async fn service(
        &self,
        operation: &str,
        service: &str,
        method: &str,
        args: Value,
    ) -> Result<Answer> {
        if let Some(error) = self.refused.get() {
            return Err(error.clone());
        }
        match self.post_rpc(operation, service, method, args).await {
            Err(error) if error.cause == Cause::CredentialsRefused => Err(self.remember(error)),
            outcome => outcome,
        }
    }

    async fn post_rpc(
        &self,
        operation: &str,
        service: &str,
        method: &str,
        args: Value,
    ) -> Result<Answer> {
        let database = args[0].as_str().unwrap_or_default().to_owned();
        let params = json!({"service": service, "method": method, "args": args});
        let id = self.next_id();
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": id, "params": params});
        let response = self.post("jsonrpc", &body, operation).await?;
        let asked = self.asked(operation, Route::Rpc, &database);
        Ok(answer(
            operation,
            parse_answer(asked, &response)?,
            &response,
        ))
    }

    async fn post(&self, path: &str, body: &Value, operation: &str) -> Result<Response> {
        let url = self.base().join(path).map_err(|_| {
            Error::new(Cause::NotTheProduct, operation).with("address", self.base())
        })?;
        let request = Request::new(Method::POST, url).json(body);
        self.wire.transport.send(&request).await.map_err(|error| {
            let mut error = error.into_error(&request);
            operation.clone_into(&mut error.operation);
            error
        })
    }

    fn base(&self) -> &Url {
        self.base.get().unwrap_or(&self.config.base)
    }

    fn next_id(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn remember(&self, error: Error) -> Error {
        self.refused.get_or_init(|| error).clone()
    }

    fn asked<'a>(&'a self, operation: &'a str, route: Route, database: &'a str) -> Asked<'a> {
        Asked {
            operation,
            route,
            database,
            secret: &self.config.secret,
        }
    }
}

/// Methods that change nothing.
const READS: [&str; 5] = [
    "check_access_rights",
    "fields_get",
    "read",
    "search_count",
    "search_read",
];

const VERSION_INFO: &str = "version_info";

fn answer(operation: &str, result: Box<RawValue>, response: &Response) -> Answer {
    Answer {
        result,
        server_time: response.server_time(),
        operation: operation.to_owned(),
    }
}

/// `common.authenticate` answers a wrong password with `false` (recorded:
/// `027-jsonrpc-authenticate-bad`). It answers the same for the right password of a user with
/// two-factor sign-in (`044-jsonrpc-password-refused-2fa`) and during the cool-down after ten
/// failed logins, where `execute_kw` would say so. The hints name what else it can be.
fn refused_login(login: &str) -> Error {
    Error::new(Cause::CredentialsRefused, "common.authenticate")
        .with("login", login)
        .with("two_factor", "possible")
        .with("cool_down", "possible")
}

/// The base address that a redirect revealed: the same host by https, or with or without
/// `www.`. The password follows nobody to any other host, nor away from https; the error names
/// the new address, for a person to enter it.
fn moved_base(base: &Url, answered: &Url) -> Result<Option<Url>> {
    if answered.origin() == base.origin() {
        return Ok(None);
    }
    let without_www = |url: &Url| {
        url.host_str()
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    let elsewhere = || {
        Error::new(Cause::NotTheProduct, VERSION_INFO)
            .with("redirected_to", answered.origin().ascii_serialization())
    };
    if without_www(answered) != without_www(base) || answered.scheme() != "https" {
        return Err(elsewhere());
    }
    let mut moved = base.clone();
    let set = moved.set_scheme(answered.scheme()).is_ok()
        && moved.set_host(answered.host_str()).is_ok()
        && moved.set_port(answered.port()).is_ok();
    if set {
        Ok(Some(moved))
    } else {
        Err(elsewhere())
    }
}

#[cfg(test)]
mod tests {
    use super::moved_base;
    use tandem_contract::Cause;
    use url::Url;

    fn moved(from: &str, to: &str) -> Result<Option<String>, Cause> {
        let url = |text: &str| -> Url { text.parse().expect("an address") };
        let to = url(to)
            .join("/web/webclient/version_info")
            .expect("an address");
        moved_base(&url(from), &to)
            .map(|moved| moved.map(String::from))
            .map_err(|error| error.cause)
    }

    #[test]
    fn a_redirect_is_followed_to_the_same_host_and_never_away_from_https() {
        let (plain, safe) = ("http://odoo.example.com/", "https://odoo.example.com/");
        let www = "https://www.odoo.example.com/";
        assert_eq!(moved(plain, safe), Ok(Some(safe.to_owned())));
        assert_eq!(moved(safe, www), Ok(Some(www.to_owned())));
        assert_eq!(moved(safe, safe), Ok(None));
        for other in [plain, "https://evil.example.net/"] {
            assert_eq!(moved(safe, other), Err(Cause::NotTheProduct), "{other}");
        }
    }
}
