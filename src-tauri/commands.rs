//! The commands of the window, one line each. A secret goes in and never comes out.

use tandem_app::view::{
    AppInfo, AppSettings, BulkDone, CheckView, ConnectionDraft, ConnectionView, ConsentStarted,
    DecisionDone, DecisionInput, DecisionsDay, DecisionsQuery, Exported, FindQuery, FollowUp,
    Found, HealthChange, HistoryPage, HistoryQuery, KeptData, KeptPictures, KindView, LearnedView,
    OrderDetail, OrdersPage, OrdersQuery, PairDetail, PatternSample, PatternView, ProblemsPage,
    RawRecord, ReviewCounts, ReviewPage, ReviewQuery, RunView, SecretText, StoreBinding,
    TodayQuery, TodayView, Undone, VariantCard, WordInput,
};
use tandem_app::{App, AppError, Code};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt as _;

use crate::decisions::downloads;

type Answer<T> = Result<T, AppError>;

/// Answers once the profile is open, so it comes before all others.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_info(handle: AppHandle) -> Answer<AppInfo> {
    Ok(crate::launch::app(&handle).await?.info())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn kinds(app: State<'_, App>) -> Answer<Vec<KindView>> {
    Ok(app.kinds())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_run(app: State<'_, App>, id: u32) -> Answer<()> {
    app.cancel_run(id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(app: State<'_, App>) -> Answer<AppSettings> {
    app.settings().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_settings(app: State<'_, App>, settings: AppSettings) -> Answer<()> {
    app.save_settings(settings).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn connections(app: State<'_, App>) -> Answer<Vec<ConnectionView>> {
    app.connections().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn test_connection(
    app: State<'_, App>,
    draft: ConnectionDraft,
) -> Answer<CheckView> {
    app.test_connection(draft).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn test_saved(app: State<'_, App>, slug: String) -> Answer<CheckView> {
    app.test_saved(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_connection(
    app: State<'_, App>,
    draft: ConnectionDraft,
) -> Answer<ConnectionView> {
    app.save_connection(draft).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_connection(app: State<'_, App>, slug: String) -> Answer<()> {
    app.remove_connection(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn bind_store(
    app: State<'_, App>,
    store: String,
    binding: StoreBinding,
) -> Answer<ConnectionView> {
    app.bind_store(&store, binding).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn trust_certificate(
    app: State<'_, App>,
    slug: String,
    fingerprint: String,
) -> Answer<ConnectionView> {
    app.trust_certificate(&slug, &fingerprint).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_certificate(
    app: State<'_, App>,
    slug: String,
) -> Answer<ConnectionView> {
    app.forget_certificate(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_shop(app: State<'_, App>, slug: String) -> Answer<ConnectionView> {
    app.accept_shop(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_consent(
    app: State<'_, App>,
    draft: ConnectionDraft,
) -> Answer<ConsentStarted> {
    app.begin_consent(draft).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_consent(app: State<'_, App>) -> Answer<()> {
    app.cancel_consent();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn make_key(
    app: State<'_, App>,
    draft: ConnectionDraft,
) -> Answer<ConnectionView> {
    app.make_key(draft).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_key(
    app: State<'_, App>,
    slug: String,
    password: Option<SecretText>,
) -> Answer<ConnectionView> {
    app.renew_key(&slug, password).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_now(app: State<'_, App>, slug: String) -> Answer<ConnectionView> {
    app.check_now(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn health_history(app: State<'_, App>, slug: String) -> Answer<Vec<HealthChange>> {
    app.health_history(&slug).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn problems(
    app: State<'_, App>,
    store: String,
    offset: u32,
    limit: u32,
) -> Answer<ProblemsPage> {
    app.problems(&store, offset, limit).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_fetch(app: State<'_, App>, store: String, full: bool) -> Answer<RunView> {
    app.start_fetch(&store, full).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn runs(app: State<'_, App>, store: String) -> Answer<Vec<RunView>> {
    app.runs(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn review_page(
    app: State<'_, App>,
    store: String,
    query: ReviewQuery,
) -> Answer<ReviewPage> {
    app.review_page(&store, query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn review_counts(
    app: State<'_, App>,
    store: String,
    query: ReviewQuery,
) -> Answer<ReviewCounts> {
    app.review_counts(&store, query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pair_detail(
    app: State<'_, App>,
    store: String,
    listing: String,
    variant: Option<i32>,
) -> Answer<PairDetail> {
    app.pair_detail(&store, &listing, variant).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn decide(
    app: State<'_, App>,
    store: String,
    decision: DecisionInput,
) -> Answer<DecisionDone> {
    app.decide(&store, decision).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(app: State<'_, App>, store: String) -> Answer<Option<Undone>> {
    app.undo(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn match_again(app: State<'_, App>, store: String) -> Answer<ReviewCounts> {
    app.match_again(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_all(
    app: State<'_, App>,
    store: String,
    query: ReviewQuery,
    seen: Option<String>,
) -> Answer<BulkDone> {
    app.accept_all(&store, query, seen).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn patterns(app: State<'_, App>, store: String) -> Answer<Vec<PatternView>> {
    app.patterns(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pattern_sample(
    app: State<'_, App>,
    store: String,
    pattern: String,
    rows: u32,
) -> Answer<PatternSample> {
    app.pattern_sample(&store, &pattern, rows).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn learned(app: State<'_, App>, store: String) -> Answer<LearnedView> {
    app.learned(&store).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn change_word(
    app: State<'_, App>,
    store: String,
    word: WordInput,
) -> Answer<LearnedView> {
    app.change_word(&store, word).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn search_variants(
    app: State<'_, App>,
    store: String,
    text: String,
) -> Answer<Vec<VariantCard>> {
    app.search_variants(&store, &text).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn orders_page(
    app: State<'_, App>,
    store: String,
    query: OrdersQuery,
) -> Answer<OrdersPage> {
    app.orders_page(&store, query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_detail(
    app: State<'_, App>,
    store: String,
    key: String,
) -> Answer<OrderDetail> {
    app.order_detail(&store, &key).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn order_raw(
    app: State<'_, App>,
    store: String,
    key: String,
    hide_personal: bool,
) -> Answer<RawRecord> {
    app.order_raw(&store, &key, hide_personal).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn today(app: State<'_, App>, query: TodayQuery) -> Answer<TodayView> {
    app.today(query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn history(app: State<'_, App>, query: HistoryQuery) -> Answer<HistoryPage> {
    app.history(query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn run(app: State<'_, App>, id: u32) -> Answer<RunView> {
    app.run(id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn runs_at_work(app: State<'_, App>) -> Answer<Vec<RunView>> {
    Ok(app.runs_at_work())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn follow_ups(app: State<'_, App>) -> Answer<Vec<FollowUp>> {
    Ok(app.follow_ups())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn decisions_of(
    app: State<'_, App>,
    query: DecisionsQuery,
) -> Answer<DecisionsDay> {
    app.decisions_of(query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn find(app: State<'_, App>, query: FindQuery) -> Answer<Found> {
    app.find(query).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn support_text(app: State<'_, App>) -> Answer<String> {
    app.support_text().await
}

/// Writes it into the person's folder for downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_support(app: State<'_, App>, handle: AppHandle) -> Answer<Exported> {
    app.save_support(&downloads(&handle)?).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn kept_data(app: State<'_, App>) -> Answer<KeptData> {
    app.kept_data().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn kept_pictures(app: State<'_, App>) -> Answer<KeptPictures> {
    app.kept_pictures().await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_pictures(app: State<'_, App>) -> Answer<KeptPictures> {
    app.clear_pictures().await
}

/// Opens a page in the system's browser. Only web addresses: a store's data must not be able to
/// start a program or open a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_url(handle: AppHandle, url: String) -> Answer<()> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(AppError::bad_input("url", url));
    }
    let opened = handle.opener().open_url(url, None::<&str>);
    opened.map_err(|error| AppError::new(Code::Internal).details(error))
}

/// Opens a second window on the built-in sandbox, in a process and a data folder of its own.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sandbox() -> Answer<()> {
    let failed = |error: std::io::Error| AppError::new(Code::Internal).details(error);
    let program = std::env::current_exe().map_err(failed)?;
    std::process::Command::new(program)
        .arg("demo")
        .spawn()
        .map_err(failed)?;
    Ok(())
}
