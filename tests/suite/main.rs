//! The connector suite against a real server: `./dev suite KIND --url … --login …`, with the
//! secret in `TANDEM_SUITE_SECRET`. Reads only, unless told to write, and prints what it saw.

#![expect(clippy::print_stdout, reason = "this program prints its findings")]

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use jiff::{SignedDuration, Unit};
use tandem_contract::http::{Fingerprint, Network, Transport};
use tandem_contract::suite::{self, Broken, Seen, Trial};
use tandem_contract::{Account, CheckReport, Erp, StepOutcome, Storefront, Wire};
use tandem_domain::{Clock as _, Secret, SystemClock};
use url::Url;

/// Runs what must hold of every connector against a real server. Nothing is written there, unless
/// --write is said.
#[derive(Debug, Parser)]
struct Args {
    /// What it speaks
    #[arg(value_enum)]
    kind: Kind,
    /// Address
    #[arg(long)]
    url: Url,
    /// User name, login or consumer key
    #[arg(long)]
    login: String,
    /// Odoo's database; left out, the only one is taken
    #[arg(long)]
    database: Option<String>,
    /// SHA-256 of a certificate to trust
    #[arg(long)]
    certificate: Option<Fingerprint>,
    /// Company in Odoo; left out, the only one is taken
    #[arg(long)]
    company: Option<i64>,
    /// Odoo: also sell, in a database made for trying. Makes a customer, a product and an order,
    /// and cancels the order; the rest stays, and is named at the end
    #[arg(long)]
    write: bool,
    /// With --write: post the invoice and make a draft credit note too, which stay for good
    #[arg(long, requires = "write")]
    post: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Woocommerce,
    Odoo,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match run(args).await {
        Ok(seen) => {
            println!("every promise holds: {seen:?}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<Seen, String> {
    let (account, wire) = (account(&args)?, wire(args.certificate)?);
    let checked = match args.kind {
        Kind::Woocommerce => {
            let shop = tandem_connector_woocommerce::storefront(account, wire);
            show_shop(shop.as_ref()).await?;
            suite::storefront(shop.as_ref()).await
        }
        Kind::Odoo => {
            let odoo = tandem_connector_odoo::erp(account, wire);
            show_odoo(odoo.as_ref()).await?;
            if args.write {
                sell(odoo.as_ref(), args.post).await?;
            }
            suite::erp(odoo.as_ref()).await
        }
    };
    checked.map_err(said)
}

fn said(Broken { promise, what }: Broken) -> String {
    format!("broken: {promise}\n  {what}")
}

/// Sells, and names what stays, also where a promise was broken.
async fn sell(odoo: &dyn Erp, post: bool) -> Result<(), String> {
    let now = SystemClock.now();
    let trial = Trial {
        name: format!("t{}", now.as_second()),
        placed_at: now.round(Unit::Second).unwrap_or(now) - SignedDuration::from_hours(26),
        post,
    };
    let mut stays = Vec::new();
    let held = suite::selling(odoo, &trial, &mut stays).await;
    for what in stays {
        println!("stays        {what}");
    }
    held.map_err(said)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the entry of a program: a secret must not be an argument"
)]
fn account(args: &Args) -> Result<Account, String> {
    let secret = std::env::var("TANDEM_SUITE_SECRET")
        .map_err(|_| "the secret is missing: set TANDEM_SUITE_SECRET".to_owned())?;
    Ok(Account {
        url: args.url.clone(),
        login: args.login.clone(),
        secret: Secret::new(secret),
        database: args.database.clone(),
        company: args.company,
        warehouses: Vec::new(),
        way: None,
        key_ends: None,
    })
}

fn wire(certificate: Option<Fingerprint>) -> Result<Wire, String> {
    let network = Network::new(env!("CARGO_PKG_VERSION")).map_err(|error| error.to_string())?;
    let network: Arc<dyn Transport> = Arc::new(network);
    let transport = match certificate {
        Some(trusted) => network.trusting(trusted),
        None => network,
    };
    Ok(Wire {
        transport,
        clock: Arc::new(SystemClock),
    })
}

/// A test that failed is not repeated by the suite: that would be a second failed login.
async fn show_shop(shop: &dyn Storefront) -> Result<(), String> {
    show_report(&shop.check().await)?;
    show_capability("listings", shop.listings().is_some());
    show_capability("orders", shop.orders().is_some());
    show_capability("refunds", shop.refunds().is_some());
    show_capability("customers", shop.customers().is_some());
    show_capability("pictures", shop.pictures().is_some());
    Ok(())
}

async fn show_odoo(odoo: &dyn Erp) -> Result<(), String> {
    show_report(&odoo.check().await)?;
    show_capability("variants", odoo.variants().is_some());
    show_capability("stock", odoo.stock().is_some());
    show_capability("pictures", odoo.pictures().is_some());
    show_capability("keys", odoo.keys().is_some());
    show_capability("sales", odoo.sales().is_some());
    Ok(())
}

fn show_capability(name: &str, has: bool) {
    println!("{name:12} {}", if has { "yes" } else { "no" });
}

fn show_report(report: &CheckReport) -> Result<(), String> {
    for step in &report.steps {
        let outcome = match &step.outcome {
            StepOutcome::Passed { detail } => format!("passed   {detail}"),
            StepOutcome::Failed => "FAILED".to_owned(),
            StepOutcome::NotTried => "not tried".to_owned(),
        };
        println!(
            "{:12} {:>6} ms  {outcome}",
            format!("{:?}", step.name),
            step.elapsed_ms
        );
    }
    for notice in &report.notices {
        println!("notice       {} {:?}", notice.code.code(), notice.context);
    }
    println!("found        {:#?}", report.found);
    match &report.failure {
        None => Ok(()),
        Some(failure) => {
            let code = failure.cause.code();
            Err(format!("failure      {code} {:?}", failure.context))
        }
    }
}
