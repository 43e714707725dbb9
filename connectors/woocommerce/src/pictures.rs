//! Pictures of products: one question for where the file is, and one for the file.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderValue, Method, header};
use tandem_contract::http::{Network, Redirects, Request, Response};
use tandem_contract::{Cause, Error, Picture, Pictures, Result};
use tandem_domain::ListingKey;
use url::Url;

use crate::client::Client;
use crate::config;
use crate::row::Row;

/// Larger files are not for a list.
const BYTES_MAX: usize = 2_000_000;
/// A picture is worth no longer wait.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Wide enough for a list on any screen, where there is a choice.
const WIDTH_MIN: u32 = 150;

/// The shop's pictures.
#[derive(Debug)]
pub(crate) struct ProductPictures {
    client: Arc<Client>,
}

#[async_trait]
impl Pictures<ListingKey> for ProductPictures {
    async fn picture(&self, of: &ListingKey) -> Result<Option<Picture>> {
        let is_id = |text: &str| text.parse::<u64>().is_ok();
        let found = match of.as_str().split_once('/') {
            None if is_id(of.as_str()) => self.of_product(of.as_str()).await?,
            Some((parent, variation)) if is_id(parent) && is_id(variation) => {
                let path = format!("products/{parent}/variations/{variation}");
                match self.address(&path, "image").await? {
                    Some(own) => Some(own),
                    None => self.of_product(parent).await?,
                }
            }
            // Not a key of this shop's.
            None | Some(_) => None,
        };
        match found {
            Some(address) => self.file(address).await,
            None => Ok(None),
        }
    }
}

impl ProductPictures {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    async fn of_product(&self, id: &str) -> Result<Option<Url>> {
        self.address(&format!("products/{id}"), "images").await
    }

    /// Where a record's first picture is; `None` when it has none, or is gone itself.
    async fn address(&self, path: &str, field: &str) -> Result<Option<Url>> {
        let params = [("_fields", field.to_owned())];
        match self.client.get(path, &params).await {
            Ok(answer) => Ok(Row::parse(&answer.json)
                .ok()
                .and_then(|row| smallest(&first(&row, field)?))
                .and_then(|address| self.client.base().join(&address).ok())
                .and_then(|address| self.usable(address))),
            Err(error) if matches!(error.cause, Cause::NotFound | Cause::Invalid) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Over HTTP or HTTPS, and not from a machine of this network that only the shop named. A shop
    /// that does not know of its own TLS names its pictures without it.
    fn usable(&self, mut url: Url) -> Option<Url> {
        let base = self.client.base();
        let of_the_shop = url.host_str() == base.host_str();
        if of_the_shop && base.scheme() == "https" && url.port().is_none() {
            // Cannot fail: from one web scheme to the other.
            let _ = url.set_scheme("https");
        }
        // Nothing of ours goes along, and nothing that an address may hide.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let web = matches!(url.scheme(), "http" | "https");
        (web && (of_the_shop || !config::is_private(&url))).then_some(url)
    }

    /// Asks where redirects lead, as long as each place may be asked; `None` where one may not.
    async fn follow(&self, request: &mut Request) -> Result<Option<Response>> {
        for _ in 0..=Network::REDIRECTS_MAX {
            let response = self.client.fetch(request).await?;
            let Some(there) = response.redirected_to() else {
                return Ok(Some(response));
            };
            match self.usable(there) {
                Some(there) => request.url = there,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The file, asked for without credentials. What is no picture, or too large for one, is none.
    async fn file(&self, address: Url) -> Result<Option<Picture>> {
        let mut request = Request::new(Method::GET, address);
        request.timeout = TIMEOUT;
        request.redirects = Redirects::SameSite;
        let images = HeaderValue::from_static("image/webp,image/png,image/jpeg,image/*;q=0.8");
        request.headers.insert(header::ACCEPT, images);
        let Some(response) = self.follow(&mut request).await? else {
            return Ok(None);
        };
        match response.status {
            200 => {}
            status @ (429 | 500..) => {
                let cause = if status == 429 {
                    Cause::TooManyRequests
                } else {
                    Cause::ServerFailed
                };
                let error = Error::new(cause, request.operation()).with("status", status);
                let seconds = response.retry_after().unwrap_or_default();
                return Err(error.retry_after(seconds));
            }
            _ => return Ok(None),
        }
        let media_type = response.header("content-type").and_then(media_type);
        let small = !response.body.is_empty() && response.body.len() <= BYTES_MAX;
        Ok(media_type.filter(|_| small).map(|media_type| Picture {
            media_type,
            bytes: response.body,
        }))
    }
}

/// A list's first picture, or the only one.
fn first(row: &Row, field: &str) -> Option<Row> {
    if row.has_list(field) {
        return row.rows(field).ok()?.into_iter().next();
    }
    row.row(field).ok()
}

/// The smallest file that is wide enough (recorded: 88): the thumbnail that the shop made for its
/// own lists, else the narrowest of its sizes, else the picture as it was uploaded.
fn smallest(image: &Row) -> Option<String> {
    let text = |field: &str| image.text(field).ok().filter(|text| !text.is_empty());
    text("thumbnail")
        .or_else(|| narrowest(&text("srcset")?))
        .or_else(|| text("src"))
}

/// `a.jpg 1200w, a-300x300.jpg 300w`.
fn narrowest(srcset: &str) -> Option<String> {
    srcset
        .split(", ")
        .filter_map(|size| {
            let (address, width) = size.trim().rsplit_once(' ')?;
            let width: u32 = width.strip_suffix('w')?.parse().ok()?;
            (width >= WIDTH_MIN).then(|| (width, address.to_owned()))
        })
        .min()
        .map(|(_, address)| address)
}

/// A picture of points; a drawing (SVG) may hold anything.
fn media_type(header: &str) -> Option<String> {
    let kind = header.split(';').next()?.trim().to_ascii_lowercase();
    (kind.starts_with("image/") && kind != "image/svg+xml").then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::{media_type, smallest};
    use crate::row::Row;

    fn image(json: &str) -> Option<String> {
        smallest(&Row::parse(json).expect("an object"))
    }

    #[test]
    fn the_smallest_good_file_is_chosen() {
        let recorded = include_str!("../tests/recorded/88-product-image-by-src.json");
        let recorded: serde_json::Value = serde_json::from_str(recorded).expect("recorded JSON");
        let mut of_product = recorded["response"]["body"]["images"][0].clone();
        let found = |value: &serde_json::Value| image(&value.to_string());
        assert_eq!(
            found(&of_product).as_deref(),
            Some("https://shop.example/wp-content/uploads/2026/11/lab-img-324x324.jpg")
        );
        of_product["thumbnail"] = "".into();
        assert_eq!(
            found(&of_product).as_deref(),
            Some("https://shop.example/wp-content/uploads/2026/11/lab-img-150x150.jpg"),
            "100 points are too few"
        );
        assert_eq!(image(r#"{"src":"a.jpg"}"#).as_deref(), Some("a.jpg"));
        assert_eq!(image(r#"{"id":0,"src":""}"#), None);
        assert_eq!(image("{}"), None);
    }

    #[test]
    fn only_pictures_of_points_are_pictures() {
        assert_eq!(media_type("image/JPEG; q=1").as_deref(), Some("image/jpeg"));
        for other in ["text/html", "image/svg+xml", "application/octet-stream", ""] {
            assert_eq!(media_type(other), None, "{other}");
        }
    }
}
