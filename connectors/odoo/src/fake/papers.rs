//! PDFs: for those with a session, and for those with a document's link.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tandem_sandbox::World;

use super::acts::token;
use super::{Stand, not_found, page, session};

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    access_token: String,
}

/// `095-invoice-pdf`, and without a session `096-invoice-pdf-no-session`.
pub(super) async fn report(
    State(stand): State<Stand>,
    Path((report, id)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Response {
    let named = {
        let world = stand.world.lock();
        if !session::is_open(&stand, &world, &headers) {
            return to_the_login(&report, id);
        }
        let model = match report.as_str() {
            "sale.report_saleorder" => "orders",
            "account.report_invoice" => "invoices",
            "stock.report_deliveryslip" => "pickings",
            _ => "",
        };
        name(&world, model, id)
    };
    match named {
        Some(name) => pdf(&name),
        None => not_found().await,
    }
}

/// `/my/orders/7?access_token=…`.
pub(super) async fn portal(
    State(stand): State<Stand>,
    Path((model, id)): Path<(String, i64)>,
    Query(link): Query<Link>,
) -> Response {
    let named = name(&stand.world.lock(), &model, id);
    match named.filter(|_| link.access_token == token(&model, id)) {
        Some(name) => pdf(&name),
        None => not_found().await,
    }
}

/// A transfer opens with its order's link.
pub(super) async fn slip(
    State(stand): State<Stand>,
    Path(id): Path<i64>,
    Query(link): Query<Link>,
) -> Response {
    let named = {
        let world = stand.world.lock();
        let order = world.erp.sales.pickings.get(&id).map(|found| found.order);
        let opens = order.is_some_and(|order| link.access_token == token("orders", order));
        name(&world, "pickings", id).filter(|_| opens)
    };
    match named {
        Some(name) => pdf(&name),
        None => not_found().await,
    }
}

fn name(world: &World, model: &str, id: i64) -> Option<String> {
    let sales = &world.erp.sales;
    match model {
        "orders" => Some(sales.orders.get(&id)?.name.clone()),
        "invoices" => {
            let name = sales.invoices.get(&id)?.name.clone();
            Some(name.unwrap_or_else(|| "Draft invoice".to_owned()))
        }
        "pickings" => Some(sales.pickings.get(&id)?.name.clone()),
        _ => None,
    }
}

/// One page with the document's name on it.
fn pdf(name: &str) -> Response {
    let text = format!("BT /F1 24 Tf 72 720 Td ({name}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut parts = vec!["%PDF-1.4\n".to_owned()];
    let mut places = Vec::new();
    let mut length = parts[0].len();
    for (number, object) in (1..).zip(&objects) {
        places.push(format!("{length:010} 00000 n \n"));
        let part = format!("{number} 0 obj\n{object}\nendobj\n");
        length += part.len();
        parts.push(part);
    }
    parts.push("xref\n0 6\n0000000000 65535 f \n".to_owned());
    parts.append(&mut places);
    parts.push(format!(
        "trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{length}\n%%EOF\n"
    ));
    let file = parts.concat();
    ([(header::CONTENT_TYPE, "application/pdf")], file).into_response()
}

fn to_the_login(report: &str, id: i64) -> Response {
    let mut response = page(
        StatusCode::SEE_OTHER,
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n",
    );
    let to = format!("/web/login?redirect=%2Freport%2Fpdf%2F{report}%2F{id}%3F");
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}
