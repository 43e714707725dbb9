// What must hold of `patterns.svelte.ts`, and of a pattern that is accepted in the review.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PatternView } from '../../api/types';
import { pair, PairsInMemory } from './fixtures';
import { follows, PatternsState } from './patterns.svelte';
import { ReviewState } from './review.svelte';
import { atOnce, silent } from './silent';

function pattern(change: Partial<PatternView> = {}): PatternView {
  return {
    id: 'likely.1.high', verdict: 'likely', evidence: ['same_gtin'], confidence: 'likely', rows: 40,
    guarded: 2, guardedPrice: 1, guardedText: 1, acceptable: true, takes: 36, measured: null, ...change,
  };
}

async function review(port: PairsInMemory) {
  const tell = silent();
  const state = new ReviewState(port, tell, atOnce);
  await state.ask();
  return { state, tell };
}

/** Six pairs; the second asks first, the last is not of the pattern. */
const shelf = () => new PairsInMemory(6, (n) => (n === 1 ? { guarded: true } : n === 5 ? { verdict: 'ambiguous' } : {}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a pair', () => {
  const same = { tag: 'same_gtin' as const, params: {}, against: false };
  const name = { tag: 'name' as const, params: { value: '9000' }, against: false };

  it('follows a pattern of its verdict, its confidence and its keys; how alike the names are is no key', () => {
    expect(follows(pair(1, { evidence: [same, name] }), pattern())).toBe(true);
    expect(follows(pair(1, { evidence: [name] }), pattern())).toBe(false);
    expect(follows(pair(1, { evidence: [name] }), pattern({ evidence: ['name'] }))).toBe(true);
    expect(follows(pair(1, { evidence: [same], confidence: 'possible' }), pattern())).toBe(false);
    expect(follows(pair(1, { evidence: [same], verdict: 'ambiguous' }), pattern())).toBe(false);
  });
});

describe('patterns', () => {
  const port = (all: PatternView[]) => ({
    patterns: () => Promise.resolve(all),
    sample: vi.fn(() => Promise.resolve({ total: 36, set: 'm', rows: [pair(1)] })),
    page: vi.fn(() => Promise.resolve({ total: 2, rows: [pair(8), pair(9)] })),
    acceptAll: vi.fn(),
  });

  it('begin with the first that can be accepted, and go round', async () => {
    const all = [pattern({ id: 'a', acceptable: false, takes: 0 }), pattern({ id: 'b', guarded: 40, takes: 0 }), pattern({ id: 'd', confidence: 'weak', rows: 90 }), pattern({ id: 'c' })];
    const patterns = new PatternsState(port(all), () => Promise.resolve());
    await patterns.ask();
    expect(patterns.all.map(({ id }) => id), 'the surest first').toEqual(['b', 'c', 'd', 'a']);
    expect(patterns.current?.id).toBe('c');
    patterns.step(-1);
    expect(patterns.current?.id).toBe('b');
    patterns.step(-1);
    expect(patterns.current?.id).toBe('a');
  });

  it('pass by one whose products other listings claim too', async () => {
    const claimed = port([pattern({ id: 'a', takes: 0 }), pattern({ id: 'b' })]);
    const patterns = new PatternsState(claimed, () => Promise.resolve());
    await patterns.ask();
    expect([patterns.current?.id, patterns.count]).toEqual(['b', 36]);
  });

  it('name what is left out, and count what another listing claims', async () => {
    const patterns = new PatternsState(port([pattern()]), () => Promise.resolve());
    await patterns.ask();
    expect(patterns.count, 'known before anybody looks').toBe(36);
    await patterns.show();
    expect([patterns.count, patterns.taken]).toEqual([36, 2]);
    expect(patterns.named).toEqual(['Cup 8', 'Cup 9']);
  });

  it('are not ready before their sample is on the screen, nor after another came in front', async () => {
    const patterns = new PatternsState(port([pattern({ id: 'a' }), pattern({ id: 'b' })]), () => Promise.resolve());
    await patterns.ask();
    expect(patterns.ready).toBe(false);
    await patterns.show();
    expect(patterns.ready).toBe(true);
    patterns.step(1);
    expect(patterns.ready, 'its own sample is still to come').toBe(false);
  });
});

describe('accepting a pattern', () => {
  it('shows its sample first, then takes all but what asks first, as one step', async () => {
    const port = shelf();
    const { state, tell } = await review(port);
    await state.acceptPattern();
    expect(state.patterns.open).toBe(true);
    expect(tell.acceptedAll).not.toHaveBeenCalled();
    await state.acceptPattern();
    await vi.advanceTimersByTimeAsync(100);
    expect(tell.acceptedAll).toHaveBeenCalledWith(expect.objectContaining({ accepted: 4, guarded: 1 }));
    expect(port.rows.map((row) => row.listing.key)).toEqual(['L1', 'L5']);
    expect(state.list.total).toBe(2);
    expect(state.patterns.open).toBe(false);
    await state.undo();
    await vi.advanceTimersByTimeAsync(100);
    expect(tell.undone).toHaveBeenCalledWith(expect.objectContaining({ together: 4 }));
    expect(state.list.total).toBe(6);
  });

  it('that fails leaves the sample, and says so', async () => {
    const port = shelf();
    const { state, tell } = await review(port);
    await state.acceptPattern();
    port.fails = { code: 'cache.failed' };
    await state.acceptPattern();
    expect(tell.notAcceptedAll).toHaveBeenCalledWith({ code: 'cache.failed' });
    expect([state.patterns.open, state.patterns.busy]).toEqual([true, false]);
  });

  it('asks only for its own pairs, whatever the filters show', async () => {
    const port = shelf();
    const { state } = await review(port);
    await state.narrow({ storeText: 'Cup 3', verdicts: ['likely'] });
    await state.acceptPattern();
    await state.acceptPattern();
    expect(port.queries.at(-1)).toMatchObject({ tab: 'to_review', pattern: 'likely.0.high', storeText: '', verdicts: [], guarded: false });
  });

  it('is offered after a pair of it was accepted by hand', async () => {
    const { state } = await review(shelf());
    await state.look();
    await state.decide('accept');
    expect(state.patterns.followsLast).toBe(true);
    state.patterns.step(1);
    expect(state.patterns.current?.id).toBe('likely.0.high');
  });
});
