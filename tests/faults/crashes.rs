//! Killed at every page and between every two transactions: what is fetched afterwards is what
//! an undisturbed fetch brings.
//!
//! All that survives a kill is the cache's file, and `SQLite` keeps whole transactions. So the
//! file is copied after each transaction of an undisturbed fetch, and every copy is opened as
//! after a kill and fetched to its end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tandem_contract::{Cursor, Erp, Fetched, Page, Query, Source, Storefront};
use tandem_domain::Slug;
use tandem_store::{PageSaved, PageToSave, Store, StoreError, Stream};
use tandem_sync::{FetchStopped, Fetching, Progress, Streamed, fetch};
use tandem_tests::rig::{Rig, erp_slug, open, shop_slug};
use tokio::sync::Notify;

const LISTINGS: usize = 1_100;
const ORDERS: usize = 120;

/// Reads the streams of both sides, one after the other.
async fn fetch_all(
    rig: &Rig,
    store: &Arc<Store>,
    through: &impl Through,
) -> Result<(), FetchStopped> {
    let (shop, erp) = (rig.storefront(), rig.erp());
    through
        .shop(shop.as_ref(), &rig.fetching(store, shop_slug(), 2))
        .await?;
    through
        .erp(erp.as_ref(), &rig.fetching(store, erp_slug(), 4))
        .await
}

/// How a stream is read.
#[async_trait]
trait Through: Sync {
    async fn read<T>(
        &self,
        source: &dyn Source<T>,
        fetching: &Fetching,
    ) -> Result<(), FetchStopped>
    where
        T: Streamed + Clone;

    async fn shop(&self, shop: &dyn Storefront, fetching: &Fetching) -> Result<(), FetchStopped> {
        self.read(shop.listings().expect("sells"), fetching).await?;
        let fetching = Fetching {
            earliest: Some(Rig::start() - jiff::SignedDuration::from_hours(60 * 24)),
            ..fetching.clone()
        };
        self.read(shop.orders().expect("has orders"), &fetching)
            .await?;
        match shop.refunds() {
            Some(refunds) => self.read(refunds, &fetching).await,
            None => Ok(()),
        }
    }

    async fn erp(&self, erp: &dyn Erp, fetching: &Fetching) -> Result<(), FetchStopped> {
        self.read(erp.variants().expect("has variants"), fetching)
            .await?;
        let whole = Fetching {
            full: true,
            ..fetching.clone()
        };
        self.read(erp.stock().expect("has stock"), &whole).await
    }
}

fn silent(_: Progress) {}

/// As it is.
struct Plain;

#[async_trait]
impl Through for Plain {
    async fn read<T>(&self, source: &dyn Source<T>, fetching: &Fetching) -> Result<(), FetchStopped>
    where
        T: Streamed + Clone,
    {
        fetch(source, fetching, &silent).await.map(drop)
    }
}

/// Copies the cache's file each time that something was written.
struct Camera {
    folder: PathBuf,
    frames: PathBuf,
    taken: AtomicUsize,
}

impl Camera {
    fn shoot(&self) {
        let number = self.taken.fetch_add(1, Ordering::SeqCst);
        let frame = self.frames.join(number.to_string());
        std::fs::create_dir_all(&frame).expect("there is room");
        for name in ["tandem.db", "tandem.db-wal"] {
            let file = self.folder.join(name);
            if file.exists() {
                std::fs::copy(file, frame.join(name)).expect("there is room");
            }
        }
    }
}

/// The camera of the one test that films; pages without a record cannot carry one.
static CAMERA: Mutex<Option<Arc<Camera>>> = Mutex::new(None);

fn shoot() {
    let camera = CAMERA.lock().expect("no holder panics").clone();
    camera.expect("a film is running").shoot();
}

/// A record that is filmed while it is saved.
#[derive(Clone)]
struct Filmed<T>(T);

impl<T: Streamed + Clone> Streamed for Filmed<T> {
    const STREAM: Stream = T::STREAM;

    fn save(
        store: &Store,
        connection: &Slug,
        page: &PageToSave<'_, Self>,
    ) -> Result<PageSaved, StoreError> {
        let items: Vec<_> = page
            .items
            .iter()
            .map(|(record, raw)| (record.0.clone(), raw.clone()))
            .collect();
        let saved = T::save(
            store,
            connection,
            &PageToSave {
                sweep: page.sweep,
                items: &items,
                rejected: page.rejected,
                next: page.next,
                total: page.total,
                server_time: page.server_time,
                now: page.now,
            },
        );
        shoot();
        saved
    }
}

struct FilmedSource<'a, T>(&'a dyn Source<T>);

#[async_trait]
impl<T: Streamed + Clone> Source<Filmed<T>> for FilmedSource<'_, T> {
    async fn page(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> tandem_contract::Result<Page<Filmed<T>>> {
        if after.is_none() {
            shoot(); // The sweep has begun, and no page of it is saved.
        }
        let page = self.0.page(query, after).await?;
        let items = page.items.into_iter().map(|item| Fetched {
            record: Filmed(item.record),
            raw: item.raw,
        });
        Ok(Page {
            items: items.collect(),
            rejected: page.rejected,
            next: page.next,
            total: page.total,
            server_time: page.server_time,
        })
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        self.0.ahead(query, after)
    }
}

struct Film;

#[async_trait]
impl Through for Film {
    async fn read<T>(&self, source: &dyn Source<T>, fetching: &Fetching) -> Result<(), FetchStopped>
    where
        T: Streamed + Clone,
    {
        fetch(&FilmedSource(source), fetching, &silent).await?;
        shoot(); // The sweep has ended.
        Ok(())
    }
}

/// Everything that the cache holds, but for its numbers of sweeps and its own times.
fn picture(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    let mut note = |line: String| lines.push(line);
    for listing in store.listings(&shop_slug()).expect("readable") {
        let raw = store.listing_raw(&shop_slug(), &listing.key);
        note(format!("{listing:?} {raw:?}"));
    }
    for variant in store.variants(&erp_slug()).expect("readable") {
        note(format!("{variant:?}"));
    }
    for level in store.stock_levels(&erp_slug()).expect("readable") {
        note(format!("{level:?}"));
    }
    store
        .each_order(&shop_slug(), |order| note(format!("{order:?}")))
        .expect("readable");
    note(format!("{:?}", store.refund_totals(&shop_slug())));
    let both = [shop_slug(), erp_slug()];
    let problems = store.fetch_problems(&both, 0, 999).expect("readable");
    for problem in problems.rows {
        note(format!("{} {}", problem.external_id, problem.reason));
    }
    for (connection, stream) in [
        (shop_slug(), Stream::Listings),
        (shop_slug(), Stream::Orders),
        (erp_slug(), Stream::Variants),
        (erp_slug(), Stream::Stock),
    ] {
        let state = store.fetch_state(&connection, stream).expect("readable");
        let state = state.expect("it was fetched");
        note(format!(
            "{stream}: {:?} {:?}",
            state.watermark, state.reaches
        ));
        assert!(!state.unfinished, "{stream} came to its end");
    }
    lines.sort();
    lines
}

/// Compared line by line, so that a failure shows the first difference and not two catalogues.
fn assert_same(seen: &[String], expected: &[String], when: &str) {
    for (seen, expected) in seen.iter().zip(expected) {
        assert_eq!(seen, expected, "{when}");
    }
    assert_eq!(seen.len(), expected.len(), "{when}");
}

#[tokio::test]
async fn whatever_transaction_was_the_last_before_a_kill_the_rest_is_fetched() {
    let rig = Rig::new(LISTINGS, ORDERS).remembering();
    let place = tempfile::tempdir().expect("a temporary folder");
    let camera = Arc::new(Camera {
        folder: place.path().join("cache"),
        frames: place.path().join("frames"),
        taken: AtomicUsize::new(0),
    });
    *CAMERA.lock().expect("no holder panics") = Some(Arc::clone(&camera));
    let (store, _lock) = open(&camera.folder);
    fetch_all(&rig, &store, &Film).await.expect("undisturbed");
    let expected = picture(&store);
    let frames = camera.taken.load(Ordering::SeqCst);
    assert!(
        expected.len() > 3_000,
        "several thousand rows, not {}",
        expected.len()
    );
    assert!(frames > 25, "{frames} transactions");

    for frame in 0..frames {
        let (store, _lock) = open(&camera.frames.join(frame.to_string()));
        fetch_all(&rig, &store, &Plain).await.expect("it goes on");
        assert_same(&picture(&store), &expected, &format!("after {frame}"));
    }
}

/// Burns with every page that is asked for and with every page that came; at the end of it the
/// process is dead.
#[derive(Clone)]
struct Fuse {
    left: Arc<AtomicUsize>,
    dead: Arc<Notify>,
}

impl Fuse {
    fn of(length: usize) -> Self {
        Self {
            left: Arc::new(AtomicUsize::new(length)),
            dead: Arc::default(),
        }
    }

    async fn burn(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 1 {
            self.left.store(1, Ordering::SeqCst);
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

struct FusedSource<'a, T>(&'a dyn Source<T>, &'a Fuse);

#[async_trait]
impl<T: Streamed> Source<T> for FusedSource<'_, T> {
    async fn page(
        &self,
        query: &Query,
        after: Option<&Cursor>,
    ) -> tandem_contract::Result<Page<T>> {
        self.1.burn().await;
        let page = self.0.page(query, after).await?;
        self.1.burn().await;
        Ok(page)
    }

    fn ahead(&self, query: &Query, after: &Cursor) -> Option<Cursor> {
        self.0.ahead(query, after)
    }
}

#[async_trait]
impl Through for Fuse {
    async fn read<T>(&self, source: &dyn Source<T>, fetching: &Fetching) -> Result<(), FetchStopped>
    where
        T: Streamed + Clone,
    {
        fetch(&FusedSource(source, self), fetching, &silent)
            .await
            .map(drop)
    }
}

/// Runs until the fuse is burnt down; returns whether the fetch came to its end before.
async fn run_until_dead(rig: &Rig, folder: &Path, length: usize) -> bool {
    let (store, _lock) = open(folder);
    let fuse = Fuse::of(length);
    let ended = tokio::select! {
        biased;
        () = fuse.dead.notified() => false,
        ended = fetch_all(rig, &store, &fuse) => {
            ended.expect("nothing fails");
            true
        }
    };
    // A page that was being saved is saved or not; the next process begins after that.
    while Arc::strong_count(&store) > 1 {
        tokio::task::yield_now().await;
    }
    ended
}

#[tokio::test]
async fn a_process_that_is_killed_at_every_other_page_gets_to_the_end() {
    let rig = Rig::new(LISTINGS, ORDERS).remembering();
    let smooth = tempfile::tempdir().expect("a temporary folder");
    let (store, _lock) = open(smooth.path());
    fetch_all(&rig, &store, &Plain).await.expect("undisturbed");

    let rough = tempfile::tempdir().expect("a temporary folder");
    let mut kills = 0;
    // At least three: the page is asked for, it comes, and the next one is asked for while it is
    // saved. Later streams first look for changes in the ones that are done.
    while !run_until_dead(&rig, rough.path(), 3 + kills % 37).await {
        kills += 1;
        assert!(kills < 500, "it does not move on");
    }
    assert!(kills > 10, "killed only {kills} times");
    let (resumed, _lock) = open(rough.path());
    // Marks and reaches are those of other processes, but of the same clock.
    assert_same(&picture(&resumed), &picture(&store), "after many kills");
}
