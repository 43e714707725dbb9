//! Addresses as they are typed, and which of them a kept secret may go to.

use url::Url;

use crate::Result;
use crate::error::AppError;

/// An address as a person pastes it; without a scheme it means https. A name and password in it
/// are dropped: addresses are saved and shown, and secrets are neither.
pub(crate) fn parse_url(text: &str) -> Result<Url> {
    let text = text.trim();
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    match Url::parse(&full) {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {
            // Neither fails where there is a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Ok(url)
        }
        _ => Err(AppError::bad_input("url", text)),
    }
}

/// A kept secret goes to the host that it was given for and to no other: behind a changed address
/// it has to be typed again.
pub(super) fn same_host(known: &str, url: &Url) -> Result<()> {
    if parse_url(known)?.host() == url.host() {
        Ok(())
    } else {
        Err(AppError::bad_input("secret", ""))
    }
}
