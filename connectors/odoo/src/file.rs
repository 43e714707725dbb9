//! Files that Odoo's pages give out: PDFs, by a cookie or by a link that is a secret itself.

use bytes::Bytes;
use http::Method;
use tandem_contract::http::Response;
use tandem_contract::{Cause, Error, Result};

use crate::client::Client;
use crate::failure::{Route, leads_to_login, page_error};

impl Client {
    /// A PDF at a path below the base address. The cookie goes along where a session is open; one
    /// that has ended is renewed once.
    pub(crate) async fn file(&self, path: &str, operation: &str) -> Result<Bytes> {
        let used = self.cookie.current();
        let mut response = self.get(path, operation).await?;
        if used.is_some() && leads_to_login(&response) {
            self.renew(used.as_deref()).await?;
            response = self.get(path, operation).await?;
        }
        if response.status == 200 && response.body.starts_with(b"%PDF") {
            return Ok(response.body);
        }
        let asked = self.asked(operation, Route::Web, "");
        if leads_to_login(&response) {
            return Err(Error::new(Cause::CredentialsRefused, operation));
        }
        if response.status == 404 {
            // The document is gone, or its host serves several databases and the link names none.
            return Err(Error::new(Cause::NotFound, operation));
        }
        Err(page_error(asked, &response))
    }

    async fn get(&self, path: &str, operation: &str) -> Result<Response> {
        let mut request = self.request(path, operation)?;
        if request.url.origin() != self.base().origin() {
            let to = request.url.origin().ascii_serialization();
            return Err(Error::new(Cause::RedirectedElsewhere, operation).with("redirected_to", to));
        }
        request.method = Method::GET;
        self.cookie.put(&mut request);
        let response = self.send(&request, operation).await?;
        self.cookie.learn(&response);
        Ok(response)
    }
}
