//! Measures what a change costs: an update after one listing in a hundred changed, against the
//! whole run under the same model, and the order of ten thousand open proposals.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use tandem_matching::{Catalogues, Changes, Match, Queue, Session, Watch, apply};

use crate::cpu_ms;
use crate::synth::Shop;

/// Open proposals that are ordered anew.
const OPEN: usize = 10_000;

/// Prints one line for each.
pub(crate) fn measure(shop: Shop) -> io::Result<()> {
    let nobody = || io::Error::other("nobody cancels here");
    let mut input = shop.catalogues;
    input.left.sort_by(|a, b| a.key.cmp(&b.key));
    let start = cpu_ms();
    let session = Session::learn(input.clone(), Watch::NOBODY).ok_or_else(nobody)?;
    let learned = cpu_ms();
    println!(
        "learn and match {} listings: {} cpu ms",
        input.left.len(),
        learned - start
    );
    let bytes = session.append_to(Vec::new());
    let written = cpu_ms();
    let model = Arc::clone(session.model());
    drop(session);
    let mut since = Changes::default();
    for item in input.left.iter_mut().step_by(100) {
        item.name.push_str(" Plus");
        since.left.push(item.clone());
    }
    let start = cpu_ms();
    let session = Session::from_bytes(model, &bytes);
    let session = session.ok_or_else(|| io::Error::other("these are its own bytes"))?;
    let read = cpu_ms();
    let mut changed = Vec::new();
    let updated = session.update(since, Watch::NOBODY, &mut |found| changed.push(found));
    let (session, updated) = updated.ok_or_else(nobody)?;
    let after = cpu_ms();
    println!(
        "kept: {} bytes, written in {} and read in {} cpu ms",
        bytes.len(),
        written - learned,
        read - start,
    );
    println!("update: {} cpu ms, {updated:?}", after - read);
    let mut whole = Vec::new();
    let mut take = |found| whole.push(found);
    apply(session.model(), &input, Watch::NOBODY, &mut take).ok_or_else(nobody)?;
    println!(
        "the whole under the same model: {} cpu ms",
        cpu_ms() - after
    );
    let mut expected = changed.iter().peekable();
    let known = whole
        .iter()
        .filter(|found| expected.next_if_eq(found).is_some());
    println!(
        "{} of {} changed matches are those of the whole run",
        known.count(),
        changed.len()
    );
    order(&session, input, &whole);
    Ok(())
}

fn order(session: &Session, input: Catalogues, whole: &[Match]) {
    let mut queue = Queue {
        left: input
            .left
            .into_iter()
            .filter(|item| !item.parent)
            .take(OPEN)
            .collect(),
        right: input.right,
        ..Queue::default()
    };
    let open = |found: &&Match| {
        queue
            .left
            .binary_search_by(|item| item.key.cmp(&found.listing))
            .is_ok()
    };
    let pairs = whole.iter().filter(open).flat_map(|found| {
        found
            .candidates
            .iter()
            .map(|candidate| (found.listing.clone(), candidate.variant))
    });
    queue.open = pairs.collect();
    let wanted: HashSet<_> = queue.open.iter().map(|pair| pair.1).collect();
    queue.right.retain(|item| wanted.contains(&item.key));
    let decided = queue.open.iter().step_by(997);
    queue.decided = decided
        .map(|(listing, variant)| (listing.clone(), *variant, false))
        .collect();
    let start = (cpu_ms(), std::time::Instant::now());
    let found = session.rerank(&queue.open, &queue.decided).len();
    println!(
        "{found} pairs of {} proposals ordered anew: {} cpu ms, {} ms",
        queue.left.len(),
        cpu_ms() - start.0,
        start.1.elapsed().as_millis(),
    );
}
