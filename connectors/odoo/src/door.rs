//! The doors of an Odoo server: four ways of making one and the same call.

use tandem_contract::Way;

/// A way in. Which of them a server keeps open depends on its version and on what stands
/// before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// `/json/2` with a key as bearer; from 19 on, and the only one that stays.
    Json2,
    /// `/jsonrpc`: login and key or password in each call; until 21.
    JsonRpc,
    /// `/xmlrpc/2`: the same in another spelling.
    XmlRpc,
    /// `/web/dataset/call_kw`, what Odoo's own pages use: a password and a cookie.
    Session,
}

impl Door {
    const ALL: [Self; 4] = [Self::Json2, Self::JsonRpc, Self::XmlRpc, Self::Session];

    /// Its stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Json2 => "json2",
            Self::JsonRpc => "jsonrpc",
            Self::XmlRpc => "xmlrpc",
            Self::Session => "session",
        }
    }

    /// The door that a way names, if it is one of ours.
    pub(crate) fn of(way: &Way) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.code() == way.0)
    }

    pub(crate) fn way(self) -> Way {
        Way(self.code().to_owned())
    }

    /// The doors to try, in order: the one that was open last time, then the best that this
    /// version has. The first that is open decides; a refusal there is final, because every
    /// failed login counts against everybody at the same address.
    pub(crate) fn ladder(known: Option<Self>, major: u32, has_key: bool) -> Vec<Self> {
        let fits = |door: &Self| match door {
            Self::Json2 => has_key && major >= 19,
            Self::JsonRpc | Self::XmlRpc => true,
            // Keys are refused there (`031-session-login-with-apikey-refused`).
            Self::Session => !has_key,
        };
        // The version is not known where only a part of the server can be reached.
        let known = known.filter(|door| fits(door) || (*door == Self::Json2 && has_key));
        let others = Self::ALL.into_iter().filter(fits);
        known
            .into_iter()
            .chain(others.filter(|door| Some(*door) != known))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Door::{self, Json2, JsonRpc, Session, XmlRpc};

    #[test]
    fn a_key_never_goes_to_the_session_login() {
        for known in [None, Some(Session), Some(XmlRpc)] {
            for major in [17, 19, 20] {
                assert!(!Door::ladder(known, major, true).contains(&Session));
            }
        }
    }

    #[test]
    fn the_best_door_is_tried_first_unless_another_is_known() {
        assert_eq!(Door::ladder(None, 19, true), [Json2, JsonRpc, XmlRpc]);
        assert_eq!(Door::ladder(None, 19, false), [JsonRpc, XmlRpc, Session]);
        assert_eq!(Door::ladder(None, 18, true), [JsonRpc, XmlRpc]);
        assert_eq!(
            Door::ladder(Some(XmlRpc), 18, false),
            [XmlRpc, JsonRpc, Session]
        );
        assert_eq!(
            Door::ladder(Some(Json2), 19, false),
            [JsonRpc, XmlRpc, Session],
            "a password is no bearer key"
        );
    }

    #[test]
    fn codes_lead_back_to_their_doors() {
        for door in Door::ALL {
            assert_eq!(Door::of(&door.way()), Some(door));
        }
    }
}
