//! The usual ways to match two catalogues, measured in the same run on the same files: Python
//! libraries in an environment of their own, which is made when it is first wanted.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tandem_matching::files::write_row;

use crate::measure::Tally;
use crate::synth::Shop;
use crate::{child, data_folder};

/// The sets that are compared on, beside a made-up shop.
const PUBLIC: [&str; 3] = ["abt-buy", "amazon-google", "syn-10000"];
/// What the script can do, and its name in the table.
const WAYS: [(&str, &str); 2] = [
    ("token_set", "SKU + rapidfuzz token_set"),
    ("tfidf", "SKU + TF-IDF, sparse_dot_topn"),
];
/// Above so many listings, looking at all pairs tells nothing new.
const ALL_PAIRS_LISTINGS_MAX: usize = 20_000;
/// The shop that is made up.
const SHOP: [&str; 2] = ["plain", "101"];

/// Prints the table. A machine without Python or the libraries is told so, and no more.
pub(crate) fn measure(listings: &str) {
    if let Err(error) = table(listings) {
        println!("the usual ways were not measured: {error}");
    }
}

fn table(listings: &str) -> io::Result<()> {
    let python = environment()?;
    let folder = std::env::temp_dir().join(format!("tandem-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let made = folder.to_string_lossy();
    let written = child_done(&["write", SHOP[0], SHOP[1], listings, &made]);
    let done = written.and_then(|()| {
        println!(
            "same files, same run         set                    top1   top5 bestF1      P      R    cpu s   ratio  peak M"
        );
        set(&python, &format!("{} {listings}", SHOP[0]), &folder)?;
        for name in PUBLIC {
            let public = data_folder().map(|data| data.join(name));
            if let Some(public) = public.filter(|public| public.join("gold.csv").is_file()) {
                set(&python, name, &public)?;
            }
        }
        Ok(())
    });
    std::fs::remove_dir_all(&folder)?;
    done
}

fn child_done(arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    run(command.arg("--child").args(arguments)).map(drop)
}

/// One set: ours, then the others.
fn set(python: &Path, name: &str, folder: &Path) -> io::Result<()> {
    let ours = child(&["folder", &folder.to_string_lossy()])?;
    let seconds = seconds(&ours);
    let rows = ours.peak_kb / 1_024;
    println!(
        "{}",
        line("ours", name, &ours.shares(), (seconds, 1.0, rows))
    );
    for (way, title) in WAYS {
        if way == "token_set" && ours.gold > ALL_PAIRS_LISTINGS_MAX {
            continue;
        }
        let text = run(Command::new(python)
            .args([beside("compare.py"), way.into()])
            .arg(folder))?;
        let figures: Vec<f64> = text.split_whitespace().flat_map(str::parse).collect();
        let [top1, top5, f1, precision, recall, cpu, peak_kb, looked_at] = figures[..] else {
            return Err(io::Error::other(format!("{way} said {text:?}")));
        };
        let shares = [top1, top5, f1, precision, recall];
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "kilobytes of one process"
        )]
        let peak = (peak_kb / 1_024.0) as u64;
        let line = line(title, name, &shares, (cpu, cpu / seconds, peak));
        println!("{line}  {looked_at:.0} listings");
    }
    Ok(())
}

fn seconds(ours: &Tally) -> f64 {
    (ours.cpu_ms as f64 / 1_000.0).max(0.01)
}

fn line(title: &str, set: &str, shares: &[f64; 5], (cpu, ratio, peak): (f64, f64, u64)) -> String {
    let [top1, top5, f1, precision, recall] = shares;
    format!(
        "{title:<28} {set:<20} {top1:>6.4} {top5:>6.4} {f1:>6.4} {precision:>6.4} {recall:>6.4} {cpu:>8.2} {ratio:>7.1} {peak:>7}"
    )
}

/// The interpreter of an environment with the libraries, beside the program.
fn environment() -> io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder = program
        .parent()
        .unwrap_or(Path::new("."))
        .join("bench-python");
    let python = folder.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let there =
        || run(Command::new(&python).args(["-c", "import rapidfuzz, sparse_dot_topn, sklearn"]));
    if there().is_err() {
        println!("Making a Python environment in {} …", folder.display());
        let system = if cfg!(windows) { "python" } else { "python3" };
        run(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
        let install = ["-m", "pip", "install", "--quiet", "--requirement"];
        run(Command::new(&python)
            .args(install)
            .arg(beside("compare.txt")))?;
        there()?;
    }
    Ok(python)
}

/// A file beside this one.
fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/bench")
        .join(name)
}

/// What a program printed, if it ended well.
fn run(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.trim().lines().next_back().unwrap_or_default();
    Err(io::Error::other(last.to_owned()))
}

/// Writes a made-up shop the way public sets are written.
pub(crate) fn write(shop: &Shop, folder: &Path) -> io::Result<()> {
    let header = [
        "id",
        "type",
        "sku",
        "barcode",
        "name",
        "attributes",
        "price",
    ];
    let (mut left, mut right, mut gold) = (String::new(), String::new(), String::new());
    write_row(&mut left, header);
    for item in &shop.catalogues.left {
        let kind = match (item.parent, item.bundle) {
            (true, _) => "variable",
            (_, true) => "bundle",
            _ => "simple",
        };
        let sku = item.sku.as_ref().map(tandem_domain::Sku::as_str);
        let texts = [item.key.as_str(), kind, sku.unwrap_or_default()];
        let (barcode, attributes) = (item.barcode.as_deref(), attributes(&item.attributes));
        let price = item.price.map(|price| price.amount.to_string());
        let rest = [barcode.unwrap_or_default(), &item.name, &attributes];
        let price = price.unwrap_or_default();
        write_row(
            &mut left,
            texts.into_iter().chain(rest).chain([price.as_str()]),
        );
    }
    write_row(&mut right, header);
    for item in &shop.catalogues.right {
        let kind = if item.kit { "kit" } else { "product" };
        let (id, sku) = (
            item.key.0.to_string(),
            item.sku.as_ref().map(tandem_domain::Sku::as_str),
        );
        let texts = [id.as_str(), kind, sku.unwrap_or_default()];
        let (barcode, attributes) = (item.barcode.as_deref(), attributes(&item.attributes));
        let price = item.price.map(|price| price.amount.to_string());
        let rest = [barcode.unwrap_or_default(), &item.name, &attributes];
        let price = price.unwrap_or_default();
        write_row(
            &mut right,
            texts.into_iter().chain(rest).chain([price.as_str()]),
        );
    }
    write_row(&mut gold, ["left_id", "right_id"]);
    let mut pairs: Vec<_> = shop.gold.iter().collect();
    pairs.sort_unstable();
    for (listing, variant) in pairs {
        write_row(&mut gold, [listing.as_str(), &variant.0.to_string()]);
    }
    std::fs::write(folder.join("left.csv"), left)?;
    std::fs::write(folder.join("right.csv"), right)?;
    std::fs::write(folder.join("gold.csv"), gold)
}

fn attributes(values: &[String]) -> String {
    let named: Vec<_> = values
        .iter()
        .map(|value| format!("Value: {value}"))
        .collect();
    named.join("; ")
}
