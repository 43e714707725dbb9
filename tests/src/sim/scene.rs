//! A shop and its Odoo, what is settled between them, and the ways that lead there.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use tandem_contract::http::{InProcess, Transport};
use tandem_contract::{Erp, Storefront, Way, Wire};
use tandem_domain::{
    Clock, ConnectionKind, Grounds, Links, ListingKey, ManualClock, MapKind, MapRow, MapValue,
    Maps, Order, SaleTerms, Secret, StatusRule, StoreUid, Until, VariantKey,
};
use tandem_sandbox::{SharedWorld, ShopOrder, World, seed};

use super::chaos::{Chaos, Sky};
use super::dice::Dice;
use super::machine;
use super::people::People;
use super::{Sabotage, till};
use crate::rig::{Rig, erp_account, shop_account};

const SHOP: &str = "https://shop.example";
const ODOO: &str = "https://odoo.example";

/// Statuses whose orders go in.
pub(super) const DUE: [&str; 2] = ["processing", "on-hold"];

/// Worlds that scenes begin with, made once each.
const TEMPLATES: usize = 8;
static WORLDS: LazyLock<Vec<OnceLock<World>>> =
    LazyLock::new(|| (0..TEMPLATES).map(|_| OnceLock::new()).collect());

/// Orders of a shop; some of them come while the import is at work.
const ORDERS: usize = 130;

/// What a scene is made of.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) version: &'static str,
    pub(super) until: Until,
    /// Odoo rounds tax over all of an order.
    pub(super) globally: bool,
    /// It began to after we asked.
    pub(super) rounds_otherwise: bool,
    pub(super) prices_include_tax: bool,
    /// How machines get in: the door, and whether by a password.
    pub(super) way: Option<(&'static str, bool)>,
    pub(super) sabotage: Option<Sabotage>,
}

impl Setting {
    /// An ordinary one.
    pub(super) fn plain(version: &'static str, until: Until) -> Self {
        Self {
            version,
            until,
            globally: false,
            rounds_otherwise: false,
            prices_include_tax: false,
            way: None,
            sabotage: None,
        }
    }

    /// As the dice fall.
    pub(super) fn any(dice: &mut Dice) -> Self {
        const VERSIONS: [&str; 3] = ["17.0", "18.0", "19.0"];
        const UNTIL: [Until; 4] = [
            Until::Draft,
            Until::Confirmed,
            Until::Invoiced,
            Until::Posted,
        ];
        const WAYS: [Option<(&str, bool)>; 4] = [
            None,
            Some(("session", true)),
            Some(("xmlrpc", false)),
            Some(("jsonrpc", true)),
        ];
        Self {
            globally: dice.one_in(2),
            rounds_otherwise: dice.one_in(8),
            prices_include_tax: dice.one_in(2),
            way: *dice.pick(&WAYS),
            ..Self::plain(VERSIONS[dice.place(VERSIONS.len())], *dice.pick(&UNTIL))
        }
    }
}

/// A shop and its Odoo.
pub(super) struct Scene {
    pub(super) setting: Setting,
    pub(super) world: SharedWorld,
    pub(super) clock: Arc<ManualClock>,
    pub(super) people: Arc<People>,
    pub(super) uid: StoreUid,
    pub(super) database: String,
    shop: Arc<dyn Transport>,
    erp: Arc<dyn Transport>,
    links: Links,
    unusable: BTreeSet<VariantKey>,
    maps: Maps,
    terms: SaleTerms,
    /// Orders that nobody placed yet.
    late: Mutex<Vec<(u64, ShopOrder)>>,
    /// What was in Odoo before.
    pub(super) before: World,
}

impl Scene {
    /// A shop of many orders.
    pub(super) async fn new(setting: Setting, dice: &mut Dice) -> Self {
        let mut world = template(dice.below(TEMPLATES as u64));
        till::open(&mut world);
        world.shop.prices_include_tax = setting.prices_include_tax;
        let mut late = Vec::new();
        let keys: Vec<u64> = world.shop.orders.keys().copied().collect();
        for key in keys {
            let Some(order) = world.shop.orders.get_mut(&key) else {
                continue;
            };
            DUE[dice.place(DUE.len())].clone_into(&mut order.status);
            order.refunds.clear();
            till::ring_up(order, dice, setting.prices_include_tax);
            match dice.below(12) {
                0 => order.customer.email = None,
                1..3 => order.customer.email = Some(format!("{key}@mail.example")),
                _ => {}
            }
            if dice.one_in(6) {
                late.push(key);
            }
        }
        Self::opened(setting, (world, late), dice.fork()).await
    }

    /// A shop of one order: a new customer with two addresses, three lines whose taxes round
    /// otherwise one by one than together, a delivery and a fee.
    pub(super) async fn of_one(setting: Setting) -> Self {
        let mut dice = Dice::new(1);
        let mut world = template(0);
        till::open(&mut world);
        let of_three = |order: &ShopOrder| {
            let carried = order
                .shipping_lines
                .iter()
                .any(|line| !line.total.is_zero());
            order.lines.len() >= 3 && !order.fees.is_empty() && carried
        };
        let mut orders = std::mem::take(&mut world.shop.orders).into_iter();
        let (key, mut order) = orders
            .find(|(_, order)| of_three(order))
            .expect("one of them");
        DUE[0].clone_into(&mut order.status);
        order.refunds.clear();
        order.customer.email = Some("new@mail.example".to_owned());
        order.shipping.street = vec!["Somewhere else 1".to_owned()];
        till::ring_up_thirds(&mut order);
        world.shop.orders.insert(key, order);
        Self::opened(setting, (world, Vec::new()), dice.fork()).await
    }

    async fn opened(setting: Setting, (mut world, late): (World, Vec<u64>), dice: Dice) -> Self {
        let clock = Arc::new(ManualClock::at(Rig::start()));
        world.clock = Arc::clone(&clock) as _;
        setting.version.clone_into(&mut world.erp.version);
        round(&mut world, setting.globally);
        let before = world.clone();
        let world = SharedWorld::new(world);
        let shop = tandem_connector_woocommerce::fake(world.clone());
        let shop: Arc<dyn Transport> = Arc::new(InProcess::new(shop));
        let erp = tandem_connector_odoo::fake(world.clone());
        let erp: Arc<dyn Transport> = Arc::new(InProcess::new(erp));
        let wire = |transport: &Arc<dyn Transport>| Wire {
            transport: Arc::clone(transport),
            clock: Arc::clone(&clock) as _,
        };
        let odoo = tandem_connector_odoo::erp(erp_account(ODOO), wire(&erp));
        let terms = odoo.sales().expect("this Odoo sells").terms().await;
        let terms = terms.expect("nothing fails yet");
        let store = tandem_connector_woocommerce::storefront(shop_account(SHOP), wire(&shop));
        let orders = machine::pull(store.as_ref())
            .await
            .expect("nothing fails yet");
        let maps = settled(&orders, &terms, setting.until);
        let late = late.into_iter().filter_map(|key| {
            let order = world.lock().shop.orders.remove(&key)?;
            Some((key, order))
        });
        let late = Mutex::new(late.collect());
        if setting.rounds_otherwise {
            round(&mut world.lock(), !setting.globally);
        }
        Self {
            people: People::new(Arc::clone(&erp), world.clone(), dice),
            uid: StoreUid::of(&ConnectionKind::new("woocommerce"), &before.shop.home_url),
            database: before.erp.database.clone(),
            links: links(&world, &orders),
            unusable: BTreeSet::new(),
            maps: Maps::new(maps, Some(&terms)),
            shop,
            erp: match setting.sabotage {
                Some(sabotage) => sabotage.on(erp),
                None => erp,
            },
            world,
            clock,
            terms,
            late,
            before,
            setting,
        }
    }

    /// Some of the late orders are placed.
    pub(super) fn sell(&self, some: usize) {
        let world = &mut *self.world.lock();
        let now = world.clock.now();
        let mut late = self.late.lock().expect("no holder of this lock can panic");
        let left = late.len().saturating_sub(some);
        for (key, mut order) in late.drain(left..) {
            (order.created, order.modified) = (now, now);
            world.shop.orders.insert(key, order);
        }
    }

    pub(super) fn storefront(&self, sky: &Arc<Sky>, clock: Arc<dyn Clock>) -> Box<dyn Storefront> {
        let account = shop_account(SHOP);
        tandem_connector_woocommerce::storefront(account, self.wire(&self.shop, sky, clock))
    }

    pub(super) fn odoo(&self, sky: &Arc<Sky>, clock: Arc<dyn Clock>) -> Box<dyn Erp> {
        let mut account = erp_account(ODOO);
        if let Some((door, password)) = self.setting.way {
            account.way = Some(Way(door.to_owned()));
            if password {
                account.secret = Secret::new("sandbox-password".to_owned());
            }
        }
        tandem_connector_odoo::erp(account, self.wire(&self.erp, sky, clock))
    }

    fn wire(&self, way: &Arc<dyn Transport>, sky: &Arc<Sky>, clock: Arc<dyn Clock>) -> Wire {
        let transport = Chaos {
            way: Arc::clone(way),
            sky: Arc::clone(sky),
            people: Arc::clone(&self.people),
            world: self.world.clone(),
            clock: Arc::clone(&self.clock),
        };
        Wire {
            transport: Arc::new(transport),
            clock,
        }
    }

    /// What Odoo has to choose from, as it is now.
    #[cfg(test)]
    pub(super) fn read_again(&mut self, terms: SaleTerms) {
        self.terms = terms;
    }

    pub(super) fn grounds(&self) -> Grounds<'_> {
        Grounds {
            links: &self.links,
            unusable: &self.unusable,
            currencies: None,
            terms: Some(&self.terms),
            maps: &self.maps,
            uid: Some(&self.uid),
            database: Some(&self.database),
        }
    }
}

/// The world of a number, as the first who asked for it found it.
fn template(number: u64) -> World {
    let place = usize::try_from(number).unwrap_or(0) % TEMPLATES;
    let make = || {
        let plan = seed::Plan {
            seed: 100 + number,
            listings: seed::LISTINGS_MIN,
            orders: ORDERS,
            now: Rig::start(),
        };
        seed::world(&plan, Arc::new(ManualClock::at(Rig::start())))
    };
    WORLDS[place].get_or_init(make).clone()
}

fn round(world: &mut World, globally: bool) {
    let method = if globally {
        "round_globally"
    } else {
        "round_per_line"
    };
    for company in world.erp.companies.values_mut() {
        method.clone_into(&mut company.tax_rounding);
    }
}

/// Every listing that was ordered is something in Odoo; which one is all the same here. One in
/// fifty waits for a person.
fn links(world: &SharedWorld, orders: &[Order<ListingKey>]) -> Links {
    let world = world.lock();
    let variants = world.erp.variants.iter();
    let goods = variants.filter(|(_, variant)| variant.active && variant.kind != "service");
    let goods: Vec<i64> = goods.map(|(key, _)| *key).collect();
    let listings = orders.iter().flat_map(|order| &order.lines);
    let listings: BTreeSet<&ListingKey> = listings.filter_map(|l| l.product.as_ref()).collect();
    let pairs = listings.into_iter().zip(goods.into_iter().cycle());
    let linked = pairs.enumerate().filter(|(place, _)| place % 50 != 49);
    linked
        .map(|(_, (listing, variant))| (listing.clone(), VariantKey(variant)))
        .collect()
}

/// Every map as a person would settle it: the taxes of the same percentage, nothing else.
fn settled(orders: &[Order<ListingKey>], terms: &SaleTerms, until: Until) -> Vec<MapRow> {
    let rule = MapValue::Status(StatusRule::Import(until));
    let mut rows: Vec<(MapKind, String, MapValue)> = DUE
        .map(|status| (MapKind::Status, status.to_owned(), rule.clone()))
        .to_vec();
    for order in orders {
        for line in &order.tax_lines {
            let fits = |tax: &&tandem_domain::Tax| tax.plain && tax.percent == line.percent;
            let keys = terms.taxes.iter().filter(fits).map(|tax| tax.key);
            let value = MapValue::Taxes {
                keys: keys.collect(),
            };
            rows.push((MapKind::Tax, line.rate.clone(), value));
        }
        let method = order.payment.method.clone();
        rows.push((MapKind::Payment, method, MapValue::Journal { key: None }));
        if let Some((method, _)) = order.delivery_method() {
            let value = MapValue::Carrier {
                key: None,
                tracking: None,
            };
            rows.push((MapKind::Carrier, method.to_owned(), value));
        }
        let fits = |list: &&tandem_domain::Pricelist| list.currency == order.currency;
        let list = terms.pricelists.iter().find(fits);
        if list.is_some() || order.currency == terms.company_currency {
            let key = list.map(|list| list.key);
            let code = order.currency.code().to_owned();
            rows.push((MapKind::Pricelist, code, MapValue::Pricelist { key }));
        }
    }
    let row = |(kind, key, value): (MapKind, String, MapValue)| MapRow {
        face: value.face(terms),
        kind,
        key,
        value,
    };
    rows.into_iter().map(row).collect()
}
