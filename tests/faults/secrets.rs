//! A canary for a secret: it must be nowhere but in the vault and on the wire.

use tandem_app::view::{ConnectionDraft, SecretText};
use tandem_tests::Desk;

const CANARY: &str = "canary-7f3e-secret-that-must-not-get-out";

#[tokio::test]
async fn a_secret_is_not_in_the_cache_nor_in_errors_nor_in_what_doors_see() {
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
            let found = bytes
                .windows(CANARY.len())
                .any(|window| window == CANARY.as_bytes());
            assert!(!found, "the secret is in {}", path.display());
        }
    }
    assert!(files > 0, "there is a cache to look into");
}
