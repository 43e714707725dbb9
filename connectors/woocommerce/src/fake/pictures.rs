//! Pictures of the shop's products: each file in full and as the thumbnails that WordPress makes.

use serde_json::{Value, json};
use tandem_sandbox::{ShopListing, ShopWorld};

use super::answer::{self, Answer};
use super::dates;

/// A picture of one grey pixel.
const PIXEL: &[u8] = include_bytes!("pixel.png");
/// Widths of the thumbnails, the one for lists first.
const WIDTHS: [u32; 3] = [324, 300, 150];

/// `/wp-content/uploads/{file}`.
pub(super) fn file(shop: &ShopWorld, file: &str) -> Answer {
    let known = shop
        .listings
        .values()
        .filter(|listing| !listing.image.is_empty())
        .any(|listing| {
            listing.image == file
                || WIDTHS
                    .iter()
                    .any(|width| thumbnail(&listing.image, *width) == file)
        });
    if known {
        answer::picture(PIXEL)
    } else {
        answer::page_not_found(shop)
    }
}

/// `mug.jpg` has `mug-324x324.jpg`.
fn thumbnail(file: &str, width: u32) -> String {
    match file.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{width}x{width}.{ending}"),
        None => format!("{file}-{width}x{width}"),
    }
}

/// `images` (recorded: 88). Their own local dates are wrong in a real shop too: the zone is added
/// twice.
pub(super) fn images(shop: &ShopWorld, listing: &ShopListing) -> Vec<Value> {
    if listing.image.is_empty() {
        return Vec::new();
    }
    let (gmt, _) = dates(listing.created, 0);
    let (_, twice) = dates(listing.created, shop.utc_offset_s * 2);
    let uploads = format!("{}/wp-content/uploads", shop.home_url.trim_end_matches('/'));
    let sizes = WIDTHS.map(|width| {
        let file = thumbnail(&listing.image, width);
        format!("{uploads}/{file} {width}w")
    });
    let src = format!("{uploads}/{}", listing.image);
    vec![json!({
        "id": 1,
        "date_created": twice,
        "date_created_gmt": gmt,
        "date_modified": twice,
        "date_modified_gmt": gmt,
        "src": src,
        "name": listing.image,
        "alt": "",
        "srcset": format!("{src} 1200w, {}", sizes.join(", ")),
        "sizes": "(max-width: 1200px) 100vw, 1200px",
        "thumbnail": format!("{uploads}/{}", thumbnail(&listing.image, WIDTHS[0])),
    })]
}
