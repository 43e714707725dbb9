// Why Accept asks first, in words.
import type { CandidateView, EvidenceTag, EvidenceView, PairRow } from '../api/types';
import { decimal, t } from '../i18n';

/** Evidence that makes Accept ask first when it speaks against a pair. */
export const GUARDS: ReadonlySet<EvidenceTag> = new Set(['name_contradicts', 'price_factor']);

/** Whether this is what makes Accept ask first. */
export function speaksLoudly({ tag, against }: EvidenceView): boolean {
  return against && GUARDS.has(tag);
}

/** How many times one price is the other: "12". */
export function factor(evidence: EvidenceView | undefined): string {
  return decimal(evidence?.params.factor ?? '');
}

/** The warning, what to look at, and the question before it is accepted all the same. */
export interface GuardWords {
  warning: string;
  what: string;
  question: string;
}

/** The words of a guarded pair. A price that is a multiple weighs more than a name. */
export function guardWords(pair: PairRow): GuardWords {
  const loud = pair.evidence.filter(speaksLoudly);
  const price = loud.find(({ tag }) => tag === 'price_factor');
  if (price) {
    const times = { factor: factor(price) };
    const what = price.params.higher === 'store' ? t('review.guard.price.store') : t('review.guard.price.odoo');
    return { warning: t('review.guard.price', times), what, question: t('review.ask.price', times) };
  }
  const name = loud.find(({ tag }) => tag === 'name_contradicts');
  if (name) {
    const { store, odoo } = name.params;
    const what = store && odoo ? t('review.guard.name.both', { store, odoo }) : t('review.guard.other.what');
    return { warning: t('review.guard.name'), what, question: t('review.ask.name') };
  }
  return { warning: t('review.guard.other'), what: t('review.guard.other.what'), question: t('review.ask.other') };
}

/** Place of the first other candidate that no guard speaks against and that is free; -1 when there is none. */
export function unguarded(candidates: readonly CandidateView[], shown: number | undefined): number {
  return candidates.findIndex(
    ({ variant, evidence, linkedTo }) => variant.key !== shown && linkedTo === null && !evidence.some(speaksLoudly),
  );
}
