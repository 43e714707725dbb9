//! Who may call: passwords, API keys, two-factor users, and the cool-down after failures.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::refusal::Refusal;

/// Failed logins from one address (all callers of a stand-in share one) before the cool-down.
const FAILURES_MAX: u32 = 10;
const COOL_DOWN_SECONDS: i64 = 60;

/// What the server remembers of logins.
#[derive(Debug, Default)]
pub(super) struct Logins(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    last_failure: Option<Timestamp>,
    /// User and secret pairs that were right before: Odoo does not check them again.
    known: HashSet<(i64, String)>,
}

impl Logins {
    /// `common.authenticate`: the user's id, or `false` for every refusal, the cool-down too.
    pub(super) fn authenticate(&self, world: &mut World, args: &[Value]) -> Outcome {
        let [database, login, secret, ..] = args else {
            return Err(Refusal::missing_argument("exp_authenticate", "password"));
        };
        has_database(world, database)?;
        if self.cools_down(world) {
            return Ok(Some(json!(false)));
        }
        let account = find(world, |account| {
            Some(account.login.as_str()) == login.as_str()
        });
        if let Some(account) = account.filter(|account| accepts(account, text(secret))) {
            self.succeeded(world);
            return Ok(Some(json!(account.uid)));
        }
        self.failed(world);
        Ok(Some(json!(false)))
    }

    /// The login that each `execute_kw` carries. Its first three arguments are there afterwards.
    pub(super) fn check(&self, world: &mut World, args: &[Value]) -> Result<ErpAccount, Refusal> {
        let [database, uid, secret, _model, _method, ..] = args else {
            return Err(Refusal::missing_argument("execute_kw", "args"));
        };
        has_database(world, database)?;
        let uid = uid.as_i64().unwrap_or_default();
        let pair = (uid, text(secret).to_owned());
        let known = self.memory().known.contains(&pair);
        if !known && self.cools_down(world) {
            return Err(Refusal::too_many_logins());
        }
        let account = find(world, |account| account.uid == uid);
        let Some(account) = account.filter(|account| accepts(account, &pair.1)) else {
            self.failed(world);
            return Err(Refusal::access_denied());
        };
        if !known {
            self.succeeded(world);
            self.memory().known.insert(pair);
        }
        Ok(account)
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

    fn failed(&self, world: &mut World) {
        world.erp.failed_logins += 1;
        self.memory().last_failure = Some(world.clock.now());
    }

    fn succeeded(&self, world: &mut World) {
        world.erp.failed_logins = 0;
        self.memory().last_failure = None;
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

fn find(world: &World, is: impl Fn(&ErpAccount) -> bool) -> Option<ErpAccount> {
    world
        .erp
        .accounts
        .iter()
        .find(|account| is(account))
        .cloned()
}

/// Keys always work; the password does not for users with two-factor sign-in.
fn accepts(account: &ErpAccount, secret: &str) -> bool {
    let by_password = !account.two_factor && secret == account.password;
    !secret.is_empty() && (by_password || account.api_keys.iter().any(|key| key == secret))
}
