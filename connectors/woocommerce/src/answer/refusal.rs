//! Why a request was refused: by WordPress, or by what stands before it.

use tandem_contract::Cause;
use tandem_contract::http::{Request, Response};

use super::Envelope;

/// The code of everything that `WooCommerce` says about a key that it looked at.
pub(super) const AUTHENTICATION_ERROR: &str = "woocommerce_rest_authentication_error";
/// How far the two clocks may be apart for a signed request.
const CLOCKS_APART_SECONDS_MAX: i64 = 15 * 60;

/// Facts for the sentence.
type Facts = Vec<(&'static str, String)>;

/// What a refusal in WordPress's own envelope means. By status and code, not by its words: they
/// are in the site's language.
pub(super) fn by_wordpress(
    request: &Request,
    response: &Response,
    envelope: &Envelope,
) -> (Cause, Facts) {
    let code = envelope.code.as_str().unwrap_or_default();
    let cause = match (response.status, code) {
        (429, _) => Cause::TooManyRequests,
        (503, "wp_die") => Cause::Maintenance,
        (500.., _) => Cause::ServerFailed,
        (_, "rest_no_route") => Cause::ApiMissing,
        (_, "too_many_retries") => Cause::LockedOut,
        (_, AUTHENTICATION_ERROR) => return by_key_check(request, response, envelope),
        // A known user name with a wrong password.
        (_, "incorrect_password") => Cause::SecretWrong,
        (_, "application_passwords_disabled" | "application_passwords_disabled_for_user") => {
            let reason = "application_passwords_off".to_owned();
            return (Cause::CredentialsRefused, vec![("reason", reason)]);
        }
        (401, _) => Cause::CredentialsRefused,
        // Recorded: 12, the key of a customer.
        (403, _) => Cause::UserLacksRight,
        (404 | 410, _) => Cause::NotFound,
        _ => Cause::Invalid,
    };
    (cause, Facts::new())
}

/// One code stands for a wrong secret, a wrong signature, a clock that is off, an unknown key that
/// was signed with, and a key without the right; only the sentence says which (recorded: 05, 06,
/// 08, 11). In English the sentence decides. In other languages: WordPress forbids caching once it
/// knows the caller (recorded: 11 against 08), and the two clocks are there to be compared.
fn by_key_check(request: &Request, response: &Response, envelope: &Envelope) -> (Cause, Facts) {
    let because = |reason: &str| vec![("reason", reason.to_owned())];
    let sent_at = request
        .url
        .query_pairs()
        .find(|(name, _)| name == "oauth_timestamp")
        .and_then(|(_, seconds)| seconds.parse::<i64>().ok());
    let apart = sent_at
        .zip(response.server_time())
        .map(|(sent, theirs)| theirs.as_second() - sent);
    let clock_off = || {
        let seconds = apart.map(|seconds| ("seconds", seconds.to_string()));
        (Cause::ClockOff, seconds.into_iter().collect())
    };
    match envelope.message.as_str().unwrap_or_default() {
        "Consumer secret is invalid."
        | "Invalid signature - provided signature does not match." => {
            return (Cause::SecretWrong, Facts::new());
        }
        "Consumer key is invalid." => return (Cause::CredentialsRefused, because("key_unknown")),
        "Invalid timestamp." => return clock_off(),
        "Invalid nonce - nonce has already been used." => {
            return (Cause::CredentialsRefused, because("nonce_used"));
        }
        _ => {}
    }
    let uncached = response
        .header("cache-control")
        .is_some_and(|value| value.contains("no-store"));
    if uncached {
        // Recorded: 10, a key that may only read.
        let reads = request.method == http::Method::GET;
        let cause = if reads {
            Cause::KeyMayNotRead
        } else {
            Cause::KeyMayNotWrite
        };
        return (cause, Facts::new());
    }
    match (sent_at, apart) {
        (None, _) => (Cause::SecretWrong, Facts::new()),
        (Some(_), Some(seconds)) if seconds.abs() > CLOCKS_APART_SECONDS_MAX => clock_off(),
        (Some(_), _) => (Cause::CredentialsRefused, because("signature_refused")),
    }
}

/// What an answer means that WordPress did not write: a proxy's, a firewall's, another product's.
pub(super) fn by_others(response: &Response, body: &str) -> (Cause, Facts) {
    if response.status == 429 {
        return (Cause::TooManyRequests, Facts::new());
    }
    if let Some(facts) = firewall(response, body) {
        return (Cause::Firewall, facts);
    }
    let cause = match response.status {
        // ModSecurity and security plugins; 455 is a host's own number.
        403 | 406 | 455 => Cause::Firewall,
        // A password on the whole site (staging copies) in front of WordPress.
        401 | 407 => {
            let reason = "site_password".to_owned();
            return (Cause::CredentialsRefused, vec![("reason", reason)]);
        }
        // WordPress and proxies say how long; a crashed backend does not.
        503 if response.retry_after().is_some() => Cause::Maintenance,
        500.. => Cause::ServerFailed,
        200..=399 if !response.is_json() => Cause::HtmlInstead,
        200..=299 => Cause::Unreadable,
        // 404 above all: the address leads to some other site, or past the shop's folder.
        _ => Cause::NotTheProduct,
    };
    (cause, Facts::new())
}

/// Which firewall this is, by the marks that each leaves on its pages. A page of the shop itself
/// may name one too, so a good status alone never is one.
fn firewall(response: &Response, body: &str) -> Option<Facts> {
    let named = |name: &str| vec![("firewall", name.to_owned())];
    let challenged = response.header("cf-mitigated").is_some();
    let cloudflare = response.header("cf-ray").is_some()
        || body.contains("cloudflare_error")
        || body.contains("error code: 10");
    if challenged || (response.status == 403 && cloudflare) {
        let mut facts = named("Cloudflare");
        facts.extend(cloudflare_code(body).map(|code| ("firewall_code", code)));
        return Some(facts);
    }
    if response.header("sg-captcha").is_some() {
        return Some(named("SiteGround"));
    }
    let marks = [
        ("Wordfence", "Wordfence"),
        ("Sucuri", "Sucuri"),
        ("Imunify360", "Imunify360"),
        ("Mod_Security", "ModSecurity"),
        ("ModSecurity", "ModSecurity"),
    ];
    let refuses = matches!(response.status, 403 | 406 | 415 | 455 | 503);
    marks
        .iter()
        .find(|(mark, _)| refuses && body.contains(mark))
        .map(|(_, name)| named(name))
}

/// 1010: this program's signature is banned; 1020: a rule of the owner; and so on.
fn cloudflare_code(body: &str) -> Option<String> {
    ["error code: ", "\"error_code\":", "Error code ", "Error "]
        .iter()
        .filter_map(|mark| body.split_once(mark))
        .map(|(_, after)| {
            let digits = after.trim_start().chars().take_while(char::is_ascii_digit);
            digits.collect::<String>()
        })
        .find(|code| code.len() == 4 && code.starts_with('1'))
}
