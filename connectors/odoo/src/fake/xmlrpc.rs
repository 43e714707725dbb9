//! `/xmlrpc/2`: the services of JSON-RPC in XML, and their exceptions as four codes.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use dxr::{Fault, FaultResponse, MethodCall, MethodResponse, Value as Xml};
use serde_json::Value;

use super::refusal::Refusal;
use super::{Stand, page, serve};

pub(super) async fn answer(
    State(stand): State<Stand>,
    Path(service): Path<String>,
    body: Bytes,
) -> Response {
    let text = String::from_utf8_lossy(&body);
    let Ok(call) = MethodCall::from_xml(&text) else {
        return page(StatusCode::BAD_REQUEST, "not well-formed");
    };
    let args: Vec<Value> = call.params.into_iter().map(json_of).collect();
    let served = serve(&stand, &service, &call.name, &args);
    // Its answer is named by numbers, and XML-RPC has only text for names.
    let unsayable = args.get(4).and_then(Value::as_str) == Some("get_external_id");
    let served = served.and_then(|result| match result {
        Some(_) if unsayable => Err(Refusal::new(
            "builtins.TypeError",
            "dictionary key must be string",
        )),
        result => Ok(result),
    });
    let answered = match served {
        Ok(result) => MethodResponse {
            value: result.as_ref().map_or(Xml::Nil, xml_of),
        }
        .to_xml(),
        Err(refusal) => FaultResponse {
            fault: fault(&refusal),
        }
        .to_xml(),
    };
    match answered {
        Ok(xml) => {
            let kind = [(header::CONTENT_TYPE, "text/xml; charset=utf-8")];
            (kind, format!("<?xml version=\"1.0\"?>\n{xml}\n")).into_response()
        }
        Err(_) => page(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

/// `035` to `038`; everything else is code 1 with its traceback.
fn fault(refusal: &Refusal) -> Fault {
    let (code, words) = match refusal.name() {
        "odoo.exceptions.AccessDenied" => (3, refusal.message().to_owned()),
        "odoo.exceptions.AccessError" => (4, refusal.message().to_owned()),
        "odoo.exceptions.UserError"
        | "odoo.exceptions.ValidationError"
        | "odoo.exceptions.MissingError" => (2, refusal.message().to_owned()),
        _ => (1, refusal.traceback()),
    };
    Fault::new(code, words)
}

/// Python's whole numbers: what has 32 bits is one, everything larger could not be sent.
fn xml_of(value: &Value) -> Xml {
    match value {
        Value::Null => Xml::Nil,
        Value::Bool(flag) => Xml::Boolean(*flag),
        Value::Number(number) => {
            let small = number
                .as_i64()
                .and_then(|number| i32::try_from(number).ok());
            small.map_or_else(
                || Xml::Double(number.as_f64().unwrap_or_default()),
                Xml::Integer,
            )
        }
        Value::String(text) => Xml::String(text.clone()),
        Value::Array(items) => Xml::Array(items.iter().map(xml_of).collect()),
        Value::Object(members) => {
            let pairs = members
                .iter()
                .map(|(name, value)| (name.clone(), xml_of(value)));
            Xml::Struct(pairs.collect::<BTreeMap<_, _>>())
        }
    }
}

fn json_of(value: Xml) -> Value {
    match value {
        Xml::Boolean(flag) => Value::Bool(flag),
        Xml::Integer(number) => Value::from(number),
        Xml::Double(number) => Value::from(number),
        Xml::String(text) => Value::String(text),
        Xml::Array(items) => Value::Array(items.into_iter().map(json_of).collect()),
        Xml::Struct(members) => {
            let pairs = members.into_iter();
            Value::Object(pairs.map(|(name, value)| (name, json_of(value))).collect())
        }
        _ => Value::Null,
    }
}
