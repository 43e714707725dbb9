//! The way in: found once by walking the ladder, then kept.

use tandem_contract::http::{Request, Response};
use tandem_contract::{Cause, Error, Kind, Result};
use url::Url;

use super::request::Caller;
use super::{Call, Client, Learned, Params};
use crate::answer::{self, Answer};
use crate::config;
use crate::way::{self, Ground, Way};
use crate::wire::Index;

/// Clocks that are less than this apart sign alike.
const SKEW_SECONDS_MAX: i64 = 60;

impl Client {
    /// Asks for the index of the site's API. Anonymous unless told otherwise; a `WooCommerce` key
    /// is never sent there, because WordPress would take it for a user name and refuse it.
    ///
    /// Where a page comes instead, the shop may be on plain permalinks, and is asked through
    /// `?rest_route=`.
    pub(crate) async fn index(&self, signed: bool) -> Result<(Request, Response)> {
        let answer = self.ask_index(signed).await;
        answer.map_err(|error| self.scrubbed(error))
    }

    /// What the index says to strangers, where it says anything to them.
    pub(crate) async fn public_index(&self) -> Option<Index> {
        let answered = self.index(false).await.ok()?;
        index_in(&answered).ok()
    }

    async fn ask_index(&self, signed: bool) -> Result<(Request, Response)> {
        let rest_route = self.learned().plain_permalinks;
        if signed && !self.is_key_pair() {
            self.leave_plain_http().await?;
            let way = match rest_route {
                Some(true) => Way::PasswordRestRoute,
                Some(false) | None => Way::Password,
            };
            return self.exchange_index(Caller::Account(way)).await;
        }
        let anybody = |rest_route| Caller::Anybody { rest_route };
        let first = rest_route.unwrap_or_default();
        let answered = self.exchange_index(anybody(first)).await?;
        let other = match index_in(&answered) {
            Ok(index) => {
                self.note_index(&index, first);
                return Ok(answered);
            }
            Err(Some(Cause::HtmlInstead | Cause::NotTheProduct)) => {
                self.exchange_index(anybody(!first)).await
            }
            Err(_) => return Ok(answered),
        };
        // If not, the first answer says better what is there.
        let Ok(other) = other else {
            return Ok(answered);
        };
        match index_in(&other) {
            Ok(index) if self.is_at_home(&index) => {
                self.note_index(&index, !first);
                Ok(other)
            }
            Ok(_) | Err(_) => Ok(answered),
        }
    }

    /// Through `?rest_route=` a shop answers in every folder; only its own is the address meant.
    fn is_at_home(&self, index: &Index) -> bool {
        let home = Url::parse(&index.home).map(|home| config::base(&home));
        home.is_ok_and(|home| home.path() == self.base().path())
    }

    async fn exchange_index(&self, caller: Caller) -> Result<(Request, Response)> {
        let params = [("_fields", Index::FIELDS.to_owned())];
        self.exchange(Call::read("", &params), caller).await
    }

    fn note_index(&self, index: &Index, rest_route: bool) {
        let mut learned = self.learning();
        learned.home = Url::parse(&index.home).ok();
        learned.plain_permalinks = Some(rest_route);
    }

    /// Finds the way in with a question that is to be asked anyway, whatever is known so far.
    pub(crate) async fn enter(&self, path: &str, params: &Params<'_>) -> Result<Answer> {
        let answer = self
            .climb(Call::read(&format!("wc/v3/{path}"), params))
            .await;
        answer.map_err(|error| self.scrubbed(error))
    }

    /// Asks in one way after the other, until one leads in or is refused for good.
    pub(super) async fn climb(&self, call: Call<'_>) -> Result<Answer> {
        self.leave_plain_http().await?;
        let mut rungs = way::ladder(self.ground(), self.learned().way);
        let mut way = first(&rungs, self)?;
        loop {
            rungs.retain(|rung| *rung != way);
            let error = match self.ask_as(way, call).await {
                Ok(answer) => {
                    self.settle(way);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            // Known, but not allowed: it leads in all the same.
            if error.kind() == Kind::Rights && error.cause != Cause::Firewall {
                self.settle(way);
            }
            match way::after(way, &error, &rungs) {
                Some(next) => way = next,
                None => return Err(error),
            }
        }
    }

    fn settle(&self, way: Way) {
        let mut learned = self.learning();
        learned.way = Some(way);
        learned.plain_permalinks = Some(way.uses_rest_route());
    }

    fn ground(&self) -> Ground {
        let learned = self.learned();
        let https = self.base().scheme() == "https";
        Ground {
            key_pair: self.is_key_pair(),
            https,
            // What a way said that was kept is tried first, and is no proof.
            plain_permalinks: learned.home.as_ref().and(learned.plain_permalinks),
            tls_hidden: https && learned.home.is_some_and(|home| home.scheme() == "http"),
        }
    }

    /// Asks in one way. A signature that was refused is made once more where it turns out that
    /// the shop's clock or name is another than was thought: the key was not what was wrong.
    pub(super) async fn ask_as(&self, way: Way, call: Call<'_>) -> Result<Answer> {
        self.leave_plain_http().await?;
        let before = self.learned();
        let answer = self.ask(way, call).await;
        let refused = |error: &Error| {
            error.kind() == Kind::Credentials && answer::is_about_the_signature(error)
        };
        if !way.is_oauth() || !answer.as_ref().err().is_some_and(refused) {
            return answer;
        }
        let differs = || signs_otherwise(&self.base(), &before, &self.learned());
        if !differs() && before.home.is_none() {
            // Whatever it answers, the refusal is already there to be told.
            drop(self.ask_index(false).await);
        }
        if differs() {
            return self.ask(way, call).await;
        }
        answer
    }

    async fn ask(&self, way: Way, call: Call<'_>) -> Result<Answer> {
        let (request, response) = self.exchange(call, Caller::Account(way)).await?;
        let answer = answer::read(&request, &response)?;
        if let Some(noise) = &answer.noise {
            let noise = self.without_secret(noise);
            self.learning().noise.get_or_insert(noise);
        }
        Ok(answer)
    }

    /// Finds out whether a shop that was named without TLS has it, before anything secret is sent.
    async fn leave_plain_http(&self) -> Result<()> {
        if !self.is_exposed() {
            return Ok(());
        }
        let base = self.base();
        match self.learned().way {
            // It works as it is.
            Some(Way::OauthPlain) => Ok(()),
            // It worked over TLS when it was tested, so it has moved there.
            Some(_) if base.port().is_none() => {
                let mut secure = base;
                if secure.set_scheme("https").is_ok() {
                    self.set_base(secure);
                }
                Ok(())
            }
            Some(_) | None => self
                .asked_for_https
                .get_or_try_init(async || {
                    let anybody = Caller::Anybody { rest_route: false };
                    self.exchange(Call::read("", &[("_fields", "home".to_owned())]), anybody)
                        .await
                        .map(drop)
                })
                .await
                .copied(),
        }
    }
}

fn first(rungs: &[Way], client: &Client) -> Result<Way> {
    rungs.first().copied().ok_or_else(|| {
        // A key pair, plain HTTP and plain permalinks: such a shop looks at no key.
        Error::new(Cause::HtmlInstead, "GET ?rest_route=/wc/v3")
            .with("host", client.base().host_str().unwrap_or_default())
            .with("reason", "plain_permalinks")
    })
}

/// Whether a request would be signed otherwise with what is known now.
fn signs_otherwise(base: &Url, before: &Learned, now: &Learned) -> bool {
    let clock = |learned: &Learned| learned.skew_seconds.unwrap_or_default();
    let name = |learned: &Learned| {
        let named = learned.home.as_ref().unwrap_or(base);
        (named.host_str().map(ToOwned::to_owned), named.port())
    };
    (clock(before) - clock(now)).abs() > SKEW_SECONDS_MAX || name(before) != name(now)
}

/// The index in an answer, or why there is none.
fn index_in(
    (request, response): &(Request, Response),
) -> std::result::Result<Index, Option<Cause>> {
    let answer = answer::read(request, response).map_err(|error| Some(error.cause))?;
    Index::parse(&answer.json).ok_or(None)
}
