//! `./dev sim orders`: orders into Odoo under bad weather, seed after seed.

#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use clap::{Parser, Subcommand};
use tandem_tests::sim::{ROADS, Tally, Wrong, alone, every_point, seed};

/// Simulations that are too long for every change.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Orders into Odoo: 0 lost, 0 doubled, 0 wrong totals.
    Orders {
        /// The first seed; before seed 1 every point of one order's road is gone through.
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// How many seeds; each is a shop of 130 orders.
        #[arg(long, default_value_t = 1_000)]
        seeds: u64,
        /// One seed alone, to replay what failed.
        #[arg(long, conflicts_with = "seeds")]
        seed: Option<u64>,
        /// Seeds at once.
        #[arg(long, default_value_t = 2)]
        threads: usize,
    },
}

fn main() -> ExitCode {
    let What::Orders {
        first,
        seeds,
        seed,
        threads,
    } = Arguments::parse().what;
    let started = Instant::now();
    let outcome = match seed {
        Some(seed) => one(seed),
        None => many((first, seeds), threads),
    };
    match outcome {
        Ok(tally) => {
            let seconds = started.elapsed().as_secs_f64();
            told(&tally, seconds);
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            println!("WRONG: {wrong}");
            ExitCode::FAILURE
        }
    }
}

/// One seed; says how to run it again if it fails.
fn one(number: u64) -> Result<Tally, Wrong> {
    alone(seed(number, None)).inspect_err(|_| println!("again: ./dev sim orders --seed {number}"))
}

/// Every point of one order's road, then seeds, over threads, up to the first that fails.
fn many((first, seeds): (u64, u64), threads: usize) -> Result<Tally, Wrong> {
    const TOLD_EVERY: u64 = 500;
    let started = Instant::now();
    let roads = if first == 1 { ROADS } else { 0 };
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let sum = Mutex::new(Ok(Tally::default()));
    let work = || {
        while !failed.load(Ordering::Relaxed) {
            let work = next.fetch_add(1, Ordering::Relaxed);
            let done = match work.checked_sub(roads) {
                None => alone(every_point(work, 1)),
                Some(place) if place < seeds => one(first + place),
                Some(_) => return,
            };
            failed.fetch_or(done.is_err(), Ordering::Relaxed);
            let mut sum = sum.lock().expect("no holder of this lock can panic");
            match (&mut *sum, done) {
                (Ok(sum), Ok(more)) => *sum += more,
                (Err(_), _) => {}
                (sum, Err(wrong)) => *sum = Err(wrong),
            }
            if let (Ok(sum), 0) = (&*sum, (work + 1) % TOLD_EVERY) {
                let seconds = started.elapsed().as_secs();
                println!("{} orders after {seconds} s", sum.orders());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(work);
        }
    });
    sum.into_inner().expect("no holder of this lock can panic")
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn told(tally: &Tally, seconds: f64) {
    println!(
        "{} orders: {} imported, {} held back, {} shown as different, {} changed by people; \
         0 lost, 0 doubled, 0 wrong totals. {} requests, {} deaths, {:.0} orders a second",
        tally.orders(),
        tally.imported,
        tally.blocked,
        tally.shown,
        tally.touched,
        tally.requests,
        tally.deaths,
        tally.orders() as f64 / seconds,
    );
}
