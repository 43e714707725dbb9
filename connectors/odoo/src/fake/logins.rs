//! Who may call: passwords, API keys, two-factor users; and the sessions of those who logged in
//! as a browser does, with the cool-down after failures.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::refusal::Refusal;

/// Failed logins from one address (all callers of a stand-in share one) before the cool-down.
const FAILURES_MAX: u32 = 10;
const COOL_DOWN_SECONDS: i64 = 60;

/// A session that nobody used for this long is gone.
const IDLE_SECONDS_MAX: i64 = 7 * 86_400;

/// `common.authenticate`: the user's id, or `false` for every refusal. Failures are not counted
/// here: the cool-down belongs to the session login alone.
pub(super) fn authenticate(world: &World, args: &[Value]) -> Outcome {
    let [database, login, secret, ..] = args else {
        return Err(Refusal::missing_argument("exp_authenticate", "password"));
    };
    has_database(world, database)?;
    let found = by_login(world, text(login)).filter(|found| accepts(found, text(secret)));
    Ok(Some(found.map_or(json!(false), |found| json!(found.uid))))
}

/// The login that each `execute_kw` carries. Its first three arguments are there afterwards.
pub(super) fn check(world: &World, args: &[Value]) -> Result<ErpAccount, Refusal> {
    let [database, uid, secret, _model, _method, ..] = args else {
        return Err(Refusal::missing_argument("execute_kw", "args"));
    };
    has_database(world, database)?;
    let uid = uid.as_i64().unwrap_or_default();
    let found = find(world, |account| account.uid == uid);
    found
        .filter(|found| accepts(found, text(secret)))
        .ok_or_else(Refusal::access_denied)
}

/// Whose a bearer key is.
pub(super) fn by_key(world: &World, key: &str) -> Option<ErpAccount> {
    find(world, |account| has_key(account, key))
}

/// How a login as a browser does it ended.
pub(super) enum Opened {
    /// The cookie.
    Session(String, ErpAccount),
    /// `043-login-2fa`: the password was right, and a second step would follow.
    SecondStep,
}

/// What the server remembers of those who come with a cookie.
#[derive(Debug, Default)]
pub(super) struct Logins(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    last_failure: Option<Timestamp>,
    opened: u64,
    /// User and last use, by cookie.
    sessions: HashMap<String, (i64, Timestamp)>,
}

impl Logins {
    /// `/web/session/authenticate`: passwords only, and nobody during the cool-down.
    pub(super) fn open(
        &self,
        world: &mut World,
        (login, password): (&str, &str),
    ) -> Result<Opened, Refusal> {
        if self.cools_down(world) {
            return Err(Refusal::too_many_logins());
        }
        let found = by_login(world, login);
        let right = |found: &ErpAccount| !password.is_empty() && found.password == password;
        let Some(found) = found.filter(right) else {
            world.erp.failed_logins += 1;
            self.memory().last_failure = Some(world.clock.now());
            return Err(Refusal::access_denied());
        };
        world.erp.failed_logins = 0;
        let mut memory = self.memory();
        memory.last_failure = None;
        if found.two_factor {
            return Ok(Opened::SecondStep);
        }
        memory.opened += 1;
        let cookie = format!("{:040x}", memory.opened);
        let now = world.clock.now();
        memory.sessions.insert(cookie.clone(), (found.uid, now));
        Ok(Opened::Session(cookie, found))
    }

    /// Whose session a cookie is, if it is still open.
    pub(super) fn session(&self, world: &World, cookie: &str) -> Option<ErpAccount> {
        let now = world.clock.now();
        let mut memory = self.memory();
        let (uid, used) = memory.sessions.get_mut(cookie)?;
        if now.as_second() - used.as_second() > IDLE_SECONDS_MAX {
            return None;
        }
        *used = now;
        find(world, |account| account.uid == *uid)
    }

    fn cools_down(&self, world: &mut World) -> bool {
        if world.erp.failed_logins < FAILURES_MAX {
            return false;
        }
        let now = world.clock.now();
        let last = *self.memory().last_failure.get_or_insert(now);
        let cool = now.as_second() - last.as_second() < COOL_DOWN_SECONDS;
        if !cool {
            world.erp.failed_logins = 0;
        }
        cool
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().expect("no holder of this lock can panic")
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn has_database(world: &World, name: &Value) -> Result<(), Refusal> {
    if text(name) == world.erp.database {
        Ok(())
    } else {
        Err(Refusal::no_such_database(text(name)))
    }
}

fn by_login(world: &World, login: &str) -> Option<ErpAccount> {
    find(world, |account| account.login == login)
}

fn find(world: &World, is: impl Fn(&ErpAccount) -> bool) -> Option<ErpAccount> {
    let mut accounts = world.erp.accounts.iter();
    accounts.find(|account| is(account)).cloned()
}

/// Keys always work; the password does not for users with two-factor sign-in.
fn accepts(account: &ErpAccount, secret: &str) -> bool {
    let by_password = !account.two_factor && secret == account.password;
    !secret.is_empty() && (by_password || has_key(account, secret))
}

fn has_key(account: &ErpAccount, secret: &str) -> bool {
    account.api_keys.iter().any(|key| key == secret)
}
