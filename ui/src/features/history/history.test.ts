// What must hold of `history.svelte.ts`.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryPage, HistoryQuery, HistoryRow, RunView } from '../../api/types';
import { doneWords, resultWords } from '../../pieces/history_words';
import { HistoryState, type HistoryPort } from './history.svelte';

const row = (run: number, change: Partial<HistoryRow> = {}): HistoryRow => ({
  id: `run-${run}`, kind: 'fetch', run, store: 'shop', storeName: 'Shop', state: 'done', from: '2026-11-20T08:00:00Z', at: '2026-11-20T08:00:00Z',
  endedAt: '2026-11-20T08:01:00Z', read: 1200, changed: 3, problems: 0, error: null, accepted: 0, rejected: 0, ignored: 0, undone: 0, ...change,
});

const runView = (id: number) => ({ id, state: 'done' }) as unknown as RunView;
const day = row(0, { id: 'day-shop', run: null, kind: 'decisions', accepted: 2, undone: 1 });

let rows: HistoryRow[];
let port: { [K in keyof HistoryPort]: ReturnType<typeof vi.fn<HistoryPort[K]>> };
let state: HistoryState;

function answer(query: HistoryQuery): HistoryPage {
  const fitting = rows.filter((each) => query.ended === null || each.state === 'failed');
  return { total: fitting.length, rows: fitting.slice(query.offset, query.offset + query.limit), counts: { all: rows.length, failed: 1, stopped: 0 } };
}

beforeEach(async () => {
  rows = [row(5), day, row(4), row(3, { state: 'failed', error: 'connection.tls' }), row(2)];
  port = {
    history: vi.fn((query: HistoryQuery) => Promise.resolve(answer(query))),
    run: vi.fn((id: number) => Promise.resolve(runView(id))),
    decisionsOf: vi.fn(() => Promise.resolve({ rows: [], more: false })),
  };
  state = new HistoryState(port, () => 180);
  await state.ask();
});

describe('the history', () => {
  it('asks in the person’s day, and narrows from the top', async () => {
    state.select(3);
    await state.narrow({ ended: 'failed' });
    expect(port.history).toHaveBeenLastCalledWith(expect.objectContaining({ ended: 'failed', store: null, kinds: [], utcOffsetMinutes: 180 }));
    expect([state.index, state.list.total, state.counts?.all]).toEqual([0, 1, 5]);
    expect(state.narrowed).toBe(true);
  });

  it('shows a run or a day in full, and never the one before', async () => {
    let late: (run: RunView) => void = () => undefined;
    port.run.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const first = state.look();
    state.select(1);
    await state.look();
    late(runView(5));
    await first;
    expect(state.shown).toMatchObject({ id: 'day-shop', day: { more: false } });
    expect(port.decisionsOf).toHaveBeenCalledWith({ store: 'shop', from: day.from });
  });

  it('finds the next failure, and says when there is none', () => {
    expect(state.nextFailure()).toBe(3);
    state.select(3);
    expect(state.nextFailure()).toBeNull();
  });

  it('keeps the line in focus when newer ones come in above it', async () => {
    vi.useFakeTimers();
    state.select(2);
    rows = [row(6), ...rows];
    state.settle();
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect([state.index, state.selected?.run]).toEqual([3, 4]);
  });

  it('says how a line ended', () => {
    expect([doneWords(day), resultWords(day)]).toEqual(['3 decided', '1 taken back']);
    expect(resultWords(rows[3] ?? day)).not.toBe('connection.tls');
    expect([doneWords(row(1)), resultWords(row(1))]).toEqual(['1,200 records read', '3 new or changed']);
  });
});
