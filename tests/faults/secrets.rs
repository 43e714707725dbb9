//! A canary for a secret: it must be nowhere but in the vault and on the wire.

use std::io::Write;
use std::sync::{Arc, Mutex};

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

fn has_canary(bytes: &[u8]) -> bool {
    bytes
        .windows(CANARY.len())
        .any(|window| window == CANARY.as_bytes())
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
    let seen = serde_json::to_string(&desk.app.connections().await.expect("read"));
    assert!(!seen.expect("serialises").contains(CANARY));
    drop(desk);
    let mut files = 0;
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            files += 1;
            let bytes = std::fs::read(&path).expect("readable");
            assert!(!has_canary(&bytes), "the secret is in {}", path.display());
        }
    }
    assert!(files > 0, "there is a cache to look into");
    let logged = log.0.lock().expect("no writer panics");
    assert!(!logged.is_empty(), "the log was listened to");
    assert!(!has_canary(&logged), "the secret is in the log");
}
