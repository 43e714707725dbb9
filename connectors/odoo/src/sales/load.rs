//! `load`: a record with its lines in one transaction, at most once.

use serde::Deserialize;
use serde_json::{Value, json};
use tandem_contract::{Cause, Error, Result, Retry};
use tandem_domain::Reference;

use super::Desk;
use crate::failure::groups_in;
use crate::wire::or_false;

/// A sheet as `load` reads it: the head's cells on the first row, a row for each line.
#[derive(Debug)]
pub(super) struct Sheet {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    head: usize,
}

impl Sheet {
    /// A record with these cells of its own; the first is its reference.
    pub(super) fn new(reference: &Reference, cells: Vec<(&str, String)>) -> Self {
        let mut columns = vec!["id".to_owned()];
        let mut row = vec![json!(reference.to_string())];
        for (name, cell) in cells {
            columns.push(name.to_owned());
            row.push(json!(cell));
        }
        Self {
            head: columns.len(),
            columns,
            rows: vec![row],
        }
    }

    /// Its lines. They bear no reference of their own, but for those that have one in a cell: a
    /// line's reference that comes again takes the line away from its first record.
    pub(super) fn with_lines(mut self, field: &str, lines: &[Vec<(&str, String)>]) -> Self {
        let Some(first) = lines.first() else {
            return self;
        };
        let names = first.iter().map(|(name, _)| format!("{field}/{name}"));
        self.columns.extend(names);
        for (place, line) in lines.iter().enumerate() {
            if place > 0 {
                self.rows.push(vec![json!(""); self.head]);
            }
            let cells = line.iter().map(|(_, cell)| json!(cell));
            self.rows[place].extend(cells);
        }
        self
    }
}

#[derive(Debug, Deserialize)]
struct Loaded {
    #[serde(deserialize_with = "or_false")]
    ids: Option<Vec<i64>>,
    #[serde(default)]
    messages: Vec<Complaint>,
}

/// One of `messages`.
#[derive(Debug, Deserialize)]
struct Complaint {
    #[serde(rename = "type")]
    kind: String,
    message: String,
    #[serde(default, deserialize_with = "or_false")]
    field: Option<String>,
}

impl Desk {
    /// Makes the record of a sheet, or finds the one of its reference and leaves it alone.
    pub(super) async fn load(&self, model: &str, sheet: Sheet, more: Value) -> Result<i64> {
        // Any other context writes over what a person changed, and appends the lines again.
        let mut context = json!({"mode": "update", "noupdate": true, "tz": "UTC"});
        if let (Value::Object(context), Value::Object(more)) = (&mut context, more) {
            context.extend(more);
        }
        let args = json!([sheet.columns, sheet.rows]);
        let answer = self.act(model, "load", args, context).await?;
        // What cannot be read may have been done.
        let loaded: Loaded = answer.read().map_err(|error| Error {
            retry: Retry::AfterLooking,
            ..error
        })?;
        let operation = format!("{model}.load");
        match loaded.ids.as_deref() {
            Some([id, ..]) => Ok(*id),
            Some([]) | None => Err(refusal(&operation, &loaded.messages)),
        }
    }
}

/// `ids: false`: another transaction was first, a right is missing, or the data is not good.
fn refusal(operation: &str, messages: &[Complaint]) -> Error {
    let mut errors = messages.iter().filter(|message| message.kind == "error");
    if let Some(lost) = messages
        .iter()
        .find(|message| lost_a_race(&message.message))
    {
        return Error::new(Cause::Overtaken, operation).detail(&lost.message);
    }
    let Some(first) = errors.next() else {
        return Error::new(Cause::Invalid, operation);
    };
    let words: Vec<&str> = std::iter::once(first)
        .chain(errors)
        .map(|message| message.message.trim())
        .collect();
    let groups = groups_in(&first.message);
    if !groups.is_empty() {
        return Error::new(Cause::UserLacksRight, operation)
            .with("groups", groups.join(", "))
            .detail(&words.join("\n"));
    }
    let error = Error::new(Cause::Invalid, operation).detail(&words.join("\n"));
    match &first.field {
        Some(field) => error.with("field", field),
        // Data is refused by the name of a field. A complaint without one may be the database's,
        // in its own language: looking and trying again is harmless.
        None => Error {
            retry: Retry::AfterLooking,
            ..error
        },
    }
}

/// `077-order-load-race-loser`: the database's own sentence, which `load` reports like bad data.
fn lost_a_race(words: &str) -> bool {
    words.contains("could not serialize access") || words.contains("deadlock detected")
}

#[cfg(test)]
mod tests {
    use super::{Complaint, Sheet, refusal};
    use serde_json::json;
    use tandem_contract::{Cause, Retry};

    #[test]
    fn lines_stand_below_each_other_and_the_head_on_the_first_row_alone() {
        let reference = "tandem_x.order_1".parse().expect("a reference");
        let line = |name: &str| vec![("name", name.to_owned()), ("price", "1".to_owned())];
        let sheet = Sheet::new(&reference, vec![("partner_id/.id", "7".to_owned())])
            .with_lines("order_line", &[line("Mug"), line("Tee")]);
        assert_eq!(
            json!([sheet.columns, sheet.rows]),
            json!([
                [
                    "id",
                    "partner_id/.id",
                    "order_line/name",
                    "order_line/price"
                ],
                [["tandem_x.order_1", "7", "Mug", "1"], ["", "", "Tee", "1"]]
            ])
        );
    }

    #[test]
    fn a_lost_race_a_missing_right_and_bad_data_are_told_apart() {
        let complaint = |message: &str, field: Option<&str>| Complaint {
            kind: "error".to_owned(),
            message: message.to_owned(),
            field: field.map(str::to_owned),
        };
        let group = "You are not allowed to create\n\t- Products/Create\n";
        for (message, field, cause, retry) in [
            (
                "could not serialize access due to concurrent update\n",
                None,
                Cause::Overtaken,
                Retry::AfterLooking,
            ),
            (group, None, Cause::UserLacksRight, Retry::Never),
            (
                "No matching record",
                Some("order_line"),
                Cause::Invalid,
                Retry::Never,
            ),
            (
                "konnte Zugriff nicht serialisieren\n",
                None,
                Cause::Invalid,
                Retry::AfterLooking,
            ),
        ] {
            let error = refusal("sale.order.load", &[complaint(message, field)]);
            assert_eq!((error.cause, error.retry), (cause, retry), "{message}");
        }
    }
}
