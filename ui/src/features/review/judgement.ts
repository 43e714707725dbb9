// How verdicts, evidence and relations look: each has a drawing and a colour besides its words.
import { decimal, number, plural, t, type Key } from '../../i18n';
import type { IconName } from '../../parts/icons';
import type { EvidenceTag, FieldRow, PairRow, Relation, VerdictTag } from '../../api/types';
import { factor, speaksLoudly } from '../../pieces/guards';

/** Colours of a chip. */
export type ChipState = 'ok' | 'warn' | 'bad' | 'idle' | 'info';

export const VERDICTS: Record<VerdictTag, { icon: IconName; state: ChipState }> = {
  exact: { icon: 'equal', state: 'ok' },
  likely: { icon: 'half', state: 'info' },
  ambiguous: { icon: 'fork', state: 'warn' },
  only_in_store: { icon: 'only-store', state: 'idle' },
  parent: { icon: 'stock', state: 'idle' },
  decided: { icon: 'check', state: 'ok' },
};

export const EVIDENCE: Record<EvidenceTag, { icon: IconName }> = {
  same_gtin: { icon: 'equal' },
  gtin_differs: { icon: 'neq' },
  same_sku: { icon: 'equal' },
  same_canonical_sku: { icon: 'near' },
  sku_differs: { icon: 'neq' },
  name: { icon: 'near' },
  name_contradicts: { icon: 'shield' },
  price_factor: { icon: 'shield' },
};

/** One reason in a few letters, for a row. */
export interface Why {
  icon: IconName;
  text: string;
  /** The whole words, for ears and on hover. */
  full: string;
  bad: boolean;
}

/** A share in basis points, as a score is written: "0.86". */
export function score(basisPoints: number): string {
  return decimal((basisPoints / 10_000).toFixed(2));
}

/** What speaks for and against a pair, in the order it came; where it is crowded, the name gives way. */
export function whys(pair: PairRow): Why[] {
  const several = pair.verdict === 'ambiguous' && pair.otherCandidates > 0;
  // A price that is near, or a multiple too small to warn of, is no reason.
  const telling = pair.evidence.filter(({ tag, against }) => tag !== 'price_factor' || against);
  const crowded = several || telling.some(speaksLoudly);
  const keys = telling.filter(({ tag }) => tag !== 'name');
  const shown = crowded && keys.length > 0 ? keys : telling;
  const reasons = shown.map((evidence) => ({
    icon: EVIDENCE[evidence.tag].icon,
    text: t(`review.why.${evidence.tag}`, {
      value: score(Number(evidence.params.value ?? 0)),
      factor: factor(evidence),
    }),
    full: t(`evidence.${evidence.tag}`),
    bad: speaksLoudly(evidence),
  }));
  if (!several) return reasons;
  const others = plural('review.candidates.others', pair.otherCandidates);
  return [...reasons, { icon: 'fork', text: plural('review.why.others', pair.otherCandidates), full: others, bad: false }];
}

const RELATIONS: Record<Relation, { icon: IconName; tone: string }> = {
  same: { icon: 'equal', tone: 'ok' },
  alike: { icon: 'near', tone: '' },
  differs: { icon: 'neq', tone: 'bad' },
  multiple: { icon: 'shield', tone: 'bad medium' },
  missing: { icon: 'circle', tone: 'three' },
  not_compared: { icon: 'none', tone: 'three' },
};

function relationKey(row: FieldRow): Key {
  const { relation } = row;
  if (relation === 'alike' && (row.field === 'sku' || row.field === 'barcode')) return `relation.alike.${row.field}`;
  if (relation === 'multiple') {
    const { higher } = row.params;
    return higher === 'store' || higher === 'odoo' ? `relation.multiple.${higher}` : 'relation.multiple';
  }
  if (relation === 'missing') {
    if (row.store === '' && row.odoo === '') return 'relation.missing.both';
    return row.store === '' ? 'relation.missing.store' : 'relation.missing.odoo';
  }
  return `relation.${relation}`;
}

/** How two values stand to each other. */
export function relation(row: FieldRow): { icon: IconName; tone: string; text: string } {
  const text = t(relationKey(row), { factor: decimal(row.params.factor ?? '') });
  return { ...RELATIONS[row.relation], text };
}

/** The kind of a listing in words; a kind of a later version keeps its own name. */
export function listingKind(kind: string): string {
  switch (kind) {
    case 'simple':
    case 'parent':
    case 'variation':
    case 'bundle':
      return t(`review.kind.${kind}`);
    default:
      return kind;
  }
}

/** The edge of a score's bar, 0 to 20, as a score. */
export function edge(bar: number): string {
  return score(bar * BAR_BP);
}

/** Width of a bar in basis points. */
export const BAR_BP = 500;

/** How many are in a range of bars. */
export function within(bars: readonly number[], from: number, to: number): string {
  return number(bars.slice(from, to).reduce((sum, bar) => sum + bar, 0));
}

/** What several names begin with, up to a word's end; what remains tells them apart. Empty when a name would vanish. */
export function commonPrefix(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  let length = first.length;
  for (const name of others) {
    let same = 0;
    while (same < length && first[same] === name[same]) same += 1;
    length = same;
  }
  const ends = [...first.slice(0, length).matchAll(/[\s,]+/g)].map((space) => space.index + space[0].length);
  const prefix = first.slice(0, ends.at(-1) ?? 0);
  return names.some((name) => name.length === prefix.length) ? '' : prefix;
}
