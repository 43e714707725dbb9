//! What a row of the maps would make of a real order, before anybody accepts it.

use tandem_app::view::{MapKind, MapTrial};
use tandem_tests::Desk;

async fn tried(desk: &Desk, place: (MapKind, &str), turn: u32) -> MapTrial {
    let trial = desk.app.try_map(&desk.store, place, turn).await;
    trial.expect("tried")
}

#[tokio::test]
async fn a_row_shows_what_it_makes_of_an_order_and_changes_nothing() {
    let desk = Desk::small().await;
    desk.fetch().await;
    let maps = desk.app.maps(&desk.store).await.expect("read");
    let taxes = maps.rows.iter().filter(|row| row.kind == MapKind::Tax);
    let used = taxes.filter(|row| row.orders > 1 && row.choice.is_some());
    let mut equal = 0;
    for row in used {
        let order = tried(&desk, (row.kind, &row.key), 0).await.order;
        let order = order.expect("orders use it");
        let first = &order.tried[0];
        let choice = row.choice.as_ref().expect("filtered");
        assert_eq!(
            first.choice.value, choice.value,
            "what is shown comes first"
        );
        assert!(order.tried.len() > 1 && order.tried.len() <= 3, "{order:?}");
        let (Some(sums), Some(off)) = (&first.sums, &first.difference) else {
            continue;
        };
        assert_eq!(sums.total, order.store.total, "to the minor unit: {off}");
        equal += 1;
        // Other taxes come to other money, or to an order that cannot go in.
        let others = order.tried[1..].iter();
        let mut other = others.filter(|other| other.sums.as_ref() != Some(sums));
        assert!(other.next().is_some(), "{order:?}");
        let next = tried(&desk, (row.kind, &row.key), 1).await.order;
        assert!(order.orders < 2 || next.is_some_and(|next| next.key != order.key));
    }
    assert!(equal > 0, "some rate is in force or proposed");
    let after = desk.app.maps(&desk.store).await.expect("read");
    assert_eq!(after, maps, "nothing is written");
    let nobody = tried(&desk, (MapKind::Tax, "no such rate"), 0).await;
    assert_eq!(nobody.order, None);
}
