//! The shell: a window over `tandem-app`. The only place that knows Tauri, and thin on purpose:
//! every command is one line, and nothing is decided here.

mod background;
mod commands;
mod decisions;
mod launch;
mod pictures;
mod selling;

use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use specta::Type;
use tandem_app::view;
use tauri::{Manager as _, RunEvent};
use tauri_specta::{Event as _, collect_commands, collect_events};

/// What the window hears without asking.
#[derive(Debug, Clone, Serialize, Deserialize, Type, tauri_specta::Event)]
pub struct Heard(view::AppEvent);

/// Commands and events as the window's side knows them.
#[expect(clippy::too_many_lines, reason = "a table, one line a command")]
pub fn bindings() -> tauri_specta::Builder<tauri::Wry> {
    tauri_specta::Builder::new()
        .disable_serde_phases()
        .commands(collect_commands![
            commands::app_info,
            commands::settings,
            commands::save_settings,
            commands::kinds,
            commands::connections,
            commands::test_connection,
            commands::test_saved,
            commands::save_connection,
            commands::remove_connection,
            commands::bind_store,
            commands::trust_certificate,
            commands::forget_certificate,
            commands::accept_shop,
            commands::begin_consent,
            commands::cancel_consent,
            commands::make_key,
            commands::renew_key,
            commands::check_now,
            commands::health_history,
            commands::problems,
            commands::start_fetch,
            commands::cancel_run,
            commands::runs,
            commands::review_page,
            commands::review_counts,
            commands::pair_detail,
            commands::decide,
            commands::undo,
            commands::match_again,
            commands::accept_all,
            commands::patterns,
            commands::pattern_sample,
            commands::learned,
            commands::change_word,
            commands::search_variants,
            decisions::prepare_search,
            decisions::bulk_preview,
            decisions::bulk_decide,
            decisions::decision_history,
            decisions::undo_step,
            decisions::export_links,
            decisions::back_up,
            decisions::backups,
            decisions::look_at_backup,
            decisions::restore,
            decisions::show_file,
            decisions::preview_import,
            decisions::import_links,
            commands::orders_page,
            commands::order_detail,
            commands::order_raw,
            commands::today,
            commands::history,
            commands::run,
            commands::runs_at_work,
            commands::follow_ups,
            commands::decisions_of,
            commands::find,
            commands::support_text,
            commands::save_support,
            commands::kept_data,
            commands::kept_pictures,
            commands::clear_pictures,
            selling::maps,
            selling::try_map,
            selling::read_terms,
            selling::settle_maps,
            selling::accept_maps,
            selling::clear_map,
            selling::orders_shown,
            selling::order_plan,
            selling::start_import,
            selling::order_in_odoo,
            selling::order_journal,
            selling::order_customers,
            selling::order_messages,
            selling::save_document,
            selling::order_changes,
            selling::apply_change,
            selling::customer_ways,
            selling::save_customer_ways,
            selling::customer_plan,
            selling::tell_customers,
            selling::audit,
            selling::export_audit,
            commands::open_url,
            commands::open_sandbox,
        ])
        .events(collect_events![Heard])
}

/// Opens the window and returns when it is closed.
pub fn start() -> ExitCode {
    let args = launch::Args::read();
    launch::prepare_environment();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            launch::say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(args: launch::Args) -> Result<(), Box<dyn std::error::Error>> {
    let bindings = bindings();
    let mut log = launch::start_log(&args);
    let runtime = tokio::runtime::Runtime::new()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let locale = args.locale.clone();
    tauri::Builder::default()
        .plugin(launch::one_process(&args))
        .plugin(launch::window_state())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::init())
        .manage(launch::Opening::of(args))
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .invoke_handler(bindings.invoke_handler())
        .on_window_event(background::closing)
        .setup(move |tauri| {
            bindings.mount_events(tauri);
            let handle = tauri.handle().clone();
            handle.manage(background::Sign::put_up(&handle, &locale)?);
            background::leave_when_told(&handle);
            // While the window comes up. What does not open is told where the window asks.
            tauri::async_runtime::spawn(async move { drop(launch::app(&handle).await) });
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(move |handle, event| {
            // The process ends right after this, without a look back.
            if matches!(event, RunEvent::Exit) {
                if let Some(app) = handle.try_state::<tandem_app::App>() {
                    app.close();
                }
                drop(log.take());
            }
        });
    Ok(())
}

/// What goes on beside the window from the moment on when the profile is open.
fn begin(handle: &tauri::AppHandle, app: &tandem_app::App, locale: &str) {
    handle.manage(app.clone());
    forward_events(handle.clone(), app);
    background::tell(handle.clone(), app.clone(), locale.to_owned());
    let watched = app.clone();
    tauri::async_runtime::spawn(async move { watched.watch_health(tokio::time::sleep).await });
    let resting = app.clone();
    tauri::async_runtime::spawn(async move {
        let give_back = tandem_allocator::give_back;
        resting.rest_when_idle(tokio::time::sleep, give_back).await;
    });
    let settling = app.clone();
    tauri::async_runtime::spawn(async move { settling.settle_in_pauses(tokio::time::sleep).await });
}

/// Tells the window what the application tells. When some of it was missed, everything that the
/// window has read may be stale.
fn forward_events(handle: tauri::AppHandle, app: &tandem_app::App) {
    let mut events = app.listen();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(event) => drop(Heard(event).emit(&handle)),
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                    let all = view::AppEvent::Stale(view::Stale::ALL.to_vec());
                    drop(Heard(all).emit(&handle));
                }
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            }
            if handle.webview_windows().is_empty() {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests;
