//! Orders into Odoo by simulation: both stand-ins in this process, one thread, a clock of our
//! own, and a seed that decides what fails, when machines die, and what people do meanwhile.

#[cfg(test)]
mod after_tests;
#[cfg(test)]
mod calls_tests;
mod chaos;
mod dice;
mod machine;
mod people;
mod sabotage;
mod scene;
#[cfg(test)]
mod tests;
mod till;
mod verdict;

use std::sync::Arc;

use tandem_domain::Until;

use chaos::{Fate, Sky, Weather};
use dice::Dice;
use machine::{End, Machine};
use people::Deed;
pub use sabotage::Sabotage;
use scene::{Scene, Setting};
pub use verdict::{Tally, Wrong};

/// Lives under bad weather before it clears up.
const STORM_MAX: u32 = 24;
/// After so many the storm ends as soon as nothing is left to do.
const STORM_MIN: u32 = 4;

/// Runs something on one thread, with a clock that jumps over every wait.
pub fn alone<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a thread is there").block_on(work)
}

/// One seed: a shop's orders go in under bad weather, machines die and begin again, people
/// meddle, orders keep coming. Then it clears up, and everything must be as it should.
pub async fn seed(seed: u64, sabotage: Option<Sabotage>) -> Result<Tally, Wrong> {
    let mut dice = Dice::new(seed);
    let setting = match sabotage {
        None => Setting::any(&mut dice),
        Some(_) => Setting {
            sabotage,
            ..Setting::plain("18.0", Until::Confirmed)
        },
    };
    let scene = Scene::new(setting, &mut dice).await;
    let mut run = Run {
        machine: Machine::new(&mut dice),
        scene,
        dice,
        tally: Tally::default(),
    };
    for life in 0..STORM_MAX {
        let idle = run.storm().await;
        run.meanwhile().await;
        if idle && life >= STORM_MIN {
            break;
        }
    }
    run.scene.sell(usize::MAX);
    run.clears_up().await
}

/// A seed at work.
struct Run {
    scene: Scene,
    machine: Machine,
    dice: Dice,
    tally: Tally,
}

impl Run {
    /// One life under bad weather, now and then of two machines; whether nothing was left to do.
    async fn storm(&mut self) -> bool {
        if self.dice.one_in(6) {
            // A laptop is lost, and another one begins with nothing.
            self.machine = Machine::new(&mut self.dice);
        }
        let often = 20 + self.dice.below(300);
        let here = Sky::new(Weather::Rough(self.dice.fork(), often));
        let dies_at = if self.dice.one_in(3) {
            1 + u32::try_from(self.dice.below(800)).unwrap_or(0)
        } else {
            0
        };
        let clock = self.machine.mortal(&self.scene, dies_at);
        if !self.dice.one_in(4) {
            let end = self.machine.lives(&self.scene, &here, clock).await;
            self.count(&here, end.as_ref());
            return end.is_some_and(|end| end.left == 0);
        }
        let other = Machine::new(&mut self.dice);
        let there = Sky::new(Weather::Rough(self.dice.fork(), often));
        self.scene.people.one_machine(false);
        let others = other.lives(&self.scene, &there, other.clock(&self.scene));
        let (end, others) = tokio::join!(self.machine.lives(&self.scene, &here, clock), others);
        self.scene.people.one_machine(true);
        self.count(&here, end.as_ref());
        self.count(&there, others.as_ref());
        end.is_some_and(|end| end.left == 0)
    }

    fn count(&mut self, sky: &Sky, end: Option<&End>) {
        self.tally.requests += u64::from(sky.requests());
        self.tally.deaths += u64::from(end.is_none());
    }

    /// What happens between two lives: time passes, people work, orders come.
    async fn meanwhile(&mut self) {
        let minutes = i64::try_from(self.dice.below(36 * 60)).unwrap_or(0);
        self.scene.clock.advance_seconds(minutes * 60);
        let some = usize::try_from(self.dice.below(8)).unwrap_or(0);
        self.scene.sell(some);
        for _ in 0..self.dice.below(3) {
            let deed = Deed::any(&mut self.dice);
            self.scene.people.act(deed).await;
        }
        if self.dice.one_in(3) {
            self.scene.people.cancel_in_shop();
        }
    }

    /// Nothing fails any more: one life finishes everything, and for a machine that begins with
    /// nothing then nothing is left to do.
    async fn clears_up(mut self) -> Result<Tally, Wrong> {
        let (end, machine) = clears_up(&self.scene, self.machine, &mut self.dice).await?;
        let tally = verdict::of(&self.scene, &machine, &end)?;
        self.tally += tally;
        Ok(self.tally)
    }
}

async fn clears_up(
    scene: &Scene,
    machine: Machine,
    dice: &mut Dice,
) -> Result<(End, Machine), Wrong> {
    calm(scene, &machine).await?;
    let books = verdict::books(scene);
    let newcomer = Machine::new(dice);
    let end = calm(scene, &newcomer).await?;
    // Of an order that was deleted before it bore its mark, nothing is left that could tell.
    let untold = |touched: &people::Touched| touched.deleted == Some(false);
    let untold = scene.people.touched().values().any(untold);
    if verdict::books(scene) != books && !untold {
        return Err(Wrong::Other(
            "a machine with nothing to do did something".to_owned(),
        ));
    }
    Ok((end, newcomer))
}

async fn calm(scene: &Scene, machine: &Machine) -> Result<End, Wrong> {
    let sky = Sky::new(Weather::Calm);
    let end = machine.lives(scene, &sky, machine.clock(scene)).await;
    match end {
        Some(end) if end.left == 0 => Ok(end),
        end => Err(Wrong::Other(format!("it does not come to an end: {end:?}"))),
    }
}

/// What [`every_point`] goes through: versions, how far the order goes, and whether Odoo rounds
/// as it said.
pub const ROADS: u64 = 18;

/// One order on a road of its own, and every point of it at which something can happen: each
/// request in each way, a person at each request, and a death before each line that is written
/// down; afterwards with the same cache, and with an empty one. `one_in` leaves all but one in so
/// many of them out.
pub async fn every_point(road: u64, one_in: usize) -> Result<Tally, Wrong> {
    const VERSIONS: [&str; 3] = ["18.0", "17.0", "19.0"];
    const UNTIL: [Until; 3] = [Until::Posted, Until::Confirmed, Until::Draft];
    let road = usize::try_from(road).unwrap_or(0);
    let setting = Setting {
        rounds_otherwise: road / 3 % 2 == 1,
        ..Setting::plain(VERSIONS[road / 6 % 3], UNTIL[road % 3])
    };
    every_point_of(&setting, one_in).await
}

async fn every_point_of(setting: &Setting, one_in: usize) -> Result<Tally, Wrong> {
    let quiet = Sky::new(Weather::Calm);
    let (writes, mut tally) = once(setting, &quiet, (0, true)).await?;
    let people = Deed::ALL.map(Fate::Person);
    let fates: Vec<Fate> = Fate::OF_REQUESTS.into_iter().chain(people).collect();
    let requests = 1..=quiet.requests();
    let at_requests = requests.flat_map(|at| fates.iter().map(move |fate| (at, Some(*fate))));
    let at_writes = (1..=writes).map(|at| (at, None));
    let points = at_requests.chain(at_writes);
    let points = points.flat_map(|(at, fate)| [(at, fate, true), (at, fate, false)]);
    for (at, fate, same_cache) in points.step_by(one_in) {
        let weather = fate.map_or(Weather::Calm, |fate| Weather::Once(at, fate));
        let dies_at = if fate.is_some() { 0 } else { at };
        let done = once(setting, &Sky::new(weather), (dies_at, same_cache)).await;
        let told =
            |wrong| Wrong::Other(format!("{wrong} ({setting:?}, {at} {fate:?} {same_cache})"));
        tally += done.map_err(told)?.1;
    }
    Ok(tally)
}

/// A life under this sky that ends at a write, or at none; then it clears up. Returns how many
/// times something was written down.
async fn once(
    setting: &Setting,
    sky: &Arc<Sky>,
    (dies_at, same_cache): (u32, bool),
) -> Result<(u32, Tally), Wrong> {
    let mut dice = Dice::new(3);
    let scene = Scene::of_one(setting.clone()).await;
    let machine = Machine::new(&mut dice);
    let clock = machine.mortal(&scene, dies_at);
    let end = machine.lives(&scene, sky, Arc::clone(&clock)).await;
    let last = if same_cache {
        machine
    } else {
        Machine::new(&mut dice)
    };
    let (ended, newcomer) = clears_up(&scene, last, &mut dice).await?;
    let mut tally = verdict::of(&scene, &newcomer, &ended)?;
    tally.requests += u64::from(sky.requests());
    tally.deaths += u64::from(end.is_none());
    Ok((clock.asked(), tally))
}
