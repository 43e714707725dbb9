//! What orders into Odoo cost: sorting many, and importing some hundred against the same `load`
//! calls in a bare loop. `./dev bench orders` runs it without arguments, in release.
//!
//! The servers are the built-in stand-ins. While orders go in, Odoo is paced like a real one: two
//! processors' worth of work at a time, 140 ms for a creation, 18 ms for any other call and 100 ms
//! for 1,000 rows.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what this program is for, and how far it is"
)]

mod pace;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{StreamExt as _, stream};
use pace::{Paced, is_creation};
use tandem_app::view::{MapInput, MapKind, OrderState, OrdersQuery, RunState};
use tandem_app::{Outside, Profile, Sandbox, SandboxPlan};
use tandem_contract::http::{Request, Transport};
use tandem_sandbox::ShopOrder;
use tandem_tests::measuring::{Counting, cpu_ms};
use tandem_tests::{Desk, outside};

/// Orders that are sorted into those that can go in and those that cannot.
const SORTED: usize = 10_000;
/// Orders that go in before, so that their customers are known.
const BEFORE: usize = 100;
/// Orders that are imported while it is measured.
const MEASURED: usize = 300;
/// The bare loop's connections: as many as an import has.
const AT_ONCE: usize = 4;
/// How often an order is sorted, and how often the import and the bare loop take turns.
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    println!("Measured against the built-in stand-ins.\n");
    let began = Instant::now();
    let now = |what: &str| eprintln!("[{:>4} s] {what}", began.elapsed().as_secs());
    now("a shop of 10,000 orders");
    sorting().await;
    now("imports against a bare loop, about 2 minutes");
    importing().await;
    now("done");
}

/// The stand-ins with so many orders that are due, and a profile on disk that has fetched them.
struct Bench {
    desk: Desk,
    counting: Arc<Counting>,
    paced: Arc<Paced>,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn open(orders: usize) -> Self {
        let real = outside();
        let plan = SandboxPlan {
            seed: Some(Desk::SEED),
            listings: Some(2_000),
            orders: Some(orders),
            ..SandboxPlan::default()
        };
        let sandbox = Sandbox::start(&plan, Arc::clone(&real.clock)).await;
        let sandbox = sandbox.expect("loopback has free ports");
        for order in sandbox.world().lock().shop.orders.values_mut() {
            "processing".clone_into(&mut order.status);
            order.refunds.clear();
        }
        let paced = Paced::before(Arc::clone(&real.transport));
        let counting = Counting::before(Arc::clone(&paced) as _);
        let outside = Outside {
            transport: Arc::clone(&counting) as Arc<dyn Transport>,
            ..real
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let profile = Profile {
            folder: Some(folder.path().to_owned()),
            sandbox: true,
        };
        let desk = Desk::joined(sandbox, (profile, outside)).await;
        desk.fetch().await;
        let draft = MapInput {
            kind: MapKind::Status,
            key: "processing".to_owned(),
            value: "draft".to_owned(),
            tracking: None,
        };
        let settled = desk.app.settle_maps(&desk.store, vec![draft]).await;
        settled.expect("settled");
        Self {
            desk,
            counting,
            paced,
            _folder: folder,
        }
    }

    /// The ids of orders that can go in.
    async fn ready(&self) -> Vec<String> {
        let query = OrdersQuery {
            states: vec![OrderState::Waiting],
            ..OrdersQuery::default()
        };
        let shown = self.desk.app.orders_shown(&self.desk.store, query).await;
        shown.expect("the list can be read")
    }
}

/// Every order of a large shop, as the plan of an import shows it.
async fn sorting() {
    let bench = Bench::open(SORTED).await;
    for paced in [false, true] {
        bench.paced.switch(paced);
        for _ in 0..ROUNDS {
            let (began, before) = (Instant::now(), cpu_ms().unwrap_or(0));
            let calls = bench.counting.count();
            let plan = bench.desk.app.order_plan(&bench.desk.store, Vec::new());
            let plan = plan.await.expect("it is planned");
            println!(
                "{} orders sorted, Odoo asked about each{}: {} can go in, {} are held back; {} ms, \
                 {} ms of processor time with the stand-in's, {} calls",
                plan.orders.len() + plan.blocked.len(),
                if paced { " (paced)" } else { "" },
                plan.orders.len(),
                plan.blocked.len(),
                began.elapsed().as_millis(),
                cpu_ms().unwrap_or(0) - before,
                bench.counting.count() - calls
            );
        }
    }
}

/// An import of orders of known customers, and the very same creations in a bare loop.
async fn importing() {
    let bench = Bench::open(BEFORE).await;
    let (app, store) = (&bench.desk.app, bench.desk.store.as_str());
    let first = bench.ready().await;
    let run = app.import_orders(store, first.clone()).await;
    assert_eq!(run.expect("it begins").run.state, RunState::Done);
    let (mut ours, mut bare) = (Duration::ZERO, Duration::ZERO);
    let (mut calls, mut orders) = (0, 0);
    for round in 0..ROUNDS {
        let placed = place_again(&bench, &first, round);
        bench.desk.fetch().await;
        let ready: BTreeSet<String> = bench.ready().await.into_iter().collect();
        let keys: Vec<String> = placed
            .into_iter()
            .filter(|key| ready.contains(key))
            .collect();
        let imported = keys.len();
        bench.paced.switch(true);
        let (began, before) = (Instant::now(), bench.counting.count());
        let run = app.import_orders(store, keys).await.expect("it begins").run;
        ours += began.elapsed();
        assert_eq!(run.state, RunState::Done, "{:?}", run.error);

        let requests = bench.counting.requests().split_off(before);
        calls += requests.iter().filter(|request| is_odoo(request)).count();
        orders += imported;
        let creations: Vec<Request> = requests.into_iter().filter_map(made_new).collect();
        assert_eq!(creations.len(), imported, "a creation for each order");
        let began = Instant::now();
        bare_loop(&bench, &creations).await;
        bare += began.elapsed();
        bench.paced.switch(false);
    }
    let per_order = calls * 100 / orders;
    let ratio = bare.as_millis() * 100 / ours.as_millis().max(1);
    println!(
        "{orders} quotations of known customers in {ROUNDS} imports: {} ms; the same creations in a \
         bare loop, {AT_ONCE} at once: {} ms; {}.{:02} of its throughput, {}.{:02} calls an order",
        ours.as_millis(),
        bare.as_millis(),
        ratio / 100,
        ratio % 100,
        per_order / 100,
        per_order % 100
    );
}

/// The same customers order the same things again; returns the ids of the new orders.
fn place_again(bench: &Bench, first: &[String], round: usize) -> Vec<String> {
    let world = &mut *bench.desk.sandbox.world().lock();
    let now = world.clock.now();
    let known: Vec<ShopOrder> = first
        .iter()
        .filter_map(|key| world.shop.orders.get(&key.parse().ok()?).cloned())
        .collect();
    let after = world.shop.orders.keys().next_back().copied().unwrap_or(0);
    let again = known.iter().cycle().take(MEASURED).zip(after + 1..);
    let placed = again.map(|(order, key)| {
        let mut order = order.clone();
        order.number = format!("{}-{round}-{key}", order.number);
        (order.created, order.modified) = (now, now);
        order.meta.clear();
        world.shop.orders.insert(key, order);
        key.to_string()
    });
    placed.collect()
}

fn is_odoo(request: &Request) -> bool {
    ["/json", "/xmlrpc", "/web/"]
        .iter()
        .any(|path| request.url.path().starts_with(path))
}

/// A creation under another reference, so that it makes another order.
fn made_new(mut request: Request) -> Option<Request> {
    if !is_creation(&request) {
        return None;
    }
    let body = String::from_utf8_lossy(&request.body);
    request.body = body.replace(".order_", ".order_bare_").into();
    Some(request)
}

async fn bare_loop(bench: &Bench, creations: &[Request]) {
    let sent = stream::iter(creations).for_each_concurrent(AT_ONCE, |request| async {
        let answer = bench.paced.send(request).await;
        let answer = answer.expect("the server is there");
        let said = String::from_utf8_lossy(&answer.body);
        assert!(
            said.contains("\"ids\":[") || said.contains("\"ids\": ["),
            "{said}"
        );
    });
    sent.await;
}
