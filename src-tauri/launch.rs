//! What happens before the window: arguments, log, profile, and the sandbox when it is wanted.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use tandem_app::view::{Side, VaultState};
use tandem_app::{
    App, AppError, Code, Outside, Profile, Sandbox, SandboxPlan, memory_vault, open_vault,
};
use tauri::{AppHandle, Manager as _};
use tokio::sync::OnceCell;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

/// Log files of as many days are kept.
const LOG_DAYS_MAX: usize = 7;

/// Keeps an online store and Odoo in step: the window.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Args {
    /// Profile: each has its own connections and cache
    #[arg(long, default_value = "default")]
    profile: String,
    /// Folder of the cache, instead of the profile's own
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Who is at the machine, for the history of decisions
    #[arg(long, env = "USER", hide = true)]
    pub(crate) user: Option<String>,
    /// The system's language, for those who chose none
    #[arg(long, env = "LANG", default_value = "", hide = true)]
    pub(crate) locale: String,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Open on a made-up party shop; nothing leaves this computer
    Demo,
}

impl Args {
    /// Reads them; prints help and stops where that is asked for.
    pub(crate) fn read() -> Self {
        Self::parse()
    }

    fn is_demo(&self) -> bool {
        matches!(self.what, Some(What::Demo))
    }

    /// The sandbox has a folder of its own, so that it can never touch a real profile.
    fn folder(&self) -> Option<PathBuf> {
        let profile = if self.is_demo() {
            "demo"
        } else {
            &self.profile
        };
        self.data_dir.clone().or_else(|| {
            let folders = directories::ProjectDirs::from("", "", "tandem")?;
            Some(folders.data_local_dir().join(profile))
        })
    }
}

/// What the window stands on: the profile, opened beside it. A large cache whose format changes, or that was
/// not closed and is looked through, takes half a minute.
pub(crate) struct Opening {
    args: Args,
    opened: OnceCell<Opened>,
}

impl Opening {
    pub(crate) fn of(args: Args) -> Self {
        Self {
            args,
            opened: OnceCell::new(),
        }
    }
}

/// The sandbox stops when this is dropped.
struct Opened {
    app: App,
    _sandbox: Option<Sandbox>,
}

/// The application, once it is open: whoever asks first opens it and sets its work going, the others wait. What
/// did not work is tried again by the next who asks.
pub(crate) async fn app(handle: &AppHandle) -> Result<App, AppError> {
    let Opening { args, opened } = handle.state::<Opening>().inner();
    let opened = opened.get_or_try_init(|| open_and_begin(handle, args));
    Ok(opened.await?.app.clone())
}

async fn open_and_begin(handle: &AppHandle, args: &Args) -> Result<Opened, AppError> {
    let opened = open(args).await.inspect_err(|error| {
        tracing::error!(code = error.code.as_str(), details = ?error.details, "the profile does not open");
    })?;
    if let Some(user) = &args.user {
        opened.app.sign(user);
    }
    crate::begin(handle, &opened.app, &args.locale);
    Ok(opened)
}

/// Opens the profile; for the sandbox also starts the stand-ins, joins them and begins to fetch.
async fn open(args: &Args) -> Result<Opened, AppError> {
    let profile = Profile {
        folder: args.folder(),
        sandbox: args.is_demo(),
    };
    if !args.is_demo() {
        let keychain = args.profile.clone();
        let app = blocking(move || {
            let (vault, vault_state) = open_vault(&keychain)?;
            App::open(profile, Outside::real(vault, vault_state)?)
        });
        return Ok(Opened {
            app: app.await?,
            _sandbox: None,
        });
    }
    let outside = Outside::real(memory_vault(), VaultState::Memory)?;
    let sandbox = Sandbox::start(&SandboxPlan::default(), Arc::clone(&outside.clock)).await?;
    let app = blocking(move || App::open(profile, outside)).await?;
    app.join_sandbox(&sandbox).await?;
    for connection in app.connections().await? {
        if connection.side == Side::Store {
            app.start_fetch(&connection.slug, false).await?;
        }
    }
    Ok(Opened {
        app,
        _sandbox: Some(sandbox),
    })
}

/// Keychain and files block, so they have threads that may.
async fn blocking<R: Send + 'static>(
    work: impl FnOnce() -> Result<R, AppError> + Send + 'static,
) -> Result<R, AppError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|crash| AppError::new(Code::Internal).details(crash))?
}

/// One process for each profile: a second one brings the first one's window to the front.
pub(crate) fn one_process(args: &Args) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let id = args.folder().map(|folder| {
        let path = folder.canonicalize().unwrap_or(folder);
        let hash = path.to_string_lossy().bytes().fold(OFFSET, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(PRIME)
        });
        format!("app.tandem.desktop.p{hash:016x}")
    });
    let mut plugin = tauri_plugin_single_instance::Builder::new()
        .callback(|handle, _, _| crate::background::show(handle));
    if let Some(id) = id {
        plugin = plugin.dbus_id(id);
    }
    plugin.build()
}

/// Of FNV-1a, which names a folder in a few letters that a bus allows.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Size and place of the window are kept; that it was closed is not.
pub(crate) fn window_state() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    use tauri_plugin_window_state::StateFlags;
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Logs into the profile's folder, a file a day; nothing secret is ever logged.
pub(crate) fn start_log(args: &Args) -> Option<WorkerGuard> {
    let folder = args.folder()?.join("log");
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("tandem")
        .filename_suffix("log")
        .max_log_files(LOG_DAYS_MAX)
        .build(folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::builder()
        .with_env_var("TANDEM_LOG")
        .try_from_env();
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("warn,tandem=info"));
    let log = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_env_filter(filter)
        .with_writer(writer);
    log.try_init().ok()?;
    Some(guard)
}

/// What has to stand in the environment before a program begins: how memory is freed, and how `WebKitGTK`
/// draws here. Where some of it is missing, the program begins again with it. What was wished by hand stays.
pub(crate) fn prepare_environment() {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::process::CommandExt as _;
        let draws = draws_blank().then_some(("WEBKIT_DISABLE_DMABUF_RENDERER", "1"));
        let wanted = LEAN.into_iter().chain(draws);
        let missing: Vec<_> = wanted
            .filter(|(name, _)| std::env::var_os(name).is_none())
            .collect();
        if missing.is_empty() {
            return;
        }
        if let Ok(program) = std::env::current_exe() {
            let error = std::process::Command::new(program)
                .args(std::env::args_os().skip(1))
                .envs(missing)
                .exec();
            say(&error.to_string());
        }
    }
}

/// What is freed goes back to the system, and threads share their stores of free memory: with the
/// system's own settings each of many threads keeps what it once needed (664 MiB after five minutes
/// of use at 200,000 listings; 277 with these).
#[cfg(target_os = "linux")]
const LEAN: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_TRIM_THRESHOLD_", "131072"),
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
];

/// Without a graphics card `WebKitGTK` draws blank or at a fifth of the speed through DMA
/// buffers (tauri issues 9304, 9394).
#[cfg(target_os = "linux")]
fn draws_blank() -> bool {
    let has_card = std::fs::read_dir("/dev/dri").is_ok_and(|devices| {
        devices
            .flatten()
            .any(|d| d.file_name().to_string_lossy().starts_with("renderD"))
    });
    let nvidia = std::path::Path::new("/proc/driver/nvidia").exists();
    nvidia || !has_card
}

/// A last word where there is no window to say it in.
#[expect(clippy::print_stderr, reason = "there is no window yet, or no longer")]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}
