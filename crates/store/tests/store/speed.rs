//! How long the screen waits at 200,000 listings. Run by hand, in release:
//! `cargo test --release -p tandem-store --test store -- --ignored --nocapture speed`.

#![expect(clippy::print_stdout, reason = "the figures are what this is for")]

use std::time::Instant;

use tandem_domain::{Decision, Evidence, OrderKey, VariantKey};
use tandem_store::{
    EvidenceTag, Judgement, Matched, OrderFilter, OrderState, ReviewFilter, ReviewTab, Store,
    Stream, SweepScope, Verdict,
};

use crate::samples::{
    at, connect, key, listing, matched, odoo, open, order, page, proposal, received, shop, variant,
};

const ROWS: i64 = 200_000;
const PAGE: i64 = 500;

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (start, before) = (Instant::now(), computed_ms());
    let outcome = work();
    let wall = start.elapsed().as_secs_f64() * 1_000.0;
    match computed_ms().zip(before) {
        Some((after, before)) => println!("{what:<44} {wall:>9.1} ms, CPU {:.1}", after - before),
        None => println!("{what:<44} {wall:>9.1} ms"),
    }
    outcome
}

/// What this thread computed so far, where the system says it: a busy machine does not change it.
fn computed_ms() -> Option<f64> {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = said.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}

fn name(n: i64) -> String {
    let thing = ["Chair", "Kettle", "Kärcher pump", "Balloon", "بالون أحمر"];
    format!(
        "{} model {n} in size {}",
        thing[usize::try_from(n).unwrap_or(0) % 5],
        n % 37
    )
}

fn fill(store: &Store) {
    connect(store);
    let begin = |connection, stream| {
        store
            .begin_sweep(connection, stream, SweepScope::WHOLE, at(1))
            .unwrap()
    };
    let (listings, variants) = (
        begin(&shop(), Stream::Listings),
        begin(&odoo(), Stream::Variants),
    );
    for first in (0..ROWS).step_by(500) {
        let numbers = first..first + PAGE;
        let items = received(
            numbers
                .clone()
                .map(|n| listing(&n.to_string(), &name(n)))
                .collect(),
        );
        store
            .save_listings_page(&shop(), &page_of(listings.id, &items, first))
            .unwrap();
        let items = received(numbers.map(|n| variant(n, &name(n))).collect());
        store
            .save_variants_page(&odoo(), &page_of(variants.id, &items, first))
            .unwrap();
    }
    store
        .finish_sweep(&shop(), Stream::Listings, &listings, at(2))
        .unwrap();
    store
        .finish_sweep(&odoo(), Stream::Variants, &variants, at(2))
        .unwrap();
}

fn page_of<T>(sweep: i64, items: &[(T, String)], first: i64) -> tandem_store::PageToSave<'_, T> {
    let last = first + PAGE >= ROWS;
    tandem_store::PageToSave {
        next: (!last).then_some("more"),
        ..page(sweep, items)
    }
}

fn outcome() -> Vec<Matched> {
    (0..ROWS)
        .map(|n| {
            let verdict = match n % 10 {
                0..=4 => Verdict::Linked,
                5 | 6 => Verdict::Likely,
                7 => Verdict::Ambiguous,
                _ => Verdict::None,
            };
            let score = u16::try_from(n * 7 % 10_001).unwrap_or(0);
            let name = Evidence::NameSimilarity {
                basis_points: score,
            };
            let candidates = (0..5)
                .map(|c| proposal((n + c) % ROWS, score, vec![Evidence::SameSku, name.clone()]));
            matched(&n.to_string(), verdict, candidates.collect())
        })
        .collect()
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_at_two_hundred_thousand_listings() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap().store;
    timed("save 400,000 records, 500 a page", || fill(&store));
    let outcome = outcome();
    timed("take over a first matching", || {
        store.replace_matching(&shop(), &outcome, at(5)).unwrap();
    });
    timed("take it over again", || {
        store.replace_matching(&shop(), &outcome, at(6)).unwrap();
    });
    for tab in [
        ReviewTab::ToReview,
        ReviewTab::Mapped,
        ReviewTab::Unmatched,
        ReviewTab::Conflicts,
    ] {
        let filter = ReviewFilter::of(tab);
        let ids = timed(&format!("{tab:?}: all ids"), || {
            store.review_ids(&shop(), &filter)
        });
        let ids = ids.unwrap();
        println!("{:>44} rows", ids.len());
        let middle = &ids[ids.len() / 2..];
        let some = &middle[..middle.len().min(100)];
        timed("  100 rows from the middle", || {
            store.review_rows(&shop(), some).unwrap()
        });
        timed("  a page of 100", || {
            store.review_page(&shop(), &filter, 0, 100).unwrap()
        });
        timed("  counts", || {
            store.review_counts(&shop(), &filter).unwrap()
        });
    }
    typing(&store);
    store.rest();
    timed("the texts that are searched", || {
        store.prepare_search(&shop()).unwrap();
    });
    timed("search variants", || {
        store.search_variants(&odoo(), "kettle 77", 50).unwrap()
    });
    timed("search variants, two letters", || {
        store.search_variants(&odoo(), "zq", 50).unwrap()
    });
    timed("decide", || {
        store
            .decide(&shop(), &key("77"), &Decision::Accept(VariantKey(8)), at(9))
            .unwrap();
    });
    timed("undo", || store.undo(&shop(), at(10)).unwrap());
    bulk_steps(&store);
    timed("all listings", || store.listings(&shop()).unwrap());
    timed("remove the store", || {
        store.remove_connection(&shop()).unwrap();
    });
}

const BULK: usize = 10_000;

/// Ten thousand pairs at once, in the order in which the review offers them.
fn bulk_steps(store: &Store) {
    let filter = ReviewFilter::of(ReviewTab::ToReview);
    let rows = timed("rows of a bulk step", || {
        store.bulk_rows(&shop(), &filter).unwrap()
    });
    let likely = rows
        .into_iter()
        .filter(|row| row.verdict == Verdict::Likely);
    let rows: Vec<_> = likely.take(BULK).collect();
    for (what, decision) in [
        ("accepted", Decision::Accept as fn(VariantKey) -> Decision),
        ("left aside", |_| Decision::Ignore),
        ("rejected", Decision::Reject),
    ] {
        let decided = rows.iter().filter_map(|row| {
            let variant = row.variant?;
            Some((row.listing.clone(), decision(variant)))
        });
        let decided: Vec<_> = decided.collect();
        let taken = timed(&format!("{} {what}", decided.len()), || {
            store.decide_all(&shop(), &decided, at(11)).unwrap()
        });
        timed("  counts after it", || {
            store.review_counts(&shop(), &filter).unwrap()
        });
        let (undone, _) = timed("  taken back", || {
            store.undo_step(&shop(), taken[0], at(12)).unwrap()
        });
        assert_eq!(undone.len(), taken.len(), "all of it was in force");
    }
}

fn typing(store: &Store) {
    for (store_text, odoo_text) in [
        ("kettle", ""),
        ("ke", ""),
        ("بالون", ""),
        ("zzz", ""),
        ("", "karcher"),
        ("kettle", "37"),
    ] {
        let filter = ReviewFilter {
            store_text: store_text.to_owned(),
            odoo_text: odoo_text.to_owned(),
            evidence: vec![EvidenceTag::SameSku],
            ..ReviewFilter::of(ReviewTab::ToReview)
        };
        let what = format!("typed {store_text:?}, {odoo_text:?}");
        timed(&format!("{what}: page"), || {
            store.review_page(&shop(), &filter, 0, 100).unwrap()
        });
        timed(&format!("{what}: counts"), || {
            store.review_counts(&shop(), &filter).unwrap()
        });
    }
}

const ORDERS: i64 = 100_000;

fn customer(n: i64) -> &'static str {
    ["Noura", "Yousef", "فاطمة", "Harper", "Mishari"][usize::try_from(n).unwrap_or(0) % 5]
}

fn fill_orders(store: &Store) {
    let sweep = store
        .begin_sweep(&shop(), Stream::Orders, SweepScope::WHOLE, at(1))
        .unwrap();
    for first in (0..ORDERS).step_by(500) {
        let orders = (first..first + PAGE).map(|n| {
            let mut order = order(&n.to_string(), "processing", n * 60, &["7", "8", "9"]);
            order.customer.name = format!("{} {n}", customer(n));
            order
        });
        let items = received(orders.collect());
        let page = tandem_store::PageToSave {
            next: (first + PAGE < ORDERS).then_some("more"),
            ..page(sweep.id, &items)
        };
        store.save_orders_page(&shop(), &page).unwrap();
    }
    store
        .finish_sweep(&shop(), Stream::Orders, &sweep, at(2))
        .unwrap();
}

/// What the list is narrowed to, and from where it is read.
fn narrowings() -> Vec<(&'static str, OrderFilter, u32)> {
    let everything = OrderFilter::default;
    let text = |text: &str| OrderFilter {
        text: text.to_owned(),
        ..everything()
    };
    vec![
        ("all", everything(), 0),
        ("all, from the end", everything(), 99_800),
        (
            "waiting",
            OrderFilter {
                states: vec![OrderState::Waiting],
                ..everything()
            },
            5_000,
        ),
        ("typed noura", text("noura"), 0),
        ("typed no", text("no"), 0),
        ("typed فاطمه", text("فاطمه"), 0),
        ("typed فا", text("فا"), 0),
        ("typed SKU-8", text("SKU-8"), 0),
        ("typed 54321", text("54321"), 0),
        (
            "a customer",
            OrderFilter {
                customer: "harper 77".to_owned(),
                ..everything()
            },
            0,
        ),
        (
            "amounts",
            OrderFilter {
                total_min: Some(1.into()),
                total_max: Some(3.into()),
                ..everything()
            },
            0,
        ),
        (
            "thirty days",
            OrderFilter {
                placed_from: Some(at(57_000 * 60)),
                ..everything()
            },
            0,
        ),
    ]
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed_at_a_hundred_thousand_orders() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap().store;
    connect(&store);
    timed("save 100,000 orders, 500 a page", || fill_orders(&store));
    let judged: Vec<Judgement> = (0..ORDERS)
        .map(|n| Judgement {
            order: OrderKey::new(n.to_string()),
            state: [OrderState::Closed, OrderState::Waiting][usize::from(n % 9 == 0)],
            blockers: Vec::new(),
        })
        .collect();
    timed("save 100,000 judgements", || {
        store.save_judgements(&shop(), &judged).unwrap();
    });
    for (what, filter, offset) in narrowings() {
        timed(&format!("{what}: a page of 200, and counts"), || {
            store.orders_page(&shop(), &filter, offset, 200).unwrap()
        });
    }
    timed("worth of the waiting", || {
        store.order_worth(&shop(), OrderState::Waiting).unwrap()
    });
}
