//! The real transport against servers on loopback: what it carries where, and what it calls a failure.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::any;
use http::Method;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::json;
use tandem_contract::Cause;
use tandem_contract::http::{Network, Redirects, Request, Transport as _, TransportError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn network() -> Network {
    Network::new("0.0.0").expect("a TLS stack")
}

fn post(url: &str) -> Request {
    let url: Url = url.parse().expect("an address");
    Request::new(Method::POST, url).json(&json!({"password": "canary"}))
}

/// A server that notes what it is sent.
async fn listener() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&heard);
    let router = Router::new().fallback(any(move |body: Bytes| async move {
        noting
            .lock()
            .expect("no holder panics")
            .push(String::from_utf8_lossy(&body).into_owned());
        "heard"
    }));
    (serve(router).await, heard)
}

async fn redirector(status: u16, to: String) -> SocketAddr {
    let status = StatusCode::from_u16(status).expect("a status");
    serve(Router::new().fallback(any(move || async move {
        (status, [(header::LOCATION, to)]).into_response()
    })))
    .await
}

#[tokio::test]
async fn a_body_is_never_carried_to_another_host() {
    for status in [301, 302, 303, 307, 308] {
        let (other, heard) = listener().await;
        let first = redirector(status, format!("http://localhost:{}/", other.port())).await;
        let answer = network()
            .send(&post(&format!("http://{first}/")))
            .await
            .expect("an answer");
        let heard = heard.lock().expect("no holder panics").join("");
        assert!(
            !heard.contains("canary"),
            "{status} carried the body: {heard}"
        );
        assert!(
            answer.status == status || answer.text() == "heard",
            "{status}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn a_secret_in_the_address_stays_on_its_site() {
    for status in [301, 302, 303, 307, 308] {
        let (other, heard) = listener().await;
        let there = format!("http://localhost:{}/?secret=canary", other.port());
        let first = redirector(status, there.clone()).await;
        let url: Url = format!("http://{first}/?secret=canary")
            .parse()
            .expect("an address");
        let mut request = Request::new(Method::GET, url);
        request.redirects = Redirects::SameSite;
        let answer = network().send(&request).await.expect("an answer");
        assert_eq!(answer.status, status, "the redirect is the answer");
        assert_eq!(
            answer.redirected_to().map(|url| url.to_string()),
            Some(there)
        );
        assert!(heard.lock().expect("no holder panics").is_empty());
        request.redirects = Redirects::Anywhere;
        let answer = network().send(&request).await.expect("an answer");
        let followed = !heard.lock().expect("no holder panics").is_empty();
        assert_eq!(followed, status < 307, "{status}: {}", answer.status);
    }
}

/// A server that reads what comes first, does not like it, and closes the line.
async fn hangs_up() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            drop(line.read(&mut [0; 4_096]).await);
        }
    });
    address
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let port = {
        let held = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        held.local_addr().expect("bound").port()
    };
    let closed = network()
        .send(&post(&format!("http://127.0.0.1:{port}/")))
        .await;
    assert!(
        matches!(closed, Err(TransportError::PortClosed)),
        "{closed:?}"
    );
    let unknown = network().send(&post("http://no-such-host.invalid/")).await;
    assert!(
        matches!(unknown, Err(TransportError::HostUnknown)),
        "{unknown:?}"
    );
    let (plain, _) = listener().await;
    let no_tls = network().send(&post(&format!("https://{plain}/"))).await;
    assert!(matches!(no_tls, Err(TransportError::NotTls)), "{no_tls:?}");
    let rude = hangs_up().await;
    let no_tls = network().send(&post(&format!("https://{rude}/"))).await;
    assert!(matches!(no_tls, Err(TransportError::NotTls)), "{no_tls:?}");
}

/// A server with a certificate that nobody vouches for. Returns its port.
async fn self_signed(name: &str) -> u16 {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("key and certificate belong together");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            // A client that does not trust us hangs up, and that is what is tested.
            let Ok(mut line) = acceptor.accept(line).await else {
                continue;
            };
            let mut asked = [0; 1_024];
            drop(line.read(&mut asked).await);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nsafe";
            drop(line.write_all(answer).await);
            drop(line.shutdown().await);
        }
    });
    port
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_shown_and_good_once_a_person_trusts_it() {
    let (mine, other) = (
        self_signed("localhost").await,
        self_signed("localhost").await,
    );
    let at = |port| post(&format!("https://localhost:{port}/"));
    let refused = network().send(&at(mine)).await;
    let Err(TransportError::Certificate(untrusted)) = refused else {
        panic!("{refused:?}");
    };
    let told = TransportError::Certificate(untrusted.clone()).into_error(&at(mine));
    assert_eq!(told.cause, Cause::CertificateUntrusted);
    let shown = untrusted.fingerprint.to_string();
    assert!(told.context.contains(&("fingerprint".to_owned(), shown)));

    let trusting = Arc::new(network()).trusting(untrusted.fingerprint);
    let answer = trusting.send(&at(mine)).await.expect("it is trusted now");
    assert_eq!(answer.text(), "safe");
    let stranger = trusting.send(&at(other)).await;
    assert!(
        matches!(stranger, Err(TransportError::Certificate(_))),
        "one certificate is trusted, not every one: {stranger:?}"
    );
}

#[tokio::test]
async fn a_circle_of_redirects_is_told_as_one() {
    let circle = Router::new().fallback(any(|| async {
        (StatusCode::FOUND, [(header::LOCATION, "/again")]).into_response()
    }));
    let request = post(&format!("http://{}/", serve(circle).await));
    let round = network().send(&request).await.expect_err("it never ends");
    assert_eq!(round.into_error(&request).cause, Cause::RedirectLoop);
}

#[test]
fn a_request_prints_neither_its_query_nor_its_body() {
    let printed = format!(
        "{:?}",
        post("https://shop.example/x?consumer_secret=canary")
    );
    assert!(!printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn a_port_that_cuts_the_line_speaks_something_else_and_a_slow_one_does_not() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            drop(line);
        }
    });
    let request = post(&format!("http://{address}/"));
    let cut = network()
        .send(&request)
        .await
        .expect_err("nobody speaks HTTP there");
    let told = cut.into_error(&request);
    assert_eq!(
        told.cause,
        Cause::AnswerLost,
        "it may have been carried out"
    );
    assert_eq!(told.as_first_contact().cause, Cause::NotTheProduct);

    let slow = serve(Router::new().fallback(any(std::future::pending::<&str>))).await;
    let mut request = post(&format!("http://{slow}/"));
    request.timeout = std::time::Duration::from_millis(50);
    let late = network()
        .send(&request)
        .await
        .expect_err("it never answers");
    assert_eq!(
        late.into_error(&request).as_first_contact().cause,
        Cause::AnswerLost
    );
}
