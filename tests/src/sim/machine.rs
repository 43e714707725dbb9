//! One machine: its cache, its clock, and its life until everything is done or it dies.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard};

use futures::FutureExt as _;
use tandem_contract::{Query, Result, Sales, Stamps, Storefront};
use tandem_domain::{Blocker, Clock, Known, ListingKey, MapKind, Order, OrderKey};
use tandem_store::{Import, Stage, Store};
use tandem_sync::import::{
    Batch, Gathered, Importer, Looked, Outcome, PlannedOrder, StoppedBy, Together, import_all,
    look_at, prepare, read_again,
};
use tokio_util::sync::CancellationToken;

use super::chaos::{Died, MachineClock, Sky};
use super::dice::Dice;
use super::scene::{DUE, Scene};
use crate::rig::{connect, shop_slug};

/// How far a machine's clock may be off.
const OFF_S_MAX: u64 = 26 * 3600;

/// A machine, with an empty cache at first.
pub(super) struct Machine {
    pub(super) store: Arc<Store>,
    /// What it pulled; the latest of each order.
    orders: Mutex<BTreeMap<OrderKey, Order<ListingKey>>>,
    off_s: i64,
    backwards: bool,
    at_once: usize,
}

/// How a life ended.
#[derive(Debug, Default)]
pub(super) struct End {
    /// Orders that stopped on their road and may get further.
    pub(super) left: usize,
    /// Orders that are held back, and by what.
    pub(super) held: BTreeMap<OrderKey, String>,
}

impl Machine {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let store = Store::in_memory().expect("memory is enough");
        connect(&store);
        let off = i64::try_from(dice.below(2 * OFF_S_MAX)).unwrap_or(0);
        Self {
            store: Arc::new(store),
            orders: Mutex::default(),
            off_s: off - i64::try_from(OFF_S_MAX).unwrap_or(0),
            backwards: dice.one_in(2),
            at_once: 1 + usize::try_from(dice.below(3)).unwrap_or(0),
        }
    }

    /// A clock at which it never dies.
    pub(super) fn clock(&self, scene: &Scene) -> Arc<MachineClock> {
        self.mortal(scene, 0)
    }

    /// A clock at which it dies when it asks so many times.
    pub(super) fn mortal(&self, scene: &Scene, dies_at: u32) -> Arc<MachineClock> {
        Arc::new(MachineClock::new(
            Arc::clone(&scene.clock),
            self.off_s,
            dies_at,
        ))
    }

    /// Works until everything that can be done is done; `None` when it dies before.
    pub(super) async fn lives(
        &self,
        scene: &Scene,
        sky: &Arc<Sky>,
        clock: Arc<MachineClock>,
    ) -> Option<End> {
        let work = AssertUnwindSafe(self.works(scene, sky, clock)).catch_unwind();
        tokio::select! {
            biased;
            end = work => match end {
                Ok(end) => Some(end),
                Err(left_behind) if left_behind.is::<Died>() => None,
                Err(bug) => resume_unwind(bug),
            },
            () = sky.died() => None,
        }
    }

    async fn works(&self, scene: &Scene, sky: &Arc<Sky>, clock: Arc<MachineClock>) -> End {
        let immortal: Arc<dyn Clock> = self.clock(scene);
        let shop = scene.storefront(sky, Arc::clone(&immortal));
        let odoo = scene.odoo(sky, immortal);
        let mut end = End::default();
        let Ok(pulled) = pull(shop.as_ref()).await else {
            end.left = 1;
            return end;
        };
        self.keep(pulled);
        let due = self.due();
        let sides = Sides {
            scene,
            sales: odoo.sales().expect("this Odoo sells"),
            stamps: shop.stamps(),
            clock,
        };
        let shift = Shift::new(self, sides);
        let Ok(()) = import_all(&shift, &due, self.at_once).await;
        shift.ended()
    }

    /// What one order is imported with.
    pub(super) fn importer<'a>(
        &self,
        sides: &Sides<'a>,
        order: &OrderKey,
        gathered: &Arc<Gathered>,
    ) -> Importer<'a> {
        Importer {
            store: Arc::clone(&self.store),
            slug: shop_slug(),
            sales: sides.sales,
            stamps: sides.stamps,
            clock: Arc::clone(&sides.clock) as _,
            jitter: &|_| 0,
            database: sides.scene.database.clone(),
            run: None,
            order: order.clone(),
            gathered: Arc::clone(gathered),
            cancel: CancellationToken::new(),
        }
    }

    fn keep(&self, pulled: Vec<Order<ListingKey>>) {
        let mut orders = self
            .orders
            .lock()
            .expect("no holder of this lock can panic");
        for order in pulled {
            orders.insert(order.key.clone(), order);
        }
    }

    /// Orders whose status says that they go in.
    fn due(&self) -> Vec<Order<ListingKey>> {
        let orders = self
            .orders
            .lock()
            .expect("no holder of this lock can panic");
        let due = |order: &&Order<ListingKey>| DUE.contains(&order.status.as_str());
        let mut due: Vec<_> = orders.values().filter(due).cloned().collect();
        if self.backwards {
            due.reverse();
        }
        due
    }

    /// What it knows of an order's way into Odoo.
    pub(super) fn known(&self, order: &OrderKey) -> Option<Import> {
        self.store.import(&shop_slug(), order).expect("memory")
    }
}

/// A machine's ways to both servers.
pub(super) struct Sides<'a> {
    pub(super) scene: &'a Scene,
    pub(super) sales: &'a dyn Sales,
    pub(super) stamps: Option<&'a dyn Stamps>,
    pub(super) clock: Arc<MachineClock>,
}

/// Orders at work on a machine.
pub(super) struct Shift<'a> {
    machine: &'a Machine,
    sides: Sides<'a>,
    end: Mutex<End>,
}

impl<'a> Shift<'a> {
    pub(super) fn new(machine: &'a Machine, sides: Sides<'a>) -> Self {
        Self {
            machine,
            sides,
            end: Mutex::default(),
        }
    }

    /// What is left and what is held back.
    pub(super) fn ended(self) -> End {
        self.end.into_inner().expect("no holder can panic")
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.end.lock().expect("no holder of this lock can panic")
    }

    fn plans(
        &self,
        orders: &[Order<ListingKey>],
        known: &[(OrderKey, Known)],
    ) -> Vec<PlannedOrder> {
        let imports = self.machine.store.imports(&shop_slug()).expect("memory");
        let mut ready = Vec::new();
        for (order, (_, known)) in orders.iter().zip(known) {
            let import = imports.get(&order.key);
            if import.is_some_and(|import| import.stage == Stage::Done) {
                continue;
            }
            match plan(self.sides.scene, order, known, import) {
                Ok(plan) => ready.push(plan),
                Err(blockers) => {
                    let why = format!("{blockers:?}");
                    self.end().held.insert(order.key.clone(), why);
                }
            }
        }
        ready
    }
}

impl Together for Shift<'_> {
    /// A machine gives nothing up: what could not be read is left for its next life.
    type Stop = std::convert::Infallible;

    async fn gather(&self, orders: &[Order<ListingKey>]) -> std::result::Result<Batch, Self::Stop> {
        let (store, scene) = (&self.machine.store, self.sides.scene);
        let imports = store.imports(&shop_slug()).expect("memory");
        let looked = look_at(self.sides.sales, &scene.uid, orders, &imports).await;
        let Ok(Looked { said, imports }) = looked else {
            self.end().left += orders.len();
            return Ok(Batch::default());
        };
        let now = self.sides.clock.now();
        let saved = store.save_known(&shop_slug(), &said.known, now);
        saved.expect("memory");
        for import in &imports {
            let saved = store.save_import(&shop_slug(), import, now);
            saved.expect("memory");
        }
        let plans = self.plans(orders, &said.known);
        let gathered = Gathered::read(self.sides.sales, &plans, said.customers).await;
        let Ok(gathered) = gathered else {
            self.end().left += plans.len();
            return Ok(Batch::default());
        };
        Ok(Batch { plans, gathered })
    }

    fn importer(&self, order: &OrderKey, gathered: &Arc<Gathered>) -> Importer<'_> {
        self.machine.importer(&self.sides, order, gathered)
    }

    async fn told(&self, outcomes: Vec<Outcome>) {
        let mut end = self.end();
        for Outcome { plan, result } in outcomes {
            let order = plan.order.key;
            match result.err().map(|stopped| stopped.by) {
                None => {}
                Some(StoppedBy::Blocked(blocker)) => {
                    end.held.insert(order, format!("{blocker:?}"));
                }
                Some(StoppedBy::Differs(off)) => {
                    end.held.insert(order, format!("differs by {off}"));
                }
                Some(StoppedBy::Store(error)) => panic!("memory does not fail: {error}"),
                Some(_) => end.left += 1,
            }
        }
    }
}

/// What the application would do with an order: only a person's yes lets one in again that was
/// deleted in Odoo, and nobody says yes here.
fn plan(
    scene: &Scene,
    order: &Order<ListingKey>,
    known: &Known,
    import: Option<&Import>,
) -> std::result::Result<PlannedOrder, Vec<Blocker>> {
    let grounds = scene.grounds();
    let plan = prepare(order, &grounds, Some(known), "Shop")?;
    let agreed = grounds.maps.agreed(MapKind::Anyway, order.key.as_str());
    match import.filter(|import| import.stage == Stage::Gone && !agreed) {
        None => Ok(plan),
        Some(import) => Err(vec![Blocker::DeletedInOdoo {
            sale: import.sale_name.clone().unwrap_or_default(),
        }]),
    }
}

/// Every order of the shop.
pub(super) async fn pull(shop: &dyn Storefront) -> Result<Vec<Order<ListingKey>>> {
    let source = shop.orders().expect("this shop has orders");
    let (query, mut after, mut all) = (Query::all(), None, Vec::new());
    loop {
        let page = read_again(|| source.page(&query, after.as_ref()), tokio::time::sleep).await?;
        all.extend(page.items.into_iter().map(|fetched| fetched.record));
        match page.next {
            Some(next) if after.as_ref() != Some(&next) => after = Some(next),
            _ => return Ok(all),
        }
    }
}
