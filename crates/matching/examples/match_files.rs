//! Matches two CSV files and writes the predictions, to measure the engine on labelled data.
//!
//! `match_files LEFT.csv RIGHT.csv --out P.csv [--decisions D.csv]`

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::time::Instant;

use tandem_matching::{Watch, files, learn};

fn main() -> io::Result<()> {
    let mut names = Vec::new();
    let (mut out, mut decisions) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => out = arguments.next(),
            "--decisions" => decisions = arguments.next(),
            _ => names.push(argument),
        }
    }
    let ([left, right], Some(out)) = (names.as_slice(), out) else {
        let usage = "usage: match_files LEFT.csv RIGHT.csv --out P.csv [--decisions D.csv]";
        return Err(io::Error::other(usage));
    };
    let decisions = decisions.map(std::fs::read_to_string).transpose()?;
    let (left, right) = (
        std::fs::read_to_string(left)?,
        std::fs::read_to_string(right)?,
    );
    let files = files::read(&left, &right, decisions.as_deref()).map_err(io::Error::other)?;
    drop((left, right));
    let started = Instant::now();
    let mut file = BufWriter::new(File::create(out)?);
    let mut written = file.write_all(files::HEADER.as_bytes());
    let mut text = String::new();
    let model = learn(&files.catalogues, Watch::NOBODY, &mut |found| {
        text.clear();
        files::write(&mut text, &found, &files.variants);
        if written.is_ok() {
            written = file.write_all(text.as_bytes());
        }
    });
    let model = model.ok_or_else(|| io::Error::other("nobody cancels here"))?;
    written.and_then(|()| file.flush())?;
    writeln!(
        io::stdout(),
        "{:.2} s, {} pairs proven, {} words learned\n{:#?}",
        started.elapsed().as_secs_f64(),
        model.proven(),
        model.learned().len(),
        model.tiers(),
    )
}
