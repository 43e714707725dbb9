//! XML-RPC, where only `/xmlrpc/2` is open: JSON in and out, faults as errors.

use std::collections::BTreeMap;

use dxr::{FaultResponse, MethodCall, MethodResponse, Value as Xml};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Number, Value};
use tandem_contract::http::Response;
use tandem_contract::{Cause, Error, Result};

use crate::failure::{Asked, named_error, page_error};

/// A method call as XML. Fails on a number that XML-RPC cannot carry.
pub(crate) fn call(asked: Asked<'_>, method: &str, args: &[Value]) -> Result<String> {
    let unfit = |what: String| Error::new(Cause::Invalid, asked.operation).detail(&what);
    let params: Vec<Xml> = args
        .iter()
        .map(to_xml)
        .collect::<std::result::Result<_, _>>()
        .map_err(unfit)?;
    let call = MethodCall {
        name: method.into(),
        params,
    };
    let body = call.to_xml().map_err(|error| unfit(error.to_string()))?;
    Ok(format!("<?xml version='1.0'?>\n{body}"))
}

/// The result inside an answer, as JSON.
pub(crate) fn parse(asked: Asked<'_>, response: &Response) -> Result<Box<RawValue>> {
    let text = response.text();
    if response.status != 200 || !text.contains("<methodResponse>") {
        return Err(page_error(asked, response));
    }
    if !text.trim_end().ends_with("</methodResponse>") {
        return Err(asked.failed(Cause::AnswerCut, "no end of the method's response"));
    }
    if let Ok(answer) = MethodResponse::from_xml(&text) {
        let value = to_json(answer.value).and_then(|value| to_raw_value(&value).ok());
        return value.ok_or_else(|| asked.failed(Cause::Unreadable, "a value of another kind"));
    }
    match FaultResponse::from_xml(&text) {
        Ok(answer) => Err(fault(asked, answer.fault.code(), answer.fault.string())),
        Err(_) => Err(asked.failed(Cause::Unreadable, &text)),
    }
}

/// Four codes are all that XML-RPC tells of an exception (`035` to `039`). Code 1 carries a
/// traceback, whose last line begins with the exception's name.
fn fault(asked: Asked<'_>, code: i32, words: &str) -> Error {
    let name = match code {
        2 => "odoo.exceptions.UserError",
        3 => "odoo.exceptions.AccessDenied",
        4 => "odoo.exceptions.AccessError",
        _ => return other_fault(asked, words),
    };
    named_error(asked, name, words)
}

fn other_fault(asked: Asked<'_>, words: &str) -> Error {
    // `039-xmlrpc-unmarshallable`: the method ran and what it did is committed; only its result
    // could not be said in XML.
    if words.contains("cannot marshal") {
        return asked.failed(Cause::AnswerLost, words);
    }
    let last = words.trim_end().lines().rev();
    let exception = last
        .filter_map(|line| line.split_once(": "))
        .map(|(name, _)| name)
        .find(|name| !name.contains(' ') && name.ends_with("Error"));
    let name = match exception {
        Some(name) if name.contains('.') => name.to_owned(),
        Some(name) => format!("builtins.{name}"),
        None => String::new(),
    };
    named_error(asked, &name, words)
}

fn to_xml(value: &Value) -> std::result::Result<Xml, String> {
    Ok(match value {
        Value::Null => Xml::Nil,
        Value::Bool(flag) => Xml::Boolean(*flag),
        Value::Number(number) => number_to_xml(number)?,
        Value::String(text) => Xml::String(text.clone()),
        Value::Array(items) => Xml::Array(
            items
                .iter()
                .map(to_xml)
                .collect::<std::result::Result<_, _>>()?,
        ),
        Value::Object(members) => {
            let pair = |(name, value): (&String, &Value)| Ok((name.clone(), to_xml(value)?));
            let members: std::result::Result<BTreeMap<_, _>, String> =
                members.iter().map(pair).collect();
            Xml::Struct(members?)
        }
    })
}

/// XML-RPC's whole numbers have 32 bits.
fn number_to_xml(number: &Number) -> std::result::Result<Xml, String> {
    let small = number
        .as_i64()
        .and_then(|number| i32::try_from(number).ok());
    match (small, number.is_f64()) {
        (Some(number), _) => Ok(Xml::Integer(number)),
        (None, true) => Ok(Xml::Double(number.as_f64().unwrap_or_default())),
        (None, false) => Err(format!("{number} is too large for XML-RPC")),
    }
}

/// `None` where a value is of a kind that Odoo does not send. A double is written by Odoo, as by
/// this, with the fewest digits that lead back to it: its text comes out as it went in.
fn to_json(value: Xml) -> Option<Value> {
    Some(match value {
        Xml::Nil => Value::Null,
        Xml::Boolean(flag) => Value::Bool(flag),
        Xml::Integer(number) => Value::from(number),
        Xml::Double(number) => Value::Number(Number::from_f64(number)?),
        Xml::String(text) => Value::String(text),
        Xml::Array(items) => Value::Array(items.into_iter().map(to_json).collect::<Option<_>>()?),
        Xml::Struct(members) => {
            let pairs = members
                .into_iter()
                .map(|(name, value)| Some((name, to_json(value)?)));
            Value::Object(pairs.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{to_json, to_xml};
    use serde_json::{Value, json};

    fn there_and_back(value: &Value) -> Value {
        let xml = to_xml(value).expect("fits").to_xml().expect("XML");
        let read = dxr::Value::from_xml(&xml).expect("a value");
        to_json(read).expect("a kind that Odoo sends")
    }

    #[test]
    fn values_survive_the_way_there_and_back() {
        for value in [
            json!(null),
            json!([true, false, 0, -7, "A/B \"q\" <&> قبعة 🎈 007", ""]),
            json!({"domain": [["id", ">", 7]], "context": {"load": null}}),
        ] {
            assert_eq!(there_and_back(&value), value);
        }
        assert!(to_xml(&json!(4_294_967_296_i64)).is_err(), "32 bits");
    }

    #[test]
    fn a_number_keeps_the_digits_that_the_server_sent() {
        for digits in [
            "12.5",
            "60.0",
            "0.1",
            "1.125",
            "-3.0",
            "0.30000000000000004",
            "21.99",
        ] {
            let xml = format!("<value><double>{digits}</double></value>");
            let read = dxr::Value::from_xml(&xml).expect("a value");
            let json = to_json(read).expect("a number").to_string();
            assert_eq!(json, digits);
        }
    }

    #[test]
    fn recorded_rows_are_the_rows_of_the_other_doors() {
        let exchange = include_str!("../tests/recorded/034-xmlrpc-search-read.json");
        let exchange: Value = serde_json::from_str(exchange).expect("recorded JSON");
        let body = exchange["response"]["body"].as_str().expect("XML");
        let answer = dxr::MethodResponse::from_xml(body).expect("an answer");
        let expected = json!([
            {"id": 3, "name": "Administrator", "email": "admin@example.com"},
            {"id": 10, "name": "Bare", "email": "bare@example.test"},
        ]);
        assert_eq!(to_json(answer.value), Some(expected));
    }
}
