//! What stores paid back: by order, in all, and gone again.

use tandem_domain::{Money, OrderKey, Refund, RefundKey};
use tandem_store::{Stream, SweepScope};

use crate::samples::{at, connected, euro, page, received, shop};

fn refund(key: &str, order: &str, amount: &str, seconds: i64) -> Refund {
    Refund {
        key: RefundKey::new(key),
        order: OrderKey::new(order),
        amount: Money::rounded(amount.parse().unwrap(), euro()),
        reason: None,
        refunded_at: at(seconds),
        lines: Vec::new(),
    }
}

fn fetch(store: &tandem_store::Store, refunds: Vec<Refund>) -> usize {
    let scope = SweepScope::Everything {
        from: Some(at(0)),
        at_once: true,
    };
    let sweep = store
        .begin_sweep(&shop(), Stream::Refunds, scope, at(1))
        .unwrap();
    let items = received(refunds);
    store
        .save_refunds_page(&shop(), &page(sweep.id, &items))
        .unwrap();
    store
        .finish_sweep(&shop(), Stream::Refunds, &sweep, at(2))
        .unwrap()
}

#[test]
fn refunds_are_found_by_order_and_add_up() {
    let store = connected();
    let (late, early) = (refund("8", "1", "0.30", 9), refund("7", "1", "0.10", 5));
    fetch(
        &store,
        vec![late.clone(), early.clone(), refund("9", "2", "2.00", 6)],
    );
    assert_eq!(
        store.refunds_of(&shop(), &OrderKey::new("1")).unwrap(),
        [early.clone(), late],
        "oldest first"
    );
    let totals = store.refund_totals(&shop()).unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(
        (
            totals[0].currency,
            totals[0].count,
            totals[0].amount.to_string()
        ),
        (euro(), 3, "2.40".to_owned())
    );

    assert_eq!(
        fetch(&store, vec![early.clone()]),
        2,
        "two were deleted in the store"
    );
    assert_eq!(
        store.refunds_of(&shop(), &OrderKey::new("1")).unwrap(),
        [early]
    );
    assert_eq!(store.refund_totals(&shop()).unwrap()[0].count, 1);
}
