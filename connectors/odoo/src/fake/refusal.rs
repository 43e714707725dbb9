//! Errors as Odoo words them, and their envelope.

use serde_json::{Value, json};

/// An exception that a call ended with.
#[derive(Debug)]
pub(super) struct Refusal {
    name: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(name: &'static str, message: &str) -> Self {
        Self {
            name,
            message: message.to_owned(),
        }
    }

    /// `029-jsonrpc-execute-kw-bad-password`.
    pub(super) fn access_denied() -> Self {
        Self::new("odoo.exceptions.AccessDenied", "Access Denied")
    }

    /// `042-login-cooldown`.
    pub(super) fn too_many_logins() -> Self {
        Self::new(
            "odoo.exceptions.AccessDenied",
            "Too many login failures, please wait a bit before trying again.",
        )
    }

    /// `030-jsonrpc-wrong-db`: what the database driver says.
    pub(super) fn no_such_database(name: &str) -> Self {
        let message = format!(
            "connection to server at \"db.example\", port 5432 failed: \
             FATAL:  database \"{name}\" does not exist\n"
        );
        Self::new("psycopg2.OperationalError", &message)
    }

    /// `022-access-error-acl`.
    pub(super) fn no_right(verb: &str, title: &str, model: &str, groups: &[&str]) -> Self {
        let groups = groups.join("\n\t- ");
        let message = format!(
            "You are not allowed to {verb} '{title}' ({model}) records.\n\n\
             This operation is allowed for the following groups:\n\t- {groups}\n\n\
             Contact your administrator to request access if necessary."
        );
        Self::new("odoo.exceptions.AccessError", &message)
    }

    /// `180-wrong-company`.
    pub(super) fn foreign_company() -> Self {
        Self::new(
            "odoo.exceptions.AccessError",
            "Access to unauthorized or invalid companies.",
        )
    }

    /// `015-v18-unknown-model`, over `/jsonrpc`.
    pub(super) fn no_such_model(model: &str) -> Self {
        Self::new(
            "odoo.exceptions.UserError",
            &format!("Object {model} doesn't exist"),
        )
    }

    /// `016-v18-unknown-method`.
    pub(super) fn no_such_method(model: &str, method: &str) -> Self {
        let message = format!("The method '{method}' does not exist on the model '{model}'");
        Self::new("builtins.AttributeError", &message)
    }

    /// `017-v18-private-method`.
    pub(super) fn private_method(method: &str) -> Self {
        let message = format!("Private methods (such as {method}) cannot be called remotely.");
        Self::new("odoo.exceptions.AccessError", &message)
    }

    /// `019-v18-unknown-read-field`.
    pub(super) fn no_such_field(model: &str, field: &str) -> Self {
        let message = format!("Invalid field '{field}' on model '{model}'");
        Self::new("builtins.ValueError", &message)
    }

    /// `025-v18-missing-argument`.
    pub(super) fn missing_argument(method: &str, argument: &str) -> Self {
        let message = format!("{method}() missing 1 required positional argument: '{argument}'");
        Self::new("builtins.TypeError", &message)
    }

    pub(super) fn value_error(message: &str) -> Self {
        Self::new("builtins.ValueError", message)
    }

    /// `010-session-expired`.
    pub(super) fn session_expired() -> Self {
        Self::new("odoo.http.SessionExpiredException", "Session expired")
    }

    /// `009-v18-session-login-wrong-db`.
    pub(super) fn database_not_found() -> Self {
        Self::new("odoo.exceptions.AccessError", "Database not found.")
    }

    pub(super) fn user_error(message: &str) -> Self {
        Self::new("odoo.exceptions.UserError", message)
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The traceback as far as it is recorded: its last line.
    pub(super) fn traceback(&self) -> String {
        let Self { name, message } = self;
        let python = name.trim_start_matches("builtins.");
        format!("Traceback (most recent call last):\n  …[frames cut]…\n{python}: {message}\n")
    }

    /// The `error` member. 19 answers code 0 where 17 and 18 answer 200.
    pub(super) fn to_json(&self, serie: &str) -> Value {
        let Self { name, message } = self;
        let (code, title) = match *name {
            "odoo.http.SessionExpiredException" => (100, "Odoo Session Expired"),
            _ if serie.starts_with("19") => (0, "Odoo Server Error"),
            _ => (200, "Odoo Server Error"),
        };
        json!({
            "code": code,
            "message": title,
            "data": {
                "name": name,
                "debug": self.traceback(),
                "message": message,
                "arguments": [message],
                "context": {},
            },
        })
    }
}
