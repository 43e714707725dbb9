//! Pages are asked for ahead of their turn, and saved in it.

use tandem_sync::fetch;

use crate::shelf::{Shelf, fetching, levels, saved, with_readers};

#[tokio::test]
async fn the_next_page_is_under_way_while_the_last_one_is_saved() {
    let (shelf, fetching) = (Shelf::of(7), fetching());
    fetch(&shelf, &fetching, &|progress| {
        let pages_asked = shelf.asked.lock().expect("no holder panics").len();
        let pages_saved = usize::try_from(progress.done.div_ceil(2)).expect("few");
        assert_eq!(pages_asked, (pages_saved + 1).min(4));
    })
    .await
    .expect("nothing fails");
    assert_eq!(saved(&fetching), 7);
}

#[tokio::test(start_paused = true)]
async fn foretold_pages_are_read_together_and_saved_in_their_order() {
    let shelf = Shelf {
        foretells: true,
        unordered: true,
        ..Shelf::of(40)
    };
    let fetching = with_readers(3);
    fetch(&shelf, &fetching, &|progress| {
        let keys: Vec<u64> = levels(&fetching)
            .into_iter()
            .map(|(key, _)| key.unsigned_abs())
            .collect();
        let expected: Vec<u64> = (1..=progress.done).collect();
        assert_eq!(keys, expected, "nothing is saved before its turn");
        let asked = shelf.asked.lock().expect("no holder panics").len() as u64;
        assert!(
            asked <= progress.done / 2 + 4,
            "a few pages ahead, not more"
        );
    })
    .await
    .expect("nothing fails");
    assert_eq!(saved(&fetching), 40);
    assert_eq!(shelf.most_under_way(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_guess_costs_requests_and_nothing_else() {
    let shelf = Shelf {
        foretells: true,
        unordered: true,
        ..Shelf::of(30)
    };
    for key in [4, 9, 10, 11, 12, 13, 20, 22] {
        shelf.remove(key);
    }
    let fetching = with_readers(4);
    let done = fetch(&shelf, &fetching, &|_| {})
        .await
        .expect("nothing fails");
    assert_eq!(levels(&fetching), shelf.levels());
    assert_eq!(done.progress.done, 22, "no record is counted twice");
}

#[tokio::test(start_paused = true)]
async fn what_is_guessed_behind_the_end_does_not_matter() {
    let shelf = Shelf {
        foretells: true,
        ..Shelf::of(5)
    };
    let fetching = with_readers(4);
    fetch(&shelf, &fetching, &|_| {})
        .await
        .expect("nothing fails");
    assert_eq!(saved(&fetching), 5);
}
