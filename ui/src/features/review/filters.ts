// Which pairs are wanted, as the person set it beside and above the list.
import type { DecideAction, EvidenceTag, GroupView, ReviewCounts, ReviewQuery, Tab, VerdictTag } from '../../api/types';

/** Search and filters; the list they apply to is chosen apart. */
export interface Filters {
  verdicts: readonly VerdictTag[];
  evidence: readonly EvidenceTag[];
  guarded: boolean;
  /** Bounds of the score in basis points; `null` is open. */
  scoreFrom: number | null;
  scoreTo: number | null;
  /** Proposals of one pattern. */
  pattern: string | null;
  /** Listings that belong together. */
  group: GroupView | null;
  storeText: string;
  odooText: string;
}

/** Nothing is left out. */
export const EVERYTHING: Filters = {
  verdicts: [],
  evidence: [],
  guarded: false,
  scoreFrom: null,
  scoreTo: null,
  pattern: null,
  group: null,
  storeText: '',
  odooText: '',
};

/** Whether anything is left out. */
export function narrows(filters: Filters): boolean {
  return (
    filters.verdicts.length > 0 ||
    filters.evidence.length > 0 ||
    filters.guarded ||
    filters.scoreFrom !== null ||
    filters.scoreTo !== null ||
    filters.pattern !== null ||
    filters.group !== null ||
    filters.storeText.trim() !== '' ||
    filters.odooText.trim() !== ''
  );
}

/** The list with this value if it was not in it, without it if it was. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

/** The question to the backend. */
export function question(tab: Tab, filters: Filters, offset: number, limit: number): ReviewQuery {
  return {
    ...filters,
    tab,
    verdicts: [...filters.verdicts],
    evidence: [...filters.evidence],
    group: filters.group && { kind: filters.group.kind, key: filters.group.key },
    storeText: filters.storeText.trim(),
    odooText: filters.odooText.trim(),
    offset,
    limit,
  };
}

/** A decision, as far as the lists care. */
export interface Move {
  tab: Tab;
  action: DecideAction;
  /** Whether the pair decided about is the link that is in force; another candidate may be looked at instead. */
  inForce: boolean;
}

/** Whether a decision takes the pair out of its list. */
export function leaves({ tab, action, inForce }: Move): boolean {
  switch (tab) {
    case 'to_review':
    case 'conflicts':
      return true;
    case 'mapped':
      return action === 'ignore' || (action === 'reject' && inForce);
    case 'unmatched':
      return action === 'accept';
  }
}

const COUNTED: Record<Tab, keyof ReviewCounts['tabs']> = {
  to_review: 'toReview',
  mapped: 'mapped',
  unmatched: 'unmatched',
  conflicts: 'conflicts',
};

/** How many pairs a list has. */
export function inTab(counts: ReviewCounts, tab: Tab): number {
  return counts.tabs[COUNTED[tab]];
}

/** The counts as they will be: `times` is 1 for a decision and -1 for one that is taken back. */
export function foreseen(counts: ReviewCounts, move: Move, times: 1 | -1): ReviewCounts {
  const { tab, action } = move;
  const tabs = { ...counts.tabs };
  if (leaves(move)) tabs[COUNTED[tab]] -= times;
  if (action === 'accept' && tab !== 'mapped') tabs.mapped += times;
  if (action === 'ignore' && tab !== 'unmatched') tabs.unmatched += times;
  return { ...counts, tabs, decided: counts.decided + times, undoable: counts.undoable + times };
}

/** The lists in which a pair may be, the likeliest first. */
export function likelyTabs(linked: boolean, hasCandidate: boolean): Tab[] {
  if (linked) return ['mapped', 'to_review', 'conflicts', 'unmatched'];
  return hasCandidate ? ['to_review', 'conflicts', 'unmatched', 'mapped'] : ['unmatched', 'to_review', 'conflicts', 'mapped'];
}
