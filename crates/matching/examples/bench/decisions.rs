//! Measures what a person's decisions teach: some of the open proposals are decided by the
//! published answers, and what is left is matched anew.

use std::collections::HashSet;

use tandem_domain::ListingKey;
use tandem_matching::{Catalogues, Match, Settled, Verdict, Watch, learn};

use crate::measure::{Gold, Tally};

/// Candidates that a person looks at before giving a listing up for now.
const LOOKED_AT: usize = 5;

/// Prints two lines about the listings that nobody decided: before the decisions and after them.
pub(crate) fn measure(name: &str, mut input: Catalogues, gold: &Gold, decisions: usize) {
    let before = matches(&input);
    let decided = decide(&mut input, (&before, gold), decisions);
    let after = matches(&input);
    let mut rest = gold.clone();
    rest.retain(|listing, _| !decided.contains(listing));
    let open = |found: &&Match| !decided.contains(&found.listing);
    for (when, found) in [("before", &before), ("after", &after)] {
        let mut tally = Tally::default();
        tally.expect(&rest);
        let found = found.iter().filter(open);
        found.for_each(|found| tally.count(found, &rest));
        println!("{}", tally.line(&format!("{name} {when} {decisions}")));
    }
}

fn matches(input: &Catalogues) -> Vec<Match> {
    let mut matches = Vec::new();
    let model = learn(input, Watch::NOBODY, &mut |found| matches.push(found));
    model.expect("nobody cancels here");
    matches
}

/// Decides so many proposals, evenly spread over the queue as it is shown: accepts the right
/// variant where it is among the first, rejects the first where none is.
fn decide(
    input: &mut Catalogues,
    (matches, gold): (&[Match], &Gold),
    decisions: usize,
) -> HashSet<ListingKey> {
    let is_open = |found: &&Match| matches!(found.verdict, Verdict::Likely | Verdict::Ambiguous);
    let open: Vec<_> = matches.iter().filter(is_open).collect();
    let step = (open.len() / decisions.max(1)).max(1);
    let chosen = open.into_iter().step_by(step).take(decisions);
    chosen
        .map(|found| {
            let right = gold.get(&found.listing);
            let mut looked_at = found.candidates.iter().take(LOOKED_AT);
            let answer = looked_at.find(|it| right.is_some_and(|all| all.contains(&it.variant)));
            match (answer, found.candidates.first()) {
                (Some(answer), _) => {
                    let settled = Settled::Accepted(answer.variant);
                    input.decided.insert(found.listing.clone(), settled);
                }
                (None, Some(first)) => {
                    input
                        .rejected
                        .insert((found.listing.clone(), first.variant));
                }
                (None, None) => {}
            }
            found.listing.clone()
        })
        .collect()
}
