//! Measures what a change costs: an update after one listing in a hundred changed, against the
//! whole run under the same model, and the order of ten thousand open proposals.

use std::io;

use tandem_matching::{Queue, Session, Watch, apply, rerank};

use crate::cpu_ms;
use crate::synth::Shop;

/// Open proposals that are ordered anew.
const OPEN: usize = 10_000;

/// Prints one line for each.
pub(crate) fn measure(shop: Shop) -> io::Result<()> {
    let nobody = || io::Error::other("nobody cancels here");
    let mut input = shop.catalogues;
    let start = cpu_ms();
    let mut session = Session::learn(&input, Watch::NOBODY).ok_or_else(nobody)?;
    let learned = cpu_ms();
    println!(
        "learn and match {} listings: {} cpu ms",
        input.left.len(),
        learned - start
    );
    for item in input.left.iter_mut().step_by(100) {
        item.name.push_str(" Plus");
    }
    let mut changed = Vec::new();
    let updated = session.update(&input, Watch::NOBODY, &mut |found| changed.push(found));
    let updated = updated.ok_or_else(nobody)?;
    let after = cpu_ms();
    println!("update: {} cpu ms, {updated:?}", after - learned);
    let mut whole = Vec::new();
    let model = session.model().clone();
    apply(&model, &input, Watch::NOBODY, &mut |found| {
        whole.push(found)
    })
    .ok_or_else(nobody)?;
    println!(
        "the whole under the same model: {} cpu ms",
        cpu_ms() - after
    );
    let mut expected = changed.iter().peekable();
    let known = whole
        .iter()
        .filter(|found| expected.next_if_eq(found).is_some())
        .count();
    println!(
        "{known} of {} changed matches are those of the whole run",
        changed.len()
    );
    input.left.sort_by(|a, b| a.key.cmp(&b.key));
    let mut queue = Queue {
        left: input
            .left
            .iter()
            .filter(|item| !item.parent)
            .take(OPEN)
            .cloned()
            .collect(),
        right: input.right,
        ..Queue::default()
    };
    let pairs = whole.iter().filter(|found| {
        queue
            .left
            .binary_search_by(|item| item.key.cmp(&found.listing))
            .is_ok()
    });
    let pairs = pairs.flat_map(|found| {
        found
            .candidates
            .iter()
            .map(|c| (found.listing.clone(), c.variant))
    });
    queue.open = pairs.collect();
    let wanted: std::collections::HashSet<_> = queue.open.iter().map(|pair| pair.1).collect();
    queue.right.retain(|item| wanted.contains(&item.key));
    queue.decided = queue
        .open
        .iter()
        .step_by(997)
        .map(|(l, r)| (l.clone(), *r, false))
        .collect();
    let start = cpu_ms();
    let found = rerank(&model, &queue);
    println!(
        "{} pairs of {} proposals ordered anew: {} cpu ms",
        found.len(),
        queue.left.len(),
        cpu_ms() - start
    );
    Ok(())
}
