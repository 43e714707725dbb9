//! The commands of the window for decisions about many pairs, their history, and files of them.

use std::path::PathBuf;

use tandem_app::view::{
    BackupView, BulkInput, BulkPreview, Exported, FileFormat, ImportInput, ImportPreview, Restored,
    ReviewQuery, StepDone, StepUndone, StepsPage,
};
use tandem_app::{App, AppError, Code};
use tauri::{Manager as _, State};
use tauri_plugin_opener::OpenerExt as _;

type Answer<T> = Result<T, AppError>;

#[tauri::command]
#[specta::specta]
pub(crate) async fn prepare_search(app: State<'_, App>, store: String) -> Answer<()> {
    app.prepare_search(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn bulk_preview(
    app: State<'_, App>,
    store: String,
    input: BulkInput,
) -> Answer<BulkPreview> {
    app.bulk_preview(&store, input).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn bulk_decide(
    app: State<'_, App>,
    store: String,
    input: BulkInput,
    set: String,
) -> Answer<StepDone> {
    app.bulk_decide(&store, input, &set).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn decision_history(
    app: State<'_, App>,
    store: String,
    listing: Option<String>,
    offset: u32,
    limit: u32,
) -> Answer<StepsPage> {
    app.decision_history(&store, listing, (offset, limit)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_step(app: State<'_, App>, store: String, step: u32) -> Answer<StepUndone> {
    app.undo_step(&store, step).await
}

/// The person's folder for downloads; without one, their own.
pub(crate) fn downloads(handle: &tauri::AppHandle) -> Answer<PathBuf> {
    let places = handle.path();
    let folder = places.download_dir().or_else(|_| places.home_dir());
    folder.map_err(|error| AppError::new(Code::Internal).details(error))
}

/// Writes the mapping into the person's folder for downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_links(
    app: State<'_, App>,
    handle: tauri::AppHandle,
    store: String,
    query: Option<ReviewQuery>,
    format: FileFormat,
) -> Answer<Exported> {
    let folder = downloads(&handle)?;
    app.export_links_into(&store, query, (&folder, format))
        .await
}

/// Writes a backup into the person's folder for downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn back_up(app: State<'_, App>, handle: tauri::AppHandle) -> Answer<BackupView> {
    app.back_up_into(&downloads(&handle)?).await
}

/// Those that lie there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backups(app: State<'_, App>, handle: tauri::AppHandle) -> Answer<Vec<String>> {
    app.backups(&downloads(&handle)?).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn look_at_backup(app: State<'_, App>, path: String) -> Answer<BackupView> {
    app.look_at_backup(&PathBuf::from(path)).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn restore(app: State<'_, App>, path: String) -> Answer<Restored> {
    app.restore(&PathBuf::from(path)).await
}

/// Shows a file that was written in the system's own window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_file(handle: tauri::AppHandle, path: String) -> Answer<()> {
    let shown = handle.opener().reveal_item_in_dir(path);
    shown.map_err(|error| AppError::new(Code::Internal).details(error))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_import(
    app: State<'_, App>,
    store: String,
    file: ImportInput,
) -> Answer<ImportPreview> {
    app.preview_import(&store, file).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_links(
    app: State<'_, App>,
    store: String,
    file: ImportInput,
    set: String,
) -> Answer<StepDone> {
    app.import_links(&store, file, &set).await
}
