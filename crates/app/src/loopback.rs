//! The network of the sandbox: this computer and nothing else, whatever the made-up shop names.

use std::sync::Arc;

use async_trait::async_trait;
use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};
use url::Host;

/// Reaches servers on this computer; for every other one it knows no address.
#[derive(Debug)]
pub(crate) struct Loopback(pub(crate) Arc<dyn Transport>);

#[async_trait]
impl Transport for Loopback {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let here = match request.url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if here {
            self.0.send(request).await
        } else {
            Err(TransportError::HostUnknown)
        }
    }

    fn trusting(self: Arc<Self>, certificate: Fingerprint) -> Arc<dyn Transport> {
        Arc::new(Self(Arc::clone(&self.0).trusting(certificate)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use tandem_contract::http::{Fingerprint, Request, Response, Transport, TransportError};

    use super::Loopback;

    /// A network on which everything is asked and nothing answers.
    #[derive(Debug)]
    struct Asked;

    #[async_trait]
    impl Transport for Asked {
        async fn send(&self, _: &Request) -> Result<Response, TransportError> {
            Err(TransportError::TimedOut)
        }

        fn trusting(self: Arc<Self>, _: Fingerprint) -> Arc<dyn Transport> {
            self
        }
    }

    #[tokio::test]
    async fn the_made_up_shop_sends_nobody_out_of_this_computer() {
        let pin = "AB".repeat(32).parse().expect("a fingerprint");
        let loopback = Arc::new(Loopback(Arc::new(Asked))).trusting(pin);
        for (url, asked) in [
            ("http://127.0.0.1:8080/", true),
            ("http://[::1]:8080/", true),
            ("http://localhost:8080/", true),
            ("https://shop.partycentre.example/a.jpg", false),
            ("http://127.0.0.1.evil.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            let request = Request::new("GET".parse().expect("a method"), url.parse().expect(url));
            let failed = loopback.send(&request).await.expect_err("nothing answers");
            let was_asked = matches!(failed, TransportError::TimedOut);
            assert_eq!(was_asked, asked, "{url}");
        }
    }
}
