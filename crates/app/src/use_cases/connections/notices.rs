//! What works, but should be known: of one side by its test, and of two sides held together.

use jiff::ToSpan as _;
use tandem_contract::{Found, Notice, NoticeCode};
use tandem_domain::{Currency, Timestamp};
use tandem_store::SavedConnection;

use super::{SavedSettings, found_of};
use crate::Result;
use crate::context::Inner;
use crate::view::NoticeView;

/// How long before its end a key is warned of.
const KEY_WARNING_DAYS: i64 = 14;

/// Notices that call for something to be done before long; the others only inform.
const PRESSING: &[NoticeCode] = &[
    NoticeCode::KeyExpires,
    NoticeCode::ClockSkew,
    NoticeCode::CurrencyDecimals,
    NoticeCode::OtherImporter,
];

/// As doors see it.
pub(super) fn notice_view(notice: &Notice) -> NoticeView {
    NoticeView {
        code: notice.code.code().to_owned(),
        params: notice.context.iter().cloned().collect(),
    }
}

/// Whether something should be done before long.
pub(super) fn is_pressing(notices: &[Notice]) -> bool {
    notices.iter().any(|notice| PRESSING.contains(&notice.code))
}

/// When the key ends: as the server said when it made the key for us, or as it says of the only
/// one that it can be. Beside a key of ours may lie others, and the server does not say which is
/// in use.
pub(super) fn key_expires(settings: &SavedSettings, found: &Found) -> Option<Timestamp> {
    settings.key_expires.or(found.key_expires)
}

impl Inner {
    /// The notices of the last test, and those that need more than one test to be seen.
    pub(super) fn notices_of(
        &self,
        saved: &SavedConnection,
        settings: &SavedSettings,
        tested: &[Notice],
    ) -> Result<Vec<Notice>> {
        let found = found_of(saved)?;
        let own = [NoticeCode::KeyExpires, NoticeCode::CertificatePinned];
        let mut notices: Vec<Notice> = tested
            .iter()
            .filter(|notice| !own.contains(&notice.code))
            .cloned()
            .collect();
        if let Some(fingerprint) = settings.certificate {
            let pinned = Notice::new(NoticeCode::CertificatePinned);
            notices.push(pinned.with("fingerprint", fingerprint));
        }
        if let Some(expires) = key_expires(settings, &found)
            && expires - (KEY_WARNING_DAYS * 24).hours() <= self.clock.now()
        {
            notices.push(Notice::new(NoticeCode::KeyExpires).with("date", expires));
        }
        if let Some(odoo) = &saved.bound_odoo {
            let odoo = found_of(&self.store.connection(odoo)?)?;
            notices.extend(currency_decimals(&found, &odoo, settings.company));
        }
        Ok(notices)
    }
}

/// The currency's decimals in three places: the store, Odoo's company, the standard. Amounts that
/// one side rounds where the other does not never add up.
fn currency_decimals(store: &Found, odoo: &Found, company: Option<i64>) -> Option<Notice> {
    let currency = store.currency?;
    let standard = currency.decimals();
    let in_odoo = odoo_currency(odoo, company).filter(|theirs| *theirs == currency);
    let kept = [
        ("store", store.currency_decimals),
        ("Odoo", in_odoo.and(odoo.currency_decimals)),
    ];
    let differing: Vec<String> = kept
        .into_iter()
        .filter_map(|(place, decimals)| Some((place, decimals?)))
        .filter(|(_, decimals)| *decimals != standard)
        .map(|(place, decimals)| format!("{place} {decimals}"))
        .collect();
    (!differing.is_empty()).then(|| {
        Notice::new(NoticeCode::CurrencyDecimals)
            .with("currency", currency.code())
            .with("found", differing.join(", "))
            .with("standard", standard)
    })
}

/// The currency that Odoo's decimals are those of: the company's, or the only one known.
fn odoo_currency(odoo: &Found, company: Option<i64>) -> Option<Currency> {
    let chosen = odoo.companies.iter().find(|c| Some(c.id) == company);
    chosen
        .and_then(|company| company.currency)
        .or(odoo.currency)
}

#[cfg(test)]
mod tests {
    use super::currency_decimals;
    use tandem_contract::Found;
    use tandem_domain::Currency;

    fn found(currency: &str, decimals: Option<u32>) -> Found {
        let currency: Currency = currency.parse().expect("a currency");
        Found {
            currency: Some(currency),
            currency_decimals: decimals,
            ..Found::default()
        }
    }

    #[test]
    fn decimals_are_compared_where_they_are_known() {
        let told = |store, odoo| currency_decimals(&store, &odoo, None).map(|n| n.context);
        let kwd = |decimals| found("KWD", decimals);
        assert_eq!(told(kwd(Some(3)), kwd(Some(3))), None);
        assert_eq!(told(kwd(None), kwd(None)), None, "not known is not wrong");
        assert_eq!(
            told(kwd(Some(3)), found("USD", Some(2))),
            None,
            "another currency is another matter"
        );
        let context = told(kwd(Some(2)), kwd(Some(3))).expect("the shop cuts the third decimal");
        assert!(context.contains(&("found".to_owned(), "store 2".to_owned())));
        assert!(context.contains(&("standard".to_owned(), "3".to_owned())));
        let both = told(kwd(Some(2)), kwd(Some(2))).expect("both cut it");
        assert!(both.contains(&("found".to_owned(), "store 2, Odoo 2".to_owned())));
    }
}
