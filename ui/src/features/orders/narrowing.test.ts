// What must hold of `narrowing.ts`.
import { describe, expect, it } from 'vitest';
import { amountOf, asQuery, beginOf, EVERYTHING, isWrong, narrows } from './narrowing';

const now = new Date(2026, 10, 21, 12).getTime();

describe('narrowing', () => {
  it('reads amounts in any of our digits, and refuses what is none', () => {
    expect(['12.5', ' 12,5 ', '١٢٫٥'].map(amountOf)).toEqual(['12.5', '12.5', '12.5']);
    expect(['', '-1', '1e3', '1.2.3', 'ten'].map(amountOf)).toEqual([null, null, null, null, null]);
  });

  it('takes days as they begin here, the last one whole', () => {
    const asked = asQuery({ ...EVERYTHING, days: 'between', from: '2026-11-01', to: '2026-11-02' }, now);
    expect(asked.placedFrom).toBe(new Date(2026, 10, 1).toISOString());
    expect(asked.placedBefore).toBe(new Date(2026, 10, 3).toISOString());
    expect([beginOf('2026-02-30', 0), beginOf('2026-13-01', 0), beginOf('soon', 0)]).toEqual([null, null, null]);
  });

  it('counts today as one of the last seven days', () => {
    expect(asQuery({ ...EVERYTHING, days: 'week' }, now).placedFrom).toBe(new Date(2026, 10, 15).toISOString());
    expect(asQuery(EVERYTHING, now)).toEqual({ statuses: [], customer: '', placedFrom: null, placedBefore: null, totalMin: null, totalMax: null });
  });

  it('says what cannot be understood, and whether anything narrows', () => {
    expect([isWrong('min', 'x'), isWrong('from', '1.2.'), isWrong('to', ''), isWrong('max', '3')]).toEqual([true, true, false, false]);
    expect([narrows(EVERYTHING), narrows({ ...EVERYTHING, customer: ' ' }), narrows({ ...EVERYTHING, max: '3' })]).toEqual([false, false, true]);
  });
});
