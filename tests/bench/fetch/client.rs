//! One fetch, measured: the program that a manager runs, without its window.

use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use tandem_contract::http::{Network, Transport};
use tandem_contract::{Erp, Source, Wire};
use tandem_domain::Slug;
use tandem_store::Store;
use tandem_sync::{Fetching, Pace, Streamed, fetch};
use tandem_tests::measuring::cpu_ms;
use tandem_tests::rig::{self, erp_slug, shop_slug};
use tokio_util::sync::CancellationToken;

use crate::clock;

/// Which server.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    Shop,
    Erp,
}

impl Side {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Erp => "erp",
        }
    }

    pub(crate) fn records(self) -> &'static str {
        match self {
            Self::Shop => "listings (WooCommerce)",
            Self::Erp => "variants (Odoo)",
        }
    }
}

/// What one fetch took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) records: u64,
    pub(crate) wall_ms: u64,
    /// Zero where the system does not tell.
    pub(crate) cpu_ms: u64,
    /// Zero where the system does not tell.
    pub(crate) peak_kb: u64,
}

impl Measured {
    pub(crate) fn line(self) -> String {
        let Self {
            records,
            wall_ms,
            cpu_ms,
            peak_kb,
        } = self;
        format!("{records} {wall_ms} {cpu_ms} {peak_kb}")
    }

    fn read(line: &str) -> Self {
        let mut numbers = line.split_whitespace().map(str::parse);
        let mut next = || numbers.next().and_then(Result::ok).expect("four numbers");
        Self {
            records: next(),
            wall_ms: next(),
            cpu_ms: next(),
            peak_kb: next(),
        }
    }
}

/// Fetches in a process that does nothing else, so that its memory is that of a fetch.
pub(crate) fn in_own_process(side: Side, url: &str) -> Measured {
    let program = std::env::current_exe().expect("this program has a file");
    let output = Command::new(program)
        .args(["fetch", side.word(), url])
        .output()
        .expect("this program can be started again");
    let problems = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problems}");
    Measured::read(&String::from_utf8_lossy(&output.stdout))
}

/// Fetches the catalogue of one side into a new cache.
pub(crate) async fn measured(side: Side, url: &str) -> Measured {
    let network: Arc<dyn Transport> = Arc::new(Network::new("bench").expect("a TLS stack"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (store, _lock) = rig::open(folder.path());
    let began = Instant::now();
    let records = match side {
        Side::Shop => {
            let shop =
                tandem_connector_woocommerce::storefront(rig::shop_account(url), wire(network));
            let fetching = fetching(&store, shop_slug(), shop.readers_max());
            read(shop.listings(), &fetching).await
        }
        Side::Erp => {
            let erp = erp(url, network);
            let fetching = fetching(&store, erp_slug(), erp.readers_max());
            read(erp.variants(), &fetching).await
        }
    };
    Measured {
        records,
        wall_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        cpu_ms: cpu_ms().unwrap_or(0),
        peak_kb: peak_kb().unwrap_or(0),
    }
}

fn wire(transport: Arc<dyn Transport>) -> Wire {
    Wire {
        transport,
        clock: clock(),
    }
}

pub(crate) fn erp(url: &str, transport: Arc<dyn Transport>) -> Box<dyn Erp> {
    tandem_connector_odoo::erp(rig::erp_account(url), wire(transport))
}

/// A fetch of everything.
pub(crate) fn fetching(store: &Arc<Store>, connection: Slug, readers_max: usize) -> Fetching {
    Fetching {
        store: Arc::clone(store),
        clock: clock(),
        connection,
        pace: Pace::new(readers_max, clock()),
        full: false,
        sweep_pages: 0,
        earliest: None,
        server_now: clock().now(),
        cancel: CancellationToken::new(),
    }
}

/// Reads a stream to its end, if the side has it; returns how many records came.
pub(crate) async fn read<T: Streamed>(source: Option<&dyn Source<T>>, fetching: &Fetching) -> u64 {
    let Some(source) = source else {
        return 0;
    };
    let done = fetch(source, fetching, &|_| {}).await;
    done.expect("the server answers").progress.done
}

/// The most memory that this process ever held.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
