//! The connectors that this build has. A new one is a folder, a dependency and an entry here.

use std::pin::Pin;

use axum::Router;
use tandem_contract::{Account, Erp, Storefront, Wire};
use tandem_domain::{ConnectionKind, Secret, StatusCode, StatusRule, Until};
use tandem_sandbox::SharedWorld;
use url::Url;

use crate::error::{AppError, Code};
use crate::view::{KindView, Side};

/// How a side is made from an account.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// A shop, and how its order statuses are read.
    Store(fn(Account, Wire) -> Box<dyn Storefront>, Statuses),
    /// Odoo.
    Odoo(fn(Account, Wire) -> Box<dyn Erp>),
}

/// What the statuses of a kind of shop mean before the manager says otherwise. What becomes of a
/// status in no list, a person has to say.
#[derive(Clone, Copy)]
pub(crate) struct Statuses {
    /// Paid or confirmed, so the order waits to be imported.
    pub(crate) waiting: &'static [&'static str],
    /// Not paid or not confirmed yet.
    pub(crate) not_yet: &'static [&'static str],
    /// Done, cancelled or paid back.
    pub(crate) never: &'static [&'static str],
    /// Of these, the cancelled ones.
    pub(crate) cancelled: &'static [&'static str],
}

/// The answer of a shop that is asked for its page.
pub(crate) type Offered = Pin<Box<dyn Future<Output = tandem_contract::Result<()>> + Send>>;

/// A page of the shop on which a person lets Tandem in.
#[derive(Clone, Copy)]
pub(crate) struct ConsentPage {
    /// Whether the shop has it, as far as it tells.
    pub(crate) offered: fn(Url, Wire) -> Offered,
    /// Its address: for a shop, for this program on this computer (a UUID that stays), and with
    /// the address on this computer that takes the answer.
    pub(crate) url: fn(&Url, &str, &Url) -> Url,
    /// Reads what the browser brings, the query of that address; `None` is a no.
    pub(crate) answer: fn(&str) -> Option<Granted>,
}

/// What a person granted on such a page.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub(crate) login: String,
    pub(crate) secret: Secret,
}

/// One kind of connection.
pub(crate) struct Entry {
    /// As stored and typed.
    pub(crate) kind: &'static str,
    /// The product's own name.
    pub(crate) label: &'static str,
    /// Whether a database can be named.
    pub(crate) has_database: bool,
    /// Its page of consent, if it has one.
    pub(crate) consent: Option<ConsentPage>,
    /// Whether it makes keys on request.
    pub(crate) makes_keys: bool,
    /// How it is made.
    pub(crate) build: Build,
    /// Its stand-in in the sandbox.
    pub(crate) fake: fn(SharedWorld) -> Router,
}

pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        kind: tandem_connector_woocommerce::KIND,
        label: "WooCommerce",
        has_database: false,
        consent: Some(ConsentPage {
            offered: |shop, wire| {
                Box::pin(
                    async move { tandem_connector_woocommerce::consent_offered(&shop, wire).await },
                )
            },
            url: |shop, app, answer_at| {
                tandem_connector_woocommerce::consent_url(shop, "Tandem", app, answer_at)
            },
            answer: |query| match tandem_connector_woocommerce::consent_answer(query) {
                tandem_connector_woocommerce::Consent::Granted { login, secret } => {
                    Some(Granted { login, secret })
                }
                tandem_connector_woocommerce::Consent::Denied => None,
            },
        }),
        makes_keys: false,
        build: Build::Store(
            tandem_connector_woocommerce::storefront,
            // woocommerce-api: pending and failed are unpaid; bank transfer waits on hold.
            Statuses {
                waiting: &["processing", "on-hold"],
                not_yet: &["pending", "failed", "checkout-draft"],
                never: &["completed", "cancelled", "refunded", "trash"],
                cancelled: &["cancelled"],
            },
        ),
        fake: tandem_connector_woocommerce::fake,
    },
    Entry {
        kind: tandem_connector_odoo::KIND,
        label: "Odoo",
        has_database: true,
        consent: None,
        makes_keys: true,
        build: Build::Odoo(tandem_connector_odoo::erp),
        fake: tandem_connector_odoo::fake,
    },
];

impl Entry {
    /// Which side it is.
    pub(crate) fn side(&self) -> Side {
        match self.build {
            Build::Store(..) => Side::Store,
            Build::Odoo(_) => Side::Odoo,
        }
    }

    /// As doors see it.
    pub(crate) fn view(&self) -> KindView {
        KindView {
            kind: self.kind.to_owned(),
            side: self.side(),
            label: self.label.to_owned(),
            has_database: self.has_database,
            has_consent: self.consent.is_some(),
            makes_keys: self.makes_keys,
        }
    }
}

/// The entry of a kind.
pub(crate) fn entry(kind: &ConnectionKind) -> Result<&'static Entry, AppError> {
    ENTRIES
        .iter()
        .find(|entry| entry.kind == kind.as_str())
        .ok_or_else(|| {
            AppError::new(Code::BadInput)
                .with("field", "kind")
                .with("value", kind.as_str())
        })
}

impl Statuses {
    /// What becomes of orders in this status where nobody said otherwise; `None` for one that no
    /// shop of this kind has by itself.
    pub(crate) fn usual(&self, status: &StatusCode) -> Option<StatusRule> {
        let mut known = self.known();
        known
            .find(|(code, _)| *code == status.as_str())
            .map(|(_, rule)| rule)
    }

    /// Every status that shops of this kind have by themselves.
    pub(crate) fn known(&self) -> impl Iterator<Item = (&'static str, StatusRule)> {
        let draft = StatusRule::Import(Until::Draft);
        let of = |codes: &'static [&'static str], rule| codes.iter().map(move |code| (*code, rule));
        of(self.waiting, draft)
            .chain(of(self.not_yet, StatusRule::Later))
            .chain(of(self.never, StatusRule::Never))
    }

    /// Whether an order in this status was cancelled.
    pub(crate) fn cancelled(&self, status: &StatusCode) -> bool {
        self.cancelled.contains(&status.as_str())
    }
}
