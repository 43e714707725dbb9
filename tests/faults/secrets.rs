//! A canary for a secret: it must be nowhere but in the vault and on the wire.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use tandem_app::view::{ConnectionDraft, SecretText};
use tandem_tests::Desk;

const CANARY: &str = "canary-7f3e-secret-that-must-not-get-out";

/// Everything that any crate of the process logs, down to the smallest detail.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no writer panics")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// As it is, and as it looks inside a text that was encoded in base64, wherever in it it begins:
/// so it stands in a header that somebody printed.
fn has_canary(bytes: &[u8]) -> bool {
    let has = |needle: &str| {
        bytes
            .windows(needle.len())
            .any(|window| window == needle.as_bytes())
    };
    has(CANARY) || (0..3).any(|offset| has(&inside_base64(offset)))
}

/// What of the canary's base64 does not depend on what stands around it.
fn inside_base64(offset: usize) -> String {
    let shifted = format!("{}{CANARY}", "x".repeat(offset));
    let encoded = STANDARD_NO_PAD.encode(&shifted);
    let (from, to) = (offset.div_ceil(3) * 4, shifted.len() / 3 * 4);
    encoded[from..to].to_owned()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_in(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn the_canary_is_found_in_a_header_too() {
    for login in ["a", "ab", "abc", "abcd"] {
        let header = format!("Basic {}", STANDARD.encode(format!("{login}:{CANARY}")));
        assert!(has_canary(header.as_bytes()), "{login}");
    }
    assert!(!has_canary(
        STANDARD
            .encode("another secret of the same length")
            .as_bytes()
    ));
}

#[tokio::test]
async fn a_secret_is_not_in_the_cache_nor_in_logs_nor_in_errors_nor_in_what_doors_see() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let desk = Desk::open(300, Some(folder.path().to_owned())).await;
    desk.fetch().await;
    for account in desk.sandbox.accounts() {
        let draft = ConnectionDraft {
            slug: None,
            name: format!("canary {}", account.kind),
            kind: account.kind,
            url: account.url,
            login: account.login,
            secret: Some(SecretText::new(CANARY.to_owned())),
            database: account.database,
            certificate: None,
        };
        assert!(
            !format!("{draft:?}").contains(CANARY),
            "a draft prints no secret"
        );
        let saved = desk.app.save_connection(draft).await.expect("saved");
        let check = desk.app.test_saved(&saved.slug).await.expect("tested");
        let shown = serde_json::to_string(&check).expect("serialises");
        assert!(check.failure.is_some(), "the canary opens no door");
        assert!(!shown.contains(CANARY), "a failed test shows no secret");
    }
    make_key_with_the_canary(&desk).await;
    let seen = serde_json::to_string(&desk.app.connections().await.expect("read"));
    assert!(!seen.expect("serialises").contains(CANARY));
    drop(desk);
    let files = files_in(folder.path());
    assert!(!files.is_empty(), "there is a cache to look into");
    for path in files {
        let bytes = std::fs::read(&path).expect("readable");
        assert!(!has_canary(&bytes), "the secret is in {}", path.display());
    }
    // Where the system shows them; everybody on the machine can read them there.
    for shown in ["/proc/self/cmdline", "/proc/self/environ"] {
        let shown = std::fs::read(shown).unwrap_or_default();
        assert!(
            !has_canary(&shown),
            "the secret is shown to the whole machine"
        );
    }
    let logged = log.0.lock().expect("no writer panics");
    assert!(!logged.is_empty(), "the log was listened to");
    assert!(!has_canary(&logged), "the secret is in the log");
}

/// A password that works, but is used once and not kept.
async fn make_key_with_the_canary(desk: &Desk) {
    CANARY.clone_into(&mut desk.sandbox.world().lock().erp.accounts[0].password);
    let accounts = desk.sandbox.accounts();
    let account = accounts.into_iter().find(|account| account.kind == "odoo");
    let account = account.expect("the sandbox has an Odoo");
    let draft = ConnectionDraft {
        slug: None,
        name: "key".to_owned(),
        kind: account.kind,
        url: account.url,
        login: account.login,
        secret: Some(SecretText::new(CANARY.to_owned())),
        database: account.database,
        certificate: None,
    };
    let made = desk.app.make_key(draft).await.expect("a key");
    let shown = serde_json::to_string(&made).expect("serialises");
    assert!(!shown.contains(CANARY));
}
