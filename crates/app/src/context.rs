//! What every use case stands on: the cache, the keychain, the network, the clock, the listeners.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tandem_contract::http::{Fingerprint, Network, Transport};
use tandem_domain::{Clock, SystemClock};
use tandem_secrets::{EnvVault, KeychainVault, MemoryVault, Vault, VaultError};
use tandem_store::{EngineLock, Store, StoreError};
use tokio::sync::broadcast;

use crate::Result;
use crate::automation::health::Health;
use crate::automation::rest::Uses;
use crate::error::{AppError, Code};
use crate::loopback::Loopback;
use crate::runs::Runs;
use crate::use_cases::connections::Consent;
use crate::use_cases::keeping::KeptMatches;
use crate::use_cases::learning::Models;
use crate::use_cases::pictures::Pictures;
use crate::use_cases::settling::Settling;
use crate::view::{AppEvent, AppInfo, Stale, VaultState};

/// Tandem's version, as the User-Agent and the screens say it.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Events kept for a listener that is slow; older ones are dropped, and the next read is true.
const EVENTS_MAX: usize = 256;

/// Where a profile lives and what it may do.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The folder of its cache; `None` keeps everything in memory.
    pub folder: Option<PathBuf>,
    /// True for the built-in sandbox.
    pub sandbox: bool,
}

/// What is passed in from outside.
pub struct Outside {
    /// Where secrets are.
    pub vault: Arc<dyn Vault>,
    /// How that is shown.
    pub vault_state: VaultState,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// All HTTP.
    pub transport: Arc<dyn Transport>,
    /// Where what nobody can guess comes from.
    pub random: Arc<dyn Random>,
}

/// A source of what nobody can guess.
pub trait Random: Send + Sync {
    /// A text of 32 hexadecimal digits, another one each time.
    fn token(&self) -> Result<String>;
}

/// The operating system's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn token(&self) -> Result<String> {
        let mut bytes = [0; 16];
        let filled = getrandom::fill(&mut bytes);
        filled.map_err(|error| AppError::new(Code::Internal).details(error))?;
        Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
    }
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("vault_state", &self.vault_state)
            .finish_non_exhaustive()
    }
}

impl Outside {
    /// The machine's clock and network.
    pub fn real(vault: Arc<dyn Vault>, vault_state: VaultState) -> Result<Self> {
        let network =
            Network::new(VERSION).map_err(|error| AppError::new(Code::Internal).details(error))?;
        let transport = Arc::new(network);
        Ok(Self {
            vault,
            vault_state,
            clock: Arc::new(SystemClock),
            transport,
            random: Arc::new(SystemRandom),
        })
    }
}

/// The application of one profile. Clones share everything.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) vault_state: VaultState,
    pub(crate) clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    /// Ways out on which one more certificate is good.
    trusting: Mutex<HashMap<Fingerprint, Arc<dyn Transport>>>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) profile: Profile,
    pub(crate) runs: Runs,
    pub(crate) health: Health,
    pub(crate) consent: Consent,
    pub(crate) pictures: Pictures,
    pub(crate) models: Models,
    pub(crate) settling: Settling,
    pub(crate) uses: Uses,
    pub(crate) kept_matches: KeptMatches,
    /// Held while a connection is read, changed and written back.
    editing: Mutex<()>,
    events: broadcast::Sender<AppEvent>,
    cache_rebuilt_from: Option<PathBuf>,
    /// Held while orders are judged, so that what is saved last was judged by the latest links.
    judging: Mutex<()>,
    /// Held for as long as this process may run jobs; `None` while another one does.
    engine: Mutex<Option<EngineLock>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("profile", &self.inner.profile)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Opens a profile. While another process runs its jobs, this one may look and decide, but
    /// not fetch. Fails when the cache cannot be used; a damaged one is put aside, not fatal.
    pub fn open(profile: Profile, outside: Outside) -> Result<Self> {
        let (store, engine, cache_rebuilt_from) = match &profile.folder {
            None => (Store::in_memory()?, None, None),
            Some(folder) => open_folder(folder)?,
        };
        let transport: Arc<dyn Transport> = if profile.sandbox {
            Arc::new(Loopback(outside.transport))
        } else {
            outside.transport
        };
        let (events, _) = broadcast::channel(EVENTS_MAX);
        let app = Self {
            inner: Arc::new(Inner {
                store: Arc::new(store),
                vault: outside.vault,
                vault_state: outside.vault_state,
                clock: outside.clock,
                transport,
                trusting: Mutex::default(),
                random: outside.random,
                pictures: Pictures::in_folder(profile.folder.as_deref()),
                models: Models::default(),
                settling: Settling::default(),
                uses: Uses::default(),
                kept_matches: KeptMatches::in_folder(profile.folder.as_deref()),
                profile,
                runs: Runs::default(),
                health: Health::default(),
                consent: Consent::default(),
                editing: Mutex::new(()),
                events,
                cache_rebuilt_from,
                judging: Mutex::new(()),
                engine: Mutex::new(engine),
            }),
        };
        Ok(app)
    }

    /// Says who decides from now on, for the history; the first answer stands.
    pub fn sign(&self, who: &str) {
        self.inner.store.sign(who);
    }

    /// Closes the cache: the last thing before the process ends. What that leaves undone, the next
    /// start does.
    pub fn close(&self) {
        if let Err(error) = self.inner.store.close() {
            tracing::warn!(%error, "the cache was not closed");
        }
    }

    /// What is running.
    pub fn info(&self) -> AppInfo {
        AppInfo {
            version: VERSION.to_owned(),
            sandbox: self.inner.profile.sandbox,
            data_folder: self
                .inner
                .profile
                .folder
                .as_ref()
                .map(|folder| folder.display().to_string())
                .unwrap_or_default(),
            vault: self.inner.vault_state,
            read_only: !self.inner.may_run_jobs(),
            cache_rebuilt_from: self
                .inner
                .cache_rebuilt_from
                .as_ref()
                .map(|file| file.display().to_string()),
        }
    }

    /// Hears of runs and of reads that went stale, from now on.
    pub fn listen(&self) -> broadcast::Receiver<AppEvent> {
        self.inner.events.subscribe()
    }
}

impl Inner {
    /// Whether this process may run jobs: it holds the engine, or there is nothing to share.
    /// Takes the engine over when the process that held it is gone: it may have been a command
    /// that ran for a second.
    pub(crate) fn may_run_jobs(&self) -> bool {
        let Some(folder) = &self.profile.folder else {
            return true;
        };
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if engine.is_none() {
            let free = EngineLock::acquire(folder).ok();
            // A newer version may have been at work here, and changed the format.
            *engine = free.filter(|_| self.store.is_current().unwrap_or(false));
        }
        engine.is_some()
    }

    /// Refused where another process runs the jobs of this profile; says which.
    pub(crate) fn refuse_beside_engine(&self) -> Result<()> {
        if self.may_run_jobs() {
            return Ok(());
        }
        let folder = self.profile.folder.as_deref();
        let process = folder.and_then(EngineLock::owner);
        let process = process.map(|number| format!("process {number}"));
        Err(AppError::new(Code::EngineBusy).details(process.unwrap_or_default()))
    }

    /// One judgement of orders at a time.
    pub(crate) fn judging(&self) -> MutexGuard<'_, ()> {
        self.judging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One change of a connection at a time: the wizard saves and tests both sides at once.
    pub(crate) fn editing(&self) -> MutexGuard<'_, ()> {
        self.editing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every listener; nobody listening is fine. What there is to tell was worked at.
    pub(crate) fn tell(&self, event: AppEvent) {
        self.in_use();
        drop(self.events.send(event));
    }

    /// Tells every listener which reads went stale.
    pub(crate) fn stale(&self, what: &[Stale]) {
        self.tell(AppEvent::Stale(what.to_vec()));
    }

    /// The way out for a connection, and the one certificate that its manager trusts on it.
    pub(crate) fn transport_trusting(&self, trusted: Option<Fingerprint>) -> Arc<dyn Transport> {
        let Some(certificate) = trusted else {
            return Arc::clone(&self.transport);
        };
        let mut trusting = self.trusting.lock().unwrap_or_else(PoisonError::into_inner);
        let way = trusting
            .entry(certificate)
            .or_insert_with(|| Arc::clone(&self.transport).trusting(certificate));
        Arc::clone(way)
    }
}

type OpenedFolder = (Store, Option<EngineLock>, Option<PathBuf>);

fn open_folder(folder: &Path) -> Result<OpenedFolder> {
    match EngineLock::acquire(folder) {
        Ok(engine) => {
            let opened = Store::open(folder, &engine)?;
            Ok((opened.store, Some(engine), opened.set_aside))
        }
        Err(StoreError::EngineRunning { .. }) => Ok((Store::attach(folder)?, None, None)),
        Err(error) => Err(error.into()),
    }
}

/// The system's keychain, and whether it takes secrets now.
pub fn open_vault(profile: &str) -> Result<(Arc<dyn Vault>, VaultState)> {
    let vault = KeychainVault::system(profile);
    let state = match vault.probe() {
        Ok(()) => VaultState::Ready,
        Err(VaultError::Locked { .. }) => VaultState::Locked,
        Err(_) => VaultState::Unavailable,
    };
    Ok((Arc::new(vault), state))
}

/// Secrets that vanish with the process: for the sandbox, whose secrets are made up.
pub fn memory_vault() -> Arc<dyn Vault> {
    Arc::new(MemoryVault::new())
}

/// Secrets from `TANDEM_SECRET_<SLUG>`, read by the binary and passed in.
pub fn env_vault(variables: BTreeMap<String, String>) -> Result<Arc<dyn Vault>> {
    Ok(Arc::new(EnvVault::from_variables(variables)?))
}

/// The machine's clock.
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

#[cfg(test)]
mod tests {
    use super::{App, Outside, Profile, memory_vault};
    use crate::view::VaultState;

    #[test]
    fn the_engine_is_taken_over_from_a_process_that_ended() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || {
            let profile = Profile {
                folder: Some(folder.path().to_owned()),
                sandbox: false,
            };
            let outside = Outside::real(memory_vault(), VaultState::Memory).expect("a TLS stack");
            App::open(profile, outside).expect("the folder can be opened")
        };
        let (first, second) = (open(), open());
        assert!(!first.info().read_only && second.info().read_only);
        drop(first);
        assert!(!second.info().read_only, "nobody else is left");
        assert!(open().info().read_only, "the second one holds it now");
    }
}
