// What must hold of `today.svelte.ts` and of the words of a need.
import { describe, expect, it, vi } from 'vitest';
import type { Need, TodayView } from '../../api/types';
import { TodayState } from './today.svelte';
import { actionOf, needText, needTitle } from './wording';

const need = (change: Partial<Need>): Need => ({
  kind: 'pairs_to_review', slug: 'shop', name: 'Shop', count: 3, error: null, notice: null, params: {}, held: [], reasons: [], ...change,
});

function view(needs: Need[]): TodayView {
  return {
    at: '2026-11-21T08:00:00Z', stores: 1, notRead: [], needs, orders: null, money: [], mapping: null,
    errors: { count: 0, byHour: [] }, connections: [], runs: [],
  };
}

describe('the day', () => {
  it('asks for the store in front only when it is told to, in the person’s own day', async () => {
    const today = vi.fn(() => Promise.resolve(view([])));
    const state = new TodayState({ today }, () => 'shop', () => 180);
    await state.read();
    expect(today).toHaveBeenLastCalledWith({ store: null, utcOffsetMinutes: 180 });
    await state.show('one');
    expect(today).toHaveBeenLastCalledWith({ store: 'shop', utcOffsetMinutes: 180 });
  });

  it('drops an answer to an older question, and keeps what is shown when a read fails', async () => {
    let late: (day: TodayView) => void = () => undefined;
    const today = vi.fn(() => Promise.resolve(view([need({})])));
    today.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const state = new TodayState({ today }, () => 'shop', () => 0);
    const first = state.read();
    await state.read();
    late(view([]));
    await first;
    expect(state.view?.needs).toHaveLength(1);
    today.mockRejectedValueOnce(new Error('gone'));
    await state.read();
    expect(state.view?.needs).toHaveLength(1);
    expect(state.failure).toBeInstanceOf(Error);
  });

  it('keeps the keyboard on a need that is there', async () => {
    const today = vi.fn(() => Promise.resolve(view([need({}), need({ kind: 'conflicts' })])));
    const state = new TodayState({ today }, () => 'shop', () => 0);
    await state.read();
    state.move(5);
    expect(state.index).toBe(1);
    today.mockResolvedValue(view([need({})]));
    await state.read();
    expect(state.index).toBe(0);
  });
});

describe('a need', () => {
  it('says how many, what they are worth, and why', () => {
    const blocked = need({
      kind: 'orders_blocked', count: 4,
      held: [{ amount: '248.757', currency: 'KWD', orders: 3 }, { amount: '10.00', currency: 'USD', orders: 1 }],
      reasons: [{ kind: 'unlinked_line', orders: 3 }, { kind: 'no_lines', orders: 1 }],
    });
    expect(needTitle(blocked)).toBe('4 orders are blocked, KWD\u00a0248.757, USD\u00a010.00 on hold');
    expect(needText(blocked)).toBe('not mapped (3), no lines');
    expect(actionOf(blocked)?.route).toEqual({ page: 'orders', blocked: true });
  });

  it('about a connection leads to it, with the words of its error', () => {
    const stopped = need({ kind: 'connection_stopped', error: { code: 'connection.tls', params: {}, details: '', retryable: false } });
    expect(needText(stopped)).not.toBe('');
    expect(actionOf(stopped)?.route).toEqual({ page: 'connections', slug: 'shop' });
    expect(actionOf(need({ kind: 'never_fetched' }))).toMatchObject({ fetch: true });
  });
});
