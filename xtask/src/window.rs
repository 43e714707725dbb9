//! A screen nobody looks at, for the tests that drive the real window: X server, session bus,
//! unlocked keyring and a home of its own, all gone again afterwards.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// No run of the window tests takes longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(25 * 60);

/// `timeout` of the system ends a run that hangs, a little before we would: killing the outermost
/// program alone would leave bus, keyring and window behind.
const TIMEOUT: &[&str] = &["--kill-after=20s", "24m"];

/// Unlocks a new keyring with an empty password, then becomes the program given.
///
/// The newline matters: the daemon does not unlock on an empty input. It stays in the background
/// and ends with its bus.
const IN_SESSION: &str = r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
exec "$@""#;

/// An X server of our own.
#[derive(Debug)]
pub(crate) struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// Starts it and waits until it says which display it became.
    pub(crate) fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1366x900x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let stdout = server.stdout.take().context("standard output was piped")?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number)?;
        let screen = Self {
            server,
            display: format!(":{}", number.trim()),
        };
        ensure!(!number.trim().is_empty(), "Xvfb ended without a display");
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself, which is what is wanted.
        let _killed = self.server.kill();
        let _waited = self.server.wait();
    }
}

/// A home folder that nobody else reads, removed when dropped.
#[derive(Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// Fails when the system's folder for temporary files cannot be written.
    pub(crate) fn create() -> Result<Self> {
        // Short, because sockets lie in it and their paths may have 107 characters at most.
        let path = std::env::temp_dir().join(format!("tandem-e2e-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let home = Self(path);
        for folder in ["data", "config", "cache", "state", "run"] {
            fs::create_dir(home.0.join(folder))?;
        }
        restrict(&home.0.join("run"))?;
        Ok(home)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}

#[cfg(unix)]
fn restrict(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        folder,
        fs::Permissions::from_mode(0o700),
    )?)
}

#[cfg(not(unix))]
fn restrict(_folder: &Path) -> Result<()> {
    Ok(())
}

/// The command that runs `program` in a session on that screen and in that home.
pub(crate) fn in_session(screen: &Screen, home: &Home, program: &[&str]) -> Command {
    let mut command = Command::new("timeout");
    command
        .args(TIMEOUT)
        .args(["dbus-run-session", "--", "sh", "-c", IN_SESSION, "sh"])
        .args(program)
        .env("DISPLAY", &screen.display)
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("GDK_BACKEND", "x11")
        .env_remove("WEBKIT_DISABLE_DMABUF_RENDERER")
        .env("HOME", &home.0);
    for (variable, folder) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        command.env(variable, home.0.join(folder));
    }
    command
}
