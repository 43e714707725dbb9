//! Serves a stand-in on loopback until the handle is dropped.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A stand-in that is being served. Dropping it stops the server.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves a router on a free port of the loopback address, or on the given one.
pub async fn serve(router: Router, port: Option<u16>) -> std::io::Result<Served> {
    let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "a stand-in stopped");
        }
    });
    Ok(Served { address, task })
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;
    use crate::{Fault, Faults, Rule};

    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

    fn shop() -> Router {
        Router::new().route(
            "/",
            get(|| async { "ready, with a long row of balloons behind" }),
        )
    }

    /// Everything that comes back down the line, bounded in time.
    async fn fetch(address: &str) -> std::io::Result<String> {
        let talk = async {
            let mut line = TcpStream::connect(address).await?;
            line.write_all(b"GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                .await?;
            let mut answer = Vec::new();
            line.read_to_end(&mut answer).await?;
            Ok(String::from_utf8_lossy(&answer).into_owned())
        };
        tokio::time::timeout(PATIENCE, talk)
            .await
            .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
    }

    fn address(served: &Served) -> String {
        let url = served.url();
        url.strip_prefix("http://").expect("plain HTTP").to_owned()
    }

    #[tokio::test]
    async fn it_serves_on_loopback_at_the_address_that_it_says() {
        let served = serve(shop(), None).await.expect("a free port");
        assert!(served.url().starts_with("http://127.0.0.1:"));
        let answer = fetch(&address(&served)).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.ends_with("behind"), "{answer}");
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_an_error() {
        let first = serve(shop(), None).await.expect("a free port");
        let port = first.address.port();
        let second = serve(shop(), Some(port)).await.map(|served| served.url());
        assert_eq!(
            second.map_err(|error| error.kind()),
            Err(std::io::ErrorKind::AddrInUse)
        );
    }

    #[tokio::test]
    async fn dropping_it_stops_it() {
        let served = serve(shop(), None).await.expect("a free port");
        let address = address(&served);
        drop(served);
        for _ in 0..100 {
            if fetch(&address).await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it still answers");
    }

    #[tokio::test]
    async fn a_truncated_answer_breaks_the_real_line_too() {
        let faults = Faults::new(vec![Rule {
            path: String::new(),
            skip: 0,
            times: None,
            fault: Fault::Truncated,
        }]);
        let served = serve(faults.wrap(shop()), None).await.expect("a free port");
        // The line may end in a reset or in silence; either way the last words are missing.
        let answer = fetch(&address(&served)).await.unwrap_or_default();
        assert!(!answer.contains("behind"), "{answer}");
    }
}
