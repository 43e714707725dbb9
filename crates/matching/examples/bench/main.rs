//! Measures the engine: made-up shops from seeds, and labelled public sets.
//!
//! `bench [--seeds 1,2,3] [--listings 10000] [--preset NAME]`, or `bench --session 100000` for what
//! a change costs. Public sets are the folders with
//! `left.csv`, `right.csv` and `gold.csv` in the folder that `TANDEM_BENCH_DATA` names. Each row
//! of the table is measured in processes of its own: processor seconds of reading, learning and
//! matching, and the peak of memory. `bench --compare 10000` measures the usual ways to match, in
//! Python, on the same files; `bench` alone does so at its end. `bench --decisions 100` measures
//! what so many decisions of a person teach about the listings that are left.
#![allow(clippy::cast_precision_loss, reason = "figures for a table")]
#![allow(clippy::print_stdout, reason = "a table is what it is for")]

mod chance;
mod compare;
mod decisions;
mod goods;
mod measure;
mod session;
mod synth;
mod values;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use measure::{Gold, Tally};
use synth::{PRESETS, Shop};
use tandem_domain::{ListingKey, VariantKey};
use tandem_matching::{Catalogues, Watch, files, learn};

/// Public sets that are measured when they are there.
const PUBLIC: [&str; 4] = ["abt-buy", "amazon-google", "syn-1000", "syn-10000"];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--child", "shop", preset, seed, listings] => shop(preset, number(seed)?, listings),
        ["--child", "folder", folder] => folder_of(Path::new(folder)),
        ["--session", listings] => {
            let listings = listings.parse().map_err(io::Error::other)?;
            session::measure(synth::make(PRESETS[0], 1, listings))
        }
        ["--child", "write", preset, seed, listings, folder] => {
            let shop = made(preset, number(seed)?, listings)?;
            compare::write(&shop, Path::new(folder))
        }
        ["--compare", listings] => {
            compare::measure(listings);
            Ok(())
        }
        ["--decisions", count] => decided(count.parse().map_err(io::Error::other)?),
        _ => table(&words),
    }
}

/// The public sets that are there, before and after so many decisions.
fn decided(count: usize) -> io::Result<()> {
    println!("{}", Tally::HEAD);
    for name in PUBLIC {
        if let Some(folder) = labelled(name) {
            let (catalogues, gold) = read_folder(&folder)?;
            decisions::measure(name, catalogues, &gold, count);
        }
    }
    Ok(())
}

fn number(text: &str) -> io::Result<u64> {
    text.parse().map_err(io::Error::other)
}

fn option<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| *word == name)?;
    words.get(place + 1).copied()
}

fn table(words: &[&str]) -> io::Result<()> {
    let seeds = option(words, "--seeds").unwrap_or("101,102,103");
    let listings = option(words, "--listings").unwrap_or("10000");
    let only = option(words, "--preset");
    println!("{}", Tally::HEAD);
    for preset in PRESETS
        .iter()
        .filter(|p| only.is_none_or(|only| only == p.name))
    {
        let mut pooled = Tally::default();
        for seed in seeds.split(',') {
            pooled.add(child(&["shop", preset.name, seed, listings])?);
        }
        println!(
            "{}",
            pooled.line(&format!(
                "{} {listings} x{}",
                preset.name,
                seeds.split(',').count()
            ))
        );
    }
    for name in PUBLIC.iter().filter(|_| only.is_none()) {
        match labelled(name) {
            Some(folder) => {
                let tally = child(&["folder", &folder.to_string_lossy()])?;
                println!("{}", tally.line(name));
            }
            None => println!("{name:<26} not found in the folder that TANDEM_BENCH_DATA names"),
        }
    }
    if only.is_none() {
        println!();
        compare::measure(listings);
    }
    Ok(())
}

/// The folder of a public set with answers, where there is one.
fn labelled(name: &str) -> Option<PathBuf> {
    let folder = data_folder()?.join(name);
    folder.join("gold.csv").is_file().then_some(folder)
}

fn data_folder() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the configuration of a program of its own"
    )]
    let folder = std::env::var("TANDEM_BENCH_DATA").ok()?;
    Some(folder.into())
}

fn child(arguments: &[&str]) -> io::Result<Tally> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg("--child").args(arguments).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Tally::from_text(&text).ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        io::Error::other(format!("{arguments:?} failed: {said}"))
    })
}

fn made(preset: &str, seed: u64, listings: &str) -> io::Result<Shop> {
    let preset = PRESETS.iter().find(|p| p.name == preset);
    let preset = preset.ok_or_else(|| io::Error::other("no such preset"))?;
    let listings = listings.parse().map_err(io::Error::other)?;
    Ok(synth::make(*preset, seed, listings))
}

fn shop(preset: &str, seed: u64, listings: &str) -> io::Result<()> {
    let shop = made(preset, seed, listings)?;
    let gold = shop
        .gold
        .into_iter()
        .map(|(listing, variant)| (listing, [variant].into()));
    measure(&shop.catalogues, &gold.collect(), cpu_ms())
}

fn folder_of(folder: &Path) -> io::Result<()> {
    let (catalogues, gold) = read_folder(folder)?;
    measure(&catalogues, &gold, 0)
}

fn read_folder(folder: &Path) -> io::Result<(Catalogues, Gold)> {
    let text = |name: &str| std::fs::read_to_string(folder.join(name));
    let files = files::read(&text("left.csv")?, &text("right.csv")?, None);
    let files = files.map_err(io::Error::other)?;
    let keys = files
        .variants
        .iter()
        .zip(0..)
        .map(|(id, key)| (id.as_str(), VariantKey(key)));
    let keys: HashMap<_, _> = keys.collect();
    let table = files::Table::read(&text("gold.csv")?).map_err(io::Error::other)?;
    let column = |name| table.column(name).map_err(io::Error::other);
    let (left, right) = (column("left_id")?, column("right_id")?);
    let mut gold = Gold::new();
    for row in table.rows() {
        let variant = keys.get(row[right].as_str()).copied();
        gold.entry(ListingKey::new(&row[left]))
            .or_default()
            .extend(variant);
    }
    Ok((files.catalogues, gold))
}

fn measure(catalogues: &Catalogues, gold: &Gold, spent_ms: u64) -> io::Result<()> {
    let mut tally = Tally::default();
    tally.expect(gold);
    let model = learn(catalogues, Watch::NOBODY, &mut |found| {
        tally.count(&found, gold);
    });
    model.ok_or_else(|| io::Error::other("nobody cancels here"))?;
    tally.cpu_ms = cpu_ms() - spent_ms;
    tally.peak_kb = peak_kb();
    println!("{}", tally.to_text());
    Ok(())
}

/// Processor time of this process so far; 0 where the system does not tell it this way.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    // User and system time are the 14th and 15th field, in hundredths of a second.
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0)
}
