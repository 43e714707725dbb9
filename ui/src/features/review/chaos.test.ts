// The review while everything goes wrong: calls fail, answers are slow and overtake each other, a fetch changes the
// pairs meanwhile. No decision is lost, no screen stays stale, no rejection goes unheard (vitest fails on one).
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DecideAction, DecisionInput } from '../../api/types';
import { pair, PairsInMemory } from './fixtures';
import { ReviewState, type ReviewPort } from './review.svelte';
import { atOnce, silent } from './silent';

/** Numbers from 0 to 1, the same for a seed each time (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a call is by name, and how often it fails before or after it did its work. */
interface Faults {
  before: number;
  after: number;
  slowest: number;
}

/** A backend behind a bad line: each call takes its time, and some do not come back well. */
function behind(port: PairsInMemory, roll: () => number, faults: () => Faults): ReviewPort {
  const calls = port as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return new Proxy(port, {
    get(_, name: string) {
      const call = calls[name];
      if (typeof call !== 'function' || name.endsWith('Picture')) return call;
      return async (...args: unknown[]) => {
        const { before, after, slowest } = faults();
        const [wait, back, fate] = [roll() * slowest, roll() * slowest, roll()];
        await new Promise((done) => setTimeout(done, wait));
        if (fate < before) throw Object.assign(new Error(`${name} was refused`), { code: 'cache.failed' });
        const answer = await call.apply(port, args);
        await new Promise((done) => setTimeout(done, back));
        if (fate > 1 - after && !WRITES.has(name)) throw Object.assign(new Error(`${name} was lost`), { code: 'cache.failed' });
        return answer;
      };
    },
  }) as ReviewPort;
}

/** A write answers what it did: the backend is a part of the same program. Its refusal means that nothing was done. */
const WRITES = new Set(['decide', 'undo', 'acceptAll', 'bulkDecide', 'undoStep', 'importLinks']);
/** Over all seeds. */
let refused = 0;
const ACTIONS: readonly DecideAction[] = ['accept', 'reject', 'ignore'];

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const shown = (state: ReviewState) => Array.from({ length: state.list.total }, (_, at) => state.list.row(at)?.listing.key);

/** Does something that a person could do at this moment. */
function act(state: ReviewState, roll: () => number, wished: DecisionInput[]): void {
  const what = roll();
  if (what < 0.55) {
    const action = ACTIONS[Math.floor(roll() * 3)] ?? 'accept';
    const row = state.selected;
    if (row && !state.asking && state.chosen === null) {
      wished.push({ listing: row.listing.key, action, variant: action === 'ignore' ? null : (row.variant?.key ?? null) });
    }
    void state.decide(action);
  } else if (what < 0.65) state.select(Math.floor(roll() * state.list.total));
  else if (what < 0.72) void state.narrow({ storeText: roll() < 0.5 ? 'Cup' : `Cup ${Math.floor(roll() * 10)}` });
  else if (what < 0.8) void state.look();
  else if (what < 0.86) state.settle();
  else if (what < 0.9) void state.find.type('cu');
  else if (what < 0.94) void state.history.show(null);
  else void state.ask();
}

it.each([1, 2, 3, 5, 8, 13])('loses no decision and shows what holds in the end, seed %i', async (seed) => {
  const roll = dice(seed);
  const port = new PairsInMemory(80);
  let faults: Faults = { before: 0.12, after: 0.12, slowest: 120 };
  const tell = silent();
  const state = new ReviewState(
    behind(port, roll, () => faults),
    tell,
    atOnce,
  );
  void state.ask();
  await vi.advanceTimersByTimeAsync(500);
  const wished: DecisionInput[] = [];
  for (let turn = 0; turn < 120; turn += 1) {
    act(state, roll, wished);
    if (turn === 60) {
      // A fetch ends: pairs come, one goes, and everything is said to be stale.
      port.rows.unshift(pair(500), pair(501));
      port.rows.pop();
      state.settle();
    }
    await vi.advanceTimersByTimeAsync(roll() * 60);
  }
  faults = { before: 0, after: 0, slowest: 10 };
  await vi.advanceTimersByTimeAsync(60_000);
  void state.show('to_review');
  await vi.advanceTimersByTimeAsync(1_000);

  const failed = tell.notSaved.mock.calls.length;
  expect(port.decisions.length, 'each wish is saved, or its failure was told').toBe(wished.length - failed);
  const saved = port.decisions.map(({ listing, action }) => `${listing} ${action}`);
  const order = wished.map(({ listing, action }) => `${listing} ${action}`);
  let at = 0;
  for (const wish of order) if (wish === saved[at]) at += 1;
  expect(at, 'in the order in which they were wished').toBe(saved.length);
  refused += failed;
  state.list.want(0, port.rows.length);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown(state), 'the screen says what the backend says').toEqual(port.rows.map(({ listing }) => listing.key));
  expect(state.counts?.tabs.toReview).toBe(port.rows.length);
  expect(state.list.failure).toBeNull();
});

it('met refusals, or this proves nothing', () => {
  expect(refused).toBeGreaterThan(5);
});

it('drops an answer that a newer question overtook', async () => {
  const port = new PairsInMemory(30);
  let slowest = 400;
  const rolls = [0.9, 0.5, 0.05, 0.5];
  const state = new ReviewState(
    behind(port, () => rolls.shift() ?? 0, () => ({ before: 0, after: 0, slowest })),
    silent(),
    atOnce,
  );
  const first = state.narrow({ storeText: 'Cup 1' });
  const second = state.narrow({ storeText: 'Cup 2' });
  slowest = 0;
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all([first, second]);
  expect(shown(state).every((key) => key?.startsWith('L2'))).toBe(true);
});
