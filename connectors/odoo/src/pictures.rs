//! Pictures of variants: Odoo's own small rendering, which comes through every door.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::json;
use tandem_contract::{Cause, Error, Picture, Pictures, Result};
use tandem_domain::VariantKey;

use crate::reads::Reads;
use crate::wire::PictureRow;

/// The source of pictures.
#[derive(Debug)]
pub(crate) struct Shelf {
    reads: Arc<Reads>,
}

impl Shelf {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }
}

#[async_trait]
impl Pictures<VariantKey> for Shelf {
    /// A variant without a picture of its own has its template's; Odoo sees to that. One that is
    /// gone has none.
    async fn picture(&self, of: &VariantKey) -> Result<Option<Picture>> {
        let args = json!([[of.0], ["image_128"]]);
        let context = json!({"context": {"active_test": false, "bin_size": false}});
        let answer = self
            .reads
            .client
            .call("product.product", "read", args, context)
            .await?;
        let rows: Vec<PictureRow> = answer.read()?;
        let Some(encoded) = rows.into_iter().next().and_then(|row| row.image_128) else {
            return Ok(None);
        };
        let unreadable = |why: &str| {
            let error = Error::new(Cause::Unreadable, "product.product.read");
            error.with("id", of).with("field", "image_128").detail(why)
        };
        // Python breaks base64 into lines in some versions.
        let encoded: Vec<u8> = encoded
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|error| unreadable(&error.to_string()))?;
        let media_type = media_type(&bytes).ok_or_else(|| unreadable("an unknown kind of file"))?;
        Ok(Some(Picture {
            media_type: media_type.to_owned(),
            bytes: Bytes::from(bytes),
        }))
    }
}

/// What a file is, by how it begins: Odoo does not say it.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if starts(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some("image/gif")
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else if starts(b"BM") {
        Some("image/bmp")
    } else if starts(b"<svg") || starts(b"<?xml") {
        Some("image/svg+xml")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_file_is_what_it_begins_like() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a..", Some("image/gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"RIFF\0\0\0\0WAVEfmt ", None),
            (b"<svg xmlns=", Some("image/svg+xml")),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(media_type(bytes), kind, "{bytes:?}");
        }
    }
}
