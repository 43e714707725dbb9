//! Matches two CSV files and writes the predictions, to measure the engine on labelled data.
//!
//! `measure LEFT.csv RIGHT.csv OUT.csv`: the inputs have a header with `id`, `type`, `sku`,
//! `barcode`, `name`, `attributes` (`Key: value; Key: value`), `brand`, `model` and `price`; ids
//! are a letter and a number. The output has `left_id,right_id,score,decision,verdict,reasons`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Instant;

use tandem_domain::{ListingKey, Sku, UnitPrice, VariantKey};
use tandem_matching::{Catalogues, LeftItem, Outcome, RightItem, Verdict, run};

type Row = HashMap<String, String>;

fn main() -> io::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [left, right, out] = arguments.as_slice() else {
        return Err(io::Error::other(
            "usage: measure LEFT.csv RIGHT.csv OUT.csv",
        ));
    };
    let catalogues = Catalogues {
        left: read(left)?.iter().map(left_item).collect(),
        right: read(right)?.iter().map(right_item).collect(),
        ..Catalogues::default()
    };
    let started = Instant::now();
    let outcome = run(&catalogues, &|| false, &|_, _| {})
        .ok_or_else(|| io::Error::other("nobody cancels here"))?;
    let seconds = started.elapsed().as_secs_f64();
    std::fs::write(out, predictions(&outcome))?;
    writeln!(io::stdout(), "{seconds:.2} s, peak {}", peak_memory())
}

fn left_item(row: &Row) -> LeftItem {
    LeftItem {
        key: ListingKey::new(&row["id"]),
        parent: row["type"] == "variable",
        name: row["name"].clone(),
        sku: Sku::parse(&row["sku"]),
        barcode: given(&row["barcode"]),
        attributes: attributes(row),
        price: price(row),
    }
}

fn right_item(row: &Row) -> RightItem {
    RightItem {
        key: VariantKey(
            row["id"]
                .trim_start_matches('R')
                .parse()
                .unwrap_or_default(),
        ),
        name: row["name"].clone(),
        sku: Sku::parse(&row["sku"]),
        barcode: given(&row["barcode"]),
        attributes: attributes(row),
        price: price(row),
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn attributes(row: &Row) -> Vec<String> {
    let values = row["attributes"]
        .split("; ")
        .filter_map(|a| a.split_once(": "));
    values
        .map(|(_, value)| value)
        .chain([row["brand"].as_str(), row["model"].as_str()])
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

fn price(row: &Row) -> Option<UnitPrice> {
    let currency = "USD".parse().ok()?;
    UnitPrice::parse(&row["price"], currency).ok()
}

fn predictions(outcome: &Outcome) -> String {
    let mut text = "left_id,right_id,score,decision,verdict,reasons\n".to_owned();
    for found in &outcome.matches {
        let linked = matches!(found.verdict, Verdict::Linked(_));
        for (place, candidate) in found.candidates.iter().enumerate() {
            let decision = if linked && place == 0 {
                "auto"
            } else {
                "suggest"
            };
            let reasons: Vec<_> = found.reasons.iter().map(|r| format!("{r:?}")).collect();
            let verdict = match found.verdict {
                Verdict::Linked(method) => format!("{method:?}"),
                other => format!("{other:?}"),
            };
            let _ = writeln!(
                text,
                "{},R{},{},{decision},{verdict},{}",
                found.listing,
                candidate.variant,
                candidate.score_bp,
                reasons.join(" ")
            );
        }
    }
    text
}

/// Reads a CSV file with quotes as RFC 4180 has them.
fn read(path: &str) -> io::Result<Vec<Row>> {
    let text = std::fs::read_to_string(path)?;
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().map(|row| (row.len(), row));
        let Some((cells, row)) = row else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row[cells - 1].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            _ => row[cells - 1].push(c),
        }
    }
    let header = rows.remove(0);
    let whole = rows.into_iter().filter(|row| row.len() == header.len());
    Ok(whole
        .map(|row| header.iter().cloned().zip(row).collect())
        .collect())
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or("unknown", |line| line.trim_start_matches("VmHWM:").trim())
        .to_owned()
}
