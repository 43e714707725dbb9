//! What a fetch costs, in requests, time and memory. `./dev bench fetch` runs it without
//! arguments, in release.
//!
//! The servers are the built-in stand-ins, in a process of their own and paced like the real ones
//! that were measured: Odoo 18 ms a call and 100 ms for each 1,000 rows, `WooCommerce` 330 ms for
//! a page of 100.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what this program is for, and how far it is"
)]

mod client;
mod serve;
mod worlds;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Measured, Side};
use tandem_contract::http::Network;
use tandem_domain::SystemClock;
use tandem_tests::measuring::Counting;
use tandem_tests::rig::{Rig, connect, erp_slug, shop_slug};

/// The listings of the large shop, and of one three times as large.
const LARGE: usize = 100_000;
/// How often the fetch and the bare loop take turns.
const ROUNDS: usize = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => all().await,
        ["serve", side, records, pace] => {
            serve::until_told(side_of(side), number(records), *pace == "paced").await;
        }
        ["fetch", side, url] => println!("{}", client::measured(side_of(side), url).await.line()),
        _ => {
            println!("bench-fetch takes no arguments");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn side_of(word: &str) -> Side {
    if word == "shop" {
        Side::Shop
    } else {
        Side::Erp
    }
}

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}

async fn all() {
    println!("Measured against the built-in stand-ins paced like real servers.\n");
    let began = Instant::now();
    let now = |what: &str| eprintln!("[{:>4} s] {what}", began.elapsed().as_secs());
    now("requests of a fetch");
    requests().await;
    now("against a bare loop, about 2 minutes");
    let server = serve::Process::start(Side::Erp, LARGE, true);
    against_a_bare_loop(&server.url).await;
    now("share of the processor, Odoo");
    let measured = client::in_own_process(Side::Erp, &server.url);
    print_share("Odoo", &measured);
    drop(server);
    now("share of the processor, WooCommerce");
    let server = serve::Process::start(Side::Shop, LARGE / 10, true);
    let measured = client::in_own_process(Side::Shop, &server.url);
    print_share("WooCommerce", &measured);
    drop(server);
    for records in [LARGE, 3 * LARGE] {
        for side in [Side::Shop, Side::Erp] {
            now(&format!("memory, {records} {}", side.records()));
            let server = serve::Process::start(side, records, false);
            print_memory(side, &client::in_own_process(side, &server.url));
        }
    }
    now("done");
}

/// Requests of a first fetch and of one after which nothing changed.
async fn requests() {
    let rig = Rig::serving(worlds::families(8_000, 2_000, 4));
    let store = Arc::new(tandem_store::Store::in_memory().expect("memory is enough"));
    connect(&store);
    for what in ["first fetch", "empty delta"] {
        let counting = Counting::before(rig.shop());
        let shop = rig.storefront_over(Arc::clone(&counting) as _);
        let fetching = tandem_sync::Fetching {
            sweep_pages: 0,
            ..rig.fetching(&store, shop_slug(), shop.readers_max())
        };
        let listings = client::read(shop.listings(), &fetching).await;
        let for_listings = counting.count();
        client::read(shop.orders(), &fetching).await;
        client::read(shop.refunds(), &fetching).await;
        println!(
            "WooCommerce, 10,000 products of which 2,000 with 4 variations, {what}: \
             {for_listings} requests for {listings} listings, {} with orders and refunds",
            counting.count()
        );
        rig.clock.advance_seconds(3_600);
    }
}

/// Our fetch of all variants against the same calls in a row, their answers thrown away.
async fn against_a_bare_loop(url: &str) {
    let (mut ours, mut bare) = (Duration::ZERO, Duration::ZERO);
    let mut calls = 0;
    for _ in 0..ROUNDS {
        let network: Arc<dyn tandem_contract::http::Transport> =
            Arc::new(Network::new("bench").expect("a TLS stack"));
        let counting = Counting::before(Arc::clone(&network));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (store, _lock) = tandem_tests::rig::open(folder.path());
        let erp = client::erp(url, Arc::clone(&counting) as _);
        let fetching = client::fetching(&store, erp_slug(), erp.readers_max());
        let began = Instant::now();
        client::read(erp.variants(), &fetching).await;
        ours += began.elapsed();

        let requests = counting.requests();
        calls = requests.len();
        let began = Instant::now();
        for request in &requests {
            let answer = network.send(request).await.expect("the server is there");
            assert_eq!(answer.status, 200);
        }
        bare += began.elapsed();
    }
    let hundredths = ours.as_millis() * 100 / bare.as_millis().max(1);
    println!(
        "Odoo, {LARGE} variants, {ROUNDS} rounds: our fetch {} ms, a bare loop of the same \
         {calls} calls {} ms, ratio {}.{:02}",
        ours.as_millis(),
        bare.as_millis(),
        hundredths / 100,
        hundredths % 100
    );
}

fn print_share(name: &str, measured: &Measured) {
    let tenths = measured.cpu_ms * 1_000 / measured.wall_ms.max(1);
    println!(
        "{name}, {} records: {} ms at work, {} ms of processor time: {}.{} %",
        measured.records,
        measured.wall_ms,
        measured.cpu_ms,
        tenths / 10,
        tenths % 10
    );
}

fn print_memory(side: Side, measured: &Measured) {
    println!(
        "Peak memory for {} {}: {} MB ({} ms, not paced)",
        measured.records,
        side.records(),
        measured.peak_kb / 1_024,
        measured.wall_ms
    );
}

/// The clock of the programs that are measured.
fn clock() -> Arc<dyn tandem_domain::Clock> {
    Arc::new(SystemClock)
}
