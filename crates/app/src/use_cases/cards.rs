//! Listings, variants and evidence as doors see them.

use std::collections::HashSet;

use rust_decimal::Decimal;
use tandem_domain::{
    Attribute, Evidence, Listing, ListingKind, ListingStatus, ListingStock, Reason, Slug, Variant,
    VariantKey, WarehouseKey,
};

use crate::Result;
use crate::context::Inner;
use crate::use_cases::connections::{id32, warehouses_of};
use crate::view::{
    EvidenceTag, EvidenceView, ListingCard, MarkSpan, Params, ReasonTag, VariantCard,
};

/// Prices further apart than this ask before they are accepted.
const GUARD_FACTOR_HUNDREDTHS: u32 = 150;

/// Makes cards of variants, with the stock of the store's own warehouses.
pub(crate) struct VariantCards<'a> {
    inner: &'a Inner,
    odoo: Option<Slug>,
    warehouses: HashSet<WarehouseKey>,
}

impl<'a> VariantCards<'a> {
    /// For the Odoo that a store is bound to; a store without one has no variants.
    pub(crate) fn of(inner: &'a Inner, store: &Slug) -> Result<Self> {
        let saved = inner.saved_store(store)?;
        let warehouses = match &saved.bound_odoo {
            Some(odoo) => warehouses_of(&saved, &inner.store.connection(odoo)?)?,
            None => Vec::new(),
        };
        Ok(Self {
            inner,
            odoo: saved.bound_odoo,
            warehouses: warehouses.into_iter().collect(),
        })
    }

    /// The card of a variant; `None` when the cache does not have it.
    pub(crate) fn card(&self, key: VariantKey) -> Result<Option<VariantCard>> {
        let Some(odoo) = &self.odoo else {
            return Ok(None);
        };
        match self.inner.store.variant(odoo, key)? {
            Some(variant) => Ok(Some(self.of_variant(&variant)?)),
            None => Ok(None),
        }
    }

    /// The card of a variant that was read already.
    pub(crate) fn of_variant(&self, variant: &Variant) -> Result<VariantCard> {
        let levels = match &self.odoo {
            Some(odoo) => self.inner.store.stock_of(odoo, variant.key)?,
            None => Vec::new(),
        };
        let ours: Vec<_> = levels
            .into_iter()
            .filter(|l| self.warehouses.contains(&l.warehouse))
            .collect();
        let sum = |of: fn(&tandem_domain::StockLevel<VariantKey>) -> Decimal| {
            (!ours.is_empty()).then(|| ours.iter().map(of).sum::<Decimal>().normalize().to_string())
        };
        Ok(VariantCard {
            key: id32(variant.key.0),
            template: id32(variant.template.0),
            name: variant.name.clone(),
            variation: values(&variant.attributes),
            sku: variant.sku.as_ref().map(ToString::to_string),
            barcode: variant.barcode.clone(),
            price: variant.price.map(|price| price_text(&price)),
            currency: variant.price.map(|price| price.currency.code().to_owned()),
            on_hand: sum(|level| level.on_hand),
            reserved: sum(|level| level.reserved),
            unit: variant.unit.clone(),
            active: variant.active,
        })
    }
}

/// A listing's card.
pub(crate) fn listing_card(listing: &Listing) -> ListingCard {
    ListingCard {
        key: listing.key.to_string(),
        name: listing.name.clone(),
        variation: match listing.kind {
            ListingKind::Variation => values(&listing.attributes),
            ListingKind::Simple | ListingKind::Parent | ListingKind::Bundle => String::new(),
        },
        kind: kind_word(listing.kind).to_owned(),
        sku: listing.sku.as_ref().map(ToString::to_string),
        barcode: listing.barcode.clone(),
        price: listing.price.map(|price| price_text(&price)),
        currency: listing.price.map(|price| price.currency.code().to_owned()),
        stock: match listing.stock {
            ListingStock::Own(count) => Some(count.normalize().to_string()),
            ListingStock::NotManaged | ListingStock::OnParent | ListingStock::Unknown => None,
        },
        published: listing.status == ListingStatus::Published,
        page_url: listing.page_url.clone(),
    }
}

fn kind_word(kind: ListingKind) -> &'static str {
    match kind {
        ListingKind::Simple => "simple",
        ListingKind::Parent => "parent",
        ListingKind::Variation => "variation",
        ListingKind::Bundle => "bundle",
    }
}

fn values(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .map(|attribute| attribute.value.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// At the currency's scale, or finer where the price is finer.
fn price_text(price: &tandem_domain::UnitPrice) -> String {
    let mut amount = price.amount.normalize();
    if amount.scale() < price.currency.decimals() {
        amount.rescale(price.currency.decimals());
    }
    amount.to_string()
}

/// Evidence with the values for its sentence.
pub(crate) fn evidence_view(evidence: &Evidence) -> EvidenceView {
    let mut params = Params::new();
    let mut set = |name: &str, value: String| params.insert(name.to_owned(), value);
    let (tag, against) = match evidence {
        Evidence::SameGtin { gtin } => {
            set("gtin", gtin.clone());
            (EvidenceTag::SameGtin, false)
        }
        Evidence::GtinDiffers => (EvidenceTag::GtinDiffers, true),
        Evidence::SameSku => (EvidenceTag::SameSku, false),
        Evidence::SameCanonicalSku => (EvidenceTag::SameCanonicalSku, false),
        Evidence::SkuDiffers => (EvidenceTag::SkuDiffers, true),
        Evidence::NameSimilarity { basis_points } => {
            set("value", basis_points.to_string());
            (EvidenceTag::Name, false)
        }
        Evidence::NameContradicts { store, odoo } => {
            set("store", store.clone());
            set("odoo", odoo.clone());
            (EvidenceTag::NameContradicts, true)
        }
        Evidence::PriceFactor {
            hundredths,
            odoo_higher,
        } => {
            set("factor", factor_text(*hundredths));
            set(
                "higher",
                if *odoo_higher { "odoo" } else { "store" }.to_owned(),
            );
            (
                EvidenceTag::PriceFactor,
                *hundredths > GUARD_FACTOR_HUNDREDTHS,
            )
        }
    };
    EvidenceView {
        tag,
        params,
        against,
    }
}

/// Whether accepting a pair with this evidence asks first.
pub(crate) fn is_guarded(evidence: &[Evidence]) -> bool {
    evidence.iter().any(|one| match one {
        Evidence::NameContradicts { .. } => true,
        Evidence::PriceFactor { hundredths, .. } => *hundredths > GUARD_FACTOR_HUNDREDTHS,
        Evidence::SameGtin { .. }
        | Evidence::GtinDiffers
        | Evidence::SameSku
        | Evidence::SameCanonicalSku
        | Evidence::SkuDiffers
        | Evidence::NameSimilarity { .. } => false,
    })
}

/// A factor in hundredths as text: 1200 → "12.0".
pub(crate) fn factor_text(hundredths: u32) -> String {
    Decimal::new(i64::from(hundredths), 2)
        .round_dp(1)
        .to_string()
}

/// Why a pair was not linked by itself.
pub(crate) fn reason_tag(reason: Reason) -> ReasonTag {
    match reason {
        Reason::KeyNotUniqueInStore => ReasonTag::KeyNotUniqueInStore,
        Reason::KeyNotUniqueInOdoo => ReasonTag::KeyNotUniqueInOdoo,
        Reason::KeysDisagree => ReasonTag::KeysDisagree,
        Reason::NameContradictsKey => ReasonTag::NameContradictsKey,
        Reason::PriceFarApart => ReasonTag::PriceFarApart,
        Reason::NameOnly => ReasonTag::NameOnly,
        Reason::RejectedBefore => ReasonTag::RejectedBefore,
        Reason::VariantTaken => ReasonTag::VariantTaken,
        Reason::KeyTooShort => ReasonTag::KeyTooShort,
    }
}

/// Where two texts differ, one list of spans a side.
pub(crate) fn marks(store: &str, odoo: &str) -> (Vec<MarkSpan>, Vec<MarkSpan>) {
    let (left, right) = tandem_matching::diff(store, odoo);
    let span = |spans: Vec<tandem_matching::Span>| {
        spans
            .into_iter()
            .map(|s| MarkSpan {
                start: s.start,
                end: s.end,
            })
            .collect()
    };
    (span(left), span(right))
}
