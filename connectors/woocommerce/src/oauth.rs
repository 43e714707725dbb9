//! One-legged `OAuth` 1.0a as `WooCommerce` checks it: HMAC-SHA256, everything in the query.
//!
//! The signature covers the method, the address as the shop believes it to be, and every
//! parameter; the key is the consumer secret and an ampersand, there being no token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use url::Url;

/// Who signs, when, and how often before.
pub(crate) struct Signer<'a> {
    pub(crate) consumer_key: &'a str,
    pub(crate) consumer_secret: &'a str,
    /// Seconds since 1970 by the shop's clock, which must be within 15 minutes.
    pub(crate) timestamp: i64,
    /// Never the same twice: the shop refuses a nonce that it has seen (recorded: 05).
    pub(crate) nonce: String,
}

impl Signer<'_> {
    /// Adds the parameters and the signature of a request to `url`. `base` is its address without
    /// query as the shop sees it.
    pub(crate) fn sign(&self, url: &mut Url, (method, base): (&str, &str)) {
        url.query_pairs_mut()
            .append_pair("oauth_consumer_key", self.consumer_key)
            .append_pair("oauth_timestamp", &self.timestamp.to_string())
            .append_pair("oauth_nonce", &self.nonce)
            .append_pair("oauth_signature_method", "HMAC-SHA256");
        let params: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let signature = signature(method, base, &params, self.consumer_secret);
        url.query_pairs_mut()
            .append_pair("oauth_signature", &signature);
    }
}

/// The signature of a request.
pub(crate) fn signature(
    method: &str,
    base: &str,
    params: &[(String, String)],
    consumer_secret: &str,
) -> String {
    let mut pairs: Vec<(String, String)> = params
        .iter()
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let text = format!("{method}&{}&{}", encoded(base), encoded(&joined.join("&")));
    STANDARD.encode(mac(&format!("{consumer_secret}&"), &text))
}

/// A nonce that nobody can foretell and that does not come again: from the secret, the moment, how
/// many went before, and what is asked for.
pub(crate) fn nonce(consumer_secret: &str, nanoseconds: i128, count: u64, asked: &str) -> String {
    let text = format!("nonce {nanoseconds} {count} {asked}");
    let bytes = mac(consumer_secret, &text);
    hex(&bytes[..16], "")
}

/// Bytes in hexadecimal, each behind a mark.
fn hex(bytes: &[u8], mark: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        text.push_str(mark);
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn mac(key: &str, text: &str) -> Vec<u8> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// RFC 3986: everything but letters, digits and `-._~`.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&hex(&[byte], "%"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{Signer, encoded, nonce, signature};
    use std::collections::HashSet;
    use url::Url;

    /// Computed with PHP by the steps of `WC_REST_Authentication::check_oauth_signature`.
    const SIGNATURE: &str = "w4OM0c6UG1IkogJlEIc/T8j34LqvZakJLFWu3gLKVNc=";

    #[test]
    fn the_signature_is_the_one_that_the_shop_computes() {
        let mut url =
            Url::parse("https://shop.example/shop/wp-json/wc/v3/products").expect("an address");
        url.query_pairs_mut()
            .append_pair("_fields", "id,name")
            .append_pair("modified_after", "2026-11-21T00:04:45")
            .append_pair("sku", "a/b ü~&=+%");
        let signer = Signer {
            consumer_key: "ck_rw",
            consumer_secret: "cs_rw",
            timestamp: 1_795_219_326,
            nonce: "be28609c25d679f5".to_owned(),
        };
        signer.sign(
            &mut url,
            ("GET", "http://shop.example/shop/wp-json/wc/v3/products"),
        );
        let found = url
            .query_pairs()
            .find(|(name, _)| name == "oauth_signature");
        assert_eq!(
            found.map(|(_, value)| value.into_owned()).as_deref(),
            Some(SIGNATURE)
        );
        let other = signature("GET", "https://shop.example/", &[], "cs_rw");
        assert_ne!(other, SIGNATURE);
    }

    #[test]
    fn only_unreserved_characters_stay_as_they_are() {
        assert_eq!(encoded("aZ9-._~"), "aZ9-._~");
        assert_eq!(encoded("a b+ü/"), "a%20b%2B%C3%BC%2F");
    }

    #[test]
    fn a_nonce_does_not_come_twice_even_in_one_moment() {
        let all: HashSet<String> = (0..1_000)
            .map(|count| nonce("cs_rw", 7, count, "GET /"))
            .collect();
        assert_eq!(all.len(), 1_000);
        assert_ne!(nonce("cs_rw", 7, 0, "GET /"), nonce("cs_rw", 8, 0, "GET /"));
        assert_eq!(nonce("cs_rw", 7, 0, "GET /").len(), 32);
    }
}
