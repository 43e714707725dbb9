//! Getting in: whether it is Odoo, which databases it shows, and through which door we may.

use serde::Deserialize;
use serde_json::json;
use tandem_contract::{Cause, Error, Kind, Result};
use url::Url;

use crate::client::{Answer, Client, Session};
use crate::config::{Exposure, exposure};
use crate::door::Door;
use crate::failure::{HEADER_STRIPPED, Route, parse_answer};
use crate::wire::{Version, major};

/// What `common.authenticate` answers: an id, or `false`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Login {
    Uid(i64),
    Refused(Option<bool>),
}

/// What `/web/session/authenticate` answers: an id, or `null` for a user who signs in in two
/// steps (`043-login-2fa`).
#[derive(Debug, Deserialize)]
struct WebLogin {
    uid: Option<i64>,
}

/// What `res.users.context_get` says of the owner of a key (`v19-24-json2-context-get`).
#[derive(Debug, Deserialize)]
struct KeyOwner {
    uid: i64,
}

impl Client {
    /// Finds the door that is open, and goes in. A door that a proxy keeps closed leads to the
    /// next; a refusal is the end: nobody but Odoo refuses a login.
    pub(crate) async fn log_in(&self) -> Result<Session> {
        let database = self.approach().await?;
        let major = self.major.get().copied().unwrap_or(0);
        let ladder = Door::ladder(self.config.door, major, self.config.has_key());
        self.climb(&ladder, database.as_deref()).await
    }

    /// Goes in by the door of Odoo's own pages, and by no other.
    pub(crate) async fn log_in_as_page(&self) -> Result<Session> {
        let database = self.approach().await?;
        self.climb(&[Door::Session], database.as_deref()).await
    }

    /// What has to be known before anything secret is sent: where the address leads, that nobody
    /// listens, and the database.
    async fn approach(&self) -> Result<Option<String>> {
        if self.base.get().is_none() {
            // The password must not go out before it is known where the address leads: to https,
            // or to another host altogether.
            self.version().await?;
        }
        self.not_in_the_open()?;
        self.database().await
    }

    async fn climb(&self, ladder: &[Door], database: Option<&str>) -> Result<Session> {
        let mut closed = None;
        let mut header_stripped = false;
        for door in ladder.iter().copied() {
            match self.enter(door, database).await {
                Err(error) if is_closed(&error) => {
                    tracing::debug!(door = door.code(), "closed");
                    header_stripped |= is_unheard(&error);
                    closed.get_or_insert(error);
                }
                Err(error) => return Err(error),
                Ok((uid, database)) => {
                    return Ok(Session {
                        uid,
                        database,
                        door,
                        header_stripped,
                    });
                }
            }
        }
        Err(self.all_closed(closed))
    }

    /// A password and a key are sent as they are; over plain HTTP everybody on the way has them.
    fn not_in_the_open(&self) -> Result<()> {
        let base = self.base();
        if exposure(base) != Exposure::Open {
            return Ok(());
        }
        Err(Error::new(Cause::TlsNotSpoken, "login")
            .with("host", base.host_str().unwrap_or_default())
            .with("reason", "plain_http"))
    }

    async fn enter(&self, door: Door, database: Option<&str>) -> Result<(i64, String)> {
        // Where databases are hidden, a bearer key may still be enough: the server may have
        // just the one.
        let Some(database) = database.or((door == Door::Json2).then_some("")) else {
            return Err(database_needed(0));
        };
        let uid = match door {
            Door::Json2 => self.key_owner(database).await?,
            Door::JsonRpc | Door::XmlRpc => self.authenticate(door, database).await?,
            Door::Session => self.authenticate_session(database).await?,
        };
        Ok((uid, database.to_owned()))
    }

    async fn authenticate(&self, door: Door, database: &str) -> Result<i64> {
        const OPERATION: &str = "common.authenticate";
        let (login, secret) = (&self.config.login, self.config.secret.expose());
        let args = json!([database, login, secret, {}]);
        let answer = self
            .service(door, OPERATION, ("common", "authenticate"), args)
            .await?;
        match answer.read()? {
            Login::Uid(uid) => Ok(uid),
            Login::Refused(Some(true)) => Err(Error::new(Cause::Unreadable, OPERATION)),
            Login::Refused(_) => Err(self.refused_login()),
        }
    }

    /// `common.authenticate` answers a wrong password with `false`
    /// (`027-jsonrpc-authenticate-bad`), and so the right password of a user with two-factor
    /// sign-in (`044-jsonrpc-password-refused-2fa`). A key is not asked for a second factor.
    fn refused_login(&self) -> Error {
        let error = Error::new(Cause::CredentialsRefused, "common.authenticate")
            .with("login", &self.config.login);
        if self.config.has_key() {
            error.with("secret", "key")
        } else {
            error.with("two_factor", "possible")
        }
    }

    /// Opens a session; the cookie is kept.
    pub(crate) async fn authenticate_session(&self, database: &str) -> Result<i64> {
        const OPERATION: &str = "session.authenticate";
        let (login, secret) = (&self.config.login, self.config.secret.expose());
        let params = json!({"db": database, "login": login, "password": secret});
        let asked = self.asked(OPERATION, Route::Web, database);
        let answer = self
            .post_rpc("web/session/authenticate", params, asked)
            .await
            .map_err(|error| match error.cause {
                Cause::CredentialsRefused => error.with("login", login),
                _ => error,
            })?;
        let WebLogin { uid } = answer.read()?;
        uid.ok_or_else(|| Error::new(Cause::TwoFactor, OPERATION).with("login", login))
    }

    async fn key_owner(&self, database: &str) -> Result<i64> {
        let key = Some(&self.config.secret);
        let answer = self.context_get(database, key).await?;
        let KeyOwner { uid } = answer.read()?;
        Ok(uid)
    }

    /// What became of the door that a key is best used at, where another one was kept. The key is
    /// known to be good by now, so that this is no second try with it.
    pub(crate) async fn look_at_json2(&self, session: &Session) -> Better {
        let major = self.major.get().copied().unwrap_or(0);
        let best = Door::ladder(None, major, self.config.has_key());
        match session.door {
            _ if session.header_stripped => return Better::HeaderStripped,
            Door::JsonRpc | Door::XmlRpc if best.first() == Some(&Door::Json2) => {}
            _ => return Better::Closed,
        }
        match self.key_owner(&session.database).await {
            Ok(uid) if uid == session.uid => Better::Open,
            Err(error) if is_unheard(&error) => Better::HeaderStripped,
            Ok(_) | Err(_) => Better::Closed,
        }
    }

    /// Whether a door is open that takes keys. Each is asked without one, so that nothing is
    /// refused.
    pub(crate) async fn takes_keys(&self) -> bool {
        let major = self.major.get().copied().unwrap_or(0);
        for door in Door::ladder(None, major, true) {
            let answer = match door {
                Door::Json2 => self.context_get("", None).await,
                Door::JsonRpc | Door::XmlRpc | Door::Session => {
                    let version = ("common", "version");
                    self.service(door, "common.version", version, json!([]))
                        .await
                }
            };
            match answer {
                Err(error) if is_closed(&error) && !is_unheard(&error) => {}
                Ok(_) | Err(_) => return true,
            }
        }
        false
    }

    fn all_closed(&self, first: Option<Error>) -> Error {
        let error = first.unwrap_or_else(|| Error::new(Cause::ApiMissing, "login"));
        let pages_answer = self.pages_answer.get().copied().unwrap_or(false);
        if self.config.has_key() && pages_answer {
            let needed = Error {
                cause: Cause::PasswordNeeded,
                ..error
            };
            return needed.with("reason", SESSION_ONLY);
        }
        error
    }

    /// The database to use: the one that was given, or the only one that the server shows;
    /// `None` where it shows none.
    async fn database(&self) -> Result<Option<String>> {
        if let Some(database) = &self.config.database {
            return Ok(Some(database.clone()));
        }
        let mut databases = self.databases().await?;
        match databases.len() {
            0 => Ok(None),
            1 => Ok(Some(databases.remove(0))),
            count => Err(database_needed(count)),
        }
    }

    /// The databases that the server shows at this address; none when it hides them, or keeps
    /// every way of asking closed (20 has none over its services).
    ///
    /// Odoo's own pages are asked first: the services know nothing of the host that was asked,
    /// and list the databases of all of them (`200-db-list-of-one-host`).
    pub(crate) async fn databases(&self) -> Result<Vec<String>> {
        let asked = self.asked("database.list", Route::Web, "");
        let mut asked = self.post_rpc("web/database/list", json!({}), asked).await;
        for door in [Door::JsonRpc, Door::XmlRpc] {
            asked = match asked {
                Err(error) if is_no_list(&error) => {
                    let list = ("db", "list");
                    self.service(door, "db.list", list, json!([])).await
                }
                outcome => outcome,
            };
        }
        match asked {
            Ok(answer) => answer.read(),
            // `007-jsonrpc-db-list-disabled`: "Access Denied", though nobody tried to log in.
            Err(error) if error.kind() == Kind::Credentials || is_no_list(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// What the server says of its version, without a login. Where a proxy lets only a part of
    /// the server through, it is asked there. Learns the server's https address on the way.
    pub(crate) async fn version(&self) -> Result<Answer> {
        let first = match self.version_info().await {
            Err(error)
                if matches!(error.kind(), Kind::WrongAddress | Kind::Rights)
                    && error.cause != Cause::RedirectedElsewhere =>
            {
                error
            }
            outcome => {
                self.pages_answer.get_or_init(|| outcome.is_ok());
                return self.learned(outcome);
            }
        };
        let common = ("common", "version");
        for door in [Door::JsonRpc, Door::XmlRpc] {
            let answer = self
                .service(door, "common.version", common, json!([]))
                .await;
            if answer.as_ref().is_ok_and(is_version) {
                return self.learned(answer);
            }
        }
        let last = self.json_version().await;
        if last.as_ref().is_ok_and(is_version) {
            return self.learned(last);
        }
        Err(first)
    }

    fn learned(&self, outcome: Result<Answer>) -> Result<Answer> {
        let answer = outcome?;
        self.base.get_or_init(|| self.config.base.clone());
        let number = answer
            .read::<Version>()
            .ok()
            .and_then(|version| major(&version.server_serie));
        if let Some(number) = number {
            self.major.get_or_init(|| number);
        }
        Ok(answer)
    }

    async fn version_info(&self) -> Result<Answer> {
        const OPERATION: &str = "version_info";
        let body = json!({"jsonrpc": "2.0", "method": "call", "id": 1, "params": {}});
        let ask = || self.request("web/webclient/version_info", OPERATION);
        let mut response = self.send_anywhere(&ask()?.json(&body), OPERATION).await?;
        if let Some(moved) = moved_base(self.base(), &response.url)? {
            tracing::debug!(to = %moved, "the server sends us to another address of its own");
            self.base.get_or_init(|| moved);
            response = self.send(&ask()?.json(&body), OPERATION).await?;
        }
        let asked = self.asked(OPERATION, Route::Version, "");
        let result = parse_answer(asked, &response)?;
        Ok(Answer::new(OPERATION, result, &response))
    }
}

/// Odoo's own pages can be reached, and their login takes passwords only.
pub(crate) const SESSION_ONLY: &str = "session_only";

/// Whether there is a better door than the one that was gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// It is open, and worth keeping for the next time.
    Open,
    /// It would be, but a proxy takes the header with the key away.
    HeaderStripped,
    /// There is none.
    Closed,
}

fn database_needed(count: usize) -> Error {
    Error::new(Cause::DatabaseNeeded, "db.list").with("databases", count)
}

fn is_version(answer: &Answer) -> bool {
    answer.read::<Version>().is_ok()
}

/// Whether JSON-2 was asked without a key: it looked at none, so that the next door is no second
/// try with it.
fn is_unheard(error: &Error) -> bool {
    let mut facts = error.context.iter();
    facts.any(|(name, value)| name == "reason" && value == HEADER_STRIPPED)
}

/// Whether something before Odoo, or Odoo's own routing, keeps a door closed. 401 is none of
/// that: somebody asked for a login, and was not content with ours.
fn is_closed(error: &Error) -> bool {
    let status = |wanted: &str| {
        let mut facts = error.context.iter();
        facts.any(|(name, value)| name == "status" && value == wanted)
    };
    match error.cause {
        Cause::ApiMissing => true,
        Cause::Firewall => !status("401"),
        _ => is_unheard(error),
    }
}

/// Whether a list of databases cannot be asked for here.
fn is_no_list(error: &Error) -> bool {
    is_closed(error)
        || matches!(
            error.kind(),
            Kind::WrongAddress | Kind::Rights | Kind::Refused | Kind::Malformed
        )
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
        Error::new(Cause::RedirectedElsewhere, "version_info")
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
            let elsewhere = Err(Cause::RedirectedElsewhere);
            assert_eq!(moved(safe, other), elsewhere, "{other}");
        }
    }
}
