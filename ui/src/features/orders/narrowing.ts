// What the list of orders is narrowed to beside its states and words: days, amounts, customer, status.
import type { OrdersQuery } from '../../api/types';

/** Which days. */
export type Days = 'any' | 'today' | 'week' | 'month' | 'between';

/** What a person chose; texts as they were typed. */
export interface Narrowing {
  days: Days;
  /** First and last day, as `2026-11-21`; only between counts them. */
  from: string;
  to: string;
  min: string;
  max: string;
  customer: string;
  status: string;
}

export const EVERYTHING: Narrowing = { days: 'any', from: '', to: '', min: '', max: '', customer: '', status: '' };

const DAYS_BACK: Partial<Record<Days, number>> = { today: 0, week: 6, month: 29 };
const ARABIC_ZERO = 0x660;

/** An amount as it was typed, in any of our digits, as a decimal; nothing when it is none. */
export function amountOf(typed: string): string | null {
  const plain = typed
    .trim()
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - ARABIC_ZERO))
    .replace(/[,\u066b]/, '.');
  return /^\d{1,15}(\.\d{1,6})?$/.test(plain) ? plain : null;
}

/** The beginning of a day here, so many days after it; nothing when it is no day. */
export function beginOf(day: string, after: number): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day.trim());
  if (!match) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const begin = new Date(year, month - 1, date + after);
  const same = new Date(year, month - 1, date).getDate() === date && month >= 1 && month <= 12;
  return same ? begin.toISOString() : null;
}

/** Whether a field holds something that cannot be understood. */
export function isWrong(field: 'from' | 'to' | 'min' | 'max', typed: string): boolean {
  if (typed.trim() === '') return false;
  return field === 'min' || field === 'max' ? amountOf(typed) === null : beginOf(typed, 0) === null;
}

/** The same as the backend is asked. What cannot be understood narrows nothing; its field says so. */
export function asQuery(narrowing: Narrowing, now: number): Pick<OrdersQuery, 'statuses' | 'customer' | 'placedFrom' | 'placedBefore' | 'totalMin' | 'totalMax'> {
  const today = new Date(now);
  const back = DAYS_BACK[narrowing.days];
  const between = narrowing.days === 'between';
  const since = back === undefined ? null : new Date(today.getFullYear(), today.getMonth(), today.getDate() - back).toISOString();
  return {
    statuses: narrowing.status === '' ? [] : [narrowing.status],
    customer: narrowing.customer.trim(),
    placedFrom: between ? beginOf(narrowing.from, 0) : since,
    placedBefore: between ? beginOf(narrowing.to, 1) : null,
    totalMin: amountOf(narrowing.min),
    totalMax: amountOf(narrowing.max),
  };
}

/** Whether anything narrows. */
export function narrows(narrowing: Narrowing): boolean {
  const { days, min, max, customer, status } = narrowing;
  return days !== 'any' || [min, max, customer, status].some((typed) => typed.trim() !== '');
}
