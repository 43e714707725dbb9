//! Life beside the window: the tray, notifications, one process for a profile, and what closing
//! the window does.

#[cfg(target_os = "linux")]
use std::path::Path;

use tandem_app::view::AppSettings;
use tandem_app::{App, Told};
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager as _, Window, WindowEvent, Wry};
use tauri_plugin_notification::NotificationExt as _;

const WINDOW: &str = "main";
const SHOW: &str = "show";
const QUIT: &str = "quit";
const STANDING: &str = "standing";

/// Brings the window to the front, also when it was closed.
pub(crate) fn show(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(WINDOW) {
        // Whichever of these a desktop does not know, the others are worth trying.
        drop(window.show());
        drop(window.unminimize());
        drop(window.set_focus());
    }
}

/// What closing the window does: with work in the background wanted, it only goes out of sight.
pub(crate) fn closing(window: &Window<Wry>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    // A profile that is not open yet has nothing to go on with.
    let Some(app) = window.try_state::<App>() else {
        return;
    };
    let settings = tauri::async_runtime::block_on(app.settings());
    let wished = settings.is_ok_and(|AppSettings { keep_running, .. }| keep_running);
    // Without a tray nothing would say that it still runs.
    if wished && has_trays() && window.hide().is_ok() {
        api.prevent_close();
    }
}

/// Ends the program in order when the system asks for it, as at the end of a session.
pub(crate) fn leave_when_told(handle: &AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
        ] {
            let handle = handle.clone();
            tauri::async_runtime::spawn(async move {
                if let Ok(mut told) = signal(kind) {
                    told.recv().await;
                    handle.exit(0);
                }
            });
        }
    }
    #[cfg(not(unix))]
    let _ = handle;
}

/// What stands in the tray, where the desktop has one.
pub(crate) struct Sign {
    /// A menu line that says how things stand.
    standing: MenuItem<Wry>,
    tray: Option<TrayIcon>,
}

impl Sign {
    pub(crate) fn put_up(handle: &AppHandle, locale: &str) -> tauri::Result<Self> {
        let words = tandem_app::Words::for_locale(locale);
        let item = |id: &str, key: &str, enabled| {
            MenuItem::with_id(handle, id, words.plain(key), enabled, None::<&str>)
        };
        let standing = item(STANDING, "tray.calm", false)?;
        let (show, quit) = (
            item(SHOW, "tray.show", true)?,
            item(QUIT, "tray.quit", true)?,
        );
        let menu = Menu::with_items(handle, &[&standing, &show, &quit])?;
        let tray = has_trays().then(|| in_tray(handle, &menu)).transpose()?;
        Ok(Self { standing, tray })
    }

    fn say(&self, text: &str) {
        // A tray that cannot be written to says what it said before.
        drop(self.standing.set_text(text));
        if let Some(tray) = &self.tray {
            drop(tray.set_tooltip(Some(text)));
        }
    }
}

fn in_tray(handle: &AppHandle, menu: &Menu<Wry>) -> tauri::Result<TrayIcon> {
    let mut builder = TrayIconBuilder::new().menu(menu).tooltip("Tandem");
    if let Some(icon) = handle.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    builder
        .on_menu_event(|handle, event| match event.id().as_ref() {
            SHOW => show(handle),
            QUIT => handle.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if matches!(event, TrayIconEvent::DoubleClick { .. }) {
                show(tray.app_handle());
            }
        })
        .build(handle)
}

/// Keeps the tray's sentence and the system's notifications going.
pub(crate) fn tell(handle: AppHandle, app: App, locale: String) {
    tauri::async_runtime::spawn(async move {
        app.watch_notices(&locale, |told| match told {
            Told::Standing(text) => {
                if let Some(sign) = handle.try_state::<Sign>() {
                    sign.say(&text);
                }
            }
            Told::Notice(notice) => {
                let told = handle.notification().builder();
                let told = told.title(notice.title).body(notice.body).show();
                if let Err(error) = told {
                    tracing::warn!(%error, "the system takes no notification");
                }
            }
        })
        .await;
    });
}

/// Where Linux systems keep the libraries of the desktop.
#[cfg(target_os = "linux")]
const LIBRARY_FOLDERS: [&str; 5] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/lib",
];

/// What a tray needs there; asking for one without it ends the program.
#[cfg(target_os = "linux")]
const TRAY_LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

#[cfg(target_os = "linux")]
fn has_trays() -> bool {
    let mut folders = LIBRARY_FOLDERS.iter().map(Path::new);
    folders.any(|folder| TRAY_LIBRARIES.iter().any(|name| folder.join(name).exists()))
}

#[cfg(not(target_os = "linux"))]
fn has_trays() -> bool {
    true
}
