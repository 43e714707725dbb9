//! Odoo's search domains: prefix `|`, `&` and `!` over `[field, operator, value]`.

use std::cmp::Ordering;
use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::Value;
use tandem_domain::Timestamp;

use super::quants;
use super::refusal::Refusal;
use super::schema::{Kind, Model};
use super::view::{Cell, View};
use crate::wire::parse_instant;

/// A domain, ready to be asked about many records.
#[derive(Debug)]
pub(super) enum Domain {
    Leaf(Leaf),
    All(Vec<Domain>),
    Any(Vec<Domain>),
    Not(Box<Domain>),
}

/// One condition.
#[derive(Debug)]
pub(super) struct Leaf {
    field: String,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Equals(Operand),
    Differs(Operand),
    In(Set),
    NotIn(Set),
    Compares(&'static [Ordering], Operand),
    ChildOf(i64),
}

#[derive(Debug)]
enum Operand {
    Nothing,
    Int(i64),
    Number(Decimal),
    Text(String),
    Bool(bool),
    Instant(Timestamp),
}

#[derive(Debug, Default)]
struct Set {
    ints: HashSet<i64>,
    texts: HashSet<String>,
    nothing: bool,
}

impl Domain {
    /// Reads a domain for a model; conditions without an operator between them all hold.
    pub(super) fn parse(domain: &Value, model: &Model) -> Result<Self, Refusal> {
        let terms = domain.as_array().map_or(&[][..], Vec::as_slice);
        let mut rest = terms.iter();
        let mut all = Vec::new();
        while !rest.as_slice().is_empty() {
            all.push(next(&mut rest, model)?);
        }
        Ok(Self::All(all))
    }

    /// Whether a record is found.
    pub(super) fn holds(&self, view: &View<'_>, model: &Model, id: i64) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.holds(view, model, id)),
            Self::Any(terms) => terms.iter().any(|term| term.holds(view, model, id)),
            Self::Not(term) => !term.holds(view, model, id),
            Self::Leaf(leaf) => leaf.holds(&view.cell(model.name, id, &leaf.field)),
        }
    }

    /// Whether it mentions a column at all: `active` in a domain switches `active_test` off.
    pub(super) fn mentions(&self, field: &str) -> bool {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().any(|term| term.mentions(field)),
            Self::Not(term) => term.mentions(field),
            Self::Leaf(leaf) => leaf.field == field,
        }
    }

    /// The ids that a column may have by a top-level `in`, so that not every record is tried.
    pub(super) fn only(&self, field: &str) -> Option<&HashSet<i64>> {
        let Self::All(terms) = self else { return None };
        terms.iter().find_map(|term| match term {
            Self::Leaf(Leaf {
                field: name,
                test: Test::In(set),
            }) if name == field => Some(&set.ints),
            _ => None,
        })
    }

    /// The id that a top-level `id > n` begins after.
    pub(super) fn begins_after(&self) -> i64 {
        let Self::All(terms) = self else {
            return i64::MIN;
        };
        let bounds = terms.iter().filter_map(|term| match term {
            Self::Leaf(Leaf {
                field,
                test: Test::Compares([Ordering::Greater], Operand::Int(n)),
            }) if field == "id" => Some(*n),
            _ => None,
        });
        bounds.max().unwrap_or(i64::MIN)
    }
}

fn next(rest: &mut std::slice::Iter<'_, Value>, model: &Model) -> Result<Domain, Refusal> {
    let Some(term) = rest.next() else {
        return Err(Refusal::value_error("a domain ends after an operator"));
    };
    match term.as_str() {
        Some("&") => Ok(Domain::All(vec![next(rest, model)?, next(rest, model)?])),
        Some("|") => Ok(Domain::Any(vec![next(rest, model)?, next(rest, model)?])),
        Some("!") => Ok(Domain::Not(Box::new(next(rest, model)?))),
        Some(_) | None => leaf(term, model),
    }
}

fn leaf(term: &Value, model: &Model) -> Result<Domain, Refusal> {
    let (field, operator, value) = (&term[0], &term[1], &term[2]);
    let name = field.as_str().unwrap_or_default();
    let Some(column) = model.field_in_domain(name) else {
        // `018-v18-bad-domain-field`.
        let words = [field, operator, value].map(python).join(", ");
        let message = format!("Invalid field {}.{name} in leaf ({words})", model.name);
        return Err(Refusal::value_error(&message));
    };
    let operand = || operand(value, column.kind);
    let test = match operator.as_str().unwrap_or_default() {
        "=" => Test::Equals(operand()?),
        "!=" => Test::Differs(operand()?),
        "in" => Test::In(set(value)),
        "not in" => Test::NotIn(set(value)),
        ">" => Test::Compares(&[Ordering::Greater], operand()?),
        ">=" => Test::Compares(&[Ordering::Greater, Ordering::Equal], operand()?),
        "<" => Test::Compares(&[Ordering::Less], operand()?),
        "<=" => Test::Compares(&[Ordering::Less, Ordering::Equal], operand()?),
        "child_of" => Test::ChildOf(value.as_i64().unwrap_or_default()),
        other => {
            let message = format!("Invalid operator '{other}' in a domain");
            return Err(Refusal::value_error(&message));
        }
    };
    Ok(Domain::Leaf(Leaf {
        field: name.to_owned(),
        test,
    }))
}

fn operand(value: &Value, kind: Kind) -> Result<Operand, Refusal> {
    Ok(match value {
        Value::Bool(flag) if kind == Kind::Boolean => Operand::Bool(*flag),
        Value::Null | Value::Bool(_) => Operand::Nothing,
        Value::Number(number) if number.is_i64() => {
            Operand::Int(number.as_i64().unwrap_or_default())
        }
        Value::Number(number) => Operand::Number(number.to_string().parse().unwrap_or_default()),
        Value::String(text) if kind == Kind::Datetime => {
            Operand::Instant(parse_instant(text).map_err(|_| {
                Refusal::value_error(&format!("time data '{text}' is not a date and time"))
            })?)
        }
        Value::String(text) => Operand::Text(text.clone()),
        other => Operand::Text(other.to_string()),
    })
}

fn set(value: &Value) -> Set {
    let mut set = Set::default();
    for item in value.as_array().into_iter().flatten() {
        match item {
            Value::Number(number) => set.ints.extend(number.as_i64()),
            Value::String(text) => {
                set.texts.insert(text.clone());
            }
            _ => set.nothing = true,
        }
    }
    set
}

impl Leaf {
    fn holds(&self, cell: &Cell<'_>) -> bool {
        match &self.test {
            Test::Equals(operand) => operand.compare(cell) == Some(Ordering::Equal),
            Test::Differs(operand) => operand.compare(cell) != Some(Ordering::Equal),
            Test::In(set) => set.has(cell),
            Test::NotIn(set) => !set.has(cell),
            Test::Compares(wanted, operand) => operand
                .compare(cell)
                .is_some_and(|order| wanted.contains(&order)),
            Test::ChildOf(parent) => {
                matches!(cell, Cell::Ref(Some(id)) if quants::is_within(*id, *parent))
            }
        }
    }
}

impl Operand {
    /// How the cell stands to the operand; `None` where the two cannot be compared.
    fn compare(&self, cell: &Cell<'_>) -> Option<Ordering> {
        match (cell, self) {
            (Cell::Nothing | Cell::Ref(None), Self::Nothing) => Some(Ordering::Equal),
            (Cell::Int(a) | Cell::Ref(Some(a)), Self::Int(b)) => Some(a.cmp(b)),
            (Cell::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Cell::Number(a), Self::Int(b)) => Some(a.cmp(&Decimal::from(*b))),
            (Cell::Text(a), Self::Text(b)) => Some(a.as_ref().cmp(b.as_str())),
            (Cell::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            // The column holds microseconds, the operand whole seconds.
            (Cell::Instant(a), Self::Instant(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Set {
    fn has(&self, cell: &Cell<'_>) -> bool {
        match cell {
            Cell::Int(id) | Cell::Ref(Some(id)) => self.ints.contains(id),
            Cell::Refs(ids) => ids.iter().any(|id| self.ints.contains(id)),
            Cell::Text(text) => self.texts.contains(text.as_ref()),
            Cell::Nothing | Cell::Ref(None) => self.nothing,
            Cell::Number(_) | Cell::Bool(_) | Cell::Instant(_) => false,
        }
    }
}

/// A value as Python prints it, for messages.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(python).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}
