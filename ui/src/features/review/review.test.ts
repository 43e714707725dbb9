// What must hold of `review.svelte.ts`.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PairDetail, ReviewPage, VariantCard } from '../../api/types';
import { PairsInMemory, pair } from './fixtures';
import { ReviewState } from './review.svelte';
import { atOnce, silent } from './silent';

async function review(port: PairsInMemory) {
  const tell = silent();
  const state = new ReviewState(port, tell, atOnce);
  await state.ask();
  await state.look();
  return { state, tell };
}

const keys = (state: ReviewState) => Array.from({ length: state.list.total }, (_, at) => state.list.row(at)?.listing.key);

/** A promise that is answered by hand. */
function later<T>() {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (answer = resolve));
  return { promise, answer };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a question', () => {
  it('is answered with rows first, and counted only when it is still the question', async () => {
    const port = new PairsInMemory(3);
    const { state } = await review(port);
    const asked: string[] = [];
    const page = port.page.bind(port);
    vi.spyOn(port, 'page').mockImplementation((query) => (asked.push(`rows ${query.storeText}`), page(query)));
    const counts = port.counts.bind(port);
    vi.spyOn(port, 'counts').mockImplementation(() => (asked.push('counts'), counts()));
    await Promise.all([state.narrow({ storeText: 'C' }), state.narrow({ storeText: 'Cu' })]);
    expect(asked.at(0)).toMatch(/^rows/);
    expect(asked.indexOf('counts'), 'once, and last').toBe(asked.length - 1);
  });
});

describe('what goes with the rows', () => {
  it('is asked for behind their paint', async () => {
    const port = new PairsInMemory(3);
    const asked = { counts: vi.spyOn(port, 'counts'), detail: vi.spyOn(port, 'detail') };
    const painting = later<undefined>();
    const state = new ReviewState(port, silent(), () => painting.promise);
    const narrowed = state.narrow({ storeText: 'Cup' });
    await vi.advanceTimersByTimeAsync(1_000);
    const looking = state.look();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keys(state)).toEqual(['L0', 'L1', 'L2']);
    expect([asked.counts.mock.calls.length, asked.detail.mock.calls.length]).toEqual([0, 0]);
    painting.answer(undefined);
    await Promise.all([narrowed, looking]);
    expect(state.counts?.tabs.toReview).toBe(3);
    expect(state.detail?.row.listing.key).toBe('L0');
  });

  it('changes once they are painted, and no decision is taken about it before', async () => {
    const port = new PairsInMemory(3);
    let painting: Promise<undefined> = Promise.resolve(undefined);
    const state = new ReviewState(port, silent(), () => painting);
    await state.ask();
    await state.look();
    const paint = later<undefined>();
    painting = paint.promise;
    port.rows.shift();
    const narrowed = state.narrow({ storeText: 'Cup' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keys(state)).toEqual(['L1', 'L2']);
    expect(state.pair?.listing.key, 'the pair before stays in front').toBe('L0');
    const deciding = state.decide('accept');
    paint.answer(undefined);
    await Promise.all([narrowed, deciding]);
    expect(port.decisions.map(({ listing }) => listing)).toEqual(['L1']);
  });
});

describe('a decision', () => {
  it('takes the row away before it is saved, and brings the next into focus', async () => {
    const port = new PairsInMemory(3);
    const { state, tell } = await review(port);
    const saving = state.decide('accept');
    expect(keys(state)).toEqual(['L1', 'L2']);
    expect(state.selected?.listing.key).toBe('L1');
    expect(state.counts?.tabs).toMatchObject({ toReview: 2, mapped: 1 });
    expect(state.counts?.decided).toBe(1);
    expect(port.decisions, 'painted first, saved afterwards').toEqual([]);
    await saving;
    expect(port.decisions).toEqual([{ listing: 'L0', action: 'accept', variant: 0 }]);
    expect(tell.decided).toHaveBeenCalledWith('accept', 'Cup 0');
  });

  it('shows the next pair in full at once, and reads it again behind it', async () => {
    const port = new PairsInMemory(3);
    const { state } = await review(port);
    const detail = vi.spyOn(port, 'detail');
    const saving = state.decide('accept');
    expect(state.detail?.row.listing.key, 'it was read ahead').toBe('L1');
    await state.look();
    expect(detail.mock.calls.map(([listing]) => listing), 'the decision may concern it; then the one after it').toEqual(['L1', 'L2']);
    await saving;
    await vi.advanceTimersByTimeAsync(500);
    await state.look();
    detail.mockClear();
    state.select(1);
    expect(state.detail?.row.listing.key).toBe('L2');
    await state.look();
    expect(detail, 'nothing was decided in between').not.toHaveBeenCalled();
  });

  it('never falls back on what was read ahead of it', async () => {
    const port = new PairsInMemory(3);
    const { state } = await review(port);
    port.rows[1] = pair(1, { guarded: true });
    const real = port.detail.bind(port);
    const slow = later<PairDetail>();
    vi.spyOn(port, 'detail').mockImplementation((listing, variant) => (listing === 'L2' ? slow.promise : real(listing, variant)));
    const saving = state.decide('accept');
    expect(state.detail?.row.guarded, 'as it was read ahead').toBe(false);
    await saving;
    void state.look();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.detail?.row.guarded, 'the decision guards it').toBe(true);
    // There and back, while the pair after it is still on its way.
    for (const at of [1, 0]) {
      state.select(at);
      void state.look();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(state.detail?.row.guarded).toBe(true);
  });

  it('on the last row brings the one before it into focus', async () => {
    const { state } = await review(new PairsInMemory(2));
    state.select(1);
    await state.decide('reject');
    expect(state.selected?.listing.key).toBe('L0');
  });

  it('that cannot be saved comes back to its place, and the focus stays where it went', async () => {
    const port = new PairsInMemory(3);
    const { state, tell } = await review(port);
    state.select(1);
    port.fails = { code: 'cache.failed' };
    await state.decide('accept');
    expect(keys(state)).toEqual(['L0', 'L1', 'L2']);
    expect(state.selected?.listing.key).toBe('L2');
    expect(state.counts?.tabs.toReview).toBe(3);
    expect(state.counts?.decided).toBe(0);
    expect(tell.notSaved).toHaveBeenCalledWith('Cup 1', { code: 'cache.failed' });
  });

  it('is saved in the order it was made, however quick the keys', async () => {
    const port = new PairsInMemory(4);
    const { state } = await review(port);
    await Promise.all([state.decide('accept'), state.decide('reject'), state.decide('ignore')]);
    expect(port.decisions.map((each) => [each.listing, each.action, each.variant])).toEqual([
      ['L0', 'accept', 0],
      ['L1', 'reject', 1],
      ['L2', 'ignore', null],
    ]);
  });

  it('without a candidate can only be to leave it aside', async () => {
    const port = new PairsInMemory(1, () => ({ variant: null, verdict: 'only_in_store' }));
    const { state } = await review(port);
    await state.decide('accept');
    await state.decide('reject');
    expect(port.decisions).toEqual([]);
    await state.decide('ignore');
    expect(port.decisions).toHaveLength(1);
  });

  it('is followed by one fresh read of what is in view, which keeps the pair in focus', async () => {
    const port = new PairsInMemory(3);
    const { state } = await review(port);
    await state.decide('accept');
    port.rows.unshift(pair(9));
    await vi.advanceTimersByTimeAsync(200);
    expect(keys(state), 'not while somebody may be deciding').toEqual(['L1', 'L2']);
    await vi.advanceTimersByTimeAsync(300);
    expect(keys(state), 'a new order applies to the rest').toEqual(['L1', 'L9', 'L2']);
    expect(state.selected?.listing.key).toBe('L1');
  });
});

describe('a new order of the queue', () => {
  it('leaves the pair in focus where it is, and what is decided then is that pair', async () => {
    const port = new PairsInMemory(5);
    const { state } = await review(port);
    state.select(2);
    port.rows.reverse();
    state.settle();
    await vi.advanceTimersByTimeAsync(100);
    expect(keys(state)).toEqual(['L4', 'L3', 'L2', 'L1', 'L0']);
    port.rows.push(...port.rows.splice(2, 1));
    state.settle();
    await vi.advanceTimersByTimeAsync(100);
    expect(keys(state), 'it is the last one now, and stays in the middle').toEqual(['L4', 'L3', 'L2', 'L1', 'L0']);
    await state.look();
    await state.decide('accept');
    expect(port.decisions.map(({ listing }) => listing)).toEqual(['L2']);
    await vi.advanceTimersByTimeAsync(100);
    expect(keys(state)).toEqual(['L4', 'L3', 'L1', 'L0']);
    await state.undo();
    expect(state.selected?.listing.key).toBe('L2');
  });
});

describe('a link in force', () => {
  const linked = () => new PairsInMemory(2, () => ({ linked: true }));

  it('is not accepted again, and leaves when it is unlinked', async () => {
    const port = linked();
    const { state } = await review(port);
    await state.show('mapped');
    await state.look();
    expect(state.inForce).toBe(true);
    await state.decide('accept');
    expect(port.decisions).toEqual([]);
    await state.decide('reject');
    expect(keys(state)).toEqual(['L1']);
  });

  it('gives way to another candidate, and stays in the list', async () => {
    const port = linked();
    port.decide = vi.fn(() => Promise.resolve({ ordersCleared: 0, undoable: 1 }));
    const { state } = await review(port);
    await state.show('mapped');
    state.choose(77);
    await state.look();
    expect(state.inForce).toBe(false);
    await state.decide('accept');
    expect(port.decide).toHaveBeenCalledWith({ listing: 'L0', action: 'accept', variant: 77 });
    expect(keys(state)).toEqual(['L0', 'L1']);
  });
});

describe('a parent of variations', () => {
  it('is never decided about', async () => {
    const { listing } = pair(0);
    const port = new PairsInMemory(1, () => ({ listing: { ...listing, kind: 'parent' }, verdict: 'parent' }));
    const { state } = await review(port);
    for (const action of ['accept', 'reject', 'ignore'] as const) await state.decide(action);
    expect(port.decisions).toEqual([]);
  });
});

describe('a guarded pair', () => {
  it('asks once before it is accepted', async () => {
    const port = new PairsInMemory(2, (n) => ({ guarded: n === 0 }));
    const { state } = await review(port);
    await state.decide('accept');
    expect(state.asking?.listing.key).toBe('L0');
    expect(keys(state)).toHaveLength(2);
    await state.answer(false);
    expect(port.decisions).toEqual([]);
    await state.decide('accept');
    await state.answer(true);
    expect(port.decisions).toEqual([{ listing: 'L0', action: 'accept', variant: 0 }]);
  });

  it('is rejected without a question', async () => {
    const port = new PairsInMemory(1, () => ({ guarded: true }));
    const { state } = await review(port);
    await state.decide('reject');
    expect(state.asking).toBeNull();
    expect(port.decisions).toHaveLength(1);
  });
});

describe('undo', () => {
  it('puts the row back where it was and into focus', async () => {
    const { state, tell } = await review(new PairsInMemory(4));
    state.select(2);
    await state.decide('accept');
    state.select(0);
    await state.undo();
    expect(keys(state)).toEqual(['L0', 'L1', 'L2', 'L3']);
    expect(state.selected?.listing.key).toBe('L2');
    expect(state.counts?.decided).toBe(0);
    expect(tell.undone).toHaveBeenCalledWith(expect.objectContaining({ listing: 'L2', action: 'accept' }));
  });

  it('waits for the decision that is still being saved', async () => {
    const { state } = await review(new PairsInMemory(2));
    void state.decide('accept');
    await state.undo();
    expect(keys(state)).toEqual(['L0', 'L1']);
  });

  it('says so when there is nothing to take back, and when it fails', async () => {
    const port = new PairsInMemory(1);
    const { state, tell } = await review(port);
    await state.undo();
    expect(tell.undone).toHaveBeenCalledWith(null);
    port.undo = () => Promise.reject(new Error('locked'));
    await state.undo();
    expect(tell.notUndone).toHaveBeenCalledOnce();
  });
});

describe('a candidate', () => {
  it('that was chosen a moment ago is the one that is accepted', async () => {
    const port = new PairsInMemory(2);
    const { state } = await review(port);
    state.choose(77);
    void state.look();
    await state.decide('accept');
    expect(port.decisions).toEqual([{ listing: 'L0', action: 'accept', variant: 77 }]);
  });

  it('that could not be read is not accepted, nor is the one before it', async () => {
    const port = new PairsInMemory(1);
    const { state } = await review(port);
    port.detail = () => Promise.reject(new Error('gone'));
    state.choose(77);
    void state.look();
    await state.decide('accept');
    expect(port.decisions).toEqual([]);
    expect(state.detailError).toBeInstanceOf(Error);
  });

  it('is forgotten when the focus moves on', async () => {
    const { state } = await review(new PairsInMemory(2));
    state.choose(77);
    state.select(1);
    expect(state.chosen).toBeNull();
  });
});

describe('answers that come late', () => {
  it('to an older search are dropped', async () => {
    const port = new PairsInMemory(20);
    const { state } = await review(port);
    const slow = later<ReviewPage>();
    const quick = port.page.bind(port);
    port.page = () => slow.promise;
    const first = state.narrow({ storeText: 'Cup' });
    await vi.advanceTimersByTimeAsync(0);
    port.page = quick;
    await state.narrow({ storeText: 'Cup 7' });
    slow.answer({ total: 1, rows: [pair(99)] });
    await first;
    expect(keys(state)).toEqual(['L7']);
  });

  it('about a pair that is no longer in focus are dropped', async () => {
    const port = new PairsInMemory(2);
    const { state } = await review(port);
    const slow = later<PairDetail>();
    const quick = port.detail.bind(port);
    port.detail = () => slow.promise;
    const first = state.look();
    port.detail = quick;
    state.select(1);
    await state.look();
    slow.answer({ row: pair(0), fields: [], reasons: [], cautions: [], tier: null, measured: null, account: null, candidates: [], waitingOrders: 0 });
    await first;
    expect(state.detail?.row.listing.key).toBe('L1');
  });

  it('to a candidate search that was typed over are dropped', async () => {
    const port = new PairsInMemory(1);
    const { state } = await review(port);
    const slow = later<VariantCard[]>();
    port.search = () => slow.promise as Promise<never[]>;
    state.find.start();
    const first = state.find.type('c');
    port.search = () => Promise.resolve([]);
    await state.find.type('cu');
    const { variant } = pair(5);
    slow.answer(variant ? [variant] : []);
    await first;
    expect(state.find.found).toEqual([]);
    expect(state.find.answered).toBe('cu');
  });
});

describe('filters', () => {
  it('go into the question, start at the top and are cleared by another list', async () => {
    const port = new PairsInMemory(3);
    const { state } = await review(port);
    state.select(2);
    await state.narrow({ verdicts: ['likely'], guarded: true, scoreFrom: 6000, odooText: ' ab ' });
    expect(port.queries.at(-1)).toMatchObject({ verdicts: ['likely'], guarded: true, scoreFrom: 6000, scoreTo: null, odooText: 'ab' });
    expect(state.index).toBe(0);
    expect(state.narrowed).toBe(true);
    await state.show('mapped');
    expect(port.queries.at(-1)).toMatchObject({ tab: 'mapped', verdicts: [], guarded: false, scoreFrom: null, odooText: '' });
    expect(state.narrowed).toBe(false);
  });

  it('lead to a listing that another page asks for', async () => {
    const port = new PairsInMemory(30);
    const { state } = await review(port);
    expect(await state.open('L21')).toBe(true);
    expect(state.selected?.listing.key).toBe('L21');
    expect(state.filters.storeText).toBe('CUP-21');
  });
});

describe('a long list', () => {
  it('is read page by page, where it is looked at', async () => {
    const port = new PairsInMemory(1000);
    const { state } = await review(port);
    expect(state.list.total).toBe(1000);
    state.list.want(590, 611);
    await vi.advanceTimersByTimeAsync(0);
    expect(state.list.row(605)?.listing.key).toBe('L605');
    expect(state.list.row(300)).toBeUndefined();
    expect(port.queries.map((query) => query.offset)).toEqual([0, 540, 600]);
  });

  it('keeps every row in its place when a page and a decision cross', async () => {
    const port = new PairsInMemory(1000);
    const { state } = await review(port);
    state.list.want(190, 211);
    await Promise.all([state.decide('accept'), state.decide('accept')]);
    await vi.advanceTimersByTimeAsync(200);
    expect(keys(state).slice(195, 205)).toEqual(Array.from({ length: 10 }, (_, n) => `L${n + 197}`));
  });
});
