//! The wire to one Odoo: one place through which every call goes, whichever door is open.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderValue, Method, header};
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tandem_contract::http::{Request, Response, TIMEOUT};
use tandem_contract::{Cause, Error, Result, Retry, Wire};
use tandem_domain::{Clock, Secret, Timestamp};
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use crate::config::Config;
use crate::cookie::Cookie;
use crate::door::Door;
use crate::failure::{Asked, Route, page_error, parse_answer, session_ended};
use crate::wire::{JsonVersion, Version};
use crate::{json2, xmlrpc};

/// A result, and when the server gave it by its own clock.
#[derive(Debug)]
pub(crate) struct Answer {
    /// As received: numbers keep the digits that the server sent.
    pub(crate) result: Box<RawValue>,
    pub(crate) server_time: Option<Timestamp>,
    operation: String,
}

impl Answer {
    pub(crate) fn new(operation: &str, result: Box<RawValue>, response: &Response) -> Self {
        Self {
            result,
            server_time: response.server_time(),
            operation: operation.to_owned(),
        }
    }

    /// The result in the shape that the call must have.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.result.get()).map_err(|error| {
            Error::new(Cause::Unreadable, &self.operation).detail(&error.to_string())
        })
    }
}

/// Who we are in which database, and the door that we came through.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) uid: i64,
    /// Empty where the server has only one and does not say its name.
    pub(crate) database: String,
    pub(crate) door: Door,
    /// Whether something on the way takes the header with the bearer key away.
    pub(crate) header_stripped: bool,
}

/// A method of a model, called with these arguments.
struct Call<'a> {
    model: &'a str,
    method: &'a str,
    args: Value,
    kwargs: Value,
    operation: String,
}

impl<'a> Call<'a> {
    fn new(model: &'a str, method: &'a str, args: Value, kwargs: Value) -> Self {
        Self {
            model,
            method,
            args,
            kwargs,
            operation: format!("{model}.{method}"),
        }
    }
}

/// Calls one Odoo server.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) config: Config,
    wire: Wire,
    calls: AtomicU64,
    /// The address that the server turned out to have; known before anything secret goes out.
    pub(crate) base: OnceLock<Url>,
    pub(crate) major: OnceLock<u32>,
    /// Whether the routes of Odoo's own pages can be reached.
    pub(crate) pages_answer: OnceLock<bool>,
    session: OnceCell<Session>,
    pub(crate) cookie: Cookie,
    /// One login at a time when a session has ended: several readers notice it at once.
    renewing: Mutex<()>,
    refused: OnceLock<Error>,
    key_ends: OnceLock<Timestamp>,
}

impl Client {
    pub(crate) fn new(config: Config, wire: Wire) -> Self {
        let key_ends = config.key_ends.map_or_else(OnceLock::new, OnceLock::from);
        Self {
            config,
            wire,
            calls: AtomicU64::new(0),
            base: OnceLock::new(),
            major: OnceLock::new(),
            pages_answer: OnceLock::new(),
            session: OnceCell::new(),
            cookie: Cookie::default(),
            renewing: Mutex::new(()),
            refused: OnceLock::new(),
            key_ends,
        }
    }

    pub(crate) fn clock(&self) -> &std::sync::Arc<dyn Clock> {
        &self.wire.clock
    }

    /// Notes when the key ends, so that a refusal after that is told as what it is.
    pub(crate) fn note_key_ends(&self, at: Timestamp) {
        self.key_ends.get_or_init(|| at);
    }

    /// Calls a method of a model, as the user, with arguments by place and by name. Every read
    /// and, later, every write goes through here; the door that is open is a detail.
    pub(crate) async fn call(
        &self,
        model: &str,
        method: &str,
        args: Value,
        kwargs: Value,
    ) -> Result<Answer> {
        let session = self.session().await?;
        let call = Call::new(model, method, args, kwargs);
        let answer = match session.door {
            Door::Json2 => {
                let key = Some(&self.config.secret);
                self.call_json2((&session.database, key), call).await
            }
            Door::JsonRpc | Door::XmlRpc => self.execute_kw(session, call).await,
            Door::Session => self.call_kw(call).await,
        };
        answer.map_err(|error| match error.retry {
            // Reading again is harmless; a write whose answer was lost is looked into first.
            Retry::AfterLooking if READS.contains(&method) => error.retry_after(0),
            _ if !READS.contains(&method) && may_be_done(error.cause) => Error {
                retry: Retry::AfterLooking,
                ..error
            },
            Retry::AfterLooking | Retry::Later(_) | Retry::Never => self.judged(error),
        })
    }

    /// Calls a method as Odoo's own pages do, whichever door is open besides: there are some that
    /// its services refuse.
    pub(crate) async fn call_as_page(
        &self,
        model: &str,
        method: &str,
        args: Value,
        kwargs: Value,
    ) -> Result<Answer> {
        self.open_session().await?;
        let answer = self.call_kw(Call::new(model, method, args, kwargs)).await;
        answer.map_err(|error| self.judged(error))
    }

    /// Opens a session of Odoo's own pages, unless one is open. Where nobody has logged in yet,
    /// this is the login, and no other door is tried.
    pub(crate) async fn open_session(&self) -> Result<()> {
        if let Some(error) = self.refused.get() {
            return Err(error.clone());
        }
        let session = self.session.get_or_try_init(|| self.log_in_as_page());
        let session = session.await.map_err(|error| self.judged(error))?;
        if session.door == Door::Session || self.cookie.current().is_some() {
            return Ok(());
        }
        let opened = self.authenticate_session(&session.database).await;
        opened.map(drop).map_err(|error| self.judged(error))
    }

    /// Who we are, found out once. A lost answer may be asked for again; a refusal is kept,
    /// because failed logins lock everybody out who comes from the same address.
    pub(crate) async fn session(&self) -> Result<&Session> {
        if let Some(error) = self.refused.get() {
            return Err(error.clone());
        }
        let session = self.session.get_or_try_init(|| self.log_in()).await;
        session.map_err(|error| self.judged(error))
    }

    /// Keeps a refusal of the login, in the words of what is known about the key.
    fn judged(&self, error: Error) -> Error {
        let ended = self
            .key_ends
            .get()
            .filter(|end| **end <= self.clock().now());
        match (error.cause, ended) {
            (Cause::CredentialsRefused, Some(end)) => {
                let expired = Error {
                    cause: Cause::KeyExpired,
                    ..error
                };
                self.remember(expired.with("date", end))
            }
            (Cause::CredentialsRefused | Cause::TwoFactor | Cause::LockedOut, _) => {
                self.remember(error)
            }
            _ => error,
        }
    }

    fn remember(&self, error: Error) -> Error {
        self.refused.get_or_init(|| error).clone()
    }

    async fn execute_kw(&self, session: &Session, call: Call<'_>) -> Result<Answer> {
        let secret = self.config.secret.expose();
        let Session { uid, database, .. } = session;
        let args = json!([
            database,
            uid,
            secret,
            call.model,
            call.method,
            call.args,
            call.kwargs
        ]);
        self.service(
            session.door,
            &call.operation,
            ("object", "execute_kw"),
            args,
        )
        .await
    }

    /// Calls a service by one of the two doors that have services.
    pub(crate) async fn service(
        &self,
        door: Door,
        operation: &str,
        (service, method): (&str, &str),
        args: Value,
    ) -> Result<Answer> {
        match door {
            Door::XmlRpc => self.post_xml(operation, (service, method), &args).await,
            Door::Json2 | Door::JsonRpc | Door::Session => {
                let database = args[0].as_str().unwrap_or_default().to_owned();
                let params = json!({"service": service, "method": method, "args": args});
                let asked = self.asked(operation, Route::Rpc, &database);
                self.post_rpc("jsonrpc", params, asked).await
            }
        }
    }

    async fn post_xml(
        &self,
        operation: &str,
        (service, method): (&str, &str),
        args: &Value,
    ) -> Result<Answer> {
        let database = args[0].as_str().unwrap_or_default();
        let asked = self.asked(operation, Route::Xml, database);
        let args = args.as_array().map_or(&[][..], Vec::as_slice);
        let body = xmlrpc::call(asked, method, args)?;
        let mut request = self.request(&format!("xmlrpc/2/{service}"), operation)?;
        let xml = HeaderValue::from_static("text/xml");
        request.headers.insert(header::CONTENT_TYPE, xml.clone());
        request.headers.insert(header::ACCEPT, xml);
        request.body = body.into();
        let response = self.send(&request, operation).await?;
        let result = xmlrpc::parse(asked, &response)?;
        Ok(Answer::new(operation, result, &response))
    }

    /// Whose the bearer key is; the first call of JSON-2, and its login. Without the key it tells
    /// whether that door is open.
    pub(crate) async fn context_get(&self, database: &str, key: Option<&Secret>) -> Result<Answer> {
        let call = Call::new("res.users", "context_get", json!([]), json!({}));
        self.call_json2((database, key), call).await
    }

    async fn call_json2(
        &self,
        (database, key): (&str, Option<&Secret>),
        call: Call<'_>,
    ) -> Result<Answer> {
        let Call { model, method, .. } = call;
        let body = json2::body(method, call.args, call.kwargs);
        let path = format!("json/2/{model}/{method}");
        let mut request = self.request(&path, &call.operation)?.json(&body);
        if let Some(key) = key {
            let bearer = format!("bearer {}", key.expose());
            let unfit = |_| Error::new(Cause::CredentialsRefused, &call.operation);
            let mut bearer = HeaderValue::from_str(&bearer).map_err(unfit)?;
            bearer.set_sensitive(true);
            request.headers.insert(header::AUTHORIZATION, bearer);
        }
        if let Ok(name) = HeaderValue::from_bytes(database.as_bytes())
            && !database.is_empty()
        {
            request.headers.insert("X-Odoo-Database", name);
        }
        let asked = self.asked(&call.operation, Route::Json2, database);
        let response = self.send(&request, &call.operation).await?;
        let result = json2::parse(asked, &response)?;
        Ok(Answer::new(&call.operation, result, &response))
    }

    /// A call in the session of the cookie; a session that has ended is renewed once.
    async fn call_kw(&self, call: Call<'_>) -> Result<Answer> {
        let path = format!("web/dataset/call_kw/{}/{}", call.model, call.method);
        let params = json!({
            "model": call.model,
            "method": call.method,
            "args": call.args,
            "kwargs": call.kwargs,
        });
        let asked = self.asked(&call.operation, Route::CallKw, "");
        let used = self.cookie.current();
        match self.post_rpc(&path, params.clone(), asked).await {
            Err(error) if session_ended(&error) => {
                self.renew(used.as_deref()).await?;
                self.post_rpc(&path, params, asked).await
            }
            outcome => outcome,
        }
    }

    /// Logs in again, unless another call has done so since this cookie was used.
    pub(crate) async fn renew(&self, used: Option<&str>) -> Result<()> {
        let _one_at_a_time = self.renewing.lock().await;
        if self.cookie.current().as_deref() != used {
            return Ok(());
        }
        if let Some(error) = self.refused.get() {
            return Err(error.clone());
        }
        let database = &self.session().await?.database;
        let again = self.authenticate_session(database).await;
        again.map(|_| ()).map_err(|error| self.judged(error))
    }

    /// Sends a JSON-RPC envelope to a path, and reads the one that comes back.
    pub(crate) async fn post_rpc(
        &self,
        path: &str,
        params: Value,
        asked: Asked<'_>,
    ) -> Result<Answer> {
        let id = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": id, "params": params});
        let mut request = self.request(path, asked.operation)?.json(&body);
        if asked.route == Route::CallKw {
            self.cookie.put(&mut request);
        }
        let response = self.send(&request, asked.operation).await?;
        if matches!(asked.route, Route::CallKw | Route::Web) {
            self.cookie.learn(&response);
        }
        let result = parse_answer(asked, &response)?;
        Ok(Answer::new(asked.operation, result, &response))
    }

    /// A request to a path below the base address.
    pub(crate) fn request(&self, path: &str, operation: &str) -> Result<Request> {
        let url = self.base().join(path).map_err(|_| {
            Error::new(Cause::NotTheProduct, operation).with("address", self.base())
        })?;
        let mut request = Request::new(Method::POST, url);
        request.timeout = patience(operation);
        Ok(request)
    }

    /// Sends a request. An answer from another host than the one that was asked is none.
    pub(crate) async fn send(&self, request: &Request, operation: &str) -> Result<Response> {
        let response = self.send_anywhere(request, operation).await?;
        if response.url.origin() == request.url.origin() {
            return Ok(response);
        }
        let to = response.url.origin().ascii_serialization();
        Err(Error::new(Cause::RedirectedElsewhere, operation).with("redirected_to", to))
    }

    /// Sends a request without a secret, wherever redirects lead.
    pub(crate) async fn send_anywhere(
        &self,
        request: &Request,
        operation: &str,
    ) -> Result<Response> {
        self.wire.transport.send(request).await.map_err(|error| {
            let mut error = error.into_error(request);
            operation.clone_into(&mut error.operation);
            error
        })
    }

    pub(crate) fn base(&self) -> &Url {
        self.base.get().unwrap_or(&self.config.base)
    }

    pub(crate) fn asked<'a>(
        &'a self,
        operation: &'a str,
        route: Route,
        database: &'a str,
    ) -> Asked<'a> {
        Asked {
            operation,
            route,
            database,
            secret: &self.config.secret,
        }
    }

    /// The version by `GET /json/version`, where only the paths of JSON-2 can be reached.
    pub(crate) async fn json_version(&self) -> Result<Answer> {
        const OPERATION: &str = "json.version";
        let mut request = self.request("json/version", OPERATION)?;
        request.method = Method::GET;
        let response = self.send(&request, OPERATION).await?;
        let asked = self.asked(OPERATION, Route::Version, "");
        let found = serde_json::from_slice::<JsonVersion>(&response.body);
        let version = found.ok().filter(|_| response.status == 200);
        let told = version.and_then(|JsonVersion { version, .. }| {
            let version = Version {
                server_serie: version.clone(),
                server_version: version,
            };
            to_raw_value(&version).ok()
        });
        let result = told.ok_or_else(|| page_error(asked, &response))?;
        Ok(Answer::new(OPERATION, result, &response))
    }
}

/// Methods that change nothing.
const READS: [&str; 11] = [
    "check_access_rights",
    "check_object_reference",
    "context_get",
    "fields_get",
    "get_external_id",
    "get_metadata",
    "get_portal_url",
    "has_access",
    "read",
    "search_count",
    "search_read",
];

/// Whether a write that ended so may have been carried out all the same: a gateway that gave up
/// waiting, or an answer that is not Odoo's.
fn may_be_done(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ServerFailed | Cause::HtmlInstead | Cause::Unreadable
    )
}

/// How long a call may take. An order of a thousand lines is computed for minutes.
fn patience(operation: &str) -> Duration {
    let method = operation.rsplit('.').next().unwrap_or_default();
    if LONG.contains(&method) {
        LONG_TIMEOUT
    } else {
        TIMEOUT
    }
}

const LONG: [&str; 5] = [
    "action_confirm",
    "action_post",
    "create_invoices",
    "load",
    "write",
];

/// Odoo's own limit for one request, unless somebody changed it, is twice its `limit_time_cpu` of
/// 60 s; what takes longer than this was ended there.
const LONG_TIMEOUT: Duration = Duration::from_secs(300);
