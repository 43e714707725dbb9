//! Pictures: of a product, of a variation, of its family, and none.

use std::net::IpAddr;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use tandem_connector_woocommerce::fake;
use tandem_contract::http::{InProcess, Redirects};
use tandem_contract::{Cause, Picture, Result};
use tandem_domain::ListingKey;
use tandem_sandbox::{SharedWorld, World};

use crate::common::{KEY, PASSWORD, SHIRT, Watched, clock, connect, world};

fn shop_of(world: World, overlay: Router) -> Watched {
    let router = overlay.fallback_service(fake(SharedWorld::new(world)));
    Watched::new(InProcess::new(router))
}

async fn picture(transport: &Watched, key: &str) -> Result<Option<Picture>> {
    let shop = connect("https://shop.example", KEY, transport.clone(), clock());
    let pictures = shop.pictures().expect("a shop has pictures");
    pictures.picture(&ListingKey::new(key)).await
}

#[tokio::test]
async fn a_picture_is_the_smallest_good_file_and_is_asked_for_by_nobody() {
    let mut world = world();
    // As of a shop behind TLS that does not know of it.
    "http://shop.example".clone_into(&mut world.shop.home_url);
    let transport = shop_of(world, Router::new());
    let found = picture(&transport, "3145").await.expect("an answer");
    let found = found.expect("a picture");
    assert_eq!(found.media_type, "image/png");
    assert!(found.bytes.starts_with(b"\x89PNG"));
    let sent = transport.take();
    let file = &sent[1];
    assert_eq!(
        file.url.as_str(),
        "https://shop.example/wp-content/uploads/mug-324x324.jpg"
    );
    assert!(!file.headers.contains_key(header::AUTHORIZATION));
    assert_eq!(sent.len(), 2);
}

#[tokio::test]
async fn a_variation_without_a_picture_has_that_of_its_family() {
    let transport = shop_of(world(), Router::new());
    let red = picture(&transport, "3101/3117").await.expect("an answer");
    assert!(red.is_some(), "its own");
    assert_eq!(transport.take().len(), 2);
    let blue = picture(&transport, "3101/3124").await.expect("an answer");
    assert_eq!(blue, None, "neither has the family");

    let mut world = world();
    let shirt = world.shop.listings.get_mut(&SHIRT).expect("a listing");
    "shirt.jpg".clone_into(&mut shirt.image);
    let transport = shop_of(world, Router::new());
    let blue = picture(&transport, "3101/3124").await.expect("an answer");
    assert!(blue.is_some());
    let sent = transport.take();
    assert!(
        sent[2].url.path().ends_with("/shirt-324x324.jpg"),
        "{:?}",
        sent[2]
    );
}

#[tokio::test]
async fn nothing_is_shown_for_what_is_gone() {
    let transport = shop_of(world(), Router::new());
    for key in ["99", "3101/99", "3200", "nonsense"] {
        let found = picture(&transport, key).await.expect("an answer");
        assert_eq!(found, None, "{key}");
    }
}

/// A shop whose one picture is at another address.
fn elsewhere(address: &str, file: (StatusCode, &'static str, Vec<u8>)) -> Watched {
    let images = format!(r#"{{"images":[{{"src":"{address}"}}]}}"#);
    let json = [(header::CONTENT_TYPE, "application/json")];
    let overlay = Router::new()
        .route(
            "/wp-json/wc/v3/products/3145",
            get(async move || (json, images)),
        )
        .route(
            "/file",
            get(async move || (file.0, [(header::CONTENT_TYPE, file.1)], file.2)),
        );
    shop_of(world(), overlay)
}

#[tokio::test]
async fn what_is_no_small_picture_is_none() {
    let large = vec![0; 2_000_001];
    for (status, kind, body) in [
        (StatusCode::OK, "text/html", b"<html>".to_vec()),
        (StatusCode::OK, "image/svg+xml", b"<svg>".to_vec()),
        (StatusCode::OK, "image/png", Vec::new()),
        (StatusCode::OK, "image/png", large),
        (StatusCode::NOT_FOUND, "image/png", b"x".to_vec()),
    ] {
        let transport = elsewhere("https://cdn.example/file", (status, kind, body));
        let found = picture(&transport, "3145").await.expect("an answer");
        assert_eq!(found, None, "{status} {kind}");
        assert_eq!(transport.take().len(), 2, "it was asked for");
    }
    let busy = (StatusCode::SERVICE_UNAVAILABLE, "text/html", Vec::new());
    let error = picture(&elsewhere("https://cdn.example/file", busy), "3145").await;
    assert_eq!(error.expect_err("busy").cause, Cause::ServerFailed);
}

#[tokio::test]
async fn a_shop_cannot_send_us_to_a_machine_of_our_own_network() {
    let loopback = IpAddr::from([127, 0, 0, 1]);
    for address in [
        format!("http://{loopback}:631/file"),
        "http://192.168.0.1/file".to_owned(),
        "http://[::1]/file".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:image/png;base64,AA".to_owned(),
    ] {
        let picture_file = (StatusCode::OK, "image/png", b"x".to_vec());
        let transport = elsewhere(&address, picture_file);
        let found = picture(&transport, "3145").await.expect("an answer");
        assert_eq!(found, None, "{address}");
        assert_eq!(transport.take().len(), 1, "{address} was not asked");
    }
    let picture_file = (StatusCode::OK, "image/png", b"x".to_vec());
    let transport = elsewhere("https://user:pw@cdn.example/file", picture_file);
    assert!(
        picture(&transport, "3145")
            .await
            .expect("an answer")
            .is_some()
    );
    let sent = transport.take();
    assert_eq!(sent[1].url.as_str(), "https://cdn.example/file");
    assert_ne!(PASSWORD.0, sent[1].url.username());
}

#[tokio::test]
async fn nor_can_a_redirect_on_the_way_to_the_file() {
    let led = |to: &'static str| {
        let images = r#"{"images":[{"src":"https://cdn.example/old"}]}"#;
        let json = [(header::CONTENT_TYPE, "application/json")];
        let there = (StatusCode::FOUND, [(header::LOCATION, to)]);
        let file = ([(header::CONTENT_TYPE, "image/png")], "x");
        let overlay = Router::new()
            .route(
                "/wp-json/wc/v3/products/3145",
                get(async move || (json, images)),
            )
            .route("/old", get(async move || there))
            .route("/file", get(async move || file));
        shop_of(world(), overlay)
    };
    for to in [
        "http://192.168.0.1/file",
        "http://[::1]/file",
        "ftp://cdn.example/file",
    ] {
        let transport = led(to);
        let found = picture(&transport, "3145").await.expect("an answer");
        assert_eq!(found, None, "{to}");
        assert_eq!(transport.take().len(), 2, "{to} was not asked");
    }
    for to in ["https://media.example/file", "/file"] {
        let transport = led(to);
        let found = picture(&transport, "3145").await.expect("an answer");
        assert!(found.is_some(), "{to} may be asked");
    }
    let transport = led("/old");
    let found = picture(&transport, "3145").await.expect("an answer");
    assert_eq!(found, None, "a circle ends");
    let asked = transport.take();
    assert!(
        asked[1..]
            .iter()
            .all(|file| file.redirects == Redirects::SameSite),
        "the network follows none of them past us"
    );
}
