//! The ways into a shop, and the order in which they are tried.
//!
//! A key pair that a shop did not look at is answered like none at all, so trying the next way
//! with it is no second failed login. A pair that was looked at and refused is never tried again.

use tandem_contract::{Cause, Error};

use crate::answer;

/// One way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A user's application password, as `Authorization: Basic`.
    Password,
    /// The same, asked through `?rest_route=`.
    PasswordRestRoute,
    /// A key pair as `Authorization: Basic`.
    Basic,
    /// The same, asked through `?rest_route=`.
    BasicRestRoute,
    /// A key pair in the address, where a host drops the header.
    Query,
    /// Signed for `https://`.
    OauthHttps,
    /// Signed for `http://` though asked over HTTPS: TLS ends before the shop, which is not told.
    OauthHttpBase,
    /// Signed, over plain HTTP.
    OauthPlain,
}

impl Way {
    const ALL: [Self; 8] = [
        Self::Password,
        Self::PasswordRestRoute,
        Self::Basic,
        Self::BasicRestRoute,
        Self::Query,
        Self::OauthHttps,
        Self::OauthHttpBase,
        Self::OauthPlain,
    ];

    /// The stable code under which it is kept with the connection.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Password => "application_password",
            Self::PasswordRestRoute => "application_password_rest_route",
            Self::Basic => "basic",
            Self::BasicRestRoute => "basic_rest_route",
            Self::Query => "query",
            Self::OauthHttps => "oauth_https",
            Self::OauthHttpBase => "oauth_http_base",
            Self::OauthPlain => "oauth_plain",
        }
    }

    /// The way of a code; `None` for one that is not known here (any more).
    pub(crate) fn parse(way: &tandem_contract::Way) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == way.0)
    }

    /// For a user's password, not for a key pair.
    pub(crate) fn is_password(self) -> bool {
        matches!(self, Self::Password | Self::PasswordRestRoute)
    }

    /// Signs instead of showing the secret.
    pub(crate) fn is_oauth(self) -> bool {
        matches!(
            self,
            Self::OauthHttps | Self::OauthHttpBase | Self::OauthPlain
        )
    }

    /// Asks through `?rest_route=`.
    pub(crate) fn uses_rest_route(self) -> bool {
        matches!(self, Self::PasswordRestRoute | Self::BasicRestRoute)
    }

    /// The scheme that is signed.
    pub(crate) fn signed_scheme(self) -> &'static str {
        match self {
            Self::OauthHttpBase | Self::OauthPlain => "http",
            _ => "https",
        }
    }

    fn fits(self, ground: Ground) -> bool {
        let scheme = match self {
            Self::Password | Self::PasswordRestRoute => true,
            Self::OauthPlain => !ground.https,
            _ => ground.https,
        };
        scheme && self.is_password() != ground.key_pair
    }
}

/// What is known before anything is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ground {
    /// A key pair, not a user's password.
    pub(crate) key_pair: bool,
    /// The shop is asked over HTTPS.
    pub(crate) https: bool,
    /// Whether the shop's permalinks are plain, where that is known.
    pub(crate) plain_permalinks: Option<bool>,
    /// The shop says that its own address is plain HTTP.
    pub(crate) tls_hidden: bool,
}

/// The ways to try, in order; one that worked before comes first.
pub(crate) fn ladder(ground: Ground, before: Option<Way>) -> Vec<Way> {
    let rungs: &[Way] = match (ground.key_pair, ground.https) {
        (false, _) => &[Way::Password, Way::PasswordRestRoute],
        (true, false) => &[Way::OauthPlain],
        // Basic and query are known not to be looked at, so the secret stays at home at first.
        (true, true) if ground.tls_hidden => &[
            Way::OauthHttpBase,
            Way::Basic,
            Way::Query,
            Way::OauthHttps,
            Way::BasicRestRoute,
        ],
        (true, true) => &[
            Way::Basic,
            Way::Query,
            Way::OauthHttps,
            Way::OauthHttpBase,
            Way::BasicRestRoute,
        ],
    };
    let possible = |way: &Way| {
        ground
            .plain_permalinks
            .is_none_or(|plain| plain == way.uses_rest_route())
    };
    let before = before.filter(|way| way.fits(ground) && possible(way));
    let rest = rungs.iter().copied().filter(possible);
    before
        .into_iter()
        .chain(rest.filter(|way| Some(*way) != before))
        .collect()
}

/// Which of the remaining ways to try after a refusal; `None` when the refusal stands.
pub(crate) fn after(refused: Way, error: &Error, remaining: &[Way]) -> Option<Way> {
    let wanted: fn(&Way) -> bool = match error.cause {
        // A page came: this shop may be on plain permalinks.
        Cause::HtmlInstead | Cause::NotTheProduct if !refused.uses_rest_route() => {
            |way| way.uses_rest_route()
        }
        Cause::CredentialsRefused if answer::was_not_looked_at(error) => {
            |way| !way.uses_rest_route() && !way.is_password()
        }
        // The signature may have been right for another base address.
        Cause::SecretWrong | Cause::CredentialsRefused
            if refused.is_oauth() && answer::is_about_the_signature(error) =>
        {
            |way| !way.uses_rest_route()
        }
        _ => return None,
    };
    remaining.iter().copied().find(wanted)
}

#[cfg(test)]
mod tests {
    use super::{Ground, Way, after, ladder};
    use tandem_contract::{Cause, Error};

    const GROUND: Ground = Ground {
        key_pair: true,
        https: true,
        plain_permalinks: Some(false),
        tls_hidden: false,
    };

    fn refused(cause: Cause, code: &str) -> Error {
        Error::new(cause, "GET /").with("code", code)
    }

    #[test]
    fn a_code_leads_back_to_its_way() {
        for way in Way::ALL {
            let kept = tandem_contract::Way(way.code().to_owned());
            assert_eq!(Way::parse(&kept), Some(way));
        }
        assert_eq!(
            Way::parse(&tandem_contract::Way("carrier_pigeon".to_owned())),
            None
        );
    }

    #[test]
    fn a_key_pair_shows_itself_before_it_signs_unless_that_is_known_to_be_useless() {
        assert_eq!(
            ladder(GROUND, None),
            [Way::Basic, Way::Query, Way::OauthHttps, Way::OauthHttpBase]
        );
        let hidden = Ground {
            tls_hidden: true,
            ..GROUND
        };
        assert_eq!(ladder(hidden, None)[0], Way::OauthHttpBase);
        let http = Ground {
            https: false,
            ..GROUND
        };
        assert_eq!(
            ladder(http, None),
            [Way::OauthPlain],
            "no secret in the clear"
        );
    }

    #[test]
    fn what_worked_before_is_tried_first_where_it_still_fits() {
        assert_eq!(ladder(GROUND, Some(Way::Query))[0], Way::Query);
        assert_eq!(ladder(GROUND, Some(Way::Query)).len(), 4, "and only once");
        assert_eq!(ladder(GROUND, Some(Way::Password))[0], Way::Basic);
        assert_eq!(ladder(GROUND, Some(Way::OauthPlain))[0], Way::Basic);
        let password = Ground {
            key_pair: false,
            plain_permalinks: None,
            ..GROUND
        };
        assert_eq!(
            ladder(password, Some(Way::PasswordRestRoute)),
            [Way::PasswordRestRoute, Way::Password]
        );
    }

    #[test]
    fn only_a_pair_that_nobody_looked_at_is_tried_another_way() {
        let rest = [Way::Query, Way::OauthHttps, Way::BasicRestRoute];
        let anonymous = refused(Cause::CredentialsRefused, "woocommerce_rest_cannot_view");
        assert_eq!(after(Way::Basic, &anonymous, &rest), Some(Way::Query));
        let wrong = refused(Cause::SecretWrong, "woocommerce_rest_authentication_error");
        assert_eq!(after(Way::Basic, &wrong, &rest), None, "looked at");
        assert_eq!(
            after(Way::OauthHttps, &wrong, &[Way::OauthHttpBase]),
            Some(Way::OauthHttpBase),
            "a signature is wrong for another base address too"
        );
        let page = refused(Cause::HtmlInstead, "");
        assert_eq!(after(Way::Basic, &page, &rest), Some(Way::BasicRestRoute));
        let down = refused(Cause::ServerFailed, "");
        assert_eq!(after(Way::Basic, &down, &rest), None);
    }
}
