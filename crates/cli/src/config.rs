//! The one place that reads the environment and knows the system's folders.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tracing_subscriber::EnvFilter;

/// What the environment says. Not `Debug`: it holds secrets as plain text.
pub(crate) struct Environment {
    /// The locale of messages.
    pub(crate) locale: String,
    /// `TANDEM_SECRET_…`, to be handed to the vault of the environment.
    pub(crate) secrets: BTreeMap<String, String>,
    /// What to log to standard error, in the syntax of `tracing`.
    pub(crate) log: Option<String>,
    /// Who is at the machine, for the history of decisions.
    pub(crate) user: Option<String>,
    /// Whether a window can be shown.
    pub(crate) display: bool,
}

impl Environment {
    /// Reads it, once, at start.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub(crate) fn read() -> Self {
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = get("LC_ALL")
            .or_else(|| get("LC_MESSAGES"))
            .or_else(|| get("LANG"));
        Self {
            locale: locale.unwrap_or_default(),
            secrets: std::env::vars()
                .filter(|(name, _)| name.starts_with("TANDEM_SECRET_"))
                .collect(),
            log: get("TANDEM_LOG"),
            user: get("USER").or_else(|| get("USERNAME")),
            display: cfg!(not(target_os = "linux"))
                || get("DISPLAY").is_some()
                || get("WAYLAND_DISPLAY").is_some(),
        }
    }
}

/// The folder of a profile: the system's place for local data, a folder each.
pub(crate) fn profile_folder(profile: &str) -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "tandem")?;
    Some(folders.data_local_dir().join(profile))
}

/// The desktop program beside this one, where it is installed.
pub(crate) fn desktop_program() -> Option<PathBuf> {
    let beside = std::env::current_exe()
        .ok()?
        .with_file_name(if cfg!(windows) {
            "tandem-desktop.exe"
        } else {
            "tandem-desktop"
        });
    beside.is_file().then_some(beside)
}

/// Logs to standard error what `TANDEM_LOG` asks for; errors only by default.
pub(crate) fn start_log(environment: &Environment) {
    let filter = environment.log.as_deref().unwrap_or("off");
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
