//! The stand-ins in a process of their own, at the pace of real servers.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tandem_sandbox::{SharedWorld, serve};

use crate::client::Side;
use crate::{clock, worlds};

/// What one answer costs a real server.
#[derive(Clone, Copy)]
struct Cost {
    call: Duration,
    row: Duration,
    /// An answer costs as many rows at most: nested records are not rows.
    rows_max: u32,
}

/// Odoo 18 with lean columns: 18 ms a call, 1,000 rows in 100 ms.
const ERP: Cost = Cost {
    call: Duration::from_millis(18),
    row: Duration::from_micros(100),
    rows_max: 1_000,
};
/// `WooCommerce` 11 with few fields: 50 ms a call, 100 products in 330 ms.
const SHOP: Cost = Cost {
    call: Duration::from_millis(50),
    row: Duration::from_micros(2_800),
    rows_max: 100,
};

/// Serves until standard input is closed; prints the address first.
pub(crate) async fn until_told(side: Side, records: usize, paced: bool) {
    let records = u64::try_from(records).expect("not that many");
    let count = i64::try_from(records).expect("not that many");
    let (router, cost) = match side {
        Side::Shop => {
            let world = worlds::families(records, 0, 0)(clock());
            let router = tandem_connector_woocommerce::fake(SharedWorld::new(world));
            (router, SHOP)
        }
        Side::Erp => {
            let world = worlds::variants(count)(clock());
            (tandem_connector_odoo::fake(SharedWorld::new(world)), ERP)
        }
    };
    let router: Router = if paced {
        router.layer(from_fn_with_state(cost, pace))
    } else {
        router
    };
    let served = serve(router, None).await.expect("loopback has free ports");
    println!("{}", served.url());
    let wait = || std::io::stdin().read_to_end(&mut Vec::new());
    let told = tokio::task::spawn_blocking(wait).await;
    told.expect("reading does not panic")
        .expect("standard input");
}

/// Answers when a real server would have; what the stand-in itself takes counts.
async fn pace(State(cost): State<Cost>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (head, body) = next.run(request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let ids = bytes
        .windows(5)
        .filter(|bytes| *bytes == b"\"id\":")
        .count();
    let rows = u32::try_from(ids).unwrap_or(u32::MAX).min(cost.rows_max);
    let due = cost.call + cost.row * rows;
    tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
    Response::from_parts(head, Body::from(bytes))
}

/// A server that stops when this is dropped.
pub(crate) struct Process {
    pub(crate) url: String,
    child: Child,
}

impl Process {
    pub(crate) fn start(side: Side, records: usize, paced: bool) -> Self {
        let program = std::env::current_exe().expect("this program has a file");
        let pace = if paced { "paced" } else { "unpaced" };
        let mut child = Command::new(program)
            .args(["serve", side.word(), &records.to_string(), pace])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let mut url = String::new();
        let output = child.stdout.take().expect("it was asked for");
        BufReader::new(output)
            .read_line(&mut url)
            .expect("it prints its address");
        Self {
            url: url.trim().to_owned(),
            child,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
