//! How keys are made: Odoo's screen with its password check, and from 19 on one key from another.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use serde_json::{Value, json};
use tandem_domain::Timestamp;
use tandem_sandbox::{ErpAccount, World};

use super::Outcome;
use super::refusal::Refusal;
use crate::wire::{instant_text, parse_instant};

const DAY_SECONDS: i64 = 86_400;

/// The longest life that an ordinary user's key may have.
const DAYS_MAX: i64 = 90;

/// The keys that were made here, and those that are being asked for.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<Desk>);

#[derive(Debug, Default)]
struct Desk {
    next: i64,
    wanted: BTreeMap<i64, Wanted>,
    checks: BTreeMap<i64, Check>,
    made: BTreeMap<i64, Made>,
}

/// `res.users.apikeys.description`.
#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    days: Option<i64>,
}

/// `res.users.identitycheck`.
#[derive(Debug)]
struct Check {
    wanted: i64,
    password: String,
}

/// `res.users.apikeys`.
#[derive(Debug)]
struct Made {
    uid: i64,
    name: String,
    key: String,
    ends: Option<Timestamp>,
}

impl Keys {
    /// Takes keys away whose end has come.
    pub(super) fn collect(&self, world: &mut World) {
        let now = world.clock.now();
        let desk = self.desk();
        let ended = |made: &&Made| made.ends.is_some_and(|end| end <= now);
        for made in desk.made.values().filter(ended) {
            for account in &mut world.erp.accounts {
                account.api_keys.retain(|key| *key != made.key);
            }
        }
    }

    /// Whether the services refuse a call that Odoo's own pages may make: it asks for the
    /// identity of whoever sits there, and a service has nobody there
    /// (`202-v18-make-key-over-jsonrpc`).
    pub(super) fn wants_a_page(call: &[Value]) -> bool {
        let names = [call.first(), call.get(1)].map(|name| name.and_then(Value::as_str));
        names == [Some("res.users.apikeys.description"), Some("make_key")]
    }

    /// Runs `[model, method, args, kwargs]` if it is about keys.
    pub(super) fn execute(
        &self,
        world: &mut World,
        account: &ErpAccount,
        call: &[Value],
    ) -> Option<Outcome> {
        let text = |place: usize| call.get(place).and_then(Value::as_str).unwrap_or_default();
        let (model, method) = (text(0), text(1));
        let kwargs = call.get(3).unwrap_or(&Value::Null);
        let arg = |place: usize, name: &str| {
            let placed = call.get(2).and_then(|args| args.get(place));
            placed.unwrap_or(&kwargs[name]).clone()
        };
        let limits = super::major(world) >= 18;
        let id = arg(0, "ids")[0].as_i64().unwrap_or_default();
        Some(match (model, method) {
            ("res.users.apikeys.description", "fields_get") => Ok(Some(durations(limits))),
            ("res.users.apikeys.description", "create") => self.want(&arg(0, "vals_list"), limits),
            ("res.users.apikeys.description", "make_key") => Ok(Some(self.ask(id))),
            ("res.users.identitycheck", "write") => {
                self.type_in(id, arg(1, "vals")["password"].as_str().unwrap_or_default());
                Ok(Some(json!(true)))
            }
            ("res.users.identitycheck", "run_check") => {
                let told = kwargs["context"]["password"].as_str().unwrap_or_default();
                self.check(world, account, (id, told))
            }
            ("res.users.apikeys", "fields_get") if limits => {
                Ok(Some(json!({"expiration_date": {"type": "datetime"}})))
            }
            ("res.users.apikeys", "fields_get") => Ok(Some(json!({}))),
            ("res.users.apikeys", "search_read") => Ok(Some(self.rows(account, kwargs, limits))),
            ("res.users.apikeys", "generate") if super::major(world) >= 19 => {
                let named = |place, name| arg(place, name).as_str().unwrap_or_default().to_owned();
                let asked = (named(2, "name"), named(3, "expiration_date"));
                self.generate(world, account, &named(0, "key"), asked)
            }
            ("res.users.apikeys", _) => Err(Refusal::no_such_method(model, method)),
            _ => return None,
        })
    }

    fn want(&self, values: &Value, limits: bool) -> Outcome {
        let days = values["duration"].as_str();
        if days.is_some() && !limits {
            let words = "Invalid field 'duration' on model 'res.users.apikeys.description'";
            return Err(Refusal::value_error(words));
        }
        let days = days.and_then(|days| days.parse().ok());
        if limits && days.is_none_or(|days| !(1..=DAYS_MAX).contains(&days)) {
            return Err(Refusal::user_error("You cannot exceed 90.0 days."));
        }
        let name = values["name"].as_str().unwrap_or_default().to_owned();
        let mut desk = self.desk();
        let id = desk.number();
        desk.wanted.insert(id, Wanted { name, days });
        Ok(Some(json!(id)))
    }

    /// `024-apikey-make-needs-identity`.
    fn ask(&self, wanted: i64) -> Value {
        let mut desk = self.desk();
        let id = desk.number();
        let password = String::new();
        desk.checks.insert(id, Check { wanted, password });
        json!({
            "type": "ir.actions.act_window",
            "res_model": "res.users.identitycheck",
            "res_id": id,
            "name": "Security Control",
            "target": "new",
            "views": [[false, "form"]],
        })
    }

    fn type_in(&self, id: i64, password: &str) {
        if let Some(check) = self.desk().checks.get_mut(&id) {
            password.clone_into(&mut check.password);
        }
    }

    /// `025-apikey-made`.
    ///
    /// From 19 on the record does not keep the password, which has to come with the call
    /// (`203-v19-run-check-without-context`).
    fn check(&self, world: &mut World, account: &ErpAccount, (id, told): (i64, &str)) -> Outcome {
        let by_context = super::major(world) >= 19;
        let mut desk = self.desk();
        let check = desk.checks.remove(&id);
        let proved = check.filter(|check| {
            let typed = if by_context { told } else { &check.password };
            typed == account.password
        });
        let wanted = proved.and_then(|check| desk.wanted.get(&check.wanted).cloned());
        let Some(Wanted { name, days }) = wanted else {
            return Err(Refusal::user_error(
                "Incorrect Password, try again or click on Forgot Password to reset your password.",
            ));
        };
        let now = world.clock.now();
        let ends = days.map(|days| now + jiff::SignedDuration::from_secs(days * DAY_SECONDS));
        let key = desk.make(world, account, name, ends);
        Ok(Some(json!({
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": "API Key Ready",
            "views": [[false, "form"]],
            "target": "new",
            "context": {"default_key": key},
        })))
    }

    /// `res.users.apikeys.generate`: off for ordinary users, unless the administrator of the
    /// database allowed it, which is a parameter; here the module of that name stands for it.
    fn generate(
        &self,
        world: &mut World,
        account: &ErpAccount,
        key: &str,
        (name, ends): (String, String),
    ) -> Outcome {
        let switch = "base.enable_programmatic_api_keys";
        if !world.erp.modules.iter().any(|module| module == switch) {
            return Err(Refusal::user_error("Programmatic API keys are not enabled"));
        }
        if !account.api_keys.iter().any(|known| known == key) {
            return Err(Refusal::user_error(
                "The provided API key is invalid or does not belong to the current user.",
            ));
        }
        let Ok(ends) = parse_instant(&ends) else {
            return Err(Refusal::value_error("time data does not match format"));
        };
        let life = ends.as_second() - world.clock.now().as_second();
        if life > DAYS_MAX * DAY_SECONDS {
            return Err(Refusal::user_error("You cannot exceed 90.0 days."));
        }
        let key = self.desk().make(world, account, name, Some(ends));
        Ok(Some(json!(key)))
    }

    /// One's own keys, newest first as asked for; those that were there before have no end.
    fn rows(&self, account: &ErpAccount, kwargs: &Value, limits: bool) -> Value {
        let desk = self.desk();
        let own = desk.made.iter().filter(|(_, made)| made.uid == account.uid);
        let row = |id: i64, name: &str, ends: Option<Timestamp>| {
            let mut row = json!({"id": id, "name": name});
            if limits {
                row["expiration_date"] = ends.map_or(json!(false), |end| json!(instant_text(end)));
            }
            row
        };
        let mut rows: Vec<Value> = own
            .map(|(id, made)| row(*id, &made.name, made.ends))
            .collect();
        let made_here = |key: &&String| desk.made.values().any(|made| made.key == **key);
        let older = account
            .api_keys
            .iter()
            .filter(|key| !made_here(key))
            .count();
        rows.splice(0..0, (0..older).map(|_| row(0, "Older key", None)));
        if kwargs["order"] == "id desc" {
            rows.reverse();
        }
        let limit = kwargs["limit"]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok());
        rows.truncate(limit.unwrap_or(usize::MAX));
        Value::Array(rows)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().expect("no holder of this lock can panic")
    }
}

impl Desk {
    fn number(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn make(
        &mut self,
        world: &mut World,
        account: &ErpAccount,
        name: String,
        ends: Option<Timestamp>,
    ) -> String {
        let id = self.number();
        let key = format!("{:040x}", 0x7e57_0000_0000_i64 + id);
        let owner = world.erp.accounts.iter_mut();
        for owner in owner.filter(|owner| owner.uid == account.uid) {
            owner.api_keys.push(key.clone());
        }
        let made = Made {
            uid: account.uid,
            name,
            key: key.clone(),
            ends,
        };
        self.made.insert(id, made);
        key
    }
}

/// What an ordinary user is offered; 17 offers nothing, because keys have no end there.
fn durations(limits: bool) -> Value {
    if !limits {
        return json!({});
    }
    let offered = [
        ["1", "1 Day"],
        ["7", "1 Week"],
        ["30", "1 Month"],
        ["90", "3 Months"],
        ["-1", "Custom Date"],
    ];
    json!({"duration": {"selection": offered}})
}
