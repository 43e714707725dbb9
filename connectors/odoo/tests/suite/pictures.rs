//! Pictures, through every door.

use serde_json::json;
use tandem_contract::Cause;
use tandem_domain::VariantKey;

use crate::common::{
    Canned, HEX_KEY, KEY, PASSWORD, Patched, TEE, connect, here, of_version, only, router, world,
};

const DELIVERY: i64 = 1;

#[tokio::test]
async fn a_picture_is_the_same_through_every_door() {
    let mut seen = Vec::new();
    for (open, login) in [
        (&["/jsonrpc", "/web/webclient"][..], KEY),
        (&["/xmlrpc"], KEY),
        (&["/web"], PASSWORD),
        (&["/json/"], HEX_KEY),
    ] {
        let transport = Patched::over(only(router(of_version("19.0")), open), Vec::new());
        let odoo = connect(here(login), transport);
        let pictures = odoo.pictures().expect("it has pictures");
        let picture = pictures.picture(&VariantKey(TEE)).await;
        let picture = picture.expect("an answer").expect("a picture");
        assert_eq!(picture.media_type, "image/png");
        seen.push(picture.bytes);
        for nothing in [DELIVERY, 999_999] {
            let none = pictures.picture(&VariantKey(nothing)).await;
            assert_eq!(none.expect("an answer"), None);
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(seen[0].starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn what_is_no_picture_is_an_error_and_not_none() {
    for image in ["!!!", "aGVsbG8="] {
        let rows = json!({"jsonrpc": "2.0", "id": 1, "result": [{"id": 3, "image_128": image}]});
        let answers = vec![("product.product.read", Canned::json(&rows))];
        let odoo = connect(here(KEY), Patched::new(world(), answers));
        let pictures = odoo.pictures().expect("it has pictures");
        let error = pictures.picture(&VariantKey(TEE)).await;
        assert_eq!(error.expect_err("no picture").cause, Cause::Unreadable);
    }
}
