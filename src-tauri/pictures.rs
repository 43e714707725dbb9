//! Product pictures for the window, under an address of their own: the web view itself may reach
//! no server, so the application fetches them, keeps them, and hands them over here.

use tandem_app::view::Side;
use tandem_app::{App, PictureFile};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

/// `picture://localhost/<store>/listing/<key>`, or `…/variant/<id>`.
pub(crate) const SCHEME: &str = "picture";

/// The window asks again for what it forgot; the application keeps pictures longer.
const WINDOW_SECONDS: u32 = 3_600;

/// Answers when the picture is there; nothing waits for it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature that Tauri asks for"
)]
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().state::<App>().inner().clone();
    let wanted = wanted(request.uri().path());
    tauri::async_runtime::spawn(async move {
        let picture = match &wanted {
            Some((store, side, key)) => app.picture(store, *side, key).await.ok().flatten(),
            None => None,
        };
        responder.respond(answer(picture));
    });
}

fn answer(picture: Option<PictureFile>) -> Response<Vec<u8>> {
    let Some(picture) = picture else {
        let mut none = Response::new(Vec::new());
        *none.status_mut() = StatusCode::NOT_FOUND;
        return none;
    };
    Response::builder()
        .header(header::CONTENT_TYPE, picture.media_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(
            header::CACHE_CONTROL,
            format!("private, max-age={WINDOW_SECONDS}"),
        )
        .body(picture.bytes.to_vec())
        .unwrap_or_default()
}

/// Store, side and key of a path. The window encodes the whole path as one part of it.
fn wanted(path: &str) -> Option<(String, Side, String)> {
    let path = decoded(path.trim_start_matches('/'))?;
    let (store, rest) = path.split_once('/')?;
    let (kind, key) = rest.split_once('/')?;
    let side = match kind {
        "listing" => Side::Store,
        "variant" => Side::Odoo,
        _ => return None,
    };
    (!key.is_empty()).then(|| (store.to_owned(), side, key.to_owned()))
}

/// Percent-decoding, of what is UTF-8 afterwards.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use tandem_app::view::Side;

    #[test]
    fn a_path_is_read_as_the_window_writes_it() {
        let of = |store: &str, side, key: &str| Some((store.to_owned(), side, key.to_owned()));
        assert_eq!(
            wanted("/shop%2Flisting%2F12%2F3%20%D8%A9"),
            of("shop", Side::Store, "12/3 ة")
        );
        assert_eq!(wanted("/shop/variant/7"), of("shop", Side::Odoo, "7"));
        for wrong in [
            "",
            "/",
            "/shop",
            "/shop/listing/",
            "/shop/other/7",
            "/%ff%2",
        ] {
            assert_eq!(wanted(wrong), None, "{wrong}");
        }
    }
}
