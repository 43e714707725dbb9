//! The review's filters and counts, between the words of the doors and those of the cache.

use tandem_store::{EvidenceTag as SavedTag, GroupKind, Guard, ReviewFilter, ReviewTab, Verdict};

use crate::Result;
use crate::use_cases::patterns::parse_pattern;
use crate::view::{
    Count, EvidenceTag, GroupTag, ReviewCounts, ReviewQuery, Tab, TabCounts, VerdictTag,
};

/// What a query asks of the cache.
pub(crate) fn filter_of(query: &ReviewQuery) -> Result<ReviewFilter> {
    let score = (query.score_from, query.score_to);
    let pattern = query.pattern.as_deref().map(parse_pattern).transpose()?;
    Ok(ReviewFilter {
        tab: match query.tab {
            Tab::ToReview => ReviewTab::ToReview,
            Tab::Mapped => ReviewTab::Mapped,
            Tab::Unmatched => ReviewTab::Unmatched,
            Tab::Conflicts => ReviewTab::Conflicts,
        },
        verdicts: query
            .verdicts
            .iter()
            .flat_map(|tag| verdicts_of(*tag))
            .copied()
            .collect(),
        evidence: query
            .evidence
            .iter()
            .filter_map(|tag| saved_tag(*tag))
            .collect(),
        guards: guards_of(query),
        score_bp: (score != (None, None)).then(|| score.0.unwrap_or(0)..=score.1.unwrap_or(10_000)),
        pattern,
        group: query.group.as_ref().map(|group| {
            let kind = match group.kind {
                GroupTag::SameSku => GroupKind::SameSku,
                GroupTag::Parent => GroupKind::Parent,
            };
            (kind, group.key.clone())
        }),
        store_text: query.store_text.clone(),
        odoo_text: query.odoo_text.clone(),
    })
}

/// The two warnings are evidence to a person and guards to the cache.
fn guards_of(query: &ReviewQuery) -> Vec<Guard> {
    let mut guards = Vec::new();
    if query.guarded || query.evidence.contains(&EvidenceTag::PriceFactor) {
        guards.push(Guard::Price);
    }
    if query.guarded || query.evidence.contains(&EvidenceTag::NameContradicts) {
        guards.push(Guard::Unit);
    }
    guards
}

fn saved_tag(tag: EvidenceTag) -> Option<SavedTag> {
    match tag {
        EvidenceTag::SameGtin => Some(SavedTag::SameGtin),
        EvidenceTag::GtinDiffers => Some(SavedTag::GtinDiffers),
        EvidenceTag::SameSku => Some(SavedTag::SameSku),
        EvidenceTag::SameCanonicalSku => Some(SavedTag::SameCanonicalSku),
        EvidenceTag::SkuDiffers => Some(SavedTag::SkuDiffers),
        EvidenceTag::Name => Some(SavedTag::NameOnly),
        EvidenceTag::NameContradicts | EvidenceTag::PriceFactor => None,
    }
}

/// A kind of evidence as doors name it.
pub(crate) fn shown_tag(tag: SavedTag) -> EvidenceTag {
    match tag {
        SavedTag::SameGtin => EvidenceTag::SameGtin,
        SavedTag::GtinDiffers => EvidenceTag::GtinDiffers,
        SavedTag::SameSku => EvidenceTag::SameSku,
        SavedTag::SameCanonicalSku => EvidenceTag::SameCanonicalSku,
        SavedTag::SkuDiffers => EvidenceTag::SkuDiffers,
        SavedTag::NameOnly => EvidenceTag::Name,
    }
}

/// A verdict as doors name it.
pub(crate) fn verdict_tag(verdict: Verdict) -> VerdictTag {
    match verdict {
        Verdict::Linked => VerdictTag::Exact,
        Verdict::Likely => VerdictTag::Likely,
        Verdict::Ambiguous | Verdict::Broken => VerdictTag::Ambiguous,
        Verdict::None => VerdictTag::OnlyInStore,
        Verdict::Parent => VerdictTag::Parent,
        Verdict::Decided => VerdictTag::Decided,
    }
}

fn verdicts_of(tag: VerdictTag) -> &'static [Verdict] {
    match tag {
        VerdictTag::Exact => &[Verdict::Linked],
        VerdictTag::Likely => &[Verdict::Likely],
        VerdictTag::Ambiguous => &[Verdict::Ambiguous, Verdict::Broken],
        VerdictTag::OnlyInStore => &[Verdict::None],
        VerdictTag::Parent => &[Verdict::Parent],
        VerdictTag::Decided => &[Verdict::Decided],
    }
}

/// The numbers as doors see them.
pub(crate) fn counts_view(counts: &tandem_store::ReviewCounts, decided: u32) -> ReviewCounts {
    const SHOWN: [VerdictTag; 6] = [
        VerdictTag::Exact,
        VerdictTag::Likely,
        VerdictTag::Ambiguous,
        VerdictTag::OnlyInStore,
        VerdictTag::Parent,
        VerdictTag::Decided,
    ];
    let of_verdict = |tag: VerdictTag| {
        let saved = verdicts_of(tag);
        let rows = counts
            .verdicts
            .iter()
            .filter(|(verdict, _)| saved.contains(verdict));
        Count {
            of: tag,
            count: rows.map(|(_, rows)| rows).sum(),
        }
    };
    let of_guard = |wanted: Guard| {
        counts
            .guards
            .iter()
            .filter(|(guard, _)| *guard == wanted)
            .map(|(_, rows)| *rows)
            .sum()
    };
    let (price, unit): (u32, u32) = (of_guard(Guard::Price), of_guard(Guard::Unit));
    let mut evidence: Vec<_> = counts
        .evidence
        .iter()
        .map(|(tag, count)| Count {
            of: shown_tag(*tag),
            count: *count,
        })
        .collect();
    evidence.push(Count {
        of: EvidenceTag::PriceFactor,
        count: price,
    });
    evidence.push(Count {
        of: EvidenceTag::NameContradicts,
        count: unit,
    });
    ReviewCounts {
        tabs: TabCounts {
            to_review: counts.tabs.to_review,
            mapped: counts.tabs.mapped,
            unmatched: counts.tabs.unmatched,
            conflicts: counts.tabs.conflicts,
        },
        verdicts: SHOWN.into_iter().map(of_verdict).collect(),
        evidence,
        guarded: counts.guarded,
        histogram: counts.scores.to_vec(),
        only_in_odoo: counts.tabs.only_in_odoo,
        decided,
        undoable: decided,
    }
}
