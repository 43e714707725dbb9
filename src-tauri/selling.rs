//! The window's commands about selling: maps, plans, imports, what came of them. One line each.

use tandem_app::view::{
    AuditRow, AuditView, ChangeView, CustomerCard, CustomerPlan, CustomerWays, CustomersTold,
    DocumentWanted, Exported, FileFormat, JournalLine, MapInput, MapKind, MapTrial, MapsSettled,
    MapsView, MessageView, OdooOrder, OrderPlan, OrdersQuery, RunView, SavedFile,
};
use tandem_app::{App, AppError};
use tauri::State;

use crate::decisions::downloads;

type Answer<T> = Result<T, AppError>;

#[tauri::command]
#[specta::specta]
pub(crate) async fn maps(app: State<'_, App>, store: String) -> Answer<MapsView> {
    app.maps(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn read_terms(app: State<'_, App>, store: String) -> Answer<MapsView> {
    app.read_terms(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn try_map(
    app: State<'_, App>,
    store: String,
    kind: MapKind,
    key: String,
    turn: u32,
) -> Answer<MapTrial> {
    app.try_map(&store, (kind, &key), turn).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_maps(
    app: State<'_, App>,
    store: String,
    rows: Vec<MapInput>,
) -> Answer<MapsSettled> {
    app.settle_maps(&store, rows).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_maps(
    app: State<'_, App>,
    store: String,
    kind: Option<MapKind>,
) -> Answer<MapsSettled> {
    app.accept_maps(&store, kind).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_map(
    app: State<'_, App>,
    store: String,
    kind: MapKind,
    key: String,
) -> Answer<MapsSettled> {
    app.clear_map(&store, kind, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn orders_shown(
    app: State<'_, App>,
    store: String,
    query: OrdersQuery,
) -> Answer<Vec<String>> {
    app.orders_shown(&store, query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_plan(
    app: State<'_, App>,
    store: String,
    keys: Vec<String>,
) -> Answer<OrderPlan> {
    app.order_plan(&store, keys).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_import(
    app: State<'_, App>,
    store: String,
    keys: Vec<String>,
) -> Answer<RunView> {
    app.start_import(&store, keys).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_in_odoo(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<Option<OdooOrder>> {
    app.order_in_odoo(&store, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_journal(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<Vec<JournalLine>> {
    app.order_journal(&store, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_customers(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<Vec<CustomerCard>> {
    app.order_customers(&store, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_messages(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<Vec<MessageView>> {
    app.order_messages(&store, &key).await
}

/// Saves a document into the person's folder for downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_document(
    app: State<'_, App>,
    handle: tauri::AppHandle,
    store: String,
    key: String,
    wanted: DocumentWanted,
) -> Answer<SavedFile> {
    let folder = downloads(&handle)?;
    app.save_document_into(&store, &key, wanted, &folder).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_changes(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<Vec<ChangeView>> {
    app.order_changes(&store, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn apply_change(
    app: State<'_, App>,
    store: String,
    key: String,
    id: String,
) -> Answer<Vec<ChangeView>> {
    app.apply_change(&store, &key, &id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn customer_ways(app: State<'_, App>, store: String) -> Answer<CustomerWays> {
    app.customer_ways(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_customer_ways(
    app: State<'_, App>,
    store: String,
    ways: CustomerWays,
) -> Answer<()> {
    app.save_customer_ways(&store, ways).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn customer_plan(app: State<'_, App>, store: String) -> Answer<CustomerPlan> {
    app.customer_plan(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn tell_customers(
    app: State<'_, App>,
    store: String,
    chosen: Option<Vec<String>>,
) -> Answer<CustomersTold> {
    app.tell_customers(&store, chosen).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn audit(
    app: State<'_, App>,
    store: String,
    from: String,
    to: String,
) -> Answer<AuditView> {
    app.audit(&store, &from, &to).await
}

/// Writes rows of an audit, as they are shown, into the person's folder for downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_audit(
    app: State<'_, App>,
    handle: tauri::AppHandle,
    store: String,
    rows: Vec<AuditRow>,
    format: FileFormat,
) -> Answer<Exported> {
    let folder = downloads(&handle)?;
    app.export_audit_into(&store, rows, (&folder, format)).await
}
