// What a finder offers, and how its keys move through it.
import type { IconName } from './icons';

/** One thing that can be chosen. */
export interface FinderOption {
  id: string;
  icon: IconName;
  label: string;
  /** The label is data, which keeps its own direction, and no word of ours. */
  isData?: boolean;
  /** A SKU or another code, which is data too. */
  code?: string;
  detail?: string;
  /** The detail is data too. */
  detailIsData?: boolean;
}

/** Things of one kind under their title. */
export interface FinderGroup {
  title: string;
  options: readonly FinderOption[];
}

/** Place of the option after a key, round at both ends; `null` when the key moves nothing. */
export function placeAfter(key: string, place: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (place + 1) % count;
  if (key === 'ArrowUp') return (place - 1 + count) % count;
  return null;
}
